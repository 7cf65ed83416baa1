//! Screening: what would tell who wrote a script, and what is decided about it.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::{Deserialize, Deserializer};

use super::{Answer, whole};
use crate::desk::coordinator::Coordinator;
use crate::desk::screening::FindingView;
use crate::domain::ids::{FindingId, ScriptId, SittingId};
use crate::domain::screening::FindingKind;
use crate::store::screening::Decision;
use crate::web::body::Sent;

/// What is decided; `null` takes a decision back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    #[serde(deserialize_with = "stated")]
    decision: Option<Decision>,
}

/// A decision that is there, even as `null`.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decision>, D::Error> {
    Option::deserialize(deserializer)
}

/// A passage that the screen missed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkBody {
    script: String,
    passage: String,
    kind: FindingKind,
}

/// `GET /sittings/{id}/screening`
pub async fn list(desk: Coordinator, id: Path<String>) -> Answer {
    let scripts = desk.screening(&SittingId(id.into_inner())).await?;
    let findings: Vec<FindingView> = scripts.into_iter().flat_map(|script| script.findings).collect();
    Ok(HttpResponse::Ok().json(whole(findings)))
}

/// `POST /sittings/{id}/screening`
pub async fn mark(desk: Coordinator, id: Path<String>, sent: Sent<MarkBody>) -> Answer {
    let MarkBody { script, passage, kind } = sent.0;
    let made = desk.screening_mark(&SittingId(id.into_inner()), &ScriptId(script), &passage, kind).await?;
    Ok(HttpResponse::Created().json(whole(made)))
}

/// `POST /screening/{id}`
pub async fn decide(desk: Coordinator, id: Path<String>, sent: Sent<DecisionBody>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.screening_decide(&FindingId(id.into_inner()), sent.0.decision).await?))
}
