//! The form of an icon's pixels on disk: to bytes and back, with a checksum; and PNG, the form that others use.
//!
//! Not here: where the bytes are kept. Hostile bytes are a typed error ([`crate::pixels::PictureError`]), never other
//! pixels, and nothing is allocated beyond a small multiple of the picture that the caller has room for.

mod header;
mod operations;
pub mod png;
mod runs;
mod stored;

pub use header::{Header, Layout};
pub use stored::Codec;
