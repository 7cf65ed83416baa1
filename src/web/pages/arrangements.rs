//! Accommodations: an examinee's own page with the request, a coordinator's page of one request, and what both share
//! with the person's page.

use actix_web::web::{Path, Query};
use evenhand_templates::arrangement::{
    ArrangementFields, ArrangementsView, ConfirmedView, DecisionForm as DecisionView, RequestForm as RequestFormView,
    RequestPage, RequestState as ShownState, RequestView, arrangements, notice, request as request_page,
};
use evenhand_templates::exam::Accommodation as Line;
use evenhand_templates::form::FieldError;
use evenhand_templates::parts::Tone;
use evenhand_templates::staff::Done;
use evenhand_templates::urls;
use serde::Deserialize;

use super::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::desk::arrangements::{Judgement, RequestFile};
use crate::domain::accommodation::{
    Arrangement, Decision, MAX_EXTRA_SECONDS, Presentation, RequestState, holds_on, may_decide,
};
use crate::domain::ids::PersonId;
use crate::domain::retake::day_of;
use crate::domain::timing::{Accommodation, Instant};
use crate::domain::vocabulary::Part;
use crate::store::people::{AccommodationRow, ArrangementRequest};
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

const MULTIPLIER: Place = place("/time_multiplier_percent", "time_multiplier_percent", "arrangement-multiplier");
const EXTRA_ONE: Place = place("/extra_seconds/one", "extra_minutes_one", "arrangement-extra-one");
const EXTRA_TWO: Place = place("/extra_seconds/two", "extra_minutes_two", "arrangement-extra-two");
const REQUEST_PLACES: [Place; 4] =
    [MULTIPLIER, EXTRA_ONE, EXTRA_TWO, place("/statement", "statement", "request-statement")];
const DECISION_PLACES: [Place; 5] = [
    MULTIPLIER,
    EXTRA_ONE,
    EXTRA_TWO,
    place("/expires_on", "expires_on", "arrangement-expires"),
    place("/note", "note", "request-note"),
];
/// Where a refusal of a confirmation on the person's page is shown.
pub const CONFIRMATION_PLACES: [Place; 5] = [
    MULTIPLIER,
    EXTRA_ONE,
    EXTRA_TWO,
    place("/expires_on", "expires_on", "arrangement-expires"),
    place("/approved_note", "approved_note", "arrangement-note"),
];

/// An arrangement as typed, with times in minutes.
#[derive(Debug, Default, Deserialize)]
pub struct FieldsForm {
    time_multiplier_percent: String,
    #[serde(default)]
    extra_minutes_one: String,
    #[serde(default)]
    extra_minutes_two: String,
    stop_clock_breaks: Option<String>,
    larger_type: Option<String>,
    reader_layout: Option<String>,
    spell_check: Option<String>,
}

impl FieldsForm {
    /// What was typed, as a desk takes it.
    pub fn read(&self, typed: &mut Typed) -> Arrangement {
        let terms = Accommodation {
            time_multiplier_percent: typed.whole(MULTIPLIER, &self.time_multiplier_percent),
            extra_seconds_one: extra(typed, EXTRA_ONE, &self.extra_minutes_one),
            extra_seconds_two: extra(typed, EXTRA_TWO, &self.extra_minutes_two),
        };
        let presentation = Presentation {
            larger_type: self.larger_type.is_some(),
            reader_layout: self.reader_layout.is_some(),
            spell_check: self.spell_check.is_some(),
        };
        Arrangement { terms, stop_clock_breaks: self.stop_clock_breaks.is_some(), presentation }
    }

    /// The same as typed, to be shown again.
    pub fn shown(self) -> ArrangementFields {
        ArrangementFields {
            time_multiplier_percent: self.time_multiplier_percent,
            extra_minutes_one: self.extra_minutes_one,
            extra_minutes_two: self.extra_minutes_two,
            stop_clock_breaks: self.stop_clock_breaks.is_some(),
            larger_type: self.larger_type.is_some(),
            reader_layout: self.reader_layout.is_some(),
            spell_check: self.spell_check.is_some(),
        }
    }
}

fn extra(typed: &mut Typed, place: Place, text: &str) -> i64 {
    if text.trim().is_empty() { 0 } else { typed.minutes(place, text, 0..=MAX_EXTRA_SECONDS) }
}

/// An arrangement as fields of a form.
pub fn fields_of(of: &Arrangement) -> ArrangementFields {
    let minutes = |seconds: i64| if seconds == 0 { String::new() } else { ((seconds + 59) / 60).to_string() };
    ArrangementFields {
        time_multiplier_percent: of.terms.time_multiplier_percent.to_string(),
        extra_minutes_one: minutes(of.terms.extra_seconds_one),
        extra_minutes_two: minutes(of.terms.extra_seconds_two),
        stop_clock_breaks: of.stop_clock_breaks,
        larger_type: of.presentation.larger_type,
        reader_layout: of.presentation.reader_layout,
        spell_check: of.presentation.spell_check,
    }
}

/// An arrangement in lines, for its person.
pub fn lines(of: &Arrangement) -> Vec<Line> {
    let extra = |part, seconds| (seconds > 0).then_some(Line::ExtraTime { part: words::part(part), seconds });
    let percent = of.terms.time_multiplier_percent;
    [
        (percent != 100).then_some(Line::TimeMultiplier { percent }),
        extra(Part::One, of.terms.extra_seconds_one),
        extra(Part::Two, of.terms.extra_seconds_two),
        of.stop_clock_breaks.then_some(Line::StopClockBreaks),
        of.presentation.larger_type.then_some(Line::LargerType),
        of.presentation.reader_layout.then_some(Line::ReaderLayout),
        of.presentation.spell_check.then_some(Line::SpellCheck),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn confirmed_view(visitor: &Visitor, row: &AccommodationRow) -> ConfirmedView {
    let today = day_of(visitor.arrival(), visitor.shell.zone);
    ConfirmedView {
        lines: lines(&row.arrangement()),
        expires_on: row.expires_on.as_deref().and_then(|day| day.parse().ok()),
        over: !holds_on(row.expires_on.as_deref(), today),
    }
}

fn request_view(request: &ArrangementRequest) -> RequestView {
    RequestView {
        id: request.id.clone(),
        state: match request.state {
            RequestState::Waiting => ShownState::Waiting,
            RequestState::Approved => ShownState::Approved,
            RequestState::Declined => ShownState::Declined,
            RequestState::Withdrawn => ShownState::Withdrawn,
        },
        lines: lines(&request.wish),
        statement: request.statement.clone(),
        sent_at: request.requested_at.utc(),
        decided_at: request.decided_at.map(Instant::utc),
        note: request.decision_note.clone(),
    }
}

/// What the act before the page did.
#[derive(Debug, Default, Deserialize)]
pub struct Did {
    did: Option<String>,
}

/// `GET /accommodations`
pub async fn own(visitor: Visitor, did: Query<Did>) -> Answer {
    let visitor = match did.did.as_deref().and_then(|code| notice(visitor.shell.words, code)) {
        Some(text) => visitor.noticing(Tone::Good, text),
        None => visitor,
    };
    let view = own_view(&visitor, None).await?;
    Ok(page(arrangements(&visitor.shell, &view)))
}

async fn own_view(visitor: &Visitor, refused: Option<RequestFormView>) -> Result<ArrangementsView, AppError> {
    let own = visitor.examinee().arrangements().await?;
    let waits = own.requests.iter().any(|r| r.state == RequestState::Waiting);
    let blank = || RequestFormView { fields: fields_of(&Arrangement::NONE), ..RequestFormView::default() };
    Ok(ArrangementsView {
        confirmed: own.confirmed.as_ref().map(|row| confirmed_view(visitor, row)),
        requests: own.requests.iter().map(request_view).collect(),
        form: refused.or_else(|| (!waits).then(blank)),
    })
}

/// A request as typed.
#[derive(Debug, Deserialize)]
pub struct RequestForm {
    #[serde(flatten)]
    fields: FieldsForm,
    statement: String,
}

/// `POST /accommodations`
pub async fn ask(visitor: Visitor, form: Form<RequestForm>) -> Answer {
    let (form, mut typed) = (form.0, Typed::new(visitor.shell.words));
    let wish = form.fields.read(&mut typed);
    let refused = if typed.problems.is_empty() {
        match visitor.examinee().arrangement_request(wish, form.statement.clone()).await {
            Ok(_) => return Ok(see_other(&format!("{}?did=sent", urls::OWN_ACCOMMODATIONS))),
            Err(error) => unaccepted(error, visitor.shell.words, &REQUEST_PLACES)?,
        }
    } else {
        Unaccepted::of(typed.problems)
    };
    let shown = RequestFormView { fields: form.fields.shown(), statement: form.statement, problems: refused.problems };
    let view = own_view(&visitor, Some(shown)).await?;
    Ok(Unaccepted::answer(refused.status, arrangements(&visitor.shell, &view)))
}

/// `POST /accommodations/requests/{request}/withdrawal`
pub async fn withdraw(visitor: Visitor, id: Path<String>) -> Answer {
    visitor.examinee().arrangement_withdraw(id.into_inner()).await?;
    Ok(see_other(&format!("{}?did=withdrawn", urls::OWN_ACCOMMODATIONS)))
}

/// `GET /accommodation-requests/{request}`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let file = visitor.people().request(id.into_inner()).await?;
    let view = file_view(&visitor, &file, None);
    Ok(page(request_page(&visitor.shell, &view)))
}

fn file_view(visitor: &Visitor, file: &RequestFile, refused: Option<DecisionView>) -> RequestPage {
    let request = &file.request;
    let mine = may_decide(request.state, &request.person, &visitor.person.person_id()).is_ok();
    let blank = || DecisionView { fields: fields_of(&request.wish), ..DecisionView::default() };
    RequestPage {
        person: file.person.id.clone(),
        name: file.person.name.clone(),
        request: request_view(request),
        decided_by: file.decided_by.as_ref().map(|who| who.name.clone()),
        confirmed: file.confirmed.as_ref().map(|row| confirmed_view(visitor, row)),
        form: mine.then(|| refused.unwrap_or_else(blank)),
    }
}

/// A decision as typed.
#[derive(Debug, Deserialize)]
pub struct DecisionForm {
    #[serde(flatten)]
    fields: FieldsForm,
    #[serde(default)]
    expires_on: String,
    note: String,
    decision: Decision,
}

/// `POST /accommodation-requests/{request}/decision`
pub async fn decide(visitor: Visitor, id: Path<String>, form: Form<DecisionForm>) -> Answer {
    let (id, form, mut typed) = (id.into_inner(), form.0, Typed::new(visitor.shell.words));
    let granted = form.fields.read(&mut typed);
    let refused = if typed.problems.is_empty() {
        let judgement = Judgement {
            decision: form.decision,
            granted,
            expires_on: Some(form.expires_on.trim().to_owned()).filter(|day| !day.is_empty()),
            note: form.note.clone(),
        };
        match visitor.people().request_decide(id.clone(), judgement).await {
            Ok(_) => return Ok(see_other(&Done::RequestDecided.after(&urls::accommodation_request(&id)))),
            Err(error) => unaccepted(error, visitor.shell.words, &DECISION_PLACES)?,
        }
    } else {
        Unaccepted::of(typed.problems)
    };
    let file = visitor.people().request(id).await?;
    let problems: Vec<FieldError> = refused.problems.clone();
    let shown = DecisionView { fields: form.fields.shown(), expires_on: form.expires_on, note: form.note, problems };
    let visitor = visitor.noticing(Tone::Danger, refused.line());
    let view = file_view(&visitor, &file, Some(shown));
    Ok(Unaccepted::answer(refused.status, request_page(&visitor.shell, &view)))
}

/// `POST /people/{person}/accommodations/end`
pub async fn end(visitor: Visitor, id: Path<String>) -> Answer {
    let id = PersonId(id.into_inner());
    visitor.people().accommodation_end(&id).await?;
    Ok(see_other(&Done::ArrangementEnded.after(&urls::person(id.as_str()))))
}
