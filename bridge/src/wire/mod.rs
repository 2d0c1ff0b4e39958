//! The packed forms in which start-up and bulk cross to Kotlin and back: `docs/formats/os-packed.md`, `model-packed.md`,
//! `icons-packed.md`.
//!
//! What it is: encoding and decoding of bytes, little endian, in memory of our own. What it is not: it decides nothing
//! and touches no buffer of the caller (`jni::buffers` copies).
//!
//! Invariants: no input panics or makes a decoder allocate more than a small multiple of the bytes it got; a format
//! above ours is refused by its number; a longer header of our format is read as far as we know it.

pub mod answer;
pub mod icons;
pub mod keys;
pub mod model;
mod reader;
pub mod request;
mod sections;

use reader::Reader;

/// The format number that this library writes and reads.
pub const FORMAT: u16 = 1;

/// Why bytes are no request, runtime block or answer of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The bytes end before what they announce.
    #[error("the packed bytes end at {at} inside a value")]
    Truncated {
        /// Offset of the value.
        at: usize,
    },
    /// The first four bytes are not the magic of this kind.
    #[error("the packed bytes do not start with {expected}")]
    Magic {
        /// The magic that belongs there, in ASCII.
        expected: &'static str,
    },
    /// A newer format than ours.
    #[error("packed format {found} is not known here, the newest known one is {FORMAT}")]
    TooNew {
        /// The format number found.
        found: u16,
    },
    /// A value outside its range.
    #[error("the packed value at {at} is out of range: {what}")]
    Range {
        /// Offset of the value.
        at: usize,
        /// Which value.
        what: &'static str,
    },
    /// The announced length is not the length of the bytes.
    #[error("the packed bytes announce {announced} bytes and have {found}")]
    Length {
        /// What the header says.
        announced: usize,
        /// What is there.
        found: usize,
    },
}

impl WireError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooNew { .. } => "FFI_FORMAT_TOO_NEW",
            Self::Truncated { .. } | Self::Magic { .. } | Self::Range { .. } | Self::Length { .. } => {
                "FFI_PACKED_MALFORMED"
            }
        }
    }
}

/// Reads magic, format, header length and total length; the reader stands behind them afterwards.
///
/// Answers the header length, which is at least `header_bytes_min`.
fn open(reader: &mut Reader<'_>, magic: &'static str, header_bytes_min: usize) -> Result<usize, WireError> {
    if reader.take(4)? != magic.as_bytes() {
        return Err(WireError::Magic { expected: magic });
    }
    let format = reader.u16()?;
    if format == 0 || format > FORMAT {
        return Err(WireError::TooNew { found: format });
    }
    let at = reader.at();
    let header = usize::from(reader.u16()?);
    if header < header_bytes_min || header > reader.len() {
        return Err(WireError::Range { at, what: "header length" });
    }
    let announced = reader.u32()? as usize;
    if announced != reader.len() {
        return Err(WireError::Length { announced, found: reader.len() });
    }
    Ok(header)
}
