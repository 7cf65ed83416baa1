//! Marking as a coordinator runs it: allocation, and how far each script is. No mark passes through here before both
//! first readings of its script are sealed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::coordinator::Coordinator;
use super::facts::sitting_for;
use super::panel::{FIRST_READINGS, assign, due_on, eligible, first_readings, in_random_order, look_at, tell_reader};
use super::screening::{screen_pending, undecided};
use crate::domain::allocation::{Capacity, Seats, allocate};
use crate::domain::ids::{PersonId, ScriptId, SittingId};
use crate::domain::panel::Settlement;
use crate::domain::retake::day_of;
use crate::domain::rights::Act;
use crate::domain::vocabulary::Strand;
use crate::store::audit::Entry;
use crate::store::marking::{Reading, ReadingKind, Script};
use crate::store::readings::ReadingState;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// What a script lacks in which a passage waits for a decision.
pub const LACKS_SCREENING: &str = "screening";

/// What an allocation did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// Scripts that got their readers.
    pub assigned: i64,
    /// Scripts that could not, and what they lack.
    pub unassigned: Vec<Lacking>,
    /// New readings by reviewer, for the preview.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub per_reviewer: Vec<(PersonId, i64)>,
}

/// A script without readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Which.
    pub script: ScriptId,
    /// What it lacks: [`LACKS_SCREENING`], or reviewers, in words.
    pub lacks: String,
}

/// How far a script is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScriptProgress {
    /// Which.
    pub script: ScriptId,
    /// The strand.
    pub strand: Strand,
    /// The vignette's title.
    pub vignette: String,
    /// How many readings it needs in all, as known so far.
    pub needed: usize,
    /// How many are assigned.
    pub assigned: usize,
    /// How many are sealed.
    pub sealed: usize,
    /// Whether a third reading was called.
    pub third_reading: bool,
    /// `screening`, `unallocated`, `reading`, `third_reading` or `settled`.
    pub state: &'static str,
    /// What it is worth, once settled.
    pub settled: Option<Settlement>,
}

/// How far a reviewer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewerProgress {
    /// Who.
    pub reviewer: PersonId,
    /// The name.
    pub name: String,
    /// The strands they read here.
    pub strands: Vec<Strand>,
    /// How many readings they have.
    pub assigned: usize,
    /// How many of them are sealed.
    pub sealed: usize,
    /// The earliest day on which an open one is due.
    pub due_on: Option<String>,
    /// Whether one is overdue.
    pub overdue: bool,
}

/// How marking stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Marking {
    /// Script by script.
    pub scripts: Vec<ScriptProgress>,
    /// Reviewer by reviewer.
    pub reviewers: Vec<ReviewerProgress>,
}

impl Coordinator {
    /// Gives every script of a sitting that lacks first readers its readers, in one assignment over all of them.
    ///
    /// # Errors
    /// [`NotFound`](crate::domain::refusal::Refusal::NotFound).
    pub async fn allocate(&self, id: &SittingId, dry_run: bool) -> Result<Allocation, Error> {
        let id = id.clone();
        if dry_run {
            return self
                .0
                .read(move |tx, me| {
                    let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                    Ok(plan(tx, &sitting)?.report())
                })
                .await;
        }
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                // What the clerk has not come to yet is looked through here: nothing is given out unscreened.
                let scripts = tx.scripts_in(&id)?;
                screen_pending(tx, &scripts)?;
                let plan = plan(tx, &sitting)?;
                let due_on = due_on(tx, &sitting)?;
                for (script, readers) in &plan.assigned {
                    for reader in readers {
                        assign(tx, script, reader, ReadingKind::First, &due_on)?;
                    }
                }
                let readers: BTreeSet<&PersonId> = plan.assigned.iter().flat_map(|(_, readers)| readers).collect();
                for reader in readers {
                    tell_reader(tx, reader, &due_on)?;
                }
                // Third readings that found nobody are tried again too.
                for script in tx.scripts_in(&id)? {
                    if tx.settlement(&script.id)?.is_none() {
                        look_at(tx, &script.id)?;
                    }
                }
                let report = plan.report();
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "marking.allocate",
                    subject: id.0.clone(),
                    detail: json!({ "assigned": report.assigned, "unassigned": report.unassigned }),
                })?;
                Ok(report)
            })
            .await
    }

    /// How marking stands.
    ///
    /// # Errors
    /// [`NotFound`](crate::domain::refusal::Refusal::NotFound).
    pub async fn marking(&self, id: &SittingId) -> Result<(Sitting, Marking), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                let scripts = tx.scripts_in(&id)?;
                let ids: Vec<ScriptId> = scripts.iter().map(|s| s.id.clone()).collect();
                let readings = tx.readings_of(&ids)?;
                let mut progress = Vec::new();
                for script in &scripts {
                    progress.push(progress_of(tx, script, &readings)?);
                }
                let open: Vec<Script> = scripts
                    .iter()
                    .zip(&progress)
                    .filter(|(_, progress)| progress.state == "unallocated" && progress.assigned == 0)
                    .map(|(script, _)| script.clone())
                    .collect();
                let waiting = undecided(tx, &open)?;
                for row in progress.iter_mut().filter(|row| waiting.contains_key(&row.script)) {
                    row.state = "screening";
                }
                let reviewers = reviewers_progress(tx, &sitting, &readings)?;
                Ok((sitting, Marking { scripts: progress, reviewers }))
            })
            .await
    }
}

/// A batch's assignment.
struct Plan {
    assigned: Vec<(ScriptId, Vec<PersonId>)>,
    unassigned: Vec<Lacking>,
}

impl Plan {
    fn report(&self) -> Allocation {
        let mut per_reviewer: BTreeMap<&PersonId, i64> = BTreeMap::new();
        for reader in self.assigned.iter().flat_map(|(_, readers)| readers) {
            *per_reviewer.entry(reader).or_default() += 1;
        }
        Allocation {
            assigned: i64::try_from(self.assigned.len()).unwrap_or(i64::MAX),
            unassigned: self.unassigned.clone(),
            per_reviewer: per_reviewer.into_iter().map(|(who, n)| (who.clone(), n)).collect(),
        }
    }
}

fn plan(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Plan, Error> {
    let scripts = tx.scripts_in(&sitting.id)?;
    let ids: Vec<ScriptId> = scripts.iter().map(|s| s.id.clone()).collect();
    let readings = tx.readings_of(&ids)?;
    // Ties go to the lower index: shuffled, so that nobody is favoured by their id.
    let reviewers = in_random_order(tx, sitting)?;
    let lacking: Vec<Script> =
        scripts.into_iter().filter(|s| first_readings(&s.id, &readings).count() < FIRST_READINGS).collect();
    let waiting = undecided(tx, &lacking)?;
    let open: Vec<&Script> = lacking.iter().filter(|s| !waiting.contains_key(&s.id)).collect();
    let mut seats = Vec::new();
    for script in &open {
        let eligible = eligible(tx, script, &reviewers, &readings)?;
        seats.push(Seats { needed: FIRST_READINGS - first_readings(&script.id, &readings).count(), eligible });
    }
    let capacities: Vec<Capacity> = reviewers.iter().map(|r| Capacity { load: r.load, limit: r.capacity }).collect();
    let unscreened = waiting.into_keys().map(|script| Lacking { script, lacks: LACKS_SCREENING.to_owned() });
    let mut plan = Plan { assigned: Vec::new(), unassigned: unscreened.collect() };
    for ((script, wanted), readers) in open.iter().zip(&seats).zip(allocate(&seats, &capacities)) {
        if readers.len() == wanted.needed {
            let readers = readers.into_iter().map(|i| reviewers[i].person.clone()).collect();
            plan.assigned.push((script.id.clone(), readers));
        } else {
            plan.unassigned.push(Lacking { script: script.id.clone(), lacks: lack(script, wanted, readers.len()) });
        }
    }
    Ok(plan)
}

fn lack(script: &Script, wanted: &Seats, found: usize) -> String {
    let missing = wanted.needed - found;
    let plural = if missing == 1 { "reviewer" } else { "reviewers" };
    format!(
        "{missing} {plural} for {} ({} may read it: trained, without conflict, not a reader of it already; their capacity counts)",
        script.strand,
        wanted.eligible.len()
    )
}

fn progress_of(tx: &mut Tx<'_, Sighted>, script: &Script, readings: &[Reading]) -> Result<ScriptProgress, Error> {
    let own: Vec<&Reading> =
        readings.iter().filter(|r| r.script == script.id && r.state != ReadingState::Declined).collect();
    let first_sealed = own.iter().filter(|r| r.kind == ReadingKind::First && r.state == ReadingState::Sealed).count();
    let third_reading = own.iter().any(|r| r.kind == ReadingKind::Third);
    // Nothing of a mark is looked up before every first reading is sealed.
    let settled = if first_sealed == FIRST_READINGS { tx.settlement(&script.id)? } else { None };
    let third_reading = third_reading || (first_sealed == FIRST_READINGS && settled.is_none());
    let state = match (&settled, third_reading) {
        (Some(_), _) => "settled",
        (None, true) => "third_reading",
        (None, false) if own.len() < FIRST_READINGS => "unallocated",
        (None, false) => "reading",
    };
    Ok(ScriptProgress {
        script: script.id.clone(),
        strand: script.strand,
        vignette: tx.vignette(&script.vignette.0, script.vignette.1)?.title,
        needed: FIRST_READINGS + usize::from(third_reading),
        assigned: own.len(),
        sealed: own.iter().filter(|r| r.state == ReadingState::Sealed).count(),
        third_reading,
        state,
        settled,
    })
}

fn reviewers_progress(
    tx: &mut Tx<'_, Sighted>,
    sitting: &Sitting,
    readings: &[Reading],
) -> Result<Vec<ReviewerProgress>, Error> {
    let today = day_of(tx.now(), sitting.zone()).to_string();
    let mut rows = Vec::new();
    for facts in tx.reviewers(&sitting.association)? {
        let own: Vec<&Reading> =
            readings.iter().filter(|r| r.reviewer == facts.person && r.state != ReadingState::Declined).collect();
        let open = own.iter().filter(|r| r.state != ReadingState::Sealed);
        let due_on = open.map(|r| r.due_on.clone()).min();
        rows.push(ReviewerProgress {
            name: tx.person(&facts.person)?.name,
            reviewer: facts.person,
            strands: facts.strands,
            assigned: own.len(),
            sealed: own.iter().filter(|r| r.state == ReadingState::Sealed).count(),
            overdue: due_on.as_ref().is_some_and(|d| *d < today),
            due_on,
        });
    }
    Ok(rows)
}
