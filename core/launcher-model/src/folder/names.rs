//! Suggested names of a folder (C.8, SPEC-29): at most four, with scores.

use std::collections::BTreeSet;

use crate::platform::ProfileSerial;

/// Slots for suggestions.
pub const SLOTS: usize = 4;

/// One suggestion.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// The label.
    pub label: String,
    /// Confidence, 0.0–1.0.
    pub score: f32,
}

/// Four slots for suggestions, any of them empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NameSlots {
    slots: [Option<Suggested>; SLOTS],
}

impl NameSlots {
    /// The slots.
    pub fn slots(&self) -> &[Option<Suggested>; SLOTS] {
        &self.slots
    }

    /// The labels, empty slots left out.
    pub fn labels(&self) -> impl Iterator<Item = &str> + '_ {
        self.slots.iter().flatten().map(|slot| slot.label.as_str())
    }

    /// Whether the first slot is taken ("has primary").
    pub fn has_primary(&self) -> bool {
        self.slots.first().is_some_and(Option::is_some)
    }

    /// Whether there is anything ("has suggestions").
    pub fn has_suggestions(&self) -> bool {
        self.slots.iter().any(Option::is_some)
    }

    /// Puts a label first with score 1. The other labels move one slot to the right, the last falls off; a label that is
    /// there already stays where it is.
    pub fn set_first(&mut self, label: &str) {
        if self.labels().any(|known| known == label) {
            return;
        }
        let others: Vec<Suggested> = self.slots.iter_mut().filter_map(Option::take).collect();
        let first = Suggested { label: label.to_owned(), score: 1.0 };
        for (slot, value) in self.slots.iter_mut().zip(std::iter::once(first).chain(others)) {
            *slot = Some(value);
        }
    }

    /// Puts a label into the first empty slot, or over the last one; a label that is there already stays where it is.
    pub fn set_last(&mut self, label: &str, score: f32) {
        if self.labels().any(|known| known == label) {
            return;
        }
        let value = Some(Suggested { label: label.to_owned(), score });
        match self.slots.iter_mut().find(|slot| slot.is_none()) {
            Some(empty) => *empty = value,
            None => {
                if let Some(last) = self.slots.last_mut() {
                    *last = value;
                }
            }
        }
    }
}

/// An item of the folder to be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedItem<'a> {
    /// Its package.
    pub package: &'a str,
    /// Its profile.
    pub profile: ProfileSerial,
}

/// The built-in suggestions: `work_label` if all items are of one profile that is not the current one, then the app's
/// title in front if all are of one package. `app_title` answers for a package.
pub fn suggest(
    items: &[NamedItem<'_>],
    current: ProfileSerial,
    work_label: &str,
    app_title: impl Fn(&str) -> Option<String>,
) -> NameSlots {
    let mut names = NameSlots::default();
    let profiles: BTreeSet<ProfileSerial> = items.iter().map(|item| item.profile).collect();
    if profiles.len() == 1 && !profiles.contains(&current) {
        names.set_last(work_label, 1.0);
    }
    let packages: BTreeSet<&str> = items.iter().map(|item| item.package).collect();
    if let (1, Some(package)) = (packages.len(), packages.first())
        && let Some(title) = app_title(package)
    {
        names.set_first(&title);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(names: &NameSlots) -> Vec<&str> {
        names.labels().collect()
    }

    #[test]
    fn first_moves_the_others_and_drops_the_last() {
        let mut names = NameSlots::default();
        for label in ["a", "b", "c", "d"] {
            names.set_last(label, 0.5);
        }
        names.set_first("e");
        assert_eq!(labels(&names), ["e", "a", "b", "c"]);
        names.set_first("b");
        assert_eq!(labels(&names), ["e", "a", "b", "c"]);
    }

    #[test]
    fn last_overwrites_the_last_slot_when_full() {
        let mut names = NameSlots::default();
        for label in ["a", "b", "c", "d", "e"] {
            names.set_last(label, 0.5);
        }
        assert_eq!(labels(&names), ["a", "b", "c", "e"]);
    }

    #[test]
    fn the_app_precedes_work() {
        let items = [NamedItem { package: "com.a", profile: 10 }; 2];
        let names = suggest(&items, 0, "Work", |_| Some("Mail".to_owned()));
        assert_eq!(labels(&names), ["Mail", "Work"]);
        assert!(!suggest(&items, 10, "Work", |_| None).has_suggestions());
    }
}
