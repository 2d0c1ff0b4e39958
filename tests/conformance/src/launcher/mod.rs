//! Kinds below `launcher/`: what Launcher3's own code answered.

mod all_apps;
mod facts;
mod files;
mod first_screen;
mod home;
mod intents;
pub mod json;
mod layout_files;
mod layouts;
pub mod loader;
mod restart;
mod safe_loader;
mod small;
mod store;
mod upgrade;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    let mut all = vec![intents::kind(), upgrade::kind(), restart::kind()];
    all.extend(files::kinds());
    all.extend([layouts::kind(), layout_files::kind(), all_apps::kind()]);
    all.extend(loader::kinds());
    all.extend(safe_loader::kinds());
    all.extend(first_screen::kinds());
    all.extend(small::kinds());
    all.push(store::kind());
    all.extend(home::kinds());
    all
}
