//! Arrangements: what is confirmed, what is asked for, and what a coordinator makes of it.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{Answer, ListQuery};
use crate::desk::Page;
use crate::desk::arrangements::{Judgement, NewAccommodation, RequestFile};
use crate::desk::examinee::Examinee;
use crate::desk::people::People;
use crate::domain::accommodation::{Arrangement, Decision, Presentation};
use crate::domain::ids::PersonId;
use crate::domain::timing::{Accommodation, Instant};
use crate::store::people::{AccommodationRow, ArrangementRequest, Person};
use crate::web::body::Sent;

/// An arrangement to be confirmed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccommodationBody {
    #[serde(default = "ordinary")]
    time_multiplier_percent: i64,
    #[serde(default)]
    extra_seconds: ExtraSeconds,
    #[serde(default, deserialize_with = "yes")]
    stop_clock_breaks: bool,
    #[serde(default, deserialize_with = "yes")]
    larger_type: bool,
    #[serde(default, deserialize_with = "yes")]
    reader_layout: bool,
    #[serde(default, deserialize_with = "yes")]
    spell_check: bool,
    expires_on: Option<String>,
    approved_note: String,
}

/// What an examinee asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestBody {
    #[serde(default = "ordinary")]
    time_multiplier_percent: i64,
    #[serde(default)]
    extra_seconds: ExtraSeconds,
    #[serde(default, deserialize_with = "yes")]
    stop_clock_breaks: bool,
    #[serde(default, deserialize_with = "yes")]
    larger_type: bool,
    #[serde(default, deserialize_with = "yes")]
    reader_layout: bool,
    #[serde(default, deserialize_with = "yes")]
    spell_check: bool,
    statement: String,
}

/// What a coordinator makes of it. A field of the arrangement that is left out is granted as it was asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    decision: Decision,
    note: String,
    time_multiplier_percent: Option<i64>,
    extra_seconds: Option<ExtraSeconds>,
    stop_clock_breaks: Option<bool>,
    larger_type: Option<bool>,
    reader_layout: Option<bool>,
    spell_check: Option<bool>,
    expires_on: Option<String>,
}

#[derive(Default, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraSeconds {
    #[serde(default)]
    one: i64,
    #[serde(default)]
    two: i64,
}

fn ordinary() -> i64 {
    100
}

/// Yes or no; `null` is no.
fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::<bool>::deserialize(deserializer)?.unwrap_or(false))
}

fn arrangement(
    time_multiplier_percent: i64,
    extra: ExtraSeconds,
    stop_clock_breaks: bool,
    presentation: Presentation,
) -> Arrangement {
    let terms = Accommodation { time_multiplier_percent, extra_seconds_one: extra.one, extra_seconds_two: extra.two };
    Arrangement { terms, stop_clock_breaks, presentation }
}

fn arrangement_json(of: &Arrangement) -> Value {
    let Arrangement { terms, stop_clock_breaks, presentation } = of;
    json!({
        "time_multiplier_percent": terms.time_multiplier_percent,
        "extra_seconds": { "one": terms.extra_seconds_one, "two": terms.extra_seconds_two },
        "stop_clock_breaks": stop_clock_breaks, "larger_type": presentation.larger_type,
        "reader_layout": presentation.reader_layout, "spell_check": presentation.spell_check,
    })
}

/// A confirmed arrangement; its grounds and who confirmed it only for those who keep people.
pub fn confirmed_json(row: &AccommodationRow, approver: Option<&Person>) -> Value {
    let mut body = arrangement_json(&row.arrangement());
    body["expires_on"] = json!(row.expires_on);
    if let Some(approver) = approver {
        body["approved_by"] = json!({ "id": approver.id, "name": approver.name });
        body["approved_note"] = json!(row.approved_note);
    }
    body
}

fn request_json(of: &ArrangementRequest) -> Value {
    json!({
        "id": of.id, "state": of.state, "wish": arrangement_json(&of.wish), "statement": of.statement,
        "requested_at": of.requested_at.rfc3339(), "decided_at": of.decided_at.map(Instant::rfc3339),
        "note": of.decision_note,
    })
}

fn file_json(of: &RequestFile) -> Value {
    let mut body = request_json(&of.request);
    body["person"] = json!({ "id": of.person.id, "name": of.person.name });
    body["confirmed"] = of.confirmed.as_ref().map_or(Value::Null, |row| confirmed_json(row, None));
    body
}

/// `GET /accommodations`
pub async fn own(me: Examinee) -> Answer {
    let own = me.arrangements().await?;
    let items: Vec<Value> = own.requests.iter().map(request_json).collect();
    let confirmed = own.confirmed.as_ref().map_or(Value::Null, |row| confirmed_json(row, None));
    Ok(HttpResponse::Ok().json(json!({ "confirmed": confirmed, "items": items, "next": null })))
}

/// `POST /accommodations/requests`
pub async fn request(me: Examinee, sent: Sent<RequestBody>) -> Answer {
    let RequestBody { time_multiplier_percent, extra_seconds, stop_clock_breaks, statement, .. } = sent.0;
    let presentation = Presentation {
        larger_type: sent.0.larger_type,
        reader_layout: sent.0.reader_layout,
        spell_check: sent.0.spell_check,
    };
    let wish = arrangement(time_multiplier_percent, extra_seconds, stop_clock_breaks, presentation);
    let made = me.arrangement_request(wish, statement).await?;
    Ok(HttpResponse::Created().json(request_json(&made)))
}

/// `DELETE /accommodations/requests/{id}`
pub async fn withdraw(me: Examinee, id: Path<String>) -> Answer {
    me.arrangement_withdraw(id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /accommodation-requests`
pub async fn waiting(desk: People, query: Query<ListQuery>) -> Answer {
    let page = desk.requests(query.into_inner().range()?).await?;
    let items: Vec<Value> = page.items.iter().map(file_json).collect();
    Ok(HttpResponse::Ok().json(Page { items, next: page.next }))
}

/// `GET /accommodation-requests/{id}`
pub async fn show(desk: People, id: Path<String>) -> Answer {
    Ok(HttpResponse::Ok().json(file_json(&desk.request(id.into_inner()).await?)))
}

/// `POST /accommodation-requests/{id}/decision`
pub async fn decide(desk: People, id: Path<String>, sent: Sent<DecisionBody>) -> Answer {
    let (id, body) = (id.into_inner(), sent.0);
    let wish = desk.request(id.clone()).await?.request.wish;
    let asked = ExtraSeconds { one: wish.terms.extra_seconds_one, two: wish.terms.extra_seconds_two };
    let presentation = Presentation {
        larger_type: body.larger_type.unwrap_or(wish.presentation.larger_type),
        reader_layout: body.reader_layout.unwrap_or(wish.presentation.reader_layout),
        spell_check: body.spell_check.unwrap_or(wish.presentation.spell_check),
    };
    let granted = arrangement(
        body.time_multiplier_percent.unwrap_or(wish.terms.time_multiplier_percent),
        body.extra_seconds.unwrap_or(asked),
        body.stop_clock_breaks.unwrap_or(wish.stop_clock_breaks),
        presentation,
    );
    let judgement = Judgement { decision: body.decision, granted, expires_on: body.expires_on, note: body.note };
    let decided = desk.request_decide(id, judgement).await?;
    Ok(HttpResponse::Ok().json(request_json(&decided)))
}

/// `PUT /people/{id}/accommodations`
pub async fn confirm(desk: People, id: Path<String>, sent: Sent<AccommodationBody>) -> Answer {
    let body = sent.0;
    let presentation = Presentation {
        larger_type: body.larger_type,
        reader_layout: body.reader_layout,
        spell_check: body.spell_check,
    };
    let granted = arrangement(body.time_multiplier_percent, body.extra_seconds, body.stop_clock_breaks, presentation);
    let new = NewAccommodation { arrangement: granted, expires_on: body.expires_on, approved_note: body.approved_note };
    let row = desk.accommodation_set(&PersonId(id.into_inner()), new).await?;
    let mut answer = confirmed_json(&row, None);
    answer["approved_note"] = json!(row.approved_note);
    Ok(HttpResponse::Ok().json(answer))
}

/// `DELETE /people/{id}/accommodations`
pub async fn end(desk: People, id: Path<String>) -> Answer {
    desk.accommodation_end(&PersonId(id.into_inner())).await?;
    Ok(HttpResponse::NoContent().finish())
}
