//! The memory tier on the trace of a drawer that is scrolled through: hits and bytes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../benches/icons/trace.rs"]
mod trace;

#[test]
fn a_look_through_the_drawer_does_not_push_out_what_is_used() {
    trace::hold();
}
