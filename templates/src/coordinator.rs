//! The coordinator's pages, and the head that every page of one sitting shares.
//!
//! | module | is for |
//! |---|---|
//! | [`desk`] | what needs this person today |
//! | [`people`] | the list, one person, accommodations |
//! | [`import`] | authorisations to test from a CSV file, with a preview and line errors |
//! | [`sittings`] | the list, a new sitting, one sitting with its registrations |
//! | [`marking`] | progress of the marking, allocation |
//! | [`agreement`] | agreement of the first readers, severity, third readings |
//! | [`calibration`] | who is admitted to live scripts, and decisions about it |
//! | [`drift`] | how reviewers drift from the reference of benchmark scripts |
//! | [`screening`] | passages that would tell who wrote, and one script's text |
//! | [`late`] | what came after its part had closed, and the decision about it |
//! | [`release`] | the release gate, one release, its recall |
//! | [`audit`] | the audit log |
//! | [`rules`] | the association's rules, and new ones with an effective date |
//!
//! Invariant: no view here has a field for a mark of a script; only counts, states and settled outcomes arrive,
//! and figures over settled scripts.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::page::Shell;
use crate::parts::{self, Tone};
use crate::staff;
use crate::urls;

pub mod agreement;
pub mod audit;
pub mod calibration;
pub mod conflicts;
pub mod corrections;
pub mod desk;
pub mod drift;
pub mod import;
pub mod late;
pub mod marking;
pub mod people;
pub mod record;
pub mod release;
pub mod rules;
pub mod screening;
pub mod sittings;

/// How a sitting starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SittingKind {
    /// Everyone at a stated instant.
    Fixed,
    /// Each examinee when ready, inside the window.
    Window,
}

/// Where a sitting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SittingState {
    /// It has not opened.
    Planned,
    /// Examinees may be writing now.
    Open,
    /// It closed; scripts are being marked.
    Marking,
    /// Outcomes are released.
    Released,
    /// It will not take place.
    Cancelled,
}

/// What every page of a sitting says at its head.
#[derive(Clone, Debug)]
pub struct SittingHead {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The association's name.
    pub association: String,
    /// How it starts.
    pub kind: SittingKind,
    /// When it opens.
    pub opens_at: DateTime<Utc>,
    /// When it closes.
    pub closes_at: DateTime<Utc>,
    /// Its time zone.
    pub time_zone: Tz,
    /// Where it stands.
    pub state: SittingState,
}

/// The pages of one sitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SittingTab {
    /// Facts and registrations.
    Registrations,
    /// The proctor's board.
    Board,
    /// The marking.
    Marking,
    /// What came late.
    Late,
    /// The release gate.
    Release,
}

/// The head of a sitting's pages, with the way to the others. A proctor is shown the board alone.
pub(crate) fn sitting_head(shell: &Shell, head: &SittingHead, tab: SittingTab, proctor_only: bool) -> Markup {
    let words = shell.words;
    let tabs = [
        (SittingTab::Registrations, urls::sitting(&head.id), words.text("sitting-tab-registrations")),
        (SittingTab::Board, urls::board(&head.id), words.text("sitting-tab-board")),
        (SittingTab::Marking, urls::sitting_marking(&head.id), words.text("sitting-tab-marking")),
        (SittingTab::Late, urls::late(&head.id), words.text("sitting-tab-late")),
        (SittingTab::Release, urls::release_gate(&head.id), words.text("sitting-tab-release")),
    ]
    .map(|(which, href, word)| (href, word, which == tab));
    html! {
        header.heading {
            @if !proctor_only { p.up { a href=(urls::SITTINGS) { span aria-hidden="true" { "← " } (words.text("sittings-title")) } } }
            div.line { h1 { (head.title) } (state_badge(shell, head.state)) }
            p.sitting-facts {
                span { (head.association) }
                span { (kind_word(shell, head.kind)) }
                (staff::span_of_time(words, head.opens_at, head.closes_at, head.time_zone))
            }
        }
        @if !proctor_only { (staff::tabs(&words.text("sitting-tabs"), &tabs)) }
    }
}

/// The word for how a sitting starts.
pub(crate) fn kind_word(shell: &Shell, kind: SittingKind) -> String {
    match kind {
        SittingKind::Fixed => shell.words.text("sitting-kind-fixed"),
        SittingKind::Window => shell.words.text("sitting-kind-window"),
    }
}

/// The badge of a sitting's state.
pub(crate) fn state_badge(shell: &Shell, state: SittingState) -> Markup {
    let words = shell.words;
    let (meaning, word) = match state {
        SittingState::Planned => (Tone::Neutral, words.text("sitting-state-planned")),
        SittingState::Open => (Tone::Accent, words.text("sitting-state-open")),
        SittingState::Marking => (Tone::Attention, words.text("sitting-state-marking")),
        SittingState::Released => (Tone::Good, words.text("sitting-state-released")),
        SittingState::Cancelled => (Tone::Danger, words.text("sitting-state-cancelled")),
    };
    parts::badge(meaning, &word)
}
