//! Layers laid over each other, and the shape of the icon cut out. Rasterised layers only; nothing is drawn here.
//!
//! All pictures are premultiplied. Products are rounded to the nearest integer; the platform's own blending may differ
//! from that by one step of 255.

use super::image::{PIXEL_BYTES, expect_len};
use super::{Image, PictureError};

/// Lays `over` on `under`, in place (source-over).
///
/// # Errors
/// When the buffer has another length than `over`. Nothing is written then.
pub fn lay_over(under: &mut [u8], over: Image<'_>) -> Result<(), PictureError> {
    expect_len(under.len(), over.bytes().len())?;
    for (below, above) in under.as_chunks_mut::<PIXEL_BYTES>().0.iter_mut().zip(over.pixels()) {
        let [.., alpha] = above;
        let rest = u16::from(255 - alpha);
        for (below, above) in below.iter_mut().zip(above) {
            // A picture that is not premultiplied must not wrap round.
            *below = above.saturating_add(product(*below, rest));
        }
    }
    Ok(())
}

/// Cuts a shape out of a picture, in place: each pixel is multiplied by the mask's coverage, one byte a pixel.
///
/// # Errors
/// When mask and picture do not have equally many pixels. Nothing is written then.
pub fn cut_out(picture: &mut [u8], mask: &[u8]) -> Result<(), PictureError> {
    expect_len(picture.len(), mask.len() * PIXEL_BYTES)?;
    for (pixel, coverage) in picture.as_chunks_mut::<PIXEL_BYTES>().0.iter_mut().zip(mask) {
        let by = u16::from(*coverage);
        *pixel = pixel.map(|value| product(value, by));
    }
    Ok(())
}

/// An adaptive icon from its rasterised layers: the background, the foreground over it, the mask's shape of both.
///
/// # Errors
/// When sizes differ. `out` is untouched then.
pub fn adaptive(
    background: Image<'_>,
    foreground: Image<'_>,
    mask: &[u8],
    out: &mut [u8],
) -> Result<(), PictureError> {
    let expected = background.bytes().len();
    expect_len(foreground.bytes().len(), expected)?;
    expect_len(mask.len() * PIXEL_BYTES, expected)?;
    expect_len(out.len(), expected)?;
    out.copy_from_slice(background.bytes());
    lay_over(out, foreground)?;
    cut_out(out, mask)
}

/// `value * by / 255` to the nearest integer.
#[inline]
fn product(value: u8, by: u16) -> u8 {
    let product = u16::from(value) * by + 128;
    ((product + (product >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_covers_and_transparent_leaves() {
        let mut under = [10, 20, 30, 40, 10, 20, 30, 40, 255, 255, 255, 255];
        let over = [1, 2, 3, 255, 0, 0, 0, 0, 64, 0, 0, 128];
        lay_over(&mut under, Image::new(3, 1, &over).expect("a picture")).expect("equal sizes");
        assert_eq!(under, [1, 2, 3, 255, 10, 20, 30, 40, 191, 127, 127, 255]);
    }

    #[test]
    fn the_mask_scales_colour_and_alpha() {
        let layer = [200, 100, 50, 255].repeat(3);
        let clear = [0; 12];
        let mut out = [9; 12];
        let (back, fore) = (Image::new(3, 1, &layer).expect("fits"), Image::new(3, 1, &clear).expect("fits"));
        adaptive(back, fore, &[0, 128, 255], &mut out).expect("equal sizes");
        assert_eq!(out, [0, 0, 0, 0, 100, 50, 25, 128, 200, 100, 50, 255]);
    }

    #[test]
    fn unequal_sizes_are_refused_and_nothing_written() {
        let layer = [200; 8];
        let image = Image::new(2, 1, &layer).expect("fits");
        let mut out = [9; 8];
        let refused = adaptive(image, image, &[0], &mut out).map_err(|error| error.code());
        assert_eq!((refused, out), (Err("IC_PICTURE_BUFFER"), [9; 8]));
        assert!(lay_over(&mut out[..4], image).is_err());
    }
}
