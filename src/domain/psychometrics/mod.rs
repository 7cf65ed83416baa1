//! How far reviewers agree, and how severe each is: figures with their number of scripts and a 95 % interval.
//!
//! This is the one place where floating-point numbers are at home: nothing here decides anything about anybody. Sums are
//! taken in the order in which scripts are given, and chance comes from a recorded seed alone, so that a figure of years
//! ago comes out again. A figure that rests on too few scripts is withheld, and one that is not defined says so.
//!
//! Every measure is held against the printed digits of a published example; each test names it.

use serde::Serialize;

pub mod alpha;
pub mod chance;
pub mod distributions;
pub mod icc;
pub mod kappa;
pub mod report;
pub mod share;
pub mod standing;

/// The fewest scripts on which any figure rests. Below it nothing is told.
pub const MIN_SCRIPTS: usize = 10;

/// A value with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// The ends of the 95 % interval; absent where the data give none, as when all readings are alike.
    pub interval: Option<(f64, f64)>,
}

/// What a measure came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// Fewer than [`MIN_SCRIPTS`].
    TooFew,
    /// The readings do not vary, so that the measure divides by nought.
    Undefined,
    /// A value.
    Known(Estimate),
}

/// A figure with the number of scripts that it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// How many scripts.
    pub n: usize,
    /// What came of them.
    pub figure: Figure,
}

impl Measured {
    /// The figure that `estimate` finds in `n` scripts, unless they are too few.
    pub fn of(n: usize, estimate: impl FnOnce() -> Option<Estimate>) -> Self {
        if n < MIN_SCRIPTS {
            return Self { n, figure: Figure::TooFew };
        }
        // Whatever is not a number is no figure either.
        let sound = |e: &Estimate| {
            e.value.is_finite() && e.interval.is_none_or(|(low, high)| low.is_finite() && high.is_finite())
        };
        Self { n, figure: estimate().filter(sound).map_or(Figure::Undefined, Figure::Known) }
    }

    /// The value and its interval, if there is one to tell.
    pub fn known(&self) -> Option<Estimate> {
        match self.figure {
            Figure::Known(estimate) => Some(estimate),
            Figure::TooFew | Figure::Undefined => None,
        }
    }
}

impl Estimate {
    /// A value with an interval of that half width around it, within bounds; a half width of nought tells no interval.
    fn around(value: f64, half: f64, bounds: (f64, f64)) -> Self {
        let interval = (half > 0.0).then(|| ((value - half).max(bounds.0), (value + half).min(bounds.1)));
        Self { value, interval }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_scripts_give_no_figure() {
        let estimate = Estimate { value: 0.5, interval: None };
        assert_eq!(Measured::of(MIN_SCRIPTS - 1, || Some(estimate)).figure, Figure::TooFew);
        assert_eq!(Measured::of(MIN_SCRIPTS, || Some(estimate)).figure, Figure::Known(estimate));
        assert_eq!(Measured::of(MIN_SCRIPTS, || None).figure, Figure::Undefined);
    }

    #[test]
    fn what_is_not_a_number_is_no_figure() {
        for value in [f64::NAN, f64::INFINITY] {
            let figure = Measured::of(MIN_SCRIPTS, || Some(Estimate { value, interval: None })).figure;
            assert_eq!(figure, Figure::Undefined);
        }
        let estimate = Estimate { value: 0.0, interval: Some((f64::NAN, 1.0)) };
        assert_eq!(Measured::of(MIN_SCRIPTS, || Some(estimate)).figure, Figure::Undefined);
    }
}
