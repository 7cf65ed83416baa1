//! The workload of a sitting's reviewers, and giving to others what somebody cannot read in time. No mark passes through
//! here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::acquaintance::Circle;
use super::coordinator::Coordinator;
use super::facts::sitting_for;
use super::panel::look_at;
use crate::domain::absence::away_until;
use crate::domain::ids::{PersonId, ScriptId, SittingId};
use crate::domain::policy::SameAssociation;
use crate::domain::retake::day_of;
use crate::domain::rights::Act;
use crate::domain::vocabulary::Strand;
use crate::domain::workload::{ProposalReason, proposal};
use crate::store::audit::Entry;
use crate::store::marking::{Reading, ReadingKind};
use crate::store::readings::ReadingState;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// What a reviewer has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Who.
    pub reviewer: PersonId,
    /// The name.
    pub name: String,
    /// For which strands they are trained.
    pub strands: Vec<Strand>,
    /// The most open scripts.
    pub capacity: usize,
    /// How many they hold, whatever the sitting.
    pub held: usize,
    /// How many of this sitting they have sealed.
    pub sealed: usize,
    /// How many of this sitting are past their date.
    pub overdue: usize,
    /// The last day of the absence they are in today.
    pub absent_until: Option<NaiveDate>,
    /// What of theirs should go to others.
    pub proposal: Option<Proposal>,
}

/// Scripts that should go to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Why.
    pub reason: ProposalReason,
    /// How many of them are not begun.
    pub not_begun: usize,
    /// How many are begun: these are not taken without asking.
    pub drafts: usize,
    /// How many of the drafts the reviewer was asked about.
    pub asked: usize,
}

/// What was done about a reviewer's scripts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reallocated {
    /// How many were taken back.
    pub taken_back: i64,
    /// How many of these have a new reader already.
    pub given: i64,
    /// How many drafts the reviewer is asked about, to finish or give back.
    pub asked: i64,
}

/// A reading that should go to somebody else.
type Proposed<'r> = (&'r Reading, ProposalReason);

impl Coordinator {
    /// Who has how much to do in a sitting, and what should go to others.
    ///
    /// # Errors
    /// [`NotFound`](crate::domain::refusal::Refusal::NotFound).
    pub async fn workload(&self, id: &SittingId) -> Result<Vec<Workload>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                workload_of(tx, &sitting)
            })
            .await
    }

    /// Gives to others what of a reviewer's is proposed for it. What is not begun goes at once; about a draft its
    /// reviewer is asked, unless `drafts` says that it goes too, or a conflict with its writer came to light.
    ///
    /// # Errors
    /// [`NotFound`](crate::domain::refusal::Refusal::NotFound).
    pub async fn reallocate(&self, id: &SittingId, from: &PersonId, drafts: bool) -> Result<Reallocated, Error> {
        let (id, from) = (id.clone(), from.clone());
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunSittings, &id)?;
                let mut readings = readings_in(tx, &sitting)?;
                readings.retain(|r| r.reviewer == from);
                // What was planted goes with the rest: what is left would tell what it is.
                readings.extend(tx.planted_on(&from, &sitting.id)?);
                let mine: Vec<&Reading> = readings.iter().collect();
                let known = Known::load(tx, &sitting, std::slice::from_ref(&from))?;
                let proposed = known.proposed(tx, &mine)?;
                // Whoever clicks twice finds nothing left to do.
                if proposed.is_empty() {
                    return Ok(Reallocated::default());
                }
                let done = take_back(tx, &from, &proposed, drafts)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "marking.reallocate",
                    subject: id.0.clone(),
                    detail: json!({ "taken_back": done.taken_back, "asked": done.asked, "drafts": drafts }),
                })?;
                Ok(done)
            })
            .await
    }
}

fn readings_in(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Vec<Reading>, Error> {
    let scripts: Vec<ScriptId> = tx.scripts_in(&sitting.id)?.into_iter().map(|s| s.id).collect();
    let mut readings = tx.readings_of(&scripts)?;
    readings.retain(|r| r.state != ReadingState::Declined);
    Ok(readings)
}

/// What is known now of a sitting's writers and readers, and what was agreed about giving scripts to others.
struct Known {
    writers: BTreeMap<ScriptId, PersonId>,
    circle: Circle,
    associations_count: bool,
    grace_days: i64,
    today: NaiveDate,
}

impl Known {
    fn load(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, readers: &[PersonId]) -> Result<Self, Error> {
        let writers: BTreeMap<ScriptId, PersonId> =
            tx.scripts_in(&sitting.id)?.into_iter().map(|script| (script.id, script.examinee)).collect();
        let everybody: Vec<PersonId> = readers.iter().chain(writers.values()).cloned().collect();
        // As when scripts were given out: the rule of the sitting's opening.
        let at_opening = tx.policy(&sitting.association, sitting.terms.opens_at.min(tx.now()))?;
        Ok(Self {
            writers,
            circle: Circle::load(tx, &everybody)?,
            associations_count: at_opening.same_association == SameAssociation::Barred,
            grace_days: tx.policy(&sitting.association, tx.now())?.reallocate_after_days,
            today: day_of(tx.now(), sitting.zone()),
        })
    }

    /// What of one reviewer's open readings should go to others. Conflicts come first and alone.
    fn proposed<'r>(&self, tx: &mut Tx<'_, Sighted>, mine: &[&'r Reading]) -> Result<Vec<Proposed<'r>>, Error> {
        let Some(first) = mine.first() else { return Ok(Vec::new()) };
        let open: Vec<&'r Reading> = mine.iter().copied().filter(|r| r.state != ReadingState::Sealed).collect();
        let against = open.iter().filter(|r| self.in_conflict(r));
        let against: Vec<Proposed<'r>> = against.map(|r| (*r, ProposalReason::Conflict)).collect();
        if !against.is_empty() {
            return Ok(against);
        }
        let absences = tx.absences_of(&first.reviewer)?;
        let reason = |r: &Reading| proposal(r.due_on.parse().ok()?, self.today, &absences, self.grace_days);
        Ok(open.into_iter().filter_map(|r| Some((r, reason(r)?))).collect())
    }

    fn in_conflict(&self, reading: &Reading) -> bool {
        let writer = self.writers.get(&reading.script);
        let origins = writer.map(|writer| self.circle.between(&reading.reviewer, writer, self.associations_count));
        origins.is_some_and(|origins| origins.iter().any(|origin| origin.takes_back()))
    }
}

fn workload_of(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Vec<Workload>, Error> {
    let today = day_of(tx.now(), sitting.zone());
    let readings = readings_in(tx, sitting)?;
    let mut by_reviewer: BTreeMap<&PersonId, Vec<&Reading>> = BTreeMap::new();
    for reading in &readings {
        by_reviewer.entry(&reading.reviewer).or_default().push(reading);
    }
    let mut reviewers = tx.reviewers(&sitting.association)?;
    // Whoever was lent reads here too.
    let own: BTreeSet<PersonId> = reviewers.iter().map(|r| r.person.clone()).collect();
    for who in by_reviewer.keys().filter(|who| !own.contains(**who)) {
        reviewers.extend(tx.reviewer_facts(who)?);
    }
    let everybody: Vec<PersonId> = reviewers.iter().map(|r| r.person.clone()).collect();
    let known = Known::load(tx, sitting, &everybody)?;
    let mut rows = Vec::new();
    for facts in reviewers {
        let mine = by_reviewer.get(&facts.person).map(Vec::as_slice).unwrap_or_default();
        let proposed = known.proposed(tx, mine)?;
        let drafts = || proposed.iter().filter(|(r, _)| r.state == ReadingState::Draft);
        let late = |r: &&&Reading| r.state != ReadingState::Sealed && r.due_on < today.to_string();
        rows.push(Workload {
            name: tx.person(&facts.person)?.name,
            absent_until: away_until(&tx.absences_of(&facts.person)?, today),
            sealed: mine.iter().filter(|r| r.state == ReadingState::Sealed).count(),
            overdue: mine.iter().filter(late).count(),
            proposal: proposed.first().map(|(_, reason)| Proposal {
                reason: *reason,
                not_begun: proposed.len() - drafts().count(),
                drafts: drafts().count(),
                asked: drafts().filter(|(r, _)| r.asked).count(),
            }),
            reviewer: facts.person,
            strands: facts.strands,
            capacity: facts.capacity,
            held: facts.load,
        });
    }
    rows.sort_by(|a, b| (&a.name, &a.reviewer).cmp(&(&b.name, &b.reviewer)));
    Ok(rows)
}

fn take_back(
    tx: &mut Tx<'_, Sighted>,
    from: &PersonId,
    proposed: &[Proposed<'_>],
    drafts: bool,
) -> Result<Reallocated, Error> {
    let mut done = Reallocated::default();
    let (mut gone, mut due_on) = (false, None::<&String>);
    for (reading, reason) in proposed {
        if reading.state == ReadingState::New || drafts || *reason == ProposalReason::Conflict {
            tx.reading_take_back(&reading.id)?;
            gone = true;
            // What was planted is counted nowhere, and goes to nobody else.
            if reading.kind == ReadingKind::Benchmark {
                continue;
            }
            done.taken_back += 1;
            let before = standing(tx, &reading.script)?;
            look_at(tx, &reading.script)?;
            done.given += i64::from(standing(tx, &reading.script)? > before);
        } else if !reading.asked {
            tx.reading_ask(&reading.id)?;
            done.asked += i64::from(reading.kind != ReadingKind::Benchmark);
            due_on = due_on.min(Some(&reading.due_on)).or(Some(&reading.due_on));
        }
    }
    if gone {
        tx.message_add(from, "review_taken_back", &json!({}))?;
    }
    if let Some(due_on) = due_on {
        tx.message_add(from, "review_asked", &json!({ "due_on": due_on }))?;
    }
    Ok(done)
}

/// How many readings of a script stand.
fn standing(tx: &mut Tx<'_, Sighted>, script: &ScriptId) -> Result<usize, Error> {
    let readings = tx.readings_of(std::slice::from_ref(script))?;
    Ok(readings.iter().filter(|r| r.state != ReadingState::Declined).count())
}
