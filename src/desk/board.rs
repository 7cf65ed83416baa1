//! The board of a sitting: one row a seat, computed in a handful of queries however many there are.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::sitting_for;
use super::proctor::Proctor;
use super::system_check::CheckBrief;
use crate::domain::attempt::{PartState, part_state};
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SittingId};
use crate::domain::presence::{Presence, PresenceFacts, presence};
use crate::domain::rights::Act;
use crate::domain::safe_browser::Standing;
use crate::domain::stop::{Span, moved_by};
use crate::domain::timing::{ClockFacts, Instant, Term, TermKind};
use crate::domain::vocabulary::Part;
use crate::store::attempts::Attempt;
use crate::store::registrations::Registration;
use crate::store::safe_browser::BrowserSeat;
use crate::store::sittings::{Incident, Sitting};
use crate::store::system_checks::Report;
use crate::store::{Error, Sighted, Tx};

/// The live board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Board {
    /// The server's time, RFC 3339.
    pub now: String,
    /// One row a seat, those that need attention first.
    #[serde(rename = "items")]
    pub rows: Vec<BoardRow>,
    /// A board is one page of a list.
    pub next: Option<String>,
    /// The pause in which the sitting is.
    pub pause: Option<BoardPause>,
    /// How long the room's logs are.
    pub log: BoardLog,
}

/// How long the room's logs are: whoever shows them sees from it that they have become longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct BoardLog {
    /// Messages sent.
    pub messages: i64,
    /// Incidents recorded.
    pub incidents: usize,
    /// Those dealt with.
    pub resolved: usize,
    /// Parts that a proctor ended.
    pub closings: usize,
}

/// A pause on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardPause {
    /// Which.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Since when, RFC 3339.
    pub paused_at: String,
}

/// One seat on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// How the last system check went, if there was one.
    pub system_check: Option<CheckBrief>,
    /// How they stand with regard to Safe Exam Browser, where the sitting asks for it.
    pub safe_exam_browser: Option<BoardBrowser>,
}

/// Safe Exam Browser on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardBrowser {
    /// How they stand.
    pub state: Standing,
    /// When it was proved last, RFC 3339.
    pub proved_at: Option<String>,
    /// When somebody was turned away from this seat, last.
    pub refused_at: Option<String>,
    /// How many answers came from a session that had proved nothing.
    pub unproved_saves: i64,
    /// Why they are exempt, where they are.
    pub exemption: Option<String>,
}

impl BoardBrowser {
    fn of(seat: BrowserSeat, now: Instant) -> Self {
        Self {
            state: seat.facts.standing(now),
            proved_at: seat.facts.proved_at.map(Instant::rfc3339),
            refused_at: seat.facts.refused_at.map(Instant::rfc3339),
            unproved_saves: seat.facts.unproved_saves,
            exemption: seat.exemption,
        }
    }
}

/// Who sits there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardPerson {
    /// Who.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A part on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardPart {
    /// Which.
    pub part: Part,
    /// How it stands.
    pub state: PartState,
}

/// A running part on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Running {
    /// The attempt.
    pub attempt: AttemptId,
    /// Which part.
    pub part: Part,
    /// Positions answered.
    pub answered: i64,
    /// Positions in all.
    pub of: usize,
    /// When time is up, RFC 3339; while the clock stands, when it would be if it went on at once.
    pub deadline: String,
    /// What is left while the clock stands, in seconds.
    pub stopped_with_seconds: Option<i64>,
    /// Credit granted so far.
    pub credited_seconds: i64,
    /// What its time is made of.
    pub terms: Vec<Term>,
}

impl Proctor {
    /// The board with its sitting.
    ///
    /// # Errors
    /// [`Refusal::NotFound`](crate::domain::refusal::Refusal::NotFound),
    /// [`Refusal::RoleRequired`](crate::domain::refusal::Refusal::RoleRequired).
    pub async fn board(&self, id: &SittingId) -> Result<(Sitting, Board), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::SeeBoard, &id)?;
                let board = board_of(tx, &sitting)?;
                Ok((sitting, board))
            })
            .await
    }
}

/// What is loaded once for all rows.
struct Room {
    attempts: BTreeMap<RegistrationId, Vec<Attempt>>,
    terms: BTreeMap<AttemptId, Vec<Term>>,
    progress: BTreeMap<AttemptId, (Option<Instant>, i64)>,
    late: BTreeMap<AttemptId, i64>,
    open_incidents: BTreeMap<String, usize>,
    checks: BTreeMap<PersonId, Report>,
    /// Where the sitting asks for the browser.
    browsers: Option<BTreeMap<RegistrationId, BrowserSeat>>,
    closes_at: Instant,
}

/// The board of a sitting as it is now.
pub(super) fn board_of(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Board, Error> {
    let (id, now) = (&sitting.id, tx.now());
    let pauses = tx.pauses(id)?;
    let spans: Vec<Span> = pauses.iter().map(|pause| pause.span()).collect();
    let mut attempts: BTreeMap<RegistrationId, Vec<Attempt>> = BTreeMap::new();
    for attempt in tx.attempts_in(id)? {
        attempts.entry(attempt.registration.clone()).or_default().push(attempt);
    }
    let incidents = tx.incidents(id)?;
    let log = BoardLog {
        messages: tx.room_messages_since(id, Instant(0))?,
        incidents: incidents.len(),
        resolved: incidents.iter().filter(|incident| incident.resolved_at.is_some()).count(),
        closings: tx.proctor_closings_in(id)?.len(),
    };
    let room = Room {
        attempts,
        terms: tx.terms_in(id)?,
        progress: tx.progress_in(id)?,
        late: tx.late_in(id)?,
        open_incidents: open_incidents(&incidents),
        checks: tx.system_checks_in(id)?,
        browsers: tx.browser_requirement(id)?.map(|_| tx.browser_seats(id)).transpose()?,
        closes_at: moved_by(sitting.terms.closes_at, &spans),
    };
    let seats = tx.registrations_in(id)?;
    let holders: Vec<String> = seats.iter().map(|seat| seat.person.0.clone()).collect();
    let names: BTreeMap<String, String> = tx.people(&holders)?.into_iter().map(|p| (p.id, p.name)).collect();
    let mut rows: Vec<BoardRow> = seats
        .into_iter()
        .map(|seat| {
            let name = names.get(seat.person.as_str()).cloned().unwrap_or_default();
            row_of(&room, seat, name, now)
        })
        .collect();
    // Who needs somebody comes first; within that by name, so that rows keep their places.
    rows.sort_by_cached_key(|r| (!r.attention, r.person.name.clone(), r.registration.clone()));
    let pause = pauses.into_iter().find(|pause| pause.resumed_at.is_none()).map(|pause| BoardPause {
        id: pause.id,
        reason: pause.reason,
        paused_at: Instant(pause.paused_at).rfc3339(),
    });
    Ok(Board { now: now.rfc3339(), rows, next: None, pause, log })
}

/// How many incidents are open, by seat.
fn open_incidents(incidents: &[Incident]) -> BTreeMap<String, usize> {
    let mut open = BTreeMap::new();
    for incident in incidents.iter().filter(|incident| incident.resolved_at.is_none()) {
        if let Some(seat) = &incident.registration_id {
            *open.entry(seat.clone()).or_default() += 1;
        }
    }
    open
}

fn row_of(room: &Room, seat: Registration, name: String, now: Instant) -> BoardRow {
    let own = room.attempts.get(&seat.id).map_or(&[][..], Vec::as_slice);
    let (last_save, answered) = own.last().and_then(|a| room.progress.get(&a.id).copied()).unwrap_or_default();
    let last_contact = own.iter().map(|a| a.last_contact_at).max().max(last_save);
    let clocks: Vec<ClockFacts> = own.iter().map(|a| a.clock).collect();
    let admitted = seat.admitted_at.is_some();
    let facts = PresenceFacts { clocks: &clocks, admitted, last_contact, closes_at: room.closes_at };
    let presence = presence(&facts, now);
    let running = own.iter().rev().find(|a| !a.clock.is_over(now)).map(|a| running(room, a, answered, now));
    let incidents = room.open_incidents.get(seat.id.as_str()).copied().unwrap_or_default();
    let browser = room.browsers.as_ref().map(|known| known.get(&seat.id).cloned().unwrap_or_default());
    let unproved = browser.as_ref().is_some_and(|b| b.facts.needs_attention(presence == Presence::Working, now));
    BoardRow {
        safe_exam_browser: browser.map(|seat| BoardBrowser::of(seat, now)),
        system_check: room.checks.get(&seat.person).map(CheckBrief::from),
        person: BoardPerson { id: seat.person.0, name },
        attention: presence == Presence::Disconnected || incidents > 0 || unproved,
        parts: parts_of(own, now),
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
    }
}

fn running(room: &Room, attempt: &Attempt, answered: i64, now: Instant) -> Running {
    let terms = room.terms.get(&attempt.id).cloned().unwrap_or_default();
    let standing = attempt.clock.standing(now).is_some();
    Running {
        attempt: attempt.id.clone(),
        part: attempt.part,
        answered,
        of: attempt.limits.len(),
        deadline: if standing { attempt.clock.deadline } else { attempt.clock.ends_at(now) }.rfc3339(),
        stopped_with_seconds: standing.then(|| attempt.clock.remaining_seconds(now)),
        credited_seconds: terms.iter().filter(|t| t.kind == TermKind::Credit).map(|t| t.seconds).sum(),
        terms,
    }
}

fn parts_of(attempts: &[Attempt], now: Instant) -> Vec<BoardPart> {
    let clock = |part| attempts.iter().find(|a| a.part == part).map(|a| a.clock);
    let (one, two) = (clock(Part::One), clock(Part::Two));
    let state = |part| part_state(one.as_ref(), two.as_ref(), part, now);
    Part::ALL.iter().map(|part| BoardPart { part: *part, state: state(*part) }).collect()
}

/// Where the holder of a seat is, as far as their attempts tell.
pub(super) fn presence_at(sitting: &Sitting, seat: &Registration, attempts: &[Attempt], now: Instant) -> Presence {
    let clocks: Vec<ClockFacts> = attempts.iter().map(|a| a.clock).collect();
    let (admitted, closes_at) = (seat.admitted_at.is_some(), sitting.terms.closes_at);
    presence(&PresenceFacts { clocks: &clocks, admitted, last_contact: None, closes_at }, now)
}
