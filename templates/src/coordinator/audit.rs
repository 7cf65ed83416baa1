//! The audit log: what was done, by whom, when, each entry chained to the one before.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff;
use crate::urls;

/// An entry of the log.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// Its number.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name or as the system.
    pub actor: String,
    /// What was done.
    pub act: String,
    /// To what.
    pub subject: String,
    /// Further facts, as text.
    pub facts: String,
    /// Its digest.
    pub digest: String,
}

/// How a check of the chain turned out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// It was not checked for this page.
    Unchecked,
    /// The entries from the first to the last hold.
    Holds,
    /// It breaks at this entry.
    Broken {
        /// The entry's number.
        at: i64,
    },
}

/// The audit log.
#[derive(Clone, Debug)]
pub struct Audit {
    /// What was searched for.
    pub search: String,
    /// The entries, newest first.
    pub rows: Vec<AuditRow>,
    /// The time zone in which instants are shown.
    pub time_zone: Tz,
    /// How a check of the chain turned out.
    pub chain: Chain,
    /// The address of the next page.
    pub next: Option<String>,
}

/// The audit log.
#[must_use]
pub fn audit(shell: &Shell, view: &Audit) -> Markup {
    let words = shell.words;
    let body = html! {
        @match view.chain {
            Chain::Unchecked => {}
            Chain::Holds => (parts::remark(Tone::Good, &html! { p { (words.text("audit-holds")) } })),
            Chain::Broken { at } => (parts::callout(Tone::Danger, &html! { p { (words.with("audit-broken", &[("sequence", at.into())])) } })),
        }
        div.tools {
            form.search method="get" action=(urls::AUDIT) role="search" {
                label for="search" { (words.text("audit-search")) }
                input #search type="search" name="search" value=(view.search) maxlength="100";
                button type="submit" { (words.text("people-search-do")) }
            }
            a.button href={ (urls::AUDIT) "?verify=true" } { (words.text("audit-verify")) }
        }
        @if view.rows.is_empty() { (parts::empty(&words.text("audit-empty-title"), &words.text("audit-empty-text"), None)) }
        @else {
            (rows(shell, view))
            @if let Some(next) = &view.next { p.more { a href=(next) rel="next" { (words.text("list-next")) } } }
        }
    };
    document(shell, &staff::staff_page(&words.text("audit-title")).lead(words.text("audit-lead")), &body)
}

/// An id by its beginning, whole on pointing at it; a name as it is.
fn short_id(text: &str) -> Markup {
    let is_id = text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    html! {
        @if is_id { span.code title=(text) { (text.get(..8).unwrap_or(text)) } } @else { span.break { (text) } }
    }
}

fn rows(shell: &Shell, view: &Audit) -> Markup {
    let words = shell.words;
    let columns = [
        Column::text(words.text("audit-number")),
        Column::text(words.text("audit-at")),
        Column::text(words.text("audit-actor")),
        Column::text(words.text("audit-act")),
        Column::text(words.text("audit-subject")),
        Column::text(words.text("audit-digest")),
    ];
    let lines: Vec<Row> = view
        .rows
        .iter()
        .map(|row| {
            Row::new(vec![
                html! { (row.sequence) },
                html! { span.nowrap { (parts::instant_short(words, row.at, view.time_zone)) } },
                html! { (row.actor) },
                html! { code { (row.act) } @if !row.facts.is_empty() { p.soft.small.break { (row.facts) } } },
                html! { (short_id(&row.subject)) },
                html! { code.digest title=(row.digest) { (row.digest.get(..12).unwrap_or(&row.digest)) } },
            ])
        })
        .collect();
    html! { div.numbered { (parts::table(&words.text("audit-title"), &columns, &lines)) } }
}
