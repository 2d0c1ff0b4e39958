//! Who answers, call by call, why that is safe, and the evidence that lets a feature move on.
//!
//! What it is: the engine of the rollout as data and pure functions: buckets, stages, the step from one state to the
//! next, the bytes of the state slot and the beacon, the audit chain, ledgers with exact bounds, gates, differences with
//! redaction, and dual writes with reconciliation. What it is not: on a device the guard in Kotlin decides, and alone
//! writes state and beacon; this crate holds the same rules and formats for the workstation, for evidence and for proof.
//!
//! Invariants: RO-I1 to RO-I7 of the rollout's specification, checked step by step by a simulator; time, files and
//! randomness are arguments; any bytes are read without a panic.
#![forbid(unsafe_code)]

pub mod audit;
pub mod bucket;
#[cfg(feature = "config")]
pub mod config;
pub mod crash;
pub mod diff;
pub mod engine;
pub mod ledger;
pub mod mutants;
pub mod reason;
pub mod sampling;
pub mod slot;
pub mod stage;
#[cfg(feature = "json")]
pub mod told;
pub mod writes;

pub use reason::RoCode;
