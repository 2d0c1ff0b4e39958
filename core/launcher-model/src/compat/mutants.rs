//! The seam at which the test evidence breaks one rule at a time.
//!
//! In a normal build a rule's condition is taken as it is. Only with the feature `mutants`, which no shipped build has, a test can
//! switch one rule of its own thread off or turn it round, to show that the conformance cases catch it.

use super::outcome::SweepStep;
use super::placement::PlacementRule;
use super::rules::Rule;

/// A rule that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mutation {
    /// A rule of B.3.
    Row(Rule),
    /// A rule of B.4.
    Placement(PlacementRule),
    /// A step of B.5.
    Sweep(SweepStep),
}

impl Mutation {
    /// Every rule that can be broken.
    pub fn all() -> impl Iterator<Item = Self> {
        Rule::ALL
            .into_iter()
            .map(Self::Row)
            .chain(PlacementRule::ALL.into_iter().map(Self::Placement))
            .chain(SweepStep::ALL.into_iter().map(Self::Sweep))
    }

    /// The rule's number in the specification.
    pub fn label(self) -> String {
        match self {
            Self::Row(rule) => rule.label().to_owned(),
            Self::Placement(rule) => format!("B.4 {rule:?}"),
            Self::Sweep(step) => format!("B.5 {step:?}"),
        }
    }
}

/// How a rule is broken.
#[cfg(feature = "mutants")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Breakage {
    /// Its condition never holds.
    Never,
    /// Its condition always holds where it is asked.
    Inverted,
}

#[cfg(feature = "mutants")]
mod active {
    use std::cell::Cell;

    thread_local! {
        pub(super) static MUTANT: Cell<Option<(super::Mutation, super::Breakage)>> = const { Cell::new(None) };
    }
}

/// Breaks one rule for the current thread while `run` runs.
#[cfg(feature = "mutants")]
pub fn with<R>(mutation: Mutation, breakage: Breakage, run: impl FnOnce() -> R) -> R {
    let before = active::MUTANT.replace(Some((mutation, breakage)));
    let result = run();
    active::MUTANT.set(before);
    result
}

/// Whether a rule's condition holds.
#[cfg(feature = "mutants")]
pub(super) fn holds(mutation: Mutation, condition: bool) -> bool {
    match active::MUTANT.get() {
        Some((broken, Breakage::Never)) if broken == mutation => false,
        Some((broken, Breakage::Inverted)) if broken == mutation => !condition,
        _ => condition,
    }
}

/// Whether a rule's condition holds.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
pub(super) fn holds(_mutation: Mutation, condition: bool) -> bool {
    condition
}
