//! The update session by itself.
