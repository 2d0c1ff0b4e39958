//! Ledgers as lines, sums of shards, and gates over them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use ferrule_rollout::RoCode;
use ferrule_rollout::ledger::bounds::{LEVEL, upper};
use ferrule_rollout::ledger::export::to_text;
use ferrule_rollout::ledger::fleet::Fleet;
use ferrule_rollout::ledger::merge::{Filter, Merge, MergeError};
use ferrule_rollout::ledger::{Context, InlineTimes, Key, Ledger, Outcome, Tally, credit, gate};
use ferrule_rollout::stage::{Rung, Stage, Template};

fn key() -> Key {
    Key {
        feature: "launcher.model".into(),
        op: String::new(),
        legacy_build: "L1".into(),
        candidate_build: "9f3c".into(),
        comparator: 1,
        config: "0123456789abcdef".into(),
        rung: Rung::SHADOW,
    }
}

/// A device with `comparisons` matches over few inputs.
fn device(number: u32, comparisons: u64) -> Ledger {
    let mut ledger = Ledger::new(key(), format!("{number:032x}"));
    for call in 0..comparisons {
        let class = if call % 2 == 0 { "icons" } else { "folders" };
        ledger.record(Outcome::Match, class, (call % 20 + 1) * 1_000_003);
    }
    ledger.days = 8;
    ledger
}

fn merged(text: &str, filter: Filter) -> Result<(Option<Tally>, Vec<String>), MergeError> {
    let mut merge = Merge::new(filter);
    for line in text.lines() {
        merge.line(line)?;
    }
    merge.end()
}

fn codes(tally: &Tally, template: Template, context: &Context) -> Vec<RoCode> {
    gate(tally, template, context).unwrap().blocks.into_iter().map(|block| block.code).collect()
}

fn context() -> Context {
    Context { classes: vec!["icons".into(), "folders".into()], ..Context::default() }
}

#[test]
fn what_is_exported_adds_up_to_what_was_counted() {
    let mut first = device(1, 300);
    first.record(Outcome::Mismatch, "icons", 77);
    first.record_explained([("OS_LEGACY_TRUSTS_SPOOF", true)], "icons");
    first.record_explained([("LM_HELD_INSTEAD_OF_DELETED", false)], "icons");
    first.add(Outcome::Skipped, 1000);
    first.drifted_days_ago = Some(3);
    let second = device(2, 50);
    let text = to_text(&first).unwrap() + "\n" + &to_text(&second).unwrap();
    let (tally, duplicates) = merged(&text, Filter::default()).unwrap();
    let tally = tally.unwrap();
    let mut expected = Tally::of(&first);
    expected.add(&second).unwrap();
    assert_eq!((tally, duplicates), (expected.clone(), vec![]));
    assert_eq!((expected.devices, expected.devices_burned), (2, 1));
    assert_eq!((expected.sum.comparisons(), expected.sum.real()), (351, 2));
}

#[test]
fn a_shard_that_comes_again_counts_once_and_burns_again() {
    let clean = to_text(&device(1, 300)).unwrap();
    let mut later = device(1, 400);
    later.record(Outcome::CPanic, "icons", 5);
    let text = clean.clone() + &clean + &to_text(&later).unwrap();
    let (tally, duplicates) = merged(&text, Filter::default()).unwrap();
    let tally = tally.unwrap();
    assert_eq!((tally.devices, tally.duplicates), (1, 2));
    assert_eq!(tally.sum.count(Outcome::Match), 300);
    assert_eq!(tally.sum.count(Outcome::CPanic), 1);
    assert_eq!(duplicates, [format!("{:032x}", 1), format!("{:032x}", 1)]);
}

/// A device that burns only in a ledger that came again is a burned device, once.
#[test]
fn what_burns_in_a_ledger_that_came_again_burns_its_device() {
    let clean = to_text(&device(1, 300)).unwrap();
    let burned = |number| {
        let mut ledger = device(number, 300);
        ledger.record(Outcome::Mismatch, "icons", 5);
        to_text(&ledger).unwrap()
    };
    let empty = to_text(&Ledger::new(key(), format!("{:032x}", 2))).unwrap();
    let cases: [(&str, String, (u64, u64, u64)); 5] = [
        ("clean, then burned", clean.clone() + &burned(1), (1, 1, 1)),
        ("clean, then burned twice", clean.clone() + &burned(1) + &burned(1), (1, 1, 2)),
        ("burned, then clean", burned(1) + &clean, (1, 1, 1)),
        ("burned, then burned", burned(1) + &burned(1), (1, 1, 1)),
        ("nothing compared, then burned", empty + &burned(2), (1, 1, 1)),
    ];
    for (name, text, (devices, devices_burned, at_least)) in cases {
        let (tally, _) = merged(&text, Filter::default()).unwrap();
        let tally = tally.unwrap();
        assert_eq!((tally.devices, tally.devices_burned), (devices, devices_burned), "{name}");
        assert!(tally.sum.real() >= at_least, "{name}");
        let mut fleet = Fleet::default();
        text.lines().for_each(|line| fleet.line(line).unwrap());
        assert_eq!(fleet.end().unwrap()[&key()].tally, tally, "{name}");
    }
}

#[test]
fn no_device_is_credited_with_what_a_fleet_compares() {
    for (comparisons, days, trials) in [
        (0, 0, 0),
        (999, 0, 999),
        (1_000, 1, 1_000),
        (1_001, 1, 1_000),
        (1_001, 2, 1_001),
        (2_001, 2, 2_000),
        (2_995, 3, 2_995),
        (2_996, 3, 2_995),
        (u64::MAX, u32::MAX, 2_995),
    ] {
        assert_eq!(credit(comparisons, days), trials, "{comparisons} in {days} days");
    }
    let fleet = |devices: u32| {
        let mut tally = Tally::new(Key { rung: Rung::canary(1), ..key() });
        for number in 0..devices {
            let mut ledger = Ledger::new(tally.sum.key.clone(), format!("{number:032x}"));
            ledger.add(Outcome::Match, 1_000_000);
            ledger.days = 30;
            ledger.latency_hours = 48;
            tally.add(&ledger).unwrap();
        }
        tally
    };
    assert_eq!(codes(&fleet(10), Template::Pure, &context()), [RoCode::GateComparisons]);
    assert_eq!(codes(&fleet(11), Template::Pure, &context()), []);
    assert!(fleet(11).bound() >= upper(fleet(11).sum.comparisons(), 0, LEVEL), "never below the exact bound");
}

#[test]
fn a_count_that_no_device_reaches_is_refused_by_name() {
    let most = 1_u64 << 40;
    let good = to_text(&device(1, 5)).unwrap();
    for (key, count) in [("match", 5), ("skipped", 0), ("loads", 0), ("deaths", 0)] {
        let with =
            |count: u64, of: u64| good.replacen(&format!("\"{key}\":{of}"), &format!("\"{key}\":{count}"), 1);
        let error = merged(&with(most + 1, count), Filter::default()).unwrap_err();
        assert_eq!(error.code(), RoCode::LedgerSyntax, "{key}");
        assert_eq!(error.to_string(), format!("{key} = {} is outside 0..={most}", most + 1));
        assert!(merged(&with(u64::MAX, count), Filter::default()).is_err(), "{key}");
    }
    let largest = good.replacen("\"skipped\":0", &format!("\"skipped\":{most}"), 1);
    assert!(merged(&largest, Filter::default()).is_ok());
    let hits = good.replacen("\"hits\":3", &format!("\"hits\":{}", most + 1), 1);
    assert_eq!(
        merged(&hits, Filter::default()).unwrap_err().to_string(),
        format!("hits = {} is outside 0..={most}", most + 1)
    );
}

#[test]
fn keys_are_never_mixed() {
    type Change = fn(&mut Key);
    let changes: [(&str, Change); 7] = [
        ("feature", |key| key.feature = "os".into()),
        ("op", |key| key.op = "load".into()),
        ("legacy_build", |key| key.legacy_build = "L2".into()),
        ("candidate_build", |key| key.candidate_build = "aa".into()),
        ("comparator", |key| key.comparator = 2),
        ("config", |key| key.config = "f".into()),
        ("rung", |key| key.rung = Rung::canary(1)),
    ];
    for (field, change) in changes {
        let mut other = device(2, 5);
        change(&mut other.key);
        let text = to_text(&device(1, 5)).unwrap() + &to_text(&other).unwrap();
        let error = merged(&text, Filter::default()).unwrap_err();
        assert_eq!(error.code(), RoCode::LedgerMixed, "{field}");
        assert!(error.to_string().contains(field), "{error}");
    }
    let mut other = device(2, 5);
    other.key.feature = "os".into();
    let text = to_text(&device(1, 5)).unwrap() + &to_text(&other).unwrap();
    let filter = Filter { feature: Some("os".into()), ..Filter::default() };
    let (tally, _) = merged(&text, filter).unwrap();
    assert_eq!(tally.unwrap().sum.key, other.key);
}

#[test]
fn lines_that_are_none_stop_the_merge() {
    let good = to_text(&device(1, 5)).unwrap();
    let stray = good.lines().skip(1).collect::<Vec<_>>().join("\n");
    for text in [
        "{}".to_owned(),
        "nonsense".to_owned(),
        stray,
        good.replace("\"schema\":1", "\"schema\":2"),
        good.replace("\"comparisons\":5", "\"comparisons\":6"),
        good.replace("\"stage\":\"shadow\"", "\"stage\":\"shade\""),
        good.replace("\"permille\":0", "\"permille\":7"),
    ] {
        assert_eq!(merged(&text, Filter::default()).unwrap_err().code(), RoCode::LedgerSyntax, "{text}");
    }
    let more = good.replacen("\"schema\":1", "\"schema\":1,\"later\":[1]", 1);
    assert_eq!(merged(&more, Filter::default()).unwrap(), merged(&good, Filter::default()).unwrap());
}

#[test]
fn the_gate_from_shadow_opens_at_its_figures_and_not_before() {
    let mut tally = Tally::new(key());
    for number in 0..299 {
        tally.add(&device(number, 100)).unwrap();
    }
    assert_eq!(codes(&tally, Template::Pure, &context()), [RoCode::GateComparisons], "29,900 are too few");
    let mut last = tally.clone();
    last.trials += 55;
    assert_eq!(codes(&last, Template::Pure, &context()), [RoCode::GateComparisons]);
    last.trials += 1;
    assert_eq!(codes(&last, Template::Pure, &context()), []);
    let verdict = gate(&last, Template::Pure, &context()).unwrap();
    assert_eq!((verdict.from, verdict.to), (Rung::SHADOW, Rung::canary(1)));
    type Spoil = fn(&mut Tally);
    let spoil: [(RoCode, Spoil); 8] = [
        (RoCode::GateDeaths, |tally| tally.sum.deaths = 1),
        (RoCode::GateHarness, |tally| tally.sum.add(Outcome::HarnessError, 1)),
        (RoCode::GateDays, |tally| tally.sum.days = 6),
        (RoCode::GateDevices, |tally| tally.devices = 298),
        (RoCode::GateClasses, |tally| *tally.sum.classes.get_mut("icons").unwrap() = 29),
        (RoCode::GateUnaccepted, |tally| {
            tally.sum.record_explained([("LM_HELD_INSTEAD_OF_DELETED", false)], "icons")
        }),
        (RoCode::GateBurned, |tally| tally.sum.add(Outcome::Mismatch, 1)),
        (RoCode::GatePanics, |tally| tally.sum.add(Outcome::CPanic, 1)),
    ];
    for (code, spoil) in spoil {
        let mut tally = last.clone();
        spoil(&mut tally);
        assert!(codes(&tally, Template::Pure, &context()).contains(&code), "{code}");
    }
    let noisy = Context { unruled_noise: 1, ..context() };
    assert_eq!(codes(&last, Template::Pure, &noisy), [RoCode::GateNoise]);
}

/// R57: both answers were computed again from the input, so its class was tried; the bound and Good and Turing are about trials alone.
#[test]
fn a_class_that_is_always_explained_is_covered_and_proves_nothing_else() {
    let shard = |number: u32, explained: u64| {
        let mut ledger = device(number, 101);
        ledger.classes.retain(|class, _| class == "icons");
        for _ in 0..explained {
            let codes = [("OS_LEGACY_TRUSTS_SPOOF", true), ("OS_LEGACY_MINOR_FROM_BUILD_NUMBER", true)];
            ledger.record_explained(codes, "folders");
        }
        ledger
    };
    let fleet = |hits: u64| {
        let text: String = (0..300)
            .map(|number| to_text(&shard(number, u64::from(u64::from(number) < hits))).unwrap())
            .collect();
        merged(&text, Filter::default()).unwrap().0.unwrap()
    };
    assert_eq!(codes(&fleet(29), Template::Pure, &context()), [RoCode::GateClasses]);
    let covered = fleet(30);
    assert_eq!(codes(&covered, Template::Pure, &context()), []);
    assert_eq!((covered.sum.comparisons(), covered.sum.real()), (300 * 101, 0));
    assert_eq!(covered.sum.distinct, fleet(0).sum.distinct);
    assert_eq!(covered.sum.explained["OS_LEGACY_TRUSTS_SPOOF"].count, 30);
    assert_eq!(covered.sum.classes["folders"], 30, "a call with two codes hits its class once");
    let mut nameless = device(1, 1);
    nameless.record_explained([], "icons");
    assert_eq!(nameless.real(), 1, "without a code nothing is explained");
}

/// R5, R6, R59: nothing ends a candidate on the caller's thread, so its times have to be known, and legacy's have to be worth it.
#[test]
fn a_feature_on_the_callers_thread_needs_times_of_both_sides() {
    let mut tally = Tally::new(Key { rung: Rung::of(Stage::Load), ..key() });
    (tally.devices, tally.sum.loads) = (20, 200);
    for (legacy_p50, candidate_p99, passes) in [
        (Some(49_999), Some(199_999), true),
        (Some(50_000), Some(199_999), false),
        (Some(49_999), Some(200_000), false),
        (None, Some(1), false),
        (Some(1), None, false),
        (None, None, false),
    ] {
        let inline = Some(InlineTimes { legacy_p50, candidate_p99 });
        let found = codes(&tally, Template::Pure, &Context { inline, ..context() });
        let wanted: &[RoCode] = if passes { &[] } else { &[RoCode::GateInline] };
        assert_eq!(found, wanted, "{legacy_p50:?}, {candidate_p99:?}");
    }
    assert_eq!(codes(&tally, Template::Pure, &context()), [], "off the caller's thread nobody asks");
}

#[test]
fn every_other_step_asks_for_what_its_row_says() {
    let at = |rung: Rung| {
        let mut tally = Tally::new(Key { rung, ..key() });
        tally.devices = 3_000;
        tally.sum.days = 31;
        tally.sum.loads = 200;
        tally.sum.latency_hours = 48;
        tally.trials = 299_572;
        tally
    };
    let ready = Context { drill_days_ago: Some(7), ..context() };
    for (rung, template) in [
        (Rung::of(Stage::Load), Template::Pure),
        (Rung::canary(1), Template::Pure),
        (Rung::canary(1000), Template::Pure),
        (Rung::of(Stage::Live), Template::ReadWrite),
        (Rung::of(Stage::Live), Template::Pure),
        (Rung::of(Stage::Retire), Template::ReadWrite),
    ] {
        assert_eq!(codes(&at(rung), template, &ready), [], "{rung}");
    }
    let spoiled = |rung: Rung, spoil: fn(&mut Tally, &mut Context)| {
        let (mut tally, mut context) = (at(rung), ready.clone());
        spoil(&mut tally, &mut context);
        codes(&tally, Template::ReadWrite, &context)
    };
    let live = Rung::of(Stage::Live);
    let retire = Rung::of(Stage::Retire);
    assert_eq!(spoiled(Rung::of(Stage::Load), |tally, _| tally.sum.loads = 199), [RoCode::GateLoads]);
    assert_eq!(spoiled(Rung::of(Stage::Load), |tally, _| tally.devices = 19), [RoCode::GateLoads]);
    assert_eq!(spoiled(Rung::canary(10), |tally, _| tally.sum.latency_hours = 47), [RoCode::GateLatency]);
    assert_eq!(spoiled(Rung::canary(10), |tally, _| tally.sum.latency_trips = 1), [RoCode::GateLatency]);
    assert_eq!(spoiled(live, |tally, _| tally.sum.drifted_days_ago = Some(6)), [RoCode::GateDrift]);
    assert_eq!(spoiled(live, |tally, _| tally.sum.drifted_days_ago = Some(7)), []);
    assert_eq!(spoiled(live, |_, context| context.waivers = 1), [RoCode::GateWaivers]);
    assert_eq!(spoiled(retire, |_, context| context.drill_days_ago = Some(8)), [RoCode::GateDrill]);
    assert_eq!(spoiled(retire, |_, context| context.drill_days_ago = None), [RoCode::GateDrill]);
    assert_eq!(spoiled(retire, |_, context| context.legacy_present = true), [RoCode::GateLegacy]);
    assert_eq!(gate(&at(Rung::of(Stage::Complete)), Template::Pure, &ready), None);
}
