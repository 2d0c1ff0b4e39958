//! Which deaths count, and against whom (R25 as corrected in contracts 6, R26).
//!
//! What it is: one row an exit reason. What it is not: it does not count; the engine does.
//!
//! Invariants: a call in flight and no exit reason counts as a crash; only a reason that says otherwise lowers it to nothing.

use super::beacon::{Beacon, MIRROR_SAFE_MODE};
use crate::mutants::{Mutation, holds};

/// A signal that kills, of those that a bug can cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP or SIGSYS.
    Fault,
    /// Any other: somebody else's wish.
    Other,
}

/// What the system says of a process's end: `ApplicationExitInfo`, or a wait status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExitReason {
    /// Nothing is known: API < 30, a plain JVM, another boot.
    Unknown,
    /// CRASH_NATIVE.
    CrashNative,
    /// CRASH: a throwable that nobody caught.
    Crash,
    /// SIGNALED, by this signal.
    Signaled(Signal),
    /// ANR; `true` if the candidate was on the main thread's stack.
    Anr(bool),
    /// INITIALIZATION_FAILURE.
    InitializationFailure,
    /// EXIT_SELF.
    ExitSelf,
    /// LOW_MEMORY.
    LowMemory,
    /// USER_REQUESTED or USER_STOPPED.
    UserRequested,
    /// PACKAGE_UPDATED or PACKAGE_STATE_CHANGE.
    PackageUpdated,
    /// FREEZER.
    Freezer,
    /// Any other reason that the system names: EXCESSIVE_RESOURCE_USAGE, DEPENDENCY_DIED, PERMISSION_CHANGE, OTHER.
    Other,
}

impl ExitReason {
    /// Every reason, for tables and tests.
    pub const ALL: [Self; 14] = [
        Self::Unknown,
        Self::CrashNative,
        Self::Crash,
        Self::Signaled(Signal::Fault),
        Self::Signaled(Signal::Other),
        Self::Anr(true),
        Self::Anr(false),
        Self::InitializationFailure,
        Self::ExitSelf,
        Self::LowMemory,
        Self::UserRequested,
        Self::PackageUpdated,
        Self::Freezer,
        Self::Other,
    ];

    /// How it counts when a call was in flight: against the features in flight, and as a native death.
    ///
    /// A throwable that nobody caught passed the guard, so it is not the candidate's; an exit of its own choice inside a
    /// call is (`_exit` in native code).
    fn counts_in_flight(self) -> (bool, bool) {
        match self {
            Self::Unknown => {
                (holds(Mutation::UnknownDeathCounts, true), holds(Mutation::UnknownDeathCounts, true))
            }
            Self::CrashNative
            | Self::Signaled(Signal::Fault)
            | Self::InitializationFailure
            | Self::ExitSelf => (true, true),
            Self::Anr(candidate_on_main) => (candidate_on_main, false),
            Self::Crash
            | Self::Signaled(Signal::Other)
            | Self::LowMemory
            | Self::UserRequested
            | Self::PackageUpdated
            | Self::Freezer
            | Self::Other => (false, false),
        }
    }

    /// Whether it is a native death although nothing was in flight: delayed corruption, charged to the library (R26).
    fn counts_at_rest(self) -> bool {
        matches!(self, Self::CrashNative | Self::Signaled(Signal::Fault))
    }
}

/// What one ended process has to answer for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blame {
    /// The build that it ran, as [`id_hash`](crate::bucket::id_hash).
    pub build: u64,
    /// The features that a death is counted against, as bits.
    pub features: u64,
    /// Whether it counts towards safe mode.
    pub is_native: bool,
    /// Features that its header says are quarantined, as bits (R43).
    pub mirrored: u64,
    /// Whether its header says safe mode.
    pub mirrors_safe_mode: bool,
}

/// Judges the beacon of a process that is no more.
///
/// `crashed_tid` is the thread that the tombstone names: with it only that thread's calls are blamed, if it has any.
pub fn blame(beacon: &Beacon, reason: ExitReason, crashed_tid: Option<u32>) -> Blame {
    let (counts, native) = if beacon.has_calls() {
        reason.counts_in_flight()
    } else {
        (false, beacon.started != 0 && reason.counts_at_rest())
    };
    let of_thread = crashed_tid.map_or(0, |tid| {
        let calls = beacon.in_flight.iter().filter(|entry| entry.tid == tid).copied().collect();
        Beacon { in_flight: calls, ..Beacon::default() }.suspects()
    });
    let features = match (counts, of_thread) {
        (false, _) => 0,
        (true, 0) => beacon.suspects(),
        (true, features) => features,
    };
    Blame {
        build: beacon.build,
        features,
        is_native: native,
        mirrored: beacon.mirror & !MIRROR_SAFE_MODE,
        mirrors_safe_mode: beacon.mirror & MIRROR_SAFE_MODE != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::beacon::Entry;
    use super::*;

    fn in_flight() -> Beacon {
        let call = |feature, tid| Entry { feature, op: 0, tid, sequence: 1 };
        Beacon { started: 0b1111, in_flight: vec![call(0, 10), call(2, 11)], ..Beacon::default() }
    }

    #[test]
    fn each_exit_reason_counts_as_its_row_says() {
        use ExitReason as R;
        for (reason, features, native, at_rest) in [
            (R::Unknown, 0b101, true, false),
            (R::CrashNative, 0b101, true, true),
            (R::Crash, 0, false, false),
            (R::Signaled(Signal::Fault), 0b101, true, true),
            (R::Signaled(Signal::Other), 0, false, false),
            (R::Anr(true), 0b101, false, false),
            (R::Anr(false), 0, false, false),
            (R::InitializationFailure, 0b101, true, false),
            (R::ExitSelf, 0b101, true, false),
            (R::LowMemory, 0, false, false),
            (R::UserRequested, 0, false, false),
            (R::PackageUpdated, 0, false, false),
            (R::Freezer, 0, false, false),
            (R::Other, 0, false, false),
        ] {
            let found = blame(&in_flight(), reason, None);
            assert_eq!((found.features, found.is_native), (features, native), "{reason:?}");
            let idle = Beacon { in_flight: vec![], ..in_flight() };
            let found = blame(&idle, reason, None);
            assert_eq!((found.features, found.is_native), (0, at_rest), "{reason:?} at rest");
            let unloaded = Beacon { started: 0, ..idle };
            assert!(!blame(&unloaded, reason, None).is_native, "{reason:?} without the library");
        }
        assert_eq!(ExitReason::ALL.len(), 14);
    }

    #[test]
    fn the_thread_that_crashed_is_blamed_alone_if_it_is_known() {
        let of = |tid| blame(&in_flight(), ExitReason::CrashNative, Some(tid)).features;
        assert_eq!((of(10), of(11), of(12)), (0b001, 0b100, 0b101));
    }
}
