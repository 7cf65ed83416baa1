//! What a request shows of Safe Exam Browser: its two headers, over the address that people use. That address is made from
//! the configured one, never from `Host`, which anybody may write.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::actor::web;
use super::error::AppError;
use crate::domain::safe_browser::Shown;

const CONFIG_KEY_HASH: &str = "x-safeexambrowser-configkeyhash";
const REQUEST_HASH: &str = "x-safeexambrowser-requesthash";
/// No hash is longer.
const MAX_HASH_BYTES: usize = 64;

impl FromRequest for Shown {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(web(request).map(|web| {
            let header = |name: &str| {
                let value = request.headers().get(name)?.to_str().ok()?.trim();
                (value.len() <= MAX_HASH_BYTES).then(|| value.to_owned())
            };
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            Self {
                url: format!("{}{path}", web.origin),
                config_hash: header(CONFIG_KEY_HASH),
                exam_hash: header(REQUEST_HASH),
                by_page: !path.starts_with("/api/"),
            }
        }))
    }
}
