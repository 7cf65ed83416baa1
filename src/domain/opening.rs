//! In which order the pages of an attempt were opened. The page opened last goes on with the work; an earlier one that is
//! heard of again, from a device without a network perhaps, becomes read-only, and what it kept is stored by the order of
//! revisions.
//!
//! A page numbers its revisions from the number of its opening on. Two openings are so far apart that no page reaches the
//! next one's numbers: whatever an earlier page still has under way, or sends a day later, is older.

use super::timing::Instant;

/// How far apart two openings are at the least: more changes than anybody makes on one page.
const APART: i64 = 1_000_000;

/// The number of an opening at `now`, after `last`. The clock gives it, so that it is above whatever was numbered from an
/// earlier instant; where two servers' clocks part ways, the one before does.
pub fn next(last: Option<i64>, now: Instant) -> i64 {
    last.map_or(now.0, |last| now.0.max(last + APART))
}

/// Whether a page of that opening is no longer the one that goes on.
pub fn is_superseded(opening: i64, newest: i64) -> bool {
    opening < newest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_only_rise_and_leave_room() {
        for (last, now, opening) in [
            (None, 5, 5),
            (Some(5), 2_000_000, 2_000_000),
            (Some(1_999_999), 2_000_000, 2_999_999),
            (Some(2_000_000), 2_000_000, 3_000_000),
            // A clock that was put back.
            (Some(9_000_000), 2_000_000, 10_000_000),
        ] {
            assert_eq!(next(last, Instant(now)), opening, "{last:?} {now}");
        }
        assert!(is_superseded(4, 5) && !is_superseded(5, 5) && !is_superseded(6, 5));
    }
}
