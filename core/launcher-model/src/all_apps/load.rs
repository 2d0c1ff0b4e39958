//! Loading all apps from the platform's answers (B.7, MORE P3, P5).
//!
//! Legacy's loading ends at the first profile without activities: what it has by then stays without title, section and
//! icon, and the flags stay 0. [`load_all_apps`] answers so; [`load_every_profile`] is what users get (SPEC-12 NEW).

use crate::intent::ComponentName;

use super::label::{SectionNamer, section_name};
use super::list::{AppEntry, AppFilter, AppList};

/// Bits of the model's flags.
pub mod model_flag {
    /// The launcher may read shortcuts.
    pub const SHORTCUT_PERMISSION: u32 = 1;
    /// Any profile is quiet; only where the platform has no private space.
    pub const QUIET: u32 = 2;
    /// The launcher may change quiet mode.
    pub const QUIET_CHANGE_PERMISSION: u32 = 4;
    /// A work profile is quiet.
    pub const WORK_QUIET: u32 = 8;
    /// A private profile is quiet.
    pub const PRIVATE_QUIET: u32 = 16;
}

/// Run-time status bits of an entry (A.4), never persisted.
pub mod runtime_flag {
    /// The package is suspended.
    pub const SUSPENDED: u32 = 4;
    /// The profile is quiet.
    pub const QUIET: u32 = 8;
    /// A system app.
    pub const SYSTEM_YES: u32 = 64;
    /// Not a system app.
    pub const SYSTEM_NO: u32 = 128;
    /// An install session is under way.
    pub const INSTALL_SESSION: u32 = 1 << 10;
    /// Cannot be pinned: a private profile's app.
    pub const NOT_PINNABLE: u32 = 1 << 13;
    /// Archived.
    pub const ARCHIVED: u32 = 1 << 14;
}

/// The kind of a profile, as far as flags depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProfileType {
    /// Main, clone, or anything else.
    #[default]
    Other,
    /// Work.
    Work,
    /// Private space.
    Private,
}

/// One activity of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityState {
    /// The activity.
    pub component: ComponentName,
    /// Its label.
    pub label: String,
    /// Whether the package is archived.
    pub archived: bool,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it is a system app.
    pub system: bool,
}

/// One profile with the activities that the platform lists for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllAppsProfile {
    /// Serial.
    pub serial: i64,
    /// The platform's user number.
    pub user_id: i32,
    /// Kind.
    pub kind: ProfileType,
    /// Whether it is quiet.
    pub quiet: bool,
    /// Launchable activities, in the platform's order.
    pub activities: Vec<ActivityState>,
}

/// An install session of a verified installer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallSession {
    /// Package that it installs.
    pub package: String,
    /// Profile that it installs for.
    pub profile: i64,
    /// Progress in percent.
    pub progress: i32,
}

/// What the platform answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllAppsPlatform {
    /// Profiles in the platform's order.
    pub profiles: Vec<AllAppsProfile>,
    /// Sessions.
    pub sessions: Vec<InstallSession>,
    /// Whether promise apps are listed (a build's flag).
    pub promise_apps: bool,
    /// Whether the launcher may read shortcuts.
    pub shortcut_permission: bool,
    /// Whether the launcher may change quiet mode.
    pub quiet_change_permission: bool,
    /// Whether the platform has a private space (a build's flag); decides how quiet mode is reported.
    pub private_space: bool,
}

/// The loaded list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllAppsLoad {
    /// The list.
    pub list: AppList,
    /// Flags of the model, see [`model_flag`].
    pub flags: u32,
    /// Serial of the profile that had no activities and ended the loading.
    pub ended_at: Option<i64>,
}

impl AllAppsLoad {
    /// The stable code of what the user sees of an early end; none after a complete loading.
    pub fn code(&self) -> Option<&'static str> {
        self.ended_at.map(|_| "LM_ALL_APPS_EMPTY_PROFILE")
    }
}

/// Loads the list as legacy does. See the module's head.
pub fn load_all_apps(
    platform: &AllAppsPlatform,
    filter: AppFilter,
    sections: &impl SectionNamer,
) -> AllAppsLoad {
    load(platform, filter, sections, EmptyProfile::EndsLoading)
}

/// Loads the list profile by profile: one without activities, a fresh work profile for example, costs the others nothing.
pub fn load_every_profile(
    platform: &AllAppsPlatform,
    filter: AppFilter,
    sections: &impl SectionNamer,
) -> AllAppsLoad {
    load(platform, filter, sections, EmptyProfile::HasNoApps)
}

/// What a profile without activities means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EmptyProfile {
    /// Legacy's reading (P3).
    EndsLoading,
    /// It has no apps.
    HasNoApps,
}

fn load(
    platform: &AllAppsPlatform,
    filter: AppFilter,
    sections: &impl SectionNamer,
    empty: EmptyProfile,
) -> AllAppsLoad {
    let mut list = AppList::new(filter);
    let mut labels = Vec::new();
    for profile in &platform.profiles {
        if profile.activities.is_empty() && empty == EmptyProfile::EndsLoading {
            return AllAppsLoad { list, flags: 0, ended_at: Some(profile.serial) };
        }
        for activity in &profile.activities {
            let entry = entry_of(activity, profile, &platform.sessions);
            if list.add(entry) {
                labels.push(activity.label.as_str());
            }
        }
    }
    for (entry, label) in list.entries_mut().iter_mut().zip(labels) {
        entry.set_label(label, sections);
        entry.has_icon = true;
    }
    if platform.promise_apps {
        add_promises(&mut list, platform, sections);
    }
    list.take_changed();
    AllAppsLoad { list, flags: flags_of(platform), ended_at: None }
}

fn entry_of(activity: &ActivityState, profile: &AllAppsProfile, sessions: &[InstallSession]) -> AppEntry {
    let session = sessions.iter().find(|session| {
        session.profile == profile.serial
            && session.package == activity.component.package
            && activity.archived
    });
    let bits = [
        (activity.suspended, runtime_flag::SUSPENDED),
        (profile.quiet, runtime_flag::QUIET),
        (activity.system, runtime_flag::SYSTEM_YES),
        (!activity.system, runtime_flag::SYSTEM_NO),
        (session.is_some(), runtime_flag::INSTALL_SESSION),
        (profile.kind == ProfileType::Private, runtime_flag::NOT_PINNABLE),
        (activity.archived, runtime_flag::ARCHIVED),
    ];
    let mut entry = AppEntry::new(activity.component.clone(), profile.serial, profile.user_id);
    entry.runtime_flags = bits.iter().filter(|(set, _)| *set).fold(0, |flags, (_, bit)| flags | bit);
    entry.progress = session.map_or(100, |session| session.progress);
    entry
}

/// Promises for packages that are on their way: no title, no icon, an empty class.
fn add_promises(list: &mut AppList, platform: &AllAppsPlatform, sections: &impl SectionNamer) {
    for session in &platform.sessions {
        let profile = platform.profiles.iter().find(|profile| profile.serial == session.profile);
        let installed = profile.is_some_and(|profile| {
            profile.activities.iter().any(|activity| activity.component.package == session.package)
        });
        if installed {
            continue;
        }
        let user_id = profile.map_or(0, |profile| profile.user_id);
        let component = ComponentName::new(session.package.as_str(), "");
        let mut entry = AppEntry::new(component, session.profile, user_id);
        entry.section = section_name("", sections);
        entry.runtime_flags = runtime_flag::INSTALL_SESSION;
        entry.progress = session.progress;
        list.push(entry);
    }
}

fn flags_of(platform: &AllAppsPlatform) -> u32 {
    let quiet =
        |kind: ProfileType| platform.profiles.iter().any(|profile| profile.quiet && profile.kind == kind);
    let private = platform.private_space;
    let bits = [
        (platform.shortcut_permission, model_flag::SHORTCUT_PERMISSION),
        (!private && platform.profiles.iter().any(|profile| profile.quiet), model_flag::QUIET),
        (platform.quiet_change_permission, model_flag::QUIET_CHANGE_PERMISSION),
        (private && quiet(ProfileType::Work), model_flag::WORK_QUIET),
        (private && quiet(ProfileType::Private), model_flag::PRIVATE_QUIET),
    ];
    bits.iter().filter(|(set, _)| *set).fold(0, |flags, (_, bit)| flags | bit)
}
