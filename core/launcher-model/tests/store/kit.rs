//! Stores, sources and items to test with.

use std::path::{Path, PathBuf};

use ferrule_launcher_model::import::ImportOptions;
use ferrule_launcher_model::store::{
    Change, Content, EpochMillis, GridSize, Item, ItemId, Kind, ModelStore, OpenOptions, Opened, PageId,
    Place, ProfileSerial, check,
};
use rusqlite::Connection;
use tempfile::TempDir;

/// The time of all tests.
pub const NOW: EpochMillis = EpochMillis(1_764_000_000_000);
/// The grid of all tests.
pub const GRID: GridSize = GridSize { columns: 4, rows: 5, dock: 5 };

/// A folder with a store in it.
pub struct Place4 {
    pub dir: TempDir,
}

impl Place4 {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn file(&self) -> PathBuf {
        self.dir.path().join("ferrule_model.db")
    }

    pub fn open(&self) -> Opened {
        ModelStore::open(&self.file(), options()).unwrap()
    }

    pub fn store(&self) -> ModelStore {
        self.open().store
    }
}

pub fn options() -> OpenOptions {
    OpenOptions::new(NOW, GRID, 0)
}

pub fn import_options() -> ImportOptions {
    ImportOptions { now: NOW, grid: Some(GRID), main_profile: 0 }
}

/// The intent of an app.
pub fn app_intent(package: &str) -> String {
    format!(
        "#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
         launchFlags=0x10200000;component={package}/.Main;end"
    )
}

pub fn app(package: &str) -> Item {
    let mut item = Item::new(ItemId(0), ProfileSerial(0), Kind::App, 0);
    item.intent = Some(app_intent(package));
    item
}

pub fn folder() -> Item {
    let kind = Kind::Folder(ferrule_launcher_model::neutral::FolderStyle::Small);
    Item::new(ItemId(0), ProfileSerial(0), kind, 2)
}

pub fn cell(page: PageId, x: i32, y: i32) -> Place {
    Place::Desktop { page, x, y, width: 1, height: 1 }
}

pub fn add(item: Item, place: Place) -> Change {
    Change::Add { item: Box::new(item), place }
}

/// The first page of the shown layout.
pub fn first_page(content: &Content) -> PageId {
    content.layout().unwrap().pages[0].id
}

/// Fails when the content breaks a rule or the file differs from memory.
pub fn sound(store: &mut ModelStore) {
    assert_eq!(check(store.content()), [], "what is in memory is no home screen");
    store.verify().unwrap();
}

/// The intents of all leaf items that are listed anywhere, sorted.
pub fn leaves(content: &Content) -> Vec<String> {
    let mut leaves: Vec<String> = content
        .items
        .values()
        .filter(|item| item.is_leaf())
        .map(|item| format!("{:?} {:?} {}", item.kind, item.intent, item.widget.id))
        .collect();
    leaves.sort();
    leaves
}

pub const AOSP32: &str = "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,\
    screen INTEGER,cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,\
    appWidgetId INTEGER NOT NULL DEFAULT -1,icon BLOB,appWidgetProvider TEXT,modified INTEGER NOT NULL DEFAULT 0,\
    restored INTEGER NOT NULL DEFAULT 0,profileId INTEGER DEFAULT 0,rank INTEGER NOT NULL DEFAULT 0,\
    options INTEGER NOT NULL DEFAULT 0,appWidgetSource INTEGER NOT NULL DEFAULT -1{MORE});\
    PRAGMA user_version = 32;";

pub const MIUI60: &str = "CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,\
    screen INTEGER,cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,\
    appWidgetId INTEGER NOT NULL DEFAULT -1,isShortcut INTEGER,iconType INTEGER,iconPackage TEXT,iconResource TEXT,\
    icon BLOB,uri TEXT,displayMode INTEGER,launchCount TEXT,sortMode INTEGER,itemFlags INTEGER NOT NULL DEFAULT 0,\
    profileId INTEGER NOT NULL DEFAULT 0,label STRING,appWidgetProvider STRING,originWidgetId INTEGER DEFAULT -1,\
    product_id STRING);\
    CREATE TABLE screens (_id INTEGER PRIMARY KEY,title TEXT,screenOrder INTEGER DEFAULT -1,screenType INTEGER DEFAULT 0);\
    PRAGMA user_version = 60;";

/// Makes a database of statements.
pub fn database(file: &Path, sql: &str) {
    Connection::open(file).unwrap().execute_batch(sql).unwrap();
}

/// AOSP's table with further columns, and rows.
pub fn aosp(file: &Path, more: &str, rows: &str) {
    database(file, &(AOSP32.replace("{MORE}", more) + rows));
}

/// All rows of a table, by column name, as SQLite quotes them.
pub fn dump(file: &Path, table: &str, columns: &[&str]) -> Vec<String> {
    let connection = Connection::open(file).unwrap();
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    let query = format!("SELECT {} FROM {table} ORDER BY rowid", quoted.join(" || ' ' || "));
    let mut statement = connection.prepare(&query).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

/// A home screen with one of everything, for AOSP.
pub const BOARD: &str = "
INSERT INTO favorites (_id,title,intent,container,screen,cellX,cellY,spanX,spanY,itemType,profileId,rank,modified) VALUES
 (1,'Mail','#Intent;component=mail/.Main;end',-100,0,0,0,1,1,0,0,0,1700000000000),
 (2,'Tools',NULL,-100,0,1,0,1,1,2,0,0,5),
 (3,'Clock','#Intent;component=clock/.Main;end',2,0,0,0,1,1,0,0,0,0),
 (4,'Calc','#Intent;component=calc/.Main;end',2,0,1,0,1,1,0,10,1,0),
 (5,NULL,'#Intent;component=dial/.Main;end',-101,0,0,0,1,1,0,0,0,0),
 (6,NULL,'#Intent;component=sms/.Main;end',-101,3,3,0,1,1,0,0,0,0),
 (8,'Pin','#Intent;action=android.intent.action.MAIN;category=com.android.launcher3.DEEP_SHORTCUT;package=chat;S.shortcut_id=a%20b;end',-100,2,3,4,1,1,6,0,0,0),
 (9,'Pair',NULL,-100,2,0,0,1,1,10,0,0,0),
 (10,'A','#Intent;component=left/.Main;end',9,0,0,0,1,1,0,0,65536,0),
 (11,'B','#Intent;component=right/.Main;end',9,0,0,0,1,1,0,0,131072,0),
 (12,'Odd','#Intent;component=odd/.Main;end',-100,2,1,1,2,2,77,0,0,0);
INSERT INTO favorites (_id,container,screen,cellX,cellY,spanX,spanY,itemType,appWidgetId,appWidgetProvider,appWidgetSource,options,restored,icon)
 VALUES (7,-100,0,0,2,4,2,4,42,'clock/.Provider',-104,1,4,x'89504E47');
";
