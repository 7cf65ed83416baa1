//! The facts of an allocation, and the plan that follows from them and a seed: nothing else has a part in it.
//!
//! Whole batches are planned on a snapshot, away from those who wait to write; the plan is carried out only where the
//! facts are still the same, and made anew where they are not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::acquaintance::Circle;
use super::calibration::{VignetteRef, unadmitted};
use super::panel::{FIRST_READINGS, due_on};
use super::screening::undecided;
use crate::domain::absence::{Absence, away_until, is_away};
use crate::domain::allocation::{
    Capacity, Problem, Recruit, SAME_ASSOCIATION, SAME_PAIR, SAME_WRITER, Wanted, remedy, solve,
};
use crate::domain::form::shuffled;
use crate::domain::ids::{PersonId, ScriptId};
use crate::domain::policy::{Policy, SameAssociation};
use crate::domain::retake::day_of;
use crate::domain::vocabulary::Strand;
use crate::store::marking::{Reading, ReadingKind, ReviewerFacts, Script};
use crate::store::readings::ReadingState;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// Sharing more scripts than this with somebody makes no further difference.
const MOST_PAIRINGS: i64 = 9;

/// What a script lacks in which a passage waits for a decision.
pub const LACKS_SCREENING: &str = "screening";
/// What a script lacks that was given back while late work of its writer waits for a decision: the text may change.
pub const LACKS_LATE_EVIDENCE: &str = "late_evidence";

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
    /// The smallest change that would let everything be assigned.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub remedy: Option<Cure>,
}

/// A script without readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Which.
    pub script: ScriptId,
    /// What it lacks: [`LACKS_SCREENING`], [`LACKS_LATE_EVIDENCE`], or reviewers, in words.
    pub lacks: String,
    /// The strand.
    pub strand: Strand,
    /// How many reviewers it lacks.
    pub missing: usize,
    /// How many reviewers are trained for the strand.
    pub trained: usize,
    /// How many of these are not yet admitted to live scripts.
    #[serde(default)]
    pub unadmitted: usize,
    /// How many of the rest are in conflict with the writer, or read the script already.
    pub barred: usize,
    /// How many of the rest are absent.
    pub absent: usize,
    /// How many of the rest have no room.
    pub full: usize,
    /// What of the remedy helps this script.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remedy: Vec<Step>,
}

/// The smallest change that would let everything be assigned, and where it is tight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cure {
    /// What to do; all of it is needed.
    pub steps: Vec<Step>,
    /// Whether it was shown that nothing smaller does.
    pub is_least: bool,
    /// How many scripts can only be read by reviewers who have not room enough for them.
    pub tight_scripts: usize,
    /// How many readings these lack.
    pub tight_readings: usize,
    /// How many of these readings their reviewers have room for.
    pub tight_room: usize,
    /// Who may read any of them.
    pub tight_reviewers: Vec<PersonId>,
}

/// One step of a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// A reviewer takes more than their capacity.
    Raise {
        /// Who.
        reviewer: PersonId,
        /// The name.
        name: String,
        /// By how many scripts.
        by: usize,
    },
    /// A reviewer is there after all.
    Return {
        /// Who.
        reviewer: PersonId,
        /// The name.
        name: String,
        /// The last day of the absence.
        absent_until: Option<NaiveDate>,
    },
    /// A reviewer's calibration is completed, or a coordinator admits them.
    Admit {
        /// Who.
        reviewer: PersonId,
        /// The name.
        name: String,
    },
    /// Somebody is to be found, in no conflict with the writers.
    Recruit {
        /// Trained for which strand.
        strand: Strand,
        /// How many people.
        reviewers: usize,
        /// How many scripts each of them takes.
        scripts_each: usize,
        /// Whether they must not be of the writers' association.
        outside_association: bool,
    },
}

/// Everything that decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The scripts to look at.
    scripts: Vec<Script>,
    /// Their readings, and those of the other scripts of the same sitting.
    readings: Vec<Reading>,
    settled: BTreeSet<ScriptId>,
    /// In which a passage waits for a decision.
    undecided: BTreeSet<ScriptId>,
    /// Given back while late work of their writer waits for a decision.
    late: BTreeSet<ScriptId>,
    reviewers: Vec<ReviewerFacts>,
    absences: BTreeMap<PersonId, Vec<Absence>>,
    /// Who may not be given live scripts of which strand.
    unadmitted: BTreeSet<(PersonId, Strand)>,
    circle: Circle,
    earlier: BTreeSet<(PersonId, PersonId)>,
    /// Who was given the same examinee's answers in an earlier round of marking.
    before: BTreeSet<(ScriptId, PersonId)>,
    policy: Policy,
    today: NaiveDate,
    /// By when what is given out now is due.
    pub due_on: String,
}

/// Who reads what.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The scripts that get all the readers they need.
    pub assigned: Vec<(ScriptId, ReadingKind, Vec<PersonId>)>,
    /// The others.
    pub unassigned: Vec<Lacking>,
    cure: Option<Cure>,
}

impl Plan {
    /// What is told of it.
    pub fn report(&self) -> Allocation {
        let mut per_reviewer: BTreeMap<&PersonId, i64> = BTreeMap::new();
        for reader in self.assigned.iter().flat_map(|(_, _, readers)| readers) {
            *per_reviewer.entry(reader).or_default() += 1;
        }
        Allocation {
            assigned: i64::try_from(self.assigned.len()).unwrap_or(i64::MAX),
            unassigned: self.unassigned.clone(),
            per_reviewer: per_reviewer.into_iter().map(|(who, n)| (who.clone(), n)).collect(),
            remedy: self.cure.clone(),
        }
    }
}

impl Facts {
    /// Loads what decides about all scripts of a sitting.
    pub fn of_sitting(tx: &mut Tx<'_, Sighted>, sitting: &Sitting) -> Result<Self, Error> {
        let scripts = tx.scripts_in(&sitting.id)?;
        Self::load(tx, sitting, scripts.clone(), &scripts)
    }

    /// Loads what decides about one script.
    pub fn of_script(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, script: &Script) -> Result<Self, Error> {
        let all = tx.scripts_in(&sitting.id)?;
        Self::load(tx, sitting, vec![script.clone()], &all)
    }

    fn load(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, scripts: Vec<Script>, all: &[Script]) -> Result<Self, Error> {
        let ids: Vec<ScriptId> = all.iter().map(|s| s.id.clone()).collect();
        let readings = tx.readings_of(&ids)?;
        let before = readers_before(&scripts, all, &readings);
        let mut settled = BTreeSet::new();
        for script in &scripts {
            if tx.settlement(&script.id)?.is_some() {
                settled.insert(script.id.clone());
            }
        }
        let waiting = tx.late_undecided_in(&sitting.id)?;
        let came_back = |s: &Script| readings.iter().any(|r| r.script == s.id && r.state == ReadingState::Declined);
        let late = scripts.iter().filter(|s| waiting.contains_key(&s.attempt) && came_back(s));
        let late = late.map(|s| s.id.clone()).collect();
        let policy = tx.policy(&sitting.association, sitting.terms.opens_at.min(tx.now()))?;
        let reviewers = pool(tx, sitting, &policy)?;
        let readers: Vec<PersonId> = reviewers.iter().map(|r| r.person.clone()).collect();
        let writers: Vec<PersonId> = scripts.iter().map(|s| s.examinee.clone()).collect();
        let everybody: Vec<PersonId> = readers.iter().chain(&writers).cloned().collect();
        Ok(Self {
            late,
            before,
            readings,
            settled,
            undecided: undecided(tx, &scripts)?.into_keys().collect(),
            absences: tx.absences(&readers)?,
            unadmitted: unadmitted(tx, &sitting.association, &reviewers)?,
            circle: Circle::load(tx, &everybody)?,
            earlier: tx.earlier_readers(&writers, &sitting.id)?,
            today: day_of(tx.now(), sitting.zone()),
            due_on: due_on(tx, sitting)?,
            policy,
            reviewers,
            scripts,
        })
    }

    /// What a script still needs: its first readers, or the third where the two do not agree.
    fn need(&self, script: &Script) -> Option<(ReadingKind, usize)> {
        let standing = |kind| self.standing(&script.id).filter(move |r| r.kind == kind);
        let first = standing(ReadingKind::First).count();
        let sealed = standing(ReadingKind::First).filter(|r| r.state == ReadingState::Sealed).count();
        if self.settled.contains(&script.id) {
            None
        } else if first < FIRST_READINGS {
            Some((ReadingKind::First, FIRST_READINGS - first))
        } else if sealed == FIRST_READINGS && standing(ReadingKind::Third).next().is_none() {
            Some((ReadingKind::Third, 1))
        } else {
            None
        }
    }

    fn standing<'f>(&'f self, script: &'f ScriptId) -> impl Iterator<Item = &'f Reading> + 'f {
        self.readings.iter().filter(move |r| r.script == *script && r.state != ReadingState::Declined)
    }

    /// The vignette of each reading that a plan gives out, by reader.
    pub fn vignettes_given(&self, plan: &Plan) -> BTreeMap<PersonId, Vec<VignetteRef>> {
        let mut given: BTreeMap<PersonId, Vec<VignetteRef>> = BTreeMap::new();
        for (id, _, readers) in &plan.assigned {
            let Some(script) = self.scripts.iter().find(|s| s.id == *id) else { continue };
            for reader in readers {
                given.entry(reader.clone()).or_default().push(script.vignette.clone());
            }
        }
        given
    }

    /// The plan for everything that lacks readers.
    pub fn plan(&self, seed: &str) -> Plan {
        let needs = self.scripts.iter().filter_map(|s| Some((s, self.need(s)?)));
        let waits = |(script, (kind, _)): &(&Script, (ReadingKind, usize))| {
            *kind == ReadingKind::First && (self.undecided.contains(&script.id) || self.late.contains(&script.id))
        };
        let (waiting, ready): (Vec<_>, Vec<_>) = needs.partition(waits);
        let mut plan = self.plan_for(seed, ready);
        let reviewers: Vec<&ReviewerFacts> = self.reviewers.iter().collect();
        let problem = self.problem(&[], &reviewers);
        for (script, (kind, needed)) in waiting {
            let lacking = self.candidates(script, kind, needed, &reviewers).lacking(&problem);
            let lacks = if self.late.contains(&script.id) { LACKS_LATE_EVIDENCE } else { LACKS_SCREENING };
            plan.unassigned.push(Lacking { lacks: lacks.to_owned(), ..lacking });
        }
        plan
    }

    /// The one further reader of a script, for a reading of that kind.
    pub fn one_reader(&self, seed: &str, script: &Script, kind: ReadingKind) -> Option<PersonId> {
        let plan = self.plan_for(seed, vec![(script, (kind, 1))]);
        plan.assigned.into_iter().flat_map(|(_, _, readers)| readers).next()
    }

    fn plan_for(&self, seed: &str, mut needs: Vec<(&Script, (ReadingKind, usize))>) -> Plan {
        // Neither the order of scripts nor that of reviewers favours anybody: both are the seed's. What lacks only one
        // reader goes first: somebody else's work waits for it.
        let order = shuffled(seed, "scripts", needs.len());
        let mut rank = vec![0; needs.len()];
        order.into_iter().enumerate().for_each(|(place, index)| rank[index] = place);
        let mut ranked: Vec<_> = needs.drain(..).zip(rank).collect();
        ranked.sort_by_key(|((_, (_, needed)), rank)| (*needed, *rank));
        let order = shuffled(seed, "reviewers", self.reviewers.len());
        let reviewers: Vec<&ReviewerFacts> = order.into_iter().map(|index| &self.reviewers[index]).collect();
        let wanted: Vec<Candidates> = ranked
            .iter()
            .map(|((script, (kind, needed)), _)| self.candidates(script, *kind, *needed, &reviewers))
            .collect();
        let problem = self.problem(&wanted, &reviewers);
        let mut plan = Plan { assigned: Vec::new(), unassigned: Vec::new(), cure: None };
        for (of, readers) in wanted.iter().zip(solve(&problem)) {
            if readers.len() == of.wanted.needed {
                let readers = readers.into_iter().map(|i| reviewers[i].person.clone()).collect();
                plan.assigned.push((of.script.id.clone(), of.kind, readers));
            } else {
                plan.unassigned.push(of.lacking(&problem));
            }
        }
        if !plan.unassigned.is_empty() {
            self.cure(&problem, &wanted, &reviewers, &mut plan);
        }
        plan
    }

    fn problem(&self, wanted: &[Candidates<'_>], reviewers: &[&ReviewerFacts]) -> Problem {
        let mut problem = Problem {
            scripts: wanted.iter().map(|c| c.wanted.clone()).collect(),
            reviewers: reviewers.iter().map(|r| Capacity { load: r.load, limit: r.capacity }).collect(),
            together: BTreeMap::new(),
        };
        let index: BTreeMap<&PersonId, usize> = reviewers.iter().enumerate().map(|(i, r)| (&r.person, i)).collect();
        let mut panels: BTreeMap<&ScriptId, Vec<usize>> = BTreeMap::new();
        for reading in self.readings.iter().filter(|r| r.state != ReadingState::Declined) {
            panels.entry(&reading.script).or_default().extend(index.get(&reading.reviewer));
        }
        for panel in panels.values() {
            for (at, a) in panel.iter().enumerate() {
                for b in &panel[at + 1..] {
                    *problem.together.entry((*a.min(b), *a.max(b))).or_default() += 1;
                }
            }
        }
        for (wanted, of) in problem.scripts.iter_mut().zip(wanted) {
            let beside = panels.get(&of.script.id).map(Vec::as_slice).unwrap_or_default();
            for (reviewer, burden) in &mut wanted.eligible {
                let shared = |other: &usize| problem.together.get(&(*reviewer.min(other), *reviewer.max(other)));
                let met: i64 = beside.iter().filter_map(shared).sum();
                *burden += SAME_PAIR * met.min(MOST_PAIRINGS);
            }
        }
        problem
    }

    /// Who may read a script: trained for its strand, not its writer, in no conflict, not a reader of it already, not even
    /// one who gave it back, and there for at least half of the time.
    fn candidates<'f>(
        &self,
        script: &'f Script,
        kind: ReadingKind,
        needed: usize,
        reviewers: &[&ReviewerFacts],
    ) -> Candidates<'f> {
        let writer = self.scripts.iter().position(|s| s.attempt == script.attempt).unwrap_or_default();
        let wanted = Wanted { needed, strand: script.strand, writer, eligible: BTreeMap::new(), away: BTreeSet::new() };
        let mut found = Candidates { script, kind, wanted, trained: 0, unadmitted: 0, barred: 0, absent: 0 };
        for (index, reviewer) in reviewers.iter().enumerate().filter(|(_, r)| r.strands.contains(&script.strand)) {
            found.trained += 1;
            let away = self.is_absent(&reviewer.person);
            if self.is_unadmitted(&reviewer.person, script.strand) {
                found.unadmitted += 1;
                // To admit them would help, unless something else keeps them from it as well.
                if !away && !self.is_barred(script, &reviewer.person) {
                    found.wanted.away.insert(index);
                }
            } else if self.is_barred(script, &reviewer.person) {
                found.barred += 1;
            } else if away {
                found.absent += 1;
                found.wanted.away.insert(index);
            } else {
                found.wanted.eligible.insert(index, self.burden(script, &reviewer.person));
            }
        }
        found
    }

    /// Whether somebody is there for less than half of the time.
    fn is_absent(&self, who: &PersonId) -> bool {
        let due_on = self.due_on.parse().unwrap_or(self.today);
        self.absences.get(who).is_some_and(|absences| is_away(absences, self.today, due_on))
    }

    fn is_unadmitted(&self, who: &PersonId, strand: Strand) -> bool {
        self.unadmitted.contains(&(who.clone(), strand))
    }

    fn is_barred(&self, script: &Script, who: &PersonId) -> bool {
        let pair = (who.clone(), script.examinee.clone());
        *who == script.examinee
            || self.readings.iter().any(|r| r.script == script.id && r.reviewer == *who)
            || self.earlier.contains(&pair)
            || self.before.contains(&(script.id.clone(), who.clone()))
            || !self
                .circle
                .between(who, &script.examinee, self.policy.same_association == SameAssociation::Barred)
                .is_empty()
    }

    fn burden(&self, script: &Script, who: &PersonId) -> i64 {
        let avoided = self.policy.same_association == SameAssociation::Avoided
            && self.circle.share_association(who, &script.examinee);
        let of_writer: BTreeSet<&ScriptId> =
            self.scripts.iter().filter(|s| s.attempt == script.attempt && s.id != script.id).map(|s| &s.id).collect();
        let again = self
            .readings
            .iter()
            .filter(|r| r.reviewer == *who && r.state != ReadingState::Declined && of_writer.contains(&r.script));
        let again = i64::try_from(again.count()).unwrap_or(MOST_PAIRINGS);
        again * SAME_WRITER + if avoided { SAME_ASSOCIATION } else { 0 }
    }

    /// What would help.
    fn cure(&self, problem: &Problem, wanted: &[Candidates<'_>], reviewers: &[&ReviewerFacts], plan: &mut Plan) {
        let Some((found, tight)) = remedy(problem) else { return };
        let known = |index: usize| {
            let person = reviewers[index].person.clone();
            (self.circle.name(&person), person)
        };
        let mut steps: Vec<(Step, Option<usize>)> = Vec::new();
        for (index, by) in &found.raise {
            let (name, reviewer) = known(*index);
            steps.push((Step::Raise { reviewer, name, by: *by }, Some(*index)));
        }
        for index in &found.back {
            let (name, reviewer) = known(*index);
            if !self.is_absent(&reviewer) {
                steps.push((Step::Admit { reviewer, name }, Some(*index)));
                continue;
            }
            let absent_until = self
                .absences
                .get(&reviewer)
                .and_then(|a| away_until(a, self.today).or_else(|| a.iter().map(|absence| absence.until).max()));
            steps.push((Step::Return { reviewer, name, absent_until }, Some(*index)));
        }
        let outside_association = self.policy.same_association == SameAssociation::Barred;
        for Recruit { strand, reviewers, scripts_each } in found.recruit {
            steps.push((Step::Recruit { strand, reviewers, scripts_each, outside_association }, None));
        }
        for lacking in &mut plan.unassigned {
            let of = wanted.iter().find(|of| of.script.id == lacking.script);
            let helps = |step: &&(Step, Option<usize>)| match step {
                (Step::Recruit { strand, .. }, _) => *strand == lacking.strand,
                (_, Some(index)) => {
                    of.is_some_and(|of| of.wanted.eligible.contains_key(index) || of.wanted.away.contains(index))
                }
                (_, None) => false,
            };
            lacking.remedy = steps.iter().filter(helps).map(|(step, _)| step.clone()).collect();
        }
        plan.cure = Some(Cure {
            steps: steps.into_iter().map(|(step, _)| step).collect(),
            is_least: found.is_least,
            tight_scripts: tight.scripts,
            tight_readings: tight.readings,
            tight_room: tight.room,
            tight_reviewers: tight.reviewers.iter().map(|index| known(*index).1).collect(),
        });
    }
}

/// For each script of a further round: everybody who was given anything of the same examinee in an earlier one, be it that
/// they gave it back.
fn readers_before(scripts: &[Script], all: &[Script], readings: &[Reading]) -> BTreeSet<(ScriptId, PersonId)> {
    let mut found = BTreeSet::new();
    for script in scripts.iter().filter(|script| script.round > 0) {
        let earlier = |s: &&Script| s.examinee == script.examinee && s.round < script.round;
        let earlier: BTreeSet<&ScriptId> = all.iter().filter(earlier).map(|s| &s.id).collect();
        let held = readings.iter().filter(|r| earlier.contains(&r.script));
        found.extend(held.map(|r| (script.id.clone(), r.reviewer.clone())));
    }
    found
}

/// A script with who may read it.
struct Candidates<'f> {
    script: &'f Script,
    kind: ReadingKind,
    wanted: Wanted,
    trained: usize,
    unadmitted: usize,
    barred: usize,
    absent: usize,
}

impl Candidates<'_> {
    fn lacking(&self, problem: &Problem) -> Lacking {
        let room = |index: &&usize| problem.reviewers[**index].load < problem.reviewers[**index].limit;
        let with_room = self.wanted.eligible.keys().filter(room).count();
        let (may, strand) = (self.wanted.eligible.len(), self.script.strand);
        let missing = self.wanted.needed - with_room.min(self.wanted.needed - 1);
        let plural = if missing == 1 { "reviewer" } else { "reviewers" };
        let absent = self.absent;
        let full = may - with_room;
        let unadmitted = match self.unadmitted {
            0 => String::new(),
            n => format!("{n} not yet admitted, "),
        };
        Lacking {
            script: self.script.id.clone(),
            lacks: format!(
                "{missing} {plural} for {strand} ({} trained: {unadmitted}{} in conflict or reading it already, {absent} absent, \
                 {full} without room)",
                self.trained, self.barred
            ),
            strand,
            missing,
            trained: self.trained,
            unadmitted: self.unadmitted,
            barred: self.barred,
            absent,
            full,
            remedy: Vec::new(),
        }
    }
}

/// Who can be asked: the association's own reviewers, and where its policy would rather have others, those whom other
/// associations lend.
fn pool(tx: &mut Tx<'_, Sighted>, sitting: &Sitting, policy: &Policy) -> Result<Vec<ReviewerFacts>, Error> {
    let mut pool = tx.reviewers(&sitting.association)?;
    if policy.same_association != SameAssociation::Allowed {
        for association in tx.associations(None)? {
            let place = crate::domain::ids::AssociationId(association.id);
            if place != sitting.association && tx.policy(&place, tx.now())?.lends_reviewers {
                for lent in tx.reviewers(&place)? {
                    if !pool.iter().any(|known| known.person == lent.person) {
                        pool.push(lent);
                    }
                }
            }
        }
    }
    Ok(pool)
}
