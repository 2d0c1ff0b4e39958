//! Many look-ups in one go (S5): the same answers as one by one, with one pass over the store.

use std::collections::HashMap;

use super::IconCache;
use super::answer::{Icon, Request};
use super::known::Known;
use super::resolve::Prefetched;
use crate::key::IconKey;
use crate::picture::Variants;

impl IconCache {
    /// Looks icons up, in the order of the requests.
    pub fn get_all(&self, requests: &[Request]) -> Vec<Icon> {
        let mut icons = Vec::with_capacity(requests.len());
        self.get_each(requests, |_, icon| icons.push(icon));
        icons
    }

    /// Looks icons up and hands each out as soon as it is there, in the order of the requests: the first screen first.
    /// Requests for the same icon share its unpacking and its provider call.
    pub fn get_each(&self, requests: &[Request], mut each: impl FnMut(usize, Icon)) {
        let mut batch = Batch::new(self, requests);
        for (at, request) in requests.iter().enumerate() {
            batch.look_ahead(at);
            each(at, batch.answer(request, None));
        }
    }

    /// Reads what memory does not have, with the store's lock taken once.
    fn prefetch<'a>(&self, wanted: &[(&'a IconKey, Variants)], found: &mut HashMap<&'a IconKey, Prefetched>) {
        let missing: Vec<(&IconKey, Variants)> = {
            let mut state = self.state();
            let missing = wanted.iter().map(|(key, wants)| {
                let missing = state.memory.get(key, *wants).map_or(Some(*wants), |held| {
                    let label = held.label.text.is_none();
                    (label || !held.missing.is_empty()).then_some(held.missing)
                });
                (*key, missing)
            });
            missing.filter_map(|(key, missing)| Some((key, missing?))).collect()
        };
        if !missing.is_empty() {
            let mut shelf = self.shelf();
            found.extend(missing.into_iter().map(|(key, wants)| (key, shelf.read(key, wants))));
        }
    }
}

/// Requests that are read from the store at once. Their packed pictures are unpacked while the processor has them near,
/// and a drawer does not lie in memory twice.
const WINDOW: usize = 32;

/// What is asked of a key in the whole batch.
#[derive(Default)]
struct Wanted {
    variants: Variants,
    /// Requests that have not been answered.
    left: usize,
    /// Whether the store was asked, or need not be.
    is_read: bool,
}

/// What several requests share: what the store said, and what is known of each key by now.
pub(super) struct Batch<'a> {
    cache: &'a IconCache,
    requests: &'a [Request],
    wanted: HashMap<&'a IconKey, Wanted>,
    prefetched: HashMap<&'a IconKey, Prefetched>,
    known: HashMap<&'a IconKey, Known>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(cache: &'a IconCache, requests: &'a [Request]) -> Self {
        let mut wanted: HashMap<&IconKey, Wanted> = HashMap::with_capacity(requests.len());
        for (key, request) in requests.iter().filter_map(|request| Some((request.key.as_ref()?, request))) {
            let all = wanted.entry(key).or_default();
            all.variants = all.variants.union(request.wants);
            all.left += 1;
        }
        Self { cache, requests, wanted, prefetched: HashMap::new(), known: HashMap::new() }
    }

    /// Request `at` is the next: every so often, what it and those behind it need is read from the store, in their order.
    pub(super) fn look_ahead(&mut self, at: usize) {
        if !at.is_multiple_of(WINDOW) {
            return;
        }
        let mut keys: Vec<(&IconKey, Variants)> = Vec::with_capacity(WINDOW);
        for key in self.requests.iter().skip(at).take(WINDOW).filter_map(|request| request.key.as_ref()) {
            if let Some(wanted) = self.wanted.get_mut(key).filter(|wanted| !wanted.is_read) {
                wanted.is_read = true;
                keys.push((key, wanted.variants));
            }
        }
        self.cache.prefetch(&keys, &mut self.prefetched);
    }

    /// What the store said of a request's key, as long as nothing else is known of it.
    pub(super) fn stored(&mut self, request: &Request) -> Option<Prefetched> {
        let key = request.key.as_ref()?;
        let wanted = self.wanted.get_mut(key)?;
        wanted.left = wanted.left.saturating_sub(1);
        if wanted.left == 0 { self.prefetched.remove(key) } else { self.prefetched.get(key).cloned() }
    }

    /// The answer to one of the requests; `stored` is what the store said of it, where that was taken out already.
    pub(super) fn answer(&mut self, request: &'a Request, stored: Option<Prefetched>) -> Icon {
        let Some(key) = &request.key else { return self.cache.answer(request, None) };
        let found = self.known.entry(key).or_insert_with(|| {
            let union = self.wanted.get(key).map_or(request.wants, |wanted| wanted.variants);
            let widest = Request { wants: union, ..request.clone() };
            let ahead = self.prefetched.remove(key);
            self.cache.known(key, &widest, stored.or(ahead))
        });
        self.cache.finished(key, request, found.clone())
    }
}
