//! How a feature's rung moves: up by evidence or by an operator, down by a rule (R1, R33, R53, R56).
//!
//! What it is: one function a move. What it is not: it gathers no evidence; the verdict of a gate comes in.
//!
//! Invariants: a rule only lowers; what rises needs a gate that passed for just that step, or an operator, and is written
//! before it counts (RO-I5).

use crate::engine::event::{Actor, AuditNote, Effects, Persist};
use crate::engine::state::{Cap, DAY_MS, FEATURES_MAX, Feature, FeatureId, HOUR_MS, Settings, State};
use crate::ledger::Verdict;
use crate::mutants::{Mutation, holds};
use crate::reason::RoCode;
use crate::stage::{Rung, Stage};

/// Demotions within [`FLAP_WINDOW_MS`] that freeze a feature (R53).
const FLAPS_MAX: usize = 2;
const FLAP_WINDOW_MS: u64 = 7 * DAY_MS;
/// How long the breaker stays open the first time, and at most (R33).
const OPEN_MS: u64 = 30_000;
const OPEN_MS_MAX: u64 = 24 * HOUR_MS;
const JITTER_MS_MAX: u32 = 30_000;
/// How often it opens within a day before the feature is demoted (R33).
const OPENS_MAX: usize = 3;

/// Lowers without any record; never raises.
pub(super) fn lower_to(feature: &mut Feature, rung: Rung) {
    feature.granted = feature.settings.template.at_most(feature.granted.min(rung));
}

/// A rule lowers a feature (R53).
fn demote(feature: &mut Feature, build: u64, now: u64, rung: Rung, out: &mut Effects) {
    let from = feature.granted;
    lower_to(feature, rung);
    if feature.granted == from {
        return;
    }
    feature.cap = Some(Cap { rung: feature.granted, build });
    feature.demotions.push(now);
    note_move(out, Actor::Engine, feature, from, RoCode::Demoted);
    let flaps = feature.demotions.within(now, FLAP_WINDOW_MS) >= FLAPS_MAX;
    if holds(Mutation::FlapFreezes, flaps) && !feature.frozen {
        feature.frozen = true;
        note(out, Actor::Engine, feature, RoCode::Frozen);
    }
    out.need(Persist::Now);
}

/// A real mismatch: no tolerance where the candidate answers; in SHADOW it only burns the ledger (R50, R53).
pub(super) fn mismatch(state: &mut State, id: FeatureId, out: &mut Effects) {
    let (build, now) = (state.durable.build, state.durable.age_ms);
    let Some(feature) = state.durable.feature_mut(id) else { return };
    if holds(Mutation::MismatchDemotes, feature.candidate_answers()) {
        demote(feature, build, now, Rung::SHADOW, out);
    }
}

/// The latency guard speaks (R32, R53).
pub(super) fn slow(state: &mut State, id: FeatureId, out: &mut Effects) {
    let (build, now) = (state.durable.build, state.durable.age_ms);
    let Some(feature) = state.durable.feature_mut(id) else { return };
    if feature.candidate_answers() {
        let rung = feature.settings.template.previous(feature.granted);
        demote(feature, build, now, rung, out);
    }
}

/// The breaker opens (R33).
pub(super) fn trip(state: &mut State, id: FeatureId, jitter_ms: u32, out: &mut Effects) {
    let (build, now) = (state.durable.build, state.durable.age_ms);
    let Some(feature) = state.durable.feature_mut(id) else { return };
    feature.opens.push(now);
    let opens = feature.opens.within(now, DAY_MS);
    let doublings = u32::try_from(opens.saturating_sub(1)).unwrap_or(0).min(12);
    let open_ms = (OPEN_MS << doublings).min(OPEN_MS_MAX) + u64::from(jitter_ms.min(JITTER_MS_MAX));
    feature.tripped_until_ms = feature.tripped_until_ms.max(now.saturating_add(open_ms));
    feature.probing = true;
    note(out, Actor::Engine, feature, RoCode::Tripped);
    if opens >= OPENS_MAX {
        let rung = feature.settings.template.previous(feature.granted);
        demote(feature, build, now, rung, out);
    }
    out.need(Persist::Now);
}

/// The probes were clean: the breaker is closed.
pub(super) fn probes_clean(state: &mut State, id: FeatureId, out: &mut Effects) {
    let now = state.durable.age_ms;
    let Some(feature) = state.durable.feature_mut(id) else { return };
    if feature.probing && feature.tripped_until_ms <= now {
        feature.probing = false;
        feature.tripped_until_ms = 0;
        out.need(Persist::BeforeUse);
    }
}

/// The evidence was weighed: at most one rung up, not above the ceiling.
pub(super) fn promote(state: &mut State, id: FeatureId, verdict: &Verdict, out: &mut Effects) {
    let held = state.volatile.stale || state.volatile.dirty_overflow & id.bit() != 0 || state.durable.lost;
    let stale = state.volatile.stale;
    let Some(feature) = state.durable.feature_mut(id) else { return };
    let Some(mut next) = feature.settings.template.next(feature.granted) else { return };
    if !holds(Mutation::OneRung, true) {
        next = feature.settings.template.next(next).unwrap_or(next);
    }
    if holds(Mutation::Ceiling, next > feature.settings.ceiling) {
        return;
    }
    let passed = verdict.passes() && verdict.from == feature.granted && verdict.to == next;
    let refused = if feature.frozen {
        Some(RoCode::Frozen)
    } else if stale {
        Some(RoCode::ConfigStale)
    } else if held || holds(Mutation::GateNeeded, !passed) {
        Some(RoCode::Refused)
    } else {
        None
    };
    if let Some(reason) = refused {
        note(out, Actor::Engine, feature, reason);
        return;
    }
    raise(feature, next, Actor::Engine, RoCode::Promoted, out);
}

/// An operator sets the rung. It may fall as far as it likes and rise by one.
pub(super) fn set(state: &mut State, id: FeatureId, rung: Rung, out: &mut Effects) {
    let Some(feature) = state.durable.feature_mut(id) else { return };
    let template = feature.settings.template;
    let next = template.next(feature.granted).unwrap_or(feature.granted);
    // Within a canary any share up to the next stop of the ramp is one step.
    if holds(Mutation::OneRung, rung > next) || !template.allows(rung.stage) || feature.settings.is_bad {
        note(out, Actor::Operator, feature, RoCode::Refused);
        return;
    }
    if rung > feature.granted {
        feature.frozen = false;
        feature.demotions.clear();
        raise(feature, rung, Actor::Operator, RoCode::SetByOperator, out);
    } else {
        let from = feature.granted;
        lower_to(feature, rung);
        note_move(out, Actor::Operator, feature, from, RoCode::SetByOperator);
        out.need(Persist::Now);
    }
}

fn raise(feature: &mut Feature, rung: Rung, actor: Actor, reason: RoCode, out: &mut Effects) {
    let from = feature.granted;
    feature.granted = rung;
    feature.cap = feature.cap.map(|cap| Cap { rung: cap.rung.max(rung), ..cap });
    note_move(out, actor, feature, from, reason);
    out.need(Persist::BeforeUse);
}

/// The server's configuration lowers, or no longer does (R56).
pub(super) fn overlay(state: &mut State, id: FeatureId, rung: Option<Rung>, out: &mut Effects) {
    let Some(feature) = state.durable.feature_mut(id) else { return };
    let before = std::mem::replace(&mut feature.overlay, rung);
    let height = |rung: Option<Rung>| rung.unwrap_or(Rung::of(Stage::Complete));
    if height(rung) > height(before) {
        out.need(Persist::BeforeUse);
    } else if rung != before {
        out.need(Persist::Now);
    }
}

/// A configuration of a higher generation takes the place of the one before; what is known about safety stays (RO-I4).
pub(super) fn compiled(
    state: &mut State,
    generation: u64,
    features: &[(FeatureId, Settings)],
    out: &mut Effects,
) {
    let durable = &mut state.durable;
    if generation <= durable.generation || features.len() > FEATURES_MAX {
        out.audit.push(AuditNote {
            actor: Actor::Configuration,
            feature: None,
            from: Rung::OFF,
            to: Rung::OFF,
            reason: RoCode::Refused,
        });
        return;
    }
    durable.generation = generation;
    let before = std::mem::take(&mut durable.features);
    for (id, settings) in features {
        let old = before.iter().find(|feature| feature.id == *id && feature.settings.name == settings.name);
        let mut feature = Feature::new(*id, settings.clone());
        let from = old.map_or(Rung::OFF, |old| old.granted);
        if let Some(old) = old {
            let granted = feature.granted;
            feature = Feature { settings: settings.clone(), granted, ..old.clone() };
            if let Some(cap) = old.cap.filter(|cap| cap.build == durable.build)
                && holds(Mutation::CapSurvives, true)
            {
                lower_to(&mut feature, cap.rung);
            }
            // A build on probation, or one that may not rise without an operator, does not rise by a new file either.
            if old.frozen || old.probation_until_ms > durable.age_ms {
                lower_to(&mut feature, old.granted);
            }
        }
        if holds(Mutation::LostIsOff, durable.lost) {
            feature.granted = Rung::OFF;
        }
        if settings.is_bad {
            feature.granted = Rung::OFF;
        }
        note_move(out, Actor::Configuration, &feature, from, RoCode::Configured);
        durable.features.push(feature);
    }
    durable.features.sort_by_key(|feature| feature.id);
    durable.features.dedup_by_key(|feature| feature.id);
    out.need(Persist::BeforeUse);
}

/// An operator lifts the quarantine and the freeze of a feature.
pub(super) fn clear(state: &mut State, id: FeatureId, out: &mut Effects) {
    let build = state.durable.build;
    let Some(feature) = state.durable.feature_mut(id) else { return };
    feature.quarantines.retain(|quarantine| quarantine.build != build);
    feature.streak = 0;
    feature.crashes.clear();
    feature.frozen = false;
    feature.demotions.clear();
    note(out, Actor::Operator, feature, RoCode::Cleared);
    out.need(Persist::BeforeUse);
}

/// A line about a feature that stays where it stands.
fn note(out: &mut Effects, actor: Actor, feature: &Feature, reason: RoCode) {
    note_move(out, actor, feature, feature.granted, reason);
}

/// A line about a feature that stood at `from`.
pub(super) fn note_move(out: &mut Effects, actor: Actor, feature: &Feature, from: Rung, reason: RoCode) {
    out.audit.push(AuditNote { actor, feature: Some(feature.id), from, to: feature.granted, reason });
}
