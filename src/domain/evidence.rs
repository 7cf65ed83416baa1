//! Late evidence: what arrived when its part was over, what may be decided about it, and what counts in the end.
//!
//! The invariant: stored answers of a closed part never change. What counts is those answers, overlaid by the late ones
//! whose newest decision admits them; this is the one place that says so.

use std::collections::BTreeMap;

use super::refusal::Refusal;
use super::vocabulary::{Part, spelled};

spelled! {
    /// What is decided about a late answer.
    Decision {
        /// It counts.
        Admit = "admit",
        /// It does not.
        Refuse = "refuse",
    }
}

spelled! {
    /// How a late answer stands.
    Standing {
        /// Nobody has decided yet.
        Undecided = "undecided",
        /// It counts.
        Admitted = "admitted",
        /// It does not count.
        Refused = "refused",
    }
}

impl From<Option<Decision>> for Standing {
    fn from(newest: Option<Decision>) -> Self {
        match newest {
            None => Self::Undecided,
            Some(Decision::Admit) => Self::Admitted,
            Some(Decision::Refuse) => Self::Refused,
        }
    }
}

/// The longest reason, in characters.
pub const MAX_REASON_CHARS: usize = 1000;

/// Why an answer counts that arrived in time and was overtaken by the closing of its part.
pub const ARRIVED_IN_TIME: &str = "It arrived before the part was closed.";

/// The answers that count: of each position the one with the highest revision, among those stored in time and those
/// admitted since. `place` tells an answer's position and revision.
pub fn counted<A>(stored: Vec<A>, admitted: Vec<A>, place: impl Fn(&A) -> (i64, i64)) -> Vec<A> {
    let mut newest: BTreeMap<i64, A> = BTreeMap::new();
    for answer in stored.into_iter().chain(admitted) {
        let (position, revision) = place(&answer);
        if newest.get(&position).is_none_or(|kept| place(kept).1 < revision) {
            newest.insert(position, answer);
        }
    }
    newest.into_values().collect()
}

/// What must be known to judge whether what counts of an attempt may still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecountFacts {
    /// Which part.
    pub part: Part,
    /// Whether its seat's result is released or waits for approval.
    pub released: bool,
    /// Whether a text that would change is, or was, with a reviewer.
    pub allocated: bool,
}

/// Whether what counts of an attempt may still change.
///
/// # Errors
/// [`Refusal::ResultsReleased`], [`Refusal::ScriptHeld`].
pub fn may_recount(facts: &RecountFacts) -> Result<(), Refusal> {
    match facts {
        RecountFacts { released: true, .. } => Err(Refusal::ResultsReleased),
        RecountFacts { part: Part::Two, allocated: true, .. } => Err(Refusal::ScriptHeld),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_revision_of_each_position_counts() {
        type Case<'c> = (&'c [(i64, i64)], &'c [(i64, i64)], &'c [(i64, i64)]);
        let cases: [Case<'_>; 6] = [
            (&[(1, 1), (2, 4)], &[], &[(1, 1), (2, 4)]),
            (&[(1, 1), (2, 4)], &[(2, 5)], &[(1, 1), (2, 5)]),
            // What is older than what was stored in time changes nothing.
            (&[(1, 3)], &[(1, 2)], &[(1, 3)]),
            (&[(1, 3)], &[(1, 4), (1, 6), (1, 5)], &[(1, 6)]),
            (&[], &[(7, 1)], &[(7, 1)]),
            (&[(3, 1)], &[(1, 1)], &[(1, 1), (3, 1)]),
        ];
        for (stored, admitted, expected) in cases {
            assert_eq!(counted(stored.to_vec(), admitted.to_vec(), |a| *a), expected, "{stored:?} {admitted:?}");
        }
    }

    #[test]
    fn what_was_stored_in_time_wins_over_the_same_revision_come_late() {
        let stored = vec![(1, 2, "stored")];
        let late = vec![(1, 2, "late")];
        assert_eq!(counted(stored, late, |a| (a.0, a.1)), [(1, 2, "stored")]);
    }

    #[test]
    fn what_was_released_or_is_read_stays_as_it_is() {
        let facts = |part, released, allocated| RecountFacts { part, released, allocated };
        let cases = [
            (facts(Part::One, false, false), Ok(())),
            (facts(Part::Two, false, false), Ok(())),
            (facts(Part::Two, false, true), Err(Refusal::ScriptHeld)),
            (facts(Part::One, false, true), Ok(())),
            (facts(Part::One, true, false), Err(Refusal::ResultsReleased)),
            (facts(Part::Two, true, true), Err(Refusal::ResultsReleased)),
        ];
        for (facts, expected) in cases {
            assert_eq!(may_recount(&facts), expected, "{facts:?}");
        }
    }
}
