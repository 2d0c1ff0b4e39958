//! Tests of opening files of other versions, on databases made here.

use rusqlite::Connection;

use super::*;
use crate::intent::Intent;

struct Platform(Target, bool);

impl LegacyShortcuts for Platform {
    fn resolve(&self, _: &Intent) -> Target {
        self.0
    }

    fn pin(&self, request: &PinRequest<'_>) -> bool {
        assert!(request.shortcut_id.starts_with("migrated_shortcut-") && !request.label.is_empty());
        self.1
    }
}

const WILLING: Platform = Platform(Target::Open, true);

fn launcher(platform: &Platform) -> Launcher<'_> {
    Launcher {
        profile: 0,
        profiles: &[0],
        package: "com.android.launcher3",
        pins_first_row: true,
        for_migration: false,
        downgrade_schema: None,
        platform,
    }
}

/// A file as Launcher3 of v12 made it.
fn v12() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,screen INTEGER,
             cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,
             appWidgetId INTEGER NOT NULL DEFAULT -1,isShortcut INTEGER,iconType INTEGER,iconPackage TEXT,
             iconResource TEXT,icon BLOB,uri TEXT,displayMode INTEGER);
             CREATE TABLE workspaceScreens (_id INTEGER PRIMARY KEY,screenRank INTEGER,modified INTEGER);
             INSERT INTO workspaceScreens VALUES (7,0,0),(3,1,0);
             INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES
             (1,'app','#Intent;action=android.intent.action.MAIN;l.profile=0;component=a/.B;end',-100,7,1,1,1,1,0),
             (2,'folder',NULL,-100,3,2,2,1,1,2),
             (3,'child',NULL,2,0,1,1,1,1,0),
             (4,'retired','x',-100,-777,0,0,1,1,0),
             (5,'plain','#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;component=a/.B;end',-100,9,0,3,1,1,1),
             (6,'old shortcut','http://x',-100,3,3,3,1,1,1),
             (7,'','http://y',-100,3,3,4,1,1,1);
             PRAGMA user_version = 12",
        )
        .unwrap();
    connection
}

fn texts(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn every_step_from_12_leaves_its_mark() {
    let mut connection = v12();
    let opening = open(&mut connection, &launcher(&WILLING)).unwrap();
    assert_eq!(opening.crash, None);
    assert_eq!(opening.max_id, Some(6));
    assert!(!opening.empty_flag);
    let rows = texts(
        &connection,
        "SELECT _id||':'||itemType||':'||screen||':'||rank||':'||profileId||':'||appWidgetSource FROM favorites",
    );
    // Pages 7, 3 in page order become 3, 7; page 9 is not listed and stays; the child's rank is 1 + 1 × 2.
    assert_eq!(rows, ["1:0:3:0:0:-1", "2:2:7:0:0:-1", "3:0:0:3:0:-1", "5:0:9:0:0:-1", "6:6:7:0:0:-1"]);
    assert_eq!(
        texts(&connection, "SELECT intent FROM favorites WHERE _id IN (1, 6)"),
        [
            "#Intent;action=android.intent.action.MAIN;component=a/.B;end",
            "#Intent;action=android.intent.action.MAIN;category=com.android.launcher3.DEEP_SHORTCUT;launchFlags=0x10200000;\
             package=com.android.launcher3;S.shortcut_id=migrated_shortcut-6;end"
        ]
    );
    assert_eq!(
        texts(&connection, "SELECT name FROM pragma_table_info('favorites') WHERE name LIKE 'icon%'"),
        ["iconType", "icon"]
    );
    assert_eq!(texts(&connection, "SELECT name FROM sqlite_master"), ["favorites"]);
}

/// SPEC-02 (b): one upgrade is the same as two, one after the other.
#[test]
fn a_second_opening_changes_nothing() {
    let mut connection = v12();
    open(&mut connection, &launcher(&WILLING)).unwrap();
    let dump = "SELECT quote(_id)||quote(intent)||quote(screen)||quote(rank)||quote(itemType) FROM favorites";
    let before = texts(&connection, dump);
    let again = open(&mut connection, &launcher(&WILLING)).unwrap();
    assert_eq!((again.crash, again.log), (None, Vec::new()));
    assert_eq!(texts(&connection, dump), before);
}

#[test]
fn a_column_that_exists_resets_the_screen_at_every_start() {
    let mut connection = v12();
    connection.execute_batch("ALTER TABLE favorites ADD COLUMN rank INTEGER").unwrap();
    for _ in 0..3 {
        let opening = open(&mut connection, &launcher(&WILLING)).unwrap();
        assert_eq!(opening.crash, None);
        assert!(opening.empty_flag && opening.log.contains(&Event::Wiped));
        let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, 12);
        wipe(&connection, 0).unwrap(); // what the load does when it finds the flag
        assert_eq!(texts(&connection, "SELECT title FROM favorites"), Vec::<String>::new());
    }
}

#[test]
fn crashes_leave_the_file_as_it_was() {
    for (damage, crash) in [
        ("DROP TABLE workspaceScreens", "LM_UPGRADE_SQL"),
        ("UPDATE favorites SET intent = NULL WHERE _id = 5", "LM_UPGRADE_NULL_INTENT"),
        ("UPDATE favorites SET intent = '#Intent;i.x=y;end' WHERE _id = 5", "LM_UPGRADE_NUMBER_IN_INTENT"),
        ("PRAGMA user_version = 0", "LM_UPGRADE_TABLE_EXISTS"),
    ] {
        let mut connection = v12();
        connection.execute_batch(damage).unwrap();
        let dump = "SELECT group_concat(quote(_id)||quote(intent)||quote(screen)) FROM favorites
                    UNION ALL SELECT group_concat(name) FROM pragma_table_info('favorites')";
        let before = texts(&connection, dump);
        let opening = open(&mut connection, &launcher(&WILLING)).unwrap();
        assert_eq!(opening.crash.map(|crash| crash.code()), Some(crash));
        assert_eq!(texts(&connection, dump), before, "{damage}");
    }
}

#[test]
fn shortcuts_that_the_platform_refuses_are_deleted() {
    for platform in
        [Platform(Target::None, true), Platform(Target::Guarded, true), Platform(Target::Open, false)]
    {
        let mut connection = v12();
        open(&mut connection, &launcher(&platform)).unwrap();
        assert_eq!(texts(&connection, "SELECT title FROM favorites WHERE _id >= 6"), Vec::<String>::new());
    }
}

#[test]
fn files_below_12_are_given_up() {
    let mut connection = v12();
    connection.execute_batch("PRAGMA user_version = 11").unwrap();
    let opening = open(&mut connection, &launcher(&WILLING)).unwrap();
    assert!(opening.empty_flag);
    assert_eq!(texts(&connection, "SELECT title FROM favorites"), Vec::<String>::new());
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, CURRENT_VERSION);
}

fn v34(schema: Option<&str>) -> (Connection, Opening) {
    let mut connection = Connection::open_in_memory().unwrap();
    create_table(&connection, 0).unwrap();
    connection
        .execute_batch("INSERT INTO favorites (_id, title) VALUES (1, 'kept'); PRAGMA user_version = 34")
        .unwrap();
    let opening =
        open(&mut connection, &Launcher { downgrade_schema: schema, ..launcher(&WILLING) }).unwrap();
    (connection, opening)
}

/// SPEC-03: file, steps, failures.
#[test]
fn newer_files_come_down_by_the_stored_schema_or_are_given_up() {
    let titles = |connection: &Connection| texts(connection, "SELECT title FROM favorites");
    let version = |connection: &Connection| -> i32 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    let (connection, opening) = v34(Some(
        "{version: 34, downgrade_to_33: [], downgrade_to_32: ['UPDATE favorites SET title = title || 2']}",
    ));
    assert_eq!(
        (titles(&connection), version(&connection), opening.empty_flag),
        (vec!["kept2".to_owned()], 32, false)
    );

    for schema in [None, Some("{version: 33, downgrade_to_32: []}"), Some("{")] {
        let (connection, opening) = v34(schema);
        assert_eq!((titles(&connection), version(&connection), opening.empty_flag), (vec![], 32, true));
    }

    // A failing statement dooms the transaction: nothing is applied, nothing is given up, only the flag stays.
    let (connection, opening) =
        v34(Some("{version: 34, downgrade_to_33: ['DELETE FROM favorites'], downgrade_to_32: ['bad sql']}"));
    assert_eq!(
        (titles(&connection), version(&connection), opening.empty_flag),
        (vec!["kept".to_owned()], 34, true)
    );
}

/// A file of v12 with many rows whose cells are made from a seed, odd types included.
fn random_v12(seed: u64) -> Connection {
    let connection = v12();
    connection.execute_batch("DELETE FROM favorites").unwrap();
    let mut state = seed;
    let mut below = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % limit).unwrap()
    };
    for id in 1..=40_i64 {
        let intent = ["http://x", "#Intent;component=a/.B;end", "#Intent;bad", ""][below(4) as usize];
        let container = [-100, -101, 1 + below(40)][below(3) as usize];
        let screen = [3, 7, 9, 0, -777, -778][below(6) as usize];
        let types = [0, 1, 2, 4][below(4) as usize];
        let cell: rusqlite::types::Value = match below(8) {
            0 => rusqlite::types::Value::Null,
            1 => "text".to_owned().into(),
            cell => cell.into(),
        };
        connection
            .execute(
                "INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,itemType) VALUES (?,?,?,?,?,?,?,?)",
                (id, ["", "t"][below(2) as usize], intent, container, screen, cell, below(5), types),
            )
            .unwrap();
    }
    connection
}

fn step_to(connection: &mut Connection, from: i32, to: i32) {
    let launcher = launcher(&WILLING);
    let mut opening = Opening {
        crash: None,
        empty_flag: false,
        log: Vec::new(),
        max_id: None,
        has_dock_backup: false,
        stores_schema: false,
    };
    let outer = connection.transaction().unwrap();
    let mut run = Run { launcher: &launcher, opening: &mut opening, doomed: false };
    steps::upgrade(&mut run, &outer, from, to).unwrap();
    assert!(!run.doomed);
    outer.pragma_update(None, "user_version", to).unwrap();
    outer.commit().unwrap();
}

/// Every row as one text, columns by name.
fn dump(connection: &Connection) -> Vec<String> {
    let columns = texts(connection, "SELECT name FROM pragma_table_info('favorites') ORDER BY name");
    let all =
        columns.iter().map(|name| format!("'{name}='||quote({name})")).collect::<Vec<_>>().join("||' '||");
    texts(connection, &format!("SELECT {all} FROM favorites ORDER BY _id"))
}

/// SPEC-02 (b): upgrade(12→32) = upgrade(12→k), then (k→32); (a): what no step names is as before.
#[test]
fn a_chain_can_be_cut_anywhere_and_keeps_what_no_step_names() {
    for seed in 0..20 {
        let mut whole = random_v12(seed);
        let untouched = "SELECT quote(_id)||quote(title)||quote(container)||quote(cellX)||quote(cellY)||quote(appWidgetId)
             FROM favorites WHERE itemType <> 1 AND screen NOT IN (-777, -778)
             AND NOT (screen = 0 AND container = -100 AND cellY = 0) ORDER BY _id";
        let before = texts(&whole, untouched);
        step_to(&mut whole, 12, CURRENT_VERSION);
        // Page 0 is listed nowhere, so no row moves to it or away from it.
        assert_eq!(texts(&whole, &untouched.replace("itemType <> 1", "itemType NOT IN (1, 6)")), before);
        for cut in 12..CURRENT_VERSION {
            let mut halves = random_v12(seed);
            step_to(&mut halves, 12, cut);
            step_to(&mut halves, cut, CURRENT_VERSION);
            assert_eq!(dump(&halves), dump(&whole), "cut at {cut}");
        }
    }
}

#[test]
fn an_opening_tells_about_dock_backup_and_schema() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE hotseat_restore_backup (_id INTEGER PRIMARY KEY)").unwrap();
    let opening = open(&mut connection, &launcher(&WILLING)).unwrap();
    assert!(opening.has_dock_backup && opening.stores_schema && opening.empty_flag);
    for (schema, stores) in
        [("{version: 31}", true), ("{", true), ("{version: 32}", false), ("{version: 40}", false)]
    {
        let launcher = Launcher { downgrade_schema: Some(schema), ..launcher(&WILLING) };
        assert_eq!(open(&mut connection, &launcher).unwrap().stores_schema, stores, "{schema}");
    }
}

#[test]
fn a_taller_copy_leaves_the_counter_behind() {
    let mut source = v12();
    open(&mut source, &launcher(&WILLING)).unwrap();
    source.execute_batch("ALTER TABLE favorites DROP COLUMN uri").unwrap();
    let mut target = Connection::open_in_memory().unwrap();
    let opened = open(&mut target, &Launcher { for_migration: true, ..launcher(&WILLING) }).unwrap();
    assert!(!opened.empty_flag);
    assert!(copy_taller(&source, &mut target).is_err(), "tables of different width");
    let mut source = Connection::open_in_memory().unwrap();
    open(&mut source, &launcher(&WILLING)).unwrap();
    source.execute_batch("INSERT INTO favorites (_id) VALUES (1), (2)").unwrap();
    copy_taller(&source, &mut target).unwrap();
    let mut ids = IdCounter::from_max(opened.max_id.unwrap());
    let stored: Vec<bool> = (0..3)
        .map(|_| target.execute("INSERT INTO favorites (_id) VALUES (?1)", [ids.next_id()]).is_ok())
        .collect();
    assert_eq!(stored, [false, false, true]);
}

/// One statement a profile, in the platform's order, each as SQLite's `replace` does it: left to right, and a semicolon
/// that one hit has taken begins no other. So an extra that stands twice in a row survives once, and which of two
/// neighbours goes first can decide what is left.
#[test]
fn profile_extras_go_profile_by_profile() {
    let strip = |intent: &str, profiles: &[i64]| {
        let connection = Connection::open_in_memory().unwrap();
        create_table(&connection, 0).unwrap();
        let insert = "INSERT INTO favorites (_id, intent, itemType) VALUES (1, ?1, 0), (2, ?1, 6)";
        connection.execute(insert, [intent]).unwrap();
        strip_profile_extras(&connection, profiles).unwrap();
        let texts = texts(&connection, "SELECT intent FROM favorites ORDER BY _id");
        assert_eq!(texts[1], intent, "only apps are touched");
        texts[0].clone()
    };
    for (intent, profiles, left) in [
        ("a;l.profile=0;end", [0, 10], "a;end"),
        ("a;l.profile=10;l.profile=0;end", [0, 10], "a;end"),
        ("a;l.profile=0;l.profile=0;end", [0, 10], "a;l.profile=0;end"),
        ("a;l.profile=0;l.profile=10;l.profile=0;end", [0, 10], "a;end"),
        ("a;l.profile=0;l.profile=10;l.profile=0;end", [10, 0], "a;l.profile=0;end"),
        ("l.profile=0;a;l.profile=11;end", [0, 10], "l.profile=0;a;l.profile=11;end"),
    ] {
        assert_eq!(strip(intent, &profiles), left, "{intent} {profiles:?}");
    }
}
