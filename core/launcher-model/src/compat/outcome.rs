//! What a load did: a verdict a row with its code, the database actions in order, the calls to the platform.
//!
//! Everything that `compat` would write is data here; nothing is executed. Codes are stable and explained in
//! `docs/codes.md`.

use std::collections::BTreeSet;

use super::model::{ItemId, LoadedModel};
use super::rules::Rule;
use crate::first_screen::Broadcast;
use crate::intent::{ComponentName, IntentError};
use crate::platform::ProfileSerial;

/// Why a load deletes a row. The words are Launcher3's own restore errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeleteReason {
    /// The row's profile is not among the user's profiles.
    ProfileDeleted,
    /// Intent empty, or a syntax failure.
    AppNoDbIntent,
    /// Neither component nor package in the intent.
    AppNoTargetPackage,
    /// The activity is gone and the package has no other.
    AppNoLaunchIntent,
    /// Restored, and nobody is installing it.
    AppNotRestoredOrInstalled,
    /// The package is gone and boot has completed.
    AppNotInstalledExternalMedia,
    /// The shortcut is not pinned.
    ShortcutNotFound,
    /// A widget without width or height.
    InvalidWidgetSize,
    /// A widget outside desktop and dock.
    InvalidWidgetContainer,
    /// A search widget, and the device has no search component.
    NoSearchWidget,
    /// A restored widget whose provider is not installed.
    MissingWidgetProvider,
    /// A restored widget whose id means nothing to the framework.
    InvalidWidgetId,
    /// The same for a widget of the launcher's own.
    InvalidCustomWidgetId,
    /// A pending widget that nobody is installing.
    UnrestoredPendingWidget,
    /// A widget that should work but has no provider.
    UnspecifiedWidgetInflationResult,
    /// This build has no widgets.
    WidgetsDisabled,
    /// Out of bounds, or the place is taken.
    OverlappingItem,
}

impl DeleteReason {
    /// Every reason.
    pub const ALL: [Self; 17] = [
        Self::ProfileDeleted,
        Self::AppNoDbIntent,
        Self::AppNoTargetPackage,
        Self::AppNoLaunchIntent,
        Self::AppNotRestoredOrInstalled,
        Self::AppNotInstalledExternalMedia,
        Self::ShortcutNotFound,
        Self::InvalidWidgetSize,
        Self::InvalidWidgetContainer,
        Self::NoSearchWidget,
        Self::MissingWidgetProvider,
        Self::InvalidWidgetId,
        Self::InvalidCustomWidgetId,
        Self::UnrestoredPendingWidget,
        Self::UnspecifiedWidgetInflationResult,
        Self::WidgetsDisabled,
        Self::OverlappingItem,
    ];

    /// Launcher3's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProfileDeleted => "user_profile_deleted",
            Self::AppNoDbIntent => "app_no_db_intent",
            Self::AppNoTargetPackage => "app_no_target_package",
            Self::AppNoLaunchIntent => "app_no_launch_intent",
            Self::AppNotRestoredOrInstalled => "app_not_restored_or_installed",
            Self::AppNotInstalledExternalMedia => "app_not_installed_external_media",
            Self::ShortcutNotFound => "shortcut_not_found",
            Self::InvalidWidgetSize => "invalid_widget_size",
            Self::InvalidWidgetContainer => "invalid_widget_container",
            Self::NoSearchWidget => "no_search_widget",
            Self::MissingWidgetProvider => "missing_widget_provider",
            Self::InvalidWidgetId => "invalid_widget_id",
            Self::InvalidCustomWidgetId => "invalid_custom_widget_id",
            Self::UnrestoredPendingWidget => "unrestored_pending_widget",
            Self::UnspecifiedWidgetInflationResult => "unspecified_widget_inflation_result",
            Self::WidgetsDisabled => "widgets_disabled",
            Self::OverlappingItem => "overlapping_item",
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ProfileDeleted => "LM_USER_PROFILE_DELETED",
            Self::AppNoDbIntent => "LM_APP_NO_DB_INTENT",
            Self::AppNoTargetPackage => "LM_APP_NO_TARGET_PACKAGE",
            Self::AppNoLaunchIntent => "LM_APP_NO_LAUNCH_INTENT",
            Self::AppNotRestoredOrInstalled => "LM_APP_NOT_RESTORED_OR_INSTALLED",
            Self::AppNotInstalledExternalMedia => "LM_APP_NOT_INSTALLED_EXTERNAL_MEDIA",
            Self::ShortcutNotFound => "LM_SHORTCUT_NOT_FOUND",
            Self::InvalidWidgetSize => "LM_INVALID_WIDGET_SIZE",
            Self::InvalidWidgetContainer => "LM_INVALID_WIDGET_CONTAINER",
            Self::NoSearchWidget => "LM_NO_SEARCH_WIDGET",
            Self::MissingWidgetProvider => "LM_MISSING_WIDGET_PROVIDER",
            Self::InvalidWidgetId => "LM_INVALID_WIDGET_ID",
            Self::InvalidCustomWidgetId => "LM_INVALID_CUSTOM_WIDGET_ID",
            Self::UnrestoredPendingWidget => "LM_UNRESTORED_PENDING_WIDGET",
            Self::UnspecifiedWidgetInflationResult => "LM_UNSPECIFIED_WIDGET_INFLATION_RESULT",
            Self::WidgetsDisabled => "LM_WIDGETS_DISABLED",
            Self::OverlappingItem => "LM_OVERLAPPING_ITEM",
        }
    }
}

/// Why a row is neither shown nor deleted: Launcher3 throws, logs and goes on (J.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// A type that the load does not know; no exception, the row is passed over.
    UnknownType,
    /// A column holds a blob where a number or a text is read. (Launcher3 gives the whole load up for some columns;
    /// nothing is known of the row then, so it is kept.)
    Unreadable,
    /// App pairs are switched off in this build.
    AppPairsOff,
    /// A number in the intent cannot be read (C1).
    IntentNumber(IntentError),
    /// The intent has a selector, so no package can be set (C3).
    SelectorSet,
    /// No activity answers for the component, or there is none (C4).
    Unresolved,
    /// `restored` is set without bit 1 or 2; the value is the one that was seen.
    RestoreType(i32),
    /// A deep shortcut whose intent has no string extra `shortcut_id` (C2).
    ShortcutIdMissing,
    /// The provider column is NULL.
    ProviderNull,
    /// The provider column is no component name.
    ProviderMalformed,
    /// Bit 32 with an intent that has no extras (C6).
    BindExtrasMissing,
    /// A dock index below zero.
    HotseatIndex {
        /// The index.
        index: i32,
        /// Length of the array it misses.
        length: i32,
    },
    /// An app pair would contain an app pair (C9).
    PairInPair,
}

impl RowFault {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownType => "LM_ZOMBIE_UNKNOWN_TYPE",
            Self::Unreadable => "LM_ZOMBIE_UNREADABLE",
            Self::AppPairsOff => "LM_ZOMBIE_APP_PAIRS_OFF",
            Self::IntentNumber(_) => "LM_ZOMBIE_INTENT_NUMBER",
            Self::SelectorSet => "LM_ZOMBIE_SELECTOR",
            Self::Unresolved => "LM_ZOMBIE_UNRESOLVED",
            Self::RestoreType(_) => "LM_ZOMBIE_RESTORE_TYPE",
            Self::ShortcutIdMissing => "LM_ZOMBIE_SHORTCUT_ID_MISSING",
            Self::ProviderNull | Self::ProviderMalformed => "LM_ZOMBIE_PROVIDER",
            Self::BindExtrasMissing => "LM_ZOMBIE_BIND_EXTRAS_MISSING",
            Self::HotseatIndex { .. } => "LM_ZOMBIE_HOTSEAT_INDEX",
            Self::PairInPair => "LM_ZOMBIE_PAIR_IN_PAIR",
        }
    }
}

/// What the row decision says (SPEC-07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// In the model.
    Accept,
    /// Deleted from the database.
    Delete(DeleteReason),
    /// Kept in the database, not in the model.
    Zombie(RowFault),
    /// In the model's id map, but in nobody's contents: the failure came after it was registered (C9).
    Adrift(RowFault),
}

impl Verdict {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Delete(_) => "delete",
            Self::Zombie(_) => "zombie",
            Self::Adrift(_) => "adrift",
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "LM_LOADED",
            Self::Delete(reason) => reason.code(),
            Self::Zombie(fault) | Self::Adrift(fault) => fault.code(),
        }
    }
}

/// The verdict on one row, and the rule that ended its evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The row's id.
    pub id: ItemId,
    /// What becomes of it.
    pub verdict: Verdict,
    /// The rule of B.3 or B.4 that decided.
    pub rule: Rule,
}

/// A step of the clean-up that removed a row after the load phase (B.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SweepStep {
    /// B.5.1: a folder without children.
    EmptyFolder,
    /// B.5.2: an app pair without exactly two members.
    BadAppPair,
    /// B.5.3: a row whose container does not exist.
    Unparented,
}

impl SweepStep {
    /// Every step, in order.
    pub const ALL: [Self; 3] = [Self::EmptyFolder, Self::BadAppPair, Self::Unparented];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::EmptyFolder => "LM_EMPTY_FOLDER",
            Self::BadAppPair => "LM_BAD_APP_PAIR",
            Self::Unparented => "LM_UNPARENTED",
        }
    }
}

/// One write to the database. In the order of the load; `modified` is the writer's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbAction {
    /// Row 4: the intent of another activity.
    RetargetIntent {
        /// The row.
        id: ItemId,
        /// The new intent text.
        intent: String,
    },
    /// Row 5b: `restored` with the session bit.
    SetRestored {
        /// The row.
        id: ItemId,
        /// The new value.
        restored: i32,
    },
    /// Widget rows 6, 9, 10, 13.
    SetWidget {
        /// The row.
        id: ItemId,
        /// The new widget id.
        widget_id: i32,
        /// The provider, normalised.
        provider: String,
        /// The new value.
        restored: i32,
    },
    /// B.2.10: one delete for all rows.
    Delete(Vec<ItemId>),
    /// B.2.12: one update to `restored = 0` for all rows.
    ClearRestored(Vec<ItemId>),
    /// B.5: a clean-up step ran; it deleted these rows, or none.
    Sweep(SweepStep, Vec<ItemId>),
    /// B.5.4: ids freed, sorted. Not a change of rows.
    FreeGhostWidgets(Vec<i32>),
}

/// One `pinShortcuts` call (B.5.5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PinCall {
    /// The package.
    pub package: String,
    /// The profile.
    pub profile: ProfileSerial,
    /// The ids that stay pinned; empty unpins all.
    pub ids: BTreeSet<String>,
}

/// One silent bind of a widget id (widget row 9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindCall {
    /// The new id.
    pub widget_id: i32,
    /// The provider.
    pub provider: ComponentName,
    /// The profile.
    pub profile: ProfileSerial,
    /// Whether the framework allowed it.
    pub bound: bool,
}

/// How far a load went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LoadEnd {
    /// To its end.
    #[default]
    Committed,
    /// Stopped before the deletions: the model is empty, only row-wise writes were made (C22).
    CancelledBeforeCommit,
    /// Stopped after the clean-up: everything is done but the model does not count as loaded.
    CancelledAfterSanitise,
}

/// All that a load did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadOutcome {
    /// The model; empty if the load was cancelled before its deletions.
    pub model: LoadedModel,
    /// One decision a row, in row order.
    pub decisions: Vec<Decision>,
    /// Rows that the clean-up removed.
    pub swept: Vec<(ItemId, SweepStep)>,
    /// Writes, in order.
    pub actions: Vec<DbAction>,
    /// Packages that boot may still bring (B.3 row 7), sorted.
    pub pending_packages: BTreeSet<(String, ProfileSerial)>,
    /// Pin calls, sorted by package and profile.
    pub pin_calls: Vec<PinCall>,
    /// Bind calls, in order.
    pub bind_calls: Vec<BindCall>,
    /// Widget ids allocated, in order.
    pub widget_ids_allocated: Vec<i32>,
    /// Widget ids freed (B.5.4), sorted.
    pub widget_ids_freed: Vec<i32>,
    /// Whether a receiver for BOOT_COMPLETED is registered (B.5.6).
    pub waits_for_boot: bool,
    /// First-screen broadcasts (B.8).
    pub broadcasts: Vec<Broadcast>,
    /// How far the load went.
    pub end: LoadEnd,
}

impl LoadOutcome {
    /// The deletions of the load phase, in row order.
    pub fn deletions(&self) -> impl Iterator<Item = (ItemId, DeleteReason)> + '_ {
        self.decisions.iter().filter_map(|decision| match decision.verdict {
            Verdict::Delete(reason) => Some((decision.id, reason)),
            _ => None,
        })
    }

    /// The rows of the final `restored = 0` update.
    pub fn restored_committed(&self) -> &[ItemId] {
        self.actions
            .iter()
            .find_map(|action| match action {
                DbAction::ClearRestored(ids) => Some(ids.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// The rows that one clean-up step removed.
    pub fn swept_by(&self, step: SweepStep) -> impl Iterator<Item = ItemId> + '_ {
        self.swept.iter().filter(move |(_, by)| *by == step).map(|(id, _)| *id)
    }
}
