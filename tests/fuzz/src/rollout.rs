//! Targets `ro_audit`, `ro_beacon`, `ro_config`, `ro_ledger`, `ro_slot` and `ro_told`: every parser of the rollout.

use ferrule_rollout::audit::{End, RECORD_BYTES, Record, Writer, verify};
use ferrule_rollout::bucket::Unit;
use ferrule_rollout::config::parse;
use ferrule_rollout::crash::{Beacon, ExitReason, blame};
use ferrule_rollout::engine::{
    Actor, AuditNote, Event, Facts, FeatureId, KillSource, Party, State, decide, step,
};
use ferrule_rollout::ledger::export::{Line, LineError, to_text};
use ferrule_rollout::ledger::merge::{Filter, Merge, MergeError};
use ferrule_rollout::ledger::{Context, Tally, gate};
use ferrule_rollout::slot::slots::{SLOT_BYTES, encode, load};
use ferrule_rollout::slot::{Loaded, payload::Payload};
use ferrule_rollout::stage::{Rung, Template};
use ferrule_rollout::told::{Told, p99_limit};
use ferrule_rollout::{RoCode, config::Parsed};

/// Bytes as two state slots. The first byte chooses: an even one takes the rest as the file; an odd one takes it as a payload and
/// seals it, so that the fuzzer need not find checksums.
///
/// # Panics
/// When what was read does not write back as itself, or an event loosens what it may not.
pub fn ro_slot(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let file = if choice % 2 == 0 { rest.to_vec() } else { sealed(rest) };
    let (loaded, next) = load(Some(&file));
    assert!(next.slot < 2 && next.sequence > 0);
    let Loaded::State(payload) = loaded else { return };
    let bytes = encode(&payload, next.sequence).expect("what was read fits");
    assert_eq!(load(Some(&bytes)).0, Loaded::State(payload.clone()), "it writes back as itself");
    let state = State { durable: payload.durable, ..State::default() };
    for feature in &state.durable.features {
        let decision = decide(&state, feature.id, &Facts::default());
        assert!(decision.rung <= feature.granted && (decision.loads || !decision.runs_candidate));
        assert!(decision.answers == Party::Legacy || decision.runs_candidate);
        let (killed, _) =
            step(&state, &Event::Kill { feature: Some(feature.id), source: KillSource::File, on: true });
        assert!(!decide(&killed, feature.id, &Facts::default()).loads, "killed means off");
    }
    let start = Event::Start { boot: 1, boottime_ms: 5, build: 7, blames: vec![] };
    let (next, _) = step(&state, &start);
    for (old, new) in state.durable.features.iter().zip(&next.durable.features) {
        assert!(new.granted <= old.granted, "a start never raises");
    }
}

fn sealed(body: &[u8]) -> Vec<u8> {
    let body = &body[..body.len().min(SLOT_BYTES - 44)];
    let mut slot = b"FRRS\x01\0\x01\0\x05\0\0\0\0\0\0\0".to_vec();
    slot.extend_from_slice(&[0; 16]);
    slot.extend_from_slice(&(body.len() as u32).to_le_bytes());
    slot.extend_from_slice(&[0; 4]);
    slot.extend_from_slice(body);
    let crc = crc32c::crc32c(&slot);
    slot.extend_from_slice(&crc.to_le_bytes());
    slot
}

/// Bytes as a beacon: whatever they are, blame names features that there are, and only for reasons that count.
///
/// # Panics
/// When a property does not hold.
pub fn ro_beacon(data: &[u8]) {
    let Some(beacon) = Beacon::read(data) else { return };
    assert!(beacon.in_flight.len() <= data.len() / 16);
    assert!(beacon.in_flight.iter().all(|entry| entry.sequence != 0));
    for reason in ExitReason::ALL {
        for tid in [None, Some(7)] {
            let found = blame(&beacon, reason, tid);
            assert_eq!(found.features >> 63, 0, "bit 63 is no feature");
            assert_eq!(found.features & !(beacon.suspects() | beacon.started), 0);
            assert!(found.features == 0 || beacon.has_calls());
        }
    }
    let page = Beacon { page_bytes: 4096, ..beacon.clone() }.write();
    let again = Beacon::read(&page).expect("what was written is read");
    assert_eq!((again.started, again.mirror, again.build), (beacon.started, beacon.mirror, beacon.build));
}

/// Text as a configuration: problems have places in it, and whatever has a problem is off.
///
/// # Panics
/// When a property does not hold.
pub fn ro_config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Parsed { config, problems } = parse(text, Some("2026-11-30"));
    let lines = text.split('\n').count();
    for problem in &problems {
        assert!(problem.line >= 1 && problem.line <= lines && problem.column >= 1, "{problem:?}");
        assert!(problem.code.as_str().starts_with("RO_CONFIG_"), "{problem:?}");
    }
    let Some(config) = config else {
        assert!(!problems.is_empty(), "no configuration, and no reason");
        return;
    };
    for feature in &config.features {
        let settings = &feature.settings;
        let named = problems.iter().any(|problem| problem.feature.as_ref() == Some(&settings.name));
        assert!(!named || settings.is_bad, "{} has a problem and is on", settings.name);
        assert!(!settings.is_bad || settings.start == Rung::OFF && settings.ceiling == Rung::OFF);
    }
    if let Some(file) = config.compile() {
        let Loaded::State(Payload { durable, .. }) = load(Some(&file)).0 else { panic!("not readable") };
        assert_eq!(durable.features.len(), config.features.len());
        assert_eq!(durable.unit, Unit::default());
    }
}

/// Text as the lines of ledgers: a sum, a verdict, and what was read writes back.
///
/// # Panics
/// When a property does not hold.
pub fn ro_ledger(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // The set of shards seen is 32 MiB; without a readable line there is nothing to add up.
    if !text.lines().any(|line| Line::read(line).is_ok()) {
        return;
    }
    let mut merge = Merge::new(Filter::default());
    for line in text.lines() {
        if let Err(error) = merge.line(line) {
            assert!(error.code().as_str().starts_with("RO_LEDGER_"), "{error}");
            return;
        }
    }
    let Ok((Some(tally), _)) = merge.end() else { return };
    let mut named = tally.sum.clone();
    named.device = "0".repeat(32);
    let mut again = Merge::new(Filter::default());
    for line in to_text(&named).expect("a ledger has its lines").lines() {
        match again.line(line) {
            // A sum may count more than any device does.
            Err(MergeError::Line(LineError::Count { .. })) => return,
            read => read.expect("what was written is read"),
        }
    }
    let (again, _) = again.end().expect("one shard");
    assert_eq!(again.map(|again| again.sum), Some(Tally::of(&named).sum));
    for template in Template::ALL {
        if let Some(verdict) = gate(&tally, template, &Context::default()) {
            assert!(!verdict.passes() || tally.sum.real() == 0, "nothing rises over a mismatch");
        }
    }
}

/// Bytes as the two files of an audit log; the first byte says where the second one begins.
///
/// # Panics
/// When a property does not hold.
pub fn ro_audit(data: &[u8]) {
    let Some((at, rest)) = data.split_first() else { return };
    let (first, second) = rest.split_at(rest.len() * usize::from(*at) / 256);
    let report = verify([first, second]);
    assert!(report.records.len() <= rest.len() / RECORD_BYTES);
    for pair in report.records.windows(2) {
        let [before, after] = pair else { unreachable!("pairs") };
        assert_eq!(after.previous, before.encode().1, "the chain holds as far as it is told");
    }
    if report.end != End::Whole {
        return;
    }
    let feature = FeatureId::new(3);
    let note =
        AuditNote { actor: Actor::Engine, feature, from: Rung::OFF, to: Rung::OFF, reason: RoCode::Killed };
    let append = Writer::after(&report).append(&note, (1, 2));
    let (record, _) = Record::decode(&append.bytes).expect("what was written is read");
    assert_eq!(record.sequence, report.records.last().map_or(0, |last| last.sequence).saturating_add(1));
}

/// Text as the lines of a guard's export and of kill drills: a line that is refused adds nothing, quantiles lie in order whatever the buckets,
/// and a drill writes back as itself.
///
/// # Panics
/// When a property does not hold.
pub fn ro_told(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut told = Told::default();
    for line in text.lines() {
        let before = told.clone();
        if told.line(line).is_err() {
            assert_eq!(told, before, "what is refused adds nothing");
        }
    }
    for (key, histogram) in &told.latency {
        let Some((begin, end)) = histogram.edges() else {
            assert_eq!((histogram.total(), histogram.quantile(0.5)), (0, None));
            continue;
        };
        let [median, tail] = [0.5, 0.99].map(|q| histogram.quantile(q).expect("there are times"));
        for found in [median, tail] {
            assert!(begin <= found.low && found.low <= found.at, "{key:?}: {found:?}");
            assert!(found.at <= found.high && found.high <= end, "{key:?}: {found:?}");
        }
        assert!(median.at <= tail.at && p99_limit(tail.at) >= tail.at, "{key:?}");
        assert_eq!(told.times(&key.0, &key.1), *histogram);
    }
    for drill in &told.drills {
        let fields = serde_json::to_string(drill).expect("a drill is JSON");
        let line = fields.replacen('{', "{\"kind\":\"drill\",\"schema_version\":1,", 1);
        let mut again = Told::default();
        again.line(&line).expect("what was written is read");
        assert_eq!(again.drills.as_slice(), std::slice::from_ref(drill));
    }
}
