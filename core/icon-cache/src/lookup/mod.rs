//! Looking icons up: memory, store, provider, package, in this order (S2), from any thread.
//!
//! [`IconCache`] is a thin shell. What it decides stands in pure modules beside it: [`requests`] who waits and who works,
//! `merge` what an answer changes, `known` what an answer is, [`backoff`] and `epochs` when something is tried again or
//! has been overtaken, [`calls`] which call of the provider has taken too long.
//!
//! **Threads and locks.** Two locks: `state` (memory, requests; a look into tables) and `shelf` (the store; SQL). None is
//! taken while the other is held, and none is held while a provider, a listener or an unpacking runs; idle codecs have a lock
//! of their own, for a push or a pop. The cache starts no thread: callers lend it theirs with [`IconCache::work`] or
//! [`IconCache::run_worker`].
//!
//! Invariants: the provider is called at most once a look-up, and never twice at once for a key; what is stale is shown
//! while a new picture is drawn; what a provider does, however long, keeps back only those who wait for the same key, and
//! these no longer than [`Options::provider_ms_max`] (`hanging`).

mod answer;
pub mod backoff;
mod bulk;
pub mod calls;
mod epochs;
mod events;
mod hanging;
mod imports;
mod into;
mod jobs;
mod known;
mod merge;
mod provider;
pub mod requests;
mod resolve;
mod sessions;
mod shelf;
mod sync;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, Weak};

pub use answer::{Icon, Kind, ProfileKind, Request, Tier, Undrawn};
pub use backoff::Millis;
pub use events::{Install, SystemParts};
pub use into::{Place, Placed, place};
pub use jobs::{Executor, Handle, Listener};
pub use provider::{NoProvider, Pixels, Provider, ProviderError, Rendered, SharedProvider, Want};
pub use sessions::{Progress, Session};

use crate::health::{Counters, Health, Load};
use crate::key::{IconKey, PackageOf, ProfileSerial};
use crate::memory::Memory;
use crate::picture::Variants;
use crate::session::Plan;
use crate::store::{OpenOptions, Store};
use crate::validity::Tokens;
use backoff::Backoff;
use calls::Calls;
use epochs::Epochs;
use jobs::Jobs;
use known::Known;
use requests::Requests;
use shelf::Shelf;
use sync::{Condvar, Mutex, MutexGuard, ThreadId};

/// What tells the time; only ever forward.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// What opening a cache needs to know.
#[derive(Clone)]
pub struct Options {
    /// The store.
    pub store: OpenOptions,
    /// Bytes of memory.
    pub memory_bytes: u64,
    /// Rows that are written in one transaction.
    pub batch_rows_max: usize,
    /// How long a call of the provider may take, in milliseconds, before it is given up on.
    pub provider_ms_max: u64,
    /// The time, for pauses after failures and the time providers take.
    pub clock: Clock,
    /// Where listeners are called: the main thread's queue.
    pub executor: Executor,
}

impl Options {
    /// Icons of so many pixels, 16 MiB of memory, batches of 64 rows, ten seconds for each call of the provider: a hundred
    /// times what a slow icon takes.
    pub fn new(size_px: u32, clock: Clock, executor: Executor) -> Self {
        Self {
            store: OpenOptions::new(size_px),
            memory_bytes: 16 << 20,
            batch_rows_max: 64,
            provider_ms_max: 10_000,
            clock,
            executor,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { store, memory_bytes, batch_rows_max, provider_ms_max, .. } = self;
        write!(
            f,
            "Options({store:?}, {memory_bytes} bytes, batches of {batch_rows_max}, {provider_ms_max} ms a call)"
        )
    }
}

/// Where a flight leaves what it found, and what it was after.
type Slot = Arc<Mutex<Option<(Variants, Known)>>>;

/// The icon cache.
pub struct IconCache {
    /// For listeners, which are called later than anybody knows.
    me: Weak<IconCache>,
    provider: SharedProvider,
    clock: Clock,
    executor: Executor,
    state: Mutex<State>,
    /// Told when a flight ended, work came or the cache is closed.
    news: Condvar,
    /// Told when there is a call to watch, a worker was lost or the cache is closed.
    alarm: Condvar,
    shelf: Mutex<Shelf>,
    counters: Counters,
    codecs: into::Codecs,
}

/// What the `state` lock guards.
struct State {
    memory: Memory,
    requests: Requests<ThreadId>,
    /// What a running flight found, for those who wait for it on their own threads.
    slots: HashMap<IconKey, Slot>,
    jobs: Jobs,
    backoff: Backoff,
    calls: Calls,
    /// Workers whose calls were given up on and that nobody has replaced yet.
    lost_workers: usize,
    epochs: Epochs,
    /// What those whose look-up queued a refresh know to hold now: it is their word that makes what is known stale.
    expected: HashMap<IconKey, Tokens>,
    profiles: HashMap<ProfileSerial, ProfileKind>,
    installs: HashMap<PackageOf, Install>,
    session: Option<Plan>,
    /// Grows with every session and every change of size: an older session does nothing any more.
    session_number: u64,
    closed: bool,
}

impl IconCache {
    /// Opens a cache. Always gives one; how well it is, [`IconCache::health`] says.
    pub fn open(file: &Path, options: Options, provider: SharedProvider) -> Arc<Self> {
        let store = Store::open(file, options.store);
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            provider,
            clock: options.clock,
            executor: options.executor,
            state: Mutex::new(State {
                memory: Memory::new(options.memory_bytes),
                requests: Requests::default(),
                slots: HashMap::new(),
                jobs: Jobs::default(),
                backoff: Backoff::default(),
                calls: Calls::new(options.provider_ms_max),
                lost_workers: 0,
                epochs: Epochs::default(),
                expected: HashMap::new(),
                profiles: HashMap::new(),
                installs: HashMap::new(),
                session: None,
                session_number: 0,
                closed: false,
            }),
            news: Condvar::new(),
            alarm: Condvar::new(),
            shelf: Mutex::new(Shelf::new(store, options.batch_rows_max.max(1))),
            counters: Counters::default(),
            codecs: into::Codecs::default(),
        })
    }

    /// Looks an icon up on this thread. A provider may be called; if another thread is drawing the same icon, its
    /// result is waited for.
    pub fn get(&self, request: &Request) -> Icon {
        self.answer(request, None)
    }

    /// What is known of an icon without asking the provider, the store or anybody: for the thread that draws.
    pub fn peek(&self, request: &Request) -> Option<Icon> {
        let key = request.key.as_ref()?;
        let mut state = self.state();
        let known = Known::of_memory(state.memory.get(key, request.wants)?);
        known.answers(request.wants).then(|| known.icon(request, state.profiles.get(&key.profile).copied()))
    }

    /// Says whose pictures stay in memory longest: the first screen and the hotseat, the most important first.
    pub fn pin(&self, keys: &[IconKey]) {
        self.state().memory.pin(keys);
    }

    /// Gives memory back, and looks whether the store takes writes again.
    pub fn trim(&self, level: crate::memory::TrimLevel) {
        self.state().memory.trim(level);
        self.codecs.clear();
        self.flush();
    }

    /// Writes what waits to be written; after a failure, tries again. For the background, and after a trim.
    pub fn flush(&self) {
        let mut shelf = self.shelf();
        shelf.store.recover();
        shelf.flush();
    }

    /// Counters and figures.
    pub fn health(&self) -> Health {
        let (usage, load) = {
            let State { memory, requests, calls, .. } = &*self.state();
            let (queued, waiting, hanging) = (requests.queued(), requests.waiting(), calls.hanging());
            (memory.usage(), Load { queued, waiting, hanging })
        };
        let shelf = self.shelf();
        Health::of(&self.counters, usage, &shelf.store, load)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that can panic runs under the lock, so what a panic elsewhere left is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Millis {
        (self.clock)()
    }
}

impl fmt::Debug for IconCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IconCache({:?})", self.state().memory.usage())
    }
}

impl Drop for IconCache {
    fn drop(&mut self) {
        self.shelf().flush();
    }
}
