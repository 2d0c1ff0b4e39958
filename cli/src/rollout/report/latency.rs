//! How long legacy and candidate took: both distributions, their medians and tails with 95 % intervals (R32).

use std::collections::BTreeMap;

use ferrule_rollout::told::{Histogram, Operation, p99_limit};

use super::chart::{Chart, Scale};
use super::html::Html;
use super::tables::table;
use super::words::{count, counted, duration};

/// How many bins a distribution is drawn with.
const BINS: usize = 40;
/// The share of each of [`BINS`] bins that are equally wide on a logarithmic scale.
fn shares(histogram: &Histogram, scale: &Scale) -> Vec<f64> {
    let mut bins = vec![0.0; BINS];
    let total = histogram.total().max(1) as f64;
    for (middle, count) in histogram.middles() {
        let place = scale.share(middle as f64).clamp(0.0, 1.0);
        let bin = ((place * BINS as f64) as usize).min(BINS - 1);
        if let Some(bin) = bins.get_mut(bin) {
            *bin += count as f64 / total;
        }
    }
    bins
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
    let sides = [("legacy", shares(legacy, &x)), ("candidate", shares(candidate, &x))];
    let peak = sides.iter().flat_map(|(_, shares)| shares).copied().fold(0.01, f64::max);
    let chart = Chart::new(x, Scale::linear(0.0, peak * 1.08));
    chart.draw(html, "How often calls took how long", |html| {
        chart.x_ticks(html, |ns| duration(ns as u64));
        for (side, shares) in &sides {
            chart.area(html, side, shares);
        }
        for (side, histogram) in [("legacy", legacy), ("candidate", candidate)] {
            if let Some(p99) = histogram.quantile(0.99) {
                chart.mark(html, side, p99.at as f64, &format!("{side} p99"), side == "candidate");
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
        let limit = p99_limit(l.at);
        let (class, words) = match (legacy.total().min(candidate.total()) < 1000, c.low > limit) {
            (true, _) => ("about", "The guard waits for 1,000 calls of each side.".to_owned()),
            (_, true) => ("bad", format!("Too slow: surely above the limit of {}.", duration(limit))),
            _ => ("good", format!("Within the guard's limit of {} for p99.", duration(limit))),
        };
        html.leaf("p", &[("class", class)], &words);
    }
}

/// How many operations are listed.
const LISTED: usize = 64;

/// What each operation cost on each side. Quantiles of several devices do not add up: the device with the most calls speaks.
pub fn operations<'t>(html: &mut Html, costs: impl Iterator<Item = &'t Operation>) {
    let mut busiest: BTreeMap<(&str, std::cmp::Reverse<&str>), (&Operation, u64)> = BTreeMap::new();
    for cost in costs {
        // Legacy first.
        let key = (cost.operation.as_deref().unwrap_or_default(), std::cmp::Reverse(cost.side.as_str()));
        let (kept, devices) = busiest.entry(key).or_insert((cost, 0));
        *devices += 1;
        if cost.count > kept.count {
            *kept = cost;
        }
    }
    if busiest.is_empty() {
        return;
    }
    html.leaf("h4", &[], "What each operation costs");
    let known = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let rows: Vec<(&str, Vec<String>)> = busiest
        .iter()
        .take(LISTED)
        .map(|((name, _), (cost, _))| {
            let name = if name.is_empty() { "(other)" } else { name };
            let cells = vec![
                name.to_owned(),
                cost.side.clone(),
                count(cost.count),
                duration(cost.p50_ns),
                duration(cost.p99_ns),
                duration(cost.max_ns),
                known(cost.processor_ns.map(duration)),
                known(cost.allocated_bytes.map(|bytes| format!("{} B", count(bytes)))),
            ];
            ("", cells)
        })
        .collect();
    let heads = ["Operation", "Side", "Calls", "p50", "p99", "Longest", "Processor", "Allocated"];
    table(html, &heads, &rows);
    let devices = busiest.values().map(|(_, devices)| *devices).max().unwrap_or(0);
    if devices > 1 {
        let words = format!("Of {}, each time the one with the most calls.", counted(devices, "device"));
        html.leaf("p", &[("class", "about")], &words);
    }
    if busiest.len() > LISTED {
        let words = format!("{} more are not listed.", busiest.len() - LISTED);
        html.leaf("p", &[("class", "about")], &words);
    }
}
