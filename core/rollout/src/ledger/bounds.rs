//! The exact upper bound of a rate, after Clopper and Pearson (section 2.12).
//!
//! What it is: the one-sided upper limit for `k` events in `n` trials. What it is not: an approximation: Wilson's is below
//! it where no event was seen, which is just where gates look.
//!
//! The binomial distribution is summed from its largest term on, that term by Loader's saddle-point expansion; an incomplete
//! beta function through differences of log-gammas loses six digits at the `n` that gates need.
//!
//! Invariants: never below the observed rate; grows with `k`, shrinks with `n`; 1 where nothing is known.

/// The level of every gate.
pub const LEVEL: f64 = 0.95;

/// The smallest rate that `k` or fewer events in `n` trials make unlikelier than `1 - level`; 1 if `k >= n`.
///
/// `level` lies between 0 and 1, both excluded; other values give 1.
///
/// ```
/// use ferrule_rollout::ledger::bounds::upper;
/// assert!(upper(29_956, 0, 0.95) < 1e-4 && upper(29_955, 0, 0.95) > 1e-4);
/// ```
pub fn upper(n: u64, k: u64, level: f64) -> f64 {
    let unlikely = 1.0 - level;
    if k >= n || !(unlikely > 0.0 && unlikely < 1.0) {
        return 1.0;
    }
    if k == 0 {
        // (1 - p)^n = unlikely
        return -(unlikely.ln() / n as f64).exp_m1();
    }
    let (mut low, mut high) = (k as f64 / n as f64, 1.0);
    // Bisection until no number lies between: at most 1,100 halvings of the exponent and the mantissa.
    for _ in 0..1100 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if at_most(n, k, middle) > unlikely { low = middle } else { high = middle }
    }
    high
}

/// Garwood's upper limit of a Poisson count: divided by `n` it is never below [`upper`]. It is what SQL, which knows no exact
/// bound, takes from a table (contracts 6). Infinite for a level outside 0..1.
pub fn poisson_upper(k: u64, level: f64) -> f64 {
    let unlikely = 1.0 - level;
    if !(unlikely > 0.0 && unlikely < 1.0) {
        return f64::INFINITY;
    }
    if k == 0 {
        return -unlikely.ln();
    }
    let count = k as f64;
    let (mut low, mut high) = (count, 2.0 * count + 1000.0);
    for _ in 0..1100 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        let (mut term, mut sum) = (1.0, 1.0);
        for i in (1..=k).rev() {
            term *= i as f64 / middle;
            sum += term;
        }
        let largest =
            (-stirling_error(count) - deviance(count, middle)).exp() / (std::f64::consts::TAU * count).sqrt();
        if largest * sum > unlikely { low = middle } else { high = middle }
    }
    high
}

/// The probability of `k` or fewer events in `n` trials, for a rate above `k / n`.
fn at_most(n: u64, k: u64, p: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let odds = (1.0 - p) / p;
    for i in (1..=k).rev() {
        term *= i as f64 / (n - i + 1) as f64 * odds;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    exactly(n, k, p) * sum
}

/// The probability of just `k` events, 0 < k < n (C. Loader, "Fast and accurate computation of binomial probabilities").
fn exactly(n: u64, k: u64, p: f64) -> f64 {
    let (n, k) = (n as f64, k as f64);
    let rest = n - k;
    let exponent = stirling_error(n)
        - stirling_error(k)
        - stirling_error(rest)
        - deviance(k, n * p)
        - deviance(rest, n * (1.0 - p));
    (n / (std::f64::consts::TAU * k * rest)).sqrt() * exponent.exp()
}

/// ln(n!) minus Stirling's formula.
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        let factorial: f64 = (1..=n as u32).map(f64::from).product();
        return factorial.ln() - (n + 0.5) * n.ln() + n - std::f64::consts::TAU.ln() / 2.0;
    }
    let square = n * n;
    let tail = 1.0 / 1680.0 - 1.0 / 1188.0 / square;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - tail / square) / square) / square) / n
}

/// x ln(x / mean) + mean - x, without cancellation where the two are close.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() + mean - x;
    }
    let ratio = difference / (x + mean);
    let square = ratio * ratio;
    let mut sum = difference * ratio;
    let mut power = 2.0 * x * ratio;
    for j in 1..1000 {
        power *= square;
        let next = sum + power / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_gates_are_the_smallest_that_do() {
        for (n, bound, level) in [
            (29_956, 1e-4, 0.95),
            (299_572, 1e-5, 0.95),
            (299, 0.01, 0.95),
            (2_995, 0.001, 0.95),
            (46_050, 1e-4, 0.99),
            (460_515, 1e-5, 0.99),
        ] {
            assert!(upper(n, 0, level) < bound && upper(n - 1, 0, level) >= bound, "{n}");
        }
    }

    #[test]
    fn a_bound_is_above_the_rate_and_monotone() {
        let mut before = 0.0;
        for k in 0..=60 {
            let now = upper(1000, k, LEVEL);
            assert!(now > before && now > k as f64 / 1000.0, "{k}: {now}");
            assert!(upper(2000, k, LEVEL) < now);
            before = now;
        }
        assert_eq!(upper(0, 0, LEVEL), 1.0);
        assert_eq!(upper(5, 5, LEVEL), 1.0);
        assert_eq!(upper(5, 9, LEVEL), 1.0);
        assert_eq!(upper(5, 1, 1.0), 1.0);
    }
}
