//! The `input` object of a load case: rows, grid, flags, platform.

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, CancelAt, LoadRow};
use ferrule_launcher_model::intent::ComponentName;
use ferrule_launcher_model::platform::{
    Activity, Answer, AppFlags, AppInfo, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, QueuedPin, Unlisted, WidgetPlatform, WidgetProvider,
};
use ferrule_launcher_model::rows::{Column, Table, Value};
use serde_json::Value as Json;

use super::super::json::{flag, int, list, text};

/// The first widget id that the peer's host hands out.
const FIRST_WIDGET_ID: i32 = 1000;

/// Everything that a case's load decides from.
#[derive(Clone)]
pub struct CaseInput {
    /// Rows, in insertion order.
    pub rows: Vec<LoadRow>,
    /// Grid.
    pub grid: Grid,
    /// Build flags.
    pub flags: BuildFlags,
    /// Platform.
    pub platform: PlatformSnapshot,
    /// Left by an earlier load.
    pub prior_load_pinned: bool,
    /// Where the load is stopped.
    pub cancel_at: CancelAt,
    /// Whether the file is the grid's own.
    pub is_current_file: bool,
}

impl CaseInput {
    /// Reads the object.
    pub fn read(input: &Json) -> Result<Self, String> {
        let grid = &input["grid"];
        let columns = int(grid, "cols", 0) as i32;
        Ok(Self {
            rows: LoadRow::from_table(&table(input)),
            grid: Grid {
                columns,
                rows: int(grid, "rows", 0) as i32,
                hotseat: int(grid, "hotseat", 0) as i32,
                search_columns: int(grid, "search_cols", i64::from(columns)) as i32,
                folder: (4, 4),
            },
            flags: flags(&input["flags"]),
            platform: platform(&input["platform"])?,
            prior_load_pinned: flag(input, "prior_load_pinned", false),
            cancel_at: match input["cancel_at"].as_i64() {
                Some(1) => CancelAt::BeforeCommit,
                Some(2) => CancelAt::AfterSanitise,
                _ => CancelAt::Never,
            },
            is_current_file: !flag(input, "preview_db", false),
        })
    }
}

fn flags(value: &Json) -> BuildFlags {
    BuildFlags {
        qsb_on_first_screen: flag(value, "qsb_on_first_screen", false),
        smartspace_removal_toggle: flag(value, "smartspace_removal_toggle", false),
        smartspace_enabled: flag(value, "smartspace_pref", true),
        first_page_widget: flag(value, "first_page_widget", false),
        support_archiving: flag(value, "support_archiving", true),
        app_pairs: flag(value, "app_pairs", true),
        widgets: flag(value, "widgets_enabled", true),
    }
}

/// The columns of the table, and what a row that does not name one gets.
const COLUMNS: [(&str, Value); 19] = [
    ("_id", Value::Null),
    ("title", Value::Null),
    ("intent", Value::Null),
    ("container", Value::Null),
    ("screen", Value::Null),
    ("cellX", Value::Null),
    ("cellY", Value::Null),
    ("spanX", Value::Null),
    ("spanY", Value::Null),
    ("itemType", Value::Null),
    ("appWidgetId", Value::Integer(-1)),
    ("icon", Value::Null),
    ("appWidgetProvider", Value::Null),
    ("modified", Value::Integer(0)),
    ("restored", Value::Integer(0)),
    ("profileId", Value::Integer(0)),
    ("rank", Value::Integer(0)),
    ("options", Value::Integer(0)),
    ("appWidgetSource", Value::Integer(-1)),
];
/// Columns of text; the others hold numbers, but for the icon.
const TEXT_COLUMNS: [&str; 3] = ["title", "intent", "appWidgetProvider"];

/// The case's rows as the table that SQLite would make of them.
fn table(input: &Json) -> Table {
    let columns =
        COLUMNS.iter().map(|(name, _)| Column { name: (*name).to_owned(), ..Column::default() }).collect();
    let rows = list(input, "rows")
        .map(|row| {
            COLUMNS
                .iter()
                .map(|(name, default)| {
                    row.get(*name).map_or_else(|| default.clone(), |value| stored(name, value))
                })
                .collect()
        })
        .collect();
    Table { columns, rows }
}

/// What SQLite stores for a JSON value in a column: texts that are numbers become numbers in number columns.
fn stored(column: &str, value: &Json) -> Value {
    match value {
        Json::Number(number) => match number.as_i64() {
            Some(int) => Value::Integer(int),
            None => Value::Real(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) if column == "icon" => Value::Blob(text.clone().into_bytes()),
        Json::String(text) if TEXT_COLUMNS.contains(&column) => Value::Text(text.clone()),
        Json::String(text) => text.trim().parse().map_or_else(|_| Value::Text(text.clone()), Value::Integer),
        _ => Value::Null,
    }
}

fn component(value: &Json) -> Option<ComponentName> {
    value.as_str().and_then(ComponentName::parse)
}

fn required_component(value: &Json) -> Result<ComponentName, String> {
    component(value).ok_or_else(|| format!("no component name: {value}"))
}

fn platform(value: &Json) -> Result<PlatformSnapshot, String> {
    let profiles: Vec<Profile> = list(value, "profiles").map(profile).collect();
    Ok(PlatformSnapshot {
        current_profile: profiles.iter().find(|p| p.kind == ProfileKind::Main).map_or(0, |p| p.serial),
        profiles,
        own_package: "com.android.launcher3".to_owned(),
        packages: list(value, "packages").map(package).collect(),
        activities: list(value, "activities").map(activity).collect::<Result<_, _>>()?,
        unlisted: Unlisted::Absent,
        pinned_shortcuts: list(value, "pinned_shortcuts").map(pinned_shortcut).collect(),
        queued_pins: list(value, "pending_pin_queue")
            .map(|pin| QueuedPin {
                package: text(pin, "pkg").unwrap_or_default(),
                id: text(pin, "id").unwrap_or_default(),
                profile: int(pin, "serial", 0),
            })
            .collect(),
        sessions: list(value, "sessions").map(session).collect(),
        widgets: widgets(value)?,
        safe_mode: flag(value, "safe_mode", false),
        boot_completed: flag(value, "boot_completed", true).into(),
    })
}

fn profile(value: &Json) -> Profile {
    Profile {
        serial: int(value, "serial", 0),
        user_id: int(value, "user_id", 0) as i32,
        kind: match value["type"].as_str() {
            Some("main") => ProfileKind::Main,
            Some("work") => ProfileKind::Work,
            Some("clone") => ProfileKind::Clone,
            Some("private") => ProfileKind::Private,
            _ => ProfileKind::Other,
        },
        quiet: flag(value, "quiet", false).into(),
        unlocked: flag(value, "unlocked", true).into(),
        pinned_query: match value["pinned_query"].as_str() {
            Some("fail") => PinnedQuery::Failed,
            Some("fail_security") => PinnedQuery::NotPermitted,
            Some("null") => PinnedQuery::Null,
            _ => PinnedQuery::Answered,
        },
    }
}

fn package(value: &Json) -> Package {
    let info = &value["app_info"];
    Package {
        name: text(value, "pkg").unwrap_or_default(),
        profile: int(value, "serial", 0),
        enabled: flag(value, "is_package_enabled", false).into(),
        info: match info.is_object() {
            true => AppInfo::Found(AppFlags {
                installed: flag(info, "installed", false),
                enabled: flag(info, "enabled", false),
                system: flag(info, "system", false),
                suspended: flag(info, "suspended", false),
                external: flag(info, "external", false),
                archived: flag(info, "archived", false),
            }),
            false => AppInfo::NotFound,
        },
    }
}

fn activity(value: &Json) -> Result<Activity, String> {
    let enabled = flag(value, "enabled", true);
    Ok(Activity {
        component: required_component(&value["component"])?,
        profile: int(value, "serial", 0),
        enabled: enabled.into(),
        resolves: flag(value, "resolves", enabled).into(),
        in_list: flag(value, "in_list", enabled),
        label: text(value, "label").unwrap_or_default(),
        loading_progress: value["loading_progress"].as_f64().unwrap_or(1.0) as f32,
    })
}

fn pinned_shortcut(value: &Json) -> PinnedShortcut {
    let id = text(value, "id").unwrap_or_default();
    PinnedShortcut {
        package: text(value, "pkg").unwrap_or_default(),
        profile: int(value, "serial", 0),
        activity: component(&value["activity"]),
        short_label: Some(text(value, "label").unwrap_or_else(|| format!("SC {id}"))),
        enabled: flag(value, "enabled", true),
        disabled_reason: int(value, "disabled_reason", 0) as i32,
        manifest: false,
        dynamic: false,
        id,
    }
}

fn session(value: &Json) -> InstallSession {
    InstallSession {
        package: text(value, "pkg").unwrap_or_default(),
        profile: int(value, "serial", 0),
        installer: text(value, "installer"),
        progress: value["progress"].as_f64().unwrap_or(0.0) as f32,
    }
}

fn provider(value: &Json) -> Result<WidgetProvider, String> {
    let span = |index: usize| value["min_span"][index].as_i64().unwrap_or(1) as i32;
    Ok(WidgetProvider {
        component: required_component(&value["component"])?,
        profile: int(value, "serial", 0),
        configure: component(&value["configure"]),
        min_span: (span(0), span(1)),
    })
}

fn widgets(value: &Json) -> Result<WidgetPlatform, String> {
    let providers: Vec<WidgetProvider> =
        list(value, "widget_providers").map(provider).collect::<Result<_, _>>()?;
    let bound = list(value, "bound_widgets")
        .map(|bound| {
            Ok(BoundWidget {
                id: int(bound, "id", 0) as i32,
                provider: provider(bound)?,
                restore_completed: flag(bound, "restore_completed_option", false),
            })
        })
        .collect::<Result<_, String>>()?;
    let host_ids: Vec<i32> =
        list(value, "host_widget_ids").filter_map(Json::as_i64).map(|id| id as i32).collect();
    Ok(WidgetPlatform {
        providers: (!flag(value, "providers_query_throws", false)).then_some(providers),
        bound,
        host_ids: (!flag(value, "host_ids_query_fails", false)).then_some(host_ids),
        bind_allowed: Answer::from(flag(value, "bind_allowed", true)),
        custom: list(value, "custom_widgets").filter_map(component).collect(),
        search_component: component(&value["search_component"]),
        next_id: FIRST_WIDGET_ID,
    })
}
