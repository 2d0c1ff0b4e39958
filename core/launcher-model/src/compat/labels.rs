//! Titles and pictures of icons, as Launcher3's icon cache gives them with an empty icon database.
//!
//! A stand-in for `core/icon-cache`, enough to know what an item is called: the activity's label, the package's name, or
//! what the row stores. Not here: bitmaps.

use std::collections::HashMap;

use super::model::{IconSource, Item, ItemKind};
use crate::intent::{ComponentName, Intent};
use crate::platform::{PlatformIndex, ProfileSerial};

/// What the cache remembers of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub title: String,
    pub icon: IconSource,
}

/// The cache's memory during one load.
pub(super) struct Labels<'a> {
    platform: &'a PlatformIndex<'a>,
    entries: HashMap<(ComponentName, ProfileSerial), Entry>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(platform: &'a PlatformIndex<'a>) -> Self {
        Self { platform, entries: HashMap::new() }
    }

    /// Looks an icon up at full resolution: the activity's, else the package's, else none.
    pub(super) fn look_up(&mut self, intent: &Intent, component: Option<&ComponentName>, profile: ProfileSerial) -> Entry {
        let Some(component) = component else {
            return Entry { title: String::new(), icon: IconSource::Default };
        };
        let key = (component.clone(), profile);
        if let Some(entry) = self.entries.get(&key).filter(|entry| entry.icon != IconSource::Low) {
            return entry.clone();
        }
        let activity = intent.component.as_ref().and_then(|target| self.platform.resolve_activity(target, profile));
        let entry = match activity {
            Some(activity) => Entry { title: trim(&activity.label).to_owned(), icon: IconSource::Activity },
            None => match self.platform.app_flags(&component.package, profile) {
                Some(_) => Entry { title: component.package.clone(), icon: IconSource::Package },
                None => Entry { title: String::new(), icon: IconSource::Low },
            },
        };
        self.entries.insert(key, entry.clone());
        entry
    }

    /// Preview slots of folders show full icons: apps still in low resolution are looked up again (B.2.11).
    pub(super) fn refresh_preview(&mut self, item: &mut Item) {
        let profile = item.profile;
        if let ItemKind::App(icon) = &mut item.kind
            && icon.icon == IconSource::Low
        {
            let entry = self.look_up(&icon.intent, icon.intent.component.as_ref(), profile);
            item.title = Some(entry.title);
            icon.icon = entry.icon;
        }
    }
}

/// Launcher3's trim: white space and Unicode space characters, no-break space included, at both ends.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() && c != '\u{85}')
}
