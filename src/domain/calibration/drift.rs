//! Drift: how far a reviewer's readings of benchmark scripts lie from the reference, and whether they move away from it.
//! Whether somebody should look is decided in integers; only what is shown is divided.

use serde::Serialize;

use super::Distance;
use crate::domain::policy::Policy;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::spelled;

spelled! {
    /// Why somebody should look at a reviewer's newest readings.
    Concern {
        /// They give more than the reference.
        Lenient = "lenient",
        /// They give less.
        Severe = "severe",
        /// They lie far from it, now above and now below.
        Distant = "distant",
        /// Their verdicts differ from it.
        Verdicts = "verdicts",
    }
}

/// One sealed reading of a benchmark script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When it was sealed.
    pub sealed_at: Instant,
    /// Whether it was planted among live scripts, or else part of a calibration set.
    pub planted: bool,
    /// How far it lies from the reference.
    pub distance: Distance,
}

/// The figures of some readings, or nothing while they are too few.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// How many readings.
    pub n: usize,
    /// The mean difference with its sign, as a share of the points there were; above nought is lenient.
    pub severity: Option<f64>,
    /// The mean distance of the criteria without signs, as the same share.
    pub distance: Option<f64>,
    /// The share of verdicts that are those of the reference.
    pub agreement: Option<f64>,
}

/// How a reviewer stands over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// Every reading, oldest first.
    pub points: Vec<Point>,
    /// Over all of them.
    pub all: Figures,
    /// Over the newest, as many as it takes to tell anything.
    pub newest: Figures,
    /// Why somebody should look.
    pub concerns: Vec<Concern>,
}

/// Judges by the rules of the association; the points come in any order.
pub fn drift(mut points: Vec<Point>, policy: &Policy) -> Drift {
    points.sort_by_key(|point| point.sealed_at);
    let least = usize::try_from(policy.drift_readings).unwrap_or(usize::MAX).max(1);
    let newest = &points[points.len().saturating_sub(least)..];
    let concerns = if newest.len() < least { Vec::new() } else { concerns(&sum(newest), policy) };
    Drift { all: figures(&points, least), newest: figures(newest, least), concerns, points }
}

fn sum(points: &[Point]) -> Distance {
    Distance::sum(&points.iter().map(|point| point.distance).collect::<Vec<_>>())
}

fn concerns(of: &Distance, policy: &Policy) -> Vec<Concern> {
    let mut found = Vec::new();
    let severity = policy.drift_severity_percent * of.max_points;
    if 100 * of.signed > severity {
        found.push(Concern::Lenient);
    }
    if -100 * of.signed > severity {
        found.push(Concern::Severe);
    }
    if 100 * of.absolute > policy.drift_distance_percent * of.max_points {
        found.push(Concern::Distant);
    }
    if 100 * (of.readings - of.misses) < policy.drift_agreement_percent * of.readings {
        found.push(Concern::Verdicts);
    }
    found
}

fn figures(points: &[Point], least: usize) -> Figures {
    let of = sum(points);
    #[expect(clippy::cast_precision_loss, reason = "sums of points are small, and this is only shown")]
    let share = |part: i64, whole: i64| (points.len() >= least && whole > 0).then(|| part as f64 / whole as f64);
    Figures {
        n: points.len(),
        severity: share(of.signed, of.max_points),
        distance: share(of.absolute, of.max_points),
        agreement: share(of.readings - of.misses, of.readings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy {
            drift_readings: 3,
            drift_severity_percent: 10,
            drift_distance_percent: 20,
            drift_agreement_percent: 70,
            ..Policy::default()
        }
    }

    fn point(at: i64, signed: i64, absolute: i64, misses: i64) -> Point {
        let distance = Distance { criteria: 5, absolute, signed, max_points: 20, misses, readings: 1 };
        Point { sealed_at: Instant(at), planted: true, distance }
    }

    #[test]
    fn the_newest_readings_raise_a_concern_beyond_the_threshold_and_never_at_it() {
        use Concern::{Distant, Lenient, Severe, Verdicts};
        let cases = [
            (vec![point(1, 2, 2, 0), point(2, 2, 2, 0), point(3, 2, 2, 0)], vec![]),
            (vec![point(1, 2, 2, 0), point(2, 2, 2, 0), point(3, 3, 3, 0)], vec![Lenient]),
            (vec![point(1, -3, 3, 0), point(2, -2, 2, 0), point(3, -2, 2, 0)], vec![Severe]),
            (vec![point(1, 0, 5, 0), point(2, 1, 4, 0), point(3, -1, 4, 0)], vec![Distant]),
            (vec![point(1, 0, 0, 1), point(2, 0, 0, 0), point(3, 0, 0, 0)], vec![Verdicts]),
            (vec![point(1, 9, 9, 1), point(2, 9, 9, 1), point(3, 9, 9, 1)], vec![Lenient, Distant, Verdicts]),
            // Too few to say.
            (vec![point(1, 9, 9, 1), point(2, 9, 9, 1)], vec![]),
            // What was long ago has passed.
            (vec![point(9, 0, 0, 0), point(8, 0, 0, 0), point(7, 0, 0, 0), point(1, 20, 20, 1)], vec![]),
        ];
        for (points, expected) in cases {
            assert_eq!(drift(points.clone(), &policy()).concerns, expected, "{points:?}");
        }
    }

    #[test]
    fn figures_are_withheld_while_they_rest_on_too_few() {
        let few = drift(vec![point(1, 2, 2, 0), point(2, 0, 4, 1)], &policy());
        assert_eq!((few.all.n, few.all.severity, few.newest.agreement), (2, None, None));
        let enough =
            drift(vec![point(2, 0, 4, 1), point(1, 3, 3, 0), point(3, 3, 5, 0), point(0, 20, 20, 0)], &policy());
        assert_eq!((enough.newest.n, enough.newest.severity, enough.newest.distance), (3, Some(0.1), Some(0.2)));
        assert_eq!((enough.all.n, enough.all.agreement), (4, Some(0.75)));
        assert_eq!(enough.points.iter().map(|p| p.sealed_at.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }
}
