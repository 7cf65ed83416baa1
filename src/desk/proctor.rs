//! The proctor's desk: the board of a sitting, admission, incidents. Coordinators use it too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::sitting_for;
use super::{Office, Place};
use crate::domain::attempt::{PartState, part_state};
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SessionId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::domain::timing::{Instant, Term, TermKind};
use crate::domain::vocabulary::{Part, spelled};
use crate::store::attempts::Attempt;
use crate::store::audit::Entry;
use crate::store::people::Person;
use crate::store::registrations::Registration;
use crate::store::sittings::{Incident, Sitting};
use crate::store::{Call, Error, Sighted, Tx};

/// After how long without a sign of life a page counts as disconnected.
const SILENT_SECONDS: i64 = 60;

/// The desk for the room.
pub struct Proctor(Place<Sighted>);

spelled! {
    /// Where an examinee is.
    Presence {
        /// Not here yet.
        Expected = "expected",
        /// Identity confirmed, not begun.
        Admitted = "admitted",
        /// At work.
        Working = "working",
        /// At work as far as the clock is concerned, but not heard of.
        Disconnected = "disconnected",
        /// Between the parts.
        Break = "break",
        /// Both parts closed.
        Finished = "finished",
        /// Did not come before the sitting closed.
        Absent = "absent",
    }
}

/// The live board.
#[derive(Debug, Clone, Serialize)]
pub struct Board {
    /// The server's time, RFC 3339.
    pub now: String,
    /// One row a seat, those that need attention first.
    #[serde(rename = "items")]
    pub rows: Vec<BoardRow>,
    /// A board is one page of a list.
    pub next: Option<String>,
}

/// One seat on the board.
#[derive(Debug, Clone, Serialize)]
pub struct BoardRow {
    /// The seat.
    pub registration: RegistrationId,
    /// Who sits there.
    pub person: BoardPerson,
    /// Where they are.
    pub presence: Presence,
    /// Whether somebody should look.
    pub attention: bool,
    /// Both parts.
    pub parts: Vec<BoardPart>,
    /// The part that runs.
    pub running: Option<Running>,
    /// When the page was last heard of, RFC 3339.
    pub last_contact: Option<String>,
    /// When an answer was last saved.
    pub last_save: Option<String>,
    /// How long ago that was.
    pub last_save_age_seconds: Option<i64>,
    /// How many positions of the running or last part are answered.
    pub answered: i64,
    /// When the running part's time is up.
    pub deadline: Option<String>,
    /// How many answers came late.
    pub late_answers: i64,
    /// Open incidents.
    pub incidents: usize,
}

/// Who sits there.
#[derive(Debug, Clone, Serialize)]
pub struct BoardPerson {
    /// Who.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A part on the board.
#[derive(Debug, Clone, Serialize)]
pub struct BoardPart {
    /// Which.
    pub part: Part,
    /// How it stands.
    pub state: PartState,
}

/// A running part on the board.
#[derive(Debug, Clone, Serialize)]
pub struct Running {
    /// The attempt.
    pub attempt: AttemptId,
    /// Which part.
    pub part: Part,
    /// Positions answered.
    pub answered: i64,
    /// Positions in all.
    pub of: usize,
    /// When time is up, RFC 3339.
    pub deadline: String,
    /// Credit granted so far.
    pub credited_seconds: i64,
    /// What its time is made of.
    pub terms: Vec<Term>,
}

/// Something to be recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewIncident {
    /// To whom, if to one.
    pub registration: Option<RegistrationId>,
    /// Of what kind.
    pub kind: String,
    /// What happened.
    pub note: String,
}

/// An incident with whom it concerns.
pub struct IncidentFile {
    /// What happened.
    pub incident: Incident,
    /// To whom, if to one.
    pub about: Option<Person>,
    /// Who says so.
    pub reported_by: Person,
}

impl Proctor {
    /// The desk of whoever holds that session.
    pub fn new(office: Office, session: SessionId, call: Call) -> Self {
        Self(Place::new(office, session, call))
    }

    /// The board with its sitting.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn board(&self, id: &SittingId) -> Result<(Sitting, Board), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::SeeBoard, &id)?;
                let room = Room {
                    attempts: tx.attempts_in(&id)?,
                    progress: tx.progress_in(&id)?,
                    late: tx.late_in(&id)?,
                    incidents: tx.incidents(&id)?,
                };
                let mut rows = Vec::new();
                for seat in tx.registrations_in(&id)? {
                    rows.push(row_of(tx, &sitting, &room, seat)?);
                }
                // Who needs somebody comes first; within that by name, so that rows keep their places.
                rows.sort_by_cached_key(|r| (!r.attention, r.person.name.clone(), r.registration.clone()));
                Ok((sitting, Board { now: tx.now().rfc3339(), rows, next: None }))
            })
            .await
    }

    /// In which sitting an attempt is made.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn sitting_of(&self, id: &AttemptId) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let seat = tx.attempt(&id)?.registration;
                let sitting = tx.registration(&seat)?.sitting;
                Ok(sitting_for(tx, me, Act::RunRoom, &sitting)?.id)
            })
            .await
    }

    /// In which sitting a seat is.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn sitting_of_seat(&self, id: &RegistrationId) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = tx.registration(&id)?.sitting;
                Ok(sitting_for(tx, me, Act::RunRoom, &sitting)?.id)
            })
            .await
    }

    /// Confirms an examinee's identity; with a reason, lets them in although they are late.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`]: letting somebody in late is the coordinator's to do.
    pub async fn admit(&self, id: &RegistrationId, late_reason: Option<String>) -> Result<(), Error> {
        let (id, told) = (id.clone(), id.clone());
        self.0
            .write(move |tx, me| {
                let seat = tx.registration(&id)?;
                let act = if late_reason.is_some() { Act::RunSittings } else { Act::RunRoom };
                let sitting = sitting_for(tx, me, act, &seat.sitting)?;
                if late_reason.as_ref().is_some_and(|r| r.trim().is_empty() || r.chars().count() > 500) {
                    return Err(Refusal::invalid("/late_reason", "between 1 and 500 characters").into());
                }
                tx.registration_admit(&id, late_reason.as_deref())?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "registration.admit",
                    subject: id.0.clone(),
                    detail: json!({ "late_reason": late_reason }),
                })
            })
            .await?;
        self.0.office.pulse.tell_seat(told);
        Ok(())
    }

    /// What happened in the room, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn incidents(&self, id: &SittingId) -> Result<Vec<IncidentFile>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                sitting_for(tx, me, Act::SeeBoard, &id)?;
                let mut files = Vec::new();
                for incident in tx.incidents(&id)?.into_iter().rev() {
                    let about = match incident.registration() {
                        Some(seat) => {
                            let who = tx.registration(&seat)?.person;
                            Some(tx.person(&who)?)
                        }
                        None => None,
                    };
                    let reported_by = tx.person(&PersonId(incident.reported_by.clone()))?;
                    files.push(IncidentFile { incident, about, reported_by });
                }
                Ok(files)
            })
            .await
    }

    /// Records an incident.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn incident_add(&self, id: &SittingId, new: NewIncident) -> Result<Incident, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &id)?;
                if !INCIDENT_KINDS.contains(&new.kind.as_str()) {
                    return Err(Refusal::invalid("/kind", format!("one of {}", INCIDENT_KINDS.join(", "))).into());
                }
                if new.note.trim().is_empty() || new.note.chars().count() > 2000 {
                    return Err(Refusal::invalid("/note", "between 1 and 2000 characters").into());
                }
                if let Some(seat) = &new.registration
                    && tx.registration(seat)?.sitting != id
                {
                    return Err(Refusal::NotFound.into());
                }
                let incident = Incident {
                    id: tx.entropy().id(),
                    sitting_id: id.0.clone(),
                    registration_id: new.registration.as_ref().map(|r| r.0.clone()),
                    kind: new.kind.clone(),
                    note: new.note.clone(),
                    reported_by: me.person.0.clone(),
                    reported_at: tx.now().0,
                    resolved_at: None,
                };
                tx.incident_add(&incident)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "incident.record",
                    subject: incident.id.clone(),
                    detail: json!({ "sitting": id, "kind": new.kind, "registration": new.registration }),
                })?;
                Ok(incident)
            })
            .await
    }

    /// Marks an incident as dealt with.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn incident_resolve(&self, id: &SittingId, incident: String) -> Result<(), Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &id)?;
                tx.incident_resolve(&id, &incident)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "incident.resolve",
                    subject: incident.clone(),
                    detail: json!({ "sitting": id }),
                })
            })
            .await
    }
}

/// What an incident may be.
pub const INCIDENT_KINDS: [&str; 5] = ["technical", "disturbance", "health", "irregularity", "other"];

/// What is loaded once for all rows of a board.
struct Room {
    attempts: Vec<Attempt>,
    progress: BTreeMap<AttemptId, (Option<Instant>, i64)>,
    late: BTreeMap<AttemptId, i64>,
    incidents: Vec<Incident>,
}

fn row_of(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, room: &Room, seat: Registration) -> Result<BoardRow, Error> {
    let now = tx.now();
    let own: Vec<&Attempt> = room.attempts.iter().filter(|a| a.registration == seat.id).collect();
    let (last_save, answered) = own.last().and_then(|a| room.progress.get(&a.id).copied()).unwrap_or_default();
    let last_contact = own.iter().map(|a| a.last_contact_at).max().max(last_save);
    let presence = presence_of(sitting, &own, seat.admitted_at.is_some(), last_contact, now);
    let running = match own.iter().rev().find(|a| !a.clock.is_over(now)) {
        Some(attempt) => Some(running(tx, attempt, answered)?),
        None => None,
    };
    let open = |i: &&Incident| i.registration_id.as_deref() == Some(seat.id.as_str()) && i.resolved_at.is_none();
    let incidents = room.incidents.iter().filter(open).count();
    let person = tx.person(&seat.person)?;
    Ok(BoardRow {
        person: BoardPerson { id: person.id, name: person.name },
        attention: presence == Presence::Disconnected || incidents > 0,
        parts: parts_of(&own, now),
        deadline: running.as_ref().map(|r| r.deadline.clone()),
        last_contact: last_contact.map(Instant::rfc3339),
        last_save: last_save.map(Instant::rfc3339),
        last_save_age_seconds: last_save.map(|at| now.seconds_since(at)),
        late_answers: own.iter().filter_map(|a| room.late.get(&a.id)).sum(),
        incidents,
        registration: seat.id,
        presence,
        running,
        answered,
    })
}

fn running(tx: &mut Tx<'_, Sighted>, attempt: &Attempt, answered: i64) -> Result<Running, Error> {
    let terms = tx.terms_of(&attempt.id)?;
    Ok(Running {
        attempt: attempt.id.clone(),
        part: attempt.part,
        answered,
        of: attempt.limits.len(),
        deadline: attempt.clock.deadline.rfc3339(),
        credited_seconds: terms.iter().filter(|t| t.kind == TermKind::Credit).map(|t| t.seconds).sum(),
        terms,
    })
}

fn parts_of(attempts: &[&Attempt], now: Instant) -> Vec<BoardPart> {
    let clock = |part| attempts.iter().find(|a| a.part == part).map(|a| a.clock);
    let (one, two) = (clock(Part::One), clock(Part::Two));
    let state = |part| part_state(one.as_ref(), two.as_ref(), part, now);
    Part::ALL.iter().map(|part| BoardPart { part: *part, state: state(*part) }).collect()
}

/// Where the holder of a seat is, as far as their attempts tell.
pub(super) fn presence_at(sitting: &Sitting, seat: &Registration, attempts: &[Attempt], now: Instant) -> Presence {
    let attempts: Vec<&Attempt> = attempts.iter().collect();
    presence_of(sitting, &attempts, seat.admitted_at.is_some(), None, now)
}

fn presence_of(
    sitting: &Sitting,
    attempts: &[&Attempt],
    admitted: bool,
    last_contact: Option<Instant>,
    now: Instant,
) -> Presence {
    let silent = last_contact.is_none_or(|at| now.seconds_since(at) > SILENT_SECONDS);
    if attempts.iter().any(|a| !a.clock.is_over(now)) {
        return if silent { Presence::Disconnected } else { Presence::Working };
    }
    match attempts.len() {
        0 if now > sitting.terms.closes_at => Presence::Absent,
        0 if admitted => Presence::Admitted,
        0 => Presence::Expected,
        1 => Presence::Break,
        _ => Presence::Finished,
    }
}
