//! The parts that a proctor ended, and why.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{Board, part_word};
use crate::parts;
use crate::words::Words;

/// A part that a proctor ended.
#[derive(Clone, Debug)]
pub struct ClosingLine {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose.
    pub whose: String,
    /// One or two.
    pub part: i64,
    /// Why, as the examinee reads it too.
    pub reason: String,
    /// Who ended it.
    pub by: String,
}

/// The parts that were ended, newest first; nothing while none was.
pub(super) fn closings(words: Words, view: &Board) -> Markup {
    html! {
        section data-log="closings" aria-labelledby="closings" hidden[view.closings.is_empty()] {
            h2 #closings { (words.text("closings-title")) }
            ul.lines.plain {
                @for closing in &view.closings {
                    li.incident {
                        div {
                            p { strong { (closing.whose) } " · " (part_word(words, closing.part)) }
                            p.prose-line { (closing.reason) }
                            p.soft.small { (closing.by) ", " (parts::instant_short(words, closing.at, view.head.time_zone)) }
                        }
                    }
                }
            }
        }
    }
}
