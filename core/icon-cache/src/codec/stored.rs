//! Pixels to stored bytes and back: QOI, then LZ4 (`docs/adr/0009-icon-codec.md`); alpha is LZ4 alone.
//!
//! Invariants: every buffer of pixels comes back bit by bit, premultiplied or not; a failed decode leaves zeros in the
//! caller's buffer, never parts of a picture; the buffer between the stages is at most 5/4 of the picture and 22 bytes.

use lz4_flex::block::{compress_into, decompress_into, get_maximum_output_size};

use super::header::{HEADER_BYTES, Header, Layout, split};
use super::operations;
use crate::pixels::image::{alpha_len, expect_len};
use crate::pixels::{Image, PictureError};

/// Bytes of the header of the first stage.
const QOI_HEADER_BYTES: usize = 14;

/// Encodes and decodes; keeps the buffer between the stages from one picture to the next, so that nothing is allocated
/// once it has its size.
#[derive(Debug, Default)]
pub struct Codec {
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
    /// None for an [`Image`]; the type stays because the stages beneath can name one. `out` is empty then.
    pub fn encode(&mut self, image: Image<'_>, out: &mut Vec<u8>) -> Result<(), PictureError> {
        out.clear();
        let (width, height) = (image.width(), image.height());
        self.staged.resize(qoi::encode_max_len(width, height, qoi::Channels::Rgba), 0);
        let staged = qoi::encode_to_buf(&mut self.staged, image.bytes(), width, height)
            .map_err(|_| PictureError::Size { width, height })?;
        let content = self.staged.get(..staged).unwrap_or_default();
        pack(content, Header { layout: Layout::Rgba, width, height, staged }, out)
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
        pack(alpha, Header { layout: Layout::Alpha, width, height, staged: alpha.len() }, out)
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
        let whole = match header.layout {
            Layout::Rgba => self.decode_rgba(&header, content, out),
            Layout::Alpha => decompress_into(content, out).is_ok_and(|written| written == out.len()),
        };
        if whole && (header.layout == Layout::Rgba || header.staged == out.len()) {
            return Ok(header);
        }
        out.fill(0);
        Err(PictureError::Damaged("the content does not fit its header"))
    }

    /// Whether the content was a picture of the header's size.
    fn decode_rgba(&mut self, header: &Header, content: &[u8], out: &mut [u8]) -> bool {
        if header.staged > qoi::encode_max_len(header.width, header.height, qoi::Channels::Rgba) {
            return false;
        }
        if self.staged.len() < header.staged {
            self.staged.resize(header.staged, 0);
        }
        let Some(staged) = self.staged.get_mut(..header.staged) else { return false };
        if !decompress_into(content, staged).is_ok_and(|written| written == header.staged) {
            return false;
        }
        let sizes = qoi::decode_header(&*staged);
        let fits = |inner: qoi::Header| {
            (inner.width, inner.height, inner.channels) == (header.width, header.height, qoi::Channels::Rgba)
        };
        let content = staged.get(QOI_HEADER_BYTES..).unwrap_or_default();
        sizes.is_ok_and(fits) && operations::decode(content, out)
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
            let header = Header { layout: Layout::Rgba, width: 4, height: 4, staged };
            let mut stored = Vec::new();
            pack(&[0; 4000], header, &mut stored).expect("there is room");
            let mut codec = Codec::new();
            assert!(codec.decode_into(&stored, &mut [0; 64]).is_err());
            assert!(codec.staged.capacity() <= 4 * 4 * 5 + 22, "{staged}: {}", codec.staged.capacity());
        }
    }
}
