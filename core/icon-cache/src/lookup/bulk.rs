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
            each(at, batch.answer(request));
        }
    }

    /// Reads what memory does not have, with the store's lock taken once.
    fn prefetch(&self, wants: &HashMap<&IconKey, Variants>) -> HashMap<IconKey, Prefetched> {
        let missing: Vec<(&IconKey, Variants)> = {
            let mut state = self.state();
            let missing = wants.iter().map(|(key, wants)| {
                let missing = state.memory.get(key, *wants).map_or(Some(*wants), |held| {
                    let label = held.label.text.is_none();
                    (label || !held.missing.is_empty()).then_some(held.missing)
                });
                (*key, missing)
            });
            missing.filter_map(|(key, missing)| Some((key, missing?))).collect()
        };
        let mut shelf = self.shelf();
        missing.into_iter().map(|(key, wants)| (key.clone(), shelf.read(key, wants))).collect()
    }
}

/// What several requests share: what the store said, and what is known of each key by now.
pub(super) struct Batch<'a> {
    cache: &'a IconCache,
    wants: HashMap<&'a IconKey, Variants>,
    prefetched: HashMap<IconKey, Prefetched>,
    known: HashMap<&'a IconKey, Known>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(cache: &'a IconCache, requests: &'a [Request]) -> Self {
        let mut wants: HashMap<&IconKey, Variants> = HashMap::new();
        for (key, request) in requests.iter().filter_map(|request| Some((request.key.as_ref()?, request))) {
            let all = wants.entry(key).or_default();
            *all = all.union(request.wants);
        }
        let prefetched = cache.prefetch(&wants);
        Self { cache, wants, prefetched, known: HashMap::new() }
    }

    /// What the store said of a key, as long as nothing else is known of it.
    pub(super) fn stored(&self, key: &IconKey) -> Option<&Prefetched> {
        self.prefetched.get(key)
    }

    /// The answer to one of the requests.
    pub(super) fn answer(&mut self, request: &'a Request) -> Icon {
        let Some(key) = &request.key else { return self.cache.answer(request, None) };
        let found = self.known.entry(key).or_insert_with(|| {
            let union = self.wants.get(key).copied().unwrap_or(request.wants);
            let widest = Request { wants: union, ..request.clone() };
            self.cache.known(key, &widest, self.prefetched.remove(key))
        });
        self.cache.finished(key, request, found.clone())
    }
}
