//! Whether legacy and candidate answered the same, and if not, whether a documented cause explains just that (R57).
//!
//! What it is: one comparator a feature, and the proof that a cause has to bring. What it is not: it runs nobody; both answers
//! come in, and are computed again from the input.
//!
//! Invariants: a cause is named only if both answers, computed again, are the ones that came in, and the cause, taken away,
//! takes the whole difference with it; a difference that only looks the same stays a mismatch.
#![forbid(unsafe_code)]

pub mod icon;
pub mod model;
pub mod os;
mod proof;

pub use proof::{Comparison, explain};
