//! A sealed review that its reviewer wants to correct: the note on the script's page, and the form.
//!
//! Invariant: nothing here tells who decides, why, or whether anything came of it beyond the review itself.

use maud::{Markup, html};

use super::{MarkingDesk, criterion_field, remarks, verdict_field};
use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Tone};
use crate::{markdown, staff, urls};

/// How the newest correction of a review stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionState {
    /// Nobody has decided.
    Waiting,
    /// It is the review now.
    Approved,
    /// The review stays as it was.
    Refused,
}

/// A correction as it is written.
#[derive(Clone, Debug)]
pub struct CorrectionPage {
    /// The script, with the review as it is to be.
    pub desk: MarkingDesk,
    /// Why.
    pub reason: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// What the page of a sealed script says of corrections, with the way to one.
pub(super) fn note(shell: &Shell, view: &MarkingDesk) -> Markup {
    let words = shell.words;
    let tell = |tone, id: &str| parts::remark(tone, &html! { p { (words.text(id)) } });
    html! {
        @match view.correction {
            Some(CorrectionState::Waiting) => (tell(Tone::Accent, "correction-waiting")),
            Some(CorrectionState::Approved) => (tell(Tone::Good, "correction-approved")),
            Some(CorrectionState::Refused) => (tell(Tone::Neutral, "correction-refused")),
            None => {},
        }
        @if view.correction != Some(CorrectionState::Waiting) {
            p { a href=(urls::review_correction(&view.code)) { (words.text("correction-ask")) } }
        }
    }
}

/// The form.
#[must_use]
pub fn correction(shell: &Shell, view: &CorrectionPage) -> Markup {
    let (words, desk) = (shell.words, &view.desk);
    let title = words.with("correction-title", &[("code", desk.code.as_str().into())]);
    let reason = Field::area("reason", 4, words.text("correction-reason"))
        .hint(words.text("correction-reason-hint"))
        .max_length(1000)
        .value(&view.reason);
    let body = html! {
        (form::problem_summary(words, &view.problems))
        details.panel {
            summary { (words.text("desk-pane-answer")) }
            div.prose {
                @if desk.answer.trim().is_empty() { p.soft { (words.text("desk-answer-empty")) } }
                @else { (markdown::prose(&desk.answer)) }
            }
        }
        form.stack.correction method="post" action=(urls::review_correction(&desk.code)) autocomplete="off" {
            @for (index, one) in desk.criteria.iter().enumerate() { (criterion_field(shell, index, one)) }
            (verdict_field(shell, desk.verdict))
            (remarks(shell, desk))
            (reason.render(words, &view.problems))
            div.buttons {
                button.primary type="submit" { (words.text("correction-send")) }
                a.button href=(urls::review(&desk.code)) { (words.text("correction-leave")) }
            }
        }
    };
    let page = staff::staff_page(&title)
        .up(words.with("desk-title", &[("code", desk.code.as_str().into())]), urls::review(&desk.code))
        .lead(words.text("correction-lead"));
    document(shell, &page, &body)
}
