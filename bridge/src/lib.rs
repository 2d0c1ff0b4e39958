//! The one crate that knows about FFI.
