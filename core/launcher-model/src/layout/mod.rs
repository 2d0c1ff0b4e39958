//! The default layout: which XML a fresh home screen comes from, and the rows that it writes (SPEC-05, A.9, G.4).
//!
//! [`load_default_layout`] is Launcher3's own choice and reading, exact to the row, the id, the log line and the side
//! effect, also where a broken layout leaves half of itself behind: it is the oracle that shadow mode compares with.
//! [`parse_layout`] reads one text of a chosen dialect; [`parse_miui_layout`] reads MIUI's own dialect into items.
//!
//! Not here: placing what the rows say (the loader drops collisions at the first load), asking the platform, writing
//! the database. [`LayoutPlatform`] holds what the platform answered, [`LayoutReport`] what is to be done.
//!
//! Invariants: no layout text panics or runs longer than linear in its own and its includes' length.

mod attributes;
mod error;
mod intents;
mod miui;
mod number;
mod parser;
mod places;
mod platform;
mod report;
mod resolve;
mod row;
mod source;
mod widget;
pub mod xml;

#[cfg(test)]
mod tests;

pub use attributes::{Flavor, LAUNCHER_NAMESPACE, LayoutResources};
pub use error::LayoutError;
pub use miui::{MiuiCommand, MiuiEntry, MiuiKind, MiuiLayout, MiuiNote, parse_miui_layout};
pub use parser::{Dialect, INCLUDE_DEPTH_MAX, TOTAL_BYTES_MAX, parse_layout};
pub use places::{PlaceFault, check_places};
pub use platform::{
    ActivityOverride, HostFailure, LayoutGrid, LayoutPlatform, LayoutProfile, ProfileKind, Resolution,
    WidgetHost,
};
pub use report::{LayoutLog, LayoutReport, Pin, Step, WidgetBind};
pub use row::{Cell, LayoutRow};
pub use source::{LayoutProvider, LayoutSources, LoadedLayout, SourceKind, load_default_layout};
