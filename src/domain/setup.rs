//! The exam room as its examinee has set it up: preferences, which follow the person, and notes, which belong to one
//! attempt. Neither is an answer: they are bounded, they never count, and nobody but their examinee reads them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::form::CHOICE_LETTERS;
use super::refusal::FieldProblem;

/// How somebody likes the exam room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Preferences {
    /// The size of type, 1 to 3; nothing when none was chosen, so that an arrangement can say.
    pub type_size: Option<i64>,
    /// Stronger contrast.
    pub contrast: bool,
    /// The countdown is hidden.
    pub clock_hidden: bool,
    /// All questions in one list.
    pub list_view: bool,
    /// Keyboard shortcuts are off.
    pub keys_off: bool,
}

impl Preferences {
    /// What is wrong with them.
    pub fn problem(&self) -> Option<FieldProblem> {
        let fits = self.type_size.is_none_or(|size| (1..=3).contains(&size));
        (!fits).then(|| FieldProblem::new("/type_size", "between 1 and 3"))
    }
}

/// What somebody has marked on a paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Notes {
    /// Positions to come back to.
    #[serde(default)]
    pub flagged: BTreeSet<i64>,
    /// Choices struck out, by position.
    #[serde(default)]
    pub struck: BTreeMap<i64, BTreeSet<String>>,
    /// The position at which one is.
    #[serde(default)]
    pub place: Option<i64>,
}

impl Notes {
    /// What does not fit a paper of so many positions.
    pub fn problems(&self, positions: usize) -> Vec<FieldProblem> {
        let last = i64::try_from(positions).unwrap_or(i64::MAX);
        let on_paper = |position: &i64| (1..=last).contains(position);
        let mut problems = Vec::new();
        if !self.flagged.iter().all(on_paper) {
            problems.push(FieldProblem::new("/flagged", "positions of the paper"));
        }
        let letters = |of: &BTreeSet<String>| of.iter().all(|letter| CHOICE_LETTERS.contains(&letter.as_str()));
        if !self.struck.keys().all(on_paper) || !self.struck.values().all(letters) {
            problems.push(FieldProblem::new("/struck", "choices of positions of the paper"));
        }
        if !self.place.iter().all(on_paper) {
            problems.push(FieldProblem::new("/place", "a position of the paper"));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_fit_their_paper() {
        let of = |text: &str| serde_json::from_str::<Notes>(text).unwrap();
        let cases: [(&str, &[&str]); 7] = [
            ("{}", &[]),
            (r#"{"flagged": [1, 60], "struck": {"2": ["a", "d"]}, "place": 60}"#, &[]),
            (r#"{"flagged": [0]}"#, &["/flagged"]),
            (r#"{"flagged": [61]}"#, &["/flagged"]),
            (r#"{"struck": {"61": ["a"]}}"#, &["/struck"]),
            (r#"{"struck": {"1": ["A long word"]}}"#, &["/struck"]),
            (r#"{"place": -1, "flagged": [-1]}"#, &["/flagged", "/place"]),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = of(text).problems(60).into_iter().map(|p| p.pointer).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn preferences_have_fixed_fields() {
        let read = |text: &str| serde_json::from_str::<Preferences>(text);
        assert_eq!(read("{}").unwrap(), Preferences::default());
        assert!(read(r#"{"colour": "red"}"#).is_err());
        for (size, fits) in [(0, false), (1, true), (3, true), (4, false)] {
            let found = Preferences { type_size: Some(size), ..Preferences::default() };
            assert_eq!(found.problem().is_none(), fits, "{size}");
        }
    }
}
