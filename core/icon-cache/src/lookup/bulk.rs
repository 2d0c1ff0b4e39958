//! Many look-ups in one go (S5): the same answers as one by one, with one pass over the store.

use std::collections::HashMap;

use super::IconCache;
use super::answer::{Icon, Request};
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
        let mut wants: HashMap<&IconKey, Variants> = HashMap::new();
        for (key, request) in requests.iter().filter_map(|request| Some((request.key.as_ref()?, request))) {
            let all = wants.entry(key).or_default();
            *all = all.union(request.wants);
        }
        let mut prefetched = self.prefetch(&wants);
        let mut known = HashMap::new();
        for (at, request) in requests.iter().enumerate() {
            let icon = match &request.key {
                None => self.answer(request, None),
                Some(key) => {
                    let found = known.entry(key).or_insert_with(|| {
                        let union = wants.get(key).copied().unwrap_or(request.wants);
                        let widest = Request { wants: union, ..request.clone() };
                        self.known(key, &widest, prefetched.remove(key))
                    });
                    self.finished(key, request, found.clone())
                }
            };
            each(at, icon);
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
