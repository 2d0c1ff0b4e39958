//! The payload of a state slot: a list of tagged fields (`docs/formats/rollout-state.md`).
//!
//! What it is: [`Durable`] to bytes and back. What it is not: checksums and slots; see [`slots`](super::slots).
//!
//! Invariants: unknown tags, and bytes that a later version appended to a known field, are kept and written back; a known
//! field that makes no sense makes the whole payload unreadable; the largest state fits into a slot.

use super::wire::{Reader, put_text};
use crate::bucket::Unit;
use crate::engine::state::{
    Cap, Durable, FEATURES_MAX, Feature, FeatureId, KillSources, QUARANTINES_MAX, Quarantine, Recent,
    Settings, TARGETS_MAX, TEXT_BYTES_MAX,
};
use crate::engine::target::{Target, TargetKind};
use crate::stage::{Rung, Template};

/// Tag of the device, once.
pub const TAG_DEVICE: u16 = 1;
/// Tag of a feature: its settings.
pub const TAG_SETTINGS: u16 = 2;
/// Tag of a feature: what became of it.
pub const TAG_STANDING: u16 = 3;
/// Tag of a feature in a compiled state: what its ledgers need of the configuration. No device keeps it; it reads it from what its build
/// brings.
pub const TAG_EVIDENCE: u16 = 4;
/// Where a rung stands that there is not.
const NO_RUNG: u16 = 0xffff;

const FLAG_LOST: u8 = 1;
const FLAG_SAFE_MODE: u8 = 2;

const FLAG_CRITICAL: u8 = 1;
const FLAG_BAD: u8 = 2;

const FLAG_FROZEN: u8 = 1;
const FLAG_PROBING: u8 = 2;

/// A field of a later version, kept as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tlv {
    /// The tag.
    pub tag: u16,
    /// The value.
    pub value: Vec<u8>,
}

/// What a payload holds: what this version knows, and what it does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payload {
    /// The known part. Boot id and time stand in the slot's header.
    pub durable: Durable,
    /// Fields with unknown tags, in order.
    pub unknown: Vec<Tlv>,
    /// What was appended to known fields: tag, number of the feature (0 for the device), bytes; in the order of writing.
    pub appended: Vec<(u16, u16, Vec<u8>)>,
}

impl Payload {
    /// To bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        let mut put = |tag: u16, id: u16, mut value: Vec<u8>| {
            for (_, _, rest) in self.appended.iter().filter(|(of, number, _)| (*of, *number) == (tag, id)) {
                value.extend_from_slice(rest);
            }
            out.extend_from_slice(&tag.to_le_bytes());
            out.extend_from_slice(&(value.len() as u16).to_le_bytes());
            out.extend_from_slice(&value);
        };
        put(TAG_DEVICE, 0, device(&self.durable));
        for feature in &self.durable.features {
            put(TAG_SETTINGS, feature.id.number(), settings(feature));
            put(TAG_STANDING, feature.id.number(), standing(feature));
        }
        for Tlv { tag, value } in &self.unknown {
            out.extend_from_slice(&tag.to_le_bytes());
            out.extend_from_slice(&(value.len() as u16).to_le_bytes());
            out.extend_from_slice(value);
        }
        out
    }

    /// From bytes; `None` if they make no sense.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut payload = Self::default();
        let mut has_device = false;
        let mut is_standing_due = false;
        let mut input = Reader(bytes);
        while !input.0.is_empty() {
            let tag = input.u16()?;
            let length = usize::from(input.u16()?);
            let mut value = Reader(input.bytes(length)?);
            let id = match tag {
                TAG_DEVICE if !has_device => {
                    has_device = true;
                    read_device(&mut value, &mut payload.durable)?;
                    0
                }
                TAG_SETTINGS if !is_standing_due => {
                    let feature = read_settings(&mut value)?;
                    let features = &mut payload.durable.features;
                    if features.len() >= FEATURES_MAX
                        || features.last().is_some_and(|last| last.id >= feature.id)
                    {
                        return None;
                    }
                    let id = feature.id.number();
                    features.push(feature);
                    is_standing_due = true;
                    id
                }
                // Always behind the settings of the same feature, and once: what is read is as long as what is written.
                TAG_STANDING if std::mem::take(&mut is_standing_due) => {
                    read_standing(&mut value, payload.durable.features.last_mut()?)?
                }
                TAG_DEVICE | TAG_SETTINGS | TAG_STANDING => return None,
                _ => {
                    payload.unknown.push(Tlv { tag, value: value.0.to_vec() });
                    continue;
                }
            };
            if !value.0.is_empty() {
                payload.appended.push((tag, id, value.0.to_vec()));
            }
        }
        // The device may stand anywhere when read; written, it stands first.
        payload.appended.sort_by_key(|(tag, id, _)| (*id, *tag));
        (has_device && !is_standing_due).then_some(payload)
    }
}

fn device(durable: &Durable) -> Vec<u8> {
    let mut out = durable.unit.0.to_vec();
    for number in [durable.age_ms, durable.build, durable.generation, durable.safe_mode.unwrap_or(0)] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let lost = if durable.lost { FLAG_LOST } else { 0 };
    let safe = if durable.safe_mode.is_some() { FLAG_SAFE_MODE } else { 0 };
    out.extend_from_slice(&[lost | safe, durable.killed.bits()]);
    recent(&mut out, &durable.deaths);
    out
}

fn read_device(input: &mut Reader<'_>, durable: &mut Durable) -> Option<()> {
    durable.unit = Unit(*input.bytes(16)?.first_chunk()?);
    durable.age_ms = input.u64()?;
    durable.build = input.u64()?;
    durable.generation = input.u64()?;
    let safe_mode = input.u64()?;
    let flags = input.u8()?;
    durable.safe_mode = (flags & FLAG_SAFE_MODE != 0).then_some(safe_mode);
    durable.lost = flags & FLAG_LOST != 0;
    durable.killed = KillSources::from_bits(input.u8()?);
    durable.deaths = read_recent(input)?;
    Some(())
}

fn settings(feature: &Feature) -> Vec<u8> {
    let settings = &feature.settings;
    let mut out = feature.id.number().to_le_bytes().to_vec();
    let template = Template::ALL.iter().position(|template| *template == settings.template).unwrap_or(0);
    let critical = if settings.critical { FLAG_CRITICAL } else { 0 };
    let bad = if settings.is_bad { FLAG_BAD } else { 0 };
    out.extend_from_slice(&[template as u8, critical | bad]);
    for number in [settings.start.packed(), settings.ceiling.packed(), settings.window_start] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&settings.parents.to_le_bytes());
    put_text(&mut out, &settings.name);
    put_text(&mut out, &settings.salt);
    out.push(settings.targets.len().min(TARGETS_MAX) as u8);
    for target in settings.targets.iter().take(TARGETS_MAX) {
        let kind = TargetKind::ALL.iter().position(|kind| *kind == target.kind).unwrap_or(0);
        out.push(kind as u8 + 1);
        put_text(&mut out, &target.value);
    }
    out
}

fn read_settings(input: &mut Reader<'_>) -> Option<Feature> {
    let id = FeatureId::new(input.u16()?)?;
    let template = *Template::ALL.get(usize::from(input.u8()?))?;
    let flags = input.u8()?;
    let start = Rung::unpack(input.u16()?)?;
    let ceiling = Rung::unpack(input.u16()?)?;
    let window_start = input.u16().filter(|start| *start < crate::bucket::BUCKETS)?;
    let parents = input.u64()?;
    let name = input.text().filter(|text| !text.is_empty() && text.len() <= TEXT_BYTES_MAX)?;
    let salt = input.text().filter(|text| text.len() <= TEXT_BYTES_MAX)?;
    let count = usize::from(input.u8()?);
    if count > TARGETS_MAX {
        return None;
    }
    let mut targets = Vec::with_capacity(count);
    for _ in 0..count {
        let kind = *TargetKind::ALL.get(usize::from(input.u8()?).checked_sub(1)?)?;
        targets.push(Target { kind, value: input.text().filter(|text| text.len() <= TEXT_BYTES_MAX)? });
    }
    let settings = Settings {
        name,
        salt,
        template,
        start,
        ceiling,
        window_start,
        critical: flags & FLAG_CRITICAL != 0,
        parents,
        is_bad: flags & FLAG_BAD != 0,
        targets,
    };
    Some(Feature::new(id, settings))
}

fn standing(feature: &Feature) -> Vec<u8> {
    let mut out = feature.id.number().to_le_bytes().to_vec();
    let rung = |rung: Option<Rung>| rung.map_or(NO_RUNG, Rung::packed);
    let numbers = [feature.granted.packed(), rung(feature.overlay), rung(feature.cap.map(|cap| cap.rung))];
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&feature.cap.map_or(0, |cap| cap.build).to_le_bytes());
    let frozen = if feature.frozen { FLAG_FROZEN } else { 0 };
    let probing = if feature.probing { FLAG_PROBING } else { 0 };
    out.extend_from_slice(&[feature.killed.bits(), feature.streak, frozen | probing]);
    out.extend_from_slice(&feature.probation_until_ms.to_le_bytes());
    out.extend_from_slice(&feature.tripped_until_ms.to_le_bytes());
    for list in [&feature.crashes, &feature.opens, &feature.demotions] {
        recent(&mut out, list);
    }
    out.push(feature.quarantines.len().min(QUARANTINES_MAX) as u8);
    for quarantine in feature.quarantines.iter().take(QUARANTINES_MAX) {
        out.extend_from_slice(&quarantine.build.to_le_bytes());
        out.extend_from_slice(&quarantine.age_ms.to_le_bytes());
    }
    out
}

fn read_standing(input: &mut Reader<'_>, feature: &mut Feature) -> Option<u16> {
    let id = input.u16().filter(|id| *id == feature.id.number())?;
    let optional = |packed: u16| match packed {
        NO_RUNG => Some(None),
        packed => Rung::unpack(packed).map(Some),
    };
    feature.granted = Rung::unpack(input.u16()?)?;
    feature.overlay = optional(input.u16()?)?;
    let cap = optional(input.u16()?)?;
    let build = input.u64()?;
    feature.cap = cap.map(|rung| Cap { rung, build });
    feature.killed = KillSources::from_bits(input.u8()?);
    feature.streak = input.u8()?;
    let flags = input.u8()?;
    feature.frozen = flags & FLAG_FROZEN != 0;
    feature.probing = flags & FLAG_PROBING != 0;
    feature.probation_until_ms = input.u64()?;
    feature.tripped_until_ms = input.u64()?;
    feature.crashes = read_recent(input)?;
    feature.opens = read_recent(input)?;
    feature.demotions = read_recent(input)?;
    let count = usize::from(input.u8()?);
    if count > QUARANTINES_MAX {
        return None;
    }
    for _ in 0..count {
        feature.quarantines.push(Quarantine { build: input.u64()?, age_ms: input.u64()? });
    }
    Some(id)
}

fn recent(out: &mut Vec<u8>, recent: &Recent) {
    out.push(recent.ages().len() as u8);
    for age in recent.ages() {
        out.extend_from_slice(&age.to_le_bytes());
    }
}

fn read_recent(input: &mut Reader<'_>) -> Option<Recent> {
    let count = usize::from(input.u8()?);
    if count > Recent::MAX {
        return None;
    }
    let mut ages = Vec::with_capacity(count);
    for _ in 0..count {
        ages.push(input.u64()?);
    }
    Some(Recent::of(&ages))
}
