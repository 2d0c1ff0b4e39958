//! The home screen from one end to the other: a decoded question to the core, the core's answer to packed bytes.
//!
//! What it is: what both surfaces call, so that they cannot differ, and the lock around a store that is used from one
//! thread at a time. What it is not: it knows no JNI, no UniFFI and no rule; the core decides, reads and writes.
//!
//! Invariants: a model on which a call panicked is never used again; no lock is held while Kotlin runs; an answer that
//! did not fit the caller's buffer waits for it, so that nothing is done twice.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ferrule_launcher_model::home::{Home, Loaded, Phone};
use ferrule_launcher_model::import::{ImportOptions, ImportReport};
use ferrule_launcher_model::rows::SourceRows;
use ferrule_launcher_model::store::{EpochMillis, OpenOptions, OpenReport};

use crate::error::BridgeError;
use crate::wire::model::answer::{self, Answer};
use crate::wire::model::question::Question;
use crate::wire::model::report;

/// An open home screen.
#[derive(Debug)]
pub struct Model {
    opened: OpenReport,
    home: Mutex<Home>,
    waiting: Mutex<Option<Vec<u8>>>,
}

impl Model {
    /// Opens a store, or makes one.
    ///
    /// # Errors
    /// What the store says; a store that is too new or another's is left as it is.
    pub fn open(file: &Path, options: OpenOptions) -> Result<Self, BridgeError> {
        let _span = tracing::debug_span!(target: "ferrule::model", "open").entered();
        let (home, opened) = Home::open(file, options)?;
        tracing::info!(target: "ferrule::model", created = opened.created, salvaged = opened.salvage.is_some(), "opened");
        Ok(Self { opened, home: Mutex::new(home), waiting: Mutex::default() })
    }

    /// What the opening showed.
    pub fn opened(&self) -> &OpenReport {
        &self.opened
    }

    /// The home screen, for one call.
    ///
    /// # Errors
    /// `FFI_MODEL_BROKEN` after a panic.
    pub fn home(&self) -> Result<MutexGuard<'_, Home>, BridgeError> {
        self.home.lock().map_err(|_| BridgeError::ModelBroken)
    }

    /// Imports a file that nobody has open.
    ///
    /// # Errors
    /// What the store or the source says; the store is then as it was.
    pub fn import_file(&self, source: &Path, options: &ImportOptions) -> Result<ImportReport, BridgeError> {
        let _span = tracing::debug_span!(target: "ferrule::model", "import_file").entered();
        Ok(self.home()?.import_file(source, options)?)
    }

    /// Imports rows that somebody hands over.
    ///
    /// # Errors
    /// As [`Model::import_file`].
    pub fn import_rows(
        &self,
        rows: &SourceRows,
        options: &ImportOptions,
    ) -> Result<ImportReport, BridgeError> {
        let _span = tracing::debug_span!(target: "ferrule::model", "import_rows").entered();
        Ok(self.home()?.import_rows(rows, options)?)
    }

    /// Loads. What the load changes is written; if it cannot be, the answer says so and holds all the same.
    ///
    /// # Errors
    /// `FFI_MODEL_BROKEN` after a panic.
    pub fn load(&self, question: &Question, now: EpochMillis) -> Result<Loaded, BridgeError> {
        let _span = tracing::debug_span!(target: "ferrule::model", "load").entered();
        let phone = Phone { grid: question.grid, flags: question.flags, platform: &question.platform };
        Ok(self.home()?.load(&phone, now))
    }

    /// The packed answer of a load.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn load_packed(&self, question: &Question, now: EpochMillis) -> Result<Vec<u8>, BridgeError> {
        Ok(pack(&self.load(question, now)?, question))
    }

    /// Keeps an answer that did not fit.
    pub fn keep(&self, bytes: Vec<u8>) {
        *self.waiting() = Some(bytes);
    }

    /// Hands the kept answer to `copy`, which says whether it fitted, negative if not; it is kept on then.
    ///
    /// # Errors
    /// What `copy` says, and `FFI_ARGUMENT_INVALID` when no answer is kept.
    pub fn take(&self, copy: impl FnOnce(&[u8]) -> Result<i32, BridgeError>) -> Result<i32, BridgeError> {
        let mut waiting = self.waiting();
        let bytes = waiting.as_ref().ok_or(BridgeError::Argument { what: "answer that waits", value: 0 })?;
        let written = copy(bytes)?;
        if written >= 0 {
            *waiting = None;
        }
        Ok(written)
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A loaded model as bytes.
#[must_use]
pub fn pack(loaded: &Loaded, question: &Question) -> Vec<u8> {
    let words = loaded.problem.as_ref().map(|problem| (problem.code(), problem.to_string()));
    answer::encode(&Answer {
        outcome: &loaded.outcome,
        grid: question.grid,
        changes: loaded.changes.len(),
        problem: words.as_ref().map(|(code, words)| (*code, words.as_str())),
    })
}

/// An import's report as bytes.
#[must_use]
pub fn pack_report(import: &ImportReport) -> Vec<u8> {
    report::encode(import)
}

#[cfg(test)]
mod tests {
    use ferrule_launcher_model::compat::BuildFlags;
    use ferrule_launcher_model::compat::placement::Grid;
    use ferrule_launcher_model::platform::PlatformSnapshot;
    use ferrule_launcher_model::store::GridSize;

    use super::*;

    fn model(folder: &Path) -> Model {
        let size = GridSize { columns: 4, rows: 5, dock: 4 };
        Model::open(&folder.join("home.db"), OpenOptions::new(EpochMillis(0), size, 0)).unwrap()
    }

    fn question() -> Question {
        Question {
            grid: Grid { columns: 4, rows: 5, hotseat: 4, search_columns: 4, folder: (4, 4) },
            flags: BuildFlags::default(),
            platform: PlatformSnapshot::default(),
        }
    }

    #[test]
    fn an_answer_waits_until_it_has_been_copied() {
        let folder = tempfile::tempdir().unwrap();
        let model = model(folder.path());
        assert_eq!(model.take(|_| Ok(0)).unwrap_err().code(), "FFI_ARGUMENT_INVALID");
        let bytes = model.load_packed(&question(), EpochMillis(0)).unwrap();
        model.keep(bytes.clone());
        assert_eq!(model.take(|kept| Ok(-(kept.len() as i32))).unwrap(), -(bytes.len() as i32));
        assert_eq!(model.take(|kept| Ok(i32::from(kept == bytes))).unwrap(), 1);
        assert!(model.take(|_| Ok(0)).is_err(), "once");
    }

    #[test]
    fn after_a_panic_inside_the_store_nothing_is_done_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let model = model(folder.path());
        let panicked = std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                let _home = model.home().unwrap();
                panic!("in the middle of a call");
            });
            thread.join().is_err()
        });
        assert!(panicked);
        assert_eq!(model.load(&question(), EpochMillis(0)).unwrap_err().code(), "FFI_MODEL_BROKEN");
        assert_eq!(model.home().unwrap_err().code(), "FFI_MODEL_BROKEN");
        drop(model);
        self::model(folder.path()).load(&question(), EpochMillis(0)).unwrap();
    }
}
