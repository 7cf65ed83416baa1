//! What only the pages of the staff are made of: choices with a state, progress, spans of time, the way between the
//! pages of one thing.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::form::Field;
use crate::page::{Page, Width};
use crate::parts;
use crate::words::Words;

/// One of several values that a form offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice that is not chosen.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), chosen: false }
    }

    /// The same, chosen or not.
    #[must_use]
    pub fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }
}

/// A page of the staff: as wide as tables need.
pub(crate) fn staff_page(title: &str) -> Page {
    Page::new(title).width(Width::Wide).style("staff.css")
}

/// A drop-down list of choices.
pub(crate) fn select(name: &str, label: String, choices: &[Choice]) -> Field {
    Field::select(name, label, options(choices)).value(chosen(choices))
}

/// A few choices, all visible.
pub(crate) fn radios(name: &str, label: String, choices: &[Choice]) -> Field {
    Field::radios(name, label, options(choices)).value(chosen(choices))
}

fn options(choices: &[Choice]) -> Vec<(String, String)> {
    choices.iter().map(|choice| (choice.value.clone(), choice.label.clone())).collect()
}

fn chosen(choices: &[Choice]) -> String {
    choices.iter().find(|choice| choice.chosen).map(|choice| choice.value.clone()).unwrap_or_default()
}

/// How many there are, as messages and figures take it.
pub(crate) fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

/// How much of something is done: a sentence, and a bar that says the same.
pub(crate) fn progress(sentence: &str, done: i64, all: i64) -> Markup {
    html! {
        span.progress {
            span.figures { (sentence) }
            @if all > 0 { progress value=(done) max=(all) aria-hidden="true" {} }
        }
    }
}

/// From one instant to another, in a time zone, as short as is unambiguous.
pub(crate) fn span_of_time(words: Words, from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> Markup {
    let (first, last) = (from.with_timezone(&zone).date_naive(), to.with_timezone(&zone).date_naive());
    let zone_name = parts::zone_text(from, zone);
    if first == last {
        let text = words.with(
            "span-one-day",
            &[
                ("date", parts::date_text(words, first).into()),
                ("from", parts::clock_text(words, from, zone).into()),
                ("to", parts::clock_text(words, to, zone).into()),
                ("zone", zone_name.into()),
            ],
        );
        html! { span.span-of-time { (text) } }
    } else {
        html! {
            span.span-of-time {
                (parts::instant_short(words, from, zone)) " – " (parts::instant_short(words, to, zone)) " " (zone_name)
            }
        }
    }
}

/// The way between the pages of one thing: address, word, and whether it is this page.
pub(crate) fn tabs(label: &str, tabs: &[(String, String, bool)]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul.plain { @for (href, word, here) in tabs { li { a href=(href) aria-current=[here.then_some("page")] { (word) } } } }
        }
    }
}
