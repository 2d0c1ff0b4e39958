//! Maps in the order that Android prints them: ascending signed Java hash of the key, equal hashes as inserted.
//!
//! Android keeps extras and categories in array-backed maps sorted by `String.hashCode()`. The order is visible in the
//! text of an intent, so it is part of an item's identity (A.8).

use std::collections::HashMap;

/// Java's `String.hashCode()` of a text: over its UTF-16 units, modulo 2^32, signed.
///
/// ```
/// # use ferrule_launcher_model::intent::java_hash;
/// assert_eq!(java_hash("Aa"), java_hash("BB"));
/// ```
pub fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// One entry with the hash of its key.
#[derive(Debug, Clone, PartialEq)]
struct Entry<V> {
    hash: i32,
    key: String,
    value: V,
}

/// A map of texts in Android's order. Equality compares the entries whatever their order among equal hashes.
#[derive(Debug, Clone)]
pub struct HashOrdered<V> {
    entries: Vec<Entry<V>>,
}

impl<V> Default for HashOrdered<V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<V> HashOrdered<V> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The map that results from putting the pairs in one after the other, in O(n log n).
    pub fn from_pairs(pairs: Vec<(String, V)>) -> Self {
        let mut entries: Vec<Entry<V>> = Vec::with_capacity(pairs.len());
        if pairs.len() <= SMALL {
            let mut map = Self { entries };
            for (key, value) in pairs {
                map.insert(key, value);
            }
            return map;
        }
        let mut place: HashMap<String, usize> = HashMap::with_capacity(pairs.len());
        for (key, value) in pairs {
            if let Some(entry) = place.get(&key).and_then(|at| entries.get_mut(*at)) {
                entry.value = value;
            } else {
                place.insert(key.clone(), entries.len());
                entries.push(Entry { hash: java_hash(&key), key, value });
            }
        }
        entries.sort_by_key(|entry| entry.hash); // stable: equal hashes stay as inserted
        Self { entries }
    }

    /// Puts a value; an existing key keeps its place. Returns the value that was there. O(n).
    pub fn insert(&mut self, key: impl Into<String>, value: V) -> Option<V> {
        let key = key.into();
        let hash = java_hash(&key);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.hash == hash && entry.key == key) {
            return Some(std::mem::replace(&mut entry.value, value));
        }
        let place = self.entries.partition_point(|entry| entry.hash <= hash);
        self.entries.insert(place, Entry { hash, key, value });
        None
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        if self.entries.is_empty() {
            return None;
        }
        let hash = java_hash(key);
        let start = self.entries.partition_point(|entry| entry.hash < hash);
        let same_hash = self.entries.iter().skip(start).take_while(|entry| entry.hash == hash);
        same_hash.into_iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Takes a key out, with its value.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let place = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(place).value)
    }

    /// Whether the key is there.
    pub fn contains(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Keys and values in Android's order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.entries.iter().map(|entry| (entry.key.as_str(), &entry.value))
    }

    /// The keys in Android's order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|entry| entry.key.as_str())
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<V: PartialEq> PartialEq for HashOrdered<V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<V: Eq> Eq for HashOrdered<V> {}

/// Up to this many pairs a scan beats a table.
const SMALL: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_signed_hash_then_insertion() {
        let mut map = HashOrdered::new();
        for key in ["b", "BB", "Aa", "zzzzzz"] {
            map.insert(key, ());
        }
        assert!(java_hash("zzzzzz") < 0);
        assert_eq!(map.keys().collect::<Vec<_>>(), ["zzzzzz", "b", "BB", "Aa"]);
    }

    #[test]
    fn many_pairs_give_what_single_inserts_give() {
        let pairs: Vec<(String, u32)> = (0..200_u32)
            .map(|n| (format!("{}{}", if n % 2 == 0 { "Aa" } else { "BB" }, n % 37), n))
            .collect();
        let mut one_by_one = HashOrdered::new();
        for (key, value) in pairs.clone() {
            one_by_one.insert(key, value);
        }
        let at_once = HashOrdered::from_pairs(pairs);
        assert_eq!(at_once.iter().collect::<Vec<_>>(), one_by_one.iter().collect::<Vec<_>>());
    }
}
