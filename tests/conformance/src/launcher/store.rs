//! `launcher/store`: each load case's rows through Ferrule's own store and out again.
//!
//! The case's recorded answer is not the measure here, its rows are: hostile, odd and complete. Every row must be an item
//! of the store, the store a home screen, what comes out must come in again unchanged, and a load of what comes out must
//! decide as a load of the rows themselves.

use std::path::Path;

use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::export::{Format, Overflow, rows};
use ferrule_launcher_model::import::{ImportOptions, dry_run};
use ferrule_launcher_model::rows::SourceRows;
use ferrule_launcher_model::store::{Content, EpochMillis, Family, GridSize, ProfileSerial, check};
use serde_json::{Value, json};

use super::facts::Facts;
use super::json::{differences, int, lines};
use super::loader::{CaseInput, report, table};
use crate::{Case, Kind};

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "launcher/store", path: "launcher/peer/loader_cases.jsonl", load: cases }
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, run)
}

fn run(case: &Value) -> Result<(), String> {
    let input = &case["input"];
    let side = |key| i32::try_from(int(&input["grid"], key, 4)).unwrap_or(4);
    let grid = GridSize { columns: side("cols"), rows: side("rows"), dock: side("hotseat") };
    let options = ImportOptions { now: EpochMillis(0), grid: Some(grid), main_profile: 0 };
    let favorites = table(input);
    let source = SourceRows { user_version: 32, favorites, screens: None };
    let empty = Content::empty(grid, Family::Aosp, ProfileSerial(0));
    let (content, _) = dry_run(&empty, &source, &options).map_err(|error| error.to_string())?;
    let mut facts = Facts::default();
    facts.same("items", &json!(source.favorites.rows.len()), &json!(content.items.len()));
    facts.same(
        "faults",
        &json!([]),
        &json!(check(&content).iter().map(ToString::to_string).collect::<Vec<_>>()),
    );
    let (out, _) = rows(&content, Format::Favorites, Overflow::AsWished);
    let (again, _) = dry_run(&content, &out, &options).map_err(|error| error.to_string())?;
    facts.same("comes back as it was", &json!(true), &json!(again.items == content.items));
    facts.verdict()?;

    let before = CaseInput::read(input)?;
    let after = CaseInput { rows: LoadRow::from_table(&out.favorites), spec: before.spec.clone() };
    let (expected, actual) = (report(&before, &before.load()), report(&after, &after.load()));
    let mut found = Vec::new();
    differences("load", &expected, &actual, &mut found);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}
