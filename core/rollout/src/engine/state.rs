//! What is known: of the device, of each feature, and of this process only.
//!
//! What it is: data with their bounds. What it is not: rules; those are in `decide`, `start`, `moves` and `step`.
//!
//! Invariants: [`Durable`] is what the state slot holds, byte for byte, [`Volatile`] dies with the process; every list has a
//! bound; stored times are *ages* of the device in ms, which only ever grow (R31).

use crate::bucket::{Cohort, Unit};
use crate::engine::target::Target;
use crate::stage::{Rung, Stage, Template};

/// One hour in ms.
pub const HOUR_MS: u64 = 3_600_000;
/// One day in ms.
pub const DAY_MS: u64 = 24 * HOUR_MS;
/// How many features there can be: one bit each in the beacon's header.
pub const FEATURES_MAX: usize = 63;
/// How many builds' quarantines are kept of a feature (R45).
pub const QUARANTINES_MAX: usize = 8;

/// The number of a feature, 0..=62, the same in every build: it stands in the beacon and in the slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeatureId(u8);

impl FeatureId {
    /// `None` above 62.
    pub fn new(number: u16) -> Option<Self> {
        u8::try_from(number).ok().filter(|number| usize::from(*number) < FEATURES_MAX).map(Self)
    }

    /// The number.
    pub const fn number(self) -> u16 {
        self.0 as u16
    }

    /// Its bit in a set of features.
    pub const fn bit(self) -> u64 {
        1 << self.0
    }
}

/// Who can kill; each takes back only its own kill (section 2.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KillSource {
    /// A constant of the build.
    Build,
    /// A system property.
    Property,
    /// The server's configuration.
    DeviceConfig,
    /// A file.
    File,
    /// `ferrule rollout kill`.
    Command,
}

impl KillSource {
    /// Every source; the index is its bit.
    pub const ALL: [Self; 5] = [Self::Build, Self::Property, Self::DeviceConfig, Self::File, Self::Command];

    /// Lower-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Property => "property",
            Self::DeviceConfig => "device_config",
            Self::File => "file",
            Self::Command => "command",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Build => 1,
            Self::Property => 2,
            Self::DeviceConfig => 4,
            Self::File => 8,
            Self::Command => 16,
        }
    }
}

/// The sources that kill at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KillSources(u8);

impl KillSources {
    /// From the byte on disk; bits without a meaning are kept, and kill: some later version's source.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The byte on disk.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether anybody kills.
    pub const fn any(self) -> bool {
        self.0 != 0
    }

    /// Whether this source kills.
    pub const fn has(self, source: KillSource) -> bool {
        self.0 & source.bit() != 0
    }

    /// Adds or takes back one source's kill.
    pub fn set(&mut self, source: KillSource, on: bool) {
        if on { self.0 |= source.bit() } else { self.0 &= !source.bit() }
    }

    pub(crate) fn clear_all(&mut self) {
        self.0 = 0;
    }
}

/// The ages of the last few events of one kind, oldest first; at most [`Recent::MAX`], the oldest is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recent(Vec<u64>);

impl Recent {
    /// More than any rule counts.
    pub const MAX: usize = 4;

    /// From ages; only the last [`Self::MAX`] are kept.
    pub fn of(ages: &[u64]) -> Self {
        Self(ages.get(ages.len().saturating_sub(Self::MAX)..).unwrap_or_default().to_vec())
    }

    /// The ages, oldest first.
    pub fn ages(&self) -> &[u64] {
        &self.0
    }

    /// One more, now.
    pub fn push(&mut self, now_ms: u64) {
        if self.0.len() >= Self::MAX {
            self.0.remove(0);
        }
        self.0.push(now_ms);
    }

    /// How many happened within the last `window_ms`. Each leaks out on its own, so a slow pace is seen too (R26).
    pub fn within(&self, now_ms: u64, window_ms: u64) -> usize {
        self.0.iter().filter(|age| now_ms.saturating_sub(**age) < window_ms).count()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// A build that may not run in a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quarantine {
    /// The build's [`id_hash`](crate::bucket::id_hash).
    pub build: u64,
    /// When, as an age.
    pub age_ms: u64,
}

/// How far an automatic demotion lets a build go until an operator says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cap {
    /// The highest rung.
    pub rung: Rung,
    /// The build it was about.
    pub build: u64,
}

/// What a configuration says of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name, 1..=64 bytes; the salt of its buckets unless a group has one.
    pub name: String,
    /// The salt, at most 64 bytes.
    pub salt: String,
    /// Which stages there are.
    pub template: Template,
    /// Where the feature starts under this configuration.
    pub start: Rung,
    /// How far gates may let it rise by themselves; at least `start`.
    pub ceiling: Rung,
    /// The first bucket of the canary's window.
    pub window_start: u16,
    /// R26: one death is enough.
    pub critical: bool,
    /// The features it needs, as bits.
    pub parents: u64,
    /// Something was wrong with it: it counts as off (R56).
    pub is_bad: bool,
    /// Which devices it is meant for; at most 16.
    pub targets: Vec<Target>,
}

/// How many predicates a feature can have.
pub const TARGETS_MAX: usize = 16;
/// Bytes of the longest text in a setting.
pub const TEXT_BYTES_MAX: usize = 64;

/// All that is kept of one feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its number.
    pub id: FeatureId,
    /// What the configuration says.
    pub settings: Settings,
    /// Where it stands, before everything that only lowers.
    pub granted: Rung,
    /// What the server's configuration lowers it to (R56).
    pub overlay: Option<Rung>,
    /// What an automatic demotion left.
    pub cap: Option<Cap>,
    /// Who kills it.
    pub killed: KillSources,
    /// Deaths in a row (R26).
    pub streak: u8,
    /// The last deaths.
    pub crashes: Recent,
    /// Until when one death is enough, as an age; 0 for no such time (R27).
    pub probation_until_ms: u64,
    /// Until when the breaker is open, as an age; 0 when it is closed.
    pub tripped_until_ms: u64,
    /// Whether it was open and has not proven itself yet.
    pub probing: bool,
    /// When the breaker opened.
    pub opens: Recent,
    /// When it was demoted.
    pub demotions: Recent,
    /// Only an operator lets it rise (R53).
    pub frozen: bool,
    /// Builds that may not run, oldest first; at most [`QUARANTINES_MAX`].
    pub quarantines: Vec<Quarantine>,
}

impl Feature {
    /// A feature at the start of its configuration.
    pub fn new(id: FeatureId, settings: Settings) -> Self {
        let granted = settings.start;
        Self {
            id,
            settings,
            granted,
            overlay: None,
            cap: None,
            killed: KillSources::default(),
            streak: 0,
            crashes: Recent::default(),
            probation_until_ms: 0,
            tripped_until_ms: 0,
            probing: false,
            opens: Recent::default(),
            demotions: Recent::default(),
            frozen: false,
            quarantines: Vec::new(),
        }
    }

    /// Whether a build may not run in it.
    pub fn is_quarantined(&self, build: u64) -> bool {
        self.quarantines.iter().any(|quarantine| quarantine.build == build)
    }

    /// The canary's window at a share.
    pub fn cohort(&self, rung: Rung) -> Cohort {
        Cohort { start: self.settings.window_start, count: rung.permille }
    }

    /// Whether the candidate may answer calls at the rung that is granted.
    pub fn candidate_answers(&self) -> bool {
        self.granted.stage >= Stage::Canary
    }
}

/// What the state slot holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Durable {
    /// The boot of the last write, as [`id_hash`](crate::bucket::id_hash) of its id.
    pub boot: u64,
    /// CLOCK_BOOTTIME of the last write in ms.
    pub boottime_ms: u64,
    /// The age of the device: observed running time over all boots, in ms.
    pub age_ms: u64,
    /// The candidate's build under which the last process started.
    pub build: u64,
    /// The number of the compiled configuration; a higher one replaces it.
    pub generation: u64,
    /// The device's id.
    pub unit: Unit,
    /// Who kills everything.
    pub killed: KillSources,
    /// The build that safe mode is about.
    pub safe_mode: Option<u64>,
    /// A state before this one could not be read (R43).
    pub lost: bool,
    /// The last native deaths, whatever the feature.
    pub deaths: Recent,
    /// The features, by number; at most [`FEATURES_MAX`].
    pub features: Vec<Feature>,
}

impl Durable {
    /// The feature of a number.
    pub fn feature(&self, id: FeatureId) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.id == id)
    }

    /// The feature of a name.
    pub fn named(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.settings.name == name)
    }

    pub(crate) fn feature_mut(&mut self, id: FeatureId) -> Option<&mut Feature> {
        self.features.iter_mut().find(|feature| feature.id == id)
    }

    /// The features that may not run under the current build, as bits; for the beacon's header (R43).
    pub fn quarantine_bits(&self) -> u64 {
        let of = |feature: &Feature| if feature.is_quarantined(self.build) { feature.id.bit() } else { 0 };
        self.features.iter().map(of).fold(0, |bits, bit| bits | bit)
    }
}

/// What is known of this process only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Volatile {
    /// The file asks for a newer reader: everything is off and nothing is written (R45).
    pub too_new: bool,
    /// When this process started, as an age.
    pub started_ms: u64,
    /// Candidate calls so far, by the number of the feature.
    pub calls: Vec<u32>,
    /// The first frame was shown, or whatever says that the process is well.
    pub first_frame: bool,
    /// The configuration is older than it may be (R53).
    pub stale: bool,
    /// Features whose dirty set overflowed, as bits: no promotion (R53).
    pub dirty_overflow: u64,
}

/// All that is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// What the state slot holds.
    pub durable: Durable,
    /// What dies with the process.
    pub volatile: Volatile,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_recent_events_leaks_out_on_its_own() {
        let mut recent = Recent::default();
        for age in [0, 10, 20, 30, 40] {
            recent.push(age);
        }
        assert_eq!(recent.ages(), [10, 20, 30, 40]);
        assert_eq!(recent.within(40, 21), 3);
        assert_eq!(recent.within(40 + DAY_MS, DAY_MS), 0);
        assert_eq!(Recent::of(&[1, 2, 3, 4, 5, 6]).ages(), [3, 4, 5, 6]);
    }
}
