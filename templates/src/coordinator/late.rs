//! Late work of a sitting: what came after its part had closed, beside what counts, and the decision about it.
//!
//! Invariant: a choice is shown as its letter; nothing here tells which is right.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{SittingHead, SittingTab, sitting_head};
use crate::exam::Part;
use crate::form::{self, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Tone};
use crate::staff;
use crate::urls;
use crate::words::Words;

/// How a late answer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LateState {
    /// Nobody has decided.
    Undecided,
    /// It counts.
    Admitted,
    /// It does not.
    Refused,
}

/// An answer as text: a letter or prose; nothing when blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A choice's letter, or prose.
    Text(String),
    /// It was cleared, or never given.
    Nothing,
    /// It is not shown to this reader.
    Hidden,
}

/// One late answer.
#[derive(Clone, Debug)]
pub struct LateLine {
    /// The position.
    pub position: i64,
    /// The revision.
    pub revision: i64,
    /// What counts in its place from before the closing, and when it was stored.
    pub stored: Said,
    /// When that was stored.
    pub stored_at: Option<DateTime<Utc>>,
    /// What came late.
    pub late: Said,
    /// When it arrived.
    pub arrived_at: DateTime<Utc>,
    /// How long after the closing, in seconds.
    pub late_by_seconds: i64,
    /// How it stands.
    pub state: LateState,
    /// Why, once decided.
    pub reason: Option<String>,
    /// Who decided; nobody where the rule of arrival did.
    pub decided_by: Option<String>,
}

/// A sign of why it came late.
#[derive(Clone, Debug)]
pub enum SignView {
    /// Nothing was heard of the page.
    Silence {
        /// From when on.
        from: DateTime<Utc>,
        /// For how long.
        seconds: i64,
    },
    /// An incident was recorded.
    Incident {
        /// What happened.
        note: String,
        /// When it was recorded.
        at: DateTime<Utc>,
    },
}

/// Why nothing can be admitted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateBlock {
    /// The result is in a release.
    Released,
    /// A reviewer holds the text.
    Allocated,
    /// The reader is a party to it.
    OwnCase,
}

/// The late work of one part.
#[derive(Clone, Debug)]
pub struct LateWork {
    /// The attempt.
    pub attempt: String,
    /// Whose.
    pub name: String,
    /// The part.
    pub part: Part,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
    /// When its time was up.
    pub deadline: DateTime<Utc>,
    /// Signs of why.
    pub signs: Vec<SignView>,
    /// What stands in the way of admitting it.
    pub blocked: Option<LateBlock>,
    /// The answers.
    pub lines: Vec<LateLine>,
    /// The reason that was typed.
    pub reason: String,
    /// What was wrong with the decision; none names a field.
    pub problems: Vec<FieldError>,
}

/// The late work of a sitting.
#[derive(Clone, Debug)]
pub struct LatePage {
    /// The head.
    pub head: SittingHead,
    /// Part by part, those that wait first.
    pub works: Vec<LateWork>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// The page.
#[must_use]
pub fn late(shell: &Shell, view: &LatePage) -> Markup {
    let words = shell.words;
    let body = html! {
        (sitting_head(shell, &view.head, SittingTab::Late, false))
        @if view.works.is_empty() {
            (parts::empty(&words.text("late-empty-title"), &words.text("late-empty-text"), None))
        } @else {
            p.lead { (words.text("late-lead")) }
            @for work in &view.works { (one(shell, view, work)) }
            @if let Some(next) = &view.next { p.more { a href=(next) rel="next" { (words.text("list-next")) } } }
        }
    };
    let title = words.with("late-title", &[("sitting", view.head.title.as_str().into())]);
    document(shell, &staff::staff_page(&title).without_heading(), &body)
}

fn one(shell: &Shell, view: &LatePage, work: &LateWork) -> Markup {
    let (words, zone) = (shell.words, view.head.time_zone);
    let id = format!("late-{}", work.attempt);
    let waits = work.lines.iter().any(|line| line.state == LateState::Undecided);
    html! {
        section.panel.late-work aria-labelledby=(id) {
            h2 id=(id) { (work.name) " · " (work.part.name(words)) }
            (parts::facts(&[
                (words.text("late-closed"), parts::instant_short(words, work.closed_at, zone)),
                (words.text("late-deadline"), parts::instant_short(words, work.deadline, zone)),
                (words.text("late-signs"), signs(shell, view, work)),
            ]))
            (form::problem_summary(words, &work.problems))
            form.stack method="post" action=(urls::late_decision(&work.attempt)) {
                (lines(shell, view, work))
                @if waits { (decision(words, work)) }
            }
        }
    }
}

fn signs(shell: &Shell, view: &LatePage, work: &LateWork) -> Markup {
    let (words, zone) = (shell.words, view.head.time_zone);
    html! {
        @if work.signs.is_empty() { (words.text("late-no-sign")) }
        @else {
            ul.plain {
                @for sign in &work.signs {
                    li {
                        @match sign {
                            SignView::Silence { from, seconds } => {
                                (words.with("late-silence", &[("time", parts::duration(words, *seconds).into())])) " "
                                (parts::instant_short(words, *from, zone))
                            },
                            SignView::Incident { note, at } => {
                                (words.text("late-incident")) " " (parts::instant_short(words, *at, zone)) ": " (note)
                            },
                        }
                    }
                }
            }
        }
    }
}

fn lines(shell: &Shell, view: &LatePage, work: &LateWork) -> Markup {
    let (words, zone) = (shell.words, view.head.time_zone);
    let columns = [
        parts::Column::text(words.text(match work.part {
            Part::One => "late-question",
            Part::Two => "late-vignette",
        })),
        parts::Column::text(words.text("late-stored")),
        parts::Column::text(words.text("late-came")),
        parts::Column::text(words.text("late-arrived")),
        parts::Column::text(words.text("late-state")),
    ];
    let rows: Vec<parts::Row> = work
        .lines
        .iter()
        .map(|line| {
            parts::Row::new(vec![
                tick(words, work, line),
                html! {
                    (said(words, &line.stored))
                    @if let Some(at) = line.stored_at { p.soft.small { (parts::clock_exact(at, zone)) } }
                },
                said(words, &line.late),
                html! {
                    (parts::instant_short(words, line.arrived_at, zone))
                    p.soft.small {
                        @if line.late_by_seconds == 0 { (words.text("late-overtaken")) }
                        @else { (words.with("late-by", &[("time", parts::duration(words, line.late_by_seconds).into())])) }
                    }
                },
                state(words, line),
            ])
        })
        .collect();
    parts::table(&words.text("late-table"), &columns, &rows)
}

/// The answer's number, and a tick for those that wait.
fn tick(words: Words, work: &LateWork, line: &LateLine) -> Markup {
    let number = words.with("late-number", &[("n", line.position.into())]);
    if line.state != LateState::Undecided {
        return html! { (number) };
    }
    let (name, id) = (
        format!("{}-{}", line.position, line.revision),
        format!("{}-{}-{}", work.attempt, line.position, line.revision),
    );
    html! {
        span.tick {
            input type="checkbox" id=(id) name="answer" value=(name) checked;
            label for=(id) { (number) }
        }
    }
}

fn said(words: Words, said: &Said) -> Markup {
    match said {
        Said::Text(text) => html! { div.late-text { (text) } },
        Said::Nothing => html! { span.soft { (words.text("late-blank")) } },
        Said::Hidden => html! { span.soft { (words.text("late-hidden")) } },
    }
}

fn state(words: Words, line: &LateLine) -> Markup {
    let (tone, word) = match line.state {
        LateState::Undecided => (Tone::Attention, words.text("late-undecided")),
        LateState::Admitted => (Tone::Good, words.text("late-admitted")),
        LateState::Refused => (Tone::Neutral, words.text("late-refused")),
    };
    html! {
        (parts::badge(tone, &word))
        @if let Some(reason) = &line.reason { p.small { (reason) } }
        @if let Some(by) = &line.decided_by { p.soft.small { (by) } }
    }
}

fn decision(words: Words, work: &LateWork) -> Markup {
    // Several of these forms stand on one page: each field needs an id of its own.
    let id = format!("reason-{}", work.attempt);
    let hint = format!("{id}-hint");
    let block = match work.blocked {
        Some(LateBlock::OwnCase) => {
            return parts::remark(Tone::Attention, &html! { p { (words.text("late-own-case")) } });
        }
        Some(LateBlock::Released) => Some(words.text("late-blocked-released")),
        Some(LateBlock::Allocated) => Some(words.text("late-blocked-allocated")),
        None => None,
    };
    html! {
        @if let Some(block) = block { (parts::remark(Tone::Attention, &html! { p { (block) } })) }
        div.field {
            label for=(id) { (words.text("late-reason")) }
            p.hint id=(hint) { (words.text("late-reason-hint")) }
            textarea id=(id) name="reason" rows="2" required maxlength="1000" aria-describedby=(hint) { "\n" (work.reason) }
        }
        div.buttons {
            button type="submit" name="decision" value="admit" { (words.text("late-admit")) }
            button type="submit" name="decision" value="refuse" { (words.text("late-refuse")) }
        }
    }
}
