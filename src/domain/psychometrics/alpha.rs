//! Krippendorff's alpha: agreement of any number of readers, on any scale, some readings missing.

use super::chance::{Draws, bootstrap};
use super::distributions::real;
use super::{Estimate, Measured};

/// How far apart two values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Only whether they differ.
    Nominal,
    /// By how many readings lie between them in rank.
    Ordinal,
    /// By their difference.
    Interval,
}

/// Alpha of scripts, each with the values that its readers gave, in any order; a missing reading is simply not there.
///
/// After Krippendorff (2011), "Computing Krippendorff's alpha-reliability", with a percentile interval over scripts drawn
/// anew (Zapf, Castell, Morawietz and Karch 2016), under the seed and for the purpose given.
pub fn alpha(scripts: &[Vec<f64>], scale: Scale, seed: &str, purpose: &str) -> Measured {
    // A script with one reading says nothing about agreement and is no unit of it.
    let scripts: Vec<&Vec<f64>> = scripts.iter().filter(|given| given.len() > 1).collect();
    Measured::of(scripts.len(), || {
        let whole = Coincidences::new(&scripts);
        let value = whole.alpha(0..scripts.len(), scale)?;
        let again = |sample: &[usize]| whole.alpha(sample.iter().copied(), scale);
        Some(Estimate { value, interval: bootstrap(scripts.len(), Draws::new(seed, purpose), again) })
    })
}

/// What each script adds to the table of coincidences.
struct Coincidences {
    values: Vec<f64>,
    scripts: Vec<Vec<(usize, usize, f64)>>,
}

impl Coincidences {
    fn new(scripts: &[&Vec<f64>]) -> Self {
        let mut values: Vec<f64> = scripts.iter().flat_map(|given| given.iter().copied()).collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        let rank = |value: f64| values.partition_point(|known| *known < value);
        let cells = |given: &&Vec<f64>| {
            let ranks: Vec<usize> = given.iter().map(|value| rank(*value)).collect();
            let share = 1.0 / (real(ranks.len()) - 1.0);
            let mut cells = Vec::with_capacity(ranks.len() * (ranks.len() - 1));
            for (i, a) in ranks.iter().enumerate() {
                cells.extend(ranks.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, b)| (*a, *b, share)));
            }
            cells
        };
        let scripts = scripts.iter().map(cells).collect();
        Self { values, scripts }
    }

    /// Alpha of some of the scripts; nothing when their values do not vary.
    fn alpha(&self, chosen: impl Iterator<Item = usize>, scale: Scale) -> Option<f64> {
        let size = self.values.len();
        let mut table = vec![0.0; size * size];
        for script in chosen {
            for (a, b, share) in &self.scripts[script] {
                table[a * size + b] += share;
            }
        }
        let margins: Vec<f64> = (0..size).map(|a| table[a * size..(a + 1) * size].iter().sum()).collect();
        let total: f64 = margins.iter().sum();
        let (mut observed, mut expected) = (0.0, 0.0);
        for a in 0..size {
            let mut between = margins[a];
            for b in a + 1..size {
                between += margins[b];
                let apart = match scale {
                    Scale::Nominal => 1.0,
                    Scale::Ordinal => (between - (margins[a] + margins[b]) / 2.0).powi(2),
                    Scale::Interval => (self.values[a] - self.values[b]).powi(2),
                };
                observed += table[a * size + b] * apart;
                expected += margins[a] * margins[b] * apart;
            }
        }
        (expected > 0.0).then(|| 1.0 - (total - 1.0) * observed / expected)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::psychometrics::Figure;

    /// Krippendorff (2011), section C: four observers, twelve units, values from 1 to 5, some missing.
    fn four_observers() -> Vec<Vec<f64>> {
        let observed = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ];
        (0..12).map(|u| observed.iter().map(|row| row[u]).filter(|v| *v > 0).map(f64::from).collect()).collect()
    }

    #[test]
    fn krippendorffs_example() {
        let scripts = four_observers();
        for (scale, printed) in [(Scale::Nominal, 0.743), (Scale::Ordinal, 0.815), (Scale::Interval, 0.849)] {
            let found = alpha(&scripts, scale, "seed", "example");
            // The twelfth unit has one value, and falls out.
            assert_eq!(found.n, 11);
            let Estimate { value, interval } = found.known().unwrap();
            assert!((value - printed).abs() < 0.0005, "{scale:?}: {value}");
            let (low, high) = interval.unwrap();
            assert!(low < value && value < high, "{low} {value} {high}");
        }
    }

    /// Krippendorff (2011), section A: two observers, ten units, two values.
    #[test]
    fn two_observers_and_two_values() {
        let (meg, owen) = ([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]);
        let scripts: Vec<Vec<f64>> = meg.iter().zip(owen).map(|(a, b)| vec![f64::from(*a), f64::from(b)]).collect();
        let found = alpha(&scripts, Scale::Nominal, "seed", "example").known().unwrap();
        assert!((found.value - 0.095).abs() < 0.0005, "{}", found.value);
    }

    /// The same two abstractors as in the tests of kappa: .7972585 in the documentation of irrCAC (Gwet 2019).
    #[test]
    fn two_abstractors() {
        let mut scripts = Vec::new();
        for (a, b, count) in [(1, 1, 13), (2, 2, 20), (2, 3, 7), (3, 2, 4), (3, 3, 56)] {
            scripts.extend(std::iter::repeat_n(vec![f64::from(a), f64::from(b)], count));
        }
        let found = alpha(&scripts, Scale::Nominal, "seed", "abstractors").known().unwrap();
        assert!((found.value - 0.797_258_5).abs() < 5e-8, "{}", found.value);
        // The package prints (0.68, 0.914), by another method.
        let (low, high) = found.interval.unwrap();
        assert!((low - 0.68).abs() < 0.02 && (high - 0.914).abs() < 0.02, "{low} {high}");
        assert_eq!(alpha(&scripts, Scale::Nominal, "seed", "abstractors").known(), Some(found));
    }

    #[test]
    fn few_scripts_and_equal_values() {
        let two = |count: usize, value: f64| vec![vec![value, value]; count];
        assert_eq!(alpha(&two(9, 1.0), Scale::Nominal, "s", "p").figure, Figure::TooFew);
        assert_eq!(alpha(&two(12, 1.0), Scale::Ordinal, "s", "p").figure, Figure::Undefined);
        assert_eq!(alpha(&vec![vec![1.0]; 40], Scale::Interval, "s", "p").figure, Figure::TooFew);
        let agreed: Vec<Vec<f64>> = two(8, 1.0).into_iter().chain(two(8, 3.0)).collect();
        for scale in [Scale::Nominal, Scale::Ordinal, Scale::Interval] {
            let found = alpha(&agreed, scale, "s", "p").known().unwrap();
            assert!((found.value - 1.0).abs() < 1e-12);
            assert_eq!(found.interval, None, "all agree: there is nothing between which it could lie");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn order_does_not_matter(given in prop::collection::vec(prop::collection::vec(0_i32..4, 2..4), 10..30), turn in 0_usize..30) {
            let scripts: Vec<Vec<f64>> = given.iter().map(|s| s.iter().map(|v| f64::from(*v)).collect()).collect();
            let mut other: Vec<Vec<f64>> = scripts.iter().map(|s| s.iter().rev().copied().collect()).collect();
            other.rotate_left(turn % given.len());
            for scale in [Scale::Nominal, Scale::Ordinal, Scale::Interval] {
                let (one, two) = (alpha(&scripts, scale, "s", "p").known(), alpha(&other, scale, "s", "p").known());
                match (one, two) {
                    (Some(a), Some(b)) => prop_assert!((a.value - b.value).abs() < 1e-9 && a.value <= 1.0 + 1e-12),
                    (a, b) => prop_assert_eq!(a.is_none(), b.is_none()),
                }
            }
        }
    }
}
