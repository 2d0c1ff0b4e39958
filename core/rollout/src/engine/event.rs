//! What can happen, and what has to be done about it.
//!
//! What it is: the vocabulary of [`step`](super::step::step). What it is not: rules.
//!
//! Invariant: an event carries everything its rule needs, times included; an effect names what the caller must do, and
//! in which order.

use crate::crash::Blame;
use crate::engine::state::{FeatureId, KillSource, Settings};
use crate::ledger::Verdict;
use crate::reason::RoCode;
use crate::stage::Rung;

/// Who caused an event, for the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A rule of the engine.
    Engine,
    /// A person, through the command.
    Operator,
    /// The configuration, compiled or from the server.
    Configuration,
}

impl Actor {
    /// Every actor; the index is the number in the audit log.
    pub const ALL: [Self; 3] = [Self::Engine, Self::Operator, Self::Configuration];

    /// Lower-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Operator => "operator",
            Self::Configuration => "configuration",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A process starts, before any library is loaded (R25). The times of [`Event::Time`] come with it.
    Start {
        /// The boot, as [`id_hash`](crate::bucket::id_hash) of its id.
        boot: u64,
        /// CLOCK_BOOTTIME in ms.
        boottime_ms: u64,
        /// The candidate's build, as [`id_hash`](crate::bucket::id_hash) of its build id.
        build: u64,
        /// What the beacons of processes that ended say.
        blames: Vec<Blame>,
    },
    /// Time goes on. CLOCK_BOOTTIME in ms of the same boot; one that goes back changes nothing.
    Time {
        /// CLOCK_BOOTTIME in ms.
        boottime_ms: u64,
    },
    /// The candidate was called so many more times in this process.
    Calls {
        /// The feature.
        feature: FeatureId,
        /// How often.
        count: u32,
    },
    /// The first frame was shown, or whatever says that the process is well (R27).
    FirstFrame,
    /// A source kills a feature, or all, or takes its own kill back.
    Kill {
        /// The feature; `None` for all.
        feature: Option<FeatureId>,
        /// The source.
        source: KillSource,
        /// Whether it kills from now on.
        on: bool,
    },
    /// A comparison found a real mismatch.
    Mismatch {
        /// The feature.
        feature: FeatureId,
    },
    /// The breaker opens (R33).
    Trip {
        /// The feature.
        feature: FeatureId,
        /// Added to the time that it stays open, so that devices do not come back all at once; at most 30,000 counts.
        jitter_ms: u32,
    },
    /// Twenty probes in a row were clean (R33).
    ProbesClean {
        /// The feature.
        feature: FeatureId,
    },
    /// The candidate is slower than the guard allows (R32).
    Slow {
        /// The feature.
        feature: FeatureId,
    },
    /// More keys wait for repair than the dirty set remembers (R38), or no longer.
    DirtyOverflow {
        /// The feature.
        feature: FeatureId,
        /// Whether it is so from now on.
        on: bool,
    },
    /// The configuration is older than it may be (R53), or no longer.
    Stale(bool),
    /// The evidence was weighed for one step up (R49).
    Promote {
        /// The feature.
        feature: FeatureId,
        /// What the gate said, and for which step.
        verdict: Verdict,
    },
    /// An operator sets the rung: any lower one, or the next higher one (R1).
    Set {
        /// The feature.
        feature: FeatureId,
        /// The rung.
        rung: Rung,
    },
    /// The server's configuration lowers a feature, or no longer does (R56).
    Overlay {
        /// The feature.
        feature: FeatureId,
        /// What it is lowered to.
        rung: Option<Rung>,
    },
    /// A configuration compiled at build time, of a higher generation than the one there is.
    Compiled {
        /// Its number.
        generation: u64,
        /// Every feature.
        features: Vec<(FeatureId, Settings)>,
    },
    /// An operator lifts the quarantine and the freeze of a feature.
    Clear {
        /// The feature.
        feature: FeatureId,
    },
    /// An operator ends safe mode.
    ClearSafeMode,
}

/// When the new state has to be on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Persist {
    /// Nothing to write.
    #[default]
    No,
    /// With the next write, at most every 30 s (R47).
    Soon,
    /// At once; what it says counts already: it makes nothing looser.
    Now,
    /// At once, and nothing of it counts before the write was acknowledged: something rises (RO-I5). If the write
    /// fails the state before it stays in force.
    BeforeUse,
}

/// A line for the audit log (R55).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditNote {
    /// Who.
    pub actor: Actor,
    /// The feature; `None` for all.
    pub feature: Option<FeatureId>,
    /// Where it stood.
    pub from: Rung,
    /// Where it stands.
    pub to: Rung,
    /// Why.
    pub reason: RoCode,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// When the new state has to be on disk.
    pub persist: Persist,
    /// What to write into the audit log, in order; each is also one line of the log.
    pub audit: Vec<AuditNote>,
    /// The decisions of features may have changed: publish them again.
    pub publish: bool,
}

impl Effects {
    pub(crate) fn need(&mut self, persist: Persist) {
        self.persist = self.persist.max(persist);
        self.publish |= persist > Persist::Soon;
    }
}
