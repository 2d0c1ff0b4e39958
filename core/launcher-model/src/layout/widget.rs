//! Widgets: pending ones of the auto-installs dialect, bound ones of the default dialect, the unusable search widget.
//!
//! A widget without a component is skipped before its children are read, so its `extra`s become top-level elements and
//! lose the layout (MORE L4). A bound widget's id is given back only if binding is refused (L11).

use crate::intent::{ComponentName, Extra, HashOrdered, Intent};

use super::attributes::Document;
use super::error::LayoutError;
use super::parser::Session;
use super::platform::HostFailure;
use super::report::WidgetBind;
use super::row::Cell;
use super::xml::Event;

const TYPE_WIDGET: i32 = 4;
/// A.4: id not valid, provider not ready, bind with the extras in `intent`.
const PENDING: i32 = 1 | 2 | 32;
const ACTION_CONFIGURE: &str = "com.android.launcher.action.APPWIDGET_DEFAULT_WORKSPACE_CONFIGURE";
const EXTRA_WIDGET_ID: &str = "appWidgetId";

impl From<&HostFailure> for LayoutError {
    fn from(failure: &HostFailure) -> Self {
        Self::Refused { class: failure.class.clone(), message: failure.message.clone() }
    }
}

impl Session<'_> {
    pub(super) fn read_pending_widget(
        &mut self,
        document: &mut Document<'_>,
    ) -> Result<Option<i32>, LayoutError> {
        let Some(provider) = component(document) else { return Ok(None) };
        let extras = self.read_widget(document)?;
        self.draft.row.app_widget_provider = Some(provider.to_full_text());
        self.draft.row.restored = PENDING;
        if !extras.is_empty() {
            self.draft.row.intent = Some(Intent { extras, ..Intent::default() }.to_uri());
        }
        Ok(Some(self.insert()))
    }

    pub(super) fn read_bound_widget(
        &mut self,
        document: &mut Document<'_>,
    ) -> Result<Option<i32>, LayoutError> {
        let Some(wanted) = component(document) else { return Ok(None) };
        let extras = self.read_widget(document)?;
        let canonical =
            ComponentName::new(self.platform.canonical_package(&wanted.package), wanted.class.as_str());
        let known = |component: &ComponentName| self.platform.receivers.contains(component);
        let Some(provider) = [wanted, canonical].into_iter().find(known) else { return Ok(None) };
        let host = &self.platform.widget_host;
        if let Some(failure) = &host.allocation_failure {
            self.log("Problem allocating appWidgetId", failure.into());
            return Ok(None);
        }
        let id = host.next_id.wrapping_add(self.allocated_widgets);
        self.allocated_widgets += 1;
        let bound = !host.refuses_all && !host.refused.contains(&provider);
        self.report.binds.push(WidgetBind { id, provider: provider.to_full_text(), bound });
        if !bound {
            self.report.freed_widget_ids.push(id);
            return Ok(None);
        }
        self.draft.row.app_widget_id = id;
        self.draft.row.app_widget_provider = Some(provider.to_full_text());
        let inserted = self.insert();
        if !extras.is_empty() {
            let mut intent = Intent {
                action: Some(ACTION_CONFIGURE.into()),
                component: Some(provider),
                extras,
                ..Intent::default()
            };
            intent.extras.insert(EXTRA_WIDGET_ID, Extra::Int(id));
            self.report.broadcasts.push(intent.to_uri());
        }
        Ok(Some(inserted))
    }

    /// Reads a field that nothing has set and fails, unless the device has no search component at all (L5, J.28).
    pub(super) fn read_search_widget(
        &mut self,
        document: &mut Document<'_>,
    ) -> Result<Option<i32>, LayoutError> {
        if self.platform.search_component.is_none() {
            return Ok(None);
        }
        self.read_widget(document)?;
        Err(LayoutError::SearchWidget)
    }

    /// Spans and extras; leaves the reader at the widget's end.
    fn read_widget(&mut self, document: &mut Document<'_>) -> Result<HashOrdered<Extra>, LayoutError> {
        self.draft.row.span_x = Cell::integer_column(document.attribute("spanX").as_deref());
        self.draft.row.span_y = Cell::integer_column(document.attribute("spanY").as_deref());
        self.draft.row.item_type = TYPE_WIDGET;
        let mut extras = HashOrdered::default();
        let depth = document.reader.depth();
        loop {
            match document.reader.next_event()? {
                Event::Start if document.reader.name() == "extra" => {
                    let (Some(key), Some(value)) = (document.attribute("key"), document.attribute("value"))
                    else {
                        return Err(LayoutError::WidgetExtra);
                    };
                    extras.insert(key, Extra::String(value.into()));
                }
                Event::Start => return Err(LayoutError::WidgetChild),
                Event::End if document.reader.depth() > depth => {}
                Event::End => return Ok(extras),
                Event::EndOfDocument => return Err(LayoutError::Truncated("appwidget".to_owned())),
            }
        }
    }
}

fn component(document: &Document<'_>) -> Option<ComponentName> {
    Some(ComponentName::new(document.non_empty("packageName")?, document.non_empty("className")?))
}
