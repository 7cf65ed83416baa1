//! Outcomes: what the two parts come to, and what of it an examinee may read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::panel::Settlement;
use super::policy::{PartTwoRule, Policy};
use super::scoring::{Score, Tally};
use super::vocabulary::{Domain, Part, Verdict, spelled};

spelled! {
    /// What a part or the whole exam came to.
    Outcome {
        /// The standard is met.
        Pass = "pass",
        /// The standard is not met.
        Fail = "fail",
        /// Not everything was sat or scored.
        Incomplete = "incomplete",
        /// Nothing was sat before the sitting ended.
        Absent = "absent",
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail => Self::Fail,
        }
    }
}

/// Judges Part Two from the settled scripts that count.
///
/// `points`: the settled points of all scripts together reach the cut. Scripts settled from one and from two readings
/// have different maxima, so that shares are compared over a common denominator, in integers.
pub fn judge_part_two(settled: &[Settlement], policy: &Policy) -> Verdict {
    let passes = !settled.is_empty()
        && match policy.part_two_rule {
            PartTwoRule::Verdicts => settled.iter().all(|s| s.verdict == Verdict::Pass),
            PartTwoRule::Points => {
                let (points, max) = shares(settled);
                100 * points >= policy.part_two_cut_percent * max
            }
        };
    if passes { Verdict::Pass } else { Verdict::Fail }
}

/// The points of scripts together, and the most there could be. Each script weighs its single-reading maximum: a reading
/// pair is halved by doubling every other.
pub fn shares(settled: &[Settlement]) -> (i64, i64) {
    let doubled = |s: &Settlement, points: i64| if s.settled_by.is_single() { 2 * points } else { points };
    let points = settled.iter().map(|s| doubled(s, s.points)).sum();
    (points, settled.iter().map(|s| doubled(s, s.max_points)).sum())
}

impl super::panel::SettledBy {
    /// Whether the settled score stems from one reading rather than a pair.
    pub fn is_single(self) -> bool {
        self == Self::Adjudicator
    }
}

/// The exam as a whole: passed when both parts are.
pub fn judge_exam(one: Outcome, two: Outcome) -> Outcome {
    use Outcome::{Absent, Fail, Incomplete, Pass};
    match (one, two) {
        (Pass, Pass) => Pass,
        (Absent, Absent) => Absent,
        (Incomplete, _) | (_, Incomplete) => Incomplete,
        // One part was sat and the other was not: there is a result, and it is not a pass.
        (Fail | Pass | Absent, Fail | Absent | Pass) => Fail,
    }
}

/// What an examinee reads of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartResult {
    /// Which part.
    pub part: Part,
    /// What it came to.
    pub outcome: Outcome,
    /// Whole per cent of Part One, rounded down, where the policy shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<i64>,
    /// Part One by domain, where the policy shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domains: Option<BTreeMap<Domain, Tally>>,
    /// The reviewers' remarks on Part Two, in an order that tells nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Vec<Feedback>>,
}

/// The remarks on one vignette.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// The vignette's title.
    pub vignette: String,
    /// What the reviewers wrote for the examinee.
    pub remarks: Vec<String>,
}

/// Part One as the examinee reads it: never which questions were missed.
pub fn part_one_result(score: Option<&Score>, outcome: Outcome, policy: &Policy) -> PartResult {
    PartResult {
        part: Part::One,
        outcome,
        percent: score.filter(|_| policy.show_percent).map(|s| s.total.percent()),
        domains: score.filter(|_| policy.show_domains).map(|s| s.domains.clone()),
        feedback: None,
    }
}

/// Part Two as the examinee reads it.
pub fn part_two_result(feedback: Vec<Feedback>, outcome: Outcome, policy: &Policy) -> PartResult {
    let shown = outcome != Outcome::Pass || policy.remarks_for_passed;
    PartResult {
        part: Part::Two,
        outcome,
        percent: None,
        domains: None,
        feedback: Some(feedback).filter(|f| shown && !f.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::panel::SettledBy;

    fn script(points: i64, max_points: i64, verdict: Verdict, settled_by: SettledBy) -> Settlement {
        Settlement { points, max_points, verdict, settled_by }
    }

    #[test]
    fn part_two_by_points_and_by_verdicts() {
        use SettledBy::{Adjudicator, Agreement};
        use Verdict::{Fail, Pass};
        let cases = [
            // At the cut of 80 %: 64 of 80.
            (vec![script(32, 40, Pass, Agreement), script(32, 40, Pass, Agreement)], Pass, Pass),
            (vec![script(32, 40, Pass, Agreement), script(31, 40, Pass, Agreement)], Fail, Pass),
            (vec![script(40, 40, Pass, Agreement), script(24, 40, Fail, Agreement)], Pass, Fail),
            // A single reading weighs as much as a pair: 16 of 20 is 32 of 40.
            (vec![script(32, 40, Pass, Agreement), script(16, 20, Pass, Adjudicator)], Pass, Pass),
            (vec![script(40, 40, Pass, Agreement), script(12, 20, Pass, Adjudicator)], Pass, Pass),
            (vec![script(40, 40, Pass, Agreement), script(11, 20, Pass, Adjudicator)], Fail, Pass),
            (vec![], Fail, Fail),
        ];
        for (settled, by_points, by_verdicts) in cases {
            let rule = |part_two_rule| Policy { part_two_rule, ..Policy::default() };
            assert_eq!(judge_part_two(&settled, &rule(PartTwoRule::Points)), by_points, "{settled:?}");
            assert_eq!(judge_part_two(&settled, &rule(PartTwoRule::Verdicts)), by_verdicts, "{settled:?}");
        }
    }

    #[test]
    fn the_exam_is_passed_when_both_parts_are() {
        use Outcome::{Absent, Fail, Incomplete, Pass};
        let cases = [
            (Pass, Pass, Pass),
            (Pass, Fail, Fail),
            (Fail, Pass, Fail),
            (Fail, Fail, Fail),
            (Pass, Absent, Fail),
            (Fail, Absent, Fail),
            (Absent, Absent, Absent),
            (Pass, Incomplete, Incomplete),
            (Incomplete, Absent, Incomplete),
        ];
        for (one, two, exam) in cases {
            assert_eq!(judge_exam(one, two), exam, "{one} {two}");
        }
    }

    #[test]
    fn remarks_reach_who_failed_always_and_who_passed_by_policy() {
        let remarks = vec![Feedback { vignette: "A visit".into(), remarks: vec!["Good.".into()] }];
        let silent = Policy { remarks_for_passed: false, ..Policy::default() };
        assert!(part_two_result(remarks.clone(), Outcome::Fail, &silent).feedback.is_some());
        assert!(part_two_result(remarks.clone(), Outcome::Pass, &silent).feedback.is_none());
        assert!(part_two_result(remarks, Outcome::Pass, &Policy::default()).feedback.is_some());
    }
}
