//! `icons/peer`: our cache over the operations on which AOSP's own was recorded.
//!
//! AOSP's answers are not the measure, its world is: apps, profiles, packs, damaged rows, sessions cut short. Whatever the
//! operations, our cache never shows a default, blank or other profile's icon where a good one was known, never a damaged
//! picture, deletes no row that a session did not mean, and answers in bulk as it answers one by one.
//!
//! What a case edits by SQL in AOSP's own tables has no counterpart in ours and is passed over; a damaged blob is damaged
//! in ours too.

mod legacy;
mod platform;
mod replay;

use std::path::Path;

use crate::launcher::json::lines;
use crate::{Case, Kind};

/// Where the recorded cases lie below the data folder.
const CASES: &str = "icons/peer/icon_cases.jsonl";

/// The kinds: our cache's laws, and the recorded answers on the legacy cache.
pub fn kinds() -> [Kind; 2] {
    [Kind { name: "icons/peer", path: CASES, load: cases }, legacy::kind()]
}

fn cases(path: &Path) -> anyhow::Result<Vec<Case>> {
    lines(path, replay::run)
}
