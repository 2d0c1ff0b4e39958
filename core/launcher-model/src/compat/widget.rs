//! The row decision for widgets (B.3, widget rows 1–13).
//!
//! A widget's bits describe how far it has come since a restore; the load tries to bring it further: find the provider,
//! allocate an id, bind it silently. Allocations and binds are returned, not made. Not here: placement, and freeing ids.

use std::collections::HashMap;

use super::app::{Ended, holds, parse_intent};
use super::bits::WidgetRestore;
use super::flags::percent;
use super::input::{BuildFlags, LoadRow};
use super::model::Widget;
use super::outcome::{BindCall, DbAction, DeleteReason, RowFault};
use super::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT};
use super::rules::Rule;
use super::stand::Stand;
use crate::intent::ComponentName;
use crate::platform::{PlatformIndex, ProfileSerial, WidgetProvider};

/// Ids at or below this are the launcher's own widgets (A.1).
pub const CUSTOM_WIDGET_ID: i32 = -100;
/// Option bit of a search widget (A.5).
pub(super) const OPTION_SEARCH: i32 = 1;
/// Item type of a widget.
pub(crate) const TYPE_WIDGET: i32 = 4;
/// Item type of a widget of the launcher's own.
pub(crate) const TYPE_CUSTOM_WIDGET: i32 = 5;

/// What widget rows share: the ids that the host has given out in this load.
#[derive(Debug, Default)]
pub(super) struct WidgetHost {
    next_id: i32,
    pub allocated: Vec<i32>,
    pub bind_calls: Vec<BindCall>,
    /// Providers of the ids that this load bound.
    bound: HashMap<i32, (ComponentName, ProfileSerial)>,
}

impl WidgetHost {
    /// A host that hands out ids from `next_id` on.
    pub(super) fn new(next_id: i32) -> Self {
        Self { next_id, ..Self::default() }
    }
}

/// A provider as far as the decision needs it.
#[derive(Debug, Clone)]
struct Found {
    component: ComponentName,
    has_configure: bool,
    min_span: (i32, i32),
}

impl Found {
    fn of(provider: &WidgetProvider) -> Self {
        Self {
            component: provider.component.clone(),
            has_configure: provider.configure.is_some(),
            min_span: provider.min_span,
        }
    }
}

/// A widget row on its way through the table.
pub(super) struct WidgetRow<'a, 'h> {
    row: &'a LoadRow,
    stand: Stand,
    platform: &'a PlatformIndex<'a>,
    flags: &'a BuildFlags,
    host: &'h mut WidgetHost,
    profile: ProfileSerial,
    /// The row's own provider: written back, and the key of its session.
    component: ComponentName,
    widget: Widget,
    found: Option<Found>,
    /// Why the provider is missing.
    reason: DeleteReason,
    update: bool,
}

impl<'a, 'h> WidgetRow<'a, 'h> {
    /// Decides one row; the widget and the write that goes with it, or the end of the row.
    pub(super) fn decide(
        row: &'a LoadRow,
        stand: Stand,
        platform: &'a PlatformIndex<'a>,
        flags: &'a BuildFlags,
        host: &'h mut WidgetHost,
    ) -> Result<(Widget, Option<DbAction>, Rule), Ended> {
        // 1: provider NULL or malformed.
        let component = row.provider.as_deref().and_then(ComponentName::parse);
        if holds(Rule::Widget1Provider, component.is_none()) {
            let fault =
                if row.provider.is_none() { RowFault::ProviderNull } else { RowFault::ProviderMalformed };
            return Err(Ended::zombie(Rule::Widget1Provider, fault));
        }
        let component = component.unwrap_or_else(|| ComponentName::new("", ""));
        let restore = WidgetRestore(row.restored);
        let widget = Widget {
            widget_id: row.widget_id,
            is_custom: row.widget_id <= CUSTOM_WIDGET_ID,
            provider: component.clone(),
            restore,
            options: row.options,
            install_progress: -1,
            min_span: (1, 1),
            pending: false,
            source: row.source,
            bind_options: None,
        };
        let mut this = Self {
            row,
            stand,
            platform,
            flags,
            host,
            profile: ProfileSerial::from(row.profile),
            component,
            widget,
            found: None,
            reason: DeleteReason::UnspecifiedWidgetInflationResult,
            update: false,
        };
        let rule = this.run()?;
        let write = this.update.then(|| DbAction::SetWidget {
            id: row.id(),
            widget_id: this.widget.widget_id,
            provider: this.component.to_full_text(),
            restored: this.widget.restore.0,
        });
        Ok((this.widget, write, rule))
    }

    fn run(&mut self) -> Result<Rule, Ended> {
        let (row, stand) = (self.row, self.stand);
        // 2: span.
        if holds(Rule::Widget2Size, stand.span_x <= 0 || stand.span_y <= 0) {
            return Err(Ended::delete(Rule::Widget2Size, DeleteReason::InvalidWidgetSize));
        }
        // 3: container.
        if holds(Rule::Widget3Container, !matches!(stand.container, CONTAINER_DESKTOP | CONTAINER_HOTSEAT)) {
            return Err(Ended::delete(Rule::Widget3Container, DeleteReason::InvalidWidgetContainer));
        }
        // The extras for row 9 are read before anything else is asked, whatever comes of them.
        if self.widget.restore.has(WidgetRestore::DIRECT_CONFIG) {
            self.widget.bind_options = parse_intent(row)?;
        }
        // 4: a search widget shows the current search component.
        if holds(Rule::Widget4Search, row.options & OPTION_SEARCH != 0) {
            match &self.platform.snapshot().widgets.search_component {
                Some(search) => self.widget.provider = search.clone(),
                None => return Err(Ended::delete(Rule::Widget4Search, DeleteReason::NoSearchWidget)),
            }
        }
        // 5: safe mode: pending, nothing is looked up.
        if holds(Rule::Widget5SafeMode, self.platform.snapshot().safe_mode) {
            return self.pending();
        }
        self.find_provider();
        self.restore_steps()?;
        if self.widget.restore.is_empty() {
            // 11: no provider. The reason is always "unspecified".
            if holds(Rule::Widget11NoProvider, self.found.is_none()) {
                let reason = DeleteReason::UnspecifiedWidgetInflationResult;
                return Err(Ended::delete(Rule::Widget11NoProvider, reason));
            }
            // 12: a real widget.
            if holds(Rule::Widget12Real, true) {
                if let Some(found) = &self.found {
                    self.widget.min_span = found.min_span;
                }
                return Ok(Rule::Widget12Real);
            }
        }
        self.pending()
    }

    /// Rows 6 and 7.
    fn find_provider(&mut self) {
        if self.widget.restore.has(WidgetRestore::ID_NOT_VALID) {
            self.found = match holds(Rule::Widget6ByComponent, self.flags.widgets) {
                true => self.platform.provider(&self.widget.provider, self.profile).map(Found::of),
                false => None,
            };
            if self.found.is_none() {
                self.reason = match self.flags.widgets {
                    true => DeleteReason::MissingWidgetProvider,
                    false => DeleteReason::WidgetsDisabled,
                };
            } else if self.widget.restore.has(WidgetRestore::PROVIDER_NOT_READY) {
                self.widget.restore = self.widget.restore.without(WidgetRestore::PROVIDER_NOT_READY);
                self.update = true;
            }
        } else {
            self.found = if holds(Rule::Widget7ById, true) { self.find_by_id() } else { None };
            if self.found.is_none() {
                self.reason = match self.widget.widget_id <= CUSTOM_WIDGET_ID {
                    true => DeleteReason::InvalidCustomWidgetId,
                    false => DeleteReason::InvalidWidgetId,
                };
            }
        }
    }

    fn find_by_id(&self) -> Option<Found> {
        let id = self.widget.widget_id;
        if id <= CUSTOM_WIDGET_ID {
            let custom = &self.platform.snapshot().widgets.custom;
            return custom.contains(&self.widget.provider).then(|| Found {
                component: self.widget.provider.clone(),
                has_configure: false,
                min_span: (1, 1),
            });
        }
        if let Some((component, profile)) = self.host.bound.get(&id) {
            return self.platform.provider(component, *profile).map(Found::of);
        }
        // The provider of the id is taken as it is, also if it is not the row's.
        self.platform.bound_widget(id).map(|bound| Found::of(&bound.provider))
    }

    /// Rows 8 to 10, only once the provider is ready and something is left to do.
    fn restore_steps(&mut self) -> Result<(), Ended> {
        let restore = self.widget.restore;
        if restore.has(WidgetRestore::PROVIDER_NOT_READY) || restore.is_empty() {
            return Ok(());
        }
        // 8: no provider.
        let Some(found) = self.found.clone() else {
            return match holds(Rule::Widget8Missing, true) {
                true => Err(Ended::delete(Rule::Widget8Missing, self.reason)),
                false => Ok(()),
            };
        };
        if restore.has(WidgetRestore::ID_NOT_VALID) {
            // 9: allocate an id once and try to bind it.
            if holds(Rule::Widget9Bind, !restore.has(WidgetRestore::ID_ALLOCATED)) {
                self.allocate_and_bind(&found)?;
            }
        } else if restore.has(WidgetRestore::UI_NOT_READY) {
            // 10: only if bit 1 is clear (C7).
            let restored =
                || self.platform.bound_widget(self.widget.widget_id).is_some_and(|b| b.restore_completed);
            if holds(Rule::Widget10NoConfigure, !found.has_configure)
                || (found.has_configure && holds(Rule::Widget10Restored, restored()))
            {
                self.widget.restore = WidgetRestore::default();
                self.update = true;
            }
        }
        Ok(())
    }

    /// Row 9.
    fn allocate_and_bind(&mut self, found: &Found) -> Result<(), Ended> {
        let id = self.host.next_id;
        self.host.next_id = id.wrapping_add(1);
        self.host.allocated.push(id);
        self.widget.widget_id = id;
        self.widget.restore = self.widget.restore.union(WidgetRestore::ID_ALLOCATED);
        let direct = self.widget.restore.has(WidgetRestore::DIRECT_CONFIG);
        // C6: without extras the id just allocated leaks.
        let lacks_extras = self.widget.bind_options.as_ref().is_some_and(|intent| intent.extras.is_empty());
        if holds(Rule::Widget9NoExtras, direct && lacks_extras) {
            return Err(Ended::zombie(Rule::Widget9NoExtras, RowFault::BindExtrasMissing));
        }
        let bound = self.platform.snapshot().widgets.bind_allowed.is_yes();
        self.host.bind_calls.push(BindCall {
            widget_id: id,
            provider: found.component.clone(),
            profile: self.profile,
            bound,
        });
        self.widget.bind_options = None;
        self.widget.restore = self.widget.restore.without(WidgetRestore::DIRECT_CONFIG);
        if bound {
            self.host.bound.insert(id, (found.component.clone(), self.profile));
            self.widget.restore = match !found.has_configure || direct {
                true => WidgetRestore::default(),
                false => WidgetRestore::UI_NOT_READY,
            };
        }
        self.update = true;
        Ok(())
    }

    /// Row 13. Both tests of bit 8 look at the bit as the row has it (C8).
    fn pending(&mut self) -> Result<Rule, Ended> {
        let started = WidgetRestore(self.row.restored).has(WidgetRestore::STARTED);
        let session = self.platform.session(&self.component.package, self.profile);
        let archived = || {
            self.flags.support_archiving
                && self
                    .platform
                    .app_flags(&self.component.package, self.profile)
                    .is_some_and(|app| app.archived)
        };
        let never_started = !started
            && !self.platform.snapshot().safe_mode
            && session.is_none()
            && self.found.is_none()
            && !archived();
        if holds(Rule::Widget13NeverStarted, never_started) {
            return Err(Ended::delete(Rule::Widget13NeverStarted, DeleteReason::UnrestoredPendingWidget));
        }
        let mut rule = Rule::Widget13Pending;
        if holds(Rule::Widget13Session, !started && session.is_some()) {
            self.widget.restore = self.widget.restore.union(WidgetRestore::STARTED);
            self.update = true;
            rule = Rule::Widget13Session;
        }
        self.widget.install_progress = session.map_or(0, |session| percent(session.progress));
        self.widget.pending = true;
        Ok(rule)
    }
}
