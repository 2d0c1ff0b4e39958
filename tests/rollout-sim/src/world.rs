//! The device: one process that owns the state, another that only calls, a disk, a clock, and what goes wrong with them.
//!
//! Invariant: whatever is injected is counted with the operation during which it happened.

mod checks;
mod events;
mod processes;
mod values;

use ferrule_rollout::bucket::Unit;
use ferrule_rollout::crash::{Beacon, ExitReason};
use ferrule_rollout::engine::{FeatureId, Settings, State};
use ferrule_rollout::slot::Keeper;
use ferrule_rollout::stage::{Rung, Stage, Template};

use crate::disk::SimDisk;
use crate::oracle::{Death, Oracle};
use crate::random::Random;
use crate::run::Outcome;
use values::Values;

/// The features: two that write, one that depends on the first, one critical, one exclusive.
pub const FEATURES: [u16; 5] = [0, 1, 2, 3, 40];
const CRITICAL: u16 = 1;
const CHILD: u16 = 2;
const PARENT: u16 = 0;

/// A page that a dead process left, what the system says of its end, and the truth.
struct Remains {
    page: Option<Vec<u8>>,
    reason: ExitReason,
    crashed_tid: Option<u32>,
    death: Death,
}

/// A later version's file, and ours, which it hides.
struct Later {
    ours: Option<Vec<u8>>,
    later: Option<Vec<u8>>,
}

/// The device.
pub struct World {
    random: Random,
    outcome: Outcome,
    oracle: Oracle,
    keeper: Option<Keeper<SimDisk>>,
    /// The disk while no process owns it.
    disk: SimDisk,
    /// The process runs with everything off.
    off: bool,
    boot: u64,
    boottime_ms: u64,
    newest_build: u64,
    generation: u64,
    own: Beacon,
    sequence: u64,
    loaded: bool,
    remains: Vec<Remains>,
    /// The medium lied since the last start.
    rotted: bool,
    /// The slot that rotted last, as it was: a torn write over it can make it whole again.
    rotten: Option<Vec<u8>>,
    /// A later version's file stands in the place of ours.
    from_later: Option<Later>,
    values: Values,
}

impl World {
    /// The device of a seed, before its first start.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            outcome: Outcome::default(),
            oracle: Oracle::new(&FEATURES, &[CRITICAL]),
            keeper: None,
            disk: SimDisk::default(),
            off: false,
            boot: 1,
            boottime_ms: 1000,
            newest_build: 1,
            generation: 0,
            own: Beacon::default(),
            sequence: 0,
            loaded: false,
            remains: Vec::new(),
            rotted: false,
            rotten: None,
            from_later: None,
            values: Values::new(seed),
        }
    }

    /// What the run came to so far.
    pub fn into_outcome(self) -> Outcome {
        self.outcome
    }

    /// One step, and every invariant after it.
    pub fn step(&mut self) -> Result<(), String> {
        if self.keeper.is_none() && !self.off {
            self.start()?;
        } else {
            self.something()?;
        }
        if self.keeper.as_ref().is_some_and(|keeper| keeper.disk().is_dead) {
            self.lose_power("disk");
        }
        self.check()
    }

    fn state(&self) -> Option<&State> {
        self.keeper.as_ref().map(Keeper::state)
    }

    fn fault(&mut self, site: &'static str, operation: &'static str) {
        self.outcome.coverage.count(site, operation);
    }

    fn unit(&mut self) -> Unit {
        Unit((u128::from(self.random.draw()) << 64 | u128::from(self.random.draw())).to_be_bytes())
    }

    fn feature(&mut self) -> FeatureId {
        let index = self.random.below(FEATURES.len());
        id(FEATURES[index])
    }

    /// A random configuration of every feature; sometimes one is bad.
    fn configuration(&mut self) -> Vec<(FeatureId, Settings)> {
        let mut features = Vec::new();
        for number in FEATURES {
            let template = match number {
                1 | 2 => Template::Pure,
                3 => Template::Exclusive,
                _ => Template::ReadWrite,
            };
            let start = self.rung(template);
            let ceiling = start.max(self.rung(template));
            let is_bad = self.random.one_in(12);
            if is_bad {
                self.fault("configuration", "compiled");
            }
            features.push((
                id(number),
                Settings {
                    name: format!("feature.{number}"),
                    salt: format!("feature.{number}"),
                    template,
                    start,
                    ceiling,
                    window_start: self.random.below(500) as u16,
                    critical: number == CRITICAL,
                    parents: if number == CHILD { id(PARENT).bit() } else { 0 },
                    is_bad,
                    targets: vec![],
                },
            ));
        }
        features
    }

    fn rung(&mut self, template: Template) -> Rung {
        let rung = match self.random.below(8) {
            0 => Rung::OFF,
            1 => Rung::of(Stage::Load),
            2 => Rung::SHADOW,
            3 => Rung::canary(self.random.below(1001) as u16),
            4 => Rung::canary(500),
            5 | 6 => Rung::of(Stage::Live),
            _ => Rung::of(Stage::Retire),
        };
        template.at_most(rung)
    }
}

/// The id of a number below 63.
fn id(number: u16) -> FeatureId {
    FeatureId::new(number).expect("below 63")
}
