//! Rolling back: what a user brought back from quarantine is there for legacy, whatever became of the process.
//!
//! A child process makes a store, brings an item back and is killed where it stands. The store is opened, exported as
//! Launcher3's database, and the Kotlin legacy loads what is in that file; an import of the file changes nothing.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::export::Format;
use ferrule_launcher_model::home::{Home, Phone};
use ferrule_launcher_model::import::ImportOptions;
use ferrule_launcher_model::open::Opened;
use ferrule_launcher_model::platform::PlatformSnapshot;
use ferrule_launcher_model::rows::{Column, SourceRows, Table, Value as Cell};
use ferrule_launcher_model::store::{EpochMillis, GridSize, ItemId, OpenOptions};
use serde_json::{Map, Value, json};

use ferrule_parity::{answer, differences};

const NOW: EpochMillis = EpochMillis(1_764_000_000_000);
const SIZE: GridSize = GridSize { columns: 4, rows: 5, dock: 4 };
/// What the child says when the item is back.
const BACK: &str = "back";
/// The item that was away.
const ITEM: ItemId = ItemId(2);
const COLUMNS: [&str; 10] =
    ["_id", "title", "intent", "container", "screen", "cellX", "cellY", "spanX", "spanY", "itemType"];

fn options() -> ImportOptions {
    ImportOptions { now: NOW, grid: Some(SIZE), main_profile: 0 }
}

fn app(id: i64) -> Vec<Cell> {
    let intent = format!(
        "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
         launchFlags=0x10200000;component=com.app{id}/.Main;end"
    );
    let numbers = [-100, 0, id, 0, 1, 1, 0].map(Cell::Integer);
    [vec![Cell::Integer(id), Cell::Text(format!("App {id}")), Cell::Text(intent)], numbers.to_vec()].concat()
}

fn source(ids: &[i64]) -> SourceRows {
    let columns = COLUMNS.map(|name| Column { name: name.to_owned(), ..Column::default() }).to_vec();
    let rows = ids.iter().map(|id| app(*id)).collect();
    SourceRows { user_version: 32, favorites: Table { columns, rows }, screens: None }
}

/// The child: three apps, of which a second import lacks one; it comes back, and then nothing more happens.
///
/// # Errors
/// When the store cannot be made or written.
pub fn child(store: &Path) -> anyhow::Result<()> {
    let (mut home, _) = Home::open(store, OpenOptions::new(NOW, SIZE, 0))?;
    home.import_rows(&source(&[1, 2, 3]), &options())?;
    home.import_rows(&source(&[1, 3]), &options())?;
    ensure!(home.content().quarantined().count() == 1, "nothing is in quarantine");
    let platform = PlatformSnapshot::default();
    let grid = Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) };
    home.load(&Phone { grid, flags: Default::default(), platform: &platform }, NOW);
    home.restore(ITEM, NOW)?;
    println!("{BACK}");
    std::io::stdout().flush()?;
    loop {
        std::thread::park();
    }
}

/// The whole way, with a legacy loader's program.
///
/// # Errors
/// What does not hold.
pub fn check(program: &[String]) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = folder.path().join("ferrule_model.db");
    let mut child = Command::new(std::env::current_exe()?)
        .arg("--bring-back")
        .arg(&store)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let said = child.stdout.take().map(BufReader::new).and_then(|out| out.lines().next()).transpose()?;
    child.kill()?;
    child.wait()?;
    ensure!(said.as_deref() == Some(BACK), "the child said {said:?}");

    let (mut home, report) = Home::open(&store, OpenOptions::new(NOW, SIZE, 0))?;
    ensure!(report.salvage.is_none() && !report.created, "{report:?}");
    ensure!(home.content().quarantined().count() == 0, "the item is away again");
    let out = folder.path().join("launcher.db");
    home.export(Format::Favorites, &out)?;
    let exported = Opened::open(&out)?.read()?.rows;
    let input = input(&exported);
    let legacy = ask(program, &input)?;
    let shown = legacy["items"].as_array().into_iter().flatten();
    let ids: Vec<i64> = shown.filter_map(|item| item["id"].as_i64()).collect();
    ensure!(ids.contains(&ITEM.0) && ids.len() == 3, "legacy shows {ids:?}");
    let core = answer(&input).map_err(anyhow::Error::msg)?;
    let found = differences(&legacy, &core);
    ensure!(found.is_empty(), "{}", found.join("\n"));
    let again = home.import_file(&out, &options())?;
    ensure!(again.unchanged, "an import of the export changes the store: {:?}", again.notes);
    println!("rollback: item {} is back after a kill, and legacy shows it", ITEM.0);
    Ok(())
}

/// The rows of an export as a load case, on a phone that has all apps.
fn input(exported: &SourceRows) -> Value {
    let rows = &exported.favorites;
    let names: Vec<&str> = rows.columns.iter().map(|column| column.name.as_str()).collect();
    let row = |values: &Vec<Cell>| {
        let mut row = Map::new();
        for (name, value) in names.iter().zip(values) {
            let value = match value {
                Cell::Integer(number) => json!(number),
                Cell::Text(text) => json!(text),
                Cell::Real(_) | Cell::Blob(_) | Cell::Null => continue,
            };
            row.insert((*name).to_owned(), value);
        }
        Value::Object(row)
    };
    let apps = 1..=3;
    json!({
        "grid": { "cols": SIZE.columns, "rows": SIZE.rows, "hotseat": SIZE.dock },
        "flags": {
            "qsb_on_first_screen": false, "smartspace_removal_toggle": false, "smartspace_pref": true,
            "first_page_widget": false, "support_archiving": true, "app_pairs": true, "widgets_enabled": true,
        },
        "platform": {
            "profiles": [{
                "serial": 0, "user_id": 0, "type": "main", "quiet": false, "unlocked": true, "pinned_query": "ok",
            }],
            "packages": apps.clone().map(|id| json!({
                "pkg": format!("com.app{id}"), "serial": 0, "is_package_enabled": true,
                "app_info": {
                    "installed": true, "enabled": true, "system": false, "suspended": false, "external": false,
                    "archived": false,
                },
            })).collect::<Value>(),
            "activities": apps.map(|id| json!({
                "component": format!("com.app{id}/.Main"), "serial": 0, "enabled": true, "label": format!("App {id}"),
            })).collect::<Value>(),
            "pinned_shortcuts": [], "sessions": [], "widget_providers": [], "bound_widgets": [],
            "host_widget_ids": [], "safe_mode": false, "boot_completed": true, "bind_allowed": true,
            "custom_widgets": [],
        },
        "rows": rows.rows.iter().map(row).collect::<Value>(),
    })
}

/// What a legacy loader answers to one input.
fn ask(program: &[String], input: &Value) -> anyhow::Result<Value> {
    let (program, rest) = program.split_first().context("name the legacy loader's program")?;
    let mut legacy = Command::new(program).args(rest).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = legacy.stdin.take() {
        writeln!(stdin, "{input}")?;
    }
    let output = legacy.wait_with_output()?;
    if !output.status.success() {
        bail!("the legacy loader failed");
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(serde_json::from_str(text.lines().next().context("the legacy loader said nothing")?)?)
}
