//! The list itself and what package events do to it (C.7, MORE P4).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::intent::ComponentName;

use super::label::{SectionNamer, section_name, trim_label};
use super::load::runtime_flag;

/// What makes an entry one entry: its activity in its profile.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppKey {
    /// The activity; a promise has a package and an empty class.
    pub component: ComponentName,
    /// Serial of the profile.
    pub profile: i64,
}

impl AppKey {
    /// Package, then class, each by UTF-16 units as Java compares strings.
    pub fn compare_component(&self, other: &Self) -> Ordering {
        let units = |a: &str, b: &str| a.encode_utf16().cmp(b.encode_utf16());
        units(&self.component.package, &other.component.package)
            .then_with(|| units(&self.component.class, &other.component.class))
    }
}

/// One app of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppEntry {
    /// Its identity.
    pub key: AppKey,
    /// Number of the platform's user behind the profile; the binding order goes by it, not by the serial.
    pub user_id: i32,
    /// The label; empty until titles are loaded.
    pub title: String,
    /// The section; empty until titles are loaded.
    pub section: String,
    /// Whether an icon was loaded.
    pub has_icon: bool,
    /// Run-time status bits (A.4), see [`runtime_flag`].
    pub runtime_flags: u32,
    /// Install progress in percent; 100 for what is installed.
    pub progress: i32,
}

/// An activity as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSource {
    /// The activity.
    pub component: ComponentName,
    /// The label that the platform gives; empty shows the package name.
    pub label: String,
}

/// Components that never appear (AppFilter).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppFilter {
    /// The components.
    pub hidden: BTreeSet<ComponentName>,
}

/// What one package event did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackageChange {
    /// Entries that went, in the order that listeners hear of them: from the end of the list to its start.
    pub removed: Vec<AppKey>,
    /// Whether the list changed.
    pub changed: bool,
}

/// The list in insertion order, unique by [`AppKey`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppList {
    entries: Vec<AppEntry>,
    keys: BTreeSet<AppKey>,
    filter: AppFilter,
    changed: bool,
}

impl AppEntry {
    /// An entry as the platform's answer makes it, without title, section and icon.
    pub fn new(component: ComponentName, profile: i64, user_id: i32) -> Self {
        Self {
            key: AppKey { component, profile },
            user_id,
            title: String::new(),
            section: String::new(),
            has_icon: false,
            runtime_flags: runtime_flag::SYSTEM_NO,
            progress: 100,
        }
    }

    /// Gives the entry its label and the section that follows from it.
    pub fn set_label(&mut self, label: &str, sections: &impl SectionNamer) {
        let shown = if label.is_empty() { &self.key.component.package } else { label };
        self.title = trim_label(shown).to_owned();
        self.section = section_name(&self.title, sections);
    }
}

impl AppList {
    /// An empty list.
    pub fn new(filter: AppFilter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// The entries in insertion order.
    pub fn entries(&self) -> &[AppEntry] {
        &self.entries
    }

    pub(super) fn entries_mut(&mut self) -> &mut [AppEntry] {
        &mut self.entries
    }

    /// Whether anything changed since this was asked last.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Appends an entry, unless it is hidden or there already. Whether it was appended.
    pub fn add(&mut self, entry: AppEntry) -> bool {
        if self.filter.hidden.contains(&entry.key.component) || self.keys.contains(&entry.key) {
            return false;
        }
        self.push(entry);
        true
    }

    /// Appends an entry that no filter concerns.
    pub(super) fn push(&mut self, entry: AppEntry) {
        self.keys.insert(entry.key.clone());
        self.entries.push(entry);
        self.changed = true;
    }

    /// A package appeared: its activities are appended. Activities that it no longer has stay (MORE P4).
    pub fn add_package(
        &mut self,
        activities: &[AppSource],
        profile: i64,
        user_id: i32,
        sections: &impl SectionNamer,
    ) -> PackageChange {
        let before = std::mem::take(&mut self.changed);
        for activity in activities {
            let mut entry = AppEntry::new(activity.component.clone(), profile, user_id);
            entry.set_label(&activity.label, sections);
            self.add(entry);
        }
        self.finish(before, Vec::new())
    }

    /// A package changed: activities that are gone go, the others are relabelled, new ones are appended. A package
    /// without activities goes as a whole.
    pub fn update_package(
        &mut self,
        package: &str,
        activities: &[AppSource],
        profile: i64,
        user_id: i32,
        sections: &impl SectionNamer,
    ) -> PackageChange {
        let before = std::mem::take(&mut self.changed);
        let there: BTreeSet<&ComponentName> = activities.iter().map(|activity| &activity.component).collect();
        let removed = self.remove_where(|key| {
            key.profile == profile && key.component.package == package && !there.contains(&key.component)
        });
        for activity in activities {
            let known = self
                .entries
                .iter_mut()
                .find(|entry| entry.key.profile == profile && entry.key.component == activity.component);
            if let Some(entry) = known {
                entry.set_label(&activity.label, sections);
                self.changed = true;
                continue;
            }
            let mut entry = AppEntry::new(activity.component.clone(), profile, user_id);
            entry.set_label(&activity.label, sections);
            self.add(entry);
        }
        self.finish(before, removed)
    }

    /// A package is gone from a profile.
    pub fn remove_package(&mut self, package: &str, profile: i64) -> PackageChange {
        let before = std::mem::take(&mut self.changed);
        let removed = self.remove_where(|key| key.profile == profile && key.component.package == package);
        self.finish(before, removed)
    }

    fn finish(&mut self, changed_before: bool, removed: Vec<AppKey>) -> PackageChange {
        let changed = self.changed;
        self.changed |= changed_before;
        PackageChange { removed, changed }
    }

    fn remove_where(&mut self, goes: impl Fn(&AppKey) -> bool) -> Vec<AppKey> {
        let mut removed: Vec<AppKey> =
            self.entries.iter().filter(|entry| goes(&entry.key)).map(|entry| entry.key.clone()).collect();
        removed.reverse();
        self.entries.retain(|entry| !goes(&entry.key));
        self.keys.retain(|key| !goes(key));
        self.changed |= !removed.is_empty();
        removed
    }

    /// The order of the copy that is handed to the screens for binary search: user, then component.
    pub fn bind_order(&self) -> Vec<&AppEntry> {
        let mut order: Vec<&AppEntry> = self.entries.iter().collect();
        order.sort_by(|a, b| a.user_id.cmp(&b.user_id).then_with(|| a.key.compare_component(&b.key)));
        order
    }
}
