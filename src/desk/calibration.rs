//! Calibration as the clerk carries it out: sets of benchmark scripts before live ones, the judgement on a complete set,
//! and benchmark scripts planted among live ones. It is sighted; no reviewer's desk has a part in it.
//!
//! Invariant: whatever is given to a reviewer here comes through the same queue, under the same kind of code and date and
//! with the same mail as a live script.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use serde_json::json;

use super::Office;
use super::panel::{audit_assignment, due_from, tell_reader};
use crate::domain::bank::Benchmark;
use crate::domain::calibration::{
    Decision, Distance, Lesson, SetOutcome, Tolerance, judge, may_read, plant, wants_set,
};
use crate::domain::form::shuffled;
use crate::domain::ids::{AssociationId, PersonId, ScriptId};
use crate::domain::panel::Reading as Judged;
use crate::domain::policy::Policy;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Strand;
use crate::store::audit::Entry;
use crate::store::calibration::{CalibrationSet, Post, SetReading, standing_at};
use crate::store::marking::{ReadingKind, ReviewerFacts};
use crate::store::readings::ReadingState;
use crate::store::sittings::Sitting;
use crate::store::{Call, Error, Sighted, Tx};

/// A vignette by id and version.
pub type VignetteRef = (String, i64);

/// What an association asks of its reviewers, with what is known of them.
struct Asked {
    policy: Policy,
    posts: Vec<Post>,
    sets: BTreeMap<Post, CalibrationSet>,
    decided: BTreeMap<Post, Decision>,
}

/// Gives sets of benchmark scripts to reviewers who need one. Returns how many were given.
///
/// # Errors
/// A fault of the database.
pub async fn calibrate(office: &Office, now: Instant) -> Result<usize, Error> {
    let wanting = office.store.read(now, wanting).await?;
    let mut given = 0;
    for post in wanting {
        given += usize::from(office.store.write(&Call::at(now), move |tx| provide(tx, &post)).await?);
    }
    Ok(given)
}

/// Whoever can be given benchmark scripts now.
fn wanting(tx: &mut Tx<'_, Sighted>) -> Result<Vec<Post>, Error> {
    let mut found = Vec::new();
    for place in tx.associations_ruled()? {
        let Some(asked) = asked(tx, &place)? else { continue };
        for post in &asked.posts {
            if !needed(tx, &asked, post)?.is_empty() {
                found.push(post.clone());
            }
        }
    }
    Ok(found)
}

fn asked(tx: &mut Tx<'_, Sighted>, place: &AssociationId) -> Result<Option<Asked>, Error> {
    let policy = tx.policy(place, tx.now())?;
    if policy.calibration_scripts == 0 {
        return Ok(None);
    }
    let posts = tx.posts(place)?;
    let people: BTreeSet<PersonId> = posts.iter().map(|post| post.person.clone()).collect();
    let decided = tx.admissions(&people.into_iter().collect::<Vec<_>>())?;
    let decided = decided.into_iter().map(|(post, newest)| (post, newest.decision)).collect();
    Ok(Some(Asked { policy, posts, sets: tx.calibration_sets(place)?, decided }))
}

/// The benchmark scripts of which some have to be given to a post: those it has not seen, if its set lacks any and they
/// suffice; nothing when all is well, or cannot be helped.
fn needed(tx: &mut Tx<'_, Sighted>, asked: &Asked, post: &Post) -> Result<Vec<Benchmark>, Error> {
    if !wants_set(asked.decided.get(post).copied()) {
        return Ok(Vec::new());
    }
    let missing = match asked.sets.get(post).filter(|set| set.outcome.is_none()) {
        Some(open) => count(open.scripts).saturating_sub(tx.calibration_readings(post, open.number)?.len()),
        None if tx.invitation_is_open(&post.person)? => 0,
        None => count(asked.policy.calibration_scripts),
    };
    if missing == 0 {
        return Ok(Vec::new());
    }
    let unseen = unseen(tx, &post.person, |strand, _| strand == post.strand)?;
    Ok(if unseen.len() >= missing { unseen } else { Vec::new() })
}

/// The benchmark scripts that fit and that somebody has not seen, by id.
fn unseen(
    tx: &mut Tx<'_, Sighted>,
    who: &PersonId,
    fits: impl Fn(Strand, &Benchmark) -> bool,
) -> Result<Vec<Benchmark>, Error> {
    let seen = tx.benchmarks_seen(who)?;
    let all = tx.benchmarks_current()?;
    Ok(all.into_iter().filter(|(s, one)| fits(*s, one) && !seen.contains(&one.id)).map(|(_, one)| one).collect())
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// Gives a post the benchmark scripts that it needs: a new set, or what was given back of an open one. Says whether
/// anything was given.
fn provide(tx: &mut Tx<'_, Sighted>, post: &Post) -> Result<bool, Error> {
    let Some(asked) = asked(tx, &post.association)? else { return Ok(false) };
    if !asked.posts.contains(post) {
        return Ok(false);
    }
    let unseen = needed(tx, &asked, post)?;
    if unseen.is_empty() {
        return Ok(false);
    }
    let newest = asked.sets.get(post);
    let (number, missing) = match newest.filter(|set| set.outcome.is_none()) {
        Some(open) => (open.number, count(open.scripts) - tx.calibration_readings(post, open.number)?.len()),
        None => {
            let number = newest.map_or(0, |set| set.number) + 1;
            tx.calibration_set_add(post, number, asked.policy.calibration_scripts)?;
            (number, count(asked.policy.calibration_scripts))
        }
    };
    let zone = zone(tx, &post.association)?;
    let due_on = due_from(tx, &post.association, zone)?;
    let seed = tx.entropy().secret();
    for index in shuffled(&seed, "calibration", unseen.len()).into_iter().take(missing) {
        let reading = give(tx, &unseen[index], &post.person, &due_on)?;
        tx.calibration_reading_add(&reading, post, number)?;
    }
    tell_reader(tx, &post.person, &due_on)?;
    tx.audit(Entry {
        // As with allocations: which scripts are benchmarks, and whose, is in no list.
        association: None,
        actor: "clerk".into(),
        act: "calibration.give",
        subject: post.person.0.clone(),
        detail: json!({ "association": post.association, "strand": post.strand, "set": number, "seed": seed }),
    })?;
    Ok(true)
}

fn zone(tx: &mut Tx<'_, Sighted>, place: &AssociationId) -> Result<Tz, Error> {
    let found = tx.associations(Some(std::slice::from_ref(place)))?;
    Ok(found.first().and_then(|a| a.time_zone.parse().ok()).unwrap_or(Tz::UTC))
}

fn give(
    tx: &mut Tx<'_, Sighted>,
    one: &Benchmark,
    to: &PersonId,
    due_on: &str,
) -> Result<crate::domain::ids::ReadingId, Error> {
    let (script, reading) = tx.benchmark_assign(one, to, due_on)?;
    audit_assignment(tx, &reading, &script, to, ReadingKind::Benchmark)?;
    Ok(reading)
}

/// Looks at a benchmark of which somebody sealed a reading or gave it back: judges the sets that are complete by it, and
/// fills those from which something came back. What was planted needs nothing.
pub(super) fn look_at(tx: &mut Tx<'_, Sighted>, script: &ScriptId) -> Result<(), Error> {
    for post in tx.calibration_sets_with(script)? {
        let sets = tx.calibration_sets(&post.association)?;
        let Some(set) = sets.get(&post).filter(|set| set.outcome.is_none()) else { continue };
        let readings = tx.calibration_readings(&post, set.number)?;
        let sealed = readings.iter().filter(|r| r.state == ReadingState::Sealed).count();
        if sealed >= count(set.scripts) {
            settle(tx, set, &readings)?;
        }
        provide(tx, &post)?;
    }
    Ok(())
}

/// Judges a complete set, and tells its reviewer that there is something to learn.
fn settle(tx: &mut Tx<'_, Sighted>, set: &CalibrationSet, readings: &[SetReading]) -> Result<(), Error> {
    let post = &set.post;
    let mut distances = Vec::new();
    for one in readings {
        let benchmark = tx.benchmark_of(&one.script)?.ok_or_else(|| Error::stored("calibration: no benchmark"))?;
        let (own, _) = tx.judged(&one.reading)?;
        distances.push(distance(tx, &own, &benchmark)?);
        tx.lesson_add(&one.reading, &Lesson { verdict: benchmark.verdict, marks: benchmark.marks })?;
    }
    let policy = tx.policy(&post.association, tx.now())?;
    let (sum, tolerance) = (Distance::sum(&distances), Tolerance::from(&policy));
    let decided = tx.admissions(std::slice::from_ref(&post.person))?.get(post).map(|newest| newest.decision);
    let outcome = if wants_set(decided) {
        let left = unseen(tx, &post.person, |strand, _| strand == post.strand)?.len();
        judge(&sum, &tolerance, left, count(policy.calibration_scripts))
    } else {
        SetOutcome::Decided
    };
    let judgement = json!({
        "criteria": sum.criteria, "absolute": sum.absolute, "signed": sum.signed, "misses": sum.misses,
        "distance_hundredths": sum.hundredths(), "most_hundredths": tolerance.distance_hundredths,
        "most_misses": tolerance.misses,
    });
    tx.calibration_set_judge(post, set.number, outcome, &judgement)?;
    match outcome {
        SetOutcome::Admitted => tx.admission_add(post, Decision::Admitted, None, "")?,
        SetOutcome::NotAdmitted => tx.admission_add(post, Decision::NotAdmitted, None, "")?,
        SetOutcome::FurtherSet | SetOutcome::Decided => {}
    }
    tx.message_add(&post.person, "calibration_judged", &json!({}))?;
    tx.audit(Entry {
        association: Some(post.association.clone()),
        actor: "clerk".into(),
        act: "calibration.judge",
        subject: post.person.0.clone(),
        detail: json!({ "strand": post.strand, "set": set.number, "outcome": outcome, "judgement": judgement }),
    })
}

/// How far a reading of a benchmark lies from its reference.
pub(super) fn distance(tx: &mut Tx<'_, Sighted>, own: &Judged, benchmark: &Benchmark) -> Result<Distance, Error> {
    let vignette = tx.vignette(&benchmark.vignette, benchmark.vignette_version)?;
    Ok(Distance::of(own, &benchmark.reading(), vignette.rubric.max_points()))
}

/// Who of these readers may not be given live scripts of which strand of an association, as things stand.
pub(super) fn unadmitted(
    tx: &mut Tx<'_, Sighted>,
    place: &AssociationId,
    readers: &[ReviewerFacts],
) -> Result<BTreeSet<(PersonId, Strand)>, Error> {
    let asked = tx.policy(place, tx.now())?.calibration_scripts > 0;
    let people: Vec<PersonId> = readers.iter().map(|r| r.person.clone()).collect();
    let decided: BTreeMap<Post, Decision> =
        tx.admissions(&people)?.into_iter().map(|(post, newest)| (post, newest.decision)).collect();
    if !asked && decided.is_empty() {
        return Ok(BTreeSet::new());
    }
    let own: BTreeSet<PersonId> = tx.reviewers(place)?.into_iter().map(|r| r.person).collect();
    let mut found = BTreeSet::new();
    for reader in readers {
        for strand in &reader.strands {
            let here = Post { person: reader.person.clone(), association: place.clone(), strand: *strand };
            if !may_read(asked, standing_at(&decided, &here, own.contains(&reader.person))) {
                found.insert((reader.person.clone(), *strand));
            }
        }
    }
    Ok(found)
}

/// Plants benchmark scripts among what was just given to readers of a sitting: `given` has the vignette of each new
/// reading. Only a benchmark of one of these vignettes is planted, since any other would be known by its scenario.
pub(super) fn plant_among(
    tx: &mut Tx<'_, Sighted>,
    sitting: &Sitting,
    given: &BTreeMap<PersonId, Vec<VignetteRef>>,
    due_on: &str,
) -> Result<(), Error> {
    let place = &sitting.association;
    let per_hundred = tx.policy(place, tx.now())?.planted_per_hundred;
    if per_hundred == 0 {
        return Ok(());
    }
    for (reader, live) in given {
        let fitting = unseen(tx, reader, |_, one| {
            live.iter().any(|(id, version)| *id == one.vignette && *version == one.vignette_version)
        })?;
        let seed = tx.entropy().secret();
        // Where the count begins is drawn: else everybody's first one would come with the same script.
        let start = || shuffled(&seed, "start", 100).first().and_then(|n| i64::try_from(*n).ok()).unwrap_or(0);
        let carry = tx.planting_carry(reader, place)?.unwrap_or_else(start);
        let taken = count(tx.readings_open(reader)?);
        let room = tx.reviewer_facts(reader)?.map_or(0, |facts| facts.capacity.saturating_sub(taken));
        let planting = plant(carry, live.len(), per_hundred, room, fitting.len());
        tx.planting_carry_set(reader, place, planting.carry)?;
        for index in shuffled(&seed, "planted", fitting.len()).into_iter().take(planting.count) {
            let reading = give(tx, &fitting[index], reader, due_on)?;
            tx.planted_add(&reading, place, &sitting.id)?;
        }
        tx.audit(Entry {
            association: None,
            actor: "clerk".into(),
            act: "calibration.plant",
            subject: reader.0.clone(),
            detail: json!({ "sitting": sitting.id, "carry": carry, "planted": planting.count, "seed": seed }),
        })?;
    }
    Ok(())
}
