//! How long legacy and candidate took: both distributions, their medians and tails with 95 % intervals (R32).

use std::collections::BTreeMap;

use super::chart::{Chart, Scale};
use super::html::Html;
use super::words::{count, duration};

/// Times of one side: how many lay from a bound up to the next, in ns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    buckets: BTreeMap<(u64, u64), u64>,
}

/// A quantile with the interval that holds it 95 times of 100, in ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantile {
    /// The estimate.
    pub at: u64,
    /// The lower end.
    pub low: u64,
    /// The upper end.
    pub high: u64,
}

/// How many bins a distribution is drawn with.
const BINS: usize = 40;
/// How many standard deviations hold 95 % of a normal distribution.
const Z: f64 = 1.96;

impl Histogram {
    /// Adds a bucket.
    pub fn add(&mut self, from: u64, to: u64, weight: u64) {
        let sum = self.buckets.entry((from, to.max(from))).or_default();
        *sum = sum.saturating_add(weight);
    }

    /// How many times there are.
    pub fn total(&self) -> u64 {
        self.buckets.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The quantile of order `q` with its interval from order statistics; `None` without times.
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        let total = self.total();
        if total == 0 {
            return None;
        }
        let n = total as f64;
        let spread = Z * (n * q * (1.0 - q)).sqrt();
        let at = |rank: f64| self.at_rank((rank.max(1.0) as u64).min(total));
        Some(Quantile {
            at: at((n * q).ceil()),
            low: at((n * q - spread).floor()),
            high: at((n * q + spread).ceil()),
        })
    }

    fn at_rank(&self, rank: u64) -> u64 {
        let mut sum = 0_u64;
        for ((from, to), count) in &self.buckets {
            sum = sum.saturating_add(*count);
            if sum >= rank {
                return from + (to - from) / 2;
            }
        }
        self.buckets.keys().next_back().map_or(0, |(_, to)| *to)
    }

    /// The share of each of [`BINS`] bins that are equally wide on a logarithmic scale.
    fn shares(&self, scale: &Scale) -> Vec<f64> {
        let mut bins = vec![0.0; BINS];
        let total = self.total().max(1) as f64;
        for ((from, to), count) in &self.buckets {
            let place = scale.share((from + (to - from) / 2) as f64).clamp(0.0, 1.0);
            let bin = ((place * BINS as f64) as usize).min(BINS - 1);
            if let Some(bin) = bins.get_mut(bin) {
                *bin += *count as f64 / total;
            }
        }
        bins
    }

    fn edges(&self) -> Option<(u64, u64)> {
        Some((self.buckets.keys().next()?.0, self.buckets.keys().next_back()?.1))
    }
}

/// The limit of the guard: the candidate's p99 may lie a tenth or 0.2 ms above legacy's.
fn limit(legacy_p99: u64) -> u64 {
    (legacy_p99 + legacy_p99 / 10).max(legacy_p99.saturating_add(200_000))
}

/// Draws both and says what the guard makes of them.
pub fn show(html: &mut Html, legacy: &Histogram, candidate: &Histogram) {
    let edges = [legacy.edges(), candidate.edges()];
    let low = edges.iter().flatten().map(|(low, _)| *low).min();
    let high = edges.iter().flatten().map(|(_, high)| *high).max();
    let (Some(low), Some(high)) = (low, high) else {
        html.leaf("p", &[("class", "none")], "No times were handed over; see --guard.");
        return;
    };
    let x = Scale::log(low.max(1) as f64 * 0.8, high.max(2) as f64 * 1.25);
    let sides = [("legacy", legacy.shares(&x)), ("candidate", candidate.shares(&x))];
    let peak = sides.iter().flat_map(|(_, shares)| shares).copied().fold(0.01, f64::max);
    let chart = Chart::new(x, Scale::linear(0.0, peak * 1.08));
    chart.draw(html, "How often calls took how long", |html| {
        chart.x_ticks(html, |ns| duration(ns as u64));
        for (side, shares) in &sides {
            chart.area(html, side, shares);
        }
        for (side, histogram) in [("legacy", legacy), ("candidate", candidate)] {
            if let Some(p99) = histogram.quantile(0.99) {
                chart.mark(html, side, p99.at as f64, "p99");
            }
        }
    });
    html.tag("ul", &[("class", "key")], |html| {
        html.leaf("li", &[("class", "legacy")], "legacy");
        html.leaf("li", &[("class", "candidate")], "candidate");
    });
    html.tag("table", &[("class", "small")], |html| {
        html.tag("thead", &[], |html| {
            html.tag("tr", &[], |html| {
                for head in ["Side", "Calls", "p50 (95 %)", "p99 (95 %)"] {
                    html.leaf("th", &[("scope", "col")], head);
                }
            });
        });
        html.tag("tbody", &[], |html| {
            for (side, histogram) in [("legacy", legacy), ("candidate", candidate)] {
                html.tag("tr", &[], |html| {
                    html.leaf("th", &[("scope", "row")], side);
                    html.leaf("td", &[("data-label", "Calls")], &count(histogram.total()));
                    for (label, q) in [("p50", 0.5), ("p99", 0.99)] {
                        let text = histogram.quantile(q).map_or("–".to_owned(), |q| {
                            format!("{} ({} to {})", duration(q.at), duration(q.low), duration(q.high))
                        });
                        html.leaf("td", &[("data-label", label)], &text);
                    }
                });
            }
        });
    });
    if let (Some(l), Some(c)) = (legacy.quantile(0.99), candidate.quantile(0.99)) {
        let limit = limit(l.at);
        let (class, words) = match (legacy.total().min(candidate.total()) < 1000, c.low > limit) {
            (true, _) => ("about", "The guard waits for 1,000 calls of each side.".to_owned()),
            (_, true) => ("bad", format!("Too slow: surely above the limit of {}.", duration(limit))),
            _ => ("good", format!("Within the guard's limit of {} for p99.", duration(limit))),
        };
        html.leaf("p", &[("class", class)], &words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_their_intervals_come_from_ranks() {
        let mut histogram = Histogram::default();
        for ns in 1..=10_000 {
            histogram.add(ns, ns + 1, 1);
        }
        assert_eq!(histogram.quantile(0.5), Some(Quantile { at: 5000, low: 4902, high: 5098 }));
        assert_eq!(histogram.quantile(0.99), Some(Quantile { at: 9900, low: 9880, high: 9920 }));
        assert_eq!(Histogram::default().quantile(0.5), None);
        assert_eq!((limit(100_000), limit(10_000_000)), (300_000, 11_000_000));
    }
}
