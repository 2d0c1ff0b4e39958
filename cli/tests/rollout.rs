//! `ferrule rollout`: files in, answers and exit codes out.
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

use serde_json::Value;

use rollout_kit::rollout;

const CONFIG: &str = r#"schema = 1
generation = 3

[feature."os.compat_check"]
id = 0
stage = "shadow"
ceiling = "live"
classes = ["miui"]

[feature."launcher.model"]
id = 1
template = "read_write"
stage = "live"
needs = ["os.compat_check"]
"#;

fn text(folder: &Path, arguments: &str, code: i32) -> String {
    let output = rollout(folder, arguments);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {text}{said}");
    for line in text.lines().filter(|line| !line.starts_with('{')) {
        assert!(line.chars().count() <= 100, "longer than 100 columns: {line}");
    }
    text
}

fn json(folder: &Path, arguments: &str, code: i32) -> Vec<Value> {
    let lines = text(folder, arguments, code);
    let values: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(values.iter().all(|value| value["schema_version"] == 1), "{lines}");
    values
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("ferrule.toml"), CONFIG).expect("written");
    text(folder.path(), "compile ferrule.toml --out rollout.state", 0);
    folder
}

#[test]
fn what_is_compiled_is_shown_and_explained() {
    let folder = folder();
    let path = folder.path();
    let status = json(path, "status rollout.state --json", 0);
    assert_eq!(status[0]["reason"], "RO_SHADOW");
    assert_eq!((&status[0]["answers"], &status[0]["ceiling"]), (&"legacy".into(), &"live".into()));
    // The child stands no higher than its parent.
    assert_eq!((&status[1]["stage"], &status[1]["granted"]), (&"shadow".into(), &"live".into()));
    assert!(text(path, "status rollout.state", 0).contains("os.compat_check"));
    let why = json(path, "why rollout.state launcher.model --json", 0);
    assert_eq!(why[0]["rule"], "RO_KILLED");
    assert_eq!(why.last().map(|rule| &rule["rule"]), Some(&"RO_SHADOW".into()));
    let said = String::from_utf8(rollout(path, "why rollout.state launcher.modle").stderr).expect("UTF-8");
    assert!(said.contains("did you mean launcher.model?"), "{said}");
}

#[test]
fn a_kill_holds_until_it_is_taken_back_and_a_rise_takes_one_step() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(json(path, "kill rollout.state os.compat_check --json", 0)[0]["code"], "RO_KILLED");
    let status = json(path, "status rollout.state --json", 3);
    assert_eq!((&status[0]["reason"], &status[1]["reason"]), (&"RO_KILLED".into(), &"RO_DEPENDENCY".into()));
    assert_eq!(json(path, "unkill rollout.state os.compat_check --json", 0)[0]["code"], "RO_UNKILLED");
    json(path, "status rollout.state --json", 0);
    assert_eq!(json(path, "set rollout.state os.compat_check live --json", 1)[0]["code"], "RO_REFUSED");
    let set = json(path, "set rollout.state os.compat_check canary --permille 1 --json", 0);
    assert_eq!((&set[0]["from"], &set[0]["to"]), (&"shadow".into(), &"canary 1‰".into()));
    text(path, "set rollout.state os.compat_check off", 0);
    assert_eq!(json(path, "status rollout.state --json", 0)[0]["reason"], "RO_OFF");
    text(path, "kill rollout.state all", 0);
    text(path, "status rollout.state", 3);
}

#[test]
fn a_bad_feature_is_off_and_a_bad_file_makes_no_state() {
    let folder = folder();
    let path = folder.path();
    let bad = CONFIG.replace("stage = \"shadow\"", "stage = \"canary\"\ncanary_permille = 1500");
    fs::write(path.join("bad.toml"), bad).expect("written");
    text(path, "compile bad.toml --out bad.state", 1);
    assert_eq!(json(path, "status bad.state --json", 3)[0]["reason"], "RO_CONFIG_RANGE");
    let problem = &json(path, "lint bad.toml --json", 1)[0];
    assert_eq!(
        (&problem["line"], &problem["column"], &problem["near"]),
        (&7.into(), &19.into(), &"150".into())
    );
    fs::write(path.join("none.toml"), "generation = = 2").expect("written");
    text(path, "compile none.toml --out none.state", 2);
    assert!(!path.join("none.state").exists());
    text(path, "lint none.toml", 2);
    text(path, "lint ferrule.toml", 0);
    fs::write(path.join("torn.state"), "FRRS").expect("written");
    text(path, "status torn.state", 2);
    text(path, "kill torn.state all", 2);
}

fn ledger(config: &str, device: u32, comparisons: u64, mismatches: u64) -> String {
    let device = format!("{device:032x}");
    let all = comparisons + mismatches;
    format!(
        "{{\"kind\":\"ledger\",\"schema\":1,\"feature\":\"os.compat_check\",\"op\":\"\",\"legacy_build\":\"L\",\
         \"candidate_build\":\"9f\",\"comparator\":1,\"config\":\"{config}\",\"stage\":\"shadow\",\"permille\":0,\
         \"device\":\"{device}\",\"comparisons\":{all},\"real\":{mismatches},\"unaccepted\":0,\"days\":7,\"loads\":1,\
         \"deaths\":0,\"latency_hours\":0,\"latency_trips\":0,\"drifted_days_ago\":null,\"match\":{comparisons},\
         \"mismatch\":{mismatches}}}\n\
         {{\"kind\":\"class\",\"schema\":1,\"device\":\"{device}\",\"class\":\"miui\",\"hits\":{all}}}\n\
         {{\"kind\":\"input\",\"schema\":1,\"device\":\"{device}\",\"hash\":77,\"count\":{all},\"level\":0}}\n"
    )
}

#[test]
fn the_gate_opens_on_the_evidence_of_a_fleet_and_one_mismatch_shuts_it() {
    let folder = folder();
    let path = folder.path();
    let parsed = ferrule_rollout::config::parse(CONFIG, None);
    let hash = parsed.config.expect("good").named("os.compat_check").expect("there").hash();
    let fleet: String = (0..299).map(|device| ledger(&hash, device, 101, 0)).collect();
    fs::write(path.join("fleet.jsonl"), &fleet).expect("written");
    let merged = &json(path, "merge --json fleet.jsonl", 0)[0];
    assert_eq!((&merged["devices"], &merged["comparisons"]), (&299.into(), &30_199.into()));
    assert!(merged["bound95"].as_f64().is_some_and(|bound| bound < 1e-4));
    let open = &json(path, "gate --config ferrule.toml --json fleet.jsonl", 0)[0];
    assert_eq!((&open["open"], &open["to"]), (&true.into(), &"canary 1‰".into()));
    text(path, "gate --config ferrule.toml fleet.jsonl", 0);
    fs::write(path.join("one.jsonl"), ledger(&hash, 1000, 100, 1)).expect("written");
    let shut = text(path, "gate --config ferrule.toml fleet.jsonl one.jsonl", 1);
    assert!(shut.contains("RO_GATE_BURNED"), "{shut}");
    assert!(text(path, "diff one.jsonl", 1).contains("mismatch"));
    text(path, "merge fleet.jsonl fleet.jsonl", 1);
    fs::write(path.join("other.jsonl"), ledger("ffff", 2000, 1, 0)).expect("written");
    text(path, "merge fleet.jsonl other.jsonl", 2);
    text(path, "gate --config ferrule.toml other.jsonl", 2);
    let exported = text(path, "export --feature os.compat_check one.jsonl", 0);
    assert_eq!(exported.lines().count(), 3);
    assert_eq!(text(path, "export --feature other one.jsonl", 1), "");
    fs::write(path.join("cut.jsonl"), &fleet[..fleet.len() - 20]).expect("written");
    text(path, "merge cut.jsonl", 2);
}

#[test]
fn the_golden_audit_log_holds_and_a_changed_byte_is_seen() {
    let folder = folder();
    let path = folder.path();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/rollout-audit.bin");
    let mut bytes = fs::read(golden).expect("the golden log");
    fs::write(path.join("audit.0"), &bytes).expect("written");
    let records = json(path, "audit --json audit.0", 0);
    assert_eq!((&records[1]["reason"], &records[3]["records"]), (&"RO_SET".into(), &3.into()));
    assert!(text(path, "audit audit.0", 0).contains("the chain holds"));
    bytes[200] ^= 1;
    fs::write(path.join("audit.0"), &bytes).expect("written");
    assert_eq!(json(path, "audit --verify --json audit.0", 3)[0]["code"], "RO_AUDIT_BROKEN");
    bytes[200] ^= 1;
    bytes.truncate(440);
    fs::write(path.join("audit.0"), &bytes).expect("written");
    assert_eq!(json(path, "audit --verify --json audit.0", 1)[0]["code"], "RO_AUDIT_TORN");
}

#[test]
fn a_drill_kills_looks_and_takes_back() {
    let folder = folder();
    let path = folder.path();
    let before = json(path, "status rollout.state --json", 0);
    let drill = &json(path, "drill rollout.state os.compat_check --json", 0)[0];
    assert_eq!((&drill["kind"], &drill["late_calls"]), (&"drill".into(), &0.into()));
    assert_eq!((&drill["survived"], &drill["undone"]), (&true.into(), &true.into()));
    assert!(drill["decided_ns"].is_u64() && drill["written_ns"].is_u64());
    assert_eq!(json(path, "status rollout.state --json", 0), before, "all as before");
    assert!(text(path, "drill rollout.state launcher.model", 0).contains("a new process finds it killed"));
    // The kill of another source stays, and the drill says that it is there.
    text(path, "kill rollout.state all", 0);
    text(path, "drill rollout.state launcher.model", 2);
    assert_eq!(json(path, "status rollout.state --json", 3)[1]["reason"], "RO_KILLED");
}
