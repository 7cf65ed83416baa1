//! Allocation: which reviewers read which scripts, as one assignment over the whole batch.
//!
//! The problem is a semi-matching: every script needs a number of different reviewers, each reviewer takes at most their
//! capacity, conflicts are forbidden edges, and the loads shall be as even as that allows. Each seat is filled along an
//! augmenting path that ends at the least loaded reviewer it can reach; filling seat by seat along cheapest paths gives
//! the least sum of squared loads (Harvey, Ladner, Lovász, Tamir: Semi-matchings for bipartite graphs and load
//! balancing, 2006), and fills as many seats as any assignment could.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One script to be read.
#[derive(Debug, Clone)]
pub struct Seats {
    /// How many further reviewers it needs.
    pub needed: usize,
    /// Who may read it: indices into the reviewers. Conflicts, earlier readers and other strands are not among them.
    pub eligible: BTreeSet<usize>,
}

/// One reviewer.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// What they hold already.
    pub load: usize,
    /// The most they take in all.
    pub limit: usize,
}

/// Who reads what: for each script the reviewers assigned, fewer than needed where it cannot be done.
pub fn allocate(scripts: &[Seats], reviewers: &[Capacity]) -> Vec<BTreeSet<usize>> {
    let mut state = State {
        scripts,
        reviewers,
        assigned: vec![BTreeSet::new(); scripts.len()],
        held: vec![BTreeSet::new(); reviewers.len()],
    };
    // Round by round, so that every script has its first reader before any has its second.
    let rounds = scripts.iter().map(|s| s.needed).max().unwrap_or(0);
    for round in 0..rounds {
        for script in (0..scripts.len()).filter(|s| scripts[*s].needed > round) {
            state.fill_one_seat(script);
        }
    }
    state.assigned
}

struct State<'p> {
    scripts: &'p [Seats],
    reviewers: &'p [Capacity],
    /// By script.
    assigned: Vec<BTreeSet<usize>>,
    /// By reviewer: the scripts of this batch.
    held: Vec<BTreeSet<usize>>,
}

impl State<'_> {
    fn load(&self, reviewer: usize) -> usize {
        self.reviewers[reviewer].load + self.held[reviewer].len()
    }

    /// Walks breadth first: a script may take any eligible reviewer it does not have; a reviewer may hand on any script
    /// they hold. Ends at the least loaded reviewer with room, the lowest index among equals.
    fn fill_one_seat(&mut self, start: usize) {
        let mut path = Path { wanted_by: BTreeMap::new(), held_by: BTreeMap::new() };
        let mut queue = VecDeque::from([start]);
        let mut best: Option<usize> = None;
        while let Some(script) = queue.pop_front() {
            for &reviewer in self.scripts[script].eligible.difference(&self.assigned[script]) {
                if path.wanted_by.contains_key(&reviewer) {
                    continue;
                }
                path.wanted_by.insert(reviewer, script);
                let has_room = self.load(reviewer) < self.reviewers[reviewer].limit;
                if has_room && best.is_none_or(|b| (self.load(reviewer), reviewer) < (self.load(b), b)) {
                    best = Some(reviewer);
                }
                for &next in &self.held[reviewer] {
                    if next != start && !path.held_by.contains_key(&next) {
                        path.held_by.insert(next, reviewer);
                        queue.push_back(next);
                    }
                }
            }
        }
        if let Some(end) = best {
            self.shift_along(end, &path);
        }
    }

    /// Gives the last script of the path to `end`, that script's former reader to the script before, and so on.
    fn shift_along(&mut self, end: usize, path: &Path) {
        let mut taker = end;
        loop {
            let script = path.wanted_by[&taker];
            self.assigned[script].insert(taker);
            self.held[taker].insert(script);
            let Some(&giver) = path.held_by.get(&script) else { return };
            self.assigned[script].remove(&giver);
            self.held[giver].remove(&script);
            taker = giver;
        }
    }
}

/// How a walk reached what it reached.
struct Path {
    /// Reviewer: the script that would take them.
    wanted_by: BTreeMap<usize, usize>,
    /// Script: the reviewer who would hand it on.
    held_by: BTreeMap<usize, usize>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seats(needed: usize, eligible: &[usize]) -> Seats {
        Seats { needed, eligible: eligible.iter().copied().collect() }
    }

    fn reviewers(limits: &[usize]) -> Vec<Capacity> {
        limits.iter().map(|limit| Capacity { load: 0, limit: *limit }).collect()
    }

    #[test]
    fn moves_readers_where_greed_would_get_stuck() {
        // The first script could take 0 and 1, but the second can only have those.
        let scripts = [seats(2, &[0, 1, 2, 3]), seats(2, &[0, 1])];
        let got = allocate(&scripts, &reviewers(&[1, 1, 1, 1]));
        assert_eq!(got, [BTreeSet::from([2, 3]), BTreeSet::from([0, 1])]);
    }

    #[test]
    fn leaves_a_seat_empty_rather_than_use_a_conflicted_or_repeated_reviewer() {
        assert_eq!(allocate(&[seats(2, &[1])], &reviewers(&[9, 9])), [BTreeSet::from([1])]);
        assert_eq!(allocate(&[seats(2, &[])], &reviewers(&[9, 9])), [BTreeSet::new()]);
    }

    #[test]
    fn what_somebody_holds_already_counts() {
        let busy = [Capacity { load: 5, limit: 9 }, Capacity { load: 0, limit: 9 }, Capacity { load: 0, limit: 9 }];
        assert_eq!(allocate(&[seats(2, &[0, 1, 2])], &busy), [BTreeSet::from([1, 2])]);
    }

    /// The best there is, by trying everything: most seats filled, then least sum of squared loads.
    fn brute_force(scripts: &[Seats], limits: &[usize]) -> (usize, usize) {
        fn go(
            scripts: &[Seats],
            at: usize,
            loads: &mut Vec<usize>,
            limits: &[usize],
            filled: usize,
            best: &mut (usize, usize),
        ) {
            let Some(script) = scripts.get(at) else {
                let squares = loads.iter().map(|l| l * l).sum();
                if filled > best.0 || (filled == best.0 && squares < best.1) {
                    *best = (filled, squares);
                }
                return;
            };
            let eligible: Vec<usize> = script.eligible.iter().copied().collect();
            for mask in 0..(1_usize << eligible.len()) {
                let chosen: Vec<usize> =
                    eligible.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, r)| *r).collect();
                if chosen.len() <= script.needed && chosen.iter().all(|r| loads[*r] < limits[*r]) {
                    chosen.iter().for_each(|r| loads[*r] += 1);
                    go(scripts, at + 1, loads, limits, filled + chosen.len(), best);
                    chosen.iter().for_each(|r| loads[*r] -= 1);
                }
            }
        }
        let mut best = (0, usize::MAX);
        go(scripts, 0, &mut vec![0; limits.len()], limits, 0, &mut best);
        best
    }

    proptest! {
        #[test]
        fn equals_brute_force_on_small_batches(
            wanted in prop::collection::vec((1_usize..3, prop::collection::btree_set(0_usize..4, 0..4)), 0..5),
            limits in prop::collection::vec(0_usize..4, 4),
        ) {
            let scripts: Vec<Seats> = wanted.into_iter().map(|(needed, eligible)| Seats { needed, eligible }).collect();
            let got = allocate(&scripts, &reviewers(&limits));
            let mut loads = [0_usize; 4];
            for (script, readers) in scripts.iter().zip(&got) {
                prop_assert!(readers.is_subset(&script.eligible) && readers.len() <= script.needed);
                readers.iter().for_each(|r| loads[*r] += 1);
            }
            prop_assert!(loads.iter().zip(&limits).all(|(load, limit)| load <= limit));
            let filled = got.iter().map(BTreeSet::len).sum::<usize>();
            let squares = loads.iter().map(|l| l * l).sum::<usize>();
            prop_assert_eq!((filled, squares), brute_force(&scripts, &limits));
        }
    }
}
