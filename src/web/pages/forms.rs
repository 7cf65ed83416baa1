//! Forms of the staff's pages: from what was typed to what a desk takes, and from a desk's refusal back to the fields.
//!
//! No rule stands here. What a desk refuses is shown where it was typed; only what is no number or no time at all is
//! turned away before a desk is asked.

use std::ops::RangeInclusive;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use chrono::{DateTime, LocalResult, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use evenhand_templates::form::FieldError;
use evenhand_templates::parts::Tone;
use evenhand_templates::staff::{Done, Slip};
use evenhand_templates::words::Words;
use maud::Markup;
use serde::Deserialize;

use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::timing::Instant;
use crate::store::Error;
use crate::web::error::AppError;
use crate::web::present::stated;
use crate::web::visitor::{Visitor, page};

/// A field of a form: where a desk points when it is wrong, its name, and the message that is its label.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The JSON pointer in the desk's terms.
    pub pointer: &'static str,
    /// The field's name.
    pub field: &'static str,
    /// The message of the label.
    pub label: &'static str,
}

/// A place.
pub const fn place(pointer: &'static str, field: &'static str, label: &'static str) -> Place {
    Place { pointer, field, label }
}

/// A form that was not accepted.
#[derive(Debug)]
pub struct Unaccepted {
    /// The status of the answer.
    pub status: StatusCode,
    /// What is wrong, field by field; a problem of the whole form names no field.
    pub problems: Vec<FieldError>,
}

impl Unaccepted {
    /// A form with these problems.
    pub fn of(problems: Vec<FieldError>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, problems }
    }

    /// The answer: the form again.
    pub fn answer(status: StatusCode, markup: Markup) -> HttpResponse {
        let mut response = page(markup);
        *response.status_mut() = status;
        response
    }

    /// All problems in one line, where there is no form to show them at.
    pub fn line(&self) -> String {
        self.problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// What a refused form is told.
///
/// # Errors
/// What is no answer to a form: a fault, a missing role, a thing that does not exist.
pub fn unaccepted(error: Error, words: Words, places: &[Place]) -> Result<Unaccepted, AppError> {
    match error {
        Error::Refused(Refusal::Invalid(problems)) => {
            Ok(Unaccepted::of(problems.iter().map(|problem| at_field(words, places, problem)).collect()))
        }
        Error::Refused(Refusal::ReleaseBlocked(checks)) => {
            let failing = checks.iter().filter(|check| !check.holds);
            let problems =
                failing.map(|check| FieldError { field: String::new(), message: sentence(&check.detail) }).collect();
            Ok(Unaccepted { status: AppError::from(Refusal::ReleaseBlocked(checks)).status_code(), problems })
        }
        Error::Refused(refusal) if tells_a_form(&refusal) => {
            let message = stated(&refusal);
            Ok(Unaccepted {
                status: AppError::from(refusal).status_code(),
                problems: vec![FieldError { field: String::new(), message }],
            })
        }
        Error::Refused(Refusal::ReviewIncomplete(problems)) => {
            Ok(Unaccepted::of(problems.iter().map(|problem| at_field(words, places, problem)).collect()))
        }
        other => Err(other.into()),
    }
}

/// Whether a refusal answers what was asked, rather than who asked.
fn tells_a_form(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::NotAuthorised
            | Refusal::RetakeNotOpen { .. }
            | Refusal::SittingFull
            | Refusal::AlreadyRegistered
            | Refusal::EmailTaken
            | Refusal::SittingInUse
            | Refusal::FormNotPossible(_)
            | Refusal::ReleaseNotPending
            | Refusal::SecondPersonRequired
            | Refusal::RequestWaiting
            | Refusal::RequestDecided
            | Refusal::AppealClosed
            | Refusal::AppealExists
            | Refusal::AppealDecided
            | Refusal::TookPartInReading
            | Refusal::TookPartInRelease
            | Refusal::TookPartInRoom
            | Refusal::NotSealed
            | Refusal::CorrectionWaiting
            | Refusal::ResultsReleased
            | Refusal::ScriptHeld
            | Refusal::OwnCase
            | Refusal::TooLate
            | Refusal::PartClosed { .. }
    )
}

fn at_field(words: Words, places: &[Place], problem: &FieldProblem) -> FieldError {
    // An entry of a list is wrong where the list was typed.
    let entry = |place: &&Place| {
        let rest = problem.pointer.strip_prefix(place.pointer);
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('/').is_some_and(|n| n.parse::<usize>().is_ok()))
    };
    match places.iter().find(entry) {
        Some(place) => wrong(words, *place, &problem.detail),
        None => FieldError { field: String::new(), message: stated(&Refusal::Invalid(vec![problem.clone()])) },
    }
}

/// What is wrong with a field, led by its label.
pub fn wrong(words: Words, place: Place, detail: &str) -> FieldError {
    FieldError { field: place.field.to_owned(), message: format!("{}: {detail}.", words.text(place.label)) }
}

/// A finding of a desk as a sentence of its own.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Reads typed values and gathers what cannot be read.
pub struct Typed {
    words: Words,
    /// What could not be read.
    pub problems: Vec<FieldError>,
}

impl Typed {
    /// Nothing read yet.
    pub fn new(words: Words) -> Self {
        Self { words, problems: Vec::new() }
    }

    /// Notes a slip.
    pub fn slip(&mut self, place: Place, slip: Slip) {
        self.problems.push(wrong(self.words, place, &slip.text(self.words)));
    }

    /// A whole number; nought where there is none, and the problem noted.
    pub fn whole(&mut self, place: Place, text: &str) -> i64 {
        text.trim().parse().unwrap_or_else(|_| {
            self.slip(place, Slip::NotANumber);
            0
        })
    }

    /// A length of time typed in minutes, in seconds. A desk's bounds are in seconds: they are told here in the unit
    /// that was typed.
    pub fn minutes(&mut self, place: Place, text: &str, seconds: RangeInclusive<i64>) -> i64 {
        let before = self.problems.len();
        let typed = self.whole(place, text).saturating_mul(60);
        if self.problems.len() == before && !seconds.contains(&typed) {
            self.slip(place, Slip::Minutes { least: (seconds.start() + 59) / 60, most: seconds.end() / 60 });
        }
        typed
    }

    /// One of a closed list.
    pub fn one_of<T>(&mut self, place: Place, text: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = parse(text);
        if found.is_none() {
            self.slip(place, Slip::NotOffered);
        }
        found
    }

    /// The instant at which clocks in `zone` show what was typed.
    pub fn local_time(&mut self, place: Place, text: &str, zone: Tz) -> Instant {
        match instant_in(zone, text) {
            Ok(instant) => instant,
            Err(slip) => {
                self.slip(place, slip);
                Instant(0)
            }
        }
    }
}

/// The instant at which clocks in that zone show that date and time: there is exactly one, or none is taken.
fn instant_in(zone: Tz, text: &str) -> Result<Instant, Slip> {
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok())
        .ok_or(Slip::NotATime)?;
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Ok(Instant(at.timestamp_millis())),
        LocalResult::Ambiguous(..) => Err(Slip::RepeatedTime),
        LocalResult::None => Err(Slip::SkippedTime),
    }
}

/// What clocks in that zone show at an instant, as forms of browsers spell it.
pub fn local_text(at: Instant, zone: Tz) -> String {
    let local: DateTime<Tz> = at.utc().with_timezone(&zone);
    local.format("%Y-%m-%dT%H:%M").to_string()
}

/// What the act before this page did.
#[derive(Debug, Default, Deserialize)]
pub struct After {
    done: Option<String>,
}

impl After {
    /// The visitor with a notice of it.
    pub fn told(&self, visitor: Visitor) -> Visitor {
        match self.done.as_deref().and_then(|code| Done::sentence(visitor.shell.words, code)) {
            Some(sentence) => visitor.noticing(Tone::Good, sentence),
            None => visitor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_one_instant_or_none() {
        let zone = Tz::America__New_York;
        let cases = [
            ("2027-03-12T09:00", Ok("2027-03-12T14:00:00.000Z")),
            ("2027-07-12T09:00:30", Ok("2027-07-12T13:00:30.000Z")),
            ("2027-03-14T02:30", Err(Slip::SkippedTime)),
            ("2027-11-07T01:30", Err(Slip::RepeatedTime)),
            ("2027-11-07T02:00", Ok("2027-11-07T07:00:00.000Z")),
            ("2027-02-30T09:00", Err(Slip::NotATime)),
            ("tomorrow", Err(Slip::NotATime)),
        ];
        for (text, expected) in cases {
            let found = instant_in(zone, text);
            assert_eq!(found.map(Instant::rfc3339), expected.map(str::to_owned), "{text}");
            if let Ok(at) = found {
                assert_eq!(local_text(at, zone), text[..16]);
            }
        }
    }
}
