//! Runs the state machine over a storage: lock, load, decide, make durable, answer (contracts 2).
//!
//! What it is: the order of operations and the argument that a crash between any two of them is safe. What it is
//! not: it opens no file; the storage behind [`SlotStorage`] does.
//!
//! Invariants: nothing is delivered unless its record was synced; the lock is held from a delivery to its
//! acknowledgement, so two live processes never deliver the same attempt, and the end of a process frees it.

use std::fmt;

use super::slots::{NextSlot, encode, encode_file, load_with_next};
use super::{Answer, Decision, Loaded, Record, Start, State, acknowledged, decide, decide_without_record};
use crate::reason::{FlCode, Reason};

/// The storage of one user's record. One value is one opener: its lock excludes every other value on the same file.
pub trait SlotStorage {
    /// What can go wrong; shown in a reason's detail, so it must name no personal data.
    type Error: fmt::Display;

    /// Takes the exclusive lock without waiting; false if another opener holds it. The lock ends with
    /// [`unlock`](Self::unlock), with the value, and with the process, however it ends.
    ///
    /// # Errors
    /// The lock cannot be taken for another reason than that it is held.
    fn try_lock(&mut self) -> Result<bool, Self::Error>;

    /// Gives the lock back; nothing happens if it is not held.
    fn unlock(&mut self);

    /// Reads at most the first `limit_bytes` bytes of the file; `None` if there is no file.
    ///
    /// # Errors
    /// The file is there, or may be there, and cannot be read.
    fn read(&mut self, limit_bytes: usize) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Makes a new file with this content, durable when it returns: after a crash it is there whole or not at all.
    ///
    /// # Errors
    /// The file may or may not be there; if it is, it is whole.
    fn create(&mut self, content: &[u8]) -> Result<(), Self::Error>;

    /// Writes bytes at an offset of the existing file; not durable before [`sync`](Self::sync).
    ///
    /// # Errors
    /// Any part of the bytes may have been written.
    fn write_at(&mut self, offset_bytes: u64, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Makes earlier writes durable.
    ///
    /// # Errors
    /// Any part of them may be lost.
    fn sync(&mut self) -> Result<(), Self::Error>;
}

/// The outcome of a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What to do.
    pub answer: Answer,
    /// Why, in the order of the rules.
    pub reasons: Vec<Reason>,
}

/// Why an acknowledgement did not become durable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeError {
    /// Nothing was delivered by this value, or it was acknowledged already.
    #[error("no delivery is waiting for an acknowledgement")]
    NothingDelivered,
    /// `FL_WRITE_FAILED`: the delivery still waits, so the acknowledgement may be tried again; after the end of the
    /// process the first launch is delivered once more, within the limit.
    #[error("the acknowledgement could not be written: {0}")]
    WriteFailed(String),
}

/// The first launch of one user, over a storage.
#[derive(Debug)]
pub struct FirstLaunch<S: SlotStorage> {
    storage: S,
    /// The durable `Armed` record whose delivery waits for its acknowledgement, and where `Done` goes.
    pending: Option<(Record, NextSlot)>,
}

impl<S: SlotStorage> FirstLaunch<S> {
    /// Over the storage of the user that [`User::record_owner`](super::User::record_owner) names.
    pub fn new(storage: S) -> Self {
        Self { storage, pending: None }
    }

    /// One start of the launcher. After [`Answer::Deliver`] the lock stays taken until
    /// [`acknowledge`](Self::acknowledge), [`abandon`](Self::abandon) or the end of the value.
    pub fn start(&mut self, start: &Start) -> Outcome {
        if let Some(decision) = decide_without_record(start) {
            return decision.into();
        }
        if self.pending.is_some() {
            return nothing(FlCode::HeldElsewhere, "this process is delivering");
        }
        match self.storage.try_lock() {
            Ok(true) => {}
            Ok(false) => return self.lost_the_lock(),
            Err(error) => return nothing(FlCode::LockFailed, error),
        }
        let outcome = self.start_locked(start);
        if self.pending.is_none() {
            self.storage.unlock();
        }
        outcome
    }

    /// The consumer has shown the first launch: makes `Done` durable and gives the lock back.
    ///
    /// # Errors
    /// See [`AcknowledgeError`]; a failed write keeps the delivery waiting.
    pub fn acknowledge(&mut self) -> Result<(), AcknowledgeError> {
        let (armed, next) = self.pending.take().ok_or(AcknowledgeError::NothingDelivered)?;
        if let Err(error) = self.write(&acknowledged(&armed), next) {
            let failed = AcknowledgeError::WriteFailed(error.to_string());
            self.pending = Some((armed, next));
            return Err(failed);
        }
        self.storage.unlock();
        Ok(())
    }

    /// Gives a delivery up without acknowledging it: the next start gets the next attempt.
    pub fn abandon(&mut self) {
        if self.pending.take().is_some() {
            self.storage.unlock();
        }
    }

    fn start_locked(&mut self, start: &Start) -> Outcome {
        let (loaded, next) = match self.storage.read(super::slots::FILE_BYTES) {
            Ok(file) => load_with_next(file.as_deref()),
            Err(error) => return nothing(FlCode::ReadFailed, error),
        };
        let Decision { write, mut answer, mut reasons } = decide(&loaded, start);
        let Some(record) = write else { return Outcome { answer, reasons } };
        let written = if loaded == Loaded::Absent {
            self.storage.create(&encode_file(&record))
        } else {
            self.write(&record, next)
        };
        match (written, answer) {
            (Ok(()), Answer::Deliver(_)) => self.pending = Some((record, next.after())),
            (Ok(()), _) => {}
            (Err(error), _) => {
                reasons.push(Reason::new(FlCode::WriteFailed, error.to_string()));
                if let Answer::Deliver(_) = answer {
                    answer = Answer::Nothing;
                }
            }
        }
        Outcome { answer, reasons }
    }

    fn write(&mut self, record: &Record, next: NextSlot) -> Result<(), S::Error> {
        self.storage.write_at(next.offset as u64, &encode(record, next.sequence))?;
        self.storage.sync()
    }

    /// The loser reads again, only to say why it has nothing to show; without the lock it neither writes nor delivers.
    fn lost_the_lock(&mut self) -> Outcome {
        let loaded = match self.storage.read(super::slots::FILE_BYTES) {
            Ok(file) => super::slots::load(file.as_deref()),
            Err(error) => return nothing(FlCode::ReadFailed, error),
        };
        match loaded {
            Loaded::Record(Record { state: State::Done { .. }, .. }) => {
                nothing(FlCode::AlreadyDone, "another process finished it")
            }
            Loaded::Record(record) => nothing(FlCode::HeldElsewhere, record.state.name()),
            Loaded::Absent | Loaded::Unreadable(_) => nothing(FlCode::HeldElsewhere, "no record yet"),
        }
    }
}

impl From<Decision> for Outcome {
    fn from(decision: Decision) -> Self {
        Self { answer: decision.answer, reasons: decision.reasons }
    }
}

fn nothing(code: FlCode, detail: impl fmt::Display) -> Outcome {
    Outcome { answer: Answer::Nothing, reasons: vec![Reason::new(code, detail.to_string())] }
}

/// Is this the first launch on OS4: the answer behind `firstLaunchOnOS4`. See [`FirstLaunch::start`].
pub fn first_launch_on_os4<S: SlotStorage>(first_launch: &mut FirstLaunch<S>, start: &Start) -> Outcome {
    first_launch.start(start)
}
