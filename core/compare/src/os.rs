//! OS identity and effects: what a caller of the check acts on, whoever answered.
//!
//! What it is: the common part of both answers, and the comparison. What it is not: the check of today's frameworks itself;
//! `legacy` is that check written again, for the proof only.

mod legacy;
mod stamp;

use std::collections::BTreeSet;

use ferrule_os4_compat::effects::StaticEffects;
use ferrule_os4_compat::{
    DeviceFacts, Family, GlassLevel, OsIdentity, Probes, PropertyMap, RuntimeState, ThermalHysteresis,
};
use ferrule_rollout::diff::Tree;

pub use legacy::Flaw;

use crate::proof::{Comparison, explain};

/// What both checks see of a phone.
#[derive(Debug, Clone, Default)]
pub struct Phone {
    /// Its properties.
    pub properties: PropertyMap,
    /// The probes of shared libraries.
    pub probes: Probes,
    /// Facts that no property tells.
    pub device: DeviceFacts,
}

/// The part of an answer that both checks have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The family.
    pub family: Family,
    /// The major version; legacy reads negative ones too.
    pub major: Option<i64>,
    /// The minor version.
    pub minor: Option<i64>,
    /// At least OS4.
    pub at_least_os4: bool,
    /// The glass of OS4 in full.
    pub glass: bool,
}

impl Answer {
    /// As a tree.
    pub fn tree(&self) -> Tree {
        Tree::map([
            ("family", Tree::from(self.family.as_str())),
            ("major", self.major.into()),
            ("minor", self.minor.into()),
            ("at_least_os4", self.at_least_os4.into()),
            ("glass", self.glass.into()),
        ])
    }
}

/// The candidate's answer about a phone at rest: nothing is known of its runtime state.
pub fn candidate(phone: &Phone) -> Answer {
    let identity = OsIdentity::decide(&phone.properties);
    let effects = StaticEffects::compute(&identity, &phone.probes, &phone.device, &phone.properties).apply(
        &RuntimeState::default(),
        0,
        &mut ThermalHysteresis::default(),
    );
    Answer {
        family: identity.family,
        major: identity.major.map(i64::from),
        minor: identity.minor.map(i64::from),
        at_least_os4: identity.at_least_os4(),
        glass: effects.glass == GlassLevel::Full,
    }
}

/// Legacy's answer without some of its flaws.
pub fn legacy_without(phone: &Phone, repaired: &[Flaw]) -> Answer {
    legacy::check(phone, &repaired.iter().copied().collect::<BTreeSet<_>>())
}

/// Compares the answers that both gave to a phone.
pub fn compare(phone: &Phone, legacy: &Answer, candidate_answer: &Answer) -> Comparison {
    explain(
        &legacy.tree(),
        &candidate_answer.tree(),
        &Flaw::ALL,
        Flaw::code,
        |repaired| legacy_without(phone, repaired).tree(),
        &candidate(phone).tree(),
    )
}
