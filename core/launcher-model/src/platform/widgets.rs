//! The widget side of the snapshot: providers, bound ids, the host's ids, the search component.
//!
//! Not here: what a widget row becomes (`compat`), nor any size calculation; minimum spans arrive in cells.

use super::{Answer, ProfileSerial};
use crate::intent::ComponentName;

/// One widget provider of one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WidgetProvider {
    /// The provider.
    pub component: ComponentName,
    /// The profile.
    pub profile: ProfileSerial,
    /// The configuration activity, if it has one.
    pub configure: Option<ComponentName>,
    /// Smallest width and height in cells of the current grid.
    pub min_span: (i32, i32),
}

/// What `AppWidgetManager` knows of one widget id of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundWidget {
    /// The widget id.
    pub id: i32,
    /// Its provider, with configuration activity and spans.
    pub provider: WidgetProvider,
    /// The option that the framework sets when it has restored the widget.
    pub restore_completed: bool,
}

/// Everything about widgets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WidgetPlatform {
    /// Installed providers; `None` when listing them threw.
    pub providers: Option<Vec<WidgetProvider>>,
    /// Providers by widget id.
    pub bound: Vec<BoundWidget>,
    /// Ids that belong to our host; `None` when the query failed.
    pub host_ids: Option<Vec<i32>>,
    /// Whether `bindAppWidgetIdIfAllowed` succeeds without asking the user.
    pub bind_allowed: Answer,
    /// The launcher's own widgets (id ≤ −100).
    pub custom: Vec<ComponentName>,
    /// The current search widget's provider.
    pub search_component: Option<ComponentName>,
    /// The id that the host hands out next.
    pub next_id: i32,
}
