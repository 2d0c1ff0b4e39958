//! The home screen: open, import, load, explain.
#![forbid(unsafe_code)]

pub mod compat;
pub mod first_screen;
pub mod folder;
pub mod intent;
pub mod pages;
pub mod platform;
pub mod shortcut_counts;
