//! Speed and size of the stored form, beside its rivals in the same run: PNG, QOI, QOI then LZ4, LZ4 alone, and the floor,
//! a copy.
//!
//! Budget: 15 µs to decode a 192 px icon into the caller's buffer. With `FERRULE_BENCH_ICONS` naming a folder of 192 px PNG
//! files these are measured, otherwise generated ones. Sizes are printed once, before the times. One iteration is one icon,
//! and all icons take turns.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench fails by panicking")]

mod icons;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ferrule_icon_cache::codec::{Codec, png};
use ferrule_icon_cache::pixels::Image;

use icons::{SIDE, pictures};

fn image(pixels: &[u8]) -> Image<'_> {
    Image::new(SIDE, SIDE, pixels).unwrap()
}

fn ours(pixels: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Codec::new().encode(image(pixels), &mut out).unwrap();
    out
}

/// As format 1 stores it.
fn qoi_lz4(pixels: &[u8]) -> Vec<u8> {
    let file = qoi::encode_to_vec(pixels, SIDE, SIDE).unwrap();
    let content = lz4_flex::block::compress(&file);
    let mut stored = b"FRIC\x01\x01".to_vec();
    stored.extend([SIDE as u16, SIDE as u16, 0].map(u16::to_le_bytes).concat());
    stored.extend((file.len() as u32).to_le_bytes());
    let sum = crc32c::crc32c_append(crc32c::crc32c(&stored), &content);
    [&stored[..], &sum.to_le_bytes(), &content].concat()
}

/// The crate's own decoder as it comes, to straight pixels.
fn plain_png(bytes: &[u8], out: &mut [u8]) {
    let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    reader.next_frame(out).unwrap();
}

fn codec(criterion: &mut Criterion) {
    let pictures = pictures(if std::env::var_os("FERRULE_BENCH_ICONS").is_some() { 200 } else { 32 });
    let forms: [(&str, Vec<Vec<u8>>); 5] = [
        ("stored", pictures.iter().map(|pixels| ours(pixels)).collect()),
        ("qoi_lz4", pictures.iter().map(|pixels| qoi_lz4(pixels)).collect()),
        ("qoi", pictures.iter().map(|pixels| qoi::encode_to_vec(pixels, SIDE, SIDE).unwrap()).collect()),
        ("lz4", pictures.iter().map(|pixels| lz4_flex::block::compress(pixels)).collect()),
        ("png", pictures.iter().map(|pixels| png::encode(image(pixels)).unwrap()).collect()),
    ];
    println!("{} icons of {SIDE}x{SIDE}, {} bytes each", pictures.len(), SIDE * SIDE * 4);
    for (name, stored) in &forms {
        let mut sizes: Vec<usize> = stored.iter().map(Vec::len).collect();
        sizes.sort_unstable();
        println!("{name}: median {} bytes", sizes[sizes.len() / 2]);
    }
    let [ours_stored, format_1_stored, qoi_stored, lz4_stored, png_stored] = &forms.map(|(_, stored)| stored);
    let mut out = vec![0; (SIDE * SIDE * 4) as usize];
    let mut codec = Codec::new();

    let mut group = criterion.benchmark_group("decode");
    let mut bench = |name: &str, stored: &[Vec<u8>], decode: &mut dyn FnMut(&[u8], &mut [u8])| {
        let mut turn = stored.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| decode(black_box(turn.next().unwrap()), black_box(&mut out)))
        });
    };
    bench("memcpy", &pictures, &mut |pixels, out| out.copy_from_slice(pixels));
    for (name, stored) in [("stored", ours_stored), ("qoi_lz4", format_1_stored)] {
        bench(name, stored, &mut |stored, out| {
            codec.decode_into(stored, out).unwrap();
        });
    }
    bench("qoi", qoi_stored, &mut |stored, out| {
        qoi::decode_to_buf(out, stored).unwrap();
    });
    bench("lz4", lz4_stored, &mut |stored, out| {
        lz4_flex::block::decompress_into(stored, out).unwrap();
    });
    bench("png", png_stored, &mut plain_png);
    bench("png_checked_premultiplied", png_stored, &mut |stored, out| {
        out.copy_from_slice(&png::decode(stored).unwrap().pixels);
    });
    group.finish();

    let mut group = criterion.benchmark_group("encode");
    let mut stored = Vec::new();
    let mut turn = pictures.iter().cycle();
    group.bench_function("stored", |bencher| {
        bencher.iter(|| codec.encode(image(black_box(turn.next().unwrap())), &mut stored).unwrap());
    });
    group.bench_function("qoi_lz4", |bencher| {
        bencher.iter(|| qoi_lz4(black_box(turn.next().unwrap())));
    });
    group.bench_function("png", |bencher| {
        bencher.iter(|| png::encode(image(black_box(turn.next().unwrap()))).unwrap());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50);
    targets = codec
}
criterion_main!(benches);
