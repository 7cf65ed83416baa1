use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn wanted(needed: usize, writer: usize, eligible: &[usize]) -> Wanted {
    let eligible = eligible.iter().map(|who| (*who, 0)).collect();
    Wanted { needed, strand: Strand::Clinical, writer, eligible, away: BTreeSet::new() }
}

fn batch(scripts: Vec<Wanted>, limits: &[usize]) -> Problem {
    let reviewers = limits.iter().map(|limit| Capacity { load: 0, limit: *limit }).collect();
    Problem { scripts, reviewers, together: BTreeMap::new() }
}

#[test]
fn moves_readers_where_greed_would_get_stuck() {
    // The first script could take 0 and 1, but the second can only have those.
    let got = solve(&batch(vec![wanted(2, 0, &[0, 1, 2, 3]), wanted(2, 1, &[0, 1])], &[1, 1, 1, 1]));
    assert_eq!(got, [BTreeSet::from([2, 3]), BTreeSet::from([0, 1])]);
}

#[test]
fn serves_a_script_whole_or_not_at_all() {
    assert_eq!(solve(&batch(vec![wanted(2, 0, &[1])], &[9, 9])), [BTreeSet::new()]);
    // There is room for four readings: two whole scripts, rather than four halves.
    let four: Vec<Wanted> = (0..4).map(|writer| wanted(2, writer, &[0, 1])).collect();
    let got = solve(&batch(four, &[2, 2]));
    let both = BTreeSet::from([0, 1]);
    assert_eq!(got, [both.clone(), both, BTreeSet::new(), BTreeSet::new()]);
}

#[test]
fn what_somebody_holds_already_counts() {
    let mut problem = batch(vec![wanted(2, 0, &[0, 1, 2])], &[9, 9, 9]);
    problem.reviewers[0].load = 5;
    assert_eq!(solve(&problem), [BTreeSet::from([1, 2])]);
}

#[test]
fn one_writer_is_spread_over_reviewers_where_that_costs_no_evenness() {
    let two_by_one = || vec![wanted(2, 0, &[0, 1, 2, 3]), wanted(2, 0, &[0, 1, 2, 3])];
    let got = solve(&batch(two_by_one(), &[9, 9, 9, 9]));
    assert!(got[0].is_disjoint(&got[1]), "{got:?}");
    // With three there must be one who reads both.
    let three = solve(&batch(vec![wanted(2, 0, &[0, 1, 2]), wanted(2, 0, &[0, 1, 2])], &[9, 9, 9]));
    assert_eq!(three[0].intersection(&three[1]).count(), 1);
}

#[test]
fn pairs_are_mixed() {
    let six: Vec<Wanted> = (0..6).map(|writer| wanted(2, writer, &[0, 1, 2, 3])).collect();
    let pairs: BTreeSet<BTreeSet<usize>> = solve(&batch(six, &[9, 9, 9, 9])).into_iter().collect();
    // Six scripts, six pairs of four people: every pair once.
    assert_eq!(pairs.len(), 6);
}

#[test]
fn of_equally_loaded_the_one_with_more_room_goes_first() {
    let got = solve(&batch(vec![wanted(1, 0, &[0, 1]), wanted(1, 1, &[0, 1]), wanted(1, 2, &[0, 1])], &[4, 40]));
    assert_eq!(got.iter().filter(|readers| readers.contains(&1)).count(), 2);
}

#[test]
fn remedies_by_case() {
    let away = |mut script: Wanted, who: usize| {
        script.eligible.remove(&who);
        script.away.insert(who);
        script
    };
    let clinical = |reviewers, scripts_each| Recruit { strand: Strand::Clinical, reviewers, scripts_each };
    /// More scripts for whom, whose absence ends, who is new.
    type Expected = (Vec<(usize, usize)>, Vec<usize>, Vec<Recruit>);
    let cases: Vec<(&str, Problem, Option<Expected>)> = vec![
        ("nothing lacks", batch(vec![wanted(2, 0, &[0, 1])], &[1, 1]), None),
        (
            "one place short",
            batch(vec![wanted(2, 0, &[0, 1]), wanted(2, 1, &[0, 1])], &[2, 1]),
            Some((vec![(1, 1)], vec![], vec![])),
        ),
        ("one person short", batch(vec![wanted(2, 0, &[0])], &[9, 9]), Some((vec![], vec![], vec![clinical(1, 1)]))),
        ("nobody at all", batch(vec![wanted(2, 0, &[]); 3], &[9]), Some((vec![], vec![], vec![clinical(2, 3)]))),
        (
            "somebody comes back rather than somebody new",
            batch(vec![away(wanted(2, 0, &[0, 1]), 1)], &[9, 9]),
            Some((vec![], vec![1], vec![])),
        ),
        (
            "a little more for those who are there rather than somebody back",
            batch(vec![away(wanted(2, 0, &[0, 1, 2]), 2); 2], &[1, 2, 9]),
            Some((vec![(0, 1)], vec![], vec![])),
        ),
    ];
    for (what, problem, expected) in cases {
        let found = remedy(&problem).map(|(found, _)| {
            assert!(found.is_least, "{what}");
            (found.raise, found.back, found.recruit)
        });
        assert_eq!(found, expected, "{what}");
    }
}

#[test]
fn says_where_it_is_tight() {
    let problem = batch(vec![wanted(2, 0, &[0, 1]), wanted(2, 1, &[0, 1]), wanted(2, 2, &[2, 3])], &[1, 9, 9, 9]);
    let (_, tight) = remedy(&problem).unwrap();
    // Reviewer 1 can read each of the two once, reviewer 0 one of them.
    assert_eq!(tight, Tight { scripts: 2, readings: 4, reviewers: vec![0, 1], room: 3 });
}

/// What is wanted, best first: the scripts served, in their order; then least squares; then least burden.
type Value = (Vec<bool>, i64, i64);

/// Every way to serve scripts whole, judged by the stated rule.
fn brute_force(problem: &Problem) -> Value {
    fn go(problem: &Problem, at: usize, chosen: &mut Vec<BTreeSet<usize>>, best: &mut Option<Value>) {
        if at == problem.scripts.len() {
            let value = value_of(problem, chosen);
            let better = |b: &Value| value.0 > b.0 || (value.0 == b.0 && (value.1, value.2) < (b.1, b.2));
            if best.as_ref().is_none_or(better) {
                *best = Some(value);
            }
            return;
        }
        let script = &problem.scripts[at];
        let eligible: Vec<usize> = script.eligible.keys().copied().collect();
        for mask in 0..(1_usize << eligible.len()) {
            let readers: BTreeSet<usize> =
                eligible.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, r)| *r).collect();
            let held = |who: usize| chosen.iter().filter(|c| c.contains(&who)).count() + problem.reviewers[who].load;
            let whole = readers.is_empty() || readers.len() == script.needed;
            if whole && readers.iter().all(|who| held(*who) < problem.reviewers[*who].limit) {
                chosen.push(readers);
                go(problem, at + 1, chosen, best);
                chosen.pop();
            }
        }
    }
    let mut best = None;
    go(problem, 0, &mut Vec::new(), &mut best);
    best.unwrap()
}

fn value_of(problem: &Problem, chosen: &[BTreeSet<usize>]) -> Value {
    let (mut squares, mut burden) = (0, 0);
    for (who, capacity) in problem.reviewers.iter().enumerate() {
        let own = chosen.iter().filter(|readers| readers.contains(&who)).count();
        squares += signed((capacity.load + own).pow(2));
        burden += (0..own).map(|n| 10 * signed(capacity.load + n) / signed(capacity.limit)).sum::<i64>();
        let mut writers: BTreeMap<usize, i64> = BTreeMap::new();
        for (script, _) in problem.scripts.iter().zip(chosen).filter(|(_, readers)| readers.contains(&who)) {
            burden += script.eligible[&who];
            *writers.entry(script.writer).or_default() += 1;
        }
        burden += writers.values().map(|n| SAME_WRITER * (n - 1)).sum::<i64>();
    }
    (chosen.iter().map(|readers| !readers.is_empty()).collect(), squares, burden)
}

fn problems() -> impl Strategy<Value = Problem> {
    let script = (1_usize..3, 0_usize..3, prop::collection::btree_map(0_usize..4, 0_i64..30, 0..5), 0_usize..16);
    let reviewer = (0_usize..3, 0_usize..4);
    (prop::collection::vec(script, 0..5), prop::collection::vec(reviewer, 4)).prop_map(|(scripts, reviewers)| {
        let scripts = scripts.into_iter().map(|(needed, writer, mut eligible, away)| {
            let away: BTreeSet<usize> = (0..4).filter(|who| away >> who & 1 == 1 && away % 3 == 0).collect();
            eligible.retain(|who, _| !away.contains(who));
            let strand = Strand::ALL[writer];
            Wanted { needed, strand, writer, eligible, away }
        });
        let reviewers = reviewers.into_iter().map(|(load, limit)| Capacity { load, limit });
        Problem { scripts: scripts.collect(), reviewers: reviewers.collect(), together: BTreeMap::new() }
    })
}

/// Whether every script can be served, by trying everything.
fn solvable(problem: &Problem) -> bool {
    brute_force(problem).0.iter().all(|served| *served)
}

/// The problem after a remedy.
fn remedied(problem: &Problem, remedy: &Remedy) -> Problem {
    let mut after = problem.clone();
    for script in &mut after.scripts {
        script.eligible.extend(script.away.iter().filter(|who| remedy.back.contains(who)).map(|who| (*who, 0)));
    }
    for (who, more) in &remedy.raise {
        // Who holds more than the limit has no room: what is raised is what there is room for.
        let capacity = &mut after.reviewers[*who];
        capacity.limit = capacity.limit.max(capacity.load) + more;
    }
    for recruit in &remedy.recruit {
        for _ in 0..recruit.reviewers {
            let index = after.reviewers.len();
            after.reviewers.push(Capacity { load: 0, limit: recruit.scripts_each });
            let same = after.scripts.iter_mut().filter(|s| s.strand == recruit.strand);
            same.for_each(|script| script.eligible.extend([(index, 0)]));
        }
    }
    after
}

/// Every remedy that costs less than so many units, for small problems.
fn smaller(problem: &Problem, units: usize) -> Vec<Remedy> {
    let mut all = Vec::new();
    for backs in 0_usize..16 {
        for clinical in 0..3 {
            for policy in 0..3 {
                for research in 0..3 {
                    let back: Vec<usize> = (0..4).filter(|who| backs >> who & 1 == 1).collect();
                    let fixed = 10 * back.len() + 25 * (clinical + policy + research);
                    if fixed >= units {
                        continue;
                    }
                    let many = problem.scripts.len();
                    let recruit = Strand::ALL.iter().zip([clinical, policy, research]);
                    let recruit: Vec<Recruit> = recruit
                        .filter(|(_, n)| *n > 0)
                        .map(|(strand, n)| Recruit { strand: *strand, reviewers: n, scripts_each: many })
                        .collect();
                    // More than each script once is of no use to anybody.
                    for raise in raises(units - 1 - fixed, many, 4) {
                        all.push(Remedy { raise, back: back.clone(), recruit: recruit.clone(), ..Remedy::default() });
                    }
                }
            }
        }
    }
    all
}

/// All ways to raise limits by just so many in all, or as many as are of use.
fn raises(total: usize, most: usize, people: usize) -> Vec<Vec<(usize, usize)>> {
    if people == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for own in 0..=total.min(most) {
        for mut rest in raises(total - own, most, people - 1) {
            rest.push((people - 1, own));
            all.push(rest);
        }
    }
    let best = all.iter().map(|r| r.iter().map(|x| x.1).sum::<usize>()).max().unwrap_or(0);
    all.retain(|r| r.iter().map(|x| x.1).sum::<usize>() == best);
    all
}

proptest! {
    #[test]
    fn equals_brute_force_on_small_batches(problem in problems()) {
        let got = solve(&problem);
        for (script, readers) in problem.scripts.iter().zip(&got) {
            prop_assert!(readers.iter().all(|who| script.eligible.contains_key(who)));
            prop_assert!(readers.is_empty() || readers.len() == script.needed);
        }
        for (who, capacity) in problem.reviewers.iter().enumerate() {
            let own = got.iter().filter(|readers| readers.contains(&who)).count();
            prop_assert!(own <= capacity.room());
        }
        prop_assert_eq!(value_of(&problem, &got), brute_force(&problem));
    }

    #[test]
    fn loads_differ_by_at_most_one_where_capacity_allows(scripts in 0_usize..30, reviewers in 2_usize..7, limit in 0_usize..20) {
        let all: Vec<usize> = (0..reviewers).collect();
        let batch = batch((0..scripts).map(|n| wanted(2, n / 2, &all)).collect(), &vec![limit; reviewers]);
        let got = solve(&batch);
        let served = got.iter().filter(|readers| readers.len() == 2).count();
        prop_assert_eq!(served, scripts.min(reviewers * limit / 2));
        let load = |who: usize| got.iter().filter(|readers| readers.contains(&who)).count();
        let loads: Vec<usize> = all.iter().map(|who| load(*who)).collect();
        prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{:?}", loads);
    }

    #[test]
    fn a_remedy_helps_and_nothing_smaller_does(problem in problems()) {
        prop_assume!(problem.scripts.len() < 4);
        match remedy(&problem) {
            None => prop_assert!(solvable(&problem)),
            Some((found, tight)) => {
                prop_assert!(!solvable(&problem));
                prop_assert!(found.is_least && tight.room < tight.readings);
                prop_assert!(solvable(&remedied(&problem, &found)), "{:?}", found);
                for less in smaller(&problem, found.units) {
                    prop_assert!(!solvable(&remedied(&problem, &less)), "{:?} rather than {:?}", less, found);
                }
            }
        }
    }
}
