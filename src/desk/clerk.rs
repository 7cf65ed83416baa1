//! The clerk: what nobody clicks. Closes parts whose time is up, looks at panels, delivers mail, reminds, tidies up.
//!
//! Every round is safe to repeat and safe to run on several machines at once: each step looks at the facts again inside
//! its own transaction.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;

use super::Office;
use super::closing::close;
use super::panel::look_at;
use super::pulse::Beat;
use super::screening::findings_of;
use super::stops::settle;
use crate::domain::absence::away_until;
use crate::domain::ids::{AttemptId, PersonId};
use crate::domain::timing::{CLOSING_GRACE_SECONDS, ClosedBy, Instant};
use crate::domain::workload::reminder_is_due;
use crate::store::outbox::Message;
use crate::store::people::Person;
use crate::store::{Call, Error, Fault, Sighted, Tx};

/// How many parts one step closes at the most.
const CLOSE_AT_ONCE: i64 = 64;
/// How many panels or messages one step looks at.
const AT_ONCE: i64 = 50;
/// How long answers to retried calls are remembered.
const CALLS_KEPT_SECONDS: i64 = 24 * 3600;
/// How long nobody is reminded again.
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
        // Side by side, so that they share commits; each in a transaction of its own, so that one which cannot be closed
        // keeps no other open.
        let outcomes = join_all(due.iter().map(|id| close_one(office, now, id))).await;
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        closed += done;
        let failure = outcomes.into_iter().find_map(Result::err);
        match failure {
            Some(error) if done == 0 => return Err(error),
            Some(error) => tracing::error!(%error, "a part whose time is up could not be closed"),
            None => {}
        }
    }
}

/// Lets the clocks run on of those whose break has lasted as long as it may. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn end_lapsed_breaks(office: &Office, now: Instant) -> Result<usize, Error> {
    let due = office.store.read(now, |tx| tx.breaks_lapsed(AT_ONCE)).await?;
    for id in &due {
        let wanted = id.clone();
        let settled = move |tx: &mut Tx<'_, Sighted>| {
            let attempt = tx.attempt(&wanted)?;
            let lapsed = attempt.clock.stop.is_some_and(|stop| !stop.holds(tx.now()));
            if lapsed && attempt.receipt.is_none() { settle(tx, &attempt).map(|_| ()) } else { Ok(()) }
        };
        office.store.write_unaudited(&Call::at(now), settled).await?;
        office.pulse.tell(Beat::Clock(id.clone()));
    }
    Ok(due.len())
}

async fn close_one(office: &Office, now: Instant, id: &AttemptId) -> Result<(), Error> {
    let (wanted, key) = (id.clone(), office.receipts.clone());
    office
        .store
        .write(&Call::at(now), move |tx| {
            let attempt = tx.attempt(&wanted)?;
            // Credit may have come in the meantime.
            if attempt.clock.is_over(tx.now()) {
                let ended = attempt.clock.ends_at(tx.now());
                close(tx, &key, &attempt, ended, ClosedBy::Deadline, "clerk")?;
            }
            Ok(())
        })
        .await?;
    office.pulse.tell(Beat::Closed(id.clone()));
    Ok(())
}

/// Looks at every panel in which something was sealed or given back: settles scripts, calls third readers, finds
/// another reader for what was declined. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn look_at_panels(office: &Office, now: Instant) -> Result<usize, Error> {
    let due = office.store.read(now, |tx| tx.panels_due(AT_ONCE)).await?;
    let mut failure = None;
    for id in &due {
        let id = id.clone();
        // One that fails stays on the list and keeps no other waiting.
        failure = office.store.write(&Call::at(now), move |tx| look_at(tx, &id)).await.err().or(failure);
    }
    failure.map_or(Ok(due.len()), Err)
}

/// Screens scripts that are new. Returns how many.
///
/// # Errors
/// A fault of the database.
pub async fn screen_scripts(office: &Office, now: Instant) -> Result<usize, Error> {
    let mut done = 0;
    loop {
        let new = office.store.read(now, |tx| tx.scripts_unscreened(AT_ONCE)).await?;
        for id in &new {
            // Looked through on a snapshot: whoever writes answers does not wait for it.
            let wanted = id.clone();
            let found = office
                .store
                .read(now, move |tx| match tx.script(&wanted)? {
                    Some(script) => findings_of(tx, &script),
                    None => Ok(Vec::new()),
                })
                .await?;
            let wanted = id.clone();
            office
                .store
                .write_unaudited(&Call::at(now), move |tx| {
                    // Somebody may have allocated, and so screened, in the meantime.
                    if tx.script_original(&wanted)?.1 { Ok(()) } else { tx.script_screened(&wanted, &found) }
                })
                .await?;
        }
        done += new.len();
        if new.is_empty() {
            return Ok(done);
        }
    }
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

/// Reminds reviewers of what is due soon, and of what is late: a script is reminded of three times at the most, nobody more
/// than once in three days, and nobody while they are absent. The message counts nothing. Returns how many were reminded.
///
/// # Errors
/// A fault of the database.
pub async fn remind(office: &Office, now: Instant) -> Result<usize, Error> {
    office
        .store
        .write_unaudited(&Call::at(now), move |tx| {
            let today = now.utc().date_naive();
            let waiting = tx.readings_to_remind(now.plus_seconds(-REMINDER_SECONDS), AT_ONCE)?;
            let readers: Vec<PersonId> = waiting.iter().map(|w| w.reviewer.clone()).collect();
            let absences = tx.absences(&readers)?;
            let mut told: BTreeMap<&PersonId, &str> = BTreeMap::new();
            for one in &waiting {
                let away = absences.get(&one.reviewer).is_some_and(|a| away_until(a, today).is_some());
                let due = one.due_on.parse().is_ok_and(|day| reminder_is_due(day, today, one.reminders));
                if due && !away {
                    tx.reading_reminded(&one.reading)?;
                    let first = told.entry(&one.reviewer).or_insert(&one.due_on);
                    *first = (*first).min(&one.due_on);
                }
            }
            for (who, due_on) in &told {
                tx.message_add(who, "review_reminder", &json!({ "due_on": due_on }))?;
            }
            Ok(told.len())
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
