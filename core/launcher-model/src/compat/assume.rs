//! A platform on which everything that some rows name is there: for looking at a database away from its phone.
//!
//! Packages, activities, pins and providers are taken from the rows themselves, so no row is lost for its target; what a load
//! then deletes is wrong in the database alone. Not here: any decision.

use std::collections::BTreeSet;

use super::app::{TYPE_APP, TYPE_DEEP_SHORTCUT};
use super::input::LoadRow;
use super::widget::{CUSTOM_WIDGET_ID, OPTION_SEARCH, TYPE_CUSTOM_WIDGET, TYPE_WIDGET};
use crate::intent::{ComponentName, EXTRA_SHORTCUT_ID, Intent};
use crate::platform::{
    Activity, Answer, AppFlags, AppInfo, BoundWidget, Package, PinnedQuery, PinnedShortcut, PlatformSnapshot,
    Profile, ProfileKind, ProfileSerial, WidgetProvider,
};

/// The first widget id that such a platform hands out: above any that the rows have.
const FIRST_FREE_ID: i32 = 1 << 20;

/// A platform that has everything the rows name: installed, enabled, pinned, bound. The lowest profile serial is the
/// main user's; boot has completed.
pub fn assume_present(rows: &[LoadRow]) -> PlatformSnapshot {
    let serials: BTreeSet<ProfileSerial> = rows.iter().map(|row| row.profile.into()).collect();
    let main = serials.first().copied().unwrap_or(0);
    let mut platform = PlatformSnapshot {
        profiles: serials
            .into_iter()
            .chain([main].into_iter().filter(|_| rows.is_empty()))
            .map(|serial| profile(serial, main))
            .collect(),
        current_profile: main,
        boot_completed: Answer::Yes,
        ..PlatformSnapshot::default()
    };
    platform.widgets.providers = Some(Vec::new());
    platform.widgets.host_ids = Some(Vec::new());
    platform.widgets.bind_allowed = Answer::Yes;
    platform.widgets.next_id = FIRST_FREE_ID;
    let mut packages = BTreeSet::new();
    for row in rows {
        match row.item_type {
            TYPE_APP | TYPE_DEEP_SHORTCUT => add_app(&mut platform, &mut packages, row),
            TYPE_WIDGET | TYPE_CUSTOM_WIDGET => add_widget(&mut platform, row),
            _ => {}
        }
    }
    platform.packages = packages
        .into_iter()
        .map(|(name, profile)| Package {
            name,
            profile,
            enabled: Answer::Yes,
            info: AppInfo::Found(AppFlags { installed: true, enabled: true, ..AppFlags::default() }),
        })
        .collect();
    platform
}

fn profile(serial: ProfileSerial, main: ProfileSerial) -> Profile {
    Profile {
        serial,
        user_id: i32::try_from(serial).unwrap_or(0),
        kind: if serial == main { ProfileKind::Main } else { ProfileKind::Other },
        quiet: Answer::No,
        unlocked: Answer::Yes,
        pinned_query: PinnedQuery::Answered,
    }
}

fn add_app(platform: &mut PlatformSnapshot, packages: &mut BTreeSet<(String, ProfileSerial)>, row: &LoadRow) {
    let profile = ProfileSerial::from(row.profile);
    let Some(intent) = row.intent.as_deref().and_then(|text| Intent::parse(text).ok()) else { return };
    let label = row.title.clone().unwrap_or_default();
    for package in intent.package.iter().chain(intent.component.as_ref().map(|component| &component.package))
    {
        packages.insert((package.to_string(), profile));
    }
    if row.item_type == TYPE_APP {
        platform.activities.extend(intent.component.map(|component| Activity {
            component,
            profile,
            enabled: Answer::Yes,
            resolves: Answer::Yes,
            in_list: true,
            label,
            loading_progress: 1.0,
        }));
    } else if let (Some(package), Some(id)) =
        (intent.target_package(), intent.string_extra(EXTRA_SHORTCUT_ID))
    {
        platform.pinned_shortcuts.push(PinnedShortcut {
            package: package.to_owned(),
            id: id.to_owned(),
            profile,
            activity: intent.component.clone(),
            short_label: Some(label),
            enabled: true,
            disabled_reason: 0,
            manifest: false,
            dynamic: true,
        });
    }
}

fn add_widget(platform: &mut PlatformSnapshot, row: &LoadRow) {
    let Some(component) = row.provider.as_deref().and_then(ComponentName::parse) else { return };
    let widgets = &mut platform.widgets;
    // A search widget shows the search component, which is the first such row's provider here.
    let shown = match row.options & OPTION_SEARCH != 0 {
        true => widgets.search_component.get_or_insert(component).clone(),
        false => component,
    };
    if row.widget_id <= CUSTOM_WIDGET_ID {
        widgets.custom.push(shown.clone());
    } else {
        widgets.host_ids.get_or_insert_default().push(row.widget_id);
    }
    let provider =
        WidgetProvider { component: shown, profile: row.profile.into(), configure: None, min_span: (1, 1) };
    widgets.bound.push(BoundWidget {
        id: row.widget_id,
        provider: provider.clone(),
        restore_completed: true,
    });
    widgets.providers.get_or_insert_default().push(provider);
}
