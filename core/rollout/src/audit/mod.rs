//! The audit log: what moved, who moved it and why, chained by hashes (R55, `docs/formats/rollout-audit.md`).
//!
//! What it is: records to bytes, the place of the next one in a ring of two files, and the check of the chain. What it is
//! not: it opens no file, and a chain without a key proves no author; it shows that nothing in it was changed.
//!
//! Invariants: at most [`FILE_BYTES_MAX`] bytes a file; a record is never rewritten; a torn tail is told apart from a broken
//! chain.

mod chain;
mod record;

pub use chain::{Append, End, Report, Writer, verify};
pub use record::{GENESIS, RECORD_BYTES, Record};

/// Bytes of each of the two files at most.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
