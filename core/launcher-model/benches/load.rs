//! Speed of a load: from the rows of an SQLite file to the model, with every field read once, and of an open store's home
//! screen, with the memory that both take.
//!
//! 1,000 items on 50 pages of 400 packages, and the growth from 100 to 10,000. The files and the checksums stay in
//! cargo's folder for test output, where the bench of the Kotlin legacy finds them: both must get the same sum.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench fails by panicking")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use ferrule_launcher_model::compat::model::{Item, ItemKind, LoadedModel};
use ferrule_launcher_model::compat::pages::pages;
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{
    BuildFlags, CancelAt, LoadInput, LoadOutcome, LoadRow, assume_present, load_with,
};
use ferrule_launcher_model::home::{Home, Phone};
use ferrule_launcher_model::import::ImportOptions;
use ferrule_launcher_model::open::Opened;
use ferrule_launcher_model::platform::PlatformIndex;
use ferrule_launcher_model::store::{EpochMillis, GridSize, OpenOptions, kept, key};
use rusqlite::{Connection, params};

/// Items on one page, a folder's contents included.
const PER_PAGE: u32 = 20;
const GRID: Grid = Grid { columns: 5, rows: 6, hotseat: 5, search_columns: 5, folder: (4, 4) };
const SIZE: GridSize = GridSize { columns: GRID.columns, rows: GRID.rows, dock: GRID.hotseat };
const NOW: EpochMillis = EpochMillis(1_764_000_000_000);
/// Bytes of an item of a packed answer, about.
const PACKED_BYTES: u32 = 153;
const SIZES: [u32; 3] = [100, 1_000, 10_000];

const TABLE: &str = "PRAGMA user_version = 32; CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,\
    intent TEXT,container INTEGER,screen INTEGER,cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,\
    itemType INTEGER,appWidgetId INTEGER NOT NULL DEFAULT -1,icon BLOB,appWidgetProvider TEXT,\
    modified INTEGER NOT NULL DEFAULT 0,restored INTEGER NOT NULL DEFAULT 0,profileId INTEGER DEFAULT 0,\
    rank INTEGER NOT NULL DEFAULT 0,options INTEGER NOT NULL DEFAULT 0,appWidgetSource INTEGER NOT NULL DEFAULT -1);";

/// Writes a home screen: on each page a folder with four apps, a widget, a pinned shortcut and thirteen apps.
fn write_home(path: &Path, items: u32) {
    let _ = fs::remove_file(path);
    let mut connection = Connection::open(path).unwrap();
    connection.execute_batch(TABLE).unwrap();
    let transaction = connection.transaction().unwrap();
    {
        let mut insert = transaction
            .prepare(
                "INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType,\
                 appWidgetId,appWidgetProvider,rank) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
            )
            .unwrap();
        let packages = items * 2 / 5;
        for at in 0..items {
            let (page, slot, id) = (at / PER_PAGE, at % PER_PAGE, at + 1);
            let app = at * 7 % packages;
            let title = format!("App {app}");
            let package = format!("com.vendor.app{app:04}");
            let extra = if slot == 6 { format!("S.shortcut_id=sc{id};") } else { String::new() };
            let launch = format!(
                "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
                 launchFlags=0x10200000;component={package}/.ui.MainActivity;{extra}end"
            );
            let folder = i64::from(page * PER_PAGE + 1);
            let cell = |cell: u32| (cell % 5, cell / 5);
            let (item_type, container, (x, y), rank) = match slot {
                0 => (2, -100, (0, 0), 0),
                1..=4 => (0, folder, (0, 0), slot - 1),
                5 => (4, -100, (3, 4), 0),
                6 => (6, -100, (1, 0), 0),
                _ => (0, -100, cell(slot - 5), 0),
            };
            let intent = matches!(item_type, 0 | 6).then_some(launch);
            let span = if item_type == 4 { 2 } else { 1 };
            let widget = if item_type == 4 { i64::from(id) } else { -1 };
            let provider = (item_type == 4).then(|| format!("{package}/.widget.Clock"));
            insert
                .execute(params![
                    id, title, intent, container, page, x, y, span, span, item_type, widget, provider, rank
                ])
                .unwrap();
        }
    }
    transaction.commit().unwrap();
}

/// Adds numbers and texts to one sum; the Kotlin side adds the same in the same order.
struct Sum(u64);

impl Sum {
    fn int(&mut self, value: i32) {
        self.0 = (self.0 ^ u64::from(value as u32)).wrapping_mul(0x0000_0100_0000_01b3);
    }

    fn text(&mut self, text: &str) {
        self.int(text.len() as i32);
        text.bytes().for_each(|byte| self.int(i32::from(byte)));
    }

    fn item(&mut self, item: &Item) {
        for value in [
            item.id,
            item.type_number(),
            item.container,
            item.screen,
            item.cell_x,
            item.cell_y,
            item.span_x,
            item.span_y,
            item.rank,
            item.profile as i32,
        ] {
            self.int(value);
        }
        self.text(item.title.as_deref().unwrap_or_default());
        match &item.kind {
            ItemKind::App(icon) | ItemKind::DeepShortcut(icon) => {
                self.int(icon.status.0);
                self.int(icon.runtime.0);
                self.int(icon.shown_progress());
                self.text(icon.icon.as_str());
                self.text(icon.intent.package.as_deref().unwrap_or_default());
                if let Some(component) = &icon.intent.component {
                    self.text(&component.package);
                    self.text(&component.class);
                }
            }
            ItemKind::Widget(widget) => {
                for value in [
                    widget.widget_id,
                    widget.restore.0,
                    widget.options,
                    widget.install_progress,
                    widget.min_span.0,
                    widget.min_span.1,
                    i32::from(widget.pending),
                    widget.source,
                ] {
                    self.int(value);
                }
                self.text(&widget.provider.package);
                self.text(&widget.provider.class);
            }
            ItemKind::Folder { options } => self.int(*options),
            ItemKind::AppPair => {}
        }
    }
}

fn checksum(model: &LoadedModel) -> u64 {
    let mut sum = Sum(0xcbf2_9ce4_8422_2325);
    model.items.values().for_each(|item| sum.item(item));
    for (key, collection) in &model.collections {
        sum.int(*key);
        for (child, rank) in &collection.contents {
            sum.int(*child);
            sum.int(*rank);
        }
    }
    pages(model).into_iter().for_each(|page| sum.int(page));
    sum.0
}

fn run(rows: &[LoadRow], platform: &PlatformIndex<'_>) -> LoadOutcome {
    let input = LoadInput {
        rows,
        grid: GRID,
        flags: flags(),
        platform: platform.snapshot(),
        prior_load_pinned: false,
        cancel_at: CancelAt::Never,
        is_current_file: true,
    };
    load_with(&input, platform)
}

fn read(opened: &Opened) -> Vec<LoadRow> {
    opened.read_items().unwrap().rows
}

fn home(items: u32) -> (PathBuf, Opened) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("home-{items}.db"));
    write_home(&path, items);
    let opened = Opened::open(&path).unwrap();
    (path, opened)
}

fn flags() -> BuildFlags {
    BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() }
}

/// A store of a home screen.
fn import(store: &Path, home: &Path) -> Home {
    let (mut imported, _) = Home::open(store, OpenOptions::new(NOW, SIZE, 0)).unwrap();
    imported.import_file(home, &ImportOptions { now: NOW, grid: Some(SIZE), main_profile: 0 }).unwrap();
    imported
}

fn model_load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("model_load");
    for items in SIZES {
        let (path, opened) = home(items);
        // Legacy asks a platform that is there already, from tables too.
        let snapshot = assume_present(&read(&opened));
        let platform = PlatformIndex::new(&snapshot, BuildFlags::default().support_archiving);
        let outcome = run(&read(&opened), &platform);
        assert_eq!(outcome.model.items.len(), items as usize, "every row is loaded");
        let expected = checksum(&outcome.model);
        fs::write(path.with_extension("checksum"), format!("{expected:016x}\n")).unwrap();
        group.throughput(Throughput::Elements(u64::from(items)));
        group.bench_function(BenchmarkId::new("file_to_model", items), |bencher| {
            bencher.iter(|| {
                let outcome = run(&read(&opened), &platform);
                assert_eq!(black_box(checksum(&outcome.model)), expected);
            });
        });
        group.bench_function(BenchmarkId::new("file_to_rows", items), |bencher| {
            bencher.iter(|| black_box(read(&opened)));
        });
        let rows = read(&opened);
        group.bench_function(BenchmarkId::new("rows_to_model", items), |bencher| {
            bencher.iter(|| black_box(checksum(&run(black_box(&rows), &platform).model)));
        });
    }
    group.finish();
}

/// A warm load of an open store: the second one, which finds nothing to write. The file's rows are imported first.
fn home_load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("home_load");
    let folder = tempfile::tempdir().unwrap();
    for items in SIZES {
        let (path, opened) = home(items);
        let platform = assume_present(&read(&opened));
        let store = folder.path().join(format!("store-{items}.db"));
        let mut home = import(&store, &path);
        let phone = Phone { grid: GRID, flags: flags(), platform: &platform };
        let first = home.load(&phone, NOW);
        assert!(first.problem.is_none());
        assert_eq!(first.outcome.items.len(), items as usize, "every item is shown");
        group.throughput(Throughput::Elements(u64::from(items)));
        group.bench_function(BenchmarkId::new("warm", items), |bencher| {
            bencher.iter(|| {
                let loaded = home.load(&phone, NOW);
                assert!(loaded.changes.is_empty(), "a second load writes nothing");
                black_box(loaded)
            });
        });
    }
    group.finish();
}

/// What a start waits for: the answer that an earlier process kept, and the store opened with all its checks.
fn home_start(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("home_start");
    let folder = tempfile::tempdir().unwrap();
    for items in SIZES {
        let (path, opened) = home(items);
        let platform = assume_present(&read(&opened));
        let store = folder.path().join(format!("store-{items}.db"));
        let mut home = import(&store, &path);
        let phone = Phone { grid: GRID, flags: flags(), platform: &platform };
        assert!(home.load(&phone, NOW).problem.is_none());
        let key = key(&[b"question"]);
        let answer: Vec<u8> = (0..items * PACKED_BYTES).map(|at| (at % 251) as u8).collect();
        assert!(home.keep(&key, &answer).unwrap());
        drop(home);
        group.throughput(Throughput::Elements(u64::from(items)));
        group.bench_function(BenchmarkId::new("kept", items), |bencher| {
            bencher.iter(|| {
                let found = kept(&store, &OpenOptions::new(NOW, SIZE, 0), &key, <[u8]>::to_vec);
                assert_eq!(found.map(|found| found.len()), Some(answer.len()));
            });
        });
        group.bench_function(BenchmarkId::new("opened", items), |bencher| {
            bencher.iter(|| black_box(Home::open(&store, OpenOptions::new(NOW, SIZE, 0)).unwrap()));
        });
    }
    group.finish();
}

/// Names the file of the home screen to the processes of [`memory`]; the store of it lies beside.
const MEMORY_OF: &str = "FERRULE_BENCH_MEMORY_OF";

fn store_beside(home: &Path) -> PathBuf {
    home.with_extension("memory.db")
}

/// The most memory of a process that does nothing but open a store and load it twice.
fn memory() {
    for items in SIZES {
        let (path, _) = home(items);
        let store = store_beside(&path);
        let _ = fs::remove_file(&store);
        import(&store, &path);
        let mut child = Command::new(std::env::current_exe().unwrap());
        let output = child.env(MEMORY_OF, &path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        println!("home_load/memory/{items:<6} {}", String::from_utf8_lossy(&output.stdout).trim());
    }
}

/// Loads, and prints what the process held before it opened the store and at most: code, heap and SQLite.
fn memory_of(path: &Path) {
    let platform = assume_present(&read(&Opened::open(path).unwrap()));
    let before = kib("VmHWM:");
    let (mut home, _) = Home::open(&store_beside(path), OpenOptions::new(NOW, SIZE, 0)).unwrap();
    let phone = Phone { grid: GRID, flags: flags(), platform: &platform };
    for _ in 0..2 {
        assert!(!black_box(home.load(&phone, NOW)).outcome.items.is_empty());
    }
    println!("resident at most {} KiB, {before} KiB of it before the store was opened", kib("VmHWM:"));
}

/// A figure of the kernel about this process.
fn kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

criterion_group!(benches, model_load, home_load, home_start);

fn main() {
    if let Some(path) = std::env::var_os(MEMORY_OF) {
        return memory_of(Path::new(&path));
    }
    benches();
    // A number is the value of an option; what else is no option is the filter.
    let is_wanted = |argument: String| {
        argument.starts_with('-')
            || argument.parse::<f64>().is_ok()
            || "home_load/memory".contains(argument.as_str())
    };
    if std::env::args().any(|argument| argument == "--bench") && std::env::args().skip(1).all(is_wanted) {
        memory();
    }
    Criterion::default().configure_from_args().final_summary();
}
