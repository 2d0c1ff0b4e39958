//! Runs the commands of `ferrule model` that make, read and change a store, as a person or a script does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod kit;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use rusqlite::Connection;
use serde_json::{Value, json};

use kit::{Files, V32, ferrule, stderr, stdout};

/// Two apps on one cell, an empty folder, an unknown type.
const HOME: &str = "\
    INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES \
    (1,'Maps','#Intent;component=com.maps/.Main;end',-100,0,0,0,1,1,0),\
    (2,'Mail','#Intent;component=com.mail/.Main;end',-100,0,0,0,1,1,0),\
    (3,'Void',NULL,-100,0,2,0,1,1,2),\
    (4,'Strange',NULL,-100,0,3,0,1,1,77);";

impl Files {
    /// A store of [`HOME`].
    fn store(&self) -> PathBuf {
        let database = self.database("launcher.db", &[V32, HOME]);
        let store = self.path("home.store");
        let output = ferrule(&["import", "--store"], &[&store, &database]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        store
    }
}

fn objects(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refused(output: &Output, exit: i32, code: &str) {
    assert_eq!(output.status.code(), Some(exit), "{}{}", stdout(output), stderr(output));
    let text = stderr(output);
    assert!(text.starts_with(&format!("ferrule: {code}: ")), "{text}");
    assert_eq!(text.lines().count(), 1, "one line, its remedy in it: {text}");
}

#[test]
fn import_has_the_keys_of_the_contract_in_order() {
    let files = Files::new();
    let database = files.database("launcher.db", &[V32, HOME]);
    let before = fs::read(&database).unwrap();
    let output = ferrule(&["import", "--json"], &[&database]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let object = &objects(&output)[0];
    let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let contract = [
        "file",
        "product",
        "user_version",
        "outcome",
        "code",
        "items",
        "pages",
        "quarantined",
        "opaque",
        "report",
    ];
    assert_eq!(keys[..contract.len()], contract);
    assert_eq!(
        json!([
            object["product"],
            object["user_version"],
            object["outcome"],
            object["code"],
            object["items"]
        ]),
        json!(["aosp", 32, "imported", null, 4])
    );
    assert_eq!((&object["opaque"], &object["overflow"]), (&json!(1), &json!(1)));
    assert_eq!(fs::read(&database).unwrap(), before);
    assert_eq!(fs::read_dir(files.0.path()).unwrap().count(), 1, "a dry run leaves nothing");
}

#[test]
fn every_bad_source_is_one_line_with_its_code_and_the_others_come_in() {
    let files = Files::new();
    let good = files.database("launcher.db", &[V32, HOME]);
    let absent = files.path("absent.db");
    let folder = files.path("folder");
    fs::create_dir(&folder).unwrap();
    let empty = files.path("empty.db");
    fs::write(&empty, b"").unwrap();
    let text = files.path("text.db");
    fs::write(&text, b"this is no database at all, but it is long enough to have a header of one hundred bytes, is it not? yes").unwrap();
    let other = files.database("other.db", &["CREATE TABLE things (a)"]);
    let output = ferrule(&["import", "--json"], &[&absent, &folder, &empty, &text, &other, &good]);
    assert_eq!(output.status.code(), Some(2));
    let found: Vec<Value> = objects(&output)
        .iter()
        .map(|object| json!([object["outcome"], object["product"], object["code"]]))
        .collect();
    assert_eq!(
        json!(found),
        json!([
            ["refused", "none", "LM_SOURCE_ABSENT"],
            ["refused", "none", "LM_SOURCE_NOT_A_FILE"],
            ["refused", "empty", "LM_SOURCE_ZERO_BYTES"],
            ["refused", "none", "LM_SOURCE_NOT_A_DATABASE"],
            ["refused", "empty", "LM_SOURCE_EMPTY"],
            ["imported", "aosp", null],
        ])
    );
    assert_eq!(stderr(&output).matches("ferrule: LM_SOURCE_").count(), 5);
}

#[test]
fn nothing_that_is_there_is_replaced() {
    let files = Files::new();
    let store = files.store();
    let database = files.path("launcher.db");
    refused(&ferrule(&["import", "--store"], &[&store, &database]), 2, "LM_STORE_EXISTS");
    let again = ferrule(&["import", "--json", "--existing", "--store"], &[&store, &database]);
    assert_eq!((again.status.code(), &objects(&again)[0]["unchanged"]), (Some(0), &json!(true)));
    let export = ["export", "--store", store.to_str().unwrap(), "favorites"];
    refused(&ferrule(&export, &[&database]), 2, "LM_STORE_EXISTS");
    refused(&ferrule(&export, &[&files.path("no/such/out.db")]), 2, "LM_SOURCE_ABSENT");
    refused(&ferrule(&["import", "--store"], &[&files.path("no/out"), &database]), 2, "LM_SOURCE_ABSENT");
    // A refused source leaves no store behind.
    let nothing = files.path("nothing.store");
    refused(&ferrule(&["import", "--store"], &[&nothing, &files.path("absent.db")]), 2, "LM_SOURCE_ABSENT");
    assert!(!nothing.exists());
}

#[test]
fn a_store_is_shown_loaded_explained_and_checked_without_being_touched() {
    let files = Files::new();
    let store = files.store();
    let before = fs::read(&store).unwrap();
    let shown = ferrule(&["show"], &[&store]);
    assert!(stdout(&shown).contains("4 items on 1 pages"), "{}", stdout(&shown));
    let loaded = ferrule(&["load", "--json", "--personality", "safe"], &[&store]);
    let object = &objects(&loaded)[0];
    assert_eq!(object["items"].as_array().unwrap().len(), 2, "{}", stderr(&loaded));
    assert_eq!(object["relocated"][0]["code"], "LM_RELOCATED_OVERLAP");
    assert_eq!(object["quarantined"][0]["id"], 3);
    assert_eq!(object["opaque"][0]["id"], 4);

    // Before any load only the overflow is to be explained.
    let waiting = ferrule(&["explain", "--json"], &[&store]);
    assert_eq!(objects(&waiting)[0]["code"], "LM_IMPORT_OVERFLOW");
    let phone = files.path("phone.json");
    fs::write(
        &phone,
        json!({ "grid": { "cols": 5, "rows": 5, "hotseat": 5 }, "flags": { "qsb_on_first_screen": false } })
            .to_string(),
    )
    .unwrap();
    let explain = ["explain", "--json", "--input", phone.to_str().unwrap()];
    let lines = objects(&ferrule(&explain, &[&store]));
    let states: Vec<Value> = lines.iter().map(|line| json!([line["item"], line["state"]])).collect();
    assert_eq!(json!(states), json!([[1, "held"], [2, "held"], [3, "quarantined"], [4, "opaque"]]));
    assert_eq!(lines[0]["remedies"][0]["remedy"], "bring_profile_back");
    assert_eq!(lines[1]["moved"]["code"], "LM_RELOCATED_OVERLAP");
    let told = ferrule(&["explain", "--input", phone.to_str().unwrap(), store.to_str().unwrap(), "3"], &[]);
    let text = stdout(&told);
    assert!(
        text.contains("Void is in quarantine since ") && text.contains("helps: restore_or_dismiss"),
        "{text}"
    );
    assert!(text.contains("quarantined [LM_QUARANTINED_EMPTY_FOLDER]"), "its history: {text}");
    refused(&ferrule(&["explain", store.to_str().unwrap(), "99"], &[]), 2, "LM_STORE_REFUSED");

    let checked = ferrule(&["check", "--json"], &[&store, &files.path("launcher.db")]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    let kinds: Vec<Value> =
        objects(&checked).iter().map(|line| json!([line["kind"], line["ok"], line["items"]])).collect();
    assert_eq!(json!(kinds), json!([["store", true, 4], ["aosp", true, 4]]));
    assert_eq!(fs::read(&store).unwrap(), before);
}

/// Contracts 3: what is in the store's quarantine is in the report of a load, with the code that brought it there.
#[test]
fn a_safe_load_lists_the_quarantine_of_the_store() {
    let files = Files::new();
    let store = files.store();
    let fewer = files.database("fewer.db", &[V32, HOME, "DELETE FROM favorites WHERE _id IN (1, 4)"]);
    let output = ferrule(&["import", "--existing", "--store"], &[&store, &fewer]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let object = &objects(&ferrule(&["load", "--json", "--personality", "safe"], &[&store]))[0];
    let away: Vec<Value> = object["quarantined"].as_array().unwrap().clone();
    let facts: Vec<Value> =
        away.iter().map(|row| json!([row["id"], row["code"], row["title"], row["type"]])).collect();
    let expected = [
        json!([3, "LM_QUARANTINED_EMPTY_FOLDER", "Void", 2]),
        json!([1, "LM_IMPORT_REPLACED", "Maps", 0]),
        json!([4, "LM_IMPORT_REPLACED", "Strange", 77]),
    ];
    assert_eq!(facts, expected);
    let keys = |row: &Value| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&away[0]), keys(&away[1]), "one shape, whoever put it away");
    let decisions = object["decisions"].as_array().unwrap();
    assert_eq!(decisions.len(), 4, "every item of the store");
    let last = json!({
        "id": 4, "verdict": "quarantined", "code": "LM_IMPORT_REPLACED", "codes": ["LM_IMPORT_REPLACED"], "legacy_code": null,
    });
    assert_eq!(decisions[3], last);
    assert_eq!(object["notes"], json!([]), "an export's codes have no place here");
    let text = stdout(&ferrule(&["load", "--personality", "safe"], &[&store]));
    assert!(text.contains("1  Maps: quarantined; helps: restore_or_dismiss [LM_IMPORT_REPLACED]"), "{text}");
}

#[test]
fn an_export_comes_back_and_a_dry_run_writes_nothing() {
    let files = Files::new();
    let store = files.store();
    let out = files.path("out.db");
    let dry = ["export", "--json", "--dry-run", "--store", store.to_str().unwrap(), "favorites"];
    let object = &objects(&ferrule(&dry, &[&out]))[0];
    assert_eq!((&object["written"], &object["items"], out.exists()), (&json!(false), &json!(4), false));
    assert_eq!(object["report"][0]["code"], "LM_EXPORT_UNPLACED");
    let export = ["export", "--store", store.to_str().unwrap(), "favorites"];
    let written = ferrule(&export, &[&out]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    let rows: i64 = Connection::open(&out)
        .unwrap()
        .query_row("SELECT count(*) FROM favorites", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 4);
    let miui = files.path("launcher4x6.db");
    let written = ferrule(&["export", "--store", store.to_str().unwrap(), "miui"], &[&miui]);
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    let back = &objects(&ferrule(&["import", "--json"], &[&miui]))[0];
    assert_eq!((&back["product"], &back["items"]), (&json!("miui"), &json!(4)));
}

/// What comes in after a salvage is not all that was there, and who imports has to know.
#[test]
fn a_store_that_had_to_be_salvaged_to_be_changed_is_named_and_asks_for_attention() {
    let files = Files::new();
    let (store, database) = (files.store(), files.path("launcher.db"));
    let damage = || {
        let mut bytes = fs::read(&store).unwrap();
        bytes.truncate(bytes.len() / 2);
        fs::write(&store, bytes).unwrap();
    };
    for words in [&["import", "--existing", "--json", "--store", store.to_str().unwrap()][..], &["snapshots"]]
    {
        damage();
        let output = match words {
            ["snapshots"] => ferrule(&["snapshots", store.to_str().unwrap(), "take"], &[]),
            _ => ferrule(words, &[&database]),
        };
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.starts_with("ferrule: LM_STORE_DAMAGED: ") && text.contains("home.store"), "{text}");
        assert!(text.contains("items are left"), "{text}");
        assert!(!stdout(&output).is_empty());
    }
}

#[test]
fn snapshots_are_made_listed_and_gone_back_to() {
    let files = Files::new();
    let store = files.store();
    assert_eq!(stdout(&ferrule(&["snapshots"], &[&store])), "There are no snapshots yet.\n");
    let act =
        |words: &[&str]| ferrule(&[&["snapshots", "--json", store.to_str().unwrap()], words].concat(), &[]);
    let taken = objects(&act(&["take"]));
    assert_eq!((&taken[0]["id"], &taken[0]["reason"]), (&json!(1), &json!("manual")));
    let reasons: Vec<Value> =
        objects(&act(&["restore", "1"])).iter().map(|line| line["reason"].clone()).collect();
    assert_eq!(json!(reasons), json!(["manual", "restore"]));
    refused(&act(&["restore", "77"]), 2, "LM_STORE_NO_SNAPSHOT");
    assert_eq!(act(&["restore"]).status.code(), Some(2), "an ID is needed");
}

#[test]
fn what_is_no_store_is_named_and_never_made() {
    let files = Files::new();
    let database = files.database("launcher.db", &[V32, HOME]);
    refused(&ferrule(&["explain"], &[&database]), 2, "LM_STORE_FOREIGN");
    refused(&ferrule(&["snapshots"], &[&files.path("absent")]), 2, "LM_SOURCE_ABSENT");
    refused(&ferrule(&["explain"], &[files.0.path()]), 2, "LM_SOURCE_NOT_A_FILE");
    assert!(!files.path("absent").exists());
    let store = files.path("new.store");
    ferrule(&["import", "--store"], &[&store, &database]);
    Connection::open(&store)
        .unwrap()
        .execute_batch("UPDATE meta SET value = 99 WHERE key IN ('format', 'min_reader')")
        .unwrap();
    let before = fs::read(&store).unwrap();
    for command in ["explain", "check", "show", "snapshots"] {
        refused(&ferrule(&[command], &[&store]), 2, "LM_STORE_TOO_NEW");
    }
    assert_eq!(fs::read(&store).unwrap(), before);
}

#[test]
fn a_damaged_store_is_told_and_left_as_it_is() {
    let files = Files::new();
    let store = files.store();
    let mut bytes = fs::read(&store).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xA5);
    fs::write(&store, &bytes).unwrap();
    let output = ferrule(&["check", "--json"], &[&store]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let object = &objects(&output)[0];
    assert_eq!((&object["ok"], &object["code"]), (&json!(false), &json!("LM_STORE_DAMAGED")));
    assert_eq!(fs::read(&store).unwrap(), bytes);
    assert_eq!(fs::read_dir(files.0.path()).unwrap().count(), 2, "nothing is set aside");
}

#[test]
fn help_teaches_with_examples() {
    for command in ["import", "explain", "check", "export", "snapshots"] {
        let output = ferrule(&[command, "--help"], &[]);
        let text = stdout(&output);
        assert!(text.contains("Examples:") && text.contains("Exit codes:"), "{command}: {text}");
    }
}
