//! The kernels beside Android's own drawing: what its framework makes of a few drawables, step by step, lies in
//! `tests/fixtures/framework-pixels`; a test of `kotlin-bindings/android` holds the files to frameworks of four API levels.
//!
//! What it is: a tolerance for each kernel, none where the kernel claims to be exact. What it is not: AOSP's goldens, which are
//! conformance data. Why kernels differ stands in `docs/guide/icons.md`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use ferrule_icon_cache::pixels::resize::{Quality, Scaler};
use ferrule_icon_cache::pixels::wrap::wrap;
use ferrule_icon_cache::pixels::{Image, alpha, compose, dominant_colour, monochrome, normalise};

/// Side of the icons, of their layers, of the flattened bitmap, and of the shrunk ones.
const SIZE: u32 = 48;
const LAYER: u32 = 72;
const FLATTENED: u32 = 64;
const SMALL: u32 = 32;

const SCENES: [&str; 4] = ["solid", "soft", "thin", "noise"];

fn fixture(scene: &str, name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/framework-pixels");
    fs::read(folder.join(format!("{scene}.{name}"))).unwrap()
}

/// The largest and the mean distance of two pictures' bytes.
fn distance(ours: &[u8], theirs: &[u8]) -> (u8, f64) {
    assert_eq!(ours.len(), theirs.len());
    let steps = || ours.iter().zip(theirs).map(|(ours, theirs)| ours.abs_diff(*theirs));
    (steps().max().unwrap(), steps().map(f64::from).sum::<f64>() / ours.len() as f64)
}

/// Each scene keeps within `worst` steps of 255 anywhere and `mean` on average.
fn hold(kernel: &str, worst: u8, mean: f64, made: impl Fn(&str) -> (Vec<u8>, Vec<u8>)) {
    for scene in SCENES {
        let (ours, theirs) = made(scene);
        let found = distance(&ours, &theirs);
        println!("{kernel} {scene}: at most {}, {:.3} on average", found.0, found.1);
        assert!(found.0 <= worst && found.1 <= mean, "{kernel} {scene} is off by {found:?}");
    }
}

fn scaled(scene: &str, side: u32) -> Vec<u8> {
    let masked = fixture(scene, "masked.rgba");
    let mut out = vec![0; (side * side * 4) as usize];
    let icon = Image::new(SIZE, SIZE, &masked).unwrap();
    Scaler::new().resize(icon, (side, side), Quality::Linear, &mut out).unwrap();
    out
}

#[test]
fn layers_are_laid_over_each_other_and_cut_out_as_the_framework_does() {
    hold("compose::adaptive", 3, 0.4, |scene| {
        let (back, front) = (fixture(scene, "background.rgba"), fixture(scene, "foreground.rgba"));
        let image = |bytes| Image::new(SIZE, SIZE, bytes).unwrap();
        let mut out = vec![0; back.len()];
        compose::adaptive(image(&back), image(&front), &fixture(scene, "mask.alpha"), &mut out).unwrap();
        (out, fixture(scene, "masked.rgba"))
    });
}

#[test]
fn straight_colours_are_exact_and_multiply_back() {
    hold("alpha::unpremultiply", 0, 0.0, |scene| {
        let mut ours = fixture(scene, "masked.rgba");
        alpha::unpremultiply(&mut ours);
        (ours, fixture(scene, "straight.rgba"))
    });
    hold("alpha::premultiply", 0, 0.0, |scene| {
        let mut ours = fixture(scene, "straight.rgba");
        alpha::premultiply(&mut ours);
        (ours, fixture(scene, "masked.rgba"))
    });
}

#[test]
fn the_monochrome_form_and_the_dominant_colour_are_exact() {
    hold("monochrome", 0, 0.0, |scene| {
        let flattened = fixture(scene, "flattened.rgba");
        let mut out = vec![0; (FLATTENED * FLATTENED) as usize];
        monochrome(Image::new(FLATTENED, FLATTENED, &flattened).unwrap(), SIZE, &mut out).unwrap();
        (out, fixture(scene, "mono.alpha"))
    });
    hold("dominant_colour", 0, 0.0, |scene| {
        let masked = fixture(scene, "masked.rgba");
        let [alpha, red, green, blue] =
            dominant_colour(Image::new(SIZE, SIZE, &masked).unwrap()).to_be_bytes();
        (vec![red, green, blue, alpha], fixture(scene, "dominant.rgba"))
    });
}

#[test]
fn the_scale_of_adaptive_icons_is_exact_for_the_area_of_the_frameworks_mask() {
    // Counted by the framework's regions at twice the side of 192.
    assert_eq!(normalise::adaptive_scale(146_535, 2 * 192), 0.809_403_24);
}

#[test]
fn scaling_keeps_within_a_tolerance() {
    hold("resize, to two thirds", 60, 9.0, |scene| (scaled(scene, SMALL), fixture(scene, "shrunk.rgba")));
    hold("resize, half as large again", 16, 1.5, |scene| {
        (scaled(scene, LAYER), fixture(scene, "grown.rgba"))
    });
}

#[test]
fn an_old_icon_on_its_ground_keeps_within_a_tolerance() {
    hold("wrap", 160, 3.0, |scene| {
        let masked = fixture(scene, "masked.rgba");
        let mut out = vec![0; (LAYER * LAYER * 4) as usize];
        let icon = Image::new(SIZE, SIZE, &masked).unwrap();
        wrap(&mut Scaler::new(), icon, LAYER, 0x00ff_ffff, false, &mut out).unwrap();
        (out, fixture(scene, "wrapped.rgba"))
    });
}
