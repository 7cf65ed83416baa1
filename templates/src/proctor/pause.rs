//! The pause of a whole sitting: the button for a fire alarm, and the line that says that everything stands still.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::Board;
use crate::form::{self, Field, FieldError};
use crate::parts;
use crate::urls;
use crate::words::Words;

/// A pause that goes on.
#[derive(Clone, Debug)]
pub struct PauseView {
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// The form that pauses: what was typed.
#[derive(Clone, Debug, Default)]
pub struct PauseForm {
    /// Why.
    pub reason: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The pause that goes on, with its end; or the way to pause. `board.js` reloads the page when the one becomes the other.
pub(super) fn pause(words: Words, view: &Board) -> Markup {
    html! {
        @if let Some(pause) = &view.pause {
            section.panel.standstill aria-labelledby="pause" {
                h2 #pause { (words.text("pause-title")) }
                p { (words.text("pause-since")) " " (parts::clock_exact(pause.since, view.head.time_zone)) ". " (words.text("pause-reason-given")) " " strong { (pause.reason) } }
                p { (words.text("pause-text")) }
                form method="post" action=(urls::sitting_resume(&view.head.id)) {
                    button.primary type="submit" { (words.text("pause-resume")) }
                }
            }
        } @else {
            details.panel.standstill open[!view.pause_form.problems.is_empty()] {
                summary { (words.text("pause-begin")) }
                p { (words.text("pause-begin-text")) }
                (form::problem_summary(words, &view.pause_form.problems))
                form.stack method="post" action=(urls::sitting_pause(&view.head.id)) {
                    (Field::input("pause_reason", "text", words.text("pause-reason")).value(&view.pause_form.reason).max_length(300).render(words, &view.pause_form.problems))
                    div.buttons { button type="submit" { (words.text("pause-begin-do")) } }
                }
            }
        }
    }
}
