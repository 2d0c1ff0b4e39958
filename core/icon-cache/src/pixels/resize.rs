//! Pictures at another size, through `fast_image_resize`, which picks the processor's vector instructions at run time.
//!
//! Not here: when to resize. AOSP draws icons anew at each size; this is for pictures whose drawable is gone (an imported
//! icon, a session's icon) and for previews. The result is not that of Skia's scaler bit by bit.

use fast_image_resize::images::{Image as Target, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::image::{PIXEL_BYTES, expect_len, rgba_len};
use super::{Image, PictureError};

/// How pixels are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Linear between neighbours, over the whole area that shrinks into a pixel.
    Linear,
    /// Lanczos with three lobes: sharper, twice the time.
    Sharp,
}

/// Resizes pictures; keeps its buffers from one to the next.
#[derive(Default)]
pub struct Scaler {
    resizer: Resizer,
}

impl Scaler {
    /// A scaler.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a premultiplied picture at `width` x `height` into `out`. At its own size it is copied.
    ///
    /// # Errors
    /// When a side is out of range, or `out` does not have the picture's length. `out` is untouched then.
    pub fn resize(
        &mut self,
        image: Image<'_>,
        (width, height): (u32, u32),
        quality: Quality,
        out: &mut [u8],
    ) -> Result<(), PictureError> {
        expect_len(out.len(), rgba_len(width, height)?)?;
        if (image.width(), image.height()) == (width, height) {
            out.copy_from_slice(image.bytes());
            return Ok(());
        }
        let filter = match quality {
            Quality::Linear => FilterType::Bilinear,
            Quality::Sharp => FilterType::Lanczos3,
        };
        // Already premultiplied: the crate must not multiply again.
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(false);
        let mismatch = PictureError::Size { width, height };
        let source = ImageRef::new(image.width(), image.height(), image.bytes(), PixelType::U8x4);
        let source = source.map_err(|_| mismatch.clone())?;
        let target = Target::from_slice_u8(width, height, out, PixelType::U8x4);
        let mut target = target.map_err(|_| mismatch.clone())?;
        self.resizer.resize(&source, &mut target, &options).map_err(|_| mismatch)?;
        drop(target);
        keep_premultiplied(out, quality);
        Ok(())
    }
}

/// Lanczos overshoots at edges, each channel on its own; a colour above its alpha would shine.
fn keep_premultiplied(pixels: &mut [u8], quality: Quality) {
    if quality == Quality::Linear {
        return;
    }
    for [red, green, blue, alpha] in pixels.as_chunks_mut::<PIXEL_BYTES>().0 {
        *red = (*red).min(*alpha);
        *green = (*green).min(*alpha);
        *blue = (*blue).min(*alpha);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resized(image: Image<'_>, size: (u32, u32), quality: Quality) -> Vec<u8> {
        let mut out = vec![7; (size.0 * size.1 * 4) as usize];
        Scaler::new().resize(image, size, quality, &mut out).expect("sizes fit");
        out
    }

    #[test]
    fn one_colour_stays_one_colour_at_every_size() {
        let plain = [30, 20, 10, 200].repeat(64);
        let image = Image::new(8, 8, &plain).expect("a picture");
        for size in [(8, 8), (3, 5), (1, 1), (20, 9)] {
            for quality in [Quality::Linear, Quality::Sharp] {
                let out = resized(image, size, quality);
                assert!(
                    out.as_chunks().0.iter().all(|pixel| *pixel == [30, 20, 10, 200]),
                    "{size:?} {quality:?}"
                );
            }
        }
    }

    #[test]
    fn half_the_size_is_the_mean_within_the_filter() {
        let stripes = [[255, 255, 255, 255], [0, 0, 0, 0]].concat().repeat(32);
        let out = resized(Image::new(8, 8, &stripes).expect("a picture"), (4, 4), Quality::Linear);
        assert!(out.iter().all(|value| (105..=150).contains(value)), "{out:?}");
    }

    #[test]
    fn no_colour_exceeds_its_alpha() {
        let mut checker = Vec::new();
        for at in 0..256u32 {
            checker.extend(if (at / 16 + at) % 3 == 0 { [0, 250, 3, 250] } else { [90, 0, 90, 90] });
        }
        let image = Image::new(16, 16, &checker).expect("a picture");
        for size in [(5, 5), (40, 40), (16, 3)] {
            for quality in [Quality::Linear, Quality::Sharp] {
                let out = resized(image, size, quality);
                assert!(
                    out.as_chunks()
                        .0
                        .iter()
                        .all(|[red, green, blue, alpha]| red.max(green).max(blue) <= alpha)
                );
            }
        }
    }
}
