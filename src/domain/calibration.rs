//! Calibration of reviewers: how far a reading lies from the reference of a benchmark script, who is admitted to live
//! scripts by it, and how many benchmark scripts are planted among live ones afterwards.
//!
//! Everything here is in integers: it decides about people.

use serde::{Deserialize, Serialize};

use super::bank::ReferenceMark;
use super::panel::Reading;
use super::policy::Policy;
use super::vocabulary::{Verdict, spelled};

pub mod drift;

/// The most that may be owed of what could not be planted, in hundredths: what no benchmark script was left for is not
/// heaped up, or a later batch would be full of them.
const MOST_OWED: i64 = 199;

spelled! {
    /// What stands about a reviewer and a strand. The newest decision counts.
    Decision {
        /// May read live scripts.
        Admitted = "admitted",
        /// The calibration did not admit them, and no further set is given.
        NotAdmitted = "not_admitted",
        /// A coordinator took the admission back.
        Withdrawn = "withdrawn",
        /// A coordinator asks for the calibration to be done once more.
        Again = "again",
    }
}

/// What a reviewer learns from a benchmark script of a set, once the set is judged: the reference and its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// The reference verdict.
    pub verdict: Verdict,
    /// The reference by criterion.
    pub marks: Vec<ReferenceMark>,
}

spelled! {
    /// What a set came to.
    SetOutcome {
        /// Within the tolerance.
        Admitted = "admitted",
        /// Beyond it, and there are benchmark scripts enough for another set.
        FurtherSet = "further_set",
        /// Beyond it, and there are not.
        NotAdmitted = "not_admitted",
        /// A coordinator had decided before it was complete.
        Decided = "decided",
    }
}

spelled! {
    /// How a reviewer stands in a strand, as people are told it.
    State {
        /// Nothing is asked, and nothing was decided: they read.
        NotAsked = "not_asked",
        /// A set is to be given.
        Waiting = "waiting",
        /// A set is due, and the question bank has not benchmark scripts enough that they have not seen.
        Lacking = "lacking",
        /// They are scoring a set.
        Scoring = "scoring",
        /// They read live scripts.
        Admitted = "admitted",
        /// The calibration did not admit them.
        NotAdmitted = "not_admitted",
        /// The admission was taken back.
        Withdrawn = "withdrawn",
    }
}

/// How a reviewer stands: what is asked, what was decided, whether a set is open, and whether there are benchmark scripts
/// for another.
pub fn state(asked: bool, standing: Option<Decision>, set_is_open: bool, supplied: bool) -> State {
    match standing {
        Some(Decision::Admitted) => State::Admitted,
        Some(Decision::NotAdmitted) => State::NotAdmitted,
        Some(Decision::Withdrawn) => State::Withdrawn,
        Some(Decision::Again) | None if set_is_open => State::Scoring,
        Some(Decision::Again) | None if !asked => State::NotAsked,
        Some(Decision::Again) | None if supplied => State::Waiting,
        Some(Decision::Again) | None => State::Lacking,
    }
}

/// Whether somebody may be given live scripts of a strand: those whom a decision admits, and, where the rules ask for no
/// calibration, everybody about whom nothing was decided.
pub fn may_read(asked: bool, standing: Option<Decision>) -> bool {
    match standing {
        Some(Decision::Admitted) => true,
        Some(Decision::Withdrawn) => false,
        Some(Decision::NotAdmitted | Decision::Again) | None => !asked,
    }
}

/// Whether a reviewer about whom this stands is to be given a set when none is open.
pub fn wants_set(standing: Option<Decision>) -> bool {
    matches!(standing, None | Some(Decision::Again))
}

/// How far one reading lies from the reference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distance {
    /// How many criteria there are.
    pub criteria: i64,
    /// The differences of points, summed without their signs.
    pub absolute: i64,
    /// The same with their signs: above nought where the reading gave more than the reference.
    pub signed: i64,
    /// The most points that the script could be given.
    pub max_points: i64,
    /// How many verdicts differ: nought or one for a single reading.
    pub misses: i64,
    /// How many readings this is of.
    pub readings: i64,
}

impl Distance {
    /// Of one reading. A criterion that was not scored counts as nought points, which a sealed review never has.
    pub fn of(own: &Reading, reference: &Reading, max_points: i64) -> Self {
        let differences = reference.scores.iter().map(|(id, points)| own.scores.get(id).copied().unwrap_or(0) - points);
        let differences: Vec<i64> = differences.collect();
        Self {
            criteria: i64::try_from(differences.len()).unwrap_or(i64::MAX),
            absolute: differences.iter().map(|d| d.abs()).sum(),
            signed: differences.iter().sum(),
            max_points,
            misses: i64::from(own.verdict != reference.verdict),
            readings: 1,
        }
    }

    /// Of several.
    pub fn sum(all: &[Self]) -> Self {
        all.iter().fold(Self::default(), |sum, one| Self {
            criteria: sum.criteria + one.criteria,
            absolute: sum.absolute + one.absolute,
            signed: sum.signed + one.signed,
            max_points: sum.max_points + one.max_points,
            misses: sum.misses + one.misses,
            readings: sum.readings + one.readings,
        })
    }

    /// The difference with its sign, in per cent of the points: for people to look at.
    #[expect(clippy::cast_precision_loss, reason = "points are few, and this is only shown")]
    pub fn percent(&self) -> f64 {
        if self.max_points == 0 { 0.0 } else { 100.0 * self.signed as f64 / self.max_points as f64 }
    }

    /// The mean distance of a criterion, in hundredths of a point, rounded up: for people to read.
    pub fn hundredths(&self) -> i64 {
        if self.criteria == 0 { 0 } else { (100 * self.absolute + self.criteria - 1) / self.criteria }
    }
}

/// How near a set must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    /// The mean distance of a criterion at the most, in hundredths of a point.
    pub distance_hundredths: i64,
    /// How many verdicts may differ.
    pub misses: i64,
}

impl From<&Policy> for Tolerance {
    fn from(policy: &Policy) -> Self {
        Self { distance_hundredths: policy.calibration_distance_hundredths, misses: policy.calibration_misses }
    }
}

/// What a complete set comes to, with so many benchmark scripts left that its reviewer has not seen, and so many needed
/// for another set.
pub fn judge(set: &Distance, tolerance: &Tolerance, unseen: usize, needed: usize) -> SetOutcome {
    let near = 100 * set.absolute <= tolerance.distance_hundredths * set.criteria;
    match () {
        () if near && set.misses <= tolerance.misses => SetOutcome::Admitted,
        () if needed > 0 && unseen >= needed => SetOutcome::FurtherSet,
        () => SetOutcome::NotAdmitted,
    }
}

/// How many benchmark scripts go into a batch of live ones, and what is owed afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planting {
    /// How many.
    pub count: usize,
    /// What is owed, in hundredths of a script.
    pub carry: i64,
}

/// Plants `per_hundred` benchmark scripts for each hundred live ones. What is left of a batch is carried to the next, so
/// that the rate is exact in the long run, however small the batches are; `room` is what its reviewer still takes, and
/// `unseen` how many fit that they have not seen.
pub fn plant(carry: i64, live: usize, per_hundred: i64, room: usize, unseen: usize) -> Planting {
    let live = i64::try_from(live).unwrap_or(i64::MAX / 1000);
    let owed = carry + live * per_hundred;
    let whole = usize::try_from(owed / 100).unwrap_or(0);
    let count = whole.min(room).min(unseen);
    let left = owed - 100 * i64::try_from(count).unwrap_or(0);
    Planting { count, carry: left.min(MOST_OWED) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::Verdict::{Fail, Pass};

    fn reading(scores: &[i64], verdict: Verdict) -> Reading {
        Reading { scores: ('a'..).map(String::from).zip(scores.iter().copied()).collect(), verdict }
    }

    #[test]
    fn the_newest_decision_says_who_reads() {
        use Decision::{Admitted, Again, NotAdmitted, Withdrawn};
        let cases = [
            // Nothing is asked: who is there reads, as ever, unless somebody withdrew it.
            (false, None, true, true),
            (false, Some(Admitted), true, false),
            (false, Some(NotAdmitted), true, false),
            (false, Some(Again), true, true),
            (false, Some(Withdrawn), false, false),
            (true, None, false, true),
            (true, Some(Admitted), true, false),
            (true, Some(NotAdmitted), false, false),
            (true, Some(Again), false, true),
            (true, Some(Withdrawn), false, false),
        ];
        for (asked, standing, reads, set) in cases {
            assert_eq!((may_read(asked, standing), wants_set(standing)), (reads, set), "{asked} {standing:?}");
        }
    }

    #[test]
    fn a_state_tells_what_is_next() {
        use Decision::{Admitted, Again, NotAdmitted, Withdrawn};
        let cases = [
            ((false, None, false, true), State::NotAsked),
            ((true, None, false, true), State::Waiting),
            ((true, None, false, false), State::Lacking),
            ((true, None, true, false), State::Scoring),
            ((true, Some(Again), false, true), State::Waiting),
            ((true, Some(Again), true, true), State::Scoring),
            ((false, Some(Again), true, true), State::Scoring),
            ((true, Some(Admitted), true, true), State::Admitted),
            ((true, Some(NotAdmitted), false, false), State::NotAdmitted),
            ((false, Some(Withdrawn), false, true), State::Withdrawn),
        ];
        for ((asked, standing, open, supplied), expected) in cases {
            assert_eq!(state(asked, standing, open, supplied), expected, "{asked} {standing:?} {open} {supplied}");
        }
    }

    #[test]
    fn a_distance_has_a_size_and_a_sign() {
        let reference = reading(&[2, 2, 2, 2], Fail);
        let cases = [
            (reading(&[2, 2, 2, 2], Fail), (0, 0, 0, 0)),
            (reading(&[3, 1, 2, 2], Fail), (2, 0, 0, 50)),
            (reading(&[3, 3, 2, 2], Pass), (2, 2, 1, 50)),
            (reading(&[0, 0, 1, 2], Fail), (5, -5, 0, 125)),
            (reading(&[2, 2, 2], Fail), (2, -2, 0, 50)),
        ];
        for (own, expected) in cases {
            let found = Distance::of(&own, &reference, 16);
            assert_eq!((found.absolute, found.signed, found.misses, found.hundredths()), expected, "{own:?}");
            assert_eq!((found.criteria, found.max_points, found.readings), (4, 16, 1));
        }
        let one = Distance::of(&reading(&[3, 3, 2, 2], Pass), &reference, 16);
        let both = Distance::sum(&[one, Distance::of(&reference, &reference, 16)]);
        assert_eq!((both.criteria, both.absolute, both.signed, both.misses, both.readings), (8, 2, 2, 1, 2));
        assert_eq!(Distance::sum(&[]).hundredths(), 0);
    }

    #[test]
    fn a_set_admits_within_the_tolerance() {
        use SetOutcome::{Admitted, FurtherSet, NotAdmitted};
        let set = |absolute, misses| Distance { criteria: 10, absolute, misses, readings: 2, ..Distance::default() };
        // A mean distance of 0.75 points, and one verdict.
        let tolerance = Tolerance { distance_hundredths: 75, misses: 1 };
        let cases = [
            (set(0, 0), 0, Admitted),
            (set(7, 1), 0, Admitted),
            // 0.8 is beyond 0.75; nothing is rounded.
            (set(8, 0), 2, FurtherSet),
            (set(8, 0), 1, NotAdmitted),
            (set(0, 2), 5, FurtherSet),
            (set(0, 2), 0, NotAdmitted),
        ];
        for (set, unseen, expected) in cases {
            assert_eq!(judge(&set, &tolerance, unseen, 2), expected, "{set:?} {unseen}");
        }
        // An association that has stopped asking gives no further set.
        assert_eq!(judge(&set(8, 0), &tolerance, 9, 0), NotAdmitted);
        let exact = Tolerance { distance_hundredths: 0, misses: 0 };
        assert_eq!(judge(&set(0, 0), &exact, 0, 2), Admitted);
        assert_eq!(judge(&set(1, 0), &exact, 0, 2), NotAdmitted);
    }

    #[test]
    fn what_is_left_of_a_batch_is_carried_on() {
        let cases = [
            ((0, 9, 10, 99, 99), (0, 90)),
            ((90, 1, 10, 99, 99), (1, 0)),
            ((95, 1, 10, 99, 99), (1, 5)),
            ((0, 25, 10, 99, 99), (2, 50)),
            ((99, 0, 10, 99, 99), (0, 99)),
            ((50, 7, 0, 99, 99), (0, 50)),
            // No room, or nothing unseen: one stays owed, and no more than that is heaped up.
            ((0, 10, 10, 0, 9), (0, 100)),
            ((100, 50, 10, 9, 0), (0, 199)),
            ((199, 1, 10, 9, 9), (2, 9)),
        ];
        for ((carry, live, rate, room, unseen), (count, left)) in cases {
            let found = plant(carry, live, rate, room, unseen);
            assert_eq!(found, Planting { count, carry: left }, "{carry} {live} {rate} {room} {unseen}");
        }
    }

    #[test]
    fn the_rate_is_exact_in_the_long_run_whatever_the_batches() {
        for (rate, start) in [(1, 0), (7, 37), (10, 99), (33, 50)] {
            let (mut carry, mut live, mut planted) = (start, 0, 0);
            for batch in [1, 3, 2, 14, 1, 1, 40, 5, 0, 9].into_iter().cycle().take(200) {
                let found = plant(carry, batch, rate, 1000, 1000);
                (carry, live, planted) = (found.carry, live + batch, planted + found.count);
            }
            let exact = live * usize::try_from(rate).unwrap();
            assert!((100 * planted).abs_diff(exact) < 100, "{rate}: {planted} for {live}");
        }
    }
}
