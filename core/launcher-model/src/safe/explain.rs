//! Why an item is not where or what the user left it, since when, and what would bring it back.
//!
//! The answer is data; words are the caller's. When it happened is not known here: the caller has the journal and hands the
//! time in.

use super::deviation::Deviation;
use super::fate::{LegacyEnd, State};
use super::outcome::{RowOutcome, SafeOutcome, Seat, StoredPlace};
use super::subject::Subject;
use super::target::RowTarget;
use crate::compat::outcome::RowFault;
use crate::compat::{DeleteReason, LoadRow, Verdict};
use crate::intent::{ComponentName, EXTRA_SHORTCUT_ID, Intent};
use crate::platform::{Answer, PlatformIndex, ProfileSerial};

/// What would bring an item back. A closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing to do: the platform has not answered yet, and the next load asks again.
    WaitForPlatform,
    /// Unlock, switch on or add the profile again.
    BringProfileBack {
        /// Its serial.
        profile: ProfileSerial,
    },
    /// Install or enable the app.
    InstallPackage {
        /// The package.
        package: String,
        /// For this profile.
        profile: ProfileSerial,
    },
    /// Pin the shortcut again from its app, or make this launcher the home app again.
    PinShortcut {
        /// The publisher.
        package: String,
        /// The shortcut's id.
        id: String,
        /// In this profile.
        profile: ProfileSerial,
    },
    /// Add the app to the screen again: it has no activity left that an icon could start.
    AddAppAgain {
        /// The package.
        package: String,
    },
    /// Set the widget up again.
    SetUpWidget {
        /// Its provider, where one can be read.
        provider: Option<ComponentName>,
    },
    /// Choose a search app.
    ChooseSearchApp,
    /// A build with widgets.
    EnableWidgets,
    /// A build with app pairs.
    EnableAppPairs,
    /// A version that knows the row's type.
    UpdateLauncher {
        /// The type.
        item_type: i32,
    },
    /// Open or bring back what it lies in.
    RestoreCollection {
        /// The id of its row.
        collection: i32,
    },
    /// A grid that is large enough.
    LargerGrid {
        /// Columns it needs.
        columns: i32,
        /// Rows it needs.
        rows: i32,
    },
    /// Restore it from quarantine, or let it go for good.
    RestoreOrDismiss,
    /// Nothing on the device repairs its row; the user replaces it.
    Replace,
    /// Move it back by hand.
    MoveBack,
}

impl Remedy {
    /// The word used in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::WaitForPlatform => "wait_for_platform",
            Self::BringProfileBack { .. } => "bring_profile_back",
            Self::InstallPackage { .. } => "install_package",
            Self::PinShortcut { .. } => "pin_shortcut",
            Self::AddAppAgain { .. } => "add_app_again",
            Self::SetUpWidget { .. } => "set_up_widget",
            Self::ChooseSearchApp => "choose_search_app",
            Self::EnableWidgets => "enable_widgets",
            Self::EnableAppPairs => "enable_app_pairs",
            Self::UpdateLauncher { .. } => "update_launcher",
            Self::RestoreCollection { .. } => "restore_collection",
            Self::LargerGrid { .. } => "larger_grid",
            Self::RestoreOrDismiss => "restore_or_dismiss",
            Self::Replace => "replace",
            Self::MoveBack => "move_back",
        }
    }
}

/// Why an item is not where or what the user left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation<'a> {
    /// Where it ended.
    pub state: State,
    /// Why, most important first.
    pub why: &'a [Deviation],
    /// What Launcher3 would have done with it.
    pub legacy: LegacyEnd,
    /// When this was first seen, in epoch milliseconds, as the caller knows it.
    pub since_ms: Option<i64>,
    /// Where the user left it.
    pub left: StoredPlace,
    /// Where it is.
    pub seat: Option<Seat>,
    /// What would bring it back, best first.
    pub remedies: &'a [Remedy],
}

impl SafeOutcome {
    /// Explains one row; `None` where there is nothing to explain: it is live, where it was and as Launcher3 has it, or there
    /// is no such row.
    pub fn explain(&self, row_id: i64, since_ms: Option<i64>) -> Option<Explanation<'_>> {
        let RowOutcome { state, legacy, deviations, left, seat, remedies, .. } =
            self.row(row_id).filter(|row| !row.deviations.is_empty())?;
        Some(Explanation {
            state: *state,
            why: deviations,
            legacy: *legacy,
            since_ms,
            left: *left,
            seat: *seat,
            remedies,
        })
    }
}

/// What would bring a row back. `target` is what a row names that is not live.
pub(super) fn remedies(
    subject: &Subject<'_>,
    target: Option<&RowTarget>,
    index: &PlatformIndex<'_>,
) -> Vec<Remedy> {
    let row = subject.row;
    let mut remedies = Vec::new();
    for deviation in &subject.deviations {
        match deviation {
            Deviation::HeldInsteadOfDeleted | Deviation::HeldInsteadOfSkipped => {
                remedies
                    .extend(target.into_iter().flat_map(|target| target_remedies(subject, target, index)));
            }
            Deviation::HeldInsteadOfRetargeted => remedies.push(Remedy::WaitForPlatform),
            Deviation::HeldProfileUnreadable | Deviation::HeldRowId => remedies.push(Remedy::Replace),
            Deviation::HeldInsideUnavailable => {
                remedies.push(Remedy::RestoreCollection { collection: row.container });
            }
            Deviation::HeldWithoutRoom => {
                remedies.push(Remedy::LargerGrid { columns: row.span_x.max(1), rows: row.span_y.max(1) })
            }
            Deviation::QuarantinedInsteadOfDeleted
            | Deviation::QuarantinedEmptyFolder
            | Deviation::QuarantinedPair => remedies.push(Remedy::RestoreOrDismiss),
            Deviation::KeptOpaque => {
                remedies.push(Remedy::UpdateLauncher { item_type: row.item_type });
            }
            Deviation::RelocatedResized => {
                remedies.push(Remedy::LargerGrid { columns: row.span_x.max(1), rows: row.span_y.max(1) })
            }
            moved if moved.is_move() => remedies.push(Remedy::MoveBack),
            _ => {}
        }
    }
    remedies.dedup();
    remedies
}

/// What the row's target needs, from the verdict that held it.
fn target_remedies(subject: &Subject<'_>, target: &RowTarget, index: &PlatformIndex<'_>) -> Vec<Remedy> {
    let profile = target.profile;
    let package = target.package_name().map(str::to_owned);
    let install =
        || package.clone().map_or(Remedy::Replace, |package| Remedy::InstallPackage { package, profile });
    let first = match subject.target {
        Verdict::Delete(reason) => match reason {
            DeleteReason::ProfileDeleted => Remedy::BringProfileBack { profile },
            DeleteReason::AppNotRestoredOrInstalled
            | DeleteReason::AppNotInstalledExternalMedia
            | DeleteReason::MissingWidgetProvider
            | DeleteReason::UnrestoredPendingWidget => install(),
            DeleteReason::AppNoLaunchIntent => {
                package.clone().map_or(Remedy::Replace, |package| Remedy::AddAppAgain { package })
            }
            DeleteReason::ShortcutNotFound => match pin(subject.row) {
                Some((package, id)) => Remedy::PinShortcut { package, id, profile },
                None => Remedy::Replace,
            },
            DeleteReason::NoSearchWidget => Remedy::ChooseSearchApp,
            DeleteReason::WidgetsDisabled => Remedy::EnableWidgets,
            DeleteReason::InvalidWidgetId
            | DeleteReason::InvalidCustomWidgetId
            | DeleteReason::UnspecifiedWidgetInflationResult => {
                Remedy::SetUpWidget { provider: target.component.clone() }
            }
            _ => Remedy::RestoreOrDismiss,
        },
        Verdict::Zombie(fault) => match fault {
            RowFault::AppPairsOff => Remedy::EnableAppPairs,
            RowFault::ProviderNull | RowFault::ProviderMalformed | RowFault::BindExtrasMissing => {
                Remedy::SetUpWidget { provider: target.component.clone() }
            }
            RowFault::Unresolved => install(),
            _ => Remedy::Replace,
        },
        Verdict::Accept | Verdict::Adrift(_) => return Vec::new(),
    };
    let waits = package.is_some_and(|package| index.package_answer(&package, profile) == Answer::Unknown);
    if waits { vec![Remedy::WaitForPlatform, first] } else { vec![first] }
}

/// Package and id of the shortcut that a row names.
fn pin(row: &LoadRow) -> Option<(String, String)> {
    let intent = Intent::parse(row.intent.as_deref()?).ok()?;
    Some((intent.target_package()?.to_owned(), intent.string_extra(EXTRA_SHORTCUT_ID)?.to_owned()))
}
