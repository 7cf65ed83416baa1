//! The clock: what a deadline is made of, and who may still save.
//!
//! The invariant: a deadline is always the start plus the sum of its recorded terms, and a save counts exactly if it
//! *arrived* before the deadline, however long it then waited for the disk.

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::stop::Stop;
use super::vocabulary::{Part, spelled};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// This instant moved by whole seconds.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Whole seconds from `earlier` to here, rounded up; never less than nought.
    pub fn seconds_since(self, earlier: Instant) -> i64 {
        divide_up((self.0 - earlier.0).max(0), 1000)
    }

    /// For the edges, where people and calendars live.
    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// RFC 3339 in UTC with milliseconds, the interface's spelling of instants.
    pub fn rfc3339(self) -> String {
        self.utc().to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self(t.timestamp_millis()))
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(t: DateTime<Utc>) -> Self {
        Self(t.timestamp_millis())
    }
}

spelled! {
    /// Why a part has some of its time.
    TermKind {
        /// What the sitting gives everybody.
        Allowance = "allowance",
        /// What the person's confirmed accommodation adds.
        Accommodation = "accommodation",
        /// What a proctor or coordinator granted, with a reason.
        Credit = "credit",
    }
}

/// One summand of a part's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Why.
    pub kind: TermKind,
    /// How much.
    pub seconds: i64,
    /// The reason given, for credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// When a part ends: its start plus everything that was granted.
pub fn deadline(started: Instant, terms: &[Term]) -> Instant {
    started.plus_seconds(terms.iter().map(|t| t.seconds).sum())
}

/// A person's confirmed arrangement, as far as the clock is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accommodation {
    /// 100 is the ordinary time, 150 one and a half times as much.
    pub time_multiplier_percent: i64,
    /// Added to Part One.
    pub extra_seconds_one: i64,
    /// Added to Part Two.
    pub extra_seconds_two: i64,
}

impl Accommodation {
    /// No arrangement.
    pub const NONE: Self = Self { time_multiplier_percent: 100, extra_seconds_one: 0, extra_seconds_two: 0 };

    /// What it adds to a part of that allowance; a fraction of a second is given, never taken.
    pub fn added_seconds(&self, part: Part, allowance_seconds: i64) -> i64 {
        let extra = match part {
            Part::One => self.extra_seconds_one,
            Part::Two => self.extra_seconds_two,
        };
        divide_up(allowance_seconds * (self.time_multiplier_percent - 100), 100) + extra
    }
}

/// Division of non-negative numbers that rounds up.
fn divide_up(dividend: i64, divisor: i64) -> i64 {
    (dividend + divisor - 1) / divisor
}

/// The terms with which a part starts.
pub fn opening_terms(part: Part, allowance_seconds: i64, accommodation: &Accommodation) -> Vec<Term> {
    let mut terms = vec![Term { kind: TermKind::Allowance, seconds: allowance_seconds, reason: None }];
    let added = accommodation.added_seconds(part, allowance_seconds);
    if added > 0 {
        terms.push(Term { kind: TermKind::Accommodation, seconds: added, reason: None });
    }
    terms
}

/// The longest credit that one act can grant.
pub const MAX_CREDIT_SECONDS: i64 = 4 * 3600;

/// Why a part that ended did so.
pub mod closing {
    use super::super::vocabulary::spelled;

    spelled! {
        /// Who closed a part.
        ClosedBy {
            /// The examinee submitted it.
            Examinee = "examinee",
            /// Its time was up.
            Deadline = "deadline",
            /// A proctor ended it.
            Proctor = "proctor",
        }
    }
}
pub use closing::ClosedBy;

/// What must be known of an attempt to judge an act upon it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockFacts {
    /// When its time ends: the start plus the terms on record. While the clock stands, [`ends_at`](Self::ends_at) moves on.
    pub deadline: Instant,
    /// When it was closed, if it was.
    pub closed_at: Option<Instant>,
    /// What has stopped the clock, and is not on record as a term yet.
    pub stop: Option<Stop>,
    /// From when on the clock runs after its last stop: less than a second after whoever ended that.
    pub runs_from: Option<Instant>,
}

impl ClockFacts {
    /// A clock that was never stopped.
    pub fn new(deadline: Instant, closed_at: Option<Instant>) -> Self {
        Self { deadline, closed_at, stop: None, runs_from: None }
    }

    /// When time is up, as things stand at `now`: what a stop gives back by then is counted in.
    pub fn ends_at(&self, now: Instant) -> Instant {
        self.deadline.plus_seconds(self.stop.map_or(0, |stop| stop.seconds_at(now)))
    }

    /// Whether the part is over at `now`, be it recorded as closed yet or not. Never while the clock stands.
    pub fn is_over(&self, now: Instant) -> bool {
        self.closed_at.is_some() || now >= self.ends_at(now)
    }

    /// The stop that holds the clock at `now`.
    pub fn standing(&self, now: Instant) -> Option<Stop> {
        self.stop.filter(|stop| stop.holds(now) && !self.is_over(now))
    }

    /// What is left at `now`, in whole seconds rounded up; the same all the time while the clock stands.
    pub fn remaining_seconds(&self, now: Instant) -> i64 {
        match (self.closed_at, self.standing(now)) {
            (Some(_), _) => 0,
            (None, Some(stop)) => self.deadline.seconds_since(stop.since),
            (None, None) => self.ends_at(now).seconds_since(self.runs_from.map_or(now, |from| from.max(now))),
        }
    }

    /// From when on the clock would stand if it were stopped at `now`: it may not have run on from the last stop yet.
    /// Nothing when the part is over.
    pub fn stops_from(&self, started: Instant, now: Instant) -> Option<Instant> {
        let from = self.runs_from.map_or(started, |from| from.max(started)).max(now);
        (!self.is_over(now) && from < self.ends_at(now)).then_some(from)
    }
}

/// Proof that a save was judged in time. Only [`may_save`] makes one, and the store asks for it.
#[derive(Debug)]
pub struct SavePermit(());

/// Whether an answer that arrived at `arrival` counts.
///
/// # Errors
/// [`Refusal::PartClosed`] when the part was closed or the deadline had come.
pub fn may_save(facts: &ClockFacts, arrival: Instant) -> Result<SavePermit, Refusal> {
    if facts.is_over(arrival) { Err(Refusal::PartClosed { late: true }) } else { Ok(SavePermit(())) }
}

/// Proof that an answer which found its part closed had arrived in time. Only [`overtaken`] makes one.
#[derive(Debug)]
pub struct InTime(());

/// Whether an answer that arrived at `arrival` was overtaken by the closing of its part: it arrived before the deadline
/// and before whatever closed the part, and then waited (for the rest of its body, or for the disk) until it was closed.
pub fn overtaken(facts: &ClockFacts, arrival: Instant) -> Option<InTime> {
    let closed_at = facts.closed_at?;
    (arrival < closed_at && arrival < facts.deadline).then_some(InTime(()))
}

/// How long after its deadline the clerk leaves a part alone, so that saves which arrived in time and wait for the disk
/// still find it open.
pub const CLOSING_GRACE_SECONDS: i64 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_and_write_the_interface_spelling() {
        let at = Instant::parse("2026-11-21T19:22:31.007Z").unwrap();
        assert_eq!(at.rfc3339(), "2026-11-21T19:22:31.007Z");
        assert_eq!(Instant::parse("2026-11-21T20:22:31.007+01:00"), Some(at));
        assert_eq!(Instant::parse("21.11.2026"), None);
    }

    #[test]
    fn accommodations_multiply_and_add() {
        let of = |percent, one, two| Accommodation {
            time_multiplier_percent: percent,
            extra_seconds_one: one,
            extra_seconds_two: two,
        };
        let cases = [
            (of(100, 0, 0), Part::One, 5400, 0),
            (of(125, 0, 0), Part::One, 5400, 1350),
            (of(150, 0, 0), Part::Two, 5400, 2700),
            (of(200, 0, 0), Part::Two, 5400, 5400),
            (of(100, 600, 0), Part::One, 5400, 600),
            (of(100, 600, 0), Part::Two, 5400, 0),
            (of(150, 60, 120), Part::Two, 5400, 2820),
            // A fraction is given, not taken: 101 % of 30 s is 30.3 s.
            (of(101, 0, 0), Part::One, 30, 1),
        ];
        for (accommodation, part, allowance, added) in cases {
            assert_eq!(accommodation.added_seconds(part, allowance), added, "{accommodation:?} {part}");
        }
    }

    #[test]
    fn the_deadline_is_the_sum_of_its_terms() {
        let start = Instant(1_000);
        let mut terms =
            opening_terms(Part::One, 5400, &Accommodation { time_multiplier_percent: 150, ..Accommodation::NONE });
        assert_eq!(deadline(start, &terms), Instant(1_000 + 8_100_000));
        terms.push(Term { kind: TermKind::Credit, seconds: 300, reason: Some("fire alarm".into()) });
        assert_eq!(deadline(start, &terms), Instant(1_000 + 8_400_000));
    }

    #[test]
    fn a_save_counts_exactly_if_it_arrived_before_the_deadline() {
        let deadline = Instant(10_000);
        let cases = [
            (None, 9_999, true),
            (None, 10_000, false),
            (None, 10_001, false),
            (Some(Instant(5_000)), 4_999, false),
            (Some(Instant(5_000)), 9_999, false),
        ];
        for (closed_at, arrival, counts) in cases {
            let facts = ClockFacts::new(deadline, closed_at);
            assert_eq!(may_save(&facts, Instant(arrival)).is_ok(), counts, "{closed_at:?} {arrival}");
        }
    }

    #[test]
    fn what_arrived_before_the_closing_was_overtaken() {
        let deadline = Instant(10_000);
        let cases = [
            (None, 9_999, false),
            (Some(Instant(5_000)), 4_999, true),
            (Some(Instant(5_000)), 5_000, false),
            (Some(Instant(5_000)), 9_999, false),
            (Some(deadline), 9_999, true),
            (Some(deadline), 10_000, false),
        ];
        for (closed_at, arrival, expected) in cases {
            let facts = ClockFacts::new(deadline, closed_at);
            assert_eq!(overtaken(&facts, Instant(arrival)).is_some(), expected, "{closed_at:?} {arrival}");
        }
    }

    #[test]
    fn what_is_left_is_rounded_up_and_never_negative() {
        let facts = ClockFacts::new(Instant(10_000), None);
        for (now, left) in [(0, 10), (9_001, 1), (9_000, 1), (8_999, 2), (10_000, 0), (99_999, 0)] {
            assert_eq!(facts.remaining_seconds(Instant(now)), left, "{now}");
        }
    }
}
