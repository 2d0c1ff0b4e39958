//! What can be wrong with a picture, once for kernels, codec and PNG.
//!
//! Not here: what becomes of the icon. For the cache each of these is a miss of that row; a caller's wrong buffer is a
//! mistake of the caller and nothing is written to it.

use thiserror::Error;

/// Why there is no picture. No error leaves pixels of another picture, or parts of one, in the caller's buffer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PictureError {
    /// A side is zero or longer than [`crate::pixels::SIDE_MAX`].
    #[error("IC_PICTURE_SIZE: {width}x{height} is no size of a picture; sides are 1 to 4096")]
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The caller's buffer does not have the picture's length.
    #[error("IC_PICTURE_BUFFER: the buffer has {found} bytes where the picture has {expected}")]
    Buffer {
        /// Bytes that the picture has.
        expected: usize,
        /// Bytes of the buffer.
        found: usize,
    },
    /// The bytes are none that the codec writes.
    #[error("IC_PICTURE_FOREIGN: not a stored picture")]
    Foreign,
    /// A later Ferrule wrote them.
    #[error("IC_PICTURE_TOO_NEW: stored in format {format}, this version reads up to {known}")]
    TooNew {
        /// The format that the bytes name.
        format: u8,
        /// The highest format known here.
        known: u8,
    },
    /// Header or content are not what was written.
    #[error("IC_PICTURE_DAMAGED: {0}")]
    Damaged(&'static str),
    /// The bytes are no whole PNG.
    #[error("IC_PNG_DAMAGED: {0}")]
    Png(String),
}

impl PictureError {
    /// The stable code, see `docs/codes.md`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Size { .. } => "IC_PICTURE_SIZE",
            Self::Buffer { .. } => "IC_PICTURE_BUFFER",
            Self::Foreign => "IC_PICTURE_FOREIGN",
            Self::TooNew { .. } => "IC_PICTURE_TOO_NEW",
            Self::Damaged(_) => "IC_PICTURE_DAMAGED",
            Self::Png(_) => "IC_PNG_DAMAGED",
        }
    }
}
