//! The monochrome form of an icon (D.3), byte for byte as AOSP generates it from a flattened bitmap.
//!
//! Upstream computes with floats; the integer forms here are equal to it for every icon size from 2 to 385. A picture that
//! is not opaque answers by its straight colours and without its alpha.
//!
//! Not here: flattening the layers, which needs the drawables, and clipping the result to the icon's shape.

use super::alpha::straight;
use super::image::{alpha_len, expect_len};
use super::{Image, PictureError};

/// What was found while generating; for reports and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonoFacts {
    /// Least grey value.
    pub least: u8,
    /// Greatest grey value.
    pub most: u8,
    /// Sum of the grey values of the first and last rows that decide about inverting.
    pub edge_sum: u64,
    /// Whether bright became opaque and dark transparent, or the reverse.
    pub inverted: bool,
}

/// Side of the flattened bitmap for an icon of `size` pixels: the nearest integer to 4/3 of it.
///
/// ```
/// # use ferrule_icon_cache::pixels::flattened_side;
/// assert_eq!([48, 160, 192].map(flattened_side), [64, 213, 256]);
/// ```
pub fn flattened_side(size: u32) -> u32 {
    let scaled = (u64::from(size) * 8 + 3) / 6;
    u32::try_from(scaled).unwrap_or(u32::MAX)
}

/// Writes the monochrome form of the flattened bitmap of an icon of `size` pixels, one byte of alpha a pixel.
///
/// # Errors
/// When the bitmap's sides are not [`flattened_side`], or `out` has not one byte a pixel. Nothing is written then.
pub fn monochrome(flattened: Image<'_>, size: u32, out: &mut [u8]) -> Result<MonoFacts, PictureError> {
    let (width, height) = (flattened.width(), flattened.height());
    let side = flattened_side(size);
    if (width, height) != (side, side) {
        return Err(PictureError::Size { width, height });
    }
    expect_len(out.len(), alpha_len(width, height)?)?;
    let (least, most) = greys(flattened, out);
    // Pixels, not rows: the band may end inside a row.
    let band = (u64::from(side) * u64::from(side.saturating_sub(size)) / 2) as usize;
    let sum = |values: &[u8]| values.iter().map(|value| u64::from(*value)).sum::<u64>();
    let first = out.get(..band).map_or(0, sum);
    let last = out.get(out.len().saturating_sub(band)..).map_or(0, sum);
    let edge_sum = first + last;
    let inverted = is_bright(edge_sum, 2 * band as u64, least, most);
    if least < most {
        let table = stretched(least, most, inverted);
        for value in out {
            *value = table.get(usize::from(*value)).copied().unwrap_or_default();
        }
    }
    Ok(MonoFacts { least, most, edge_sum, inverted })
}

/// Grey values, to the nearest integer of the mean of the three colours; answers with the least and the greatest.
fn greys(image: Image<'_>, out: &mut [u8]) -> (u8, u8) {
    let (mut least, mut most) = (u8::MAX, 0);
    let mut all = u8::MAX;
    for (to, pixel) in out.iter_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = pixel;
        all &= alpha;
        *to = grey(red, green, blue);
    }
    if all != u8::MAX {
        for (to, pixel) in out.iter_mut().zip(image.pixels()) {
            let [red, green, blue, _] = straight(pixel);
            *to = grey(red, green, blue);
        }
    }
    for value in out.iter() {
        least = least.min(*value);
        most = most.max(*value);
    }
    (least, most)
}

#[inline]
fn grey(red: u8, green: u8, blue: u8) -> u8 {
    ((u16::from(red) + u16::from(green) + u16::from(blue) + 1) / 3) as u8
}

/// Whether the mean of the edge lies strictly above the middle of the range.
fn is_bright(edge_sum: u64, edge_pixels: u64, least: u8, most: u8) -> bool {
    let above = edge_sum.saturating_sub(edge_pixels * u64::from(least));
    2 * above > edge_pixels * u64::from(most - least)
}

/// Each grey value's place in the full range, ties up; inverted afterwards, so that ties of inverted icons go down.
fn stretched(least: u8, most: u8, inverted: bool) -> [u8; 256] {
    let range = u32::from(most - least).max(1);
    let mut table = [0; 256];
    for (value, to) in table.iter_mut().enumerate().take(usize::from(most) + 1).skip(usize::from(least)) {
        let above = value as u32 - u32::from(least);
        let place = (510 * above + range) / (2 * range);
        *to = if inverted { 255 - place } else { place } as u8;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The monochrome form of a flattened bitmap of these grey values, for an icon of 3 pixels (bitmap 4x4, band 2).
    fn mono(greys: [u8; 16]) -> (Vec<u8>, MonoFacts) {
        let pixels: Vec<u8> = greys.iter().flat_map(|grey| [*grey, *grey, *grey, 255]).collect();
        let mut out = vec![0; 16];
        let facts = monochrome(Image::new(4, 4, &pixels).expect("a picture"), 3, &mut out).expect("a form");
        (out, facts)
    }

    #[test]
    fn the_side_is_the_nearest_integer_to_four_thirds() {
        for size in 0..5000u32 {
            assert_eq!(flattened_side(size), (f64::from(size) * 4.0 / 3.0).round() as u32, "{size}");
        }
    }

    #[test]
    fn grey_is_the_nearest_integer_of_the_mean() {
        for sum in 0..=765u16 {
            let (red, rest) = (sum.min(255), sum - sum.min(255));
            let value = grey(red as u8, rest.min(255) as u8, (rest - rest.min(255)) as u8);
            assert_eq!(value, (f64::from(sum) / 3.0).round() as u8, "{sum}");
        }
    }

    #[test]
    fn exactly_half_is_not_inverted_and_a_little_more_is() {
        let mut greys = [0; 16];
        greys[0] = 200;
        greys[15] = 200;
        assert!(!mono(greys).1.inverted);
        greys[1] = 1;
        let (out, facts) = mono(greys);
        assert_eq!((facts.inverted, facts.edge_sum), (true, 401));
        assert_eq!((out[0], out[2]), (0, 255));
    }

    #[test]
    fn the_band_ends_inside_a_row() {
        let mut greys = [0; 16];
        (greys[2], greys[13]) = (255, 255);
        assert!(!mono(greys).1.inverted);
        (greys[1], greys[14]) = (255, 255);
        assert!(!mono(greys).1.inverted);
        greys[0] = 255;
        assert!(mono(greys).1.inverted);
    }

    #[test]
    fn ties_go_up_before_inverting() {
        // Range 170: the value 1 above the least is 1.5 of 255.
        let mut greys = [40; 16];
        (greys[5], greys[6]) = (210, 41);
        assert_eq!(mono(greys).0[6], 2);
        let mut bright = [210; 16];
        (bright[5], bright[6]) = (40, 41);
        assert_eq!(mono(bright).0[6], 253);
    }

    #[test]
    fn one_grey_stays_as_it_is() {
        for grey in [0, 85, 255] {
            let (out, facts) = mono([grey; 16]);
            assert_eq!((out, facts.inverted), (vec![grey; 16], false));
        }
    }

    #[test]
    fn a_bitmap_of_another_size_is_refused_and_nothing_written() {
        let pixels = [255; 64];
        let mut out = [7; 16];
        let image = Image::new(4, 4, &pixels).expect("a picture");
        assert_eq!(monochrome(image, 4, &mut out).map_err(|error| error.code()), Err("IC_PICTURE_SIZE"));
        assert_eq!(
            monochrome(image, 3, &mut out[..15]).map_err(|error| error.code()),
            Err("IC_PICTURE_BUFFER")
        );
        assert_eq!(out, [7; 16]);
    }
}
