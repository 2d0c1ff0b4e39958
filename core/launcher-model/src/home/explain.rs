//! Why an item is not where or what the user left it, from the store: state, code, since when, from where.
//!
//! What would bring it back, and what Launcher3 would have made of it, are known from a load on: they depend on the phone.

use crate::safe::{Deviation, LegacyEnd, Remedy, RowOutcome, State};
use crate::store::{AuditEntry, Content, EpochMillis, Event, Item, ItemId, Place, image};

/// Why one item is not where or what the user left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The item.
    pub item: ItemId,
    /// Where it ended. An item in the overflow that no load has seen yet counts as held.
    pub state: State,
    /// Why; `None` where there is nothing to explain. A stable code, see `docs/codes.md`.
    pub code: Option<String>,
    /// When that was first seen.
    pub since: Option<EpochMillis>,
    /// Set when a load moved it and nobody has placed it since.
    pub moved: Option<Moved>,
    /// Where it is; `None` in quarantine and in the overflow.
    pub place: Option<Place>,
    /// Where the user left it, if that is not where it is.
    pub left: Option<Place>,
    /// What Launcher3 would have made of it, once a load of this process has seen it.
    pub legacy: Option<LegacyEnd>,
    /// What would bring it back to where and what it was, best first. What depends on the phone is known from a load on.
    pub remedies: Vec<Remedy>,
}

/// A move by a load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Why.
    pub code: String,
    /// When.
    pub at: EpochMillis,
    /// From where.
    pub from: Option<Place>,
}

/// What the latest load that saw an item said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    legacy: LegacyEnd,
    remedies: Vec<Remedy>,
}

impl Said {
    pub(super) fn of(line: &RowOutcome) -> Self {
        Self { legacy: line.legacy, remedies: line.remedies.clone() }
    }
}

/// Explains one item from the store, its trail and the latest load.
pub(super) fn explain(
    content: &Content,
    item: &Item,
    trail: &[AuditEntry],
    said: Option<&Said>,
) -> Explained {
    let position = item.positions.get(&content.active);
    let place = item.seat(content.active).filter(|_| item.quarantine.is_none());
    let moved = moved(content, trail).filter(|moved| moved.from != place);
    let imported = || trail.iter().find(|entry| entry.event == Event::Imported).map(|entry| entry.at);
    let (state, code, since) = match (&item.quarantine, &item.hold) {
        (Some(quarantine), _) => {
            (State::Quarantined, Some(quarantine.why.code.clone()), Some(quarantine.why.since))
        }
        (None, Some(hold)) if hold.code == Deviation::KeptOpaque.code() => {
            (State::Opaque, Some(hold.code.clone()), Some(hold.since))
        }
        (None, Some(hold)) => (State::Held, Some(hold.code.clone()), Some(hold.since)),
        (None, None) if place.is_none() => (State::Held, Some(WAITING.to_owned()), imported()),
        (None, None) => (
            State::Live,
            moved.as_ref().map(|moved| moved.code.clone()),
            moved.as_ref().map(|moved| moved.at),
        ),
    };
    let left = match place {
        Some(_) => moved.as_ref().and_then(|moved| moved.from),
        None => position.map(|position| position.place),
    };
    let mut remedies = said.map(|said| said.remedies.clone()).unwrap_or_default();
    let from_state = match state {
        State::Quarantined => Some(Remedy::RestoreOrDismiss),
        State::Opaque => Some(Remedy::UpdateLauncher { item_type: item.item_type }),
        State::Held if item.hold.is_none() => Some(Remedy::WaitForPlatform),
        State::Live if moved.is_some() => Some(Remedy::MoveBack),
        State::Held | State::Live => None,
    };
    remedies.extend(from_state.filter(|remedy| !remedies.contains(remedy)));
    if code.is_none() {
        remedies.clear();
    }
    Explained {
        item: item.id,
        state,
        code,
        since,
        moved,
        place,
        left,
        legacy: said.map(|said| said.legacy),
        remedies,
    }
}

/// The code of what an import found no place for and no load has seen yet.
const WAITING: &str = "LM_IMPORT_OVERFLOW";

/// The last move, if a load made it.
fn moved(content: &Content, trail: &[AuditEntry]) -> Option<Moved> {
    let places = |entry: &&AuditEntry| {
        matches!(entry.event, Event::Placed | Event::Added | Event::Imported | Event::Restored)
    };
    let last = trail.iter().rev().find(places).filter(|entry| entry.event == Event::Placed)?;
    let is_move = |code: &String| Deviation::ALL.iter().any(|known| known.is_move() && known.code() == code);
    let code = last.code.clone().filter(is_move)?;
    let before = last.image.as_deref().and_then(image::decode);
    let from = before.and_then(|before| before.positions.get(&content.active).map(|position| position.place));
    Some(Moved { code, at: last.at, from })
}
