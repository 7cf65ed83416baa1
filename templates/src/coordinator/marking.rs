//! The marking of a sitting: allocation, progress per reviewer and script.
//!
//! Invariant: a script line says how many readings are needed and sealed, never what they gave.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{SittingHead, SittingTab, sitting_head};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff;
use crate::urls;

/// A script that lacks something.
#[derive(Clone, Debug)]
pub struct Lack {
    /// The script, by its coordinator's label.
    pub script: String,
    /// What it lacks, as a sentence; nothing, when passages wait for a decision.
    pub lacks: Option<String>,
}

/// What an allocation, or its preview, found.
#[derive(Clone, Debug)]
pub struct AllocationResult {
    /// Whether it was only a preview.
    pub dry_run: bool,
    /// Readings given to reviewers.
    pub assigned: i64,
    /// New readings per reviewer, by name.
    pub per_reviewer: Vec<(String, i64)>,
    /// The scripts that lack something.
    pub unassigned: Vec<Lack>,
}

/// A reviewer's progress.
#[derive(Clone, Debug)]
pub struct ReviewerProgress {
    /// The name.
    pub name: String,
    /// The strands, as words.
    pub strands: String,
    /// Readings given.
    pub assigned: i64,
    /// Readings sealed.
    pub sealed: i64,
    /// The nearest date.
    pub due_on: Option<NaiveDate>,
    /// Whether a reading is past its date.
    pub overdue: bool,
}

/// Where a script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptState {
    /// A screening finding waits.
    Screening,
    /// It lacks a reviewer.
    Unallocated,
    /// Readings are under way.
    Reading,
    /// A third reading is under way.
    ThirdReading,
    /// Settled.
    Settled,
}

/// A script's progress.
#[derive(Clone, Debug)]
pub struct ScriptProgress {
    /// The script, by its coordinator's label.
    pub script: String,
    /// The strand.
    pub strand: String,
    /// The vignette's title.
    pub vignette: String,
    /// Readings needed.
    pub needed: i64,
    /// Readings sealed.
    pub sealed: i64,
    /// Where it stands.
    pub state: ScriptState,
}

/// The marking of a sitting.
#[derive(Clone, Debug)]
pub struct SittingMarking {
    /// The head.
    pub head: SittingHead,
    /// Passages that wait for a decision.
    pub to_screen: i64,
    /// Scripts that are ready to be given to reviewers.
    pub to_allocate: i64,
    /// Disagreements for which no third reader was found yet.
    pub thirds_lacking: i64,
    /// What the last allocation or preview found.
    pub allocation: Option<AllocationResult>,
    /// The reviewers.
    pub reviewers: Vec<ReviewerProgress>,
    /// The scripts.
    pub scripts: Vec<ScriptProgress>,
}

/// The marking of a sitting.
#[must_use]
pub fn sitting_marking(shell: &Shell, view: &SittingMarking) -> Markup {
    let words = shell.words;
    let needed: i64 = view.scripts.iter().map(|script| script.needed).sum();
    let sealed: i64 = view.scripts.iter().map(|script| script.sealed).sum();
    let body = html! {
        (sitting_head(shell, &view.head, SittingTab::Marking, false))
        @if view.scripts.is_empty() {
            (parts::empty(&words.text("progress-empty-title"), &words.text("progress-empty-text"), None))
        } @else {
            (staff::progress(&words.with("progress-sealed", &[("sealed", sealed.into()), ("needed", needed.into())]), sealed, needed))
        }
        (to_screening(shell, view))
        (allocation(shell, view))
        @if !view.reviewers.is_empty() {
            section aria-labelledby="reviewers" { h2 #reviewers { (words.text("progress-reviewers")) } (reviewers(shell, &view.reviewers)) }
        }
        @if !view.scripts.is_empty() {
            section aria-labelledby="scripts" { h2 #scripts { (words.text("progress-scripts")) } (scripts(shell, &view.scripts)) }
        }
        @if view.scripts.iter().any(|script| script.state == ScriptState::Settled) {
            p { a href=(urls::sitting_agreement(&view.head.id)) { (words.text("concord-open")) } }
        }
    };
    document(
        shell,
        &staff::staff_page(&words.with("progress-title", &[("sitting", view.head.title.as_str().into())]))
            .without_heading(),
        &body,
    )
}

/// How many passages wait, and the way to them; with none, the way alone.
fn to_screening(shell: &Shell, view: &SittingMarking) -> Markup {
    let words = shell.words;
    let href = urls::sitting_screening(&view.head.id);
    html! {
        @if view.to_screen > 0 {
            (parts::remark(Tone::Attention, &html! {
                p { strong { (words.with("screening-title", &[("n", view.to_screen.into())])) } }
                p { (words.text("screening-waits")) " " a href=(href) { (words.text("screening-to")) } }
            }))
        } @else if !view.scripts.is_empty() {
            p { a href=(href) { (words.text("screening-look")) } }
        }
    }
}

fn allocation(shell: &Shell, view: &SittingMarking) -> Markup {
    let words = shell.words;
    let previewed = view.allocation.as_ref().is_some_and(|result| result.dry_run && result.assigned > 0);
    html! {
        section.panel aria-labelledby="allocation" {
            h2 #allocation { (words.text("allocation-title")) }
            @if let Some(result) = &view.allocation { (allocation_result(shell, result)) }
            p { (words.with("allocation-ready", &[("n", view.to_allocate.into())])) }
            @if view.thirds_lacking > 0 { (thirds(shell, view)) }
            @if view.to_allocate > 0 {
                form.buttons method="post" action=(urls::allocation(&view.head.id)) {
                    @if previewed {
                        button.primary type="submit" name="dry_run" value="false" { (words.text("allocation-do")) }
                        button type="submit" name="dry_run" value="true" { (words.text("allocation-preview-again")) }
                    } @else {
                        button.primary type="submit" name="dry_run" value="true" { (words.text("allocation-preview")) }
                    }
                }
            }
        }
    }
}

/// A third reading has one reader to find: there is nothing to preview.
fn thirds(shell: &Shell, view: &SittingMarking) -> Markup {
    let words = shell.words;
    html! {
        (parts::remark(Tone::Attention, &html! { p { (words.with("allocation-thirds", &[("n", view.thirds_lacking.into())])) } }))
        form.buttons method="post" action=(urls::allocation(&view.head.id)) {
            button type="submit" name="dry_run" value="false" { (words.text("allocation-thirds-do")) }
        }
    }
}

fn allocation_result(shell: &Shell, result: &AllocationResult) -> Markup {
    let words = shell.words;
    let n = [("n", result.assigned.into())];
    let tone = if result.unassigned.is_empty() { Tone::Good } else { Tone::Attention };
    html! {
        div role="status" {
            (parts::remark(tone, &html! {
                p { strong { @if result.dry_run { (words.with("allocation-would", &n)) } @else { (words.with("allocation-done", &n)) } } }
                @if !result.per_reviewer.is_empty() {
                    ul.inline.plain { @for (name, count) in &result.per_reviewer { li { (name) ": " span.figures { (count) } } } }
                }
                @if !result.unassigned.is_empty() {
                    p { (words.with("allocation-lacking", &[("n", result.unassigned.len().into())])) }
                    ul { @for lack in &result.unassigned { li { span.code { (lack.script) } " – " @match &lack.lacks { Some(lacks) => (lacks), None => (words.text("screening-lacks")) } } } }
                }
            }))
        }
    }
}

fn reviewers(shell: &Shell, rows: &[ReviewerProgress]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("people-name")),
        Column::text(words.text("progress-strands")),
        Column::text(words.text("progress-progress")),
        Column::text(words.text("progress-due")),
        Column::text(words.text("people-state")),
    ];
    let lines: Vec<Row> = rows.iter().map(|row| {
        Row::new(vec![
            html! { (row.name) },
            html! { (row.strands) },
            html! { (staff::progress(&words.with("progress-of", &[("sealed", row.sealed.into()), ("needed", row.assigned.into())]), row.sealed, row.assigned)) },
            html! { @match row.due_on { Some(date) => (parts::date(words, date)), None => span.soft { (words.text("progress-no-date")) } } },
            html! { @if row.overdue { (parts::badge(Tone::Attention, &words.text("progress-overdue"))) }
                    @else if row.assigned > 0 && row.sealed == row.assigned { (parts::badge(Tone::Good, &words.text("progress-complete"))) }
                    @else if row.assigned == 0 { span.soft { (words.text("progress-idle")) } }
                    @else { (parts::badge(Tone::Neutral, &words.text("progress-under-way"))) } },
        ])
    }).collect();
    parts::table(&words.text("progress-reviewers"), &columns, &lines)
}

fn scripts(shell: &Shell, rows: &[ScriptProgress]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("progress-script")),
        Column::text(words.text("progress-vignette")),
        Column::text(words.text("progress-strand")),
        Column::number(words.text("progress-readings")),
        Column::text(words.text("people-state")),
    ];
    let lines: Vec<Row> = rows
        .iter()
        .map(|row| {
            let (meaning, state) = match row.state {
                ScriptState::Screening => (Tone::Attention, words.text("script-screening")),
                ScriptState::Unallocated => (Tone::Attention, words.text("script-unallocated")),
                ScriptState::Reading => (Tone::Accent, words.text("script-reading")),
                ScriptState::ThirdReading => (Tone::Accent, words.text("script-third-reading")),
                ScriptState::Settled => (Tone::Good, words.text("script-settled")),
            };
            Row::new(vec![
                html! { span.code { (row.script) } },
                html! { (row.vignette) },
                html! { (row.strand) },
                html! { (words.with("progress-of", &[("sealed", row.sealed.into()), ("needed", row.needed.into())])) },
                html! { (parts::badge(meaning, &state)) },
            ])
        })
        .collect();
    parts::table(&words.text("progress-scripts"), &columns, &lines)
}
