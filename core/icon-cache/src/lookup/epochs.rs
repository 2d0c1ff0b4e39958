//! What happened since a piece of work began: an icon that was being drawn while its package was removed must not come
//! back, one whose package changed meanwhile is old already. Pure; numbers instead of time.

use std::collections::HashMap;

use crate::key::{IconKey, PackageOf, ProfileSerial};
use crate::store::Part;

/// A moment in the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Stamp(u64);

/// What became of a key's work since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Since {
    /// The key was removed: what was drawn is shown once and kept nowhere.
    pub gone: bool,
    /// Labels became stale.
    pub label_stale: bool,
    /// Pixels became stale.
    pub pixels_stale: bool,
}

/// The events so far, as far as they concern work that runs.
#[derive(Debug, Default)]
pub struct Epochs {
    now: u64,
    removed: HashMap<PackageOf, u64>,
    changed: HashMap<PackageOf, u64>,
    labels: u64,
    pixels: u64,
    cleared: u64,
    /// The profiles that are left, since when; `None`: every profile is taken for one.
    profiles: Option<Vec<ProfileSerial>>,
}

impl Epochs {
    /// Now.
    pub fn stamp(&self) -> Stamp {
        Stamp(self.now)
    }

    /// What happened to a key since then.
    pub fn since(&self, key: &IconKey, stamp: Stamp) -> Since {
        let after = |at: Option<&u64>| at.is_some_and(|at| *at > stamp.0);
        let package = key.package();
        let changed = after(self.changed.get(&package));
        Since {
            gone: after(self.removed.get(&package))
                || self.cleared > stamp.0
                || !self.is_profile(key.profile),
            label_stale: changed || self.labels > stamp.0,
            pixels_stale: changed || self.pixels > stamp.0,
        }
    }

    /// Whether a serial is that of a profile that is there.
    pub fn is_profile(&self, profile: ProfileSerial) -> bool {
        self.profiles.as_ref().is_none_or(|profiles| profiles.contains(&profile))
    }

    /// A package was removed.
    pub fn package_removed(&mut self, package: &PackageOf) {
        self.now += 1;
        self.removed.insert(package.clone(), self.now);
    }

    /// A package was added or updated.
    pub fn package_changed(&mut self, package: &PackageOf) {
        self.now += 1;
        self.changed.insert(package.clone(), self.now);
    }

    /// Every label or picture became stale.
    pub fn all_changed(&mut self, part: Part) {
        self.now += 1;
        match part {
            Part::Label => self.labels = self.now,
            Part::Pixels => self.pixels = self.now,
        }
    }

    /// Everything was thrown away.
    pub fn cleared(&mut self) {
        self.now += 1;
        self.cleared = self.now;
    }

    /// These are the profiles now.
    pub fn set_profiles(&mut self, profiles: &[ProfileSerial]) {
        self.now += 1;
        self.profiles = Some(profiles.to_vec());
    }
}
