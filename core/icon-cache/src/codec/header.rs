//! The header of a stored picture: what it is, how large, and the checksum of all of it.
//!
//! Little-endian, 20 bytes: magic `FRIC`, format, form, width, height (16 bits each), two bytes 0, the length of the
//! content before a second stage (32 bits), CRC32C of everything else (32 bits). The content follows to the end of the bytes.
//!
//! Invariant: one changed bit, or up to 32 neighbouring ones, anywhere in header or content, are always noticed.

use crate::pixels::PictureError;
use crate::pixels::image::{alpha_len, rgba_len};

/// First bytes of every stored picture.
const MAGIC: [u8; 4] = *b"FRIC";
/// The highest format that is written here; it and every lower one are read.
pub(super) const FORMAT: u8 = 2;
/// Bytes of a header.
pub(super) const HEADER_BYTES: usize = 20;
/// Bytes of a header before its checksum.
const CHECKED: usize = 16;

/// What a picture's bytes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Four bytes a pixel: red, green, blue, alpha, premultiplied.
    Rgba,
    /// One byte a pixel: alpha, as themed icons have.
    Alpha,
}

/// How the content gives the picture's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A QOI file, then LZ4. Read, no longer written.
    Qoi,
    /// The bytes of alpha, then LZ4.
    Alpha,
    /// Runs and colours.
    Runs,
}

impl Form {
    /// The format, as low as can be so that an older reader knows the picture, and the number.
    fn written(self) -> [u8; 2] {
        match self {
            Self::Qoi => [1, 1],
            Self::Alpha => [1, 2],
            Self::Runs => [2, 3],
        }
    }

    fn of(format: u8, number: u8) -> Option<Self> {
        [Self::Qoi, Self::Alpha, Self::Runs].into_iter().find(|form| {
            let [since, known] = form.written();
            format >= since && number == known
        })
    }

    /// What the picture's bytes mean.
    pub(super) fn layout(self) -> Layout {
        match self {
            Self::Qoi | Self::Runs => Layout::Rgba,
            Self::Alpha => Layout::Alpha,
        }
    }
}

/// What a stored picture says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What its bytes mean.
    pub layout: Layout,
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// How its content gives them.
    pub(super) form: Form,
    /// Bytes of the content before a second stage.
    pub(super) staged: usize,
}

impl Header {
    /// The header of a stored picture, after its checksum was found right.
    ///
    /// # Errors
    /// When the bytes are no stored picture, a later one, or damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        Ok(split(bytes)?.0)
    }

    /// Bytes of the decoded picture.
    ///
    /// # Errors
    /// When a side is out of range.
    pub fn decoded_len(&self) -> Result<usize, PictureError> {
        match self.layout {
            Layout::Rgba => rgba_len(self.width, self.height),
            Layout::Alpha => alpha_len(self.width, self.height),
        }
    }

    /// Writes the header before `content`, which already stands behind [`HEADER_BYTES`] in `bytes`.
    pub(super) fn seal(&self, bytes: &mut [u8]) {
        let Some((header, content)) = bytes.split_first_chunk_mut::<HEADER_BYTES>() else { return };
        let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX).to_le_bytes();
        let staged = u32::try_from(self.staged).unwrap_or(u32::MAX).to_le_bytes();
        let mut fields = Vec::with_capacity(HEADER_BYTES);
        fields.extend(MAGIC);
        fields.extend(self.form.written());
        fields.extend(side(self.width));
        fields.extend(side(self.height));
        fields.extend([0, 0]);
        fields.extend(staged);
        let sum = crc32c::crc32c_append(crc32c::crc32c(&fields), content);
        fields.extend(sum.to_le_bytes());
        for (to, byte) in header.iter_mut().zip(fields) {
            *to = byte;
        }
    }
}

/// Header and content of a stored picture whose checksum is right.
pub(super) fn split(bytes: &[u8]) -> Result<(Header, &[u8]), PictureError> {
    let (header, content) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(PictureError::Foreign)?;
    let [m0, m1, m2, m3, format, form, w0, w1, h0, h1, z0, z1, s0, s1, s2, s3, sum @ ..] = *header;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(PictureError::Foreign);
    }
    if format > FORMAT {
        return Err(PictureError::TooNew { format, known: FORMAT });
    }
    let checked = header.get(..CHECKED).unwrap_or_default();
    if crc32c::crc32c_append(crc32c::crc32c(checked), content) != u32::from_le_bytes(sum) {
        return Err(PictureError::Damaged("the checksum does not fit"));
    }
    let form = Form::of(format, form).ok_or(PictureError::Damaged("no known form"))?;
    if [z0, z1] != [0, 0] {
        return Err(PictureError::Damaged("fields that are not written"));
    }
    let header = Header {
        layout: form.layout(),
        form,
        width: u32::from(u16::from_le_bytes([w0, w1])),
        height: u32::from(u16::from_le_bytes([h0, h1])),
        staged: u32::from_le_bytes([s0, s1, s2, s3]) as usize,
    };
    header.decoded_len()?;
    Ok((header, content))
}
