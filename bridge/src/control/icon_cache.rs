//! The object `IconCache`: what is asked of an icon cache rarely, in words.
//!
//! What it is: sessions, the platform's events, trims, health, imports, and requests whose pixels are fetched by the pixel
//! path. What it is not: no pixel of an answer crosses here.

use std::path::Path;
use std::sync::Arc;

use ferrule_icon_cache::import::{ImportError, LegacyFile};
use ferrule_icon_cache::key::ProfileSerial;
use ferrule_icon_cache::lookup::requests::Priority;
use ferrule_icon_cache::lookup::{self, Handle, Install, Progress, Request, SystemParts};
use ferrule_icon_cache::picture::{Form, Picture};
use ferrule_icon_cache::validity::Tokens;

use super::icon_callbacks::{ForeignListener, ForeignProvider, IconSource, IconWaiter, LegacyIconJudge};
use super::icon_facts::{
    DrawnPixels, IconDepth, IconHealth, IconImport, IconItem, IconName, IconNotice, IconProfile,
    IconTokenPair, IconTrim, LegacyIcon, package,
};
use crate::error::{BridgeError, FerruleError};
use crate::icons::{IconOptions, Icons, side};
use crate::{jni, panics};

/// How long a call of this surface's provider may take before it is given up on, in milliseconds.
const PROVIDER_MS_MAX: i64 = 10_000;

/// An icon cache: update sessions, events of the platform, trims, health and imports.
///
/// A launcher opens it by `dev.ferrule.icons.IconCache`, whose look-ups never touch these generated classes, and gets here
/// from there. Call it off the main thread: it reads and writes a file. No call fails for the file's sake: what cannot be
/// written is drawn again later, and counted in the health report.
#[derive(Debug, uniffi::Object)]
pub struct IconCache {
    icons: Arc<Icons>,
    /// Of a cache that this object opened: what the pixel path knows it by.
    own: Option<i64>,
}

#[uniffi::export]
impl IconCache {
    /// Opens the cache in a file, or makes it, with a provider of this surface. Listeners are told on the thread that did
    /// the work; [`IconCache::work`] lends one.
    #[uniffi::constructor]
    pub fn open(
        file: String,
        size_px: i32,
        memory_bytes: i64,
        source: Arc<dyn IconSource>,
    ) -> Result<Arc<Self>, FerruleError> {
        panics::install_hook();
        let options = IconOptions { size_px, memory_bytes, provider_ms_max: PROVIDER_MS_MAX };
        let provider = Arc::new(ForeignProvider(source));
        let icons = Icons::open(Path::new(&file), options, provider, Arc::new(|task| task()))?;
        let icons = Arc::new(icons);
        let own = Some(jni::keep_icons(Arc::clone(&icons))?);
        Ok(Arc::new(Self { icons, own }))
    }

    /// The cache that `dev.ferrule.icons.IconCache` has open under a handle; closing this object leaves it open.
    #[uniffi::constructor]
    pub fn of_handle(handle: i64) -> Result<Arc<Self>, FerruleError> {
        panics::install_hook();
        Ok(Arc::new(Self { icons: jni::icons(handle)?, own: None }))
    }

    /// What the pixel path knows a cache by that this object opened; else 0.
    pub fn handle(&self) -> i64 {
        self.own.unwrap_or(0)
    }

    /// A package was added or updated: everything known of it is stale, drawn again, and shown until then.
    pub fn package_changed(&self, name: String, profile: i64) {
        self.icons.cache().package_changed(&package(&name, profile));
    }

    /// A package was removed: nothing of it is left, and nothing that is being drawn of it comes back.
    pub fn package_removed(&self, name: String, profile: i64) {
        self.icons.cache().package_removed(&package(&name, profile));
    }

    /// An installer says what a package will look like, until it is added or removed. Whether it can be shown: it has a
    /// title, and a picture that can be seen.
    pub fn install_began(
        &self,
        name: String,
        profile: i64,
        label: String,
        colour: u32,
        pixels: DrawnPixels,
    ) -> bool {
        let DrawnPixels::Picture { width, height, bytes } = pixels else { return false };
        let picture = Picture::new(width, height, Form::Rgba, bytes);
        let install = picture.and_then(|picture| Install::new(&label, picture, colour));
        let is_shown = install.is_some();
        if is_shown {
            self.icons.cache().install(&package(&name, profile), install);
        }
        is_shown
    }

    /// An installer's session is over.
    pub fn install_ended(&self, name: String, profile: i64) {
        self.icons.cache().install(&package(&name, profile), None);
    }

    /// The profiles of which anything is known: also those that the platform does not tell of now.
    pub fn known_profiles(&self) -> Vec<i64> {
        self.icons.cache().known_profiles().iter().map(|profile| profile.0).collect()
    }

    /// The profiles that there are: rows of others go, and user bits of flags follow.
    pub fn set_profiles(&self, profiles: Vec<IconProfile>) {
        let profiles: Vec<_> =
            profiles.iter().map(|profile| (ProfileSerial(profile.serial), profile.kind.into())).collect();
        self.icons.cache().set_profiles(&profiles);
    }

    /// What labels (languages) and pixels (mask, theme, icon pack) depend on, as texts that are compared. Equal: nothing at
    /// all. Different: stale, and shown until there are new ones; a new language touches no pixel.
    pub fn set_system(&self, labels: String, pixels: String) {
        self.icons.cache().set_system(&SystemParts { labels, pixels });
    }

    /// Icons have another size now: everything goes, and what is under way is kept nowhere.
    pub fn resize(&self, size_px: i32) -> Result<(), FerruleError> {
        self.icons.cache().resize(side(size_px)?);
        Ok(())
    }

    /// Gives memory back, and looks whether the store takes writes again.
    pub fn trim(&self, level: IconTrim) {
        self.icons.cache().trim(level.into());
    }

    /// Writes what waits to be written.
    pub fn flush(&self) {
        self.icons.cache().flush();
    }

    /// Counters and figures.
    pub fn health(&self) -> IconHealth {
        (&self.icons.cache().health()).into()
    }

    /// Begins an update session; an older one does nothing any more.
    pub fn begin_session(&self) -> Arc<IconSession> {
        Arc::new(IconSession { session: self.icons.cache().begin_session() })
    }

    /// Takes over the rows of a legacy cache's file that **nobody has open**: it is copied to a private folder in `scratch`
    /// and never changed. `judge` says of each row whether it still holds; one that it fails at is stale.
    pub fn import_file(
        &self,
        file: String,
        scratch: String,
        judge: Arc<dyn LegacyIconJudge>,
    ) -> Result<IconImport, FerruleError> {
        let legacy = LegacyFile::open(Path::new(&file), Path::new(&scratch));
        let legacy = legacy.map_err(|error| import_failed(&error, &file))?;
        let mut rows = Vec::new();
        legacy.each(|row| rows.push(row));
        let valid = |row: &ferrule_icon_cache::import::LegacyRow| -> Option<Tokens> {
            let judged = judge.judge(LegacyIcon::of(row)?).ok().flatten();
            judged.as_ref().map(|pair: &IconTokenPair| pair.into())
        };
        Ok((&self.icons.cache().import(rows, legacy.size_px, valid)).into())
    }

    /// Asks for an icon; the waiter is told when it is in memory, from where the pixel path fetches it.
    pub fn request(&self, name: IconName, depth: IconDepth, waiter: Arc<dyn IconWaiter>) -> Arc<IconRequest> {
        let request = Request::new((&name).into(), depth.into());
        let listener = Arc::new(ForeignListener::new(waiter));
        let handle = self.icons.cache().request(request, Priority::Visible, None, listener);
        Arc::new(IconRequest { handle })
    }

    /// Does the most urgent piece of queued work on this thread; whether there was any.
    pub fn work(&self) -> bool {
        self.icons.cache().work()
    }
}

impl Drop for IconCache {
    fn drop(&mut self) {
        self.own.map(jni::forget_icons);
    }
}

/// What reading a legacy file failed with.
fn import_failed(error: &ImportError, file: &str) -> BridgeError {
    BridgeError::IconImport { code: error.code(), reason: error.to_string(), path: file.to_owned() }
}

/// A request that can be taken back.
#[derive(Debug, uniffi::Object)]
pub struct IconRequest {
    handle: Handle,
}

#[uniffi::export]
impl IconRequest {
    /// Takes it back, in every state and any number of times. Work that is still queued is never begun then.
    pub fn cancel(&self) {
        self.handle.cancel();
    }
}

/// An update session. Dropped or overtaken by a newer one, it deletes nothing.
#[derive(Debug, uniffi::Object)]
pub struct IconSession {
    session: lookup::Session,
}

/// What a step of a session did.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconStep {
    /// Whether nothing was left to do.
    pub is_idle: bool,
    /// Packages whose icons are new now, to be reported once.
    pub notice: Option<IconNotice>,
}

/// What a session deleted.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconDeletions {
    /// Keys.
    pub keys: Vec<IconName>,
    /// Whether rows of profiles that are gone went too.
    pub profiles: bool,
}

#[uniffi::export]
impl IconSession {
    /// Leaves a package's rows alone: it is being installed, or cannot be seen now.
    pub fn spare(&self, name: String, profile: i64) {
        self.session.spare(package(&name, profile));
    }

    /// The tokens of a package's own entry, for packages of which no pass lists anything.
    pub fn app(&self, name: String, profile: i64, tokens: IconTokenPair) {
        self.session.app(package(&name, profile), (&tokens).into());
    }

    /// Says that a profile is listed whole though no item of it may come: its rows may be deleted.
    pub fn listed(&self, profile: i64) {
        self.session.listed(ProfileSerial(profile));
    }

    /// Takes what a part of the platform lists, in any number of parts and any order.
    pub fn pass(&self, items: Vec<IconItem>) {
        self.session.pass(items.iter().map(Into::into).collect());
    }

    /// How many icons wait.
    pub fn waiting(&self) -> u64 {
        self.session.waiting() as u64
    }

    /// Looks after one icon on this thread. Urgent requests come between steps.
    pub fn step(&self) -> IconStep {
        match self.session.step() {
            Progress::Step(notice) => IconStep { is_idle: false, notice: notice.map(Into::into) },
            Progress::Idle => IconStep { is_idle: true, notice: None },
        }
    }

    /// Ends the session: deletes what it meant, writes what waits. A second call does nothing.
    pub fn finish(&self) -> IconDeletions {
        let deletions = self.session.finish();
        IconDeletions {
            keys: deletions.keys.iter().map(Into::into).collect(),
            profiles: deletions.keep_profiles.is_some(),
        }
    }
}
