//! The line of a panic is logged when no lock is held any more. A process of its own, as the sink is the process's.
#![expect(clippy::unwrap_used, reason = "a test, also outside of its functions")]

use std::panic::catch_unwind;
use std::sync::{Arc, Mutex, TryLockError};

use ferrule::logging::layer::LineSink;
use ferrule::{logging, panics};
use tracing::Level;

/// What code that panics holds, and what a sink in Kotlin may need: it calls back into the library.
static OF_THE_LIBRARY: Mutex<()> = Mutex::new(());

struct Sink(Arc<Mutex<Vec<String>>>);

impl LineSink for Sink {
    fn line_bytes_max(&self) -> usize {
        usize::MAX
    }

    fn write(&self, _: Level, line: &str) {
        let free = !matches!(OF_THE_LIBRARY.try_lock(), Err(TryLockError::WouldBlock));
        self.0.lock().unwrap().push(format!("{} {line}", if free { "free" } else { "locked" }));
    }
}

#[test]
fn a_panic_under_a_lock_is_logged_after_it_and_once() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    logging::set_sink(Some(Arc::new(Sink(Arc::clone(&lines)))));
    logging::set_level(Some(Level::ERROR));
    panics::install_hook();
    let caught = catch_unwind(|| {
        panics::reported(|| {
            let _guard = OF_THE_LIBRARY.lock().unwrap();
            panic!("under the lock");
        });
    });
    assert!(caught.is_err());
    let lines = lines.lock().unwrap();
    let [line] = &lines[..] else { panic!("one line: {lines:?}") };
    assert!(line.starts_with("free ferrule::panics: panic at bridge/tests/panic_line.rs:"), "{line}");
    assert!(line.contains("build_id=") && line.contains("base=0x"), "{line}");
}
