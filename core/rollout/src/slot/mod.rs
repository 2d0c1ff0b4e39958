//! The state on disk: two checksummed slots (R43–R47, contracts 5, `docs/formats/rollout-state.md`).
//!
//! What it is: the codec ([`payload`], [`slots`]) and the protocol over a small storage trait ([`store`]). What it is not:
//! it opens no file. On a device the guard is the only writer (R58); it holds to the same format, byte for byte.
//!
//! Invariants: a write goes to the slot that does not count; a failed sync is a write that did not happen (R44); fields
//! of later formats are kept; a file that asks for a newer reader is never written.

pub mod payload;
pub mod slots;
pub mod store;
pub(crate) mod wire;

pub use slots::{FILE_BYTES, Loaded, SLOT_BYTES};
pub use store::{Applied, Disk, Keeper, Recovered, Store, WriteError};
