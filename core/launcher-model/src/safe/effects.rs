//! What a safe load asks of the platform: pins, binds, widget ids (SPEC-11 NEW, J.1.30).
//!
//! An id or a pin is given back only when no row refers to it any more, shown or not; a load without any row gives nothing
//! back, for such a table may be the trace of a wipe. Nothing is called here.

use std::collections::{BTreeMap, BTreeSet};

use super::subject::Subject;
use crate::compat::model::ItemKind;
use crate::compat::outcome::{BindCall, PinCall};
use crate::compat::{LoadInput, LoadOutcome, TYPE_DEEP_SHORTCUT, TYPE_WIDGET};
use crate::intent::{EXTRA_SHORTCUT_ID, Intent};
use crate::platform::{BoundWidget, PinnedQuery, PlatformSnapshot, ProfileSerial};

/// What to do outside the model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// Silent binds of widget ids, in order.
    pub bind_calls: Vec<BindCall>,
    /// Widget ids that were given out, in order.
    pub widget_ids_allocated: Vec<i32>,
    /// Widget ids that no row refers to, sorted.
    pub widget_ids_freed: Vec<i32>,
    /// Widget ids that Launcher3 would free and that a row refers to (`LM_WIDGET_ID_KEPT`), sorted.
    pub widget_ids_kept: Vec<i32>,
    /// Pin calls, sorted by package and profile; each only drops what no row and no queue wants.
    pub pin_calls: Vec<PinCall>,
    /// Pins that Launcher3 would take back and that a row refers to (`LM_PIN_KEPT`): package, profile, id.
    pub pins_kept: BTreeSet<(String, ProfileSerial, String)>,
    /// Packages that boot may still bring (B.3 row 7), sorted.
    pub pending_packages: BTreeSet<(String, ProfileSerial)>,
    /// Whether to listen for the end of boot (B.5.6).
    pub waits_for_boot: bool,
}

impl Effects {
    /// The snapshot as it is once these effects are carried out: for a dry run of the next load.
    pub fn applied_to(&self, platform: &PlatformSnapshot) -> PlatformSnapshot {
        let mut platform = platform.clone();
        for call in &self.pin_calls {
            platform.pinned_shortcuts.retain(|pin| {
                (pin.package.as_str(), pin.profile) != (call.package.as_str(), call.profile)
                    || call.ids.contains(&pin.id)
            });
        }
        let widgets = &mut platform.widgets;
        for call in self.bind_calls.iter().filter(|call| call.bound) {
            let provider = widgets
                .providers
                .iter()
                .flatten()
                .find(|provider| provider.component == call.provider && provider.profile == call.profile);
            if let Some(provider) = provider.cloned() {
                widgets.bound.push(BoundWidget { id: call.widget_id, provider, restore_completed: false });
            }
        }
        if let Some(ids) = &mut widgets.host_ids {
            ids.extend(&self.widget_ids_allocated);
            ids.retain(|id| self.widget_ids_freed.binary_search(id).is_err());
        }
        let given_out = i32::try_from(self.widget_ids_allocated.len()).unwrap_or(i32::MAX);
        widgets.next_id = widgets.next_id.wrapping_add(given_out);
        platform
    }
}

impl Effects {
    /// Gives back nothing that rows refer to which the load did not see, such as those in a store's quarantine (J.1.30):
    /// widget ids, and pins by profile and package.
    pub fn spare(&mut self, platform: &PlatformSnapshot, widget_ids: &BTreeSet<i32>, pins: &Pins) {
        let spared = |id: &i32| widget_ids.contains(id);
        self.widget_ids_kept.extend(self.widget_ids_freed.iter().filter(|id| spared(id)));
        self.widget_ids_kept.sort_unstable();
        self.widget_ids_freed.retain(|id| !spared(id));
        let nothing = BTreeSet::new();
        self.pin_calls.retain_mut(|call| {
            let wanted = pins.get(&(call.profile, call.package.clone())).unwrap_or(&nothing);
            let system: BTreeSet<String> = platform
                .pinned_shortcuts
                .iter()
                .filter(|pin| (&pin.package, pin.profile) == (&call.package, call.profile))
                .map(|pin| pin.id.clone())
                .collect();
            for id in wanted.intersection(&system).filter(|id| !call.ids.contains(*id)) {
                self.pins_kept.insert((call.package.clone(), call.profile, id.clone()));
            }
            call.ids.extend(wanted.intersection(&system).cloned());
            call.ids != system
        });
    }
}

/// The ids of pinned shortcuts by profile and package.
pub type Pins = BTreeMap<(ProfileSerial, String), BTreeSet<String>>;

/// The effects of a load whose rows have these ids now.
pub(super) fn effects(
    input: &LoadInput<'_>,
    subjects: &[Subject<'_>],
    legacy: &LoadOutcome,
    alone: LoadOutcome,
    widget_ids: &BTreeSet<i32>,
) -> Effects {
    let live: BTreeSet<i32> = subjects
        .iter()
        .filter_map(|subject| match subject.item.as_ref().map(|item| &item.kind) {
            Some(ItemKind::Widget(widget)) => Some(widget.widget_id),
            _ => None,
        })
        .collect();
    let mut effects = Effects {
        // A widget that is held after all, for want of room, is bound when there is some.
        bind_calls: alone.bind_calls.into_iter().filter(|call| live.contains(&call.widget_id)).collect(),
        widget_ids_allocated: alone.widget_ids_allocated,
        pending_packages: alone.pending_packages,
        ..Effects::default()
    };
    // A preview of another file changes nothing (B.2.2).
    if !input.is_current_file {
        return effects;
    }
    effects.waits_for_boot = !input.platform.boot_completed.is_yes() && !effects.pending_packages.is_empty();
    if subjects.is_empty() {
        return effects;
    }
    if let Some(host) = &input.platform.widgets.host_ids {
        let ids: BTreeSet<i32> = host.iter().chain(&effects.widget_ids_allocated).copied().collect();
        effects.widget_ids_freed = ids.difference(widget_ids).copied().collect();
    }
    let freed: BTreeSet<i32> = effects.widget_ids_freed.iter().copied().collect();
    let host: BTreeSet<i32> = input.platform.widgets.host_ids.iter().flatten().copied().collect();
    effects.widget_ids_kept = legacy
        .widget_ids_freed
        .iter()
        .copied()
        .filter(|id| host.contains(id) && !freed.contains(id))
        .collect();
    pins(input, subjects, legacy, &mut effects);
    effects
}

/// The widget ids that rows refer to: a live widget's own, what is stored for every other row that may be one.
pub(super) fn referenced_widget_ids(subjects: &[Subject<'_>]) -> BTreeSet<i32> {
    subjects
        .iter()
        .filter_map(|subject| match subject.item.as_ref().map(|item| &item.kind) {
            Some(ItemKind::Widget(widget)) => Some(widget.widget_id),
            Some(_) => None,
            // Of a row that cannot be shown, any type may be a widget's.
            None => (subject.row.widget_id > 0 || subject.row.item_type == TYPE_WIDGET)
                .then_some(subject.row.widget_id),
        })
        .collect()
}

fn pins(input: &LoadInput<'_>, subjects: &[Subject<'_>], legacy: &LoadOutcome, effects: &mut Effects) {
    let (mut needed, mut wanted, mut system) = (Pins::new(), Pins::new(), Pins::new());
    for pin in &input.platform.queued_pins {
        needed.entry((pin.profile, pin.package.clone())).or_default().insert(pin.id.clone());
    }
    for subject in subjects {
        match subject.item.as_ref().map(|item| (&item.kind, item.profile)) {
            Some((ItemKind::DeepShortcut(icon), profile)) => note_pin(&mut needed, &icon.intent, profile),
            Some(_) => {}
            None if subject.row.item_type == TYPE_DEEP_SHORTCUT => {
                let intent = subject.row.intent.as_deref().and_then(|text| Intent::parse(text).ok());
                if let Some(intent) = intent {
                    note_pin(&mut wanted, &intent, subject.row.profile.into());
                }
            }
            None => {}
        }
    }
    for pin in &input.platform.pinned_shortcuts {
        system.entry((pin.profile, pin.package.clone())).or_default().insert(pin.id.clone());
    }
    let answered: BTreeSet<ProfileSerial> = input
        .platform
        .profiles
        .iter()
        // A query that returned null is no answer: nothing is dropped on it.
        .filter(|profile| profile.pinned_query == PinnedQuery::Answered)
        .map(|profile| profile.serial)
        .collect();
    let nothing = BTreeSet::new();
    let keys: BTreeSet<&(ProfileSerial, String)> =
        needed.keys().chain(system.keys()).filter(|(profile, _)| answered.contains(profile)).collect();
    for key in keys {
        let [needed, wanted, system] =
            [&needed, &wanted, &system].map(|pins| pins.get(key).unwrap_or(&nothing));
        let kept: BTreeSet<String> = needed.iter().chain(system.intersection(wanted)).cloned().collect();
        if *system != kept {
            effects.pin_calls.push(PinCall { package: key.1.clone(), profile: key.0, ids: kept });
        }
    }
    effects.pin_calls.sort();
    for call in &legacy.pin_calls {
        let key = (call.profile, call.package.clone());
        let mut kept = wanted.get(&key).unwrap_or(&nothing).clone();
        kept.retain(|id| !call.ids.contains(id) && system.get(&key).is_some_and(|ids| ids.contains(id)));
        effects.pins_kept.extend(kept.into_iter().map(|id| (key.1.clone(), key.0, id)));
    }
}

/// Notes the shortcut that an intent names.
pub(crate) fn note_pin(pins: &mut Pins, intent: &Intent, profile: ProfileSerial) {
    if let (Some(package), Some(id)) = (intent.target_package(), intent.string_extra(EXTRA_SHORTCUT_ID)) {
        pins.entry((profile, package.to_owned())).or_default().insert(id.to_owned());
    }
}
