//! Release: from settled scripts to outcomes, through the gate, by two people, all at once or none.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::coordinator::Coordinator;
use super::facts::{Course, course, sitting_for};
use super::panel::FIRST_READINGS;
use crate::domain::attempt::{PartState, last_start, part_state};
use crate::domain::form::shuffled;
use crate::domain::ids::{PersonId, RegistrationId, ReleaseId, ScriptId, SittingId};
use crate::domain::outcome::{Feedback, Outcome, judge_exam, judge_part_two, part_one_result, part_two_result};
use crate::domain::panel::Settlement;
use crate::domain::policy::Policy;
use crate::domain::refusal::{Check, Refusal};
use crate::domain::remark::{Marked, counting};
use crate::domain::retake::{day_of, open_from};
use crate::domain::rights::{Act, Authority};
use crate::domain::vocabulary::{Part, Track};
use crate::store::attempts::Attempt;
use crate::store::audit::Entry;
use crate::store::marking::{ReadingKind, Script};
use crate::store::people::Person;
use crate::store::readings::ReadingState;
use crate::store::registrations::Registration;
use crate::store::releases::{Release, ResultRecord};
use crate::store::settlements::Basis;
use crate::store::sittings::{Association, Sitting};
use crate::store::{Error, Sighted, Tx};

/// A result with whom it is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Letter {
    /// The result.
    pub result: ResultRecord,
    /// For whom.
    pub person: Person,
    /// Of which track.
    pub track: Track,
    /// Of which category.
    pub category: crate::domain::vocabulary::Category,
    /// The day on which the exam was sat, `YYYY-MM-DD`, where the sitting took place.
    pub sat_on: String,
    /// Whether it follows an appeal.
    #[serde(default)]
    pub follows_appeal: bool,
    /// Until when it can be appealed, `YYYY-MM-DD`, once it is released.
    #[serde(default)]
    pub appeal_until: Option<String>,
}

/// What preparing a release found, and made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Prepared {
    /// The release, unless this was a rehearsal.
    pub id: Option<ReleaseId>,
    /// The gate's checks.
    pub checks: Vec<Check>,
    /// Every letter.
    pub letters: Vec<Letter>,
}

/// A release with everything that belongs to it.
pub struct ReleaseFile {
    /// The release.
    pub release: Release,
    /// Its sitting.
    pub sitting: Sitting,
    /// Whose.
    pub association: Association,
    /// While it waits: whether what was prepared would be prepared now.
    pub checks: Vec<Check>,
    /// Every letter.
    pub letters: Vec<Letter>,
    /// Who prepared it.
    pub prepared_by: Person,
    /// Who approved it.
    pub approved_by: Option<Person>,
    /// Who recalled it.
    pub recalled_by: Option<Person>,
    /// Whether the asker is the one who prepared it.
    pub own: bool,
}

/// One seat's standing before release.
struct Standing {
    course: Course,
    person: Person,
    outcome: Outcome,
    result: ResultRecord,
    /// From which settlements.
    basis: BTreeSet<Basis>,
}

impl Coordinator {
    /// Prepares a release of all seats whose outcome is complete, or of the named ones.
    ///
    /// # Errors
    /// [`Refusal::ReleaseBlocked`] when the gate does not hold and this is no rehearsal; [`Refusal::NotFound`].
    pub async fn release_prepare(
        &self,
        id: &SittingId,
        named: Option<Vec<RegistrationId>>,
        dry_run: bool,
    ) -> Result<Prepared, Error> {
        let id = id.clone();
        if dry_run {
            return self.0.read(move |tx, me| Ok(judge(tx, me, &id, named.as_deref())?.prepared)).await;
        }
        self.0
            .write(move |tx, me| {
                let Judged { sitting, mut prepared, bases } = judge(tx, me, &id, named.as_deref())?;
                if prepared.checks.iter().any(|c| !c.holds) {
                    return Err(Refusal::ReleaseBlocked(prepared.checks).into());
                }
                let results = prepared.letters.iter().map(|l| l.result.clone());
                let results: Vec<(ResultRecord, BTreeSet<Basis>)> = results.zip(bases).collect();
                let release = tx.release_prepare(&id, &me.person, &results)?;
                tell_second_people(tx, me, &sitting, &release, results.len())?;
                audit(tx, me, &sitting, "release.prepare", &release, json!({ "results": results.len() }))?;
                prepared.id = Some(release);
                Ok(prepared)
            })
            .await
    }

    /// A release.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn release(&self, id: &ReleaseId) -> Result<ReleaseFile, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (release, sitting) = release_for(tx, me, &id)?;
                let mut letters = Vec::new();
                let results = tx.results_of_release(&id)?;
                let checks = if release.state == "prepared" { checks_now(tx, &release, &results)? } else { Vec::new() };
                for result in results {
                    let registration = tx.registration(&result.registration)?;
                    let course = course(tx, registration)?;
                    letters.push(letter(tx, &course, result, Some(&id))?);
                }
                let association = association_of(tx, &sitting)?;
                let mut person = |id: &Option<String>| -> Result<Option<Person>, Error> {
                    id.as_ref().map(|id| tx.person(&PersonId(id.clone()))).transpose()
                };
                let (approved_by, recalled_by) = (person(&release.approved_by)?, person(&release.recalled_by)?);
                let prepared_by = tx.person(&PersonId(release.prepared_by.clone()))?;
                let own = release.prepared_by == me.person.0;
                Ok(ReleaseFile {
                    release,
                    sitting,
                    association,
                    checks,
                    letters,
                    prepared_by,
                    approved_by,
                    recalled_by,
                    own,
                })
            })
            .await
    }

    /// The releases of a sitting with their sitting's association.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn releases(&self, id: &SittingId) -> Result<(Sitting, Association, Vec<Release>), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                Ok((sitting.clone(), association_of(tx, &sitting)?, tx.releases_of(&id)?))
            })
            .await
    }

    /// Approves a release: all of its results are out, in this one transaction.
    ///
    /// # Errors
    /// [`Refusal::SecondPersonRequired`], [`Refusal::ReleaseNotPending`], [`Refusal::ReleaseBlocked`] when what was
    /// prepared is no longer what would be prepared now, [`Refusal::NotFound`].
    pub async fn release_approve(&self, id: &ReleaseId) -> Result<i64, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let (release, sitting) = release_for(tx, me, &id)?;
                if release.state != "prepared" {
                    return Err(Refusal::ReleaseNotPending.into());
                }
                if release.prepared_by == me.person.0 {
                    return Err(Refusal::SecondPersonRequired.into());
                }
                let results = tx.results_of_release(&id)?;
                let checks = checks_now(tx, &release, &results)?;
                if checks.iter().any(|c| !c.holds) {
                    return Err(Refusal::ReleaseBlocked(checks).into());
                }
                tx.release_approve(&id, &me.person)?;
                // Reviewers' own figures rest on what is out.
                tx.settlements_mark_released(&id)?;
                for result in &results {
                    let seat = tx.registration(&result.registration)?;
                    tx.registration_complete(&seat.id)?;
                    if result.outcome == Outcome::Pass {
                        release_seats(tx, me, &seat)?;
                    }
                    tx.message_add(
                        &seat.person,
                        "result",
                        &json!({ "sitting": sitting.terms.title, "registration": seat.id }),
                    )?;
                }
                audit(tx, me, &sitting, "release.approve", &id, json!({ "results": results.len() }))?;
                Ok(i64::try_from(results.len()).unwrap_or(i64::MAX))
            })
            .await
    }

    /// Recalls a release: its results are no longer shown. What was mailed or printed cannot be unsaid, and so the
    /// recall stays on record with its reason.
    ///
    /// # Errors
    /// [`Refusal::ReleaseNotPending`] when it was recalled already; [`Refusal::Invalid`]; [`Refusal::NotFound`].
    pub async fn release_recall(&self, id: &ReleaseId, reason: String) -> Result<(), Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let (release, sitting) = release_for(tx, me, &id)?;
                if release.state == "recalled" {
                    return Err(Refusal::ReleaseNotPending.into());
                }
                if reason.trim().is_empty() || reason.chars().count() > 1000 {
                    return Err(Refusal::invalid("/reason", "between 1 and 1000 characters").into());
                }
                tx.release_recall(&id, &me.person, reason.trim())?;
                tx.settlements_mark_released(&id)?;
                audit(tx, me, &sitting, "release.recall", &id, json!({ "reason": reason.trim() }))
            })
            .await
    }
}

/// Whoever has passed needs no further exam: seats booked for the track in which nothing was begun are given back.
fn release_seats(tx: &mut Tx<'_, Sighted>, me: &Authority, passed: &Registration) -> Result<(), Error> {
    for seat in tx.registrations_of(&passed.person)? {
        let booked = seat.id != passed.id && seat.track == passed.track && !seat.completed;
        if booked && tx.attempts_of(&seat.id)?.is_empty() {
            tx.registration_cancel(&seat.id)?;
            let sitting = tx.sitting(&seat.sitting)?;
            tx.message_add(&seat.person, "seat_not_needed", &json!({ "sitting": sitting.terms.title }))?;
            tx.audit(Entry {
                association: Some(sitting.association),
                actor: me.person.0.clone(),
                act: "registration.cancel",
                subject: seat.id.0,
                detail: json!({ "passed": passed.id }),
            })?;
        }
    }
    Ok(())
}

fn audit(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    sitting: &Sitting,
    act: &'static str,
    id: &ReleaseId,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let association = Some(sitting.association.clone());
    tx.audit(Entry { association, actor: me.person.0.clone(), act, subject: id.0.clone(), detail })
}

/// The association of a sitting.
pub(super) fn association_of(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Association, Error> {
    tx.associations(Some(std::slice::from_ref(&sitting.association)))?
        .pop()
        .ok_or_else(|| Error::stored("sitting: its association is missing"))
}

fn release_for(tx: &mut Tx<'_, Sighted>, me: &Authority, id: &ReleaseId) -> Result<(Release, Sitting), Error> {
    let release = tx.release(id)?;
    let sitting = sitting_for(tx, me, Act::RunSittings, &SittingId(release.sitting_id.clone()))?;
    Ok((release, sitting))
}

/// The gate once more, over what was prepared: between preparation and approval no result may have changed, and nothing
/// may have come to stand in the way.
fn checks_now(tx: &mut Tx<'_, Sighted>, release: &Release, results: &[ResultRecord]) -> Result<Vec<Check>, Error> {
    let bases = tx.result_bases(&ReleaseId(release.id.clone()))?;
    let mut standings = Vec::new();
    let mut changed = Vec::new();
    for result in results {
        let registration = tx.registration(&result.registration)?;
        let standing = standing(tx, registration)?;
        // A result that says the same and rests on other settlements is another one too.
        let basis = bases.get(&result.registration).cloned().unwrap_or_default();
        if standing.result != *result || standing.basis != basis {
            changed.push(standing.person.name.clone());
        }
        standings.push(standing);
    }
    let mut checks = gate(tx, &SittingId(release.sitting_id.clone()), &standings)?;
    let detail = match changed.as_slice() {
        [] => "every result is as it was prepared".to_owned(),
        names => format!("changed since it was prepared: {}", names.join(", ")),
    };
    checks.push(Check { check: "unchanged".into(), holds: changed.is_empty(), detail });
    Ok(checks)
}

/// Everybody who could approve it is told; whoever prepared it is not among them.
fn tell_second_people(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    sitting: &Sitting,
    id: &ReleaseId,
    letters: usize,
) -> Result<(), Error> {
    let preparer = tx.person(&me.person)?;
    let coordinators = tx.people_with_role(crate::domain::vocabulary::Role::Coordinator, &sitting.association)?;
    for who in coordinators.into_iter().filter(|p| *p != me.person) {
        let parameters = json!({
            "sitting": sitting.terms.title, "release": id, "prepared_by": preparer.name, "letters": letters,
        });
        tx.message_add(&who, "release_waiting", &parameters)?;
    }
    Ok(())
}

/// Judges the seats of a sitting and the gate over them.
fn judge(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    id: &SittingId,
    named: Option<&[RegistrationId]>,
) -> Result<Judged, Error> {
    let sitting = sitting_for(tx, me, Act::RunSittings, id)?;
    let seats = tx.registrations_in(id)?;
    if let Some(unknown) = named.and_then(|n| n.iter().position(|r| !seats.iter().any(|s| s.id == *r))) {
        return Err(Refusal::invalid(format!("/registrations/{unknown}"), "not a seat of this sitting").into());
    }
    let taken = tx.registrations_taken(id)?;
    let mut standings = Vec::new();
    for seat in seats {
        if taken.contains(&seat.id) || named.is_some_and(|n| !n.contains(&seat.id)) {
            continue;
        }
        let standing = standing(tx, seat)?;
        if named.is_some() || standing.outcome != Outcome::Incomplete {
            standings.push(standing);
        }
    }
    let already: Vec<&RegistrationId> = named.unwrap_or_default().iter().filter(|r| taken.contains(r)).collect();
    let mut checks = gate(tx, id, &standings)?;
    if !already.is_empty() {
        let detail = format!("{} named seats are in a release already", already.len());
        checks.push(Check { check: "not_released_before".into(), holds: false, detail });
    }
    let (mut letters, mut bases) = (Vec::new(), Vec::new());
    for Standing { course, result, basis, .. } in standings {
        letters.push(letter(tx, &course, result, None)?);
        bases.push(basis);
    }
    Ok(Judged { sitting, prepared: Prepared { id: None, checks, letters }, bases })
}

/// The seats of a sitting, judged: with each letter, in the same order, from which settlements it was made.
struct Judged {
    sitting: Sitting,
    prepared: Prepared,
    bases: Vec<BTreeSet<Basis>>,
}

/// A result with whom it is for: of that release, or of one to come.
pub(super) fn letter(
    tx: &mut Tx<'_, Sighted>,
    course: &Course,
    result: ResultRecord,
    release: Option<&ReleaseId>,
) -> Result<Letter, Error> {
    Ok(Letter {
        follows_appeal: tx.follows_appeal(&result.registration, release)?,
        appeal_until: None,
        person: tx.person(&course.registration.person)?,
        track: course.registration.track,
        category: course.registration.category,
        sat_on: sat_on(course).to_string(),
        result,
    })
}

/// The day of the exam: when its first part was started; for who never came, when the sitting opened.
fn sat_on(course: &Course) -> chrono::NaiveDate {
    let at = course.one.as_ref().or(course.two.as_ref()).map_or(course.sitting.terms.opens_at, |a| a.started_at);
    day_of(at, course.sitting.zone())
}

/// Everything that must hold before results are let out.
fn gate(tx: &mut Tx<'_, Sighted>, id: &SittingId, standings: &[Standing]) -> Result<Vec<Check>, Error> {
    let incomplete =
        standings.iter().filter(|s| s.outcome == Outcome::Incomplete).map(|s| s.person.name.clone()).collect();
    let (unread, unsettled) = panels_open(tx, standings)?;
    let incidents = incidents_open(tx, id, standings)?;
    let late = late_undecided(tx, id, standings)?;
    let altered = tx.forms_altered()?;
    let results = Check {
        check: "results".into(),
        holds: !standings.is_empty(),
        detail: match standings.len() {
            0 => "there is no complete outcome to release".into(),
            n => format!("{n} complete outcomes"),
        },
    };
    Ok(vec![
        results,
        check("outcomes_complete", incomplete, "every outcome is complete", "not complete"),
        check("doubly_sealed", unread, "every script has two sealed readings", "readings are missing"),
        check("disagreements_settled", unsettled, "every disagreement is settled", "a third reading is awaited"),
        check("forms_unaltered", altered, "forms and keys are as frozen", "altered forms"),
        check("late_evidence", late, "no late work waits for a decision", "late work waits for a decision"),
        check("no_open_incident", incidents, "no incident is open", "open incidents"),
    ])
}

/// A check that holds when nothing stands in its way; of what does, the first few are named.
fn check(name: &str, in_the_way: Vec<String>, good: &str, bad: &str) -> Check {
    const NAMED: usize = 5;
    let more = in_the_way.len().saturating_sub(NAMED);
    let named = in_the_way.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let detail = match (in_the_way.len(), more) {
        (0, _) => good.to_owned(),
        (_, 0) => format!("{bad}: {named}"),
        (_, more) => format!("{bad}: {named} and {more} more"),
    };
    Check { check: name.to_owned(), holds: in_the_way.is_empty(), detail }
}

/// Whose scripts lack first readings, and whose wait for a third.
fn panels_open(tx: &mut Tx<'_, Sighted>, standings: &[Standing]) -> Result<(Vec<String>, Vec<String>), Error> {
    let (mut unread, mut unsettled) = (Vec::new(), Vec::new());
    for standing in standings {
        let ids: Vec<_> = scripts_of(tx, standing.course.two.as_ref())?.into_iter().map(|s| s.id).collect();
        let readings = tx.readings_of(&ids)?;
        let sealed = |script: &ScriptId| {
            let first = readings.iter().filter(|r| r.script == *script && r.kind == ReadingKind::First);
            first.filter(|r| r.state == ReadingState::Sealed).count()
        };
        for script in &ids {
            if sealed(script) < FIRST_READINGS {
                unread.push(standing.person.name.clone());
            } else if tx.settlement(script)?.is_none() {
                unsettled.push(standing.person.name.clone());
            }
        }
    }
    Ok((unread, unsettled))
}

/// Whose late work nobody has decided about.
fn late_undecided(tx: &mut Tx<'_, Sighted>, id: &SittingId, standings: &[Standing]) -> Result<Vec<String>, Error> {
    let undecided = tx.late_undecided_in(id)?;
    let waits = |attempt: &Option<Attempt>| attempt.as_ref().is_some_and(|a| undecided.contains_key(&a.id));
    let whose = standings.iter().filter(|s| waits(&s.course.one) || waits(&s.course.two));
    Ok(whose.map(|s| s.person.name.clone()).collect())
}

/// Open incidents of the sitting as a whole, or of the seats at hand.
fn incidents_open(tx: &mut Tx<'_, Sighted>, id: &SittingId, standings: &[Standing]) -> Result<Vec<String>, Error> {
    let concerns = |seat: &Option<String>| {
        seat.as_ref().is_none_or(|seat| standings.iter().any(|s| s.course.registration.id.0 == *seat))
    };
    let open = tx.incidents(id)?.into_iter().filter(|i| i.resolved_at.is_none() && concerns(&i.registration_id));
    Ok(open.map(|i| i.kind).collect())
}

fn scripts_of(tx: &mut Tx<'_, Sighted>, two: Option<&Attempt>) -> Result<Vec<Script>, Error> {
    two.map_or_else(|| Ok(Vec::new()), |attempt| tx.scripts_of(&attempt.id))
}

/// What a seat comes to as things stand.
fn standing(tx: &mut Tx<'_, Sighted>, registration: Registration) -> Result<Standing, Error> {
    let course = course(tx, registration)?;
    let person = tx.person(&course.registration.person)?;
    let policy = tx.policy(&course.sitting.association, course.sitting.terms.opens_at)?;
    let score = match &course.one {
        Some(attempt) => tx.score(&attempt.id)?,
        None => None,
    };
    let one = match &score {
        Some(score) => score.verdict.into(),
        None => unsat(tx, &course, Part::One),
    };
    let PartTwo { outcome: two, feedback, basis } = judge_two(tx, &course, &policy)?;
    let outcome = judge_exam(one, two);
    let retake_open_from = (outcome != Outcome::Pass).then(|| open_from(sat_on(&course)).to_string());
    let parts = vec![part_one_result(score.as_ref(), one, &policy), part_two_result(feedback, two, &policy)];
    let result = ResultRecord { registration: course.registration.id.clone(), outcome, parts, retake_open_from };
    Ok(Standing { course, person, outcome, result, basis })
}

/// A part without a result: absent once it can no longer be started, incomplete until then.
fn unsat(tx: &Tx<'_, Sighted>, course: &Course, part: Part) -> Outcome {
    let (one, two) = (course.start.one.as_ref(), course.start.two.as_ref());
    match part_state(one, two, part, tx.now()) {
        PartState::Ready if tx.now() > last_start(&course.start, part) && !course.start.late_admission => {
            Outcome::Absent
        }
        // Without Part One there is no Part Two either.
        PartState::Locked if one.is_none() => unsat_one(tx, course),
        PartState::Ready | PartState::Locked | PartState::Open | PartState::Closed => Outcome::Incomplete,
    }
}

fn unsat_one(tx: &Tx<'_, Sighted>, course: &Course) -> Outcome {
    if tx.now() > last_start(&course.start, Part::One) && !course.start.late_admission {
        Outcome::Absent
    } else {
        Outcome::Incomplete
    }
}

/// What a Part Two comes to.
struct PartTwo {
    outcome: Outcome,
    feedback: Vec<Feedback>,
    basis: BTreeSet<Basis>,
}

fn judge_two(tx: &mut Tx<'_, Sighted>, course: &Course, policy: &Policy) -> Result<PartTwo, Error> {
    let without = |outcome| PartTwo { outcome, feedback: Vec::new(), basis: BTreeSet::new() };
    let Some(attempt) = course.two.as_ref().filter(|a| a.receipt.is_some()) else {
        return Ok(without(unsat(tx, course, Part::Two)));
    };
    let scripts = tx.scripts_of(&attempt.id)?;
    let (mut marked, mut versions) = (Vec::new(), Vec::new());
    for script in &scripts {
        let Some(standing) = tx.settlement_standing(&script.id)? else { return Ok(without(Outcome::Incomplete)) };
        marked.push(Marked { position: script.position, round: script.round, settlement: standing.settlement });
        versions.push(standing.version);
    }
    // In the order of positions.
    let counted = counting(&marked, policy);
    let settled: Vec<Settlement> = counted.iter().map(|index| marked[*index].settlement).collect();
    let mut feedback = Vec::new();
    for index in &counted {
        feedback.push(feedback_on(tx, &scripts[*index])?);
    }
    let basis = scripts.iter().zip(versions).enumerate().map(|(index, (script, version))| Basis {
        script: script.id.clone(),
        version,
        counts: counted.contains(&index),
    });
    Ok(PartTwo { outcome: judge_part_two(&settled, policy).into(), feedback, basis: basis.collect() })
}

/// The remarks on a script, in an order drawn from the script, not from who wrote first or third.
fn feedback_on(tx: &mut Tx<'_, Sighted>, script: &Script) -> Result<Feedback, Error> {
    let readings = tx.readings_of(std::slice::from_ref(&script.id))?;
    let mut remarks = Vec::new();
    for reading in readings.iter().filter(|r| r.state == ReadingState::Sealed) {
        remarks.push(tx.judged(&reading.id)?.1.remarks_for_examinee);
    }
    let order = shuffled(script.id.as_str(), "remarks", remarks.len());
    let vignette = tx.vignette(&script.vignette.0, script.vignette.1)?.title;
    Ok(Feedback { vignette, remarks: order.into_iter().map(|i| remarks[i].clone()).collect() })
}
