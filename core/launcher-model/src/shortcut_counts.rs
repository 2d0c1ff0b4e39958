//! How many shortcuts an activity offers in its pop-up (SPEC-13).
//!
//! A count per activity and profile, kept package by package. Not here: the permission to ask, or which profiles are
//! unlocked; the caller hands over what it may know.

use std::collections::HashMap;

use crate::intent::ComponentName;
use crate::platform::ProfileSerial;

/// A published shortcut, as far as counting needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedShortcut<'a> {
    /// The activity it belongs to, if any.
    pub activity: Option<&'a ComponentName>,
    /// The profile.
    pub profile: ProfileSerial,
    /// Enabled by its publisher.
    pub enabled: bool,
    /// Declared in the manifest.
    pub manifest: bool,
    /// Published at run time.
    pub dynamic: bool,
}

/// Counts per activity and profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShortcutCounts {
    counts: HashMap<(ComponentName, ProfileSerial), usize>,
}

impl ShortcutCounts {
    /// The count of an activity; 0 for one without shortcuts.
    pub fn count(&self, activity: &ComponentName, profile: ProfileSerial) -> usize {
        self.counts.get(&(activity.clone(), profile)).copied().unwrap_or(0)
    }

    /// Adds shortcuts: those that are enabled, of the manifest or dynamic, and of an activity count.
    pub fn add<'a>(&mut self, shortcuts: impl IntoIterator<Item = PublishedShortcut<'a>>) {
        for shortcut in shortcuts {
            let counts = shortcut.enabled && (shortcut.manifest || shortcut.dynamic);
            if let Some(activity) = shortcut.activity.filter(|_| counts) {
                *self.counts.entry((activity.clone(), shortcut.profile)).or_default() += 1;
            }
        }
    }

    /// Replaces all counts of a package in a profile.
    pub fn refresh<'a>(
        &mut self,
        package: &str,
        profile: ProfileSerial,
        shortcuts: impl IntoIterator<Item = PublishedShortcut<'a>>,
    ) {
        self.counts.retain(|(activity, serial), _| activity.package != package || *serial != profile);
        self.add(shortcuts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_enabled_and_published_and_has_an_activity() {
        let activity = ComponentName::new("com.a", "com.a.Main");
        let shown = PublishedShortcut {
            activity: Some(&activity),
            profile: 10,
            enabled: true,
            manifest: false,
            dynamic: true,
        };
        let mut counts = ShortcutCounts::default();
        counts.add([
            shown,
            PublishedShortcut { manifest: true, dynamic: false, ..shown },
            PublishedShortcut { enabled: false, ..shown },
            PublishedShortcut { dynamic: false, ..shown },
            PublishedShortcut { activity: None, ..shown },
        ]);
        assert_eq!((counts.count(&activity, 10), counts.count(&activity, 0)), (2, 0));
        counts.refresh("com.a", 10, [shown]);
        assert_eq!(counts.count(&activity, 10), 1);
        counts.refresh("com.a", 0, []);
        assert_eq!(counts.count(&activity, 10), 1);
    }
}
