//! Java's sort for objects (`TimSort`), comparison by comparison.
//!
//! Only a comparator that contradicts itself makes a difference between sorts that are both stable, and the app list
//! has such a comparator (MORE P2): which of two entries comes first depends on which pair the sort compares. So runs,
//! merges and galloping are the same here, and so is the sequence of calls. Java gives up on some contradictions
//! with an exception; here every element stays and the order is as good as any.
//!
//! Invariants: the result is a permutation of the input whatever the comparator says; O(n log n) comparisons.

use std::cmp::Ordering;

/// Shorter arrays are sorted by insertion alone.
const MIN_MERGE: usize = 32;
/// Wins in a row after which a merge starts to gallop.
const MIN_GALLOP: usize = 7;

/// Sorts in place.
pub(super) fn sort(items: &mut [usize], compare: &mut dyn FnMut(&usize, &usize) -> Ordering) {
    let total = items.len();
    if total < 2 {
        return;
    }
    let mut sorter = Sorter { compare, min_gallop: MIN_GALLOP };
    if total < MIN_MERGE {
        let run = sorter.count_run(items);
        sorter.insert_rest(items, run);
        return;
    }
    let min_run = min_run_length(total);
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut at = 0;
    while let Some(rest) = items.get_mut(at..).filter(|rest| !rest.is_empty()) {
        let mut length = sorter.count_run(rest);
        if length < min_run {
            let forced = min_run.min(rest.len());
            if let Some(run) = rest.get_mut(..forced) {
                sorter.insert_rest(run, length);
            }
            length = forced;
        }
        runs.push(rest.get(..length).unwrap_or_default().to_vec());
        sorter.collapse(&mut runs);
        at += length;
    }
    sorter.collapse_all(&mut runs);
    for (target, item) in items.iter_mut().zip(runs.into_iter().flatten()) {
        *target = item;
    }
}

fn min_run_length(mut total: usize) -> usize {
    let mut odd = 0;
    while total >= MIN_MERGE {
        odd |= total & 1;
        total >>= 1;
    }
    total + odd
}

struct Sorter<'a> {
    compare: &'a mut dyn FnMut(&usize, &usize) -> Ordering,
    min_gallop: usize,
}

impl Sorter<'_> {
    fn less(&mut self, a: usize, b: usize) -> bool {
        (self.compare)(&a, &b) == Ordering::Less
    }

    fn greater(&mut self, a: usize, b: usize) -> bool {
        (self.compare)(&a, &b) == Ordering::Greater
    }

    /// Length of the run at the start; a strictly falling one is turned round.
    fn count_run(&mut self, items: &mut [usize]) -> usize {
        let (Some(&first), Some(&second)) = (items.first(), items.get(1)) else { return items.len() };
        let falling = self.less(second, first);
        let mut length = 2;
        while let (Some(&before), Some(&next)) = (items.get(length - 1), items.get(length)) {
            if self.less(next, before) != falling {
                break;
            }
            length += 1;
        }
        if falling && let Some(run) = items.get_mut(..length) {
            run.reverse();
        }
        length
    }

    /// Inserts everything behind the sorted start.
    fn insert_rest(&mut self, items: &mut [usize], sorted: usize) {
        for start in sorted..items.len() {
            let Some(&pivot) = items.get(start) else { return };
            let (mut left, mut right) = (0, start);
            while left < right {
                let middle = usize::midpoint(left, right);
                match items.get(middle) {
                    Some(&item) if self.less(pivot, item) => right = middle,
                    _ => left = middle + 1,
                }
            }
            if let Some(moved) = items.get_mut(left..=start) {
                moved.rotate_right(1);
            }
        }
    }

    fn collapse(&mut self, runs: &mut Vec<Vec<usize>>) {
        while runs.len() > 1 {
            let mut n = runs.len() - 2;
            let length = |back: usize| n.checked_sub(back).and_then(|at| runs.get(at)).map(Vec::len);
            let (this, next) = (length(0).unwrap_or(0), runs.get(n + 1).map_or(0, Vec::len));
            let before = length(1);
            let grown = before.is_some_and(|before| before <= this + next)
                || length(2).is_some_and(|earlier| before.is_some_and(|before| earlier <= this + before));
            if grown {
                if before.is_some_and(|before| before < next) {
                    n -= 1;
                }
            } else if this > next {
                return;
            }
            self.merge_at(runs, n);
        }
    }

    fn collapse_all(&mut self, runs: &mut Vec<Vec<usize>>) {
        while runs.len() > 1 {
            let mut n = runs.len() - 2;
            let before = n.checked_sub(1).and_then(|at| runs.get(at)).map(Vec::len);
            if before.is_some_and(|before| before < runs.get(n + 1).map_or(0, Vec::len)) {
                n -= 1;
            }
            self.merge_at(runs, n);
        }
    }

    fn merge_at(&mut self, runs: &mut Vec<Vec<usize>>, n: usize) {
        if n + 1 >= runs.len() {
            return;
        }
        let second = runs.remove(n + 1);
        let Some(slot) = runs.get_mut(n) else { return };
        let first = std::mem::take(slot);
        *slot = self.merge(&first, &second);
    }

    fn merge(&mut self, first: &[usize], second: &[usize]) -> Vec<usize> {
        self.min_gallop = self.min_gallop.max(1);
        let mut out = Vec::with_capacity(first.len() + second.len());
        let (Some(&lowest), Some(&highest)) = (second.first(), first.last()) else {
            out.extend(first.iter().chain(second));
            return out;
        };
        let settled = self.gallop_right(lowest, first, 0);
        let (head, first) = first.split_at_checked(settled).unwrap_or((first, &[]));
        out.extend(head);
        if first.is_empty() {
            out.extend(second);
            return out;
        }
        let open = self.gallop_left(highest, second, second.len() - 1);
        let (second, tail) = second.split_at_checked(open).unwrap_or((second, &[]));
        if second.is_empty() {
            out.extend(first.iter().chain(tail));
            return out;
        }
        if first.len() <= second.len() {
            self.merge_low(first, second, &mut out);
        } else {
            let start = out.len();
            self.merge_high(first, second, &mut out);
            if let Some(reversed) = out.get_mut(start..) {
                reversed.reverse();
            }
        }
        out.extend(tail);
        out
    }

    /// Merges from the low end; the first run is the shorter one.
    fn merge_low(&mut self, mut first: &[usize], mut second: &[usize], out: &mut Vec<usize>) {
        take_first(&mut second, out);
        if !second.is_empty() && first.len() > 1 {
            self.merge_low_loop(&mut first, &mut second, out);
        }
        if first.len() == 1 {
            out.extend(second);
            out.extend(first);
        } else {
            // Without contradictions one of them is empty.
            out.extend(first);
            out.extend(second);
        }
    }

    fn merge_low_loop(&mut self, first: &mut &[usize], second: &mut &[usize], out: &mut Vec<usize>) {
        loop {
            let (mut won_first, mut won_second) = (0, 0);
            while (won_first | won_second) < self.min_gallop {
                let (Some(&a), Some(&b)) = (first.first(), second.first()) else { return };
                if self.less(b, a) {
                    take_first(second, out);
                    (won_first, won_second) = (0, won_second + 1);
                    if second.is_empty() {
                        return;
                    }
                } else {
                    take_first(first, out);
                    (won_first, won_second) = (won_first + 1, 0);
                    if first.len() == 1 {
                        return;
                    }
                }
            }
            loop {
                let Some(&b) = second.first() else { return };
                won_first = self.gallop_right(b, first, 0);
                take_many(first, won_first, out);
                if won_first != 0 && first.len() <= 1 {
                    return;
                }
                take_first(second, out);
                if second.is_empty() {
                    return;
                }
                let Some(&a) = first.first() else { return };
                won_second = self.gallop_left(a, second, 0);
                take_many(second, won_second, out);
                if won_second != 0 && second.is_empty() {
                    return;
                }
                take_first(first, out);
                if first.len() == 1 {
                    return;
                }
                self.min_gallop = self.min_gallop.saturating_sub(1);
                if won_first < MIN_GALLOP && won_second < MIN_GALLOP {
                    break;
                }
            }
            self.min_gallop += 2;
        }
    }

    /// Merges from the high end into `out`, highest first; the second run is the shorter one.
    fn merge_high(&mut self, mut first: &[usize], mut second: &[usize], out: &mut Vec<usize>) {
        take_last(&mut first, out);
        if !first.is_empty() && second.len() > 1 {
            self.merge_high_loop(&mut first, &mut second, out);
        }
        if second.len() == 1 {
            out.extend(first.iter().rev());
            out.extend(second);
        } else {
            out.extend(second.iter().rev());
            out.extend(first.iter().rev());
        }
    }

    fn merge_high_loop(&mut self, first: &mut &[usize], second: &mut &[usize], out: &mut Vec<usize>) {
        loop {
            let (mut won_first, mut won_second) = (0, 0);
            while (won_first | won_second) < self.min_gallop {
                let (Some(&a), Some(&b)) = (first.last(), second.last()) else { return };
                if self.less(b, a) {
                    take_last(first, out);
                    (won_first, won_second) = (won_first + 1, 0);
                    if first.is_empty() {
                        return;
                    }
                } else {
                    take_last(second, out);
                    (won_first, won_second) = (0, won_second + 1);
                    if second.len() == 1 {
                        return;
                    }
                }
            }
            loop {
                let Some(&b) = second.last() else { return };
                won_first = first.len() - self.gallop_right(b, first, first.len().saturating_sub(1));
                for _ in 0..won_first {
                    take_last(first, out);
                }
                if won_first != 0 && first.is_empty() {
                    return;
                }
                take_last(second, out);
                if second.len() == 1 {
                    return;
                }
                let Some(&a) = first.last() else { return };
                won_second = second.len() - self.gallop_left(a, second, second.len().saturating_sub(1));
                for _ in 0..won_second {
                    take_last(second, out);
                }
                if won_second != 0 && second.len() <= 1 {
                    return;
                }
                take_last(first, out);
                if first.is_empty() {
                    return;
                }
                self.min_gallop = self.min_gallop.saturating_sub(1);
                if won_first < MIN_GALLOP && won_second < MIN_GALLOP {
                    break;
                }
            }
            self.min_gallop += 2;
        }
    }

    /// Where `key` belongs in the sorted items, before its equals; the search spreads from `hint`.
    fn gallop_left(&mut self, key: usize, items: &[usize], hint: usize) -> usize {
        let greater =
            |sorter: &mut Self, at: usize| items.get(at).is_some_and(|item| sorter.greater(key, *item));
        let (mut low, mut high);
        if greater(self, hint) {
            let most = items.len() - hint;
            let (last, offset) = spread(most, |offset| greater(self, hint + offset));
            (low, high) = (hint + last + 1, hint + offset);
        } else {
            let (last, offset) = spread(hint + 1, |offset| !greater(self, hint - offset));
            (low, high) = ((hint + 1) - offset, hint - last);
        }
        while low < high {
            let middle = low + ((high - low) >> 1);
            if greater(self, middle) { low = middle + 1 } else { high = middle }
        }
        high
    }

    /// Where `key` belongs in the sorted items, behind its equals; the search spreads from `hint`.
    fn gallop_right(&mut self, key: usize, items: &[usize], hint: usize) -> usize {
        let less = |sorter: &mut Self, at: usize| items.get(at).is_some_and(|item| sorter.less(key, *item));
        let (mut low, mut high);
        if less(self, hint) {
            let (last, offset) = spread(hint + 1, |offset| less(self, hint - offset));
            (low, high) = ((hint + 1) - offset, hint - last);
        } else {
            let most = items.len().saturating_sub(hint);
            let (last, offset) = spread(most, |offset| !less(self, hint + offset));
            (low, high) = (hint + last + 1, hint + offset);
        }
        while low < high {
            let middle = low + ((high - low) >> 1);
            if less(self, middle) { high = middle } else { low = middle + 1 }
        }
        high
    }
}

/// Doubles the step while `goes_on`: the last offset that went on and the first that did not, at most `most`.
fn spread(most: usize, mut goes_on: impl FnMut(usize) -> bool) -> (usize, usize) {
    let (mut last, mut offset) = (0, 1);
    while offset < most && goes_on(offset) {
        last = offset;
        offset = (offset << 1) + 1;
    }
    (last, offset.min(most))
}

fn take_first(from: &mut &[usize], out: &mut Vec<usize>) {
    take_many(from, 1, out);
}

fn take_many(from: &mut &[usize], count: usize, out: &mut Vec<usize>) {
    let (taken, rest) = from.split_at_checked(count).unwrap_or((from, &[]));
    out.extend(taken);
    *from = rest;
}

fn take_last(from: &mut &[usize], out: &mut Vec<usize>) {
    if let Some((last, rest)) = from.split_last() {
        out.push(*last);
        *from = rest;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_sane_comparator_gives_the_stable_order(keys in prop::collection::vec(0u8..40, 0..400)) {
            let mut actual: Vec<usize> = (0..keys.len()).collect();
            sort(&mut actual, &mut |a, b| keys[*a].cmp(&keys[*b]));
            let mut expected: Vec<usize> = (0..keys.len()).collect();
            expected.sort_by_key(|at| keys[*at]);
            prop_assert_eq!(actual, expected);
        }

        /// Long runs that interleave make merges gallop both ways.
        #[test]
        fn galloping_keeps_the_stable_order(
            runs in prop::collection::vec((0u16..500, 1u16..4, 1usize..120), 1..8),
        ) {
            let keys: Vec<u16> =
                runs.iter().flat_map(|(from, step, length)| (0..*length).map(move |i| from + step * i as u16)).collect();
            let mut actual: Vec<usize> = (0..keys.len()).collect();
            sort(&mut actual, &mut |a, b| keys[*a].cmp(&keys[*b]));
            let mut expected: Vec<usize> = (0..keys.len()).collect();
            expected.sort_by_key(|at| keys[*at]);
            prop_assert_eq!(actual, expected);
        }

        #[test]
        fn a_mad_comparator_loses_nothing(length in 0usize..300, seed: u64) {
            let mut state = seed | 1;
            let mut actual: Vec<usize> = (0..length).collect();
            sort(&mut actual, &mut |_, _| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state % 3).cmp(&1)
            });
            actual.sort_unstable();
            prop_assert_eq!(actual, (0..length).collect::<Vec<_>>());
        }
    }
}
