//! x
pub fn kinds() -> Vec<crate::Kind> { Vec::new() }
