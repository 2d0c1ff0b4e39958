//! `icons/peer`.
use crate::{Case, Kind};
/// The kind.
pub fn kind() -> Kind { Kind { name: "icons/peer", path: "icons/peer/icon_cases.jsonl", load: |_| Ok(vec![Case { id: "x".into(), run: Box::new(|| Ok(())) }]) } }
