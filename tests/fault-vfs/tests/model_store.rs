//! The home screen on a disk that fails at every operation, once and from then on, and that dies before every operation.
//!
//! A home screen must be what it was or what it was to become, never less: for opening, edits, loads, another
//! grid, bringing back, imports, snapshots, going back, exports, keeping an answer and salvage; and a load answers whatever fails. How often each kind of operation was made to fail is printed at the end of each test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ferrule_fault_vfs::{Fault, FaultDisk, Loss, Operation, Photo, Plan};
use ferrule_launcher_model::compat::BuildFlags;
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::export::Format;
use ferrule_launcher_model::home::{Home, Phone};
use ferrule_launcher_model::import::{ImportOptions, Outcome};
use ferrule_launcher_model::platform::PlatformSnapshot;
use ferrule_launcher_model::safe::State;
use ferrule_launcher_model::snapshot::Reason;
use ferrule_launcher_model::store::{
    Change, Content, EpochMillis, GridSize, Item, ItemId, Kind, ModelStore, OpenOptions, Place,
    ProfileSerial, StoreError, check,
};
use rusqlite::Connection;

const NOW: EpochMillis = EpochMillis(1_764_000_000_000);
const GRID: GridSize = GridSize { columns: 4, rows: 5, dock: 5 };

fn file(folder: &Path) -> PathBuf {
    folder.join("ferrule_model.db")
}

fn options(disk: Option<&FaultDisk>) -> OpenOptions {
    let mut options = OpenOptions::new(NOW, GRID, 0);
    if let Some(disk) = disk {
        options.vfs = Some(disk.vfs());
        options.files = disk.files();
    }
    options
}

fn app(name: &str) -> Item {
    let mut item = Item::new(ItemId(0), ProfileSerial(0), Kind::App, 0);
    item.intent = Some(format!("#Intent;component={name}/.Main;end"));
    item.icon = Some(vec![7; 700].into());
    item
}

/// A folder with a store of twelve apps, one of them in quarantine, a snapshot of nine of them, and a launcher's database to import.
fn base(folder: &Path) {
    let mut store = ModelStore::open(&file(folder), options(None)).unwrap().store;
    let page = store.content().layout().unwrap().pages[0].id;
    let add = |number: i32| Change::Add {
        item: Box::new(app(&format!("app{number}"))),
        place: Place::Desktop { page, x: number % 4, y: number / 4, width: 1, height: 1 },
    };
    let changes: Vec<Change> = (0..9).map(add).collect();
    store.write(&changes, "user", NOW).unwrap();
    store.snapshot(Reason::Manual, NOW).unwrap();
    let mut changes: Vec<Change> = (9..12).map(add).collect();
    changes.push(Change::Quarantine { id: ItemId(9), code: "LM_TEST".to_owned(), until: None });
    store.write(&changes, "user", NOW).unwrap();
    let source = Connection::open(folder.join("launcher.db")).unwrap();
    source
        .execute_batch(
            "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,screen INTEGER,
               cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,
               appWidgetId INTEGER NOT NULL DEFAULT -1,icon BLOB,appWidgetProvider TEXT,
               modified INTEGER NOT NULL DEFAULT 0,restored INTEGER NOT NULL DEFAULT 0,profileId INTEGER DEFAULT 0,
               rank INTEGER NOT NULL DEFAULT 0,options INTEGER NOT NULL DEFAULT 0,
               appWidgetSource INTEGER NOT NULL DEFAULT -1);
             INSERT INTO favorites (_id,intent,container,screen,cellX,cellY,spanX,spanY,itemType) VALUES
               (101,'new1',-100,0,0,0,1,1,0), (102,'new2',-100,3,1,0,1,1,0), (103,'new3',-101,2,0,0,1,1,0);
             PRAGMA user_version = 32;",
        )
        .unwrap();
}

/// Something that is done with a store.
struct Scenario {
    name: &'static str,
    /// Damages the folder before, for salvage.
    before: fn(&Path),
    run: fn(&mut Home, &Path) -> Result<(), StoreError>,
}

const SCENARIOS: [Scenario; 12] = [
    Scenario { name: "open", before: |_| {}, run: |_, _| Ok(()) },
    Scenario {
        name: "edit",
        before: |_| {},
        run: |home, _| {
            let page = home.content().layout().unwrap().pages[0].id;
            let place = Place::Desktop { page, x: 3, y: 4, width: 1, height: 1 };
            let changes = [
                Change::Add { item: Box::new(app("added")), place },
                Change::Quarantine { id: ItemId(2), code: "LM_TEST".to_owned(), until: None },
                Change::AddPage { at: 0, title: None },
            ];
            home.edit(&changes, "user", NOW)
        },
    },
    Scenario {
        name: "import",
        before: |_| {},
        run: |home, folder| {
            let options = ImportOptions { now: NOW, grid: Some(GRID), main_profile: 0 };
            home.import_file(&folder.join("launcher.db"), &options).map(drop)
        },
    },
    Scenario {
        name: "damaged",
        // A log that SQLite does not accept: rows may be missing, so what the store has stays beside what comes in.
        before: |folder| fs::write(folder.join("launcher.db-wal"), [0xA5; 64]).unwrap(),
        run: |home, folder| {
            let options = ImportOptions { now: NOW, grid: Some(GRID), main_profile: 0 };
            let report = home.import_file(&folder.join("launcher.db"), &options)?;
            assert_eq!((report.outcome, report.items, report.quarantined), (Outcome::Salvaged, 3, 1));
            Ok(())
        },
    },
    Scenario { name: "snapshot", before: |_| {}, run: |home, _| home.take_snapshot(NOW).map(drop) },
    Scenario { name: "load", before: |_| {}, run: |home, _| loaded(home, GRID) },
    Scenario {
        name: "grid",
        before: |_| {},
        run: |home, _| loaded(home, GridSize { columns: 3, rows: 3, dock: 2 }),
    },
    Scenario { name: "bring back", before: |_| {}, run: |home, _| home.restore(ItemId(9), NOW) },
    Scenario { name: "go back", before: |_| {}, run: |home, _| home.go_back(1, NOW) },
    Scenario {
        name: "export",
        before: |_| {},
        run: |home, folder| home.export(Format::Favorites, &folder.join("out.db")).map(drop),
    },
    Scenario { name: "keep", before: |_| {}, run: |home, _| home.keep(&[7; 16], &[1; 9_000]).map(drop) },
    Scenario {
        name: "salvage",
        before: |folder| {
            // The whole middle of the file: the schema and, with 4 KiB pages, most tables' roots.
            let mut bytes = fs::read(file(folder)).unwrap();
            bytes[..4096].fill(0xA5);
            fs::write(file(folder), bytes).unwrap();
        },
        run: |_, _| Ok(()),
    },
];

/// A load for a phone that has none of the apps. Whatever fails, it answers for every item that is not in quarantine.
fn loaded(home: &mut Home, size: GridSize) -> Result<(), StoreError> {
    let grid = Grid {
        columns: size.columns,
        rows: size.rows,
        hotseat: size.dock,
        search_columns: size.columns,
        folder: (4, 4),
    };
    let platform = PlatformSnapshot::default();
    let loaded = home.load(&Phone { grid, flags: BuildFlags::default(), platform: &platform }, NOW);
    assert_eq!(loaded.outcome.rows.len(), 11, "{:?}", loaded.problem);
    assert_eq!(loaded.outcome.in_state(State::Held).count(), 11);
    assert!(loaded.problem.is_some() || loaded.pages.iter().all(|shown| shown.page.is_some()));
    loaded.problem.map_or(Ok(()), Err)
}

fn leaves(content: &Content) -> Vec<Option<String>> {
    let mut leaves: Vec<_> =
        content.items.values().filter(|item| item.is_leaf()).map(|item| item.intent.clone()).collect();
    leaves.sort();
    leaves
}

fn reset(folder: &Path, base: &Photo, scenario: &Scenario) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    base.lay_out(folder, folder);
    (scenario.before)(folder);
}

/// What the store holds before and after the scenario when nothing fails.
fn clean_run(folder: &Path, base: &Photo, scenario: &Scenario) -> (Content, Content) {
    reset(folder, base, scenario);
    let (mut home, _) = Home::open(&file(folder), options(None)).unwrap();
    let before = home.content().clone();
    (scenario.run)(&mut home, folder).unwrap();
    (before, home.content().clone())
}

/// Opens what is left on a disk that does not fail and holds it against what it may be. Items that only differ in their
/// number cannot be: numbers are given in one order.
fn held_to(disk: &FaultDisk, folder: &Path, may_be: [&Content; 2], what: &str) -> Content {
    let opened = ModelStore::open(&file(folder), options(Some(disk)))
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut store = opened.store;
    assert_eq!(check(store.content()), [], "{what}");
    store.verify().unwrap_or_else(|error| panic!("{what}: {error}"));
    let found = store.content().clone();
    assert!(
        may_be.iter().any(|content| content.items == found.items && content.layouts == found.layouts),
        "{what}: neither before nor after: {:?}",
        leaves(&found)
    );
    for snapshot in store.snapshots() {
        let copy = folder.join("snapshot-check.db");
        fs::copy(&snapshot.file, &copy).unwrap();
        let whole: String = Connection::open(&copy)
            .unwrap()
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap_or_else(|error| error.to_string());
        assert_eq!(whole, "ok", "{what}: snapshot {}", snapshot.id);
        fs::remove_file(copy).unwrap();
    }
    if folder.join("out.db").exists() {
        let rows: i64 = Connection::open(folder.join("out.db"))
            .unwrap()
            .query_row("SELECT count(*) FROM favorites", [], |row| row.get(0))
            .unwrap();
        assert_eq!(rows, 11, "{what}: an export that has its name is whole");
    }
    found
}

#[test]
fn a_fault_at_any_operation_leaves_the_home_screen_before_or_after() {
    let source = tempfile::tempdir().unwrap();
    base(source.path());
    let folder = tempfile::tempdir().unwrap();
    let photo = Photo::read(source.path());
    let base = Photo {
        files: photo
            .files
            .into_iter()
            .map(|(path, bytes)| (folder.path().join(path.strip_prefix(source.path()).unwrap()), bytes))
            .collect(),
        ..photo
    };
    let disk = FaultDisk::install(folder.path());
    let mut coverage: BTreeMap<(&str, Operation), u64> = BTreeMap::new();
    let mut runs = 0_u64;
    let mut outcomes: BTreeMap<&'static str, u64> = BTreeMap::new();
    for scenario in &SCENARIOS {
        let (before, after) = clean_run(folder.path(), &base, scenario);
        for (fault, sticky) in Fault::ALL.into_iter().flat_map(|fault| [(fault, false), (fault, true)]) {
            for at in 1.. {
                reset(folder.path(), &base, scenario);
                disk.plan(Some(Plan { at, fault, sticky }));
                let result = run(&disk, scenario, folder.path());
                let counts = disk.counts();
                let fired = disk.fired();
                disk.plan(None);
                runs += 1;
                if !fired {
                    assert!(result.is_ok(), "{}: {result:?} without a fault", scenario.name);
                    break;
                }
                let what = format!("{} with {fault:?} at {at}, sticky {sticky}: {result:?}", scenario.name);
                let aside = fs::read_dir(folder.path())
                    .unwrap()
                    .any(|entry| entry.unwrap().file_name().to_string_lossy().contains(".damaged-"));
                assert!(!aside || scenario.name == "salvage", "{what}: a failing disk is no damage");
                let found = held_to(&disk, folder.path(), [&before, &after], &what);
                match result {
                    // A fault that SQLite bridges, or one that came after the deed was done.
                    Ok(()) => assert_eq!(found.items, after.items, "{what}"),
                    Err(error) => {
                        assert!(!error.remedy().is_empty());
                        *outcomes.entry(error.code()).or_default() += 1;
                    }
                }
                for operation in Operation::ALL.into_iter().filter(|operation| fault.can_hit(*operation)) {
                    if counts.contains_key(&operation) {
                        *coverage.entry((scenario.name, operation)).or_default() += 1;
                    }
                }
            }
        }
    }
    println!("runs with a fault, by scenario and the operations that could be hit in them:");
    for ((scenario, operation), runs) in &coverage {
        println!("  {scenario:<10} {operation:<11?} {runs:>6}");
    }
    println!("{runs} runs; typed errors: {outcomes:?}");
    let met = |operation: &Operation| coverage.keys().any(|(_, found)| found == operation);
    let missed: Vec<Operation> = Operation::ALL.into_iter().filter(|operation| !met(operation)).collect();
    assert_eq!(missed, [], "every kind of operation is made to fail");
}

fn run(disk: &FaultDisk, scenario: &Scenario, folder: &Path) -> Result<(), StoreError> {
    let (mut home, _) = Home::open(&file(folder), options(Some(disk)))?;
    (scenario.run)(&mut home, folder)
}

#[test]
fn a_crash_before_any_operation_leaves_the_home_screen_before_or_after() {
    let mut lines = Vec::new();
    for scenario in &SCENARIOS {
        let folder = tempfile::tempdir().unwrap();
        base(folder.path());
        let start = Photo::read(folder.path());
        let (before, after) = clean_run(folder.path(), &start, scenario);
        reset(folder.path(), &start, scenario);
        let disk = FaultDisk::install(folder.path());
        disk.start_camera();
        run(&disk, scenario, folder.path()).unwrap();
        let photos = disk.stop_camera();
        let mut counts = BTreeMap::new();
        for (number, photo) in photos.iter().enumerate() {
            let name: &'static str = photo.loss.into();
            *counts.entry(name).or_insert(0) += 1;
            let copy = tempfile::tempdir().unwrap();
            photo.lay_out(folder.path(), copy.path());
            let what = format!("{}: {name} before operation {number}", scenario.name);
            held_to(&disk, copy.path(), [&before, &after], &what);
        }
        assert!(photos.iter().any(|photo| photo.loss == Loss::Killed) || scenario.name == "open");
        lines.push(format!("  {:<10} {counts:?}", scenario.name));
    }
    println!("crashes staged, each reopened:\n{}", lines.join("\n"));
}

/// The first store of all: a crash while it is made leaves nothing or an empty one, and the next opening goes on.
#[test]
fn a_crash_while_the_store_is_made_is_made_good() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultDisk::install(folder.path());
    disk.start_camera();
    drop(ModelStore::open(&file(folder.path()), options(Some(&disk))).unwrap());
    for photo in disk.stop_camera() {
        let copy = tempfile::tempdir().unwrap();
        photo.lay_out(folder.path(), copy.path());
        let opened = ModelStore::open(&file(copy.path()), options(None)).unwrap();
        assert!(opened.report.default_layout_due);
        assert!(opened.store.content().items.is_empty());
    }
}
