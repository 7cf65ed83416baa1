//! Admission to one exam: the countdown, the agreement, the instructions, and the start of each part.
//!
//! The page shows the whole way as numbered steps and has one primary button: the next thing to do.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::{ExamView, PartView, SafeState, SafeView, exam_facts, safe};
use crate::{
    exam::{Part, PartState},
    markdown,
    page::{Page, Shell, document},
    parts::{self, Tone, badge, countdown},
    urls,
    words::Words,
};

/// Admission to one exam.
#[derive(Clone, Debug)]
pub struct AdmissionView {
    /// The exam.
    pub exam: ExamView,
    /// The server's clock.
    pub now: DateTime<Utc>,
    /// The agreement.
    pub agreement: AgreementView,
    /// What is next.
    pub step: Step,
    /// Nobody starts Part One after this instant.
    pub late_until: Option<DateTime<Utc>>,
    /// The break ends then at the latest: Part Two has to be started by this instant.
    pub part_two_until: Option<DateTime<Utc>>,
    /// The proctor's confirmation of the identity is still awaited.
    pub awaits_admission: bool,
    /// Whom to call when something is wrong.
    pub contact: Option<String>,
    /// Whether it is practice.
    pub practice: bool,
}

/// The agreement on confidentiality and honesty.
#[derive(Clone, Debug)]
pub struct AgreementView {
    /// Its version.
    pub version: String,
    /// Its text, in CommonMark.
    pub text: String,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// What is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Accept the agreement.
    Agreement,
    /// Wait for the opening.
    Wait,
    /// Wait for the proctor.
    Identity,
    /// Start that part.
    Start(Part),
    /// Go back to that part, which runs.
    Resume(Part),
    /// Too late to start.
    Late,
    /// It closed with a part not started.
    Over,
    /// Both parts are closed.
    Finished,
    /// The sitting is paused for everybody.
    Paused,
    /// It goes on in Safe Exam Browser alone.
    SafeBrowser,
}

impl Step {
    /// Whether there is something to sit yet, and it is not already said where.
    fn is_ahead(self) -> bool {
        !matches!(self, Self::Late | Self::Over | Self::Finished | Self::SafeBrowser)
    }

    /// Its code, the same as the interface's.
    fn code(self) -> &'static str {
        match self {
            Self::Agreement => "agree",
            Self::Wait => "wait",
            Self::Identity => "be_admitted",
            Self::Start(Part::One) => "start_one",
            Self::Start(Part::Two) => "start_two",
            Self::Resume(_) => "resume",
            Self::Late => "late",
            Self::Over => "over",
            Self::Finished => "finished",
            Self::Paused => "paused",
            Self::SafeBrowser => "safe_exam_browser",
        }
    }
}

/// The page of one exam.
#[must_use]
pub fn admission(shell: &Shell, view: &AdmissionView) -> Markup {
    let words = shell.words;
    let step = view.step;
    let page = Page::new(view.exam.title.clone()).up(words.text("exams-title"), urls::EXAMS).script("waiting.js");
    let page = if view.exam.safe.is_some() { page.script("safe.js") } else { page };
    document(
        shell,
        &page,
        &html! {
            @if view.practice { (parts::remark(Tone::Accent, &html! { p { (words.text("practice-note")) } })) }
            (now_panel(shell, view, step))
            @if let Some(safe) = view.exam.safe.as_ref().filter(|_| step.is_ahead()) { (safe::beacon(safe)) (safe::line(words, safe)) }
            ol.steps {
                @if !view.practice { (agreement_step(shell, view, step)) }
                @for part in &view.exam.parts { (part_step(shell, part, step)) }
            }
            @if !view.practice { (parts::panel(&words.text("admission-about"), &exam_facts(shell, &view.exam))) }
            (instructions(shell, view))
        },
    )
}

/// The one thing to do now, and the clock that matters for it.
fn now_panel(shell: &Shell, view: &AdmissionView, step: Step) -> Markup {
    let words = shell.words;
    html! {
        section.now aria-labelledby="now-title" aria-live="polite" data-waiting=[waiting(view, step)] data-next=(step.code())
            data-awaits=(view.awaits_admission) data-opens=(view.exam.opens_at.timestamp_millis())
            data-now=(view.now.timestamp_millis()) data-window=(!view.exam.fixed_start) {
            @match step {
                Step::Agreement => {
                    h2 #now-title { (words.text("now-agreement")) }
                    p { (words.text("now-agreement-text")) }
                    (opening_clock(words, view))
                },
                Step::Wait => {
                    div #before-opening {
                        h2 #now-title { (words.text("now-wait")) }
                        p.clock { (until_opening(words, view)) }
                        p { (words.text("now-wait-text")) }
                        @if view.awaits_admission { p { (words.text("now-wait-identity")) } }
                    }
                    div #after-opening hidden {
                        @if view.awaits_admission { (identity(shell, "now-identity-title")) }
                        @else if let Some(safe) = missing(view) { (elsewhere(words, safe)) }
                        @else { (start(shell, view, Part::One, "now-start-title")) }
                    }
                },
                Step::Identity => (identity(shell, "now-title")),
                Step::Paused => {
                    h2 #now-title { (words.text("now-paused")) }
                    p { (words.text("now-paused-text")) }
                    p { a.button href=(shell.path) { (words.text("now-look-again")) } }
                },
                Step::SafeBrowser => @if let Some(safe) = &view.exam.safe { (safe::what_to_do(words, safe, "now-title")) },
                Step::Start(part) => (start(shell, view, part, "now-title")),
                Step::Resume(part) => (resume(shell, view, part)),
                Step::Late => {
                    h2 #now-title { (words.text("too-late-title")) }
                    p { (words.text("too-late-what")) }
                    (contact(words, view))
                },
                Step::Over => {
                    h2 #now-title { (words.text("now-over")) }
                    p { (words.text("now-over-text")) }
                    (contact(words, view))
                },
                Step::Finished if view.practice => {
                    h2 #now-title { (words.text("practice-finished")) }
                    p { (words.text("practice-finished-text")) }
                    form method="post" action=(urls::PRACTICE) { button.primary type="submit" { (words.text("practice-again")) } }
                },
                Step::Finished => {
                    h2 #now-title { (words.text("now-finished")) }
                    p { (words.text("now-finished-text")) }
                },
            }
        }
    }
}

/// Where nothing proves that this page is shown in Safe Exam Browser, although it should be.
fn missing(view: &AdmissionView) -> Option<&SafeView> {
    view.exam.safe.as_ref().filter(|safe| safe.state == SafeState::Missing)
}

/// The exam has opened on a page that cannot show it.
fn elsewhere(words: Words, safe: &SafeView) -> Markup {
    html! {
        h2 #now-start-title { (words.text("safe-title")) }
        p { (words.text("safe-what")) }
        p { a.button.primary href=(urls::api_safe_browser_file(&safe.sitting)) download { (words.text("safe-open")) } }
        p { (words.text("safe-call")) }
    }
}

/// Where the page hears of what it waits for; nothing where it waits for nothing.
fn waiting(view: &AdmissionView, step: Step) -> Option<String> {
    matches!(step, Step::Wait | Step::Identity | Step::Late).then(|| urls::api_waiting(&view.exam.registration))
}

/// The countdown to the opening. The page opens by itself at its end and is not fetched anew: a full room would ask in
/// the same instant.
fn until_opening(words: Words, view: &AdmissionView) -> Markup {
    let (to, now) = (view.exam.opens_at, view.now);
    if (to - now).num_days() >= 2 { parts::until(words, to, now) } else { countdown(to, now, false) }
}

fn identity(shell: &Shell, id: &str) -> Markup {
    let words = shell.words;
    html! {
        h2 id=(id) { (words.text("not-admitted-title")) }
        p { (words.text("not-admitted-what")) " " (words.text("now-identity-itself")) }
        p { a.button href=(shell.path) { (words.text("now-look-again")) } }
    }
}

fn opening_clock(words: Words, view: &AdmissionView) -> Markup {
    html! {
        @if view.now < view.exam.opens_at {
            p.soft { (words.text("now-opens-in")) " " (until_opening(words, view)) }
        }
    }
}

fn contact(words: Words, view: &AdmissionView) -> Markup {
    html! { @if let Some(contact) = &view.contact { p { (words.text("room-help")) " " strong { (contact) } } } }
}

fn start(shell: &Shell, view: &AdmissionView, part: Part, id: &str) -> Markup {
    let words = shell.words;
    let allowance = view.exam.parts.iter().find(|one| one.part == part).map_or(0, |one| one.allowance_seconds);
    let limit = if part == Part::One { view.late_until } else { view.part_two_until };
    html! {
        h2 id=(id) {
            @if part == Part::One { (words.text("now-start-one")) } @else { (words.text("now-break")) }
        }
        p {
            @if part == Part::Two { (words.text("now-break-text")) " " }
            (words.with("now-start-text", &[("time", parts::minutes(words, allowance).into())]))
        }
        @if let Some(limit) = limit {
            // A countdown of days helps nobody: it appears on the last day.
            @if limit - view.now < chrono::TimeDelta::days(1) {
                p { (words.text("now-start-by")) " " strong { (parts::instant_near(words, limit, view.now, shell.zone)) }
                    " (" (words.text("now-still")) " " (countdown(limit, view.now, true)) ")." }
            } @else {
                p { (words.text("now-start-by")) " " strong { (parts::instant_text(words, limit, shell.zone)) } "." }
            }
        }
        form method="post" action=(urls::part_start(&view.exam.registration, part.segment())) {
            button.primary.large type="submit" { (words.with("now-start-button", &[("part", part.name(words).into())])) }
        }
    }
}

fn resume(shell: &Shell, view: &AdmissionView, part: Part) -> Markup {
    let words = shell.words;
    let running = view.exam.parts.iter().find(|one| one.part == part);
    html! {
        h2 #now-title { (words.with("now-running", &[("part", part.name(words).into())])) }
        @if let Some(deadline) = running.and_then(|one| one.deadline) {
            p.clock { (countdown(deadline, view.now, true)) }
        }
        p { (words.text("now-running-text")) }
        @if let Some(attempt) = running.and_then(|one| one.attempt.as_deref()) {
            p { a.button.primary.large href=(urls::attempt(attempt)) { (words.text("now-resume")) } }
        }
    }
}

fn agreement_step(shell: &Shell, view: &AdmissionView, step: Step) -> Markup {
    let words = shell.words;
    let agreement = &view.agreement;
    html! {
        li.step.done[agreement.accepted_at.is_some()] {
            div.heading-line {
                h2 { (words.text("agreement-title")) }
                @if let Some(at) = agreement.accepted_at {
                    (badge(Tone::Good, &words.with("agreement-accepted", &[("time", parts::instant_near(words, at, view.now, shell.zone).into())])))
                }
            }
            details open[agreement.accepted_at.is_none()] {
                summary { (words.text("agreement-read")) }
                div.prose { (markdown::render(&agreement.text)) }
            }
            @if step == Step::Agreement {
                form method="post" action=(urls::agreement(&view.exam.registration)) {
                    input type="hidden" name="version" value=(agreement.version);
                    button.primary type="submit" { (words.text("agreement-accept")) }
                }
            }
        }
    }
}

fn part_step(shell: &Shell, part: &PartView, step: Step) -> Markup {
    let words = shell.words;
    let (tone, state) = part.state.badge(words);
    // A part that will not open any more is not about to; and the waiting room opens without the page being made anew.
    let told = part.state != PartState::Locked || !matches!(step, Step::Late | Step::Over | Step::Wait);
    html! {
        @if part.part == Part::Two {
            li.step.pause { p { strong { (words.text("break")) } span.soft { " · " (words.text("break-text")) } } }
        }
        li.step.done[part.state == PartState::Closed] {
            div.heading-line { h2 { (part.part.name(words)) } @if told { (badge(tone, &state)) } }
            p.soft { (part.part.content(words)) " · " (parts::minutes(words, part.allowance_seconds)) }
            @if let (PartState::Closed, Some(attempt)) = (part.state, &part.attempt) {
                p { a href=(urls::attempt(attempt)) { (words.text("part-receipt")) } }
            }
        }
    }
}

fn instructions(shell: &Shell, view: &AdmissionView) -> Markup {
    let words = shell.words;
    parts::panel(
        &words.text("instructions-title"),
        &html! {
            ul {
                li { (words.text("instruction-clock")) }
                li { (words.text("instruction-saved")) }
                li { (words.text("instruction-offline")) }
                li { (words.text("instruction-closed")) }
                li { (words.text("instruction-device")) }
                li { (words.text("instruction-names")) }
            }
            (contact(words, view))
        },
    )
}
