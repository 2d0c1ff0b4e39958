//! Runs `ferrule os version` and `ferrule completions`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn ferrule(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ferrule")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn json_of(strings: &[&str]) -> Vec<Value> {
    let output = ferrule(&[&["os", "version", "--json"], strings].concat());
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn json_has_the_keys_of_the_contract_in_their_order_and_null_where_nothing_applies() {
    let answers =
        json_of(&["OS4.0.0.21.XZZEUXM.BETA", "RELEASE-8.02.01.0042-270101-01022304-R", "neither", "20.1.9"]);
    let wanted = [
        "input",
        "kind",
        "family",
        "major",
        "form",
        "letters",
        "android",
        "device_code",
        "region",
        "carrier",
        "channel",
        "numbers",
        "version_code",
        "rust",
        "reason",
    ];
    for answer in &answers {
        let keys: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys[..wanted.len()], wanted);
    }
    assert_eq!(
        answers[0],
        json!({
            "input": "OS4.0.0.21.XZZEUXM.BETA", "kind": "incremental", "family": "hyperos", "major": 4, "form": 1,
            "letters": "XZZEUXM", "android": "17", "device_code": "ZZ", "region": "EU", "carrier": "XM",
            "channel": "BETA", "numbers": [4, 0, 0, 21], "version_code": null, "rust": null, "reason": null,
        })
    );
    assert_eq!(
        answers[1],
        json!({
            "input": "RELEASE-8.02.01.0042-270101-01022304-R", "kind": "launcher", "family": null, "major": null,
            "form": null, "letters": null, "android": null, "device_code": null, "region": null, "carrier": null,
            "channel": "RELEASE", "numbers": [8, 2, 1, 42], "version_code": 802010042, "rust": true, "reason": null,
        })
    );
    assert_eq!(
        (&answers[2]["kind"], &answers[2]["reason"]),
        (&json!("none"), &json!("OS_INCREMENTAL_NO_FORM"))
    );
    assert_eq!((&answers[3]["form"], &answers[3]["family"]), (&json!(4), &Value::Null));
}

#[test]
fn text_names_the_kind_and_explains_what_is_neither() {
    let output = ferrule(&["os", "version", "V14.0.3.0.TZZMIXM", "V99.0.3.0.TZZMIXM"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("build number of the system"), "{text}");
    assert!(text.contains("[OS_INCREMENTAL_UNKNOWN_MAJOR]"), "{text}");
}

#[test]
fn completions_are_written_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = ferrule(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8_lossy(&output.stdout).contains("rustruntime") || output.stdout.len() > 500);
    }
}
