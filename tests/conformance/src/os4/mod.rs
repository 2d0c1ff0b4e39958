//! Kinds below `os4/`: which OS, which effects, first launch.

mod effects;
mod first_launch;
mod identity;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    [identity::kinds(), effects::kinds(), first_launch::kinds()].into_iter().flatten().collect()
}
