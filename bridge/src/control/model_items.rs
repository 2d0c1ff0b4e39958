//! The items of a load as records, for tools and tests, and to measure them beside the packed form.

use ferrule_launcher_model::compat::model::{Icon, Item, ItemKind, Widget};
use ferrule_launcher_model::home::Loaded;
use ferrule_launcher_model::safe::{RowOutcome, RowTarget, SafeOutcome};

use super::model_report::ItemState;

/// What an app's or a shortcut's icon knows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IconFacts {
    /// State bits that are stored.
    pub status: i32,
    /// State bits at run time.
    pub runtime: i32,
    /// Progress in percent.
    pub progress: i32,
    /// Where the picture comes from.
    pub source: String,
    /// The package that the intent is limited to.
    pub intent_package: Option<String>,
    /// Package of the component.
    pub package: Option<String>,
    /// Class of the component.
    pub class_name: Option<String>,
}

/// What a widget knows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct WidgetFacts {
    /// The host's id.
    pub widget_id: i32,
    /// State bits.
    pub restore: i32,
    /// Option bits.
    pub options: i32,
    /// Progress in percent, −1 for a real widget.
    pub install_progress: i32,
    /// Least width in cells.
    pub min_span_x: i32,
    /// Least height in cells.
    pub min_span_y: i32,
    /// A placeholder is shown.
    pub pending: bool,
    /// Where it was added from.
    pub source: i32,
    /// Package of the provider.
    pub package: String,
    /// Class of the provider.
    pub class_name: String,
}

/// What an item names that is not shown as what it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TargetFacts {
    /// The package that the intent is limited to.
    pub intent_package: Option<String>,
    /// Package of the activity, or of the widget's provider.
    pub package: Option<String>,
    /// Class of the activity, or of the widget's provider.
    pub class_name: Option<String>,
}

/// One item of a load.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct HomeItem {
    /// Its number.
    pub id: i64,
    /// Where it ended.
    pub state: ItemState,
    /// The code that stands for it.
    pub code: String,
    /// Its type.
    pub item_type: i32,
    /// Container.
    pub container: i32,
    /// Page, or dock index.
    pub screen: i32,
    /// Column.
    pub cell_x: i32,
    /// Row.
    pub cell_y: i32,
    /// Width.
    pub span_x: i32,
    /// Height.
    pub span_y: i32,
    /// Order in a collection.
    pub rank: i32,
    /// Label.
    pub title: Option<String>,
    /// Serial of its profile.
    pub profile: i64,
    /// Set for apps and shortcuts that are live.
    pub icon: Option<IconFacts>,
    /// Set for widgets that are live.
    pub widget: Option<WidgetFacts>,
    /// Option bits of a folder.
    pub folder_options: Option<i32>,
    /// Set for items that are not live.
    pub target: Option<TargetFacts>,
    /// The numbers of what it holds, in order.
    pub contents: Vec<i64>,
}

/// Every item of a load, by its number.
pub(super) fn items(loaded: &Loaded) -> Vec<HomeItem> {
    loaded.outcome.rows.iter().map(|row| item(&loaded.outcome, row)).collect()
}

fn item(outcome: &SafeOutcome, row: &RowOutcome) -> HomeItem {
    let id = i32::try_from(row.row_id).ok();
    let live = id.and_then(|id| outcome.items.get(&id));
    let contents = id.and_then(|id| outcome.contents.get(&id)).into_iter().flatten();
    let contents = contents.map(|child| i64::from(*child)).collect();
    let mut facts = HomeItem {
        id: row.row_id,
        state: row.state.into(),
        code: row.code().to_owned(),
        item_type: row.item_type,
        container: row.left.container,
        screen: row.left.screen,
        cell_x: row.left.cell_x,
        cell_y: row.left.cell_y,
        span_x: row.left.span_x,
        span_y: row.left.span_y,
        rank: row.left.rank,
        title: row.title.clone(),
        profile: row.target.as_ref().map_or(0, |target| target.profile),
        icon: None,
        widget: None,
        folder_options: None,
        target: row.target.as_deref().map(target),
        contents,
    };
    if let Some(live) = live {
        fill(&mut facts, live);
    }
    facts
}

/// What a live item says of itself.
fn fill(facts: &mut HomeItem, live: &Item) {
    facts.item_type = live.type_number();
    (facts.container, facts.screen) = (live.container, live.screen);
    (facts.cell_x, facts.cell_y) = (live.cell_x, live.cell_y);
    (facts.span_x, facts.span_y) = (live.span_x, live.span_y);
    (facts.rank, facts.profile) = (live.rank, live.profile);
    facts.title = live.title.as_ref().map(ToString::to_string);
    match &live.kind {
        ItemKind::App(known) | ItemKind::DeepShortcut(known) => facts.icon = Some(icon(known)),
        ItemKind::Widget(known) => facts.widget = Some(widget(known)),
        ItemKind::Folder { options } => facts.folder_options = Some(*options),
        ItemKind::AppPair => {}
    }
}

fn target(target: &RowTarget) -> TargetFacts {
    let component = target.component.as_ref();
    TargetFacts {
        intent_package: target.package.as_deref().map(str::to_owned),
        package: component.map(|component| component.package.to_string()),
        class_name: component.map(|component| component.class.to_string()),
    }
}

fn icon(icon: &Icon) -> IconFacts {
    let component = icon.intent.component.as_ref();
    IconFacts {
        status: icon.status.0,
        runtime: icon.runtime.0,
        progress: icon.shown_progress(),
        source: icon.icon.as_str().to_owned(),
        intent_package: icon.intent.package.as_deref().map(str::to_owned),
        package: component.map(|component| component.package.to_string()),
        class_name: component.map(|component| component.class.to_string()),
    }
}

fn widget(widget: &Widget) -> WidgetFacts {
    WidgetFacts {
        widget_id: widget.widget_id,
        restore: widget.restore.0,
        options: widget.options,
        install_progress: widget.install_progress,
        min_span_x: widget.min_span.0,
        min_span_y: widget.min_span.1,
        pending: widget.pending,
        source: widget.source,
        package: widget.provider.package.to_string(),
        class_name: widget.provider.class.to_string(),
    }
}
