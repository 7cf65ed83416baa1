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

/// Every reason for which two readings do not agree, whichever of the two is named first.
///
/// Edges: a criterion may differ by the tolerance itself; a pair that lies on either edge of the band around the cut lies
/// within it.
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

/// What follows from the first readings and, where one was called, the third. Two first readings that agree are worth
/// what they say, even where a third was called before one of them was corrected.
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
/// pairs the higher one: a doubt is the examinee's. Where the first two have the same points, which of them is taken
/// changes nothing: the points are the same, and a split of the verdict is the third reader's to decide.
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
    fn edges_of_tolerance_and_band() {
        use Disagreement::*;
        // Of 10 points each: the readings together are worth 5 % a point, and 80 % are 16 points.
        let of = |x: i64, y: i64| (reading(x, 4, Pass), reading(y, 4, Pass));
        let cases = [
            // (tolerance, cut, band, the pair, what stands against it)
            (1, 80, 5, of(4, 2), vec![CriterionGap]),
            (1, 80, 5, of(4, 3), vec![NearCut]), // 15 points, 75 %: on the lower edge
            (9, 80, 5, of(4, 2), vec![]),        // 14 points, 70 %: below it
            (9, 80, 5, of(4, 4), vec![NearCut]), // at the cut itself
            (9, 80, 5, of(5, 4), vec![NearCut]), // 17 points, 85 %: on the upper edge
            (9, 80, 5, of(5, 5), vec![]),        // 18 points, 90 %: above it
            (9, 80, 4, of(4, 3), vec![]),
            (9, 80, 4, of(5, 4), vec![]),
            (9, 80, 0, of(4, 4), vec![]),         // switched off, even at the cut
            (9, 0, 5, of(-4, -3), vec![NearCut]), // a cut of nought has a band above it
            (9, 0, 5, of(-4, -2), vec![]),
            (9, 100, 5, of(6, 5), vec![NearCut]), // and one of all points a band below
            (9, 100, 5, of(5, 5), vec![]),
            (0, 80, 0, of(4, 4), vec![]),
            (0, 80, 0, of(4, 3), vec![CriterionGap]),
            (2, 80, 0, of(4, 2), vec![]),
            (2, 80, 0, of(4, 1), vec![CriterionGap]),
            (1, 80, 5, of(5, 2), vec![CriterionGap, NearCut]),
        ];
        for (tolerance, cut, band, (a, b), expected) in cases {
            let policy = Policy {
                criterion_tolerance_points: tolerance,
                part_two_cut_percent: cut,
                near_cut_band_percent: band,
                ..Policy::default()
            };
            let given = format!("{tolerance} {cut} {band} {} and {}", a.points(), b.points());
            assert_eq!(disagreements(&a, &b, 10, &policy), expected, "{given}");
            assert_eq!(disagreements(&b, &a, 10, &policy), expected, "{given}, swapped");
        }
        let policy = Policy { near_cut_band_percent: 5, ..Policy::default() };
        let every = disagreements(&reading(7, 1, Pass), &reading(5, 3, Fail), 10, &policy);
        assert_eq!(every, [VerdictSplit, CriterionGap, NearCut]);
    }

    /// Every way in which three verdicts can fall, with points that tell the readings apart: 8, 5 and the third's.
    #[test]
    fn every_split_of_three_verdicts() {
        use Resolution::*;
        let decided = |third, verdict| settled(third, 8, verdict, SettledBy::Adjudicator);
        let majority = |points, verdict| settled(points, 16, verdict, SettledBy::Majority);
        let closest = |points, verdict| settled(points, 16, verdict, SettledBy::ClosestPair);
        let cases = [
            // (verdicts, third's points, adjudicator, majority, closest pair)
            ([Pass, Pass, Pass], 7, decided(7, Pass), majority(15, Pass), closest(15, Pass)),
            ([Pass, Pass, Pass], 4, decided(4, Pass), majority(9, Pass), closest(9, Pass)),
            ([Pass, Pass, Fail], 7, decided(7, Fail), majority(13, Pass), closest(15, Fail)),
            ([Pass, Pass, Fail], 1, decided(1, Fail), majority(13, Pass), closest(13, Pass)),
            ([Pass, Fail, Pass], 7, decided(7, Pass), majority(15, Pass), closest(15, Pass)),
            ([Pass, Fail, Pass], 4, decided(4, Pass), majority(12, Pass), closest(9, Pass)),
            ([Pass, Fail, Pass], 1, decided(1, Pass), majority(9, Pass), closest(13, Pass)),
            ([Pass, Fail, Fail], 7, decided(7, Fail), majority(12, Fail), closest(15, Fail)),
            ([Pass, Fail, Fail], 1, decided(1, Fail), majority(6, Fail), closest(13, Fail)),
            ([Fail, Pass, Pass], 4, decided(4, Pass), majority(9, Pass), closest(9, Pass)),
            ([Fail, Pass, Fail], 7, decided(7, Fail), majority(15, Fail), closest(15, Fail)),
            ([Fail, Fail, Pass], 7, decided(7, Pass), majority(13, Fail), closest(15, Pass)),
            ([Fail, Fail, Pass], 1, decided(1, Pass), majority(13, Fail), closest(13, Fail)),
            ([Fail, Fail, Fail], 4, decided(4, Fail), majority(9, Fail), closest(9, Fail)),
        ];
        for (verdicts, points, alone, two_of_three, nearest) in cases {
            // The first two differ by three points on one criterion, so that a third is called whatever they judged.
            let (a, b) = (reading(4, 4, verdicts[0]), reading(1, 4, verdicts[1]));
            let third = reading(points, 0, verdicts[2]);
            let expected = [(AdjudicatorDecides, alone), (MajorityOfVerdicts, two_of_three), (ClosestPair, nearest)];
            for (resolution, expected) in expected {
                let policy = Policy { resolution, ..Policy::default() };
                let of = |first: [&Reading; 2]| find(&first.map(Clone::clone), Some(&third), 8, &policy);
                assert_eq!(of([&a, &b]), expected, "{resolution} {verdicts:?} {points}");
                assert_eq!(of([&b, &a]), expected, "{resolution} {verdicts:?} {points}, swapped");
            }
        }
    }

    #[test]
    fn ties_of_distance() {
        let given = |resolution, a: &Reading, b: &Reading, third: &Reading| {
            let policy = Policy { resolution, criterion_tolerance_points: 0, ..Policy::default() };
            let found = find(&[a.clone(), b.clone()], Some(third), 8, &policy);
            assert_eq!(find(&[b.clone(), a.clone()], Some(third), 8, &policy), found, "swapped");
            found
        };
        let closest = |points, verdict| settled(points, 16, verdict, SettledBy::ClosestPair);
        use Resolution::ClosestPair;
        let cases = [
            // The third in the middle: the higher pair, whichever verdict.
            ((4, 4, Pass), (1, 3, Fail), (3, 3, Pass), closest(14, Pass)),
            ((4, 4, Pass), (1, 3, Fail), (3, 3, Fail), closest(14, Fail)),
            // As far from the higher as the two first are from each other: the pair with the third, even downwards.
            ((3, 3, Pass), (2, 2, Fail), (1, 1, Fail), closest(6, Fail)),
            ((3, 3, Pass), (2, 2, Fail), (4, 4, Pass), closest(14, Pass)),
            // Equal first points with a split verdict: they are closest, and the third reader's word stands.
            ((4, 2, Pass), (2, 4, Fail), (1, 1, Fail), closest(12, Fail)),
            ((4, 2, Pass), (2, 4, Fail), (4, 4, Pass), closest(12, Pass)),
            // All three equal.
            ((4, 2, Pass), (2, 4, Fail), (3, 3, Fail), closest(12, Fail)),
        ];
        for (a, b, third, expected) in cases {
            let of = |(x, y, verdict)| reading(x, y, verdict);
            assert_eq!(given(ClosestPair, &of(a), &of(b), &of(third)), expected, "{a:?} {b:?} {third:?}");
        }
        // Three verdicts alike: the majority is all of them, and the closest two are taken, by the same rule.
        let all = |third| given(Resolution::MajorityOfVerdicts, &reading(4, 4, Pass), &reading(1, 3, Pass), &third);
        assert_eq!(all(reading(3, 3, Pass)), settled(14, 16, Pass, SettledBy::Majority));
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
        // A third that was called before a correction brought the two together decides nothing any more.
        let agreed = [reading(4, 4, Pass), reading(4, 3, Pass)];
        let third = reading(0, 0, Fail);
        assert_eq!(find(&agreed, Some(&third), 8, &policy), settled(15, 16, Pass, SettledBy::Agreement));
    }
}
