//! A disk that fails on command, under SQLite and under the store's own file calls.
//!
//! [`FaultDisk::install`] registers an SQLite VFS that hands every call on to the system's, counting those that change or
//! sync a file, and a [`Files`](ferrule_launcher_model::store::Files) that counts with it. The n-th operation can fail, once
//! or from then on, in a chosen way; and before each operation the folder can be photographed, as a killed process would
//! leave it and as a power cut would.
//!
//! What it is not: part of any product. It is a test-only crate, so that the core can forbid `unsafe`.
//!
//! Invariants: without a fault set the disk is the system's own; a fault is one that the operation can really have
//! (a write can be short or find no space, a read can fail, a lock can be held).

mod disk;
mod files;
mod photo;
mod vfs;

pub use disk::{Fault, FaultDisk, Operation, Plan};
pub use photo::{Loss, Photo};
