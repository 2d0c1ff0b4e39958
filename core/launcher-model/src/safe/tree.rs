//! Who lies in what (LM-I3): folder → pair → app and nothing deeper; what is anywhere else moves to the desktop.
//!
//! Settles collections to a fixpoint in one ordered pass (SPEC-09 NEW): parents first, then pairs, whose single member
//! may move into a folder, then folders, which nothing empties afterwards. Linear in the rows.
//!
//! Invariant: no cycle is left, for a folder or an opaque row never lies in something that could lie in it.

use super::deviation::Deviation;
use super::fate::State;
use super::outcome::StoredPlace;
use super::subject::{Class, Home, Subject};
use crate::compat::SqlKey;
use crate::compat::Verdict;
use crate::compat::model::ItemId;
use crate::compat::outcome::RowFault;
use crate::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT};
use crate::hash::FastMap;

/// Members of an app pair.
const PAIR_MEMBERS: usize = 2;

/// Gives every row its home.
pub(super) fn settle(subjects: &mut [Subject<'_>]) {
    let places: FastMap<ItemId, usize> = subjects
        .iter()
        .enumerate()
        .filter(|(_, subject)| subject.has_id())
        .map(|(place, subject)| (subject.id(), place))
        .collect();
    let homes: Vec<Home> = subjects.iter().map(|subject| home(subject, subjects, &places)).collect();
    for (subject, home) in subjects.iter_mut().zip(homes) {
        subject.home = home;
    }
    settle_pairs(subjects);
    settle_folders(subjects);
}

fn home(subject: &Subject<'_>, subjects: &[Subject<'_>], places: &FastMap<ItemId, usize>) -> Home {
    let row = subject.row;
    let class = subject.class();
    // Of a row with a column that cannot be read, the place is not known either, unless a store keeps it.
    let is_lost = subject.target == Verdict::Zombie(RowFault::Unreadable) && row.cells.is_none();
    if class == Class::Away || is_lost {
        return Home::Nowhere;
    }
    if matches!(row.container, CONTAINER_DESKTOP | CONTAINER_HOTSEAT) {
        return Home::At(StoredPlace::of(row));
    }
    let is_null = row.container == 0 && row.sql_container == SqlKey::Null;
    let parent =
        places.get(&row.container).filter(|_| !is_null).and_then(|at| Some((*at, subjects.get(*at)?)));
    let Some((at, parent)) = parent else {
        let is_number = row.container < 0 && !is_null;
        return Home::Anywhere(match is_number {
            true => Deviation::RelocatedUnknownContainer,
            false => Deviation::RelocatedOrphan,
        });
    };
    match (class, parent.class()) {
        (Class::Widget, Class::Folder | Class::Pair | Class::Opaque) => {
            Home::Anywhere(Deviation::RelocatedWidget)
        }
        (Class::Leaf, Class::Folder | Class::Pair | Class::Opaque)
        | (Class::Pair | Class::Opaque, Class::Folder)
        | (Class::Pair, Class::Opaque) => Home::In(at),
        (Class::Folder | Class::Pair | Class::Opaque, Class::Folder | Class::Pair | Class::Opaque) => {
            Home::Anywhere(Deviation::RelocatedNested)
        }
        (_, Class::Leaf | Class::Widget | Class::Away) | (Class::Away, _) => {
            Home::Anywhere(Deviation::RelocatedNotACollection)
        }
    }
}

/// The children of each collection, by ascending id.
fn children(subjects: &[Subject<'_>]) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); subjects.len()];
    for (child, subject) in subjects.iter().enumerate() {
        if let Home::In(parent) = subject.home
            && let Some(list) = children.get_mut(parent)
        {
            list.push(child);
        }
    }
    children
}

/// A pair has two members (B.5.2). Members that are only unavailable count, so a missing app does not cost its partner.
fn settle_pairs(subjects: &mut [Subject<'_>]) {
    for (at, members) in children(subjects).into_iter().enumerate() {
        let Some(pair) = subjects.get_mut(at).filter(|subject| subject.class() == Class::Pair) else {
            continue;
        };
        let surplus = match members.len() < PAIR_MEMBERS {
            false => members.get(PAIR_MEMBERS..).unwrap_or_default(),
            true => {
                let (home, order, kept) = (pair.home, pair.order, pair.kept_by_legacy);
                pair.put_in(State::Quarantined, Deviation::QuarantinedPair);
                pair.home = Home::Nowhere;
                for member in &members {
                    if let Some(member) = subjects.get_mut(*member) {
                        (member.home, member.order, member.kept_by_legacy) = (home, order, kept);
                        member.note(Deviation::RelocatedPairMember);
                    }
                }
                continue;
            }
        };
        for member in surplus {
            if let Some(member) = subjects.get_mut(*member) {
                member.home = Home::Anywhere(Deviation::RelocatedPairMember);
            }
        }
    }
}

/// A folder without contents leaves the screen, whatever else the load did (B.5.1 depends on it).
fn settle_folders(subjects: &mut [Subject<'_>]) {
    for (at, members) in children(subjects).into_iter().enumerate() {
        if let Some(folder) = subjects.get_mut(at)
            && folder.class() == Class::Folder
            && members.is_empty()
        {
            folder.put_in(State::Quarantined, Deviation::QuarantinedEmptyFolder);
            folder.home = Home::Nowhere;
        }
    }
}

/// What lies in something that cannot be opened is held with it, pairs before their members.
pub(super) fn hold_inside_unavailable(subjects: &mut [Subject<'_>]) {
    for class in [Class::Pair, Class::Leaf] {
        for at in 0..subjects.len() {
            let Some(child) = subjects.get(at).filter(|s| s.state == State::Live && s.class() == class)
            else {
                continue;
            };
            let Home::In(parent) = child.home else { continue };
            let is_shut = subjects.get(parent).is_none_or(|parent| parent.state != State::Live);
            if let Some(child) = subjects.get_mut(at).filter(|_| is_shut) {
                child.put_in(State::Held, Deviation::HeldInsideUnavailable);
            }
        }
    }
}
