//! Where an examinee is on the day, as the board of their sitting tells it.

use super::timing::{ClockFacts, Instant};
use super::vocabulary::spelled;

spelled! {
    /// Where an examinee is.
    Presence {
        /// Not here yet.
        Expected = "expected",
        /// Identity confirmed, not begun.
        Admitted = "admitted",
        /// At work.
        Working = "working",
        /// At work as far as the clock is concerned, but not heard of.
        Disconnected = "disconnected",
        /// On a stop-the-clock break.
        OnBreak = "on_break",
        /// At work, but the sitting is paused.
        Paused = "paused",
        /// Between the parts.
        Break = "break",
        /// Both parts closed.
        Finished = "finished",
        /// Did not come before the sitting closed.
        Absent = "absent",
    }
}

/// After how long without a sign of life a page counts as disconnected.
pub const SILENT_SECONDS: i64 = 60;

/// What tells where somebody is.
#[derive(Debug, Clone)]
pub struct PresenceFacts<'c> {
    /// The clocks of the parts that were started.
    pub clocks: &'c [ClockFacts],
    /// Whether the identity was confirmed.
    pub admitted: bool,
    /// When their page was last heard of.
    pub last_contact: Option<Instant>,
    /// When starting ends.
    pub closes_at: Instant,
}

/// Where somebody is at `now`. A clock that stands comes before silence: nobody is missed meanwhile.
pub fn presence(facts: &PresenceFacts<'_>, now: Instant) -> Presence {
    if let Some(running) = facts.clocks.iter().find(|clock| !clock.is_over(now)) {
        let silent = facts.last_contact.is_none_or(|at| now.seconds_since(at) > SILENT_SECONDS);
        return match running.standing(now) {
            Some(stop) if stop.is_break() => Presence::OnBreak,
            Some(_) => Presence::Paused,
            None if silent => Presence::Disconnected,
            None => Presence::Working,
        };
    }
    match facts.clocks.len() {
        0 if now > facts.closes_at => Presence::Absent,
        0 if facts.admitted => Presence::Admitted,
        0 => Presence::Expected,
        1 => Presence::Break,
        _ => Presence::Finished,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stop::Stop;

    #[test]
    fn where_somebody_is() {
        let runs = ClockFacts::new(Instant(900_000), None);
        let stopped = |until: Option<i64>| ClockFacts {
            stop: Some(Stop { since: Instant(50_000), until: until.map(Instant) }),
            ..runs
        };
        let over = ClockFacts::new(Instant(900_000), Some(Instant(90_000)));
        type Case<'c> = (&'c [ClockFacts], bool, Option<i64>, i64, Presence);
        let cases: [Case<'_>; 14] = [
            (&[], false, None, 100_000, Presence::Expected),
            (&[], true, None, 100_000, Presence::Admitted),
            (&[], true, None, 500_001, Presence::Absent),
            (&[runs], true, Some(40_000), 100_000, Presence::Working),
            (&[runs], true, Some(39_999), 100_000, Presence::Disconnected),
            (&[runs], true, None, 100_000, Presence::Disconnected),
            (&[stopped(None)], true, None, 100_000, Presence::Paused),
            (&[stopped(Some(110_000))], true, None, 100_000, Presence::OnBreak),
            (&[stopped(Some(90_000))], true, Some(95_000), 100_000, Presence::Working),
            (&[over], true, None, 100_000, Presence::Break),
            (&[over, runs], true, Some(99_000), 100_000, Presence::Working),
            (&[over, over], true, None, 100_000, Presence::Finished),
            (&[over, runs], true, None, 900_000, Presence::Finished),
            (&[runs], true, None, 900_000, Presence::Break),
        ];
        for (clocks, admitted, contact, now, expected) in cases {
            let last_contact = contact.map(Instant);
            let facts = PresenceFacts { clocks, admitted, last_contact, closes_at: Instant(500_000) };
            assert_eq!(presence(&facts, Instant(now)), expected, "{clocks:?} {admitted} {contact:?} {now}");
        }
    }
}
