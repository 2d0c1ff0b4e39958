//! The bound as it fell with the comparisons, against the line that the gate draws (R51).

use ferrule_rollout::ledger::bounds::{LEVEL, upper};
use ferrule_rollout::ledger::detail::Details;

use super::chart::{Chart, Scale};
use super::html::Html;
use super::words::{count, limit, rate};

/// How many comparisons without a mismatch bring the bound below a rate.
fn needed(wanted: f64) -> u64 {
    ((1.0 - LEVEL).ln() / (-wanted).ln_1p()).floor() as u64 + 1
}

/// Comparisons and mismatches so far, day by day, with the last point as it is now.
fn growth(details: &Details, now: (u64, u64)) -> Vec<(u64, u64)> {
    let mut points = Vec::new();
    let mut sum = (0_u64, 0_u64);
    for (comparisons, real) in details.days.values() {
        sum = (sum.0.saturating_add(*comparisons), sum.1.saturating_add(*real));
        points.push(sum);
    }
    if points.last() != Some(&now) {
        points.push(now);
    }
    points.retain(|(comparisons, _)| *comparisons > 0);
    points
}

/// Draws it. `wanted` is 1 where the step asks for no bound.
pub fn show(html: &mut Html, details: &Details, (comparisons, real): (u64, u64), wanted: f64) {
    let points = growth(details, (comparisons, real));
    let Some((first, _)) = points.first().copied() else {
        html.leaf("p", &[("class", "none")], "Nothing was compared yet.");
        return;
    };
    let bound = |(n, k): (u64, u64)| upper(n, k.min(n), LEVEL);
    let (goal, floor) = match wanted < 1.0 {
        true => (needed(wanted), wanted / 8.0),
        false => (comparisons, bound((comparisons, real)) / 4.0),
    };
    let left = (first as f64 / 2.0).clamp(1.0, 1000.0);
    let right = goal.max(comparisons).max(10) as f64 * 2.5;
    let lowest = bound((comparisons.max(goal), 0)) / 2.0;
    let chart = Chart::new(Scale::log(left, right), Scale::log(lowest.min(floor), 1.0));
    chart.draw(html, "The bound at 95 % against the number of comparisons", |html| {
        chart.x_ticks(html, |n| count(n as u64));
        chart.y_ticks(html, |rate| if rate < 1.0 { limit(rate) } else { "1".to_owned() });
        let ideal: Vec<(f64, f64)> = (0..=40)
            .map(|step| left * (right / left).powf(f64::from(step) / 40.0))
            .map(|n| (n, bound((n as u64, 0))))
            .collect();
        chart.line(html, "ideal", &ideal);
        if wanted < 1.0 {
            chart.level(html, "gate", wanted, &format!("the gate: below {}", limit(wanted)));
        }
        let curve: Vec<(f64, f64)> = points.iter().map(|point| (point.0 as f64, bound(*point))).collect();
        chart.line(html, if real > 0 { "evidence burned" } else { "evidence" }, &curve);
        let class = if real > 0 { "now burned" } else { "now" };
        if let Some(last) = curve.last() {
            chart.dot(html, class, *last, &format!("{} · {}", count(comparisons), rate(last.1)));
        }
    });
    let words = match (wanted < 1.0, real) {
        (false, _) => "This step asks for no bound.".to_owned(),
        (true, 0) => format!(
            "Dashed: how the bound falls as long as nothing differs; {} clean comparisons reach the gate.",
            count(goal)
        ),
        (true, _) => {
            "A real mismatch burned this ledger: more comparisons do not mend it, a new build starts anew."
                .to_owned()
        }
    };
    html.leaf("p", &[("class", "about")], &words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gates_need_what_their_table_says() {
        assert_eq!([needed(1e-4), needed(1e-5), needed(0.01)], [29_956, 299_572, 299]);
        let mut details = Details::default();
        details.add_day(0, 10, 0);
        details.add_day(2, 5, 1);
        assert_eq!(growth(&details, (20, 1)), [(10, 0), (15, 1), (20, 1)]);
        assert_eq!(growth(&details, (15, 1)), [(10, 0), (15, 1)]);
    }
}
