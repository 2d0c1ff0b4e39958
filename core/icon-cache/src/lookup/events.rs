//! What the platform reports: packages, profiles, installs, the system's own state (S3, S8, S9).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::IconCache;
use super::answer::{ProfileKind, Tier};
use super::known::Known;
use super::requests::Priority;
use crate::key::{IconKey, PackageOf, ProfileSerial};
use crate::memory::{Label, Note};
use crate::picture::{Picture, Variant, Variants};
use crate::store::{Part, Range, Write};

/// What an installer says of a package that is on its way. In memory only, until the package is added or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    label: Arc<str>,
    picture: Picture,
    colour: u32,
}

impl Install {
    /// What is shown meanwhile; `None` without a title or a picture that can be seen (S3).
    pub fn new(label: &str, picture: Picture, colour: u32) -> Option<Self> {
        (!label.is_empty() && !picture.is_blank()).then(|| Self { label: label.into(), picture, colour })
    }

    pub(super) fn known(&self) -> Known {
        let note = Note { origin: None, stale: false, absent: false };
        let absent = |variant| (variant, Note { absent: true, ..note.clone() }, None);
        Known {
            label: Label { text: Some(Arc::clone(&self.label)), colour: self.colour, ..Label::default() },
            pictures: vec![
                (Variant::Plain, note.clone(), Some(self.picture.clone())),
                absent(Variant::Themed),
                absent(Variant::Dark),
            ],
            tier: Some(Tier::Memory),
            default: false,
            undrawn: None,
        }
    }
}

/// The system's state, as two texts that are compared for equality (S9).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SystemParts {
    /// What labels depend on: languages.
    pub labels: String,
    /// What pixels depend on: mask, theme, icon pack.
    pub pixels: String,
}

impl IconCache {
    /// A package was added or updated. From now on everything known of it is stale; it is drawn again, and shown until
    /// that has succeeded.
    pub fn package_changed(&self, package: &PackageOf) {
        let (labels, pixels) = (
            Write::Stale(Range::Package(package.clone()), Part::Label),
            Write::Stale(Range::Package(package.clone()), Part::Pixels),
        );
        let mut keys = {
            let mut state = self.state();
            state.epochs.package_changed(package);
            // What a session has listed of it is older than this.
            if let Some(session) = state.session.as_mut() {
                session.spare(package.clone());
            }
            for part in [Part::Label, Part::Pixels] {
                state.memory.mark_stale(&Range::Package(package.clone()), part);
            }
            state.installs.remove(package);
            state.backoff.forget_package(package);
            state.memory.keys_of(package)
        };
        keys.extend({
            let mut shelf = self.shelf();
            shelf.epochs.package_changed(package);
            let stored = shelf.keys_of(package);
            if !stored.is_empty() {
                shelf.now(vec![labels, pixels]);
            }
            stored
        });
        let mut state = self.state();
        for key in keys {
            state.requests.refresh(&key, Variants::ICON, Priority::Near);
        }
        drop(state);
        self.news.notify_all();
    }

    /// A package was removed: nothing of it is left, and nothing that is being drawn of it comes back.
    pub fn package_removed(&self, package: &PackageOf) {
        {
            let mut state = self.state();
            state.epochs.package_removed(package);
            state.memory.remove_package(package);
            state.installs.remove(package);
            state.backoff.forget_package(package);
        }
        self.shelf().remove_package(package);
    }

    /// An installer says what a package will look like; `None`: the session is over.
    pub fn install(&self, package: &PackageOf, install: Option<Install>) {
        let mut state = self.state();
        match install {
            Some(install) => {
                // Replaced, not mixed: what was in memory of the package may be of the version before.
                state.memory.remove_package(package);
                state.installs.insert(package.clone(), install)
            }
            None => state.installs.remove(package),
        };
    }

    /// The profiles of which anything is known, stored or in memory: also those that the platform does not tell of now.
    pub fn known_profiles(&self) -> Vec<ProfileSerial> {
        let stored = self.shelf().scan().unwrap_or_default();
        let mut known: BTreeSet<ProfileSerial> = stored.iter().map(|row| row.key.profile).collect();
        known.extend(self.state().memory.profiles());
        known.into_iter().collect()
    }

    /// The profiles that there are, and whose they are. Rows of others go; a serial that is not here is served and kept
    /// for nobody. User bits of flags follow at once.
    pub fn set_profiles(&self, profiles: &[(ProfileSerial, ProfileKind)]) {
        let serials: Vec<ProfileSerial> = profiles.iter().map(|(serial, _)| *serial).collect();
        {
            let mut state = self.state();
            state.profiles = profiles.iter().copied().collect();
            state.epochs.set_profiles(&serials);
            state.memory.keep_profiles(&serials);
            state.installs.retain(|package, _| serials.contains(&package.profile));
        }
        let mut shelf = self.shelf();
        shelf.epochs.set_profiles(&serials);
        let stranger = |row: &crate::store::ScanRow| !serials.contains(&row.key.profile);
        if shelf.scan().is_none_or(|rows| rows.iter().any(stranger)) {
            shelf.now(vec![Write::KeepProfiles(serials)]);
        }
    }

    /// The system's state may have changed. Equal: nothing at all. Different: labels or pixels are stale, and shown until
    /// there are new ones; a new language touches no pixel.
    pub fn set_system(&self, parts: &SystemParts) {
        for (fact, value, part) in
            [("label_state", &parts.labels, Part::Label), ("pixel_state", &parts.pixels, Part::Pixels)]
        {
            let mut shelf = self.shelf();
            let before = shelf.store.fact(fact);
            if before.as_ref() == Some(value) {
                continue;
            }
            let mut writes = vec![Write::Fact(fact, Some(value.clone()))];
            // The first state of all: rows were made under it.
            let is_change = before.is_some();
            if is_change {
                writes.push(Write::Stale(Range::All, part));
            }
            shelf.all_changed(part, writes);
            drop(shelf);
            if is_change {
                let mut state = self.state();
                state.epochs.all_changed(part);
                state.memory.mark_stale(&Range::All, part);
                state.backoff.clear();
            }
        }
    }

    /// Icons have another size now: everything goes, and what is under way is kept nowhere (K16).
    pub fn resize(&self, size_px: u32) {
        {
            let mut state = self.state();
            state.epochs.cleared();
            state.memory.clear();
            state.installs.clear();
            state.backoff.clear();
            state.session = None;
            state.session_number += 1;
            state.requests.drop_refreshes();
            state.expected.clear();
        }
        self.shelf().clear(size_px);
    }

    /// The keys that memory knows of a package; for tests and the health report.
    pub fn known_keys(&self, package: &PackageOf) -> Vec<IconKey> {
        self.state().memory.keys_of(package)
    }
}
