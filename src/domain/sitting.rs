//! What a sitting is made of, and what makes its terms impossible.

use serde::{Deserialize, Serialize};

use super::refusal::FieldProblem;
use super::timing::Instant;
use super::vocabulary::{SittingKind, spelled};

/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 200;
/// The longest time of a part, in seconds.
pub const MAX_ALLOWANCE_SECONDS: i64 = 43_200;

spelled! {
    /// Where a sitting stands as a whole.
    Stage {
        /// It has not opened.
        Planned = "planned",
        /// People may start.
        Open = "open",
        /// It has closed, and not every result is out.
        Marking = "marking",
        /// It has closed, and every seat's result is out.
        Released = "released",
    }
}

/// The terms of a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What people call it.
    pub title: String,
    /// How it starts.
    pub kind: SittingKind,
    /// When it opens; for a fixed sitting, when everybody starts.
    pub opens_at: Instant,
    /// After this nobody starts any more.
    pub closes_at: Instant,
    /// An IANA name: where the sitting's calendar days and shown times lie.
    pub time_zone: String,
    /// How many seats there are.
    pub capacity: i64,
    /// Part One's time in seconds.
    pub one_allowance_seconds: i64,
    /// Part One's questions.
    pub one_items: i64,
    /// Part One's pass mark.
    pub one_pass_percent: i64,
    /// Part Two's time in seconds.
    pub two_allowance_seconds: i64,
    /// Part Two's vignettes.
    pub two_vignettes: i64,
    /// How many of them count.
    pub two_answer: i64,
}

/// Where a sitting with so many seats, and so many results that are out, stands.
pub fn stage(terms: &Terms, seats: i64, results_out: i64, now: Instant) -> Stage {
    if now < terms.opens_at {
        Stage::Planned
    } else if now <= terms.closes_at {
        Stage::Open
    } else if seats > 0 && results_out >= seats {
        Stage::Released
    } else {
        Stage::Marking
    }
}

/// Everything that is wrong with these terms.
pub fn problems(terms: &Terms) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut check = |holds: bool, pointer: &str, detail: &str| {
        if !holds {
            problems.push(FieldProblem::new(pointer, detail));
        }
    };
    let title = terms.title.trim();
    check(!title.is_empty() && title.chars().count() <= MAX_TITLE_CHARS, "/title", "between 1 and 200 characters");
    check(terms.closes_at > terms.opens_at, "/closes_at", "must be later than the opening");
    check(terms.time_zone.parse::<chrono_tz::Tz>().is_ok(), "/time_zone", "not a time zone of the IANA list");
    check((1..=100_000).contains(&terms.capacity), "/capacity", "between 1 and 100000");
    let seconds = format!("between 1 and {MAX_ALLOWANCE_SECONDS} seconds");
    let fits = |time: i64| (1..=MAX_ALLOWANCE_SECONDS).contains(&time);
    check(fits(terms.one_allowance_seconds), "/parts/one/allowance_seconds", &seconds);
    check((1..=200).contains(&terms.one_items), "/parts/one/items", "between 1 and 200");
    check((1..=100).contains(&terms.one_pass_percent), "/parts/one/pass_percent", "between 1 and 100");
    check(fits(terms.two_allowance_seconds), "/parts/two/allowance_seconds", &seconds);
    check((1..=6).contains(&terms.two_vignettes), "/parts/two/vignettes", "between 1 and 6");
    check(
        (1..=terms.two_vignettes).contains(&terms.two_answer),
        "/parts/two/answer",
        "between 1 and the number of vignettes",
    );
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            title: "Spring".into(),
            kind: SittingKind::Fixed,
            opens_at: Instant(0),
            closes_at: Instant(1),
            time_zone: "America/Chicago".into(),
            capacity: 20,
            one_allowance_seconds: 5400,
            one_items: 60,
            one_pass_percent: 80,
            two_allowance_seconds: 5400,
            two_vignettes: 3,
            two_answer: 2,
        }
    }

    #[test]
    fn a_sitting_is_released_once_every_seat_has_its_result() {
        let cases = [
            (-1, 2, 0, Stage::Planned),
            (0, 2, 2, Stage::Open),
            (1, 2, 2, Stage::Open),
            (2, 2, 1, Stage::Marking),
            (2, 2, 2, Stage::Released),
            (2, 0, 0, Stage::Marking),
        ];
        for (now, seats, out, expected) in cases {
            assert_eq!(stage(&terms(), seats, out, Instant(now)), expected, "{now} {seats} {out}");
        }
    }

    #[test]
    fn each_impossible_term_is_named() {
        type Change = fn(&mut Terms);
        let cases: [(Change, &[&str]); 10] = [
            (|_| (), &[]),
            (|t| t.title = "  ".into(), &["/title"]),
            (|t| t.title = "x".repeat(201), &["/title"]),
            (|t| t.closes_at = t.opens_at, &["/closes_at"]),
            (|t| t.time_zone = "Mars/Base".into(), &["/time_zone"]),
            (|t| t.capacity = 0, &["/capacity"]),
            (|t| t.one_items = 0, &["/parts/one/items"]),
            (|t| t.one_pass_percent = 101, &["/parts/one/pass_percent"]),
            (|t| t.two_answer = 4, &["/parts/two/answer"]),
            (|t| t.two_vignettes = 0, &["/parts/two/vignettes", "/parts/two/answer"]),
        ];
        for (change, expected) in cases {
            let mut given = terms();
            change(&mut given);
            let pointers: Vec<String> = problems(&given).into_iter().map(|p| p.pointer).collect();
            assert_eq!(pointers, expected);
        }
    }
}
