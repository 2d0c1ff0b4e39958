//! A device in a bottle: virtual clock, disk and processes around the rollout engine.
//!
//! What it is: a seeded random history of calls, deaths, kills, configurations and disk faults, with RO-I1 to RO-I7 checked
//! after every step against an oracle that keeps its own books. What it is not: it knows no real time, file or thread; the
//! same seed gives the same history, step by step.
//!
//! Invariants: an injected fault is counted where it was injected and what the device was doing; a violation names seed
//! and step, which replay it.
#![forbid(unsafe_code)]

pub mod coverage;
pub mod disk;
mod oracle;
pub mod random;
pub mod run;
mod world;

pub use coverage::Coverage;
pub use run::{Outcome, Violation, run};
