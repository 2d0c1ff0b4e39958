//! The list of all apps: which entries it has, their order, their sections, the flags of the model (C.7, B.7, SPEC-12).
//!
//! [`load_all_apps`] is Launcher3's own loading, with its early end at a profile without activities (MORE P3);
//! [`AppList`] is the list that package events change; [`display_order`] and [`AppList::bind_order`] are its two
//! orders. Collation and section names are asked through [`Collator`] and [`SectionNamer`]: on a device the platform's
//! keys come in as data ([`LabelKeys`]), on a workstation the feature `icu` answers.
//!
//! Not here: icons, the platform, the drawing of sections.
//!
//! Invariants: no list, label or comparator answer panics; entries are unique by component and profile.

mod label;
mod letters;
mod list;
mod load;
mod order;
mod timsort;

#[cfg(feature = "icu")]
pub mod icu;

pub use label::{Collator, LabelKeys, SectionNamer, section_name, trim_label};
pub use list::{AppEntry, AppFilter, AppKey, AppList, AppSource, PackageChange};
pub use load::{
    ActivityState, AllAppsLoad, AllAppsPlatform, AllAppsProfile, InstallSession, ProfileType, load_all_apps,
    load_every_profile, model_flag, runtime_flag,
};
pub use order::{compare_apps, compare_labels, display_order, sort_labels};

#[cfg(test)]
mod tests;
