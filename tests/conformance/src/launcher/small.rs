//! The small tables of upstream's own tests: placement, folder grid, page gaps.

use std::collections::BTreeSet;
use std::path::Path;

use ferrule_launcher_model::compat::placement::{Grid, Occupancy, Place, Placement};
use ferrule_launcher_model::folder::FolderGrid;
use ferrule_launcher_model::pages::close_gaps;
use serde_json::Value;

use crate::{Case, Kind};

/// The kinds.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind { name: "launcher/placement", path: "launcher/cases/placement_check.json", load: placement },
        Kind { name: "launcher/folder_grid", path: "launcher/cases/folder_grid.json", load: folder_grid },
        Kind { name: "launcher/screen_gaps", path: "launcher/cases/screen_gaps.json", load: screen_gaps },
    ]
}

/// Runs one row of a table.
type Run = fn(&Value) -> Result<(), String>;

/// The rows of some lists of a JSON file, each run by the function that goes with its list.
fn tables(path: &Path, lists: &[(&str, Run)]) -> anyhow::Result<Vec<Case>> {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let mut cases = Vec::new();
    for (name, run) in lists {
        for (number, row) in file[name].as_array().into_iter().flatten().enumerate() {
            let (row, run) = (row.clone(), *run);
            cases.push(Case { id: format!("{name}/{number}"), run: Box::new(move || run(&row)) });
        }
    }
    Ok(cases)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, expected: T, actual: T) -> Result<(), String> {
    match expected == actual {
        true => Ok(()),
        false => Err(format!("{what}: expected {expected:?}, got {actual:?}")),
    }
}

fn ints(value: &Value) -> Vec<i32> {
    value.as_array().into_iter().flatten().filter_map(Value::as_i64).map(|number| number as i32).collect()
}

fn pair(value: &Value) -> (usize, usize) {
    let side = |index: usize| value[index].as_u64().unwrap_or_default() as usize;
    (side(0), side(1))
}

fn placement(path: &Path) -> anyhow::Result<Vec<Case>> {
    tables(path, &[("cases", run_placement)])
}

fn run_placement(row: &Value) -> Result<(), String> {
    let grid = ints(&row["grid"]);
    let [columns, rows] = grid[..] else { return Err("grid is not two numbers".into()) };
    let hotseat = row["hotseat"].as_i64().unwrap_or_default() as i32;
    let mut occupancy =
        Occupancy::new(Grid { columns, rows, hotseat, search_columns: columns, folder: (4, 4) }, false);
    for (number, step) in row["steps"].as_array().into_iter().flatten().enumerate() {
        let [cell_x, cell_y, span_x, span_y, container, screen] = ints(step)[..] else {
            return Err(format!("step {number} is not six numbers and a truth value"));
        };
        let place = Place { container, screen, cell_x, cell_y, span_x, span_y };
        let accepted = occupancy.check(&place) == Placement::Accepted;
        equal(&format!("step {number}"), step[6].as_bool(), Some(accepted))?;
    }
    Ok(())
}

fn folder_grid(path: &Path) -> anyhow::Result<Vec<Case>> {
    tables(path, &[("shape", run_shape), ("pos", run_position), ("preview", run_preview)])
}

fn grid_of(max: &Value, row: &Value) -> FolderGrid {
    let (columns, rows) = pair(max);
    let mut grid = FolderGrid::new(columns, rows);
    grid.set_items(row["items"].as_u64().unwrap_or_default() as usize);
    grid
}

fn run_shape(row: &Value) -> Result<(), String> {
    equal("shape", pair(&row["shape"]), grid_of(&row["max"], row).shape())
}

fn run_position(row: &Value) -> Result<(), String> {
    let grid = grid_of(&row["max"], row);
    let cell = grid.cell(row["rank"].as_u64().unwrap_or_default() as usize);
    match row["same_as_rank"].as_u64() {
        Some(rank) => equal("cell", grid.cell(rank as usize), cell),
        None => equal("cell", Some(pair(&row["cell"])), cell),
    }
}

fn run_preview(row: &Value) -> Result<(), String> {
    let grids: Vec<FolderGrid> = match row["max_any_of"].as_array() {
        Some(maxima) => maxima.iter().map(|max| grid_of(max, row)).collect(),
        None => vec![grid_of(&row["max"], row)],
    };
    let items = row["items"].as_u64().unwrap_or_default() as usize;
    let shown: BTreeSet<i32> = (0..items)
        .filter(|rank| grids.iter().any(|grid| grid.is_in_preview(0, *rank)))
        .map(|rank| rank as i32)
        .collect();
    equal("preview", ints(&row["ranks"]), shown.into_iter().collect())
}

fn screen_gaps(path: &Path) -> anyhow::Result<Vec<Case>> {
    tables(path, &[("cases", run_gaps)])
}

fn run_gaps(row: &Value) -> Result<(), String> {
    equal("pages", ints(&row["expected"]), close_gaps(&ints(&row["input"])))
}
