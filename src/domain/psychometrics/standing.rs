//! What a reviewer may learn of their own marking beside that of the others, without anybody's name.
//!
//! Invariant: nobody can tell another reader's view of a script from it. Only released scripts count; figures move on by
//! ten scripts at a time, so that no single script, and no single release, shows in them; and there are none while
//! fewer than three other readers stand behind them.

use std::collections::BTreeSet;

use super::share::{mean, share};
use super::{Figure, Measured};
use crate::domain::ids::PersonId;
use crate::domain::panel::Reading;

/// By how many scripts the figures move on.
pub const STEP: usize = 10;
/// The fewest other readers behind any figure.
pub const MIN_OTHERS: usize = 3;

/// A released script with its two first readings.
#[derive(Debug, Clone)]
pub struct Released {
    /// Who read it and what they judged.
    pub readings: [(PersonId, Reading); 2],
    /// The most that one reading could give.
    pub max_points: i64,
}

/// How two readers of the same scripts agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// The share of scripts with the same verdict.
    pub verdict: Measured,
    /// The mean share of a script's criteria with the same level.
    pub exact: Measured,
    /// The mean share of a script's criteria with the same or a neighbouring level.
    pub adjacent: Measured,
    /// The mean distance between the two readings' points, in per cent of the most.
    pub distance: Measured,
}

/// A reviewer beside the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// By how much of a script's points, in per cent, they give more, or less, than the other readers of the same scripts.
    pub severity: Measured,
    /// They and the other readers of the same scripts.
    pub own: Agreement,
    /// The other readers among themselves, on scripts that this reviewer did not read.
    pub others: Agreement,
}

/// The standing of `who`, from scripts in the order of their release.
pub fn standing(who: &PersonId, scripts: &[Released]) -> Standing {
    let reads = |script: &Released| script.readings.iter().any(|(reader, _)| reader == who);
    let (own, others): (Vec<&Released>, Vec<&Released>) = scripts.iter().partition(|script| reads(script));
    let (own, others) = (stepped(&own), stepped(&others));
    let severity = if enough(who, own) {
        mean(&own.iter().map(|script| above(who, script)).collect::<Vec<f64>>(), (-100.0, 100.0))
    } else {
        withheld(own)
    };
    Standing { severity, own: agreement(who, own), others: agreement(who, others) }
}

fn stepped<'s, 'r>(scripts: &'s [&'r Released]) -> &'s [&'r Released] {
    &scripts[..scripts.len() / STEP * STEP]
}

/// Whether enough other readers stand behind these scripts.
fn enough(who: &PersonId, scripts: &[&Released]) -> bool {
    let readers = scripts.iter().flat_map(|script| script.readings.iter().map(|(reader, _)| reader));
    readers.filter(|reader| *reader != who).collect::<BTreeSet<_>>().len() >= MIN_OTHERS
}

fn withheld(scripts: &[&Released]) -> Measured {
    Measured { n: scripts.len(), figure: Figure::TooFew }
}

fn per_cent(script: &Released, reading: &Reading) -> f64 {
    100.0 * reading.points() as f64 / script.max_points.max(1) as f64
}

/// How far a reader's points are above the other's.
fn above(who: &PersonId, script: &Released) -> f64 {
    let [a, b] = &script.readings;
    let difference = per_cent(script, &a.1) - per_cent(script, &b.1);
    if a.0 == *who { difference } else { -difference }
}

fn agreement(who: &PersonId, scripts: &[&Released]) -> Agreement {
    if !enough(who, scripts) {
        let none = withheld(scripts);
        return Agreement { verdict: none, exact: none, adjacent: none, distance: none };
    }
    let each = |value: &dyn Fn(&Released) -> f64| scripts.iter().map(|script| value(script)).collect::<Vec<f64>>();
    let same = scripts.iter().filter(|s| s.readings[0].1.verdict == s.readings[1].1.verdict).count();
    Agreement {
        verdict: share(same, scripts.len()),
        exact: mean(&each(&|script| within(script, 0)), (0.0, 1.0)),
        adjacent: mean(&each(&|script| within(script, 1)), (0.0, 1.0)),
        distance: mean(&each(&|script| above(&script.readings[0].0, script).abs()), (0.0, 100.0)),
    }
}

/// The share of a script's criteria on which both readers are at most so many points apart.
fn within(script: &Released, apart: i64) -> f64 {
    let [(_, a), (_, b)] = &script.readings;
    let pairs: Vec<i64> = a.scores.iter().filter_map(|(id, points)| Some((points - b.scores.get(id)?).abs())).collect();
    let close = pairs.iter().filter(|found| **found <= apart).count();
    if pairs.is_empty() { 1.0 } else { close as f64 / pairs.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::Verdict;

    fn released(a: (&str, i64), b: (&str, i64)) -> Released {
        let reading = |(who, points): (&str, i64)| {
            let scores = [("x".to_owned(), points), ("y".to_owned(), 2)].into_iter().collect();
            let verdict = if points > 1 { Verdict::Pass } else { Verdict::Fail };
            (PersonId(who.into()), Reading { scores, verdict })
        };
        Released { readings: [reading(a), reading(b)], max_points: 8 }
    }

    /// So many scripts of "me" with each of three others, who give two points less.
    fn mine(each: usize) -> Vec<Released> {
        let with = |other: &'static str| std::iter::repeat_with(move || released(("me", 3), (other, 1))).take(each);
        with("a").chain(with("b")).chain(with("c")).collect()
    }

    fn me(scripts: &[Released]) -> Standing {
        standing(&PersonId("me".into()), scripts)
    }

    #[test]
    fn one_is_held_beside_the_other_readers_of_the_same_scripts() {
        let found = me(&mine(4));
        assert_eq!(found.severity.n, 10);
        assert!((found.severity.known().unwrap().value - 25.0).abs() < 1e-12);
        assert!((found.own.distance.known().unwrap().value - 25.0).abs() < 1e-12);
        assert!(found.own.verdict.known().unwrap().value.abs() < 1e-12);
        assert!((found.own.exact.known().unwrap().value - 0.5).abs() < 1e-12);
        assert_eq!(found.others.verdict.figure, Figure::TooFew);
        let theirs = standing(&PersonId("z".into()), &mine(4));
        assert_eq!(theirs.severity, Measured { n: 0, figure: Figure::TooFew });
        assert_eq!(theirs.others.verdict.n, 10);
    }

    #[test]
    fn figures_move_on_by_ten_scripts() {
        // Three others, and then more and more scripts with one of them, on which the points differ otherwise.
        let mut scripts = mine(4);
        let ten = me(&scripts);
        for _ in 0..7 {
            scripts.push(released(("me", 0), ("a", 4)));
            assert_eq!(me(&scripts), ten);
        }
        scripts.push(released(("me", 0), ("a", 4)));
        let twenty = me(&scripts);
        assert_eq!(twenty.severity.n, 20);
        assert_ne!(twenty.severity.figure, ten.severity.figure);
    }

    #[test]
    fn one_or_two_others_are_not_held_up() {
        let scripts: Vec<Released> = (0..40).map(|i| released(("me", 3), (["a", "b"][i % 2], 1))).collect();
        let found = me(&scripts);
        for figure in [found.severity, found.own.verdict, found.own.exact, found.own.adjacent, found.own.distance] {
            assert_eq!(figure.figure, Figure::TooFew);
        }
        assert_eq!(me(&mine(3)).severity.figure, Figure::TooFew, "nine scripts are none");
    }
}
