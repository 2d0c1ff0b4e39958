//! The protocol: what is written when, and what counts after a crash (RO-I5, R43–R47).
//!
//! What it is: [`Store`] over a [`Disk`] of a few operations, and [`Keeper`], which ties it to the engine. What it is not:
//! it takes no lock; whoever opens a store holds the file's lock (R48).
//!
//! Invariants: the slot that counts is never written; after a crash the state is the last acknowledged one, or one
//! whose write had begun since; what rises is used only after its acknowledgement, and a rise whose write failed is
//! withdrawn by the next write.

use std::fmt;

use super::payload::{Payload, Tlv};
use super::slots::{Loaded, Next, SLOT_BYTES, encode, encode_file, load};
use crate::bucket::Unit;
use crate::engine::{Durable, Effects, Event, Persist, State, step};
use crate::mutants::{Mutation, holds};

/// The file of a state. Its errors are words for a log.
pub trait Disk {
    /// What can go wrong.
    type Error: fmt::Display;

    /// The file's bytes; `None` if there is none.
    ///
    /// # Errors
    /// The file may be there and could not be read.
    fn read(&mut self) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Makes the file, or replaces it, at once and durably: it is there whole, or as it was before.
    ///
    /// # Errors
    /// The file may be there; if it is, it is whole.
    fn create(&mut self, content: &[u8]) -> Result<(), Self::Error>;

    /// Writes into the existing file; not durable before [`sync`](Self::sync).
    ///
    /// # Errors
    /// Any part may have been written.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Makes earlier writes durable.
    ///
    /// # Errors
    /// Any part may be lost, now or later (R44).
    fn sync(&mut self) -> Result<(), Self::Error>;
}

/// Why a state is not on disk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The disk refused; what was there before counts.
    #[error("the state could not be written: {0}")]
    Disk(String),
    /// More features or texts than a slot holds.
    #[error("the state does not fit into a slot of {SLOT_BYTES} bytes; shorten names, salts or targets")]
    TooLarge,
    /// The file asks for a newer reader and stays as it is (R45).
    #[error("the state on disk asks for a newer reader and is left alone")]
    TooNew,
}

/// What was found when a store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovered {
    /// No file, and nothing says that there was one.
    Fresh,
    /// The state of the slot that counts.
    State,
    /// There was a state and it cannot be read (R43).
    Lost,
    /// The file asks for a newer reader (R45).
    TooNew,
}

/// Two slots on a disk.
#[derive(Debug)]
pub struct Store<D> {
    disk: D,
    exists: bool,
    too_new: bool,
    next: Next,
    unknown: Vec<Tlv>,
    appended: Vec<(u16, u16, Vec<u8>)>,
}

impl<D: Disk> Store<D> {
    /// Reads what there is.
    ///
    /// # Errors
    /// When the disk cannot say; then everything is off for this process.
    pub fn open(mut disk: D) -> Result<(Self, Loaded), D::Error> {
        let file = disk.read()?;
        let (loaded, next) = load(file.as_deref());
        let mut store = Self {
            disk,
            // A file of which nothing is readable is replaced as a whole: no remnant of it can come back.
            exists: file.is_some() && loaded != Loaded::Lost,
            too_new: loaded == Loaded::TooNew,
            next,
            unknown: Vec::new(),
            appended: Vec::new(),
        };
        if let Loaded::State(payload) = &loaded {
            store.unknown.clone_from(&payload.unknown);
            store.appended.clone_from(&payload.appended);
        }
        Ok((store, loaded))
    }

    /// Writes a state; when it returns, the state is durable.
    ///
    /// # Errors
    /// See [`WriteError`]. What counted before still does, or, after a crash, what was being written.
    pub fn write(&mut self, durable: &Durable) -> Result<(), WriteError> {
        if holds(Mutation::TooNewIsKept, self.too_new) {
            return Err(WriteError::TooNew);
        }
        let payload = Payload {
            durable: durable.clone(),
            unknown: self.unknown.clone(),
            appended: self.appended.clone(),
        };
        let words = |error: D::Error| WriteError::Disk(error.to_string());
        if !self.exists {
            let file = encode_file(&payload).ok_or(WriteError::TooLarge)?;
            self.disk.create(&file).map_err(words)?;
            self.exists = true;
            self.next = Next { sequence: 2, slot: 1 };
            return Ok(());
        }
        let bytes = encode(&payload, self.next.sequence).ok_or(WriteError::TooLarge)?;
        // Whatever becomes of this write, its sequence is used up, and no later one repeats it.
        self.next.sequence = self.next.sequence.saturating_add(1);
        let offset = self.next.slot as u64 * SLOT_BYTES as u64;
        let done = self.disk.write_at(offset, &bytes).and_then(|()| self.disk.sync()).map_err(words);
        if holds(Mutation::SyncFailureIsFailure, done.is_err()) {
            return done;
        }
        if holds(Mutation::OlderSlot, true) {
            self.next.slot = 1 - self.next.slot;
        }
        Ok(())
    }

    /// The disk.
    pub fn disk(&self) -> &D {
        &self.disk
    }

    /// The disk, to do something to it.
    pub fn disk_mut(&mut self) -> &mut D {
        &mut self.disk
    }

    /// Gives the disk back.
    pub fn into_disk(self) -> D {
        self.disk
    }
}

/// A store and the state in force: what a process that owns the file holds.
#[derive(Debug)]
pub struct Keeper<D> {
    store: Store<D>,
    state: State,
    /// Something that counts already is not on disk.
    behind: bool,
}

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// What has to be done; its write was tried if it was for now.
    pub effects: Effects,
    /// Why the state is not on disk. After [`Persist::BeforeUse`] the event then did not happen.
    pub error: Option<WriteError>,
}

impl<D: Disk> Keeper<D> {
    /// Opens the state. `unit` becomes the device's id if there is none (R13). `witness` is the build that a beacon
    /// speaks of: with a beacon and no file the state was lost, not never there. Of several beacons it is one of the build
    /// that starts now, if there is one: that build is not new.
    ///
    /// # Errors
    /// When the disk cannot be read; then everything is off for this process.
    pub fn open(disk: D, unit: Unit, witness: Option<u64>) -> Result<(Self, Recovered), D::Error> {
        let (store, loaded) = Store::open(disk)?;
        let mut state = State::default();
        let (recovered, behind) = match loaded {
            Loaded::State(payload) => {
                state.durable = payload.durable;
                (Recovered::State, false)
            }
            Loaded::TooNew => {
                state.volatile.too_new = true;
                (Recovered::TooNew, false)
            }
            Loaded::Absent if witness.is_none() => {
                state.durable.unit = unit;
                (Recovered::Fresh, true)
            }
            Loaded::Absent | Loaded::Lost => {
                state.durable =
                    Durable { unit, lost: true, build: witness.unwrap_or(0), ..Durable::default() };
                (Recovered::Lost, true)
            }
        };
        Ok((Self { store, state, behind }, recovered))
    }

    /// The state in force.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Takes an event: steps, and writes what must not wait.
    pub fn apply(&mut self, event: &Event) -> Applied {
        let (next, effects) = step(&self.state, event);
        let error = match effects.persist {
            Persist::No => {
                self.state = next;
                None
            }
            Persist::Soon => {
                self.state = next;
                self.behind = true;
                None
            }
            Persist::Now => {
                self.state = next;
                self.behind = true;
                self.flush().err()
            }
            Persist::BeforeUse => {
                let written = self.store.write(&next.durable);
                if holds(Mutation::RiseAfterAck, written.is_err()) {
                    // It may have reached the disk all the same: say again what counts.
                    self.behind = self.store.write(&self.state.durable).is_err() || self.behind;
                } else {
                    self.state = next;
                    self.behind = false;
                }
                written.err()
            }
        };
        Applied { effects, error }
    }

    /// Writes what is not on disk yet (R47: at most every 30 s where nothing else forces it).
    ///
    /// # Errors
    /// See [`WriteError`]; what is in force stays in force.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        if !self.behind {
            return Ok(());
        }
        self.store.write(&self.state.durable)?;
        self.behind = false;
        Ok(())
    }

    /// Whether something that counts is not on disk.
    pub fn is_behind(&self) -> bool {
        self.behind
    }

    /// The disk.
    pub fn disk(&self) -> &D {
        self.store.disk()
    }

    /// The disk, to do something to it.
    pub fn disk_mut(&mut self) -> &mut D {
        self.store.disk_mut()
    }

    /// The disk, and with it the end of this process.
    pub fn into_disk(self) -> D {
        self.store.into_disk()
    }
}
