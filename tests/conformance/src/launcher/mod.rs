//! Kinds below `launcher/`: what Launcher3's own code answered.

mod facts;
mod files;
mod first_screen;
mod intents;
mod json;
pub mod loader;
mod restart;
mod small;
mod upgrade;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    let mut all = vec![intents::kind(), upgrade::kind(), restart::kind()];
    all.extend(files::kinds());
    all.extend(loader::kinds());
    all.extend(first_screen::kinds());
    all.extend(small::kinds());
    all
}
