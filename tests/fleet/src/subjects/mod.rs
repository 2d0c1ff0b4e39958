//! The features that are migrated, each with a device's inputs and both answers to one of them.

mod icons;
mod model;
mod os;

use ferrule_compare::Comparison;

use crate::Draw;

/// One call that was compared.
#[derive(Debug)]
pub struct Answered {
    /// The class of the input.
    pub class: &'static str,
    /// The input as text, for its keyed hash.
    pub input: String,
    /// What the comparator found.
    pub comparison: Comparison,
}

/// A feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Which OS it is.
    OsCompat,
    /// Loading a home screen.
    LauncherModel,
    /// Looking an icon up.
    IconCache,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OsCompat, Self::LauncherModel, Self::IconCache];

    /// The name that configurations give it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OsCompat => "os_compat",
            Self::LauncherModel => "launcher_model",
            Self::IconCache => "icon_cache",
        }
    }

    /// The feature of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }

    /// The classes of its inputs.
    pub fn classes(self) -> &'static [&'static str] {
        match self {
            Self::OsCompat => &os::CLASSES,
            Self::LauncherModel => &model::CLASSES,
            Self::IconCache => &icons::CLASSES,
        }
    }

    /// The version of its comparator.
    pub fn comparator(self) -> u32 {
        match self {
            Self::OsCompat | Self::LauncherModel => ferrule_compare::model::COMPARATOR,
            Self::IconCache => ferrule_compare::icon::COMPARATOR,
        }
    }

    /// Asks both sides about an input of a device. `planted`: the candidate has a bug that no rule explains.
    pub fn ask(self, draw: &mut Draw, planted: bool) -> Answered {
        match self {
            Self::OsCompat => os::ask(draw, planted),
            Self::LauncherModel => model::ask(draw, planted),
            Self::IconCache => icons::ask(draw, planted),
        }
    }
}
