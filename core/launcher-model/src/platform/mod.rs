//! What the platform said at one moment: profiles, packages, activities, shortcuts, sessions, widgets, boot state.
//!
//! A load decides from this snapshot alone. It is gathered in bulk by the caller (Kotlin on a device, a JSON file on a
//! workstation); nothing here asks the platform, and nothing is derived: each field is the answer of one call, and
//! *unknown* or *failed* is such an answer. `compat` takes an unknown for what Android's call would have returned in
//! its place; `safe` holds the item instead.
//!
//! Invariants: no Android type; identity always includes the profile's serial; the order of lists is the platform's.

mod index;
mod widgets;

pub use index::PlatformIndex;
pub use widgets::{BoundWidget, WidgetPlatform, WidgetProvider};

use crate::intent::ComponentName;

/// A profile's serial number, as `UserManager` gives it. Rows name their profile by it (`profileId`).
pub type ProfileSerial = i64;

/// The answer to a yes-or-no question, where the platform may not have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not asked, or the call failed.
    #[default]
    Unknown,
}

impl Answer {
    /// Whether the platform said yes; unknown counts as no, as for the callers in Launcher3.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

impl From<bool> for Answer {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// What kind of profile a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProfileKind {
    /// The user that the launcher runs in.
    #[default]
    Main,
    /// A managed profile.
    Work,
    /// A clone profile (the same app twice).
    Clone,
    /// The private space.
    Private,
    /// Any other profile, or not known.
    Other,
}

/// The outcome of asking for a profile's pinned shortcuts (B.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PinnedQuery {
    /// The list in [`PlatformSnapshot::pinned_shortcuts`] is the answer.
    #[default]
    Answered,
    /// The call threw because the profile is locked or changing (`IllegalStateException`).
    Failed,
    /// The call threw because this launcher may not ask (`SecurityException`).
    NotPermitted,
    /// The call returned null; Launcher3 takes that for an empty list.
    Null,
}

impl PinnedQuery {
    /// Whether Launcher3 counts the query as successful; if not, the profile counts as locked.
    pub fn counts_as_success(self) -> bool {
        matches!(self, Self::Answered | Self::Null)
    }
}

/// One profile that the user manager lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The serial number.
    pub serial: ProfileSerial,
    /// Android's user id.
    pub user_id: i32,
    /// What kind of profile it is.
    pub kind: ProfileKind,
    /// Quiet mode ("work apps paused").
    pub quiet: Answer,
    /// Whether its credential-protected storage is unlocked.
    pub unlocked: Answer,
    /// The outcome of the pinned-shortcuts query.
    pub pinned_query: PinnedQuery,
}

/// Flags of an `ApplicationInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AppFlags {
    /// Installed for this profile.
    pub installed: bool,
    /// The application is enabled.
    pub enabled: bool,
    /// Part of the system image.
    pub system: bool,
    /// Suspended by the administrator or by wellbeing.
    pub suspended: bool,
    /// Installed on external storage.
    pub external: bool,
    /// Archived: only the launcher entry is left.
    pub archived: bool,
}

/// The answer of `LauncherApps.getApplicationInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppInfo {
    /// The package was found.
    Found(AppFlags),
    /// `NameNotFoundException`.
    NotFound,
    /// Not asked, or the call failed in another way.
    #[default]
    Unknown,
}

impl AppInfo {
    /// The flags, if the package was found.
    pub fn flags(self) -> Option<AppFlags> {
        match self {
            Self::Found(flags) => Some(flags),
            Self::NotFound | Self::Unknown => None,
        }
    }
}

/// What is known of one package in one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The package name.
    pub name: String,
    /// The profile.
    pub profile: ProfileSerial,
    /// `LauncherApps.isPackageEnabled`.
    pub enabled: Answer,
    /// `LauncherApps.getApplicationInfo`.
    pub info: AppInfo,
}

/// One activity of one profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// The component.
    pub component: ComponentName,
    /// The profile.
    pub profile: ProfileSerial,
    /// `LauncherApps.isActivityEnabled`.
    pub enabled: Answer,
    /// Whether `LauncherApps.resolveActivity` answers for it.
    pub resolves: Answer,
    /// Whether `LauncherApps.getActivityList` lists it; the snapshot's order is that list's order.
    pub in_list: bool,
    /// The label.
    pub label: String,
    /// Download progress of an incremental install, 0.0–1.0.
    pub loading_progress: f32,
}

/// One pinned shortcut, as the shortcut service describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedShortcut {
    /// The publisher.
    pub package: String,
    /// The shortcut's id, unique in its package and profile.
    pub id: String,
    /// The profile.
    pub profile: ProfileSerial,
    /// The activity it belongs to; none once the app no longer publishes it.
    pub activity: Option<ComponentName>,
    /// The short label.
    pub short_label: Option<String>,
    /// Whether the publisher has it enabled.
    pub enabled: bool,
    /// Android's disabled reason; 100 means that the app is older than the shortcut.
    pub disabled_reason: i32,
    /// Declared in the manifest.
    pub manifest: bool,
    /// Published at run time.
    pub dynamic: bool,
}

/// A shortcut that waits in the install queue to be placed; it counts as pinned by the model (B.5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedPin {
    /// The publisher.
    pub package: String,
    /// The shortcut's id.
    pub id: String,
    /// The profile.
    pub profile: ProfileSerial,
}

/// One install session of the package installer.
#[derive(Debug, Clone, PartialEq)]
pub struct InstallSession {
    /// The package that is being installed; empty when the session does not say.
    pub package: String,
    /// The profile it is installed for.
    pub profile: ProfileSerial,
    /// Who installs; none when unknown.
    pub installer: Option<String>,
    /// Progress, 0.0–1.0.
    pub progress: f32,
}

/// Whether a package or component that no list mentions is absent, or was not looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unlisted {
    /// The lists are complete: what is missing does not exist.
    #[default]
    Absent,
    /// The lists are a selection: what is missing is unknown. `compat` takes it for absent all the same.
    Unknown,
}

/// What the platform said, all of it, at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlatformSnapshot {
    /// Profiles in the user manager's order.
    pub profiles: Vec<Profile>,
    /// Serial of the user that the launcher runs as.
    pub current_profile: ProfileSerial,
    /// The launcher's own package.
    pub own_package: String,
    /// Packages.
    pub packages: Vec<Package>,
    /// Activities, in the order of `getActivityList` within a package.
    pub activities: Vec<Activity>,
    /// How to read the absence of a package, an activity or a provider.
    pub unlisted: Unlisted,
    /// Pinned shortcuts of every profile whose query succeeded.
    pub pinned_shortcuts: Vec<PinnedShortcut>,
    /// Shortcuts in the launcher's own install queue.
    pub queued_pins: Vec<QueuedPin>,
    /// All install sessions, verified or not, in the installer's order.
    pub sessions: Vec<InstallSession>,
    /// Widgets: providers, ids, permissions.
    pub widgets: WidgetPlatform,
    /// Safe mode: third-party apps do not run.
    pub safe_mode: bool,
    /// Whether boot has completed, so that external storage is mounted.
    pub boot_completed: Answer,
}

impl PlatformSnapshot {
    /// The kind of a profile.
    pub fn profile(&self, serial: ProfileSerial) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.serial == serial)
    }
}
