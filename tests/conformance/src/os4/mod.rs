//! Kinds below `os4/`: which OS, which effects, first launch.

use crate::Kind;

/// The kinds of this area.
pub fn kinds() -> Vec<Kind> {
    Vec::new()
}
