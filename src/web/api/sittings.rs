//! Sittings, seats, time, marking and release.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Answer, DryRun, ListQuery, whole};
use crate::desk::Page;
use crate::desk::coordinator::{Coordinator, SittingSummary};
use crate::desk::forms::NamedForms;
use crate::desk::proctor::{IncidentFile, NewIncident, Proctor};
use crate::desk::release::{Letter, Prepared};
use crate::domain::ids::{AssociationId, AttemptId, PersonId, RegistrationId, ReleaseId, SittingId};
use crate::domain::incident::IncidentKind;
use crate::domain::outage::OutageDecision;
use crate::domain::refusal::Refusal;
use crate::domain::safe_browser::Requirement;
use crate::domain::safe_browser::configuration::own_config_key;
use crate::domain::sitting::Terms;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Category, SittingKind, Strand, Track};
use crate::store::attempts::Credit;
use crate::store::people::Person;
use crate::web::Web;
use crate::web::body::{MaybeSent, Sent};
use crate::web::error::AppError;

/// Part One's terms as sent; what is left out is the usual (domain.md, The exam).
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PartOne {
    allowance_seconds: i64,
    items: i64,
    pass_percent: i64,
}

impl Default for PartOne {
    fn default() -> Self {
        Self { allowance_seconds: 5400, items: 60, pass_percent: 80 }
    }
}

/// Part Two's terms as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PartTwo {
    allowance_seconds: i64,
    vignettes: i64,
    answer: i64,
}

impl Default for PartTwo {
    fn default() -> Self {
        Self { allowance_seconds: 5400, vignettes: 2, answer: 2 }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parts {
    one: PartOne,
    two: PartTwo,
}

/// A sitting to be created.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SittingBody {
    association: String,
    title: String,
    kind: SittingKind,
    opens_at: String,
    closes_at: String,
    time_zone: String,
    capacity: i64,
    #[serde(default)]
    parts: Parts,
    #[serde(default)]
    forms: Option<FormsBody>,
    #[serde(default, deserialize_with = "browser")]
    safe_exam_browser: Option<Requirement>,
}

/// Forms by name: ids of items by track, of vignettes by strand.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FormsBody {
    one: BTreeMap<Track, Vec<String>>,
    two: BTreeMap<Strand, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PartOneChange {
    allowance_seconds: Option<i64>,
    items: Option<i64>,
    pass_percent: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PartTwoChange {
    allowance_seconds: Option<i64>,
    vignettes: Option<i64>,
    answer: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PartsChange {
    one: PartOneChange,
    two: PartTwoChange,
}

/// What of a sitting changes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SittingChange {
    title: Option<String>,
    kind: Option<SittingKind>,
    opens_at: Option<String>,
    closes_at: Option<String>,
    time_zone: Option<String>,
    capacity: Option<i64>,
    #[serde(default)]
    parts: PartsChange,
    /// `null` asks for it no more; what is left out stays.
    #[serde(default, deserialize_with = "browser_change")]
    safe_exam_browser: Option<Option<Requirement>>,
}

/// Who gets a seat, for what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationBody {
    person: String,
    track: Track,
    category: Category,
}

/// Time that is granted, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditBody {
    seconds: i64,
    reason: String,
}

/// Whether somebody comes late, and why they are let in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmissionBody {
    late_reason: Option<String>,
}

/// What happened.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentBody {
    registration: Option<String>,
    kind: String,
    note: String,
}

/// A message, to one or to everybody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageBody {
    text: String,
    registration: Option<String>,
}

/// What becomes of what an outage proposes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutageBody {
    decision: OutageDecision,
}

/// How an incident was dealt with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolutionBody {
    #[serde(default)]
    note: String,
}

/// Which incidents are wanted.
#[derive(Deserialize)]
pub struct IncidentQuery {
    kind: Option<IncidentKind>,
    open: Option<bool>,
}

/// Whose results; all that are complete, when nobody is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseBody {
    registrations: Option<Vec<String>>,
}

/// Why something is done.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    reason: String,
}

/// What is asked of the browser. An object alone: an empty list, which serde would take for one, is more likely meant to
/// ask for nothing.
fn browser<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Requirement>, D::Error> {
    let sent = Option::<serde_json::Map<String, Value>>::deserialize(deserializer)?;
    sent.map(|fields| serde_json::from_value(Value::Object(fields)).map_err(serde::de::Error::custom)).transpose()
}

/// The same, where `null` is told from what is missing.
fn browser_change<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Requirement>>, D::Error> {
    browser(deserializer).map(Some)
}

fn instant(pointer: &str, text: &str) -> Result<Instant, AppError> {
    Instant::parse(text).ok_or_else(|| Refusal::invalid(pointer, "an instant such as 2027-03-12T15:00:00.000Z").into())
}

fn sitting_json(summary: &SittingSummary, origin: &str) -> Value {
    let own_key = summary.browser.as_ref().map(|_| own_config_key(origin, &summary.sitting.id));
    let (sitting, terms) = (&summary.sitting, &summary.sitting.terms);
    json!({
        "id": sitting.id,
        "association": sitting.association,
        "title": terms.title,
        "kind": terms.kind,
        "opens_at": terms.opens_at.rfc3339(),
        "closes_at": terms.closes_at.rfc3339(),
        "time_zone": terms.time_zone,
        "capacity": terms.capacity,
        "registered": summary.taken,
        "parts": {
            "one": {
                "allowance_seconds": terms.one_allowance_seconds, "items": terms.one_items,
                "pass_percent": terms.one_pass_percent,
            },
            "two": {
                "allowance_seconds": terms.two_allowance_seconds, "vignettes": terms.two_vignettes,
                "answer": terms.two_answer,
            },
        },
        "safe_exam_browser": summary.browser,
        "safe_exam_browser_config_key": own_key,
    })
}

/// `POST /sittings`
pub async fn add(desk: Coordinator, web: Data<Web>, sent: Sent<SittingBody>) -> Answer {
    let SittingBody {
        association,
        title,
        kind,
        opens_at,
        closes_at,
        time_zone,
        capacity,
        parts,
        forms,
        safe_exam_browser,
    } = sent.0;
    let terms = Terms {
        title,
        kind,
        opens_at: instant("/opens_at", &opens_at)?,
        closes_at: instant("/closes_at", &closes_at)?,
        time_zone,
        capacity,
        one_allowance_seconds: parts.one.allowance_seconds,
        one_items: parts.one.items,
        one_pass_percent: parts.one.pass_percent,
        two_allowance_seconds: parts.two.allowance_seconds,
        two_vignettes: parts.two.vignettes,
        two_answer: parts.two.answer,
    };
    let forms = forms.unwrap_or_default();
    let named = NamedForms { one: forms.one, two: forms.two };
    let summary = desk.sitting_add(AssociationId(association), terms, named, safe_exam_browser).await?;
    Ok(HttpResponse::Created().json(sitting_json(&summary, &web.origin)))
}

/// `GET /sittings`
pub async fn list(desk: Coordinator, web: Data<Web>, query: Query<ListQuery>) -> Answer {
    let page = desk.sittings(query.into_inner().range()?).await?;
    let items: Vec<Value> = page.items.iter().map(|summary| sitting_json(summary, &web.origin)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next: page.next }))
}

/// `GET /sittings/{id}`
pub async fn show(desk: Coordinator, web: Data<Web>, id: Path<String>) -> Answer {
    let summary = desk.sitting(&SittingId(id.into_inner())).await?;
    Ok(HttpResponse::Ok().json(sitting_json(&summary, &web.origin)))
}

/// `PATCH /sittings/{id}`
pub async fn change(desk: Coordinator, web: Data<Web>, id: Path<String>, sent: Sent<SittingChange>) -> Answer {
    let mut sent = sent.0;
    let browser = sent.safe_exam_browser.take();
    let opens_at = sent.opens_at.as_deref().map(|t| instant("/opens_at", t)).transpose()?;
    let closes_at = sent.closes_at.as_deref().map(|t| instant("/closes_at", t)).transpose()?;
    let change = move |terms: &mut Terms| {
        fn set<T: Clone>(field: &mut T, new: &Option<T>) {
            if let Some(new) = new {
                field.clone_from(new);
            }
        }
        set(&mut terms.title, &sent.title);
        set(&mut terms.kind, &sent.kind);
        set(&mut terms.opens_at, &opens_at);
        set(&mut terms.closes_at, &closes_at);
        set(&mut terms.time_zone, &sent.time_zone);
        set(&mut terms.capacity, &sent.capacity);
        set(&mut terms.one_allowance_seconds, &sent.parts.one.allowance_seconds);
        set(&mut terms.one_items, &sent.parts.one.items);
        set(&mut terms.one_pass_percent, &sent.parts.one.pass_percent);
        set(&mut terms.two_allowance_seconds, &sent.parts.two.allowance_seconds);
        set(&mut terms.two_vignettes, &sent.parts.two.vignettes);
        set(&mut terms.two_answer, &sent.parts.two.answer);
    };
    let summary = desk.sitting_change(&SittingId(id.into_inner()), change, browser).await?;
    Ok(HttpResponse::Ok().json(sitting_json(&summary, &web.origin)))
}

/// `POST /sittings/{id}/registrations`
pub async fn register(desk: Coordinator, id: Path<String>, sent: Sent<RegistrationBody>) -> Answer {
    let RegistrationBody { person, track, category } = sent.0;
    let seat = desk.register(&SittingId(id.into_inner()), &PersonId(person), track, category).await?;
    Ok(HttpResponse::Created().json(json!({
        "id": seat.id, "sitting": seat.sitting, "person": seat.person, "track": seat.track,
        "category": seat.category, "strand": seat.strand,
    })))
}

/// `GET /sittings/{id}/registrations`
pub async fn registrations(desk: Coordinator, id: Path<String>) -> Answer {
    let seats = desk.seats(&SittingId(id.into_inner())).await?;
    let items: Vec<Value> = seats
        .into_iter()
        .map(|seat| {
            json!({
                "id": seat.registration.id,
                "person": { "id": seat.person.id, "name": seat.person.name },
                "track": seat.registration.track,
                "category": seat.registration.category,
                "strand": seat.registration.strand,
                "attempts": seat.attempts.iter().map(|a| json!({ "id": a.id, "part": a.part })).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(whole(items)))
}

/// `DELETE /registrations/{id}`
pub async fn cancel(desk: Coordinator, id: Path<String>) -> Answer {
    desk.registration_cancel(&RegistrationId(id.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /attempts/{id}/credit`
pub async fn credit_one(desk: Coordinator, id: Path<String>, sent: Sent<CreditBody>) -> Answer {
    let CreditBody { seconds, reason } = sent.0;
    let moved = desk.credit_one(&AttemptId(id.into_inner()), Credit { seconds, reason }).await?;
    Ok(HttpResponse::Ok().json(moved))
}

/// `POST /sittings/{id}/credit`
pub async fn credit_all(desk: Coordinator, id: Path<String>, sent: Sent<CreditBody>) -> Answer {
    let CreditBody { seconds, reason } = sent.0;
    let moved = desk.credit_all(&SittingId(id.into_inner()), Credit { seconds, reason }).await?;
    Ok(HttpResponse::Ok().json(whole(moved)))
}

/// `POST /sittings/{id}/pause`
pub async fn pause(desk: Proctor, id: Path<String>, sent: Sent<ReasonBody>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.pause(&SittingId(id.into_inner()), sent.0.reason).await?))
}

/// `POST /sittings/{id}/resume`
pub async fn resume(desk: Proctor, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.resume(&SittingId(id.into_inner())).await?))
}

/// `POST /sittings/{id}/messages`
pub async fn message_send(desk: Proctor, id: Path<String>, sent: Sent<MessageBody>) -> Answer {
    let MessageBody { text, registration } = sent.0;
    let message = desk.message_send(&SittingId(id.into_inner()), text, registration.map(RegistrationId)).await?;
    Ok(HttpResponse::Created().json(json!({
        "id": message.id, "text": message.body, "registration": message.registration_id,
        "sent_at": Instant(message.sent_at).rfc3339(),
    })))
}

/// `GET /sittings/{id}/messages`
pub async fn messages(desk: Proctor, id: Path<String>) -> Answer {
    let files = desk.messages(&SittingId(id.into_inner())).await?;
    let items: Vec<Value> = files
        .into_iter()
        .map(|file| {
            json!({
                "id": file.message.id, "text": file.message.body, "registration": file.message.registration_id,
                "sent_at": Instant(file.message.sent_at).rfc3339(),
                "to": file.to.map(|person| json!({ "id": person.id, "name": person.name })),
                "from": { "id": file.from.id, "name": file.from.name },
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(whole(items)))
}

/// `POST /attempts/{id}/close`
pub async fn attempt_close(desk: Proctor, id: Path<String>, sent: Sent<ReasonBody>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.attempt_close(&AttemptId(id.into_inner()), sent.0.reason).await?))
}

/// `GET /sittings/{id}/incidents`
pub async fn incidents(desk: Proctor, id: Path<String>, query: Query<IncidentQuery>) -> Answer {
    let files = desk.incidents(&SittingId(id.into_inner())).await?;
    let wanted = |file: &IncidentFile| {
        let open = file.incident.resolved_at.is_none();
        query.kind.is_none_or(|kind| file.incident.kind == kind.as_str()) && query.open.is_none_or(|only| only == open)
    };
    let items: Vec<Value> = files
        .iter()
        .filter(|file| wanted(file))
        .map(|file| {
            let person = |person: &Person| json!({ "id": person.id, "name": person.name });
            json!({
                "id": file.incident.id, "kind": file.incident.kind, "note": file.incident.note,
                "registration": file.incident.registration_id, "about": file.about.as_ref().map(person),
                "reported_at": Instant(file.incident.reported_at).rfc3339(), "reported_by": person(&file.reported_by),
                "resolved_at": file.incident.resolved_at.map(|at| Instant(at).rfc3339()),
                "resolution": file.resolution.as_ref().map(|(note, by)| json!({ "note": note, "by": person(by) })),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(whole(items)))
}

/// `GET /sittings/{id}/outages`
pub async fn outages(desk: Proctor, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(whole(desk.proposals(&SittingId(id.into_inner())).await?)))
}

/// `POST /sittings/{id}/outages/{outage}`
pub async fn outage_decide(desk: Proctor, path: Path<(String, String)>, sent: Sent<OutageBody>) -> Answer {
    let (id, outage) = path.into_inner();
    let moved = desk.outage_decide(&SittingId(id), outage, sent.0.decision).await?;
    Ok(HttpResponse::Ok().json(whole(moved)))
}

/// `GET /sittings/{id}/board`
pub async fn board(desk: Proctor, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.board(&SittingId(id.into_inner())).await?.1))
}

/// `POST /registrations/{id}/admission`
pub async fn admit(desk: Proctor, id: Path<String>, sent: Sent<AdmissionBody>) -> Answer {
    desk.admit(&RegistrationId(id.into_inner()), sent.0.late_reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /sittings/{id}/incidents`
pub async fn incident_add(desk: Proctor, id: Path<String>, sent: Sent<IncidentBody>) -> Answer {
    let IncidentBody { registration, kind, note } = sent.0;
    let new = NewIncident { registration: registration.map(RegistrationId), kind, note };
    let incident = desk.incident_add(&SittingId(id.into_inner()), new).await?;
    Ok(HttpResponse::Created().json(json!({ "id": incident.id, "kind": incident.kind })))
}

/// `POST /sittings/{id}/incidents/{incident}/resolution`
pub async fn incident_resolve(desk: Proctor, path: Path<(String, String)>, sent: MaybeSent<ResolutionBody>) -> Answer {
    let (id, incident) = path.into_inner();
    let note = sent.0.map(|sent| sent.note).unwrap_or_default();
    desk.incident_resolve(&SittingId(id), incident, note).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /sittings/{id}/allocation`
pub async fn allocate(desk: Coordinator, id: Path<String>, query: Query<DryRun>) -> Answer {
    Ok(HttpResponse::Ok().json(desk.allocate(&SittingId(id.into_inner()), query.dry_run).await?))
}

/// `GET /sittings/{id}/marking`
pub async fn marking(desk: Coordinator, id: Path<String>) -> Answer {
    let (_, marking) = desk.marking(&SittingId(id.into_inner())).await?;
    Ok(HttpResponse::Ok().json(json!({ "items": marking.scripts, "next": null, "reviewers": marking.reviewers })))
}

fn prepared_json(prepared: &Prepared) -> Value {
    let letters: Vec<Value> = prepared.letters.iter().map(letter_json).collect();
    let mut body = json!({ "checks": prepared.checks, "letters": letters });
    if let Some(id) = &prepared.id {
        body["id"] = json!(id);
    }
    body
}

fn letter_json(letter: &Letter) -> Value {
    json!({
        "registration": letter.result.registration,
        "person": { "id": letter.person.id, "name": letter.person.name },
        "track": letter.track,
        "category": letter.category,
        "outcome": letter.result.outcome,
        "parts": letter.result.parts,
        "follows_appeal": letter.follows_appeal,
        "retake": letter.result.retake_open_from.as_ref().map(|day| json!({ "open_from": day })),
    })
}

/// `POST /sittings/{id}/releases`
pub async fn release_prepare(
    desk: Coordinator,
    id: Path<String>,
    query: Query<DryRun>,
    sent: MaybeSent<ReleaseBody>,
) -> Answer {
    let named = sent.0.and_then(|s| s.registrations).map(|ids| ids.into_iter().map(RegistrationId).collect());
    let prepared = desk.release_prepare(&SittingId(id.into_inner()), named, query.dry_run).await?;
    let mut response = if prepared.id.is_some() { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(prepared_json(&prepared)))
}

/// `GET /releases/{id}`
pub async fn release_show(desk: Coordinator, id: Path<String>) -> Answer {
    let file = desk.release(&ReleaseId(id.into_inner())).await?;
    let letters: Vec<Value> = file.letters.iter().map(letter_json).collect();
    Ok(HttpResponse::Ok().json(json!({
        "id": file.release.id, "sitting": file.sitting.id, "state": file.release.state, "letters": letters,
        "prepared_by": file.release.prepared_by, "approved_by": file.release.approved_by,
        "recall_reason": file.release.recall_reason,
    })))
}

/// `POST /releases/{id}/approval`
pub async fn release_approve(desk: Coordinator, id: Path<String>) -> Answer {
    let id = ReleaseId(id.into_inner());
    let released = desk.release_approve(&id).await?;
    Ok(HttpResponse::Ok().json(json!({ "id": id, "state": "released", "released": released })))
}

/// `POST /releases/{id}/recall`
pub async fn release_recall(desk: Coordinator, id: Path<String>, sent: Sent<ReasonBody>) -> Answer {
    let id = ReleaseId(id.into_inner());
    desk.release_recall(&id, sent.0.reason).await?;
    Ok(HttpResponse::Ok().json(json!({ "id": id, "state": "recalled" })))
}

/// `GET /audit`
pub async fn audit(desk: Coordinator, query: Query<ListQuery>) -> Answer {
    let page = desk.audit(query.into_inner().range()?).await?;
    let items: Vec<Value> = page
        .items
        .into_iter()
        .map(|entry| {
            json!({
                "sequence": entry.sequence, "at": Instant(entry.at).rfc3339(), "association": entry.association_id,
                "actor": entry.actor, "act": entry.act, "subject": entry.subject,
                "detail": serde_json::from_str::<Value>(&entry.detail).unwrap_or_default(),
                "previous_digest": entry.previous_digest, "digest": entry.digest,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(Page { items, next: page.next }))
}
