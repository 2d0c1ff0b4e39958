//! The store on 400 icons of 192 pixels, with SQLite and PNG as legacy has them beside it in the same run.
//!
//! Budgets (`cargo xtask bench` holds them): a first screen of 28 icons from the store to the caller's buffers in a quarter of
//! legacy's time, 400 in a fifth; 400 icons written in a fiftieth of the time of one row a transaction; all tokens read in a
//! millisecond. Beside the writing stand the same packed by two threads, the same packed before, and a sync of this disk.
//! Before anything is measured, every pixel of both ways is summed up and has to be the same; the hits and bytes of the memory
//! tier on the drawer's trace are printed and held. With `FERRULE_BENCH_ICONS` naming a folder of 192 px PNG files these are
//! stored, otherwise generated ones.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench fails by panicking")]

mod icons;

use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::lookup::{IconCache, Millis, NoProvider, Options, Request};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::store::{LabelRow, OpenOptions, Origin, Packed, PictureRow, Store, Write};
use ferrule_icon_cache::validity::Token;

use icons::legacy::{JOURNALS, Legacy};
use icons::{SIDE, pictures, trace};

const ALL: usize = 400;
const FIRST_SCREEN: usize = 28;
const ICON_BYTES: usize = (SIDE * SIDE * 4) as usize;

/// A way to fill so many slots.
type Side<'a> = &'a dyn Fn(usize, &mut [u8]);

fn key(number: usize) -> IconKey {
    IconKey::new(
        Component::new(&format!("com.example.application{number}"), ".MainActivity"),
        ProfileSerial(0),
    )
}

fn put(number: usize, pixels: &[u8]) -> Write {
    let token = Token::new("1");
    let label = LabelRow {
        label: Some("App".into()),
        token: Some(token.clone()),
        stale: false,
        colour: 0xFF00_0000,
        flags: 0,
    };
    let picture = Picture::new(SIDE, SIDE, Form::Rgba, pixels.to_vec()).unwrap();
    let row = PictureRow {
        origin: Origin { provider: "".into(), token },
        stale: false,
        data: Packed::of(&picture),
    };
    Write::Put { key: key(number), label: Some(label), pictures: vec![(Variant::Plain, row)] }
}

/// Rows of these icons, numbered from `first`.
fn rows(first: usize, pixels: &[Vec<u8>]) -> Vec<Write> {
    pixels.iter().enumerate().map(|(number, pixels)| put(first + number, pixels)).collect()
}

fn open(folder: &Path) -> Store {
    Store::open(&folder.join("icons.db"), OpenOptions::new(SIDE))
}

fn read(criterion: &mut Criterion, pixels: &[Vec<u8>], folder: &Path, legacy: &Legacy) {
    let options = Options::new(SIDE, Arc::new(|| Millis(0)), Arc::new(|task| task()));
    let cache = IconCache::open(&folder.join("icons.db"), options, Arc::new(NoProvider));
    let keys: Vec<IconKey> = (0..ALL).map(key).collect();
    // Nothing is remembered: each look-up is one of the store.
    let requests: Vec<Request> = keys
        .iter()
        .map(|key| Request { skip_memory: true, ..Request::new(key.clone(), Variants::ICON) })
        .collect();
    let mut arena = vec![0; ALL * ICON_BYTES];
    let ours = |count: usize, arena: &mut [u8]| {
        let mut whole = 0;
        cache.get_all_into(&requests[..count], arena, ICON_BYTES, |_, placed| whole += placed.places.len());
        assert_eq!(whole, count);
    };
    let theirs = |count: usize, arena: &mut [u8]| {
        for (key, out) in keys[..count].iter().zip(arena.chunks_exact_mut(ICON_BYTES)) {
            legacy.read_into(key, out);
        }
    };
    let floor = |count: usize, arena: &mut [u8]| {
        for (pixels, out) in pixels[..count].iter().zip(arena.chunks_exact_mut(ICON_BYTES)) {
            out.copy_from_slice(pixels);
        }
    };
    let sides: [(&str, Side<'_>); 3] = [("memcpy", &floor), ("store", &ours), ("legacy_png", &theirs)];
    let sums = sides.map(|(_, side)| {
        arena.fill(0);
        side(ALL, &mut arena);
        crc32c::crc32c(&arena)
    });
    assert!(sums.iter().all(|sum| *sum == sums[0]), "every pixel is the same: {sums:08x?}");
    println!("{ALL} icons by {} ways, one checksum of all pixels: {:08x}", sums.len(), sums[0]);
    let mut group = criterion.benchmark_group("icons_to_buffers");
    for count in [FIRST_SCREEN, ALL] {
        for (name, side) in sides {
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| side(count, black_box(&mut arena)))
            });
        }
    }
    group.finish();
}

fn write(criterion: &mut Criterion, pixels: &[Vec<u8>], folder: &Path) {
    let mut store = open(folder);
    let mut group = criterion.benchmark_group("icons_write");
    group.sample_size(10);
    group.bench_function(BenchmarkId::new("store", ALL), |bencher| {
        bencher.iter(|| {
            store.write(rows(0, pixels)).unwrap();
        })
    });
    // As two workers of a cache do, each with half of the icons.
    group.bench_function(BenchmarkId::new("store_packed_by_two", ALL), |bencher| {
        bencher.iter(|| {
            let (here, there) = pixels.split_at(ALL / 2);
            let all = std::thread::scope(|scope| {
                let there = scope.spawn(|| rows(ALL / 2, there));
                [rows(0, here), there.join().unwrap()].concat()
            });
            store.write(all).unwrap();
        })
    });
    // What no way of packing can save.
    let packed = rows(0, pixels);
    group.bench_function(BenchmarkId::new("store_packed_before", ALL), |bencher| {
        bencher.iter(|| store.write(packed.clone()).unwrap())
    });
    group.bench_function("sync", |bencher| {
        let mut file = std::fs::File::create(folder.join("synced")).unwrap();
        bencher.iter(|| {
            file.write_all(&[0; 4096]).unwrap();
            file.sync_data().unwrap();
        })
    });
    for journal in JOURNALS {
        let legacy = Legacy::make(&folder.join(format!("{}.db", journal.name)), journal);
        group.bench_function(BenchmarkId::new(format!("legacy_{}", journal.name), ALL), |bencher| {
            bencher.iter(|| (0..ALL).for_each(|number| legacy.write(&key(number), &pixels[number])))
        });
    }
    group.finish();
}

fn scan(criterion: &mut Criterion, folder: &Path, legacy: &Legacy) {
    let mut store = open(folder);
    assert_eq!((store.scan().map(|rows| rows.len()), legacy.scan()), (Some(ALL), ALL));
    let mut group = criterion.benchmark_group("icons_scan");
    group.bench_function("store", |bencher| bencher.iter(|| black_box(store.scan())));
    group.bench_function("legacy", |bencher| bencher.iter(|| black_box(legacy.scan())));
    group.finish();
}

fn store(criterion: &mut Criterion) {
    trace::hold();
    // A disk, not memory: what is written is synced as on a phone.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let pixels = pictures(u32::try_from(ALL).unwrap());
    let [as_aosp, ..] = JOURNALS;
    let legacy = Legacy::make(&folder.path().join("app_icons.db"), as_aosp);
    for (number, pixels) in pixels.iter().enumerate() {
        legacy.write(&key(number), pixels);
    }
    write(criterion, &pixels, folder.path());
    drop(open(folder.path()).write(rows(0, &pixels)));
    read(criterion, &pixels, folder.path(), &legacy);
    scan(criterion, folder.path(), &legacy);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = store
}
criterion_main!(benches);
