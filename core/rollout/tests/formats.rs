//! The bytes that both languages must agree on (`tests/golden`), and what they mean.
//!
//! With `FERRULE_WRITE_GOLDEN` set the files are written instead; a change of them is a change of the format.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use ferrule_rollout::audit::{Record, Writer, verify};
use ferrule_rollout::bucket::{Unit, bucket, id_hash};
use ferrule_rollout::crash::{Beacon, Entry};
use ferrule_rollout::engine::{
    Cap, Durable, Facts, Feature, FeatureId, KillSource, Quarantine, Recent, Settings, State, Target,
    TargetKind, decide,
};
use ferrule_rollout::slot::payload::{Payload, TAG_DEVICE, TAG_STANDING, Tlv};
use ferrule_rollout::slot::slots::{encode, encode_file, load};
use ferrule_rollout::slot::{FILE_BYTES, Loaded, SLOT_BYTES};
use ferrule_rollout::stage::{Rung, Stage, Template};

fn golden(name: &str, bytes: &[u8]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden").join(name);
    if std::env::var_os("FERRULE_WRITE_GOLDEN").is_some() {
        fs::write(&path, bytes).unwrap();
    }
    let kept = fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(kept == bytes, "{name} is not what this version writes: the format changed");
}

fn id(number: u16) -> FeatureId {
    FeatureId::new(number).unwrap()
}

fn settings(name: &str, template: Template, start: Rung) -> Settings {
    Settings {
        name: name.to_owned(),
        salt: name.to_owned(),
        template,
        start,
        ceiling: Rung::of(Stage::Live),
        window_start: 0,
        critical: false,
        parents: 0,
        is_bad: false,
        targets: vec![],
    }
}

/// Something in every field.
fn sample() -> Payload {
    let build = id_hash("9f3c0a");
    let mut first = Feature::new(id(0), settings("os.compat_check", Template::Pure, Rung::of(Stage::Live)));
    first.overlay = Some(Rung::canary(10));
    first.killed.set(KillSource::Property, true);
    let mut second = Feature::new(id(1), settings("launcher.model", Template::ReadWrite, Rung::canary(200)));
    second.settings.critical = true;
    second.settings.parents = id(0).bit();
    second.settings.salt = "exclusive/homescreen".to_owned();
    second.settings.window_start = 500;
    second.settings.targets = vec![
        Target { kind: TargetKind::SdkMin, value: "34".to_owned() },
        Target { kind: TargetKind::Model, value: "дом".to_owned() },
    ];
    second.granted = Rung::SHADOW;
    second.cap = Some(Cap { rung: Rung::SHADOW, build });
    second.streak = 1;
    second.crashes = Recent::of(&[1_000, 2_000]);
    second.demotions = Recent::of(&[3_000]);
    second.opens = Recent::of(&[4_000]);
    second.tripped_until_ms = 9_000_000;
    second.probing = true;
    let mut third = Feature::new(id(62), settings("launcher.icons", Template::Exclusive, Rung::OFF));
    third.settings.is_bad = true;
    third.frozen = true;
    third.probation_until_ms = 604_800_000;
    third.quarantines = vec![Quarantine { build: 7, age_ms: 8 }, Quarantine { build, age_ms: 9 }];
    let mut durable = Durable {
        boot: id_hash("7d21e0c4-0000-4000-8000-000000000001"),
        boottime_ms: 11_520_000,
        age_ms: 8_640_000,
        build,
        generation: 42,
        unit: Unit::parse("0123456789abcdef0123456789abcdef").unwrap(),
        safe_mode: Some(build),
        lost: true,
        deaths: Recent::of(&[5_000, 6_000, 7_000]),
        features: vec![first, second, third],
        ..Durable::default()
    };
    durable.killed.set(KillSource::Command, true);
    Payload {
        durable,
        unknown: vec![Tlv { tag: 900, value: vec![1, 2, 3] }],
        appended: vec![(TAG_STANDING, 1, vec![0xaa, 0xbb])],
    }
}

/// Says in words what the golden files hold, so that a codec in another language can be held against it.
fn words(payload: &Payload, beacon: &Beacon) -> String {
    let mut out = String::new();
    let durable = &payload.durable;
    let mut line = |text: String| writeln!(out, "{text}").unwrap();
    line("# state: the slot that counts of rollout-state.bin is slot 1, sequence 6; slot 0 has sequence 5 and generation 41".into());
    line(format!(
        "state boot={:016x} boottime_ms={} age_ms={} build={:016x} generation={} unit={} killed={} safe_mode={:016x} lost={} deaths={:?}",
        durable.boot,
        durable.boottime_ms,
        durable.age_ms,
        durable.build,
        durable.generation,
        durable.unit,
        durable.killed.bits(),
        durable.safe_mode.unwrap_or(0),
        durable.lost,
        durable.deaths.ages()
    ));
    for feature in &durable.features {
        let settings = &feature.settings;
        line(format!(
            "settings id={} name={} salt={} template={} start={:#06x} ceiling={:#06x} window_start={} critical={} parents={:#x} bad={}",
            feature.id.number(),
            settings.name,
            settings.salt,
            settings.template.as_str(),
            settings.start.packed(),
            settings.ceiling.packed(),
            settings.window_start,
            settings.critical,
            settings.parents,
            settings.is_bad
        ));
        for target in &settings.targets {
            line(format!(
                "target id={} kind={} value={}",
                feature.id.number(),
                target.kind.as_str(),
                target.value
            ));
        }
        line(format!(
            "standing id={} granted={:#06x} overlay={:#06x} cap={:#06x} cap_build={:016x} killed={} streak={} frozen={} probing={} probation_until_ms={} tripped_until_ms={} crashes={:?} opens={:?} demotions={:?}",
            feature.id.number(),
            feature.granted.packed(),
            feature.overlay.map_or(0xffff, Rung::packed),
            feature.cap.map_or(0xffff, |cap| cap.rung.packed()),
            feature.cap.map_or(0, |cap| cap.build),
            feature.killed.bits(),
            feature.streak,
            feature.frozen,
            feature.probing,
            feature.probation_until_ms,
            feature.tripped_until_ms,
            feature.crashes.ages(),
            feature.opens.ages(),
            feature.demotions.ages()
        ));
        for quarantine in &feature.quarantines {
            line(format!(
                "quarantine id={} build={:016x} age_ms={}",
                feature.id.number(),
                quarantine.build,
                quarantine.age_ms
            ));
        }
    }
    line("unknown tag=900 value=010203".into());
    line("appended tag=3 id=1 value=aabb".into());
    line("# decisions of that state without kills, safe mode and loss, on a device with SDK 35 and model \"дом\"".into());
    let mut state = State { durable: durable.clone(), ..State::default() };
    state.durable.killed = Default::default();
    state.durable.safe_mode = None;
    state.durable.lost = false;
    state.durable.features[0].killed = Default::default();
    let facts = Facts { sdk: Some(35), model: Some("дом".into()), ..Facts::default() };
    for feature in &state.durable.features {
        let decision = decide(&state, feature.id, &facts);
        line(format!(
            "decision id={} bucket={} reason={} rung={:#06x} candidate_answers={} runs={} loads={}",
            feature.id.number(),
            bucket(&feature.settings.salt, &durable.unit),
            decision.reason,
            decision.rung.packed(),
            decision.answers == ferrule_rollout::engine::Party::Candidate,
            decision.runs_candidate,
            decision.loads
        ));
    }
    line("# beacon: rollout-beacon.bin, a page of 4096 bytes".into());
    line(format!(
        "beacon pid={} started={:#x} boot={:016x} build={:016x} start_ns={} overflow_now={} overflow_all={} mirror={:#x} suspects={:#x}",
        beacon.pid,
        beacon.started,
        beacon.boot,
        beacon.build,
        beacon.start_ns,
        beacon.overflow_now,
        beacon.overflow_all,
        beacon.mirror,
        beacon.suspects()
    ));
    for entry in &beacon.in_flight {
        line(format!(
            "entry feature={} op={} tid={} sequence={}",
            entry.feature, entry.op, entry.tid, entry.sequence
        ));
    }
    out
}

#[test]
fn the_golden_files_are_what_this_version_writes_and_reads() {
    let payload = sample();
    let mut file = encode_file(&Payload {
        durable: Durable { generation: 41, ..payload.durable.clone() },
        ..Payload::default()
    })
    .unwrap();
    let older = encode(
        &Payload { durable: Durable { generation: 41, ..payload.durable.clone() }, ..Payload::default() },
        5,
    )
    .unwrap();
    file[..older.len()].copy_from_slice(&older);
    let newer = encode(&payload, 6).unwrap();
    file[SLOT_BYTES..][..newer.len()].copy_from_slice(&newer);
    assert_eq!(file.len(), FILE_BYTES);
    assert_eq!(load(Some(&file)).0, Loaded::State(payload.clone()));
    golden("rollout-state.bin", &file);

    let beacon = Beacon {
        page_bytes: 4096,
        pid: 4321,
        started: 0b11,
        boot: payload.durable.boot,
        build: payload.durable.build,
        start_ns: 123_456_789,
        overflow_now: 0,
        overflow_all: 2,
        mirror: 1 << 62,
        in_flight: vec![
            Entry { feature: 1, op: 3, tid: 4325, sequence: 1001 },
            Entry { feature: 0, op: 0, tid: 4321, sequence: 1002 },
        ],
    };
    let page = beacon.write();
    assert_eq!(Beacon::read(&page).as_ref(), Some(&beacon));
    golden("rollout-beacon.bin", &page);
    golden("rollout-golden.txt", words(&payload, &beacon).as_bytes());
}

#[test]
fn the_golden_audit_log_is_what_this_version_writes_and_reads() {
    use ferrule_rollout::RoCode;
    use ferrule_rollout::engine::{Actor, AuditNote};
    let notes = [
        (Actor::Configuration, None, Rung::OFF, Rung::OFF, RoCode::Configured),
        (Actor::Operator, Some(id(1)), Rung::of(Stage::Load), Rung::SHADOW, RoCode::SetByOperator),
        (Actor::Engine, Some(id(1)), Rung::SHADOW, Rung::canary(1), RoCode::Promoted),
    ];
    let mut writer = Writer::after(&verify([&[], &[]]));
    let mut file = Vec::new();
    for (number, (actor, feature, from, to, reason)) in notes.into_iter().enumerate() {
        let note = AuditNote { actor, feature, from, to, reason };
        file.extend_from_slice(&writer.append(&note, (id_hash("7d21"), 1000 + number as u64)).bytes);
    }
    golden("rollout-audit.bin", &file);
    let report = verify([&file, &[]]);
    let reasons: Vec<&str> = report.records.iter().map(|record: &Record| record.reason.as_str()).collect();
    assert_eq!(reasons, ["RO_CONFIGURED", "RO_SET", "RO_PROMOTED"]);
}

/// What a half-open breaker makes of every rung, template and parent: the guard decides the same (R3, R33).
#[test]
fn the_golden_probes_are_what_this_version_decides() {
    let mut text = String::new();
    let parents = [
        ("none", None),
        ("off", Some(Rung::OFF)),
        ("load", Some(Rung::of(Stage::Load))),
        ("shadow", Some(Rung::SHADOW)),
        ("out", Some(Rung::canary(0))),
        ("live", Some(Rung::of(Stage::Live))),
    ];
    let rungs = Stage::ALL
        .map(|stage| if stage == Stage::Canary { Rung::canary(1000) } else { Rung::of(stage) })
        .into_iter()
        .chain([Rung::canary(0)]);
    for template in Template::ALL {
        for granted in rungs.clone().filter(|rung| template.allows(rung.stage)) {
            for (name, parent) in parents {
                let mut feature = Feature::new(id(1), settings("probed", template, granted));
                feature.probing = true;
                let mut durable = Durable {
                    unit: Unit::parse("0123456789abcdef0123456789abcdef").unwrap(),
                    ..Durable::default()
                };
                if let Some(rung) = parent {
                    feature.settings.parents = id(0).bit();
                    durable.features.push(Feature::new(id(0), settings("parent", Template::Pure, rung)));
                }
                durable.features.push(feature);
                let decision = decide(&State { durable, ..State::default() }, id(1), &Facts::default());
                writeln!(
                    text,
                    "probing template={} granted={:#06x} parent={name} reason={} rung={:#06x} candidate_answers={} runs={} loads={}",
                    template.as_str(),
                    granted.packed(),
                    decision.reason,
                    decision.rung.packed(),
                    decision.answers == ferrule_rollout::engine::Party::Candidate,
                    decision.runs_candidate,
                    decision.loads
                )
                .unwrap();
            }
        }
    }
    golden("rollout-probing.txt", text.as_bytes());
}

/// The files of an audit log whose writes were cut off, and what they are taken for (R55). In a file, `r5` is the next five records
/// of the chain, `h1` zeros in place of the next one, `p40` the next one's first 40 bytes, `z9` nine more zeros.
#[test]
fn the_golden_cuts_are_read_as_this_version_reads_them() {
    use ferrule_rollout::RoCode;
    use ferrule_rollout::audit::End;
    use ferrule_rollout::engine::{Actor, AuditNote};
    let cases = [
        ["", ""],
        ["r3", ""],
        ["", "r3"],
        ["p1", ""],
        ["p151", ""],
        ["z152", ""],
        ["", "z608"],
        ["h1,r1", ""],
        ["r3,p1", ""],
        ["r3,p151", ""],
        ["r3,z152", ""],
        ["r3,z4096", ""],
        ["r3,h1", ""],
        ["r3,h1,r1", ""],
        ["r3,h2,p100", ""],
        ["r3,p100,r1", ""],
        ["r1724", ""],
        ["r1724", "r1"],
        ["r1724", "p100"],
        ["r1724", "z152"],
        ["r1724", "z153"],
        ["r1724", "h1,r1"],
        ["r1724", "r5,p10"],
        ["r1724", "r5,z304"],
        ["r1724", "r5,h1,r1"],
        ["r1723,p100", "r1"],
        ["r1724,z96", "r1"],
        ["r1723,h1", "r1"],
        ["r10,p100", "z152"],
        // No more than one write is missing, or something else stands there.
        ["z664", ""],
        ["z665", ""],
        ["z262144", ""],
        ["z300000", ""],
        ["", "z664"],
        ["", "z665"],
        ["r3,z664", ""],
        ["r3,z665", ""],
        ["r1724,z97", ""],
        ["r1724", "r5,z665"],
    ];
    let note = AuditNote {
        actor: Actor::Operator,
        feature: Some(id(1)),
        from: Rung::OFF,
        to: Rung::of(Stage::Load),
        reason: RoCode::SetByOperator,
    };
    let mut text = String::new();
    for case in cases {
        let mut writer = Writer::after(&verify([&[], &[]]));
        let files = case.map(|file| {
            let mut bytes = Vec::new();
            for word in file.split(',').filter(|word| !word.is_empty()) {
                let (kind, count) = word.split_at(1);
                let count: usize = count.parse().unwrap();
                let mut record = || writer.append(&note, (7, 9)).bytes;
                match kind {
                    "r" => (0..count).for_each(|_| bytes.extend_from_slice(&record())),
                    "h" => (0..count).for_each(|_| bytes.extend_from_slice(&record().map(|_| 0))),
                    "p" => bytes.extend_from_slice(&record()[..count]),
                    _ => bytes.extend(vec![0; count]),
                }
            }
            bytes
        });
        let report = verify([&files[0], &files[1]]);
        let end = match report.end {
            End::Whole => "whole",
            End::Torn(_) => "torn",
            End::Broken(_) => "broken",
        };
        writeln!(
            text,
            "cut first=[{}] second=[{}] records={} end={end}",
            case[0],
            case[1],
            report.records.len()
        )
        .unwrap();
    }
    golden("rollout-audit-cuts.txt", text.as_bytes());
}

/// Fields of a payload with their tags.
fn fields(payload: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let (mut rest, mut fields) = (payload, Vec::new());
    while let [a, b, c, d, after @ ..] = rest {
        let (value, after) = after.split_at(usize::from(u16::from_le_bytes([*c, *d])));
        let mut field = vec![*a, *b, *c, *d];
        field.extend_from_slice(value);
        fields.push((u16::from_le_bytes([*a, *b]), field));
        rest = after;
    }
    fields
}

#[test]
fn the_device_may_stand_behind_its_features() {
    let mut written = sample();
    written.appended.insert(0, (TAG_DEVICE, 0, vec![0xcc]));
    written.durable.boot = 0;
    written.durable.boottime_ms = 0;
    let mut parts = fields(&written.encode());
    parts.sort_by_key(|(tag, _)| *tag == TAG_DEVICE);
    assert_eq!(parts.last().map(|(tag, _)| *tag), Some(TAG_DEVICE));
    let moved: Vec<u8> = parts.into_iter().flat_map(|(_, field)| field).collect();
    assert_eq!(Payload::decode(&moved), Some(written));
}

#[test]
fn settings_without_a_standing_are_no_state() {
    let parts = fields(&sample().encode());
    let standings = parts.iter().enumerate().filter(|(_, (tag, _))| *tag == TAG_STANDING);
    let mut tried = 0;
    for (at, _) in standings {
        let without = parts.iter().enumerate().filter(|(other, _)| *other != at);
        let bytes: Vec<u8> = without.flat_map(|(_, (_, field))| field.clone()).collect();
        assert_eq!(Payload::decode(&bytes), None, "standing {at}");
        tried += 1;
    }
    assert_eq!(tried, 3);
}
