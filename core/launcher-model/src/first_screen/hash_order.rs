//! The order in which Java's `HashSet` gives strings back.
//!
//! The plain broadcasts list packages in that order, and so do their receivers see them. The table doubles when it is more
//! than three quarters full; a bucket keeps the order of insertion. Buckets of nine and more, which Java turns into trees,
//! are not treated apart: a tree keeps that order too.

use crate::intent::java_hash;

/// Sorts distinct strings, given in order of insertion, into the order of a `HashSet` of them.
pub(super) fn sort<T: AsRef<str>>(strings: &mut [T]) {
    let mut buckets: usize = 16;
    while strings.len() > buckets / 4 * 3 {
        buckets = buckets.saturating_mul(2);
    }
    strings.sort_by_cached_key(|text| {
        let hash = java_hash(text.as_ref()) as u32;
        (hash ^ (hash >> 16)) as usize & (buckets - 1)
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn orders_by_bucket() {
        // "Aa" and "BB" have one hash: the order of insertion decides. "a" is 97, bucket 1 of 16.
        let mut strings = ["BB", "q", "a", "Aa"];
        super::sort(&mut strings);
        assert_eq!(strings, ["BB", "Aa", "q", "a"]);
    }
}
