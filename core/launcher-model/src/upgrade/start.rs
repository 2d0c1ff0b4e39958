//! Which file a process start works in, and what happens to it before the first load (D.2, compat).
//!
//! Only the decision and the one step that follows it without an algorithm, the verbatim copy to a taller grid (D.3).
//! The general migration is another part.

use rusqlite::Connection;

/// What preferences say about the file that was written last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GridState {
    /// The name of the file.
    pub db_file: String,
    /// Columns and rows.
    pub size: (u32, u32),
    /// Dock slots.
    pub dock: u32,
}

/// What is known about the file that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState {
    /// Its name.
    pub name: String,
    /// Whether its flag "empty database created" is set.
    pub empty_flag: bool,
}

/// What a start does before its first load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartDecision {
    /// The open file fits the grid; nothing is written.
    Keep,
    /// The open file is emptied, its flag set, and the *target's* state written to the preferences (D.2.1). The
    /// process goes on in the open file; the next start opens the target (GRID C7c).
    WipeForEmptyFlag,
    /// The open file already has the target's name, but preferences name another: it is emptied, flag and state are
    /// written (D.2.3).
    WipeForLostPreferences,
    /// The rows are migrated from the open file to the target.
    Migrate,
}

impl StartDecision {
    /// Whether the open file is emptied.
    pub fn wipes(self) -> bool {
        matches!(self, Self::WipeForEmptyFlag | Self::WipeForLostPreferences)
    }
}

/// Decides what a start does with the open file. The flag is tested first, then the recorded name, then the open name;
/// sizes and dock slots are not compared (D.2).
pub fn decide_start(open: &FileState, recorded: &GridState, target: &GridState) -> StartDecision {
    if open.empty_flag {
        StartDecision::WipeForEmptyFlag
    } else if recorded.db_file == target.db_file {
        StartDecision::Keep
    } else if open.name == target.db_file {
        StartDecision::WipeForLostPreferences
    } else {
        StartDecision::Migrate
    }
}

/// The ids that a process gives to new rows: one above the highest that it saw when it opened the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdCounter {
    max: i64,
}

impl IdCounter {
    /// Counts on from the highest id at opening.
    pub fn from_max(max: i64) -> Self {
        Self { max }
    }

    /// The next id. It may be taken all the same: rows copied into the file after opening are not counted (GRID C15).
    pub fn next_id(&mut self) -> i64 {
        self.max = self.max.wrapping_add(1);
        self.max
    }
}

/// Copies all rows to the file of a strictly taller grid (D.3, without the shift). The target's table is replaced.
/// Columns are copied by place, so both sides must have the same (A.6).
///
/// # Errors
/// SQLite's, such as tables of different width.
pub fn copy_taller(source: &Connection, target: &mut Connection) -> rusqlite::Result<()> {
    let transaction = target.transaction()?;
    transaction.execute_batch("DELETE FROM favorites")?;
    let mut read = source.prepare("SELECT * FROM favorites ORDER BY rowid")?;
    let width = read.column_count();
    let places = vec!["?"; width].join(",");
    let mut write = transaction.prepare(&format!("INSERT INTO favorites VALUES ({places})"))?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<rusqlite::types::Value> =
            (0..width).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
        write.execute(rusqlite::params_from_iter(values))?;
    }
    drop(write);
    transaction.commit()
}
