//! The home screen as one object: the safe load through the store, explanations, restoring, failures.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers outside of test functions; a failure ends the test"
)]

mod kept;
mod kit;
mod laws;
#[path = "../random/mod.rs"]
mod random;
mod screen;
