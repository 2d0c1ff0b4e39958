//! The store on 400 icons of 192 pixels: writing in one batch and one by one, the scan of all tokens, the first screen.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use ferrule_icon_cache::key::{Component, IconKey, ProfileSerial};
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::store::{LabelRow, OpenOptions, Origin, Packed, PictureRow, Store, Write};
use ferrule_icon_cache::validity::Token;

fn key(number: usize) -> IconKey {
    IconKey::new(
        Component::new(&format!("com.example.application{number}"), ".MainActivity"),
        ProfileSerial(0),
    )
}

/// A picture with shapes and gradients, that packs about as an app's icon does.
fn picture(number: usize) -> Option<Picture> {
    let mut pixels = Vec::with_capacity(147_456);
    for y in 0..192_u32 {
        for x in 0..192_u32 {
            let inside = (x.abs_diff(96)).pow(2) + (y.abs_diff(96)).pow(2) < 90 * 90;
            let [red, green, ..] = (x / 3 + u32::try_from(number).unwrap_or(0)).to_le_bytes();
            pixels.extend(if inside { [red, green, (y / 2).to_le_bytes()[0], 255] } else { [0; 4] });
        }
    }
    Picture::new(192, 192, Form::Rgba, pixels)
}

fn put(number: usize, version: &str) -> Write {
    let token = Token::new(version);
    let label = LabelRow {
        label: Some(format!("App {number}").into()),
        token: Some(token.clone()),
        stale: false,
        colour: 0xFF00_0000,
        flags: 0,
    };
    let data = picture(number).as_ref().and_then(Packed::of);
    let row = PictureRow { origin: Origin { provider: "".into(), token }, stale: false, data };
    Write::Put { key: key(number), label: Some(label), pictures: vec![(Variant::Plain, row)] }
}

fn open(dir: &Path) -> Store {
    Store::open(&dir.join("icons.db"), OpenOptions::new(192))
}

fn store(criterion: &mut Criterion) {
    let Ok(dir) = tempfile::tempdir() else { return };
    let rows: Vec<Write> = (0..400).map(|number| put(number, "1")).collect();
    let mut store = open(dir.path());
    let mut group = criterion.benchmark_group("store");
    group.sample_size(10);
    group.bench_function("write 400 rows in one batch", |bencher| bencher.iter(|| store.write(rows.clone())));
    group.bench_function("write 400 rows one by one", |bencher| {
        bencher.iter(|| rows.iter().for_each(|row| drop(store.write(vec![row.clone()]))));
    });
    group.bench_function("scan the tokens of 400 rows", |bencher| bencher.iter(|| black_box(store.scan())));
    group.bench_function("read and unpack a first screen of 28", |bencher| {
        bencher.iter(|| {
            (0..28)
                .filter_map(|number| {
                    let found = store.read(&key(number), Variants::ICON);
                    found.pictures.first().and_then(|(_, row)| row.data.as_ref()?.unpack(Variant::Plain))
                })
                .count()
        });
    });
    group.finish();
}

criterion_group!(benches, store);
criterion_main!(benches);
