//! What reading default layouts did: rows, the order of steps, side effects, the log.
//!
//! Side effects of a layout that fails stay (MORE L11): they are listed however the reading ended.

use super::error::LayoutError;
use super::parser::Dialect;
use super::row::LayoutRow;

/// One step, in the order they happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The table was emptied and ids start at 1 again.
    Wipe,
    /// A layout of this dialect begins.
    Load(Dialect),
    /// A row was inserted.
    Insert {
        /// Its id.
        id: i32,
        /// Its item type (A.2).
        item_type: i32,
    },
    /// A layout ended with this many top-level elements inserted; −1 when it failed.
    Count(i32),
}

/// One request to pin a shortcut; each replaces what the package had pinned before (MORE L11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The package; absent when the tag had none.
    pub package: Option<String>,
    /// The profile.
    pub profile: i64,
    /// The shortcut's id; absent when the tag had none.
    pub shortcut: Option<String>,
}

/// One attempt to bind a widget id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WidgetBind {
    /// The id that was allocated.
    pub id: i32,
    /// Flattened provider.
    pub provider: String,
    /// Whether the platform allowed it.
    pub bound: bool,
}

/// A log line with the failure behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutLog {
    /// The line.
    pub text: String,
    /// The failure.
    pub error: LayoutError,
}

/// See the module's head.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayoutReport {
    /// The rows that are in the table at the end, ascending by id.
    pub rows: Vec<LayoutRow>,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// Pins that were made.
    pub pins: Vec<Pin>,
    /// Widget ids that were bound or refused.
    pub binds: Vec<WidgetBind>,
    /// Widget ids that were given back.
    pub freed_widget_ids: Vec<i32>,
    /// Broadcasts that were sent, as intent texts.
    pub broadcasts: Vec<String>,
    /// Failures that were logged.
    pub log: Vec<LayoutLog>,
}

impl LayoutReport {
    /// How many top-level elements the last layout inserted, −1 when it failed, none when none was read.
    pub fn count(&self) -> Option<i32> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Count(count) => Some(*count),
            _ => None,
        })
    }
}
