//! The store from outside: what goes in comes out, whatever happens in between.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers outside of test functions; a failure ends the test"
)]

mod damaged_sources;
mod edits;
mod exchange;
mod kit;
mod laws;
mod salvage;
mod snapshots;
mod versions;
