//! Kinds below `icons/`: pixels, keys, sessions, stores.

mod components;
mod folder_previews;
mod keys;
mod legacy;
mod mono;
mod peer;
mod pictures;
mod pixels;
mod sessions;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    let mut all: Vec<Kind> =
        [pixels::kinds(), mono::kinds(), folder_previews::kinds()].into_iter().flatten().collect();
    all.extend([keys::kind(), sessions::kind(), sessions::states(), legacy::kind(), components::kind()]);
    all.extend(peer::kinds());
    all
}
