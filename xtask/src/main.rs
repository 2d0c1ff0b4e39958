//! The project's own tasks: `cargo xtask demo | test | …`.
fn main() {}
