//! Colours multiplied by their alpha, and back, with the rounding of Android's bitmaps.
//!
//! Multiplying rounds the exact product to the nearest integer; `fast_image_resize` does it with vector instructions, and
//! plain code equal to it in every case stands behind. Dividing is done in 32-bit floats in the order that the
//! platform does it. There are ties: its PNG encoder rounds them up, a bitmap's `getPixel` to even.
//!
//! Invariants: alpha never changes; of a transparent pixel all colours become 0; no colour exceeds its alpha after
//! multiplying, so that what is kept is a premultiplied picture whatever came in.

use fast_image_resize::images::Image as Buffer;
use fast_image_resize::{MulDiv, PixelType};

use super::image::PIXEL_BYTES;

/// 2^23: adding and subtracting it leaves a float below 2^22 rounded to an integer, ties to even, without a call.
const ROUNDER: f32 = 8_388_608.0;

/// Multiplies the colours of straight pixels by their alpha, in place. Bytes after the last whole pixel stay.
pub fn premultiply(pixels: &mut [u8]) {
    let whole = pixels.len() - pixels.len() % PIXEL_BYTES;
    let Some(pixels) = pixels.get_mut(..whole) else { return };
    let multiplied = u32::try_from(whole / PIXEL_BYTES).is_ok_and(|width| {
        Buffer::from_slice_u8(width, 1, &mut *pixels, PixelType::U8x4)
            .is_ok_and(|mut buffer| MulDiv::new().multiply_alpha_inplace(&mut buffer).is_ok())
    });
    // The crate refuses only before it begins.
    if !multiplied {
        premultiply_plainly(pixels);
    }
}

/// As [`premultiply`], without vector instructions.
fn premultiply_plainly(pixels: &mut [u8]) {
    for [red, green, blue, alpha] in pixels.as_chunks_mut::<PIXEL_BYTES>().0 {
        let by = u16::from(*alpha);
        *red = multiplied(*red, by);
        *green = multiplied(*green, by);
        *blue = multiplied(*blue, by);
    }
}

/// Divides the colours of premultiplied pixels by their alpha, in place, as the platform's PNG encoder does. Bytes after the
/// last whole pixel stay.
pub fn unpremultiply(pixels: &mut [u8]) {
    for pixel in pixels.as_chunks_mut::<PIXEL_BYTES>().0 {
        *pixel = divided(*pixel, |value| (value + 0.5) as u8);
    }
}

/// One premultiplied pixel with its colours as they were before multiplying, as far as 8 bits tell: what `getPixel` answers.
pub fn straight(pixel: [u8; PIXEL_BYTES]) -> [u8; PIXEL_BYTES] {
    divided(pixel, |value| (value + ROUNDER - ROUNDER) as u8)
}

#[inline]
fn divided([red, green, blue, alpha]: [u8; PIXEL_BYTES], round: impl Fn(f32) -> u8) -> [u8; PIXEL_BYTES] {
    match alpha {
        255 => [red, green, blue, alpha],
        0 => [0; PIXEL_BYTES],
        _ => {
            let by = 1.0 / (f32::from(alpha) * (1.0 / 255.0));
            let colour = |colour: u8| round((f32::from(colour) * (1.0 / 255.0) * by).min(1.0) * 255.0);
            [colour(red), colour(green), colour(blue), alpha]
        }
    }
}

/// `colour * alpha / 255` to the nearest integer; 255 is odd, so there are no ties.
#[inline]
fn multiplied(colour: u8, alpha: u16) -> u8 {
    let product = u16::from(colour) * alpha + 128;
    ((product + (product >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_and_alpha_multiplies_to_the_nearest_integer() {
        for alpha in 0..=255u8 {
            for colour in 0..=255u8 {
                let exact = f64::from(colour) * f64::from(alpha) / 255.0;
                let mut pixel = [colour, 0, colour, alpha];
                premultiply(&mut pixel);
                assert_eq!(pixel, [exact.round() as u8, 0, exact.round() as u8, alpha]);
                assert!(pixel[0] <= alpha);
            }
        }
    }

    #[test]
    fn vector_instructions_and_plain_code_agree_on_every_colour_and_alpha() {
        for pixels in [1, 3, 8, 15, 16, 17, 256] {
            for alpha in 0..=255u8 {
                let straight: Vec<u8> = (0..=255u8)
                    .cycle()
                    .take(pixels.max(256))
                    .flat_map(|c| [c, 255 - c, c ^ 0x55, alpha])
                    .collect();
                for straight in straight.chunks(pixels * PIXEL_BYTES) {
                    let (mut fast, mut plain) = (straight.to_vec(), straight.to_vec());
                    premultiply(&mut fast);
                    premultiply_plainly(&mut plain);
                    assert_eq!(fast, plain, "alpha {alpha}, {pixels} pixels");
                }
            }
        }
    }

    #[test]
    fn dividing_gives_the_nearest_integer_and_multiplying_again_the_same_pixel() {
        for alpha in 1..=255u8 {
            for colour in 0..=alpha {
                let [red, _, _, kept] = straight([colour, 0, 0, alpha]);
                let exact = f64::from(colour) * 255.0 / f64::from(alpha);
                assert!((f64::from(red) - exact).abs() <= 0.5 + 1e-5, "{colour}/{alpha}: {red}, not {exact}");
                let mut again = [red, 0, 0, kept];
                premultiply(&mut again);
                assert_eq!(again, [colour, 0, 0, alpha]);
            }
        }
    }

    #[test]
    fn ties_go_up_in_files_and_to_even_for_single_pixels() {
        // 127.5 and 212.5.
        let (mut file, pixel) = ([1, 5, 0, 2, 5, 0, 0, 6], [5, 0, 0, 6]);
        unpremultiply(&mut file);
        assert_eq!((file[0], file[4], straight(pixel)[0], straight([1, 0, 0, 2])[0]), (128, 213, 212, 128));
    }

    #[test]
    fn a_colour_above_its_alpha_is_cut_and_a_transparent_pixel_has_none() {
        assert_eq!(straight([200, 20, 0, 100]), [255, 51, 0, 100]);
        assert_eq!(straight([9, 9, 9, 0]), [0, 0, 0, 0]);
        let mut pixels = [9, 9, 9, 0, 1, 2];
        premultiply(&mut pixels);
        assert_eq!(pixels, [0, 0, 0, 0, 1, 2]);
    }
}
