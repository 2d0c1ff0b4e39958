//! The form of an icon's pixels on disk: to bytes and back, with a checksum.
//!
//! Not here: where the bytes are kept. Hostile bytes are a typed error, never other pixels.
