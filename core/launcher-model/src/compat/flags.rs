//! The run-time bits and the progress of an icon (B.3 "common additions", A.4).
//!
//! Each bit comes from one answer of the platform; none is ever stored. Not here: whether the row lives (`app`).

use super::app::{AppRow, IconBase, holds};
use super::bits::RuntimeFlags;
use super::rules::Rule;
use crate::platform::{Activity, ProfileKind};

/// Android's disabled reason "the app is older than the shortcut".
const DISABLED_REASON_VERSION_LOWER: i32 = 100;

impl AppRow<'_> {
    /// The disabled, system, progress and archive bits (B.3 "common additions").
    pub(super) fn run_time_flags(&mut self, base: &IconBase<'_>) -> RuntimeFlags {
        let mut flags = RuntimeFlags::default();
        match base {
            IconBase::Pinned(shortcut) => {
                if !shortcut.enabled {
                    flags = flags.union(RuntimeFlags::BY_PUBLISHER);
                }
                if shortcut.disabled_reason == DISABLED_REASON_VERSION_LOWER {
                    flags = flags.union(RuntimeFlags::VERSION_LOWER);
                }
                flags = flags.union(self.private_flag());
                let app = self.app_flags();
                if holds(Rule::FlagSuspended, app.is_some_and(|app| app.suspended)) {
                    flags = flags.union(RuntimeFlags::SUSPENDED);
                }
            }
            IconBase::Locked => flags = RuntimeFlags::LOCKED,
            IconBase::Promise | IconBase::App => {}
        }
        flags = flags.union(self.runtime);
        let snapshot = self.platform.snapshot();
        if holds(Rule::FlagSafeMode, snapshot.safe_mode && !self.is_system_app()) {
            flags = flags.union(RuntimeFlags::SAFE_MODE);
        }
        if let Some(activity) = self.activity {
            flags = self.activity_flags(flags, activity);
        }
        self.session_flags(flags)
    }

    /// Whether safe mode leaves the app alone.
    fn is_system_app(&self) -> bool {
        self.app_flags().is_some_and(|flags| flags.system)
    }

    fn activity_flags(&mut self, mut flags: RuntimeFlags, activity: &Activity) -> RuntimeFlags {
        // The activity is the target package's own.
        let app = self.raw_app_flags().unwrap_or_default();
        flags = match holds(Rule::FlagSuspended, app.suspended) {
            true => flags.union(RuntimeFlags::SUSPENDED),
            false => flags.without(RuntimeFlags::SUSPENDED),
        };
        if self.flags.support_archiving && app.archived {
            flags = flags.union(RuntimeFlags::ARCHIVED);
        }
        flags = flags.union(if app.system { RuntimeFlags::SYSTEM_YES } else { RuntimeFlags::SYSTEM_NO });
        flags = flags.union(self.private_flag());
        self.progress = percent(activity.loading_progress);
        match self.progress < 100 {
            true => flags.union(RuntimeFlags::INCREMENTAL_DOWNLOAD),
            false => flags.without(RuntimeFlags::INCREMENTAL_DOWNLOAD),
        }
    }

    /// Nothing of the private space may be pinned to the home screen.
    fn private_flag(&self) -> RuntimeFlags {
        match self.platform.profile(self.profile).is_some_and(|profile| profile.kind == ProfileKind::Private)
        {
            true => RuntimeFlags::NOT_PINNABLE,
            false => RuntimeFlags::default(),
        }
    }

    /// Progress of a session, for promises and archived apps.
    fn session_flags(&mut self, flags: RuntimeFlags) -> RuntimeFlags {
        let archived = self.flags.support_archiving
            && self.activity.is_some()
            && self.raw_app_flags().is_some_and(|app| app.archived);
        if self.restored.is_empty() && !archived {
            return flags;
        }
        let session = self.platform.session(&self.target, self.profile);
        match session {
            Some(session) if holds(Rule::FlagSession, self.activity.is_none() || archived) => {
                self.progress = percent(session.progress);
                match self.progress < 100 {
                    true => flags.union(RuntimeFlags::INSTALL_SESSION),
                    false => flags.without(RuntimeFlags::INSTALL_SESSION),
                }
            }
            Some(_) => flags,
            None => flags.without(RuntimeFlags::INSTALL_SESSION),
        }
    }
}

/// A fraction in percent, cut as Java's `(int) (f * 100)` does.
pub(crate) fn percent(fraction: f32) -> i32 {
    (fraction * 100.0) as i32
}
