//! What is on record for a person, as coordinators keep it: screening looks for it in what the person writes, and
//! conflicts follow from it.

use maud::{Markup, html};

use crate::form::{self, Field, FieldError};
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

/// The kinds of facts, by the codes of the HTTP interface.
const KINDS: [&str; 6] = ["nickname", "employer", "supervisor", "reference_rater", "colleague", "place"];

/// One thing on record.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What it is about, by the codes of the HTTP interface.
    pub kind: String,
    /// In the words of the record.
    pub value: String,
}

/// What is on record for a person.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Where they work, or what was typed.
    pub employer: String,
    /// The rest.
    pub facts: Vec<Fact>,
    /// The fact that was typed and refused.
    pub typed: Option<Fact>,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

fn kind(words: Words, code: &str) -> String {
    match code {
        "nickname" => words.text("record-nickname"),
        "employer" => words.text("record-employer"),
        "supervisor" => words.text("record-supervisor"),
        "reference_rater" => words.text("record-reference"),
        "colleague" => words.text("record-colleague"),
        _ => words.text("record-place"),
    }
}

/// The part of a person's page.
pub(super) fn record(words: Words, person: &str, view: &Record) -> Markup {
    let action = urls::person_record(person);
    let (typed_kind, value) =
        view.typed.as_ref().map_or(("nickname", ""), |typed| (typed.kind.as_str(), typed.value.as_str()));
    let kinds = KINDS.map(|code| Choice::new(code, kind(words, code)).chosen(code == typed_kind));
    html! {
        section.panel aria-labelledby="record" {
            h2 #record { (words.text("record-title")) }
            p.hint { (words.text("record-text")) }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(action) {
                (Field::input("employer", "text", words.text("record-works")).value(&view.employer).max_length(200).autocomplete("off").optional().render(words, &view.problems))
                div.buttons { button type="submit" { (words.text("record-works-do")) } }
            }
            @if !view.facts.is_empty() {
                ul.plain {
                    @for fact in &view.facts {
                        li { form.buttons method="post" action=(action) {
                            span.break { (kind(words, &fact.kind)) " · " (fact.value) }
                            input type="hidden" name="kind" value=(fact.kind);
                            input type="hidden" name="value" value=(fact.value);
                            button type="submit" name="withdraw" value="true" aria-label=(words.with("record-remove-which", &[("value", fact.value.as_str().into())])) { (words.text("record-remove")) }
                        } }
                    }
                }
            }
            form.stack method="post" action=(action) {
                (staff::select("kind", words.text("record-kind"), &kinds).render(words, &view.problems))
                (Field::input("value", "text", words.text("record-value")).value(value).hint(words.text("record-value-hint")).max_length(200).autocomplete("off").render(words, &view.problems))
                div.buttons { button type="submit" { (words.text("record-do")) } }
            }
        }
    }
}
