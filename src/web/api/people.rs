//! People, authorisations and arrangements.

use actix_web::web::{Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::accommodations::confirmed_json;
use super::{Answer, DryRun, ListQuery};
use crate::desk::Page;
use crate::desk::people::{NewPerson, People, PersonFile, PersonView, RecordChange};
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::record::Fact;
use crate::domain::vocabulary::{Role, Strand};
use crate::web::body::{Sent, text};

/// Somebody to be added.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    name: String,
    email: String,
    roles: Vec<RoleBody>,
    employer: Option<String>,
    locale: Option<String>,
    #[serde(default)]
    facts: Vec<Fact>,
    #[serde(default)]
    strands: Vec<Strand>,
}

/// What of a person's record changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordBody {
    #[serde(default, deserialize_with = "stated")]
    employer: Option<Option<String>>,
    facts: Option<Vec<Fact>>,
}

/// Tells `null` from a field that is left out.
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Ok(Some(Option::deserialize(deserializer)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleBody {
    role: Role,
    association: String,
}

fn person_json(view: &PersonView) -> Value {
    let person = &view.person;
    let roles: Vec<Value> =
        view.roles.iter().map(|(role, place)| json!({ "role": role, "association": place })).collect();
    json!({
        "id": person.id, "name": person.name, "email": person.email, "employer": person.employer,
        "locale": person.locale, "roles": roles, "active": view.active,
    })
}

/// `POST /people`
pub async fn add(desk: People, sent: Sent<PersonBody>) -> Answer {
    let PersonBody { name, email, roles, employer, locale, facts, strands } = sent.0;
    let roles = roles.into_iter().map(|r| (r.role, AssociationId(r.association))).collect();
    let locale = locale.unwrap_or_else(|| "en".into());
    let view = desk.add(NewPerson { name, email, employer, facts, locale, roles, strands }).await?;
    Ok(HttpResponse::Created().json(person_json(&view)))
}

/// `GET /people`
pub async fn list(desk: People, query: Query<ListQuery>) -> Answer {
    let page = desk.list(query.into_inner().range()?).await?;
    let items: Vec<Value> = page.items.iter().map(person_json).collect();
    Ok(HttpResponse::Ok().json(Page { items, next: page.next }))
}

/// `GET /people/{id}`
pub async fn show(desk: People, id: Path<String>) -> Answer {
    let file = desk.file(&PersonId(id.into_inner())).await?;
    Ok(HttpResponse::Ok().json(file_json(file)))
}

/// `PATCH /people/{id}`
pub async fn change(desk: People, id: Path<String>, sent: Sent<RecordBody>) -> Answer {
    let id = PersonId(id.into_inner());
    let RecordBody { employer, facts } = sent.0;
    desk.record_set(&id, RecordChange { employer, facts }).await?;
    Ok(HttpResponse::Ok().json(file_json(desk.file(&id).await?)))
}

fn file_json(file: PersonFile) -> Value {
    let mut body = person_json(&file.view);
    body["facts"] = json!(file.facts);
    body["authorisations"] = file
        .authorisations
        .iter()
        .map(|a| {
            json!({
                "id": a.id, "track": a.track, "category": a.category, "reference": a.reference,
                "valid_from": a.valid_from, "valid_until": a.valid_until, "association": a.association_id,
            })
        })
        .collect();
    body["registrations"] = file
        .registrations
        .iter()
        .map(|(r, s, _)| json!({ "id": r.id, "sitting": s.id, "title": s.terms.title, "track": r.track, "category": r.category }))
        .collect();
    body["reviewer"] = json!(file.reviewer);
    body["accommodation"] =
        file.accommodation.map_or(Value::Null, |(row, approver)| confirmed_json(&row, Some(&approver)));
    body
}

/// `POST /authorisations/import`
pub async fn import(desk: People, request: HttpRequest, query: Query<DryRun>, payload: Payload) -> Answer {
    let csv = text(&request, &mut payload.into_inner(), "text/csv").await?;
    let DryRun { dry_run, association } = query.into_inner();
    let report = desk.authorisations_import(association.map(AssociationId), csv, dry_run).await?;
    Ok(HttpResponse::Ok().json(json!({ "accepted": report.accepted, "rejected": report.rejected })))
}
