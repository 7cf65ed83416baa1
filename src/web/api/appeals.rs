//! Appeals: one's own, and those that a coordinator decides.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;

use super::{Answer, ListQuery, whole};
use crate::desk::appeals::NewDecision;
use crate::desk::coordinator::Coordinator;
use crate::desk::examinee::Examinee;
use crate::domain::appeal::{AppealDecision, Ground};
use crate::domain::ids::{AppealId, RegistrationId, SittingId};
use crate::web::body::Sent;

/// An appeal as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealBody {
    ground: Ground,
    statement: String,
}

/// A decision as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    decision: AppealDecision,
    #[serde(default)]
    positions: Option<Vec<i64>>,
    reason: String,
}

/// `POST /registrations/{id}/appeal`
pub async fn make(me: Examinee, id: Path<String>, sent: Sent<AppealBody>) -> Answer {
    let AppealBody { ground, statement } = sent.0;
    Ok(HttpResponse::Created().json(me.appeal_make(&RegistrationId(id.into_inner()), ground, statement).await?))
}

/// `GET /appeals`
pub async fn own(me: Examinee) -> Answer {
    Ok(HttpResponse::Ok().json(whole(me.appeals().await?)))
}

/// `DELETE /appeals/{id}`
pub async fn withdraw(me: Examinee, id: Path<String>) -> Answer {
    me.appeal_withdraw(&AppealId(id.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /sittings/{id}/appeals`
pub async fn list(desk: Coordinator, id: Path<String>, query: Query<ListQuery>) -> Answer {
    let page = desk.appeals(&SittingId(id.into_inner()), query.into_inner().range()?).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// `GET /appeals/{id}`
pub async fn show(desk: Coordinator, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.appeal(&AppealId(id.into_inner())).await?))
}

/// `POST /appeals/{id}/decision`
pub async fn decide(desk: Coordinator, id: Path<String>, sent: Sent<DecisionBody>) -> Answer {
    let DecisionBody { decision, positions, reason } = sent.0;
    let new = NewDecision { decision, positions, reason };
    Ok(HttpResponse::Ok().json(desk.appeal_decide(&AppealId(id.into_inner()), new).await?))
}
