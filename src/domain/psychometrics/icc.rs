//! Intraclass correlation of points: how much of their variation is between scripts and not between readers.
//!
//! Two designs, by the names of Shrout and Fleiss (1979): where every script has the same readers, ICC(2,1) for one reading
//! and ICC(2,k) for the mean of all; where scripts have different readers, ICC(1,1) and ICC(1,k), in which a difference
//! of severity between readers counts as error, because the design cannot tell the two apart.

use super::distributions::{f_quantile, real};
use super::{Estimate, Measured};

/// Of one reading, and of the mean of all readings of a script.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// One reading.
    pub single: Measured,
    /// The mean of all readings of a script.
    pub average: Measured,
}

/// The ends of an interval, where there is one.
type Ends = Option<(f64, f64)>;

/// Mean squares of scripts by readers.
struct Squares {
    n: f64,
    k: f64,
    between: f64,
    within: f64,
    readers: f64,
    error: f64,
}

/// One row a script, as many readings in each.
fn squares(rows: &[Vec<f64>]) -> Option<Squares> {
    let k = rows.first()?.len();
    if k < 2 || rows.len() < 2 || rows.iter().any(|row| row.len() != k) {
        return None;
    }
    let (n, k) = (real(rows.len()), real(k));
    let mean = rows.iter().flatten().sum::<f64>() / (n * k);
    let of_row = |row: &Vec<f64>| row.iter().sum::<f64>() / k;
    let of_column = |j: usize| rows.iter().map(|row| row[j]).sum::<f64>() / n;
    let total: f64 = rows.iter().flatten().map(|x| (x - mean).powi(2)).sum();
    let rows_sum = k * rows.iter().map(|row| (of_row(row) - mean).powi(2)).sum::<f64>();
    let columns_sum = n * (0..rows[0].len()).map(|j| (of_column(j) - mean).powi(2)).sum::<f64>();
    // What rounding alone has left is nothing: differences of large sums that are equal.
    let cleaned = |sum: f64| if sum < total * 1e-12 { 0.0 } else { sum };
    (total > 0.0).then(|| Squares {
        n,
        k,
        between: cleaned(rows_sum) / (n - 1.0),
        within: cleaned(total - rows_sum) / (n * (k - 1.0)),
        readers: cleaned(columns_sum) / (k - 1.0),
        error: cleaned(total - rows_sum - columns_sum) / ((n - 1.0) * (k - 1.0)),
    })
}

/// The reliability of a mean of `k` from that of one (Spearman and Brown 1910).
fn stepped_up(single: f64, k: f64) -> f64 {
    k * single / (1.0 + (k - 1.0) * single)
}

/// Scripts with different readers: ICC(1,1) and ICC(1,k), with the intervals of Shrout and Fleiss (1979).
pub fn different_readers(rows: &[Vec<f64>]) -> Pair {
    let found = squares(rows).map(|s| {
        let single = (s.between - s.within) / (s.between + (s.k - 1.0) * s.within);
        let (top, bottom) = (s.n - 1.0, s.n * (s.k - 1.0));
        let ends = (s.within > 0.0).then(|| {
            let ratio = s.between / s.within;
            let low = ratio / f_quantile(0.975, top, bottom);
            let high = ratio * f_quantile(0.975, bottom, top);
            ((low - 1.0) / (low + s.k - 1.0), (high - 1.0) / (high + s.k - 1.0))
        });
        (single, ends, s.k)
    });
    both(rows.len(), found)
}

/// Scripts that all have the same readers, column by column: ICC(2,1) and ICC(2,k), with the intervals of Shrout and Fleiss
/// (1979), which are those of McGraw and Wong (1996), table 7, for absolute agreement.
pub fn same_readers(rows: &[Vec<f64>]) -> Pair {
    let found = squares(rows).map(|s| {
        let single = (s.between - s.error) / (s.between + (s.k - 1.0) * s.error + s.k * (s.readers - s.error) / s.n);
        let ends = (s.error > 0.0).then(|| two_way_ends(&s, single));
        (single, ends, s.k)
    });
    both(rows.len(), found)
}

fn two_way_ends(s: &Squares, single: f64) -> (f64, f64) {
    let Squares { n, k, between, readers, error, .. } = *s;
    let ratio = readers / error;
    let sum = n * (1.0 + (k - 1.0) * single) - k * single;
    // Satterthwaite's degrees of freedom of the readers' and the error's mean squares together.
    let freedom = (k - 1.0) * (n - 1.0) * (k * single * ratio + sum).powi(2)
        / ((n - 1.0) * (k * single * ratio).powi(2) + sum.powi(2));
    let together = k * readers + (k * n - k - n) * error;
    let above = f_quantile(0.975, n - 1.0, freedom);
    let below = f_quantile(0.975, freedom, n - 1.0);
    let low = n * (between - above * error) / (above * together + n * between);
    let high = n * (below * between - error) / (together + n * below * between);
    (low, high)
}

/// Of a correlation of single readings, its ends, and how many readings a script has.
fn both(n: usize, found: Option<(f64, Ends, f64)>) -> Pair {
    // Below the fewest degrees of freedom the formulas leave their bounds; a correlation does not.
    let estimate = |value: f64, ends: Ends| Estimate { value, interval: ends.filter(|(l, h)| l < h) };
    let single = Measured::of(n, || found.map(|(value, ends, _)| estimate(value, ends)));
    let average = Measured::of(n, || {
        found.map(|(value, ends, k)| {
            estimate(stepped_up(value, k), ends.map(|(low, high)| (stepped_up(low, k), stepped_up(high, k))))
        })
    });
    Pair { single, average }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::psychometrics::Figure;

    fn found(squares: Option<Squares>) -> Squares {
        squares.unwrap()
    }

    /// Shrout and Fleiss (1979), table 2: six targets by four judges.
    const TARGETS: [[f64; 4]; 6] = [
        [9.0, 2.0, 5.0, 8.0],
        [6.0, 1.0, 3.0, 2.0],
        [8.0, 4.0, 6.0, 8.0],
        [7.0, 1.0, 2.0, 6.0],
        [10.0, 5.0, 6.0, 9.0],
        [6.0, 2.0, 4.0, 7.0],
    ];

    /// Shrout and Fleiss (1979), tables 3 and 4: mean squares and coefficients; the ends of the intervals as printed in the
    /// documentation of the package psych (Revelle 2024), which takes the same data.
    #[test]
    fn six_targets_by_four_judges() {
        let rows: Vec<Vec<f64>> = TARGETS.iter().map(|row| row.to_vec()).collect();
        let s = found(squares(&rows));
        let close = |found: f64, printed: f64, half: f64| assert!((found - printed).abs() <= half, "{found} {printed}");
        for (found, printed) in [(s.between, 11.24), (s.within, 6.26), (s.readers, 32.49), (s.error, 1.02)] {
            close(found, printed, 0.005);
        }
        // The example has six targets: fewer than are told, so that it is measured below that bound.
        let two = (s.between - s.error) / (s.between + 3.0 * s.error + 4.0 * (s.readers - s.error) / 6.0);
        close(two, 0.29, 0.005);
        close(stepped_up(two, 4.0), 0.62, 0.005);
        let (low, high) = two_way_ends(&s, two);
        close(low, 0.019, 0.0005);
        close(high, 0.761, 0.0005);
        close(stepped_up(low, 4.0), 0.071, 0.0005);
        close(stepped_up(high, 4.0), 0.927, 0.0005);
        assert_eq!(same_readers(&rows).single.figure, Figure::TooFew);
    }

    /// The same six targets under either design, through the doors that reports use: each target twice makes the number up
    /// to what is told and leaves the ratio of the mean squares' sums as it is.
    #[test]
    fn the_doors_tell_what_the_formulas_give() {
        let rows: Vec<Vec<f64>> = TARGETS.iter().chain(&TARGETS).map(|row| row.to_vec()).collect();
        let s = found(squares(&rows));
        let two = same_readers(&rows);
        let expected = (s.between - s.error) / (s.between + 3.0 * s.error + 4.0 * (s.readers - s.error) / 12.0);
        assert!((two.single.known().unwrap().value - expected).abs() < 1e-12);
        assert!((two.average.known().unwrap().value - stepped_up(expected, 4.0)).abs() < 1e-12);
        let one = different_readers(&rows).single.known().unwrap();
        assert!((one.value - (s.between - s.within) / (s.between + 3.0 * s.within)).abs() < 1e-12);
        let (low, high) = one.interval.unwrap();
        assert!(low < one.value && one.value < high);
    }

    /// ICC(1,1) of the same table: .17, and .44 for four judges (Shrout and Fleiss 1979, table 4).
    #[test]
    fn different_judges() {
        let rows: Vec<Vec<f64>> = TARGETS.iter().map(|row| row.to_vec()).collect();
        let s = found(squares(&rows));
        let one = (s.between - s.within) / (s.between + 3.0 * s.within);
        assert!((one - 0.17).abs() < 0.005 && (stepped_up(one, 4.0) - 0.44).abs() < 0.005);
    }

    #[test]
    fn no_variation_and_no_error() {
        let flat = vec![vec![3.0, 3.0]; 12];
        assert_eq!(same_readers(&flat).single.figure, Figure::Undefined);
        assert_eq!(different_readers(&flat).average.figure, Figure::Undefined);
        let alike: Vec<Vec<f64>> = (0..12).map(|i| vec![f64::from(i), f64::from(i)]).collect();
        for pair in [same_readers(&alike), different_readers(&alike)] {
            let one = pair.single.known().unwrap();
            assert!((one.value - 1.0).abs() < 1e-12);
            assert_eq!(one.interval, None);
        }
    }

    proptest! {
        #[test]
        fn nothing_but_numbers(points in prop::collection::vec((0_i32..20, 0_i32..20), 10..40)) {
            let rows: Vec<Vec<f64>> = points.iter().map(|(a, b)| vec![f64::from(*a), f64::from(*b)]).collect();
            let swapped: Vec<Vec<f64>> = rows.iter().map(|row| vec![row[1], row[0]]).collect();
            for design in [same_readers, different_readers] {
                let (one, two) = (design(&rows).single, design(&swapped).single);
                match (one.known(), two.known()) {
                    (Some(a), Some(b)) => {
                        prop_assert!((a.value - b.value).abs() < 1e-9 && a.value <= 1.0 + 1e-9);
                        if let Some((low, high)) = a.interval {
                            prop_assert!(low <= high && high <= 1.0 + 1e-9);
                        }
                    }
                    (a, b) => prop_assert_eq!(a, b),
                }
            }
        }
    }
}
