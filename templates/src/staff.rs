//! What only the pages of the staff are made of: choices with a state, progress, spans of time, the way between the
//! pages of one thing.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use crate::examinee::checkup;
use crate::form::Field;
use crate::page::{Page, Width};
use crate::parts;
use crate::words::Words;

/// How somebody's last system check went, as staff see it.
#[derive(Clone, Debug)]
pub struct CheckMark {
    /// When.
    pub done_at: DateTime<Utc>,
    /// Whether the device was fit for the exam.
    pub passed: bool,
    /// What failed, by the names of the interface.
    pub failed: Vec<String>,
}

/// The system check of a seat, with word and shape.
pub(crate) fn check_mark(words: Words, mark: Option<&CheckMark>, zone: Tz) -> Markup {
    let Some(mark) = mark else {
        return html! { span.soft.small { (words.text("seat-check-none")) } };
    };
    let day = parts::date(words, mark.done_at.with_timezone(&zone).date_naive());
    let failed: Vec<String> = mark.failed.iter().map(|probe| checkup::label(words, probe)).collect();
    html! {
        span.small {
            @if mark.passed { (parts::badge(parts::Tone::Good, &words.text("seat-check-passed"))) }
            @else { (parts::badge(parts::Tone::Attention, &words.text("seat-check-not-passed"))) }
            " " (day)
            @if !failed.is_empty() { ": " (failed.join(", ")) }
        }
    }
}

/// One of several values that a form offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice that is not chosen.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), chosen: false }
    }

    /// The same, chosen or not.
    #[must_use]
    pub fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }
}

/// What the last act did, as the address of the next page tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A sitting was made.
    SittingMade,
    /// A sitting was changed.
    SittingChanged,
    /// Somebody was given a seat.
    Registered,
    /// A seat was given back.
    SeatGivenBack,
    /// Somebody was invited.
    Invited,
    /// An arrangement was confirmed.
    Arranged,
    /// An arrangement was ended.
    ArrangementEnded,
    /// A request for an arrangement was decided.
    RequestDecided,
    /// Time was credited to one.
    Credited,
    /// Time was credited to everybody whose part runs.
    CreditedAll,
    /// Somebody was admitted.
    Admitted,
    /// Somebody need not sit in Safe Exam Browser.
    BrowserExempted,
    /// Somebody has to again.
    BrowserAskedAgain,
    /// What an outage proposed was granted.
    OutageGranted,
    /// What an outage proposed was dismissed.
    OutageDismissed,
    /// A message was sent to the room.
    MessageSent,
    /// Somebody's part was closed.
    PartClosed,
    /// A sitting was paused.
    Paused,
    /// A sitting goes on.
    Resumed,
    /// An incident was recorded.
    IncidentRecorded,
    /// An incident was dealt with.
    IncidentResolved,
    /// Rules were put in force.
    RulesSet,
    /// A reviewer's admission was decided about.
    CalibrationDecided,
    /// A reviewer's scripts went to others, or they were asked.
    Reallocated,
    /// Late work was decided about.
    LateDecided,
    /// An appeal was decided.
    AppealDecided,
    /// A correction was decided.
    CorrectionDecided,
    /// A release was prepared.
    Prepared,
    /// A release was approved.
    Approved,
    /// A release was recalled.
    Recalled,
}

impl Done {
    /// Each with its code and its message.
    const ALL: &[(Self, &str, &str)] = &[
        (Self::SittingMade, "sitting-made", "done-sitting-made"),
        (Self::SittingChanged, "sitting-changed", "done-sitting-changed"),
        (Self::Registered, "registered", "done-registered"),
        (Self::SeatGivenBack, "seat-given-back", "done-seat-given-back"),
        (Self::Invited, "invited", "done-invited"),
        (Self::Arranged, "arranged", "done-arranged"),
        (Self::ArrangementEnded, "arrangement-ended", "done-arrangement-ended"),
        (Self::RequestDecided, "request-decided", "done-request-decided"),
        (Self::Credited, "credited", "done-credited"),
        (Self::CreditedAll, "credited-all", "done-credited-all"),
        (Self::Admitted, "admitted", "done-admitted"),
        (Self::BrowserExempted, "browser-exempted", "done-browser-exempted"),
        (Self::BrowserAskedAgain, "browser-asked-again", "done-browser-asked-again"),
        (Self::OutageGranted, "outage-granted", "done-outage-granted"),
        (Self::OutageDismissed, "outage-dismissed", "done-outage-dismissed"),
        (Self::MessageSent, "message-sent", "done-message-sent"),
        (Self::PartClosed, "part-closed", "done-part-closed"),
        (Self::Paused, "paused", "done-paused"),
        (Self::Resumed, "resumed", "done-resumed"),
        (Self::IncidentRecorded, "incident-recorded", "done-incident-recorded"),
        (Self::IncidentResolved, "incident-resolved", "done-incident-resolved"),
        (Self::RulesSet, "rules-set", "done-rules-set"),
        (Self::CalibrationDecided, "calibration-decided", "done-calibration-decided"),
        (Self::Reallocated, "reallocated", "done-reallocated"),
        (Self::LateDecided, "late-decided", "done-late-decided"),
        (Self::AppealDecided, "appeal-decided", "done-appeal-decided"),
        (Self::CorrectionDecided, "correction-decided", "done-correction-decided"),
        (Self::Prepared, "prepared", "done-prepared"),
        (Self::Approved, "approved", "done-approved"),
        (Self::Recalled, "recalled", "done-recalled"),
    ];

    /// A path with the code of what was done, for the page to tell it.
    #[must_use]
    pub fn after(self, path: &str) -> String {
        let code = Self::ALL.iter().find(|(done, ..)| *done == self).map_or("", |(_, code, _)| code);
        format!("{path}?done={code}")
    }

    /// The sentence that a code stands for.
    #[must_use]
    pub fn sentence(words: Words, code: &str) -> Option<String> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(.., id)| words.text(id))
    }
}

/// What can be wrong with a field before anything is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// Not a whole number.
    NotANumber,
    /// Not a date with a time.
    NotATime,
    /// Clocks leap over this time.
    SkippedTime,
    /// Clocks are set back over this time: it comes twice.
    RepeatedTime,
    /// None of the values offered.
    NotOffered,
    /// Nothing is ticked.
    NoneTicked,
    /// A length of time is out of bounds.
    Minutes {
        /// The least minutes.
        least: i64,
        /// The most minutes.
        most: i64,
    },
    /// The person holds several authorisations, or none: which one is meant must be said.
    WhichAuthorisation,
}

impl Slip {
    /// What is wrong, after the field's label.
    #[must_use]
    pub fn text(self, words: Words) -> String {
        match self {
            Self::NotANumber => words.text("slip-not-a-number"),
            Self::NotATime => words.text("slip-not-a-time"),
            Self::SkippedTime => words.text("slip-skipped-time"),
            Self::RepeatedTime => words.text("slip-repeated-time"),
            Self::NotOffered => words.text("slip-not-offered"),
            Self::NoneTicked => words.text("slip-none-ticked"),
            Self::Minutes { least, most } => {
                words.with("slip-minutes", &[("least", least.into()), ("most", most.into())])
            }
            Self::WhichAuthorisation => words.text("slip-which-authorisation"),
        }
    }
}

/// A role, by its code in the HTTP interface.
#[must_use]
pub fn role_name(words: Words, code: &str) -> String {
    match code {
        "examinee" => words.text("role-examinee"),
        "reviewer" => words.text("role-reviewer"),
        "coordinator" => words.text("role-coordinator"),
        "proctor" => words.text("role-proctor"),
        "author" => words.text("role-author"),
        "auditor" => words.text("role-auditor"),
        "administrator" => words.text("role-administrator"),
        other => other.to_owned(),
    }
}

/// A page of the staff: as wide as tables need.
pub(crate) fn staff_page(title: &str) -> Page {
    Page::new(title).width(Width::Wide).style("staff.css")
}

/// A drop-down list of choices.
pub(crate) fn select(name: &str, label: String, choices: &[Choice]) -> Field {
    Field::select(name, label, options(choices)).value(chosen(choices))
}

/// A few choices, all visible.
pub(crate) fn radios(name: &str, label: String, choices: &[Choice]) -> Field {
    Field::radios(name, label, options(choices)).value(chosen(choices))
}

fn options(choices: &[Choice]) -> Vec<(String, String)> {
    choices.iter().map(|choice| (choice.value.clone(), choice.label.clone())).collect()
}

fn chosen(choices: &[Choice]) -> String {
    choices.iter().find(|choice| choice.chosen).map(|choice| choice.value.clone()).unwrap_or_default()
}

/// How many there are, as messages and figures take it.
pub(crate) fn count<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

/// How much of something is done: a sentence, and a bar that says the same.
pub(crate) fn progress(sentence: &str, done: i64, all: i64) -> Markup {
    html! {
        span.progress {
            span.figures { (sentence) }
            @if all > 0 { progress value=(done) max=(all) aria-hidden="true" {} }
        }
    }
}

/// From one instant to another, in a time zone, as short as is unambiguous.
pub(crate) fn span_of_time(words: Words, from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> Markup {
    let (first, last) = (from.with_timezone(&zone).date_naive(), to.with_timezone(&zone).date_naive());
    let zone_name = parts::zone_text(from, zone);
    if first == last {
        let text = words.with(
            "span-one-day",
            &[
                ("date", parts::date_text(words, first).into()),
                ("from", parts::clock_text(words, from, zone).into()),
                ("to", parts::clock_text(words, to, zone).into()),
                ("zone", zone_name.into()),
            ],
        );
        html! { span.span-of-time { (text) } }
    } else {
        html! {
            span.span-of-time {
                (parts::instant_short(words, from, zone)) " – " (parts::instant_short(words, to, zone)) " " (zone_name)
            }
        }
    }
}

/// The way between the pages of one thing: address, word, and whether it is this page.
pub(crate) fn tabs(label: &str, tabs: &[(String, String, bool)]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul.plain { @for (href, word, here) in tabs { li { a href=(href) aria-current=[here.then_some("page")] { (word) } } } }
        }
    }
}
