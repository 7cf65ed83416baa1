//! Pages for everybody: the front door, signing in and out, the language, the assets.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use evenhand_templates::public::{SignInView, landing, sign_in as sign_in_view, sign_in_failed};
use evenhand_templates::{assets, urls};
use serde::Deserialize;

use crate::desk::door;
use crate::domain::refusal::Refusal;
use crate::store::Error;
use crate::web::Web;
use crate::web::actor::Caller;
use crate::web::api::Answer;
use crate::web::api::session::{address, session_seconds};
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::session::{cookie, cookie_gone, lasting_cookie, require_same_origin};
use crate::web::visitor::{LANGUAGE_COOKIE, Visitor, front_page, page, page_refused, see_other, stranger};

/// Where to go after signing in.
#[derive(Deserialize)]
pub struct Back {
    back: Option<String>,
}

/// The sign-in form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(rename = "code")]
    _code: Option<String>,
    back: Option<String>,
}

/// The language form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageForm {
    to: String,
    back: Option<String>,
}

/// A path of this site, and nothing that a browser would take for another.
fn local(path: Option<String>) -> Option<String> {
    path.filter(|p| p.starts_with('/') && !p.starts_with("//") && !p.contains(['\\', '\r', '\n', '\t']))
}

/// `GET /`
pub async fn home(request: HttpRequest, visitor: Option<Visitor>) -> Answer {
    Ok(match visitor {
        Some(visitor) => see_other(front_page(&visitor.authority)),
        None => page(landing(&stranger(&request))),
    })
}

/// `GET /sign-in`
pub async fn sign_in(request: HttpRequest, query: Query<Back>) -> Answer {
    let back = local(query.into_inner().back);
    let view = SignInView { email: String::new(), asks_code: false, back, wait_seconds: None, errors: Vec::new() };
    Ok(page(sign_in_view(&stranger(&request), &view)))
}

/// `POST /sign-in`
pub async fn sign_in_post(web: Data<Web>, request: HttpRequest, form: Form<SignInForm>) -> Answer {
    require_same_origin(&web, &request)?;
    let now = web.world.clock.now();
    let SignInForm { email, password, back, .. } = form.0;
    let asked = door::sign_in(&web.office, now, session_seconds(&web), &address(&request), &email, &password).await;
    let shell = stranger(&request);
    let mut view = SignInView { email, asks_code: false, back: local(back), wait_seconds: None, errors: Vec::new() };
    match asked {
        Ok(signed_in) => {
            let authority =
                crate::domain::rights::Authority { person: signed_in.person.clone(), roles: signed_in.roles.clone() };
            let token = web.tokens.issue(&signed_in, now)?;
            let to = view.back.unwrap_or_else(|| front_page(&authority).to_owned());
            let mut response = see_other(&to);
            response.add_cookie(&cookie(&web, token, signed_in.expires_at, now)).map_err(|_| AppError::NoRoute)?;
            Ok(response)
        }
        Err(Error::Refused(Refusal::TooManyAttempts { retry_after_seconds })) => {
            view.wait_seconds = Some(retry_after_seconds);
            let mut response = page_refused(sign_in_view(&shell, &view));
            *response.status_mut() = actix_web::http::StatusCode::TOO_MANY_REQUESTS;
            Ok(response)
        }
        Err(Error::Refused(Refusal::SignInFailed)) => {
            view.errors = vec![sign_in_failed(shell.words)];
            Ok(page_refused(sign_in_view(&shell, &view)))
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /sign-out`
pub async fn sign_out(caller: Caller, web: Data<Web>) -> Answer {
    door::sign_out(&web.office, caller.call.arrival, caller.bearer.session).await?;
    let mut response = see_other(urls::HOME);
    response.add_cookie(&cookie_gone(&web)).map_err(|_| AppError::NoRoute)?;
    Ok(response)
}

/// `POST /language`
pub async fn language(
    web: Data<Web>,
    request: HttpRequest,
    visitor: Option<Visitor>,
    form: Form<LanguageForm>,
) -> Answer {
    require_same_origin(&web, &request)?;
    let LanguageForm { to, back } = form.0;
    let locale = evenhand_templates::words::Locale::from_tag(&to).ok_or_else(|| Refusal::invalid("/to", "en or es"))?;
    if let Some(visitor) = visitor {
        visitor.examinee().locale_set(locale.tag()).await?;
    }
    let chosen = lasting_cookie(&web, LANGUAGE_COOKIE, locale.tag().to_owned());
    let mut response = see_other(&local(back).unwrap_or_else(|| urls::HOME.to_owned()));
    response.add_cookie(&chosen).map_err(|_| AppError::NoRoute)?;
    Ok(response)
}

/// `GET /static/{hash}/{name}`: under its content's hash an asset never changes.
pub async fn asset(path: Path<(String, String)>) -> Answer {
    let (hash, name) = path.into_inner();
    let asset = assets::find(&hash, &name).ok_or(AppError::NoRoute)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header(("cache-control", "public, max-age=31536000, immutable"))
        .body(asset.bytes))
}
