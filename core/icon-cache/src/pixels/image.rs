//! A checked view of a pixel buffer.
//!
//! Invariants: sides are 1 to [`SIDE_MAX`], and the buffer has exactly width x height pixels of four bytes. What the
//! bytes mean (premultiplied or not) is said by each function that takes one.

use super::PictureError;

/// The longest side of a picture, in pixels.
pub const SIDE_MAX: u32 = 4096;

/// Bytes of a pixel: red, green, blue, alpha.
pub const PIXEL_BYTES: usize = 4;

/// A view of pixels, in rows without gaps.
///
/// ```
/// # use ferrule_icon_cache::pixels::Image;
/// let red = [255, 0, 0, 255];
/// assert_eq!(Image::new(1, 1, &red).map(|image| image.width()), Ok(1));
/// assert_eq!(Image::new(2, 1, &red).map_err(|error| error.code()), Err("IC_PICTURE_BUFFER"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image<'a> {
    width: u32,
    height: u32,
    pixels: &'a [u8],
}

impl<'a> Image<'a> {
    /// A view of `width` x `height` pixels.
    ///
    /// # Errors
    /// When a side is out of range, or the buffer has another length.
    pub fn new(width: u32, height: u32, pixels: &'a [u8]) -> Result<Self, PictureError> {
        expect_len(pixels.len(), rgba_len(width, height)?)?;
        Ok(Self { width, height, pixels })
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes.
    pub fn bytes(&self) -> &'a [u8] {
        self.pixels
    }

    /// The pixels in row order.
    pub fn pixels(&self) -> impl ExactSizeIterator<Item = [u8; PIXEL_BYTES]> + 'a {
        self.pixels.as_chunks().0.iter().copied()
    }

    /// One pixel; `None` outside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; PIXEL_BYTES]> {
        if x >= self.width {
            return None;
        }
        let at = y as usize * self.width as usize + x as usize;
        self.pixels.as_chunks().0.get(at).copied()
    }
}

/// Bytes of a picture of four bytes a pixel.
///
/// # Errors
/// When a side is out of range.
pub fn rgba_len(width: u32, height: u32) -> Result<usize, PictureError> {
    Ok(alpha_len(width, height)? * PIXEL_BYTES)
}

/// Bytes of a picture of one byte a pixel.
///
/// # Errors
/// When a side is out of range.
pub fn alpha_len(width: u32, height: u32) -> Result<usize, PictureError> {
    let side = 1..=SIDE_MAX;
    if !side.contains(&width) || !side.contains(&height) {
        return Err(PictureError::Size { width, height });
    }
    Ok(width as usize * height as usize)
}

/// That a buffer has the length of its picture.
pub(crate) fn expect_len(found: usize, expected: usize) -> Result<(), PictureError> {
    if found == expected { Ok(()) } else { Err(PictureError::Buffer { expected, found }) }
}
