//! What would make everything assignable, at the least cost: computed, not guessed.
//!
//! Three measures are weighed, in units: one more script for a reviewer costs 1, the end of an absence
//! [`BACK_UNITS`], one more reviewer [`RECRUIT_UNITS`]. Sets of returns and recruits are tried in the order of their
//! cost; for each, a flow tells by how much capacities must grow, if that is enough at all. The search ends when the
//! next set alone costs as much as the best answer: then nothing smaller does.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::flow::{Cost, Network};
use super::{Problem, Wanted};
use crate::domain::vocabulary::Strand;

/// What the end of an absence costs, in scripts that somebody else would have to take on.
const BACK_UNITS: usize = 10;
/// What one more reviewer costs.
const RECRUIT_UNITS: usize = 25;
/// How many sets are tried at the most.
const MOST_TRIES: usize = 3000;

/// More reviewers for a strand, in no conflict with the writers of its scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recruit {
    /// Trained for which strand.
    pub strand: Strand,
    /// How many.
    pub reviewers: usize,
    /// How many scripts each of them must take.
    pub scripts_each: usize,
}

/// What has to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remedy {
    /// Who takes how many scripts more than their limit.
    pub raise: Vec<(usize, usize)>,
    /// Whose absence ends.
    pub back: Vec<usize>,
    /// Who is to be found.
    pub recruit: Vec<Recruit>,
    /// What it costs in all.
    pub units: usize,
    /// Whether nothing smaller does; untold when there was too much to try.
    pub is_least: bool,
}

/// Where it is tight: scripts whose only possible readers have not room for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tight {
    /// How many scripts.
    pub scripts: usize,
    /// How many readings these lack.
    pub readings: usize,
    /// Everybody who may read any of them.
    pub reviewers: Vec<usize>,
    /// For how many readings of these scripts they have room, each script at most once a reviewer.
    pub room: usize,
}

/// One thing that may be done or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    /// The n-th further reviewer for a strand.
    Recruit(Strand, usize),
    /// The end of a reviewer's absence.
    Back(usize),
}

impl Measure {
    fn units(self) -> usize {
        match self {
            Self::Recruit(..) => RECRUIT_UNITS,
            Self::Back(_) => BACK_UNITS,
        }
    }
}

/// The cheapest remedy, and where it is tight without one. Nothing when everything can be assigned.
pub fn remedy(problem: &Problem) -> Option<(Remedy, Tight)> {
    let classes = Classes::of(problem);
    let nothing = classes.try_out(problem, &[]);
    if nothing.raised == Some(0) {
        return None;
    }
    let tight = classes.tight(problem, &nothing);
    let measures = classes.measures();
    // Enough new reviewers for every strand do it in any case.
    let everybody: Vec<Measure> = measures.iter().copied().filter(|m| matches!(m, Measure::Recruit(..))).collect();
    let mut best = classes.remedy_of(problem, &everybody)?;
    let mut waiting = BinaryHeap::from([Reverse((0_usize, Vec::<usize>::new()))]);
    let mut tries = 0;
    while let Some(Reverse((units, set))) = waiting.pop() {
        if units >= best.units {
            best.is_least = true;
            break;
        }
        tries += 1;
        if tries > MOST_TRIES {
            break;
        }
        let chosen: Vec<Measure> = set.iter().map(|index| measures[*index]).collect();
        if let Some(found) = classes.remedy_of(problem, &chosen).filter(|found| found.units < best.units) {
            best = found;
        }
        let first = set.last().map_or(0, |last| last + 1);
        for (next, measure) in measures.iter().enumerate().skip(first) {
            // The second recruit of a strand only after the first.
            let in_turn = match *measure {
                Measure::Recruit(strand, n) if n > 0 => chosen.contains(&Measure::Recruit(strand, n - 1)),
                _ => true,
            };
            if in_turn {
                let mut larger = set.clone();
                larger.push(next);
                waiting.push(Reverse((units + measure.units(), larger)));
            }
        }
    }
    best.is_least |= waiting.is_empty();
    Some((best, tight))
}

/// Scripts that are alike: who may read one may read all of them.
struct Classes {
    /// A script that stands for its class, and how many are in it.
    all: Vec<(Wanted, usize)>,
}

/// A flow through the classes under some measures.
struct Trial {
    network: Network,
    /// How many scripts more must be taken on in all; nothing where no capacity is enough.
    raised: Option<usize>,
    /// By reviewer: the arc beyond the limit.
    beyond: Vec<usize>,
    /// By strand: the arc of those who are to be found.
    recruits: BTreeMap<Strand, usize>,
    /// Which classes and reviewers were reached where what room there is was used.
    reached: Vec<bool>,
}

impl Classes {
    fn of(problem: &Problem) -> Self {
        type Kind = (Strand, usize, BTreeSet<usize>, BTreeSet<usize>);
        let mut kinds: BTreeMap<Kind, (Wanted, usize)> = BTreeMap::new();
        for script in &problem.scripts {
            let kind = (script.strand, script.needed, script.eligible.keys().copied().collect(), script.away.clone());
            kinds.entry(kind).or_insert_with(|| (script.clone(), 0)).1 += 1;
        }
        Self { all: kinds.into_values().collect() }
    }

    fn measures(&self) -> Vec<Measure> {
        let mut measures = BTreeSet::new();
        for (script, _) in &self.all {
            measures.extend((0..script.needed).map(|n| Measure::Recruit(script.strand, n)));
            measures.extend(script.away.iter().map(|who| Measure::Back(*who)));
        }
        measures.into_iter().collect()
    }

    /// Source, classes, reviewers, recruits, sink.
    fn try_out(&self, problem: &Problem, chosen: &[Measure]) -> Trial {
        let (classes, reviewers) = (self.all.len(), problem.reviewers.len());
        let (source, sink) = (classes + reviewers, classes + reviewers + 1);
        let mut network = Network::new(sink + 1);
        let mut demand = 0;
        let mut recruits = BTreeMap::new();
        for measure in chosen {
            if let Measure::Recruit(strand, _) = measure {
                recruits.entry(*strand).or_insert((0_usize, None)).0 += 1;
            }
        }
        let free = Cost::default();
        for (index, (script, count)) in self.all.iter().enumerate() {
            demand += script.needed * count;
            network.arc(source, index, script.needed * count, free);
            let back = script.away.iter().filter(|who| chosen.contains(&Measure::Back(**who)));
            for who in script.eligible.keys().chain(back) {
                network.arc(index, classes + who, *count, free);
            }
            if let Some((how_many, exit)) = recruits.get_mut(&script.strand) {
                let (node, _) = *exit.get_or_insert_with(|| {
                    let node = network.node();
                    (node, network.arc(node, sink, usize::MAX / 4, free))
                });
                network.arc(index, node, count * *how_many, free);
            }
        }
        let mut beyond = Vec::new();
        for (index, capacity) in problem.reviewers.iter().enumerate() {
            network.arc(classes + index, sink, capacity.room(), free);
            beyond.push(network.arc(classes + index, sink, 0, free));
        }
        let within = network.fill(source, sink);
        let reached = network.reached(source);
        // A path beyond a limit takes one unit of it, and ends there: so what is lacking is what must be raised.
        beyond.iter().for_each(|arc| network.widen(*arc, demand));
        let raised = (within + network.fill(source, sink) == demand).then_some(demand - within);
        let recruits = recruits.into_iter().filter_map(|(strand, (_, exit))| Some((strand, exit?.1))).collect();
        Trial { network, raised, beyond, recruits, reached }
    }

    fn remedy_of(&self, problem: &Problem, chosen: &[Measure]) -> Option<Remedy> {
        let trial = self.try_out(problem, chosen);
        let units = trial.raised? + chosen.iter().map(|m| m.units()).sum::<usize>();
        let mut found = Remedy { units, ..Remedy::default() };
        for (who, arc) in trial.beyond.iter().enumerate() {
            if trial.network.flow(*arc) > 0 {
                found.raise.push((who, trial.network.flow(*arc)));
            }
        }
        for measure in chosen {
            match measure {
                Measure::Back(who) => found.back.push(*who),
                Measure::Recruit(strand, 0) => {
                    let same = |m: &&Measure| matches!(m, Measure::Recruit(s, _) if s == strand);
                    let reviewers = chosen.iter().filter(same).count();
                    let readings = trial.recruits.get(strand).map_or(0, |arc| trial.network.flow(*arc));
                    let scripts_each = readings.div_ceil(reviewers);
                    found.recruit.push(Recruit { strand: *strand, reviewers, scripts_each });
                }
                Measure::Recruit(..) => {}
            }
        }
        Some(found)
    }

    fn tight(&self, problem: &Problem, without: &Trial) -> Tight {
        let mut tight = Tight::default();
        let mut reviewers = BTreeSet::new();
        for (script, count) in self.all.iter().enumerate().filter(|(i, _)| without.reached[*i]).map(|(_, class)| class)
        {
            tight.scripts += count;
            tight.readings += script.needed * count;
            reviewers.extend(script.eligible.keys().copied());
        }
        let reached = |who: &usize| without.reached[self.all.len() + who];
        tight.room = reviewers.iter().filter(|who| reached(who)).map(|who| problem.reviewers[*who].room()).sum();
        // Whoever is not reached has room, and reads every script of these that they may read.
        for (index, (script, count)) in self.all.iter().enumerate() {
            if without.reached[index] {
                tight.room += count * script.eligible.keys().filter(|who| !reached(who)).count();
            }
        }
        tight.reviewers = reviewers.into_iter().collect();
        tight
    }
}
