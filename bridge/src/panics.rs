//! What is known about a panic by the time it has been caught: text, place and backtrace.
//!
//! What it is: a process-wide hook that notes place and backtrace of the latest panic of each thread, the line that is
//! logged of it, and the reading of a caught payload. What it is not: it contains nothing; the boundaries do
//! (`jni::entry`, UniFFI).
//!
//! Invariants: neither the hook nor the reading of a payload panics; the line is logged by the boundary and not by the
//! hook, which runs before anything is unwound: a sink in Kotlin would be called while locks are still held.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use crate::jni::image::{self, Image};

/// A panic that nobody has reported yet.
struct Note {
    /// `file:line:column`.
    place: String,
    /// Only captured where somebody would read it.
    backtrace: Option<Backtrace>,
}

thread_local! {
    /// This thread's latest panic.
    static NOTE: RefCell<Option<Note>> = const { RefCell::new(None) };
}

/// Installs the hook, once a process. A caught panic reaches no tombstone, so what is known of it is noted here.
///
/// The hook belongs to this library's own copy of the standard library: nobody else's hook is replaced.
pub fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(note)));
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let backtrace = tracing::enabled!(tracing::Level::ERROR).then(Backtrace::force_capture);
    let _ = NOTE.try_with(|slot| {
        if let Ok(mut slot) = slot.try_borrow_mut() {
            *slot = Some(Note { place, backtrace });
        }
    });
}

/// Logs this thread's latest panic, once, and answers its place as `file:line:column`.
///
/// For whoever has caught it, when everything is unwound and no lock is held.
pub fn report() -> Option<String> {
    let note =
        NOTE.try_with(|slot| slot.try_borrow_mut().ok().and_then(|mut slot| slot.take())).ok().flatten()?;
    let Note { place, backtrace } = note;
    if let Some(backtrace) = backtrace {
        let Image { build_id, base } = image::of_this_code();
        let (version, base) = (env!("CARGO_PKG_VERSION"), format_args!("{base:#x}"));
        // In its long form, which has addresses: a packaged library has no symbols left.
        tracing::error!(version, build_id, base, "panic at {place}\n{backtrace:#}");
    }
    Some(place)
}

/// Runs `body`; a panic in it is logged on its way out. For entries that somebody else contains.
pub fn reported<T>(body: impl FnOnce() -> T) -> T {
    panic::catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        report();
        panic::resume_unwind(payload)
    })
}

/// The text of a caught panic: `&str` and `String` payloads as they are, anything else by a fixed text.
///
/// The payload is dropped with a guard around it, as a payload's own `Drop` may panic.
#[must_use]
pub fn text_of(payload: Box<dyn Any + Send>) -> String {
    let text = payload
        .downcast_ref::<&'static str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic with a payload that is no text".to_owned());
    if let Err(second) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // A payload that panics while it is dropped is leaked rather than dropped again.
        std::mem::forget(second);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    struct PanicsOnDrop;

    impl Drop for PanicsOnDrop {
        fn drop(&mut self) {
            panic!("while dropping a payload");
        }
    }

    #[test]
    fn both_kinds_of_text_survive_and_the_place_is_known() {
        install_hook();
        let n = 7;
        let literal = panic::catch_unwind(|| panic!("boom")).unwrap_err();
        assert_eq!(text_of(literal), "boom");
        let formatted = panic::catch_unwind(|| panic!("boom {n}")).unwrap_err();
        assert_eq!(text_of(formatted), "boom 7");
        assert!(report().unwrap().contains("panics.rs:"));
        assert_eq!(report(), None, "once");
    }

    #[test]
    fn a_hostile_payload_is_contained() {
        let payload = panic::catch_unwind(|| panic::panic_any(PanicsOnDrop)).unwrap_err();
        assert_eq!(text_of(payload), "a panic with a payload that is no text");
    }
}
