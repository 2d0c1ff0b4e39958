//! The closed list of reason codes; each has an entry in `docs/codes.md` and never changes its meaning.
//!
//! What it is: one enum an area (`OS_`, `GLASS_`, `FX_`, `FL_`), each from one table in a file of its own, and
//! [`ReasonCode`] over all four. What it is not: it decides nothing and formats nothing but the two texts of a code.
//!
//! Invariants: a code's text is `AREA_SCREAMING_SNAKE`, unique in the crate, and never renamed or reused once
//! shipped (contracts 1); a code has no number, so tables may grow anywhere.

/// Makes the enum of one area from its table: `Variant, "AREA_CODE", "One sentence for people.";`.
macro_rules! area_codes {
    ($(#[$meta:meta])* $name:ident { $($variant:ident, $code:literal, $sentence:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $code, "`: ", $sentence)] $variant,)*
        }

        impl $name {
            /// Every code of the area, in the order of its table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text of the code, for example `OS_DECLARED_ABOVE_STAMP`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// One sentence for a person, without the raw values (those are in [`Reason::detail`](super::Reason)).
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)*
                }
            }
        }
    };
}

mod fl;
mod fx;
mod glass;
mod os;

use std::fmt;

pub use fl::FlCode;
pub use fx::FxCode;
pub use glass::GlassCode;
pub use os::OsCode;

/// One reason of an answer: a stable code and the raw values that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reason {
    /// What was found.
    pub code: ReasonCode,
    /// The raw values behind it, for a person to read; never parsed.
    pub detail: String,
}

impl Reason {
    /// A reason of any area: `Reason::new(OsCode::Foreign, "…")`.
    pub fn new(code: impl Into<ReasonCode>, detail: impl Into<String>) -> Self {
        Self { code: code.into(), detail: detail.into() }
    }
}

/// A stable code of this crate, by area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReasonCode {
    /// Which OS this is, and its framework.
    Os(OsCode),
    /// What caps the glass level.
    Glass(GlassCode),
    /// The effects other than glass.
    Fx(FxCode),
    /// The first launch on OS4.
    Fl(FlCode),
}

impl ReasonCode {
    /// Every code of the crate: `OS_`, `GLASS_`, `FX_`, `FL_`, each in the order of its table.
    pub fn all() -> impl Iterator<Item = Self> {
        let os = OsCode::ALL.iter().copied().map(Self::Os);
        let glass = GlassCode::ALL.iter().copied().map(Self::Glass);
        let fx = FxCode::ALL.iter().copied().map(Self::Fx);
        let fl = FlCode::ALL.iter().copied().map(Self::Fl);
        os.chain(glass).chain(fx).chain(fl)
    }

    /// The stable text, for example `OS_DECLARED_ABOVE_STAMP`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Os(code) => code.as_str(),
            Self::Glass(code) => code.as_str(),
            Self::Fx(code) => code.as_str(),
            Self::Fl(code) => code.as_str(),
        }
    }

    /// One sentence for a person, without the raw values.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Os(code) => code.sentence(),
            Self::Glass(code) => code.sentence(),
            Self::Fx(code) => code.sentence(),
            Self::Fl(code) => code.sentence(),
        }
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl From<OsCode> for ReasonCode {
    fn from(code: OsCode) -> Self {
        Self::Os(code)
    }
}

impl From<GlassCode> for ReasonCode {
    fn from(code: GlassCode) -> Self {
        Self::Glass(code)
    }
}

impl From<FxCode> for ReasonCode {
    fn from(code: FxCode) -> Self {
        Self::Fx(code)
    }
}

impl From<FlCode> for ReasonCode {
    fn from(code: FlCode) -> Self {
        Self::Fl(code)
    }
}
