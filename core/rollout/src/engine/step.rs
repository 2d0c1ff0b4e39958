//! The pure step from one state to the next.
//!
//! What it is: the door to the engine; one arm an event. What it is not: it does nothing itself, see [`Effects`].
//!
//! Invariants: the same state and event give the same answer; an event that means nothing changes nothing; while the
//! stored file asks for a newer reader nothing durable changes (R45).

use crate::engine::event::{Actor, AuditNote, Effects, Event, Persist};
use crate::engine::state::{FeatureId, KillSource, State};
use crate::engine::{moves, start};
use crate::mutants::{Mutation, holds};
use crate::reason::RoCode;
use crate::stage::Rung;

/// What becomes of a state when something happens, and what has to be done about it.
pub fn step(state: &State, event: &Event) -> (State, Effects) {
    let mut next = state.clone();
    let mut out = Effects::default();
    match event {
        Event::Start { boot, boottime_ms, build, blames } => {
            start::start(&mut next, (*boot, *boottime_ms), *build, blames, &mut out);
        }
        Event::Time { boottime_ms } => {
            start::time(&mut next.durable, *boottime_ms, &mut out);
            start::settle(&mut next, &mut out);
        }
        Event::Calls { feature, count } => {
            if let Some(calls) = next.volatile.calls.get_mut(usize::from(feature.number())) {
                *calls = calls.saturating_add(*count);
            }
            start::settle(&mut next, &mut out);
        }
        Event::FirstFrame => {
            next.volatile.first_frame = true;
            start::settle(&mut next, &mut out);
        }
        Event::Kill { feature, source, on } => kill(&mut next, *feature, *source, *on, &mut out),
        Event::Mismatch { feature } => moves::mismatch(&mut next, *feature, &mut out),
        Event::Trip { feature, jitter_ms } => moves::trip(&mut next, *feature, *jitter_ms, &mut out),
        Event::ProbesClean { feature } => moves::probes_clean(&mut next, *feature, &mut out),
        Event::Slow { feature } => moves::slow(&mut next, *feature, &mut out),
        Event::DirtyOverflow { feature, on } => dirty_overflow(&mut next, *feature, *on, &mut out),
        Event::Stale(stale) => next.volatile.stale = *stale,
        Event::Promote { feature, verdict } => moves::promote(&mut next, *feature, verdict, &mut out),
        Event::Set { feature, rung } => {
            // An operator has looked: a lost state is settled with the first rung that is set.
            next.durable.lost = false;
            moves::set(&mut next, *feature, *rung, &mut out);
        }
        Event::Overlay { feature, rung } => moves::overlay(&mut next, *feature, *rung, &mut out),
        Event::Compiled { generation, features } => {
            moves::compiled(&mut next, *generation, features, &mut out);
        }
        Event::Clear { feature } => moves::clear(&mut next, *feature, &mut out),
        Event::ClearSafeMode => {
            next.durable.safe_mode = None;
            next.durable.deaths.clear();
            note_all(&mut out, Actor::Operator, RoCode::Cleared);
            out.need(Persist::BeforeUse);
        }
    }
    if holds(Mutation::TooNewIsKept, state.volatile.too_new) {
        next.durable = state.durable.clone();
        out.persist = Persist::No;
    }
    (next, out)
}

fn kill(state: &mut State, feature: Option<FeatureId>, source: KillSource, on: bool, out: &mut Effects) {
    let killed = match feature {
        None => Some(&mut state.durable.killed),
        Some(id) => state.durable.feature_mut(id).map(|feature| &mut feature.killed),
    };
    let Some(killed) = killed else { return };
    let before = *killed;
    killed.set(source, on);
    if !on && !holds(Mutation::KillSourceApart, true) {
        killed.clear_all();
    }
    if before == *killed {
        return;
    }
    let reason = if on { RoCode::Killed } else { RoCode::Unkilled };
    let actor = if source == KillSource::Command { Actor::Operator } else { Actor::Configuration };
    out.audit.push(AuditNote { actor, feature, from: Rung::OFF, to: Rung::OFF, reason });
    out.need(if on { Persist::Now } else { Persist::BeforeUse });
}

fn dirty_overflow(state: &mut State, feature: FeatureId, on: bool, out: &mut Effects) {
    let before = state.volatile.dirty_overflow & feature.bit() != 0;
    if on {
        state.volatile.dirty_overflow |= feature.bit();
    } else {
        state.volatile.dirty_overflow &= !feature.bit();
    }
    if on && !before {
        let rung = state.durable.feature(feature).map_or(Rung::OFF, |feature| feature.granted);
        out.audit.push(AuditNote {
            actor: Actor::Engine,
            feature: Some(feature),
            from: rung,
            to: rung,
            reason: RoCode::DirtyOverflow,
        });
    }
}

fn note_all(out: &mut Effects, actor: Actor, reason: RoCode) {
    out.audit.push(AuditNote { actor, feature: None, from: Rung::OFF, to: Rung::OFF, reason });
}
