//! What the icon cache's control plane takes and answers, as records that become Kotlin's.
//!
//! What it is: the records, and one conversion each. What it is not: pixels of answers never cross here; those that a
//! provider of this surface draws do, once each.

use ferrule_icon_cache::health::Health;
use ferrule_icon_cache::import::{ImportReport, LegacyRow, Validity};
use ferrule_icon_cache::key::{Component, IconKey, PackageOf, ProfileSerial};
use ferrule_icon_cache::lookup::{Icon, Kind, Pixels, ProfileKind, Rendered, Tier};
use ferrule_icon_cache::memory::TrimLevel;
use ferrule_icon_cache::picture::{Form, Picture, Variant, Variants};
use ferrule_icon_cache::session::{Named, Notice};
use ferrule_icon_cache::store::Condition;
use ferrule_icon_cache::validity::{Token, Tokens};

/// A component in a profile; the package itself has the class `package.`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconName {
    /// The package.
    pub package: String,
    /// The full class name.
    pub class_name: String,
    /// The profile's serial number.
    pub profile: i64,
}

/// What label and pixels were made from, or have to be made from.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconTokenPair {
    /// Of the label.
    pub label: String,
    /// Of the pixels.
    pub pixels: String,
}

/// An installed item that a session's pass lists.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconItem {
    /// Whose icon.
    pub name: IconName,
    /// What label and pixels must have been made from; none: the platform does not say, and what is stored stays.
    pub tokens: Option<IconTokenPair>,
    /// The same for the package's own entry.
    pub app_tokens: Option<IconTokenPair>,
    /// Where two items share a component, the lower rank decides: 0 activities, 1 shortcuts, 2 widgets.
    pub rank: u8,
}

/// Packages whose icons are new.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconNotice {
    /// The profile.
    pub profile: i64,
    /// The packages, sorted.
    pub packages: Vec<String>,
}

/// What kind of user a profile belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IconProfileKind {
    /// The main user.
    Main,
    /// A work profile.
    Work,
    /// A cloned profile.
    Clone,
    /// A private space.
    Private,
}

/// A profile that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct IconProfile {
    /// Its serial number.
    pub serial: i64,
    /// Whose it is.
    pub kind: IconProfileKind,
}

/// How much memory the system wants back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IconTrim {
    /// Memory is low while the launcher is shown: half of the budget.
    Low,
    /// The launcher is hidden: pinned pictures only.
    Hidden,
    /// Memory is critical: titles and colours only.
    Critical,
}

/// How well the store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IconStoreCondition {
    /// The file takes writes.
    Good,
    /// The last write failed; writes wait until there is room.
    Paused,
    /// There is no file: icons are gone with the process.
    MemoryOnly,
}

/// A counter or figure.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconFigure {
    /// Its name, as in the guide.
    pub name: String,
    /// Its value.
    pub value: u64,
}

/// The health report; counts are since the cache was opened. No names of packages are in it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconHealth {
    /// How well the store is.
    pub condition: IconStoreCondition,
    /// The code of the store's last failure.
    pub last_error: Option<String>,
    /// Counters and figures, in order.
    pub figures: Vec<IconFigure>,
    /// All of it as one JSON object on one line.
    pub json: String,
    /// All of it as lines of `name value`.
    pub text: String,
}

/// A row of a legacy cache, whose validity is to be recomputed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LegacyIcon {
    /// Whose.
    pub name: IconName,
    /// Since 2024 what it was valid for, in one text.
    pub freshness: Option<String>,
    /// Before, the package's version code.
    pub version: Option<i64>,
    /// Before, when the package was updated, in epoch milliseconds.
    pub updated_millis: Option<i64>,
    /// Before, language tags and SDK.
    pub system_state: Option<String>,
}

/// What became of legacy's rows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconImport {
    /// Rows read.
    pub rows: u64,
    /// Rows taken.
    pub imported: u64,
    /// Rows of keys of which something is known already.
    pub kept: u64,
    /// Of the rows taken, those with a monochrome form.
    pub themed: u64,
    /// Rows not taken, by code.
    pub skipped: Vec<IconFigure>,
}

/// What is wanted of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct IconDemand {
    /// The label.
    pub label: bool,
    /// The icon.
    pub plain: bool,
    /// Its monochrome form.
    pub themed: bool,
    /// The icon for dark surroundings.
    pub dark: bool,
}

/// What a provider says of a variant.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum DrawnPixels {
    /// It was not asked, or failed.
    Unknown,
    /// There is no such variant.
    Absent,
    /// The system's default icon.
    Default,
    /// A picture: premultiplied RGBA, or alpha for the monochrome form.
    Picture {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// The bytes; of another number than the sides ask for, nothing is known.
        bytes: Vec<u8>,
    },
}

/// What a provider drew.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DrawnIcon {
    /// The label; none: the component is unknown.
    pub label: Option<String>,
    /// What it was made from; none: nothing is kept on disk.
    pub tokens: Option<IconTokenPair>,
    /// Dominant colour, ARGB.
    pub colour: u32,
    /// AOSP's flags without those of the user.
    pub flags: u32,
    /// Who drew it: empty for the system.
    pub provider: String,
    /// The icon.
    pub plain: DrawnPixels,
    /// Its monochrome form.
    pub themed: DrawnPixels,
    /// The icon for dark surroundings.
    pub dark: DrawnPixels,
}

/// What of an icon is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IconDepth {
    /// Title and colour.
    Colour,
    /// And the icon.
    Icon,
    /// And its monochrome form.
    Themed,
    /// The icon for dark surroundings.
    Dark,
}

/// What a request found; its pixels are in memory now, for the pixel path.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconFound {
    /// The title.
    pub label: String,
    /// Dominant colour, ARGB.
    pub colour: u32,
    /// AOSP's flags.
    pub flags: u32,
    /// `blank`, `default`, `colour` or `icon`.
    pub kind: String,
    /// `memory`, `store`, `provider`, `package` or `nothing`.
    pub tier: String,
}

impl From<&IconKey> for IconName {
    fn from(key: &IconKey) -> Self {
        let component = &key.component;
        Self {
            package: component.package().to_owned(),
            class_name: component.class().to_owned(),
            profile: key.profile.0,
        }
    }
}

impl From<&IconName> for IconKey {
    fn from(name: &IconName) -> Self {
        Self::new(Component::new(&name.package, &name.class_name), ProfileSerial(name.profile))
    }
}

impl From<&IconTokenPair> for Tokens {
    fn from(pair: &IconTokenPair) -> Self {
        Self { label: Token::new(&pair.label), pixels: Token::new(&pair.pixels) }
    }
}

impl From<&IconItem> for Named {
    fn from(item: &IconItem) -> Self {
        Self {
            key: (&item.name).into(),
            tokens: item.tokens.as_ref().map(Tokens::from),
            app_tokens: item.app_tokens.as_ref().map(Tokens::from),
            rank: item.rank,
        }
    }
}

impl From<Notice> for IconNotice {
    fn from(notice: Notice) -> Self {
        Self { profile: notice.profile.0, packages: notice.packages.into_iter().collect() }
    }
}

impl From<IconProfileKind> for ProfileKind {
    fn from(kind: IconProfileKind) -> Self {
        match kind {
            IconProfileKind::Main => Self::Main,
            IconProfileKind::Work => Self::Work,
            IconProfileKind::Clone => Self::Clone,
            IconProfileKind::Private => Self::Private,
        }
    }
}

impl From<IconTrim> for TrimLevel {
    fn from(level: IconTrim) -> Self {
        match level {
            IconTrim::Low => Self::Low,
            IconTrim::Hidden => Self::Hidden,
            IconTrim::Critical => Self::Critical,
        }
    }
}

impl From<&Health> for IconHealth {
    fn from(health: &Health) -> Self {
        let figures = health.figures.iter();
        Self {
            condition: match health.condition {
                Condition::Good => IconStoreCondition::Good,
                Condition::Paused => IconStoreCondition::Paused,
                Condition::MemoryOnly => IconStoreCondition::MemoryOnly,
            },
            last_error: health.last_error.map(str::to_owned),
            figures: figures
                .map(|(name, value)| IconFigure { name: (*name).to_owned(), value: *value })
                .collect(),
            json: health.json(),
            text: health.to_string(),
        }
    }
}

impl LegacyIcon {
    /// A row whose name can be read.
    pub(super) fn of(row: &LegacyRow) -> Option<Self> {
        let name = row.key.as_ref()?.into();
        let none = Self { name, freshness: None, version: None, updated_millis: None, system_state: None };
        Some(match &row.validity {
            Validity::Freshness(text) => Self { freshness: Some(text.clone()), ..none },
            Validity::Version { version, updated_ms, state } => Self {
                version: Some(*version),
                updated_millis: Some(*updated_ms),
                system_state: Some(state.clone()),
                ..none
            },
        })
    }
}

impl From<&ImportReport> for IconImport {
    fn from(report: &ImportReport) -> Self {
        let skipped = report.skipped.iter();
        Self {
            rows: report.rows,
            imported: report.imported,
            kept: report.kept,
            themed: report.themed,
            skipped: skipped
                .map(|(why, count)| IconFigure { name: why.code().to_owned(), value: *count })
                .collect(),
        }
    }
}

impl From<DrawnIcon> for Rendered {
    fn from(drawn: DrawnIcon) -> Self {
        Self {
            label: drawn.label,
            plain: drawn.plain.into_pixels(Variant::Plain.form()),
            themed: drawn.themed.into_pixels(Variant::Themed.form()),
            dark: drawn.dark.into_pixels(Variant::Dark.form()),
            colour: drawn.colour,
            flags: drawn.flags,
            tokens: drawn.tokens.as_ref().map(Tokens::from),
            provider: drawn.provider,
        }
    }
}

impl DrawnPixels {
    fn into_pixels(self, form: Form) -> Pixels {
        match self {
            Self::Unknown => Pixels::Unknown,
            Self::Absent => Pixels::Absent,
            Self::Default => Pixels::Default,
            Self::Picture { width, height, bytes } => {
                Picture::new(width, height, form, bytes).map_or(Pixels::Unknown, Pixels::Picture)
            }
        }
    }
}

impl From<IconDepth> for Variants {
    fn from(depth: IconDepth) -> Self {
        match depth {
            IconDepth::Colour => Self::COLOUR,
            IconDepth::Icon => Self::ICON,
            IconDepth::Themed => Self::THEMED,
            IconDepth::Dark => Self::DARK,
        }
    }
}

impl From<&Icon> for IconFound {
    fn from(icon: &Icon) -> Self {
        let kind = match icon.kind {
            Kind::Blank => "blank",
            Kind::Default => "default",
            Kind::Colour => "colour",
            Kind::Icon => "icon",
        };
        let tier = match icon.tier {
            Tier::Memory => "memory",
            Tier::Store => "store",
            Tier::Provider => "provider",
            Tier::Package => "package",
            Tier::Nothing => "nothing",
        };
        Self {
            label: icon.label.to_string(),
            colour: icon.colour,
            flags: icon.flags,
            kind: kind.to_owned(),
            tier: tier.to_owned(),
        }
    }
}

/// A package in a profile.
pub(super) fn package(name: &str, profile: i64) -> PackageOf {
    PackageOf::new(name, ProfileSerial(profile))
}
