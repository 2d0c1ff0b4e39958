//! First-screen broadcasts: telling installers which of their apps stand on the first page (B.8, SPEC-25, MORE F1–F5).
//!
//! After a load, each installer with an active session learns which of those packages are on the first screen, so that it
//! installs them first; right after a restore it also learns what is installed there. Pure: what is on the first screen,
//! which sessions are active and who installed what come in, the broadcasts come out. Not here: sending, the
//! verification token, and which load counts as the first one after a restore.
//!
//! Invariants: each list is a set of packages in the order in which the items name them; with the installed extras no
//! broadcast names more than [`PACKAGES_MAX`] packages.

mod hash_order;
mod select;

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use crate::platform::ProfileSerial;
pub use select::first_screen_items;

/// The broadcast's action.
pub const ACTION: &str = "com.android.launcher3.action.FIRST_SCREEN_ACTIVE_INSTALLS";
/// Most packages that one broadcast with installed extras names, all lists together (F1: without them there is no cap).
pub const PACKAGES_MAX: usize = 70;

/// Where an item of the first screen stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// On the page.
    Workspace,
    /// In the dock.
    Hotseat,
    /// Elsewhere; named in no list of its own.
    Elsewhere,
}

/// One item of the first screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenItem<'a> {
    /// The package it stands for; none for collections and for shortcuts without a component.
    pub package: Option<&'a str>,
    /// Where it stands.
    pub spot: Spot,
    /// Whether it is a widget.
    pub is_widget: bool,
    /// For a folder or pair: the packages of all apps in it, those of pairs in a folder included.
    pub contents: Vec<&'a str>,
}

/// An active install session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveSession<'a> {
    /// The package being installed.
    pub package: &'a str,
    /// Who installs it.
    pub installer: Option<&'a str>,
    /// For which profile. Only sessions of the current user count; the items' profiles do not (F3).
    pub profile: ProfileSerial,
}

/// A widget on any page; "first screen" for widgets is page 0 (F4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedWidget<'a> {
    /// The provider's package.
    pub package: &'a str,
    /// The page.
    pub screen: i32,
}

/// The broadcasts cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FirstScreenError {
    /// A session has no installer; Launcher3's plain path throws (F5).
    #[error("LM_FIRST_SCREEN_NO_INSTALLER: a session of the current user names no installer")]
    NoInstaller,
}

impl FirstScreenError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoInstaller => "LM_FIRST_SCREEN_NO_INSTALLER",
        }
    }
}

/// One explicit broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Broadcast {
    /// The package it is sent to; empty means no package restriction (F5).
    pub installer: String,
    /// Packages in folders and pairs of the first screen.
    pub folder_items: Vec<String>,
    /// Packages on the page.
    pub workspace_items: Vec<String>,
    /// Packages in the dock.
    pub hotseat_items: Vec<String>,
    /// Packages of widgets.
    pub widget_items: Vec<String>,
    /// The installed extras, on the first load after a restore.
    pub installed: Option<InstalledExtras>,
}

/// What is installed already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstalledExtras {
    /// Packages on the page.
    pub workspace_items: Vec<String>,
    /// Packages in the dock.
    pub hotseat_items: Vec<String>,
    /// Packages of widgets: those of page 0, then the others.
    pub widget_items: Vec<String>,
}

/// The lists for one installer, before they are cut and sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstallerLists {
    /// The installer.
    pub installer: String,
    /// Being installed, in folders and pairs.
    pub pending_collection: Vec<String>,
    /// Being installed, on the page.
    pub pending_workspace: Vec<String>,
    /// Being installed, in the dock.
    pub pending_hotseat: Vec<String>,
    /// Being installed, widgets.
    pub pending_widget: Vec<String>,
    /// Installed, on the page; widgets too (F4).
    pub installed_workspace: Vec<String>,
    /// Installed, in the dock.
    pub installed_hotseat: Vec<String>,
    /// Installed widgets of page 0.
    pub widgets_first_screen: Vec<String>,
    /// Installed widgets of other pages.
    pub widgets_other_screens: Vec<String>,
}

impl InstallerLists {
    fn total(&self) -> usize {
        [
            &self.pending_collection,
            &self.pending_hotseat,
            &self.installed_hotseat,
            &self.widgets_other_screens,
            &self.pending_widget,
            &self.widgets_first_screen,
            &self.pending_workspace,
            &self.installed_workspace,
        ]
        .into_iter()
        .map(Vec::len)
        .sum()
    }

    /// Cuts to [`PACKAGES_MAX`]: the last of the first list that is not empty goes, in the order of B.8.
    pub fn trim(&mut self) {
        let mut excess = self.total().saturating_sub(PACKAGES_MAX);
        for list in [
            &mut self.pending_collection,
            &mut self.pending_hotseat,
            &mut self.installed_hotseat,
            &mut self.widgets_other_screens,
            &mut self.pending_widget,
            &mut self.widgets_first_screen,
            &mut self.pending_workspace,
            &mut self.installed_workspace,
        ] {
            let cut = excess.min(list.len());
            list.truncate(list.len().saturating_sub(cut));
            excess -= cut;
        }
    }

    /// The broadcast with the installed extras.
    pub fn into_broadcast(self) -> Broadcast {
        let mut seen = HashSet::new();
        let mut widgets = self.widgets_first_screen;
        widgets.extend(self.widgets_other_screens);
        widgets.retain(|package| seen.insert(package.clone()));
        Broadcast {
            installer: self.installer,
            folder_items: self.pending_collection,
            workspace_items: self.pending_workspace,
            hotseat_items: self.pending_hotseat,
            widget_items: self.pending_widget,
            installed: Some(InstalledExtras {
                workspace_items: self.installed_workspace,
                hotseat_items: self.installed_hotseat,
                widget_items: widgets,
            }),
        }
    }

    fn add_pending(&mut self, items: &[ScreenItem<'_>], installing: &HashSet<&str>) {
        let mut lists = Lists::default();
        for item in items {
            for package in item.contents.iter().filter(|package| installing.contains(*package)) {
                lists.collection.push(package);
            }
            let Some(package) = item.package.filter(|package| installing.contains(package)) else { continue };
            match (item.is_widget, item.spot) {
                (true, _) => lists.widget.push(package),
                (false, Spot::Hotseat) => lists.hotseat.push(package),
                (false, Spot::Workspace) => lists.workspace.push(package),
                (false, Spot::Elsewhere) => {}
            }
        }
        self.pending_collection = lists.collection.into_vec();
        self.pending_workspace = lists.workspace.into_vec();
        self.pending_hotseat = lists.hotseat.into_vec();
        self.pending_widget = lists.widget.into_vec();
    }
}

/// A list without repetition, in order of first mention.
#[derive(Default)]
struct OrderedSet<'a> {
    seen: HashSet<&'a str>,
    list: Vec<&'a str>,
}

impl<'a> OrderedSet<'a> {
    fn push(&mut self, text: &'a str) {
        if self.seen.insert(text) {
            self.list.push(text);
        }
    }

    fn into_vec(self) -> Vec<String> {
        self.list.into_iter().map(str::to_owned).collect()
    }
}

#[derive(Default)]
struct Lists<'a> {
    collection: OrderedSet<'a>,
    workspace: OrderedSet<'a>,
    hotseat: OrderedSet<'a>,
    widget: OrderedSet<'a>,
}

/// What one installer is installing.
struct Group<'a> {
    installer: &'a str,
    installing: HashSet<&'a str>,
}

impl AsRef<str> for Group<'_> {
    fn as_ref(&self) -> &str {
        self.installer
    }
}

/// Installing packages by installer, in order of mention.
fn installing_by_installer<'a>(sessions: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Group<'a>> {
    let mut position: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (installer, package) in sessions {
        let at = *position.entry(installer).or_insert_with(|| {
            groups.push(Group { installer, installing: HashSet::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.installing.insert(package);
        }
    }
    groups
}

/// The broadcasts of an ordinary load: one an installer with something of its own on the first screen, in
/// Java's hash order, as their packages are.
///
/// # Errors
/// [`FirstScreenError::NoInstaller`] when a session of the current user has no installer (F5).
pub fn plain(
    items: &[ScreenItem<'_>],
    sessions: &[ActiveSession<'_>],
    current: ProfileSerial,
) -> Result<Vec<Broadcast>, FirstScreenError> {
    let mut pairs = Vec::with_capacity(sessions.len());
    for session in sessions.iter().filter(|session| session.profile == current) {
        pairs.push((session.installer.ok_or(FirstScreenError::NoInstaller)?, session.package));
    }
    let mut groups = installing_by_installer(pairs.into_iter());
    hash_order::sort(&mut groups);
    let mut broadcasts = Vec::new();
    for Group { installer, installing } in groups {
        let mut lists = InstallerLists { installer: installer.to_owned(), ..InstallerLists::default() };
        lists.add_pending(items, &installing);
        // F2: nothing to say, nothing sent.
        if lists.total() == 0 {
            continue;
        }
        let mut broadcast = Broadcast { installed: None, ..lists.into_broadcast() };
        for list in [
            &mut broadcast.folder_items,
            &mut broadcast.workspace_items,
            &mut broadcast.hotseat_items,
            &mut broadcast.widget_items,
        ] {
            hash_order::sort(list);
        }
        broadcasts.push(broadcast);
    }
    Ok(broadcasts)
}

/// The lists of the first load after a restore: one an installer that is installing something, or that installed
/// something on the first screen or any widget. `installer_of` knows who installed a package, if anyone is on record.
/// Sessions without an installer are passed over (F5); packages being installed do not count as installed.
pub fn with_installed<'a>(
    items: &[ScreenItem<'a>],
    sessions: &[ActiveSession<'a>],
    widgets: &[PlacedWidget<'a>],
    current: ProfileSerial,
    installer_of: impl Fn(&str) -> Option<&'a str>,
) -> Vec<InstallerLists> {
    let pairs = sessions
        .iter()
        .filter(|session| session.profile == current && !session.package.is_empty())
        .filter_map(|session| {
            session.installer.filter(|name| !name.is_empty()).map(|name| (name, session.package))
        });
    let groups = installing_by_installer(pairs);
    let installing: HashSet<&str> =
        groups.iter().flat_map(|group| group.installing.iter().copied()).collect();
    let installer_of = |package: &str| match package.is_empty() || installing.contains(package) {
        true => None,
        false => installer_of(package).filter(|installer| !installer.is_empty()),
    };

    let mut order: Vec<&str> = Vec::new();
    let mut collected: HashMap<&str, Installed<'_>> = HashMap::new();
    let mut entry = |installer, add: &dyn Fn(&mut Installed<'a>)| {
        add(collected.entry(installer).or_insert_with(|| {
            order.push(installer);
            Installed::default()
        }));
    };
    for group in &groups {
        entry(group.installer, &|_| {});
    }
    for item in items {
        let Some(package) = item.package else { continue };
        let Some(installer) = installer_of(package) else { continue };
        entry(installer, &|installed| match item.spot {
            Spot::Workspace => installed.workspace.push(package),
            Spot::Hotseat => installed.hotseat.push(package),
            Spot::Elsewhere => {}
        });
    }
    // Page by page.
    let mut widgets: Vec<&PlacedWidget<'_>> = widgets.iter().collect();
    widgets.sort_by_key(|widget| widget.screen);
    for widget in widgets {
        let Some(installer) = installer_of(widget.package) else { continue };
        entry(installer, &|installed| match widget.screen {
            0 => installed.first_screen.push(widget.package),
            _ => installed.other_screens.push(widget.package),
        });
    }

    let groups: HashMap<&str, HashSet<&str>> =
        groups.into_iter().map(|group| (group.installer, group.installing)).collect();
    let mut result = Vec::with_capacity(order.len());
    for installer in order {
        let mut lists = InstallerLists { installer: installer.to_owned(), ..InstallerLists::default() };
        if let Some(installing) = groups.get(installer) {
            lists.add_pending(items, installing);
        }
        if let Some(installed) = collected.remove(installer) {
            lists.installed_workspace = installed.workspace.into_vec();
            lists.installed_hotseat = installed.hotseat.into_vec();
            lists.widgets_first_screen = installed.first_screen.into_vec();
            lists.widgets_other_screens = installed.other_screens.into_vec();
        }
        result.push(lists);
    }
    result
}

#[derive(Default)]
struct Installed<'a> {
    workspace: OrderedSet<'a>,
    hotseat: OrderedSet<'a>,
    first_screen: OrderedSet<'a>,
    other_screens: OrderedSet<'a>,
}
