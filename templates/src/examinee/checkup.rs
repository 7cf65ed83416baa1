//! The system check: a page that says what it is about and how the last one went, and the page that runs one.
//!
//! The running page's modules are those of the exam room: the same store, queue and sender, the same calls to the server.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::{
    page::{Page, Shell, document},
    parts::{self, Tone, badge},
    urls,
    words::{Value, Words},
};

/// What is looked at, in its order: the name in the interface, the message that names it, the one that says what to do.
const PROBES: [(&str, &str, &str); 9] = [
    ("modules", "probe-modules", "probe-modules-do"),
    ("device_storage", "probe-device-storage", "probe-device-storage-do"),
    ("storage_room", "probe-storage-room", "probe-storage-room-do"),
    ("events", "probe-events", "probe-events-do"),
    ("clock", "probe-clock", "probe-clock-do"),
    ("round_trip", "probe-round-trip", "probe-round-trip-do"),
    ("save", "probe-save", "probe-save-do"),
    ("pull_out", "probe-pull-out", "probe-pull-out-do"),
    ("safe_exam_browser", "probe-safe-exam-browser", "probe-safe-exam-browser-do"),
];

/// What was found of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// As it should be.
    Passed,
    /// It works, and could be better.
    Warning,
    /// The exam would suffer.
    Failed,
    /// It was not tried, or is not there and need not be.
    Skipped,
}

impl Found {
    const ALL: [Self; 4] = [Self::Passed, Self::Warning, Self::Failed, Self::Skipped];

    fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    fn badge(self, words: Words) -> Markup {
        let (tone, word) = match self {
            Self::Passed => (Tone::Good, "check-passed"),
            Self::Warning => (Tone::Attention, "check-warning"),
            Self::Failed => (Tone::Danger, "check-failed"),
            Self::Skipped => (Tone::Neutral, "check-skipped"),
        };
        badge(tone, &words.text(word))
    }
}

/// A system check that came to its end.
#[derive(Clone, Debug)]
pub struct CheckView {
    /// When.
    pub done_at: DateTime<Utc>,
    /// Whether the device is fit for the exam.
    pub passed: bool,
    /// What was found: the name of the probe, the outcome, and the number that goes with it.
    pub findings: Vec<(String, Found, Option<i64>)>,
}

impl CheckView {
    /// Whether it was passed, with word and shape.
    #[must_use]
    pub fn badge(&self, words: Words) -> Markup {
        if self.passed {
            badge(Tone::Good, &words.text("check-fit"))
        } else {
            badge(Tone::Danger, &words.text("check-unfit"))
        }
    }
}

/// The page that leads to a check.
#[must_use]
pub fn overview(shell: &Shell, last: Option<&CheckView>) -> Markup {
    let words = shell.words;
    let page =
        Page::new(words.text("check-title")).up(words.text("exams-title"), urls::EXAMS).lead(words.text("check-lead"));
    document(
        shell,
        &page,
        &html! {
            @if let Some(last) = last { (result(shell, last)) }
            (parts::panel(&words.text("check-what"), &html! {
                ol {
                    li { (words.text("check-what-browser")) }
                    li { (words.text("check-what-save")) }
                    li { (words.text("check-what-pull")) }
                }
                p { (words.text("check-what-device")) }
            }))
            form method="post" action=(urls::SYSTEM_CHECK) {
                button.primary.large type="submit" { (words.text(if last.is_some() { "check-again" } else { "check-begin" })) }
            }
        },
    )
}

fn result(shell: &Shell, last: &CheckView) -> Markup {
    let words = shell.words;
    html! {
        section.panel {
            div.heading-line { h2 { (words.text("check-last")) } (last.badge(words)) }
            p.soft { (parts::instant(words, last.done_at, shell.zone)) }
            p { (words.text(if last.passed { "check-fit-text" } else { "check-unfit-text" })) }
            ul.plain.probes {
                @for (probe, label, advice) in PROBES {
                    @if let Some((_, found, measure)) = last.findings.iter().find(|(name, ..)| name == probe) {
                        li {
                            div.heading-line { strong { (words.text(label)) } (found.badge(words)) }
                            @if let Some(measure) = measure { p.soft.small { (measured(words, probe, (*measure).into())) } }
                            @if matches!(found, Found::Failed | Found::Warning) { p { (words.text(advice)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What a probe is called, by its name in the interface.
pub(crate) fn label(words: Words, probe: &str) -> String {
    PROBES.iter().find(|(name, ..)| *name == probe).map_or_else(|| probe.to_owned(), |(_, label, _)| words.text(label))
}

fn measured<'v>(words: Words, probe: &str, n: Value<'v>) -> String {
    match probe {
        "clock" => words.with("probe-clock-measure", &[("n", n)]),
        "storage_room" => words.with("probe-storage-room-measure", &[("n", n)]),
        _ => words.with("probe-round-trip-measure", &[("n", n)]),
    }
}

/// A check that runs.
#[derive(Clone, Debug)]
pub struct CheckRunView {
    /// Which.
    pub check: String,
    /// The attempt in which its answers are saved.
    pub attempt: String,
    /// The same as the exam room's.
    pub scope: String,
}

/// The page that runs a check.
#[must_use]
pub fn run(shell: &Shell, view: &CheckRunView) -> Markup {
    let words = shell.words;
    let page = Page::new(words.text("check-title"))
        .up(words.text("exams-title"), urls::EXAMS)
        .lead(words.text("check-running"))
        .script("checkup.js");
    document(
        shell,
        &page,
        &html! {
            div.stack #checkup data-api=(urls::api_attempt(&view.attempt)) data-scope=(view.scope)
                data-report=(urls::api_check_report(&view.check)) data-time=(urls::API_TIME) {
                noscript { (parts::remark(Tone::Danger, &html! { p { (words.text("check-needs-script")) } })) }
                section.now #pull-out hidden aria-labelledby="pull-title" {
                    h2 #pull-title { (words.text("pull-title")) }
                    p #pull-text role="status" {}
                    div.buttons { button #pull-skip type="button" { (words.text("pull-skip")) } }
                }
                section.panel #outcome hidden aria-labelledby="outcome-title" {
                    h2 #outcome-title tabindex="-1" { (words.text("check-done")) }
                    p #outcome-badge {}
                    p #outcome-text {}
                    div.buttons {
                        a.button.primary href=(urls::EXAMS) { (words.text("receipt-to-exams")) }
                        a.button href=(urls::SYSTEM_CHECK) { (words.text("check-again")) }
                    }
                }
                section.panel {
                    h2 { (words.text("check-findings")) }
                    ol.plain.probes {
                        @for (probe, label, advice) in PROBES {
                            li data-probe=(probe) {
                                div.heading-line { strong { (words.text(label)) } span.found { span.soft { (words.text("check-waiting")) } } }
                                p.soft.small.measure hidden {}
                                p.advice hidden { (words.text(advice)) }
                            }
                        }
                    }
                    p.unseen #spoken role="status" {}
                }
                @for found in Found::ALL { template data-badge=(found.name()) { (found.badge(words)) } }
                template data-badge="fit" { (badge(Tone::Good, &words.text("check-fit"))) }
                template data-badge="unfit" { (badge(Tone::Danger, &words.text("check-unfit"))) }
                (words_for_modules(words))
            }
        },
    )
}

/// The words that the module needs; `{n}` is filled in there.
fn words_for_modules(words: Words) -> Markup {
    let measure = |probe| measured(words, probe, "{n}".into());
    let entries = [
        ("measure-clock", measure("clock")),
        ("measure-storage_room", measure("storage_room")),
        ("measure-round_trip", measure("round_trip")),
        ("trying", words.text("check-trying")),
        ("pull-ask", words.text("pull-ask")),
        ("pull-kept", words.text("pull-kept")),
        ("pull-back", words.text("pull-back")),
        ("pull-done", words.text("pull-done")),
        ("fit", words.text("check-fit-text")),
        ("unfit", words.text("check-unfit-text")),
        ("reporting", words.text("check-reporting")),
        ("report-failed", words.text("check-report-failed")),
    ];
    html! { template #words { @for (name, text) in &entries { span data-word=(name) { (text) } } } }
}
