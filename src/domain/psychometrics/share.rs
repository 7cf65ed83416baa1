//! Shares and means: how many scripts of all, and how large a difference on the average.

use super::distributions::{Z, real, t_quantile};
use super::{Estimate, Measured};

/// A share of `n` scripts, with the score interval of Wilson (1927): it stays within nought and one and says something
/// even when all or none are counted.
pub fn share(counted: usize, n: usize) -> Measured {
    Measured::of(n, || Some(wilson(counted, n)))
}

fn wilson(counted: usize, n: usize) -> Estimate {
    let n = real(n);
    let (p, squared) = (real(counted) / n, Z * Z);
    let middle = (p + squared / (2.0 * n)) / (1.0 + squared / n);
    let half = Z * (p * (1.0 - p) / n + squared / (4.0 * n * n)).sqrt() / (1.0 + squared / n);
    Estimate { value: p, interval: Some(((middle - half).max(0.0), (middle + half).min(1.0))) }
}

/// The mean of one value a script, which lies within `bounds`, with Student's interval (1908).
pub fn mean(values: &[f64], bounds: (f64, f64)) -> Measured {
    Measured::of(values.len(), || {
        let n = real(values.len());
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let half = t_quantile(n - 1.0) * (variance / n).sqrt();
        Some(Estimate::around(mean, half, bounds))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::psychometrics::Figure;

    /// What has no bounds.
    const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    #[test]
    fn wilsons_interval_as_printed() {
        // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
        for (counted, n, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let (found_low, found_high) = wilson(counted, n).interval.unwrap();
            assert!((found_low - low).abs() < 0.000_05, "{counted}/{n}: {found_low}");
            assert!((found_high - high).abs() < 0.000_05, "{counted}/{n}: {found_high}");
        }
    }

    #[test]
    fn students_interval_as_printed() {
        // Student (1908), "The probable error of a mean", section IX: additional hours of sleep gained by ten patients
        // under dextro-hyoscyamine and under laevo-hyoscyamine; the mean gains are .75 and 2.33, the mean difference 1.58.
        let dextro = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let laevo = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let differences: Vec<f64> = laevo.iter().zip(dextro).map(|(l, d)| l - d).collect();
        for (values, printed) in [(&dextro[..], 0.75), (&laevo[..], 2.33), (&differences[..], 1.58)] {
            assert!((mean(values, ANY).known().unwrap().value - printed).abs() < 0.005);
        }
        let (low, high) = mean(&differences, ANY).known().unwrap().interval.unwrap();
        // 1.58 ± 2.262 · 1.230 / √10.
        assert!((low - 0.70).abs() < 0.005 && (high - 2.46).abs() < 0.005, "{low} {high}");
    }

    #[test]
    fn few_and_equal_values() {
        assert_eq!(share(9, 9).figure, Figure::TooFew);
        assert_eq!(mean(&[1.0; 9], ANY).figure, Figure::TooFew);
        assert_eq!(mean(&[1.0; 10], ANY).figure, Figure::Known(Estimate { value: 1.0, interval: None }));
    }
}
