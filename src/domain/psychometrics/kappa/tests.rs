use proptest::prelude::*;

use super::*;
use crate::domain::psychometrics::Figure;

fn table(rows: &[&[f64]]) -> Vec<Vec<f64>> {
    rows.iter().map(|row| row.to_vec()).collect()
}

fn close(found: f64, printed: f64, half_digit: f64) {
    assert!((found - printed).abs() <= half_digit, "{found}, printed {printed}");
}

/// The scripts of a table of counts.
fn scripts(table: &[&[usize]]) -> Vec<(usize, usize)> {
    let cells = table.iter().enumerate().flat_map(|(i, row)| row.iter().enumerate().map(move |(j, n)| (i, j, *n)));
    cells.flat_map(|(i, j, n)| std::iter::repeat_n((i, j), n)).collect()
}

/// The example of Cohen (1968), "Weighted kappa", of 200 patients by two judges: .492 unweighted and .348 weighted. His
/// weights are of disagreement: 0 1 3, 1 0 6, 3 6 0.
#[test]
fn cohens_examples() {
    let counts = table(&[&[88.0, 14.0, 18.0], &[10.0, 40.0, 10.0], &[2.0, 6.0, 12.0]]);
    close(of_table(&counts, &same).unwrap().0, 0.492, 0.0005);
    let disagreement = [[0.0, 1.0, 3.0], [1.0, 0.0, 6.0], [3.0, 6.0, 0.0]];
    close(of_table(&counts, &|i, j| 1.0 - disagreement[i][j] / 6.0).unwrap().0, 0.348, 0.0005);
}

/// The example of Fleiss, Cohen and Everitt (1969), "Large sample standard errors of kappa and weighted kappa": 200
/// patients by two judges, with weights of agreement.
#[test]
fn standard_errors_as_printed() {
    let counts = table(&[&[106.0, 10.0, 4.0], &[22.0, 28.0, 10.0], &[2.0, 12.0, 6.0]]);
    let (value, error) = of_table(&counts, &same).unwrap();
    close(value, 0.429, 0.0005);
    close(error.powi(2), 0.002_885, 0.000_000_5);
    let weights = [[1.0, 0.0, 0.4444], [0.0, 1.0, 0.6667], [0.4444, 0.6667, 1.0]];
    let (value, error) = of_table(&counts, &|i, j| weights[i][j]).unwrap();
    close(value, 0.507, 0.0005);
    close(error.powi(2), 0.003_248, 0.000_000_5);
}

/// Fleiss, Levin and Paik (2003), "Statistical methods for rates and proportions", table 18.1: 100 subjects by two raters.
#[test]
fn diagnoses_by_two_raters() {
    let counts = table(&[&[75.0, 1.0, 4.0], &[5.0, 4.0, 1.0], &[0.0, 0.0, 10.0]]);
    close(of_table(&counts, &same).unwrap().0, 0.68, 0.005);
}

/// Gwet (2019), documentation of the package irrCAC, table cont3x3abstractors: two abstractors and 100 patients, with
/// Cohen's kappa and its standard error, Scott's pi, AC1.
#[test]
fn two_abstractors() {
    let counts = table(&[&[13.0, 0.0, 0.0], &[0.0, 20.0, 7.0], &[0.0, 4.0, 56.0]]);
    let (value, error) = of_table(&counts, &same).unwrap();
    close(value, 0.796_409_4, 5e-8);
    close(error, 0.058_910_72, 5e-9);
    let pairs = scripts(&[&[13, 0, 0], &[0, 20, 7], &[0, 4, 56]]);
    close(kappa(&pairs, 3, &same).known().unwrap().value, 0.796_239_7, 5e-8);
    let given: Vec<Vec<usize>> = pairs.iter().map(|(a, b)| vec![*a, *b]).collect();
    close(gwet_of(&given, 3, &same).unwrap().0, 0.849_330_5, 5e-8);
}

/// The example of Gwet (2008): 125 subjects of whom nearly all are in one category, the paradox of kappa.
#[test]
fn high_agreement() {
    let pairs = scripts(&[&[118, 5], &[2, 0]]);
    close(kappa(&pairs, 2, &same).known().unwrap().value, -0.029, 0.0005);
    close(of_table(&table(&[&[118.0, 5.0], &[2.0, 0.0]]), &same).unwrap().0, -0.023, 0.0005);
    let given: Vec<Vec<usize>> = pairs.iter().map(|(a, b)| vec![*a, *b]).collect();
    close(gwet(&given, 2, &same).known().unwrap().value, 0.941, 0.0005);
}

/// Gwet (2019), documentation of irrCAC, table cac.raw4raters: four raters and twelve subjects, some ratings missing.
#[test]
fn four_raters_with_missing_ratings() {
    let given: Vec<Vec<usize>> = [
        &[1, 1, 1][..],
        &[2, 2, 3, 2],
        &[3, 3, 3, 3],
        &[3, 3, 3, 3],
        &[2, 2, 2, 2],
        &[1, 2, 3, 4],
        &[4, 4, 4, 4],
        &[1, 1, 2, 1],
        &[2, 2, 2, 2],
        &[5, 5, 5],
        &[1, 1],
        &[3],
    ]
    .iter()
    .map(|row| row.iter().map(|category| category - 1).collect())
    .collect();
    let (ac1, error) = gwet_of(&given, 5, &same).unwrap();
    close(ac1, 0.775_44, 5e-6);
    close(error, 0.142_95, 5e-6);
    let (low, high) = gwet(&given, 5, &same).known().unwrap().interval.unwrap();
    close(low, 0.461, 0.0005);
    close(high, 1.0, 0.0);
}

/// Gwet (2019), documentation of irrCAC, table distrib.6raters: 15 patients by six raters each.
#[test]
fn six_raters() {
    let counts: [[usize; 5]; 15] = [
        [0, 0, 0, 6, 0],
        [0, 3, 0, 0, 3],
        [0, 1, 4, 0, 1],
        [0, 0, 0, 0, 6],
        [0, 3, 0, 3, 0],
        [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2],
        [2, 0, 3, 1, 0],
        [2, 0, 0, 4, 0],
        [0, 0, 0, 0, 6],
        [1, 0, 0, 5, 0],
        [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0],
        [1, 0, 0, 5, 0],
        [0, 2, 0, 3, 1],
    ];
    let given: Vec<Vec<usize>> = counts
        .iter()
        .map(|row| row.iter().enumerate().flat_map(|(k, n)| std::iter::repeat_n(k, *n)).collect())
        .collect();
    let (ac1, error) = gwet_of(&given, 5, &same).unwrap();
    close(ac1, 0.444_800_7, 5e-8);
    close(error, 0.084_187_57, 5e-9);
}

#[test]
fn weights_fall_with_the_distance_of_points() {
    let (linear, quadratic) = (by_distance(&[0, 1, 4], 1), by_distance(&[0, 1, 4], 2));
    close(linear(0, 1), 0.75, 1e-12);
    close(quadratic(1, 2), 1.0 - 9.0 / 16.0, 1e-12);
    close(linear(0, 2), 0.0, 1e-12);
    close(by_distance(&[2], 1)(0, 0), 1.0, 0.0);
}

#[test]
fn without_variation_kappa_is_undefined_and_ac1_is_one() {
    let pairs = vec![(1, 1); 12];
    assert_eq!(kappa(&pairs, 2, &same).figure, Figure::Undefined);
    let given = vec![vec![1, 1]; 12];
    assert_eq!(gwet(&given, 2, &same).figure, Figure::Known(Estimate { value: 1.0, interval: None }));
    assert_eq!(kappa(&pairs[..9], 2, &same).figure, Figure::TooFew);
}

proptest! {
    #[test]
    fn who_read_first_does_not_matter(pairs in prop::collection::vec((0_usize..4, 0_usize..4), 10..60), turn in 0_usize..60) {
        let levels = [0, 1, 2, 3];
        for power in [1, 2] {
            let weight = by_distance(&levels, power);
            let one = kappa(&pairs, 4, &weight);
            let mut other: Vec<(usize, usize)> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
            other.rotate_left(turn % pairs.len());
            let two = kappa(&other, 4, &weight);
            match (one.known(), two.known()) {
                (Some(a), Some(b)) => prop_assert!((a.value - b.value).abs() < 1e-9),
                (a, b) => prop_assert_eq!(a, b),
            }
        }
    }

    #[test]
    fn kappa_and_its_interval_stay_within_bounds(pairs in prop::collection::vec((0_usize..3, 0_usize..3), 10..60)) {
        let given: Vec<Vec<usize>> = pairs.iter().map(|(a, b)| vec![*a, *b]).collect();
        for found in [kappa(&pairs, 3, &same), gwet(&given, 3, &same)] {
            if let Some(Estimate { value, interval }) = found.known() {
                prop_assert!((-1.0..=1.0).contains(&value));
                if let Some((low, high)) = interval {
                    prop_assert!(-1.0 <= low && low <= value && value <= high && high <= 1.0);
                }
            }
        }
    }
}
