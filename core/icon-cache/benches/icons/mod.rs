//! Pictures generated here: as soft-edged, shaded and glossy as launcher icons are. Shared by the benches; and what only the
//! bench of the store compares with.
#![allow(dead_code, reason = "each bench uses a part of it")]

pub mod legacy;
pub mod trace;

use ferrule_icon_cache::pixels::alpha::premultiply;

/// Side of an icon on most phones.
pub const SIDE: u32 = 192;

/// Icons of [`SIDE`], premultiplied: shapes with a shaded ground, a soft shadow and a drawing of a few colours.
pub fn icons(count: u32) -> Vec<Vec<u8>> {
    (0..count).map(icon).collect()
}

fn icon(seed: u32) -> Vec<u8> {
    let hue = [(seed * 67 % 256) as u8, (seed * 131 % 256) as u8, (seed * 29 % 256) as u8];
    let middle = SIDE as f32 / 2.0;
    // From a square to a circle.
    let power = 2.0 + (seed % 4) as f32 * 2.0;
    let reach = |x: f32, y: f32| (x.abs().powf(power) + y.abs().powf(power)).powf(1.0 / power);
    let mut pixels = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (across, down) = ((x as f32 - middle) / middle, (y as f32 - middle) / middle);
            let inside = ((0.9 - reach(across, down)) * middle + 0.5).clamp(0.0, 1.0);
            let shadow = ((0.98 - reach(across, down - 0.03)) * 4.0).clamp(0.0, 0.3);
            let drawn = (across * 9.0 + (seed % 5) as f32).sin() * (down * 7.0).cos() > 0.55;
            let shade = y / 4;
            let colour = |at: usize| match drawn {
                true => 250,
                false => hue[at].saturating_add(shade as u8) as u32,
            };
            let alpha = (255.0 * (inside + (1.0 - inside) * shadow)) as u8;
            let lit = |at: usize| (colour(at) as f32 * inside) as u8;
            pixels.extend([lit(0), lit(1), lit(2), alpha]);
        }
    }
    premultiply(&mut pixels);
    pixels
}
