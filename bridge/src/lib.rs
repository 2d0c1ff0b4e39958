//! The one crate that knows about FFI: a Rust core's verdicts for Kotlin, by UniFFI and by hand-written JNI.
//!
//! What it is: thin. Entries convert, call a core and return. Control (typed, documented, rare, off the main thread)
//! goes through UniFFI ([`control`]); start-up and bulk go through JNI ([`jni`]) in one packed form ([`wire`]) and
//! need neither JNA nor any generated class. Why: docs/adr/0001 and 0002.
//!
//! What it is not: no rule of any feature is here, and no core type reaches Kotlin; each surface mirrors what it
//! shows.
//!
//! Invariants: no panic, no `Err` and no unwinding crosses a boundary; every failure carries a stable code; `unsafe` is
//! in [`jni`] only, and where UniFFI's macros put it.
//!
//! # Threads and locks
//!
//! The library keeps no thread: there is nothing to start before a zygote forks and nothing to shut down. The threads
//! that draw icons are Kotlin's, lent by `iconsWork` until the cache is closed, and so is the one that watches over them
//! (`iconsWatch`). A thread that the library
//! starts (today only the self-test) is attached once by name, joined by its starter and detached before it ends.
//!
//! | lock | guards | held while |
//! |---|---|---|
//! | a handle table's `RwLock` | its slots | a slot is looked up, filled or emptied; the object is dropped afterwards |
//! | a session's `heat` mutex | the memory of heat | effects are computed, which is pure |
//! | an icon cache's own locks | memory and requests; the store; idle codecs | see `ferrule_icon_cache::lookup`; never while Kotlin runs |
//! | a task's mutex | whether it has run | the task is taken out |
//! | a model's mutex | its store, which one thread may use at a time | one load, import or change is made, files included |
//! | a model's second mutex | an answer that waits for a larger buffer | the answer is kept, or copied out |
//! | a first launch's mutex | its storage | one start or acknowledgement is made durable |
//! | a first launch's file lock | its two slots, between processes | from a delivery to its acknowledgement; never waited for |
//! | the log sink's `RwLock` | which sink | the `Arc` is cloned out or replaced |
//! | the reload lock of the level filter | the level | an event's level is compared, or the level is set |
//!
//! None is taken while another is held, and none is held across a call into Kotlin: a sink or a listener may call
//! back into any entry. Lines raised by a sink on its own thread are dropped, so that logging cannot recurse.
#![deny(unsafe_code)]

uniffi::setup_scaffolding!("ferrule");

pub mod control;
pub mod error;
pub mod icons;
#[allow(unsafe_code, reason = "the one place for it; see the module")]
pub mod jni;
pub mod logging;
pub mod model;
pub mod os;
pub mod panics;
pub mod store;
pub mod wire;
