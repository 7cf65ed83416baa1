//! Outages that were measured, and what of them an examinee lost.

use super::stop::Span;
use super::timing::Instant;
use super::vocabulary::spelled;

spelled! {
    /// What was not there.
    OutageKind {
        /// The server.
        Server = "server",
        /// Contact with one examinee's page.
        Contact = "contact",
    }
}

spelled! {
    /// What is decided about an outage.
    OutageDecision {
        /// What was lost is credited.
        Grant = "grant",
        /// It is not.
        Dismiss = "dismiss",
    }
}

/// After how long without a heartbeat the server counts as having been away, in seconds.
pub const AWAY_SECONDS: i64 = 15;

/// A length of time that was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// When it began.
    pub from: Instant,
    /// When it ended.
    pub until: Instant,
}

/// What of an outage counted against a clock that was started at `started`, in seconds, rounded up: all of it but what is
/// made good otherwise. Stretches in `without` may overlap; one without an end goes on.
pub fn lost_seconds(outage: Gap, started: Instant, without: &[Span]) -> i64 {
    let mut spans: Vec<(i64, i64)> =
        without.iter().map(|span| (span.from.0, span.until.map_or(outage.until.0, |until| until.0))).collect();
    spans.sort_unstable();
    let (mut at, mut lost) = (outage.from.max(started).0, 0);
    for (from, until) in spans {
        let from = from.min(outage.until.0);
        lost += (from - at).max(0);
        at = at.max(until);
    }
    lost += (outage.until.0 - at).max(0);
    (lost + 999) / 1000
}

/// The gaps of at least `least` seconds between signs of life, which are in the order of time.
pub fn gaps(signs: &[Instant], least: i64) -> Vec<Gap> {
    signs
        .windows(2)
        .map(|pair| Gap { from: pair[0], until: pair[1] })
        .filter(|gap| gap.until.0 - gap.from.0 >= least * 1000)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: impl Into<Option<i64>>) -> Span {
        Span { from: Instant(from), until: until.into().map(Instant) }
    }

    #[test]
    fn what_is_made_good_otherwise_is_not_lost() {
        let outage = Gap { from: Instant(10_000), until: Instant(70_000) };
        let cases: [(i64, Vec<Span>, i64); 11] = [
            (0, vec![], 60),
            (30_000, vec![], 40),
            (70_000, vec![], 0),
            (9_000, vec![span(0, 10_000)], 60),
            (0, vec![span(0, 20_500)], 50),
            (0, vec![span(20_000, 30_000)], 50),
            (0, vec![span(20_000, 40_000), span(30_000, 50_000)], 30),
            (0, vec![span(20_000, 60_000), span(30_000, 40_000)], 20),
            (0, vec![span(60_000, None)], 50),
            (0, vec![span(0, None)], 0),
            (0, vec![span(80_000, 90_000)], 60),
        ];
        for (started, without, lost) in cases {
            assert_eq!(lost_seconds(outage, Instant(started), &without), lost, "{started} {without:?}");
        }
    }

    #[test]
    fn only_long_gaps_count() {
        let signs = [0, 20_000, 139_999, 260_000].map(Instant);
        assert_eq!(gaps(&signs, 120), [Gap { from: Instant(139_999), until: Instant(260_000) }]);
        assert_eq!(gaps(&signs[..1], 1), []);
    }
}
