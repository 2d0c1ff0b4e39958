//! The phases of a safe load in order: verdicts, tree, seats, what is held with others, ranks, facts, writes, effects.
//!
//! What each phase decides is in its own module; here is only the order, and who asks for a seat first: what Launcher3
//! shows keeps its place, then what it does not show claims its own, then the rest finds one.

use std::collections::BTreeSet;

use super::board::Board;
use super::deviation::Deviation;
use super::effects::{effects, referenced_widget_ids};
use super::explain::{Remedy, remedies};
use super::fate::State;
use super::outcome::{RowOutcome, SafeOutcome, Seat, StoredPlace};
use super::ranks::seat_contents;
use super::subject::{Class, Home, Judged, Subject, judge};
use super::target::RowTarget;
use super::tree;
use super::writes::RowWrite;
use crate::compat::bits::WidgetRestore;
use crate::compat::model::{IconSource, Item, ItemId, ItemKind};
use crate::compat::pinned;
use crate::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT, FIRST_PAGE};
use crate::compat::{BuildFlags, CUSTOM_WIDGET_ID, DbAction, LoadInput, LoadOutcome, Parsed, percent, trim};
use crate::hash::FastMap;
use crate::platform::PlatformIndex;

/// Runs one safe load. `pages` are the pages that the caller knows, from left to right; empty where it knows none, and then
/// pages are what items are on. Where the load is to stop (`cancel_at`) is not looked at: nothing is executed here, so a caller
/// that stops drops the answer.
///
/// ```
/// # use ferrule_launcher_model::compat::{BuildFlags, CancelAt, LoadInput, LoadRow, placement::Grid};
/// # use ferrule_launcher_model::platform::PlatformSnapshot;
/// # use ferrule_launcher_model::safe::{State, load};
/// let row = LoadRow { row_id: 7, container: -100, item_type: 0, ..LoadRow::default() };
/// let outcome = load(
///     &LoadInput {
///         rows: &[row],
///         grid: Grid { columns: 4, rows: 6, hotseat: 4, search_columns: 4, folder: (4, 4) },
///         flags: BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() },
///         platform: &PlatformSnapshot::default(),
///         prior_load_pinned: false,
///         cancel_at: CancelAt::Never,
///         is_current_file: true,
///     },
///     &[0, 1],
/// );
/// assert_eq!(outcome.in_state(State::Held).count(), 1); // the platform knows of no profile
/// assert_eq!(outcome.pages, [0, 1]);
/// ```
pub fn load(input: &LoadInput<'_>, pages: &[i32]) -> SafeOutcome {
    load_parsed(input, pages, None)
}

/// [`load()`] by a caller that knows what the rows' intents read as, one for one.
pub(crate) fn load_parsed(input: &LoadInput<'_>, pages: &[i32], intents: Option<&[Parsed]>) -> SafeOutcome {
    let index = PlatformIndex::new(input.platform, input.flags.support_archiving);
    let Judged { mut subjects, legacy, alone } = judge(input, &index, intents);
    tree::settle(&mut subjects);
    let mut board = board(input, pages, &subjects);
    let mut seats = seat(&mut subjects, &mut board);
    tree::hold_inside_unavailable(&mut subjects);
    let contents = seat_contents(&subjects, &mut seats);
    let mut writer = Writer::new(&legacy, &alone);
    let mut outcome = SafeOutcome {
        contents,
        first_page_pinned: pinned::is_pinned_after(&input.flags),
        ..SafeOutcome::default()
    };
    // Rows and items are both by ascending id, as far as other rows can name them.
    let mut their_items = legacy.model.items.iter().peekable();
    for (subject, seat) in subjects.iter_mut().zip(&seats) {
        let mut theirs = None;
        if subject.has_id() {
            let id = subject.id();
            while their_items.next_if(|(known, _)| **known < id).is_some() {}
            theirs = their_items.next_if(|(known, _)| **known == id).map(|(_, item)| item);
        }
        note_rank(subject, *seat, theirs);
        if subject.state == State::Live {
            settle_item(subject, *seat, &index, theirs);
        } else {
            subject.item = None;
        }
        outcome.writes.extend(writer.write(subject, *seat, input.grid.hotseat));
        note_loss(subject, &legacy);
    }
    outcome.pages = shown_pages(&board, pages, &seats, outcome.first_page_pinned);
    let widget_ids = referenced_widget_ids(&subjects);
    outcome.effects = effects(input, &subjects, &legacy, alone, &widget_ids);
    outcome.rows = Vec::with_capacity(subjects.len());
    let mut items = Vec::with_capacity(subjects.len());
    for (subject, seat) in subjects.into_iter().zip(seats) {
        let target = (subject.state != State::Live).then(|| Box::new(RowTarget::of(subject.row)));
        let remedies = remedies(&subject, target.as_deref(), &index);
        let (line, item) = line(subject, seat, remedies, target);
        outcome.rows.push(line);
        items.extend(item.map(|item| (item.id, item)));
    }
    outcome.items = items.into_iter().collect();
    outcome
}

/// Whether the first row of page 0 is the search bar's. Unlike Launcher3's, the answer is the same in every load (C18c).
fn is_first_row_reserved(flags: &BuildFlags) -> bool {
    pinned::is_pinned_after(flags) && !flags.first_page_widget
}

fn board(input: &LoadInput<'_>, pages: &[i32], subjects: &[Subject<'_>]) -> Board {
    let used: BTreeSet<i32> = subjects
        .iter()
        .filter_map(|subject| match subject.home {
            Home::At(place) if place.container == CONTAINER_DESKTOP => Some(place.screen),
            _ => None,
        })
        .collect();
    Board::new(input.grid, is_first_row_reserved(&input.flags), pages, &used)
}

/// The cells that a row needs: those that a store knows of; else only widgets, and what nobody understands, are larger
/// than one.
fn size(subject: &Subject<'_>) -> (i32, i32) {
    match subject.class() {
        _ if subject.row.cells.is_some() => subject.row.cells.unwrap_or((1, 1)),
        Class::Widget | Class::Opaque => (subject.row.span_x.max(1), subject.row.span_y.max(1)),
        _ => (1, 1),
    }
}

/// The smallest cells that a row may be given; none if its size is not ours to change.
fn smallest(subject: &Subject<'_>) -> Option<(i32, i32)> {
    match subject.item.as_ref().map(|item| &item.kind) {
        Some(ItemKind::Widget(widget)) if !widget.pending => Some(widget.min_span),
        // Of a widget whose provider is not there, or has not been asked, nobody knows how small it may be; it keeps its
        // size (SPEC-21), so that an answer that is missing seats nobody (LM-I8).
        Some(_) | None => None,
    }
}

/// Gives out the seats of desktop and dock.
fn seat(subjects: &mut [Subject<'_>], board: &mut Board) -> Vec<Option<Seat>> {
    let mut seats: Vec<Option<Seat>> = vec![None; subjects.len()];
    for shown in [true, false] {
        for (subject, seat) in subjects.iter_mut().zip(&mut seats) {
            let Home::At(place) = subject.home else { continue };
            if subject.kept_by_legacy != shown {
                continue;
            }
            let (span_x, span_y) = size(subject);
            match board.claim(&StoredPlace { span_x, span_y, ..place }) {
                Ok(found) => {
                    *seat = Some(found);
                    if place.container == CONTAINER_DESKTOP && place.screen < 0 {
                        subject.note(Deviation::RelocatedPage);
                    }
                }
                Err(reason) => subject.note(reason),
            }
        }
    }
    for (subject, seat) in subjects.iter_mut().zip(&mut seats) {
        if seat.is_none() {
            *seat = find(subject, board);
            if seat.is_none() && subject.state == State::Live && !matches!(subject.home, Home::In(_)) {
                subject.deviations.retain(|deviation| !deviation.is_move());
                subject.put_in(State::Held, Deviation::HeldWithoutRoom);
            }
        }
    }
    seats
}

/// A seat for a row that cannot have the one it asks for.
fn find(subject: &mut Subject<'_>, board: &mut Board) -> Option<Seat> {
    let wanted = match subject.home {
        Home::At(place) => Some(place),
        Home::Anywhere(reason) => {
            subject.note(reason);
            None
        }
        Home::In(_) | Home::Nowhere => return None,
    };
    let full = size(subject);
    // In the dock only the index counts, whatever the size.
    if let Some(slot) = wanted.and_then(|place| board.near_slot(&place)) {
        return Some(slot);
    }
    let Some(fitting) = board.fitting(full, smallest(subject)) else {
        subject.deviations.retain(|deviation| !deviation.is_move());
        return None;
    };
    if fitting != full {
        // Being too large is why it is outside the page.
        subject.deviations.retain(|deviation| *deviation != Deviation::RelocatedOutOfBounds);
        subject.note(Deviation::RelocatedResized);
    }
    match wanted {
        Some(place) => board.near(&place, fitting),
        None => board.anywhere(fitting),
    }
}

/// What Launcher3 does not show, and nothing said so far tells: it lost the row, or what the row lies in.
fn note_loss(subject: &mut Subject<'_>, legacy: &LoadOutcome) {
    let is_seen = subject.legacy.is_loaded() && legacy.model.shows(subject.id());
    if subject.state == State::Live && !is_seen && !subject.deviations.iter().any(|code| code.tells_loss()) {
        subject.deviations.insert(0, Deviation::ShownInsteadOfLost);
    }
}

/// LM-I4: a rank that Launcher3 has not, or not in the database.
fn note_rank(subject: &mut Subject<'_>, seat: Option<Seat>, theirs: Option<&Item>) {
    let Some(Seat::Inside { rank, .. }) = seat else { return };
    let in_memory = theirs.map(|item| item.rank);
    let is_stored = rank == subject.row.rank;
    if !is_stored || (subject.legacy.is_loaded() && in_memory.is_some_and(|known| known != rank)) {
        subject.note(Deviation::RankDiffers);
    }
}

/// The live item at its place, with its label and its state.
fn settle_item(
    subject: &mut Subject<'_>,
    seat: Option<Seat>,
    index: &PlatformIndex<'_>,
    theirs: Option<&Item>,
) {
    let row = subject.row;
    let Some(mut item) = subject.item.take() else {
        // The table calls live only what compat made an item of; a row without one is shown as unavailable.
        subject.put_in(State::Held, Deviation::HeldInsteadOfSkipped);
        return;
    };
    put(&mut item, subject, seat);
    if let ItemKind::App(_) | ItemKind::DeepShortcut(_) = item.kind {
        let stored = trim(row.title.as_deref().unwrap_or_default());
        // C20: Launcher3 does not read the stored label of an app whose activity it tolerates to be missing; what it shows
        // instead depends on the folder's preview.
        if item.title.as_deref().unwrap_or_default().is_empty() && !stored.is_empty() {
            item.title = Some(stored.into());
        }
        if theirs.is_some_and(|theirs| label(theirs) != label(&item)) {
            subject.note(Deviation::TitleKept);
        }
    }
    settle_widget(subject, &mut item, index);
    subject.item = Some(item);
}

/// What an icon is called and where its picture comes from.
fn label(item: &Item) -> (Option<&str>, Option<IconSource>) {
    (item.title.as_deref(), item.icon().map(|icon| icon.icon))
}

/// Brings a widget to where the next load of Launcher3 would bring it.
fn settle_widget(subject: &mut Subject<'_>, item: &mut Item, index: &PlatformIndex<'_>) {
    let row = subject.row;
    let ItemKind::Widget(widget) = &mut item.kind else { return };
    // C12: the type follows the id, and binding may have replaced a custom one; Launcher3 sees it in the next load.
    let is_custom = widget.widget_id <= CUSTOM_WIDGET_ID;
    if widget.is_custom != is_custom {
        widget.is_custom = is_custom;
        subject.note(Deviation::StateSettled);
    }
    // Extras to bind with are of no use once nothing waits for them.
    if widget.bind_options.is_some() && !widget.restore.has(WidgetRestore::DIRECT_CONFIG) {
        widget.bind_options = None;
        subject.note(Deviation::StateSettled);
    }
    if widget.pending
        && !widget.restore.has(WidgetRestore::STARTED)
        && let Some(own) = row.provider.as_deref().and_then(crate::intent::ComponentName::parse)
        && let Some(session) = index.session(&own.package, row.profile.into())
    {
        // C8: Launcher3 finds the session in the next load.
        widget.restore = widget.restore.union(WidgetRestore::STARTED);
        widget.install_progress = percent(session.progress);
    }
}

/// Puts an item where its row stands now.
fn put(item: &mut Item, subject: &Subject<'_>, seat: Option<Seat>) {
    let row = subject.row;
    let place = match seat {
        Some(seat) => StoredPlace::of(row).moved_to(seat),
        None => StoredPlace::of(row),
    };
    item.container = place.container;
    item.screen = place.screen;
    (item.cell_x, item.cell_y) = (place.cell_x, place.cell_y);
    (item.span_x, item.span_y) = match (seat, subject.class()) {
        (Some(Seat::Desktop { width, height, .. }), _) => (width, height),
        (_, Class::Widget) => (row.span_x, row.span_y),
        _ => (1, 1),
    };
    if let Some(Seat::Inside { rank, .. }) = seat {
        item.rank = rank;
    }
}

/// Pages with something on them, the ones that the caller named, and page 0 where Launcher3 forces it (SPEC-10).
fn shown_pages(board: &Board, known: &[i32], seats: &[Option<Seat>], first_page_pinned: bool) -> Vec<i32> {
    let used: BTreeSet<i32> = seats
        .iter()
        .filter_map(|seat| match seat {
            Some(Seat::Desktop { page, .. }) => Some(*page),
            _ => None,
        })
        .collect();
    let known: BTreeSet<i32> = known.iter().copied().collect();
    let is_shown = |page: &i32| used.contains(page) || known.contains(page);
    let mut pages: Vec<i32> = board.order().iter().copied().filter(is_shown).collect();
    if (first_page_pinned || pages.is_empty()) && !pages.contains(&FIRST_PAGE) {
        pages.insert(0, FIRST_PAGE);
    }
    pages
}

fn line(
    subject: Subject<'_>,
    seat: Option<Seat>,
    remedies: Vec<Remedy>,
    target: Option<Box<RowTarget>>,
) -> (RowOutcome, Option<Item>) {
    let line = RowOutcome {
        row_id: subject.row.row_id,
        state: subject.state,
        legacy: subject.legacy,
        deviations: subject.deviations,
        left: StoredPlace::of(subject.row),
        seat,
        item_type: subject.row.item_type,
        title: subject.row.title.clone(),
        remedies,
        target,
    };
    (line, subject.item)
}

/// Where a row waits that asks for a slot of the dock and gets no place at all: behind the last slot. There it claims no
/// slot that another has got, whatever the platform says of either in the next load.
fn waiting(subject: &Subject<'_>, dock_size: i32) -> Option<StoredPlace> {
    let Home::At(place) = subject.home else { return None };
    let is_slot = place.container == CONTAINER_HOTSEAT && (0..dock_size).contains(&place.screen);
    is_slot.then_some(StoredPlace { screen: dock_size, ..place })
}

/// What `compat`'s runs wrote, to be written for live rows alone.
struct Writer<'a> {
    /// The state bits that Launcher3 leaves.
    legacy_restored: FastMap<ItemId, i32>,
    retargeted: FastMap<ItemId, &'a str>,
    /// Widget id and provider.
    widgets: FastMap<ItemId, (i32, &'a str)>,
}

impl<'a> Writer<'a> {
    fn new(legacy: &LoadOutcome, alone: &'a LoadOutcome) -> Self {
        let mut legacy_restored = FastMap::default();
        for action in &legacy.actions {
            match action {
                DbAction::SetRestored { id, restored } | DbAction::SetWidget { id, restored, .. } => {
                    legacy_restored.insert(*id, *restored);
                }
                DbAction::ClearRestored(ids) => legacy_restored.extend(ids.iter().map(|id| (*id, 0))),
                _ => {}
            }
        }
        let (mut retargeted, mut widgets) = (FastMap::default(), FastMap::default());
        for action in &alone.actions {
            match action {
                DbAction::RetargetIntent { id, intent } => {
                    retargeted.insert(*id, intent.as_str());
                }
                DbAction::SetWidget { id, widget_id, provider, .. } => {
                    widgets.insert(*id, (*widget_id, provider.as_str()));
                }
                _ => {}
            }
        }
        Self { legacy_restored, retargeted, widgets }
    }

    fn write(&mut self, subject: &mut Subject<'_>, seat: Option<Seat>, dock_size: i32) -> Option<RowWrite> {
        let row = subject.row;
        let mut write = RowWrite { row_id: row.row_id, ..RowWrite::default() };
        let left = StoredPlace::of(row);
        let is_moved = subject.deviations.iter().any(|deviation| deviation.is_move());
        write.place = match seat {
            Some(seat @ Seat::Inside { .. }) => Some(left.moved_to(seat)),
            Some(seat) if is_moved => Some(left.moved_to(seat)),
            Some(_) => None,
            None => waiting(subject, dock_size),
        }
        .filter(|place| *place != left);
        if let Some(item) = &subject.item {
            let id = item.id;
            let restored = match &item.kind {
                ItemKind::App(icon) | ItemKind::DeepShortcut(icon) => icon.status.0,
                ItemKind::Widget(widget) => widget.restore.0,
                ItemKind::Folder { .. } | ItemKind::AppPair => 0,
            };
            write.restored = (restored != row.restored).then_some(restored);
            write.intent = self.retargeted.get(&id).map(|intent| (*intent).to_owned());
            write.widget = self
                .widgets
                .get(&id)
                .filter(|(widget_id, provider)| {
                    (*widget_id, Some(*provider)) != (row.widget_id, row.provider.as_deref())
                })
                .map(|(widget_id, provider)| (*widget_id, (*provider).to_owned()));
            let legacy = self.legacy_restored.get(&id).copied().unwrap_or(row.restored);
            if subject.legacy.is_loaded() && legacy != restored {
                subject.note(Deviation::StateSettled);
            }
        }
        (!write.is_empty()).then_some(write)
    }
}
