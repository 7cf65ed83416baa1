//! Rubrics, and what a reviewer's scores against one mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::FieldProblem;
use super::vocabulary::{Domain, Verdict};

/// The longest remark a reviewer may write, in characters.
pub const MAX_REMARK_CHARS: usize = 8_000;
/// The most passages that one review may mark.
pub const MAX_HIGHLIGHTS: usize = 100;
/// The longest note on a marked passage, in characters.
pub const MAX_HIGHLIGHT_NOTE_CHARS: usize = 500;

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

/// A passage of the answer that a reviewer tied to a criterion. Internal: no examinee ever sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Highlight {
    /// Its first character, counted from 0 in characters of the answer as its reader was given it.
    pub start: usize,
    /// The character after its last.
    pub end: usize,
    /// The criterion for which it speaks.
    pub criterion: String,
    /// What the reviewer noted on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Highlight {
    /// What is wrong with it, as the place within it and a sentence, in an answer of so many characters.
    fn problems(&self, rubric: &Rubric, answer_chars: usize) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        if self.start >= self.end {
            problems.push(("end", "a passage ends after it begins".to_owned()));
        } else if self.end > answer_chars {
            problems.push(("end", format!("the answer has {answer_chars} characters")));
        }
        if !rubric.criteria.iter().any(|c| c.id == self.criterion) {
            problems.push(("criterion", "the rubric has no such criterion".to_owned()));
        }
        if self.note.as_ref().is_some_and(|note| note.chars().count() > MAX_HIGHLIGHT_NOTE_CHARS) {
            problems.push(("note", format!("at most {MAX_HIGHLIGHT_NOTE_CHARS} characters")));
        }
        problems
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
    /// The passages that were marked. Left out when there are none, so that the digest of a review without any is what
    /// it always was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub highlights: Vec<Highlight>,
}

impl Marks {
    /// The points in all.
    pub fn points(&self) -> i64 {
        self.scores.values().sum()
    }

    /// Problems that even a draft on this answer may not have.
    pub fn problems_as_draft(&self, rubric: &Rubric, answer: &str) -> Vec<FieldProblem> {
        let mut problems = rubric.problems_of_scores(&self.scores);
        for (field, text) in
            [("remarks_for_examinee", &self.remarks_for_examinee), ("remarks_internal", &self.remarks_internal)]
        {
            if text.chars().count() > MAX_REMARK_CHARS {
                problems.push(FieldProblem::new(format!("/{field}"), format!("at most {MAX_REMARK_CHARS} characters")));
            }
        }
        problems.extend(self.problems_of_highlights(rubric, answer));
        problems
    }

    fn problems_of_highlights(&self, rubric: &Rubric, answer: &str) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.highlights.len() > MAX_HIGHLIGHTS {
            problems.push(FieldProblem::new("/highlights", format!("at most {MAX_HIGHLIGHTS} passages")));
        }
        let answer_chars = answer.chars().count();
        for (index, highlight) in self.highlights.iter().enumerate().take(MAX_HIGHLIGHTS) {
            for (place, detail) in highlight.problems(rubric, answer_chars) {
                problems.push(FieldProblem::new(format!("/highlights/{index}/{place}"), detail));
            }
        }
        problems
    }

    /// Everything that stands between these marks and sealing them as a review of this answer.
    pub fn problems_as_review(&self, rubric: &Rubric, answer: &str) -> Vec<FieldProblem> {
        let mut problems = self.problems_as_draft(rubric, answer);
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
        Marks { scores, verdict, remarks_for_examinee: remark.into(), ..Marks::default() }
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
            let pointers: Vec<String> =
                given.problems_as_review(&rubric(), "").into_iter().map(|p| p.pointer).collect();
            assert_eq!(pointers, expected, "{given:?}");
        }
    }

    #[test]
    fn a_draft_may_be_incomplete_but_not_impossible() {
        assert!(marks(None, None, None, "").problems_as_draft(&rubric(), "").is_empty());
        let mut odd = marks(None, None, None, "");
        odd.scores.insert("zzz".into(), 1);
        assert_eq!(odd.problems_as_draft(&rubric(), "").len(), 1);
        let long = marks(None, None, None, &"é".repeat(MAX_REMARK_CHARS + 1));
        assert_eq!(long.problems_as_draft(&rubric(), "").len(), 1);
    }

    #[test]
    fn highlights_lie_within_the_answer_and_speak_for_a_criterion() {
        let marked = |start, end, criterion: &str, note: Option<String>| Highlight {
            start,
            end,
            criterion: criterion.into(),
            note,
        };
        let long = "é".repeat(MAX_HIGHLIGHT_NOTE_CHARS);
        // Five characters, seven bytes.
        let answer = "Añé 9";
        let cases = [
            (marked(0, 5, "a", Some(long.clone())), vec![]),
            (marked(4, 5, "b", None), vec![]),
            (marked(0, 6, "a", None), vec!["/highlights/0/end"]),
            (marked(2, 2, "a", None), vec!["/highlights/0/end"]),
            (marked(3, 2, "a", None), vec!["/highlights/0/end"]),
            (marked(usize::MAX, 0, "a", None), vec!["/highlights/0/end"]),
            (marked(0, 1, "c", Some(long + "é")), vec!["/highlights/0/criterion", "/highlights/0/note"]),
        ];
        for (highlight, expected) in cases {
            let given = Marks { highlights: vec![highlight], ..Marks::default() };
            let found = given.problems_as_draft(&rubric(), answer);
            assert_eq!(found.into_iter().map(|p| p.pointer).collect::<Vec<_>>(), expected, "{given:?}");
        }
        let of = |count| Marks { highlights: vec![marked(0, 1, "a", None); count], ..Marks::default() };
        assert!(of(MAX_HIGHLIGHTS).problems_as_draft(&rubric(), answer).is_empty());
        let many = of(MAX_HIGHLIGHTS + 1).problems_as_draft(&rubric(), answer);
        assert_eq!(many.into_iter().map(|p| p.pointer).collect::<Vec<_>>(), ["/highlights"]);
    }

    #[test]
    fn a_review_without_highlights_is_written_as_before_there_were_any() {
        let text = r#"{"scores":{"a":3},"verdict":"pass","remarks_for_examinee":"good","remarks_internal":""}"#;
        let read: Marks = serde_json::from_str(text).unwrap();
        assert_eq!(read, marks(Some(3), None, Some(Verdict::Pass), "good"));
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}
