//! The release gate, one release, its approval by a second person and its recall.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use super::{SittingHead, SittingTab, sitting_head};
use crate::exam::Outcome;
use crate::form::{self, Field, FieldError};
use crate::letters::{self, LetterView};
use crate::page::{Shell, document};
use crate::parts::{self, Tone};
use crate::staff;
use crate::urls;
use crate::words::{Locale, Words};

/// How a check turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// It holds.
    Holds,
    /// It does not, but a release may go on.
    Notice,
    /// It does not, and no release is possible.
    Blocks,
}

/// What a check of the gate checks, by its code in the HTTP interface.
#[must_use]
pub fn check_sentence(words: Words, code: &str) -> String {
    match code {
        "results" => words.text("check-results"),
        "outcomes_complete" => words.text("check-outcomes-complete"),
        "doubly_sealed" => words.text("check-doubly-sealed"),
        "disagreements_settled" => words.text("check-disagreements-settled"),
        "forms_unaltered" => words.text("check-forms-unaltered"),
        "no_open_incident" => words.text("check-no-open-incident"),
        "late_evidence" => words.text("check-late-evidence"),
        "not_released_before" => words.text("check-not-released-before"),
        "unchanged" => words.text("check-unchanged"),
        other => other.to_owned(),
    }
}

/// One check of the gate.
#[derive(Clone, Debug)]
pub struct Check {
    /// What is checked, as a sentence.
    pub check: String,
    /// How it turned out.
    pub state: CheckState,
    /// What was found.
    pub detail: String,
}

/// A letter as its reader will see it.
#[derive(Clone, Debug)]
pub struct LetterPreview {
    /// The registration.
    pub registration: String,
    /// The reader's language.
    pub locale: Locale,
    /// The letter.
    pub letter: LetterView,
}

/// The release gate.
#[derive(Clone, Debug)]
pub struct ReleaseGate {
    /// The head.
    pub head: SittingHead,
    /// The checks.
    pub checks: Vec<Check>,
    /// Every letter.
    pub letters: Vec<LetterPreview>,
    /// Earlier releases of this sitting: identifier, when, state.
    pub earlier: Vec<(String, DateTime<Utc>, ReleaseState)>,
    /// A release that was refused says why.
    pub problems: Vec<FieldError>,
}

/// Where a release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseState {
    /// It waits for a second person.
    Waiting,
    /// Released.
    Released,
    /// Recalled.
    Recalled,
}

/// Whether this reader may approve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// Yes.
    Possible,
    /// No: this person prepared it.
    SecondPersonRequired,
    /// No: a check does not hold any more.
    Blocked,
}

/// One release.
#[derive(Clone, Debug)]
pub struct ReleasePage {
    /// Its identifier.
    pub id: String,
    /// The head of its sitting.
    pub head: SittingHead,
    /// Where it stands.
    pub state: ReleaseState,
    /// Who prepared it, and when.
    pub prepared: (String, DateTime<Utc>),
    /// Who approved it, and when.
    pub approved: Option<(String, DateTime<Utc>)>,
    /// Who recalled it, when and why.
    pub recalled: Option<(String, DateTime<Utc>, String)>,
    /// Whether this reader may approve.
    pub approval: Approval,
    /// The checks.
    pub checks: Vec<Check>,
    /// Every letter.
    pub letters: Vec<LetterPreview>,
    /// The reason for a recall that was typed.
    pub reason: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// The release gate of a sitting.
#[must_use]
pub fn release_gate(shell: &Shell, view: &ReleaseGate) -> Markup {
    let words = shell.words;
    let blocked = view.checks.iter().any(|check| check.state == CheckState::Blocks);
    let body = html! {
        (sitting_head(shell, &view.head, SittingTab::Release, false))
        (form::problem_summary(words, &view.problems))
        @if !view.earlier.is_empty() { (earlier(shell, view)) }
        @if view.letters.is_empty() {
            (parts::empty(&words.text("gate-empty-title"), &words.text("gate-empty-text"), None))
        } @else {
            p.lead { (words.text("gate-lead")) }
            (checks(shell, &view.checks))
            (letter_list(shell, &view.letters))
            section.panel aria-labelledby="prepare" {
                h2 #prepare { (words.text("gate-prepare")) }
                @if blocked { (parts::remark(Tone::Danger, &html! { p { (words.text("gate-blocked")) } })) }
                @else {
                    p { (words.with("gate-prepare-text", &[("n", view.letters.len().into())])) }
                    form.buttons method="post" action=(urls::releases(&view.head.id)) { button.primary type="submit" { (words.text("gate-prepare-do")) } }
                }
            }
        }
    };
    document(
        shell,
        &staff::staff_page(&words.with("gate-title", &[("sitting", view.head.title.as_str().into())]))
            .without_heading(),
        &body,
    )
}

fn earlier(shell: &Shell, view: &ReleaseGate) -> Markup {
    let words = shell.words;
    html! {
        section aria-labelledby="earlier" {
            h2 #earlier { (words.text("gate-earlier")) }
            ul.lines.plain {
                @for (id, at, state) in &view.earlier {
                    li { a href=(urls::release(id)) { (words.text("gate-release-of")) " " (parts::instant_short(words, *at, view.head.time_zone)) } (release_badge(shell, *state)) }
                }
            }
        }
    }
}

fn release_badge(shell: &Shell, state: ReleaseState) -> Markup {
    let words = shell.words;
    match state {
        ReleaseState::Waiting => parts::badge(Tone::Attention, &words.text("release-waiting")),
        ReleaseState::Released => parts::badge(Tone::Good, &words.text("release-released")),
        ReleaseState::Recalled => parts::badge(Tone::Danger, &words.text("release-recalled")),
    }
}

fn checks(shell: &Shell, rows: &[Check]) -> Markup {
    let words = shell.words;
    html! {
        section aria-labelledby="checks" {
            h2 #checks { (words.text("gate-checks")) }
            ul.checks.plain {
                @for row in rows {
                    li {
                        @match row.state {
                            CheckState::Holds => (parts::badge(Tone::Good, &words.text("check-holds"))),
                            CheckState::Notice => (parts::badge(Tone::Attention, &words.text("check-notice"))),
                            CheckState::Blocks => (parts::badge(Tone::Danger, &words.text("check-blocks"))),
                        }
                        div { p { (row.check) } @if !row.detail.is_empty() { p.soft { (row.detail) } } }
                    }
                }
            }
        }
    }
}

fn letter_list(shell: &Shell, rows: &[LetterPreview]) -> Markup {
    let words = shell.words;
    let passed = rows.iter().filter(|row| row.letter.outcome == Outcome::Passed).count();
    html! {
        section aria-labelledby="letters" {
            h2 #letters { (words.with("gate-letters", &[("n", rows.len().into())])) }
            p.soft { (words.with("gate-letters-text", &[("passed", passed.into()), ("all", rows.len().into())])) }
            div.previews {
                @for row in rows { (letter_preview(shell, row)) }
            }
        }
    }
}

fn letter_preview(shell: &Shell, row: &LetterPreview) -> Markup {
    let (tone, word) = row.letter.outcome.badge(shell.words);
    let readers = Shell { words: row.locale.words(), ..shell.clone() };
    html! {
        details id={ "letter-" (row.registration) } {
            summary { span { (row.letter.name) } " " (parts::badge(tone, &word)) }
            div.preview { (letters::letter(&readers, &row.letter, 3)) }
        }
    }
}

/// One release.
#[must_use]
pub fn release(shell: &Shell, view: &ReleasePage) -> Markup {
    let words = shell.words;
    let zone = view.head.time_zone;
    let body = html! {
        (form::problem_summary(words, &view.problems))
        dl.facts {
            div { dt { (words.text("people-state")) } dd { (release_badge(shell, view.state)) } }
            (act(words, &words.text("release-prepared"), &view.prepared, zone))
            @if let Some(approved) = &view.approved { (act(words, &words.text("release-approved"), approved, zone)) }
            @if let Some((name, at, reason)) = &view.recalled {
                (act(words, &words.text("release-recalled-by"), &(name.clone(), *at), zone))
                div { dt { (words.text("release-reason")) } dd { (reason) } }
            }
        }
        @if view.state == ReleaseState::Waiting { (approval(shell, view)) }
        @if !view.checks.is_empty() { (checks(shell, &view.checks)) }
        (letter_list(shell, &view.letters))
        @if view.state != ReleaseState::Recalled { (recall(shell, view)) }
    };
    document(
        shell,
        &staff::staff_page(&words.text("release-title"))
            .up(view.head.title.as_str(), urls::release_gate(&view.head.id)),
        &body,
    )
}

fn act(words: Words, word: &str, by: &(String, DateTime<Utc>), zone: Tz) -> Markup {
    html! { div { dt { (word) } dd { (by.0) ", " (parts::instant_short(words, by.1, zone)) } } }
}

fn approval(shell: &Shell, view: &ReleasePage) -> Markup {
    let words = shell.words;
    html! {
        section.panel aria-labelledby="approve" {
            h2 #approve { (words.text("release-approve")) }
            @match view.approval {
                Approval::Possible => {
                    p { (words.with("release-approve-text", &[("n", view.letters.len().into())])) }
                    form.buttons method="post" action=(urls::release_approval(&view.id)) { button.primary type="submit" { (words.text("release-approve-do")) } }
                }
                Approval::SecondPersonRequired => (parts::remark(Tone::Attention, &html! { p { (words.text("release-second-person")) } })),
                Approval::Blocked => (parts::remark(Tone::Danger, &html! { p { (words.text("gate-blocked")) } })),
            }
        }
    }
}

fn recall(shell: &Shell, view: &ReleasePage) -> Markup {
    let words = shell.words;
    html! {
        details.panel open[!view.problems.is_empty()] {
            @if view.state == ReleaseState::Waiting {
                summary { (words.text("release-withdraw")) }
                p { (words.text("release-withdraw-text")) }
            } @else {
                summary { (words.text("release-recall")) }
                p { (words.text("release-recall-text")) }
            }
            form.stack method="post" action=(urls::release_recall(&view.id)) {
                (Field::area("reason", 3, words.text("release-reason")).value(&view.reason).max_length(1000).render(words, &view.problems))
                div.buttons {
                    button.dangerous type="submit" {
                        @if view.state == ReleaseState::Waiting { (words.text("release-withdraw-do")) }
                        @else { (words.text("release-recall-do")) }
                    }
                }
            }
        }
    }
}
