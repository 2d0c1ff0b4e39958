//! Kinds below `launcher/`: what Launcher3's own code answered.

mod facts;
mod files;
mod intents;
mod restart;
mod upgrade;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    let mut all = vec![intents::kind(), upgrade::kind(), restart::kind()];
    all.extend(files::kinds());
    all
}
