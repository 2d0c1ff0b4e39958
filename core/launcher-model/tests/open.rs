//! Opening files of every kind: what is seen, what is said, and that the source stays as it was (contracts 4, SPEC-01).
#![allow(clippy::unwrap_used, reason = "helpers outside of test functions; a failure ends the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::open::{Leftovers, Note, OpenError, Opened};
use ferrule_launcher_model::recognise::Product;
use ferrule_launcher_model::rows::SourceRows;
use rusqlite::Connection;
use tempfile::TempDir;

const V32: &str = "
    CREATE TABLE favorites (_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,screen INTEGER,
        cellX INTEGER,cellY INTEGER,spanX INTEGER,spanY INTEGER,itemType INTEGER,
        appWidgetId INTEGER NOT NULL DEFAULT -1,icon BLOB,appWidgetProvider TEXT,
        modified INTEGER NOT NULL DEFAULT 0,restored INTEGER NOT NULL DEFAULT 0,profileId INTEGER DEFAULT 12,
        rank INTEGER NOT NULL DEFAULT 0,options INTEGER NOT NULL DEFAULT 0,
        appWidgetSource INTEGER NOT NULL DEFAULT -1);
    PRAGMA user_version = 32;";

/// A folder with a database, and the folder's bytes as they were.
struct Fixture {
    dir: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("launcher.db")
    }

    fn connect(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    fn with(sql: &str) -> Self {
        let fixture = Self::new();
        fixture.connect().execute_batch(sql).unwrap();
        fixture
    }

    /// The names and bytes of everything in the folder.
    fn bytes(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fs::read_dir(self.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    }

    /// Opens the database and reads it, and holds the folder against what it was.
    fn open(&self) -> Result<(Opened, SourceRows), OpenError> {
        let before = self.bytes();
        let result = Opened::open(&self.path()).and_then(|opened| {
            let reading = opened.read()?;
            Ok((opened, reading.rows))
        });
        assert_eq!(self.bytes(), before, "a source is never changed");
        result
    }
}

fn titles(rows: &SourceRows) -> Vec<String> {
    rows.favorites.iter().filter_map(|row| row.text("title").unwrap()).collect()
}

/// The files of a database that somebody is writing to, as a backup or a crash would leave them.
fn snapshot(from: &Path) -> Fixture {
    let fixture = Fixture::new();
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let side = PathBuf::from(format!("{}{suffix}", from.display()));
        if side.exists() {
            fs::copy(&side, format!("{}{suffix}", fixture.path().display())).unwrap();
        }
    }
    fixture
}

#[test]
fn committed_rows_in_the_log_are_seen_uncommitted_ones_are_not() {
    let live = Fixture::new();
    let writer = live.connect();
    writer.pragma_update(None, "journal_mode", "wal").unwrap();
    writer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    writer.execute_batch(V32).unwrap();
    writer.execute_batch("INSERT INTO favorites (title) VALUES ('committed')").unwrap();
    writer
        .execute_batch("PRAGMA cache_size = 1; BEGIN; INSERT INTO favorites (title) VALUES ('uncommitted')")
        .unwrap();
    let big = "x".repeat(1 << 20);
    writer.execute("INSERT INTO favorites (title) VALUES (?1)", [&big]).unwrap(); // spills into the log

    let source = snapshot(&live.path());
    let (opened, rows) = source.open().unwrap();
    assert_eq!(titles(&rows), ["committed"]);
    assert_eq!(opened.notes, [Note::SideFiles(Leftovers { wal: true, shm: true, journal: false })]);
    writer.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn a_transaction_that_died_half_way_is_undone_in_the_copy() {
    let live = Fixture::with(V32);
    let writer = live.connect();
    for number in 0..200 {
        writer.execute("INSERT INTO favorites (title) VALUES (?1)", [format!("old{number:0200}")]).unwrap();
    }
    // Writing everything with a cache of a few pages puts uncommitted pages into the main file.
    writer
        .execute_batch("PRAGMA cache_size = 5; PRAGMA synchronous = FULL; BEGIN; UPDATE favorites SET title = 'new'||title")
        .unwrap();
    let source = snapshot(&live.path());
    let (opened, rows) = source.open().unwrap();
    assert_eq!(opened.notes, [Note::SideFiles(Leftovers { wal: false, shm: false, journal: true })]);
    let titles = titles(&rows);
    assert_eq!(titles.len(), 200);
    assert!(titles.iter().all(|title| title.starts_with("old")));
    writer.execute_batch("ROLLBACK").unwrap();
}

#[test]
fn a_plain_file_gives_its_rows_columns_and_defaults() {
    let source = Fixture::with(&format!(
        "{V32} INSERT INTO favorites (_id, title, screen, icon) VALUES (7, 'b', 'text', x'01'), (3, 'a', 1.5, NULL);"
    ));
    let (opened, rows) = source.open().unwrap();
    assert_eq!(opened.notes, []);
    assert_eq!(
        (opened.recognition.product, opened.recognition.schema.clone()),
        (Product::Aosp, Some(32..=32))
    );
    assert_eq!(titles(&rows), ["a", "b"]);
    let default = rows.favorites.columns.iter().find(|column| column.name == "profileId");
    assert_eq!(default.and_then(|column| column.default.as_deref()), Some("12"));
    let screens: Vec<i32> = rows.favorites.iter().map(|row| row.int("screen").unwrap()).collect();
    assert_eq!(screens, [1, 0]);
    assert!(rows.favorites.iter().last().unwrap().text("icon").is_err());
    assert_eq!(rows.screens, None);
}

#[test]
fn a_read_only_source_is_opened_like_any_other() {
    let source = Fixture::with(&format!("{V32} INSERT INTO favorites (title) VALUES ('a');"));
    let permissions = |read_only| {
        let mut permissions = fs::metadata(source.path()).unwrap().permissions();
        permissions.set_readonly(read_only);
        fs::set_permissions(source.path(), permissions).unwrap();
    };
    permissions(true);
    let (opened, rows) = source.open().unwrap();
    assert_eq!((titles(&rows), opened.notes), (vec!["a".to_owned()], vec![Note::ReadOnly]));
    permissions(false);
}

#[test]
fn steps_on_the_copy_do_not_reach_the_source() {
    let source = Fixture::with(&format!("{V32} INSERT INTO favorites (title) VALUES ('a');"));
    let before = source.bytes();
    let mut opened = Opened::open(&source.path()).unwrap();
    opened.connection_mut().execute_batch("DROP TABLE favorites").unwrap();
    drop(opened);
    assert_eq!(source.bytes(), before);
}

#[test]
fn the_copy_lies_in_the_folder_that_is_asked_for_and_goes_with_it() {
    let source = Fixture::with(V32);
    let scratch = tempfile::tempdir().unwrap();
    let opened = Opened::open_in(&source.path(), scratch.path()).unwrap();
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
    drop(opened);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
    let missing = scratch.path().join("missing");
    assert_eq!(Opened::open_in(&source.path(), &missing).unwrap_err().code(), "LM_SOURCE_UNREADABLE");
}

#[test]
fn everything_else_has_its_code() {
    let write = |bytes: &[u8]| {
        let fixture = Fixture::new();
        fs::write(fixture.path(), bytes).unwrap();
        fixture
    };
    let folder = Fixture::new();
    fs::create_dir(folder.path()).unwrap();
    assert_eq!(Opened::open(&folder.path()).unwrap_err().code(), "LM_SOURCE_NOT_A_FILE");
    for (source, code) in [
        (Fixture::new(), "LM_SOURCE_ABSENT"),
        (write(b""), "LM_SOURCE_ZERO_BYTES"),
        (write(b"not a database, but long enough to look at"), "LM_SOURCE_NOT_A_DATABASE"),
        (write(&[0; 8192]), "LM_SOURCE_NOT_A_DATABASE"),
        (write(b"SQLite format 3\0"), "LM_SOURCE_NOT_A_DATABASE"),
        (Fixture::with("CREATE TABLE android_metadata (locale TEXT)"), "LM_SOURCE_EMPTY"),
        (Fixture::with("CREATE VIEW favorites AS SELECT 1 AS _id"), "LM_SOURCE_NOT_A_TABLE"),
        (Fixture::with("CREATE TABLE favorites (_id INTEGER PRIMARY KEY, url TEXT)"), "LM_SOURCE_UNKNOWN"),
    ] {
        assert_eq!(source.open().map(|_| ()).map_err(|error| error.code()), Err(code));
    }
}

/// A file of many pages, each row with a label and a blob.
fn many_pages() -> Fixture {
    let source = Fixture::with(V32);
    let writer = source.connect();
    for number in 0..300 {
        writer
            .execute("INSERT INTO favorites (title, icon) VALUES (?1, zeroblob(500))", [format!("t{number}")])
            .unwrap();
    }
    source
}

#[test]
fn a_file_cut_short_says_so_and_gives_what_is_left() {
    let source = many_pages();
    let bytes = fs::read(source.path()).unwrap();
    fs::write(source.path(), bytes.get(..bytes.len() / 2).unwrap()).unwrap();
    let (opened, rows) = source.open().unwrap();
    let codes: Vec<&str> = opened.notes.iter().map(Note::code).collect();
    assert_eq!(codes, ["LM_SOURCE_TRUNCATED", "LM_SOURCE_DAMAGED"]);
    assert!(titles(&rows).len() > 100, "{}", titles(&rows).len());
}

#[test]
fn damaged_pages_lose_their_own_rows_only() {
    let source = many_pages();
    let mut bytes = fs::read(source.path()).unwrap();
    let pages = bytes.len() / 4096;
    for page in [pages / 3, pages / 2] {
        bytes.get_mut(page * 4096..(page + 1) * 4096).unwrap().fill(0xA5);
    }
    fs::write(source.path(), bytes).unwrap();
    let (opened, rows) = source.open().unwrap();
    assert_eq!(opened.notes.iter().map(Note::code).collect::<Vec<_>>(), ["LM_SOURCE_DAMAGED"]);
    let titles = titles(&rows);
    assert!(titles.len() > 280 && titles.len() < 300, "{}", titles.len());
    assert_eq!((titles.first().unwrap().as_str(), titles.last().unwrap().as_str()), ("t0", "t299"));
    assert!(opened.read().unwrap().salvage.is_some_and(|salvage| salvage.stretches >= 2));
}

#[test]
fn no_flipped_byte_makes_opening_panic() {
    let source = Fixture::with(&format!("{V32} INSERT INTO favorites (title) VALUES ('a'), ('b');"));
    let whole = fs::read(source.path()).unwrap();
    let interesting = (0..110).chain((110..whole.len()).step_by(127));
    for at in interesting {
        let mut bytes = whole.clone();
        *bytes.get_mut(at).unwrap() ^= 0xFF;
        fs::write(source.path(), bytes).unwrap();
        if let Err(error) = source.open() {
            assert!(error.code().starts_with("LM_SOURCE_"), "{at}: {error}");
        }
    }
}

/// What a load reads straight from the cursor is what it would make of the whole table, whatever the table holds.
#[test]
fn rows_straight_from_the_cursor_are_those_of_the_table() {
    let insert =
        |columns: &str, values: &str| format!("INSERT INTO favorites ({columns}) VALUES ({values});");
    let odd = [
        insert("_id, title, intent, container, itemType", "5, 'a', '#Intent;end', -100, 0"),
        insert("_id, title, icon, screen", "-7, NULL, x'89504e', '12abc'"),
        insert("title, icon, cellX, cellY", "12, x'', 2.9, -2.9"),
        insert("title, icon, container", "1.5, 'a text', 'word'"),
        insert("icon, profileId, rank", "7, 4294967306, 9223372036854775807"),
        insert("container, itemType", "x'00', 0"),
        insert("title, intent", "x'00', 'i'"),
        insert("appWidgetProvider, options", "'p/.W', '0x10'"),
    ]
    .concat();
    let without =
        "CREATE TABLE favorites (_id INTEGER PRIMARY KEY, intent TEXT, CONTAINER INTEGER, screen INTEGER,
         cellX INTEGER, cellY INTEGER, itemType INTEGER, \"odd \"\" name\" TEXT, profileId INTEGER);
         INSERT INTO favorites VALUES (3, 'i', -100, 1, 2, 3, 0, 'x', 9);";
    let no_utf8 = "INSERT INTO favorites (_id, title) VALUES (1, CAST(x'61ff62' AS TEXT)), (2, 'b');";
    for sql in [V32.to_owned(), format!("{V32}{odd}"), without.to_owned(), format!("{V32}{no_utf8}{odd}")] {
        let source = Fixture::with(&sql);
        let opened = Opened::open(&source.path()).unwrap();
        let reading = opened.read().unwrap();
        let items = opened.read_items().unwrap();
        assert_eq!(items.rows, LoadRow::from_table(&reading.rows.favorites), "{sql}");
        assert_eq!(items.salvage, reading.salvage);
    }
}

/// A column of the rows' own name must not stand for the row id: rows were told apart by it.
#[test]
fn a_column_named_as_the_row_id_hides_no_row() {
    let own = "_id INTEGER PRIMARY KEY,title TEXT,intent TEXT,container INTEGER,screen INTEGER,cellX INTEGER,cellY INTEGER,
        spanX INTEGER,spanY INTEGER,itemType INTEGER,appWidgetId INTEGER NOT NULL DEFAULT -1,icon BLOB,appWidgetProvider TEXT,
        modified INTEGER NOT NULL DEFAULT 0,restored INTEGER NOT NULL DEFAULT 0,profileId INTEGER DEFAULT 0,
        rank INTEGER NOT NULL DEFAULT 0,options INTEGER NOT NULL DEFAULT 0,appWidgetSource INTEGER NOT NULL DEFAULT -1";
    let rows = "INSERT INTO favorites (_id, title) VALUES (3, 'c'), (1, 'a'), (2, 'b');";
    for (more, end) in [
        (", rowid INTEGER DEFAULT 5", ""),
        (", RowID TEXT, _rowid_ BLOB", ""),
        (", rowid INTEGER DEFAULT 5, _rowid_ INTEGER DEFAULT 5, oid INTEGER DEFAULT 5", ""),
        ("", " WITHOUT ROWID"),
        (", rowid INTEGER DEFAULT 5", " WITHOUT ROWID"),
    ] {
        let sql = format!("CREATE TABLE favorites ({own}{more}){end}; PRAGMA user_version = 32; {rows}");
        let source = Fixture::with(&sql);
        let (opened, found) = source.open().unwrap();
        assert_eq!(opened.notes, [], "{more}{end}");
        assert_eq!(opened.read().unwrap().salvage, None, "{more}{end}");
        assert_eq!(titles(&found), ["a", "b", "c"], "{more}{end}");
        let items = opened.read_items().unwrap();
        assert_eq!(items.salvage, None);
        assert_eq!(items.rows, LoadRow::from_table(&found.favorites), "{more}{end}");
    }
}

/// Rows that are in the log alone are missing when SQLite accepts none of it: that is not silent.
#[test]
fn a_log_of_which_nothing_counts_is_told_and_an_ordinary_one_is_not() {
    let live = Fixture::new();
    let writer = live.connect();
    writer.pragma_update(None, "journal_mode", "wal").unwrap();
    writer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    writer.execute_batch(V32).unwrap();
    writer.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).unwrap();
    // The log begins anew: the frames of the time before lie behind those of now.
    writer.execute_batch("INSERT INTO favorites (title) VALUES ('in the log')").unwrap();
    let side_files = Note::SideFiles(Leftovers { wal: true, shm: true, journal: false });
    let at = |byte: usize, length: Option<usize>| {
        let source = snapshot(&live.path());
        let log = PathBuf::from(format!("{}-wal", source.path().display()));
        let mut bytes = fs::read(&log).unwrap();
        bytes[byte] ^= 1;
        bytes.truncate(length.unwrap_or(bytes.len()));
        fs::write(&log, bytes).unwrap();
        fs::remove_file(format!("{}-shm", source.path().display())).unwrap();
        let (opened, rows) = source.open().unwrap();
        (opened.notes.contains(&Note::LogUnusable), titles(&rows).len())
    };
    let source = snapshot(&live.path());
    let (opened, rows) = source.open().unwrap();
    assert_eq!((opened.notes.as_slice(), titles(&rows).len()), ([side_files].as_slice(), 1));
    for (what, byte, length) in [
        ("the magic", 0, None),
        ("the header's salts", 17, None),
        ("the salts of the first frame", 40, None),
        ("its checksum", 50, None),
        ("its page", 1000, None),
        ("the end of its page", 0, Some(2000)),
    ] {
        assert_eq!(at(byte, length), (true, 0), "{what}");
    }
    // A writer that died before its first frame was written, and one that died behind a commit, leave no loss.
    let log = PathBuf::from(format!("{}-wal", source.path().display()));
    let bytes = fs::read(&log).unwrap();
    fs::write(&log, &bytes[..32]).unwrap();
    assert!(!source.open().unwrap().0.notes.contains(&Note::LogUnusable));
    fs::write(&log, &bytes[..bytes.len() - 100]).unwrap();
    let (opened, rows) = source.open().unwrap();
    assert_eq!((opened.notes.contains(&Note::LogUnusable), titles(&rows).len()), (false, 1));
}
