//! An update session as a pure diff (S6, S7): what is stored against what is installed.
//!
//! [`Plan::new`] takes the tokens of all rows, [`Plan::pass`] what a part of the platform lists, in any number and order;
//! [`Plan::next_task`] gives one piece of work at a time, [`Plan::done`] takes its outcome, [`Plan::finish`] says what to delete.
//!
//! Not here: the store, providers, the order in which other requests come between. A plan that is dropped deletes nothing.
//!
//! Invariants: a later pass can only rescue or add; whatever the order of passes, the same rows are kept, drawn and
//! deleted; what somebody else wrote since the session began is not the session's to delete; a row is deleted only
//! if its profile is gone, or was listed without it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use crate::key::{IconKey, PackageOf, ProfileSerial};
use crate::picture::Variant;
use crate::store::ScanRow;
use crate::validity::{Token, Tokens};

/// An item that is installed: an activity, a shortcut, a widget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Whose icon.
    pub key: IconKey,
    /// What label and pixels must have been made from; `None`: the platform does not say, so whatever is stored stays.
    pub tokens: Option<Tokens>,
    /// The same for the package's own entry, where the platform gave the application.
    pub app_tokens: Option<Tokens>,
    /// Where two items share a component, the lower rank decides: activities before shortcuts before widgets.
    pub rank: u8,
}

/// What of a key has to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Whose icon.
    pub key: IconKey,
    /// What it is for.
    pub reason: Reason,
    group: usize,
}

/// Why a key is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Its row is stale. Reported when it was drawn.
    Refresh,
    /// It has no row. Never reported.
    Add,
}

/// Packages whose icons are new, once for each pass and profile, when its last refresh is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The profile.
    pub profile: ProfileSerial,
    /// The packages of which something was drawn; never empty.
    pub packages: BTreeSet<String>,
}

/// What a session deletes at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deletions {
    /// Keys.
    pub keys: Vec<IconKey>,
    /// The profiles that are left, if any row is of another.
    pub keep_profiles: Option<Vec<ProfileSerial>>,
}

impl Deletions {
    /// Whether there is nothing to delete.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.keep_profiles.is_none()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    label: Option<Token>,
    pictures: Vec<(Variant, Option<Token>)>,
}

impl Row {
    /// Whether label and every stored picture were made from these. A row without an icon was never drawn.
    fn is_of(&self, tokens: &Tokens) -> bool {
        self.label.as_ref() == Some(&tokens.label)
            && self.pictures.iter().any(|(variant, _)| *variant == Variant::Plain)
            && self.pictures.iter().all(|(_, token)| token.as_ref() == Some(&tokens.pixels))
    }
}

/// The work of one pass in one profile.
#[derive(Debug)]
struct Group {
    profile: ProfileSerial,
    refreshes: VecDeque<IconKey>,
    /// Handed out and not done.
    running: usize,
    adds: VecDeque<IconKey>,
    drawn: BTreeSet<String>,
}

/// A session.
#[derive(Debug)]
pub struct Plan {
    rows: BTreeMap<IconKey, Row>,
    /// The profiles that there are; `None`: nobody said.
    profiles: Option<Vec<ProfileSerial>>,
    named: HashMap<IconKey, (u8, Option<Tokens>)>,
    listed: BTreeSet<ProfileSerial>,
    app_tokens: HashMap<PackageOf, BTreeSet<Tokens>>,
    spared: HashSet<PackageOf>,
    touched: HashSet<IconKey>,
    groups: Vec<Group>,
    /// Keys that wait in a group or are being drawn.
    waiting: HashSet<IconKey>,
    /// What was drawn and no outcome has reported: of an overtaken session, too.
    owed: BTreeMap<ProfileSerial, BTreeSet<String>>,
    finished: bool,
}

impl Plan {
    /// Begins a session over the rows of all profiles.
    pub fn new(rows: Vec<ScanRow>, profiles: Option<Vec<ProfileSerial>>) -> Self {
        let rows = rows.into_iter().map(|row| (row.key, Row { label: row.label, pictures: row.pictures }));
        Self {
            rows: rows.collect(),
            profiles,
            named: HashMap::new(),
            listed: BTreeSet::new(),
            app_tokens: HashMap::new(),
            spared: HashSet::new(),
            touched: HashSet::new(),
            groups: Vec::new(),
            waiting: HashSet::new(),
            owed: BTreeMap::new(),
            finished: false,
        }
    }

    /// Takes over from a session that this one overtakes: what that has drawn is reported all the same.
    pub fn overtake(&mut self, older: Self) {
        let drawn = older.groups.into_iter().map(|group| (group.profile, group.drawn));
        for (profile, packages) in drawn.chain(older.owed).filter(|(_, packages)| !packages.is_empty()) {
            self.owed.entry(profile).or_default().extend(packages);
        }
    }

    /// An icon of a package is new and nobody was told.
    pub fn owe(&mut self, profile: ProfileSerial, package: String) {
        self.owed.entry(profile).or_default().insert(package);
    }

    /// What is to be reported now, whatever is still to be drawn.
    pub fn next_owed(&mut self) -> Option<Notice> {
        self.owed.pop_first().map(|(profile, packages)| Notice { profile, packages })
    }

    /// Leaves a package's rows alone: it is being installed, or cannot be seen now (a removed card, a locked profile).
    pub fn spare(&mut self, package: PackageOf) {
        self.spared.insert(package);
    }

    /// The tokens of a package's own entry, for packages of which no pass lists anything.
    pub fn app(&mut self, package: PackageOf, tokens: Tokens) {
        self.app_tokens.entry(package).or_default().insert(tokens);
    }

    /// Says that a profile is listed whole though no item of it may come: its rows may be deleted.
    pub fn listed(&mut self, profile: ProfileSerial) {
        self.listed.insert(profile);
    }

    /// Takes what a part of the platform lists. Work comes of it.
    pub fn pass(&mut self, items: Vec<Named>) {
        let mut groups: BTreeMap<ProfileSerial, Group> = BTreeMap::new();
        for item in items {
            let Named { key, tokens, app_tokens, rank } = item;
            self.listed.insert(key.profile);
            if let Some(app_tokens) = app_tokens {
                self.app(key.package(), app_tokens);
            }
            // The same winner whatever the order: the lower rank, then the lower token.
            let claim = (rank, tokens);
            let better = self.named.get(&key).is_none_or(|winner| claim < *winner);
            if !better {
                continue;
            }
            let group = groups.entry(key.profile).or_insert_with(|| Group {
                profile: key.profile,
                refreshes: VecDeque::new(),
                running: 0,
                adds: VecDeque::new(),
                drawn: BTreeSet::new(),
            });
            let reason = match (self.rows.get(&key), &claim.1) {
                (None, _) => Some(Reason::Add),
                (Some(row), Some(tokens)) if !row.is_of(tokens) => Some(Reason::Refresh),
                (Some(_), _) => None,
            };
            self.named.insert(key.clone(), claim);
            match reason {
                Some(_) if !self.waiting.insert(key.clone()) => {}
                Some(Reason::Refresh) => group.refreshes.push_back(key),
                Some(Reason::Add) => group.adds.push_back(key),
                None => {}
            }
        }
        self.groups.extend(
            groups.into_values().filter(|group| !group.refreshes.is_empty() || !group.adds.is_empty()),
        );
    }

    /// The next key to draw: refreshes before adds.
    pub fn next_task(&mut self) -> Option<Task> {
        for (at, group) in self.groups.iter_mut().enumerate() {
            while let Some(key) = group.refreshes.pop_front() {
                if still_due(&self.rows, &self.named, &key) {
                    group.running += 1;
                    return Some(Task { key, reason: Reason::Refresh, group: at });
                }
                self.waiting.remove(&key);
            }
        }
        for (at, group) in self.groups.iter_mut().enumerate() {
            while let Some(key) = group.adds.pop_front() {
                if still_due(&self.rows, &self.named, &key) {
                    return Some(Task { key, reason: Reason::Add, group: at });
                }
                self.waiting.remove(&key);
            }
        }
        self.owe_the_rest();
        None
    }

    /// Of groups whose last refresh was not due any more when its turn came, so that no outcome of it has reported the others.
    fn owe_the_rest(&mut self) {
        for group in self.groups.iter_mut().filter(|group| group.running == 0 && !group.drawn.is_empty()) {
            self.owed.entry(group.profile).or_default().append(&mut group.drawn);
        }
    }

    /// A task is over; `drawn`: its icon is new. What is to be reported now.
    pub fn done(&mut self, task: &Task, drawn: bool) -> Option<Notice> {
        self.waiting.remove(&task.key);
        if drawn && let Some((_, Some(tokens))) = self.named.get(&task.key) {
            let row = self.rows.entry(task.key.clone()).or_insert(Row { label: None, pictures: Vec::new() });
            row.label = Some(tokens.label.clone());
            if row.pictures.is_empty() {
                row.pictures.push((Variant::Plain, None));
            }
            row.pictures.iter_mut().for_each(|(_, token)| *token = Some(tokens.pixels.clone()));
        }
        let group = self.groups.get_mut(task.group).filter(|_| task.reason == Reason::Refresh)?;
        group.running = group.running.saturating_sub(1);
        if drawn {
            group.drawn.insert(task.key.component.package().to_owned());
        }
        let over = group.running == 0 && group.refreshes.is_empty() && !group.drawn.is_empty();
        over.then(|| Notice { profile: group.profile, packages: std::mem::take(&mut group.drawn) })
    }

    /// Somebody else wrote a key's row: it is news that this session knows nothing of.
    pub fn touched(&mut self, key: &IconKey) {
        if !self.finished {
            self.touched.insert(key.clone());
        }
    }

    /// Ends the session: what goes. A second call has nothing more to say; neither has a session without any pass.
    pub fn finish(&mut self) -> Deletions {
        if std::mem::replace(&mut self.finished, true) {
            return Deletions::default();
        }
        let gone =
            |profile: &ProfileSerial| self.profiles.as_ref().is_some_and(|left| !left.contains(profile));
        let is_meant = |key: &IconKey, row: &Row| {
            let package = key.package();
            let keeps_itself = key.component.is_package()
                && self
                    .app_tokens
                    .get(&package)
                    .is_some_and(|tokens| tokens.iter().any(|tokens| row.is_of(tokens)));
            self.listed.contains(&key.profile)
                && !gone(&key.profile)
                && !self.named.contains_key(key)
                && !self.touched.contains(key)
                && !self.spared.contains(&package)
                && !keeps_itself
        };
        let keys =
            self.rows.iter().filter(|(key, row)| is_meant(key, row)).map(|(key, _)| key.clone()).collect();
        let any_gone = self.rows.keys().any(|key| gone(&key.profile));
        Deletions { keys, keep_profiles: if any_gone { self.profiles.clone() } else { None } }
    }

    /// The tokens that a key must have.
    pub fn tokens(&self, key: &IconKey) -> Option<Tokens> {
        self.named.get(key).and_then(|(_, tokens)| tokens.clone())
    }

    /// How many keys wait to be drawn.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// Whether a key still has to be drawn: another pass may have said better meanwhile.
fn still_due(
    rows: &BTreeMap<IconKey, Row>,
    named: &HashMap<IconKey, (u8, Option<Tokens>)>,
    key: &IconKey,
) -> bool {
    match (rows.get(key), named.get(key)) {
        (Some(row), Some((_, Some(tokens)))) => !row.is_of(tokens),
        (Some(_), _) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests;
