//! Marking as a coordinator runs it: allocation, and how far each script is. No mark passes through here before both
//! first readings of its script are sealed.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::allocation::{Allocation, Facts, Lacking, Plan};
use super::calibration::plant_among;
use super::coordinator::Coordinator;
use super::facts::sitting_for;
use super::panel::{FIRST_READINGS, assign, tell_reader};
use super::screening::{screen_pending, undecided};
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

/// How far a script is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScriptProgress {
    /// Which.
    pub script: ScriptId,
    /// Which marking of the answer: 0 for the first, more for a re-mark after an appeal.
    pub round: i64,
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
        let seed = self.0.store.world().entropy.secret();
        let (wanted, drawn) = (id.clone(), seed.clone());
        let (facts, plan) = self
            .0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &wanted)?;
                let facts = Facts::of_sitting(tx, &sitting)?;
                Ok((facts.clone(), facts.plan(&drawn)))
            })
            .await?;
        if dry_run {
            return Ok(plan.report());
        }
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                // What the clerk has not come to yet is looked through here: nothing is given out unscreened.
                let scripts = tx.scripts_in(&id)?;
                screen_pending(tx, &scripts)?;
                let now = Facts::of_sitting(tx, &sitting)?;
                let plan = if now == facts { plan.clone() } else { now.plan(&seed) };
                carry_out(tx, &plan, &now, (&sitting, &seed))?;
                let report = plan.report();
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "marking.allocate",
                    subject: id.0.clone(),
                    detail: json!({ "assigned": report.assigned, "unassigned": unassigned(&plan) }),
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

/// Gives out what a plan says. The seed goes where no list shows it: whoever knew it could work out who sits beside whom.
fn carry_out(
    tx: &mut Tx<'_, Sighted>,
    plan: &Plan,
    facts: &Facts,
    (sitting, seed): (&Sitting, &str),
) -> Result<(), Error> {
    let due_on = &facts.due_on;
    for (script, kind, readers) in &plan.assigned {
        for reader in readers {
            assign(tx, script, reader, *kind, due_on)?;
        }
    }
    plant_among(tx, sitting, &facts.vignettes_given(plan), due_on)?;
    let readers: BTreeSet<&PersonId> = plan.assigned.iter().flat_map(|(_, _, readers)| readers).collect();
    for reader in readers {
        tell_reader(tx, reader, due_on)?;
    }
    tx.audit(Entry {
        association: None,
        actor: "clerk".into(),
        act: "marking.plan",
        subject: sitting.id.0.clone(),
        detail: json!({ "seed": seed }),
    })
}

/// What could not be given out, as the log keeps it.
fn unassigned(plan: &Plan) -> Vec<Value> {
    let line = |lacking: &Lacking| json!({ "script": lacking.script, "lacks": lacking.lacks });
    plan.unassigned.iter().map(line).collect()
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
        round: script.round,
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
