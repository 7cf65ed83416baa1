//! Allocation: which reviewers read which scripts, as one assignment over the whole batch.
//!
//! The rule, each line deciding only among what the lines before it leave equal:
//! 1. Nobody reads what they may not read, nothing twice, and nothing beyond their limit.
//! 2. A script gets all the readers that it needs or none: scripts are served in their order, and one is left out only
//!    when it cannot be served beside those before it, whoever reads these.
//! 3. Loads are as even as can be: the sum of their squares is the least.
//! 4. The burden is the least: the sum of what each reading costs, of [`SAME_WRITER`] for every further script of one
//!    writer that a reviewer reads, and of how full the reviewer is, in tenths of the limit.
//! 5. Pairs are mixed, as far as exchanging two readers at a time makes them so.
//!
//! Lines 1 to 4 are exact: a flow of least cost, augmented seat by seat along shortest paths (Ahuja, Magnanti, Orlin:
//! Network Flows, 1993, section 9.7), in integers. The same problem always gives the same answer.

use std::collections::{BTreeMap, BTreeSet};

use super::vocabulary::Strand;

mod flow;
mod remedy;
#[cfg(test)]
mod tests;

use flow::{Cost, Network};
pub use remedy::{Recruit, Remedy, Tight, remedy};

/// What it costs that a reviewer reads a further script of a writer.
pub const SAME_WRITER: i64 = 1000;
/// What it costs that a reviewer is of the writer's own association, where the policy would rather not.
pub const SAME_ASSOCIATION: i64 = 100;
/// What it costs to sit beside a reader with whom one shares a script already, for each such script.
pub const SAME_PAIR: i64 = 10;
/// How often [`mix`] goes over all pairs of scripts at the most.
const MIXINGS: usize = 4;

/// One script to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// How many further reviewers it needs.
    pub needed: usize,
    /// For which strand they must be trained.
    pub strand: Strand,
    /// Who wrote it, as a number of this batch's own.
    pub writer: usize,
    /// Who may read it, and at what cost: indices into the reviewers.
    pub eligible: BTreeMap<usize, i64>,
    /// Who might, were they not absent.
    pub away: BTreeSet<usize>,
}

/// One reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// What they hold already.
    pub load: usize,
    /// The most they take in all.
    pub limit: usize,
}

impl Capacity {
    fn room(&self) -> usize {
        self.limit.saturating_sub(self.load)
    }
}

/// A batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// What is to be read; of what cannot all be served, the first go first.
    pub scripts: Vec<Wanted>,
    /// Who reads; of equals, the first go first.
    pub reviewers: Vec<Capacity>,
    /// How many scripts two reviewers share already, the lower index first.
    pub together: BTreeMap<(usize, usize), i64>,
}

/// Who reads what: for each script all the reviewers that it needs, or none.
pub fn solve(problem: &Problem) -> Vec<BTreeSet<usize>> {
    let mut seating = Seating::new(problem);
    for (index, script) in problem.scripts.iter().enumerate() {
        seating.serve(index, script.needed);
    }
    let mut assigned = seating.assigned(problem.scripts.len());
    mix(problem, &mut assigned);
    assigned
}

/// The flow: script -> (writer, reviewer) -> reviewer -> sink, one unit for each reading.
struct Seating {
    network: Network,
    sink: usize,
    /// The arc of each script and reviewer.
    seats: Vec<(usize, usize, usize)>,
}

impl Seating {
    fn new(problem: &Problem) -> Self {
        let (scripts, reviewers) = (problem.scripts.len(), problem.reviewers.len());
        let sink = scripts + reviewers;
        let mut network = Network::new(sink + 1);
        let demand: usize = problem.scripts.iter().map(|s| s.needed).sum();
        for (index, capacity) in problem.reviewers.iter().enumerate() {
            for load in (capacity.load..).take(capacity.room().min(demand)) {
                // The squares of loads differ by odd numbers: 1, 3, 5, … from nought on.
                let (load, limit) = (signed(load), signed(capacity.limit));
                network.arc(scripts + index, sink, 1, Cost { imbalance: 2 * load + 1, burden: 10 * load / limit });
            }
        }
        let mut seats = Vec::new();
        let mut meetings: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (index, script) in problem.scripts.iter().enumerate() {
            for (reviewer, burden) in &script.eligible {
                let meeting = *meetings.entry((script.writer, *reviewer)).or_insert_with(|| network.node());
                let again = if network.is_bare(meeting) { 0 } else { SAME_WRITER };
                network.arc(meeting, scripts + reviewer, 1, Cost { imbalance: 0, burden: again });
                let seat = network.arc(index, meeting, 1, Cost { imbalance: 0, burden: *burden });
                seats.push((index, *reviewer, seat));
            }
        }
        Self { network, sink, seats }
    }

    /// Fills all of a script's seats, or leaves everything as it was.
    fn serve(&mut self, script: usize, needed: usize) {
        let mut taken = Vec::new();
        for _ in 0..needed {
            match self.network.augment(script, self.sink) {
                Some(path) => taken.push(path),
                None => {
                    taken.iter().rev().for_each(|path| self.network.undo(path));
                    return;
                }
            }
        }
    }

    fn assigned(&self, scripts: usize) -> Vec<BTreeSet<usize>> {
        let mut assigned = vec![BTreeSet::new(); scripts];
        for (script, reviewer, seat) in &self.seats {
            if self.network.is_used(*seat) {
                assigned[*script].insert(*reviewer);
            }
        }
        assigned
    }
}

/// Exchanges readers between scripts wherever that makes pairs meet less often, and costs nothing by the lines before.
fn mix(problem: &Problem, assigned: &mut [BTreeSet<usize>]) {
    let mut together = problem.together.clone();
    for (a, b) in assigned.iter().filter_map(pair_of) {
        *together.entry((a, b)).or_default() += 1;
    }
    for _ in 0..MIXINGS {
        let mut better = false;
        for first in 0..assigned.len() {
            for second in first + 1..assigned.len() {
                better |= exchange(problem, assigned, &mut together, (first, second));
            }
        }
        if !better {
            return;
        }
    }
}

fn pair_of(readers: &BTreeSet<usize>) -> Option<(usize, usize)> {
    let mut readers = readers.iter();
    match (readers.next(), readers.next(), readers.next()) {
        (Some(a), Some(b), None) => Some((*a, *b)),
        _ => None,
    }
}

/// Exchanges one reader of two scripts if that is for the better.
fn exchange(
    problem: &Problem,
    assigned: &mut [BTreeSet<usize>],
    together: &mut BTreeMap<(usize, usize), i64>,
    (s, t): (usize, usize),
) -> bool {
    let (Some((a, b)), Some((c, d))) = (pair_of(&assigned[s]), pair_of(&assigned[t])) else { return false };
    for (stays, goes, comes, rests) in [(a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)] {
        if assigned[s].contains(&comes)
            || assigned[t].contains(&goes)
            || !may_exchange(problem, assigned, (s, goes), (t, comes))
        {
            continue;
        }
        let (new_s, new_t) = (sorted(stays, comes), sorted(rests, goes));
        let count = |pair: (usize, usize)| together.get(&pair).copied().unwrap_or_default();
        // Squares of counts, so that what meets often is parted first; the two pairs that go, against the two that come.
        let gain = 2 * (count((a, b)) + count((c, d))) - 2;
        let loss = 2 * (count(new_s) + count(new_t)) + 2;
        if new_s == new_t || loss >= gain {
            continue;
        }
        for pair in [(a, b), (c, d)] {
            *together.entry(pair).or_default() -= 1;
        }
        for pair in [new_s, new_t] {
            *together.entry(pair).or_default() += 1;
        }
        assigned[s] = BTreeSet::from([new_s.0, new_s.1]);
        assigned[t] = BTreeSet::from([new_t.0, new_t.1]);
        return true;
    }
    false
}

/// Whether `goes` may take the place of `comes` and the other way round, at no greater burden.
fn may_exchange(
    problem: &Problem,
    assigned: &[BTreeSet<usize>],
    (s, goes): (usize, usize),
    (t, comes): (usize, usize),
) -> bool {
    let cost = |script: usize, reviewer: usize| problem.scripts[script].eligible.get(&reviewer);
    let (Some(new_s), Some(new_t)) = (cost(s, comes), cost(t, goes)) else { return false };
    let (Some(old_s), Some(old_t)) = (cost(s, goes), cost(t, comes)) else { return false };
    // Where either reads another script of the same writer, the burden is not the sum of the parts: leave it alone.
    let writer = |script: usize| problem.scripts[script].writer;
    let meets = |of: usize, reviewer: usize| {
        (0..assigned.len())
            .any(|other| other != s && other != t && writer(other) == of && assigned[other].contains(&reviewer))
    };
    let apart = writer(s) != writer(t)
        && ![(s, comes), (s, goes), (t, comes), (t, goes)].iter().any(|(script, who)| meets(writer(*script), *who));
    apart && new_s + new_t <= old_s + old_t
}

fn sorted(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 4)
}
