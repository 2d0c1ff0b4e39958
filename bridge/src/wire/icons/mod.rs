//! The packed forms of icons (`docs/formats/icons-packed.md`): what is asked, what is answered, what a provider drew.
//!
//! What it is: decoding, and the encoders that golden bytes and fuzzing share. What it is not: pixels of answers, which
//! go straight to the caller's memory.

pub mod answer;
pub mod drawn;
pub mod question;
