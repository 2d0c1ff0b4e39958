//! What moved when, and why: the audit log as a picture and as a list (R55).

use std::collections::BTreeMap;

use ferrule_rollout::RoCode;
use ferrule_rollout::stage::Stage;
use ferrule_rollout::told::Event;

use super::chart::{Chart, Scale};
use super::html::Html;
use super::words::running_time;

/// How many events the list shows; the picture shows all.
const LISTED: usize = 200;
/// Where stages stand, from below.
const STAGES: f64 = 6.0;

/// The running time of each event over all boots, in ms: what is between two boots is not known and not counted (R31).
fn ages(events: &[Event]) -> Vec<u64> {
    let (mut before, mut boot, mut last) = (0_u64, None, 0_u64);
    events
        .iter()
        .map(|event| {
            if boot.as_ref().is_some_and(|boot| *boot != event.boot) {
                before = before.saturating_add(last);
            }
            boot = Some(event.boot.clone());
            last = event.boottime_ms;
            before.saturating_add(last)
        })
        .collect()
}

/// How high a rung stands: its stage, and within a canary its share.
fn height(rung: &str) -> Option<f64> {
    let (stage, share) = rung.split_once(' ').unwrap_or((rung, ""));
    let stage = Stage::parse(stage)?;
    let permille = share.trim_end_matches('‰').parse::<f64>().unwrap_or(0.0);
    let at = Stage::ALL.iter().position(|one| *one == stage)? as f64;
    // 1, 10, 50, 200 and 1000 ‰ are about equally far from each other.
    Some(at + if permille > 1.0 { permille.log10() / 3.0 * 0.8 } else { 0.0 })
}

/// Steps between ticks, in hours.
const STEPS: [u64; 11] = [1, 3, 6, 12, 24, 48, 168, 336, 720, 2_160, 8_760];
/// How many steps a chart shows at most.
const STEPS_SHOWN: u64 = 5;
const HOUR_MS: u64 = 3_600_000;

/// Where ticks stand between two running times, in ms, and what they say.
fn ticks(first: u64, last: u64) -> Vec<(u64, String)> {
    let hours = (last - first) / HOUR_MS;
    let Some(step) = STEPS.into_iter().find(|step| hours / step <= STEPS_SHOWN) else { return Vec::new() };
    (first.div_ceil(step * HOUR_MS)..=last / (step * HOUR_MS))
        .map(|number| number * step)
        .map(|hour| {
            (hour * HOUR_MS, if hour % 24 == 0 { format!("{} d", hour / 24) } else { format!("{hour} h") })
        })
        .collect()
}

/// Shows the log; `chain` is what is wrong with it, `others` how many devices' logs are not shown.
pub fn show(html: &mut Html, events: &[Event], chain: Option<RoCode>, others: usize) {
    if let Some(code) = chain {
        html.leaf("p", &[("class", "bad")], &format!("{} [{code}]", code.sentence()));
    }
    if events.is_empty() {
        html.leaf("p", &[("class", "none")], "No log was handed over; see --audit and --guard.");
        return;
    }
    let ages = ages(events);
    let (first, last) = (ages.first().copied().unwrap_or(0), ages.last().copied().unwrap_or(1));
    let mut lanes: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for (event, age) in events.iter().zip(&ages) {
        if let (Some(feature), Some(from), Some(to)) =
            (&event.feature, height(&event.from), height(&event.to))
        {
            let lane = lanes.entry(feature).or_default();
            if lane.is_empty() {
                lane.push((first as f64, from));
            }
            lane.push((*age as f64, to));
        }
    }
    if others > 0 {
        let words = format!("The log of the first device; {others} more handed theirs over.");
        html.leaf("p", &[("class", "about")], &words);
    }
    // What stops every feature stands in every lane.
    let common: Vec<f64> = events
        .iter()
        .zip(&ages)
        .filter(|(event, _)| {
            event.feature.is_none() && ["RO_KILLED", "RO_SAFE_MODE"].contains(&event.reason.as_str())
        })
        .map(|(_, age)| *age as f64)
        .collect();
    html.tag("div", &[("class", "lanes")], |html| {
        for (feature, lane) in &lanes {
            html.tag("figure", &[], |html| {
                html.leaf("figcaption", &[], feature);
                let x = Scale::linear(first as f64, last.max(first + 1) as f64 * 1.02);
                let chart = Chart::new(x, Scale::linear(-0.2, STAGES + 0.2));
                chart.draw(html, &format!("The stages of {feature} over running time"), |html| {
                    for (at, stage) in Stage::ALL.iter().enumerate() {
                        chart.y_tick(html, at as f64, stage.as_str());
                    }
                    for (age, words) in ticks(first, last.max(first + 1)) {
                        chart.x_tick(html, age as f64, &words);
                    }
                    for age in &common {
                        chart.mark(html, "all", *age, "all off", false);
                    }
                    chart.steps(html, "evidence", lane);
                });
            });
        }
    });
    let skipped = events.len().saturating_sub(LISTED);
    html.tag("details", &[("class", "log")], |html| {
        html.leaf("summary", &[], &format!("Every entry ({})", events.len()));
        if skipped > 0 {
            html.leaf("p", &[("class", "about")], &format!("The {skipped} oldest are left out."));
        }
        list(html, events, &ages, skipped);
    });
}

fn list(html: &mut Html, events: &[Event], ages: &[u64], skipped: usize) {
    html.tag("table", &[("class", "small")], |html| {
        html.tag("thead", &[], |html| {
            html.tag("tr", &[], |html| {
                for head in ["After", "Feature", "Step", "Why", "Who"] {
                    html.leaf("th", &[("scope", "col")], head);
                }
            });
        });
        html.tag("tbody", &[], |html| {
            for (event, age) in events.iter().zip(ages).skip(skipped).rev() {
                html.tag("tr", &[], |html| {
                    html.leaf("td", &[("data-label", "After")], &running_time(*age));
                    html.leaf("th", &[("scope", "row")], event.feature.as_deref().unwrap_or("all"));
                    let step = match event.from == event.to {
                        true => format!("stays {}", event.to),
                        false => format!("{} → {}", event.from, event.to),
                    };
                    html.leaf("td", &[("data-label", "Step")], &step);
                    html.tag("td", &[("data-label", "Why")], |html| {
                        html.leaf("code", &[], &event.reason);
                        if let Some(code) = RoCode::parse(&event.reason) {
                            html.text(" ");
                            html.text(code.sentence());
                        }
                    });
                    html.leaf("td", &[("data-label", "Who")], &event.actor);
                });
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_time_goes_on_from_boot_to_boot_and_shares_stand_in_order() {
        let event = |boot: &str, boottime_ms| Event { boot: boot.into(), boottime_ms, ..Event::default() };
        assert_eq!(ages(&[event("a", 10), event("a", 30), event("b", 5), event("b", 9)]), [10, 30, 35, 39]);
        let heights: Vec<f64> = ["off", "shadow", "canary 1‰", "canary 10‰", "canary 1000‰", "live"]
            .into_iter()
            .filter_map(height)
            .collect();
        assert!(heights.len() == 6 && heights.is_sorted(), "{heights:?}");
        assert_eq!(height("nowhere"), None);
    }

    #[test]
    fn ticks_are_few_and_round_whatever_the_time() {
        let words = |first, last| -> Vec<String> {
            ticks(first * HOUR_MS, last * HOUR_MS).into_iter().map(|(_, words)| words).collect()
        };
        assert_eq!(words(1, 5), ["1 h", "2 h", "3 h", "4 h", "5 h"]);
        assert_eq!(words(1, 81), ["1 d", "2 d", "3 d"]);
        assert_eq!(words(0, 10_000).first().map(String::as_str), Some("0 d"));
        assert_eq!(ticks(0, u64::MAX), []);
        assert_eq!(ticks(7, 8), []);
    }
}
