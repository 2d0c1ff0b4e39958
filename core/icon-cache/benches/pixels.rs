//! Speed of the pixel kernels on a 192 px icon, and of the vector instructions beside plain code.
//!
//! The spec's figures for plain Rust: colour 0.8 µs, hull 29, monochrome 185, premultiplying 72, resizing 256 to 192
//! linear 94 and Lanczos 181. Inputs are generated.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench fails by panicking")]

mod icons;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use ferrule_icon_cache::pixels::alpha::{premultiply, unpremultiply};
use ferrule_icon_cache::pixels::compose::{cut_out, lay_over};
use ferrule_icon_cache::pixels::resize::{Quality, Scaler};
use ferrule_icon_cache::pixels::wrap::wrap;
use ferrule_icon_cache::pixels::{Image, dominant_colour, flattened_side, monochrome, normalise};

use icons::{SIDE, icons};

/// Multiplying by alpha, one colour after the other: the plain rival of the crate's kernels.
fn plain_premultiply(pixels: &mut [u8]) {
    for [red, green, blue, alpha] in pixels.as_chunks_mut().0 {
        for colour in [red, green, blue] {
            let product = u16::from(*colour) * u16::from(*alpha) + 128;
            *colour = ((product + (product >> 8)) >> 8) as u8;
        }
    }
}

/// Linear interpolation between four pixels, one channel after the other: the plain rival of the crate's kernels.
fn plain_resize(image: Image<'_>, side: u32, out: &mut [u8]) {
    let step = image.width() as f32 / side as f32;
    let at = |x: u32, y: u32| image.pixel(x.min(image.width() - 1), y.min(image.height() - 1)).unwrap();
    for y in 0..side {
        let down = (y as f32 + 0.5) * step - 0.5;
        for x in 0..side {
            let across = (x as f32 + 0.5) * step - 0.5;
            let (left, top) = (across.max(0.0) as u32, down.max(0.0) as u32);
            let (right, low) = (across - left as f32, down - top as f32);
            let corners = [at(left, top), at(left + 1, top), at(left, top + 1), at(left + 1, top + 1)];
            let place = ((y * side + x) * 4) as usize;
            for channel in 0..4 {
                let [a, b, c, d] = corners.map(|pixel| f32::from(pixel[channel]));
                let upper = a + (b - a) * right;
                out[place + channel] = (upper + (c + (d - c) * right - upper) * low + 0.5) as u8;
            }
        }
    }
}

fn measure(criterion: &mut Criterion) {
    let icon = &icons(1)[0];
    let image = Image::new(SIDE, SIDE, icon).unwrap();
    let side = flattened_side(SIDE);
    let mut layer = vec![0; (side * side * 4) as usize];
    wrap(&mut Scaler::new(), image, side, 0x00ff_ffff, false, &mut layer).unwrap();
    let flattened = Image::new(side, side, &layer).unwrap();
    let mut alpha = vec![0; (side * side) as usize];

    let mut group = criterion.benchmark_group("measure");
    group.bench_function("dominant_colour", |bencher| bencher.iter(|| dominant_colour(black_box(image))));
    group.bench_function("normalise", |bencher| bencher.iter(|| normalise(black_box(image))));
    group.bench_function("monochrome", |bencher| {
        bencher.iter(|| monochrome(black_box(flattened), SIDE, &mut alpha).unwrap());
    });
    group.finish();
}

fn alpha(criterion: &mut Criterion) {
    let icon = &icons(1)[0];
    let mut pixels = icon.clone();
    let mut group = criterion.benchmark_group("alpha");
    group.bench_function("premultiply", |bencher| bencher.iter(|| premultiply(black_box(&mut pixels))));
    pixels.copy_from_slice(icon);
    group.bench_function("premultiply_plain", |bencher| {
        bencher.iter(|| plain_premultiply(black_box(&mut pixels)));
    });
    // Dividing twice would saturate, so each turn begins with the icon.
    group.bench_function("copy_and_unpremultiply", |bencher| {
        bencher.iter(|| {
            pixels.copy_from_slice(icon);
            unpremultiply(black_box(&mut pixels));
        });
    });
    group.finish();
}

fn scale(criterion: &mut Criterion) {
    let big = [[40, 30, 20, 200], [0, 0, 0, 0], [255, 255, 255, 255]].concat().repeat(256 * 256 / 3 + 1);
    let big = Image::new(256, 256, &big[..256 * 256 * 4]).unwrap();
    let mut out = vec![0; (SIDE * SIDE * 4) as usize];
    let mut scaler = Scaler::new();
    let mut group = criterion.benchmark_group("resize_256_192");
    for (name, quality) in [("linear", Quality::Linear), ("sharp", Quality::Sharp)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| scaler.resize(black_box(big), (SIDE, SIDE), quality, &mut out).unwrap());
        });
    }
    group.bench_function("linear_plain", |bencher| {
        bencher.iter(|| plain_resize(black_box(big), SIDE, &mut out))
    });
    group.finish();
}

fn compose(criterion: &mut Criterion) {
    let icon = &icons(1)[0];
    let image = Image::new(SIDE, SIDE, icon).unwrap();
    let mask = vec![200; (SIDE * SIDE) as usize];
    let mut under = vec![255; icon.len()];
    let mut group = criterion.benchmark_group("compose");
    group.bench_function("lay_over", |bencher| {
        bencher.iter(|| lay_over(black_box(&mut under), image).unwrap())
    });
    group
        .bench_function("cut_out", |bencher| bencher.iter(|| cut_out(black_box(&mut under), &mask).unwrap()));
    group.finish();
}

criterion_group!(benches, measure, alpha, scale, compose);
criterion_main!(benches);
