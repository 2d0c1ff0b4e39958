//! The load that users get: nothing is lost, and everything that is not where it was is explained (SPEC-07..11 NEW, LM-I1..I8).
//!
//! [`load()`] asks [`crate::compat`] for its verdict on every row and answers with a table over it ([`fate()`]): a row is
//! **live** (on the screen), **held** (kept at its place, shown as unavailable), **quarantined** (kept, off the screen,
//! restorable) or **opaque** (not understood, kept with its cells). Nothing is deleted, what has no place is moved, and what
//! differs from Launcher3 has a code of its own ([`Deviation`]). It executes nothing, reads no clock and calls no platform.
//!
//! Invariants, each a property test:
//! * Every row ends in exactly one state, and is listed (LM-I1, LM-I17).
//! * What `compat` shows at a place of its own stays exactly there.
//! * Seats are disjoint, inside the grid and outside the reserved row (LM-I2); contents form a tree of at most
//!   folder → pair → app (LM-I3) with ranks 0..n−1 (LM-I4).
//! * A load of what a load left changes nothing (LM-I5, LM-I6); the order of the batch does not matter (LM-I7).
//! * *Unknown* moves nothing and rewrites nothing (LM-I8).

mod board;
mod check;
mod deviation;
mod effects;
mod explain;
mod fate;
mod load;
mod outcome;
mod ranks;
mod subject;
mod target;
mod tree;
mod writes;

pub use check::violations;
pub use deviation::Deviation;
pub(crate) use effects::note_pin;
pub use effects::{Effects, Pins};
pub use explain::{Explanation, Remedy};
pub use fate::{Fate, LegacyEnd, State, fate};
pub use load::load;
pub(crate) use load::load_parsed;
pub use outcome::{RowOutcome, SafeOutcome, Seat, StoredPlace};
pub use target::RowTarget;
pub use writes::{RowWrite, rows_after};
