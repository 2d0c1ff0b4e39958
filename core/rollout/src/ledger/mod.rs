//! The evidence: what was compared, how often, and what follows from it (R46, R49–R52).
//!
//! What it is: one [`Ledger`] a key and rung, its bounds, and the [`gate()`] over the sum of many. What it is not: it compares
//! nothing and asks for no time.
//!
//! Invariants: a ledger belongs to one legacy build, candidate build, comparator and configuration, and nothing resets it
//! (R49, R50); sums add evidence, never forgive a mismatch (R46); memory is bounded whatever is counted (RO-I6).

pub mod bounds;
#[cfg(feature = "json")]
pub mod detail;
pub mod distinct;
#[cfg(feature = "json")]
pub mod export;
#[cfg(feature = "json")]
pub mod fleet;
pub mod gate;
#[cfg(feature = "json")]
pub mod merge;
mod record;
#[cfg(feature = "json")]
mod seen;
mod tally;

pub use distinct::Distinct;
pub use gate::{Block, Context, InlineTimes, Verdict, gate};
pub use record::{CLASSES_MAX, EXPLAINED_MAX, Explained, Key, Ledger, Outcome};
pub use tally::{CREDIT_A_DAY, CREDIT_MAX, Counted, Mixed, Tally, credit};
