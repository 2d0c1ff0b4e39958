//! Arithmetic over the pixels of icons: what AOSP computes from a bitmap, exactly as it does, and how layers become one.
//!
//! Pixels are rows of four bytes red, green, blue, alpha without gaps, premultiplied, as Android's `ARGB_8888` holds them
//! in memory. [`Image`] is a checked view of such a buffer.
//!
//! Not here: drawables, files, the form on disk ([`crate::codec`]). Everything is pure and works in the caller's buffers.

pub mod alpha;
pub mod colour;
pub mod compose;
pub mod error;
pub mod geometry;
pub mod image;
pub mod mono;
pub mod normalise;
pub mod resize;
pub mod wrap;

pub use colour::{BLACK, dominant_colour};
pub use error::PictureError;
pub use image::{Image, SIDE_MAX};
pub use mono::{MonoFacts, flattened_side, monochrome};
pub use normalise::{AlphaImage, Normalised, normalise};
