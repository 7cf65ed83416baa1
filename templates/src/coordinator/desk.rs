//! The coordinator's desk: what needs this person today, each a link.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};

use super::{SittingState, state_badge};
use crate::page::{Shell, document};
use crate::parts::{self, Tone};
use crate::staff;
use crate::urls;

/// What kind of work waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// Screening findings to confirm or dismiss.
    Screening,
    /// Scripts that lack a reviewer.
    ScriptsLackReviewer,
    /// Third readings that wait for an adjudicator.
    ThirdReadings,
    /// Reviews past their date.
    ReviewsOverdue,
    /// A sitting without a form.
    SittingWithoutForm,
    /// Releases that wait for a second person.
    ReleasesToApprove,
    /// Sittings whose outcomes can be released.
    ReadyToRelease,
    /// A request for accommodations.
    AccommodationRequest,
    /// Late evidence to admit or leave.
    LateEvidence,
    /// An appeal to decide.
    Appeal,
    /// Corrections that reviewers ask for.
    Corrections,
    /// Reviewers whose calibration waits for a coordinator.
    ReviewersNotAdmitted,
    /// Reviewers who read apart from the reference.
    ReviewersDrifting,
}

/// One thing that needs this person.
#[derive(Clone, Debug)]
pub struct Task {
    /// What it is.
    pub kind: TaskKind,
    /// How many.
    pub count: i64,
    /// The sitting or release that it belongs to.
    pub subject: String,
    /// Where it is done.
    pub href: String,
    /// Until when, if there is a date.
    pub until: Option<NaiveDate>,
    /// Whether it is pressing.
    pub pressing: bool,
}

/// A sitting near today.
#[derive(Clone, Debug)]
pub struct NearSitting {
    /// Its identifier.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it opens.
    pub opens_at: DateTime<Utc>,
    /// When it closes.
    pub closes_at: DateTime<Utc>,
    /// Its time zone.
    pub time_zone: Tz,
    /// Seats taken.
    pub booked: i64,
    /// Seats there are.
    pub capacity: i64,
    /// Where it stands.
    pub state: SittingState,
}

/// The desk.
#[derive(Clone, Debug)]
pub struct Desk {
    /// What needs this person, most pressing first.
    pub tasks: Vec<Task>,
    /// The sittings that are open or next.
    pub sittings: Vec<NearSitting>,
}

/// The coordinator's desk.
#[must_use]
pub fn desk(shell: &Shell, view: &Desk) -> Markup {
    let words = shell.words;
    let body = html! {
        section aria-labelledby="today-tasks" {
            h2 #today-tasks { (words.text("today-needs-you")) }
            @if view.tasks.is_empty() {
                (parts::empty(&words.text("today-empty-title"), &words.text("today-empty-text"), None))
            } @else {
                ul.tasks.plain { @for task in &view.tasks { (task_line(shell, task)) } }
            }
        }
        section aria-labelledby="today-sittings" {
            h2 #today-sittings { (words.text("today-sittings")) }
            @if view.sittings.is_empty() {
                (parts::empty(&words.text("sittings-empty-title"), &words.text("sittings-empty-text"), Some((&words.text("sittings-new"), &urls::sitting_new()))))
            } @else {
                ul.lines.plain { @for sitting in &view.sittings { (sitting_line(shell, sitting)) } }
            }
        }
    };
    document(shell, &staff::staff_page(&words.text("today-title")), &body)
}

fn task_line(shell: &Shell, task: &Task) -> Markup {
    let words = shell.words;
    let n = [("n", task.count.into())];
    let sentence = match task.kind {
        TaskKind::Screening => words.with("today-screening", &n),
        TaskKind::ScriptsLackReviewer => words.with("today-scripts-lack-reviewer", &n),
        TaskKind::ThirdReadings => words.with("today-third-readings", &n),
        TaskKind::ReviewsOverdue => words.with("today-reviews-overdue", &n),
        TaskKind::SittingWithoutForm => words.text("today-sitting-without-form"),
        TaskKind::ReleasesToApprove => words.with("today-releases-to-approve", &n),
        TaskKind::ReadyToRelease => words.with("today-ready-to-release", &n),
        TaskKind::AccommodationRequest => words.text("today-accommodation-requests"),
        TaskKind::LateEvidence => words.with("today-late-evidence", &n),
        TaskKind::Appeal => words.text("today-appeals"),
        TaskKind::Corrections => words.with("today-corrections", &n),
        TaskKind::ReviewersNotAdmitted => words.with("today-reviewers-not-admitted", &n),
        TaskKind::ReviewersDrifting => words.with("today-reviewers-drifting", &n),
    };
    html! {
        li {
            a.task href=(task.href) {
                span.task-what { (sentence) }
                span.task-where { (task.subject) }
            }
            @if let Some(until) = task.until { span.task-until { (words.text("today-until")) " " (parts::date(words, until)) } }
            @if task.pressing { (parts::badge(Tone::Attention, &words.text("today-pressing"))) }
        }
    }
}

fn sitting_line(shell: &Shell, sitting: &NearSitting) -> Markup {
    let words = shell.words;
    let href = match sitting.state {
        SittingState::Open => urls::board(&sitting.id),
        SittingState::Marking => urls::sitting_marking(&sitting.id),
        SittingState::Planned | SittingState::Released | SittingState::Cancelled => urls::sitting(&sitting.id),
    };
    html! {
        li {
            a href=(href) { (sitting.title) }
            (state_badge(shell, sitting.state))
            span.soft { (staff::span_of_time(words, sitting.opens_at, sitting.closes_at, sitting.time_zone)) }
            span.soft { (words.with("sittings-seats", &[("booked", sitting.booked.into()), ("capacity", sitting.capacity.into())])) }
        }
    }
}
