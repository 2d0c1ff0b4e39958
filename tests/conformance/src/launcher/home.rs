//! `launcher/home_*`: every load case, default layout, old file and series of starts through Ferrule's own store, as a
//! launcher uses it: import, load, load. Nothing is expected of single rows; what must hold whatever the case: every row is
//! an item on the screen, held, in quarantine or opaque; each that is not where it was has a code in the trail; no leaf is
//! lost; the second load changes nothing.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::home::{Home, Phone, preview};
use ferrule_launcher_model::import::{ImportOptions, dry_run};
use ferrule_launcher_model::json::LoadSpec;
use ferrule_launcher_model::neutral::Title;
use ferrule_launcher_model::platform::{PlatformSnapshot, Unlisted};
use ferrule_launcher_model::rows::SourceRows;
use ferrule_launcher_model::safe::State;
use ferrule_launcher_model::store::{
    Change, Content, EpochMillis, Family, GridSize, Item, ItemId, Kind as ItemKind, OpenOptions, Place,
    ProfileSerial, apply, check,
};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::facts::json_lines;
use super::json::lines;
use super::loader::{CaseInput, table};
use crate::{Case, Kind};

const NOW: EpochMillis = EpochMillis(1_764_000_000_000);
const GRID: Grid = Grid { columns: 5, rows: 5, hotseat: 5, search_columns: 5, folder: (4, 4) };

/// The kinds.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind { name: "launcher/home_loader", path: "launcher/peer/loader_cases.jsonl", load: cases },
        Kind { name: "launcher/home_layouts", path: "launcher/peer/layouts_cases.jsonl", load: layouts },
        Kind { name: "launcher/home_upgrade", path: "launcher/peer/upgrade_cases.jsonl", load: upgrades },
        Kind { name: "launcher/home_restart", path: "launcher/peer/restart_cases.jsonl", load: restarts },
    ]
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, |case| {
        let input = CaseInput::read(&case["input"])?;
        laws(&case["input"], &input.spec)
    })
}

fn layouts(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, |case| of_rows(&case["output"]["rows"]))
}

fn upgrades(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, |case| {
        of_rows(&case["rows_before"])?;
        of_rows(&case["rows_after"])
    })
}

/// The laws for some rows, on a phone that has everything and on one that has not answered yet.
fn of_rows(rows: &Value) -> Result<(), String> {
    let holder = json!({ "rows": rows });
    let present = LoadSpec::assuming_present(&CaseInput::rows(&holder), GRID);
    let mut silent = present.clone();
    silent.platform = PlatformSnapshot { unlisted: Unlisted::Unknown, ..PlatformSnapshot::default() };
    laws(&holder, &present)?;
    laws(&holder, &silent)
}

fn leaves(content: &Content) -> BTreeSet<ItemId> {
    content.items.values().filter(|item| item.is_leaf()).map(|item| item.id).collect()
}

/// Import, load, load.
fn laws(holder: &Value, spec: &LoadSpec) -> Result<(), String> {
    let side = |side: i32, least: i32| side.clamp(least, 64);
    let grid = GridSize {
        columns: side(spec.grid.columns, 1),
        rows: side(spec.grid.rows, 1),
        dock: side(spec.grid.hotseat, 0),
    };
    let source = SourceRows { user_version: 32, favorites: table(holder), screens: None };
    let options = ImportOptions { now: NOW, grid: Some(grid), main_profile: 0 };
    let empty = Content::empty(grid, Family::Aosp, ProfileSerial(0));
    let (imported, report) = dry_run(&empty, &source, &options).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    let mut holds = |holds: bool, what: String| {
        if !holds {
            found.push(what);
        }
    };
    let rows = source.favorites.rows.len();
    holds(report.items == rows, format!("{} of {rows} rows came in", report.items));
    let phone = Phone { grid: spec.grid, flags: spec.flags, platform: &spec.platform };
    let first = preview(&imported, &phone, NOW);
    let lines = first.outcome.rows.len();
    holds(lines == rows, format!("{lines} lines for {rows} rows"));
    // What is said of Launcher3 is what it does with the rows that came in.
    let own = LoadSpec { prior_load_pinned: false, ..spec.clone() }.safe_load(&CaseInput::rows(holder), &[]);
    for (line, own) in first.outcome.rows.iter().zip(&own.rows) {
        let same = (line.row_id, line.legacy) == (own.row_id, own.legacy);
        holds(
            same,
            format!("row {}: {:?} of Launcher3 is told as {:?}", own.row_id, own.legacy, line.legacy),
        );
    }
    let (content, trail) =
        apply(&imported, &first.changes, NOW).map_err(|refusal| format!("refused: {refusal}"))?;
    holds(leaves(&content) == leaves(&imported), "leaves are lost".to_owned());
    let faults = check::check(&content);
    holds(faults.is_empty(), format!("{faults:?}"));
    for line in first.outcome.rows.iter().filter(|line| line.state != State::Live) {
        let id = Some(ItemId(line.row_id));
        let is_told = trail.iter().any(|entry| entry.item == id && entry.code.is_some());
        holds(is_told, format!("no code for {line:?}"));
    }
    let platform = first.outcome.effects.applied_to(&spec.platform);
    let phone = Phone { platform: &platform, ..phone };
    let second = preview(&content, &phone, NOW);
    holds(second.changes.is_empty(), format!("the second load changes {:?}", second.changes));
    holds(second.outcome.items == first.outcome.items, "the second load shows other items".to_owned());
    holds(second.outcome.pages == first.outcome.pages, "the second load shows other pages".to_owned());
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn restarts(path: &Path) -> anyhow::Result<Vec<Case>> {
    json_lines(path)?
        .into_iter()
        .map(|case| {
            let id = case.get("id").and_then(Value::as_str).context("a case without id")?.to_owned();
            let name = id.clone();
            Ok(Case { id, run: Box::new(move || starts(&name).map_err(|error| format!("{error:#}"))) })
        })
        .collect()
}

/// Three starts of a process on a file that today's launcher resets at every one of them, or copies to a taller grid and
/// loses an id by: each opens the store, loads and adds an item.
fn starts(id: &str) -> anyhow::Result<()> {
    const LATER: [(i32, &str); 7] = [
        (13, "appWidgetProvider"),
        (14, "modified"),
        (15, "restored"),
        (19, "profileId"),
        (20, "rank"),
        (22, "options"),
        (28, "appWidgetSource"),
    ];
    let taller = id.starts_with("taller-then-add");
    let known = taller || id.starts_with("empty-flag-restart");
    let version: i32 = match id.strip_prefix("upgrade-loop-v") {
        Some(version) => version.parse()?,
        None if known => 32,
        None => bail!("an id of no known kind"),
    };
    let later: Vec<String> = LATER
        .iter()
        .filter(|(step, _)| *step <= version)
        .map(|(_, name)| format!(", {name} INTEGER"))
        .collect();
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("launcher.db");
    Connection::open(&file)?.execute_batch(&format!(
        "CREATE TABLE favorites (_id INTEGER PRIMARY KEY, title TEXT, intent TEXT, container INTEGER, screen INTEGER,
           cellX INTEGER, cellY INTEGER, spanX INTEGER, spanY INTEGER, itemType INTEGER,
           appWidgetId INTEGER NOT NULL DEFAULT -1, icon BLOB{});
         INSERT INTO favorites (title, container, screen, cellX, cellY, spanX, spanY, itemType, intent)
           VALUES ('keep', -100, 0, 0, 0, 1, 1, 0, '#Intent;component=keep/.Main;end');
         PRAGMA user_version = {version}",
        later.concat()
    ))?;
    let store = dir.path().join("ferrule_model.db");
    let mut titles = vec!["keep".to_owned()];
    for start in 0..3 {
        let grid = Grid { rows: if taller { GRID.rows + start } else { GRID.rows }, ..GRID };
        let size = GridSize { columns: grid.columns, rows: grid.rows, dock: grid.hotseat };
        let (mut home, report) = Home::open(&store, OpenOptions::new(NOW, size, 0))?;
        ensure!(report.created == (start == 0), "start {start}: made anew");
        if report.created {
            home.import_file(&file, &ImportOptions { now: NOW, grid: Some(size), main_profile: 0 })?;
        }
        let silent = PlatformSnapshot { unlisted: Unlisted::Unknown, ..PlatformSnapshot::default() };
        let phone = Phone { grid, flags: Default::default(), platform: &silent };
        let loaded = home.load(&phone, NOW);
        ensure!(loaded.problem.is_none(), "start {start}: {:?}", loaded.problem);
        let title = format!("user{start}");
        let page = home.content().layout().and_then(|layout| layout.pages.first()).context("no page")?.id;
        let mut item = Item::new(ItemId(0), ProfileSerial(0), ItemKind::App, 0);
        item.title = Title::Text(title.clone());
        item.intent = Some(format!("#Intent;component={title}/.Main;end"));
        let place = Place::Desktop { page, x: start, y: 4, width: 1, height: 1 };
        home.edit(&[Change::Add { item: Box::new(item), place }], "user", NOW)?;
        titles.push(title);
        let mut found: Vec<String> = home
            .content()
            .items
            .values()
            .filter_map(|item| if let Title::Text(title) = &item.title { Some(title.clone()) } else { None })
            .collect();
        found.sort();
        ensure!(found == titles, "start {start}: {found:?} are left of {titles:?}");
        let quarantined = home.content().quarantined().count();
        ensure!(quarantined == 0, "start {start}: {quarantined} in quarantine");
    }
    Ok(())
}
