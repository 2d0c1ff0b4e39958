//! An old icon made into the layers of an adaptive one: a plain ground, the icon small in its middle.
//!
//! What it gives is the flattened bitmap of the whole layer, of which the icon's view is the inner two thirds. It can be
//! handed to [`super::monochrome`] at once. Scaling is not Skia's, so pixels agree with a phone's within a tolerance.
//!
//! Not here: whether an icon is to be wrapped, and the mask.

use super::compose::lay_over;
use super::geometry::wrapped;
use super::image::{PIXEL_BYTES, expect_len, rgba_len};
use super::resize::{Quality, Scaler};
use super::{Image, PictureError, normalise};

/// Draws an old icon, premultiplied, on a layer of `side` x `side` pixels of one opaque `ground` (`0xrrggbb`) into `out`.
/// `has_mask_shape`: the icon already has the shape of the mask and fills more of the layer.
///
/// # Errors
/// When `side` is out of range, or `out` does not have the layer's length. `out` is untouched then.
pub fn wrap(
    scaler: &mut Scaler,
    icon: Image<'_>,
    side: u32,
    ground: u32,
    has_mask_shape: bool,
    out: &mut [u8],
) -> Result<(), PictureError> {
    expect_len(out.len(), rgba_len(side, side)?)?;
    let scale = normalise(icon).scale;
    let place = wrapped(side, icon.width(), icon.height(), scale, has_mask_shape);
    let (width, height) = (place.width().max(1), place.height().max(1));
    let mut small = vec![0; rgba_len(width, height)?];
    scaler.resize(icon, (width, height), Quality::Linear, &mut small)?;
    let [_, red, green, blue] = ground.to_be_bytes();
    out.as_chunks_mut().0.fill([red, green, blue, 255]);
    let row_bytes = width as usize * PIXEL_BYTES;
    let rows = out.chunks_exact_mut(side as usize * PIXEL_BYTES).skip(place.top as usize);
    for (row, small) in rows.zip(small.chunks_exact(row_bytes)) {
        let start = place.left as usize * PIXEL_BYTES;
        if let Some(under) = row.get_mut(start..start + row_bytes) {
            lay_over(under, Image::new(width, 1, small)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_lies_in_the_middle_of_its_ground() {
        let red = [255, 0, 0, 255].repeat(48 * 48);
        let icon = Image::new(48, 48, &red).expect("a picture");
        let mut out = vec![0; 64 * 64 * 4];
        wrap(&mut Scaler::new(), icon, 64, 0x00ff_ffff, false, &mut out).expect("sizes fit");
        let image = Image::new(64, 64, &out).expect("a picture");
        let place = wrapped(64, 48, 48, normalise(icon).scale, false);
        for y in 0..64 {
            for x in 0..64 {
                let inside = (place.left..place.right).contains(&x) && (place.top..place.bottom).contains(&y);
                let expected = if inside { [255, 0, 0, 255] } else { [255; 4] };
                assert_eq!(image.pixel(x, y), Some(expected), "{x},{y}");
            }
        }
    }

    #[test]
    fn the_smallest_layers_hold() {
        let dot = [1, 2, 3, 4];
        let icon = Image::new(1, 1, &dot).expect("a picture");
        for side in 1..5 {
            let mut out = vec![0; (side * side * 4) as usize];
            for shaped in [false, true] {
                wrap(&mut Scaler::new(), icon, side, 0, shaped, &mut out).expect("sizes fit");
                assert!(out.as_chunks().0.iter().all(|[.., alpha]: &[u8; 4]| *alpha == 255));
            }
        }
    }
}
