//! The board of a sitting, and what is done from it: time is credited, people are admitted, incidents recorded.

use actix_web::web::{Path, Query};
use evenhand_templates::form::FieldError;
use evenhand_templates::parts::Tone;
use evenhand_templates::proctor::{
    Board, BoardRow, IncidentLine, NewIncident as NewIncidentView, Presence as Shown, RunningPart, Term as ShownTerm,
    board, incident_kind,
};
use evenhand_templates::staff::{Choice, Done};
use evenhand_templates::urls;
use serde::Deserialize;

use super::coordinator::{head, runs};
use crate::desk::proctor::{self as desk, INCIDENT_KINDS, IncidentFile, NewIncident, Presence};
use crate::domain::ids::{AttemptId, RegistrationId, SittingId};
use crate::domain::timing::{Instant, MAX_CREDIT_SECONDS, Term, TermKind};
use crate::domain::vocabulary::Part;
use crate::store::Error;
use crate::store::attempts::Credit;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};

const MINUTES: Place = place("/seconds", "minutes", "board-credit-minutes");
const REASON: Place = place("/reason", "reason", "board-credit-reason");
const LATE_REASON: Place = place("/late_reason", "", "board-credit-reason");
const INCIDENT_PLACES: [Place; 2] = [place("/kind", "kind", "incident-kind"), place("/note", "note", "incident-note")];

/// Time that is credited, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditForm {
    minutes: String,
    reason: String,
}

/// Why somebody who is late is let in; nothing for who is in time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmissionForm {
    late_reason: Option<String>,
}

/// What happened in the room; to everybody, when nobody is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentForm {
    registration: Option<String>,
    kind: String,
    note: String,
}

/// A form without fields: pressing it is all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pressed {}

/// What a refused form puts on the board.
#[derive(Default)]
struct Refused {
    credit: Option<(CreditForm, Vec<FieldError>)>,
    incident: Option<(IncidentForm, Vec<FieldError>)>,
}

/// `GET /sittings/{sitting}/board`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let view = board_view(&visitor, &SittingId(id.into_inner()), Refused::default()).await?;
    Ok(page(board(&visitor.shell, &view)))
}

async fn board_view(visitor: &Visitor, id: &SittingId, refused: Refused) -> Result<Board, AppError> {
    let desk = visitor.proctor();
    let (_, live) = desk.board(id).await?;
    let incidents = desk.incidents(id).await?;
    let summary = visitor.coordinator().sitting(id).await?;
    let (credit, problems) = refused.credit.map_or_else(Default::default, |(c, p)| ((c.minutes, c.reason), p));
    let incident = new_incident(visitor, &live, refused.incident);
    Ok(Board {
        head: head(&summary, visitor.arrival()),
        now: visitor.now(),
        rows: live.rows.into_iter().filter_map(row).collect(),
        proctor_only: !runs(visitor, &summary),
        credit,
        proposed_minutes: None,
        problems,
        incidents: incidents.into_iter().map(incident_line).collect(),
        incident,
    })
}

/// A summand of somebody's time as the page shows it.
fn term(term: Term) -> ShownTerm {
    match (term.kind, term.reason) {
        (TermKind::Allowance, _) => ShownTerm::Allowance { seconds: term.seconds },
        (TermKind::Accommodation, _) => ShownTerm::Arrangement { seconds: term.seconds },
        (TermKind::Credit, reason) => ShownTerm::Credit { seconds: term.seconds, reason: reason.unwrap_or_default() },
    }
}

/// A row as the page shows it. The desk's instants are its own spelling of them: one that cannot be read does not come.
fn row(live: desk::BoardRow) -> Option<BoardRow> {
    let instant = |text: &Option<String>| text.as_deref().and_then(Instant::parse).map(Instant::utc);
    let running = match live.running {
        Some(running) => Some(RunningPart {
            attempt: running.attempt.0,
            part: if running.part == Part::One { 1 } else { 2 },
            answered: running.answered,
            of: i64::try_from(running.of).unwrap_or(i64::MAX),
            deadline: Instant::parse(&running.deadline)?.utc(),
            credited_seconds: running.credited_seconds,
            terms: running.terms.into_iter().map(term).collect(),
        }),
        None => None,
    };
    Some(BoardRow {
        registration: live.registration.0,
        name: live.person.name,
        presence: presence(live.presence),
        running,
        last_contact: instant(&live.last_contact),
        last_save: instant(&live.last_save),
        attention: live.attention,
        incidents: i64::try_from(live.incidents).unwrap_or(i64::MAX),
    })
}

fn presence(presence: Presence) -> Shown {
    match presence {
        Presence::Expected => Shown::Expected,
        Presence::Admitted => Shown::Admitted,
        Presence::Working => Shown::Working,
        Presence::Disconnected => Shown::Disconnected,
        Presence::Break => Shown::Break,
        Presence::Finished => Shown::Finished,
        Presence::Absent => Shown::Absent,
    }
}

fn incident_line(file: IncidentFile) -> IncidentLine {
    IncidentLine {
        id: file.incident.id,
        at: Instant(file.incident.reported_at).utc(),
        kind: file.incident.kind,
        about: file.about.map(|person| person.name),
        note: file.incident.note,
        reported_by: file.reported_by.name,
        resolved: file.incident.resolved_at.is_some(),
    }
}

fn new_incident(
    visitor: &Visitor,
    live: &desk::Board,
    refused: Option<(IncidentForm, Vec<FieldError>)>,
) -> NewIncidentView {
    let (sent, problems) = refused.map_or((None, Vec::new()), |(sent, problems)| (Some(sent), problems));
    let about = sent.as_ref().and_then(|s| s.registration.as_deref()).unwrap_or_default();
    let kind = sent.as_ref().map_or(INCIDENT_KINDS[0], |s| s.kind.as_str());
    let in_words = visitor.shell.words;
    let mut people: Vec<Choice> = live
        .rows
        .iter()
        .map(|row| Choice::new(row.registration.as_str(), row.person.name.as_str()).chosen(row.registration.0 == about))
        .collect();
    people.sort_by(|a, b| a.label.cmp(&b.label));
    NewIncidentView {
        people,
        kinds: INCIDENT_KINDS.map(|k| Choice::new(k, incident_kind(in_words, k)).chosen(k == kind)).to_vec(),
        note: sent.map(|s| s.note).unwrap_or_default(),
        problems,
    }
}

/// The credit as typed, in seconds.
fn read_credit(visitor: &Visitor, form: &CreditForm) -> Result<Credit, Vec<FieldError>> {
    let mut typed = Typed::new(visitor.shell.words);
    let seconds = typed.minutes(MINUTES, &form.minutes, 1..=MAX_CREDIT_SECONDS);
    if typed.problems.is_empty() {
        Ok(Credit { seconds, reason: form.reason.trim().to_owned() })
    } else {
        Err(typed.problems)
    }
}

/// `POST /sittings/{sitting}/credit`
pub async fn credit_all(visitor: Visitor, id: Path<String>, form: Form<CreditForm>) -> Answer {
    let (id, form) = (SittingId(id.into_inner()), form.0);
    let refused = match read_credit(&visitor, &form) {
        Ok(credit) => match visitor.coordinator().credit_all(&id, credit).await {
            Ok(_) => return Ok(see_other(&Done::CreditedAll.after(&urls::board(id.as_str())))),
            Err(error) => unaccepted(error, visitor.shell.words, &[MINUTES, REASON])?,
        },
        Err(problems) => Unaccepted::of(problems),
    };
    let view =
        board_view(&visitor, &id, Refused { credit: Some((form, refused.problems)), ..Refused::default() }).await?;
    Ok(Unaccepted::answer(refused.status, board(&visitor.shell, &view)))
}

/// `POST /attempts/{attempt}/credit`
pub async fn credit_one(visitor: Visitor, id: Path<String>, form: Form<CreditForm>) -> Answer {
    let id = AttemptId(id.into_inner());
    let sitting = visitor.proctor().sitting_of(&id).await?;
    let refused = match read_credit(&visitor, &form.0) {
        Ok(credit) => match visitor.coordinator().credit_one(&id, credit).await {
            Ok(_) => return Ok(see_other(&Done::Credited.after(&urls::board(sitting.as_str())))),
            Err(error) => unaccepted(error, visitor.shell.words, &[MINUTES, REASON])?,
        },
        Err(problems) => Unaccepted::of(problems),
    };
    above(visitor, &sitting, refused).await
}

/// `POST /registrations/{registration}/admission`
pub async fn admit(visitor: Visitor, id: Path<String>, form: Form<AdmissionForm>) -> Answer {
    let id = RegistrationId(id.into_inner());
    let desk = visitor.proctor();
    let sitting = desk.sitting_of_seat(&id).await?;
    match desk.admit(&id, form.0.late_reason).await {
        Ok(()) => Ok(see_other(&Done::Admitted.after(&urls::board(sitting.as_str())))),
        Err(error) => {
            let refused = unaccepted(error, visitor.shell.words, &[LATE_REASON])?;
            above(visitor, &sitting, refused).await
        }
    }
}

/// The board with what was refused at its head: the small form in a row is gone by then.
async fn above(visitor: Visitor, sitting: &SittingId, refused: Unaccepted) -> Answer {
    let visitor = visitor.noticing(Tone::Danger, refused.line());
    let view = board_view(&visitor, sitting, Refused::default()).await?;
    Ok(Unaccepted::answer(refused.status, board(&visitor.shell, &view)))
}

/// `POST /sittings/{sitting}/incidents`
pub async fn incident_add(visitor: Visitor, id: Path<String>, form: Form<IncidentForm>) -> Answer {
    let (id, form) = (SittingId(id.into_inner()), form.0);
    let registration = form.registration.clone().filter(|seat| !seat.is_empty()).map(RegistrationId);
    let new = NewIncident { registration, kind: form.kind.clone(), note: form.note.trim().to_owned() };
    match visitor.proctor().incident_add(&id, new).await {
        Ok(_) => Ok(see_other(&Done::IncidentRecorded.after(&urls::board(id.as_str())))),
        Err(error) => {
            let refused = refused_incident(&visitor, error)?;
            let view = Refused { incident: Some((form, refused.problems)), ..Refused::default() };
            let view = board_view(&visitor, &id, view).await?;
            Ok(Unaccepted::answer(refused.status, board(&visitor.shell, &view)))
        }
    }
}

fn refused_incident(visitor: &Visitor, error: Error) -> Result<Unaccepted, AppError> {
    unaccepted(error, visitor.shell.words, &INCIDENT_PLACES)
}

/// `POST /sittings/{sitting}/incidents/{incident}/resolution`
pub async fn incident_resolve(visitor: Visitor, path: Path<(String, String)>, _: Form<Pressed>) -> Answer {
    let (id, incident) = path.into_inner();
    visitor.proctor().incident_resolve(&SittingId(id.clone()), incident).await?;
    Ok(see_other(&Done::IncidentResolved.after(&urls::board(&id))))
}
