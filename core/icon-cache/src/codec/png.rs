//! PNG, as a legacy cache keeps its icons and as files hold them, to premultiplied pixels and back.
//!
//! What it is: the `png` crate with every check switched on. A file that is cut, has a wrong checksum in any chunk, or
//! does not end with its end chunk is an error: the platform's decoder shows the part that is there, and a cache then
//! keeps half an icon (K7). What comes after the end chunk is no part of it. What it is not: a colour manager; profiles and gamma are not applied, as the platform does not
//! apply them to icons in its own space.
//!
//! Invariants: no partial picture; at most [`SIDE_MAX`] a side, looked at before anything is allocated for it.

use std::io::Cursor;

use png::{BitDepth, ColorType, DecodeOptions, Decoder, Encoder, Limits, Transformations};

use crate::pixels::alpha::{premultiply, unpremultiply};
use crate::pixels::image::rgba_len;
use crate::pixels::{Image, PictureError, SIDE_MAX};

/// A decoded PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Premultiplied pixels.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// A view of it.
    ///
    /// # Errors
    /// When the public fields were changed to ones that do not fit each other.
    pub fn image(&self) -> Result<Image<'_>, PictureError> {
        Image::new(self.width, self.height, &self.pixels)
    }
}

/// Decodes a whole PNG of any colour type to premultiplied pixels; 16 bits are cut to 8.
///
/// # Errors
/// When it is no PNG, not a whole one, or a side is longer than [`SIDE_MAX`].
pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    decode_within(bytes, SIDE_MAX)
}

/// As [`decode`], for pictures of at most `side_max` pixels a side: a row of a damaged cache then cannot ask for the
/// memory of a wallpaper.
///
/// # Errors
/// When it is no PNG, not a whole one, or a side is too long.
pub fn decode_within(bytes: &[u8], side_max: u32) -> Result<Picture, PictureError> {
    let mut options = DecodeOptions::default();
    options.set_ignore_checksums(false);
    // A damaged tRNS would otherwise be left out, and the picture opaque.
    options.set_skip_ancillary_crc_failures(false);
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16 | Transformations::ALPHA);
    decoder.set_limits(Limits { bytes: rgba_len(SIDE_MAX, SIDE_MAX)? });
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = (reader.info().width, reader.info().height);
    if width.max(height) > side_max {
        return Err(PictureError::Size { width, height });
    }
    if reader.info().palette.as_deref().is_some_and(|palette| !is_palette(palette)) {
        return Err(PictureError::Png("its palette is no list of colours".to_owned()));
    }
    let len = rgba_len(width, height)?;
    let raw_len = reader.output_buffer_size().ok_or(PictureError::Size { width, height })?;
    let mut raw = vec![0; raw_len.min(len)];
    let frame = reader.next_frame(&mut raw).map_err(damaged)?;
    if (frame.width, frame.height, frame.bit_depth) != (width, height, BitDepth::Eight) {
        return Err(PictureError::Png("the first frame is not the picture".to_owned()));
    }
    reader.finish().map_err(damaged)?;
    let mut pixels = match frame.color_type {
        ColorType::Rgba => raw,
        ColorType::GrayscaleAlpha => {
            raw.as_chunks().0.iter().flat_map(|[grey, alpha]| [*grey, *grey, *grey, *alpha]).collect()
        }
        other => return Err(PictureError::Png(format!("colours {other:?} after expanding"))),
    };
    premultiply(&mut pixels);
    Ok(Picture { width, height, pixels })
}

/// Whether a palette is 1 to 256 whole colours. The crate (0.18.1) reads beyond the end of any other; found by fuzzing.
fn is_palette(bytes: &[u8]) -> bool {
    bytes.len().is_multiple_of(3) && (3..=768).contains(&bytes.len())
}

/// Encodes premultiplied pixels as a PNG.
///
/// # Errors
/// When the encoder fails, which it does not when it writes to memory.
pub fn encode(image: Image<'_>) -> Result<Vec<u8>, PictureError> {
    let mut straight = image.bytes().to_vec();
    unpremultiply(&mut straight);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, image.width(), image.height());
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let failed = |error: png::EncodingError| PictureError::Png(error.to_string());
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&straight).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

fn damaged(error: png::DecodingError) -> PictureError {
    match error {
        png::DecodingError::LimitsExceeded => PictureError::Size { width: u32::MAX, height: u32::MAX },
        png::DecodingError::IoError(_) => PictureError::Png("it ends too early".to_owned()),
        other => PictureError::Png(other.to_string()),
    }
}
