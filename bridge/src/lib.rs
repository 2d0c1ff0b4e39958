//! The one crate that knows about FFI.

pub mod store;
