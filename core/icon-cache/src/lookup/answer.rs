//! Questions and answers of a look-up.

use std::sync::Arc;

use crate::key::IconKey;
use crate::picture::{Picture, Variant, Variants};
use crate::validity::Tokens;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Whose icon; `None` for an item without a component: the default icon.
    pub key: Option<IconKey>,
    /// What of it.
    pub wants: Variants,
    /// The tokens that hold now, where the caller has them: what differs is stale. `None`: only events tell.
    pub expected: Option<Tokens>,
    /// Where there is no icon of its own, the package's is shown.
    pub use_package: bool,
    /// What is not in memory yet is not put there (S2h).
    pub skip_memory: bool,
}

impl Request {
    /// A plain request.
    pub fn new(key: IconKey, wants: Variants) -> Self {
        Self { key: Some(key), wants, expected: None, use_package: false, skip_memory: false }
    }
}

/// What kind of picture an answer stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing is known.
    Blank,
    /// The system's default icon.
    Default,
    /// Level 0 was asked and is known: title and colour.
    Colour,
    /// The icon.
    Icon,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Memory.
    Memory,
    /// The store.
    Store,
    /// The provider.
    Provider,
    /// The package's entry.
    Package,
    /// Nowhere.
    Nothing,
}

/// Why the provider was not heard, where it was needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Undrawn {
    /// Its call for this icon hangs: it took longer than it may, and has not come back yet.
    Hangs,
    /// Too many of its calls hang, so none is begun.
    Refused,
}

impl Undrawn {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hangs => "IC_PROVIDER_HANGS",
            Self::Refused => "IC_PROVIDER_REFUSED",
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    /// The title; empty when nobody knows it.
    pub label: Arc<str>,
    /// Dominant colour, ARGB, alpha 255.
    pub colour: u32,
    /// Flags as A.1, with the bits of the profile as it is now.
    pub flags: u32,
    /// What the picture is.
    pub kind: Kind,
    /// The pictures that were asked for and are there. Asked for and not here: there is no such variant.
    pub pictures: Vec<(Variant, Picture)>,
    /// Where it comes from.
    pub tier: Tier,
    /// Whether the label is stale; a new one is on its way.
    pub label_stale: bool,
    /// Whether a picture is stale; a new one is on its way.
    pub pixels_stale: bool,
    /// Why the provider was not heard; `None`: it was, or was not needed. What is shown is what was known without it.
    pub undrawn: Option<Undrawn>,
}

impl Icon {
    /// The answer when nothing is known.
    pub fn blank() -> Self {
        Self {
            label: Arc::from(""),
            colour: 0xFF00_0000,
            flags: 0,
            kind: Kind::Blank,
            pictures: Vec::new(),
            tier: Tier::Nothing,
            label_stale: false,
            pixels_stale: false,
            undrawn: None,
        }
    }

    /// The picture of a variant.
    pub fn picture(&self, variant: Variant) -> Option<&Picture> {
        self.pictures.iter().find(|(found, _)| *found == variant).map(|(_, picture)| picture)
    }
}

/// What kind of user a profile belongs to; decides the user bits of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// The main user.
    Main,
    /// A work profile.
    Work,
    /// A cloned profile.
    Clone,
    /// A private space.
    Private,
}

/// The bits of flags that belong to the user: work, clone, private (A.1).
const USER_BITS: u32 = 1 | 4 | 8;

impl ProfileKind {
    fn bits(self) -> u32 {
        match self {
            Self::Main => 0,
            Self::Work => 1,
            Self::Clone => 4,
            Self::Private => 8,
        }
    }

    /// S2g: the user bits are those of the user as it is now, set and cleared; other bits stay.
    pub fn apply(kind: Option<Self>, flags: u32) -> u32 {
        match kind {
            Some(kind) => (flags & !USER_BITS) | kind.bits(),
            None => flags,
        }
    }
}
