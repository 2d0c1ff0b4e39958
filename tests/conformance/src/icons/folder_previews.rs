//! Kind `icons/folder_previews`: which items of a folder are loaded with full icons, over all device profiles.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ferrule_launcher_model::folder::FolderGrid;
use serde_json::Value;

use crate::{Case, Kind};

/// The kinds of this file.
pub fn kinds() -> Vec<Kind> {
    vec![Kind { name: "icons/folder_previews", path: "icons/folder_preview_cases.json", load }]
}

fn load(path: &Path) -> Result<Vec<Case>> {
    let root: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    let rows = root["cases"].as_array().context("no cases")?;
    rows.iter()
        .enumerate()
        .map(|(at, row)| {
            let profiles = match row.get("profiles") {
                Some(profiles) => {
                    profiles.as_array().context("profiles")?.iter().map(grid).collect::<Result<_>>()?
                }
                None => vec![(number(&row["cols"])?, number(&row["rows"])?)],
            };
            let items = number(&row["items"])?;
            let (high, low) = (ranks(row.get("high"))?, ranks(row.get("low"))?);
            let run = move || check(&profiles, items, &high, &low);
            Ok(Case { id: format!("case {}", at + 1), run: Box::new(run) })
        })
        .collect()
}

fn check(
    profiles: &[(usize, usize)],
    items: usize,
    high: &BTreeSet<usize>,
    low: &BTreeSet<usize>,
) -> Result<(), String> {
    let mut got = BTreeSet::new();
    for (columns, rows) in profiles {
        let mut grid = FolderGrid::new(*columns, *rows);
        grid.set_items(items);
        got.extend((0..items).filter(|rank| grid.is_in_preview(0, *rank)));
    }
    if got == *high && got.is_disjoint(low) {
        Ok(())
    } else {
        Err(format!("high: expected {high:?}, got {got:?}"))
    }
}

fn grid(profile: &Value) -> Result<(usize, usize)> {
    Ok((number(&profile[0])?, number(&profile[1])?))
}

fn number(value: &Value) -> Result<usize> {
    Ok(usize::try_from(value.as_u64().with_context(|| format!("{value} is no number"))?)?)
}

fn ranks(value: Option<&Value>) -> Result<BTreeSet<usize>> {
    let Some(value) = value else { return Ok(BTreeSet::new()) };
    value.as_array().context("no list of ranks")?.iter().map(number).collect()
}
