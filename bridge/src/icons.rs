//! An open icon cache from one end to the other: what both surfaces share.
//!
//! What it is: the core's cache with the clock of the process, opened and closed. What it is not: it knows no JNI, no
//! UniFFI and no rule; the core decides, draws nothing and starts no thread.
//!
//! Invariants: a cache that is dropped has let its workers go, ended every request and closed its file; a task runs once.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use ferrule_icon_cache::lookup::{Executor, IconCache, Millis, Options, SharedProvider};
use ferrule_icon_cache::picture::SIDE_MAX;

use crate::error::BridgeError;

/// What opening needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IconOptions {
    /// The side of the icons, in pixels, 1 to 1,024.
    pub size_px: i32,
    /// The budget of memory, in bytes.
    pub memory_bytes: i64,
    /// How long a call of the provider may take before it is given up on, in milliseconds, from 1.
    pub provider_ms_max: i64,
}

/// An open icon cache.
#[derive(Debug)]
pub struct Icons {
    cache: Arc<IconCache>,
}

impl Icons {
    /// Opens a cache. A file that cannot be used is no failure: the cache then keeps icons in memory, and its health says
    /// why.
    ///
    /// # Errors
    /// `FFI_ARGUMENT_INVALID`: a side, a budget or a time outside its range.
    pub fn open(
        file: &Path,
        options: IconOptions,
        provider: SharedProvider,
        executor: Executor,
    ) -> Result<Self, BridgeError> {
        let IconOptions { size_px, memory_bytes, provider_ms_max } = options;
        let side = side(size_px)?;
        let budget = u64::try_from(memory_bytes).ok();
        let budget = budget.ok_or(BridgeError::Argument { what: "memory budget", value: memory_bytes })?;
        let ms_max = u64::try_from(provider_ms_max).ok().filter(|ms_max| *ms_max > 0);
        let ms_max =
            ms_max.ok_or(BridgeError::Argument { what: "time of a provider", value: provider_ms_max })?;
        let started = Instant::now();
        let clock =
            Arc::new(move || Millis(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)));
        let mut opening = Options::new(side, clock, executor);
        opening.memory_bytes = budget;
        opening.provider_ms_max = ms_max;
        let cache = IconCache::open(file, opening, provider);
        let health = cache.health();
        tracing::info!(target: "ferrule::icons", condition = ?health.condition, error = health.last_error, "opened");
        Ok(Self { cache })
    }

    /// The core's cache.
    pub fn cache(&self) -> &Arc<IconCache> {
        &self.cache
    }
}

impl Drop for Icons {
    fn drop(&mut self) {
        self.cache.close();
    }
}

/// The side of icons, checked.
///
/// # Errors
/// `FFI_ARGUMENT_INVALID`.
pub fn side(size_px: i32) -> Result<u32, BridgeError> {
    let side = u32::try_from(size_px).ok().filter(|side| (1..=SIDE_MAX).contains(side));
    side.ok_or(BridgeError::Argument { what: "side of icons", value: size_px.into() })
}

/// Something that the delivery thread has to run, once.
pub struct Task(Mutex<Option<Box<dyn FnOnce() + Send>>>);

impl Task {
    /// Not run yet.
    pub fn new(work: Box<dyn FnOnce() + Send>) -> Self {
        Self(Mutex::new(Some(work)))
    }

    /// Runs it, the first time; whether this was it.
    pub fn run(&self) -> bool {
        let work = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        work.map(|work| work()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use ferrule_icon_cache::lookup::NoProvider;

    use super::*;

    fn open(folder: &Path, size_px: i32, memory_bytes: i64) -> Result<Icons, BridgeError> {
        open_with(folder, IconOptions { size_px, memory_bytes, provider_ms_max: 1 })
    }

    fn open_with(folder: &Path, options: IconOptions) -> Result<Icons, BridgeError> {
        Icons::open(&folder.join("icons.db"), options, Arc::new(NoProvider), Arc::new(|task| task()))
    }

    #[test]
    fn sides_budgets_and_times_have_ranges() {
        let folder = tempfile::tempdir().unwrap();
        for (size, bytes) in [(0, 1), (-1, 1), (1025, 1), (i32::MIN, 1), (192, -1)] {
            assert_eq!(
                open(folder.path(), size, bytes).unwrap_err().code(),
                "FFI_ARGUMENT_INVALID",
                "{size} {bytes}"
            );
        }
        open(folder.path(), 1024, 0).unwrap();
        for provider_ms_max in [0, -1, i64::MIN] {
            let options = IconOptions { size_px: 8, memory_bytes: 0, provider_ms_max };
            assert_eq!(open_with(folder.path(), options).unwrap_err().code(), "FFI_ARGUMENT_INVALID");
        }
    }

    #[test]
    fn a_dropped_cache_leaves_its_file_free_though_somebody_is_at_work_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let icons = open(folder.path(), 192, 1 << 20).unwrap();
        let at_work = Arc::clone(icons.cache());
        drop(icons);
        let again = open(folder.path(), 192, 1 << 20).unwrap();
        assert_eq!(again.cache().health().last_error, None);
        assert!(at_work.health().json().contains("memory_only"));
    }

    #[test]
    fn a_task_runs_once() {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let task = Task::new(Box::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        }));
        assert_eq!((task.run(), task.run(), runs.load(Ordering::Relaxed)), (true, false, 1));
    }
}
