//! Health, time, and the interface's own description.

use std::sync::LazyLock;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::Answer;
use crate::desk::door::token_digest;
use crate::domain::refusal::Refusal;
use crate::web::Web;
use crate::web::error::AppError;

/// The interface as OpenAPI 3.1.
pub static OPENAPI: &str = include_str!("openapi.json");

/// The same, read.
pub static OPENAPI_DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(OPENAPI).unwrap_or_default());

/// `GET /healthz`: the process is alive.
pub async fn alive() -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "alive": true })))
}

/// `GET /readyz`: the database answers and takes what is to be stored; its tables were brought up to date before the
/// server listened.
pub async fn ready(web: Data<Web>) -> Answer {
    match web.office.store.ready().await {
        Ok(()) => Ok(HttpResponse::Ok().json(json!({ "ready": true }))),
        Err(_) => Ok(HttpResponse::ServiceUnavailable().json(json!({ "ready": false }))),
    }
}

/// `GET /metrics`, for whoever holds the operator's token; without one configured there is no such address.
pub async fn metrics(web: Data<Web>, request: HttpRequest) -> Answer {
    let wanted = web.config.operator.token.as_deref().ok_or(AppError::NoRoute)?;
    let header = request.headers().get("authorization").and_then(|v| v.to_str().ok()).unwrap_or("");
    // Compared as digests, so that the time taken tells nothing of the token.
    if token_digest(header.trim_start_matches("Bearer ").trim()) != token_digest(wanted) {
        return Err(Refusal::NotSignedIn.into());
    }
    let gauges = web.office.store.read(web.world.clock.now(), |tx| tx.gauges()).await?;
    let rows = [
        ("sessions", "Sessions that are alive", gauges.sessions),
        ("attempts_open", "Parts that run", gauges.attempts_open),
        ("attempts_overdue", "Parts whose time is up and that are not closed", gauges.attempts_overdue),
        ("messages_pending", "Messages that wait for delivery", gauges.messages_pending),
        ("readings_open", "Readings that are not sealed", gauges.readings_open),
        ("panels_due", "Panels that wait for the clerk", gauges.panels_due),
    ];
    let text: String = rows
        .iter()
        .map(|(name, help, value)| {
            format!("# HELP evenhand_{name} {help}.\n# TYPE evenhand_{name} gauge\nevenhand_{name} {value}\n")
        })
        .collect();
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}

/// `GET /api/v1/time`
pub async fn time(web: Data<Web>) -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "now": web.world.clock.now().rfc3339() })))
}

/// `GET /api/v1/openapi.json`
pub async fn openapi() -> Answer {
    Ok(HttpResponse::Ok().content_type("application/json").body(OPENAPI))
}
