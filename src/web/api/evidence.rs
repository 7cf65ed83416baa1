//! Late evidence: what came, and what becomes of it.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;

use super::{Answer, ListQuery, whole};
use crate::desk::coordinator::Coordinator;
use crate::desk::evidence::NewDecision;
use crate::desk::examinee::Examinee;
use crate::domain::evidence::Decision;
use crate::domain::ids::{AttemptId, SittingId};
use crate::web::body::Sent;

/// A decision as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    decision: Decision,
    reason: String,
    #[serde(default)]
    answers: Option<Vec<NamedAnswer>>,
}

/// A late answer by its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedAnswer {
    position: i64,
    revision: i64,
}

/// `GET /attempts/{id}/late`
pub async fn own(me: Examinee, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(whole(me.late(&AttemptId(id.into_inner())).await?)))
}

/// `GET /sittings/{id}/late`
pub async fn list(desk: Coordinator, id: Path<String>, query: Query<ListQuery>) -> Answer {
    let (_, page) = desk.late_work(&SittingId(id.into_inner()), query.into_inner().range()?).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// `POST /attempts/{id}/late/decision`
pub async fn decide(desk: Coordinator, id: Path<String>, sent: Sent<DecisionBody>) -> Answer {
    let DecisionBody { decision, reason, answers } = sent.0;
    let answers = answers.map(|named| named.into_iter().map(|a| (a.position, a.revision)).collect());
    let decided = desk.late_decide(&AttemptId(id.into_inner()), NewDecision { decision, reason, answers }).await?;
    Ok(HttpResponse::Ok().json(decided))
}
