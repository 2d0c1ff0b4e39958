//! Titles and pictures of icons, as Launcher3's icon cache gives them with an empty icon database (B.2.7, B.2.11).
//!
//! A stand-in for `core/icon-cache`, enough to know what an item is called: the activity's label, the package's name, or
//! what the row stores. Not here: bitmaps.

use std::borrow::Cow;

use super::bits::RuntimeFlags;
use super::model::{IconSource, Item, ItemId, ItemKind, LoadedModel};
use crate::folder::FolderGrid;
use crate::hash::{FastMap, FastSet, map_with_capacity};
use crate::intent::{ComponentName, Intent, Text};
use crate::platform::{Activity, PlatformIndex, ProfileSerial};

/// The class that stands for a package without a component.
const EMPTY_CLASS: &str = ".";

/// What the cache knows of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub title: Text,
    pub icon: IconSource,
}

/// An app whose title and picture are asked for in bulk once all rows are read. Rejected rows take part: the first
/// request for a component speaks for all of them.
pub(super) struct TitleRequest<'a> {
    pub id: ItemId,
    pub profile: ProfileSerial,
    /// The activity's own where there is one, so that apps of one activity share it.
    pub component: Option<Cow<'a, ComponentName>>,
    pub low_resolution: bool,
    pub activity: Option<&'a Activity>,
    pub title: Option<Text>,
    pub icon: IconSource,
    /// Whether the row stores a picture, and whether the item is in the model.
    pub has_stored_icon: bool,
    pub is_accepted: bool,
}

/// The cache's memory during one load.
pub(super) struct Labels<'a> {
    platform: &'a PlatformIndex<'a>,
    archiving: bool,
    entries: FastMap<(ComponentName, ProfileSerial), Entry>,
    packages: FastSet<(Text, ProfileSerial)>,
    requests: Vec<TitleRequest<'a>>,
}

impl<'a> Labels<'a> {
    /// Nothing is known yet; there will be a request for most of so many rows.
    pub(super) fn new(platform: &'a PlatformIndex<'a>, archiving: bool, rows: usize) -> Self {
        Self {
            platform,
            archiving,
            entries: FastMap::default(),
            packages: FastSet::default(),
            requests: Vec::with_capacity(rows),
        }
    }

    /// Looks an icon up at full resolution: the activity's, else the package's, else none.
    pub(super) fn look_up(&mut self, intent: &Intent, profile: ProfileSerial) -> Entry {
        let Some(component) = &intent.component else {
            return Entry { title: Text::default(), icon: IconSource::Default };
        };
        let key = (component.clone(), profile);
        if let Some(entry) = self.entries.get(&key).filter(|entry| entry.icon != IconSource::Low) {
            return entry.clone();
        }
        let entry = match self.platform.resolve_activity(component, profile) {
            Some(activity) => own_entry(activity),
            None => match self.look_up_package(&component.package, profile) {
                true => Entry { title: component.package.clone(), icon: IconSource::Package },
                false => Entry { title: Text::default(), icon: IconSource::Low },
            },
        };
        self.entries.insert(key, entry.clone());
        entry
    }

    /// Looks a package up, as a pending widget does; whether there is one.
    pub(super) fn look_up_package(&mut self, package: &str, profile: ProfileSerial) -> bool {
        let is_there = self.platform.raw_app_flags(package, profile).is_some();
        if is_there {
            self.packages.insert((package.into(), profile));
        }
        is_there
    }

    /// What an item shows of an entry. One that is marked as archived by then shows its package instead, once that has been
    /// looked up; a promise that is looked up while its row is read is not marked yet.
    fn applied(&self, entry: Entry, runtime: RuntimeFlags, package: &Text, profile: ProfileSerial) -> Entry {
        let is_overridden = self.archiving
            && runtime.has(RuntimeFlags::ARCHIVED)
            && self.packages.contains(&(package.clone(), profile));
        if is_overridden { Entry { title: package.clone(), icon: IconSource::Package } } else { entry }
    }

    pub(super) fn request(&mut self, request: TitleRequest<'a>) {
        self.requests.push(request);
    }

    pub(super) fn accept_last(&mut self) {
        if let Some(request) = self.requests.last_mut() {
            request.is_accepted = true;
        }
    }

    /// B.2.7: answers all requests. Requests for one component, profile and resolution share the answer to the first.
    pub(super) fn answer_requests(&mut self, model: &mut LoadedModel) {
        let requests = std::mem::take(&mut self.requests);
        let mut answers: FastMap<(ProfileSerial, bool, &ComponentName), Option<Entry>> =
            map_with_capacity(requests.len().min(self.platform.snapshot().activities.len()));
        for request in &requests {
            let answer = match &request.component {
                Some(component) => answers
                    .entry((request.profile, request.low_resolution, component.as_ref()))
                    .or_insert_with(|| self.answer(request))
                    .clone(),
                None => Some(Entry {
                    title: request.title.clone().unwrap_or_default(),
                    icon: IconSource::Default,
                }),
            };
            let Some(item) = model.items.get_mut(&request.id).filter(|_| request.is_accepted) else {
                continue;
            };
            let ItemKind::App(icon) = &mut item.kind else { continue };
            match (answer, &request.component) {
                (Some(entry), Some(component)) => {
                    let entry = self.applied(entry, icon.runtime, &component.package, request.profile);
                    icon.icon = entry.icon;
                    item.title = Some(entry.title);
                }
                (Some(entry), None) => icon.icon = entry.icon,
                (None, _) => {}
            }
            if icon.icon == IconSource::Default && request.has_stored_icon {
                icon.icon = IconSource::Blob;
            }
        }
    }

    /// What the first request gets; nothing if it has title and picture already.
    fn answer(&self, request: &TitleRequest<'_>) -> Option<Entry> {
        let title = request.title.clone().unwrap_or_default();
        let needs_title = title.is_empty();
        let needs_icon = matches!(request.icon, IconSource::Low | IconSource::Default);
        if !needs_title && !needs_icon {
            return None;
        }
        let mut answer = Entry { title: trim(&title).into(), icon: request.icon };
        if let Some(activity) = request.activity {
            let entry = own_entry(activity);
            if needs_icon {
                answer.icon = entry.icon;
            }
            if needs_title {
                answer.title = entry.title;
            }
        }
        Some(answer)
    }

    /// B.2.11: preview slots of folders and members of pairs show full icons; apps still in low resolution are looked up
    /// again.
    pub(super) fn refresh_previews(&mut self, model: &mut LoadedModel, mut grid: FolderGrid) {
        for collection in model.collections.values() {
            grid.set_items(collection.contents.len());
            for (rank, (child, _)) in collection.contents.iter().enumerate() {
                let is_seen = collection.is_pair || grid.is_in_preview(0, rank);
                if let Some(item) = model.items.get_mut(child).filter(|_| is_seen) {
                    self.refresh(item);
                }
            }
        }
    }

    fn refresh(&mut self, item: &mut Item) {
        let profile = item.profile;
        if let ItemKind::App(icon) = &mut item.kind
            && icon.icon == IconSource::Low
        {
            let mut entry = self.look_up(&icon.intent, profile);
            if let Some(component) = &icon.intent.component {
                entry = self.applied(entry, icon.runtime, &component.package, profile);
            }
            item.title = Some(entry.title);
            icon.icon = entry.icon;
        }
    }
}

/// What an activity is called and shows of itself.
fn own_entry(activity: &Activity) -> Entry {
    Entry { title: trim(&activity.label).into(), icon: IconSource::Activity }
}

/// The component that stands for an icon in the cache: its own, or its package's for a promise without one.
pub(super) fn cache_component(intent: &Intent, target_package: Option<&str>) -> Option<ComponentName> {
    match &intent.component {
        Some(component) => Some(component.clone()),
        None => target_package.map(|package| ComponentName::new(package, EMPTY_CLASS)),
    }
}

/// Launcher3's trim: white space and Unicode space characters, no-break space included, at both ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() && c != '\u{85}')
}
