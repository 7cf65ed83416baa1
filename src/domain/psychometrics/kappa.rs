//! Agreement corrected for chance on categories: Cohen's kappa, plain and weighted, and Gwet's AC1 and AC2.

use super::distributions::{Z, real, t_quantile};
use super::{Estimate, Measured};

/// How much of an agreement two categories are: 1 when they are the same, 0 when they are as far apart as can be.
pub type Weight<'w> = &'w dyn Fn(usize, usize) -> f64;

/// All or nothing.
pub fn same(a: usize, b: usize) -> f64 {
    f64::from(u8::from(a == b))
}

/// Falling with the distance between levels of so many points, by its first or its second power (Cohen 1968; Fleiss and
/// Cohen 1973).
pub fn by_distance(levels: &[i64], power: i32) -> impl Fn(usize, usize) -> f64 {
    let levels: Vec<f64> = levels.iter().map(|points| *points as f64).collect();
    let lowest = levels.iter().copied().fold(f64::INFINITY, f64::min);
    let span = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max) - lowest;
    move |a, b| {
        let apart = (levels[a] - levels[b]).abs();
        if apart == 0.0 { 1.0 } else { 1.0 - (apart / span).powi(power) }
    }
}

/// Kappa of scripts that two readers each put into one of `categories`.
///
/// The two readers of a script have no order, and other scripts have other readers: each script stands in the table once
/// either way, by halves. Kappa of such a table is what Scott (1955) called pi, and the standard error of Fleiss, Cohen and
/// Everitt (1969) holds for it with the number of scripts, since the two halves of a script contribute the same.
pub fn kappa(scripts: &[(usize, usize)], categories: usize, weight: Weight<'_>) -> Measured {
    Measured::of(scripts.len(), || {
        let mut table = vec![vec![0.0; categories]; categories];
        for (a, b) in scripts {
            table[*a][*b] += 0.5;
            table[*b][*a] += 0.5;
        }
        of_table(&table, weight).map(|(kappa, error)| Estimate::around(kappa, Z * error, (-1.0, 1.0)))
    })
}

/// Kappa (Cohen 1960, 1968) of a table of counts, and its standard error (Fleiss, Cohen and Everitt 1969, eqs. 8 and 13).
fn of_table(table: &[Vec<f64>], weight: Weight<'_>) -> Option<(f64, f64)> {
    let count: f64 = table.iter().flatten().sum();
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum::<f64>() / count).collect();
    let columns: Vec<f64> = (0..table.len()).map(|j| table.iter().map(|row| row[j]).sum::<f64>() / count).collect();
    let all = || (0..table.len()).flat_map(|i| (0..table.len()).map(move |j| (i, j)));
    let observed: f64 = all().map(|(i, j)| weight(i, j) * table[i][j] / count).sum();
    let expected: f64 = all().map(|(i, j)| weight(i, j) * rows[i] * columns[j]).sum();
    if 1.0 - expected < 1e-12 {
        return None;
    }
    let kappa = (observed - expected) / (1.0 - expected);
    let of_row = |i: usize| -> f64 { (0..table.len()).map(|j| columns[j] * weight(i, j)).sum() };
    let of_column = |j: usize| -> f64 { (0..table.len()).map(|i| rows[i] * weight(i, j)).sum() };
    let squares: f64 = all()
        .map(|(i, j)| table[i][j] / count * (weight(i, j) - (of_row(i) + of_column(j)) * (1.0 - kappa)).powi(2))
        .sum();
    let variance = (squares - (kappa - expected * (1.0 - kappa)).powi(2)) / (count * (1.0 - expected).powi(2));
    Some((kappa, rounded_root(variance)))
}

/// The root of a variance; what rounding alone has left of nought is nought.
fn rounded_root(variance: f64) -> f64 {
    if variance < 1e-15 { 0.0 } else { variance.sqrt() }
}

/// Gwet's coefficient of scripts that any number of readers put into one of `categories`: AC1 with [`same`], else AC2.
/// It keeps its sense when nearly all scripts fall into one category, where kappa is close to nought or undefined. With
/// the variance of Gwet (2008), "Computing inter-rater reliability and its variance in the presence of high agreement",
/// and Student's t on one degree of freedom less than there are scripts.
pub fn gwet(scripts: &[Vec<usize>], categories: usize, weight: Weight<'_>) -> Measured {
    Measured::of(scripts.len(), || {
        let (coefficient, error) = gwet_of(scripts, categories, weight)?;
        let half = t_quantile(real(scripts.len()) - 1.0) * error;
        Some(Estimate::around(coefficient, half, (-1.0, 1.0)))
    })
}

fn gwet_of(scripts: &[Vec<usize>], categories: usize, weight: Weight<'_>) -> Option<(f64, f64)> {
    let n = real(scripts.len());
    let shares: Vec<Vec<f64>> = scripts.iter().map(|given| shares_of(given, categories)).collect();
    let several = real(scripts.iter().filter(|given| given.len() > 1).count());
    if several == 0.0 || categories < 2 {
        return None;
    }
    let common: Vec<f64> = (0..categories).map(|k| shares.iter().map(|s| s[k]).sum::<f64>() / n).collect();
    let weights: f64 =
        (0..categories).flat_map(|k| (0..categories).map(move |l| (k, l))).map(|(k, l)| weight(k, l)).sum();
    let scale = weights / (real(categories) * (real(categories) - 1.0));
    let expected = scale * common.iter().map(|p| p * (1.0 - p)).sum::<f64>();
    let agreements: Vec<Option<f64>> = scripts.iter().map(|given| pairwise(given, weight)).collect();
    let observed = agreements.iter().flatten().sum::<f64>() / several;
    let coefficient = (observed - expected) / (1.0 - expected);
    let squares: f64 = agreements
        .iter()
        .zip(&shares)
        .map(|(agreement, shares)| {
            let own = agreement.map_or(0.0, |a| n / several * (a - expected) / (1.0 - expected));
            let chance = scale * shares.iter().zip(&common).map(|(s, p)| s * (1.0 - p)).sum::<f64>();
            (own - 2.0 * (1.0 - coefficient) * (chance - expected) / (1.0 - expected) - coefficient).powi(2)
        })
        .sum();
    Some((coefficient, rounded_root(squares / (n * (n - 1.0)))))
}

/// Which share of a script's readers gave each category.
fn shares_of(given: &[usize], categories: usize) -> Vec<f64> {
    let mut shares = vec![0.0; categories];
    for category in given {
        shares[*category] += 1.0 / real(given.len());
    }
    shares
}

/// The mean weight over all pairs of readers of one script.
fn pairwise(given: &[usize], weight: Weight<'_>) -> Option<f64> {
    let pairs = real(given.len()) * (real(given.len()) - 1.0);
    let ordered = (0..given.len()).flat_map(|i| (0..given.len()).map(move |j| (i, j))).filter(|(i, j)| i != j);
    (pairs > 0.0).then(|| ordered.map(|(i, j)| weight(given[i], given[j])).sum::<f64>() / pairs)
}

#[cfg(test)]
mod tests;
