//! Import of authorisations to test: paste or choose a CSV export, preview it, correct line errors, then import.

use maud::{Markup, html};

use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

/// A row that would be, or was, imported.
#[derive(Clone, Debug)]
pub struct ImportRow {
    /// The line in the file.
    pub line: i64,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// The track and category.
    pub category: String,
    /// The period, as text.
    pub valid: String,
    /// Whether the person is new here and will be invited.
    pub new_person: bool,
}

/// A row that can't be imported.
#[derive(Clone, Debug)]
pub struct LineError {
    /// The line in the file.
    pub line: i64,
    /// The column's name.
    pub column: String,
    /// What is wrong with it.
    pub detail: String,
}

/// What a preview or an import found.
#[derive(Clone, Debug)]
pub struct ImportOutcome {
    /// Whether it was only a preview.
    pub dry_run: bool,
    /// How many rows hold, or were imported.
    pub count: i64,
    /// The rows that hold.
    pub accepted: Vec<ImportRow>,
    /// The rows that don't.
    pub rejected: Vec<LineError>,
}

/// The import page.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The text that was sent.
    pub csv: String,
    /// The columns that the file must have.
    pub columns: Vec<String>,
    /// The columns that it may have.
    pub optional_columns: Vec<String>,
    /// The associations that can be chosen; one or none hides the choice.
    pub associations: Vec<Choice>,
    /// What was wrong with the form itself.
    pub problems: Vec<FieldError>,
    /// What the last act found.
    pub outcome: Option<ImportOutcome>,
}

/// The import of authorisations.
#[must_use]
pub fn import(shell: &Shell, view: &Import) -> Markup {
    let words = shell.words;
    let ready = view
        .outcome
        .as_ref()
        .is_some_and(|outcome| outcome.dry_run && outcome.rejected.is_empty() && !outcome.accepted.is_empty());
    let done = view.outcome.as_ref().is_some_and(|outcome| !outcome.dry_run && outcome.rejected.is_empty());
    let body = html! {
        (form::problem_summary(words, &view.problems))
        @if let Some(outcome) = &view.outcome { (outcome_section(shell, outcome)) }
        @if done {
            p.buttons { a.button.primary href=(urls::PEOPLE) { (words.text("import-to-people")) } a.button href=(urls::AUTHORISATIONS_IMPORT) { (words.text("import-another")) } }
        } @else {
            form.stack method="post" action=(urls::AUTHORISATIONS_IMPORT) {
                @if view.associations.len() > 1 { (staff::select("association", words.text("people-association"), &view.associations).render(words, &view.problems)) }
                (csv_field(words, view))
                div.buttons {
                    @if ready {
                        button.primary type="submit" name="dry_run" value="false" { (words.text("import-do")) }
                        button type="submit" name="dry_run" value="true" { (words.text("import-preview-again")) }
                    } @else {
                        button.primary type="submit" name="dry_run" value="true" { (words.text("import-preview")) }
                    }
                }
            }
        }
    };
    document(
        shell,
        &staff::staff_page(&words.text("import-title"))
            .lead(words.text("import-lead"))
            .up(words.text("people-title"), urls::PEOPLE),
        &body,
    )
}

fn csv_field(words: Words, view: &Import) -> Markup {
    let (columns, optional) = (view.columns.join(", "), view.optional_columns.join(", "));
    let field = Field::area("csv", 10, words.text("import-csv"))
        .value(&view.csv)
        .hint(words.with("import-csv-hint", &[("columns", columns.into()), ("optional", optional.into())]));
    html! { div.code-field { (field.render(words, &view.problems)) } }
}

fn outcome_section(shell: &Shell, outcome: &ImportOutcome) -> Markup {
    let words = shell.words;
    let accepted = [("n", outcome.count.into())];
    let rejected = [("n", outcome.rejected.len().into())];
    html! {
        section aria-labelledby="import-outcome" role="status" {
            @if outcome.rejected.is_empty() {
                (parts::remark(Tone::Good, &html! {
                    h2 #import-outcome {
                        @if outcome.dry_run { (words.with("import-preview-good", &accepted)) }
                        @else { (words.with("import-done", &accepted)) }
                    }
                    p {
                        @if outcome.dry_run { (words.text("import-preview-good-text")) }
                        @else { (words.text("import-done-text")) }
                    }
                }))
            } @else {
                (parts::remark(Tone::Danger, &html! {
                    h2 #import-outcome { (words.with("import-rejected", &rejected)) }
                    p { (words.text("import-rejected-text")) }
                }))
                (line_errors(shell, &outcome.rejected))
            }
            @if !outcome.accepted.is_empty() { (accepted_rows(shell, &outcome.accepted)) }
        }
    }
}

fn line_errors(shell: &Shell, rows: &[LineError]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("import-line")),
        Column::text(words.text("import-column")),
        Column::text(words.text("import-detail")),
    ];
    let lines: Vec<Row> = rows
        .iter()
        .map(|row| {
            Row::new(vec![html! { (row.line) }, html! { code { (row.column) } }, html! { span.break { (row.detail) } }])
        })
        .collect();
    html! { div.numbered { (parts::table(&words.text("import-errors"), &columns, &lines)) } }
}

fn accepted_rows(shell: &Shell, rows: &[ImportRow]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("import-line")),
        Column::text(words.text("people-name")),
        Column::text(words.text("people-email")),
        Column::text(words.text("person-category")),
        Column::text(words.text("person-valid")),
        Column::text(words.text("import-person")),
    ];
    let lines: Vec<Row> = rows
        .iter()
        .map(|row| {
            Row::new(vec![
                html! { (row.line) },
                html! { (row.name) },
                html! { span.break { (row.email) } },
                html! { (row.category) },
                html! { (row.valid) },
                html! { @if row.new_person { (parts::badge(Tone::Accent, &words.text("import-person-new"))) }
                @else { (parts::badge(Tone::Neutral, &words.text("import-person-known"))) } },
            ])
        })
        .collect();
    html! { div.numbered { (parts::table(&words.text("import-accepted"), &columns, &lines)) } }
}
