//! The locks and threads that look-ups meet at: the standard library's, or, for `tests/interleavings` alone, those of a
//! scheduler that decides at each of them who goes on.
//!
//! Not here: what is locked, and in which order; see the notes of the module above.

#[cfg(feature = "interleavings")]
pub(super) use shuttle::{
    sync::{Condvar, Mutex, MutexGuard},
    thread::{self, ThreadId},
};
#[cfg(not(feature = "interleavings"))]
pub(super) use std::{
    sync::{Condvar, Mutex, MutexGuard},
    thread::{self, ThreadId},
};
