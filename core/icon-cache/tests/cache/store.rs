//! S1, S12: a store whatever the file is; damage is a miss; what could not be written is owed or given up.

use std::fs;
use std::path::Path;

use ferrule_icon_cache::key::{IconKey, PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::Kind;
use ferrule_icon_cache::memory::TrimLevel;
use ferrule_icon_cache::picture::{Variant, Variants};
use ferrule_icon_cache::store::{
    Condition, LabelRow, OpenOptions, Origin, Packed, PictureRow, Store, Write, schema,
};
use ferrule_icon_cache::validity::Token;
use rusqlite::Connection;

use crate::kit::{App, World, folder, key, picture, shows};

fn put(key: &IconKey, number: u8) -> Write {
    let label = LabelRow {
        label: Some(format!("App {number}").into()),
        token: Some(Token::new("t")),
        stale: false,
        colour: 0xFF00_0000 + u32::from(number),
        flags: 0,
    };
    let origin = Origin { provider: "".into(), token: Token::new("t") };
    let row = PictureRow { origin, stale: false, data: Packed::of(&picture(number)) };
    Write::Put { key: key.clone(), label: Some(label), pictures: vec![(Variant::Plain, row)] }
}

fn open(file: &Path) -> Store {
    Store::open(file, OpenOptions::new(8))
}

fn names(store: &mut Store) -> Vec<String> {
    store.scan().unwrap().into_iter().map(|row| row.key.to_string()).collect()
}

/// A store of two apps, closed.
fn small(file: &Path) {
    let mut store = open(file);
    store.write(vec![put(&key("com.a/.M"), 1), put(&key("com.b/.M"), 2)]).unwrap();
}

#[test]
fn a_store_is_private_and_says_what_it_is() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    small(&file);
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777,
        0o600
    );
    let connection = Connection::open(&file).unwrap();
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).unwrap();
    assert_eq!(application, schema::APPLICATION_ID);
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        .unwrap();
    let mut tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    tables.sort();
    let mut expected = schema::TABLES.to_vec();
    expected.sort_unstable();
    assert_eq!(tables, expected);
}

#[test]
fn another_size_empties_the_store() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    small(&file);
    let mut bigger = Store::open(&file, OpenOptions::new(16));
    assert!(bigger.is_new() && names(&mut bigger).is_empty());
    drop(bigger);
    assert!(open(&file).is_new(), "in either direction");
}

#[test]
fn a_damaged_file_is_made_anew() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    for bytes in [b"garbage".repeat(1_000), Vec::new(), b"SQLite format 3\0".to_vec()] {
        fs::write(&file, &bytes).unwrap();
        let mut store = open(&file);
        assert_eq!(store.condition(), Condition::Good);
        store.write(vec![put(&key("com.a/.M"), 1)]).unwrap();
        drop(store);
        assert_eq!(names(&mut open(&file)).len(), 1);
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_file_that_is_not_for_us_stays_as_it_is_and_ours_lies_beside_it() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    let too_new = |connection: &Connection| {
        connection.execute("UPDATE meta SET value = 2 WHERE key = 'min_reader'", []).map(drop)
    };
    let foreign = |connection: &Connection| connection.execute_batch("PRAGMA application_id = 7");
    for change in [&too_new as &dyn Fn(&Connection) -> rusqlite::Result<()>, &foreign] {
        small(&file);
        change(&Connection::open(&file).unwrap()).unwrap();
        let before = fs::read(&file).unwrap();
        let mut store = open(&file);
        assert_eq!(store.condition(), Condition::Good);
        assert_eq!(store.file(), dir.path().join("icons.db.format-1"));
        store.write(vec![put(&key("com.c/.M"), 3)]).unwrap();
        drop(store);
        assert!(fs::read(&file).unwrap() == before);
        assert_eq!(names(&mut open(&file)), ["com.c/com.c.M#0"], "and it is found again");
        for entry in fs::read_dir(dir.path()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
    }
}

#[test]
fn a_newer_file_that_we_can_read_keeps_what_we_do_not_know() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    small(&file);
    Connection::open(&file)
        .unwrap()
        .execute_batch(
            "UPDATE meta SET value = 9 WHERE key = 'format'; CREATE TABLE later (x); INSERT INTO later VALUES (1);
             ALTER TABLE icons ADD COLUMN later TEXT",
        )
        .unwrap();
    let mut store = open(&file);
    store.write(vec![put(&key("com.c/.M"), 3), Write::Delete(key("com.a/.M"))]).unwrap();
    assert_eq!(names(&mut store), ["com.b/com.b.M#0", "com.c/com.c.M#0"]);
    drop(store);
    let rows: i64 = Connection::open(&file)
        .unwrap()
        .query_row("SELECT count(*) FROM later", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}

#[test]
fn the_fixture_of_format_1_is_read() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/icon-store/format-1.db");
    let dir = folder();
    let file = dir.path().join("icons.db");
    fs::copy(&fixture, &file).unwrap_or_else(|error| panic!("{}: {error}", fixture.display()));
    let mut store = open(&file);
    assert_eq!(names(&mut store), ["com.a/com.a.M#0", "com.b/com.b.M#0"]);
    let found = store.read(&key("com.a/.M"), Variants::ICON);
    assert_eq!(found.pictures[0].1.data.as_ref().unwrap().unpack(Variant::Plain), Some(picture(1)));
}

#[test]
fn a_folder_in_the_place_of_the_file_gets_a_neighbour() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    fs::create_dir(&file).unwrap();
    let mut store = open(&file);
    assert_eq!((store.condition(), store.file()), (Condition::Good, &*dir.path().join("icons.db.format-1")));
    assert_eq!(store.last_error().map(|error| error.code()), Some("IC_STORE_FOREIGN"));
    store.write(vec![put(&key("com.a/.M"), 1)]).unwrap();
    drop(store);
    assert_eq!(names(&mut open(&file)), ["com.a/com.a.M#0"]);
}

#[test]
fn a_second_handle_is_in_memory_until_the_first_is_closed() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    small(&file);
    let mut first = open(&file);
    assert_eq!(names(&mut first).len(), 2);
    let mut second = open(&file);
    assert_eq!(second.condition(), Condition::MemoryOnly);
    second.write(vec![put(&key("com.c/.M"), 3)]).unwrap();
    assert_eq!(names(&mut second), ["com.c/com.c.M#0"], "it works all the same");
    assert!(!second.recover());
    drop(first);
    assert!(second.recover());
    assert_eq!(names(&mut second).len(), 2);
}

#[test]
fn packages_are_deleted_exactly() {
    let dir = folder();
    let mut store = open(&dir.path().join("icons.db"));
    let keys =
        ["com.a_b/.M", "com.a_b/.", "com.axb/.M", "com.A_b/.M", "com.a_bc/.M", "com.a_b/.M#10", "com.a%/.M"];
    store.write(keys.iter().map(|name| put(&key(name), 1)).collect()).unwrap();
    store.write(vec![Write::DeletePackage(PackageOf::new("com.a_b", ProfileSerial(0)))]).unwrap();
    store.write(vec![Write::DeletePackage(PackageOf::new("com.a%", ProfileSerial(0)))]).unwrap();
    assert_eq!(names(&mut store).len(), 4);
    store.write(vec![Write::KeepProfiles(vec![ProfileSerial(0)])]).unwrap();
    assert_eq!(names(&mut store), ["com.A_b/com.A_b.M#0", "com.a_bc/com.a_bc.M#0", "com.axb/com.axb.M#0"]);
    let file = store.file().to_owned();
    drop(store);
    let blobs: i64 = Connection::open(file)
        .unwrap()
        .query_row("SELECT count(*) FROM blobs", [], |row| row.get(0))
        .unwrap();
    assert_eq!(blobs, 3, "no pixel is left behind");
}

/// Every byte of a small store is flipped in turn. Each icon is then what was stored or what is drawn anew: never
/// another's, never a damaged picture; and the cache works on.
#[test]
fn every_flipped_byte_is_a_miss_or_nothing() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    small(&file);
    // Small pages make a small file: every byte of it is somewhere that matters.
    Connection::open(&file)
        .unwrap()
        .execute_batch("PRAGMA journal_mode=delete; PRAGMA page_size=512; VACUUM; PRAGMA journal_mode=wal")
        .unwrap();
    let whole = fs::read(&file).unwrap();
    let keys = [(key("com.a/.M"), 1), (key("com.b/.M"), 2)];
    let (mut misses, mut hits) = (0_u32, 0_u32);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= if at % 2 == 0 { 0xFF } else { 0x01 };
        fs::write(&file, &bytes).unwrap();
        let mut store = open(&file);
        for (key, number) in &keys {
            let found = store.read(key, Variants::ICON);
            if let Some(label) = &found.label {
                assert_eq!(label.label.as_deref(), Some(format!("App {number}").as_str()), "byte {at}");
                assert_eq!(label.colour, 0xFF00_0000 + u32::from(*number), "byte {at}");
            }
            match found.pictures.first().map(|(_, row)| row.data.as_ref()) {
                Some(Some(packed)) => {
                    assert_eq!(packed.unpack(Variant::Plain), Some(picture(*number)), "byte {at}");
                    hits += 1;
                }
                // No pixels, as a clock has none: it is drawn in each process.
                Some(None) | None => misses += 1,
            }
        }
        if at % 64 == 0 {
            let _ = store.write(vec![put(&keys[0].0, 9)]);
            let again = store.read(&keys[0].0, Variants::ICON);
            let packed = again.pictures.first().and_then(|(_, row)| row.data.clone());
            assert!(
                packed.is_none_or(|packed| packed.unpack(Variant::Plain) == Some(picture(9))),
                "byte {at}"
            );
        }
        drop(store);
        for suffix in ["-wal", "-shm", "-journal", ".format-1"] {
            let _ = fs::remove_file(dir.path().join(format!("icons.db{suffix}")));
        }
    }
    println!("{} bytes flipped: {hits} hits, {misses} misses", whole.len());
    assert!(misses > 500 && hits > 1_000);
}

#[test]
fn a_damaged_row_is_drawn_again_and_written_again() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    world.get("com.a/.M");
    let world = world.restart();
    let file = world.file();
    let World { dir: folder, platform, cache, .. } = world;
    drop(cache);
    Connection::open(&file)
        .unwrap()
        .execute("UPDATE blobs SET data = substr(data, 1, length(data) - 1)", [])
        .unwrap();
    let world = World::with(folder, platform, |_| {});
    world.platform.set("com.a/.M", App::new("Main", 4));
    assert_eq!(shows(&world.get("com.a/.M")), Some(4));
    assert_eq!(world.cache.health().figure("store_rows_damaged"), Some(1));
    let world = world.restart();
    world.platform.calls();
    assert_eq!(shows(&world.get("com.a/.M")), Some(4), "the row is whole again");
    assert_eq!(world.platform.count(), 0);
}

#[test]
fn a_full_disk_pauses_writing_and_nothing_latches() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    let mut store = open(&file);
    store.write((0..20).map(|number| put(&key(&format!("com.a{number}/.M")), number)).collect()).unwrap();
    let pages = store.limit_pages(1);
    let big: Vec<Write> = (0..200).map(|number| put(&key(&format!("com.b{number}/.M")), 1)).collect();
    let error = store.write(big.clone()).unwrap_err();
    assert_eq!((error.code(), store.condition()), ("IC_STORE_DISK_FULL", Condition::Paused));
    assert_eq!(store.counts().rows_given_up, 200);
    assert!(store.read(&key("com.a1/.M"), Variants::ICON).label.is_some(), "reads go on");
    assert!(store.write(vec![Write::Delete(key("com.a1/.M"))]).is_err());
    assert!(store.read(&key("com.a1/.M"), Variants::ICON).label.is_none(), "what was removed is not shown");
    assert_eq!(names(&mut store).len(), 19);
    store.limit_pages(pages);
    assert!(store.recover());
    store.write(big).unwrap();
    drop(store);
    assert_eq!(names(&mut open(&file)).len(), 219);
}

#[test]
fn a_trim_lets_a_cache_whose_disk_was_full_write_again() {
    let world = World::new();
    world.platform.set("com.a/.M", App::new("Main", 1));
    assert_eq!(world.get("com.a/.M").kind, Kind::Icon);
    world.cache.trim(TrimLevel::Low);
    assert_eq!(world.cache.health().condition, Condition::Good);
}
