//! The proctor's board of a sitting: who works, who is out of contact, how old the last save is, how long is left.
//!
//! The table is complete without script; `board.js` keeps it current. A row that needs attention stands first: the
//! server orders the rows and says what each needs, the page only shows it.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::coordinator::{SittingHead, SittingKind, SittingTab, sitting_head};
use crate::form::{self, Field, FieldError};
use crate::page::{Shell, document};
use crate::parts::{self, Column, Row, Tone};
use crate::staff::{self, Choice};
use crate::urls;
use crate::words::Words;

mod browser;
mod closings;
mod messages;
mod outages;
mod pause;

pub use browser::BrowserView;
pub use closings::ClosingLine;
pub use messages::{MessageLine, NewMessage};
pub use outages::ProposalView;
pub use pause::{PauseForm, PauseView};

/// Where an examinee stands on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Not here yet.
    Expected,
    /// Here; no part was started.
    Admitted,
    /// Writing, with contact.
    Working,
    /// Writing, but out of contact.
    Disconnected,
    /// On a stop-the-clock break.
    OnBreak,
    /// Writing, but the sitting is paused.
    Paused,
    /// Between the parts.
    Break,
    /// Both parts are closed.
    Finished,
    /// Nobody came in time.
    Absent,
}

impl Presence {
    /// Its code in the HTTP interface.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Admitted => "admitted",
            Self::Working => "working",
            Self::Disconnected => "disconnected",
            Self::OnBreak => "on_break",
            Self::Paused => "paused",
            Self::Break => "break",
            Self::Finished => "finished",
            Self::Absent => "absent",
        }
    }

    const ALL: [Self; 9] = [
        Self::Disconnected,
        Self::Working,
        Self::Paused,
        Self::OnBreak,
        Self::Admitted,
        Self::Break,
        Self::Expected,
        Self::Finished,
        Self::Absent,
    ];

    fn badge(self, words: Words) -> Markup {
        match self {
            Self::Expected => parts::badge(Tone::Neutral, &words.text("board-expected")),
            Self::Admitted => parts::badge(Tone::Accent, &words.text("board-admitted")),
            Self::Working => parts::badge(Tone::Good, &words.text("board-working")),
            Self::Disconnected => parts::badge(Tone::Danger, &words.text("board-disconnected")),
            Self::OnBreak => parts::badge(Tone::Accent, &words.text("board-on-break")),
            Self::Paused => parts::badge(Tone::Attention, &words.text("board-paused")),
            Self::Break => parts::badge(Tone::Accent, &words.text("board-break")),
            Self::Finished => parts::badge(Tone::Neutral, &words.text("board-finished")),
            Self::Absent => parts::badge(Tone::Attention, &words.text("board-absent")),
        }
    }

    fn count(self, words: Words) -> String {
        match self {
            Self::Expected => words.text("board-expected"),
            Self::Admitted => words.text("board-admitted"),
            Self::Working => words.text("board-working"),
            Self::Disconnected => words.text("board-disconnected"),
            Self::OnBreak => words.text("board-on-break"),
            Self::Paused => words.text("board-paused"),
            Self::Break => words.text("board-break"),
            Self::Finished => words.text("board-finished"),
            Self::Absent => words.text("board-absent"),
        }
    }
}

/// A part that runs.
#[derive(Clone, Debug)]
pub struct RunningPart {
    /// The attempt.
    pub attempt: String,
    /// One or two.
    pub part: i64,
    /// What is answered.
    pub answered: i64,
    /// Of how much.
    pub of: i64,
    /// When it ends.
    pub deadline: DateTime<Utc>,
    /// What is left while the clock stands, in seconds.
    pub stopped_with_seconds: Option<i64>,
    /// What the time is made of; the examinee's page tells the same.
    pub terms: Vec<Term>,
}

/// A summand of somebody's time.
#[derive(Clone, Debug)]
pub enum Term {
    /// What everybody has.
    Allowance {
        /// How much.
        seconds: i64,
    },
    /// What the person's confirmed arrangement adds.
    Arrangement {
        /// How much.
        seconds: i64,
    },
    /// A stop-the-clock break.
    Break {
        /// How much.
        seconds: i64,
    },
    /// What was credited.
    Credit {
        /// How much.
        seconds: i64,
        /// Why.
        reason: String,
    },
}

/// The explained sum of somebody's time.
fn sum(words: Words, terms: &[Term]) -> String {
    let said: Vec<String> = terms
        .iter()
        .map(|term| match term {
            Term::Allowance { seconds } => parts::minutes(words, *seconds),
            Term::Arrangement { seconds } => {
                words.with("board-term-arrangement", &[("time", parts::minutes(words, *seconds).into())])
            }
            Term::Break { seconds } => {
                words.with("board-term-break", &[("time", parts::minutes(words, *seconds).into())])
            }
            Term::Credit { seconds, reason } => words.with(
                "board-term-credit",
                &[("time", parts::minutes(words, *seconds).into()), ("reason", reason.as_str().into())],
            ),
        })
        .collect();
    said.join(" + ")
}

/// A row of the board.
#[derive(Clone, Debug)]
pub struct BoardRow {
    /// The registration: the row's key.
    pub registration: String,
    /// The examinee's name.
    pub name: String,
    /// Where they stand.
    pub presence: Presence,
    /// The part that runs.
    pub running: Option<RunningPart>,
    /// The last contact.
    pub last_contact: Option<DateTime<Utc>>,
    /// The last save.
    pub last_save: Option<DateTime<Utc>>,
    /// Whether the row needs attention.
    pub attention: bool,
    /// Incidents recorded.
    pub incidents: i64,
    /// How the last system check went.
    pub system_check: Option<staff::CheckMark>,
    /// How they stand with regard to Safe Exam Browser, where the sitting asks for it.
    pub browser: Option<BrowserView>,
}

/// Something that happened in the room.
#[derive(Clone, Debug)]
pub struct IncidentLine {
    /// Its identifier.
    pub id: String,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Of what kind, by its code in the HTTP interface.
    pub kind: String,
    /// To whom, if to one.
    pub about: Option<String>,
    /// What happened.
    pub note: String,
    /// Who recorded it.
    pub reported_by: String,
    /// Whether it was dealt with.
    pub resolved: bool,
    /// How, and who says so.
    pub resolution: Option<(String, String)>,
}

/// Which incidents are shown.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// The kinds to choose from, by their codes; the first choice offered is all of them.
    pub kinds: Vec<Choice>,
    /// Only those that are open.
    pub open: bool,
    /// Whether there are any at all, shown or not.
    pub any: bool,
}

/// The form that records an incident: what was typed.
#[derive(Clone, Debug, Default)]
pub struct NewIncident {
    /// The examinees to choose from; the first choice offered is the whole room.
    pub people: Vec<Choice>,
    /// The kinds to choose from, by their codes.
    pub kinds: Vec<Choice>,
    /// What happened.
    pub note: String,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
}

/// A kind of incident, by its code in the HTTP interface.
#[must_use]
pub fn incident_kind(words: Words, code: &str) -> String {
    match code {
        "technical" => words.text("incident-technical"),
        "disturbance" => words.text("incident-disturbance"),
        "health" => words.text("incident-health"),
        "irregularity" => words.text("incident-irregularity"),
        "noise" => words.text("incident-noise"),
        "illness" => words.text("incident-illness"),
        "suspected_irregularity" => words.text("incident-suspected"),
        "late_arrival" => words.text("incident-late"),
        "other" => words.text("incident-other"),
        unknown => unknown.to_owned(),
    }
}

/// The board.
#[derive(Clone, Debug)]
pub struct Board {
    /// The head.
    pub head: SittingHead,
    /// The server's clock.
    pub now: DateTime<Utc>,
    /// The pause that goes on.
    pub pause: Option<PauseView>,
    /// The form that pauses.
    pub pause_form: PauseForm,
    /// The rows, those that need attention first.
    pub rows: Vec<BoardRow>,
    /// Whether this reader is only a proctor here, with no way to the sitting's other pages.
    pub proctor_only: bool,
    /// Credit to all that was typed: minutes and reason.
    pub credit: (String, String),
    /// What measured outages propose to credit.
    pub proposals: Vec<ProposalView>,
    /// What was wrong with it.
    pub problems: Vec<FieldError>,
    /// What was said to the room, newest first.
    pub messages: Vec<MessageLine>,
    /// The parts that a proctor ended, newest first.
    pub closings: Vec<ClosingLine>,
    /// How many messages, incidents, resolutions and closings there are: when that changes, the script takes the logs anew.
    pub log: String,
    /// The form that sends a message.
    pub message: NewMessage,
    /// Which incidents are shown.
    pub filter: IncidentFilter,
    /// What happened in the room, newest first.
    pub incidents: Vec<IncidentLine>,
    /// The form that records an incident.
    pub incident: NewIncident,
}

/// The board of a sitting.
#[must_use]
pub fn board(shell: &Shell, view: &Board) -> Markup {
    let words = shell.words;
    let title = words.with("board-title", &[("sitting", view.head.title.as_str().into())]);
    let page = staff::staff_page(&title).without_heading().script("board.js");
    let body = html! {
        (sitting_head(shell, &view.head, SittingTab::Board, view.proctor_only))
        @if view.rows.is_empty() {
            (parts::empty(&words.text("board-empty-title"), &words.text("board-empty-text"), None))
        } @else {
            (pause::pause(words, view))
            (outages::proposals(words, view))
            (board_body(words, view))
            (credit_all(words, view))
            (messages::messages(words, view))
            (closings::closings(words, view))
            (incidents(words, view))
        }
    };
    document(shell, &page, &body)
}

/// The live part, with all the words that the module needs in data attributes and templates.
fn board_body(words: Words, view: &Board) -> Markup {
    html! {
        section #board aria-label=(words.text("board-rows")) data-api=(urls::api_board(&view.head.id))
            data-paused=(view.pause.is_some()) data-now=(view.now.timestamp_millis()) data-zone=(view.head.time_zone.name())
            data-logged=(view.log)
            data-seconds=(words.with("board-seconds", &[("n", "{n}".into())]))
            data-minutes=(words.with("board-minutes", &[("n", "{n}".into())]))
            data-hours=(words.with("board-hours", &[("n", "{n}".into())]))
            data-never=(words.text("board-never"))
            data-fresh=(words.with("board-fresh", &[("time", "{time}".into())]))
            data-stale=(words.text("board-stale")) {
            (counts(words, view))
            p.board-line {
                span #board-fresh { (words.text("board-as-of")) " " (parts::clock_exact(view.now, view.head.time_zone)) }
                label.board-filter { input #board-attention type="checkbox"; (words.text("board-attention-only")) }
            }
            p.unseen #board-alert role="alert" data-lost=(words.with("board-alert-lost", &[("name", "{name}".into())])) {}
            (rows(words, view))
            @for presence in Presence::ALL { template data-presence=(presence.code()) { (presence.badge(words)) } }
            template data-attention="" { (parts::badge(Tone::Attention, &words.text("board-attention"))) }
        }
    }
}

fn counts(words: Words, view: &Board) -> Markup {
    html! {
        ul.counts.plain aria-label=(words.text("board-counts")) {
            @for presence in Presence::ALL {
                @let count = view.rows.iter().filter(|row| row.presence == presence).count();
                li data-count=(presence.code()) { span.figure { (count) } " " span { (presence.count(words)) } }
            }
        }
    }
}

fn rows(words: Words, view: &Board) -> Markup {
    let columns = [
        Column::text(words.text("board-examinee")),
        Column::text(words.text("board-state")),
        Column::text(words.text("board-part")),
        Column::number(words.text("board-left")),
        Column::number(words.text("board-last-save")),
        Column::number(words.text("board-last-contact")),
        Column::text(words.text("board-credit")),
    ];
    let rows: Vec<Row> = view.rows.iter().map(|row| board_row(words, view, row)).collect();
    parts::table(&words.text("board-rows"), &columns, &rows)
}

fn board_row(words: Words, view: &Board, row: &BoardRow) -> Row {
    let incidents = html! { @if row.incidents > 0 { span.soft.small { (words.with("board-incidents", &[("n", row.incidents.into())])) } } };
    let cells = vec![
        html! {
            span.name { (row.name) } " " (incidents)
            @if matches!(row.presence, Presence::Expected | Presence::Admitted) {
                " " (staff::check_mark(words, row.system_check.as_ref(), view.head.time_zone))
            }
            @if let Some(browser) = &row.browser { (browser::standing(words, browser, view.head.time_zone)) }
        },
        html! {
            span.presence data-cell="presence" data-value=(row.presence.code()) { (row.presence.badge(words)) }
            " " span data-cell="attention" data-value=(row.attention) { @if row.attention { (parts::badge(Tone::Attention, &words.text("board-attention"))) } }
        },
        html! {
            @if let Some(part) = &row.running {
                span data-cell="part" { (part_word(words, part.part)) } " · " span.soft data-cell="answered" { (part.answered) "/" (part.of) }
            } @else { span.soft { "–" } }
        },
        html! {
            @if let Some(part) = &row.running {
                span data-cell="left" data-deadline=(part.deadline.timestamp_millis()) data-stopped=[part.stopped_with_seconds] {
                    (parts::clock_face(part.stopped_with_seconds.unwrap_or_else(|| (part.deadline - view.now).num_seconds())))
                }
            } @else { span.soft { "–" } }
        },
        age_cell(words, "save", row.last_save, view.now),
        age_cell(words, "contact", row.last_contact, view.now),
        html! {
            div data-shape=(row_shape(row)) {
                @if let Some(part) = &row.running { (credit_one(words, row, part)) } @else { (admission(words, view, row)) }
                @if let Some(browser) = &row.browser { (browser::exemption(words, row, browser)) }
            }
        },
    ];
    Row { cells, tone: row.attention.then_some(Tone::Attention), key: Some(row.registration.clone()) }
}

/// What the row is made of; `board.js` takes a row anew when it differs.
fn row_shape(row: &BoardRow) -> String {
    let browser = row.browser.as_ref().map(BrowserView::shape).unwrap_or_default();
    match &row.running {
        Some(part) => format!("{}:{}:{}{browser}", part.attempt, part.deadline.timestamp_millis(), row.incidents),
        None => format!("-:{}:{}{browser}", row.presence.code(), row.incidents),
    }
}

fn part_word(words: Words, part: i64) -> String {
    if part == 1 { words.text("board-part-one") } else { words.text("board-part-two") }
}

fn age_cell(words: Words, cell: &str, at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Markup {
    html! {
        span data-cell=(cell) data-at=[at.map(|at| at.timestamp_millis())] {
            @match at { Some(at) => (age(words, (now - at).num_seconds())), None => (words.text("board-never")) }
        }
    }
}

/// An age to one figure: a proctor compares them at a glance.
fn age(words: Words, seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..120 => words.with("board-seconds", &[("n", seconds.into())]),
        seconds @ 120..7200 => words.with("board-minutes", &[("n", (seconds / 60).into())]),
        seconds => words.with("board-hours", &[("n", (seconds / 3600).into())]),
    }
}

fn credit_one(words: Words, row: &BoardRow, part: &RunningPart) -> Markup {
    let label = words.with("board-credit-for", &[("name", row.name.as_str().into())]);
    html! {
        p.soft.small { (sum(words, &part.terms)) }
        details.credit {
            summary aria-label=(label) { (words.text("board-credit-do")) }
            form method="post" action=(urls::attempt_credit(&part.attempt)) {
                label { span { (words.text("board-credit-minutes")) } input type="number" name="minutes" min="1" max="180" required; }
                label { span { (words.text("board-credit-reason")) } input type="text" name="reason" maxlength="300" required; }
                button type="submit" { (words.text("board-credit-one")) }
            }
        }
        details.credit {
            summary aria-label=(words.with("board-close-whose", &[("name", row.name.as_str().into())])) { (words.text("board-close")) }
            form method="post" action=(urls::attempt_closing(&part.attempt)) {
                p.small { (words.text("board-close-text")) }
                label { span { (words.text("board-credit-reason")) } input type="text" name="reason" maxlength="300" required; }
                button type="submit" { (words.text("board-close-do")) }
            }
        }
    }
}

/// Letting somebody in; that somebody who is late is let in is the coordinator's to say.
fn admission(words: Words, view: &Board, row: &BoardRow) -> Markup {
    let action = urls::admission(&row.registration);
    let expected = row.presence == Presence::Expected;
    let may_be_late = match row.presence {
        Presence::Expected | Presence::Admitted => {
            view.head.kind == SittingKind::Fixed && view.now > view.head.opens_at
        }
        presence => presence == Presence::Absent,
    };
    let late = may_be_late && !view.proctor_only;
    html! {
        @if expected {
            form method="post" action=(action) {
                button type="submit" aria-label=(words.with("board-admit-whom", &[("name", row.name.as_str().into())])) { (words.text("board-admit")) }
            }
        }
        @if late {
            details.credit {
                summary aria-label=(words.with("board-admit-late-whom", &[("name", row.name.as_str().into())])) { (words.text("board-admit-late")) }
                form method="post" action=(action) {
                    label { span { (words.text("board-credit-reason")) } input type="text" name="late_reason" maxlength="300" required; }
                    button type="submit" { (words.text("board-admit-late-do")) }
                }
            }
        }
        @if !expected && !late { span.soft { "–" } }
    }
}

fn incidents(words: Words, view: &Board) -> Markup {
    html! {
        section aria-labelledby="incidents" {
            h2 #incidents { (words.text("incidents-title")) }
            p.hint { (words.text("incidents-text")) }
            div data-log="incidents" {
                @if view.filter.any { (incident_filter(words, view)) }
                @if view.filter.any && view.incidents.is_empty() { p.soft { (words.text("incidents-none")) } }
                @if !view.incidents.is_empty() {
                    ul.lines.plain { @for incident in &view.incidents { (incident_line(words, view, incident)) } }
                }
            }
            details.panel open[!view.incident.problems.is_empty()] {
                summary { (words.text("incident-new")) }
                (form::problem_summary(words, &view.incident.problems))
                form.stack method="post" action=(urls::incidents(&view.head.id)) {
                    div.row {
                        (staff::select("registration", words.text("incident-about"), &or_everybody(words, &view.incident.people)).optional().render(words, &view.incident.problems))
                        (staff::select("kind", words.text("incident-kind"), &view.incident.kinds).render(words, &view.incident.problems))
                    }
                    (Field::area("note", 3, words.text("incident-note")).value(&view.incident.note).max_length(2000).render(words, &view.incident.problems))
                    div.buttons { button type="submit" { (words.text("incident-new-do")) } }
                }
            }
        }
    }
}

fn or_everybody(words: Words, people: &[Choice]) -> Vec<Choice> {
    let first = Choice::new("", words.text("incident-everybody"));
    std::iter::once(first).chain(people.iter().cloned()).collect()
}

/// Which of the log's lines are shown: a form that asks for this page again.
fn incident_filter(words: Words, view: &Board) -> Markup {
    let all =
        std::iter::once(Choice::new("", words.text("incidents-every-kind"))).chain(view.filter.kinds.iter().cloned());
    html! {
        form.search method="get" action={ (urls::board(&view.head.id)) "#incidents" } {
            (staff::select("incident_kind", words.text("incident-kind"), &all.collect::<Vec<_>>()).optional().render(words, &[]))
            label.board-filter { input type="checkbox" name="incident_open" value="true" checked[view.filter.open]; (words.text("incidents-only-open")) }
            button type="submit" { (words.text("incidents-show")) }
        }
    }
}

fn incident_line(words: Words, view: &Board, incident: &IncidentLine) -> Markup {
    let about = incident.about.clone().unwrap_or_else(|| words.text("incident-everybody"));
    html! {
        li.incident {
            div {
                p { strong { (incident_kind(words, &incident.kind)) } " · " (about) }
                p.prose-line { (incident.note) }
                @if let Some((note, by)) = &incident.resolution {
                    p.prose-line { (words.with("incident-resolution-by", &[("name", by.as_str().into())])) @if !note.is_empty() { " " (note) } }
                }
                p.soft.small { (incident.reported_by) ", " (parts::instant_short(words, incident.at, view.head.time_zone)) }
            }
            @if incident.resolved { (parts::badge(Tone::Good, &words.text("incident-resolved"))) }
            @else {
                (parts::badge(Tone::Attention, &words.text("incident-open")))
                details.credit {
                    summary { (words.text("incident-resolve")) }
                    form method="post" action=(urls::incident_resolution(&view.head.id, &incident.id)) {
                        label { span { (words.text("incident-resolution-note")) } textarea name="note" rows="2" maxlength="2000" {} }
                        button type="submit" { (words.text("incident-resolve")) }
                    }
                }
            }
        }
    }
}

fn credit_all(words: Words, view: &Board) -> Markup {
    html! {
        section.panel aria-labelledby="credit-all" {
            h2 #credit-all { (words.text("board-credit-all")) }
            p { (words.text("board-credit-all-text")) " " (words.text("board-credit-reason-hint")) }
            (form::problem_summary(words, &view.problems))
            form.stack method="post" action=(urls::sitting_credit(&view.head.id)) {
                div.row {
                    (Field::input("minutes", "number", words.text("board-credit-minutes")).value(&view.credit.0).range(1, 180).render(words, &view.problems))
                    (Field::input("reason", "text", words.text("board-credit-reason")).value(&view.credit.1).max_length(300).render(words, &view.problems))
                }
                div.buttons { button.primary[view.pause.is_none()] type="submit" { (words.text("board-credit-all-do")) } }
            }
        }
    }
}
