//! Quantiles of the distributions from which intervals are drawn.

/// The 97.5th percentile of the standard normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// The logarithm of the gamma function for positive arguments, by Lanczos' approximation (1964) with g = 7 and nine terms.
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let base = x + 7.5;
    let series = TERMS.iter().skip(1).zip(1_u8..).fold(TERMS[0], |sum, (term, i)| sum + term / (x + f64::from(i)));
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * base.ln() - base + series.ln()
}

/// The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 1964, 26.5.8), evaluated
/// from the front as Lentz does.
fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    // The fraction converges quickly on this side of the mean; the other side is its mirror.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_cdf(1.0 - x, b, a);
    }
    let front = (a * x.ln() + b * (1.0 - x).ln() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b)).exp() / a;
    let never_nought = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let (mut c, mut d) = (1.0, 1.0 / never_nought(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / never_nought(1.0 + term * d);
            c = never_nought(1.0 + term / c);
            step = c * d;
            fraction *= step;
        }
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front * fraction
}

/// The quantile of Fisher's F with so many degrees of freedom, which need not be whole. `p` is strictly between 0 and 1.
pub fn f_quantile(p: f64, numerator: f64, denominator: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // Halving to the last bit: slow beside Newton's method, and never astray.
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if beta_cdf(middle, numerator / 2.0, denominator / 2.0) < p { low = middle } else { high = middle }
    }
    denominator * low / (numerator * (1.0 - low))
}

/// The 97.5th percentile of Student's t.
pub fn t_quantile(freedom: f64) -> f64 {
    f_quantile(0.95, 1.0, freedom).sqrt()
}

/// A count as a number to reckon with.
pub fn real(count: usize) -> f64 {
    // Counts of scripts are far below 2^53.
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, printed: f64, half_digit: f64) {
        assert!((found - printed).abs() <= half_digit, "{found}, printed {printed}");
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Fisher and Yates (1963), tables III and V; the last two are upper 2.5 % points.
        for (freedom, printed) in [(1.0, 12.706), (5.0, 2.571), (9.0, 2.262), (30.0, 2.042), (120.0, 1.980)] {
            close(t_quantile(freedom), printed, 0.0005);
        }
        close(f_quantile(0.95, 5.0, 15.0), 2.90, 0.005);
        close(f_quantile(0.95, 1.0, 10.0), 4.96, 0.005);
        close(f_quantile(0.975, 5.0, 18.0), 3.38, 0.005);
        close(f_quantile(0.975, 10.0, 10.0), 3.72, 0.005);
        // Of a ratio and its inverse.
        close(f_quantile(0.025, 7.0, 4.0), 1.0 / f_quantile(0.975, 4.0, 7.0), 1e-9);
        close(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln(), 1e-12);
        close(ln_gamma(11.0), 3_628_800.0_f64.ln(), 1e-11);
    }
}
