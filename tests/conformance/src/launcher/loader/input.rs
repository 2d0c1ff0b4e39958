//! The `input` object of a load case: rows, grid, flags, platform.

use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::compat::{BuildFlags, CancelAt, LoadRow, SqlKey};
use ferrule_launcher_model::intent::ComponentName;
use ferrule_launcher_model::platform::{
    Activity, Answer, AppFlags, AppInfo, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, QueuedPin, Unlisted, WidgetPlatform, WidgetProvider,
};
use serde_json::Value;

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
    pub fn read(input: &Value) -> Result<Self, String> {
        let grid = &input["grid"];
        let columns = int(grid, "cols", 0) as i32;
        Ok(Self {
            rows: list(input, "rows").map(row).collect::<Result<_, _>>()?,
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

fn flags(value: &Value) -> BuildFlags {
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

/// What SQLite stores for a JSON value in an INTEGER column.
fn sql_key(value: &Value, default: SqlKey) -> SqlKey {
    match value {
        Value::Null => default,
        Value::Number(number) => match number.as_i64() {
            Some(int) => SqlKey::Int(int),
            None => SqlKey::Fraction(number.as_f64().unwrap_or_default().floor() as i64),
        },
        Value::String(text) => text.trim().parse().map_or(SqlKey::Text, SqlKey::Int),
        _ => SqlKey::Text,
    }
}

/// What a cursor reads from it as a 32-bit number.
fn cursor_int(key: SqlKey) -> i32 {
    match key {
        SqlKey::Int(value) | SqlKey::Fraction(value) => value as i32,
        SqlKey::Null | SqlKey::Text => 0,
    }
}

fn row(value: &Value) -> Result<LoadRow, String> {
    let column = |name: &str, default: SqlKey| match value.get(name) {
        Some(value) => sql_key(value, SqlKey::Null),
        None => default,
    };
    let number = |name: &str, default: i64| cursor_int(column(name, SqlKey::Int(default)));
    let nullable = |name: &str| cursor_int(column(name, SqlKey::Null));
    Ok(LoadRow {
        row_id: value["_id"].as_i64().ok_or("a row without _id")?,
        title: text(value, "title"),
        intent: text(value, "intent"),
        container: nullable("container"),
        screen: nullable("screen"),
        cell_x: nullable("cellX"),
        cell_y: nullable("cellY"),
        span_x: nullable("spanX"),
        span_y: nullable("spanY"),
        item_type: nullable("itemType"),
        widget_id: number("appWidgetId", -1),
        has_icon: value["icon"].as_str().is_some_and(|icon| !icon.is_empty()),
        provider: text(value, "appWidgetProvider"),
        restored: number("restored", 0),
        profile: number("profileId", 0),
        rank: number("rank", 0),
        options: number("options", 0),
        source: number("appWidgetSource", -1),
        sql_container: column("container", SqlKey::Null),
        sql_type: column("itemType", SqlKey::Null),
    })
}

fn component(value: &Value) -> Option<ComponentName> {
    value.as_str().and_then(ComponentName::parse)
}

fn required_component(value: &Value) -> Result<ComponentName, String> {
    component(value).ok_or_else(|| format!("no component name: {value}"))
}

fn platform(value: &Value) -> Result<PlatformSnapshot, String> {
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

fn profile(value: &Value) -> Profile {
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

fn package(value: &Value) -> Package {
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

fn activity(value: &Value) -> Result<Activity, String> {
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

fn pinned_shortcut(value: &Value) -> PinnedShortcut {
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

fn session(value: &Value) -> InstallSession {
    InstallSession {
        package: text(value, "pkg").unwrap_or_default(),
        profile: int(value, "serial", 0),
        installer: text(value, "installer"),
        progress: value["progress"].as_f64().unwrap_or(0.0) as f32,
    }
}

fn provider(value: &Value) -> Result<WidgetProvider, String> {
    let span = |index: usize| value["min_span"][index].as_i64().unwrap_or(1) as i32;
    Ok(WidgetProvider {
        component: required_component(&value["component"])?,
        profile: int(value, "serial", 0),
        configure: component(&value["configure"]),
        min_span: (span(0), span(1)),
    })
}

fn widgets(value: &Value) -> Result<WidgetPlatform, String> {
    let providers: Vec<WidgetProvider> = list(value, "widget_providers").map(provider).collect::<Result<_, _>>()?;
    let bound = list(value, "bound_widgets")
        .map(|bound| {
            Ok(BoundWidget {
                id: int(bound, "id", 0) as i32,
                provider: provider(bound)?,
                restore_completed: flag(bound, "restore_completed_option", false),
            })
        })
        .collect::<Result<_, String>>()?;
    let host_ids: Vec<i32> = list(value, "host_widget_ids").filter_map(Value::as_i64).map(|id| id as i32).collect();
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
