//! Sessions at the edge: tokens, the cookie, and where a request may come from.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HOST, ORIGIN};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::Web;
use crate::desk::door::SignedIn;
use crate::domain::ids::{PersonId, SessionId};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::store::Fault;

const AUDIENCE: &str = "evenhand";
const COOKIE: &str = "evenhand_session";
/// With this prefix a browser takes the cookie over TLS alone, for this very host alone.
const COOKIE_SECURE: &str = "__Host-evenhand_session";

/// What a token says. Nothing in it is believed beyond its expiry: the session it names is looked up by every desk.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
}

/// Makes and reads tokens, with one pinned algorithm.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

/// A token that was read.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The session it names.
    pub session: SessionId,
    /// Whose.
    pub person: PersonId,
}

impl Tokens {
    /// With that key.
    pub fn new(key: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        // The library would ask the machine's clock; ours is asked below.
        validation.validate_exp = false;
        Self { encoding: EncodingKey::from_secret(key), decoding: DecodingKey::from_secret(key), validation }
    }

    /// The token of a session that has begun.
    ///
    /// # Errors
    /// A fault of the library.
    pub fn issue(&self, of: &SignedIn, now: Instant) -> Result<String, Fault> {
        let claims = Claims {
            aud: AUDIENCE.to_owned(),
            sub: of.person.0.clone(),
            sid: of.session.0.clone(),
            iat: now.0.div_euclid(1000),
            exp: of.expires_at.0.div_euclid(1000),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|_| Fault::Outside("a token could not be signed".into()))
    }

    /// Reads a token.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`] for one that is not ours, not whole, or expired.
    pub fn read(&self, token: &str, now: Instant) -> Result<Bearer, Refusal> {
        let claims =
            decode::<Claims>(token, &self.decoding, &self.validation).map_err(|_| Refusal::NotSignedIn)?.claims;
        if now.0.div_euclid(1000) >= claims.exp {
            return Err(Refusal::NotSignedIn);
        }
        Ok(Bearer { session: SessionId(claims.sid), person: PersonId(claims.sub) })
    }
}

fn cookie_name(web: &Web) -> &'static str {
    if web.secure_cookies { COOKIE_SECURE } else { COOKIE }
}

/// The cookie that carries a token until the session ends.
pub fn cookie(web: &Web, token: String, expires_at: Instant, now: Instant) -> Cookie<'static> {
    let seconds = expires_at.seconds_since(now);
    Cookie::build(cookie_name(web), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(web.secure_cookies)
        .max_age(actix_web::cookie::time::Duration::seconds(seconds))
        .finish()
}

/// The cookie that takes the other away, at once: its age is nought.
pub fn cookie_gone(web: &Web) -> Cookie<'static> {
    cookie(web, String::new(), Instant(0), Instant(0))
}

/// How long a browser remembers what it was told to: as long as any does.
const LASTING_DAYS: i64 = 400;

/// A cookie in which a browser remembers something of its own. How long is told as an age alone: a date would come from
/// the machine's clock.
pub fn lasting_cookie(web: &Web, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(web.secure_cookies)
        .max_age(actix_web::cookie::time::Duration::days(LASTING_DAYS))
        .finish()
}

/// Who a request comes from, by its `Authorization` header or else its cookie.
///
/// # Errors
/// [`Refusal::NotSignedIn`]; [`Refusal::OriginRefused`] for an unsafe call by cookie from another site.
pub fn bearer(web: &Web, request: &HttpRequest, now: Instant) -> Result<Bearer, Refusal> {
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let token = header.to_str().ok().and_then(|h| {
            let (scheme, token) = h.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
        });
        return web.tokens.read(token.ok_or(Refusal::NotSignedIn)?, now);
    }
    let cookie = request.cookie(cookie_name(web)).ok_or(Refusal::NotSignedIn)?;
    let bearer = web.tokens.read(cookie.value(), now)?;
    if !is_safe(request.method()) {
        require_same_origin(web, request)?;
    }
    Ok(bearer)
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what another site's page sends.
///
/// # Errors
/// [`Refusal::OriginRefused`].
pub fn require_same_origin(web: &Web, request: &HttpRequest) -> Result<(), Refusal> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let same = match (header("sec-fetch-site"), header(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let authority = origin.split_once("://").map(|(_, authority)| authority);
            origin == web.origin || (authority.is_some() && authority == header(HOST.as_str()))
        }
        (None, None) => false,
    };
    if same { Ok(()) } else { Err(Refusal::OriginRefused) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed_in() -> SignedIn {
        SignedIn {
            session: SessionId("s".into()),
            expires_at: Instant(60_000),
            person: PersonId("p".into()),
            name: "n".into(),
            locale: "en".into(),
            roles: Vec::new(),
        }
    }

    #[test]
    fn tokens_are_ours_whole_and_of_today() {
        let (ours, theirs) = (Tokens::new(&[1; 32]), Tokens::new(&[2; 32]));
        let token = ours.issue(&signed_in(), Instant(0)).unwrap();
        assert_eq!(ours.read(&token, Instant(59_999)).unwrap().session.0, "s");
        assert!(ours.read(&token, Instant(60_000)).is_err());
        assert!(theirs.read(&token, Instant(1)).is_err());
        assert!(ours.read(&token[..token.len() - 1], Instant(1)).is_err());
    }

    #[test]
    fn no_other_algorithm_or_audience_is_taken() {
        let ours = Tokens::new(&[1; 32]);
        let key = EncodingKey::from_secret(&[1; 32]);
        let claims = |aud: &str| Claims { aud: aud.into(), sub: "p".into(), sid: "s".into(), iat: 0, exp: 60 };
        let forged = |algorithm, aud| encode(&Header::new(algorithm), &claims(aud), &key).unwrap();
        assert!(ours.read(&forged(Algorithm::HS256, AUDIENCE), Instant(1)).is_ok());
        assert!(ours.read(&forged(Algorithm::HS384, AUDIENCE), Instant(1)).is_err());
        assert!(ours.read(&forged(Algorithm::HS256, "elsewhere"), Instant(1)).is_err());
        // {"alg":"none"} with our claims and no signature.
        let token = forged(Algorithm::HS256, AUDIENCE);
        let claims = token.split('.').nth(1).unwrap();
        assert!(ours.read(&format!("eyJhbGciOiJub25lIn0.{claims}."), Instant(1)).is_err());
    }
}
