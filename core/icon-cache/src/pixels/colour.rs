//! The dominant colour of an icon (D.2), bit for bit as AOSP's colour extractor answers.
//!
//! At most a few dozen pixels are looked at, so a thin drawing has no colour and answers black. All floats are 32 bits
//! and in upstream's order; the running best wins ties, as there.
//!
//! Not here: which icon keeps which colour.

use super::Image;
use super::alpha::straight;

/// What an icon without a visible sample has: opaque black.
pub const BLACK: u32 = 0xff00_0000;

/// Samples that the stride aims at, and how many accepted pixels the second pass looks at.
const SAMPLES: usize = 20;
/// Alpha from which a pixel counts.
const ALPHA_MIN: u8 = 128;
/// Buckets of hue, one a degree.
const HUES: usize = 360;

/// A pixel that counts.
#[derive(Debug, Clone, Copy, Default)]
struct Sample {
    argb: u32,
    hue: usize,
    saturation: f32,
    value: f32,
}

impl Sample {
    fn score(&self) -> f32 {
        self.saturation * self.value
    }

    /// Colours that look alike share a key: 100 steps of saturation and 100 of value.
    fn key(&self) -> i32 {
        (self.saturation * 100.0) as i32 + (self.value * 10_000.0) as i32
    }
}

/// The dominant colour of premultiplied pixels as `0xaarrggbb`, always opaque.
///
/// ```
/// # use ferrule_icon_cache::pixels::{BLACK, Image, dominant_colour};
/// let orange = [255, 128, 0, 255].repeat(16);
/// assert_eq!(Image::new(4, 4, &orange).map(dominant_colour), Ok(0xffff_8000));
/// assert_eq!(Image::new(1, 1, &[0; 4]).map(dominant_colour), Ok(BLACK));
/// ```
pub fn dominant_colour(image: Image<'_>) -> u32 {
    let stride = stride(image.width(), image.height());
    let mut kept = [Sample::default(); SAMPLES];
    let mut accepted = 0;
    let mut scores = [0f32; HUES];
    let mut best = (-1f32, usize::MAX);
    for y in (0..image.height()).step_by(stride) {
        for x in (0..image.width()).step_by(stride) {
            let Some(sample) = image.pixel(x, y).and_then(sample) else { continue };
            let Some(score) = scores.get_mut(sample.hue) else { continue };
            if let Some(place) = kept.get_mut(accepted) {
                *place = sample;
                accepted += 1;
            }
            *score += sample.score();
            if *score > best.0 {
                best = (*score, sample.hue);
            }
        }
    }
    winner(kept.iter().take(accepted).filter(|sample| sample.hue == best.1))
}

/// Pixels from one sample to the next. Both the quotient and the root are cut to integers, as upstream's are.
fn stride(width: u32, height: u32) -> usize {
    let area = width as usize * height as usize;
    (((area / SAMPLES) as f64).sqrt() as usize).max(1)
}

/// A pixel's hue, saturation and value, in the platform's arithmetic; `None` for what is mostly transparent.
fn sample(pixel: [u8; 4]) -> Option<Sample> {
    let [red, green, blue, alpha] = straight(pixel);
    if alpha < ALPHA_MIN {
        return None;
    }
    let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
    let range = f32::from(most - least);
    let apart = |from: u8, to: u8| (f32::from(from) - f32::from(to)) / range;
    let hue = if most == least {
        0.0
    } else {
        let sixth = if red == most {
            apart(green, blue)
        } else if green == most {
            2.0 + apart(blue, red)
        } else {
            4.0 + apart(red, green)
        };
        let degrees = sixth * 60.0;
        if degrees < 0.0 { degrees + 360.0 } else { degrees }
    };
    Some(Sample {
        argb: u32::from_be_bytes([255, red, green, blue]),
        hue: hue as usize,
        saturation: if most == least { 0.0 } else { range / f32::from(most) },
        value: f32::from(most) / 255.0,
    })
}

/// The pixel that last raised the best bucket of like colours.
fn winner<'a>(samples: impl Iterator<Item = &'a Sample>) -> u32 {
    let mut totals = [(-1i32, 0f32); SAMPLES];
    let (mut best, mut colour) = (-1f32, BLACK);
    for sample in samples {
        let key = sample.key();
        // Keys are never negative, so the first free place is the first that no key has.
        let Some(total) = totals.iter_mut().find(|total| total.0 == key || total.0 < 0) else { continue };
        *total = (key, total.1 + sample.score());
        if total.1 > best {
            (best, colour) = (total.1, sample.argb);
        }
    }
    colour
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of single pixels, each of which is sampled.
    fn dominant(pixels: &[[u8; 4]]) -> u32 {
        dominant_colour(Image::new(pixels.len() as u32, 1, pixels.as_flattened()).expect("a picture"))
    }

    const RED: [u8; 4] = [255, 0, 0, 255];
    const BLUE: [u8; 4] = [0, 0, 255, 255];

    #[test]
    fn the_stride_is_cut_twice() {
        let rows = [((192, 192), 42), ((32, 32), 7), ((4, 4), 1), ((20, 1), 1), ((40, 2), 2), ((48, 48), 10)];
        for ((width, height), expected) in rows {
            assert_eq!(stride(width, height), expected, "{width}x{height}");
        }
    }

    #[test]
    fn the_first_of_equal_hues_wins_and_more_beats_it() {
        assert_eq!(dominant(&[RED, BLUE]), 0xffff_0000);
        assert_eq!(dominant(&[RED, BLUE, BLUE]), 0xff00_00ff);
    }

    #[test]
    fn half_transparent_counts_from_128_with_its_own_colour() {
        assert_eq!(dominant(&[[0, 0, 127, 127], [128, 0, 64, 128]]), 0xffff_0080);
        assert_eq!(dominant(&[[0, 0, 127, 127]]), BLACK);
    }

    #[test]
    fn grey_has_hue_and_saturation_zero_and_still_a_colour() {
        assert_eq!(dominant(&[[90, 90, 90, 255]]), 0xff5a_5a5a);
        assert_eq!(dominant(&[[90, 90, 90, 255], [90, 80, 80, 255]]), 0xff5a_5050);
    }

    #[test]
    fn of_like_colours_the_last_one_that_raises_the_bucket_wins() {
        assert_eq!(dominant(&[[255, 0, 0, 255], [255, 1, 0, 255]]), 0xffff_0100);
        assert_eq!(dominant(&[[200, 100, 0, 255], [200, 100, 0, 255], [200, 101, 1, 255]]), 0xffc8_6400);
    }

    #[test]
    fn keys_are_cut_so_that_saturation_and_value_can_make_up_for_each_other() {
        // 4000 + 19 and 3960 + 59; rounded, they would be two keys, and the strong one would win.
        let (pale, strong, together) = ([102, 82, 82, 255], [100, 30, 30, 255], [101, 41, 41, 255]);
        assert_eq!(dominant(&[pale, strong, together]), 0xff65_2929);
        assert_eq!(dominant(&[pale, strong]), 0xff64_1e1e);
    }

    #[test]
    fn only_the_first_twenty_pixels_can_win() {
        let mut pixels = vec![[10, 9, 9, 255]; 20];
        pixels.extend([BLUE; 19]);
        assert_eq!(stride(39, 1), 1);
        // Blue is the best hue, but none of the twenty kept pixels has it.
        assert_eq!(dominant(&pixels), BLACK);
    }
}
