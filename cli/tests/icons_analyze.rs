//! Runs `ferrule icons analyze`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ferrule_icon_cache::codec::png;
use ferrule_icon_cache::pixels::Image;
use serde_json::{Value, json};

fn ferrule(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrule"));
    command.args(["icons", "analyze"]).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn square(side: u32, pixel: [u8; 4]) -> Vec<u8> {
    let pixels = pixel.repeat((side * side) as usize);
    png::encode(Image::new(side, side, &pixels).unwrap()).unwrap()
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, bytes).unwrap();
    file
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn json_has_the_keys_of_the_contract_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "full.png", &square(192, [0x33, 0x66, 0x99, 255]));
    let output = ferrule(&["--json", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let expected = format!(
        "{{\"file\":{},\"width\":192,\"height\":192,\"dominant\":\"ff336699\",\"scale\":0.80687153,\
         \"bounds\":[0.0,0.0,0.0052083135,0.0052083135],\"mono_sha256\":null}}\n",
        json!(file.to_str().unwrap())
    );
    assert_eq!(text, expected);
}

#[test]
fn a_flattened_bitmap_has_a_monochrome_form() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "red.png", &square(64, [255, 0, 0, 255]));
    let output = ferrule(&["--json", "--flattened", "48", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // 4,096 bytes of 85.
    assert_eq!(
        lines(&output)[0]["mono_sha256"],
        "0561079e4fe3390bc1d8bb706edb7d80243eeca7ddf876cefbaa8c1684db80c3"
    );
    let text = ferrule(&["--flattened", "48", file.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("grey 85 to 85, bright is kept"));
}

#[test]
fn bad_input_is_one_line_each_and_code_2_and_the_others_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let whole = square(8, [1, 2, 3, 255]);
    let good = written(folder.path(), "good.png", &whole);
    let cut = written(folder.path(), "cut.png", &whole[..whole.len() - 1]);
    let text = written(folder.path(), "text.png", b"not a picture");
    let empty = written(folder.path(), "empty.png", b"");
    let names = [&cut, &good, &text, &empty].map(|file| file.to_str().unwrap());
    let output = ferrule(&[&["--json"], &names[..], &["/nowhere/at all.png"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(lines(&output).len(), 1);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors.lines().count(), 4, "{errors}");
    assert!(errors.lines().take(3).all(|line| line.contains("IC_PNG_DAMAGED")), "{errors}");
}

#[test]
fn a_flattened_bitmap_of_another_size_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "red.png", &square(64, [255, 0, 0, 255]));
    let output = ferrule(&["--flattened", "192", file.to_str().unwrap()]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), errors.lines().count()), (Some(2), 1), "{errors}");
    assert!(errors.contains("is 256x256, this is 64x64"), "{errors}");
    assert_eq!(ferrule(&["--flattened", "0", "x.png"]).status.code(), Some(2));
    assert_eq!(ferrule(&[]).status.code(), Some(2));
}

#[test]
fn stdin_is_read_for_a_dash() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrule"));
    command.args(["icons", "analyze", "--json", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(&square(4, [9, 9, 9, 255])).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(lines(&output)[0]["dominant"], "ff090909");
}
