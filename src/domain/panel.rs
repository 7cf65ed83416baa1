//! The panel: when two readings of a script agree, when a third is called, and what the script is worth in the end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::policy::{Policy, Resolution};
use super::vocabulary::{Verdict, spelled};

/// What counts of one sealed reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Points by criterion.
    pub scores: BTreeMap<String, i64>,
    /// The overall judgement.
    pub verdict: Verdict,
}

impl Reading {
    /// The points in all.
    pub fn points(&self) -> i64 {
        self.scores.values().sum()
    }
}

spelled! {
    /// How a script's score came about.
    SettledBy {
        /// The two first readings agreed.
        Agreement = "agreement",
        /// The third reader decided.
        Adjudicator = "adjudicator",
        /// Two of three verdicts.
        Majority = "majority",
        /// The two closest readings.
        ClosestPair = "closest_pair",
    }
}

spelled! {
    /// Why a third reading is called.
    Disagreement {
        /// One passed, the other failed.
        VerdictSplit = "verdict_split",
        /// A criterion differs by more than the tolerance.
        CriterionGap = "criterion_gap",
        /// The readings together lie close to the cut.
        NearCut = "near_cut",
    }
}

/// The score of a script: integers over a stated maximum, never a rounded mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The points of the readings that count, together.
    pub points: i64,
    /// The most that those readings could have given.
    pub max_points: i64,
    /// The judgement.
    pub verdict: Verdict,
    /// How it came about.
    pub settled_by: SettledBy,
}

/// What follows from the readings at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// First readings are missing.
    Waiting,
    /// A third reading is needed, for these reasons.
    ThirdNeeded(Vec<Disagreement>),
    /// The script's score.
    Settled(Settlement),
}

/// Every reason for which two readings do not agree.
pub fn disagreements(a: &Reading, b: &Reading, max_points: i64, policy: &Policy) -> Vec<Disagreement> {
    let mut reasons = Vec::new();
    if a.verdict != b.verdict {
        reasons.push(Disagreement::VerdictSplit);
    }
    let gap = a.scores.iter().any(|(criterion, points)| {
        b.scores.get(criterion).is_some_and(|other| (points - other).abs() > policy.criterion_tolerance_points)
    });
    if gap {
        reasons.push(Disagreement::CriterionGap);
    }
    // |points / maximum - cut| <= band, multiplied out: both readings together over twice the maximum.
    let off_cut = (100 * (a.points() + b.points()) - policy.part_two_cut_percent * 2 * max_points).abs();
    if policy.near_cut_band_percent > 0 && off_cut <= policy.near_cut_band_percent * 2 * max_points {
        reasons.push(Disagreement::NearCut);
    }
    reasons
}

/// What follows from the first readings and, where one was called, the third.
///
/// `max_points` is the most that one reading can give.
pub fn find(first: &[Reading], third: Option<&Reading>, max_points: i64, policy: &Policy) -> Finding {
    let [a, b] = first else { return Finding::Waiting };
    let reasons = disagreements(a, b, max_points, policy);
    match (reasons.is_empty(), third) {
        (true, _) => Finding::Settled(pair(a, b, max_points, a.verdict, SettledBy::Agreement)),
        (false, None) => Finding::ThirdNeeded(reasons),
        (false, Some(c)) => Finding::Settled(resolve(a, b, c, max_points, policy.resolution)),
    }
}

fn pair(a: &Reading, b: &Reading, max_points: i64, verdict: Verdict, settled_by: SettledBy) -> Settlement {
    Settlement { points: a.points() + b.points(), max_points: 2 * max_points, verdict, settled_by }
}

fn resolve(a: &Reading, b: &Reading, third: &Reading, max_points: i64, resolution: Resolution) -> Settlement {
    match resolution {
        Resolution::AdjudicatorDecides => Settlement {
            points: third.points(),
            max_points,
            verdict: third.verdict,
            settled_by: SettledBy::Adjudicator,
        },
        Resolution::MajorityOfVerdicts => {
            // With two kinds of verdict and three readings, the third always sides with one of a split pair; when the
            // first two agreed on the verdict and the third differs, those two are the majority.
            let (x, y) = match (a.verdict == third.verdict, b.verdict == third.verdict) {
                (true, true) => closest(a, b, third),
                (true, false) => (a, third),
                (false, true) => (b, third),
                (false, false) => (a, b),
            };
            pair(x, y, max_points, x.verdict, SettledBy::Majority)
        }
        Resolution::ClosestPair => {
            let (x, y) = closest(a, b, third);
            // A pair close in points may still split on the verdict: then the third reader's word stands.
            let verdict = if x.verdict == y.verdict { x.verdict } else { third.verdict };
            pair(x, y, max_points, verdict, SettledBy::ClosestPair)
        }
    }
}

/// The two readings closest in points. At equal distance a pair with the third reader goes first, and of two such
/// pairs the higher one: a doubt is the examinee's.
fn closest<'r>(a: &'r Reading, b: &'r Reading, third: &'r Reading) -> (&'r Reading, &'r Reading) {
    let distance = |x: &Reading, y: &Reading| (x.points() - y.points()).abs();
    let (high, low) = if a.points() >= b.points() { (a, b) } else { (b, a) };
    let candidates = [(high, third), (low, third), (high, low)];
    candidates.into_iter().min_by_key(|(x, y)| distance(x, y)).unwrap_or((high, third))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Fail, Pass};

    fn reading(x: i64, y: i64, verdict: Verdict) -> Reading {
        Reading { scores: [("x".to_owned(), x), ("y".to_owned(), y)].into_iter().collect(), verdict }
    }

    fn settled(points: i64, max_points: i64, verdict: Verdict, settled_by: SettledBy) -> Finding {
        Finding::Settled(Settlement { points, max_points, verdict, settled_by })
    }

    #[test]
    fn agreement_and_its_limits() {
        let policy = Policy { near_cut_band_percent: 5, ..Policy::default() };
        let off = Policy::default();
        use Disagreement::*;
        let cases = [
            ("alike", reading(4, 4, Pass), reading(4, 4, Pass), &policy, vec![]),
            ("within tolerance", reading(4, 4, Pass), reading(3, 4, Pass), &policy, vec![]),
            ("beyond it", reading(4, 4, Pass), reading(2, 4, Pass), &policy, vec![CriterionGap]),
            ("split", reading(1, 1, Pass), reading(1, 1, Fail), &policy, vec![VerdictSplit]),
            ("near the cut", reading(3, 3, Pass), reading(3, 4, Pass), &policy, vec![NearCut]),
            ("band switched off", reading(3, 3, Pass), reading(3, 4, Pass), &off, vec![]),
            (
                "opposite gaps cancel in the sum, not here",
                reading(4, 0, Fail),
                reading(0, 4, Fail),
                &off,
                vec![CriterionGap],
            ),
        ];
        for (name, a, b, policy, expected) in cases {
            assert_eq!(disagreements(&a, &b, 8, policy), expected, "{name}");
            assert_eq!(disagreements(&b, &a, 8, policy), expected, "{name}, swapped");
        }
    }

    #[test]
    fn resolution() {
        use Resolution::*;
        let cases = [
            (
                AdjudicatorDecides,
                reading(4, 4, Pass),
                reading(1, 1, Fail),
                reading(2, 2, Fail),
                settled(4, 8, Fail, SettledBy::Adjudicator),
            ),
            (
                AdjudicatorDecides,
                reading(4, 4, Pass),
                reading(1, 1, Fail),
                reading(4, 3, Pass),
                settled(7, 8, Pass, SettledBy::Adjudicator),
            ),
            (
                MajorityOfVerdicts,
                reading(4, 4, Pass),
                reading(1, 1, Fail),
                reading(2, 2, Fail),
                settled(6, 16, Fail, SettledBy::Majority),
            ),
            (
                MajorityOfVerdicts,
                reading(4, 4, Pass),
                reading(1, 1, Fail),
                reading(4, 3, Pass),
                settled(15, 16, Pass, SettledBy::Majority),
            ),
            (
                MajorityOfVerdicts,
                reading(4, 4, Pass),
                reading(1, 4, Pass),
                reading(1, 1, Fail),
                settled(13, 16, Pass, SettledBy::Majority),
            ),
            (
                MajorityOfVerdicts,
                reading(4, 4, Pass),
                reading(1, 4, Pass),
                reading(3, 4, Pass),
                settled(15, 16, Pass, SettledBy::Majority),
            ),
            (
                ClosestPair,
                reading(4, 4, Pass),
                reading(1, 1, Fail),
                reading(4, 3, Pass),
                settled(15, 16, Pass, SettledBy::ClosestPair),
            ),
            (
                ClosestPair,
                reading(4, 4, Pass),
                reading(1, 1, Fail),
                reading(1, 2, Fail),
                settled(5, 16, Fail, SettledBy::ClosestPair),
            ),
            // Equally far from both: the higher pair, with the third reader's verdict.
            (
                ClosestPair,
                reading(4, 4, Pass),
                reading(1, 1, Fail),
                reading(2, 3, Fail),
                settled(13, 16, Fail, SettledBy::ClosestPair),
            ),
        ];
        for (resolution, a, b, third, expected) in cases {
            let policy = Policy { resolution, ..Policy::default() };
            let given = [a, b];
            assert_eq!(find(&given, Some(&third), 8, &policy), expected, "{resolution} {given:?} {third:?}");
            let swapped = [given[1].clone(), given[0].clone()];
            assert_eq!(find(&swapped, Some(&third), 8, &policy), expected, "{resolution}, swapped");
        }
    }

    #[test]
    fn the_course_of_a_script() {
        let policy = Policy::default();
        let (a, b) = (reading(4, 4, Pass), reading(4, 3, Pass));
        assert_eq!(find(&[], None, 8, &policy), Finding::Waiting);
        assert_eq!(find(std::slice::from_ref(&a), None, 8, &policy), Finding::Waiting);
        assert_eq!(find(&[a.clone(), b], None, 8, &policy), settled(15, 16, Pass, SettledBy::Agreement));
        let split = [a, reading(4, 4, Fail)];
        assert_eq!(find(&split, None, 8, &policy), Finding::ThirdNeeded(vec![Disagreement::VerdictSplit]));
    }
}
