//! Health, time, and the interface's own description.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::{Value, json};

use super::Answer;
use crate::web::Web;

/// The interface as OpenAPI 3.1.
pub static OPENAPI: &str = include_str!("openapi.json");

/// The same, read.
pub static OPENAPI_DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(OPENAPI).unwrap_or_default());

/// `GET /healthz`: the process is alive.
pub async fn alive() -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "alive": true })))
}

/// `GET /readyz`: the database answers; its tables were brought up to date before the server listened.
pub async fn ready(web: Data<Web>) -> Answer {
    match web.office.store.ping().await {
        Ok(()) => Ok(HttpResponse::Ok().json(json!({ "ready": true }))),
        Err(_) => Ok(HttpResponse::ServiceUnavailable().json(json!({ "ready": false }))),
    }
}

/// `GET /api/v1/time`
pub async fn time(web: Data<Web>) -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "now": web.world.clock.now().rfc3339() })))
}

/// `GET /api/v1/openapi.json`
pub async fn openapi() -> Answer {
    Ok(HttpResponse::Ok().content_type("application/json").body(OPENAPI))
}
