//! Kinds below `launcher/`: what Launcher3's own code answered.

mod facts;
mod intents;
mod restart;
mod upgrade;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    vec![intents::kind(), upgrade::kind(), restart::kind()]
}
