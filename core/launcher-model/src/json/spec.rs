//! A load's input without its rows.

use serde_json::Value;

use super::reader::{Reader, SpecError};
use crate::compat::placement::Grid;
use crate::compat::{BuildFlags, CancelAt, LoadInput, LoadOutcome, LoadRow, assume_present, load};
use crate::platform::{
    Activity, AppFlags, AppInfo, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, QueuedPin, Unlisted, WidgetPlatform, WidgetProvider,
};
use crate::safe::SafeOutcome;

/// Launcher3's own package, the default of `own_package`.
const LAUNCHER_PACKAGE: &str = "com.android.launcher3";
/// The first widget id handed out where the input does not say.
const FIRST_WIDGET_ID: i32 = 1000;
/// Columns and rows of a folder's page where the input does not say.
const FOLDER_SIDE: i32 = 4;

/// Everything that a load decides from besides the rows, owned.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadSpec {
    /// The grid.
    pub grid: Grid,
    /// Build flags.
    pub flags: BuildFlags,
    /// What the platform said.
    pub platform: PlatformSnapshot,
    /// Whether an earlier load left the first row pinned.
    pub prior_load_pinned: bool,
    /// Where the load is stopped.
    pub cancel_at: CancelAt,
    /// Whether the rows are of the grid's own file.
    pub is_current_file: bool,
}

impl LoadSpec {
    /// Reads the `input` object of a load case; its rows, if any, are not looked at.
    ///
    /// # Errors
    /// [`SpecError`] with the path of the first value that has the wrong type.
    ///
    /// ```
    /// # use ferrule_launcher_model::json::LoadSpec;
    /// let input = serde_json::json!({ "grid": { "cols": 4, "rows": 6, "hotseat": "five" } });
    /// assert_eq!(LoadSpec::from_json(&input).unwrap_err().path, "grid.hotseat");
    /// ```
    pub fn from_json(input: &Value) -> Result<Self, SpecError> {
        let root = Reader::root(input);
        let cancel = root.key("cancel_at");
        Ok(Self {
            grid: grid(&root.key("grid"))?,
            flags: flags(&root.key("flags"))?,
            platform: platform(&root.key("platform"))?,
            prior_load_pinned: root.key("prior_load_pinned").flag(false)?,
            cancel_at: match cancel.int(0)? {
                0 => CancelAt::Never,
                1 => CancelAt::BeforeCommit,
                2 => CancelAt::AfterSanitise,
                _ => return Err(cancel.error("0, 1 or 2")),
            },
            is_current_file: !root.key("preview_db").flag(false)?,
        })
    }

    /// The input for a database away from its phone: everything that the rows name is installed and enabled, and no
    /// search bar is pinned.
    pub fn assuming_present(rows: &[LoadRow], grid: Grid) -> Self {
        Self {
            grid,
            flags: BuildFlags { qsb_on_first_screen: false, ..BuildFlags::default() },
            platform: assume_present(rows),
            prior_load_pinned: false,
            cancel_at: CancelAt::Never,
            is_current_file: true,
        }
    }

    /// Runs the load on some rows.
    pub fn load(&self, rows: &[LoadRow]) -> LoadOutcome {
        load(&self.input(rows))
    }

    /// Runs the safe load on some rows, with the pages that are known.
    pub fn safe_load(&self, rows: &[LoadRow], pages: &[i32]) -> SafeOutcome {
        crate::safe::load(&self.input(rows), pages)
    }

    /// The whole input with some rows.
    pub fn input<'a>(&'a self, rows: &'a [LoadRow]) -> LoadInput<'a> {
        LoadInput {
            rows,
            grid: self.grid,
            flags: self.flags,
            platform: &self.platform,
            prior_load_pinned: self.prior_load_pinned,
            cancel_at: self.cancel_at,
            is_current_file: self.is_current_file,
        }
    }
}

fn grid(grid: &Reader<'_>) -> Result<Grid, SpecError> {
    let required = |key: &str| match grid.key(key) {
        side if side.is_missing() => Err(side.error("a whole number")),
        side => side.int(0),
    };
    let columns = required("cols")?;
    let side = |key: &str| grid.key(key).int(FOLDER_SIDE).map(|side| usize::try_from(side).unwrap_or(0));
    Ok(Grid {
        columns,
        rows: required("rows")?,
        hotseat: required("hotseat")?,
        search_columns: grid.key("search_cols").int(columns)?,
        folder: (side("folder_cols")?, side("folder_rows")?),
    })
}

fn flags(flags: &Reader<'_>) -> Result<BuildFlags, SpecError> {
    Ok(BuildFlags {
        qsb_on_first_screen: flags.key("qsb_on_first_screen").flag(false)?,
        smartspace_removal_toggle: flags.key("smartspace_removal_toggle").flag(false)?,
        smartspace_enabled: flags.key("smartspace_pref").flag(true)?,
        first_page_widget: flags.key("first_page_widget").flag(false)?,
        support_archiving: flags.key("support_archiving").flag(true)?,
        app_pairs: flags.key("app_pairs").flag(true)?,
        widgets: flags.key("widgets_enabled").flag(true)?,
    })
}

fn platform(platform: &Reader<'_>) -> Result<PlatformSnapshot, SpecError> {
    let profiles = platform.key("profiles").each(profile)?;
    let own_package = platform.key("own_package").optional_text()?.unwrap_or(LAUNCHER_PACKAGE);
    Ok(PlatformSnapshot {
        current_profile: profiles
            .iter()
            .find(|profile| profile.kind == ProfileKind::Main)
            .map_or(0, |p| p.serial),
        profiles,
        own_package: own_package.to_owned(),
        packages: platform.key("packages").each(package)?,
        activities: platform.key("activities").each(activity)?,
        unlisted: Unlisted::Absent,
        pinned_shortcuts: platform.key("pinned_shortcuts").each(pinned_shortcut)?,
        queued_pins: platform.key("pending_pin_queue").each(|pin| {
            Ok(QueuedPin {
                package: pin.key("pkg").text()?,
                id: pin.key("id").text()?,
                profile: pin.key("serial").long(0)?,
            })
        })?,
        sessions: platform.key("sessions").each(session)?,
        widgets: widgets(platform)?,
        safe_mode: platform.key("safe_mode").flag(false)?,
        boot_completed: platform.key("boot_completed").flag(true)?.into(),
    })
}

fn profile(profile: &Reader<'_>) -> Result<Profile, SpecError> {
    let (kind, query) = (profile.key("type"), profile.key("pinned_query"));
    Ok(Profile {
        serial: profile.key("serial").long(0)?,
        user_id: profile.key("user_id").int(0)?,
        kind: match kind.optional_text()? {
            Some("main") => ProfileKind::Main,
            Some("work") => ProfileKind::Work,
            Some("clone") => ProfileKind::Clone,
            Some("private") => ProfileKind::Private,
            Some(_) => ProfileKind::Other,
            None => ProfileKind::Main,
        },
        quiet: profile.key("quiet").flag(false)?.into(),
        unlocked: profile.key("unlocked").flag(true)?.into(),
        pinned_query: match query.optional_text()? {
            Some("ok") | None => PinnedQuery::Answered,
            Some("fail") => PinnedQuery::Failed,
            Some("fail_security") => PinnedQuery::NotPermitted,
            Some("null") => PinnedQuery::Null,
            Some(_) => return Err(query.error("ok, fail, fail_security or null")),
        },
    })
}

fn package(package: &Reader<'_>) -> Result<Package, SpecError> {
    let info = package.key("app_info");
    let flag = |key: &str| info.key(key).flag(false);
    Ok(Package {
        name: package.key("pkg").text()?,
        profile: package.key("serial").long(0)?,
        enabled: package.key("is_package_enabled").flag(false)?.into(),
        info: match info.is_missing() {
            true => AppInfo::NotFound,
            false => AppInfo::Found(AppFlags {
                installed: flag("installed")?,
                enabled: flag("enabled")?,
                system: flag("system")?,
                suspended: flag("suspended")?,
                external: flag("external")?,
                archived: flag("archived")?,
            }),
        },
    })
}

fn activity(activity: &Reader<'_>) -> Result<Activity, SpecError> {
    let enabled = activity.key("enabled").flag(true)?;
    Ok(Activity {
        component: activity.key("component").component()?,
        profile: activity.key("serial").long(0)?,
        enabled: enabled.into(),
        resolves: activity.key("resolves").flag(enabled)?.into(),
        in_list: activity.key("in_list").flag(enabled)?,
        label: activity.key("label").optional_text()?.unwrap_or_default().to_owned(),
        loading_progress: activity.key("loading_progress").fraction(1.0)?,
    })
}

/// A shortcut without a label is called `SC` and its id.
fn pinned_shortcut(shortcut: &Reader<'_>) -> Result<PinnedShortcut, SpecError> {
    let id = shortcut.key("id").text()?;
    let label = shortcut.key("label").optional_text()?;
    Ok(PinnedShortcut {
        package: shortcut.key("pkg").text()?,
        profile: shortcut.key("serial").long(0)?,
        activity: shortcut.key("activity").optional_component()?,
        short_label: Some(label.map_or_else(|| format!("SC {id}"), str::to_owned)),
        enabled: shortcut.key("enabled").flag(true)?,
        disabled_reason: shortcut.key("disabled_reason").int(0)?,
        manifest: shortcut.key("manifest").flag(false)?,
        dynamic: shortcut.key("dynamic").flag(false)?,
        id,
    })
}

fn session(session: &Reader<'_>) -> Result<InstallSession, SpecError> {
    Ok(InstallSession {
        package: session.key("pkg").optional_text()?.unwrap_or_default().to_owned(),
        profile: session.key("serial").long(0)?,
        installer: session.key("installer").optional_text()?.map(str::to_owned),
        progress: session.key("progress").fraction(0.0)?,
    })
}

fn provider(provider: &Reader<'_>) -> Result<WidgetProvider, SpecError> {
    let spans = provider.key("min_span");
    let min_span = match spans.list()?.as_slice() {
        [] => (1, 1),
        [width, height] => (width.int(1)?, height.int(1)?),
        _ => return Err(spans.error("two whole numbers")),
    };
    Ok(WidgetProvider {
        component: provider.key("component").component()?,
        profile: provider.key("serial").long(0)?,
        configure: provider.key("configure").optional_component()?,
        min_span,
    })
}

fn widgets(platform: &Reader<'_>) -> Result<WidgetPlatform, SpecError> {
    let providers = platform.key("widget_providers").each(provider)?;
    let host_ids = platform.key("host_widget_ids").each(|id| id.int(0))?;
    Ok(WidgetPlatform {
        providers: (!platform.key("providers_query_throws").flag(false)?).then_some(providers),
        bound: platform.key("bound_widgets").each(|bound| {
            Ok(BoundWidget {
                id: bound.key("id").int(0)?,
                provider: provider(bound)?,
                restore_completed: bound.key("restore_completed_option").flag(false)?,
            })
        })?,
        host_ids: (!platform.key("host_ids_query_fails").flag(false)?).then_some(host_ids),
        bind_allowed: platform.key("bind_allowed").flag(true)?.into(),
        custom: platform.key("custom_widgets").each(Reader::component)?,
        search_component: platform.key("search_component").optional_component()?,
        next_id: platform.key("next_widget_id").int(FIRST_WIDGET_ID)?,
    })
}
