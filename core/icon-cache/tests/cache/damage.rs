//! Damage that opening a store does not meet: a page in the middle of the file. What is read stays right, what is whole is saved,
//! and what is written is still there after a restart.

use std::fs;
use std::path::Path;

use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::store::{LabelRow, OpenOptions, Origin, Packed, PictureRow, Store, Write};
use ferrule_icon_cache::validity::Token;
use rusqlite::Connection;

use crate::kit::{App, World, folder, shows};

const APPS: u32 = 40;
const PAGE: usize = 512;

fn key(number: u32) -> IconKey {
    IconKey::new(Component::new(&format!("com.app{number:03}"), ".Main"), ProfileSerial(0))
}

/// Every third does not pack well and has pages of its own; the others share theirs.
fn picture(number: u32) -> Picture {
    let mut state = number + 1;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        [(state >> 24) as u8, (state >> 16) as u8, number as u8, 255]
    };
    let pixels =
        if number.is_multiple_of(3) { (0..256).flat_map(|_| noise()).collect() } else { noise().repeat(256) };
    Picture::new(16, 16, Form::Rgba, pixels).unwrap()
}

fn put(number: u32) -> Write {
    let token = Token::new("t");
    let label = LabelRow {
        label: Some(format!("App {number}").into()),
        token: Some(token.clone()),
        stale: false,
        colour: 0xFF00_0000,
        flags: 0,
    };
    let row = PictureRow {
        origin: Origin { provider: "".into(), token },
        stale: false,
        data: Packed::of(&picture(number)),
    };
    Write::Put { key: key(number), label: Some(label), pictures: vec![(Variant::Plain, row)] }
}

fn open(file: &Path) -> Store {
    Store::open(file, OpenOptions::new(16))
}

/// The keys that are not there whole. What is there is right.
fn lost(store: &mut Store, what: &str) -> Vec<u32> {
    let is_lost = |number: &u32| {
        let found = store.read(&key(*number), Variants::ICON);
        if let Some(label) = &found.label {
            assert_eq!(label.label.as_deref(), Some(format!("App {number}").as_str()), "{what}");
        }
        let packed = found.pictures.first().and_then(|(_, row)| row.data.as_ref());
        if let Some(packed) = packed {
            assert_eq!(packed.unpack(Variant::Plain), Some(picture(*number)), "{what}: {number}");
        }
        found.label.is_none() || packed.is_none()
    };
    (0..APPS).filter(is_lost).collect()
}

/// A closed store of small pages, so that a page is a small part of it.
fn whole(file: &Path) -> Vec<u8> {
    open(file).write((0..APPS).map(put).collect()).unwrap();
    let sql = "PRAGMA journal_mode=delete; PRAGMA page_size=512; VACUUM; PRAGMA journal_mode=wal";
    Connection::open(file).unwrap().execute_batch(sql).unwrap();
    fs::read(file).unwrap()
}

fn fill(bytes: &mut [u8], page: usize, with: u8) {
    bytes[page * PAGE..(page + 1) * PAGE].fill(with);
}

fn swap(bytes: &mut [u8], page: usize) {
    let pages = bytes.len() / PAGE;
    let other = if page + 1 < pages { page + 1 } else { 1 };
    let (from, to) = (page * PAGE, other * PAGE);
    (0..PAGE).for_each(|at| bytes.swap(from + at, to + at));
}

fn flip(bytes: &mut [u8], page: usize) {
    // One bit in each eighth of the page, header and pointers of cells among them.
    (0..8).for_each(|part| bytes[page * PAGE + part * 61 + 3] ^= 1 << part);
}

type Damage = (&'static str, fn(&mut [u8], usize));

#[test]
fn whatever_page_is_wrong_what_is_written_stays() {
    let dir = folder();
    let file = dir.path().join("icons.db");
    let bytes = whole(&file);
    let kinds: [Damage; 4] = [
        ("zeros", |bytes, page| fill(bytes, page, 0)),
        ("rubbish", |bytes, page| fill(bytes, page, 0xA5)),
        ("another page", swap),
        ("flipped bits", flip),
    ];
    let pages = bytes.len() / PAGE;
    let (mut misses, mut rebuilds, mut saved) = (0, 0, 0);
    for (name, damage) in kinds {
        for page in 1..pages {
            let mut damaged = bytes.clone();
            damage(&mut damaged, page);
            fs::write(&file, &damaged).unwrap();
            let what = format!("{name} in page {page} of {pages}");
            let mut store = open(&file);
            let missing = lost(&mut store, &what);
            misses += missing.len();
            // Drawn again, and written as the cache does: in batches.
            for batch in missing.chunks(8) {
                store.write(batch.iter().map(|number| put(*number)).collect()).unwrap();
            }
            store.write(vec![put(0)]).unwrap();
            let counts = store.counts().clone();
            rebuilds += counts.rebuilds;
            saved += counts.rows_saved;
            drop(store);
            let mut store = open(&file);
            let missing = lost(&mut store, &what);
            // What a file made anew no longer had was not read since; it is drawn when it is wanted, and then it stays.
            store.write(missing.iter().map(|number| put(*number)).collect()).unwrap();
            drop(store);
            let mut store = open(&file);
            assert_eq!(lost(&mut store, &what), [0; 0], "{what}: {counts:?}");
            drop(store);
            let names: Vec<_> =
                fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(names, ["icons.db"], "{what}: nothing is left behind");
        }
    }
    println!(
        "{pages} pages, {} damages: {misses} misses, {rebuilds} rebuilds, {saved} keys saved",
        kinds.len()
    );
    assert!(rebuilds > 50 && saved > rebuilds * u64::from(APPS) / 2);
}

#[test]
fn a_cache_on_a_damaged_page_heals_and_says_so() {
    let world = World::new();
    for number in 0..40 {
        world.platform.set(&format!("com.app{number}/.M"), App::new(&format!("App {number}"), number));
        world.get(&format!("com.app{number}/.M"));
    }
    let file = world.file();
    let World { dir, platform, cache, .. } = world;
    drop(cache);
    let sql = "PRAGMA journal_mode=delete; PRAGMA page_size=512; VACUUM; PRAGMA journal_mode=wal";
    Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    let pages = "SELECT pageno FROM dbstat WHERE name = 'blobs' AND pagetype = 'leaf' LIMIT 1";
    let mut bytes = fs::read(&file).unwrap();
    let page: usize = Connection::open(&file).unwrap().query_row(pages, [], |row| row.get(0)).unwrap();
    fill(&mut bytes, page - 1, 0);
    fs::write(&file, &bytes).unwrap();

    let world = World::with(dir, platform, |_| {});
    world.platform.calls();
    for number in 0..40 {
        assert_eq!(shows(&world.get(&format!("com.app{number}/.M"))), Some(number));
    }
    let drawn = world.platform.count();
    assert!((1..20).contains(&drawn), "what was whole is not drawn again: {drawn}");
    world.cache.flush();
    let health = world.cache.health();
    assert_eq!(health.figure("store_rebuilds"), Some(1), "{health}");
    assert_eq!(health.figure("store_checks"), Some(1), "{health}");
    assert!(health.figure("store_rows_saved") >= Some(20), "{health}");
    let world = world.restart();
    world.platform.calls();
    for number in 0..40 {
        assert_eq!(shows(&world.get(&format!("com.app{number}/.M"))), Some(number));
    }
    assert_eq!(world.platform.count(), 0, "all of it is there again");
}
