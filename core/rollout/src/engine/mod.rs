//! The engine: what is known of every feature, and how an event changes it.
//!
//! What it is: [`State`], [`decide`](decide::decide) over it, and the pure [`step`](step::step) from one state to the next.
//! What it is not: it reads no file, asks for no time and never waits; an event brings everything along, and what has to
//! be done about it comes back as [`Effects`].
//!
//! Invariants: what is unknown means legacy (RO-I3); a fact about safety is only ever tightened by an event that is no
//! operator's and no new build's (RO-I4); a state has a bounded size (RO-I6).

pub mod decide;
pub mod event;
mod moves;
mod start;
pub mod state;
pub mod step;
pub mod target;

pub use decide::{Answer, Decision, Party, answers_after, decide, refusals};
pub use event::{Actor, AuditNote, Effects, Event, Persist};
pub use state::{
    Cap, Durable, Feature, FeatureId, KillSource, KillSources, Quarantine, Recent, Settings, State, Volatile,
};
pub use step::step;
pub use target::{Facts, Target, TargetKind};
