//! How reviewers' work goes on: when they are reminded, when it is proposed to give their scripts to others, and how long
//! what waits will take them.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::absence::{Absence, away_until};
use super::vocabulary::spelled;

/// Days before the due date on which the first reminder goes out, then days after it for the others.
const FIRST_DAYS_BEFORE: u64 = 3;
const LATER_DAYS_AFTER: [u64; 2] = [1, 7];
/// How often a reviewer is reminded of a script, at the most.
pub const MOST_REMINDERS: i64 = 3;

/// What a script takes until one's own work has shown it: an exam of two takes a reviewer two hours and more.
pub const DEFAULT_SECONDS: i64 = 60 * 60;
/// From how many sealed scripts on one's own pace is believed.
const ENOUGH_SEALED: usize = 3;
/// A pause longer than this is no work.
pub const PAUSE_SECONDS: i64 = 5 * 60;
/// What is left of a draft at the least.
const LEAST_LEFT_SECONDS: i64 = 5 * 60;
/// To what an estimate is rounded up.
const ROUND_SECONDS: i64 = 5 * 60;

/// Whether a reviewer is to be reminded today of a script, having been so many times.
pub fn reminder_is_due(due_on: NaiveDate, today: NaiveDate, reminders: i64) -> bool {
    let from = match reminders {
        0 => due_on.checked_sub_days(Days::new(FIRST_DAYS_BEFORE)),
        1 => due_on.checked_add_days(Days::new(LATER_DAYS_AFTER[0])),
        2 => due_on.checked_add_days(Days::new(LATER_DAYS_AFTER[1])),
        _ => None,
    };
    from.is_some_and(|from| from <= today)
}

spelled! {
    /// Why it is proposed to give a reviewer's scripts to others.
    ProposalReason {
        /// A conflict with the writer is known that was not when the script was given out.
        Conflict = "conflict",
        /// They are absent now, and their scripts are due before they are back.
        Absent = "absent",
        /// Their date has passed by more days than the policy grants.
        Overdue = "overdue",
    }
}

/// Why an open script should go to somebody else, if it should.
pub fn proposal(due_on: NaiveDate, today: NaiveDate, absences: &[Absence], grace_days: i64) -> Option<ProposalReason> {
    let grace = Days::new(u64::try_from(grace_days).unwrap_or(0));
    if away_until(absences, today).is_some_and(|back| back >= due_on) {
        Some(ProposalReason::Absent)
    } else if due_on.checked_add_days(grace).is_some_and(|last| last < today) {
        Some(ProposalReason::Overdue)
    } else {
        None
    }
}

/// How long what waits will take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// For everything that waits.
    pub minutes: i64,
    /// For one script.
    pub minutes_each: i64,
    /// Whether it comes from one's own work; otherwise it is what is usual.
    pub own: bool,
}

/// Judges by one's own sealed scripts (seconds of work on each), the open ones (seconds so far). The middle one of the
/// own times counts, the lower of two: one script that took an evening changes nothing.
pub fn estimate(sealed: &[i64], open: &[i64]) -> Estimate {
    let mut known: Vec<i64> = sealed.iter().copied().filter(|seconds| *seconds > 0).collect();
    known.sort_unstable();
    let own = known.len() >= ENOUGH_SEALED;
    let each = if own { known[(known.len() - 1) / 2].max(LEAST_LEFT_SECONDS) } else { DEFAULT_SECONDS };
    let left: i64 = open.iter().map(|so_far| (each - so_far).max(LEAST_LEFT_SECONDS)).sum();
    let minutes = |seconds: i64| (seconds + ROUND_SECONDS - 1) / ROUND_SECONDS * ROUND_SECONDS / 60;
    Estimate { minutes: minutes(left), minutes_each: minutes(each), own }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn three_reminders_and_no_more() {
        let cases = [
            ("2027-04-01", 0, false),
            ("2027-04-02", 0, true),
            ("2027-04-05", 1, false),
            ("2027-04-06", 1, true),
            ("2027-04-11", 2, false),
            ("2027-04-12", 2, true),
            ("2027-09-01", 3, false),
        ];
        for (today, reminders, expected) in cases {
            assert_eq!(reminder_is_due(day("2027-04-05"), day(today), reminders), expected, "{today} {reminders}");
        }
    }

    #[test]
    fn absence_and_lateness_propose() {
        let away = |from, until| vec![Absence { from: day(from), until: day(until) }];
        let cases = [
            ("2027-04-05", vec![], None),
            ("2027-04-12", vec![], None),
            ("2027-04-13", vec![], Some(ProposalReason::Overdue)),
            ("2027-04-01", away("2027-03-30", "2027-04-20"), Some(ProposalReason::Absent)),
            // Back before it is due.
            ("2027-04-01", away("2027-03-30", "2027-04-03"), None),
            // Not gone yet.
            ("2027-03-29", away("2027-03-30", "2027-04-20"), None),
        ];
        for (today, absences, expected) in cases {
            assert_eq!(proposal(day("2027-04-05"), day(today), &absences, 7), expected, "{today}");
        }
    }

    #[test]
    fn the_estimate_learns_from_ones_own_work() {
        let minutes = |m: i64| m * 60;
        let cases = [
            (vec![], vec![], (0, 60, false)),
            (vec![], vec![0], (60, 60, false)),
            (vec![minutes(10), minutes(10)], vec![0], (60, 60, false)),
            (vec![minutes(20), minutes(10), minutes(180)], vec![0, 0], (40, 20, true)),
            (vec![minutes(20); 4], vec![minutes(8), 0], (35, 20, true)),
            // Who has worked longer than usual is not done yet.
            (vec![minutes(20); 4], vec![minutes(90)], (5, 20, true)),
            // What was sealed without a draft tells nothing.
            (vec![0, 0, 0], vec![0], (60, 60, false)),
        ];
        for (sealed, open, expected) in cases {
            let found = estimate(&sealed, &open);
            assert_eq!((found.minutes, found.minutes_each, found.own), expected, "{sealed:?} {open:?}");
        }
    }
}
