//! Opening a file of a newer version (SPEC-03).

use rusqlite::{Connection, Transaction};

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
    let result = run
        .launcher
        .downgrade_schema
        .ok_or(DowngradeFailure::NoSchema)
        .and_then(|schema| run_statements(outer, from, CURRENT_VERSION, schema));
    let Err(failure) = result else { return };
    run.doomed |= matches!(failure, DowngradeFailure::Statement(_));
    run.log(Event::DowngradeFailed(failure));
    if run.give_up(outer).is_err() {
        run.doomed = true;
    }
}

/// Leads a file down from its version to an older one by a schema, all or nothing (SPEC-03). Unlike Launcher3 this
/// gives nothing up: a file that cannot be led down stays as it is.
///
/// # Errors
/// [`DowngradeFailure`]; the file is unchanged then.
pub fn downgrade_to(connection: &mut Connection, version: i32, schema: &str) -> Result<(), DowngradeFailure> {
    let statement = |error: rusqlite::Error| DowngradeFailure::Statement(error.to_string());
    let from = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(statement)?;
    let transaction = connection.transaction().map_err(statement)?;
    run_statements(&transaction, from, version, schema)?;
    transaction.pragma_update(None, "user_version", version).map_err(statement)?;
    transaction.commit().map_err(statement)
}

fn run_statements(outer: &Connection, from: i32, to: i32, schema: &str) -> Result<(), DowngradeFailure> {
    let schema = DowngradeSchema::parse(schema)?;
    let statements = schema.statements(from, to).ok_or(DowngradeFailure::MissingStep { from })?;
    for statement in statements {
        // Of a text with several statements only the first runs, as on the platform.
        outer
            .prepare(statement)
            .and_then(|mut statement| statement.execute([]))
            .map_err(|error| DowngradeFailure::Statement(error.to_string()))?;
    }
    Ok(())
}
