//! A person's conflicts, as coordinators see them: with whom, how it is known, and what was lifted.

use maud::{Markup, html};

use crate::form::{self, Field, FieldError};
use crate::page::Shell;
use crate::parts::{self, Column, Row, Tone};
use crate::urls;
use crate::words::Words;

/// That two people must not read one another.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The other's identifier.
    pub person: String,
    /// The other's name.
    pub name: String,
    /// How it is known, by the codes of the HTTP interface; none where all of it was lifted.
    pub origins: Vec<String>,
    /// Whether something of it can be lifted.
    pub can_be_lifted: bool,
    /// Why it was lifted, if it was.
    pub lift_reason: Option<String>,
}

/// The conflicts of a person.
#[derive(Clone, Debug, Default)]
pub struct Conflicts {
    /// With whom.
    pub all: Vec<Conflict>,
    /// Whom the person named, in their words.
    pub declared: Vec<String>,
    /// What was typed as the other's address.
    pub email: String,
    /// What was typed as the reason.
    pub reason: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

fn origin(words: Words, code: &str) -> String {
    match code {
        "declared_by_reviewer" => words.text("origin-by-reviewer"),
        "declared_by_examinee" => words.text("origin-by-examinee"),
        "entered_by_coordinator" => words.text("origin-entered"),
        "recognised" => words.text("origin-recognised"),
        "same_employer" => words.text("origin-employer"),
        "supervisor" => words.text("origin-supervisor"),
        "reference_rater" => words.text("origin-reference"),
        "colleague" => words.text("origin-colleague"),
        "same_association" => words.text("origin-association"),
        _ => words.text("origin-earlier"),
    }
}

/// The part of a person's page.
pub(super) fn conflicts(shell: &Shell, person: &str, view: &Conflicts) -> Markup {
    let words = shell.words;
    html! {
        section.panel aria-labelledby="conflicts" {
            h2 #conflicts { (words.text("conflicts-title")) }
            p.hint { (words.text("conflicts-text")) }
            @if view.all.is_empty() { p.soft { (words.text("conflicts-none")) } } @else { (table(words, person, &view.all)) }
            @if !view.declared.is_empty() {
                h3 { (words.text("conflicts-declared")) }
                p.hint { (words.text("conflicts-declared-text")) }
                ul { @for line in &view.declared { li.break { (line) } } }
            }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(urls::person_conflicts(person)) {
                (Field::input("email", "email", words.text("conflicts-email")).value(&view.email).hint(words.text("conflicts-email-hint")).autocomplete("off").render(words, &view.problems))
                (Field::input("reason", "text", words.text("conflicts-reason")).value(&view.reason).max_length(2000).render(words, &view.problems))
                div.buttons { button type="submit" { (words.text("conflicts-do")) } }
            }
        }
    }
}

fn table(words: Words, person: &str, all: &[Conflict]) -> Markup {
    let columns = [
        Column::text(words.text("people-name")),
        Column::text(words.text("conflicts-origin")),
        Column::text(words.text("conflicts-lift")),
    ];
    let rows: Vec<Row> = all
        .iter()
        .map(|row| {
            let origins: Vec<String> = row.origins.iter().map(|code| origin(words, code)).collect();
            let label = words.with("conflicts-lift-label", &[("name", row.name.as_str().into())]);
            Row::new(vec![
                html! { a href=(urls::person(&row.person)) { (row.name) } },
                html! {
                    (origins.join("; "))
                    @if let Some(reason) = &row.lift_reason {
                        @if !origins.is_empty() { br; }
                        (parts::badge(Tone::Neutral, &words.text("conflicts-lifted"))) " " span.soft { (reason) }
                    }
                },
                html! { @if row.can_be_lifted {
                    form.buttons method="post" action=(urls::person_conflict_lift(person, &row.person)) {
                        input type="text" name="reason" required maxlength="2000" aria-label=(label) placeholder=(words.text("conflicts-reason"));
                        button type="submit" { (words.text("conflicts-lift-do")) }
                    }
                } @else { span.soft { "–" } } },
            ])
        })
        .collect();
    parts::table(&words.text("conflicts-title"), &columns, &rows)
}
