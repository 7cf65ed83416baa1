//! Safe Exam Browser on the board: in which browser somebody sits, and whose seat is exempt.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use super::BoardRow;
use crate::examinee::SafeState;
use crate::parts::{self, Tone};
use crate::urls;
use crate::words::Words;

/// How somebody stands with regard to Safe Exam Browser.
#[derive(Clone, Debug)]
pub struct BrowserView {
    /// How.
    pub state: SafeState,
    /// When they were turned away last, if that was after the last proof.
    pub refused_at: Option<DateTime<Utc>>,
    /// How many answers came from where nothing had been proved.
    pub unproved_saves: i64,
    /// Why they are exempt.
    pub exemption: Option<String>,
}

impl BrowserView {
    /// What of it makes a row anew; `boardtime.js` makes the same.
    pub(super) fn shape(&self) -> String {
        let refused = self.refused_at.map(|at| at.timestamp_millis().to_string()).unwrap_or_default();
        format!(":{}:{}:{refused}", self.state.code(), self.unproved_saves)
    }
}

pub(super) fn standing(words: Words, view: &BrowserView, zone: Tz) -> Markup {
    let (tone, word) = match view.state {
        SafeState::Proved => (Tone::Good, words.text("board-browser-proved")),
        SafeState::Exempt => (Tone::Neutral, words.text("board-browser-exempt")),
        SafeState::Missing => (Tone::Attention, words.text("board-browser-missing")),
    };
    html! {
        p.small data-cell="browser" data-value=(view.state.code()) { (parts::badge(tone, &word)) }
        @if let Some(reason) = &view.exemption { p.soft.small { (reason) } }
        @if let Some(at) = view.refused_at.filter(|_| view.state == SafeState::Missing) {
            p.soft.small { (words.with("board-browser-refused", &[("time", parts::clock_text(words, at, zone).into())])) }
        }
        @if view.unproved_saves > 0 {
            p.soft.small { (words.with("board-browser-unproved", &[("n", view.unproved_saves.into())])) }
        }
    }
}

/// Exempting somebody, and ending it.
pub(super) fn exemption(words: Words, row: &BoardRow, view: &BrowserView) -> Markup {
    let (name, action) = (row.name.as_str(), urls::safe_browser_exemption(&row.registration));
    html! {
        @if view.state == SafeState::Exempt {
            form method="post" action=(action) {
                button.quiet type="submit" aria-label=(words.with("board-browser-end-whose", &[("name", name.into())])) { (words.text("board-browser-end")) }
            }
        } @else {
            details.credit {
                summary aria-label=(words.with("board-browser-exempt-whom", &[("name", name.into())])) { (words.text("board-browser-exempt-do")) }
                form method="post" action=(action) {
                    p.small { (words.text("board-browser-exempt-text")) }
                    label { span { (words.text("board-credit-reason")) } input type="text" name="reason" maxlength="500" required; }
                    button type="submit" { (words.text("board-browser-exempt-button")) }
                }
            }
        }
    }
}
