//! Who answers a call, and why (R4, R15, section 2.2).
//!
//! What it is: one table of conditions, the strongest "no" first, so that the reason names what would have to be undone.
//! What it is not: it changes nothing; events do.
//!
//! Invariants: without a reason to trust the candidate legacy answers (RO-I3); below SHADOW the candidate does not run,
//! and at OFF nothing of it is loaded (RO-I2).

use crate::bucket::bucket;
use crate::engine::state::{Feature, FeatureId, State};
use crate::engine::target::Facts;
use crate::mutants::{Mutation, holds};
use crate::reason::RoCode;
use crate::stage::{Rung, Stage};

/// The two who can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// The code that has answered so far.
    Legacy,
    /// The code that is to replace it.
    Candidate,
}

/// How a call is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decision {
    /// Why.
    pub reason: RoCode,
    /// The rung that counts, after everything that lowers it.
    pub rung: Rung,
    /// Whose answer the caller gets if it comes.
    pub answers: Party,
    /// Whether the candidate's library is loaded.
    pub loads: bool,
    /// Whether the candidate runs: to answer, or to be compared.
    pub runs_candidate: bool,
}

impl Decision {
    fn off(reason: RoCode) -> Self {
        Self { reason, rung: Rung::OFF, answers: Party::Legacy, loads: false, runs_candidate: false }
    }
}

/// What came of asking the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It answered in time.
    Given,
    /// It threw, panicked, was late or could not be had.
    Failed,
}

/// Whose answer the caller gets once the candidate was asked: legacy's, unless the candidate was to answer and did.
/// After COMPLETE there is no legacy to fall back to (section 2.2).
pub fn answers_after(decision: &Decision, answer: Answer) -> Party {
    match (decision.answers, answer) {
        (Party::Candidate, Answer::Failed)
            if holds(Mutation::FallsBack, decision.rung.stage != Stage::Complete) =>
        {
            Party::Legacy
        }
        (party, _) => party,
    }
}

/// Decides a call of a feature on a device. An unknown feature is off.
pub fn decide(state: &State, id: FeatureId, facts: &Facts) -> Decision {
    decide_below(state, id, facts, 0)
}

/// `seen` holds the features on the way here: a cycle, which no checked configuration has, is off.
fn decide_below(state: &State, id: FeatureId, facts: &Facts, seen: u64) -> Decision {
    let Some(feature) = state.durable.feature(id) else { return Decision::off(RoCode::Off) };
    if let Some(reason) = refusal(state, feature, facts) {
        return Decision::off(reason);
    }
    let mut rung = lowered(feature);
    let (mut parents_answer, mut parents_run) = (true, true);
    if feature.settings.parents != 0 {
        if seen & id.bit() != 0 {
            return Decision::off(RoCode::Dependency);
        }
        for number in 0..64 {
            let Some(parent) = FeatureId::new(number).filter(|id| feature.settings.parents & id.bit() != 0)
            else {
                continue;
            };
            let above = decide_below(state, parent, facts, seen | id.bit());
            if holds(Mutation::ParentRules, above.rung < rung) {
                rung = feature.settings.template.at_most(above.rung);
            }
            parents_answer &= above.answers == Party::Candidate;
            parents_run &= above.runs_candidate;
        }
        if rung == Rung::OFF {
            return Decision::off(RoCode::Dependency);
        }
    }
    let probing = feature.probing && rung > Rung::SHADOW;
    if holds(Mutation::ProbesInShadow, probing) {
        rung = feature.settings.template.at_most(Rung::SHADOW);
    }
    let own = match rung.stage {
        Stage::Off => return Decision::off(RoCode::Off),
        Stage::Load => (RoCode::Load, Party::Legacy, false),
        Stage::Shadow => (RoCode::Shadow, Party::Legacy, true),
        Stage::Canary => {
            let mine = bucket(&feature.settings.salt, &state.durable.unit);
            if holds(Mutation::CohortDecides, !feature.cohort(rung).contains(mine)) {
                (RoCode::CohortOut, Party::Legacy, false)
            } else {
                (RoCode::CohortIn, Party::Candidate, true)
            }
        }
        Stage::Live => (RoCode::Live, Party::Candidate, true),
        Stage::Retire => (RoCode::Retire, Party::Candidate, true),
        Stage::Complete => (RoCode::Complete, Party::Candidate, true),
    };
    let (mut reason, mut answers, mut runs_candidate) = own;
    let alone = runs_candidate && !parents_run || answers == Party::Candidate && !parents_answer;
    if holds(Mutation::ParentRules, alone) {
        (reason, answers, runs_candidate) = (RoCode::Dependency, Party::Legacy, false);
    }
    if probing {
        reason = RoCode::Probing;
    }
    // A library that nobody asks is not opened for a parent that does not run (RO-I2).
    Decision { reason, rung, answers, loads: reason != RoCode::Dependency, runs_candidate }
}

/// Everything that turns a feature off, the strongest first, and whether it holds: the lines of `ferrule rollout why`.
pub fn refusals(state: &State, feature: &Feature, facts: &Facts) -> [(bool, RoCode); 9] {
    let durable = &state.durable;
    let open = feature.tripped_until_ms > durable.age_ms;
    [
        (holds(Mutation::KillCounts, durable.killed.any() || feature.killed.any()), RoCode::Killed),
        (feature.settings.is_bad, RoCode::ConfigRange),
        (state.volatile.too_new, RoCode::StateTooNew),
        (durable.lost && feature.granted == Rung::OFF, RoCode::StateLost),
        (holds(Mutation::SafeModeIsOff, durable.safe_mode.is_some()), RoCode::SafeMode),
        (holds(Mutation::QuarantineIsOff, feature.is_quarantined(durable.build)), RoCode::Quarantined),
        (lowered(feature) == Rung::OFF, RoCode::Off),
        (!facts.meet_all(&feature.settings.targets), RoCode::TargetingMiss),
        (holds(Mutation::TripIsOff, open), RoCode::Tripped),
    ]
}

/// The strongest of them.
fn refusal(state: &State, feature: &Feature, facts: &Facts) -> Option<RoCode> {
    refusals(state, feature, facts).into_iter().find_map(|(holds, reason)| holds.then_some(reason))
}

/// Where the feature stands after what the server lowered.
fn lowered(feature: &Feature) -> Rung {
    let rung = feature.overlay.map_or(feature.granted, |overlay| {
        if holds(Mutation::OverlayLowers, overlay > feature.granted) { feature.granted } else { overlay }
    });
    feature.settings.template.at_most(rung)
}
