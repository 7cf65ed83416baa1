//! The file of an appeal: what was written, and the record of the exam that it is judged by.

use super::{
    Appeal, AppealId, AppealState, Arrangement, Case, Category, ClosedBy, Error, Ground, Instant, Involvement, Outcome,
    Part, Recount, RegistrationId, Serialize, Sighted, Term, Track, Tx, arrangement_of,
};
use crate::domain::refusal::Refusal;
use crate::store::releases::ResultRecord;

/// An appeal for who decides.
#[derive(Debug, Clone, Serialize)]
pub struct AppealFile {
    /// Which.
    pub id: AppealId,
    /// In whose seat.
    pub registration: RegistrationId,
    /// Who appeals.
    pub name: String,
    /// In which sitting.
    pub sitting: String,
    /// Its title.
    pub sitting_title: String,
    /// For which track.
    pub track: Track,
    /// For which category.
    pub category: Category,
    /// On what ground.
    pub ground: Ground,
    /// What was written.
    pub statement: String,
    /// RFC 3339.
    pub made_at: String,
    /// How it stands.
    pub state: AppealState,
    /// The name of who decided.
    pub decided_by: Option<String>,
    /// When it was decided or taken back, RFC 3339.
    pub decided_at: Option<String>,
    /// Why so.
    pub reason: Option<String>,
    /// The round of marking that it opened.
    pub round: Option<i64>,
    /// What counting again gave.
    pub recount: Option<Recount>,
    /// What the appealed result came to.
    pub outcome: Outcome,
    /// Both parts as they were sat.
    pub parts: Vec<PartOnRecord>,
    /// What was arranged and held.
    pub arrangement: Option<Arrangement>,
    /// What happened, in order.
    pub timeline: Vec<Event>,
    /// The answers that count.
    pub marked: Vec<Marked>,
    /// The code of the refusal that the asker would meet in deciding; nothing when they may.
    pub barred: Option<&'static str>,
}

/// A part as it was sat.
#[derive(Debug, Clone, Serialize)]
pub struct PartOnRecord {
    /// Which.
    pub part: Part,
    /// What it came to.
    pub outcome: Outcome,
    /// When it was started, RFC 3339; nothing where it was not.
    pub started_at: Option<String>,
    /// When it was closed, RFC 3339.
    pub closed_at: Option<String>,
    /// By whom.
    pub closed_by: Option<ClosedBy>,
    /// How many answers were stored.
    pub answered: Option<i64>,
    /// The clock's explanation.
    pub terms: Vec<Term>,
}

/// An answer that counts.
#[derive(Debug, Clone, Serialize)]
pub struct Marked {
    /// Its position.
    pub position: i64,
    /// The vignette's title.
    pub vignette: String,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// When, RFC 3339.
    pub at: String,
    /// What.
    #[serde(flatten)]
    pub what: EventKind,
}

/// What happened. Nothing tells who read, or what they gave.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The seat was given.
    Seat,
    /// The identity was confirmed.
    Admitted,
    /// A part was started.
    Started {
        /// Which.
        part: Part,
    },
    /// A part was closed.
    Closed {
        /// Which.
        part: Part,
    },
    /// An incident was recorded.
    Incident {
        /// Of what kind.
        incident: String,
        /// What happened.
        note: String,
        /// Whether it concerned this seat alone.
        own: bool,
    },
    /// An answer was given to a reader.
    Given {
        /// Of which position.
        position: i64,
        /// In which round of marking.
        round: i64,
    },
    /// A reading was sealed.
    Sealed {
        /// Of which position.
        position: i64,
        /// In which round of marking.
        round: i64,
        /// Whether it was a correction.
        correction: bool,
    },
    /// The release was prepared.
    Prepared,
    /// The result was released.
    Released,
    /// The appeal was made.
    Appealed,
}

pub(super) fn file(tx: &mut Tx<'_, Sighted>, case: &Case, involved: Involvement) -> Result<AppealFile, Error> {
    let Case { appeal, course, .. } = case;
    let result = tx.results_of_release(&appeal.release)?;
    let result = result.into_iter().find(|result| result.registration == appeal.registration);
    let result = result.ok_or_else(|| Error::stored("appeal: its result is missing"))?;
    let decided_by = match &appeal.decided_by {
        Some(who) => Some(tx.person(who)?.name),
        None => None,
    };
    Ok(AppealFile {
        name: tx.person(&course.registration.person)?.name,
        sitting: course.sitting.id.0.clone(),
        sitting_title: course.sitting.terms.title.clone(),
        track: course.registration.track,
        category: course.registration.category,
        arrangement: arrangement_of(tx, course)?.map(|row| row.arrangement()),
        timeline: timeline(tx, case)?,
        marked: marked(tx, case)?,
        parts: parts(tx, case, &result)?,
        barred: barred(appeal, involved),
        outcome: result.outcome,
        decided_by,
        id: appeal.id.clone(),
        registration: appeal.registration.clone(),
        ground: appeal.ground,
        statement: appeal.statement.clone(),
        made_at: appeal.made_at.rfc3339(),
        state: appeal.state,
        decided_at: appeal.decided_at.map(Instant::rfc3339),
        reason: appeal.reason.clone(),
        round: appeal.round,
        recount: appeal.recount.clone(),
    })
}

fn barred(appeal: &Appeal, involved: Involvement) -> Option<&'static str> {
    match involved.may_decide() {
        Err(refusal) => Some(refusal.code()),
        Ok(()) if appeal.state != AppealState::Open => Some(Refusal::AppealDecided.code()),
        Ok(()) => None,
    }
}

fn parts(tx: &mut Tx<'_, Sighted>, case: &Case, result: &ResultRecord) -> Result<Vec<PartOnRecord>, Error> {
    let mut parts = Vec::new();
    for told in &result.parts {
        let attempt = case.course.attempt(told.part);
        let receipt = attempt.and_then(|attempt| attempt.receipt.as_ref());
        parts.push(PartOnRecord {
            part: told.part,
            outcome: told.outcome,
            started_at: attempt.map(|attempt| attempt.started_at.rfc3339()),
            closed_at: receipt.map(|receipt| receipt.closed_at.clone()),
            closed_by: receipt.map(|receipt| receipt.closed_by),
            answered: receipt.map(|receipt| receipt.answered),
            terms: match attempt {
                Some(attempt) => tx.terms_of(&attempt.id)?,
                None => Vec::new(),
            },
        });
    }
    Ok(parts)
}

fn marked(tx: &mut Tx<'_, Sighted>, case: &Case) -> Result<Vec<Marked>, Error> {
    let first = case.scripts.iter().filter(|script| script.round == 0);
    let mut found = Vec::new();
    for script in first {
        let vignette = tx.vignette(&script.vignette.0, script.vignette.1)?.title;
        found.push(Marked { position: script.position, vignette });
    }
    found.sort_by_key(|marked| marked.position);
    Ok(found)
}

fn timeline(tx: &mut Tx<'_, Sighted>, case: &Case) -> Result<Vec<Event>, Error> {
    let seat = &case.course.registration;
    let mut events = vec![(seat.created_at, EventKind::Seat), (case.appeal.made_at, EventKind::Appealed)];
    events.extend(seat.admitted_at.map(|at| (at, EventKind::Admitted)));
    for attempt in case.course.one.iter().chain(&case.course.two) {
        events.push((attempt.started_at, EventKind::Started { part: attempt.part }));
        let closed_at = attempt.receipt.as_ref().and_then(|receipt| Instant::parse(&receipt.closed_at));
        events.extend(closed_at.map(|at| (at, EventKind::Closed { part: attempt.part })));
    }
    for incident in tx.incidents(&case.course.sitting.id)? {
        let own = incident.registration_id.as_ref() == Some(&seat.id.0);
        if own || incident.registration_id.is_none() {
            let what = EventKind::Incident { incident: incident.kind, note: incident.note, own };
            events.push((Instant(incident.reported_at), what));
        }
    }
    for dates in tx.reading_dates(&case.script_ids())? {
        let Some(of) = case.scripts.iter().find(|script| script.id == dates.script) else { continue };
        let (position, round) = (of.position, of.round);
        events.push((dates.given_at, EventKind::Given { position, round }));
        let sealed = dates.sealed_at.into_iter().enumerate();
        events.extend(sealed.map(|(n, at)| (at, EventKind::Sealed { position, round, correction: n > 0 })));
    }
    let release = tx.release(&case.appeal.release)?;
    events.push((Instant(release.prepared_at), EventKind::Prepared));
    events.extend(release.approved_at.map(|at| (Instant(at), EventKind::Released)));
    // The sort is stable: what happened in one instant stays in the order in which it is listed here.
    events.sort_by_key(|(at, _)| *at);
    Ok(events.into_iter().map(|(at, what)| Event { at: at.rfc3339(), what }).collect())
}
