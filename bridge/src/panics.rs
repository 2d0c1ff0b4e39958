//! What is known about a panic by the time it has been caught: text and place.
//!
//! What it is: a process-wide hook that notes the place of the latest panic of each thread and logs it, and the
//! reading of a caught payload. What it is not: it contains nothing; the boundaries do (`jni::entry`, UniFFI).
//!
//! Invariant: neither the hook nor the reading of a payload panics.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use crate::jni::image::{self, Image};

thread_local! {
    /// Where this thread last panicked.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs the hook, once a process. A caught panic reaches no tombstone, so its place is noted here.
///
/// The hook belongs to this library's own copy of the standard library: nobody else's hook is replaced.
pub fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(note)));
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string);
    let _ = PLACE.try_with(|slot| {
        if let Ok(mut slot) = slot.try_borrow_mut() {
            slot.clone_from(&place);
        }
    });
    if tracing::enabled!(tracing::Level::ERROR) {
        let place = place.as_deref().unwrap_or("an unknown place");
        // In its long form, which has addresses: a packaged library has no symbols left.
        let backtrace = Backtrace::force_capture();
        let Image { build_id, base } = image::of_this_code();
        let version = env!("CARGO_PKG_VERSION");
        tracing::error!(
            version,
            build_id,
            base = format_args!("{base:#x}"),
            "panic at {place}\n{backtrace:#}"
        );
    }
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

/// Takes the place of this thread's latest panic, as `file:line:column`.
#[must_use]
pub fn take_place() -> Option<String> {
    PLACE.try_with(|slot| slot.try_borrow_mut().ok().and_then(|mut slot| slot.take())).ok().flatten()
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
        assert!(take_place().unwrap().contains("panics.rs:"));
        assert_eq!(take_place(), None, "taken once");
    }

    #[test]
    fn a_hostile_payload_is_contained() {
        let payload = panic::catch_unwind(|| panic::panic_any(PanicsOnDrop)).unwrap_err();
        assert_eq!(text_of(payload), "a panic with a payload that is no text");
    }
}
