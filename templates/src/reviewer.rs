//! The reviewer's pages: the queue of codes and the marking desk.
//!
//! Invariant: nothing here shows who wrote a script, when it was written or submitted, or that another reviewer
//! exists. The view structs have no field by which such a thing could arrive.

pub mod agreement;
pub mod calibration;
pub mod correction;
mod passages;

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff;
use crate::words::Words;
use crate::{markdown, urls};

pub use passages::Passage;

/// How far a review is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// Nothing was written yet.
    New,
    /// A draft is kept.
    Draft,
    /// Sealed; it never changes.
    Sealed,
}

/// One line of the queue.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// The script code of this reviewer.
    pub code: String,
    /// The strand, as people call it.
    pub strand: String,
    /// The vignette's title.
    pub vignette: String,
    /// How far the review is.
    pub state: ReviewState,
    /// The date by which it is asked for.
    pub due_on: Option<NaiveDate>,
    /// Whether that date has passed.
    pub overdue: bool,
}

/// The queue, in an order of this reviewer's own.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Every script given to this reviewer.
    pub rows: Vec<QueueRow>,
    /// What the open ones will take.
    pub estimate: TimeLeft,
    /// Whether this reviewer was ever calibrated, and has a page about it.
    pub calibrated: bool,
}

/// How long the open scripts will take.
#[derive(Clone, Copy, Debug)]
pub struct TimeLeft {
    /// In minutes.
    pub minutes: i64,
    /// Whether it is judged by this reviewer's own pace.
    pub own: bool,
}

/// A level of a criterion.
#[derive(Clone, Debug)]
pub struct Level {
    /// The points it gives.
    pub points: i64,
    /// What an answer at this level is like.
    pub descriptor: String,
}

/// A criterion of the rubric, with the level chosen so far.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its identifier in the rubric; the key in the scores.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its levels, in the rubric's order.
    pub levels: Vec<Level>,
    /// The points chosen, by the draft or the sealed review.
    pub chosen: Option<i64>,
}

/// A reviewer's judgement of the whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The answer passes.
    Pass,
    /// The answer fails.
    Fail,
}

/// The marking desk of one script.
#[derive(Clone, Debug)]
pub struct MarkingDesk {
    /// The script code of this reviewer.
    pub code: String,
    /// The strand, as people call it.
    pub strand: String,
    /// The vignette's title.
    pub vignette_title: String,
    /// The scenario, in the question bank's Markdown.
    pub scenario: String,
    /// The prompts, in the question bank's Markdown.
    pub prompts: Vec<String>,
    /// The answer as its writer typed it, with masked passages already masked.
    pub answer: String,
    /// The rubric's criteria.
    pub criteria: Vec<Criterion>,
    /// The verdict so far.
    pub verdict: Option<Verdict>,
    /// The remarks for the examinee so far.
    pub remarks_for_examinee: String,
    /// The internal remarks so far.
    pub remarks_internal: String,
    /// The passages marked so far.
    pub highlights: Vec<Passage>,
    /// The revision of the stored draft; 0 when there is none.
    pub draft_revision: i64,
    /// The digest of the sealed review, once it is sealed.
    pub sealed_digest: Option<String>,
    /// How the newest correction of the sealed review stands.
    pub correction: Option<correction::CorrectionState>,
    /// The code of another script that is still to be marked.
    pub next: Option<String>,
}

/// The reviewer's queue.
#[must_use]
pub fn queue(shell: &Shell, view: &Queue) -> Markup {
    let words = shell.words;
    let open: Vec<&QueueRow> = view.rows.iter().filter(|row| row.state != ReviewState::Sealed).collect();
    let done: Vec<&QueueRow> = view.rows.iter().filter(|row| row.state == ReviewState::Sealed).collect();
    let (sealed, total) = (staff::count(&done), staff::count(&view.rows));
    let body = html! {
        @if view.rows.is_empty() {
            (parts::empty(&words.text("marking-empty-title"), &words.text("marking-empty-text"), None))
        } @else {
            (staff::progress(&words.with("marking-done", &[("sealed", sealed.into()), ("total", total.into())]), sealed, total))
            @if !open.is_empty() && view.estimate.minutes > 0 {
                @let time = parts::duration(words, view.estimate.minutes * 60);
                p.soft { (words.with(if view.estimate.own { "marking-time-own" } else { "marking-time-usual" }, &[("time", time.into())])) }
            }
            @if let Some(row) = open.iter().find(|row| row.state == ReviewState::Draft).or(open.first()) {
                p.buttons {
                    a.button.primary href=(urls::review(&row.code)) { (words.with("marking-next", &[("code", row.code.as_str().into())])) }
                }
                (queue_table(words, &words.text("marking-group-open"), &open))
            } @else {
                p { (words.text("marking-all-sealed")) }
            }
            @if !done.is_empty() {
                (queue_table(words, &words.text("marking-group-sealed"), &done))
                p { a href=(urls::OWN_AGREEMENT) { (words.text("own-title")) } }
            }
        }
    };
    let body = html! {
        (body)
        @if view.calibrated { p { a href=(urls::OWN_CALIBRATION) { (words.text("lesson-title")) } } }
        p { a href=(urls::REVIEWER_PROFILE) { (words.text("marking-profile")) } }
    };
    document(shell, &staff::staff_page(&words.text("marking-title")).lead(words.text("marking-lead")), &body)
}

fn queue_table(words: Words, caption: &str, rows: &[&QueueRow]) -> Markup {
    let columns = [
        Column::text(words.text("marking-column-code")),
        Column::text(words.text("marking-column-vignette")),
        Column::text(words.text("marking-column-strand")),
        Column::text(words.text("marking-column-state")),
        Column::text(words.text("marking-column-due")),
    ];
    let rows: Vec<Row> = rows.iter().map(|row| queue_row(words, row)).collect();
    html! { section { (parts::table(caption, &columns, &rows)) } }
}

fn queue_row(words: Words, row: &QueueRow) -> Row {
    let (meaning, state) = match row.state {
        ReviewState::New => (Tone::Neutral, words.text("marking-state-new")),
        ReviewState::Draft => (Tone::Accent, words.text("marking-state-draft")),
        ReviewState::Sealed => (Tone::Good, words.text("marking-state-sealed")),
    };
    Row::new(vec![
        html! { a.code href=(urls::review(&row.code)) aria-label=(words.with("marking-action-open", &[("code", row.code.as_str().into())])) { (row.code) } },
        html! { (row.vignette) },
        html! { (row.strand) },
        html! { (parts::badge(meaning, &state)) },
        html! { @match row.due_on {
            Some(date) => {
                (parts::date(words, date))
                @if row.overdue && row.state != ReviewState::Sealed { " " (parts::badge(Tone::Attention, &words.text("marking-overdue"))) }
            }
            None => (words.text("marking-due-none")),
        } },
    ])
}

/// The marking desk: vignette, answer and rubric on one screen; `marking.js` keeps the draft and seals.
#[must_use]
pub fn marking_desk(shell: &Shell, view: &MarkingDesk) -> Markup {
    let words = shell.words;
    let title = words.with("desk-title", &[("code", view.code.as_str().into())]);
    let sealed = view.sealed_digest.is_some();
    let page = staff::staff_page(&title).without_heading();
    let page = if sealed { page } else { page.script("marking.js") };
    let body = html! {
        header.marking-head {
            p.up { a href=(urls::MARKING) { (words.text("desk-back")) } }
            h1 { (title) }
            p.soft { (view.strand) }
        }
        noscript { (parts::remark(Tone::Attention, &html! { p { (words.text("desk-script-off")) } })) }
        @if let Some(digest) = &view.sealed_digest { (sealed_note(shell, view, digest)) }
        div.panes {
            (vignette_pane(shell, view))
            (answer_pane(shell, view, sealed))
            section.pane.pane-rubric aria-labelledby="pane-rubric" tabindex=(if sealed { "0" } else { "-1" }) {
                h2 #pane-rubric { (words.text("desk-pane-rubric")) }
                (rubric_form(shell, view, sealed))
            }
        }
        @if !sealed {
            (seal_dialog(shell))
            (sign_in_dialog(shell))
            (aside_acts(shell))
        }
    };
    document(shell, &page, &body)
}

fn sealed_note(shell: &Shell, view: &MarkingDesk, digest: &str) -> Markup {
    let words = shell.words;
    html! {
        (parts::remark(Tone::Good, &html! {
            p { strong { (words.text("desk-sealed-title")) } " " (words.text("desk-sealed-text")) }
            p { (words.text("desk-sealed-digest")) ": " code.digest { (digest) } }
            @if let Some(next) = &view.next {
                p.buttons { a.button.primary href=(urls::review(next)) { (words.text("desk-next")) } }
            }
        }))
        (correction::note(shell, view))
    }
}

fn vignette_pane(shell: &Shell, view: &MarkingDesk) -> Markup {
    let words = shell.words;
    html! {
        section.pane.pane-vignette aria-labelledby="pane-vignette" tabindex="0" {
            h2 #pane-vignette { (words.text("desk-pane-vignette")) }
            div.prose lang="en" {
                h3 { (view.vignette_title) }
                (markdown::render(&view.scenario))
                @if !view.prompts.is_empty() {
                    h4 { (words.text("desk-prompts")) }
                    ol { @for prompt in &view.prompts { li { (markdown::render_inline(prompt)) } } }
                }
            }
        }
    }
}

fn answer_pane(shell: &Shell, view: &MarkingDesk, sealed: bool) -> Markup {
    let words = shell.words;
    let empty = view.answer.trim().is_empty();
    html! {
        section.pane.pane-answer #answer-pane aria-labelledby="pane-answer" tabindex="0" aria-describedby=[(!sealed && !empty).then_some("passage-keys")] {
            h2 #pane-answer { (words.text("desk-pane-answer")) }
            div.prose #answer {
                @if empty { p.soft { (words.text("desk-answer-empty")) } }
                @else { (passages::answer(view)) }
            }
            @if !empty && (!sealed || !view.highlights.is_empty()) {
                section.passages aria-labelledby="passages-title" {
                    h3 #passages-title { (words.text("desk-passages")) }
                    @if !sealed { p.hint #passage-keys { (words.text("desk-passage-keys")) } }
                    ol #passages { (passages::list(words, view)) }
                }
            }
            @if !sealed && !empty { (passage_bar(shell, view)) }
        }
    }
}

/// What ties the selected passage to a criterion; it shows while a passage is selected.
fn passage_bar(shell: &Shell, view: &MarkingDesk) -> Markup {
    let words = shell.words;
    html! {
        div.passage-bar #passage-bar role="group" aria-labelledby="passage-bar-title" hidden
            data-note=(words.text("desk-passage-note"))
            data-remove=(words.with("desk-passage-remove", &[("label", "{label}".into())]))
            data-marked=(words.with("desk-passage-marked", &[("label", "{label}".into()), ("title", "{title}".into())]))
            data-removed=(words.with("desk-passage-removed", &[("label", "{label}".into())]))
            data-full=(words.text("desk-passage-full")) {
            p #passage-bar-title { (words.text("desk-passage-bar")) }
            div.tags {
                @for (index, criterion) in view.criteria.iter().enumerate() {
                    button type="button" data-criterion=(criterion.id) { span.tag data-look=(passages::look(index)) { (index + 1) } " " (criterion.title) }
                }
            }
        }
        p.unseen #passage-said role="status" aria-live="polite" {}
    }
}

/// The form of the review. Its data attributes are all that `marking.js` needs to know.
fn rubric_form(shell: &Shell, view: &MarkingDesk, sealed: bool) -> Markup {
    let words = shell.words;
    let maximum: i64 = view
        .criteria
        .iter()
        .map(|criterion| criterion.levels.iter().map(|level| level.points).max().unwrap_or(0))
        .sum();
    let total: i64 = view.criteria.iter().filter_map(|criterion| criterion.chosen).sum();
    let done = view.criteria.iter().filter(|criterion| criterion.chosen.is_some()).count();
    html! {
        form #review method="dialog" autocomplete="off" data-code=(view.code) data-revision=(view.draft_revision)
            data-api=(urls::api_review(&view.code)) data-queue=(urls::MARKING)
            data-next=[view.next.as_ref().map(|next| urls::review(next))] {
            fieldset.bare disabled[sealed] {
                @for (index, criterion) in view.criteria.iter().enumerate() { (criterion_field(shell, index, criterion)) }
                p.total aria-live="polite" {
                    (words.text("desk-total")) " "
                    output #total { (total) } " "
                    (words.with("desk-total-of", &[("maximum", maximum.into())]))
                    span.soft #scored data-pattern=(words.with("desk-scored", &[("done", "{done}".into()), ("all", "{all}".into())])) {
                        (words.with("desk-scored", &[("done", done.into()), ("all", view.criteria.len().into())]))
                    }
                }
                (verdict_field(shell, view.verdict))
                (remarks(shell, view))
            }
            @if !sealed {
                p.soft.keys { (words.text("desk-keys")) }
                div.desk-foot {
                    (save_line(shell, view))
                    button.primary type="button" #seal { (words.text("desk-seal")) }
                }
            }
        }
    }
}

fn criterion_field(shell: &Shell, index: usize, criterion: &Criterion) -> Markup {
    let words = shell.words;
    html! {
        fieldset.criterion data-criterion=(criterion.id) data-title=(criterion.title) {
            legend { span.tag data-look=(passages::look(index)) { (index + 1) } " " (criterion.title) }
            @for level in &criterion.levels {
                label.level {
                    input type="radio" name=(format!("score.{}", criterion.id)) value=(level.points) checked[criterion.chosen == Some(level.points)];
                    span.points { (words.with("desk-level-points", &[("points", level.points.into())])) }
                    span.descriptor { (level.descriptor) }
                }
            }
        }
    }
}

fn verdict_field(shell: &Shell, chosen: Option<Verdict>) -> Markup {
    let words = shell.words;
    html! {
        fieldset.verdict aria-describedby="verdict-hint" {
            legend { (words.text("desk-verdict")) }
            p.hint #verdict-hint { (words.text("desk-verdict-hint")) }
            div.verdict-choices {
                label.level {
                    input type="radio" name="verdict" value="pass" checked[chosen == Some(Verdict::Pass)];
                    span { (words.text("desk-verdict-pass")) }
                }
                label.level {
                    input type="radio" name="verdict" value="fail" checked[chosen == Some(Verdict::Fail)];
                    span { (words.text("desk-verdict-fail")) }
                }
            }
        }
    }
}

fn remarks(shell: &Shell, view: &MarkingDesk) -> Markup {
    let words = shell.words;
    html! {
        div.field {
            label for="remarks_for_examinee" { (words.text("desk-remarks-examinee")) }
            p.hint #remarks_for_examinee-hint { (words.text("desk-remarks-examinee-hint")) }
            textarea.serif #remarks_for_examinee name="remarks_for_examinee" rows="6" maxlength="8000" required aria-describedby="remarks_for_examinee-hint" { (view.remarks_for_examinee) }
        }
        div.field.internal {
            label for="remarks_internal" { (words.text("desk-remarks-internal")) }
            p.hint #remarks_internal-hint { (words.text("desk-remarks-internal-hint")) }
            textarea #remarks_internal name="remarks_internal" rows="4" maxlength="8000" aria-describedby="remarks_internal-hint" { (view.remarks_internal) }
        }
    }
}

fn save_line(shell: &Shell, view: &MarkingDesk) -> Markup {
    let words = shell.words;
    html! {
        p.save-line #save-line role="status" aria-live="polite" data-state="idle"
            data-saved=(words.with("desk-save-saved", &[("time", "{time}".into())]))
            data-saving=(words.text("desk-save-saving"))
            data-offline=(words.text("desk-save-offline"))
            data-signed-out=(words.text("desk-save-signed-out"))
            data-sign-in-word=(words.text("desk-save-sign-in"))
            data-refused=(words.with("desk-save-refused", &[("detail", "{detail}".into())])) {
            @if view.draft_revision > 0 { (words.text("desk-save-kept")) } @else { (words.text("desk-save-idle")) }
        }
    }
}

fn seal_dialog(shell: &Shell) -> Markup {
    let words = shell.words;
    html! {
        dialog #seal-dialog aria-labelledby="seal-title"
            data-missing-criterion=(words.with("desk-seal-missing-criterion", &[("title", "{title}".into())]))
            data-missing-verdict=(words.text("desk-seal-missing-verdict"))
            data-missing-remarks=(words.text("desk-seal-missing-remarks"))
            data-none=(words.text("desk-criterion-missing"))
            data-needs-network=(words.text("desk-seal-needs-network"))
            data-failed=(words.with("desk-act-failed", &[("detail", "{detail}".into())])) {
            h2 #seal-title { (words.text("desk-seal-title")) }
            div #seal-missing hidden {
                p { (words.text("desk-seal-incomplete")) }
                ul {}
            }
            dl.summary #seal-summary data-total=(words.text("desk-total")) data-verdict=(words.text("desk-verdict")) data-remarks=(words.text("desk-remarks-examinee")) data-passages=(words.text("desk-passages")) {}
            p #seal-text { (words.text("desk-seal-text")) }
            p.error #seal-problem role="alert" hidden {}
            div.buttons {
                button.primary type="button" #seal-confirm { (words.text("desk-seal-confirm")) }
                button type="button" data-close="" { (words.text("desk-seal-cancel")) }
            }
        }
    }
}

/// Signing in again without leaving: an hour's work is on this page.
fn sign_in_dialog(shell: &Shell) -> Markup {
    let words = shell.words;
    html! {
        dialog #sign-in-dialog aria-labelledby="sign-in-title" data-api=(urls::API_SESSION)
            data-failed=(words.text("sign-in-failed")) data-needs-network=(words.text("desk-sign-in-needs-network")) {
            h2 #sign-in-title { (words.text("desk-save-sign-in")) }
            p { (words.text("desk-sign-in-text")) }
            form method="dialog" {
                div.field {
                    label for="again-email" { (words.text("email")) }
                    input #again-email type="email" name="email" required autocomplete="username";
                }
                div.field {
                    label for="again-password" { (words.text("password")) }
                    input #again-password type="password" name="password" required autocomplete="current-password";
                }
                div.field hidden {
                    label for="again-code" { (words.text("second-factor-code")) }
                    p.hint #again-code-hint { (words.text("second-factor-hint")) }
                    input #again-code name="code" inputmode="numeric" autocomplete="one-time-code" aria-describedby="again-code-hint";
                }
                p.error role="alert" hidden {}
                div.buttons {
                    button.primary type="submit" { (words.text("sign-in")) }
                    button type="button" data-close="" { (words.text("desk-sign-in-later")) }
                }
            }
        }
    }
}

fn aside_acts(shell: &Shell) -> Markup {
    let words = shell.words;
    html! {
        section.desk-aside aria-label=(words.text("desk-decline")) {
            button type="button" #recognise { (words.text("desk-decline-recognised")) }
            details.decline {
                summary { (words.text("desk-decline")) }
                form #decline method="dialog" {
                    fieldset {
                        legend { (words.text("desk-decline-reason")) }
                        label.choice { input type="radio" name="reason" value="recognised" required; (words.text("desk-decline-recognised")) }
                        label.choice { input type="radio" name="reason" value="conflict"; (words.text("desk-decline-conflict")) }
                        label.choice { input type="radio" name="reason" value="no_time"; (words.text("desk-decline-no-time")) }
                        label.choice { input type="radio" name="reason" value="other"; (words.text("desk-decline-other")) }
                    }
                    div.field {
                        label for="decline-note" { (words.text("desk-decline-note")) }
                        input #decline-note name="note" maxlength="500";
                    }
                    button type="submit" { (words.text("desk-decline-confirm")) }
                }
            }
            details.flag {
                summary { (words.text("desk-flag")) }
                (flag_form(shell))
            }
            p #act-line role="status" aria-live="polite" data-sent=(words.text("desk-flag-sent")) {}
        }
        dialog #decline-dialog aria-labelledby="decline-title" {
            h2 #decline-title { (words.text("desk-decline-recognised")) }
            p { (words.text("desk-decline-recognised-text")) " " (words.text("desk-decline-text")) }
            p.error #decline-problem role="alert" hidden {}
            div.buttons {
                button.dangerous type="button" #decline-confirm { (words.text("desk-decline-confirm")) }
                button type="button" data-close="" { (words.text("desk-decline-cancel")) }
            }
        }
    }
}

fn flag_form(shell: &Shell) -> Markup {
    let words = shell.words;
    html! {
        form #flag method="dialog" {
            fieldset {
                legend { (words.text("desk-flag-kind")) }
                label.choice { input type="radio" name="kind" value="identifies_writer" required; (words.text("desk-flag-identifies")) }
                label.choice { input type="radio" name="kind" value="concern"; (words.text("desk-flag-concern")) }
            }
            div.field {
                label for="flag-note" { (words.text("desk-flag-note")) }
                p.hint #flag-note-hint { (words.text("desk-flag-note-hint")) }
                textarea #flag-note name="note" rows="3" maxlength="1000" required aria-describedby="flag-note-hint" {}
            }
            button type="submit" { (words.text("desk-flag-send")) }
        }
    }
}
