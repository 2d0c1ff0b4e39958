//! The rows of a launcher's database, as data.
//!
//! This is the border between where rows come from and what is decided from them: a file that nobody has open is read
//! through the `open` module, a running legacy launcher hands its rows over as one batch (contracts 4). Neither
//! decides anything; both end in [`SourceRows`]. Nothing is dropped, converted or repaired on the way: columns nobody
//! knows and values of the wrong type arrive as they were stored.

pub mod favorites;
mod table;
mod value;

pub use table::{Column, Row, Table};
pub use value::{ConversionError, Value, ValueRef};

/// Everything that a load, an import or a report needs from one database, read at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceRows {
    /// `PRAGMA user_version`: what the file claims to be.
    pub user_version: i32,
    /// The table `favorites`.
    pub favorites: Table,
    /// The table of pages where there is one: `workspaceScreens` (AOSP 12–27) or `screens` (MIUI).
    pub screens: Option<Table>,
}

/// Where rows come from. One call hands over one consistent batch.
pub trait RowSource {
    /// Why the rows cannot be had.
    type Error;

    /// Reads the batch.
    ///
    /// # Errors
    /// What the source says; a source never hands over half a batch.
    fn read(&mut self) -> Result<SourceRows, Self::Error>;
}

/// A source that holds its rows already: what legacy handed over, or a test.
#[derive(Debug, Clone, Default)]
pub struct MemorySource(pub SourceRows);

impl RowSource for MemorySource {
    type Error = std::convert::Infallible;

    fn read(&mut self) -> Result<SourceRows, Self::Error> {
        Ok(self.0.clone())
    }
}
