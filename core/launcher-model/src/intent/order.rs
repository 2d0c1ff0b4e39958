//! Maps in the order that Android prints them: ascending signed Java hash of the key, equal hashes as inserted.
//!
//! Android keeps extras and categories in array-backed maps sorted by `String.hashCode()`. The order is visible in the
//! text of an intent, so it is part of an item's identity (A.8).

use std::collections::HashMap;

use super::Text;

/// Java's `String.hashCode()` of a text: over its UTF-16 units, modulo 2^32, signed.
///
/// ```
/// # use ferrule_launcher_model::intent::java_hash;
/// assert_eq!(java_hash("Aa"), java_hash("BB"));
/// ```
pub fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// A map of texts in Android's order. Equality compares the entries whatever their order among equal hashes.
///
/// Hashes are not kept: nearly every map here has one entry or none, which needs no hash at all.
#[derive(Debug, Clone)]
pub struct HashOrdered<V> {
    entries: Vec<(Text, V)>,
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
    pub fn from_pairs(pairs: Vec<(Text, V)>) -> Self {
        if pairs.len() < 2 {
            return Self { entries: pairs };
        }
        let mut entries: Vec<(Text, V)> = Vec::with_capacity(pairs.len());
        if pairs.len() <= SMALL {
            let mut map = Self { entries };
            for (key, value) in pairs {
                map.insert(key, value);
            }
            return map;
        }
        let mut place: HashMap<Text, usize> = HashMap::with_capacity(pairs.len());
        for (key, value) in pairs {
            if let Some(entry) = place.get(&key).and_then(|at| entries.get_mut(*at)) {
                entry.1 = value;
            } else {
                place.insert(key.clone(), entries.len());
                entries.push((key, value));
            }
        }
        entries.sort_by_cached_key(|(key, _)| java_hash(key)); // stable: equal hashes stay as inserted
        Self { entries }
    }

    /// Puts a value; an existing key keeps its place. Returns the value that was there. O(n).
    pub fn insert(&mut self, key: impl Into<Text>, value: V) -> Option<V> {
        let key = key.into();
        if let Some((_, old)) = self.entries.iter_mut().find(|(there, _)| *there == key) {
            return Some(std::mem::replace(old, value));
        }
        let place = match self.entries.is_empty() {
            true => 0,
            false => {
                let hash = java_hash(&key);
                self.entries.partition_point(|(there, _)| java_hash(there) <= hash)
            }
        };
        self.entries.insert(place, (key, value));
        None
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        let start = match self.entries.len() <= SMALL {
            true => 0,
            false => {
                let hash = java_hash(key);
                self.entries.partition_point(|(there, _)| java_hash(there) < hash)
            }
        };
        self.entries.iter().skip(start).find(|(there, _)| *there == key).map(|(_, value)| value)
    }

    /// Takes a key out, with its value.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        let place = self.entries.iter().position(|(there, _)| *there == key)?;
        Some(self.entries.remove(place).1)
    }

    /// Whether the key is there.
    pub fn contains(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Keys and values in Android's order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The keys in Android's order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.as_str())
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

/// Up to this many entries a scan beats a table or a search by hash.
const SMALL: usize = 16;

#[cfg(test)]
mod tests {
    use smol_str::format_smolstr;

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
        let pairs: Vec<(Text, u32)> = (0..200_u32)
            .map(|n| (format_smolstr!("{}{}", if n % 2 == 0 { "Aa" } else { "BB" }, n % 37), n))
            .collect();
        let mut one_by_one = HashOrdered::new();
        for (key, value) in pairs.clone() {
            one_by_one.insert(key, value);
        }
        let at_once = HashOrdered::from_pairs(pairs);
        assert_eq!(at_once.iter().collect::<Vec<_>>(), one_by_one.iter().collect::<Vec<_>>());
    }
}
