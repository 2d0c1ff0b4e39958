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
    let set = json(path, "set rollout.state os.compat_check canary 1 --json", 0);
    assert_eq!(set[0]["to"], "canary 1‰", "the share as the device's command takes it");
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
    assert!(text(path, "lint gone.toml ferrule.toml", 2).contains("ferrule.toml: no problem"), "it goes on");
    assert_eq!(json(path, "lint --json gone.toml none.toml", 2).len(), 2, "a refusal and a problem");
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
    // Nothing, and what is no log.
    let garbage: Vec<u8> = (0..300_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let state = fs::read(path.join("rollout.state")).expect("a state");
    for (content, code, exit) in
        [(&b""[..], "RO_AUDIT_EMPTY", 1), (&garbage, "RO_AUDIT_BROKEN", 3), (&state, "RO_AUDIT_BROKEN", 3)]
    {
        fs::write(path.join("odd.0"), content).expect("written");
        assert_eq!(json(path, "audit --json odd.0", exit)[0]["code"], code);
        assert!(text(path, "audit odd.0", exit).contains(code));
    }
}

/// What a name may hold, as nothing that a terminal obeys.
#[test]
fn no_name_reaches_a_terminal_that_it_could_turn() {
    let folder = folder();
    let path = folder.path();
    let odd =
        "schema = 1\ngeneration = 7\n[feature.\"a\\u001b[31mred\\u202e\"]\nid = 1\nstage = \"\\u202efoo\"\n";
    fs::write(path.join("odd.toml"), odd).expect("written");
    fs::write(
        path.join("odd.jsonl"),
        ledger("f", 1, 5, 0).replace("os.compat_check", "os\u{202e}\\u001bcheck"),
    )
    .expect("written");
    for (arguments, code) in [
        ("lint odd.toml", 1),
        ("lint odd.toml --json", 1),
        ("compile odd.toml --out odd.state", 1),
        ("status odd.state", 3),
        ("status odd.state --json", 3),
        ("why odd.state \u{1b}[31mx", 2),
        ("why odd.state \u{1b}[31mx --json", 2),
        ("kill odd.state \u{1b}[31mx", 2),
        ("merge odd.jsonl", 0),
        ("merge odd.jsonl --json", 0),
        ("diff odd.jsonl", 0),
        ("diff odd.jsonl --json", 0),
        ("export odd.jsonl", 0),
        ("gate --config odd.toml odd.jsonl", 2),
        ("merge odd.jsonl --feature \u{202e}", 2),
    ] {
        let output = rollout(path, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments}: {output:?}");
        for stream in [output.stdout, output.stderr] {
            let said = String::from_utf8(stream).expect("UTF-8");
            let turns = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!said.contains(turns), "{arguments}: {said:?}");
            let is_short = |line: &str| line.starts_with('{') || line.chars().count() <= 100;
            assert!(said.lines().all(is_short), "{arguments}: {said}");
        }
    }
}

#[test]
fn evidence_of_one_device_is_no_fleets_and_a_number_beyond_all_is_refused() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("one.jsonl"), ledger("f", 1, 1_000_000, 0)).expect("written");
    let merged = &json(path, "merge --json one.jsonl", 0)[0];
    assert_eq!((&merged["comparisons"], &merged["trials"]), (&1_000_000.into(), &2_995.into()));
    assert!(merged["bound95"].as_f64().is_some_and(|bound| bound > 9e-4), "{merged}");
    assert!(text(path, "merge one.jsonl", 0).contains("2995 of them count"));
    let over = ledger("f", 2, 5, 0).replace("\"match\":5", "\"match\":18446744073709551615");
    fs::write(path.join("over.jsonl"), ledger("f", 1, 5, 0) + &over).expect("written");
    let error = &json(path, "merge --json over.jsonl", 2)[0]["error"];
    assert_eq!((&error["code"], &error["place"]), (&"RO_LEDGER_SYNTAX".into(), &"over.jsonl:4".into()));
    // Clean the first time, burned when it came again.
    fs::write(path.join("again.jsonl"), ledger("f", 1, 5, 0) + &ledger("f", 1, 5, 1)).expect("written");
    let merged = &json(path, "merge --json again.jsonl", 1)[0];
    assert_eq!((&merged["real"], &merged["devices_burned"]), (&1.into(), &1.into()));
    // A mistyped name, and no difference.
    for command in ["merge", "diff", "export"] {
        let output = rollout(path, &format!("{command} --feature os.compat_chekc one.jsonl"));
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(said.contains("did you mean os.compat_check?"), "{command}: {said}");
    }
    let output = rollout(path, "gate --config ferrule.toml --feature os.compat_chekc one.jsonl");
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean os.compat_check?"));
    let none = &json(path, "diff --json one.jsonl", 0)[0];
    assert_eq!((&none["kind"], &none["count"]), (&"none".into(), &0.into()));
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

/// R5, R6, R59: the gate of a feature on the caller's thread asks guards for times, and one that writes may not be there at all.
#[test]
fn the_gate_asks_for_times_where_a_feature_runs_on_the_callers_thread() {
    let folder = folder();
    let path = folder.path();
    let inline = CONFIG.replace("ceiling = \"live\"\n", "ceiling = \"live\"\ninline = true\n");
    fs::write(path.join("inline.toml"), &inline).expect("written");
    let hash = |config: &str| {
        let config = ferrule_rollout::config::parse(config, None).config.expect("good");
        config.named("os.compat_check").expect("there").hash()
    };
    assert_ne!(hash(CONFIG), hash(&inline), "it is compared anew");
    let fleet: String = (0..299).map(|device| ledger(&hash(&inline), device, 101, 0)).collect();
    fs::write(path.join("fleet.jsonl"), &fleet).expect("written");
    let shut = text(path, "gate --config inline.toml fleet.jsonl", 1);
    assert!(shut.contains("RO_GATE_INLINE") && shut.contains("candidate p99 unknown"), "{shut}");
    let times = |ns: u64| {
        let side = |side: &str| {
            format!(
                "{{\"kind\":\"latency\",\"schema\":1,\"feature\":\"os.compat_check\",\"side\":\"{side}\",\
                 \"buckets\":[[{ns},{ns},1000]]}}\n"
            )
        };
        side("legacy") + &side("candidate")
    };
    fs::write(path.join("quick.jsonl"), times(19_000)).expect("written");
    fs::write(path.join("slow.jsonl"), times(60_000)).expect("written");
    text(path, "gate --config inline.toml --guard quick.jsonl fleet.jsonl", 0);
    let shut = json(path, "gate --config inline.toml --guard slow.jsonl --json fleet.jsonl", 1);
    assert_eq!(shut[0]["blocks"][0]["code"], "RO_GATE_INLINE");
    let writes = CONFIG.replace("template = \"read_write\"\n", "template = \"read_write\"\ninline = true\n");
    fs::write(path.join("writes.toml"), writes).expect("written");
    assert!(text(path, "lint writes.toml", 1).contains("R59"));
}
