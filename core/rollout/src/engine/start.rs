//! What a process finds out when it starts: a new boot, a new build, and who died (R25–R27, R43).
//!
//! What it is: the counting of deaths and its consequences. What it is not: it reads no beacon; `crash` turned those into
//! [`Blame`]s.
//!
//! Invariants: a death that counts is durable before its beacon is cleared; a quarantine is lifted by an operator or left
//! behind by a new build, never by time.

use crate::crash::Blame;
use crate::engine::event::{Actor, AuditNote, Effects, Persist};
use crate::engine::moves::{lower_to, note_move};
use crate::engine::state::{DAY_MS, Durable, FeatureId, QUARANTINES_MAX, Quarantine, State, Volatile};
use crate::mutants::{Mutation, holds};
use crate::reason::RoCode;
use crate::stage::Rung;

/// Deaths in a row that quarantine (R26).
const STREAK_MAX: u8 = 2;
/// Deaths within 24 hours that quarantine (R26).
const CRASHES_MAX: usize = 3;
/// Native deaths of any feature within 24 hours that begin safe mode (R26, corrected).
const DEATHS_MAX: usize = 3;
/// How long a build that follows a quarantined one is on probation (R27).
const PROBATION_MS: u64 = 7 * DAY_MS;
/// How long a process has run before its streak may end (R27).
const STABLE_UPTIME_MS: u64 = 60_000;
/// How often the candidate was called before its streak may end (R27).
const STABLE_CALLS: u32 = 100;

/// A process starts.
pub(super) fn start(
    state: &mut State,
    (boot, boottime_ms): (u64, u64),
    build: u64,
    blames: &[Blame],
    out: &mut Effects,
) {
    let durable = &mut state.durable;
    // Of a new boot only its own running time is known to have passed (R31).
    let passed =
        if durable.boot == boot { boottime_ms.saturating_sub(durable.boottime_ms) } else { boottime_ms };
    durable.age_ms = durable.age_ms.saturating_add(passed);
    durable.boottime_ms =
        if durable.boot == boot { durable.boottime_ms.max(boottime_ms) } else { boottime_ms };
    durable.boot = boot;
    state.volatile = Volatile {
        too_new: state.volatile.too_new,
        started_ms: durable.age_ms,
        calls: vec![0; crate::engine::state::FEATURES_MAX],
        ..Volatile::default()
    };
    let before = durable.build;
    let (old, new): (Vec<&Blame>, Vec<&Blame>) = blames.iter().partition(|blame| blame.build == before);
    for blame in old {
        count(durable, blame, out);
    }
    if before != build {
        new_build(durable, build, out);
    }
    for blame in new.into_iter().filter(|blame| blame.build == build) {
        count(durable, blame, out);
    }
    out.need(Persist::Soon);
    out.publish = true;
}

/// Time goes on.
pub(super) fn time(durable: &mut Durable, boottime_ms: u64, out: &mut Effects) {
    let passed = boottime_ms.saturating_sub(durable.boottime_ms);
    let before = durable.age_ms;
    durable.age_ms = durable.age_ms.saturating_add(passed);
    durable.boottime_ms = durable.boottime_ms.max(boottime_ms);
    let now = durable.age_ms;
    let closes = |until: u64| until > before && until <= now;
    out.publish |= durable.features.iter().any(|feature| closes(feature.tripped_until_ms));
}

/// R27: ends the streaks of features that have shown to be stable.
pub(super) fn settle(state: &mut State, out: &mut Effects) {
    let State { durable, volatile } = state;
    let uptime = durable.age_ms.saturating_sub(volatile.started_ms);
    for feature in durable.features.iter_mut().filter(|feature| feature.streak > 0) {
        let calls = volatile.calls.get(usize::from(feature.id.number())).copied().unwrap_or(0);
        let stable = volatile.first_frame && uptime >= STABLE_UPTIME_MS && calls >= STABLE_CALLS;
        if stable || !holds(Mutation::StableMarks, true) && (uptime > 0 || calls > 0 || volatile.first_frame)
        {
            feature.streak = 0;
            out.need(Persist::Soon);
        }
    }
}

/// Takes one ended process into account.
fn count(durable: &mut Durable, blame: &Blame, out: &mut Effects) {
    let build = durable.build;
    let now = durable.age_ms;
    // What ran is not known here: the state is not the one that let it run.
    let known = durable.features.iter().map(|feature| feature.id.bit()).fold(0, |bits, bit| bits | bit);
    if (blame.features | blame.mirrored) & !known != 0 && !durable.lost {
        durable.lost = true;
        note(out, None, Rung::OFF, RoCode::StateLost);
        out.need(Persist::Now);
    }
    let mirrored = |id: FeatureId| holds(Mutation::MirrorCounts, blame.mirrored & id.bit() != 0);
    let mut quarantined = Vec::new();
    for feature in &mut durable.features {
        if blame.features & feature.id.bit() != 0 {
            feature.streak = feature.streak.saturating_add(1);
            feature.crashes.push(now);
            out.need(Persist::Now);
        }
        let at_once = holds(Mutation::CriticalAtOnce, feature.settings.critical && feature.streak > 0)
            || holds(Mutation::ProbationAtOnce, feature.probation_until_ms > now && feature.streak > 0);
        let over = at_once
            || holds(Mutation::StreakQuarantines, feature.streak >= STREAK_MAX)
            || holds(Mutation::BucketQuarantines, feature.crashes.within(now, DAY_MS) >= CRASHES_MAX);
        let blamed = blame.features & feature.id.bit() != 0;
        if ((over && blamed) || mirrored(feature.id)) && !feature.is_quarantined(build) {
            if feature.quarantines.len() >= QUARANTINES_MAX {
                feature.quarantines.remove(0);
            }
            feature.quarantines.push(Quarantine { build, age_ms: now });
            quarantined.push((feature.id, feature.granted));
        }
    }
    for (id, granted) in quarantined {
        note(out, Some(id), granted, RoCode::Quarantined);
        out.need(Persist::Now);
    }
    if blame.is_native {
        durable.deaths.push(now);
        out.need(Persist::Now);
    }
    let many = holds(Mutation::SafeModeBegins, durable.deaths.within(now, DAY_MS) >= DEATHS_MAX);
    let mirrored = holds(Mutation::MirrorCounts, blame.mirrors_safe_mode);
    if ((many && blame.is_native) || mirrored) && durable.safe_mode.is_none() {
        durable.safe_mode = Some(build);
        note(out, None, Rung::OFF, RoCode::SafeMode);
        out.need(Persist::Now);
    }
}

/// Another build of the candidate than last time.
fn new_build(durable: &mut Durable, build: u64, out: &mut Effects) {
    let (before, now) = (durable.build, durable.age_ms);
    durable.build = build;
    durable.deaths.clear();
    durable.safe_mode = durable.safe_mode.filter(|about| *about == build);
    // Which build the lost state was about is unknown unless a beacon told.
    durable.lost &= before == 0;
    for feature in &mut durable.features {
        feature.streak = 0;
        feature.crashes.clear();
        feature.tripped_until_ms = 0;
        feature.probing = false;
        feature.opens.clear();
        feature.cap = feature.cap.filter(|cap| cap.build == build);
        if holds(Mutation::NewBuildRestarts, feature.is_quarantined(before) && before != 0) {
            feature.probation_until_ms = now.saturating_add(PROBATION_MS);
            let from = feature.granted;
            lower_to(feature, Rung::SHADOW);
            if from != feature.granted {
                note_move(out, Actor::Engine, feature, from, RoCode::Demoted);
            }
        }
    }
    out.need(Persist::Now);
}

fn note(out: &mut Effects, feature: Option<FeatureId>, from: Rung, reason: RoCode) {
    out.audit.push(AuditNote { actor: Actor::Engine, feature, from, to: Rung::OFF, reason });
}
