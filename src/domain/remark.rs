//! Re-marks: when an answer was marked more than once, which marking counts.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::outcome::{judge_part_two, shares};
use super::panel::Settlement;
use super::policy::{Policy, ReMarkResult};
use super::vocabulary::Verdict;

/// A settled script as a result is judged from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// Which answer.
    pub position: i64,
    /// Which marking of it; 0 is the first.
    pub round: i64,
    /// What it is worth.
    pub settlement: Settlement,
}

/// Which of these scripts count, as their places in `marked`: one for each position.
///
/// A round marks some answers again and leaves the others as they were; so after each round there is one whole Part Two, of
/// the newest marking of every answer. Under [`ReMarkResult::Stands`] the last of these counts; under
/// [`ReMarkResult::Better`] the best of them, whole against whole, so that nobody is given the best of every answer. A pass is
/// better than a fail, then the greater share of the points; of equals the later counts.
pub fn counting(marked: &[Marked], policy: &Policy) -> Vec<usize> {
    let mut rounds: Vec<i64> = marked.iter().map(|m| m.round).collect();
    rounds.sort_unstable();
    rounds.dedup();
    let mut wholes = rounds.into_iter().map(|round| whole_after(marked, round));
    let chosen = match policy.re_mark_result {
        ReMarkResult::Stands => wholes.next_back(),
        // Of equals, `max_by` takes the last.
        ReMarkResult::Better => wholes.max_by(|a, b| compare(marked, a, b, policy)),
    };
    chosen.unwrap_or_default()
}

fn whole_after(marked: &[Marked], round: i64) -> Vec<usize> {
    let mut newest: BTreeMap<i64, usize> = BTreeMap::new();
    for (index, script) in marked.iter().enumerate().filter(|(_, m)| m.round <= round) {
        let place = newest.entry(script.position).or_insert(index);
        if marked[*place].round < script.round {
            *place = index;
        }
    }
    newest.into_values().collect()
}

fn compare(marked: &[Marked], a: &[usize], b: &[usize], policy: &Policy) -> Ordering {
    let settled = |whole: &[usize]| whole.iter().map(|index| marked[*index].settlement).collect::<Vec<_>>();
    let (a, b) = (settled(a), settled(b));
    let passes = |of: &[Settlement]| judge_part_two(of, policy) == Verdict::Pass;
    let ((a_points, a_max), (b_points, b_max)) = (shares(&a), shares(&b));
    passes(&a).cmp(&passes(&b)).then((a_points * b_max).cmp(&(b_points * a_max)))
}

#[cfg(test)]
mod tests {
    use super::super::panel::SettledBy::{Adjudicator, Agreement};
    use super::Verdict::{Fail, Pass};
    use super::*;

    fn marked(position: i64, round: i64, points: i64, verdict: Verdict) -> Marked {
        Marked { position, round, settlement: Settlement { points, max_points: 40, verdict, settled_by: Agreement } }
    }

    fn counted(marked: &[Marked], re_mark_result: ReMarkResult) -> Vec<usize> {
        counting(marked, &Policy { re_mark_result, ..Policy::default() })
    }

    #[test]
    fn the_newest_whole_stands_or_the_better_one() {
        use ReMarkResult::{Better, Stands};
        let first = [marked(1, 0, 30, Fail), marked(2, 0, 32, Pass)];
        type Case<'c> = (&'c [Marked], &'c [usize], &'c [usize]);
        let cases: [Case<'_>; 7] = [
            (&[], &[], &[]),
            (&[], &[0, 1], &[0, 1]),
            // Both again, better: 64 of 80 passes.
            (&[marked(1, 1, 33, Pass), marked(2, 1, 31, Pass)], &[2, 3], &[2, 3]),
            // Both again, worse.
            (&[marked(2, 1, 20, Fail), marked(1, 1, 40, Pass)], &[3, 2], &[0, 1]),
            // One alone; the other stays as it was.
            (&[marked(1, 1, 36, Pass)], &[2, 1], &[2, 1]),
            // As good: the later counts.
            (&[marked(1, 1, 30, Fail)], &[2, 1], &[2, 1]),
            // A third round, of one answer.
            (&[marked(1, 1, 36, Pass), marked(1, 2, 10, Fail)], &[3, 1], &[2, 1]),
        ];
        for (again, stands, better) in cases {
            let all: Vec<Marked> =
                if stands.is_empty() { vec![] } else { first.iter().chain(again).copied().collect() };
            assert_eq!(counted(&all, Stands), stands, "{again:?}");
            assert_eq!(counted(&all, Better), better, "{again:?}");
        }
    }

    #[test]
    fn shares_are_compared_across_maxima() {
        let single = Settlement { points: 16, max_points: 20, verdict: Pass, settled_by: Adjudicator };
        let pair = marked(1, 0, 31, Pass);
        // 16 of 20 is 32 of 40.
        assert_eq!(counted(&[pair, Marked { round: 1, settlement: single, ..pair }], ReMarkResult::Better), [1]);
        let less = Settlement { points: 15, ..single };
        assert_eq!(counted(&[pair, Marked { round: 1, settlement: less, ..pair }], ReMarkResult::Better), [0]);
    }
}
