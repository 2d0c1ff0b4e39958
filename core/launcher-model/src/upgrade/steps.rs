//! The chain of upgrade steps 12→32 (A.6, SPEC-02).
//!
//! A step is entered at the file's version and falls through to all later ones. There are two kinds of failure: steps
//! that catch end the chain and give up the data, the others throw and the opening crashes.

use rusqlite::Transaction;

use super::{Crash, Event, Run, shortcuts};
use crate::sqlite;

/// The oldest version that the chain knows; older files are given up at once.
const FIRST_VERSION: i32 = 12;

/// What one step does.
enum Step {
    /// Adds a column; a failure is caught and gives up the data (GRID C11).
    AddColumn(&'static str),
    /// Adds `profileId` with the user's serial as default; failures as above.
    AddProfile,
    /// Adds `rank` and fills it from the cells; failures as above.
    AddRank,
    /// Turns legacy shortcuts that are plain launcher intents into apps.
    PlainShortcuts,
    /// Renumbers pages so that numeric order is page order, and drops their table.
    NumberPages,
    /// Deletes rows of two retired pseudo pages. Only the page counts, not the container (GRID C13).
    RetiredPages,
    /// Deletes the first row of page 0, if a search bar is pinned there.
    FirstRow,
    /// Pins legacy shortcuts as deep shortcuts or deletes them, and drops the names of icons.
    LegacyShortcuts,
}

/// The step of each version that has one; the others change nothing.
const STEPS: [(i32, Step); 12] = [
    (13, Step::AddColumn("appWidgetProvider TEXT")),
    (14, Step::AddColumn("modified INTEGER NOT NULL DEFAULT 0")),
    (15, Step::AddColumn("restored INTEGER NOT NULL DEFAULT 0")),
    (19, Step::AddProfile),
    (20, Step::AddRank),
    (22, Step::AddColumn("options INTEGER NOT NULL DEFAULT 0")),
    (25, Step::PlainShortcuts),
    (27, Step::NumberPages),
    (28, Step::AddColumn("appWidgetSource INTEGER NOT NULL DEFAULT -1")),
    (29, Step::RetiredPages),
    (30, Step::FirstRow),
    (31, Step::LegacyShortcuts),
];

/// Runs the chain from one version to a later one.
pub(super) fn upgrade(run: &mut Run<'_>, outer: &Transaction<'_>, from: i32, to: i32) -> Result<(), Crash> {
    if from < FIRST_VERSION {
        return run.give_up(outer).map_err(|error| sql(from, &error));
    }
    for (version, step) in STEPS.iter().filter(|(version, _)| (from..to).contains(version)) {
        let version = *version;
        let caught = match step {
            Step::AddColumn(column) => Some(add_column(outer, column)),
            Step::AddProfile => Some(add_column(
                outer,
                &format!("profileId INTEGER NOT NULL DEFAULT {}", run.launcher.profile),
            )),
            Step::AddRank => Some(add_rank(outer)),
            Step::PlainShortcuts => {
                shortcuts::to_apps(run, outer)?;
                None
            }
            Step::NumberPages => {
                number_pages(outer).map_err(|error| sql(version, &error))?;
                None
            }
            Step::RetiredPages => {
                delete(outer, "screen IN (-777, -778)").map_err(|error| sql(version, &error))?;
                None
            }
            Step::FirstRow => {
                if run.launcher.pins_first_row {
                    let first_row = "screen = 0 AND container = -100 AND cellY = 0";
                    delete(outer, first_row).map_err(|error| sql(version, &error))?;
                }
                None
            }
            Step::LegacyShortcuts => {
                shortcuts::to_deep_shortcuts(run, outer)?;
                for column in ["iconPackage", "iconResource"] {
                    outer
                        .execute_batch(&format!("ALTER TABLE favorites DROP COLUMN {column}"))
                        .map_err(|error| sql(version, &error))?;
                }
                None
            }
        };
        if let Some(Err(error)) = caught {
            run.log(Event::StepFailed(version, error.to_string()));
            run.doomed = true;
            return run.give_up(outer).map_err(|error| sql(version, &error));
        }
    }
    Ok(())
}

/// A failure that a step does not catch.
fn sql(step: i32, error: &rusqlite::Error) -> Crash {
    Crash::Sql { step, detail: error.to_string() }
}

fn delete(outer: &Transaction<'_>, selection: &str) -> rusqlite::Result<usize> {
    outer.execute(&format!("DELETE FROM favorites WHERE {selection}"), [])
}

fn add_column(outer: &Transaction<'_>, column: &str) -> rusqlite::Result<()> {
    outer.execute_batch(&format!("ALTER TABLE favorites ADD COLUMN {column}"))
}

/// Rank = cellX + cellY × (largest cellX of the folder + 1); rows without cells keep 0.
fn add_rank(outer: &Transaction<'_>) -> rusqlite::Result<()> {
    add_column(outer, "rank INTEGER NOT NULL DEFAULT 0")?;
    let mut folders = outer.prepare(
        "SELECT container, MAX(cellX) FROM favorites WHERE container IN \
         (SELECT _id FROM favorites WHERE itemType = 2) GROUP BY container",
    )?;
    let widths: Vec<(i64, i64)> = folders
        .query_map([], |row| Ok((sqlite::long(row, 0)?, sqlite::long(row, 1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (folder, max_x) in widths {
        outer.execute(
            "UPDATE favorites SET rank = cellX + (cellY * ?1) \
             WHERE container = ?2 AND cellX IS NOT NULL AND cellY IS NOT NULL",
            (max_x.wrapping_add(1), folder),
        )?;
    }
    Ok(())
}

/// Gives the k-th page in page order the k-th smallest page id; pages that are not listed keep theirs.
fn number_pages(outer: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut statement = outer.prepare("SELECT _id FROM workspaceScreens ORDER BY screenRank")?;
    let pages: Vec<i32> = statement
        .query_map([], |row| sqlite::long(row, 0).map(|id| id as i32))? // ids are read as 32 bits
        .collect::<rusqlite::Result<_>>()?;
    drop(statement);
    let cases = renumbering(&pages);
    if !cases.is_empty() {
        let cases: String = cases.iter().map(|(old, new)| format!(" WHEN screen={old} THEN {new}")).collect();
        outer.execute_batch(&format!(
            "UPDATE favorites SET screen=CASE{cases} ELSE screen END WHERE container = -100"
        ))?;
    }
    outer.execute_batch("DROP TABLE IF EXISTS workspaceScreens")
}

/// Old and new id of each page that gets another one, in page order.
fn renumbering(pages: &[i32]) -> Vec<(i32, i32)> {
    let mut sorted = pages.to_vec();
    sorted.sort_unstable();
    pages.iter().copied().zip(sorted).filter(|(old, new)| old != new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_take_the_smallest_ids_in_their_order() {
        assert_eq!(renumbering(&[5, 2, 9]), [(5, 2), (2, 5)]);
        assert_eq!(renumbering(&[1, 2, 3]), []);
    }
}
