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
use crate::words::Words;

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
    /// The smallest change by which nothing would be lacking.
    pub remedy: Option<Remedy>,
}

/// The smallest change by which everything could be given out.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// What to do.
    pub steps: Vec<Step>,
    /// Whether it was shown that nothing smaller does.
    pub is_least: bool,
    /// Where it is tight: scripts, the readings they lack, and for how many of these there is room.
    pub tight: (i64, i64, i64),
    /// Who may read any of those.
    pub reviewers: Vec<String>,
}

/// One step of a remedy.
#[derive(Clone, Debug)]
pub enum Step {
    /// A reviewer takes so many scripts more.
    Raise(String, i64),
    /// A reviewer who is absent until that day reads after all.
    Return(String, Option<NaiveDate>),
    /// A reviewer's calibration is completed, or a coordinator admits them.
    Admit(String),
    /// Somebody is to be found.
    Recruit {
        /// For which strand, as a word.
        strand: String,
        /// How many people.
        reviewers: i64,
        /// How many scripts each of them takes.
        scripts_each: i64,
        /// Whether they must be of another association.
        outside: bool,
    },
}

impl Step {
    fn sentence(&self, words: Words) -> String {
        match self {
            Self::Raise(name, by) => words.with("remedy-raise", &[("name", name.as_str().into()), ("n", (*by).into())]),
            Self::Return(name, Some(day)) => {
                let day = parts::date_text(words, *day);
                words.with("remedy-return", &[("name", name.as_str().into()), ("date", day.into())])
            }
            Self::Return(name, None) => words.with("remedy-return-undated", &[("name", name.as_str().into())]),
            Self::Admit(name) => words.with("remedy-admit", &[("name", name.as_str().into())]),
            Self::Recruit { strand, reviewers, scripts_each, outside } => {
                let id = if *outside { "remedy-recruit-outside" } else { "remedy-recruit" };
                let values =
                    [("strand", strand.as_str().into()), ("n", (*reviewers).into()), ("each", (*scripts_each).into())];
                words.with(id, &values)
            }
        }
    }
}

/// A reviewer's progress.
#[derive(Clone, Debug)]
pub struct ReviewerProgress {
    /// The identifier.
    pub id: String,
    /// The name.
    pub name: String,
    /// The strands, as words.
    pub strands: String,
    /// The most scripts at a time.
    pub capacity: i64,
    /// How many they hold, whatever the sitting.
    pub held: i64,
    /// Readings given.
    pub assigned: i64,
    /// Readings sealed.
    pub sealed: i64,
    /// The nearest date.
    pub due_on: Option<NaiveDate>,
    /// How many readings are past their date.
    pub overdue: i64,
    /// The last day of the absence they are in.
    pub absent_until: Option<NaiveDate>,
    /// What of theirs should go to others.
    pub proposal: Option<Proposal>,
}

/// Why scripts of a reviewer should go to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A conflict with the writer came to light; drafts go too.
    Conflict,
    /// They are absent.
    Absent,
    /// Their date has long passed.
    Overdue,
}

impl Reason {
    fn sentence(self, words: Words, who: &str, scripts: i64) -> String {
        let facts = [("name", who.into()), ("n", scripts.into())];
        match self {
            Self::Conflict => words.with("reallocate-conflict", &facts),
            Self::Absent => words.with("reallocate-absent", &facts),
            Self::Overdue => words.with("reallocate-overdue", &facts),
        }
    }
}

/// Scripts of a reviewer that should go to others.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    /// Why.
    pub reason: Reason,
    /// How many are not begun.
    pub not_begun: i64,
    /// How many are begun.
    pub drafts: i64,
    /// How many of the drafts the reviewer was asked about.
    pub asked: i64,
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
    /// Which marking of the answer: 0 for the first, more for a re-mark.
    pub round: i64,
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
            section aria-labelledby="reviewers" { h2 #reviewers { (words.text("progress-reviewers")) } (proposals(shell, view)) (reviewers(shell, &view.reviewers)) }
        }
        @if !view.scripts.is_empty() {
            section aria-labelledby="scripts" { h2 #scripts { (words.text("progress-scripts")) } (scripts(shell, &view.scripts)) }
        }
        @if view.scripts.iter().any(|script| script.state == ScriptState::Settled) {
            p { a href=(urls::sitting_agreement(&view.head.id)) { (words.text("concord-open")) } }
            p { a href=(urls::sitting_corrections(&view.head.id)) { (words.text("corrections-open")) } }
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
                @if let Some(remedy) = &result.remedy { (remedy_part(words, remedy)) }
            }))
        }
    }
}

fn remedy_part(words: Words, remedy: &Remedy) -> Markup {
    let (scripts, readings, room) = remedy.tight;
    html! {
        p { (words.with("remedy-tight", &[("scripts", scripts.into()), ("readings", readings.into()), ("room", room.into())]))
            @if !remedy.reviewers.is_empty() { " " (words.with("remedy-tight-who", &[("names", remedy.reviewers.join(", ").into())])) } }
        p { strong { (words.text(if remedy.is_least { "remedy-least" } else { "remedy-enough" })) } }
        ul { @for step in &remedy.steps { li { (step.sentence(words)) } } }
    }
}

/// What should go from reviewers to others, each with one click.
fn proposals(shell: &Shell, view: &SittingMarking) -> Markup {
    let words = shell.words;
    html! {
        @for row in &view.reviewers {
            @if let Some(proposal) = &row.proposal {
                (parts::remark(Tone::Attention, &html! {
                    p { (proposal.reason.sentence(words, &row.name, proposal.not_begun + proposal.drafts)) }
                    @if proposal.drafts > 0 && proposal.reason != Reason::Conflict {
                        p { (words.with("reallocate-drafts", &[("n", proposal.drafts.into())])) " "
                            @if proposal.asked > 0 { (words.with("reallocate-asked", &[("n", proposal.asked.into())])) } }
                    }
                    form.buttons method="post" action=(urls::reallocation(&view.head.id)) {
                        input type="hidden" name="reviewer" value=(row.id);
                        @if proposal.reason == Reason::Conflict { button type="submit" { (words.text("reallocate-away")) } }
                        @else if proposal.not_begun > 0 { button type="submit" { (words.text("reallocate-do")) } }
                        @else if proposal.asked < proposal.drafts { button type="submit" { (words.text("reallocate-ask")) } }
                        @if proposal.drafts > 0 && proposal.reason != Reason::Conflict { button type="submit" name="drafts" value="true" { (words.text("reallocate-all")) } }
                    }
                }))
            }
        }
    }
}

fn reviewers(shell: &Shell, rows: &[ReviewerProgress]) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("people-name")),
        Column::text(words.text("progress-strands")),
        Column::number(words.text("progress-held")),
        Column::text(words.text("progress-progress")),
        Column::text(words.text("progress-due")),
        Column::text(words.text("people-state")),
    ];
    let lines: Vec<Row> = rows.iter().map(|row| {
        Row::new(vec![
            html! { a href=(urls::person(&row.id)) { (row.name) } },
            html! { (row.strands) },
            html! { (words.with("progress-of", &[("sealed", row.held.into()), ("needed", row.capacity.into())])) },
            html! { (staff::progress(&words.with("progress-of", &[("sealed", row.sealed.into()), ("needed", row.assigned.into())]), row.sealed, row.assigned)) },
            html! { @match row.due_on { Some(date) => (parts::date(words, date)), None => span.soft { (words.text("progress-no-date")) } } },
            html! { (reviewer_state(words, row)) },
        ])
    }).collect();
    parts::table(&words.text("progress-reviewers"), &columns, &lines)
}

fn reviewer_state(words: Words, row: &ReviewerProgress) -> Markup {
    html! {
        @if let Some(day) = row.absent_until {
            (parts::badge(Tone::Attention, &words.with("progress-absent", &[("date", parts::date_text(words, day).into())]))) " "
        }
        @if row.overdue > 0 { (parts::badge(Tone::Attention, &words.with("progress-overdue", &[("n", row.overdue.into())]))) }
        @else if row.assigned > 0 && row.sealed == row.assigned { (parts::badge(Tone::Good, &words.text("progress-complete"))) }
        @else if row.assigned == 0 { span.soft { (words.text("progress-idle")) } }
        @else { (parts::badge(Tone::Neutral, &words.text("progress-under-way"))) }
    }
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
                html! {
                    (row.vignette)
                    @if row.round > 0 { " " (parts::badge(Tone::Neutral, &words.with("script-round", &[("n", (row.round + 1).into())]))) }
                },
                html! { (row.strand) },
                html! { (words.with("progress-of", &[("sealed", row.sealed.into()), ("needed", row.needed.into())])) },
                html! { (parts::badge(meaning, &state)) },
            ])
        })
        .collect();
    parts::table(&words.text("progress-scripts"), &columns, &lines)
}
