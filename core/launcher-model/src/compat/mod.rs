//! The load as Launcher3 does it, bit for bit (B.2–B.6, SPEC-06..11): the oracle that shadow mode compares with legacy.
//!
//! [`load()`] takes rows, grid, build flags and a platform snapshot and returns all that Launcher3 would have done: the
//! model, a decision a row, the writes in order, pins, binds and ids. It executes nothing, reads no clock and calls no
//! platform. What Launcher3 does badly it does badly here too; `safe` is the product.
//!
//! Invariants: deterministic; linear in rows and snapshot; no row makes it panic; rows load by ascending row id whatever
//! their order in the slice; running it on what it left changes nothing more, except where C18 says so.

mod after;
mod app;
mod assume;
pub mod bits;
mod board_rows;
mod collection;
mod flags;
mod input;
mod labels;
mod load;
pub mod model;
pub mod mutants;
pub mod outcome;
pub mod pages;
pub mod pinned;
pub mod placement;
mod rules;
mod sanitise;
mod stand;
mod widget;

pub use after::rows_after;
pub(crate) use app::{Parsed, TYPE_APP, TYPE_DEEP_SHORTCUT, read_intent};
pub use assume::assume_present;
pub use board_rows::rows_of_board;
pub(crate) use collection::{TYPE_FOLDER, TYPE_PAIR};
pub(crate) use flags::percent;
pub(crate) use input::Column;
pub use input::{BuildFlags, CancelAt, LoadInput, LoadRow, SqlKey};
pub(crate) use labels::trim;
pub(crate) use load::{Given, is_icon, load_both};
pub use load::{load, load_with};
pub use outcome::{DbAction, DeleteReason, LoadOutcome, Verdict};
pub use rules::Rule;
pub use widget::CUSTOM_WIDGET_ID;
pub(crate) use widget::{TYPE_CUSTOM_WIDGET, TYPE_WIDGET};
