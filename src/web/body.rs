//! Bodies: read whole, bounded in size and time, and refused with the name of the field that does not fit.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::error::AppError;
use crate::domain::hex::hex;
use crate::domain::refusal::Refusal;

/// The largest body of an ordinary call, in bytes.
pub const ORDINARY_BYTES: usize = 256 * 1024;
/// The largest body of a batch or an import, in bytes.
pub const LARGE_BYTES: usize = 8 * 1024 * 1024;
/// How long a body may take to arrive. The arrival of a call is stamped before its body is read; this bounds by how
/// much a slow sender can stretch it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a body whole.
///
/// # Errors
/// [`AppError::TooLarge`], [`AppError::TooSlow`], [`AppError::Malformed`] when the connection breaks.
pub async fn read_whole(payload: &mut Payload, most: usize) -> Result<Bytes, AppError> {
    let read = async {
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| AppError::Malformed("The body broke off.".into()))?;
            if body.len() + chunk.len() > most {
                return Err(AppError::TooLarge(most));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Bytes::from(body))
    };
    tokio::time::timeout(PATIENCE, read).await.unwrap_or(Err(AppError::TooSlow))
}

/// The digest of a request for its retry key, left in the request by [`note_retry`].
#[derive(Debug, Clone)]
pub struct RetryNote {
    /// The key that was sent.
    pub key: String,
    /// The digest of method, path, query and body.
    pub digest: String,
}

/// Takes note of a retry key: reads the body for its digest and puts it back.
///
/// # Errors
/// [`AppError::Malformed`] for a key that is none.
pub async fn note_retry(request: &mut actix_web::dev::ServiceRequest) -> Result<(), AppError> {
    let Some(key) = request.headers().get("idempotency-key") else { return Ok(()) };
    let key = key.to_str().ok().filter(|k| (1..=200).contains(&k.len())).map(str::to_owned);
    let key = key.ok_or_else(|| AppError::Malformed("Idempotency-Key takes 1 to 200 visible characters.".into()))?;
    let body = read_whole(&mut request.take_payload(), LARGE_BYTES).await?;
    let mut hash = Sha256::new();
    hash.update(format!("{} {}\n", request.method(), request.uri()));
    hash.update(&body);
    request.set_payload(Payload::from(body));
    request.extensions_mut().insert(RetryNote { key, digest: hex(&hash.finalize()) });
    Ok(())
}

/// A JSON body of at most `MOST` bytes.
pub struct Sent<T, const MOST: usize = ORDINARY_BYTES>(pub T);

impl<T: DeserializeOwned + 'static, const MOST: usize> FromRequest for Sent<T, MOST> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_type(request, "application/json");
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_json {
                return Err(AppError::MediaType("application/json"));
            }
            parse(&read_whole(&mut payload, MOST).await?).map(Self)
        })
    }
}

/// A JSON body where there may be none. One that is there must fit like any other.
pub struct MaybeSent<T>(pub Option<T>);

impl<T: DeserializeOwned + 'static> FromRequest for MaybeSent<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_type(request, "application/json");
        let mut payload = payload.take();
        Box::pin(async move {
            let body = read_whole(&mut payload, ORDINARY_BYTES).await?;
            match (body.is_empty(), is_json) {
                (true, _) => Ok(Self(None)),
                (false, false) => Err(AppError::MediaType("application/json")),
                (false, true) => parse(&body).map(Some).map(Self),
            }
        })
    }
}

/// A form as browsers send it.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = is_type(request, "application/x-www-form-urlencoded");
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_form {
                return Err(AppError::MediaType("application/x-www-form-urlencoded"));
            }
            let body = read_whole(&mut payload, LARGE_BYTES).await?;
            if body.contains(&0) || body.windows(3).any(|w| w == b"%00") {
                return Err(AppError::Malformed(NO_NUL.into()));
            }
            serde_urlencoded::from_bytes(&body)
                .map(Self)
                .map_err(|e| AppError::Malformed(format!("The form does not fit: {e}.")))
        })
    }
}

/// A text body of the named media type.
///
/// # Errors
/// As [`read_whole`]; [`AppError::MediaType`]; [`AppError::Malformed`] when it is not UTF-8.
pub async fn text(request: &HttpRequest, payload: &mut Payload, media_type: &'static str) -> Result<String, AppError> {
    if !is_type(request, media_type) {
        return Err(AppError::MediaType(media_type));
    }
    let body = read_whole(payload, LARGE_BYTES).await?;
    if body.contains(&0) {
        return Err(AppError::Malformed(NO_NUL.into()));
    }
    String::from_utf8(body.to_vec()).map_err(|_| AppError::Malformed("The body is not UTF-8.".into()))
}

fn is_type(request: &HttpRequest, wanted: &str) -> bool {
    let sent = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    sent.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case(wanted)
}

/// Reads JSON, naming the place of what does not fit.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let pointer = pointer_of(error.path());
        let inner = error.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => Refusal::invalid(pointer, sentence(&inner)).into(),
            _ => AppError::Malformed(format!("The body is not JSON: {inner}.")),
        }
    })?;
    deserializer.end().map_err(|e| AppError::Malformed(format!("The body is not JSON: {e}.")))?;
    // Only what looks like one is read a second time.
    if body.windows(6).any(|w| w == b"\\u0000") {
        let again = serde_json::from_slice(body).map_err(|e| AppError::Malformed(e.to_string()))?;
        if let Some(pointer) = nul_in(&again) {
            return Err(Refusal::invalid(pointer, NO_NUL).into());
        }
    }
    Ok(value)
}

/// The character NUL is text, and yet no database server keeps it: it ends at the edge.
const NO_NUL: &str = "A text cannot hold the character NUL.";

/// Where a text holds a NUL, if one does.
fn nul_in(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => items.iter().enumerate().find_map(|(i, inner)| Some(format!("/{i}{}", nul_in(inner)?))),
        Value::Object(fields) => fields.iter().find_map(|(name, inner)| {
            if name.contains('\0') { Some(String::new()) } else { Some(format!("/{name}{}", nul_in(inner)?)) }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// serde's own words without the line and column, which the pointer tells better.
fn sentence(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only its type matters here")]
        rows: Vec<Row>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[expect(dead_code, reason = "only its type matters here")]
        revision: i64,
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let cases = [
            (r#"{"rows":[{"revision":1}]}"#, None),
            (r#"{"rows":[{"revision":1},{"revision":"x"}]}"#, Some("/rows/1/revision")),
            (r#"{"rows":[{}]}"#, Some("/rows/0")),
            (r#"{"rows":[],"more":1}"#, Some("/more")),
            (r#"{"rows":[{"revision":99999999999999999999}]}"#, Some("/rows/0/revision")),
        ];
        for (text, expected) in cases {
            match (parse::<Body>(text.as_bytes()), expected) {
                (Ok(_), None) => {}
                (Err(AppError::Refused(Refusal::Invalid(problems))), Some(pointer)) => {
                    assert_eq!(problems[0].pointer, pointer, "{text}");
                }
                (other, _) => panic!("{text}: {other:?}"),
            }
        }
        for (text, pointer) in [
            (r#"{"rows":[{"revision":1,"note":"a\u0000"}]}"#, Some("/rows/0/note")),
            (r#"{"rows":[{"revision":1,"note":"\\u0000"}]}"#, None),
        ] {
            let Err(AppError::Refused(Refusal::Invalid(problems))) = parse::<serde_json::Value>(text.as_bytes()) else {
                assert_eq!(pointer, None, "{text}");
                continue;
            };
            assert_eq!(Some(problems[0].pointer.as_str()), pointer, "{text}");
        }
        for text in ["", "{", r#"{"rows":[]} x"#, "\u{0}", r#"{"rows":[}"#] {
            assert!(matches!(parse::<Body>(text.as_bytes()), Err(AppError::Malformed(_))), "{text}");
        }
    }
}
