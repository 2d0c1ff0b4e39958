//! `ferrule`: the cores on a workstation.
fn main() {}
