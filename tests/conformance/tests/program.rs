//! What `ferrule-conformance` says of data that it cannot use: exit code 2, and the file with the cause.
#![expect(clippy::unwrap_used, reason = "a test, also outside of its functions")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Exit code and everything that was said.
fn run(dir: &Path, kind: &str) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrule-conformance"));
    let output = command.arg("--dir").arg(dir).arg(kind).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn unusable_data_are_exit_code_2_with_file_and_cause() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["empty", "broken/os4", "folder/os4/incrementals.tsv"] {
        fs::create_dir_all(path(name)).unwrap();
    }
    fs::write(path("file"), "no folder").unwrap();
    fs::write(path("broken/os4/incrementals.tsv"), [0xff; 5000]).unwrap();
    for (dir, kind, words) in [
        ("missing", "os4/incrementals", ["missing cannot be read", "No such file"]),
        ("file", "os4/incrementals", ["file cannot be read", "Not a directory"]),
        ("empty", "os4", ["empty holds no case", "os4/incrementals: absent"]),
        ("empty", "os5", ["there is no kind os5", "the nearest is os4"]),
        ("broken", "os4/incrementals", ["broken/os4/incrementals.tsv: ", "valid UTF-8"]),
        ("folder", "os4/incrementals", ["folder/os4/incrementals.tsv: ", "Is a directory"]),
    ] {
        let (code, said) = run(&path(dir), kind);
        assert_eq!(code, 2, "{dir}: {said}");
        assert!(words.iter().all(|word| said.contains(word)), "{dir}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}
