//! Pixels to stored bytes and back: colour as runs, alpha as LZ4 (`docs/adr/0010-icons-as-runs.md`); what format 1 had for
//! colour, QOI and then LZ4, is read.
//!
//! Invariants: every buffer of pixels comes back bit by bit, premultiplied or not; a failed decode leaves zeros in the
//! caller's buffer, never parts of a picture; what is kept between pictures is at most a small multiple of the largest.

use lz4_flex::block::{compress_into, decompress_into, get_maximum_output_size};

use super::header::{Form, HEADER_BYTES, Header, Layout, split};
use super::{operations, runs};
use crate::pixels::image::{alpha_len, expect_len};
use crate::pixels::{Image, PictureError};

/// Encodes and decodes; keeps its buffers from one picture to the next, so that nothing is allocated once they have their
/// size.
#[derive(Debug, Default)]
pub struct Codec {
    encoder: runs::Encoder,
    decoder: runs::Decoder,
    /// Between the stages of format 1.
    staged: Vec<u8>,
}

impl Codec {
    /// A codec with no buffer yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces `out` by the stored form of a picture.
    ///
    /// ```
    /// # use ferrule_icon_cache::{codec::Codec, pixels::Image};
    /// # fn main() -> Result<(), ferrule_icon_cache::pixels::PictureError> {
    /// let pixels = [200, 100, 50, 255].repeat(48 * 48);
    /// let (mut codec, mut stored) = (Codec::new(), Vec::new());
    /// codec.encode(Image::new(48, 48, &pixels)?, &mut stored)?;
    /// let mut buffer = vec![0; 48 * 48 * 4];
    /// assert_eq!(codec.decode_into(&stored, &mut buffer)?.width, 48);
    /// assert_eq!(buffer, pixels);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// None for an [`Image`]; the type stays for a form that can name one.
    pub fn encode(&mut self, image: Image<'_>, out: &mut Vec<u8>) -> Result<(), PictureError> {
        out.clear();
        let (width, height) = (image.width(), image.height());
        out.resize(HEADER_BYTES, 0);
        self.encoder.encode(image.bytes(), width as usize, out);
        let staged = out.len().saturating_sub(HEADER_BYTES);
        Header { layout: Layout::Rgba, form: Form::Runs, width, height, staged }.seal(out);
        Ok(())
    }

    /// Replaces `out` by the stored form of `width` x `height` bytes of alpha.
    ///
    /// # Errors
    /// When a side is out of range, or the buffer has another length. `out` is empty then.
    pub fn encode_alpha(
        &mut self,
        (width, height): (u32, u32),
        alpha: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), PictureError> {
        out.clear();
        expect_len(alpha.len(), alpha_len(width, height)?)?;
        let header = Header { layout: Layout::Alpha, form: Form::Alpha, width, height, staged: alpha.len() };
        pack(alpha, header, out)
    }

    /// Writes a stored picture into the caller's buffer and answers what it is.
    ///
    /// # Errors
    /// When the bytes are not whole, or the buffer does not have the picture's length ([`Header::read`] tells it). The
    /// buffer is untouched when checksum or length do not fit, otherwise zero; it never holds parts of a picture.
    pub fn decode_into(&mut self, stored: &[u8], out: &mut [u8]) -> Result<Header, PictureError> {
        let (header, content) = split(stored)?;
        self.decode_content(header, content, out)
    }

    /// The same for a picture of which layout and sides are known. One of others is an error, and the buffer untouched.
    ///
    /// # Errors
    /// As [`Codec::decode_into`].
    pub fn decode_known(
        &mut self,
        (layout, sides): (Layout, (u32, u32)),
        stored: &[u8],
        out: &mut [u8],
    ) -> Result<(), PictureError> {
        let (header, content) = split(stored)?;
        if (header.layout, (header.width, header.height)) != (layout, sides) {
            return Err(PictureError::Damaged("another picture than is known"));
        }
        self.decode_content(header, content, out).map(drop)
    }

    fn decode_content(
        &mut self,
        header: Header,
        content: &[u8],
        out: &mut [u8],
    ) -> Result<Header, PictureError> {
        expect_len(out.len(), header.decoded_len()?)?;
        let whole = match header.form {
            Form::Runs => {
                header.staged == content.len() && self.decoder.decode(content, header.width as usize, out)
            }
            Form::Qoi => self.decode_qoi(&header, content, out),
            Form::Alpha => {
                header.staged == out.len()
                    && decompress_into(content, out).is_ok_and(|written| written == out.len())
            }
        };
        if whole {
            return Ok(header);
        }
        out.fill(0);
        Err(PictureError::Damaged("the content does not fit its header"))
    }

    /// Whether the content was a picture of the header's size.
    fn decode_qoi(&mut self, header: &Header, content: &[u8], out: &mut [u8]) -> bool {
        if header.staged > operations::file_bytes_max(out.len()) {
            return false;
        }
        if self.staged.len() < header.staged {
            self.staged.resize(header.staged, 0);
        }
        let Some(staged) = self.staged.get_mut(..header.staged) else { return false };
        decompress_into(content, staged).is_ok_and(|written| written == header.staged)
            && operations::decode_file(staged, (header.width, header.height), out)
    }
}

/// The second stage, and the header before it.
fn pack(content: &[u8], header: Header, out: &mut Vec<u8>) -> Result<(), PictureError> {
    out.resize(HEADER_BYTES + get_maximum_output_size(content.len()), 0);
    let room = out.get_mut(HEADER_BYTES..).unwrap_or_default();
    match compress_into(content, room) {
        Ok(written) => {
            out.truncate(HEADER_BYTES + written);
            header.seal(out);
            Ok(())
        }
        Err(_) => {
            out.clear();
            Err(PictureError::Damaged("the second stage has no room"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_between_the_stages_grows_with_the_picture_and_with_nothing_else() {
        for staged in [103, 104, 1 << 20, 1 << 31, u32::MAX as usize] {
            let header = Header { layout: Layout::Rgba, form: Form::Qoi, width: 4, height: 4, staged };
            let mut stored = Vec::new();
            pack(&[0; 4000], header, &mut stored).expect("there is room");
            let mut codec = Codec::new();
            assert!(codec.decode_into(&stored, &mut [0; 64]).is_err());
            assert!(codec.staged.capacity() <= 4 * 4 * 5 + 22, "{staged}: {}", codec.staged.capacity());
        }
    }
}
