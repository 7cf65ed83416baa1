//! What people tell about themselves so that scripts go to the right readers. The reviewer's part knows the blind desk
//! alone.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, whole};
use crate::desk::coordinator::Coordinator;
use crate::desk::examinee::Examinee;
use crate::desk::people::People;
use crate::desk::reviewer::Reviewer;
use crate::desk::reviewer::profile::ProfileChange;
use crate::domain::conflict::Named;
use crate::domain::ids::{PersonId, SittingId};
use crate::web::body::Sent;

/// Whom somebody knows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnowsBody {
    knows: Vec<Named>,
}

/// A conflict that a coordinator enters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConflictBody {
    person: String,
    reason: String,
}

/// Why a conflict is lifted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftBody {
    reason: String,
}

/// Whose scripts go to others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReallocationBody {
    reviewer: String,
    #[serde(default)]
    drafts: bool,
}

/// `GET /reviewer/profile`
pub async fn profile(me: Reviewer) -> Answer {
    Ok(HttpResponse::Ok().json(me.profile().await?))
}

/// `PUT /reviewer/profile`
pub async fn profile_change(me: Reviewer, sent: Sent<ProfileChange>) -> Answer {
    Ok(HttpResponse::Ok().json(me.profile_set(sent.0).await?))
}

/// `GET /acquaintances`
pub async fn acquaintances(me: Examinee) -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "knows": me.acquaintances().await? })))
}

/// `PUT /acquaintances`
pub async fn acquaintances_change(me: Examinee, sent: Sent<KnowsBody>) -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "knows": me.acquaintances_set(sent.0.knows).await? })))
}

/// `PUT /people/{id}/reviewer`
pub async fn reviewer_change(desk: People, id: Path<String>, sent: Sent<ProfileChange>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.reviewer_set(&PersonId(id.into_inner()), sent.0).await?))
}

/// `GET /people/{id}/conflicts`
pub async fn conflicts(desk: People, id: Path<String>) -> Answer {
    let found = desk.conflicts(&PersonId(id.into_inner())).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": found.items, "declared": found.declared, "next": null })))
}

/// `POST /people/{id}/conflicts`
pub async fn conflict_enter(desk: People, id: Path<String>, sent: Sent<ConflictBody>) -> Answer {
    let ConflictBody { person, reason } = sent.0;
    desk.conflict_enter(&PersonId(id.into_inner()), &PersonId(person), reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /people/{id}/conflicts/{other}/lift`
pub async fn conflict_lift(desk: People, ids: Path<(String, String)>, sent: Sent<LiftBody>) -> Answer {
    let (id, other) = ids.into_inner();
    desk.conflict_lift(&PersonId(id), &PersonId(other), sent.0.reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /sittings/{id}/workload`
pub async fn workload(desk: Coordinator, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(whole(desk.workload(&SittingId(id.into_inner())).await?)))
}

/// `POST /sittings/{id}/reallocation`
pub async fn reallocate(desk: Coordinator, id: Path<String>, sent: Sent<ReallocationBody>) -> Answer {
    let ReallocationBody { reviewer, drafts } = sent.0;
    let done = desk.reallocate(&SittingId(id.into_inner()), &PersonId(reviewer), drafts).await?;
    Ok(HttpResponse::Ok().json(done))
}
