//! The row decision for apps and deep shortcuts (B.3, rows 1–10 and the item that follows).
//!
//! Two tables in order of evaluation: the target table decides whether the row lives and what is written, the item table
//! decides what it becomes. Each entry carries its rule; within a step the first entry that holds is taken.
//! Not here: run-time flags (`flags`), titles and pictures (`labels`), placement, registration in the model.

use std::sync::Arc;

use super::bits::{IconRestore, RuntimeFlags};
use super::input::{BuildFlags, LoadRow};
use super::model::IconSource;
use super::mutants::{self, Mutation};
use super::outcome::{DbAction, DeleteReason, RowFault, Verdict};
use super::rules::Rule;
use crate::intent::{FailureClass, Intent, IntentError, Text};
use crate::platform::{Activity, AppFlags, Package, PinnedShortcut, PlatformIndex, ProfileSerial};

/// Item type of an app.
pub(crate) const TYPE_APP: i32 = 0;
/// Item type of a deep shortcut.
pub(crate) const TYPE_DEEP_SHORTCUT: i32 = 6;

/// How a row's evaluation ended early.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub verdict: Verdict,
    pub rule: Rule,
}

impl Ended {
    pub(super) fn delete(rule: Rule, reason: DeleteReason) -> Self {
        Self { verdict: Verdict::Delete(reason), rule }
    }

    pub(super) fn zombie(rule: Rule, fault: RowFault) -> Self {
        Self { verdict: Verdict::Zombie(fault), rule }
    }
}

/// What the icon is built from.
#[derive(Debug, Clone, Copy)]
pub(super) enum IconBase<'a> {
    /// A promise.
    Promise,
    /// An app; with its activity, unless a missing target is tolerated (rows 6, 7).
    App,
    /// A pinned shortcut.
    Pinned(&'a PinnedShortcut),
    /// A shortcut of a locked profile.
    Locked,
}

/// What the intent's text of an icon's row reads as; `None` where there is none.
pub(crate) type Parsed = Option<Result<IconIntent, IntentError>>;

/// The intent of an icon's row, shared with the items that are made of it.
#[derive(Debug, Clone)]
pub(crate) struct IconIntent {
    /// With its target's package where the text names none: nothing before C3 looks at it.
    intent: Arc<Intent>,
    /// Whether the text names none.
    lacks_package: bool,
}

impl From<Intent> for IconIntent {
    fn from(mut intent: Intent) -> Self {
        let lacks_package = intent.package.is_none();
        if lacks_package {
            intent.package = Some(target(&intent));
        }
        Self { intent: Arc::new(intent), lacks_package }
    }
}

/// Package of the component, else of the intent.
fn target(intent: &Intent) -> Text {
    let component = intent.component.as_ref().map(|component| &component.package);
    component.or(intent.package.as_ref()).cloned().unwrap_or_default()
}

/// A row that has gone through the tables, with what its icon is built from or why there is none.
#[derive(Clone)]
pub(super) struct Target<'a> {
    pub app: AppRow<'a>,
    pub base: Result<IconBase<'a>, Ended>,
}

/// A row on its way through the tables.
#[derive(Clone)]
pub(super) struct AppRow<'a> {
    pub row: &'a LoadRow,
    pub platform: &'a PlatformIndex<'a>,
    pub flags: &'a BuildFlags,
    pub profile: ProfileSerial,
    /// Whether pinned shortcuts of the profile are known (B.2.5).
    pub unlocked: bool,
    /// The intent, after row 1.
    pub intent: Arc<Intent>,
    pub has_intent: bool,
    /// Whether the intent named no package of its own (C3).
    lacks_package: bool,
    /// Package of the component, else of the intent.
    pub target: Text,
    pub restored: IconRestore,
    pub target_valid: bool,
    /// What the platform knows of the target package, asked once.
    package: Option<&'a Package>,
    /// What it knows of an app's component, asked once for each component.
    component_state: Option<&'a Activity>,
    pub tolerate_missing: bool,
    pub runtime: RuntimeFlags,
    /// Queued for the final `restored = 0` update.
    pub marked_restored: bool,
    /// Writes that are made at once, whatever becomes of the row.
    pub writes: Vec<DbAction>,
    /// Row 7: wait for boot.
    pub pending: bool,
    pub activity: Option<&'a Activity>,
    pub progress: i32,
    /// The rule that made the item.
    pub item_rule: Rule,
}

/// What an entry of the target table does when it holds.
enum Step {
    /// On to the next step of the table.
    Go,
    /// The row's evaluation ends.
    End(Verdict),
}

/// An entry of the target table. Entries with the same `step` are alternatives: the first that holds is taken.
struct TargetRule {
    step: u8,
    rule: Rule,
    when: fn(&AppRow<'_>) -> bool,
    then: fn(&mut AppRow<'_>) -> Step,
}

/// Rows 1–10 of B.3, with C3 in its true place.
const TARGET_RULES: [TargetRule; 15] = [
    // 1: intent empty or unparsable.
    TargetRule {
        step: 1,
        rule: Rule::App1NoIntent,
        when: |app| !app.has_intent,
        then: |_| Step::End(Verdict::Delete(DeleteReason::AppNoDbIntent)),
    },
    // 2: neither component nor package; an empty one counts as none.
    TargetRule {
        step: 2,
        rule: Rule::App2NoTarget,
        when: |app| app.target.is_empty(),
        then: |_| Step::End(Verdict::Delete(DeleteReason::AppNoTargetPackage)),
    },
    // 3: type 0, component, package enabled, activity enabled.
    TargetRule { step: 3, rule: Rule::App3ActivityEnabled, when: is_activity_enabled, then: mark_restored },
    // 4: the same with the activity gone: the first activity of the package takes over, written at once.
    TargetRule {
        step: 3,
        rule: Rule::App4Retarget,
        when: |app| is_component_checked(app) && !is_activity_enabled(app) && launch_activity(app).is_some(),
        then: retarget,
    },
    TargetRule {
        step: 3,
        rule: Rule::App4NoLaunchIntent,
        when: |app| is_component_checked(app) && !is_activity_enabled(app),
        then: |_| Step::End(Verdict::Delete(DeleteReason::AppNoLaunchIntent)),
    },
    // C3: the package is set here, before rows 5–8; a selector forbids it.
    TargetRule {
        step: 4,
        rule: Rule::AppSelector,
        when: |app| app.lacks_package && app.intent.selector.is_some(),
        then: |_| Step::End(Verdict::Zombie(RowFault::SelectorSet)),
    },
    // 5a: package not enabled, restored, restore has started: keep.
    TargetRule {
        step: 5,
        rule: Rule::App5aStarted,
        when: |app| is_missing_restored(app) && app.restored.has(IconRestore::STARTED),
        then: |_| Step::Go,
    },
    // 5b: a session is active: bit 4, written at once.
    TargetRule {
        step: 5,
        rule: Rule::App5bSession,
        when: |app| is_missing_restored(app) && app.platform.session(&app.target, app.profile).is_some(),
        then: |app| {
            app.restored = app.restored.union(IconRestore::STARTED);
            app.writes.push(DbAction::SetRestored { id: app.row.id(), restored: app.restored.0 });
            Step::Go
        },
    },
    // 5c: nobody installs it.
    TargetRule {
        step: 5,
        rule: Rule::App5cNotInstalling,
        when: is_missing_restored,
        then: |_| Step::End(Verdict::Delete(DeleteReason::AppNotRestoredOrInstalled)),
    },
    // 6: on external storage, enabled and installed.
    TargetRule {
        step: 5,
        rule: Rule::App6External,
        when: |app| !app.target_valid && app.app_flags().is_some_and(|flags| flags.external),
        then: |app| {
            app.runtime = app.runtime.union(RuntimeFlags::NOT_AVAILABLE);
            app.tolerate_missing = true;
            Step::Go
        },
    },
    // 7: boot may still bring it.
    TargetRule {
        step: 5,
        rule: Rule::App7BootPending,
        when: |app| !app.target_valid && !app.platform.snapshot().boot_completed.is_yes(),
        then: |app| {
            app.pending = true;
            app.tolerate_missing = true;
            Step::Go
        },
    },
    // 8: gone.
    TargetRule {
        step: 5,
        rule: Rule::App8Gone,
        when: |app| !app.target_valid,
        then: |_| Step::End(Verdict::Delete(DeleteReason::AppNotInstalledExternalMedia)),
    },
    // 9: web UI keeps `restored`.
    TargetRule {
        step: 6,
        rule: Rule::App9WebUi,
        when: |app| app.restored.has(IconRestore::WEB_UI),
        then: |app| {
            app.target_valid = false;
            Step::Go
        },
    },
    // 10: the target is valid.
    TargetRule { step: 7, rule: Rule::App10Valid, when: |app| app.target_valid, then: mark_restored },
    // The item's deep shortcut key is built from package and id (C2); a promise's only when it is registered.
    TargetRule {
        step: 8,
        rule: Rule::DeepNoId,
        when: |app| {
            app.row.item_type == TYPE_DEEP_SHORTCUT && app.restored.is_empty() && app.shortcut_id().is_none()
        },
        then: |_| Step::End(Verdict::Zombie(RowFault::ShortcutIdMissing)),
    },
];

/// Rows 3 and 4 look at the component of an enabled package's app.
fn is_component_checked(app: &AppRow<'_>) -> bool {
    app.row.item_type == TYPE_APP && app.intent.component.is_some() && app.target_valid
}

fn is_activity_enabled(app: &AppRow<'_>) -> bool {
    is_component_checked(app) && app.component_state.is_some_and(|activity| activity.enabled.is_yes())
}

fn is_missing_restored(app: &AppRow<'_>) -> bool {
    !app.target_valid && !app.restored.is_empty()
}

fn launch_activity<'a>(app: &AppRow<'a>) -> Option<&'a Activity> {
    app.platform.first_activity(&app.target, app.profile)
}

fn mark_restored(app: &mut AppRow<'_>) -> Step {
    app.marked_restored |= !app.restored.is_empty();
    app.restored = IconRestore::default();
    Step::Go
}

/// Row 4. The row's `restored` stays as it is in the database (C18a); only memory sees 0.
fn retarget(app: &mut AppRow<'_>) -> Step {
    if let Some(activity) = launch_activity(app) {
        app.intent = Arc::new(Intent::main_activity(activity.component.clone()));
        app.component_state = app.platform.activity(&activity.component, app.profile);
        app.restored = IconRestore::default();
        app.writes.push(DbAction::RetargetIntent { id: app.row.id(), intent: app.intent.to_uri() });
    }
    Step::Go
}

/// An entry of the item table: the first that holds makes the item.
struct ItemRule {
    rule: Rule,
    when: fn(&AppRow<'_>) -> bool,
    then: for<'a> fn(&mut AppRow<'a>) -> Result<IconBase<'a>, Verdict>,
}

/// What the row becomes.
const ITEM_RULES: [ItemRule; 7] = [
    // Restored without bit 1 or 2: an exception.
    ItemRule {
        rule: Rule::PromiseRestoreType,
        when: |app| {
            !app.restored.is_empty()
                && !app.restored.has(IconRestore::RESTORED)
                && !app.restored.has(IconRestore::AUTO_INSTALL)
        },
        then: |app| Err(Verdict::Zombie(RowFault::RestoreType(app.restored.0))),
    },
    ItemRule { rule: Rule::Promise, when: |app| !app.restored.is_empty(), then: |_| Ok(IconBase::Promise) },
    // C4: no component, or nothing answers for it and that is not tolerated.
    ItemRule {
        rule: Rule::AppUnresolved,
        when: |app| {
            app.row.item_type == TYPE_APP
                && (app.intent.component.is_none() || (!app.tolerate_missing && app.resolved().is_none()))
        },
        then: |_| Err(Verdict::Zombie(RowFault::Unresolved)),
    },
    ItemRule {
        rule: Rule::App,
        when: |app| app.row.item_type == TYPE_APP,
        then: |app| {
            app.activity = app.resolved();
            Ok(IconBase::App)
        },
    },
    // C13: the key is the intent's own package.
    ItemRule {
        rule: Rule::DeepPinned,
        when: |app| app.unlocked && app.pinned().is_some(),
        then: |app| match app.pinned() {
            Some(shortcut) => Ok(IconBase::Pinned(shortcut)),
            None => Err(Verdict::Delete(DeleteReason::ShortcutNotFound)),
        },
    },
    ItemRule {
        rule: Rule::DeepNotPinned,
        when: |app| app.unlocked,
        then: |_| Err(Verdict::Delete(DeleteReason::ShortcutNotFound)),
    },
    ItemRule { rule: Rule::DeepLocked, when: |app| !app.unlocked, then: |_| Ok(IconBase::Locked) },
];

impl<'a> AppRow<'a> {
    /// A row of a known profile with its intent. The error is C1's: a number that escapes Launcher3's handler.
    pub(super) fn new(
        row: &'a LoadRow,
        intent: Parsed,
        platform: &'a PlatformIndex<'a>,
        flags: &'a BuildFlags,
        unlocked: bool,
    ) -> Result<Self, Ended> {
        let profile = ProfileSerial::from(row.profile);
        let read = usable(intent)?;
        let has_intent = read.is_some();
        let IconIntent { intent, lacks_package } = read.unwrap_or_else(|| Intent::default().into());
        let target = target(&intent);
        let package = platform.package(&target, profile);
        let target_valid = package.is_some_and(|package| package.enabled.is_yes());
        let component_state = match &intent.component {
            Some(component) if row.item_type == TYPE_APP => platform.activity(component, profile),
            _ => None,
        };
        let quiet = platform.profile(profile).is_some_and(|profile| profile.quiet.is_yes());
        let runtime = match holds(Rule::FlagQuiet, quiet) {
            true => RuntimeFlags::QUIET,
            false => RuntimeFlags::default(),
        };
        Ok(Self {
            row,
            platform,
            flags,
            profile,
            unlocked,
            intent,
            has_intent,
            lacks_package,
            target,
            restored: IconRestore(row.restored),
            target_valid,
            package,
            component_state,
            tolerate_missing: false,
            runtime,
            marked_restored: false,
            writes: Vec::new(),
            pending: false,
            activity: None,
            progress: 100,
            item_rule: Rule::App,
        })
    }

    /// Runs both tables.
    pub(super) fn decide(&mut self) -> Result<IconBase<'a>, Ended> {
        let mut done = 0;
        for entry in &TARGET_RULES {
            if entry.step > done && holds(entry.rule, (entry.when)(self)) {
                done = entry.step;
                if let Step::End(verdict) = (entry.then)(self) {
                    return Err(Ended { verdict, rule: entry.rule });
                }
            }
            if entry.rule == Rule::AppSelector && self.intent.package.is_none() {
                Arc::make_mut(&mut self.intent).package = Some(self.target.clone());
            }
        }
        for entry in &ITEM_RULES {
            if holds(entry.rule, (entry.when)(self)) {
                self.item_rule = entry.rule;
                return (entry.then)(self).map_err(|verdict| Ended { verdict, rule: entry.rule });
            }
        }
        Err(Ended::zombie(Rule::AppUnresolved, RowFault::Unresolved))
    }

    /// `resolveActivity` for an app's component.
    fn resolved(&self) -> Option<&'a Activity> {
        self.component_state.filter(|activity| activity.resolves.is_yes())
    }

    /// The flags of the target's application as the package manager gives them, whatever its state.
    pub(super) fn raw_app_flags(&self) -> Option<AppFlags> {
        self.package.and_then(|package| package.info.flags())
    }

    /// The same for an application that counts as there.
    pub(super) fn app_flags(&self) -> Option<AppFlags> {
        self.raw_app_flags().filter(|flags| self.platform.counts_as_there(flags))
    }

    /// The id of a deep shortcut.
    pub(super) fn shortcut_id(&self) -> Option<&str> {
        self.intent.string_extra(crate::intent::EXTRA_SHORTCUT_ID)
    }

    fn pinned(&self) -> Option<&'a PinnedShortcut> {
        let package = self.intent.package.as_deref()?;
        self.platform.pinned_shortcut(package, self.shortcut_id()?, self.profile)
    }
}

/// A row's intent: `None` when it is empty or a syntax failure (row 1), an end for a number failure (C1).
pub(super) fn parse_intent(row: &LoadRow) -> Result<Option<Intent>, Ended> {
    usable(parsed(row))
}

/// Reads the intent of an icon's row.
pub(crate) fn read_intent(row: &LoadRow) -> Parsed {
    parsed(row).map(|intent| intent.map(IconIntent::from))
}

fn parsed(row: &LoadRow) -> Option<Result<Intent, IntentError>> {
    row.intent.as_deref().filter(|text| !text.is_empty()).map(Intent::parse)
}

fn usable<T>(intent: Option<Result<T, IntentError>>) -> Result<Option<T>, Ended> {
    match intent {
        None => Ok(None),
        Some(Ok(intent)) => Ok(Some(intent)),
        Some(Err(error)) => match error.class() {
            FailureClass::NumberFormat | FailureClass::Oversize if holds(Rule::IntentNumber, true) => {
                Err(Ended::zombie(Rule::IntentNumber, RowFault::IntentNumber(error)))
            }
            _ => Ok(None),
        },
    }
}

/// Whether an icon has a picture of its own in the row.
pub(super) fn stored_icon(row: &LoadRow) -> Option<IconSource> {
    row.has_icon.then_some(IconSource::Blob)
}

/// Whether a rule's condition holds, unless a test has broken the rule.
pub(super) fn holds(rule: Rule, condition: bool) -> bool {
    mutants::holds(Mutation::Row(rule), condition)
}
