//! `ferrule rollout report`: files in, one page out that needs nothing else and gives nothing away.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod rollout_kit;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ferrule_rollout::diff::{Recorder, Redactor, Rules, Tag, Tree, compare};
use ferrule_rollout::ledger::detail;
use ferrule_rollout::ledger::export::to_text;
use ferrule_rollout::ledger::{Key, Ledger, Outcome};
use ferrule_rollout::stage::Rung;

use rollout_kit::rollout;

const CONFIG: &str = r#"schema = 1
generation = 3

[feature."os.compat_check"]
id = 0
stage = "shadow"
ceiling = "live"
classes = ["miui", "aosp"]
accept = ["OS_LEGACY_TRUSTS_SPOOF"]

[feature."launcher.model"]
id = 1
template = "read_write"
stage = "shadow"
classes = ["icons"]

[[feature."launcher.model".waive]]
path = "items[*].title"
reason = "collation"
owner = "launcher"
expires = "2026-01-31"
max_rate = 0.001
"#;

/// What no file that leaves a device may hold.
const SECRETS: [&str; 3] = ["com.secret.bank", "Anna's phone", "content://contacts/4711"];

fn report(folder: &Path, arguments: &str) -> Output {
    rollout(folder, &format!("report {arguments}"))
}

fn key(feature: &str, stage: Rung) -> Key {
    let config = ferrule_rollout::config::parse(CONFIG, None).config.expect("good");
    Key {
        feature: feature.into(),
        op: String::new(),
        legacy_build: "L1".into(),
        candidate_build: "9f3c".into(),
        comparator: 1,
        config: config.named(feature).expect("there").hash(),
        rung: stage,
    }
}

fn clean(number: u32) -> String {
    let mut ledger = Ledger::new(key("os.compat_check", Rung::SHADOW), format!("{number:032x}"));
    for call in 0..101_u64 {
        ledger.record(Outcome::Match, if call % 2 == 0 { "miui" } else { "aosp" }, call % 7 + 1);
    }
    ledger.record_explained([("OS_LEGACY_TRUSTS_SPOOF", true)], "miui");
    ledger.days = 8;
    to_text(&ledger).expect("JSON")
}

/// A device on which the model differed in something personal.
fn burned() -> String {
    let ledger = {
        let mut ledger = Ledger::new(key("launcher.model", Rung::SHADOW), format!("{:032x}", 77));
        ledger.record(Outcome::Match, "icons", 1);
        ledger.record(Outcome::Mismatch, "icons", 2);
        ledger
    };
    let tree = |suffix: &str| {
        Tree::map([
            ("package", Tree::text(format!("{}{suffix}", SECRETS[0]))),
            (
                "items",
                Tree::List(vec![Tree::map([("title", Tree::text(format!("{}{suffix}", SECRETS[1])))])]),
            ),
            ("uri", Tree::Bytes(format!("{}{suffix}", SECRETS[2]).into_bytes())),
        ])
    };
    let mut recorder = Recorder::new("launcher.model", "", "9f3c", Redactor::new([3; 32]));
    let found = compare(&tree(""), &tree("!"), &mut Rules::default());
    recorder.record(&found, 5, 1, |_| Tag::Untagged);
    let mut text = to_text(&ledger).expect("JSON");
    for line in detail::lines(&recorder, &ledger.device, |_| None) {
        text += &serde_json::to_string(&line).expect("JSON");
        text.push('\n');
    }
    text + &format!(
        "{{\"kind\":\"day\",\"schema\":1,\"device\":\"{}\",\"day\":0,\"comparisons\":2,\"real\":1}}\n",
        ledger.device
    )
}

const GUARD: &str = r#"{"kind":"guard","schema":1,"build":"9f3c","features":2,"what_is_new":[1]}
{"kind":"latency","schema":1,"feature":"os.compat_check","side":"legacy","count":3000,"p50_ns":1,"buckets":[[40000,40400,1500],[41000,41400,1500]]}
{"kind":"latency","schema":1,"feature":"os.compat_check","side":"candidate","count":3000,"p50_ns":1,"buckets":[[20000,20200,2000],[30000,30300,1000]]}
{"kind":"operation","schema":1,"feature":"os.compat_check","operation":"identify","side":"legacy","count":4000,"p50_ns":41000,"p99_ns":52000,"max_ns":90000,"processor_ns":null,"allocated_bytes":20480}
{"kind":"operation","schema":1,"feature":"os.compat_check","operation":"identify","side":"candidate","count":4000,"p50_ns":20000,"p99_ns":31000,"max_ns":45000,"processor_ns":19000,"allocated_bytes":96}
{"kind":"event","schema":1,"sequence":1,"boot":"01","boottime_ms":100,"actor":"operator","feature":"os.compat_check","from":"off","to":"load","reason":"RO_SET"}
{"kind":"event","schema":1,"sequence":2,"boot":"01","boottime_ms":90000,"actor":"engine","feature":"os.compat_check","from":"load","to":"shadow","reason":"RO_PROMOTED"}
{"kind":"death","schema":1,"feature":"launcher.model","age_ms":7000000,"reason":"SIGSEGV"}
{"kind":"of a later version","schema":9}
"#;

const DRILL: &str = r#"{"kind":"drill","schema_version":1,"feature":"os.compat_check","late_calls":0,"decided_ns":41000,"written_ns":4100000,"survived":true,"undone":true}
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("ferrule.toml", CONFIG);
    write("fleet.jsonl", &(0..299).map(clean).collect::<String>());
    write("burned.jsonl", &burned());
    write("guard.jsonl", GUARD);
    write("drills.jsonl", DRILL);
    folder
}

const ALL: &str = "--config ferrule.toml --guard guard.jsonl --drills drills.jsonl --today 2026-11-30 \
                   --out page.html fleet.jsonl burned.jsonl";

#[test]
fn the_page_says_what_the_gate_says_and_why() {
    let folder = folder();
    let output = report(folder.path(), ALL);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let page = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    for wanted in [
        "1 of 2 features ready, 1 stopped",
        "Ready for canary 1‰.",
        "Not ready for canary 1‰: real mismatches",
        "30,199 · 9.9e-5",
        "the gate: below 1e-4",
        "OS_LEGACY_TRUSTS_SPOOF",
        "items[*]",
        "text#",
        "Within the guard&#39;s limit of",
        "load → shadow",
        "What each operation costs",
        "20,480 B",
        "19.0 µs",
        "SIGSEGV",
        "2026-01-31, over",
        "41.0 µs",
        "ferrule rollout report --config ferrule.toml",
    ] {
        assert!(page.contains(wanted), "{wanted} is missing");
    }
    assert!(page.len() < 200_000, "{} bytes", page.len());
}

#[test]
fn the_page_needs_no_network_and_is_the_same_each_time() {
    let folder = folder();
    report(folder.path(), ALL);
    let first = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    report(folder.path(), ALL);
    assert_eq!(first, fs::read_to_string(folder.path().join("page.html")).expect("a page"));
    for foreign in ["http:", "https:", "//", "@import", "url(", "src=", "<link", "<img", "<iframe", "fetch("]
    {
        assert!(!first.contains(foreign), "{foreign}");
    }
    let mut open = Vec::new();
    for part in first.split('<').skip(1) {
        let name = part.split(['>', ' ']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "closed in order"),
            None if ["!DOCTYPE", "meta", "input"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "all is closed");
}

/// Evidence of another configuration is named, here as by the gate.
#[test]
fn evidence_of_another_configuration_is_not_called_none() {
    let folder = folder();
    let config = fs::read_to_string(folder.path().join("ferrule.toml")).expect("a configuration");
    let changed = config.replace("classes = [", "classes = [\"more\", ");
    assert_ne!(changed, config);
    fs::write(folder.path().join("ferrule.toml"), changed).expect("written");
    let output = report(folder.path(), "--config ferrule.toml --out page.html fleet.jsonl");
    let said = String::from_utf8(output.stdout).expect("UTF-8").replace("\n  ", " ");
    let wanted = "Nothing was gathered at shadow under this configuration: the evidence is of configuration";
    assert!(said.contains(wanted), "{said}");
    let page = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    assert!(page.contains(wanted));
}

/// One device's running time says nothing of another's: the steps of two devices are not drawn as one.
#[test]
fn the_timeline_is_one_devices_and_says_how_many_more_there_are() {
    let folder = folder();
    fs::write(folder.path().join("other.jsonl"), GUARD.replace("\"shadow\"", "\"live\"")).expect("written");
    let all = ALL.replace("--guard guard.jsonl", "--guard guard.jsonl --guard other.jsonl");
    report(folder.path(), &all);
    let page = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    assert!(page.contains("The log of the first device; 1 more handed theirs over."));
    assert!(page.contains("load → shadow") && !page.contains("load → live"));
    assert!(page.contains("Of 2 devices, each time the one with the most calls."));
}

/// RO-I7, at the far end: as they are, in UTF-16, in hexadecimal.
#[test]
fn no_planted_secret_reaches_the_page_or_the_text() {
    let folder = folder();
    let output = report(folder.path(), ALL);
    let diff = Command::new(env!("CARGO_BIN_EXE_ferrule"))
        .current_dir(folder.path())
        .args(["rollout", "diff", "--feature", "launcher.model", "burned.jsonl"])
        .output()
        .expect("ferrule runs");
    let shown = String::from_utf8_lossy(&diff.stdout).into_owned();
    assert!(shown.contains("items[*].title") && shown.contains("text#"), "{shown}");
    let page = fs::read(folder.path().join("page.html")).expect("a page");
    for bytes in [
        &page,
        &output.stdout,
        &output.stderr,
        &diff.stdout,
        &fs::read(folder.path().join("burned.jsonl")).unwrap(),
    ] {
        for secret in SECRETS {
            let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            for wanted in [secret.as_bytes(), &utf16, hex.as_bytes()] {
                assert!(!bytes.windows(wanted.len()).any(|window| window == wanted), "{secret}");
            }
        }
    }
}

#[test]
fn what_cannot_be_read_is_one_message_with_file_and_line_and_makes_no_page() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("cut.jsonl", &clean(1)[..40]);
    write(
        "stray.jsonl",
        "{\"kind\":\"day\",\"schema\":1,\"device\":\"x\",\"day\":0,\"comparisons\":2,\"real\":1}\n",
    );
    write("odd.jsonl", "{\"kind\":\"latency\",\"feature\":1}\n");
    write("later.jsonl", "{\"kind\":\"latency\",\"schema\":2,\"feature\":\"f\"}\n");
    write("bad.toml", "generation = = 3");
    for (arguments, wanted) in [
        ("--config ferrule.toml --out p.html cut.jsonl", "cut.jsonl:1: "),
        ("--config ferrule.toml --out p.html stray.jsonl", "stray.jsonl:1: "),
        ("--config ferrule.toml --out p.html --guard odd.jsonl", "odd.jsonl:1:"),
        (
            "--config ferrule.toml --out p.html --guard later.jsonl",
            "later.jsonl:1: a line of kind latency has schema 2; this version reads 1",
        ),
        ("--config ferrule.toml --out p.html none.jsonl", "none.jsonl: No such file"),
        ("--config bad.toml --out p.html fleet.jsonl", "see ferrule rollout lint"),
        ("--config ferrule.toml --state fleet.jsonl --out p.html fleet.jsonl", "fleet.jsonl: "),
        ("--config ferrule.toml --out none/p.html fleet.jsonl", "none/p.html: "),
        ("--config ferrule.toml --audit a --audit b --audit c --out p.html", "at most"),
    ] {
        let output = report(folder.path(), arguments);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        let message = said.trim_end().replace("\n  ", " ");
        assert!(message.contains(wanted) && message.lines().count() == 1, "{arguments}: {said}");
        assert!(!folder.path().join("p.html").exists());
    }
}
