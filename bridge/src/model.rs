//! The home screen from one end to the other: a decoded question to the core, the core's answer to packed bytes.
//!
//! What it is: what both surfaces call, so that they cannot differ, and the lock around a store that is used from one
//! thread at a time. What it is not: it knows no JNI, no UniFFI and no rule; the core decides, reads and writes.
//!
//! Invariants: a model on which a call panicked is never used again; no lock is held while Kotlin runs; an answer that
//! did not fit the caller's buffer waits for it, so that nothing is done twice; an answer that is given again is, byte for
//! byte, what the load would come to.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ferrule_launcher_model::home::{self, Home, Loaded, Phone, Premise};
use ferrule_launcher_model::import::{ImportOptions, ImportReport};
use ferrule_launcher_model::rows::SourceRows;
use ferrule_launcher_model::store::{self, EpochMillis, GridSize, Key, OpenOptions, OpenReport};

use crate::error::BridgeError;
use crate::wire::FORMAT;
use crate::wire::model::answer::{self, Answer};
use crate::wire::model::question::{self, Question};
use crate::wire::model::report;

/// An open home screen.
#[derive(Debug)]
pub struct Model {
    opened: OpenReport,
    home: Mutex<Home>,
    /// The latest load, while no other has come after it. Locked after `home`.
    latest: Mutex<Option<Latest>>,
    waiting: Mutex<Option<Arc<Vec<u8>>>>,
}

/// What was asked last.
#[derive(Debug)]
struct Latest {
    question: Vec<u8>,
    /// The answer, if the load changed nothing: on the same premise it comes to the same again.
    settled: Option<(Premise, Arc<Vec<u8>>)>,
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
        Ok(Self { opened, home: Mutex::new(home), latest: Mutex::default(), waiting: Mutex::default() })
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
        let mut home = self.home()?;
        *lock(&self.latest) = None;
        Ok(load(&mut home, question, now))
    }

    /// The packed answer of a load for a packed question. Where the latest load was for the same question, changed nothing
    /// and nothing has changed since, its answer is given again: nothing would be decided otherwise, written or explained.
    ///
    /// # Errors
    /// As [`Model::load`]; [`BridgeError`] for bytes that are no question.
    pub fn load_packed(&self, bytes: Vec<u8>, now: EpochMillis) -> Result<Arc<Vec<u8>>, BridgeError> {
        let mut home = self.home()?;
        let mut latest = lock(&self.latest);
        let premise = home.premise();
        let same = latest
            .as_ref()
            .filter(|latest| latest.question == bytes)
            .and_then(|latest| latest.settled.as_ref());
        if let Some((_, answer)) = same.filter(|(of, _)| Some(*of) == premise) {
            return Ok(Arc::clone(answer));
        }
        *latest = None;
        let question = question::decode(&bytes)?;
        let loaded = load(&mut home, &question, now);
        let answer = Arc::new(pack(&loaded, &question));
        let is_settled = loaded.changes.is_empty() && loaded.problem.is_none();
        let settled = premise.filter(|_| is_settled).map(|premise| (premise, Arc::clone(&answer)));
        *latest = Some(Latest { question: bytes, settled });
        Ok(answer)
    }

    /// Keeps in the store what the first load of the next process will come to, if it is asked what was asked last here;
    /// whether anything was written. Nothing is kept that would change the store.
    ///
    /// # Errors
    /// `FFI_MODEL_BROKEN` after a panic, and what the store says.
    pub fn keep_for_next_start(&self, now: EpochMillis) -> Result<bool, BridgeError> {
        let _span = tracing::debug_span!(target: "ferrule::model", "keep").entered();
        let mut home = self.home()?;
        let latest = lock(&self.latest);
        let (Some(Latest { question: bytes, .. }), Some(_)) = (latest.as_ref(), home.premise()) else {
            return Ok(false);
        };
        let question = question::decode(bytes)?;
        let first = home::preview(home.content(), &phone(&question), now);
        if !first.changes.is_empty() {
            return Ok(false);
        }
        Ok(home.keep(&key_of(bytes), &pack(&first, &question))?)
    }

    /// What `take` makes of the packed answer that the store in a file keeps for a packed question. No home screen is opened for
    /// it, nothing written.
    pub fn kept<T>(file: &Path, question: &[u8], take: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let _span = tracing::debug_span!(target: "ferrule::model", "kept").entered();
        let grid = GridSize { columns: 1, rows: 1, dock: 0 };
        store::kept(file, &OpenOptions::new(EpochMillis(0), grid, 0), &key_of(question), take)
    }

    /// Keeps an answer that did not fit.
    pub fn keep(&self, bytes: Arc<Vec<u8>>) {
        *lock(&self.waiting) = Some(bytes);
    }

    /// Hands the kept answer to `copy`, which says whether it fitted, negative if not; it is kept on then.
    ///
    /// # Errors
    /// What `copy` says, and `FFI_ARGUMENT_INVALID` when no answer is kept.
    pub fn take(&self, copy: impl FnOnce(&[u8]) -> Result<i32, BridgeError>) -> Result<i32, BridgeError> {
        let mut waiting = lock(&self.waiting);
        let bytes = waiting.as_ref().ok_or(BridgeError::Argument { what: "answer that waits", value: 0 })?;
        let written = copy(bytes)?;
        if written >= 0 {
            *waiting = None;
        }
        Ok(written)
    }
}

fn load(home: &mut Home, question: &Question, now: EpochMillis) -> Loaded {
    let _span = tracing::debug_span!(target: "ferrule::model", "load").entered();
    home.load(&phone(question), now)
}

fn phone(question: &Question) -> Phone<'_> {
    Phone { grid: question.grid, flags: question.flags, platform: &question.platform }
}

/// Everything beside the home screen that an answer depends on: the question, whose rules decide, and the form.
fn key_of(question: &[u8]) -> Key {
    store::key(&[env!("CARGO_PKG_VERSION").as_bytes(), &FORMAT.to_le_bytes(), question])
}

/// A lock under which nothing is left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    use ferrule_launcher_model::store::Change;

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
        let bytes = model.load_packed(question::encode(&question()), EpochMillis(0)).unwrap();
        model.keep(bytes.clone());
        assert_eq!(model.take(|kept| Ok(-(kept.len() as i32))).unwrap(), -(bytes.len() as i32));
        assert_eq!(model.take(|kept| Ok(i32::from(kept == bytes.as_slice()))).unwrap(), 1);
        assert!(model.take(|_| Ok(0)).is_err(), "once");
    }

    #[test]
    fn an_answer_is_given_again_while_nothing_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let model = model(folder.path());
        let ask = |flags: BuildFlags| {
            let question = question::encode(&Question { flags, ..question() });
            model.load_packed(question, EpochMillis(0)).unwrap()
        };
        let pinned = BuildFlags::default();
        let plain = BuildFlags { qsb_on_first_screen: false, ..pinned };
        let is_again = |flags| Arc::ptr_eq(&ask(flags), &ask(flags));
        assert!(is_again(plain));
        // The search bar holds its row from the first load on, so that the second has another premise (C19).
        assert!(!is_again(pinned));
        assert!(is_again(pinned));
        let before = ask(pinned);
        assert!(!Arc::ptr_eq(&ask(plain), &before), "another question");
        assert!(!Arc::ptr_eq(&ask(pinned), &before), "only the latest");
        let before = ask(pinned);
        let page = Change::AddPage { at: 1, title: None };
        model.home().unwrap().edit(&[page], "user", EpochMillis(0)).unwrap();
        assert_ne!(ask(pinned), before, "another page");
        let before = ask(pinned);
        model.load(&question(), EpochMillis(0)).unwrap();
        assert!(!Arc::ptr_eq(&ask(pinned), &before), "another load came between");
        let before = ask(pinned);
        assert!(model.home().unwrap().go_back(99, EpochMillis(0)).is_err());
        assert!(!Arc::ptr_eq(&ask(pinned), &before), "what loads said was forgotten");
    }

    fn kept(file: &Path, question: &[u8]) -> Option<Vec<u8>> {
        Model::kept(file, question, <[u8]>::to_vec)
    }

    #[test]
    fn what_is_kept_is_what_the_next_first_load_answers() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("home.db");
        let bytes = question::encode(&question());
        let first = model(folder.path());
        assert!(!first.keep_for_next_start(EpochMillis(0)).unwrap(), "nothing was asked");
        first.load_packed(bytes.clone(), EpochMillis(0)).unwrap();
        assert!(first.keep_for_next_start(EpochMillis(0)).unwrap());
        assert!(!first.keep_for_next_start(EpochMillis(0)).unwrap(), "it is kept");
        assert_eq!(kept(&file, &bytes), None, "it is open");
        drop(first);
        let answer = kept(&file, &bytes).unwrap();
        let flags = BuildFlags { widgets: false, ..BuildFlags::default() };
        assert_eq!(kept(&file, &question::encode(&Question { flags, ..question() })), None);
        let next = model(folder.path());
        assert_eq!(*next.load_packed(bytes.clone(), EpochMillis(0)).unwrap(), answer);
        next.home().unwrap().edit(&[Change::AddPage { at: 0, title: None }], "user", EpochMillis(0)).unwrap();
        drop(next);
        assert_eq!(kept(&file, &bytes), None, "another page");
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
