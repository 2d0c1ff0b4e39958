//! Look-up tables over a [`PlatformSnapshot`]: each question of a load in constant time.
//!
//! Derives nothing but indexes, and answers as Android's call would: unknown becomes the answer of a failed call.

use super::{
    Activity, Answer, AppFlags, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileSerial, Unlisted, WidgetProvider,
};
use crate::hash::{FastMap, map_with_capacity};
use crate::intent::ComponentName;

type Key<'a> = (&'a str, ProfileSerial);

/// Indexes over a snapshot, for the time of one load.
#[derive(Debug)]
pub struct PlatformIndex<'a> {
    snapshot: &'a PlatformSnapshot,
    profiles: FastMap<ProfileSerial, &'a Profile>,
    packages: FastMap<Key<'a>, &'a Package>,
    activities: FastMap<(&'a ComponentName, ProfileSerial), &'a Activity>,
    first_listed: FastMap<Key<'a>, &'a Activity>,
    pinned: FastMap<(&'a str, &'a str, ProfileSerial), &'a PinnedShortcut>,
    sessions: FastMap<Key<'a>, &'a InstallSession>,
    providers: FastMap<(&'a ComponentName, ProfileSerial), &'a WidgetProvider>,
    bound: FastMap<i32, &'a BoundWidget>,
    archiving: bool,
}

impl<'a> PlatformIndex<'a> {
    /// Indexes a snapshot. `archiving` is the build's archiving support: with it an archived app counts as present.
    pub fn new(snapshot: &'a PlatformSnapshot, archiving: bool) -> Self {
        let mut index = Self {
            snapshot,
            profiles: map_with_capacity(snapshot.profiles.len()),
            packages: map_with_capacity(snapshot.packages.len()),
            activities: map_with_capacity(snapshot.activities.len()),
            first_listed: map_with_capacity(snapshot.packages.len()),
            pinned: map_with_capacity(snapshot.pinned_shortcuts.len()),
            sessions: FastMap::default(),
            providers: FastMap::default(),
            bound: FastMap::default(),
            archiving,
        };
        for profile in &snapshot.profiles {
            index.profiles.entry(profile.serial).or_insert(profile);
        }
        for package in &snapshot.packages {
            index.packages.entry((&package.name, package.profile)).or_insert(package);
        }
        for activity in &snapshot.activities {
            index.activities.entry((&activity.component, activity.profile)).or_insert(activity);
            if activity.in_list {
                index.first_listed.entry((&activity.component.package, activity.profile)).or_insert(activity);
            }
        }
        let answered = |serial| {
            index.profiles.get(&serial).is_some_and(|profile| profile.pinned_query == PinnedQuery::Answered)
        };
        for shortcut in snapshot.pinned_shortcuts.iter().filter(|shortcut| answered(shortcut.profile)) {
            index.pinned.insert((&shortcut.package, &shortcut.id, shortcut.profile), shortcut);
        }
        for provider in snapshot.widgets.providers.iter().flatten() {
            index.providers.entry((&provider.component, provider.profile)).or_insert(provider);
        }
        for bound in &snapshot.widgets.bound {
            index.bound.entry(bound.id).or_insert(bound);
        }
        index.sessions = index.verified_sessions();
        index
    }

    /// The snapshot behind the indexes.
    pub fn snapshot(&self) -> &'a PlatformSnapshot {
        self.snapshot
    }

    /// A profile that the user manager lists.
    pub fn profile(&self, serial: ProfileSerial) -> Option<&'a Profile> {
        self.profiles.get(&serial).copied()
    }

    /// What is known of a package; `None` where no list mentions it.
    pub fn package(&self, package: &str, profile: ProfileSerial) -> Option<&'a Package> {
        self.packages.get(&(package, profile)).copied()
    }

    /// What is known of an activity; `None` where no list mentions it.
    pub fn activity(&self, component: &ComponentName, profile: ProfileSerial) -> Option<&'a Activity> {
        self.activities.get(&(component, profile)).copied()
    }

    /// Whether an application counts as there: enabled, and installed or (with archiving) archived.
    pub fn counts_as_there(&self, flags: &AppFlags) -> bool {
        flags.enabled && (flags.installed || (self.archiving && flags.archived))
    }

    /// `LauncherApps.isPackageEnabled`.
    pub fn is_package_enabled(&self, package: &str, profile: ProfileSerial) -> bool {
        self.package(package, profile).is_some_and(|package| package.enabled.is_yes())
    }

    /// Whether a package is enabled, where the platform has said so: yes, no, or not answered.
    pub fn package_answer(&self, package: &str, profile: ProfileSerial) -> Answer {
        self.package(package, profile).map_or(self.unlisted(), |package| package.enabled)
    }

    /// Whether an activity is enabled, where the platform has said so: yes, no, or not answered.
    pub fn activity_answer(&self, component: &ComponentName, profile: ProfileSerial) -> Answer {
        self.activity(component, profile).map_or(self.unlisted(), |activity| activity.enabled)
    }

    /// What the absence from a list says.
    fn unlisted(&self) -> Answer {
        match self.snapshot.unlisted {
            Unlisted::Absent => Answer::No,
            Unlisted::Unknown => Answer::Unknown,
        }
    }

    /// The application's flags as the package manager gives them, whatever its state.
    pub fn raw_app_flags(&self, package: &str, profile: ProfileSerial) -> Option<AppFlags> {
        self.package(package, profile)?.info.flags()
    }

    /// The flags of an application that counts as there: enabled, and installed or (with archiving) archived.
    pub fn app_flags(&self, package: &str, profile: ProfileSerial) -> Option<AppFlags> {
        self.raw_app_flags(package, profile).filter(|flags| self.counts_as_there(flags))
    }

    /// `LauncherApps.isActivityEnabled`.
    pub fn is_activity_enabled(&self, component: &ComponentName, profile: ProfileSerial) -> bool {
        self.activity(component, profile).is_some_and(|activity| activity.enabled.is_yes())
    }

    /// `LauncherApps.resolveActivity` for an explicit component.
    pub fn resolve_activity(
        &self,
        component: &ComponentName,
        profile: ProfileSerial,
    ) -> Option<&'a Activity> {
        self.activity(component, profile).filter(|activity| activity.resolves.is_yes())
    }

    /// The first activity of a package that `getActivityList` gives (B.3 row 4).
    pub fn first_activity(&self, package: &str, profile: ProfileSerial) -> Option<&'a Activity> {
        self.first_listed.get(&(package, profile)).copied()
    }

    /// A pinned shortcut, if the profile's query succeeded and lists it.
    pub fn pinned_shortcut(
        &self,
        package: &str,
        id: &str,
        profile: ProfileSerial,
    ) -> Option<&'a PinnedShortcut> {
        self.pinned.get(&(package, id, profile)).copied()
    }

    /// The active, verified session for a package.
    pub fn session(&self, package: &str, profile: ProfileSerial) -> Option<&'a InstallSession> {
        self.sessions.get(&(package, profile)).copied()
    }

    /// All active, verified sessions, one a package and profile, in no order.
    pub fn sessions(&self) -> impl Iterator<Item = &'a InstallSession> + '_ {
        self.sessions.values().copied()
    }

    /// A widget provider by component.
    pub fn provider(&self, component: &ComponentName, profile: ProfileSerial) -> Option<&'a WidgetProvider> {
        self.providers.get(&(component, profile)).copied()
    }

    /// What the framework has bound to a widget id.
    pub fn bound_widget(&self, id: i32) -> Option<&'a BoundWidget> {
        self.bound.get(&id).copied()
    }

    /// Sessions with a package and a trusted installer: the launcher itself or a system app. As in Launcher3 the first
    /// answer for an installer's name counts for every profile (J.1.28).
    fn verified_sessions(&self) -> FastMap<Key<'a>, &'a InstallSession> {
        let mut trusted: FastMap<&str, bool> = FastMap::default();
        let mut sessions = FastMap::default();
        for session in &self.snapshot.sessions {
            let Some(installer) = session.installer.as_deref() else { continue };
            if session.package.is_empty() {
                continue;
            }
            let is_trusted = *trusted.entry(installer).or_insert_with(|| {
                installer == self.snapshot.own_package
                    || self.app_flags(installer, session.profile).is_some_and(|flags| flags.system)
            });
            if is_trusted {
                // A later session of the same package replaces the earlier one.
                sessions.insert((session.package.as_str(), session.profile), session);
            }
        }
        sessions
    }
}
