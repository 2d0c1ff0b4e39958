//! An output that is also an input is refused by every command, and the input stays as it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::process::Command;

const CONFIG: &str = "schema = 1\ngeneration = 3\n[feature.\"f\"]\nid = 0\n";

/// Every command that writes what an argument names; `in` is the input, `linked` another name of it.
const COMMANDS: &[&str] = &[
    "rollout compile in --out in",
    "rollout compile in --out ./in",
    "rollout compile in --out linked",
    "rollout compile in --out in --json",
    "rollout report --config in --out in",
    "rollout report --config good.toml --out in in",
    "rollout report --config good.toml --guard in --out in",
    "rollout report --config good.toml --drills in --out sub/../in",
    "rollout report --config good.toml --audit in --out linked",
    "rollout report --config good.toml --state in --out in",
    "icons import in --into in",
    "icons import other in --into linked",
    "icons render in --out in",
    "icons export in --into in",
    "model import in --store in",
    "model import in --store in --existing",
    "model import other in --store linked --existing",
    "model export favorites in --store in",
];

#[test]
fn each_is_refused_and_the_input_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("in"), CONFIG).unwrap();
    fs::write(path("good.toml"), CONFIG).unwrap();
    fs::write(path("other"), "another").unwrap();
    fs::hard_link(path("in"), path("linked")).unwrap();
    fs::create_dir(path("sub")).unwrap();
    for command in COMMANDS {
        let mut ferrule = Command::new(env!("CARGO_BIN_EXE_ferrule"));
        let output = ferrule.current_dir(folder.path()).args(command.split(' ')).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}: {said}");
        let remedy = said.contains("Choose another name") || said.contains("Choose a name that is free");
        assert!(remedy, "{command}: {said}");
        assert_eq!(fs::read_to_string(path("in")).unwrap(), CONFIG, "{command}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5, "{command}: nothing else is written");
    }
}

/// What is written takes no neighbour's place on its way.
#[test]
fn an_input_beside_the_output_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("rollout.new"), CONFIG).unwrap();
    let mut ferrule = Command::new(env!("CARGO_BIN_EXE_ferrule"));
    ferrule.current_dir(folder.path()).args(["rollout", "compile", "rollout.new", "--out", "rollout.state"]);
    assert!(ferrule.status().unwrap().success());
    assert_eq!(fs::read_to_string(path("rollout.new")).unwrap(), CONFIG);
}
