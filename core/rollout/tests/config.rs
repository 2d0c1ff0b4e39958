//! The configuration file: one row a mistake, with the line, column, code and advice that it gets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use ferrule_rollout::config::{Config, fall_back, parse};
use ferrule_rollout::slot::Loaded;
use ferrule_rollout::slot::slots::load;
use ferrule_rollout::stage::{Rung, Stage, Template};

const GOOD: &str = r#"schema = 1
generation = 7

[feature."os.compat_check"]
id = 0
stage = "live"
classes = ["miui", "hyperos"]
accept = ["OS_LEGACY_TRUSTS_SPOOF"]

[feature."launcher.model"]
id = 1
template = "read_write"
stage = "canary"
canary_permille = 10
ceiling = "live"
critical = true
needs = ["os.compat_check"]
targets = { sdk_min = 34, model = ["a", "b"] }

[[feature."launcher.model".waive]]
path = "items[*].title"
reason = "collation"
owner = "launcher"
expires = "2027-01-31"
max_rate = 0.001
"#;

#[test]
fn a_good_file_compiles_into_a_slot() {
    let parsed = parse(GOOD, Some("2026-11-30"));
    assert_eq!(parsed.problems, []);
    let config = parsed.config.unwrap();
    let model = config.named("launcher.model").unwrap();
    assert_eq!(model.settings.template, Template::ReadWrite);
    assert_eq!((model.settings.start, model.settings.ceiling), (Rung::canary(10), Rung::of(Stage::Live)));
    assert_eq!((model.settings.parents, model.settings.targets.len(), model.waivers.len()), (1, 3, 1));
    let file = config.compile().unwrap();
    let Loaded::State(payload) = load(Some(&file)).0 else { panic!("not readable") };
    assert_eq!(payload.durable.generation, 7);
    assert_eq!(payload.durable.named("launcher.model").unwrap().granted, Rung::canary(10));
}

#[test]
fn every_mistake_is_named_at_its_place() {
    let feature = |body: &str| format!("schema = 1\ngeneration = 1\n[feature.a]\n{body}\n");
    for (text, lines) in [
        (
            feature("id = 0\nstage = \"canary\"\ncanary_permille = 1500"),
            vec![
                "f:6:19: RO_CONFIG_RANGE canary_permille = 1500 is outside 0..=1000. Feature a stays OFF. Did you mean 150?",
            ],
        ),
        (
            feature("id = 0\nstage = \"shaddow\""),
            vec![
                "f:5:9: RO_CONFIG_RANGE stage = \"shaddow\" is none of off, load, shadow, canary, live, retire, complete. Feature a stays OFF. Did you mean shadow?",
            ],
        ),
        (
            feature("id = 0\nstage = \"canary\""),
            vec![
                "f:5:9: RO_CONFIG_MISSING canary_permille is missing; a canary needs its share, 0..=1000. Feature a stays OFF.",
            ],
        ),
        (
            feature("id = 0\nstage = \"live\"\ncanary_permille = 5"),
            vec![
                "f:6:19: RO_CONFIG_RANGE canary_permille is for stage = \"canary\" only, not live. Feature a stays OFF.",
            ],
        ),
        (
            feature("id = 0\nstage = \"retire\""),
            vec!["f:5:9: RO_CONFIG_RANGE stage = retire is no stage of template pure. Feature a stays OFF."],
        ),
        (
            feature("id = 0\nstage = \"live\"\nceiling = \"shadow\""),
            vec!["f:6:11: RO_CONFIG_RANGE ceiling = shadow is below stage = live. Feature a stays OFF."],
        ),
        (
            feature("id = 0\nstage = \"complete\""),
            vec![
                "f:5:9: RO_CONFIG_RANGE stage = complete needs legacy_present = false: call sites still keep legacy. Feature a stays OFF.",
            ],
        ),
        (
            feature("stage = \"live\""),
            vec![
                "f:3:10: RO_CONFIG_MISSING id is missing; it has to be a number that this feature keeps for ever. Feature a stays OFF.",
            ],
        ),
        (
            feature("id = 63"),
            vec!["f:4:6: RO_CONFIG_RANGE id = 63 is outside 0..=62. Feature a stays OFF. Did you mean 6?"],
        ),
        (
            feature("id = \"x\""),
            vec!["f:4:6: RO_CONFIG_TYPE id is a string; it has to be a whole number. Feature a stays OFF."],
        ),
        (
            feature("id = 0\ncritcal = true"),
            vec![
                "f:5:1: RO_CONFIG_UNKNOWN_KEY there is no setting critcal; there are id, template, stage, canary_permille, ceiling, ceiling_permille, critical, needs, exclusive_group, window_start, targets, accept, classes, waive, inline, legacy_present, note. Feature a stays OFF. Did you mean critical?",
            ],
        ),
        (
            feature("id = 0\nneeds = [\"b\"]\n[feature.bb]\nid = 1"),
            vec![
                "f:5:10: RO_CONFIG_DEPENDENCY needs \"b\", and there is no such feature. Feature a stays OFF. Did you mean a?",
            ],
        ),
        (
            feature("id = 0\nneeds = [\"b\"]\n[feature.b]\nid = 1\nneeds = [\"a\"]"),
            vec![
                "f:3:10: RO_CONFIG_DEPENDENCY it needs itself in the end. Feature a stays OFF.",
                "f:6:10: RO_CONFIG_DEPENDENCY it needs itself in the end. Feature b stays OFF.",
            ],
        ),
        (
            feature("id = 0\n[feature.b]\nid = 0"),
            vec![
                "f:6:6: RO_CONFIG_DUPLICATE id = 0 is the number of a too; neither is believed. Feature b stays OFF.",
            ],
        ),
        (
            feature(
                "id = 0\nstage = \"canary\"\ncanary_permille = 20\nexclusive_group = \"g\"\n[feature.b]\nid = 1\nstage = \"canary\"\ncanary_permille = 5\nwindow_start = 19\nexclusive_group = \"g\"",
            ),
            vec!["f:8:10: RO_CONFIG_OVERLAP reaches devices that a reaches too. Feature b stays OFF."],
        ),
        (
            feature("id = 0\nwindow_start = 990\nstage = \"canary\"\ncanary_permille = 20"),
            vec![
                "f:5:16: RO_CONFIG_RANGE window_start = 990 and its share go beyond 1000. Feature a stays OFF.",
            ],
        ),
        (
            feature("id = 0\ntargets = { sdk_mn = 3 }"),
            vec![
                "f:5:13: RO_CONFIG_UNKNOWN_KEY there is no setting sdk_mn; there are model, sdk_min, sdk_max, patch_min, abi, page_size, ram_gib_min, build_type, candidate_min. Feature a stays OFF. Did you mean sdk_min?",
            ],
        ),
        (
            feature(
                "id = 0\n[[feature.a.waive]]\npath = \"x\"\nreason = \"r\"\nowner = \"o\"\nexpires = \"2026-11-29\"\nmax_rate = 0.1",
            ),
            vec!["f:5:1: RO_CONFIG_WAIVER expires = \"2026-11-29\" has run out. Feature a stays OFF."],
        ),
        (
            "schema = 2\ngeneration = 1\n[feature.a]\nid = 0\n".to_owned(),
            vec!["f:1:10: RO_CONFIG_RANGE schema = 2 is outside 1..=1."],
        ),
        (
            "schema = 1\n[feature.a]\nid = 0\n".to_owned(),
            vec!["f:1:1: RO_CONFIG_MISSING generation is missing; it has to be a number from 1 on."],
        ),
    ] {
        let parsed = parse(&text, Some("2026-11-30"));
        let found: Vec<String> = parsed.problems.iter().map(|problem| problem.to_line("f")).collect();
        assert_eq!(found, lines, "{text}");
        for feature in parsed.config.iter().flat_map(|config| &config.features) {
            let named = found
                .iter()
                .any(|line| line.contains(&format!("Feature {} stays OFF", feature.settings.name)));
            assert!(!named || feature.settings.is_bad && feature.settings.start == Rung::OFF, "{text}");
        }
    }
}

#[test]
fn text_that_is_no_toml_is_a_problem_at_its_place_and_no_configuration() {
    let parsed = parse("schema = 1\ngeneration = = 2\n", None);
    assert_eq!(parsed.config, None);
    let line = parsed.problems[0].to_line("f");
    assert!(line.starts_with("f:2:14: RO_CONFIG_SYNTAX "), "{line}");
}

#[test]
fn a_bad_file_leaves_the_last_good_one_in_force_once() {
    let good = parse(GOOD, None).config;
    assert_eq!(fall_back(1, good.clone()), good);
    assert_eq!(fall_back(2, good), None::<Config>);
}

#[test]
fn a_new_hash_means_new_evidence_and_a_stage_does_not() {
    let hash = |text: &str| parse(text, None).config.unwrap().features[0].hash();
    assert_eq!(hash(GOOD), hash(&GOOD.replace("stage = \"live\"", "stage = \"shadow\"")));
    assert_ne!(hash(GOOD), hash(&GOOD.replace("OS_LEGACY_TRUSTS_SPOOF", "os_other")));
}
