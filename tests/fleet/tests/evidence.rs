//! What the virtual fleet compares holds, and a planted bug burns its ledger.

use ferrule_fleet::evidence::Gathering;
use ferrule_fleet::million;
use ferrule_fleet::subjects::Subject;
use ferrule_rollout::config::{Config, parse};
use ferrule_rollout::ledger::fleet::{Evidence, Fleet};
use ferrule_rollout::ledger::{Context, gate};
use ferrule_rollout::stage::Rung;

fn config() -> Config {
    let mut text = "schema = 1\ngeneration = 1\n".to_owned();
    for (id, subject) in Subject::ALL.into_iter().enumerate() {
        text += &format!(
            "[feature.\"{}\"]\nid = {id}\nstage = \"shadow\"\nceiling = \"live\"\nclasses = {:?}\naccept = {:?}\n",
            subject.name(),
            subject.classes(),
            ACCEPTED,
        );
    }
    parse(&text, None).config.expect("a good configuration")
}

const ACCEPTED: [&str; 7] = [
    "LM_RANK_DIFFERS",
    "OS_LEGACY_MINOR_FROM_BUILD_NUMBER",
    "OS_LEGACY_TRUSTS_SPOOF",
    "IC_KEPT_GOOD_ICON",
    "LM_KEPT_OPAQUE",
    "LM_RELOCATED_OVERLAP",
    "LM_PAGES_FROM_ITEMS",
];

fn gathered(config: &Config, subject: Subject, planted: Option<u64>) -> Evidence {
    let gathering = Gathering {
        subject,
        config: config.named(subject.name()).expect("there"),
        rung: Rung::SHADOW,
        build: "9f3c".into(),
        devices: 40,
        calls: 64,
        days: 8,
        seed: 20_261_125,
        planted,
    };
    let mut fleet = Fleet::default();
    for number in 0..gathering.devices {
        for line in gathering.device(number).lines() {
            fleet.line(line).expect("a line of ours");
        }
    }
    let mut keys = fleet.end().expect("a sum");
    assert_eq!(keys.len(), 1);
    keys.pop_first().expect("one key").1
}

#[test]
fn what_differs_is_explained_every_class_is_met_and_a_planted_bug_burns() {
    let config = config();
    for subject in Subject::ALL {
        let evidence = gathered(&config, subject, None);
        let sum = &evidence.tally.sum;
        assert_eq!(
            sum.real(),
            0,
            "{}: {:?} {:?}",
            subject.name(),
            sum.explained,
            evidence.details.signatures
        );
        assert!(!sum.explained.is_empty(), "{} shows an explained difference", subject.name());
        let context = Context {
            classes: subject.classes().iter().map(|class| (*class).to_owned()).collect(),
            ..Context::default()
        };
        let template = config.named(subject.name()).expect("there").settings.template;
        let verdict = gate(&evidence.tally, template, &context).expect("a step");
        let codes: Vec<&str> = verdict.blocks.iter().map(|block| block.code.as_str()).collect();
        assert_eq!(
            codes,
            ["RO_GATE_COMPARISONS", "RO_GATE_DEVICES"],
            "only the size of the fleet is missing"
        );
        let burned = gathered(&config, subject, Some(7));
        assert_eq!((burned.tally.sum.real(), burned.tally.devices_burned), (1, 1), "{}", subject.name());
        let seen = burned.details.signatures.values().next().expect("a signature");
        assert!(!seen.exemplars.is_empty() && seen.code.is_none(), "{seen:?}");
    }
}

#[test]
fn a_seed_is_a_fleet() {
    let config = config();
    let lines = |seed| {
        let subject = Subject::IconCache;
        let config = config.named(subject.name()).expect("there");
        let (build, planted) = ("b".to_owned(), None);
        Gathering { subject, config, rung: Rung::SHADOW, build, devices: 1, calls: 9, days: 2, seed, planted }
            .device(0)
    };
    assert_eq!(lines(1), lines(1));
    assert_ne!(lines(1), lines(2));
}

/// A whole million, and the memory that it takes, is in `cargo xtask test --nightly`.
#[test]
fn a_small_million_has_the_verdicts_of_a_large_one() {
    let mut lines = Vec::new();
    let verdicts = million::merge(10_000, &mut lines).expect("a Vec takes lines");
    for verdict in &verdicts {
        assert_eq!(verdict.evidence, verdict.wanted, "{}", verdict.feature);
        assert_eq!(verdict.tally.devices, 2_000, "{}", verdict.feature);
    }
    let again: u64 = verdicts.iter().map(|verdict| verdict.tally.duplicates).sum();
    let ledgers = String::from_utf8(lines).expect("UTF-8").matches("\"kind\":\"ledger\"").count() as u64;
    assert!(again > 0 && ledgers == 10_000 + again, "{ledgers} ledgers, {again} came again");
    assert_eq!(verdicts.len(), million::features().count());
}
