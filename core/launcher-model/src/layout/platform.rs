//! What the platform answered to everything that a default layout asks, as data.
//!
//! Nothing is derived here. A caller on Android fills it before the call; tests fill it from a table.

use std::collections::{BTreeMap, BTreeSet};

use crate::intent::{ComponentName, Intent};

/// The grid that a layout is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayoutGrid {
    /// Columns of a page.
    pub columns: i32,
    /// Rows of a page.
    pub rows: i32,
    /// Slots of the dock.
    pub dock: i32,
}

/// The kind of a profile, as far as `userType` can name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileKind {
    /// A work profile: `userType="work"`.
    Work,
    /// A clone profile: `userType="cloned"`.
    Clone,
    /// Any other, which layouts cannot name.
    Other,
}

/// One profile of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayoutProfile {
    /// Serial number of the profile.
    pub serial: i64,
    /// Its kind.
    pub kind: ProfileKind,
}

/// How the platform resolves one intent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolution {
    /// The activity that `resolveActivity` gives, perhaps the chooser; none when it gives nothing.
    pub resolved: Option<ComponentName>,
    /// The activities that `queryIntentActivities` lists, in its order.
    pub candidates: Vec<ComponentName>,
}

/// The activity that a build puts in place of a package's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityOverride {
    /// The activity to use.
    pub component: ComponentName,
    /// The profile it lives in.
    pub profile: i64,
}

/// An exception of the platform: class and message as its log would show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFailure {
    /// Java class name.
    pub class: String,
    /// Message.
    pub message: String,
}

/// How the widget host answers while a layout is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WidgetHost {
    /// The id that the next allocation yields; each further one is greater by one.
    pub next_id: i32,
    /// Set when allocating fails.
    pub allocation_failure: Option<HostFailure>,
    /// Whether nothing may be bound.
    pub refuses_all: bool,
    /// Providers that may not be bound.
    pub refused: BTreeSet<ComponentName>,
}

/// Everything that is asked while a default layout is read; see the module's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutPlatform {
    /// The grid of the device.
    pub grid: LayoutGrid,
    /// Serial of the user the launcher runs as: the default of `profileId`, and whose shortcuts are pinned.
    pub current_profile: i64,
    /// All profiles, in the platform's order; of two of one kind the later one is meant (`usertype/9`).
    pub profiles: Vec<LayoutProfile>,
    /// Activities that `getActivityInfo` knows, with their labels (not trimmed).
    pub activities: BTreeMap<ComponentName, String>,
    /// Labels of activities that only resolving an intent yields.
    pub resolved_labels: BTreeMap<ComponentName, String>,
    /// Receivers that `getReceiverInfo` knows.
    pub receivers: BTreeSet<ComponentName>,
    /// `currentToCanonicalPackageNames`; a package that is absent keeps its name.
    pub canonical_packages: BTreeMap<String, String>,
    /// Resolution of intents, by their `toUri(0)` text; an absent one resolves to nothing.
    pub resolutions: BTreeMap<String, Resolution>,
    /// `getLaunchIntentForPackage`.
    pub launch_intents: BTreeMap<String, Intent>,
    /// Packages with the system flag.
    pub system_packages: BTreeSet<String>,
    /// Packages that `getApplicationInfo` does not know although an intent listed them.
    pub unknown_packages: BTreeSet<String>,
    /// Replacements by package, for apps without an explicit profile (MORE L12).
    pub activity_overrides: BTreeMap<String, ActivityOverride>,
    /// Component behind `searchwidget`; none: the tag is skipped (MORE L5).
    pub search_component: Option<ComponentName>,
    /// Set when pinning a shortcut fails.
    pub pin_failure: Option<HostFailure>,
    /// The widget host.
    pub widget_host: WidgetHost,
    /// The title of an app that is still to be installed, in the user's language.
    pub unknown_title: String,
    /// Whether the user is a shop's demo user.
    pub is_demo_user: bool,
}

impl LayoutPlatform {
    /// A platform with one profile, serial 0, that knows nothing and refuses nothing.
    pub fn empty(grid: LayoutGrid) -> Self {
        Self {
            grid,
            current_profile: 0,
            profiles: vec![LayoutProfile { serial: 0, kind: ProfileKind::Other }],
            activities: BTreeMap::new(),
            resolved_labels: BTreeMap::new(),
            receivers: BTreeSet::new(),
            canonical_packages: BTreeMap::new(),
            resolutions: BTreeMap::new(),
            launch_intents: BTreeMap::new(),
            system_packages: BTreeSet::new(),
            unknown_packages: BTreeSet::new(),
            activity_overrides: BTreeMap::new(),
            search_component: None,
            pin_failure: None,
            widget_host: WidgetHost { next_id: 1, ..WidgetHost::default() },
            unknown_title: String::new(),
            is_demo_user: false,
        }
    }

    /// The serial that `userType` names, none for a type that no profile has.
    pub(super) fn profile_of_type(&self, user_type: &str) -> Option<i64> {
        let kind = match user_type {
            "work" => ProfileKind::Work,
            "cloned" => ProfileKind::Clone,
            _ => return None,
        };
        self.profiles.iter().rev().find(|profile| profile.kind == kind).map(|profile| profile.serial)
    }

    pub(super) fn canonical_package<'a>(&'a self, package: &'a str) -> &'a str {
        self.canonical_packages.get(package).map_or(package, String::as_str)
    }
}
