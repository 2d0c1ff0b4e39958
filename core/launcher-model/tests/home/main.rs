//! The home screen as one object: the safe load through the store, explanations, restoring, failures.

mod kit;
mod laws;
#[path = "../random/mod.rs"]
mod random;
