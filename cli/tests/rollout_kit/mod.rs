//! What the tests of `ferrule rollout` share: the program, run in a folder.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `ferrule rollout` with words that blanks separate.
pub fn rollout(folder: &Path, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ferrule"))
        .current_dir(folder)
        .arg("rollout")
        .args(arguments.split_whitespace())
        .output()
        .expect("ferrule runs")
}
