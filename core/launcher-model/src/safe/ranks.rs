//! The order inside collections (LM-I4, B.2.11): children of a folder count 0..n−1, in memory and in the database.
//!
//! Held and opaque children keep their turn, so that an item that comes back stands where it was. Members of a pair stay by
//! id (C10), and their stored rank, which is the split, is not touched.

use std::collections::BTreeMap;

use super::outcome::Seat;
use super::subject::{Class, Home, Subject};
use crate::compat::model::ItemId;

/// Seats everything that lies in a collection; what each contains, in order.
pub(super) fn seat_contents(
    subjects: &[Subject<'_>],
    seats: &mut [Option<Seat>],
) -> BTreeMap<ItemId, Vec<ItemId>> {
    let mut children: BTreeMap<usize, Vec<(usize, &Subject<'_>)>> = BTreeMap::new();
    for (at, subject) in subjects.iter().enumerate() {
        if let Home::In(parent) = subject.home {
            children.entry(parent).or_default().push((at, subject));
        }
    }
    let mut contents = BTreeMap::new();
    for (parent, mut list) in children {
        let Some(parent) = subjects.get(parent) else { continue };
        let is_folder = parent.class() == Class::Folder;
        if is_folder {
            list.sort_by_key(|(_, child)| child.order);
        }
        for ((at, child), position) in list.iter().zip(0..) {
            let rank = if is_folder { position } else { child.row.rank };
            if let Some(seat) = seats.get_mut(*at) {
                *seat = Some(Seat::Inside { collection: parent.id(), rank });
            }
        }
        contents.insert(parent.id(), list.iter().map(|(_, child)| child.id()).collect());
    }
    contents
}
