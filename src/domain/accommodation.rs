//! Accommodations: what belongs to a person and follows them into every sitting, for how long, and what becomes of it
//! when it is changed while an exam runs.
//!
//! The invariant: a change gives to a part that runs and never takes from it, and no change reaches a part that is over.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::ids::PersonId;
use super::refusal::{FieldProblem, Refusal};
use super::retake::day_of;
use super::timing::{Accommodation, Instant, Term, TermKind};
use super::vocabulary::{Part, spelled};

/// The most time that an arrangement adds to a part, apart from multiplying it.
pub const MAX_EXTRA_SECONDS: i64 = 14_400;
/// The longest statement and the longest note, in characters.
pub const MAX_NOTE_CHARACTERS: usize = 2000;

/// How the exam room is laid out for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presentation {
    /// The room opens with larger type.
    #[serde(default)]
    pub larger_type: bool,
    /// One column, wider spacing and shorter lines, in the order in which a program reads aloud.
    #[serde(default)]
    pub reader_layout: bool,
    /// The browser's spell-check works in prose.
    #[serde(default)]
    pub spell_check: bool,
}

impl Presentation {
    /// Everything that either of two gives.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            larger_type: self.larger_type || other.larger_type,
            reader_layout: self.reader_layout || other.reader_layout,
            spell_check: self.spell_check || other.spell_check,
        }
    }
}

/// All that can be arranged for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// What the clock needs.
    #[serde(flatten)]
    pub terms: Accommodation,
    /// Whether breaks stop the clock.
    pub stop_clock_breaks: bool,
    /// What the room needs.
    #[serde(flatten)]
    pub presentation: Presentation,
}

impl Arrangement {
    /// Nothing out of the ordinary.
    pub const NONE: Self = Self {
        terms: Accommodation::NONE,
        stop_clock_breaks: false,
        presentation: Presentation { larger_type: false, reader_layout: false, spell_check: false },
    };

    /// What is wrong with it, field by field.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut check = |holds: bool, pointer: &str, detail: String| {
            if !holds {
                problems.push(FieldProblem::new(pointer, detail));
            }
        };
        let percent = self.terms.time_multiplier_percent;
        check((100..=300).contains(&percent), "/time_multiplier_percent", "between 100 and 300".into());
        for (pointer, extra) in
            [("/extra_seconds/one", self.terms.extra_seconds_one), ("/extra_seconds/two", self.terms.extra_seconds_two)]
        {
            check((0..=MAX_EXTRA_SECONDS).contains(&extra), pointer, format!("between 0 and {MAX_EXTRA_SECONDS}"));
        }
        problems
    }
}

/// What is wrong with a text that must say something.
pub fn problem_of_note(pointer: &str, note: &str) -> Option<FieldProblem> {
    let fits = !note.trim().is_empty() && note.chars().count() <= MAX_NOTE_CHARACTERS;
    (!fits).then(|| FieldProblem::new(pointer, format!("between 1 and {MAX_NOTE_CHARACTERS} characters")))
}

/// A last day as it was sent, in its one spelling.
///
/// # Errors
/// [`Refusal::Invalid`] when it is no day.
pub fn last_day(sent: Option<&str>) -> Result<Option<String>, Refusal> {
    let read = |day: &str| match day.parse::<NaiveDate>() {
        Ok(day) => Ok(day.to_string()),
        Err(_) => Err(Refusal::invalid("/expires_on", "a date such as 2027-11-21")),
    };
    sent.map(read).transpose()
}

/// Whether an arrangement whose last day is `expires_on` (`YYYY-MM-DD`) holds on `day`. It does on the last day itself.
pub fn holds_on(expires_on: Option<&str>, day: NaiveDate) -> bool {
    expires_on.is_none_or(|last| last.parse::<NaiveDate>().is_ok_and(|last| day <= last))
}

/// The day by which expiry is judged: the one on which the person begins Part One, where the sitting takes place;
/// until then the day of the opening or today, whichever is later. Part Two follows Part One, so that no arrangement
/// ends at a midnight between the two.
pub fn day_that_counts(opens_at: Instant, began_at: Option<Instant>, now: Instant, zone: Tz) -> NaiveDate {
    day_of(began_at.unwrap_or_else(|| opens_at.max(now)), zone)
}

/// By how many seconds an arrangement lengthens a part that runs with these terms; nought when it gives no more than
/// the part has already.
pub fn lengthening_seconds(terms: &[Term], part: Part, arranged: &Accommodation) -> i64 {
    // A term with a reason is time given back, such as a break's, and no part of what the arrangement adds.
    let of = |kind| -> i64 { terms.iter().filter(|t| t.kind == kind && t.reason.is_none()).map(|t| t.seconds).sum() };
    (arranged.added_seconds(part, of(TermKind::Allowance)) - of(TermKind::Accommodation)).max(0)
}

spelled! {
    /// Where a request stands.
    RequestState {
        /// A coordinator has to look at it.
        Waiting = "waiting",
        /// An arrangement came of it.
        Approved = "approved",
        /// None did.
        Declined = "declined",
        /// The person took it back.
        Withdrawn = "withdrawn",
    }
}

spelled! {
    /// What a coordinator makes of a request.
    Decision {
        /// An arrangement is confirmed.
        Approve = "approve",
        /// None is.
        Decline = "decline",
    }
}

/// Whether `judge` may decide on the request of `asker`.
///
/// # Errors
/// [`Refusal::RequestDecided`] when it waits no longer; [`Refusal::SecondPersonRequired`] for one's own.
pub fn may_decide(state: RequestState, asker: &PersonId, judge: &PersonId) -> Result<(), Refusal> {
    if asker == judge {
        return Err(Refusal::SecondPersonRequired);
    }
    if state == RequestState::Waiting { Ok(()) } else { Err(Refusal::RequestDecided) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn an_arrangement_holds_to_the_end_of_its_last_day() {
        let cases = [
            (None, "2099-12-31", true),
            (Some("2027-03-12"), "2027-03-11", true),
            (Some("2027-03-12"), "2027-03-12", true),
            (Some("2027-03-12"), "2027-03-13", false),
            (Some("some day"), "2027-03-13", false),
        ];
        for (expires_on, on, holds) in cases {
            assert_eq!(holds_on(expires_on, day(on)), holds, "{expires_on:?} {on}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_sitting_and_does_not_end_between_the_parts() {
        let (honolulu, dublin) = (chrono_tz::Pacific::Honolulu, chrono_tz::Europe::Dublin);
        let opens = at("2027-03-12T18:00:00Z");
        let cases = [
            // Before it opens, whenever one looks.
            (None, "2027-01-01T00:00:00Z", dublin, "2027-03-12"),
            // In a window, the day on which one would begin.
            (None, "2027-03-20T18:00:00Z", dublin, "2027-03-20"),
            // Where the sitting is, not where the clock's zero is.
            (None, "2027-03-20T05:00:00Z", honolulu, "2027-03-19"),
            // Part Two after midnight belongs to the day of Part One.
            (Some("2027-03-12T23:30:00Z"), "2027-03-13T01:00:00Z", dublin, "2027-03-12"),
        ];
        for (began, now, zone, expected) in cases {
            let found = day_that_counts(opens, began.map(at), at(now), zone);
            assert_eq!(found, day(expected), "{began:?} {now} {zone}");
        }
    }

    #[test]
    fn a_change_gives_and_never_takes() {
        let term = |kind, seconds| Term { kind, seconds, reason: None };
        let with = |percent, two| Accommodation {
            time_multiplier_percent: percent,
            extra_seconds_one: 0,
            extra_seconds_two: two,
        };
        let plain = vec![term(TermKind::Allowance, 5400)];
        let longer = vec![
            term(TermKind::Allowance, 5400),
            term(TermKind::Accommodation, 2700),
            // What was credited is no part of an arrangement.
            term(TermKind::Credit, 600),
            // Nor is what a break gave back.
            Term { kind: TermKind::Accommodation, seconds: 300, reason: Some("break of 300 seconds".into()) },
        ];
        let rested = Term { reason: Some("break".into()), ..term(TermKind::Accommodation, 900) };
        let after_a_break = [plain.clone(), vec![rested]].concat();
        let twice = [longer.clone(), vec![term(TermKind::Accommodation, 2700)]].concat();
        let cases = [
            (&plain, Part::Two, with(100, 0), 0),
            (&plain, Part::Two, with(150, 0), 2700),
            (&plain, Part::One, with(100, 900), 0),
            (&plain, Part::Two, with(100, 900), 900),
            (&longer, Part::Two, with(150, 0), 0),
            (&longer, Part::Two, with(200, 60), 2760),
            (&longer, Part::Two, with(125, 0), 0),
            (&longer, Part::Two, Accommodation::NONE, 0),
            (&twice, Part::Two, with(200, 0), 0),
            (&after_a_break, Part::Two, with(150, 0), 2700),
        ];
        for (terms, part, arranged, seconds) in cases {
            assert_eq!(lengthening_seconds(terms, part, &arranged), seconds, "{terms:?} {arranged:?}");
        }
    }

    #[test]
    fn what_can_be_arranged_is_bounded() {
        let of = |percent, one, two| Arrangement {
            terms: Accommodation { time_multiplier_percent: percent, extra_seconds_one: one, extra_seconds_two: two },
            ..Arrangement::NONE
        };
        let cases: [(Arrangement, &[&str]); 6] = [
            (of(100, 0, 0), &[]),
            (of(300, 14_400, 14_400), &[]),
            (of(99, 0, 0), &["/time_multiplier_percent"]),
            (of(301, 0, 0), &["/time_multiplier_percent"]),
            (of(100, -1, 14_401), &["/extra_seconds/one", "/extra_seconds/two"]),
            (of(0, -1, 0), &["/time_multiplier_percent", "/extra_seconds/one"]),
        ];
        for (arranged, expected) in cases {
            let found: Vec<String> = arranged.problems().into_iter().map(|p| p.pointer).collect();
            assert_eq!(found, expected, "{arranged:?}");
        }
    }

    #[test]
    fn who_decides_on_a_request_is_somebody_else() {
        let (ann, ben) = (PersonId("ann".into()), PersonId("ben".into()));
        for state in RequestState::ALL {
            assert_eq!(may_decide(*state, &ann, &ann), Err(Refusal::SecondPersonRequired));
            let open = *state == RequestState::Waiting;
            let expected = if open { Ok(()) } else { Err(Refusal::RequestDecided) };
            assert_eq!(may_decide(*state, &ann, &ben), expected, "{state}");
        }
    }

    #[test]
    fn a_last_day_has_one_spelling() {
        assert_eq!(last_day(None), Ok(None));
        assert_eq!(last_day(Some("2027-11-21")), Ok(Some("2027-11-21".into())));
        assert_eq!(last_day(Some("2027-1-5")), Ok(Some("2027-01-05".into())));
        assert!(last_day(Some("tomorrow")).is_err());
        assert!(last_day(Some("")).is_err());
    }
}
