//! The board of a sitting, and what is done from it: time is credited, people are admitted, incidents recorded.

use actix_web::web::{Path, Query};
use evenhand_templates::form::FieldError;
use evenhand_templates::parts::Tone;
use evenhand_templates::proctor::{
    Board, BoardRow, BrowserView, ClosingLine, IncidentFilter, IncidentLine, MessageLine,
    NewIncident as NewIncidentView, NewMessage, PauseForm as PauseFormView, PauseView, Presence as ShownPresence,
    ProposalView, RunningPart, Term as ShownTerm, board, incident_kind,
};
use evenhand_templates::staff::{Choice, Done};
use evenhand_templates::urls;
use serde::Deserialize;

use super::coordinator::{head, runs};
use crate::desk::board as live;
use crate::desk::messages::{ClosingFile, MessageFile};
use crate::desk::outages::Proposal;
use crate::desk::proctor::{IncidentFile, NewIncident};
use crate::domain::ids::{AttemptId, RegistrationId, SittingId};
use crate::domain::incident::IncidentKind;
use crate::domain::outage::{OutageDecision, OutageKind};
use crate::domain::presence::Presence;
use crate::domain::refusal::Refusal;
use crate::domain::timing::{Instant, MAX_CREDIT_SECONDS, Term, TermKind};
use crate::domain::vocabulary::Part;
use crate::store::Error;
use crate::store::attempts::Credit;
use crate::store::sittings::Incident;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

const MINUTES: Place = place("/seconds", "minutes", "board-credit-minutes");
const REASON: Place = place("/reason", "reason", "board-credit-reason");
const LATE_REASON: Place = place("/late_reason", "", "board-credit-reason");
const MESSAGE_TEXT: Place = place("/text", "text", "message-body");
const PAUSE_REASON: Place = place("/reason", "pause_reason", "pause-reason");
const INCIDENT_PLACES: [Place; 2] = [place("/kind", "kind", "incident-kind"), place("/note", "note", "incident-note")];

/// Time that is credited, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditForm {
    minutes: String,
    reason: String,
}

/// A message, to one or to everybody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageForm {
    message_to: Option<String>,
    text: String,
}

/// What becomes of what an outage proposes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutageForm {
    decision: OutageDecision,
}

/// Why a part ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosingForm {
    reason: String,
}

/// How an incident was dealt with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolutionForm {
    #[serde(default)]
    note: String,
}

/// What of the board is wanted: incidents of a kind, open ones alone; rows of these seats alone, for a script that
/// renews them.
#[derive(Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    incident_kind: String,
    #[serde(default)]
    incident_open: bool,
    only: Option<String>,
}

/// Why everything stops.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseForm {
    pause_reason: String,
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
    pause: Option<(String, Vec<FieldError>)>,
    message: Option<(MessageForm, Vec<FieldError>)>,
    shown: Shown,
}

/// `GET /sittings/{sitting}/board`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>, shown: Query<Shown>) -> Answer {
    let visitor = after.told(visitor);
    let view =
        board_view(&visitor, &SittingId(id.into_inner()), Refused { shown: shown.into_inner(), ..Refused::default() })
            .await?;
    Ok(page(board(&visitor.shell, &view)))
}

async fn board_view(visitor: &Visitor, id: &SittingId, refused: Refused) -> Result<Board, AppError> {
    let desk = visitor.proctor();
    let (_, now) = desk.board(id).await?;
    let incidents = desk.incidents(id).await?;
    let messages = desk.messages(id).await?;
    let closings = desk.closings(id).await?;
    let proposals = desk.proposals(id).await?;
    let summary = visitor.coordinator().sitting(id).await?;
    let (credit, problems) = refused.credit.map_or_else(Default::default, |(c, p)| ((c.minutes, c.reason), p));
    let incident = new_incident(visitor, &now, refused.incident);
    let message = new_message(&now, refused.message);
    Ok(Board {
        head: head(&summary, visitor.arrival()),
        now: visitor.now(),
        rows: now.rows.into_iter().filter(|row| refused.shown.wants(&row.registration)).filter_map(row).collect(),
        messages: messages.into_iter().map(message_line).collect(),
        closings: closings.into_iter().map(closing_line).collect(),
        log: format!("{} {} {} {}", now.log.messages, now.log.incidents, now.log.resolved, now.log.closings),
        message,
        filter: refused.shown.filter(visitor, !incidents.is_empty()),
        pause: now.pause.as_ref().and_then(pause_view),
        pause_form: refused
            .pause
            .map_or_else(PauseFormView::default, |(reason, problems)| PauseFormView { reason, problems }),
        proctor_only: !runs(visitor, &summary),
        credit,
        proposals: proposals.into_iter().filter_map(proposal).collect(),
        problems,
        incidents: incidents
            .into_iter()
            .filter(|file| refused.shown.wants_incident(&file.incident))
            .map(incident_line)
            .collect(),
        incident,
    })
}

fn proposal(proposal: Proposal) -> Option<ProposalView> {
    let whose = proposal.losses.first().filter(|_| proposal.kind == OutageKind::Contact).map(|loss| loss.name.clone());
    Some(ProposalView {
        outage: proposal.outage,
        whose,
        began_at: Instant::parse(&proposal.began_at)?.utc(),
        ended_at: Instant::parse(&proposal.ended_at)?.utc(),
        seconds: proposal.seconds,
        examinees: i64::try_from(proposal.losses.len()).unwrap_or(i64::MAX),
    })
}

fn pause_view(pause: &live::BoardPause) -> Option<PauseView> {
    Some(PauseView { reason: pause.reason.clone(), since: Instant::parse(&pause.paused_at)?.utc() })
}

/// A summand of somebody's time as the page shows it.
fn term(term: Term) -> ShownTerm {
    match (term.kind, term.reason) {
        (TermKind::Allowance, _) => ShownTerm::Allowance { seconds: term.seconds },
        (TermKind::Accommodation, Some(_)) => ShownTerm::Break { seconds: term.seconds },
        (TermKind::Accommodation, None) => ShownTerm::Arrangement { seconds: term.seconds },
        (TermKind::Credit, reason) => ShownTerm::Credit { seconds: term.seconds, reason: reason.unwrap_or_default() },
    }
}

/// A row as the page shows it. The desk's instants are its own spelling of them: one that cannot be read does not come.
fn row(live: live::BoardRow) -> Option<BoardRow> {
    let instant = |text: &Option<String>| text.as_deref().and_then(Instant::parse).map(Instant::utc);
    let running = match live.running {
        Some(running) => Some(RunningPart {
            attempt: running.attempt.0,
            part: if running.part == Part::One { 1 } else { 2 },
            answered: running.answered,
            of: i64::try_from(running.of).unwrap_or(i64::MAX),
            deadline: Instant::parse(&running.deadline)?.utc(),
            stopped_with_seconds: running.stopped_with_seconds,
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
        system_check: live.system_check.as_ref().and_then(super::practice::mark),
        browser: live.safe_exam_browser.map(|browser| BrowserView {
            state: words::safe_state(browser.state),
            refused_at: instant(&browser.refused_at),
            unproved_saves: browser.unproved_saves,
            exemption: browser.exemption,
        }),
    })
}

fn presence(presence: Presence) -> ShownPresence {
    match presence {
        Presence::Expected => ShownPresence::Expected,
        Presence::Admitted => ShownPresence::Admitted,
        Presence::Working => ShownPresence::Working,
        Presence::Disconnected => ShownPresence::Disconnected,
        Presence::OnBreak => ShownPresence::OnBreak,
        Presence::Paused => ShownPresence::Paused,
        Presence::Break => ShownPresence::Break,
        Presence::Finished => ShownPresence::Finished,
        Presence::Absent => ShownPresence::Absent,
    }
}

impl Shown {
    fn wants(&self, seat: &RegistrationId) -> bool {
        self.only.as_ref().is_none_or(|only| only.split(',').any(|wanted| wanted == seat.as_str()))
    }

    fn wants_incident(&self, incident: &Incident) -> bool {
        let kind = IncidentKind::parse(&self.incident_kind);
        kind.is_none_or(|kind| incident.kind == kind.as_str())
            && !(self.incident_open && incident.resolved_at.is_some())
    }

    fn filter(&self, visitor: &Visitor, any: bool) -> IncidentFilter {
        IncidentFilter { kinds: kinds(visitor, &self.incident_kind), open: self.incident_open, any }
    }
}

/// The kinds of incidents to choose from.
fn kinds(visitor: &Visitor, chosen: &str) -> Vec<Choice> {
    let choice = |kind: &IncidentKind| {
        let code = kind.as_str();
        Choice::new(code, incident_kind(visitor.shell.words, code)).chosen(code == chosen)
    };
    IncidentKind::ALL.iter().map(choice).collect()
}

/// The examinees to choose from, by name.
fn people(live: &live::Board, chosen: &str) -> Vec<Choice> {
    let mut people: Vec<Choice> = live
        .rows
        .iter()
        .map(|row| {
            Choice::new(row.registration.as_str(), row.person.name.as_str()).chosen(row.registration.0 == chosen)
        })
        .collect();
    people.sort_by(|a, b| a.label.cmp(&b.label));
    people
}

fn new_message(live: &live::Board, refused: Option<(MessageForm, Vec<FieldError>)>) -> NewMessage {
    let (sent, problems) = refused.map_or((None, Vec::new()), |(sent, problems)| (Some(sent), problems));
    let to = sent.as_ref().and_then(|s| s.message_to.as_deref()).unwrap_or_default();
    NewMessage { people: people(live, to), text: sent.as_ref().map(|s| s.text.clone()).unwrap_or_default(), problems }
}

fn message_line(file: MessageFile) -> MessageLine {
    MessageLine {
        at: Instant(file.message.sent_at).utc(),
        to: file.to.map(|person| person.name),
        text: file.message.body,
        from: file.from.name,
    }
}

fn closing_line(file: ClosingFile) -> ClosingLine {
    ClosingLine {
        at: file.closing.at.utc(),
        whose: file.whose.name,
        part: if file.closing.part == Part::One { 1 } else { 2 },
        reason: file.closing.reason,
        by: file.by.name,
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
        resolution: file.resolution.map(|(note, by)| (note, by.name)),
    }
}

fn new_incident(
    visitor: &Visitor,
    live: &live::Board,
    refused: Option<(IncidentForm, Vec<FieldError>)>,
) -> NewIncidentView {
    let (sent, problems) = refused.map_or((None, Vec::new()), |(sent, problems)| (Some(sent), problems));
    let about = sent.as_ref().and_then(|s| s.registration.as_deref()).unwrap_or_default();
    let kind = sent.as_ref().map_or(IncidentKind::Technical.as_str(), |s| s.kind.as_str());
    NewIncidentView {
        people: people(live, about),
        kinds: kinds(visitor, kind),
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

/// `POST /sittings/{sitting}/outages/{outage}`
pub async fn outage_decide(visitor: Visitor, path: Path<(String, String)>, form: Form<OutageForm>) -> Answer {
    let (id, outage) = path.into_inner();
    visitor.proctor().outage_decide(&SittingId(id.clone()), outage, form.0.decision).await?;
    let done = match form.0.decision {
        OutageDecision::Grant => Done::OutageGranted,
        OutageDecision::Dismiss => Done::OutageDismissed,
    };
    Ok(see_other(&done.after(&urls::board(&id))))
}

/// `POST /sittings/{sitting}/messages`
pub async fn message_send(visitor: Visitor, id: Path<String>, form: Form<MessageForm>) -> Answer {
    let (id, form) = (SittingId(id.into_inner()), form.0);
    let to = form.message_to.clone().filter(|seat| !seat.is_empty()).map(RegistrationId);
    match visitor.proctor().message_send(&id, form.text.clone(), to).await {
        Ok(_) => Ok(see_other(&Done::MessageSent.after(&urls::board(id.as_str())))),
        Err(error) => {
            let refused = unaccepted(error, visitor.shell.words, &[MESSAGE_TEXT])?;
            let view = Refused { message: Some((form, refused.problems)), ..Refused::default() };
            let view = board_view(&visitor, &id, view).await?;
            Ok(Unaccepted::answer(refused.status, board(&visitor.shell, &view)))
        }
    }
}

/// `POST /attempts/{attempt}/closing`
pub async fn attempt_close(visitor: Visitor, id: Path<String>, form: Form<ClosingForm>) -> Answer {
    let id = AttemptId(id.into_inner());
    let sitting = visitor.proctor().sitting_of(&id).await?;
    match visitor.proctor().attempt_close(&id, form.0.reason).await {
        Ok(_) => Ok(see_other(&Done::PartClosed.after(&urls::board(sitting.as_str())))),
        Err(error) => {
            let refused = unaccepted(error, visitor.shell.words, &[REASON])?;
            above(visitor, &sitting, refused).await
        }
    }
}

/// `POST /sittings/{sitting}/pause`
pub async fn pause(visitor: Visitor, id: Path<String>, form: Form<PauseForm>) -> Answer {
    let (id, reason) = (SittingId(id.into_inner()), form.0.pause_reason);
    match visitor.proctor().pause(&id, reason.clone()).await {
        Ok(_) => Ok(see_other(&Done::Paused.after(&urls::board(id.as_str())))),
        Err(error) => {
            let refused = unaccepted(error, visitor.shell.words, &[PAUSE_REASON])?;
            let view = Refused { pause: Some((reason, refused.problems)), ..Refused::default() };
            let view = board_view(&visitor, &id, view).await?;
            Ok(Unaccepted::answer(refused.status, board(&visitor.shell, &view)))
        }
    }
}

/// `POST /sittings/{sitting}/resume`
pub async fn resume(visitor: Visitor, id: Path<String>, _: Form<Pressed>) -> Answer {
    let id = SittingId(id.into_inner());
    match visitor.proctor().resume(&id).await {
        // Somebody else pressed it first: what was wanted is so.
        Ok(_) | Err(Error::Refused(Refusal::NotPaused)) => {
            Ok(see_other(&Done::Resumed.after(&urls::board(id.as_str()))))
        }
        Err(other) => Err(other.into()),
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
pub(super) async fn above(visitor: Visitor, sitting: &SittingId, refused: Unaccepted) -> Answer {
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
pub async fn incident_resolve(visitor: Visitor, path: Path<(String, String)>, form: Form<ResolutionForm>) -> Answer {
    let (id, incident) = path.into_inner();
    visitor.proctor().incident_resolve(&SittingId(id.clone()), incident, form.0.note).await?;
    Ok(see_other(&Done::IncidentResolved.after(&urls::board(&id))))
}
