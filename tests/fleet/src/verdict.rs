//! What the gate in Rust says of a fleet, as the lines that the fleet's SQL is held to (`tests/fleet/gates.py`).

use ferrule_rollout::ledger::{Context, Tally, gate};
use ferrule_rollout::stage::Template;
use serde_json::{Value, json};

/// The first demand that is not met, or `open`. What no ledger knows is as the gate wants it.
///
/// # Panics
/// When the fleet stands at the last stage.
pub fn evidence(tally: &Tally, template: Template, classes: &[&str]) -> &'static str {
    let context = Context {
        classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        drill_days_ago: Some(0),
        ..Context::default()
    };
    let verdict = gate(tally, template, &context).expect("there is a next step");
    verdict.blocks.first().map_or("open", |block| block.code.as_str())
}

/// The line of `features.jsonl`.
pub fn feature(name: &str, template: Template, classes: &[&str]) -> Value {
    json!({"feature": name, "template": template.as_str(), "classes": classes.len()})
}

/// The line of `expected.jsonl`.
///
/// # Panics
/// When the fleet stands at the last stage.
pub fn expected(name: &str, tally: &Tally, template: Template, classes: &[&str]) -> Value {
    let comparisons = tally.sum.comparisons();
    let real = tally.sum.real();
    json!({
        "feature": name, "evidence": evidence(tally, template, classes), "comparisons": comparisons, "burned": real,
        "devices": tally.devices, "duplicates": tally.duplicates,
        "devices_burned": tally.devices_burned, "trials": tally.trials, "bound": tally.bound(),
        "device_bound": tally.device_bound(),
    })
}
