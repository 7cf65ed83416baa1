//! What pages are made of: badges, callouts, tables, empty states, facts, instants, durations, countdowns.
//!
//! Meaning is never told by colour alone: every tone has a shape and a word.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Timelike, Utc};
use chrono_tz::{OffsetName, Tz};
use maud::{Markup, Render, html};

use crate::words::Words;

/// A meaning, with a colour and a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    Neutral,
    /// Current, or worth knowing.
    Accent,
    /// As it should be.
    Good,
    /// Wants a look.
    Attention,
    /// Wrong, or about to be.
    Danger,
}

impl Tone {
    /// The class that colours an element.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Danger => "danger",
        }
    }

    fn shape(self) -> Markup {
        let (outline, mark) = match self {
            Self::Neutral => ("M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z", ""),
            Self::Accent => ("M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z", "M8 7.2v4M8 4.6v.4"),
            Self::Good => ("M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z", "M5 8.2l2.1 2.1L11 6.2"),
            Self::Attention => ("M8 1.8L15 14H1z", "M8 6.4v3.4M8 11.8v.4"),
            Self::Danger => {
                ("M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z", "M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8")
            }
        };
        html! {
            svg.shape viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" {
                path.outline d=(outline) {}
                @if !mark.is_empty() { path.mark d=(mark) {} }
            }
        }
    }
}

/// A status: shape and word.
#[must_use]
pub fn badge(tone: Tone, text: &str) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (tone.shape()) span { (text) } } }
}

/// A framed remark. Attention and danger are announced as alerts.
#[must_use]
pub fn callout(tone: Tone, body: &Markup) -> Markup {
    let role = if matches!(tone, Tone::Attention | Tone::Danger) { "alert" } else { "status" };
    html! { div class={ "callout " (tone.class()) } role=(role) { (tone.shape()) div { (body) } } }
}

/// A framed remark that is part of the page and announces nothing.
#[must_use]
pub fn remark(tone: Tone, body: &Markup) -> Markup {
    html! { div class={ "callout " (tone.class()) } { (tone.shape()) div { (body) } } }
}

/// What to show where there is nothing: what it means and what to do.
#[must_use]
pub fn empty(title: &str, text: &str, action: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            h2 { (title) }
            p { (text) }
            @if let Some((label, href)) = action { p { a.button href=(href) { (label) } } }
        }
    }
}

/// A bordered panel with a heading.
#[must_use]
pub fn panel(title: &str, body: &Markup) -> Markup {
    html! { section.panel { h2 { (title) } (body) } }
}

/// Terms and their values, as a description list.
#[must_use]
pub fn facts(pairs: &[(String, Markup)]) -> Markup {
    html! { dl.facts { @for (term, value) in pairs { div { dt { (term) } dd { (value) } } } } }
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    label: String,
    numeric: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    /// A column of figures, aligned to the end.
    #[must_use]
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true }
    }
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// One cell for each column; the first is the row's header.
    pub cells: Vec<Markup>,
    /// Set, it tints the row.
    pub tone: Option<Tone>,
    /// A stable key for scripts (`data-key`).
    pub key: Option<String>,
}

impl Row {
    /// A plain row.
    #[must_use]
    pub fn new(cells: Vec<Markup>) -> Self {
        Self { cells, tone: None, key: None }
    }
}

/// A table that turns into cards on a narrow screen. The first cell of each row is its header.
#[must_use]
pub fn table(caption: &str, columns: &[Column], rows: &[Row]) -> Markup {
    html! {
        table.cards {
            caption { (caption) }
            thead { tr { @for column in columns { th scope="col" class=[column.numeric.then_some("number")] { (column.label) } } } }
            tbody { @for row in rows { (table_row(columns, row)) } }
        }
    }
}

fn table_row(columns: &[Column], row: &Row) -> Markup {
    html! {
        tr class=[row.tone.map(Tone::class)] data-key=[row.key.as_deref()] {
            @for (index, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
                @if index == 0 {
                    th scope="row" data-label=(column.label) { (cell) }
                } @else {
                    td data-label=(column.label) class=[column.numeric.then_some("number")] { div { (cell) } }
                }
            }
        }
    }
}

/// An instant with its weekday, date, time and zone: for appointments.
#[must_use]
pub fn instant(words: Words, at: DateTime<Utc>, zone: Tz) -> Markup {
    time_element(at, &instant_text(words, at, zone))
}

/// The words of [`instant`].
#[must_use]
pub fn instant_text(words: Words, at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    words.with(
        "instant-long",
        &[
            ("weekday", weekday(words, local.date_naive()).into()),
            ("date", date_text(words, local.date_naive()).into()),
            ("time", clock_text(words, at, zone).into()),
            ("zone", zone_text(at, zone).into()),
        ],
    )
}

/// An instant as short as is unambiguous: for tables.
#[must_use]
pub fn instant_short(words: Words, at: DateTime<Utc>, zone: Tz) -> Markup {
    time_element(at, &instant_short_text(words, at, zone))
}

fn instant_short_text(words: Words, at: DateTime<Utc>, zone: Tz) -> String {
    let date = at.with_timezone(&zone).date_naive();
    words.with(
        "instant-short",
        &[("date", date_short(words, date).into()), ("time", clock_text(words, at, zone).into())],
    )
}

/// An instant as one tells it at another: the time of day on the same day, else with its date.
#[must_use]
pub fn instant_near(words: Words, at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let day = |instant: DateTime<Utc>| instant.with_timezone(&zone).date_naive();
    if day(at) == day(now) { clock_text(words, at, zone) } else { instant_short_text(words, at, zone) }
}

/// The time of day, to the minute, as the language tells it.
#[must_use]
pub fn clock_text(words: Words, at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let (afternoon, hour) = local.hour12();
    words.with(
        "time-of-day",
        &[
            ("hour", hour.to_string().into()),
            ("minute", format!("{:02}", local.minute()).into()),
            ("half", if afternoon { "pm" } else { "am" }.into()),
        ],
    )
}

/// The time of day to the second, on 24 hours: for receipts and logs.
#[must_use]
pub fn clock_exact(at: DateTime<Utc>, zone: Tz) -> Markup {
    time_element(at, &at.with_timezone(&zone).format("%H:%M:%S").to_string())
}

/// The time zone at an instant: its abbreviation where it has one, else its offset.
#[must_use]
pub fn zone_text(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    match local.offset().abbreviation() {
        Some(name) if name.starts_with(|c: char| c.is_ascii_alphabetic()) => name.to_owned(),
        _ => local.format("UTC%:z").to_string(),
    }
}

/// A date in words.
#[must_use]
pub fn date(words: Words, date: NaiveDate) -> Markup {
    html! { time datetime=(date.to_string()) { (date_text(words, date)) } }
}

/// The words of [`date`](fn@date).
#[must_use]
pub fn date_text(words: Words, date: NaiveDate) -> String {
    let month = words.with("month-name", &[("n", date.month().into())]);
    words.with(
        "date-long",
        &[("day", date.day().into()), ("month", month.into()), ("year", date.year().to_string().into())],
    )
}

fn date_short(words: Words, date: NaiveDate) -> String {
    let month = words.with("month-short", &[("n", date.month().into())]);
    words.with(
        "date-short",
        &[("day", date.day().into()), ("month", month.into()), ("year", date.year().to_string().into())],
    )
}

fn weekday(words: Words, date: NaiveDate) -> String {
    words.with("weekday-name", &[("n", date.weekday().number_from_monday().into())])
}

fn time_element(at: DateTime<Utc>, text: &str) -> Markup {
    html! { time datetime=(at.to_rfc3339_opts(SecondsFormat::Secs, true)) { (text) } }
}

/// A length of time in words: "1 hour 30 minutes", "45 seconds".
#[must_use]
pub fn duration(words: Words, seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (hours, minutes, rest) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    let mut said = Vec::new();
    if hours > 0 {
        said.push(words.with("duration-hours", &[("n", hours.into())]));
    }
    if minutes > 0 {
        said.push(words.with("duration-minutes", &[("n", minutes.into())]));
    }
    if rest > 0 || said.is_empty() {
        said.push(words.with("duration-seconds", &[("n", rest.into())]));
    }
    said.join(" ")
}

/// A length of time in minutes alone: "90 minutes", as the exam's rules say it.
#[must_use]
pub fn minutes(words: Words, seconds: i64) -> String {
    if seconds % 60 == 0 {
        words.with("duration-minutes", &[("n", (seconds / 60).into())])
    } else {
        duration(words, seconds)
    }
}

/// A length of time as a clock shows it: "1:29:59", "4:05".
#[must_use]
pub fn clock_face(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (hours, minutes, rest) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") }
}

/// A countdown to an instant, by the server's clock: right without script, running with it. When it reaches zero and
/// `reload` is set, the page is fetched anew.
#[must_use]
pub fn countdown(to: DateTime<Utc>, now: DateTime<Utc>, reload: bool) -> Markup {
    html! {
        span.countdown role="timer" data-countdown=(to.timestamp_millis()) data-now=(now.timestamp_millis())
            data-reload=[reload.then_some("true")] { (clock_face((to - now).num_seconds())) }
    }
}

/// How long until an instant: whole days while it is more than two away, then a [`countdown`] that fetches the page anew.
#[must_use]
pub fn until(words: Words, to: DateTime<Utc>, now: DateTime<Utc>) -> Markup {
    let days = (to - now).num_days();
    if days >= 2 {
        html! { span { (words.with("duration-days", &[("n", days.into())])) } }
    } else {
        countdown(to, now, true)
    }
}

/// Anything that renders, as markup; for building cells.
#[must_use]
pub fn cell(content: impl Render) -> Markup {
    html! { (content) }
}
