//! The phases of a load in order (B.2): rows, titles, deletions, folders, restored rows, clean-up.
//!
//! The rules themselves are in `app`, `widget`, `collection` and `placement`; here is their order and what stands when a row
//! fails: a write that was made, a mark, a widget id. Nothing is executed.

use std::borrow::Cow;
use std::sync::Arc;

use super::app::{
    AppRow, Ended, IconBase, Parsed, TYPE_APP, TYPE_DEEP_SHORTCUT, Target, holds, read_intent, stored_icon,
};
use super::collection::{self, TYPE_FOLDER, TYPE_PAIR};
use super::input::{CancelAt, LoadInput, LoadRow};
use super::labels::{Labels, TitleRequest, cache_component, trim};
use super::model::{Icon, IconSource, Item, ItemId, ItemKind, LoadedModel};
use super::mutants::{self, Mutation};
use super::outcome::{DbAction, Decision, DeleteReason, LoadEnd, LoadOutcome, RowFault, SweepStep, Verdict};
use super::pinned;
use super::placement::{Grid, Occupancy, Place, Placement};
use super::rules::Rule;
use super::sanitise::{self, Table};
use super::stand::Stand;
use super::widget::{TYPE_CUSTOM_WIDGET, TYPE_WIDGET, WidgetHost, WidgetRow};
use crate::first_screen::{self, ActiveSession};
use crate::folder::FolderGrid;
use crate::hash::FastMap;
use crate::intent::{Intent, Text};
use crate::platform::{Activity, PlatformIndex, ProfileSerial};

/// Runs one load.
///
/// ```
/// # use ferrule_launcher_model::compat::{load, BuildFlags, CancelAt, LoadInput};
/// # use ferrule_launcher_model::compat::placement::Grid;
/// # use ferrule_launcher_model::platform::PlatformSnapshot;
/// let outcome = load(&LoadInput {
///     rows: &[],
///     grid: Grid { columns: 4, rows: 6, hotseat: 4, search_columns: 4, folder: (4, 4) },
///     flags: BuildFlags::default(),
///     platform: &PlatformSnapshot::default(),
///     prior_load_pinned: false,
///     cancel_at: CancelAt::Never,
///     is_current_file: true,
/// });
/// assert!(outcome.decisions.is_empty());
/// ```
pub fn load(input: &LoadInput<'_>) -> LoadOutcome {
    load_with(input, &PlatformIndex::new(input.platform, input.flags.support_archiving))
}

/// [`load()`] with a platform that is indexed already, for several loads of one snapshot. The index must be that of the
/// input's platform and archiving flag; it is the index that is asked.
pub fn load_with(input: &LoadInput<'_>, index: &PlatformIndex<'_>) -> LoadOutcome {
    let mut rows: Vec<&LoadRow> = input.rows.iter().collect();
    rows.sort_by_key(|row| row.row_id);
    let mut loader = Loader::new(input, index, rows.len());
    for row in &rows {
        loader.process(row, Stand::of(row), None);
    }
    loader.labels.answer_requests(&mut loader.outcome.model);
    if input.cancel_at == CancelAt::BeforeCommit {
        return loader.cancel();
    }
    loader.finish(&rows)
}

/// A row for [`load_both`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'a, 'i> {
    pub row: &'a LoadRow,
    /// What its intent reads as, where the caller knows.
    pub intent: Option<&'i Parsed>,
    /// Whether it takes part in the second load.
    pub is_named: bool,
}

/// Two loads of the same rows, which come by ascending row id: of all as they are, and of the named ones each on a page of
/// its own, 1x1, where nothing can be in its way. What an app's target deserves does not depend on where the row stands,
/// so it is decided once. Neither is stopped; the second is of no file, so nothing is cleaned up after it.
pub(crate) fn load_both(
    input: &LoadInput<'_>,
    index: &PlatformIndex<'_>,
    rows: &[Given<'_, '_>],
) -> (LoadOutcome, LoadOutcome) {
    let as_stored = LoadInput { cancel_at: CancelAt::Never, is_current_file: true, ..*input };
    let one_cell = Grid { columns: 1, rows: 1, ..input.grid };
    let by_itself = LoadInput { grid: one_cell, is_current_file: false, ..as_stored };
    let mut legacy = Loader::new(&as_stored, index, rows.len());
    let mut alone = Loader::new(&by_itself, index, rows.len());
    let mut page = 0_i32;
    for given in rows {
        let row = given.row;
        let target = is_icon(row).then(|| legacy.target(row, given.intent));
        if given.is_named {
            page = page.saturating_add(1);
            legacy.process(row, Stand::legacy(row), target.clone());
            alone.process(row, Stand::alone(row, page, index.snapshot().current_profile), target);
        } else {
            legacy.process(row, Stand::legacy(row), target);
        }
    }
    for loader in [&mut legacy, &mut alone] {
        loader.labels.answer_requests(&mut loader.outcome.model);
    }
    let stored: Vec<&LoadRow> = rows.iter().map(|given| given.row).collect();
    (legacy.finish(&stored), alone.finish(&[]))
}

/// Whether a row is an app's or a shortcut's that can be read: the ones whose intent is always looked at.
pub(crate) fn is_icon(row: &LoadRow) -> bool {
    matches!(row.item_type, TYPE_APP | TYPE_DEEP_SHORTCUT) && !row.is_unreadable
}

struct Loader<'a> {
    input: &'a LoadInput<'a>,
    index: &'a PlatformIndex<'a>,
    /// Profiles whose pinned shortcuts are known (B.2.5).
    unlocked: FastMap<ProfileSerial, bool>,
    occupancy: Occupancy,
    labels: Labels<'a>,
    host: WidgetHost,
    deleted: Vec<ItemId>,
    restored: Vec<ItemId>,
    outcome: LoadOutcome,
}

impl<'a> Loader<'a> {
    fn new(input: &'a LoadInput<'a>, index: &'a PlatformIndex<'a>, rows: usize) -> Self {
        let unlocked = index
            .snapshot()
            .profiles
            .iter()
            .map(|profile| {
                // A failed query counts as locked.
                (profile.serial, profile.unlocked.is_yes() && profile.pinned_query.counts_as_success())
            })
            .collect();
        let reserved = pinned::row_is_reserved(&input.flags, input.prior_load_pinned);
        let host = WidgetHost::new(index.snapshot().widgets.next_id);
        Self {
            input,
            index,
            unlocked,
            occupancy: Occupancy::new(input.grid, reserved),
            labels: Labels::new(index, input.flags.support_archiving, rows),
            host,
            deleted: Vec::new(),
            restored: Vec::new(),
            outcome: LoadOutcome { decisions: Vec::with_capacity(rows), ..LoadOutcome::default() },
        }
    }

    fn model(&mut self) -> &mut LoadedModel {
        &mut self.outcome.model
    }

    /// Takes one row in; `target` is what [`Loader::target`] says of an app's or a shortcut's row, where it is known already.
    fn process(&mut self, row: &'a LoadRow, stand: Stand, target: Option<Result<Target<'a>, Ended>>) {
        let id = row.id();
        let (verdict, rule) = match self.decide(row, stand, target) {
            Ok(rule) => (Verdict::Accept, rule),
            Err(ended) => (ended.verdict, ended.rule),
        };
        if let Verdict::Delete(_) = verdict {
            self.deleted.push(id);
        }
        self.outcome.decisions.push(Decision { id, verdict, rule });
    }

    /// B.3 for one row, B.4, registration.
    fn decide(
        &mut self,
        row: &'a LoadRow,
        stand: Stand,
        target: Option<Result<Target<'a>, Ended>>,
    ) -> Result<Rule, Ended> {
        if row.is_unreadable {
            return Err(Ended::zombie(Rule::TypeUnknown, RowFault::Unreadable));
        }
        let known = self.unlocked.contains_key(&ProfileSerial::from(stand.profile));
        if holds(Rule::ProfileUnknown, !known) {
            return Err(Ended::delete(Rule::ProfileUnknown, DeleteReason::ProfileDeleted));
        }
        match row.item_type {
            TYPE_APP | TYPE_DEEP_SHORTCUT => {
                let target = target.unwrap_or_else(|| self.target(row, None))?;
                self.app(row, stand, target)
            }
            TYPE_FOLDER | TYPE_PAIR => self.folder_or_pair(row, stand),
            TYPE_WIDGET | TYPE_CUSTOM_WIDGET => self.widget(row, stand),
            _ if holds(Rule::TypeUnknown, true) => {
                Err(Ended::zombie(Rule::TypeUnknown, RowFault::UnknownType))
            }
            _ => Err(Ended::delete(Rule::TypeUnknown, DeleteReason::ProfileDeleted)),
        }
    }

    /// What the target of an app's or a shortcut's row deserves, wherever the row stands.
    fn target(&self, row: &'a LoadRow, intent: Option<&Parsed>) -> Result<Target<'a>, Ended> {
        let unlocked = self.unlocked.get(&ProfileSerial::from(row.profile)).copied().unwrap_or(false);
        let intent = match intent {
            Some(known) => known.clone(),
            None => read_intent(row),
        };
        let mut app = AppRow::new(row, intent, self.index, &self.input.flags, unlocked)?;
        let base = app.decide();
        Ok(Target { app, base })
    }

    fn app(&mut self, row: &'a LoadRow, stand: Stand, target: Target<'a>) -> Result<Rule, Ended> {
        let Target { mut app, base } = target;
        // Writes, marks and the pending set stand whatever becomes of the row.
        self.outcome.actions.append(&mut app.writes);
        if app.marked_restored {
            self.restored.push(row.id());
        }
        if app.pending {
            self.outcome.pending_packages.insert((app.target.to_string(), app.profile));
        }
        // A promise's picture is looked up before its bits are found wrong; archived apps of that package show it then.
        if let Err(Ended { verdict: Verdict::Zombie(RowFault::RestoreType(_)), .. }) = &base
            && stored_icon(row).is_none()
        {
            self.labels.look_up(&app.intent, app.profile);
        }
        let base = base?;
        let rule = app.item_rule;
        let (title, icon) = self.title_and_icon(&app, &base);
        if let IconBase::Pinned(shortcut) = base {
            app.intent =
                Arc::new(Intent::deep_shortcut(&shortcut.package, shortcut.activity.clone(), &shortcut.id));
        }
        let runtime = app.run_time_flags(&base);
        let is_deep = row.item_type == TYPE_DEEP_SHORTCUT;
        let lacks_id = is_deep && app.shortcut_id().is_none();
        let icon = Box::new(Icon {
            intent: app.intent,
            status: app.restored,
            runtime,
            progress: app.progress,
            icon,
        });
        let kind = if is_deep { ItemKind::DeepShortcut(icon) } else { ItemKind::App(icon) };
        let mut item = item_of(row, stand, app.profile, title, kind);
        item.rank = row.rank;
        if !is_deep {
            self.request_title(&item, row, app.activity);
        }
        // C2: the key of a promise is built last.
        if holds(Rule::DeepNoId, lacks_id) {
            return Err(Ended::zombie(Rule::DeepNoId, RowFault::ShortcutIdMissing));
        }
        self.place_and_register(item)?;
        if !is_deep {
            self.labels.accept_last();
        }
        Ok(rule)
    }

    fn request_title(&mut self, item: &Item, row: &LoadRow, activity: Option<&'a Activity>) {
        let Some(icon) = item.icon() else { return };
        // The activity is the one of the intent's component.
        let component = match activity {
            Some(activity) => Some(Cow::Borrowed(&activity.component)),
            None => cache_component(&icon.intent, icon.target_package()).map(Cow::Owned),
        };
        self.labels.request(TitleRequest {
            id: item.id,
            profile: item.profile,
            component,
            low_resolution: !item.is_on_workspace(),
            activity,
            title: item.title.clone(),
            icon: icon.icon,
            has_stored_icon: row.has_icon,
            is_accepted: false,
        });
    }

    /// What is known of title and picture before the bulk request.
    fn title_and_icon(&mut self, app: &AppRow<'_>, base: &IconBase<'_>) -> (Option<Text>, IconSource) {
        let row = app.row;
        let stored = trim(row.title.as_deref().unwrap_or_default());
        match base {
            IconBase::App => (Some(Text::default()), IconSource::Low),
            IconBase::Pinned(shortcut) => {
                (shortcut.short_label.as_ref().map(Text::from), IconSource::Shortcut)
            }
            IconBase::Locked => (Some(stored.into()), stored_icon(row).unwrap_or(IconSource::Default)),
            IconBase::Promise => {
                let (mut title, icon) = match stored_icon(row) {
                    Some(icon) => (None, icon),
                    None => {
                        let entry = self.labels.look_up(&app.intent, app.profile);
                        (Some(entry.title), entry.icon)
                    }
                };
                // C13: bit 1 takes the stored title if there is one; bit 2 alone only where the cache knows none.
                if app.restored.has(super::bits::IconRestore::RESTORED) {
                    if !stored.is_empty() {
                        title = Some(stored.into());
                    }
                } else if title.as_deref().unwrap_or_default().is_empty() {
                    title = Some(stored.into());
                }
                (title, icon)
            }
        }
    }

    fn folder_or_pair(&mut self, row: &'a LoadRow, stand: Stand) -> Result<Rule, Ended> {
        let pairs = self.input.flags.app_pairs;
        let kind = collection::claim(self.model(), row, pairs)?;
        let rule = if kind == ItemKind::AppPair { Rule::Pair } else { Rule::Folder };
        if row.restored != 0 && holds(rule, true) {
            self.restored.push(row.id());
        }
        // Their user in memory is the current one, whatever the row says.
        let title = row.title.as_ref().map(Text::from);
        let mut item = item_of(row, stand, self.index.snapshot().current_profile, title, kind);
        if rule == Rule::Pair {
            item.rank = row.rank;
        }
        self.place_and_register(item)?;
        Ok(rule)
    }

    fn widget(&mut self, row: &'a LoadRow, stand: Stand) -> Result<Rule, Ended> {
        let decided = WidgetRow::decide(row, stand, self.index, &self.input.flags, &mut self.host);
        let (widget, write, rule) = decided?;
        if widget.pending {
            self.labels.look_up_package(&widget.provider.package, ProfileSerial::from(row.profile));
        }
        self.outcome.actions.extend(write);
        let kind = ItemKind::Widget(Box::new(widget));
        let mut item = item_of(row, stand, ProfileSerial::from(row.profile), None, kind);
        item.span_x = stand.span_x;
        item.span_y = stand.span_y;
        self.place_and_register(item)?;
        Ok(rule)
    }

    fn place_and_register(&mut self, item: Item) -> Result<(), Ended> {
        let place = Place {
            container: item.container,
            screen: item.screen,
            cell_x: item.cell_x,
            cell_y: item.cell_y,
            span_x: item.span_x,
            span_y: item.span_y,
        };
        match self.occupancy.check(&place) {
            Placement::Accepted => {
                collection::register(self.model(), item).map_err(|ended| match ended.verdict {
                    Verdict::Zombie(fault) => Ended { verdict: Verdict::Adrift(fault), rule: ended.rule },
                    _ => ended,
                })
            }
            Placement::Rejected => Err(Ended::delete(Rule::Placement, DeleteReason::OverlappingItem)),
            Placement::Throws { index, length } => {
                Err(Ended::zombie(Rule::Placement, RowFault::HotseatIndex { index, length }))
            }
        }
    }

    fn take_widget_effects(&mut self) {
        self.outcome.bind_calls = std::mem::take(&mut self.host.bind_calls);
        self.outcome.widget_ids_allocated = std::mem::take(&mut self.host.allocated);
    }

    /// B.2.9, C22: stopped before the deletions. What was written row by row stays.
    fn cancel(mut self) -> LoadOutcome {
        self.take_widget_effects();
        self.outcome.model = LoadedModel::default();
        self.outcome.pending_packages.clear();
        self.outcome.end = LoadEnd::CancelledBeforeCommit;
        self.outcome
    }

    fn finish(mut self, rows: &[&LoadRow]) -> LoadOutcome {
        self.take_widget_effects();
        // B.2.10
        let deleted = std::mem::take(&mut self.deleted);
        let table = self.input.is_current_file.then(|| self.table(rows, &deleted));
        let has_deleted = !deleted.is_empty();
        if has_deleted {
            self.outcome.actions.push(DbAction::Delete(deleted));
        }
        // B.2.11
        collection::sort_folders(&mut self.outcome.model);
        let folder_grid = FolderGrid::new(self.input.grid.folder.0, self.input.grid.folder.1);
        self.labels.refresh_previews(&mut self.outcome.model, folder_grid);
        // B.2.12
        let restored = std::mem::take(&mut self.restored);
        if !restored.is_empty() {
            self.outcome.actions.push(DbAction::ClearRestored(restored));
        }
        if let Some(mut table) = table {
            self.sanitise(&mut table, has_deleted);
        }
        self.outcome.model.first_page_pinned = pinned::is_pinned_after(&self.input.flags);
        self.outcome.model.has_first_page = pinned::forces_first_page(&self.input.flags);
        self.broadcast();
        if self.input.cancel_at == CancelAt::AfterSanitise {
            self.outcome.end = LoadEnd::CancelledAfterSanitise;
        }
        self.outcome
    }

    /// The rows as the clean-up finds them.
    fn table(&self, rows: &[&LoadRow], deleted: &[ItemId]) -> Table {
        let mut table = Table::new(rows.iter().copied());
        for action in &self.outcome.actions {
            if let DbAction::SetWidget { id, widget_id, .. } = action {
                table.set_widget_id(*id, *widget_id);
            }
        }
        table.delete(deleted);
        table
    }

    /// B.5.
    fn sanitise(&mut self, table: &mut Table, has_deleted: bool) {
        let outcome = &mut self.outcome;
        // B.5.1 runs only if the load phase deleted something.
        for step in SweepStep::ALL.into_iter().skip(usize::from(!has_deleted)) {
            let ids = match mutants::holds(Mutation::Sweep(step), true) {
                true => table.sweep(step),
                false => Vec::new(),
            };
            collection::forget(&mut outcome.model, &ids);
            outcome.swept.extend(ids.iter().map(|id| (*id, step)));
            outcome.actions.push(DbAction::Sweep(step, ids));
        }
        // B.5.4: the step runs all the same when the query fails, and frees nothing.
        if let Some(host_ids) = &self.index.snapshot().widgets.host_ids {
            let ids: Vec<i32> = host_ids.iter().chain(&outcome.widget_ids_allocated).copied().collect();
            outcome.widget_ids_freed = table.ghost_widgets(&ids);
        }
        outcome.actions.push(DbAction::FreeGhostWidgets(outcome.widget_ids_freed.clone()));
        // B.5.5
        outcome.pin_calls = sanitise::pin_calls(&outcome.model, self.index.snapshot());
        // B.5.6
        outcome.waits_for_boot =
            !self.index.snapshot().boot_completed.is_yes() && !outcome.pending_packages.is_empty();
    }

    /// B.8. A session without an installer is not verified, so the error cannot arise here.
    fn broadcast(&mut self) {
        let sessions: Vec<ActiveSession<'_>> = self
            .index
            .sessions()
            .map(|session| ActiveSession {
                package: &session.package,
                installer: session.installer.as_deref(),
                profile: session.profile,
            })
            .collect();
        if sessions.is_empty() {
            return;
        }
        let items = first_screen::first_screen_items(&self.outcome.model);
        let broadcasts = first_screen::plain(&items, &sessions, self.index.snapshot().current_profile);
        self.outcome.broadcasts = broadcasts.unwrap_or_default();
    }
}

/// The properties that all items share; span 1x1, rank 0.
fn item_of(row: &LoadRow, stand: Stand, profile: ProfileSerial, title: Option<Text>, kind: ItemKind) -> Item {
    Item {
        id: row.id(),
        container: stand.container,
        screen: stand.screen,
        cell_x: stand.cell_x,
        cell_y: stand.cell_y,
        span_x: 1,
        span_y: 1,
        rank: 0,
        title,
        profile,
        kind,
    }
}
