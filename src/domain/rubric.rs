//! Rubrics, and what a reviewer's scores against one mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::FieldProblem;
use super::vocabulary::{Domain, Verdict};

/// The longest remark a reviewer may write, in characters.
pub const MAX_REMARK_CHARS: usize = 8_000;

/// How one vignette's answers are judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubric {
    /// The criteria, in the order in which reviewers see them.
    pub criteria: Vec<Criterion>,
}

/// One thing that is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its name within the rubric.
    pub id: String,
    /// What reviewers see.
    pub title: String,
    /// The competency domain to which it belongs.
    pub domain: Domain,
    /// The levels, by rising points.
    pub levels: Vec<Level>,
}

/// One level of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// What it is worth.
    pub points: i64,
    /// What an answer at this level shows.
    pub descriptor: String,
}

impl Criterion {
    /// The most points this criterion can give.
    pub fn max_points(&self) -> i64 {
        self.levels.iter().map(|l| l.points).max().unwrap_or(0)
    }
}

impl Rubric {
    /// The most points one reading can give.
    pub fn max_points(&self) -> i64 {
        self.criteria.iter().map(Criterion::max_points).sum()
    }

    /// Every problem with scores that must at least be possible: unknown criteria, points that are no level.
    pub fn problems_of_scores(&self, scores: &BTreeMap<String, i64>) -> Vec<FieldProblem> {
        scores
            .iter()
            .filter_map(|(id, points)| {
                let pointer = format!("/scores/{id}");
                match self.criteria.iter().find(|c| &c.id == id) {
                    None => Some(FieldProblem::new(pointer, "the rubric has no such criterion")),
                    Some(c) if !c.levels.iter().any(|l| l.points == *points) => {
                        Some(FieldProblem::new(pointer, format!("{points} is not one of this criterion's levels")))
                    }
                    Some(_) => None,
                }
            })
            .collect()
    }
}

/// What a reviewer writes: a draft while anything may be missing, the content of a review once sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Points by criterion.
    pub scores: BTreeMap<String, i64>,
    /// The overall judgement.
    pub verdict: Option<Verdict>,
    /// What the examinee will read.
    pub remarks_for_examinee: String,
    /// What only coordinators will read.
    pub remarks_internal: String,
}

impl Marks {
    /// The points in all.
    pub fn points(&self) -> i64 {
        self.scores.values().sum()
    }

    /// Problems that even a draft may not have.
    pub fn problems_as_draft(&self, rubric: &Rubric) -> Vec<FieldProblem> {
        let mut problems = rubric.problems_of_scores(&self.scores);
        for (field, text) in
            [("remarks_for_examinee", &self.remarks_for_examinee), ("remarks_internal", &self.remarks_internal)]
        {
            if text.chars().count() > MAX_REMARK_CHARS {
                problems.push(FieldProblem::new(format!("/{field}"), format!("at most {MAX_REMARK_CHARS} characters")));
            }
        }
        problems
    }

    /// Everything that stands between these marks and sealing them.
    pub fn problems_as_review(&self, rubric: &Rubric) -> Vec<FieldProblem> {
        let mut problems = self.problems_as_draft(rubric);
        for criterion in &rubric.criteria {
            if !self.scores.contains_key(&criterion.id) {
                problems.push(FieldProblem::new(format!("/scores/{}", criterion.id), "not scored yet"));
            }
        }
        if self.verdict.is_none() {
            problems.push(FieldProblem::new("/verdict", "choose pass or fail"));
        }
        if self.remarks_for_examinee.trim().is_empty() {
            problems.push(FieldProblem::new("/remarks_for_examinee", "the examinee is owed a remark"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rubric() -> Rubric {
        let levels = (0..=4).map(|points| Level { points, descriptor: format!("level {points}") }).collect::<Vec<_>>();
        let criterion =
            |id: &str| Criterion { id: id.into(), title: id.into(), domain: Domain::Thinking, levels: levels.clone() };
        Rubric { criteria: vec![criterion("a"), criterion("b")] }
    }

    fn marks(a: Option<i64>, b: Option<i64>, verdict: Option<Verdict>, remark: &str) -> Marks {
        let scores = [("a", a), ("b", b)].into_iter().filter_map(|(k, v)| v.map(|v| (k.to_owned(), v))).collect();
        Marks { scores, verdict, remarks_for_examinee: remark.into(), remarks_internal: String::new() }
    }

    #[test]
    fn sealing_needs_everything_and_says_what_is_missing() {
        let cases = [
            (marks(Some(3), Some(4), Some(Verdict::Pass), "good"), vec![]),
            (marks(None, Some(4), Some(Verdict::Pass), "good"), vec!["/scores/a"]),
            (marks(Some(3), Some(4), None, "good"), vec!["/verdict"]),
            (marks(Some(3), Some(4), Some(Verdict::Fail), " \n"), vec!["/remarks_for_examinee"]),
            (marks(Some(9), Some(4), Some(Verdict::Fail), "x"), vec!["/scores/a"]),
            (marks(Some(-1), Some(4), Some(Verdict::Fail), "x"), vec!["/scores/a"]),
        ];
        for (given, expected) in cases {
            let pointers: Vec<String> = given.problems_as_review(&rubric()).into_iter().map(|p| p.pointer).collect();
            assert_eq!(pointers, expected, "{given:?}");
        }
    }

    #[test]
    fn a_draft_may_be_incomplete_but_not_impossible() {
        assert!(marks(None, None, None, "").problems_as_draft(&rubric()).is_empty());
        let mut odd = marks(None, None, None, "");
        odd.scores.insert("zzz".into(), 1);
        assert_eq!(odd.problems_as_draft(&rubric()).len(), 1);
        let long = marks(None, None, None, &"é".repeat(MAX_REMARK_CHARS + 1));
        assert_eq!(long.problems_as_draft(&rubric()).len(), 1);
    }
}
