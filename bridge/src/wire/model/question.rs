//! The question of a load: grid, build flags, pages and what the platform said, as Kotlin packs them.
//!
//! What it is: the decoder, and the encoder that golden bytes, benches and fuzzing share. What it is not: it derives
//! nothing; *unknown* is a number of its own in every answer of the platform.

use ferrule_launcher_model::compat::BuildFlags;
use ferrule_launcher_model::compat::placement::Grid;
use ferrule_launcher_model::intent::ComponentName;
use ferrule_launcher_model::platform::{
    Activity, Answer, AppFlags, AppInfo, BoundWidget, InstallSession, Package, PinnedQuery, PinnedShortcut,
    PlatformSnapshot, Profile, ProfileKind, QueuedPin, Unlisted, WidgetPlatform, WidgetProvider,
};
use ferrule_launcher_model::store::item::SIDE_MAX;

use crate::wire::WireError;
use crate::wire::sections::{Record, Sections, Writer, halves};

/// Magic of a question.
pub const MAGIC: &str = "FLMQ";

const ANSWER: [Answer; 3] = [Answer::Unknown, Answer::Yes, Answer::No];
const KIND: [ProfileKind; 5] =
    [ProfileKind::Main, ProfileKind::Work, ProfileKind::Clone, ProfileKind::Private, ProfileKind::Other];
const PINNED: [PinnedQuery; 4] =
    [PinnedQuery::Answered, PinnedQuery::Failed, PinnedQuery::NotPermitted, PinnedQuery::Null];
const UNLISTED: [Unlisted; 2] = [Unlisted::Absent, Unlisted::Unknown];
const BOOL: [bool; 2] = [false, true];

/// Words of a record of each section, in their order.
const STRIDES: [usize; 11] = [20, 7, 6, 9, 9, 4, 5, 8, 10, 1, 2];
const HEAD: usize = 0;
const PROFILES: usize = 1;
const PACKAGES: usize = 2;
const ACTIVITIES: usize = 3;
const PINS: usize = 4;
const QUEUED: usize = 5;
const SESSIONS: usize = 6;
const PROVIDERS: usize = 7;
const BOUND: usize = 8;
const HOST_IDS: usize = 9;
const CUSTOM: usize = 10;

/// A decoded question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The grid to load for.
    pub grid: Grid,
    /// Switches of the launcher's build.
    pub flags: BuildFlags,
    /// What the platform said.
    pub platform: PlatformSnapshot,
}

/// Reads a question.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode(bytes: &[u8]) -> Result<Question, WireError> {
    let all = Sections::read(bytes, MAGIC, &STRIDES)?;
    let list = |index: usize| all.section(index).iter();
    let head = all.section(HEAD).only()?;
    let folder = |index| side(&head, index, 0).map(|side| side as usize);
    let grid = Grid {
        columns: side(&head, 0, 1)?,
        rows: side(&head, 1, 1)?,
        hotseat: side(&head, 2, 0)?,
        search_columns: side(&head, 3, 0)?,
        folder: (folder(4)?, folder(5)?),
    };
    let bits = head.u32(6)?;
    let flags = BuildFlags {
        qsb_on_first_screen: bits & 1 != 0,
        smartspace_removal_toggle: bits & 2 != 0,
        smartspace_enabled: bits & 4 != 0,
        first_page_widget: bits & 8 != 0,
        support_archiving: bits & 16 != 0,
        app_pairs: bits & 32 != 0,
        widgets: bits & 64 != 0,
    };
    let are_providers_known = head.one_of(14, "whether providers are known", &BOOL)?;
    let are_host_ids_known = head.one_of(15, "whether host ids are known", &BOOL)?;
    let providers: Vec<_> =
        list(PROVIDERS).map(|record| provider(&all, &record, 0)).collect::<Result<_, _>>()?;
    let host_ids: Vec<_> = list(HOST_IDS).map(|record| record.i32(0)).collect::<Result<_, _>>()?;
    let widgets = WidgetPlatform {
        providers: are_providers_known.then_some(providers),
        bound: list(BOUND).map(|record| bound(&all, &record)).collect::<Result<_, _>>()?,
        host_ids: are_host_ids_known.then_some(host_ids),
        bind_allowed: head.one_of(13, "bind allowed", &ANSWER)?,
        custom: list(CUSTOM).map(|record| component(&all, &record, 0)).collect::<Result<_, _>>()?,
        search_component: component_or_none(&all, &head, 16)?,
        next_id: head.i32(18)?,
    };
    let platform = PlatformSnapshot {
        profiles: list(PROFILES).map(|record| profile(&record)).collect::<Result<_, _>>()?,
        current_profile: head.i64(7)?,
        own_package: head.text_or_empty(&all, 9)?,
        packages: list(PACKAGES).map(|record| package(&all, &record)).collect::<Result<_, _>>()?,
        activities: list(ACTIVITIES).map(|record| activity(&all, &record)).collect::<Result<_, _>>()?,
        unlisted: head.one_of(10, "unlisted", &UNLISTED)?,
        pinned_shortcuts: list(PINS).map(|record| pin(&all, &record)).collect::<Result<_, _>>()?,
        queued_pins: list(QUEUED).map(|record| queued(&all, &record)).collect::<Result<_, _>>()?,
        sessions: list(SESSIONS).map(|record| session(&all, &record)).collect::<Result<_, _>>()?,
        widgets,
        safe_mode: head.one_of(11, "safe mode", &BOOL)?,
        boot_completed: head.one_of(12, "boot completed", &ANSWER)?,
    };
    Ok(Question { grid, flags, platform })
}

/// A number of cells: no home screen is larger than [`SIDE_MAX`].
fn side(head: &Record<'_>, index: usize, least: i32) -> Result<i32, WireError> {
    let side = head.i32(index)?;
    let is_valid = (least..=SIDE_MAX).contains(&side);
    if is_valid { Ok(side) } else { Err(WireError::Range { at: index, what: "size of the grid" }) }
}

fn component(all: &Sections<'_>, record: &Record<'_>, at: usize) -> Result<ComponentName, WireError> {
    Ok(ComponentName::new(record.text_or_empty(all, at)?, record.text_or_empty(all, at + 1)?))
}

/// No component is one whose class has the number 0.
fn component_or_none(
    all: &Sections<'_>,
    record: &Record<'_>,
    at: usize,
) -> Result<Option<ComponentName>, WireError> {
    if record.u32(at + 1)? == 0 { Ok(None) } else { component(all, record, at).map(Some) }
}

fn profile(record: &Record<'_>) -> Result<Profile, WireError> {
    Ok(Profile {
        serial: record.i64(0)?,
        user_id: record.i32(2)?,
        kind: record.one_of(3, "kind of a profile", &KIND)?,
        quiet: record.one_of(4, "quiet mode", &ANSWER)?,
        unlocked: record.one_of(5, "unlocked", &ANSWER)?,
        pinned_query: record.one_of(6, "pinned query", &PINNED)?,
    })
}

fn package(all: &Sections<'_>, record: &Record<'_>) -> Result<Package, WireError> {
    let bits = record.u32(5)?;
    let flags = AppFlags {
        installed: bits & 1 != 0,
        enabled: bits & 2 != 0,
        system: bits & 4 != 0,
        suspended: bits & 8 != 0,
        external: bits & 16 != 0,
        archived: bits & 32 != 0,
    };
    let info = [AppInfo::Unknown, AppInfo::NotFound, AppInfo::Found(flags)];
    Ok(Package {
        name: record.text_or_empty(all, 0)?,
        profile: record.i64(1)?,
        enabled: record.one_of(3, "package enabled", &ANSWER)?,
        info: record.one_of(4, "application info", &info)?,
    })
}

fn activity(all: &Sections<'_>, record: &Record<'_>) -> Result<Activity, WireError> {
    Ok(Activity {
        component: component(all, record, 0)?,
        profile: record.i64(2)?,
        enabled: record.one_of(4, "activity enabled", &ANSWER)?,
        resolves: record.one_of(5, "activity resolves", &ANSWER)?,
        in_list: record.one_of(6, "activity listed", &BOOL)?,
        label: record.text_or_empty(all, 7)?,
        loading_progress: record.f32(8)?,
    })
}

fn pin(all: &Sections<'_>, record: &Record<'_>) -> Result<PinnedShortcut, WireError> {
    let bits = record.u32(8)?;
    Ok(PinnedShortcut {
        package: record.text_or_empty(all, 0)?,
        id: record.text_or_empty(all, 1)?,
        profile: record.i64(2)?,
        activity: component_or_none(all, record, 4)?,
        short_label: record.text(all, 6)?.map(str::to_owned),
        enabled: bits & 1 != 0,
        disabled_reason: record.i32(7)?,
        manifest: bits & 2 != 0,
        dynamic: bits & 4 != 0,
    })
}

fn queued(all: &Sections<'_>, record: &Record<'_>) -> Result<QueuedPin, WireError> {
    Ok(QueuedPin {
        package: record.text_or_empty(all, 0)?,
        id: record.text_or_empty(all, 1)?,
        profile: record.i64(2)?,
    })
}

fn session(all: &Sections<'_>, record: &Record<'_>) -> Result<InstallSession, WireError> {
    Ok(InstallSession {
        package: record.text_or_empty(all, 0)?,
        profile: record.i64(1)?,
        installer: record.text(all, 3)?.map(str::to_owned),
        progress: record.f32(4)?,
    })
}

fn provider(all: &Sections<'_>, record: &Record<'_>, at: usize) -> Result<WidgetProvider, WireError> {
    Ok(WidgetProvider {
        component: component(all, record, at)?,
        profile: record.i64(at + 2)?,
        configure: component_or_none(all, record, at + 4)?,
        min_span: (record.i32(at + 6)?, record.i32(at + 7)?),
    })
}

fn bound(all: &Sections<'_>, record: &Record<'_>) -> Result<BoundWidget, WireError> {
    Ok(BoundWidget {
        id: record.i32(0)?,
        provider: provider(all, record, 1)?,
        restore_completed: record.one_of(9, "restore completed", &BOOL)?,
    })
}

/// Writes a question as Kotlin does: the reference that golden bytes, benches and fuzzing are made with.
pub fn encode(question: &Question) -> Vec<u8> {
    let Question { grid, flags, platform } = question;
    let mut out = Writer::new(MAGIC, STRIDES.len(), platform.packages.len() + platform.activities.len() * 2);
    out.section(STRIDES[HEAD], 1);
    head(&mut out, grid, *flags, platform);
    out.section(STRIDES[PROFILES], platform.profiles.len());
    for profile in &platform.profiles {
        let [low, high] = halves(profile.serial);
        out.record(&[
            low,
            high,
            profile.user_id.cast_unsigned(),
            place(&KIND, profile.kind),
            place(&ANSWER, profile.quiet),
            place(&ANSWER, profile.unlocked),
            place(&PINNED, profile.pinned_query),
        ]);
    }
    out.section(STRIDES[PACKAGES], platform.packages.len());
    for package in &platform.packages {
        let (info, bits) = match package.info {
            AppInfo::Unknown => (0, 0),
            AppInfo::NotFound => (1, 0),
            AppInfo::Found(found) => (2, app_bits(found)),
        };
        let ([low, high], name) = (halves(package.profile), out.text(&package.name));
        out.record(&[name, low, high, place(&ANSWER, package.enabled), info, bits]);
    }
    out.section(STRIDES[ACTIVITIES], platform.activities.len());
    for activity in &platform.activities {
        let ([package, class], [low, high]) =
            (component_words(&mut out, Some(&activity.component)), halves(activity.profile));
        let (enabled, resolves) = (place(&ANSWER, activity.enabled), place(&ANSWER, activity.resolves));
        let label = out.text(&activity.label);
        let progress = activity.loading_progress.to_bits();
        out.record(&[package, class, low, high, enabled, resolves, activity.in_list.into(), label, progress]);
    }
    shortcuts_and_sessions(&mut out, platform);
    widgets(&mut out, &platform.widgets);
    out.finish()
}

fn head<'text>(out: &mut Writer<'text>, grid: &Grid, flags: BuildFlags, platform: &'text PlatformSnapshot) {
    let bits = [
        flags.qsb_on_first_screen,
        flags.smartspace_removal_toggle,
        flags.smartspace_enabled,
        flags.first_page_widget,
        flags.support_archiving,
        flags.app_pairs,
        flags.widgets,
    ];
    let widgets = &platform.widgets;
    let [low, high] = halves(platform.current_profile);
    let own = out.text(&platform.own_package);
    let [search_package, search_class] = component_words(out, widgets.search_component.as_ref());
    out.record(&[
        grid.columns.cast_unsigned(),
        grid.rows.cast_unsigned(),
        grid.hotseat.cast_unsigned(),
        grid.search_columns.cast_unsigned(),
        grid.folder.0 as u32,
        grid.folder.1 as u32,
        packed_bits(&bits),
        low,
        high,
        own,
        place(&UNLISTED, platform.unlisted),
        platform.safe_mode.into(),
        place(&ANSWER, platform.boot_completed),
        place(&ANSWER, widgets.bind_allowed),
        widgets.providers.is_some().into(),
        widgets.host_ids.is_some().into(),
        search_package,
        search_class,
        widgets.next_id.cast_unsigned(),
    ]);
}

fn shortcuts_and_sessions<'text>(out: &mut Writer<'text>, platform: &'text PlatformSnapshot) {
    out.section(STRIDES[PINS], platform.pinned_shortcuts.len());
    for pin in &platform.pinned_shortcuts {
        let (package, id) = (out.text(&pin.package), out.text(&pin.id));
        let ([low, high], [activity, class]) =
            (halves(pin.profile), component_words(out, pin.activity.as_ref()));
        let label = out.text_or_none(pin.short_label.as_deref());
        let bits = packed_bits(&[pin.enabled, pin.manifest, pin.dynamic]);
        out.record(&[
            package,
            id,
            low,
            high,
            activity,
            class,
            label,
            pin.disabled_reason.cast_unsigned(),
            bits,
        ]);
    }
    out.section(STRIDES[QUEUED], platform.queued_pins.len());
    for pin in &platform.queued_pins {
        let ([low, high], package, id) = (halves(pin.profile), out.text(&pin.package), out.text(&pin.id));
        out.record(&[package, id, low, high]);
    }
    out.section(STRIDES[SESSIONS], platform.sessions.len());
    for session in &platform.sessions {
        let ([low, high], package) = (halves(session.profile), out.text(&session.package));
        let installer = out.text_or_none(session.installer.as_deref());
        out.record(&[package, low, high, installer, session.progress.to_bits()]);
    }
}

fn widgets<'text>(out: &mut Writer<'text>, widgets: &'text WidgetPlatform) {
    out.section(STRIDES[PROVIDERS], widgets.providers.as_ref().map_or(0, Vec::len));
    for provider in widgets.providers.iter().flatten() {
        let words = provider_words(out, provider);
        out.record(&words);
    }
    out.section(STRIDES[BOUND], widgets.bound.len());
    for bound in &widgets.bound {
        let mut words = vec![bound.id.cast_unsigned()];
        words.extend(provider_words(out, &bound.provider));
        words.push(bound.restore_completed.into());
        out.record(&words);
    }
    out.section(STRIDES[HOST_IDS], widgets.host_ids.as_ref().map_or(0, Vec::len));
    for id in widgets.host_ids.iter().flatten() {
        out.record(&[id.cast_unsigned()]);
    }
    out.section(STRIDES[CUSTOM], widgets.custom.len());
    for custom in &widgets.custom {
        let words = component_words(out, Some(custom));
        out.record(&words);
    }
}

fn provider_words<'text>(out: &mut Writer<'text>, provider: &'text WidgetProvider) -> [u32; 8] {
    let [package, class] = component_words(out, Some(&provider.component));
    let [low, high] = halves(provider.profile);
    let [configure_package, configure_class] = component_words(out, provider.configure.as_ref());
    let (width, height) = provider.min_span;
    let spans = [width.cast_unsigned(), height.cast_unsigned()];
    [package, class, low, high, configure_package, configure_class, spans[0], spans[1]]
}

/// The texts of a component, both 0 without one. An empty class has a number all the same.
pub(super) fn component_words<'text>(
    out: &mut Writer<'text>,
    component: Option<&'text ComponentName>,
) -> [u32; 2] {
    component.map_or([0; 2], |component| [out.text(&component.package), out.text(&component.class)])
}

fn app_bits(flags: AppFlags) -> u32 {
    let AppFlags { installed, enabled, system, suspended, external, archived } = flags;
    packed_bits(&[installed, enabled, system, suspended, external, archived])
}

/// The first flag is the lowest bit.
pub(super) fn packed_bits(flags: &[bool]) -> u32 {
    flags.iter().rev().fold(0, |bits, flag| bits << 1 | u32::from(*flag))
}

/// Position of a value in its closed list; the lists above hold every value.
fn place<T: PartialEq>(values: &[T], value: T) -> u32 {
    values.iter().position(|known| *known == value).unwrap_or_default() as u32
}
