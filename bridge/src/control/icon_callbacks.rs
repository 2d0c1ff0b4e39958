//! What Kotlin implements for the icon cache's control plane: providers, listeners, the judge of legacy's rows.
//!
//! What it is: the traits, and their adapters to the core's. What it is not: the way of a launcher's icons, whose provider
//! is called by hand-written JNI.
//!
//! Invariants: whatever a callback throws is a failure that the core knows; no lock is held during one.

use std::sync::Arc;

use ferrule_icon_cache::key::IconKey;
use ferrule_icon_cache::lookup::{Icon, Listener, Provider, ProviderError, Rendered, Want};
use ferrule_icon_cache::picture::Variant;

use super::icon_facts::{DrawnIcon, IconDemand, IconFound, IconName, IconTokenPair, LegacyIcon};

/// What a callback failed with; the text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum IconCallbackFailure {
    /// It failed.
    #[error("{reason}")]
    Failed {
        /// Why, without personal data.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for IconCallbackFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Its text is the exception's own, which may be personal.
        Self::Failed { reason: "an unexpected exception".to_owned() }
    }
}

/// Draws icons. Called on any thread, at most once a look-up; it may look other icons up.
#[uniffi::export(foreign)]
pub trait IconSource: Send + Sync {
    /// The label and pixels of a key; what it throws counts as a failure.
    fn load(&self, name: IconName, want: IconDemand) -> Result<DrawnIcon, IconCallbackFailure>;
}

/// Told once how a request ended, on the thread on which it did.
#[uniffi::export(foreign)]
pub trait IconWaiter: Send + Sync {
    /// What was found; none if the request was taken back or the cache closed.
    fn on_ended(&self, found: Option<IconFound>) -> Result<(), IconCallbackFailure>;
}

/// Says whether a row of legacy's still holds.
#[uniffi::export(foreign)]
pub trait LegacyIconJudge: Send + Sync {
    /// What label and pixels are valid for from now on; none if the row does not hold any more.
    fn judge(&self, row: LegacyIcon) -> Result<Option<IconTokenPair>, IconCallbackFailure>;
}

/// A provider of Kotlin's as the core's.
pub(super) struct ForeignProvider(pub(super) Arc<dyn IconSource>);

impl Provider for ForeignProvider {
    fn load(&self, key: &IconKey, want: Want) -> Result<Rendered, ProviderError> {
        let demand = IconDemand {
            label: want.label,
            plain: want.variants.has(Variant::Plain),
            themed: want.variants.has(Variant::Themed),
            dark: want.variants.has(Variant::Dark),
        };
        let drawn = self.0.load(key.into(), demand);
        Ok(drawn.map_err(|failure| ProviderError(failure.to_string()))?.into())
    }
}

/// A listener of Kotlin's as the core's.
pub(super) struct ForeignListener {
    waiter: Arc<dyn IconWaiter>,
    found: std::sync::Mutex<Option<IconFound>>,
}

impl ForeignListener {
    pub(super) fn new(waiter: Arc<dyn IconWaiter>) -> Self {
        Self { waiter, found: std::sync::Mutex::default() }
    }
}

impl Listener for ForeignListener {
    fn deliver(&self, icon: Icon) {
        *self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((&icon).into());
    }

    fn ended(&self, delivered: bool) {
        let found = self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Err(failure) = self.waiter.on_ended(found.filter(|_| delivered)) {
            tracing::warn!(target: "ferrule::icons", "a listener failed: {failure}");
        }
    }
}
