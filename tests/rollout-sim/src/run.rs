//! A run: steps until enough faults were injected, or until an invariant does not hold.

use std::fmt;

use crate::coverage::Coverage;
use crate::world::World;

/// An invariant that did not hold. Seed and step replay it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The seed.
    pub seed: u64,
    /// The step, from 1.
    pub step: u64,
    /// Which invariant, and how.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, step, what } = self;
        write!(out, "{what}\n  replay: rollout-sim --seed {seed} --seeds 1 --steps {step}")
    }
}

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Steps done.
    pub steps: u64,
    /// Calls that were answered, all of them.
    pub calls: u64,
    /// Processes that died with a call in flight.
    pub deaths: u64,
    /// Faults by site and operation.
    pub coverage: Coverage,
}

impl Outcome {
    /// Adds another run's figures.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.calls += other.calls;
        self.deaths += other.deaths;
        self.coverage.add(&other.coverage);
    }
}

/// Runs the history of a seed for so many steps.
///
/// # Errors
/// At the first invariant that does not hold.
pub fn run(seed: u64, steps: u64) -> Result<Outcome, Violation> {
    let mut world = World::new(seed);
    for step in 1..=steps {
        world.step().map_err(|what| Violation { seed, step, what })?;
    }
    Ok(Outcome { steps, ..world.into_outcome() })
}
