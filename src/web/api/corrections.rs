//! Corrections of sealed reviews, for who decides them.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Deserialize;

use super::{Answer, whole};
use crate::desk::coordinator::Coordinator;
use crate::domain::correction::CorrectionDecision;
use crate::domain::ids::{CorrectionId, SittingId};
use crate::web::body::Sent;

/// A decision as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    decision: CorrectionDecision,
    reason: String,
}

/// `GET /sittings/{id}/corrections`
pub async fn list(desk: Coordinator, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(whole(desk.corrections(&SittingId(id.into_inner())).await?)))
}

/// `POST /corrections/{id}/decision`
pub async fn decide(desk: Coordinator, id: Path<String>, sent: Sent<DecisionBody>) -> Answer {
    let DecisionBody { decision, reason } = sent.0;
    Ok(HttpResponse::Ok().json(desk.correction_decide(&CorrectionId(id.into_inner()), decision, reason).await?))
}
