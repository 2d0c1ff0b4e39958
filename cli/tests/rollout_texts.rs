//! `ferrule rollout status` and `why`, word for word: the guard on a device prints the same lines (`tests/golden`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ferrule_rollout::engine::Durable;
use ferrule_rollout::slot::Loaded;
use ferrule_rollout::slot::payload::Payload;
use ferrule_rollout::slot::slots::{encode_file, load};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(name)
}

fn ferrule(state: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ferrule"))
        .arg("rollout")
        .arg(words[0])
        .arg(state)
        .args(&words[1..])
        .args(["--sdk", "35", "--model", "дом"])
        .output()
        .expect("ferrule runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.lines().all(|line| line.chars().count() <= 100 || line.starts_with('{')), "{text}");
    text
}

#[test]
fn the_golden_texts_are_what_this_version_prints() {
    let file = fs::read(golden("rollout-state.bin")).unwrap();
    let Loaded::State(payload) = load(Some(&file)).0 else { panic!("the golden state is one") };
    let as_it_is = payload.durable;
    let mut free = as_it_is.clone();
    free.killed = Default::default();
    free.safe_mode = None;
    free.lost = false;
    free.features[0].killed = Default::default();
    free.features[0].overlay = None;
    free.features[1].tripped_until_ms = 0;
    free.features[1].probing = false;
    let folder = tempfile::tempdir().unwrap();
    let (mut text, mut json) = (String::new(), String::new());
    for (name, durable) in [("as it is", as_it_is), ("without what holds it back", free)] {
        let path = folder.path().join("state");
        let names: Vec<String> =
            durable.features.iter().map(|feature| feature.settings.name.clone()).collect();
        let payload = Payload { durable: Durable { ..durable }, ..Payload::default() };
        fs::write(&path, encode_file(&payload).unwrap()).unwrap();
        text += &format!("# the state {name}: status\n{}", ferrule(&path, &["status"]));
        for feature in names {
            text += &format!("# the state {name}: why {feature}\n{}", ferrule(&path, &["why", &feature]));
            let why = ferrule(&path, &["why", &feature, "--json"]);
            json += &format!("# the state {name}: why {feature} --json\n{why}");
        }
        json += &format!("# the state {name}: status --json\n{}", ferrule(&path, &["status", "--json"]));
    }
    for (name, text) in [("rollout-texts.txt", text), ("rollout-json.txt", json)] {
        let path = golden(name);
        if std::env::var_os("FERRULE_WRITE_GOLDEN").is_some() {
            fs::write(&path, &text).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&path).unwrap_or_default(),
            text,
            "{name}: the guard's texts have to follow"
        );
    }
}
