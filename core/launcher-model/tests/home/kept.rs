//! The answer that a store keeps for the next start is what a load comes to, or none: over random histories of edits, other
//! phones, imports, snapshots, foreign programs and damage.

use std::fs;
use std::path::Path;

use ferrule_launcher_model::compat::{BuildFlags, LoadRow};
use ferrule_launcher_model::home::{Home, Phone, preview};
use ferrule_launcher_model::neutral::Title;
use ferrule_launcher_model::platform::PlatformSnapshot;
use ferrule_launcher_model::store::{self, Change, Edit, ItemId, Key, OpenOptions, Place, key, schema};
use proptest::prelude::*;
use proptest::test_runner::Config;
use rusqlite::Connection;

use super::kit::{LATER, NOW, import_options, phone, size_of, table};
use super::random::{GRID, platform, rows};

/// What happens to a home screen between two starts.
#[derive(Debug, Clone)]
enum Event {
    /// Nothing.
    Start,
    /// Loaded for one of the phones.
    Load(usize),
    /// The user renames, moves or deletes an item.
    Edit(usize, u8),
    /// A page more.
    Page,
    Import(Vec<LoadRow>),
    Snapshot,
    Daily,
    Back,
    /// Another program, which knows nothing of what is kept, changes a table.
    Foreign(usize),
    /// What is kept is damaged.
    Damage(u8),
}

const FOREIGN: [&str; 8] = [
    "UPDATE items SET title = title || 'x' WHERE id = (SELECT max(id) FROM items)",
    "UPDATE items SET intent = NULL WHERE id = (SELECT min(id) FROM items)",
    "UPDATE items SET hold_code = 'LM_TEST', hold_since_ms = 1 WHERE id = (SELECT min(id) FROM items)",
    "INSERT INTO item_columns (item_id, name, value) SELECT max(id), 'restored', 1 FROM items",
    "DELETE FROM quarantine",
    "UPDATE pages SET title = 'p', number = number + 7",
    "UPDATE meta SET value = 'miui' WHERE key = 'family'",
    "UPDATE positions SET seated = 0 WHERE item_id = (SELECT max(id) FROM items)",
];

const DAMAGE: [&str; 4] = [
    "UPDATE kept_answer SET answer = zeroblob(length(answer))",
    "UPDATE kept_answer SET answer = substr(answer, 1, length(answer) - 1)",
    "UPDATE kept SET digest = zeroblob(16)",
    "DELETE FROM kept_answer",
];

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => Just(Event::Start),
        2 => (0..3_usize).prop_map(Event::Load),
        3 => (0..12_usize, 0..3_u8).prop_map(|(item, kind)| Event::Edit(item, kind)),
        1 => Just(Event::Page),
        1 => rows().prop_map(Event::Import),
        1 => Just(Event::Snapshot),
        1 => Just(Event::Daily),
        1 => Just(Event::Back),
        3 => (0..FOREIGN.len()).prop_map(Event::Foreign),
        1 => any::<u8>().prop_map(Event::Damage),
    ]
}

fn open(file: &Path) -> Home {
    Home::open(file, options()).unwrap().0
}

fn options() -> OpenOptions {
    OpenOptions::new(NOW, size_of(GRID), 0)
}

fn kept(file: &Path, options: &OpenOptions, key: &Key) -> Option<Vec<u8>> {
    store::kept(file, options, key, <[u8]>::to_vec)
}

/// A key of everything beside the home screen.
fn key_of(phone: &Phone<'_>) -> Key {
    key(&[format!("{phone:?}").as_bytes()])
}

/// Everything that the first load of a process comes to, and whether it would change the store.
fn first(home: &Home, phone: &Phone<'_>) -> (Vec<u8>, bool) {
    let loaded = preview(home.content(), phone, LATER);
    (format!("{:?} {:?}", loaded.outcome, loaded.pages).into_bytes(), !loaded.changes.is_empty())
}

fn happen(event: &Event, home: &mut Home, phones: &[Phone<'_>; 3]) {
    match event {
        Event::Load(at) => assert!(home.load(&phones[*at], LATER).problem.is_none()),
        Event::Edit(item, kind) => {
            let Some(id) = home.content().items.keys().nth(*item).copied() else { return };
            let change = match kind {
                0 => Change::Edit { id, edit: Edit::Title(Title::Text("another".to_owned())) },
                1 => {
                    let page = home.content().layout().unwrap().pages[0].id;
                    Change::Place {
                        id,
                        place: Place::Desktop { page, x: 0, y: 4, width: 1, height: 1 },
                        code: None,
                    }
                }
                _ => Change::Delete { id },
            };
            // Whether it may be made is not what this is about.
            let _ = home.edit(&[change], "user", LATER);
        }
        Event::Page => home.edit(&[Change::AddPage { at: 0, title: None }], "user", LATER).unwrap(),
        Event::Import(rows) => drop(home.import_rows(&table(rows), &import_options(GRID)).unwrap()),
        Event::Snapshot => drop(home.take_snapshot(LATER).unwrap()),
        Event::Daily => drop(home.daily_snapshot(LATER).unwrap()),
        Event::Back => {
            if let Some(snapshot) = home.snapshots().first() {
                home.go_back(snapshot.id, LATER).unwrap();
            }
        }
        Event::Start | Event::Foreign(_) | Event::Damage(_) => {}
    }
}

/// Loads for a phone, and keeps what the first load for it comes to, if it would change nothing; whether it is kept.
fn load_and_keep(home: &mut Home, phone: &Phone<'_>) -> bool {
    assert!(home.load(phone, LATER).problem.is_none());
    let (answer, changes) = first(home, phone);
    if !changes {
        home.keep(&key_of(phone), &answer).unwrap();
        assert!(!home.keep(&key_of(phone), &answer).unwrap(), "nothing new, nothing written");
    }
    !changes
}

/// What happens to the file while nobody has it open.
fn happen_to_file(event: &Event, file: &Path) {
    let sql = match event {
        Event::Foreign(at) => FOREIGN[*at],
        Event::Damage(at) => DAMAGE[usize::from(*at) % DAMAGE.len()],
        _ => return,
    };
    // A change that the file itself refuses is none.
    let _ = Connection::open(file).unwrap().execute_batch(&format!("PRAGMA foreign_keys = ON; {sql}"));
}

/// A folder on a disk that need not be waited for, where there is one: what is synced is not what this is about.
fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

proptest! {
    // Each case opens a store several times.
    #![proptest_config(Config { failure_persistence: None, cases: Config::default().cases / 16, ..Config::default() })]

    #[test]
    fn what_is_kept_is_what_a_load_comes_to(
        board in rows(), platforms in (platform(), platform()),
        events in prop::collection::vec((0..3_usize, event()), 1..9),
    ) {
        let dir = in_memory();
        let file = dir.path().join("ferrule_model.db");
        let wide = ferrule_launcher_model::compat::placement::Grid { columns: 5, ..GRID };
        let phones = [
            phone(GRID, BuildFlags::default(), &platforms.0),
            phone(GRID, BuildFlags::default(), &platforms.1),
            phone(wide, BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() }, &platforms.0),
        ];
        let mut home = open(&file);
        home.import_rows(&table(&board), &import_options(GRID)).unwrap();
        for (asked, event) in &events {
            let is_kept = load_and_keep(&mut home, &phones[*asked]);
            happen(event, &mut home, &phones);
            drop(home);
            happen_to_file(event, &file);
            let found = phones.each_ref().map(|phone| kept(&file, &options(), &key_of(phone)));
            home = open(&file);
            for (at, (phone, found)) in phones.iter().zip(&found).enumerate() {
                let (answer, changes) = first(&home, phone);
                if let Some(found) = found {
                    prop_assert!(!changes && *found == answer, "{:?} for phone {}", event, at);
                }
                if matches!(event, Event::Start | Event::Daily | Event::Snapshot) && at == *asked {
                    prop_assert_eq!(found.is_some(), is_kept, "{:?} changes nothing", event);
                }
            }
        }
    }
}

/// What each table that a load reads is told: rows that come, other rows, rows that go.
const CHANGES: [[&str; 3]; 7] = [
    [
        "INSERT INTO meta (key, value) VALUES ('new', 1)",
        "UPDATE meta SET value = 'miui' WHERE key = 'family'",
        "DELETE FROM meta",
    ],
    [
        "INSERT INTO layouts VALUES ('layout', 2, 4, 4, 4)",
        "UPDATE layouts SET dock = 2",
        "DELETE FROM layouts",
    ],
    [
        "INSERT INTO pages VALUES ('page', 2, 1, 1, 1, NULL)",
        "UPDATE pages SET title = 'p'",
        "DELETE FROM pages",
    ],
    [
        "INSERT INTO items (id, profile, kind, item_type) VALUES (2, 0, 'app', 0)",
        "UPDATE items SET title = 't'",
        "DELETE FROM items",
    ],
    [
        "INSERT INTO item_columns (item_id, name) VALUES (1, 'more')",
        "UPDATE item_columns SET value = 1",
        "DELETE FROM item_columns",
    ],
    [
        "INSERT INTO positions (layout_id, item_id, item_kind, place, seated, slot) VALUES (7, 1, 'app', 'dock', 1, 0)",
        "UPDATE positions SET slot = 1",
        "DELETE FROM positions",
    ],
    [
        "INSERT INTO quarantine (item_id, code, since_ms) VALUES (2, 'c', 0)",
        "UPDATE quarantine SET code = 'other'",
        "DELETE FROM quarantine",
    ],
];

#[test]
fn the_file_forgets_when_a_table_changes_that_a_load_reads() {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(schema::CREATE).unwrap();
    connection.execute_batch(schema::KEPT).unwrap();
    let rows = "INSERT INTO meta (key, value) VALUES ('family', 'aosp'), ('last_daily_ms', 1);
        INSERT INTO layouts VALUES ('layout', 1, 4, 4, 4); INSERT INTO pages VALUES ('page', 1, 1, 0, 0, NULL);
        INSERT INTO items (id, profile, kind, item_type) VALUES (1, 0, 'app', 0);
        INSERT INTO item_columns (item_id, name) VALUES (1, 'note');
        INSERT INTO positions (layout_id, item_id, item_kind, place, seated, slot) VALUES (1, 1, 'app', 'dock', 1, 0);
        INSERT INTO quarantine (item_id, code, since_ms) VALUES (1, 'c', 0); INSERT INTO kept VALUES (x'00', x'00');";
    let is_kept_after = |sql: &str| {
        connection.execute_batch(&format!("BEGIN; {rows}")).unwrap();
        assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
        let kept: i64 = connection.query_row("SELECT count(*) FROM kept", [], |row| row.get(0)).unwrap();
        connection.execute_batch("ROLLBACK").unwrap();
        kept == 1
    };
    for sql in CHANGES.iter().flatten() {
        assert!(!is_kept_after(sql), "{sql}");
    }
    for sql in [
        "UPDATE meta SET value = 2 WHERE key = 'last_daily_ms'",
        "INSERT INTO journal (at_ms, cause) VALUES (0, 'c')",
    ] {
        assert!(is_kept_after(sql), "{sql}");
    }
}

fn board() -> (Vec<LoadRow>, PlatformSnapshot) {
    let row = |id: i64| LoadRow {
        row_id: id,
        container: -100,
        title: Some(format!("App {id}")),
        intent: Some(format!("#Intent;action=android.intent.action.MAIN;component=org.app{id}/.Main;end")),
        cell_x: id as i32 % 4,
        cell_y: 1 + id as i32 / 4,
        span_x: 1,
        span_y: 1,
        widget_id: -1,
        ..LoadRow::default()
    };
    let rows: Vec<LoadRow> = (0..12).map(row).collect();
    let platform = ferrule_launcher_model::compat::assume_present(&rows);
    (rows, platform)
}

/// A store with a kept answer, and the answer.
fn keeping(file: &Path) -> (Key, Vec<u8>) {
    let (rows, platform) = board();
    let mut home = open(file);
    home.import_rows(&table(&rows), &import_options(GRID)).unwrap();
    let phone = phone(GRID, BuildFlags::default(), &platform);
    home.load(&phone, NOW);
    let (answer, changes) = first(&home, &phone);
    assert!(!changes);
    assert!(home.keep(&key_of(&phone), &answer).unwrap());
    (key_of(&phone), answer)
}

#[test]
fn whatever_byte_is_damaged_what_is_kept_is_whole_or_none() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ferrule_model.db");
    let (key, answer) = keeping(&file);
    let whole = fs::read(&file).unwrap();
    assert_eq!(kept(&file, &options(), &key).as_ref(), Some(&answer));
    let mut lost = 0;
    for at in (0..whole.len()).step_by(397) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(&file, &bytes).unwrap();
        match kept(&file, &options(), &key) {
            Some(found) => assert_eq!(found, answer, "byte {at}"),
            None => lost += 1,
        }
    }
    assert!(lost > 5, "{lost}");
}

#[test]
fn what_was_damaged_is_kept_anew() {
    for damage in DAMAGE {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ferrule_model.db");
        let (key, answer) = keeping(&file);
        Connection::open(&file).unwrap().execute_batch(damage).unwrap();
        assert_eq!(kept(&file, &options(), &key), None, "{damage}");
        assert!(open(&file).keep(&key, &answer).unwrap(), "{damage}");
        assert_eq!(kept(&file, &options(), &key), Some(answer), "{damage}");
    }
}

#[test]
fn nothing_is_kept_for_another_key_nor_where_there_is_no_store_and_asking_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ferrule_model.db");
    let nothing = key(&[]);
    assert_eq!(kept(&file, &options(), &nothing), None);
    assert!(!file.exists());
    let (key, answer) = keeping(&file);
    assert_eq!(kept(&file, &options(), &nothing), None);
    let before = fs::read(&file).unwrap();
    assert_eq!(kept(&file, &options(), &key), Some(answer.clone()));
    assert_eq!(fs::read(&file).unwrap(), before);
    // Somebody has it open.
    let home = open(&file);
    assert_eq!(kept(&file, &options(), &key), None);
    drop(home);
    assert_eq!(kept(&file, &options(), &key), Some(answer));
    // An interrupted salvage waits to take its place.
    fs::write(dir.path().join("ferrule_model.db.salvaged"), "").unwrap();
    assert_eq!(kept(&file, &options(), &key), None);
}

/// An answer that is still in the log, as a killed process leaves it, is found, and so is a change behind it.
#[test]
fn what_a_killed_process_left_in_the_log_counts() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ferrule_model.db");
    let (key, answer) = keeping(&file);
    for changed in [false, true] {
        let mut home = open(&file);
        let answer = if changed { answer.clone() } else { b"another".to_vec() };
        assert!(home.keep(&key, &answer).unwrap());
        if changed {
            let edit = Edit::Title(Title::Text("another".to_owned()));
            home.edit(&[Change::Edit { id: ItemId(1), edit }], "user", LATER).unwrap();
        }
        let killed = dir.path().join(format!("killed-{changed}.db"));
        fs::copy(&file, &killed).unwrap();
        let log = |file: &Path| file.with_file_name(format!("{}-wal", file.file_name().unwrap().display()));
        fs::copy(log(&file), log(&killed)).unwrap();
        assert!(fs::metadata(log(&killed)).unwrap().len() > 0);
        drop(home);
        assert_eq!(kept(&killed, &options(), &key), (!changed).then_some(answer));
    }
}

/// A store of format 1 has no place for an answer; it gets one when there is something to keep.
#[test]
fn a_store_of_format_1_keeps_too() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ferrule_model.db");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/model-store/format-1.db");
    fs::copy(fixture, &file).unwrap();
    let key = key(&[b"question"]);
    assert_eq!(kept(&file, &options(), &key), None);
    let mut home = open(&file);
    assert!(home.keep(&key, b"answer").unwrap());
    home.verify().unwrap();
    drop(home);
    assert_eq!(kept(&file, &options(), &key).as_deref(), Some(&b"answer"[..]));
    let format = |key: &str| -> i64 {
        let connection = Connection::open(&file).unwrap();
        connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).unwrap()
    };
    assert_eq!((format("format"), format("min_reader")), (schema::FORMAT, schema::MIN_READER));
    let connection = Connection::open(&file).unwrap();
    connection.execute("UPDATE items SET title = 'as an older Ferrule writes' WHERE id = 1", []).unwrap();
    drop(connection);
    assert_eq!(kept(&file, &options(), &key), None);
}
