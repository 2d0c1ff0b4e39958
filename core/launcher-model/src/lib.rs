//! The home screen: open, import, load, explain.
#![forbid(unsafe_code)]

pub mod intent;
pub mod layout;
