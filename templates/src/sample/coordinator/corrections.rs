//! Samples of corrections of sealed reviews.

use super::super::{Pages, at};
use super::{head, shell};
use crate::coordinator::SittingState;
use crate::coordinator::corrections::{Changed, CorrectionLine, CorrectionState, CorrectionsPage, What, corrections};
use crate::form::FieldError;
use crate::urls;

pub(super) fn pages() -> Pages {
    let page = |lines| {
        corrections(
            &shell(&urls::sitting_corrections("s1")),
            &CorrectionsPage { head: head(SittingState::Marking), lines },
        )
    };
    let changed =
        |what, before: &str, after: &str| Changed { what, before: before.to_owned(), after: after.to_owned() };
    let line = |id: &str, state| CorrectionLine {
        id: id.to_owned(),
        script: "3f8a1c22".to_owned(),
        strand: "Clinical".to_owned(),
        vignette: "Two grandmothers".to_owned(),
        reviewer: "Ruth Okafor".to_owned(),
        reason: "I took the levels of the third criterion for those of the fourth.".to_owned(),
        asked_at: at("2027-04-12T15:10:00Z"),
        state,
        changes: None,
        decided: None,
        typed: String::new(),
        problems: Vec::new(),
    };
    let seen = CorrectionLine {
        changes: Some(vec![
            changed(What::Criterion("Reflection".to_owned()), "1", "3"),
            changed(What::Verdict, "fail", "pass"),
            changed(What::Remarks, "Thin.", "Careful, with the baby in mind."),
        ]),
        ..line("c-2", CorrectionState::Waiting)
    };
    let decided = CorrectionLine {
        decided: Some(("Grace Lindqvist".to_owned(), at("2027-04-13T15:10:00Z"), "An evident slip.".to_owned())),
        ..line("c-3", CorrectionState::Approved)
    };
    let wrong = CorrectionLine {
        problems: vec![FieldError {
            field: String::new(),
            message: "Reason: between 1 and 1000 characters.".to_owned(),
        }],
        ..line("c-1", CorrectionState::Waiting)
    };
    vec![
        ("sitting-corrections", page(vec![line("c-1", CorrectionState::Waiting), seen, decided])),
        ("sitting-corrections-refused", page(vec![wrong])),
        ("sitting-corrections-empty", page(Vec::new())),
    ]
}
