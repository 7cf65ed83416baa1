//! The clerk: what nobody clicks. Closes parts whose time is up, looks at panels, delivers mail, reminds, tidies up.
//!
//! Every round is safe to repeat and safe to run on several machines at once: each step looks at the facts again inside
//! its own transaction.

use serde_json::json;

use super::Office;
use super::closing::close;
use super::marking::{FIRST_READINGS, assign, due_on, reader_for, tell_reader};
use super::pulse::Beat;
use crate::domain::ids::{AttemptId, PersonId, ScriptId};
use crate::domain::panel::{self, Finding};
use crate::domain::timing::{CLOSING_GRACE_SECONDS, ClosedBy, Instant};
use crate::store::audit::Entry;
use crate::store::marking::{Reading, ReadingKind, Script};
use crate::store::outbox::Message;
use crate::store::people::Person;
use crate::store::readings::ReadingState;
use crate::store::sittings::Sitting;
use crate::store::{Call, Error, Fault, Sighted, Tx};

/// How many parts one step closes at the most.
const CLOSE_AT_ONCE: i64 = 64;
/// How many panels or messages one step looks at.
const AT_ONCE: i64 = 50;
/// How long answers to retried calls are remembered.
const CALLS_KEPT_SECONDS: i64 = 24 * 3600;
/// How long before its due date a reading is reminded of, and how often.
const REMINDER_SECONDS: i64 = 3 * 24 * 3600;

/// Closes every part whose time is up, also those that ran out while the server was down. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn close_overdue(office: &Office, now: Instant) -> Result<usize, Error> {
    let mut closed = 0;
    loop {
        let before = now.plus_seconds(-CLOSING_GRACE_SECONDS);
        let due = office.store.read(now, move |tx| tx.attempts_overdue(before, CLOSE_AT_ONCE)).await?;
        if due.is_empty() {
            return Ok(closed);
        }
        let key = office.receipts.clone();
        let done: Vec<AttemptId> = office
            .store
            .write(&Call::at(now), move |tx| {
                for id in &due {
                    let attempt = tx.attempt(id)?;
                    // Credit may have come in the meantime.
                    if attempt.clock.is_over(tx.now()) {
                        close(tx, &key, &attempt, attempt.clock.deadline, ClosedBy::Deadline, "clerk")?;
                    }
                }
                Ok(due.clone())
            })
            .await?;
        closed += done.len();
        done.into_iter().for_each(|id| office.pulse.tell(Beat::Closed(id)));
    }
}

/// Looks at every panel in which something was sealed or given back: settles scripts, calls third readers, finds
/// another reader for what was declined. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn look_at_panels(office: &Office, now: Instant) -> Result<usize, Error> {
    let due = office.store.read(now, |tx| tx.panels_due(AT_ONCE)).await?;
    for id in &due {
        let id = id.clone();
        office.store.write(&Call::at(now), move |tx| look_at(tx, &id)).await?;
    }
    Ok(due.len())
}

/// Looks at one panel.
pub(super) fn look_at(tx: &mut Tx<'_, Sighted>, id: &ScriptId) -> Result<(), Error> {
    tx.panel_done(id)?;
    let Some(script) = tx.script(id)? else { return Ok(()) };
    let sitting = tx.sitting(&script.sitting)?;
    let readings = tx.readings_of(std::slice::from_ref(id))?;
    keep_away(tx, &script, &readings)?;
    if tx.settlement(id)?.is_some() {
        return Ok(());
    }
    let standing = |kind| readings.iter().filter(move |r| r.kind == kind && r.state != ReadingState::Declined);
    // What was never given out waits for the coordinator's allocation; what came back is given to somebody else at once.
    let came_back = readings.iter().any(|r| r.kind == ReadingKind::First && r.state == ReadingState::Declined);
    let missing = FIRST_READINGS.saturating_sub(standing(ReadingKind::First).count());
    for _ in 0..if came_back { missing } else { 0 } {
        fill(tx, &script, &sitting, ReadingKind::First)?;
    }
    let sealed = |kind| standing(kind).filter(|r| r.state == ReadingState::Sealed);
    let mut first = Vec::new();
    for reading in sealed(ReadingKind::First) {
        first.push(tx.judged(&reading.id)?.0);
    }
    let third = match sealed(ReadingKind::Third).next() {
        Some(reading) => Some(tx.judged(&reading.id)?.0),
        None => None,
    };
    let policy = tx.policy(&sitting.association, sitting.terms.opens_at)?;
    match panel::find(&first, third.as_ref(), script.max_points, &policy) {
        Finding::Waiting => Ok(()),
        Finding::ThirdNeeded(_) if standing(ReadingKind::Third).next().is_some() => Ok(()),
        Finding::ThirdNeeded(_) => fill(tx, &script, &sitting, ReadingKind::Third),
        Finding::Settled(settlement) => {
            tx.settlement_add(id, &settlement)?;
            tx.audit(Entry {
                association: Some(sitting.association),
                actor: "clerk".into(),
                act: "script.settle",
                subject: id.0.clone(),
                detail: json!({ "settled_by": settlement.settled_by }),
            })
        }
    }
}

/// Whoever recognised the writer, or is in conflict, stays away from them for good.
fn keep_away(tx: &mut Tx<'_, Sighted>, script: &Script, readings: &[Reading]) -> Result<(), Error> {
    for reading in readings.iter().filter(|r| r.state == ReadingState::Declined) {
        if let Some(reason @ ("recognised" | "conflict")) = reading.decline_reason.as_deref() {
            tx.conflict_add(&reading.reviewer, &script.examinee, reason)?;
        }
    }
    Ok(())
}

/// Gives a script to one more reader, if there is one. If not, the coordinator's marking page shows the gap, and the
/// next allocation fills it.
fn fill(tx: &mut Tx<'_, Sighted>, script: &Script, sitting: &Sitting, kind: ReadingKind) -> Result<(), Error> {
    let Some(reader) = reader_for(tx, script, sitting)? else { return Ok(()) };
    let due_on = due_on(tx, sitting)?;
    assign(tx, &script.id, &reader, kind, &due_on)?;
    tell_reader(tx, &reader, &due_on)
}

/// Delivers what is due by `deliver`, which is called away from the threads that serve. Returns how many were tried.
///
/// # Errors
/// A fault of the database; a failed delivery is recorded, not returned.
pub async fn deliver_mail(
    office: &Office,
    now: Instant,
    deliver: impl Fn(&Message, &Person) -> Result<(), Fault> + Clone + Send + 'static,
) -> Result<usize, Error> {
    let due: Vec<(Message, Person)> = office
        .store
        .read(now, |tx| {
            let messages = tx.messages_due(AT_ONCE)?;
            messages
                .into_iter()
                .map(|m| {
                    let person = tx.person(&PersonId(m.person_id.clone()))?;
                    Ok((m, person))
                })
                .collect()
        })
        .await?;
    let tried = due.len();
    for (message, person) in due {
        let (work, letter) = (deliver.clone(), message.clone());
        let outcome = tokio::task::spawn_blocking(move || work(&letter, &person)).await;
        let sent = matches!(outcome, Ok(Ok(())));
        if !sent {
            tracing::warn!(message = message.id, tries = message.tries + 1, "a message could not be delivered");
        }
        office.store.write_unaudited(&Call::at(now), move |tx| tx.message_delivered(&message, sent)).await?;
    }
    Ok(tried)
}

/// Reminds reviewers of what is due soon. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn remind(office: &Office, now: Instant) -> Result<usize, Error> {
    office
        .store
        .write_unaudited(&Call::at(now), move |tx| {
            let soon = now.plus_seconds(REMINDER_SECONDS).utc().date_naive().to_string();
            let due = tx.readings_to_remind(&soon, now.plus_seconds(-REMINDER_SECONDS), AT_ONCE)?;
            let mut told: Vec<PersonId> = Vec::new();
            for (reading, reviewer, due_on) in &due {
                tx.reading_reminded(reading)?;
                // One message a person and round, however many scripts wait.
                if !told.contains(reviewer) {
                    let count = tx.readings_open(reviewer)?;
                    tx.message_add(reviewer, "review_reminder", &json!({ "count": count, "due_on": due_on }))?;
                    told.push(reviewer.clone());
                }
            }
            Ok(due.len())
        })
        .await
}

/// Forgets what need not be kept.
///
/// # Errors
/// A fault of the database.
pub async fn tidy(office: &Office, now: Instant) -> Result<usize, Error> {
    office
        .store
        .write_unaudited(&Call::at(now), move |tx| {
            let calls = tx.answered_calls_forget(now.plus_seconds(-CALLS_KEPT_SECONDS))?;
            let failures = tx.sign_in_failures_forget(now.plus_seconds(-CALLS_KEPT_SECONDS))?;
            Ok(calls + failures + tx.sessions_forget(now.plus_seconds(-30 * CALLS_KEPT_SECONDS))?)
        })
        .await
}
