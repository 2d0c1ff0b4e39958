//! Runs `ferrule model` as a person or a script does: text, JSON, exit codes, bad input, and real cases where the
//! conformance data are. The databases are made here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod kit;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};
use serde_json::{Value, json};

use kit::{Files, V32, ferrule, stderr, stdout};

/// An app, two apps on one cell, a folder with a child, an empty folder, an orphan, a widget, an unknown type.
const HOME: &str = "\
    INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES \
    (1,'Phone','#Intent;component=com.phone/.Dial;end',-101,0,0,0,1,1,0),\
    (2,'Maps','#Intent;component=com.maps/.Main;end',-100,0,0,0,1,1,0),\
    (3,'Mail','#Intent;component=com.mail/.Main;end',-100,0,0,0,1,1,0),\
    (4,'Games',NULL,-100,0,1,0,1,1,2),\
    (5,'Chess','#Intent;component=com.chess/.Main;end',4,0,0,0,1,1,0),\
    (6,'Void',NULL,-100,0,2,0,1,1,2),\
    (7,'Orphan','#Intent;component=com.orphan/.Main;end',99,0,0,0,1,1,0),\
    (9,'Strange',NULL,-100,0,3,0,1,1,77);\
    INSERT INTO favorites (_id,container,screen,cellX,cellY,spanX,spanY,itemType,appWidgetId,appWidgetProvider) VALUES \
    (8,-100,1,0,1,2,2,4,12,'com.clock/.Widget');";

impl Files {
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }
}

fn object(output: &Output) -> Value {
    let text = stdout(output);
    assert_eq!(text.lines().count(), 1, "one object a line: {text}{}", stderr(output));
    serde_json::from_str(&text).unwrap()
}

fn load(extra: &[&str], database: &Path) -> Output {
    ferrule(&[&["load", "--json", "--personality", "compat"], extra].concat(), &[database])
}

/// The keys of contracts 3, in order.
const KEYS: [&str; 10] = [
    "items",
    "collections",
    "screens",
    "deleted",
    "sanitise",
    "updated_rows",
    "restored_committed",
    "kept_in_db_not_in_model",
    "pending_packages",
    "decisions",
];

#[test]
fn load_has_the_keys_of_the_contract_and_a_decision_a_row() {
    let files = Files::new();
    let path = files.database("launcher.db", &[V32, HOME]);
    let before = fs::read(&path).unwrap();
    let output = load(&["--grid", "5x5/5"], &path);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let object = object(&output);
    let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys[..KEYS.len()], KEYS);
    let ids: Vec<i64> =
        object["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 4, 5, 8]);
    assert_eq!(object["deleted"], json!([{ "id": 3, "reason": "overlapping_item" }]));
    assert_eq!(object["sanitise"]["empty_folders"], json!([6]));
    assert_eq!(object["sanitise"]["unparented"], json!([7]));
    assert_eq!(object["kept_in_db_not_in_model"], json!([9]));
    assert_eq!(object["screens"], json!([0, 1]));
    let decisions: Vec<String> = object["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!("{} {} {}", row["id"], row["verdict"].as_str().unwrap(), row["code"].as_str().unwrap())
        })
        .collect();
    let wanted = [
        "1 accept LM_LOADED",
        "2 accept LM_LOADED",
        "3 delete LM_OVERLAPPING_ITEM",
        "4 accept LM_LOADED",
        "5 accept LM_LOADED",
        "6 sweep LM_EMPTY_FOLDER",
        "7 sweep LM_UNPARENTED",
        "8 accept LM_LOADED",
        "9 zombie LM_ZOMBIE_UNKNOWN_TYPE",
    ];
    assert_eq!(decisions, wanted);
    assert_eq!(fs::read(&path).unwrap(), before, "a database is never written");
    let beside: Vec<_> = fs::read_dir(files.0.path()).unwrap().collect();
    assert_eq!(beside.len(), 1, "and nothing is written beside it");
}

#[test]
fn the_grid_and_the_phone_decide() {
    let files = Files::new();
    let path = files.database("launcher.db", &[V32, HOME]);
    let small = object(&load(&["--grid", "1x1/1"], &path));
    assert!(small["deleted"].as_array().unwrap().iter().any(|row| row["id"] == 4), "cell 1,0 is outside");
    // Nothing is installed on this phone.
    let phone = json!({
        "grid": { "cols": 5, "rows": 5, "hotseat": 5 },
        "platform": { "profiles": [{ "serial": 0, "type": "main" }] },
    });
    let phone = files.write("phone.json", phone.to_string());
    let bare = object(&load(&["--input", phone.to_str().unwrap()], &path));
    let deleted: Vec<&Value> = bare["deleted"].as_array().unwrap().iter().map(|row| &row["reason"]).collect();
    assert_eq!(deleted.len(), 6, "{deleted:?}");
    assert!(deleted.contains(&&json!("app_not_installed_external_media")));
}

#[test]
fn text_names_every_row_that_is_not_shown() {
    let files = Files::new();
    let path = files.database("launcher.db", &[V32, HOME]);
    let output = ferrule(&["load", "--personality", "compat"], &[&path]);
    let text = stdout(&output);
    assert!(text.contains("5 of 9 rows loaded into 5x5, dock 5"), "{text}");
    for line in [
        "  iA---",
        "Mail: deleted [LM_OVERLAPPING_ITEM]",
        "Void: removed by the clean-up: an empty folder [LM_EMPTY_FOLDER]",
        "Strange: kept in the database, not shown [LM_ZOMBIE_UNKNOWN_TYPE]",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains('\x1b'), "no colour into a pipe");
}

#[test]
fn safe_keeps_what_compat_deletes_and_says_where_it_is() {
    let files = Files::new();
    let home = files.database("launcher.db", &[V32, HOME]);
    let arguments = ["load", "--personality", "safe", "--grid", "5x5/5"];
    let report = object(&ferrule(&[&arguments[..], &["--json"]].concat(), &[&home]));
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    let contract = ["items", "screens", "held", "quarantined", "opaque", "relocated", "decisions"];
    assert_eq!(keys[..contract.len()], contract);
    let ids = |key: &str| -> Vec<i64> {
        report[key].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    let mut rows = [ids("items"), ids("held"), ids("quarantined"), ids("opaque")].concat();
    rows.sort_unstable();
    assert_eq!(rows, [1, 2, 3, 4, 5, 6, 7, 8, 9], "each row is in exactly one list");
    assert!(ids("items").contains(&3) && ids("items").contains(&7), "the collision and the orphan are shown");
    assert!(ids("relocated").contains(&3) && ids("opaque") == [9], "{report}");
    let text = stdout(&ferrule(&arguments, &[&home]));
    for word in ["Mail: moved", "Orphan: moved", "Strange: opaque", "Void: quarantined"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

/// LM-I1: what has no id that a load could call it by is listed too, so that every row of the table is in the report once.
#[test]
fn safe_lists_the_rows_without_an_id() {
    let files = Files::new();
    let table = V32.replace("_id INTEGER PRIMARY KEY", "_id INTEGER");
    assert_ne!(table, V32);
    let rows = "INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES \
        (1,'a','#Intent;component=a/.Main;end',-100,0,0,0,1,1,0), (NULL,'b',NULL,-100,0,1,0,1,1,0),\
        (NULL,'c',NULL,-100,0,2,0,1,1,2), ('x','d',NULL,-100,0,3,0,1,1,0), (2.5,'e',NULL,-100,0,0,1,1,1,0),\
        (x'01','f',NULL,-100,0,1,1,1,1,0), (7,'g','#Intent;component=g/.Main;end',-100,0,2,1,1,1,0);";
    let path = files.database("launcher.db", &[&table, rows]);
    let safe = object(&ferrule(&["load", "--json", "--personality", "safe"], &[&path]));
    let held = safe["held"].as_array().unwrap();
    let titles: Vec<&str> = held.iter().map(|row| row["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["b", "c", "d", "e", "f"]);
    for row in held {
        assert_eq!((&row["id"], row["code"].as_str()), (&json!(null), Some("LM_HELD_ROW_ID")));
    }
    assert_eq!(safe["items"].as_array().unwrap().len() + held.len(), 7);
    assert_eq!(safe["decisions"].as_array().unwrap().len(), 7);
    let text = stdout(&ferrule(&["load", "--personality", "safe"], &[&path]));
    assert!(text.contains("2 of 7 rows") && text.contains("no id  c: held [LM_HELD_ROW_ID]"), "{text}");
    let compat = object(&load(&[], &path));
    assert_eq!(compat["decisions"].as_array().unwrap().len(), 2, "as before");
}

#[test]
fn show_draws_what_is_stored() {
    let files = Files::new();
    let path = files.database("launcher.db", &[V32, HOME]);
    let output = ferrule(&["show", "--grid", "4x3/4"], &[&path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    for part in [
        "aosp 32, 9 items on 2 pages, grid 4x3, dock 4",
        "Page 0\n  *ABC\n  ----\n  ----\n",
        "Page 1\n  ----\n  AA--\n  AA--\n    A  widget 2x2 com.clock/.Widget",
        "Dock\n  i---\n    i  Phone",
        "Folder Games (1): Chess",
        "app Orphan: container 99",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let object = object(&ferrule(&["show", "--json"], &[&path]));
    assert_eq!(object["pages"][1]["items"][0]["target"], json!("com.clock/.Widget"));
    assert_eq!(object["folders"], json!([{ "id": 4, "contents": [object["folders"][0]["contents"][0]] }]));
    assert_eq!(object["elsewhere"][0]["id"], json!(7));
}

#[test]
fn old_aosp_files_are_upgraded_in_the_copy_and_miui_is_translated() {
    let files = Files::new();
    let old = V32
        .replace("user_version = 32", "user_version = 30")
        .replace("icon BLOB,", "iconPackage TEXT,iconResource TEXT,icon BLOB,");
    let shortcut = "INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES \
        (1,'Site','https://example.org#Intent;action=android.intent.action.VIEW;end',-100,0,0,1,1,1,1);";
    let path = files.database("old.db", &[&old, shortcut]);
    let object = self::object(&load(&[], &path));
    assert_eq!(object["items"][0]["type"], json!(6), "{object}");
    let notes = object["notes"].to_string();
    assert!(notes.contains("LM_UPGRADED") && notes.contains("LM_UPGRADE_SHORTCUT_PINNED"), "{notes}");

    let miui = "PRAGMA user_version = 56; CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,\
        container INTEGER,screen INTEGER,cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,\
        appWidgetId INTEGER,icon BLOB,itemFlags INTEGER,label STRING,appWidgetProvider STRING,product_id STRING,\
        profileId INTEGER);\
        CREATE TABLE screens (_id INTEGER PRIMARY KEY,title TEXT,screenOrder INTEGER);\
        INSERT INTO screens VALUES (3,NULL,1),(9,NULL,0);\
        INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES \
        (1,'A','#Intent;component=com.a/.A;end',-100,3,1,0,1,1,0),\
        (2,'Big',NULL,-100,9,0,0,2,2,21),(3,'B','#Intent;component=com.b/.B;end',2,0,0,0,1,1,0),\
        (4,'MaMl',NULL,-100,9,2,0,2,2,19);";
    let path = files.database("launcher4x6.db", &[miui]);
    let text = stdout(&ferrule(&["show"], &[&path]));
    assert!(text.contains("miui 56") && text.contains("grid 4x6"), "{text}");
    assert!(text.contains("Page 0\n  AABB\n  AABB\n") && text.contains("Page 1\n  -i--\n"), "{text}");
    assert!(text.contains("[LM_TRANSLATED_FROM_MIUI]") && text.contains("Folder Big (1): B"), "{text}");
    let object = self::object(&load(&[], &path));
    assert_eq!(object["kept_in_db_not_in_model"], json!([4]), "Launcher3 has no MaMl widgets: {object}");
}

#[test]
fn what_cannot_be_answered_says_code_place_and_remedy() {
    let files = Files::new();
    let home = files.database("launcher.db", &[V32, HOME]);
    let other = files.database("other.db", &["CREATE TABLE favorites (_id INTEGER, url TEXT)"]);
    let empty = files.database("empty.db", &["CREATE TABLE android_metadata (locale TEXT)"]);
    let crash = files.database(
        "crash.db",
        &[
            &V32.replace("user_version = 32", "user_version = 30")
                .replace("icon BLOB,", "iconPackage TEXT,iconResource TEXT,icon BLOB,"),
            "INSERT INTO favorites (_id,itemType,intent,title) VALUES (1,1,'#Intent;i.x=abc;end','T')",
        ],
    );
    let table: [(&Path, &str, i32); 7] = [
        (&files.path("missing.db"), "LM_SOURCE_ABSENT", 2),
        (files.0.path(), "LM_SOURCE_NOT_A_FILE", 2),
        (&files.write("zero.db", ""), "LM_SOURCE_ZERO_BYTES", 2),
        (&files.write("text.db", "not a database, only text of some length"), "LM_SOURCE_NOT_A_DATABASE", 2),
        (&other, "LM_SOURCE_UNKNOWN", 2),
        (&empty, "LM_SOURCE_EMPTY", 2),
        (&crash, "LM_UPGRADE_NUMBER_IN_INTENT", 1),
    ];
    for (path, code, exit) in table {
        let output = load(&[], path);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(exit), "{code}: {said}");
        assert!(said.contains(code) && said.contains(path.to_str().unwrap()), "{said}");
        assert_eq!(said.lines().count(), 1, "what and remedy: {said}");
        assert_eq!(stdout(&output), "");
    }
    let bad_grid = files.write("grid.json", r#"{"grid":{"cols":5,"rows":5,"hotseat":"five"}}"#);
    let no_json = files.write("no.json", "{");
    for (input, word) in [(&bad_grid, "grid.hotseat"), (&no_json, "no.json")] {
        let output = load(&["--input", input.to_str().unwrap()], &home);
        assert_eq!(output.status.code(), Some(2));
        let said = stderr(&output);
        assert!(said.contains("LM_INPUT_MALFORMED") && said.contains(word), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let usage = load(&["--grid", "5x5"], &home);
    assert_eq!(usage.status.code(), Some(2));
    assert!(stderr(&usage).contains("COLSxROWS/DOCK"), "{}", stderr(&usage));
    // One unreadable file does not keep the others from being shown.
    let output = ferrule(&["show", "--json"], &[&files.path("missing.db"), &home]);
    assert_eq!((output.status.code(), stdout(&output).lines().count()), (Some(2), 1));
}

#[test]
fn committed_rows_in_the_log_are_loaded() {
    let files = Files::new();
    let live = files.database("live.db", &["PRAGMA journal_mode = wal;", V32]);
    let writer = Connection::open(&live).unwrap();
    writer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    writer.execute_batch(HOME).unwrap();
    // The files as a crash would leave them; nobody has this copy open.
    for suffix in ["", "-wal", "-shm"] {
        fs::copy(files.path(&format!("live.db{suffix}")), files.path(&format!("left.db{suffix}"))).unwrap();
    }
    let object = object(&load(&[], &files.path("left.db")));
    assert_eq!(object["items"].as_array().unwrap().len(), 5);
    assert!(object["notes"].to_string().contains("LM_SOURCE_SIDE_FILES"));
}

/// How many cases are run through the binary; the others run in the conformance crate without it.
const SPREAD: usize = 200;

/// The answers of Launcher3's own code, through a real file and the real binary.
#[test]
fn real_cases_have_the_expected_answers() {
    let folder = std::env::var_os("FERRULE_CONFORMANCE_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let path = folder.join("launcher/peer/loader_cases.jsonl");
    if !path.exists() && std::env::var_os("CI").is_none() {
        eprintln!("skipped, {} is not there; set FERRULE_CONFORMANCE_DIR to the data folder", path.display());
        return;
    }
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let step = (lines.len() / SPREAD).max(1);
    let mut compared = 0;
    for line in lines.iter().step_by(step) {
        let mut case: Value = serde_json::from_str(line).unwrap();
        let files = Files::new();
        let database = files.database("case.db", &[V32]);
        let rows = case["input"].as_object_mut().unwrap().shift_remove("rows").unwrap();
        insert(&Connection::open(&database).unwrap(), &rows);
        let input = files.write("input.json", case["input"].to_string());
        let output = load(&["--input", input.to_str().unwrap()], &database);
        let id = &case["id"];
        assert_eq!(output.status.code(), Some(0), "{id}: {}", stderr(&output));
        let answer = object(&output);
        for key in KEYS.iter().filter(|key| case["output"].get(key).is_some()) {
            assert_eq!(answer[key], case["output"][key], "{id}: {key}");
            compared += 1;
        }
    }
    assert!(compared > lines.len().min(SPREAD) * 5, "{compared} keys compared");
    println!("{} cases, {compared} keys compared", lines.len().div_ceil(step));
}

fn insert(connection: &Connection, rows: &Value) {
    for row in rows.as_array().unwrap() {
        let row = row.as_object().unwrap();
        let names: Vec<&str> = row.keys().map(String::as_str).collect();
        let values = row.iter().map(|(column, value)| match value {
            Value::Number(number) => {
                number.as_i64().map_or_else(|| Sql::Real(number.as_f64().unwrap()), Sql::Integer)
            }
            Value::String(text) if column == "icon" => Sql::Blob(text.clone().into_bytes()),
            Value::String(text) => Sql::Text(text.clone()),
            _ => Sql::Null,
        });
        let sql = format!(
            "INSERT INTO favorites ({}) VALUES ({})",
            names.join(","),
            vec!["?"; names.len()].join(",")
        );
        connection.execute(&sql, params_from_iter(values)).unwrap();
    }
}
