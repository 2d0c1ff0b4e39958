//! Kinds below `os4/`: which OS, which effects, first launch.

mod identity;

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    [identity::kinds()].into_iter().flatten().collect()
}
