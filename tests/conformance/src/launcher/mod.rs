//! Kinds below `launcher/`: what Launcher3's own code answered.

mod all_apps;
mod facts;
mod intents;
mod layout_files;
mod layouts;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    vec![intents::kind(), layouts::kind(), layout_files::kind(), all_apps::kind()]
}
