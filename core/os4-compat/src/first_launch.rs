//! Is this the user's first launch on OS4: the state machine (os4-compat 6.6). Only decisions, no I/O.
//!
//! What it is: [`decide`] takes what was loaded and what is known of this start, and says what to write and what to
//! answer. What it is not: it reads no file, clock or property; [`store`] runs it over a [`store::SlotStorage`].
//!
//! Invariants: only an OS that is established as at least OS4 arms; `Done` is sticky; at most
//! [`ATTEMPTS_MAX`] deliveries; what cannot be read suppresses; a delivery is answered only after its record is
//! durable, so it is at least once before the acknowledgement and the consumer must be idempotent on attempt > 1.

pub mod record;
pub mod slots;
pub mod store;

pub use record::{BuildId, DeviceId, Kind, Record, State};
pub use slots::{Loaded, UnreadableCause};
pub use store::{AcknowledgeError, FirstLaunch, Outcome, SlotStorage, first_launch_on_os4};

use crate::identity::{Confidence, Family, OsIdentity};
use crate::reason::{FlCode, Reason};

/// The most deliveries that one first launch gets.
pub const ATTEMPTS_MAX: u8 = 3;
/// The first HyperOS major that counts.
pub const FIRST_LAUNCH_MAJOR_MIN: u8 = 4;

/// Which OS this start is known to run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OsEvidence {
    /// Not established: low confidence, spoofed, or no number. Never arms and never writes.
    Untrusted,
    /// Established to be MIUI, before HyperOS.
    BeforeHyperOs,
    /// Established to be HyperOS of this major, 1 or more.
    HyperOs(u8),
}

impl OsEvidence {
    /// What an identity establishes: confidence Medium or High and no spoof.
    pub fn from_identity(identity: &OsIdentity) -> Self {
        if identity.spoofed || identity.confidence < Confidence::Medium {
            return Self::Untrusted;
        }
        match (identity.family, identity.major.map(u8::try_from)) {
            (Family::HyperOs, Some(Ok(major))) if major > 0 => {
                debug_assert!(identity.at_least_os4() == (major >= FIRST_LAUNCH_MAJOR_MIN));
                Self::HyperOs(major)
            }
            (Family::Miui, _) => Self::BeforeHyperOs,
            _ => Self::Untrusted,
        }
    }

    /// The number kept as the highest trusted major; 0 stands for before HyperOS.
    fn major(self) -> Option<u8> {
        match self {
            Self::Untrusted => None,
            Self::BeforeHyperOs => Some(0),
            Self::HyperOs(major) => Some(major),
        }
    }
}

/// Whose start it is; ids are Android user ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum User {
    /// A full user, with a record of its own.
    Full {
        /// The user's id.
        id: u32,
    },
    /// A work profile, which shares its parent's record.
    WorkProfile {
        /// The profile's own id.
        id: u32,
        /// The parent's id.
        parent: u32,
    },
    /// A guest or another ephemeral user, which never fires.
    Ephemeral {
        /// The user's id.
        id: u32,
    },
}

impl User {
    /// The user whose record counts for this one; `None` if there is none.
    pub fn record_owner(self) -> Option<u32> {
        match self {
            Self::Full { id } => Some(id),
            Self::WorkProfile { parent, .. } => Some(parent),
            Self::Ephemeral { .. } => None,
        }
    }
}

impl std::fmt::Display for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Full { id } => write!(f, "user {id}"),
            Self::WorkProfile { id, parent } => write!(f, "work profile {id} of user {parent}"),
            Self::Ephemeral { id } => write!(f, "ephemeral user {id}"),
        }
    }
}

/// What is known of one start of the launcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Whose start.
    pub user: User,
    /// The user has unlocked since boot, so the storage is there.
    pub unlocked: bool,
    /// Which OS.
    pub os: OsEvidence,
    /// The random id of this device, kept in the same storage as the record and excluded from backup.
    pub device_id: DeviceId,
    /// The build's id, a label kept in the record.
    pub build_id: BuildId,
}

/// One delivery of the first launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// How the user came to OS4.
    pub kind: Kind,
    /// 1 to [`ATTEMPTS_MAX`]; above 1 an earlier delivery may already have been seen.
    pub attempt: u8,
}

/// What a start gets to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Nothing to show.
    Nothing,
    /// Show the first launch, then acknowledge.
    Deliver(Delivery),
    /// Nothing to show, and the record was unreadable and is now done.
    Recovered,
    /// Ask again after the first unlock.
    NotReady,
    /// This kind of user never fires.
    SuppressedEphemeral,
}

/// The state machine's verdict: write first, durably, then answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The record to make durable before answering, if it changes.
    pub write: Option<Record>,
    /// The answer once the write has succeeded.
    pub answer: Answer,
    /// Why, in the order of the rules.
    pub reasons: Vec<Reason>,
}

/// The answer that needs no record: guests first, then locked users (nothing is read or written for either).
pub fn decide_without_record(start: &Start) -> Option<Decision> {
    let (answer, code) = match (start.user.record_owner(), start.unlocked) {
        (None, _) => (Answer::SuppressedEphemeral, FlCode::EphemeralUser),
        (Some(_), false) => (Answer::NotReady, FlCode::NotReady),
        (Some(_), true) => return None,
    };
    Some(Decision { write: None, answer, reasons: vec![Reason::new(code, start.user.to_string())] })
}

/// Decides one start over the loaded record.
pub fn decide(loaded: &Loaded, start: &Start) -> Decision {
    if let Some(decision) = decide_without_record(start) {
        return decision;
    }
    let mut reasons = Vec::new();
    let record = match loaded {
        Loaded::Absent => None,
        Loaded::Unreadable(cause) => return recover(*cause, start),
        Loaded::Record(record) => Some(record),
    };
    let own = record.filter(|record| record.device_id == start.device_id);
    let foreign = record.is_some() && own.is_none();
    if foreign {
        reasons.push(Reason::new(FlCode::ForeignRecord, "another device id"));
    }
    let Some(major) = start.os.major() else {
        reasons.push(Reason::new(FlCode::Untrusted, "OS not established"));
        return Decision { write: None, answer: Answer::Nothing, reasons };
    };
    let mut next = own.cloned().unwrap_or_else(|| Record::unseen(start.device_id));
    let seen_before = own.is_some().then_some(next.highest_major);
    next.highest_major = next.highest_major.max(major);
    next.build_id = start.build_id;

    let (answer, code, write) = match next.state {
        State::Unseen if major < FIRST_LAUNCH_MAJOR_MIN => {
            (Answer::Nothing, FlCode::BelowOs4, seen_before != Some(next.highest_major))
        }
        State::Unseen => {
            let kind = match (foreign, seen_before) {
                (true, _) => Kind::Restored,
                (false, Some(from)) => Kind::Upgrade { from },
                (false, None) => Kind::Fresh,
            };
            let delivery = Delivery { kind, attempt: 1 };
            next.state = State::Armed { kind, attempts: 1 };
            (Answer::Deliver(delivery), delivery_code(kind), true)
        }
        State::Armed { .. } if major < FIRST_LAUNCH_MAJOR_MIN => (Answer::Nothing, FlCode::BelowOs4, false),
        State::Armed { kind, attempts } if attempts < ATTEMPTS_MAX => {
            let delivery = Delivery { kind, attempt: attempts + 1 };
            next.state = State::Armed { kind, attempts: delivery.attempt };
            (Answer::Deliver(delivery), delivery_code(kind), true)
        }
        State::Armed { kind, attempts } => {
            next.state = State::Done { kind: Some(kind), attempts, recovered: false };
            (Answer::Nothing, FlCode::AttemptsExhausted, true)
        }
        State::Done { .. } => (Answer::Nothing, FlCode::AlreadyDone, seen_before != Some(next.highest_major)),
    };
    reasons.push(Reason::new(code, format!("trusted major {major}, state {}", next.state.name())));
    Decision { write: write.then_some(next), answer, reasons }
}

/// The record after the consumer's acknowledgement; anything but `Armed` stays as it is.
pub fn acknowledged(record: &Record) -> Record {
    let mut next = record.clone();
    if let State::Armed { kind, attempts } = record.state {
        next.state = State::Done { kind: Some(kind), attempts, recovered: false };
    }
    next
}

fn delivery_code(kind: Kind) -> FlCode {
    match kind {
        Kind::Upgrade { .. } => FlCode::DeliverUpgrade,
        Kind::Fresh => FlCode::DeliverFresh,
        Kind::Restored => FlCode::DeliverRestored,
    }
}

/// Suppresses and marks done: a missed welcome costs less than a repeated one.
fn recover(cause: UnreadableCause, start: &Start) -> Decision {
    let mut reasons = vec![Reason::new(FlCode::Recovered, cause.as_str())];
    if cause == UnreadableCause::TooNew {
        reasons.push(Reason::new(FlCode::RecordTooNew, "min_reader above this reader"));
    }
    let mut record = Record::unseen(start.device_id);
    record.highest_major = start.os.major().unwrap_or(0);
    record.build_id = start.build_id;
    record.state = State::Done { kind: None, attempts: 0, recovered: true };
    Decision { write: Some(record), answer: Answer::Recovered, reasons }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_work_profile_shares_its_parents_record_and_a_guest_has_none() {
        let table = [
            (User::Full { id: 10 }, Some(10), "user 10"),
            (User::WorkProfile { id: 11, parent: 10 }, Some(10), "work profile 11 of user 10"),
            (User::Ephemeral { id: 12 }, None, "ephemeral user 12"),
        ];
        for (user, owner, text) in table {
            assert_eq!((user.record_owner(), user.to_string().as_str()), (owner, text));
        }
    }
}
