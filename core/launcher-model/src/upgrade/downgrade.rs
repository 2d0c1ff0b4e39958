//! Opening a file of a newer version (SPEC-03).

use rusqlite::Transaction;

use super::schema_json::{DowngradeSchema, SchemaError};
use super::{CURRENT_VERSION, Event, Run};

/// Why a downgrade was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DowngradeFailure {
    /// There is no stored schema.
    #[error("there is no downgrade schema")]
    NoSchema,
    /// The stored schema cannot be read.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The schema has no way down from the file's version.
    #[error("no way down from version {from}")]
    MissingStep {
        /// The file's version.
        from: i32,
    },
    /// A statement failed; those before it are undone.
    #[error("a statement failed: {0}")]
    Statement(String),
}

/// Leads a file down to the current version, or gives its data up.
///
/// A statement that fails dooms the transaction just as in the upgrade chain, so that what follows is undone: the file
/// stays at its version, and only the flag remains. The other failures are found before any statement runs; there the
/// data are really given up.
pub(super) fn downgrade(run: &mut Run<'_>, outer: &Transaction<'_>, from: i32) {
    let Err(failure) = try_downgrade(run, outer, from) else { return };
    run.doomed |= matches!(failure, DowngradeFailure::Statement(_));
    run.log(Event::DowngradeFailed(failure));
    if run.give_up(outer).is_err() {
        run.doomed = true;
    }
}

fn try_downgrade(run: &Run<'_>, outer: &Transaction<'_>, from: i32) -> Result<(), DowngradeFailure> {
    let text = run.launcher.downgrade_schema.ok_or(DowngradeFailure::NoSchema)?;
    let schema = DowngradeSchema::parse(text)?;
    let statements =
        schema.statements(from, CURRENT_VERSION).ok_or(DowngradeFailure::MissingStep { from })?;
    for statement in statements {
        // Of a text with several statements only the first runs, as on the platform.
        outer
            .prepare(statement)
            .and_then(|mut statement| statement.execute([]))
            .map_err(|error| DowngradeFailure::Statement(error.to_string()))?;
    }
    Ok(())
}
