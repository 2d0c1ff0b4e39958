//! The home screen: open, import, load, explain.
//!
//! * [`intent`]: intents as text, exactly as Android reads and prints them.
//! * [`layout`]: the default layout of a fresh home screen, in three dialects.
//! * [`all_apps`]: the list of all apps, its order and its sections.
//! * [`rows`]: the rows of a database as data, and where they come from.
//! * [`recognise`]: whose database a file is, from its columns and tables.
//! * `open`: copying and opening a file that nobody has open (feature `sqlite`).
//! * `upgrade`: what Launcher3 does to a file of another version when it opens it (feature `sqlite`).
//! * [`aosp`], [`miui`]: reading AOSP's and MIUI's rows into [`neutral`] items.
//! * `store`, `import`, `export`, `snapshot`, `salvage`: Ferrule's own store of the home screen, and what goes in and out
//!   of it (feature `sqlite`).
//! * `home`: the store and the safe load as one object, which is what a launcher uses (feature `sqlite`).
//! * [`platform`]: what the platform said, as data; *unknown* is a value.
//! * [`compat`]: the load as Launcher3 does it, bit for bit.
//! * [`safe`]: the load that users get: nothing is lost, everything is explained.
//! * [`first_screen`], [`folder`], [`pages`], [`shortcut_counts`]: what goes with a load: broadcasts to installers, folder
//!   shapes and names, page numbers, counts.
//! * `json`: the JSON form of a load, for the command line and tests (feature `json`).
//!
//! Decision modules have no clock, no I/O and no globals; only those named with a feature touch SQLite, and no decision
//! module depends on them.
#![forbid(unsafe_code)]

pub mod all_apps;
pub mod aosp;
pub mod compat;
#[cfg(feature = "sqlite")]
pub mod export;
pub mod first_screen;
pub mod folder;
mod hash;
#[cfg(feature = "sqlite")]
pub mod home;
#[cfg(feature = "sqlite")]
pub mod import;
pub mod intent;
#[cfg(feature = "json")]
pub mod json;
pub mod layout;
pub mod miui;
pub mod neutral;
#[cfg(feature = "sqlite")]
pub mod open;
pub mod pages;
pub mod platform;
pub mod recognise;
pub mod rows;
pub mod safe;
#[cfg(feature = "sqlite")]
pub mod salvage;
pub mod shortcut_counts;
#[cfg(feature = "sqlite")]
pub mod snapshot;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
pub mod store;
#[cfg(feature = "sqlite")]
pub mod upgrade;
