//! The exam room beside the answers: preferences, notes on the paper, earlier versions of prose.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::examinee::MAX_REVISION;
use super::{Answer, ListQuery};
use crate::desk::Page;
use crate::desk::examinee::Examinee;
use crate::domain::ids::AttemptId;
use crate::domain::refusal::Refusal;
use crate::domain::setup::{Notes, Preferences};
use crate::domain::timing::Instant;
use crate::web::body::Sent;

/// Notes as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotesBody {
    revision: i64,
    #[serde(default)]
    flagged: std::collections::BTreeSet<i64>,
    #[serde(default)]
    struck: std::collections::BTreeMap<i64, std::collections::BTreeSet<String>>,
    place: Option<i64>,
}

fn notes_json((revision, notes): (i64, Notes)) -> Value {
    json!({ "revision": revision, "flagged": notes.flagged, "struck": notes.struck, "place": notes.place })
}

/// `GET /preferences`
pub async fn preferences(me: Examinee) -> Answer {
    Ok(HttpResponse::Ok().json(me.preferences().await?))
}

/// `PUT /preferences`
pub async fn preferences_set(me: Examinee, sent: Sent<Preferences>) -> Answer {
    Ok(HttpResponse::Ok().json(me.preferences_set(sent.0).await?))
}

/// `GET /attempts/{id}/notes`
pub async fn notes(me: Examinee, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(notes_json(me.notes(&AttemptId(id.into_inner())).await?)))
}

/// `PUT /attempts/{id}/notes`
pub async fn notes_save(me: Examinee, id: Path<String>, sent: Sent<NotesBody>) -> Answer {
    let NotesBody { revision, flagged, struck, place } = sent.0;
    if !(0..=MAX_REVISION).contains(&revision) {
        return Err(Refusal::invalid("/revision", format!("between 0 and {MAX_REVISION}")).into());
    }
    let kept = me.notes_save(&AttemptId(id.into_inner()), revision, Notes { flagged, struck, place }).await?;
    Ok(HttpResponse::Ok().json(notes_json(kept)))
}

/// Prose that is being written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProseBody {
    position: i64,
    text: String,
}

/// `POST /attempts/{id}/screening`
pub async fn screening(me: Examinee, id: Path<String>, sent: Sent<ProseBody>) -> Answer {
    let ProseBody { position, text } = sent.0;
    let hints = me.hints(&AttemptId(id.into_inner()), position, text).await?;
    let findings: Vec<Value> =
        hints.iter().map(|h| json!({ "kind": h.kind, "passage": h.passage, "detail": h.detail })).collect();
    Ok(HttpResponse::Ok().json(json!({ "findings": findings })))
}

/// `GET /attempts/{id}/answers/{position}/history`
pub async fn history(me: Examinee, path: Path<(String, String)>, query: Query<ListQuery>) -> Answer {
    let (id, position) = path.into_inner();
    let position: i64 = position.parse().map_err(|_| Refusal::NoSuchPosition)?;
    let page = me.versions(&AttemptId(id), position, query.into_inner().range()?).await?;
    let items: Vec<Value> = page
        .items
        .iter()
        .map(|version| {
            json!({
                "revision": version.revision, "saved_at": Instant(version.saved_at).rfc3339(), "text": version.body,
                "words": version.body.split_whitespace().count(), "characters": version.body.chars().count(),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(Page { items, next: page.next }))
}
