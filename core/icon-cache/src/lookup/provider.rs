//! What draws icons: the platform, behind a trait. And what it may answer.
//!
//! Not here: when it is asked (`lookup`) and what its answer changes (`merge`).

use std::fmt;
use std::sync::Arc;

use crate::key::IconKey;
use crate::picture::{Picture, Variants};
use crate::validity::Tokens;

/// What is wanted of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// Whether the label is wanted.
    pub label: bool,
    /// The variants that are wanted. None: the pixels are known, only the label is stale; nothing is drawn then.
    pub variants: Variants,
}

/// Draws icons. Called on any thread, at most once a look-up, with no lock held; it may look other icons up.
pub trait Provider: Send + Sync {
    /// The label and pixels of a key. A key of a package is about the application itself.
    ///
    /// # Errors
    /// Whatever went wrong; what is known stays and is shown.
    fn load(&self, key: &IconKey, want: Want) -> Result<Rendered, ProviderError>;
}

/// A provider's failure. The text is for the log; a user sees what was known before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("IC_PROVIDER_FAILED: {0}")]
pub struct ProviderError(pub String);

/// What a provider answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// The label; `None` when there is nothing to label: the component is unknown. Empty: it has none, the package's name
    /// is shown.
    pub label: Option<String>,
    /// The icon.
    pub plain: Pixels,
    /// Its monochrome form.
    pub themed: Pixels,
    /// The icon for dark surroundings.
    pub dark: Pixels,
    /// Dominant colour, ARGB; only with a plain picture.
    pub colour: u32,
    /// Flags as A.1 without the user bits: instant, full-bleed.
    pub flags: u32,
    /// What label and pixels were made from; `None`: not to be kept on disk.
    pub tokens: Option<Tokens>,
    /// Who drew it: empty for the system, else an icon pack's package.
    pub provider: String,
}

/// What a provider answers about one variant.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Pixels {
    /// It was not asked, or failed: nothing is known.
    #[default]
    Unknown,
    /// There is no such variant, and will be none for this token.
    Absent,
    /// The system's default icon: shown when nothing better is known, never kept.
    Default,
    /// The picture.
    Picture(Picture),
    /// A picture that is not to be kept on disk: a clock, whose hands would stand still.
    Live(Picture),
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(f, "Unknown"),
            Self::Absent => write!(f, "Absent"),
            Self::Default => write!(f, "Default"),
            Self::Picture(picture) => write!(f, "{picture:?}"),
            Self::Live(picture) => write!(f, "Live({picture:?})"),
        }
    }
}

/// A provider for a cache that has none yet: it knows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProvider;

impl Provider for NoProvider {
    fn load(&self, _: &IconKey, _: Want) -> Result<Rendered, ProviderError> {
        Ok(Rendered::default())
    }
}

/// A provider, shared.
pub type SharedProvider = Arc<dyn Provider>;
