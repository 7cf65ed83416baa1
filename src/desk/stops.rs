//! What stops clocks: the pause of a whole sitting, and the stop-the-clock breaks of those who have them arranged.
//!
//! A stop is on record as itself while it lasts and becomes a term when it ends, in whole seconds; the two never count
//! together ([`Stop`]). Whoever meets a stop that has ended by itself settles it, the clerk at the latest.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::examinee::{ClockView, Examinee, clock_view};
use super::facts::{Course, arrangement_of, course, own_attempt, sitting_for};
use super::proctor::Proctor;
use super::pulse::Beat;
use crate::domain::ids::{AttemptId, PersonId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::domain::stop::{Stop, break_left};
use crate::domain::timing::{Instant, Term, TermKind};
use crate::store::attempts::Attempt;
use crate::store::audit::Entry;
use crate::store::sittings::Sitting;
use crate::store::stops::Pause;
use crate::store::{Error, Sighted, Tx};

/// A pause as those are told who call for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// Which.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Since when, RFC 3339.
    pub paused_at: String,
    /// Whose clocks stand.
    pub attempts: Vec<AttemptId>,
}

/// The end of a pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// Which.
    pub id: String,
    /// When it began, RFC 3339.
    pub paused_at: String,
    /// From when on the clocks run.
    pub resumed_at: String,
    /// How long it was.
    pub seconds: i64,
    /// Whose clocks run on.
    pub attempts: Vec<AttemptId>,
}

/// What a break is called among the terms of a clock.
pub(super) fn break_reason(seconds: i64) -> String {
    format!("break of {seconds} seconds")
}

/// Ends the stop of an attempt's clock as of now and puts on record what it gives back; does nothing where the clock
/// runs. A break that goes on beyond this (a pause came) is not ended by it.
pub(super) fn settle(tx: &mut Tx<'_, Sighted>, attempt: &Attempt) -> Result<Attempt, Error> {
    let Some(stop) = attempt.clock.stop else { return Ok(attempt.clone()) };
    let now = tx.now();
    let seconds = stop.seconds_at(now);
    let (kind, reason, by) = if stop.is_break() {
        tx.break_credit(&attempt.id, seconds)?;
        if !stop.holds(now) {
            tx.break_end(&attempt.id, stop.runs_from(now))?;
        }
        (TermKind::Accommodation, break_reason(seconds), None)
    } else {
        let pause = tx.pause_of(attempt)?.ok_or_else(|| Error::stored("clock_state: stopped by nothing"))?;
        (TermKind::Credit, pause.reason, Some(PersonId(pause.paused_by)))
    };
    let term = (seconds > 0).then_some(Term { kind, seconds, reason: Some(reason) });
    tx.clock_run(attempt, stop.runs_from(now), term.as_ref(), by.as_ref())
}

/// Whether the holder of that seat has stop-the-clock breaks.
pub(super) fn breaks_arranged(tx: &mut Tx<'_, Sighted>, of: &Course) -> Result<bool, Error> {
    Ok(arrangement_of(tx, of)?.is_some_and(|row| row.stop_clock_breaks))
}

/// How many seconds of breaks an attempt has left, by the policy in force.
fn break_seconds_left(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, attempt: &AttemptId) -> Result<i64, Error> {
    let longest = tx.policy(&sitting.association, sitting.terms.opens_at.min(tx.now()))?.longest_break_seconds;
    let taken = tx.breaks_of(attempt)?.iter().map(|taken| taken.seconds).sum();
    Ok(break_left(longest, taken))
}

/// Lets a break go on from `from` on, as long as it may; ends it where nothing is left.
fn continue_break(
    tx: &mut Tx<'_, Sighted>,
    sitting: &Sitting,
    attempt: &AttemptId,
    from: Instant,
) -> Result<(), Error> {
    match break_seconds_left(tx, sitting, attempt)? {
        0 => tx.break_end(attempt, from),
        left => tx.clock_stop(attempt, Stop { since: from, until: Some(from.plus_seconds(left)) }),
    }
}

/// A reason as given: something, and not too much.
pub(super) fn reason_of(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Refusal::invalid("/reason", "between 1 and 500 characters"));
    }
    Ok(reason.to_owned())
}

impl Proctor {
    /// Stops the clock of everybody whose part runs, and lets nobody start. A sitting that is paused already stays so, for
    /// the reason that was given first.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn pause(&self, id: &SittingId, reason: String) -> Result<Paused, Error> {
        let id = id.clone();
        let wanted = id.clone();
        let paused = self
            .0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &wanted)?;
                let reason = reason_of(&reason)?;
                if let Some(pause) = tx.pause_open(&wanted)? {
                    let standing = tx.attempts_in(&wanted)?.into_iter().filter(in_pause).map(|a| a.id).collect();
                    return Ok(paused(&pause, standing));
                }
                let pause = tx.pause_begin(&wanted, &reason, &me.person)?;
                let mut stopped = Vec::new();
                for attempt in tx.attempts_in(&wanted)? {
                    // Whoever is on a break: what it gave back so far is theirs, and during the pause it does not count.
                    let attempt = if attempt.receipt.is_none() { settle(tx, &attempt)? } else { attempt };
                    if let Some(since) = attempt.clock.stops_from(attempt.started_at, tx.now()) {
                        tx.clock_stop(&attempt.id, Stop { since, until: None })?;
                        stopped.push(attempt.id);
                    }
                }
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "sitting.pause",
                    subject: wanted.0.clone(),
                    detail: json!({ "pause": pause.id, "reason": reason, "attempts": stopped.len() }),
                })?;
                Ok(paused(&pause, stopped))
            })
            .await?;
        self.tell_room(&id, &paused.attempts).await?;
        Ok(paused)
    }

    /// Lets a paused sitting go on: every clock runs on with exactly the time that was left.
    ///
    /// # Errors
    /// [`Refusal::NotPaused`], [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn resume(&self, id: &SittingId) -> Result<Resumed, Error> {
        let id = id.clone();
        let wanted = id.clone();
        let resumed = self
            .0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &wanted)?;
                let pause = tx.pause_open(&wanted)?.ok_or(Refusal::NotPaused)?;
                let mut attempts = Vec::new();
                for attempt in tx.attempts_in(&wanted)?.iter().filter(|a| in_pause(a)) {
                    let attempt = settle(tx, attempt)?;
                    if tx.breaks_of(&attempt.id)?.iter().any(|taken| taken.ended_at.is_none()) {
                        let from = attempt.clock.runs_from.unwrap_or(tx.now());
                        continue_break(tx, &sitting, &attempt.id, from)?;
                    }
                    attempts.push(attempt.id);
                }
                let began = Instant(pause.paused_at);
                let seconds = tx.now().seconds_since(began);
                let resumed_at = began.plus_seconds(seconds);
                tx.pause_end(&pause, resumed_at, &me.person)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "sitting.resume",
                    subject: wanted.0.clone(),
                    detail: json!({ "pause": pause.id, "seconds": seconds, "attempts": attempts.len() }),
                })?;
                Ok(Resumed {
                    id: pause.id,
                    paused_at: began.rfc3339(),
                    resumed_at: resumed_at.rfc3339(),
                    seconds,
                    attempts,
                })
            })
            .await?;
        self.tell_room(&id, &resumed.attempts).await?;
        Ok(resumed)
    }

    /// Tells whoever works, whoever waits to start, and whoever watches.
    async fn tell_room(&self, id: &SittingId, attempts: &[AttemptId]) -> Result<(), Error> {
        let pulse = &self.0.office.pulse;
        attempts.iter().for_each(|attempt| pulse.tell(Beat::Clock(attempt.clone())));
        pulse.tell(Beat::Room(id.clone()));
        let wanted = id.clone();
        for seat in self.0.store.read(self.0.now(), move |tx| tx.registrations_in(&wanted)).await? {
            pulse.tell_seat(seat.id);
        }
        Ok(())
    }
}

fn in_pause(attempt: &Attempt) -> bool {
    attempt.receipt.is_none() && attempt.clock.stop.is_some_and(|stop| !stop.is_break())
}

fn paused(pause: &Pause, attempts: Vec<AttemptId>) -> Paused {
    Paused {
        id: pause.id.clone(),
        reason: pause.reason.clone(),
        paused_at: Instant(pause.paused_at).rfc3339(),
        attempts,
    }
}

impl Examinee {
    /// Begins a stop-the-clock break; does nothing during one.
    ///
    /// # Errors
    /// [`Refusal::BreakNotArranged`], [`Refusal::BreakUsedUp`], [`Refusal::SittingPaused`], [`Refusal::PartClosed`],
    /// [`Refusal::NotFound`].
    pub async fn break_begin(&self, id: &AttemptId) -> Result<ClockView, Error> {
        let wanted = id.clone();
        self.0
            .write(move |tx, me| {
                let (attempt, seat) = own_attempt(tx, &me.person, &wanted)?;
                if attempt.clock.is_over(tx.now()) {
                    return Err(Refusal::PartClosed { late: false }.into());
                }
                let course = course(tx, seat)?;
                if !breaks_arranged(tx, &course)? {
                    return Err(Refusal::BreakNotArranged.into());
                }
                let sitting = course.sitting;
                match attempt.clock.standing(tx.now()) {
                    Some(stop) if stop.is_break() => return Ok(()),
                    Some(_) => return Err(Refusal::SittingPaused.into()),
                    None => {}
                }
                let attempt = settle(tx, &attempt)?;
                if break_seconds_left(tx, &sitting, &attempt.id)? == 0 {
                    return Err(Refusal::BreakUsedUp.into());
                }
                let closed = Refusal::PartClosed { late: false };
                let since = attempt.clock.stops_from(attempt.started_at, tx.now()).ok_or(closed)?;
                tx.break_begin(&attempt.id)?;
                continue_break(tx, &sitting, &attempt.id, since)?;
                audit_break(tx, &sitting, me.person.as_str(), &attempt, "attempt.break_begin")
            })
            .await?;
        self.told_of_break(id).await
    }

    /// Ends a break: the clock runs on. Does nothing when none is being taken.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn break_end(&self, id: &AttemptId) -> Result<ClockView, Error> {
        let wanted = id.clone();
        self.0
            .write(move |tx, me| {
                let (attempt, seat) = own_attempt(tx, &me.person, &wanted)?;
                if !tx.breaks_of(&attempt.id)?.iter().any(|taken| taken.ended_at.is_none()) {
                    return Ok(());
                }
                // During a pause the clock stands all the same; only the break does not go on after it.
                let in_break = attempt.clock.stop.is_some_and(|stop| stop.is_break());
                let attempt = if in_break { settle(tx, &attempt)? } else { attempt };
                tx.break_end(&attempt.id, tx.now())?;
                let sitting = tx.sitting(&seat.sitting)?;
                audit_break(tx, &sitting, me.person.as_str(), &attempt, "attempt.break_end")
            })
            .await?;
        self.told_of_break(id).await
    }

    async fn told_of_break(&self, id: &AttemptId) -> Result<ClockView, Error> {
        self.0.office.pulse.tell(Beat::Clock(id.clone()));
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (attempt, _) = own_attempt(tx, &me.person, &id)?;
                clock_view(tx, &attempt)
            })
            .await
    }
}

fn audit_break(
    tx: &mut Tx<'_, Sighted>,
    sitting: &Sitting,
    actor: &str,
    attempt: &Attempt,
    act: &'static str,
) -> Result<(), Error> {
    let seconds: i64 = tx.breaks_of(&attempt.id)?.iter().map(|taken| taken.seconds).sum();
    tx.audit(Entry {
        association: Some(sitting.association.clone()),
        actor: actor.to_owned(),
        act,
        subject: attempt.id.0.clone(),
        detail: json!({ "part": attempt.part, "break_seconds": seconds }),
    })
}
