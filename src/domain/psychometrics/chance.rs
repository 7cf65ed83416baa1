//! Chance for resampling, all of it from a seed: the same draws on every machine and in every year.

use sha2::{Digest, Sha256};

/// How often a sample is drawn anew for an interval.
pub const RESAMPLES: usize = 1000;

/// A stream of draws: the counter-based generator of Steele, Lea and Flood (2014), "Fast splittable pseudorandom number
/// generators", begun at the first eight bytes of the SHA-256 digest of seed and purpose.
pub struct Draws(u64);

impl Draws {
    /// The stream of a seed for one purpose.
    pub fn new(seed: &str, purpose: &str) -> Self {
        let digest = Sha256::digest(format!("{seed}\n{purpose}"));
        Self(digest.iter().take(8).fold(0, |state, byte| (state << 8) | u64::from(*byte)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A draw below `bound`; its bias is below one in 2^40 for any number of scripts there may ever be.
    pub fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.next()) * (bound as u128);
        usize::try_from(product >> 64).unwrap_or(0)
    }
}

/// The percentile interval of a statistic over [`RESAMPLES`] samples with replacement from `n` units. Samples in which the
/// statistic is not defined are left out; when those are more than one in ten, there is no interval to tell.
pub fn bootstrap(n: usize, mut draws: Draws, statistic: impl Fn(&[usize]) -> Option<f64>) -> Option<(f64, f64)> {
    let mut sample = vec![0; n];
    let mut found: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            sample.iter_mut().for_each(|unit| *unit = draws.below(n));
            statistic(&sample).filter(|value| value.is_finite())
        })
        .collect();
    if found.len() * 10 < RESAMPLES * 9 {
        return None;
    }
    found.sort_by(f64::total_cmp);
    let at = |per_mille: usize| found.get((found.len() - 1) * per_mille / 1000).copied();
    Some((at(25)?, at(975)?)).filter(|(low, high)| low < high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_pinned() {
        // The generator's own reference output from state nought.
        let mut draws = Draws(0);
        let expected = [0xE220_A839_7B1D_CDAF_u64, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F];
        assert_eq!([draws.next(), draws.next(), draws.next()], expected);
        let of = |seed, purpose| {
            let mut draws = Draws::new(seed, purpose);
            (0..8).map(|_| draws.below(100)).collect::<Vec<_>>()
        };
        assert_eq!(of("s", "p"), of("s", "p"));
        assert_ne!(of("s", "p"), of("s", "q"));
        assert!(of("s", "p").iter().all(|draw| *draw < 100));
    }

    #[test]
    fn a_mean_is_found_within_its_interval() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let mean = |sample: &[usize]| Some(sample.iter().map(|i| values[*i]).sum::<f64>() / 100.0);
        let (low, high) = bootstrap(100, Draws::new("s", "p"), mean).unwrap();
        // 49.5 ± 1.96 · 28.87 / 10, give or take a resample.
        assert!((low - 43.8).abs() < 1.0 && (high - 55.2).abs() < 1.0, "{low} {high}");
        assert_eq!(bootstrap(100, Draws::new("s", "p"), |_| Some(1.0)), None);
        assert_eq!(bootstrap(100, Draws::new("s", "p"), |_| None), None);
    }
}
