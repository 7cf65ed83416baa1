//! What people tell about themselves so that scripts go to the right readers: a reviewer's training, capacity and absences,
//! and, for reviewers and examinees alike, whom they know.
//!
//! Invariant: nothing here tells whether anybody of a name is on record.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::form::{self, Field, FieldError};
use crate::page::{Page, Shell, document};
use crate::parts;
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

/// Somebody named.
#[derive(Clone, Debug)]
pub struct Known {
    /// In the words of who named them.
    pub who: String,
    /// The relation's code: `supervision`, `colleague`, `relative`, `other`.
    pub relation: String,
}

/// Whom somebody knows, and what was typed for one more.
#[derive(Clone, Debug, Default)]
pub struct Circle {
    /// Everybody named so far.
    pub known: Vec<Known>,
    /// What was typed.
    pub who: String,
    /// What was chosen.
    pub relation: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// When a reviewer is absent, and what was typed for one more time.
#[derive(Clone, Debug, Default)]
pub struct Absences {
    /// Each from a day to a day.
    pub all: Vec<(NaiveDate, NaiveDate)>,
    /// What was typed as the first day.
    pub from: String,
    /// What was typed as the last.
    pub until: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// What a reviewer reads, and how much.
#[derive(Clone, Debug, Default)]
pub struct Training {
    /// The strands, by their codes.
    pub strands: Vec<Choice>,
    /// The most scripts at a time.
    pub capacity: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// A reviewer's profile.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// What they read.
    pub training: Training,
    /// When they are absent.
    pub absences: Absences,
    /// Whom they know.
    pub circle: Circle,
}

/// A reviewer's own profile.
#[must_use]
pub fn profile(shell: &Shell, view: &Profile) -> Markup {
    let words = shell.words;
    let body = html! {
        (circle(words, urls::REVIEWER_ACQUAINTANCES, &view.circle, true))
        (absences(words, urls::REVIEWER_ABSENCES, &view.absences))
        (training(words, urls::REVIEWER_PROFILE, &view.training))
    };
    let page = staff::staff_page(&words.text("profile-title")).lead(words.text("profile-lead"));
    document(shell, &page.up(words.text("marking-title"), urls::MARKING), &body)
}

/// Whom an examinee knows.
#[must_use]
pub fn acquaintances(shell: &Shell, view: &Circle) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("knows-title")).lead(words.text("knows-lead"));
    let page = page.up(words.text("exams-title"), urls::EXAMS);
    document(shell, &page, &circle(words, urls::ACQUAINTANCES, view, false))
}

fn relation(words: Words, code: &str) -> String {
    match code {
        "supervision" => words.text("knows-supervision"),
        "colleague" => words.text("knows-colleague"),
        "relative" => words.text("knows-relative"),
        _ => words.text("knows-other"),
    }
}

fn circle(words: Words, action: &str, view: &Circle, reviews: bool) -> Markup {
    let relations = ["supervision", "colleague", "relative", "other"]
        .map(|code| Choice::new(code, relation(words, code)).chosen(code == view.relation));
    html! {
        section.panel aria-labelledby="knows" {
            h2 #knows { (words.text(if reviews { "knows-writers" } else { "knows-readers" })) }
            p.hint { (words.text(if reviews { "knows-writers-text" } else { "knows-readers-text" })) }
            @if view.known.is_empty() { p.soft { (words.text("knows-nobody")) } }
            @else {
                ul.plain {
                    @for one in &view.known {
                        li { form.buttons method="post" action=(action) {
                            span.break { (one.who) " · " (relation(words, &one.relation)) }
                            input type="hidden" name="who" value=(one.who);
                            input type="hidden" name="relation" value=(one.relation);
                            button type="submit" name="withdraw" value="true" aria-label=(words.with("knows-remove-who", &[("who", one.who.as_str().into())])) { (words.text("knows-remove")) }
                        } }
                    }
                }
            }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(action) {
                (Field::input("who", "text", words.text("knows-who")).value(&view.who).hint(words.text("knows-who-hint")).max_length(200).autocomplete("off").render(words, &view.problems))
                (staff::select("relation", words.text("knows-relation"), &relations).render(words, &view.problems))
                div.buttons { button.primary type="submit" { (words.text("knows-do")) } }
            }
        }
    }
}

/// A reviewer's absences, with a form for one more.
pub(crate) fn absences(words: Words, action: &str, view: &Absences) -> Markup {
    html! {
        section.panel aria-labelledby="absences" {
            h2 #absences { (words.text("absence-title")) }
            p.hint { (words.text("absence-text")) }
            @if view.all.is_empty() { p.soft { (words.text("absence-none")) } }
            @else {
                ul.plain {
                    @for (from, until) in &view.all {
                        li { form.buttons method="post" action=(action) {
                            span { (parts::date(words, *from)) " – " (parts::date(words, *until)) }
                            input type="hidden" name="from" value=(from);
                            input type="hidden" name="until" value=(until);
                            button type="submit" name="withdraw" value="true" aria-label=(words.with("absence-remove-which", &[("from", parts::date_text(words, *from).into())])) { (words.text("absence-remove")) }
                        } }
                    }
                }
            }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(action) {
                div.row {
                    (Field::input("from", "date", words.text("absence-from")).value(&view.from).render(words, &view.problems))
                    (Field::input("until", "date", words.text("absence-until")).value(&view.until).render(words, &view.problems))
                }
                div.buttons { button type="submit" { (words.text("absence-do")) } }
            }
        }
    }
}

/// A reviewer's strands and capacity.
pub(crate) fn training(words: Words, action: &str, view: &Training) -> Markup {
    html! {
        section.panel aria-labelledby="training" {
            h2 #training { (words.text("training-title")) }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(action) {
                fieldset.field {
                    legend { (words.text("training-strands")) }
                    @for strand in &view.strands {
                        (Field::checkbox(&format!("strand_{}", strand.value), &strand.label).value(strand.chosen).render(words, &view.problems))
                    }
                }
                (Field::input("capacity", "number", words.text("training-capacity")).value(&view.capacity).hint(words.text("training-capacity-hint")).range(0, 500).render(words, &view.problems))
                div.buttons { button type="submit" { (words.text("training-do")) } }
            }
        }
    }
}
