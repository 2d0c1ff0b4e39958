//! Logging of the whole library: spans and events of `tracing`, formatted once, to logcat or to a Kotlin sink.
//!
//! What it is: one registry with one layer behind one level filter that can be changed while the process runs.
//! On Android lines go to logcat; a sink that Kotlin registered gets every line on every platform.
//!
//! What it is not: it starts nothing by itself (the first call of [`set_level`] or [`set_sink`] does), and it is no
//! reporting channel: errors travel to the caller as errors.
//!
//! Invariants: no lock is held while a sink runs (the filter lives behind the reload lock, the layer does not, and a
//! sink is cloned out of its slot before it is called); target `jni` is filtered off, because that crate logs while
//! a thread is being detached, when neither the thread's registry data nor its VM is safe to use any more.

pub mod layer;
pub mod line;
#[cfg(any(target_os = "android", feature = "liblog-test"))]
pub mod logcat;

use std::sync::{Arc, PoisonError, RwLock};

use once_cell::sync::OnceCell;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt};
use tracing_subscriber::{Registry, reload};

use layer::{LineLayer, LineSink};

/// The tag under which lines appear in logcat.
pub const TAG: &str = "Ferrule";

/// What the process keeps for logging, created by its first use.
struct State {
    filter: reload::Handle<Targets, Registry>,
    sink: Arc<SinkSlot>,
}

static STATE: OnceCell<State> = OnceCell::new();

/// The sink that Kotlin registered, if any, beside the platform's own log.
#[derive(Default)]
struct SinkSlot {
    registered: RwLock<Option<Arc<dyn LineSink>>>,
    #[cfg(target_os = "android")]
    logcat: Option<logcat::Logcat>,
}

impl LineSink for Arc<SinkSlot> {
    fn line_bytes_max(&self) -> usize {
        #[cfg(target_os = "android")]
        return self.logcat.as_ref().map_or(line::LINE_BYTES_MAX, LineSink::line_bytes_max);
        #[cfg(not(target_os = "android"))]
        usize::MAX
    }

    fn write(&self, level: Level, line: &str) {
        #[cfg(target_os = "android")]
        if let Some(logcat) = &self.logcat {
            logcat.write(level, line);
        }
        let sink = self.registered.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(sink) = sink {
            sink.write(level, line);
        }
    }
}

fn targets(level: LevelFilter) -> Targets {
    Targets::new().with_default(level).with_target("jni", LevelFilter::OFF)
}

fn state() -> &'static State {
    STATE.get_or_init(|| {
        let sink = Arc::new(SinkSlot {
            registered: RwLock::default(),
            #[cfg(target_os = "android")]
            logcat: logcat::Logcat::new(TAG).ok(),
        });
        let start = if cfg!(target_os = "android") { LevelFilter::WARN } else { LevelFilter::OFF };
        let (filter, handle) = reload::Layer::new(targets(start));
        let layer = LineLayer::new(Arc::clone(&sink)).with_filter(filter);
        // A subscriber that the embedding program installed before stays: its choice, and ours has no effect then.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(layer));
        State { filter: handle, sink }
    })
}

/// Starts logging with the platform's default level: warnings on Android, nothing elsewhere.
pub fn start() {
    state();
}

/// Changes the level of everything from now on. `None` means off.
pub fn set_level(level: Option<Level>) {
    let filter = level.map_or(LevelFilter::OFF, LevelFilter::from_level);
    // The only failure is a registry that is gone, which lives as long as the process.
    let _ = state().filter.modify(|targets_now| *targets_now = targets(filter));
}

/// Sends every line to `sink` too, or to none with `None`. The former one is released on the calling thread.
pub fn set_sink(sink: Option<Arc<dyn LineSink>>) {
    let former = {
        let mut slot = state().sink.registered.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *slot, sink)
    };
    // Dropped here, after the guard: releasing a Kotlin object calls into the VM.
    drop(former);
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    struct Seen(Arc<Mutex<Vec<String>>>);

    impl LineSink for Seen {
        fn line_bytes_max(&self) -> usize {
            usize::MAX
        }

        fn write(&self, level: Level, line: &str) {
            // Other tests of this process log and panic meanwhile: their lines must not touch the level.
            if line.contains("logging_test") {
                // Changing the level from inside a sink must neither deadlock nor recurse.
                set_level(Some(Level::TRACE));
                self.0.lock().unwrap().push(format!("{level} {line}"));
            }
        }
    }

    #[test]
    fn the_level_changes_at_run_time_and_jni_stays_silent() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        set_sink(Some(Arc::new(Seen(Arc::clone(&seen)))));
        let say = |text: &str| tracing::info!(target: "logging_test", "{text}");
        say("before any level");
        set_level(Some(Level::INFO));
        say("at info");
        tracing::error!(target: "jni", "a thread is being detached");
        set_level(Some(Level::ERROR));
        say("below error");
        set_level(None);
        say("off");
        set_sink(None);
        set_level(Some(Level::INFO));
        say("nobody listens");
        assert_eq!(*seen.lock().unwrap(), ["INFO logging_test: at info"]);
    }
}
