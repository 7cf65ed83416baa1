//! Corrections that reviewers of a sitting ask for, and the decision on each.
//!
//! Invariant: marks arrive here only for scripts that are settled; the view has nowhere else to show one.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{SittingHead, SittingTab, sitting_head};
use crate::form::{self, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// How a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionState {
    /// Nobody has decided.
    Waiting,
    /// It is a version of the review.
    Approved,
    /// The review stays as it was.
    Refused,
}

/// One thing of a review, before and after.
#[derive(Clone, Debug)]
pub struct Changed {
    /// What: a criterion's title, or one of the others.
    pub what: What,
    /// As sealed.
    pub before: String,
    /// As it is to be.
    pub after: String,
}

/// What of a review differs.
#[derive(Clone, Debug)]
pub enum What {
    /// A criterion, by its title.
    Criterion(String),
    /// The verdict.
    Verdict,
    /// The remarks for the examinee.
    Remarks,
    /// The internal remarks.
    Internal,
    /// The marked passages.
    Passages,
}

/// A correction.
#[derive(Clone, Debug)]
pub struct CorrectionLine {
    /// Which.
    pub id: String,
    /// The script, by its coordinator's label.
    pub script: String,
    /// The strand, as a word.
    pub strand: String,
    /// The vignette's title.
    pub vignette: String,
    /// Who asks.
    pub reviewer: String,
    /// Why.
    pub reason: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// How it stands.
    pub state: CorrectionState,
    /// What it changes; nothing before the script is settled.
    pub changes: Option<Vec<Changed>>,
    /// Who decided, when, and why.
    pub decided: Option<(String, DateTime<Utc>, String)>,
    /// The reason that was typed.
    pub typed: String,
    /// What was wrong with the decision.
    pub problems: Vec<FieldError>,
}

/// The corrections of a sitting.
#[derive(Clone, Debug)]
pub struct CorrectionsPage {
    /// The head.
    pub head: SittingHead,
    /// Those that wait first.
    pub lines: Vec<CorrectionLine>,
}

/// The page.
#[must_use]
pub fn corrections(shell: &Shell, view: &CorrectionsPage) -> Markup {
    let words = shell.words;
    let body = html! {
        (sitting_head(shell, &view.head, SittingTab::Marking, false))
        h2 { (words.text("corrections-heading")) }
        @if view.lines.is_empty() {
            p { (words.text("corrections-empty")) }
        } @else {
            p.lead { (words.text("corrections-lead")) }
            @for line in &view.lines { (one(shell, view, line)) }
        }
    };
    let title = words.with("corrections-title", &[("sitting", view.head.title.as_str().into())]);
    document(shell, &staff::staff_page(&title).without_heading(), &body)
}

fn one(shell: &Shell, view: &CorrectionsPage, line: &CorrectionLine) -> Markup {
    let (words, zone) = (shell.words, view.head.time_zone);
    let id = format!("correction-{}", line.id);
    let (tone, state) = match line.state {
        CorrectionState::Waiting => (Tone::Attention, words.text("corrections-waiting")),
        CorrectionState::Approved => (Tone::Good, words.text("corrections-approved")),
        CorrectionState::Refused => (Tone::Neutral, words.text("corrections-refused")),
    };
    html! {
        section.panel aria-labelledby=(id) {
            div.heading-line {
                h3 id=(id) { (words.with("corrections-of", &[("script", line.script.as_str().into()), ("name", line.reviewer.as_str().into())])) }
                (parts::badge(tone, &state))
            }
            p.soft { (line.vignette) " · " (line.strand) " · " (parts::instant_short(words, line.asked_at, zone)) }
            h4 { (words.text("corrections-reason")) }
            div.prose { (crate::markdown::prose(&line.reason)) }
            (changes(words, line))
            @if let Some((name, at, reason)) = &line.decided {
                p { (words.with("corrections-decided", &[("name", name.as_str().into())])) " " (parts::instant_short(words, *at, zone)) ": " (reason) }
            }
            @if line.state == CorrectionState::Waiting { (decision(words, line)) }
        }
    }
}

fn changes(words: Words, line: &CorrectionLine) -> Markup {
    let Some(changes) = &line.changes else {
        return html! { @if line.state == CorrectionState::Waiting { p.soft { (words.text("corrections-unseen")) } } };
    };
    let columns = [
        Column::text(words.text("corrections-what")),
        Column::text(words.text("corrections-before")),
        Column::text(words.text("corrections-after")),
    ];
    let row = |changed: &Changed| {
        let what = match &changed.what {
            What::Criterion(title) => title.clone(),
            What::Verdict => words.text("desk-verdict"),
            What::Remarks => words.text("desk-remarks-examinee"),
            What::Internal => words.text("desk-remarks-internal"),
            What::Passages => words.text("desk-passages"),
        };
        Row::new(vec![html! { (what) }, html! { (changed.before) }, html! { (changed.after) }])
    };
    let rows: Vec<Row> = changes.iter().map(row).collect();
    parts::table(&words.text("corrections-changes"), &columns, &rows)
}

fn decision(words: Words, line: &CorrectionLine) -> Markup {
    // Several of these forms stand on one page: each field needs an id of its own.
    let id = format!("reason-{}", line.id);
    let hint = format!("{id}-hint");
    html! {
        (form::problem_summary(words, &line.problems))
        form.stack method="post" action=(urls::correction_decision(&line.id)) {
            div.field {
                label for=(id) { (words.text("corrections-decision-reason")) }
                p.hint id=(hint) { (words.text("corrections-decision-hint")) }
                textarea id=(id) name="reason" rows="2" required maxlength="1000" aria-describedby=(hint) { "\n" (line.typed) }
            }
            div.buttons {
                button type="submit" name="decision" value="approve" { (words.text("corrections-approve")) }
                button type="submit" name="decision" value="refuse" { (words.text("corrections-refuse")) }
            }
        }
    }
}
