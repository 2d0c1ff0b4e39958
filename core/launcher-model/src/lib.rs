//! The home screen: open, import, load, explain.
#![forbid(unsafe_code)]

pub mod all_apps;
pub mod intent;
pub mod layout;
