//! Kinds below `icons/`: pixels, keys, sessions, stores.

mod folder_previews;
mod mono;
mod pictures;
mod pixels;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    [pixels::kinds(), mono::kinds(), folder_previews::kinds()].into_iter().flatten().collect()
}
