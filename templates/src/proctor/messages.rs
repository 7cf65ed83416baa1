//! Messages to the room: the form and the log.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{Board, or_everybody};
use crate::form::{self, Field, FieldError};
use crate::parts;
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

/// A message that was sent.
#[derive(Clone, Debug)]
pub struct MessageLine {
    /// When.
    pub at: DateTime<Utc>,
    /// To whom, if to one.
    pub to: Option<String>,
    /// What it says.
    pub text: String,
    /// Who sent it.
    pub from: String,
}

/// The form that sends: what was typed.
#[derive(Clone, Debug, Default)]
pub struct NewMessage {
    /// The examinees to choose from; the first choice offered is the whole room.
    pub people: Vec<Choice>,
    /// What it says.
    pub text: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The messages of a sitting, newest first, and the way to send one.
pub(super) fn messages(words: Words, view: &Board) -> Markup {
    html! {
        section aria-labelledby="messages" {
            h2 #messages { (words.text("messages-title")) }
            p.hint { (words.text("messages-text")) }
            details.panel open[!view.message.problems.is_empty()] {
                summary { (words.text("message-new")) }
                (form::problem_summary(words, &view.message.problems))
                form.stack method="post" action=(urls::room_messages(&view.head.id)) {
                    (staff::select("message_to", words.text("message-to"), &or_everybody(words, &view.message.people)).optional().render(words, &view.message.problems))
                    (Field::area("text", 3, words.text("message-body")).value(&view.message.text).max_length(500).render(words, &view.message.problems))
                    div.buttons { button type="submit" { (words.text("message-send")) } }
                }
            }
            div data-log="messages" {
                @if !view.messages.is_empty() {
                    ul.lines.plain { @for message in &view.messages { (message_line(words, view, message)) } }
                }
            }
        }
    }
}

fn message_line(words: Words, view: &Board, message: &MessageLine) -> Markup {
    let to = message.to.clone().unwrap_or_else(|| words.text("incident-everybody"));
    html! {
        li.incident {
            div {
                p { (words.text("message-to")) ": " strong { (to) } }
                p.prose-line { (message.text) }
                p.soft.small { (message.from) ", " (parts::instant_short(words, message.at, view.head.time_zone)) }
            }
        }
    }
}
