//! `launcher/safe_*`: the safe load over every load case, default layout and old file. Nothing is expected of single rows here; the laws must hold
//! whatever the case: 0 items lost over both loads, every difference from the real code has a code of its own, and a second
//! load of what the first one left changes nothing.

use std::collections::BTreeSet;
use std::path::Path;

use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::json::{LoadSpec, safe_report};
use ferrule_launcher_model::platform::{PlatformSnapshot, Unlisted};
use ferrule_launcher_model::safe::{SafeOutcome, State, rows_after, violations};
use serde_json::{Value, json};

use super::json::lines;
use super::loader::CaseInput;
use crate::{Case, Kind};

/// The kinds.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind { name: "launcher/safe_loader", path: "launcher/peer/loader_cases.jsonl", load: cases },
        Kind { name: "launcher/safe_layouts", path: "launcher/peer/layouts_cases.jsonl", load: layouts },
        Kind { name: "launcher/safe_upgrade", path: "launcher/peer/upgrade_cases.jsonl", load: upgrades },
    ]
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, run)
}

/// The rows of each default layout, which may overlap, lie outside, or have texts for numbers (MORE L12).
fn layouts(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, |case| of_rows(&case["output"]["rows"]))
}

/// The rows of each file of an older version, as they were before an upgrade could fail and after.
fn upgrades(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, |case| {
        of_rows(&case["rows_before"])?;
        of_rows(&case["rows_after"])
    })
}

/// The laws for some rows, on a phone that has everything and on one that has not answered yet.
fn of_rows(rows: &Value) -> Result<(), String> {
    let rows = CaseInput::rows(&json!({ "rows": rows }));
    let grid = Grid { columns: 5, rows: 5, hotseat: 5, search_columns: 5, folder: (4, 4) };
    let present = LoadSpec::assuming_present(&rows, grid);
    let mut silent = present.clone();
    silent.platform = PlatformSnapshot { unlisted: Unlisted::Unknown, ..PlatformSnapshot::default() };
    let found = [laws(&present, &rows), laws(&silent, &rows)].concat();
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn run(case: &Value) -> Result<(), String> {
    let input = CaseInput::read(&case["input"])?;
    let mut found = laws(&input.spec, &input.rows);
    found.extend(deleted_rows_are_listed(case, &input));
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// What the real code deleted, in its own list, is on the screen, held, quarantined or opaque here, with a code.
fn deleted_rows_are_listed(case: &Value, input: &CaseInput) -> Vec<String> {
    let report = safe_report(&input.spec.safe_load(&input.rows, &[]));
    let ids = |keys: &[&str]| -> BTreeSet<i64> {
        keys.iter()
            .filter_map(|key| report.get(*key).and_then(Value::as_array))
            .flatten()
            .filter_map(|row| row["id"].as_i64())
            .collect()
    };
    let listed = ids(&["items", "held", "quarantined", "opaque"]);
    let coded: BTreeSet<i64> = report["decisions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["code"] != "LM_LOADED")
        .filter_map(|row| row["id"].as_i64())
        .collect();
    let output = &case["output"];
    let deleted = output["deleted"].as_array().into_iter().flatten().filter_map(|row| row["id"].as_i64());
    let swept = output["sanitise"].as_object().into_iter().flat_map(|steps| steps.values());
    let swept = swept.filter_map(Value::as_array).flatten().filter_map(Value::as_i64);
    deleted
        .chain(swept)
        .filter(|id| !listed.contains(id) || !coded.contains(id))
        .map(|id| format!("row {id}, deleted by the real code, is not listed with a code"))
        .collect()
}

/// The laws of a safe load on some rows.
pub fn laws(spec: &LoadSpec, rows: &[LoadRow]) -> Vec<String> {
    let first = spec.safe_load(rows, &[]);
    let mut found = violations(&spec.input(rows), &first);
    let mut next = spec.clone();
    next.platform = first.effects.applied_to(&spec.platform);
    next.prior_load_pinned = first.first_page_pinned;
    let left = rows_after(rows, &first.writes);
    if left.len() != rows.len() {
        found.push(format!("{} rows became {}", rows.len(), left.len()));
    }
    let second = next.safe_load(&left, &first.pages);
    found.extend(
        violations(&next.input(&left), &second).into_iter().map(|line| format!("second load: {line}")),
    );
    if !second.writes.is_empty() {
        found.push(format!("second load writes {:?}", second.writes));
    }
    found.extend(changes(&first, &second));
    found
}

fn changes(first: &SafeOutcome, second: &SafeOutcome) -> Vec<String> {
    let mut found = Vec::new();
    for (before, after) in first.rows.iter().zip(&second.rows) {
        if (before.state, before.seat) != (after.state, after.seat) {
            found.push(format!("second load: {before:?} became {after:?}"));
        }
        // A row that is not live stays so for the same reason.
        if before.state != State::Live && before.deviations.first() != after.deviations.first() {
            found.push(format!("second load: row {} is {} now", before.row_id, after.code()));
        }
    }
    if first.items != second.items {
        for (id, item) in &first.items {
            if second.items.get(id) != Some(item) {
                found.push(format!("second load: {item:?} became {:?}", second.items.get(id)));
            }
        }
    }
    if first.contents != second.contents || first.pages != second.pages {
        found.push(format!("second load: pages {:?} became {:?}", first.pages, second.pages));
    }
    found
}
