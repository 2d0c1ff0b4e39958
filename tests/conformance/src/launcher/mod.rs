//! Kinds below `launcher/`: what Launcher3's own code answered.

mod facts;
mod first_screen;
mod intents;
mod json;
pub mod loader;
mod small;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    let mut kinds = vec![intents::kind()];
    kinds.extend(loader::kinds());
    kinds.extend(first_screen::kinds());
    kinds.extend(small::kinds());
    kinds
}
