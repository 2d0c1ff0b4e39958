//! The table: what becomes of a row, given what Launcher3 would have made of it (SPEC-07 NEW).
//!
//! One exhaustive match over `compat`'s verdicts and nothing else decides between live, held, quarantined and opaque for a
//! row's *target*; where a row stands is not its fault and is settled by `tree` and `board`.

use super::deviation::Deviation;
use crate::compat::outcome::{RowFault, SweepStep};
use crate::compat::{DeleteReason, Verdict};

/// Where a row ends. Every row ends in exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// On the screen, or in something that is.
    Live,
    /// Kept at its place and shown as unavailable until what it needs comes back.
    Held,
    /// Off the screen, kept and restorable: there is nothing to show.
    Quarantined,
    /// Not understood: kept as it is with its cells.
    Opaque,
}

impl State {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Held => "held",
            Self::Quarantined => "quarantined",
            Self::Opaque => "opaque",
        }
    }
}

/// What Launcher3 makes of a row in the whole of one load, clean-up included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyEnd {
    /// The verdict of the load phase.
    Verdict(Verdict),
    /// Accepted or skipped, then removed by the clean-up (B.5).
    Swept(SweepStep),
}

impl LegacyEnd {
    /// `compat`'s code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.code(),
            Self::Swept(step) => step.code(),
        }
    }

    /// Whether Launcher3 has the item in its model and the row in its database.
    pub fn is_loaded(self) -> bool {
        self == Self::Verdict(Verdict::Accept)
    }

    /// Whether the row is gone from the database.
    pub fn is_deleted(self) -> bool {
        matches!(self, Self::Swept(_) | Self::Verdict(Verdict::Delete(_)))
    }
}

/// An entry of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// Where the row ends.
    pub state: State,
    /// How that differs from Launcher3; nothing for a live row.
    pub deviation: Option<Deviation>,
}

const LIVE: Fate = Fate { state: State::Live, deviation: None };
const HELD: Fate = Fate { state: State::Held, deviation: Some(Deviation::HeldInsteadOfDeleted) };
const HELD_UNREADABLE: Fate = Fate { state: State::Held, deviation: Some(Deviation::HeldInsteadOfSkipped) };
const VOID: Fate =
    Fate { state: State::Quarantined, deviation: Some(Deviation::QuarantinedInsteadOfDeleted) };
const OPAQUE: Fate = Fate { state: State::Opaque, deviation: Some(Deviation::KeptOpaque) };

/// The table. A verdict that is about a row's place or company alone leaves it live: the row is moved instead.
///
/// ```
/// # use ferrule_launcher_model::compat::{DeleteReason, Verdict};
/// # use ferrule_launcher_model::safe::{State, fate};
/// assert_eq!(fate(Verdict::Delete(DeleteReason::ShortcutNotFound)).state, State::Held);
/// assert_eq!(fate(Verdict::Delete(DeleteReason::OverlappingItem)).state, State::Live);
/// ```
pub fn fate(verdict: Verdict) -> Fate {
    match verdict {
        Verdict::Accept | Verdict::Adrift(_) => LIVE,
        Verdict::Delete(reason) => match reason {
            // The target is not there, or not seen: it may come back (J.1.1–3, 15).
            DeleteReason::ProfileDeleted
            | DeleteReason::AppNoLaunchIntent
            | DeleteReason::AppNotRestoredOrInstalled
            | DeleteReason::AppNotInstalledExternalMedia
            | DeleteReason::ShortcutNotFound
            | DeleteReason::NoSearchWidget
            | DeleteReason::MissingWidgetProvider
            | DeleteReason::InvalidWidgetId
            | DeleteReason::InvalidCustomWidgetId
            | DeleteReason::UnrestoredPendingWidget
            | DeleteReason::UnspecifiedWidgetInflationResult
            | DeleteReason::WidgetsDisabled => HELD,
            // Nothing that could ever be shown (SPEC-07: structurally void).
            DeleteReason::AppNoDbIntent
            | DeleteReason::AppNoTargetPackage
            | DeleteReason::InvalidWidgetSize => VOID,
            // Only the place is wrong (J.1.5).
            DeleteReason::InvalidWidgetContainer | DeleteReason::OverlappingItem => LIVE,
        },
        Verdict::Zombie(fault) => match fault {
            // J.1.6: a type or a column that nobody here can read.
            RowFault::UnknownType | RowFault::Unreadable => OPAQUE,
            // Readable, but not to be started as it is.
            RowFault::AppPairsOff
            | RowFault::IntentNumber(_)
            | RowFault::SelectorSet
            | RowFault::Unresolved
            | RowFault::RestoreType(_)
            | RowFault::ShortcutIdMissing
            | RowFault::ProviderNull
            | RowFault::ProviderMalformed
            | RowFault::BindExtrasMissing => HELD_UNREADABLE,
            // Only the place or the company is wrong.
            RowFault::HotseatIndex { .. } | RowFault::PairInPair => LIVE,
        },
    }
}
