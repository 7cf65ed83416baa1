//! The panel of a script: who reads it, and what follows from what they sealed. The clerk and the coordinator's desk
//! share it; no reviewer's desk does, since it knows both the writer and the readers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use serde_json::json;

use super::allocation::Facts;
use super::calibration;
use super::screening::undecided;
use crate::domain::ids::{AssociationId, PersonId, ReadingId, ScriptId};
use crate::domain::panel::{self, Finding, Settlement};
use crate::domain::retake::day_of;
use crate::store::audit::Entry;
use crate::store::marking::{Reading, ReadingKind, Script};
use crate::store::readings::ReadingState;
use crate::store::settlements::ReviewVersion;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// How many first readings a script needs.
pub const FIRST_READINGS: usize = 2;

/// Looks at one panel.
pub fn look_at(tx: &mut Tx<'_, Sighted>, id: &ScriptId) -> Result<(), Error> {
    tx.panel_done(id)?;
    // A benchmark has no writer and no sitting: what follows from its readings is another matter.
    let Some(script) = tx.script(id)? else { return calibration::look_at(tx, id) };
    let sitting = tx.sitting(&script.sitting)?;
    let readings = tx.readings_of(std::slice::from_ref(id))?;
    keep_away(tx, &script, &readings)?;
    let standing = |kind| readings.iter().filter(move |r| r.kind == kind && r.state != ReadingState::Declined);
    // What was never given out waits for the coordinator's allocation; what came back is given to somebody else at once.
    let came_back = readings.iter().any(|r| r.kind == ReadingKind::First && r.state == ReadingState::Declined);
    let missing = FIRST_READINGS.saturating_sub(standing(ReadingKind::First).count());
    // While late work waits for a decision the text may still change, and a changed one is screened anew: nobody else is
    // given it until then.
    let unscreened = !undecided(tx, std::slice::from_ref(&script))?.is_empty();
    let held_back = unscreened || tx.late_undecided(&script.attempt)?;
    for _ in 0..if came_back && !held_back { missing } else { 0 } {
        fill(tx, &script, &sitting, ReadingKind::First)?;
    }
    let policy = tx.policy(&sitting.association, sitting.terms.opens_at)?;
    let has_third = standing(ReadingKind::Third).next().is_some();
    let panel = tx.panel(&readings)?;
    match panel::find(&panel.first, panel.third.as_ref(), script.max_points, &policy) {
        Finding::Waiting => Ok(()),
        Finding::ThirdNeeded(_) => {
            // A correction may have brought two who agreed apart.
            tx.settlement_supersede(id)?;
            if has_third { Ok(()) } else { fill(tx, &script, &sitting, ReadingKind::Third) }
        }
        Finding::Settled(found) => settle(tx, &script, &sitting, &found, &panel.basis(&found)),
    }
}

/// Settles a script, unless what stands was found from the same versions of the same reviews.
fn settle(
    tx: &mut Tx<'_, Sighted>,
    script: &Script,
    sitting: &Sitting,
    found: &Settlement,
    basis: &BTreeSet<ReviewVersion>,
) -> Result<(), Error> {
    if let Some(standing) = tx.settlement_standing(&script.id)?
        && standing.settlement == *found
        && tx.settlement_basis(&script.id, standing.version)? == *basis
    {
        return Ok(());
    }
    let version = tx.settlement_add(&script.id, found, basis)?;
    tx.audit(Entry {
        association: Some(sitting.association.clone()),
        actor: "clerk".into(),
        act: "script.settle",
        subject: script.id.0.clone(),
        detail: json!({ "settled_by": found.settled_by, "version": version }),
    })
}

/// Whoever recognised the writer, or is in conflict, stays away from them for good.
fn keep_away(tx: &mut Tx<'_, Sighted>, script: &Script, readings: &[Reading]) -> Result<(), Error> {
    for reading in readings.iter().filter(|r| r.state == ReadingState::Declined) {
        if let Some(reason @ ("recognised" | "conflict")) = reading.decline_reason.as_deref() {
            tx.conflict_add(&reading.reviewer, &script.examinee, reason, reading.declined_at)?;
        }
    }
    Ok(())
}

/// Gives a script to one more reader, if there is one. If not, the coordinator's marking page shows the gap, and the
/// next allocation fills it.
fn fill(tx: &mut Tx<'_, Sighted>, script: &Script, sitting: &Sitting, kind: ReadingKind) -> Result<(), Error> {
    let facts = Facts::of_script(tx, sitting, script)?;
    // The same rule as for a whole batch, which this is, of one.
    let seed = tx.entropy().secret();
    let Some(reader) = facts.one_reader(&seed, script, kind) else { return Ok(()) };
    assign(tx, &script.id, &reader, kind, &facts.due_on)?;
    let given = BTreeMap::from([(reader.clone(), vec![script.vignette.clone()])]);
    calibration::plant_among(tx, sitting, &given, &facts.due_on)?;
    tell_reader(tx, &reader, &facts.due_on)
}

/// The first readings of a script that still count.
pub(super) fn first_readings<'r>(script: &ScriptId, readings: &'r [Reading]) -> impl Iterator<Item = &'r Reading> {
    let script = script.clone();
    readings
        .iter()
        .filter(move |r| r.script == script && r.kind == ReadingKind::First && r.state != ReadingState::Declined)
}

/// When a script given out today is due. Always a Monday, so that the date does not tell on which day of the week, and
/// so in which round, a script was given out.
pub(super) fn due_on(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<String, Error> {
    due_from(tx, &sitting.association, sitting.zone())
}

/// The same for what an association gives out apart from any sitting.
pub(super) fn due_from(tx: &mut Tx<'_, Sighted>, place: &AssociationId, zone: Tz) -> Result<String, Error> {
    let days = tx.policy(place, tx.now())?.review_days;
    let earliest = day_of(tx.now(), zone).checked_add_days(Days::new(u64::try_from(days).unwrap_or(21)));
    Ok(monday_from(earliest.unwrap_or(NaiveDate::MAX)).to_string())
}

fn monday_from(day: NaiveDate) -> NaiveDate {
    let ahead = (7 - day.weekday().num_days_from_monday()) % 7;
    day.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(day)
}

/// Tells a reader how much waits for them in all: not what, and not what came last.
pub(super) fn tell_reader(tx: &mut Tx<'_, Sighted>, reader: &PersonId, due_on: &str) -> Result<(), Error> {
    let count = tx.readings_open(reader)?;
    tx.message_add(reader, "review_assigned", &json!({ "count": count, "due_on": due_on }))
}

/// Gives a script to a reader.
pub(super) fn assign(
    tx: &mut Tx<'_, Sighted>,
    script: &ScriptId,
    reader: &PersonId,
    kind: ReadingKind,
    due_on: &str,
) -> Result<(), Error> {
    let reading = tx.reading_assign(script, reader, kind, due_on)?;
    audit_assignment(tx, &reading, script, reader, kind)
}

/// Notes who was given what.
pub(super) fn audit_assignment(
    tx: &mut Tx<'_, Sighted>,
    reading: &ReadingId,
    script: &ScriptId,
    reader: &PersonId,
    kind: ReadingKind,
) -> Result<(), Error> {
    tx.audit(Entry {
        // No association's log lists this: whoever reads there may read scripts too, and is not to learn whose seat is
        // beside theirs.
        association: None,
        actor: "clerk".into(),
        act: "reading.assign",
        subject: reading.0.clone(),
        detail: json!({ "script": script, "reviewer": reader, "kind": kind }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_dates_are_mondays() {
        for (day, monday) in [("2026-11-21", "2026-11-23"), ("2026-11-23", "2026-11-23"), ("2026-11-24", "2026-11-30")]
        {
            assert_eq!(monday_from(day.parse().unwrap()).to_string(), monday);
        }
    }
}
