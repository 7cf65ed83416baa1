//! What stops a clock: a pause for the whole room, a break of one examinee; and what it gives back.
//!
//! A clock that was stopped goes on at the next full second counted from the stop's beginning, so that what is given back
//! is a whole number of seconds and leaves exactly the time that was left. No second is given back twice: while a room is
//! paused nobody's break counts, and after it a break that was not ended goes on with what remains of it.

use super::timing::{ClockFacts, Instant};
use super::vocabulary::spelled;

spelled! {
    /// How a part that was started stands.
    RunState {
        /// Its clock runs.
        Open = "open",
        /// Its clock stands.
        Paused = "paused",
        /// It is over for good.
        Closed = "closed",
    }
}

impl RunState {
    /// The state of a clock at `now`.
    pub fn of(clock: &ClockFacts, now: Instant) -> Self {
        match clock.standing(now) {
            Some(_) => Self::Paused,
            None if clock.is_over(now) => Self::Closed,
            None => Self::Open,
        }
    }
}

spelled! {
    /// What holds a clock.
    StopKind {
        /// The whole sitting is paused.
        Pause = "pause",
        /// The examinee is on a stop-the-clock break.
        Break = "break",
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Since when.
    pub since: Instant,
    /// When it goes on by itself, a whole number of seconds later: a break. Nothing for a pause, which somebody ends.
    pub until: Option<Instant>,
}

impl Stop {
    /// Whether the clock still stands at `now`.
    pub fn holds(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Whether it is a break rather than a pause.
    pub fn is_break(&self) -> bool {
        self.until.is_some()
    }

    /// What it gives back if it ends at `now`, in seconds; a fraction is given, never taken.
    pub fn seconds_at(&self, now: Instant) -> i64 {
        self.until.map_or(now, |until| now.min(until)).seconds_since(self.since)
    }

    /// From when on the clock runs if the stop ends at `now`.
    pub fn runs_from(&self, now: Instant) -> Instant {
        self.since.plus_seconds(self.seconds_at(now))
    }
}

/// A stretch of time; one without an end goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// When it began.
    pub from: Instant,
    /// When it ended.
    pub until: Option<Instant>,
}

/// A last instant, moved by each pause that began before it had passed. The pauses are in the order of time.
pub fn moved_by(last: Instant, pauses: &[Span]) -> Instant {
    pauses.iter().fold(last, |last, pause| match pause.until {
        Some(until) if pause.from <= last => Instant(last.0 + (until.0 - pause.from.0)),
        _ => last,
    })
}

/// How many whole seconds between two instants lie within stops; where two overlap, they count once.
pub fn standing_seconds(stops: &[Span], from: Instant, until: Instant) -> i64 {
    let mut stops = stops.to_vec();
    stops.sort_by_key(|stop| stop.from);
    let (mut milliseconds, mut counted) = (0, from);
    for stop in stops {
        let (begins, ends) = (stop.from.max(counted), stop.until.map_or(until, |end| end.min(until)));
        if begins < ends {
            milliseconds += ends.0 - begins.0;
            counted = ends;
        }
    }
    milliseconds / 1000
}

/// How many seconds of a part's breaks are left, when the policy grants `longest` in all.
pub fn break_left(longest: i64, taken: i64) -> i64 {
    (longest - taken).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stopped(since: i64, until: Option<i64>) -> ClockFacts {
        let stop = Stop { since: Instant(since), until: until.map(Instant) };
        ClockFacts { stop: Some(stop), ..ClockFacts::new(Instant(100_000), None) }
    }

    #[test]
    fn a_stop_gives_back_whole_seconds_and_leaves_exactly_what_was_left() {
        // Stopped at 40.25 s with 59.75 s left.
        for (now, seconds) in [(40_250, 0), (40_251, 1), (41_250, 1), (41_251, 2), (100_250, 60), (900_000, 860)] {
            let (clock, now) = (stopped(40_250, None), Instant(now));
            let stop = clock.stop.unwrap();
            assert_eq!(stop.seconds_at(now), seconds, "{now:?}");
            assert_eq!((clock.remaining_seconds(now), clock.is_over(now)), (60, false), "{now:?}");
            let after = clock.deadline.plus_seconds(seconds);
            assert_eq!(after.0 - stop.runs_from(now).0, 59_750, "{now:?}");
            // Until the clock runs on, the page still shows what was left.
            let on = ClockFacts { runs_from: Some(stop.runs_from(now)), ..ClockFacts::new(after, None) };
            assert_eq!(on.remaining_seconds(now), 60, "{now:?}");
            assert_eq!(on.stops_from(Instant(0), now), Some(stop.runs_from(now)), "{now:?}");
        }
    }

    #[test]
    fn a_break_goes_on_by_itself() {
        // At most ten seconds from 40.25 s on; 59.75 s are left after it.
        let clock = stopped(40_250, Some(50_250));
        for (now, standing, left, over) in [
            (40_250, true, 60, false),
            (50_249, true, 60, false),
            (50_250, false, 60, false),
            (50_251, false, 60, false),
            (109_999, false, 1, false),
            (110_000, false, 0, true),
        ] {
            let now = Instant(now);
            assert_eq!(clock.standing(now).is_some(), standing, "{now:?}");
            assert_eq!((clock.remaining_seconds(now), clock.is_over(now)), (left, over), "{now:?}");
        }
        assert_eq!(clock.stop.unwrap().seconds_at(Instant(900_000)), 10);
    }

    #[test]
    fn a_deadline_that_passes_during_a_stop_ends_nothing() {
        let clock = stopped(99_999, None);
        assert!(!clock.is_over(Instant(100_000)) && !clock.is_over(Instant(9_999_999)));
        assert_eq!(clock.remaining_seconds(Instant(9_999_999)), 1);
        let over = ClockFacts::new(Instant(100_000), None);
        assert_eq!(over.stops_from(Instant(0), Instant(100_000)), None);
        assert_eq!(over.stops_from(Instant(0), Instant(99_999)), Some(Instant(99_999)));
        // One who started as the pause was on its way is stopped from the start on.
        assert_eq!(over.stops_from(Instant(50_000), Instant(49_000)), Some(Instant(50_000)));
    }

    #[test]
    fn pauses_move_what_they_began_before() {
        let pause = |from, until: Option<i64>| Span { from: Instant(from), until: until.map(Instant) };
        for (pauses, last) in [
            (vec![], 1000),
            (vec![pause(500, Some(1500))], 2000),
            (vec![pause(1000, Some(2000))], 2000),
            (vec![pause(1001, Some(2001))], 1000),
            (vec![pause(500, Some(1500)), pause(1900, Some(2900))], 3000),
            (vec![pause(500, None)], 1000),
        ] {
            assert_eq!(moved_by(Instant(1000), &pauses), Instant(last), "{pauses:?}");
        }
    }

    #[test]
    fn overlapping_stops_count_once() {
        let span = |from, until: Option<i64>| Span { from: Instant(from), until: until.map(Instant) };
        for (stops, seconds) in [
            (vec![], 0),
            (vec![span(0, Some(9_999))], 0),
            (vec![span(0, Some(15_000))], 5),
            (vec![span(12_000, Some(14_999))], 2),
            (vec![span(18_000, None)], 2),
            (vec![span(20_000, None)], 0),
            (vec![span(14_000, Some(16_000)), span(12_000, Some(15_000))], 4),
            (vec![span(11_000, Some(19_000)), span(12_000, Some(13_000)), span(18_000, None)], 9),
        ] {
            assert_eq!(standing_seconds(&stops, Instant(10_000), Instant(20_000)), seconds, "{stops:?}");
        }
    }

    #[test]
    fn breaks_are_bounded_in_all() {
        for (longest, taken, left) in [(1800, 0, 1800), (1800, 600, 1200), (1800, 1800, 0), (600, 900, 0)] {
            assert_eq!(break_left(longest, taken), left);
        }
    }
}
