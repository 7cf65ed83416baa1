//! Associations and their rules.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, whole};
use crate::desk::people::People;
use crate::desk::policies::{Rules, Version};
use crate::domain::ids::AssociationId;
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::web::body::Sent;

/// New rules: those that change, and from when on they hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyBody {
    effective_from: Option<String>,
    policy: Map<String, Value>,
}

fn version_json(version: &Version) -> Value {
    let from = version.effective_from.map(|at| Instant(at).rfc3339());
    json!({ "effective_from": from, "policy": version.policy })
}

fn rules_json(rules: &Rules) -> Value {
    let all = |versions: &[Version]| versions.iter().map(version_json).collect::<Vec<_>>();
    let mut body = version_json(&rules.in_force);
    body["association"] = json!(rules.association.id);
    body["coming"] = json!(all(&rules.coming));
    body["past"] = json!(all(&rules.past));
    body
}

/// `GET /associations`
pub async fn list(desk: People) -> Answer {
    let items = desk.ruled().await?;
    let items = items.iter().map(|a| json!({ "id": a.id, "slug": a.slug, "name": a.name, "time_zone": a.time_zone }));
    Ok(HttpResponse::Ok().json(whole(items.collect())))
}

/// `GET /associations/{id}/policy`
pub async fn show(desk: People, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(rules_json(&desk.rules(&AssociationId(id.into_inner())).await?)))
}

/// `PUT /associations/{id}/policy`
pub async fn set(desk: People, id: Path<String>, sent: Sent<PolicyBody>) -> Answer {
    let PolicyBody { effective_from, policy } = sent.0;
    let parse = |text: String| {
        Instant::parse(&text)
            .ok_or_else(|| Refusal::invalid("/effective_from", "an instant such as 2027-03-12T15:00:00.000Z"))
    };
    let from = effective_from.map(parse).transpose()?;
    let rules = desk.rules_set(&AssociationId(id.into_inner()), from, policy).await?;
    Ok(HttpResponse::Ok().json(rules_json(&rules)))
}
