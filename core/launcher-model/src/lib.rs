//! The home screen: open, import, load, explain.
#![forbid(unsafe_code)]

pub mod compat;
pub mod first_screen;
pub mod intent;
pub mod platform;
