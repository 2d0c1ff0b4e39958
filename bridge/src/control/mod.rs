//! The control plane: what Kotlin reaches through UniFFI's generated classes (package `dev.ferrule.uniffi`).
//!
//! What it is: objects, records and enums that mirror what the cores answer, with their documentation, which becomes
//! KDoc. What it is not: nothing here is on a start-up or per-item path (the first touch of the generated classes costs
//! 100 ms and more), and programs use the facades of `dev.ferrule.os4`,
//! `dev.ferrule.launcher` and `dev.ferrule.icons` instead.
//!
//! Invariants: one conversion a type, by exhaustive `match`; a record is never shared with the packed form of
//! [`crate::wire`] for the same call.

mod facts;
mod first_launch;
mod icon_cache;
mod icon_callbacks;
mod icon_facts;
mod launcher_model;
mod model_items;
mod model_report;
mod os_compat;
mod report;
mod selftest;

pub use facts::{Abi, DeviceFacts, Probes, PropertyOrigin, PropertyText, RuntimeState, Switch, Tri};

pub use first_launch::{FirstLaunch, LaunchAnswer, LaunchKind, LaunchOutcome, LauncherStart, User};
pub use icon_cache::{IconCache, IconDeletions, IconRequest, IconSession, IconStep};
pub use icon_callbacks::{IconCallbackFailure, IconSource, IconWaiter, LegacyIconJudge};
pub use icon_facts::*;
pub use launcher_model::LauncherModel;
pub use model_items::{HomeItem, IconFacts, TargetFacts, WidgetFacts};
pub use model_report::*;
pub use os_compat::OsCompat;
pub use report::*;
pub use selftest::{self_test_error, self_test_panic};
