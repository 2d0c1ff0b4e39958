//! The loaded model on its way to Kotlin: every row in a record, then what explains it and what is to be done.
//!
//! What it is: the encoder, and a walk over all fields that tests and fuzzing use; Kotlin has the decoder. What it is not:
//! nothing is left out or summed up; views of the model (the dock, what is held) are made by who reads it.
//!
//! Invariants: a record a row, by ascending row id; numbers stand for positions in the lists below, which only grow.

use ferrule_launcher_model::compat::model::{Icon, IconSource, Item, ItemKind, Widget};
use ferrule_launcher_model::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT, Grid};
use ferrule_launcher_model::intent::{ACTION_MAIN, CATEGORY_LAUNCHER, Intent, LAUNCH_FLAGS};
use ferrule_launcher_model::safe::{Effects, Remedy, RowOutcome, SafeOutcome, Seat, State, StoredPlace};

use super::question::{component_words, packed_bits};
use crate::wire::WireError;
use crate::wire::sections::{Sections, Writer, halves};

/// Magic of a loaded model.
pub const MAGIC: &str = "FLMA";

const STATE: [State; 4] = [State::Live, State::Held, State::Quarantined, State::Opaque];
const ICON: [IconSource; 6] = [
    IconSource::Low,
    IconSource::Activity,
    IconSource::Package,
    IconSource::Shortcut,
    IconSource::Blob,
    IconSource::Default,
];

/// What an item's record holds from [`KIND_AT`] on.
const UNAVAILABLE: u32 = 0;
const APP: u32 = 1;
const DEEP_SHORTCUT: u32 = 2;
const FOLDER: u32 = 3;
const APP_PAIR: u32 = 4;
const WIDGET: u32 = 5;

/// First word that depends on the kind.
const KIND_AT: usize = 17;
/// Words that depend on the kind.
const KIND_WORDS: usize = 11;
const ITEM_WORDS: usize = KIND_AT + KIND_WORDS;

/// Words of a record of each section, in their order: head, pages, items, contents, details, codes, remedies, binds, pins,
/// ids of pins, widget ids, packages that boot may bring.
const STRIDES: [usize; 12] = [8, 1, ITEM_WORDS, 4, 15, 1, 8, 6, 5, 1, 2, 3];
const ITEMS: usize = 2;

/// A load and what it was for.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'core> {
    /// What the load made of every row.
    pub outcome: &'core SafeOutcome,
    /// The grid it was made for.
    pub grid: Grid,
    /// How many changes were written to the store, or were to be.
    pub changes: usize,
    /// Code and words of what kept them from being written.
    pub problem: Option<(&'core str, &'core str)>,
}

/// Writes a loaded model.
#[must_use]
pub fn encode(answer: &Answer<'_>) -> Vec<u8> {
    let Answer { outcome, grid, changes, problem } = *answer;
    let mut out = Writer::new(MAGIC, STRIDES.len(), outcome.rows.len() * 2 + 16);
    out.section(STRIDES[0], 1);
    let (code, words) = problem.unzip();
    let (code, words) = (out.text_or_none(code), out.text_or_none(words));
    out.record(&[
        packed_bits(&[outcome.first_page_pinned, outcome.effects.waits_for_boot]),
        grid.columns.cast_unsigned(),
        grid.rows.cast_unsigned(),
        grid.hotseat.cast_unsigned(),
        changes as u32,
        code,
        words,
    ]);
    out.section(STRIDES[1], outcome.pages.len());
    for page in &outcome.pages {
        out.record(&[page.cast_unsigned()]);
    }
    out.section(STRIDES[ITEMS], outcome.rows.len());
    let mut detailed = 0;
    for row in &outcome.rows {
        let detail = if row.deviations.is_empty() { 0 } else { detailed + 1 };
        detailed = detailed.max(detail);
        let words = item(&mut out, outcome, row, detail);
        out.record(&words);
    }
    out.section(STRIDES[3], outcome.rows.len());
    for (collection, children) in &outcome.contents {
        for child in children {
            let ([low, high], [child_low, child_high]) =
                (halves((*collection).into()), halves((*child).into()));
            out.record(&[low, high, child_low, child_high]);
        }
    }
    details(&mut out, outcome);
    effects(&mut out, &outcome.effects);
    out.finish()
}

fn item<'text>(
    out: &mut Writer<'text>,
    outcome: &'text SafeOutcome,
    row: &'text RowOutcome,
    detail: u32,
) -> [u32; ITEM_WORDS] {
    // Only a live row has an item, and its id is its row's.
    let live = i32::try_from(row.row_id).ok().and_then(|id| outcome.items.get(&id));
    let mut words = [0; ITEM_WORDS];
    let place = match (live, row.seat) {
        (Some(item), _) => of_item(item),
        (None, Some(seat)) => at_seat(row.left, seat),
        (None, None) => row.left,
    };
    let (kind, item_type, title, profile) = match live {
        Some(item) => (kind_of(item), item.type_number(), item.title.as_deref(), item.profile),
        None => {
            let profile = row.target.as_ref().map_or(0, |target| target.profile);
            (UNAVAILABLE, row.item_type, row.title.as_deref(), profile)
        }
    };
    let ([low, high], [profile_low, profile_high]) = (halves(row.row_id), halves(profile));
    let code = row.deviations.first().map(|deviation| deviation.code());
    let [container, screen, cell_x, cell_y, span_x, span_y, rank] = place_words(place);
    let common: [u32; KIND_AT] = [
        low,
        high,
        kind,
        position(&STATE, row.state),
        item_type.cast_unsigned(),
        container,
        screen,
        cell_x,
        cell_y,
        span_x,
        span_y,
        rank,
        out.text_or_none(title),
        profile_low,
        profile_high,
        out.text_or_none(code),
        detail,
    ];
    let special = match live.map(|item| &item.kind) {
        Some(ItemKind::App(icon) | ItemKind::DeepShortcut(icon)) => icon_words(out, icon),
        Some(ItemKind::Widget(widget)) => widget_words(out, widget),
        Some(ItemKind::Folder { options }) => {
            let mut words = [0; KIND_WORDS];
            words[0] = options.cast_unsigned();
            words
        }
        Some(ItemKind::AppPair) => [0; KIND_WORDS],
        None => unavailable_words(out, row),
    };
    let (first, rest) = words.split_at_mut(KIND_AT);
    first.copy_from_slice(&common);
    rest.copy_from_slice(&special);
    words
}

fn kind_of(item: &Item) -> u32 {
    match item.kind {
        ItemKind::App(_) => APP,
        ItemKind::DeepShortcut(_) => DEEP_SHORTCUT,
        ItemKind::Folder { .. } => FOLDER,
        ItemKind::AppPair => APP_PAIR,
        ItemKind::Widget(_) => WIDGET,
    }
}

fn of_item(item: &Item) -> StoredPlace {
    StoredPlace {
        container: item.container,
        screen: item.screen,
        cell_x: item.cell_x,
        cell_y: item.cell_y,
        span_x: item.span_x,
        span_y: item.span_y,
        rank: item.rank,
    }
}

/// The place of a row that is not live: its seat, and as it was left where the seat says nothing.
fn at_seat(left: StoredPlace, seat: Seat) -> StoredPlace {
    match seat {
        Seat::Desktop { page, x, y, width, height } => StoredPlace {
            container: CONTAINER_DESKTOP,
            screen: page,
            cell_x: x,
            cell_y: y,
            span_x: width,
            span_y: height,
            ..left
        },
        Seat::Dock { index } => {
            StoredPlace { container: CONTAINER_HOTSEAT, screen: index, cell_x: index, cell_y: 0, ..left }
        }
        Seat::Inside { collection, rank } => StoredPlace { container: collection, rank, ..left },
    }
}

fn place_words(place: StoredPlace) -> [u32; 7] {
    let StoredPlace { container, screen, cell_x, cell_y, span_x, span_y, rank } = place;
    [container, screen, cell_x, cell_y, span_x, span_y, rank].map(i32::cast_unsigned)
}

/// Whether it has its place to itself, and what it names.
fn unavailable_words<'text>(out: &mut Writer<'text>, row: &'text RowOutcome) -> [u32; KIND_WORDS] {
    let target = row.target.as_deref();
    let [package, class] = component_words(out, target.and_then(|target| target.component.as_ref()));
    let limit = out.text_or_none(target.and_then(|target| target.package.as_deref()));
    [row.seat.is_some().into(), package, class, limit, 0, 0, 0, 0, 0, 0, 0]
}

fn icon_words<'text>(out: &mut Writer<'text>, icon: &'text Icon) -> [u32; KIND_WORDS] {
    let intent = icon.intent.as_ref();
    let package = out.text_or_none(intent.package.as_deref());
    let [component_package, class] = component_words(out, intent.component.as_ref());
    let text = intent_text(intent).map_or(0, |text| out.own_text(&text));
    [
        icon.status.0.cast_unsigned(),
        icon.runtime.0.cast_unsigned(),
        icon.shown_progress().cast_unsigned(),
        position(&ICON, icon.icon),
        package,
        component_package,
        class,
        text,
        0,
        0,
        0,
    ]
}

/// The text of an intent; none where Kotlin can write it from package and component alone.
#[must_use]
pub fn intent_text(intent: &Intent) -> Option<String> {
    (!is_plain(intent)).then(|| intent.to_uri())
}

/// Whether an intent is that of every app's icon.
fn is_plain(intent: &Intent) -> bool {
    let Intent { action, data, mime_type, identifier, component, categories, flags, .. } = intent;
    let mut categories = categories.keys();
    component.is_some()
        && action.as_deref() == Some(ACTION_MAIN)
        && categories.next().is_some_and(|only| only == CATEGORY_LAUNCHER)
        && categories.next().is_none()
        && *flags == LAUNCH_FLAGS
        && data.is_none()
        && mime_type.is_none()
        && identifier.is_none()
        && intent.extended_flags == 0
        && intent.source_bounds.is_none()
        && intent.extras.keys().next().is_none()
        && intent.selector.is_none()
}

fn widget_words<'text>(out: &mut Writer<'text>, widget: &'text Widget) -> [u32; KIND_WORDS] {
    let [package, class] = component_words(out, Some(&widget.provider));
    let extras = widget.bind_options.as_ref().map_or(0, |extras| out.own_text(&extras.to_uri()));
    [
        widget.widget_id.cast_unsigned(),
        widget.restore.0.cast_unsigned(),
        widget.options.cast_unsigned(),
        widget.install_progress.cast_unsigned(),
        widget.min_span.0.cast_unsigned(),
        widget.min_span.1.cast_unsigned(),
        packed_bits(&[widget.pending, widget.is_custom]),
        widget.source.cast_unsigned(),
        package,
        class,
        extras,
    ]
}

/// Of each row that differs from Launcher3: how, what Launcher3 does, where the user left it, what brings it back.
fn details<'text>(out: &mut Writer<'text>, outcome: &'text SafeOutcome) {
    let differing = || outcome.rows.iter().enumerate().filter(|(_, row)| !row.deviations.is_empty());
    out.section(STRIDES[4], differing().count());
    let (mut codes, mut remedies) = (0, 0);
    for (index, row) in differing() {
        let [container, screen, cell_x, cell_y, span_x, span_y, rank] = place_words(row.left);
        let legacy = out.text(row.legacy.code());
        let moved = out.text_or_none(row.moved_by().map(|deviation| deviation.code()));
        let (code_count, remedy_count) = (row.deviations.len() as u32, row.remedies.len() as u32);
        out.record(&[
            index as u32,
            legacy,
            container,
            screen,
            cell_x,
            cell_y,
            span_x,
            span_y,
            rank,
            codes,
            code_count,
            remedies,
            remedy_count,
            moved,
            row.legacy.is_deleted().into(),
        ]);
        (codes, remedies) = (codes + code_count, remedies + remedy_count);
    }
    out.section(STRIDES[5], codes as usize);
    for deviation in differing().flat_map(|(_, row)| &row.deviations) {
        let code = out.text(deviation.code());
        out.record(&[code]);
    }
    out.section(STRIDES[6], remedies as usize);
    for remedy in differing().flat_map(|(_, row)| &row.remedies) {
        let words = remedy_words(out, remedy);
        out.record(&words);
    }
}

/// Word, package, profile (two), shortcut id or class, two numbers, and 1 where there is a profile.
fn remedy_words<'text>(out: &mut Writer<'text>, remedy: &'text Remedy) -> [u32; 8] {
    let word = out.text(remedy.as_str());
    let of = |package: u32, profile: Option<i64>, text: u32, numbers: [i32; 2]| {
        let [low, high] = halves(profile.unwrap_or_default());
        let [first, second] = numbers.map(i32::cast_unsigned);
        [word, package, low, high, text, first, second, profile.is_some().into()]
    };
    match remedy {
        Remedy::BringProfileBack { profile } => of(0, Some(*profile), 0, [0; 2]),
        Remedy::InstallPackage { package, profile } => of(out.text(package), Some(*profile), 0, [0; 2]),
        Remedy::PinShortcut { package, id, profile } => {
            let (package, id) = (out.text(package), out.text(id));
            of(package, Some(*profile), id, [0; 2])
        }
        Remedy::AddAppAgain { package } => of(out.text(package), None, 0, [0; 2]),
        Remedy::SetUpWidget { provider } => {
            let [package, class] = component_words(out, provider.as_ref());
            of(package, None, class, [0; 2])
        }
        Remedy::UpdateLauncher { item_type } => of(0, None, 0, [*item_type, 0]),
        Remedy::RestoreCollection { collection } => of(0, None, 0, [*collection, 0]),
        Remedy::LargerGrid { columns, rows } => of(0, None, 0, [*columns, *rows]),
        Remedy::WaitForPlatform
        | Remedy::ChooseSearchApp
        | Remedy::EnableWidgets
        | Remedy::EnableAppPairs
        | Remedy::RestoreOrDismiss
        | Remedy::Replace
        | Remedy::MoveBack => of(0, None, 0, [0; 2]),
    }
}

fn effects<'text>(out: &mut Writer<'text>, effects: &'text Effects) {
    out.section(STRIDES[7], effects.bind_calls.len());
    for call in &effects.bind_calls {
        let ([package, class], [low, high]) =
            (component_words(out, Some(&call.provider)), halves(call.profile));
        out.record(&[call.widget_id.cast_unsigned(), package, class, low, high, call.bound.into()]);
    }
    out.section(STRIDES[8], effects.pin_calls.len());
    let mut first = 0;
    for call in &effects.pin_calls {
        let ([low, high], package, count) =
            (halves(call.profile), out.text(&call.package), call.ids.len() as u32);
        out.record(&[package, low, high, first, count]);
        first += count;
    }
    out.section(STRIDES[9], first as usize);
    for id in effects.pin_calls.iter().flat_map(|call| &call.ids) {
        let id = out.text(id);
        out.record(&[id]);
    }
    out.section(STRIDES[10], effects.widget_ids_allocated.len() + effects.widget_ids_freed.len());
    for (ids, is_freed) in [(&effects.widget_ids_allocated, 0), (&effects.widget_ids_freed, 1)] {
        for id in ids {
            out.record(&[id.cast_unsigned(), is_freed]);
        }
    }
    out.section(STRIDES[11], effects.pending_packages.len());
    for (package, profile) in &effects.pending_packages {
        let ([low, high], package) = (halves(*profile), out.text(package));
        out.record(&[package, low, high]);
    }
}

/// Position of a value in its closed list; the lists above hold every value.
fn position<T: PartialEq>(values: &[T], value: T) -> u32 {
    values.iter().position(|known| *known == value).unwrap_or_default() as u32
}

/// Words of each record that are numbers of texts, by section; what a kind of item has beyond is in [`check`].
const TEXTS: [&[usize]; 12] =
    [&[5, 6], &[], &[12, 15], &[], &[1, 13], &[0], &[0, 1, 4], &[1, 2], &[0], &[0], &[], &[0]];

/// Walks over every field of an answer as its reader does; how many items there are.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn check(bytes: &[u8]) -> Result<usize, WireError> {
    let all = Sections::read(bytes, MAGIC, &STRIDES)?;
    all.section(0).only()?;
    for (index, texts) in TEXTS.iter().enumerate() {
        for record in all.section(index).iter() {
            for at in *texts {
                record.text(&all, *at)?;
            }
        }
    }
    let kinds: [&[usize]; 6] = [&[18, 19, 20], &[21, 22, 23, 24], &[21, 22, 23, 24], &[], &[], &[25, 26, 27]];
    for item in all.section(ITEMS).iter() {
        item.one_of(3, "state", &STATE)?;
        let texts = item.one_of(2, "kind of an item", &kinds)?;
        if matches!(item.u32(2)?, APP | DEEP_SHORTCUT) {
            item.one_of(20, "source of an icon", &ICON)?;
        }
        for at in texts {
            item.text(&all, *at)?;
        }
    }
    let ranges = [(4, 9, 5), (4, 11, 6), (8, 3, 9)];
    for (section, at, other) in ranges {
        for record in all.section(section).iter() {
            let end = u64::from(record.u32(at)?) + u64::from(record.u32(at + 1)?);
            if end > all.section(other).len() as u64 {
                return Err(WireError::Range { at, what: "range of records" });
            }
        }
    }
    Ok(all.section(ITEMS).len())
}
