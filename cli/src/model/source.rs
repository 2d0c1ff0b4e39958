//! A launcher's database as rows at Launcher3's current schema, and what was done to get them.
//!
//! An AOSP file of an older schema is taken through Launcher3's own upgrade on the copy; MIUI's rows are translated;
//! whatever contradicts itself is read as it is stored.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ferrule_launcher_model::compat::{LoadRow, rows_of_board};
use ferrule_launcher_model::export::{Format, NoteCode, Overflow};
use ferrule_launcher_model::intent::Intent;
use ferrule_launcher_model::miui;
use ferrule_launcher_model::open::{Note, Opened};
use ferrule_launcher_model::platform::{Answer, PinnedShortcut, PlatformSnapshot};
use ferrule_launcher_model::recognise::Product;
use ferrule_launcher_model::store::Family;
use ferrule_launcher_model::upgrade::{
    self, CURRENT_VERSION, Event, Launcher, LegacyShortcuts, PinRequest, Target,
};
use serde::Serialize;

use super::problem::Problem;
use super::stored::{Copy, is_store};
use crate::progress::waiting;

/// Something worth saying about the file, or about what was done with it.
#[derive(Debug, Clone, Serialize)]
pub struct Remark {
    /// The stable code, see `docs/codes.md`.
    pub code: &'static str,
    /// More about it.
    pub detail: String,
}

/// The rows of a file.
pub struct Source {
    /// Whose file it is.
    pub product: Product,
    /// The version that it claims.
    pub user_version: i32,
    /// The rows.
    pub rows: Vec<LoadRow>,
    /// The rows that have no id to be named by.
    pub nameless: Vec<LoadRow>,
    /// What was noticed.
    pub remarks: Vec<Remark>,
    /// Shortcuts that the upgrade had the launcher itself pin.
    pub pinned: Vec<PinnedShortcut>,
    /// Set when rows may be missing for damage.
    pub is_damaged: bool,
}

/// Whether old files are taken to the current schema first.
#[derive(Debug, Clone, Copy)]
pub enum Reach<'a> {
    /// Rows as they are stored.
    Stored,
    /// As Launcher3 has them once it has opened the file; the platform answers for old shortcuts. Without one, every
    /// target is there.
    Upgraded(Option<&'a PlatformSnapshot>),
}

impl Source {
    /// Copies a file and reads it.
    ///
    /// # Errors
    /// What keeps it from being read, or Launcher3 from opening it.
    pub fn read(file: &Path, reach: Reach<'_>) -> Result<Self, Problem> {
        if is_store(file) {
            return Copy::of(file).map(|copy| Self::of_store(&copy));
        }
        let _waiting = waiting(&format!("reading {}", file.display()));
        let mut opened = Opened::open(file).map_err(|error| Problem::opening(file, &error))?;
        let product = opened.recognition.product;
        let user_version = opened.recognition.user_version;
        let mut remarks: Vec<Remark> = opened.notes.iter().map(remark_of_note).collect();
        let mut pinned = Vec::new();
        if let Reach::Upgraded(platform) = reach
            && is_older(&opened)
        {
            pinned = upgrade_copy(file, &mut opened, platform, &mut remarks)?;
        }
        let (rows, nameless, salvage) =
            if product == Product::Miui {
                let reading = opened.read().map_err(|error| Problem::opening(file, &error))?;
                let board = miui::read(&reading.rows);
                remarks.extend(board.notes.iter().map(|note| Remark {
                    code: note.code.code(),
                    detail: format!("row {}", note.source_id),
                }));
                remarks.push(Remark {
                    code: "LM_TRANSLATED_FROM_MIUI",
                    detail: "Launcher3 itself does not read this file; its items are shown as Launcher3's"
                        .to_owned(),
                });
                (rows_of_board(&board), Vec::new(), reading.salvage)
            } else {
                let items = opened.read_items().map_err(|error| Problem::opening(file, &error))?;
                (items.rows, items.nameless, items.salvage)
            };
        let is_damaged = salvage.is_some() || opened.notes.iter().any(Note::is_damage);
        Ok(Self { product, user_version, rows, nameless, remarks, pinned, is_damaged })
    }
}

impl Source {
    /// The rows of a store, as an export would have them.
    pub fn of_store(copy: &Copy) -> Self {
        let content = copy.home.content();
        let (rows, report) = copy.home.store().rows(Format::Favorites, Overflow::AsWished);
        let mut remarks: Vec<Remark> = report
            .notes
            .iter()
            .filter(|note| note.code == NoteCode::Quarantined)
            .map(|note| Remark {
                code: note.code.code(),
                detail: note.item.map(|item| format!("item {}", item.0)).unwrap_or_default(),
            })
            .collect();
        if let Some(salvage) = &copy.report.salvage {
            remarks.push(Remark { code: salvage.origin.code(), detail: salvage.detail.clone() });
        }
        Self {
            product: match content.family {
                Family::Aosp => Product::Aosp,
                Family::Miui => Product::Miui,
            },
            user_version: content.source_version.unwrap_or(rows.user_version),
            rows: LoadRow::from_table(&rows.favorites),
            nameless: Vec::new(),
            remarks,
            pinned: Vec::new(),
            is_damaged: copy.report.salvage.is_some(),
        }
    }
}

fn remark_of_note(note: &Note) -> Remark {
    let detail = match note {
        Note::SideFiles(leftovers) => format!("{leftovers:?}"),
        Note::ReadOnly => "the file is read-only".to_owned(),
        Note::Truncated { expected, found } => format!("{found} of {expected} bytes are there"),
        Note::Damaged { detail } => detail.clone(),
        Note::LogUnusable => "what was committed to the log beside it cannot be read".to_owned(),
        Note::VersionMismatch => "columns decide, not the number".to_owned(),
    };
    Remark { code: note.code(), detail }
}

/// An AOSP schema below the current one that agrees with the number. A file whose columns are those of the current
/// schema is not touched, whatever its number; one that contradicts itself neither.
fn is_older(opened: &Opened) -> bool {
    let recognition = &opened.recognition;
    let is_aosp = matches!(recognition.product, Product::Aosp | Product::Lawnchair);
    let is_old = recognition.schema.as_ref().is_some_and(|schema| *schema.end() < CURRENT_VERSION);
    is_aosp && is_old && recognition.version_agrees()
}

fn upgrade_copy(
    file: &Path,
    opened: &mut Opened,
    platform: Option<&PlatformSnapshot>,
    remarks: &mut Vec<Remark>,
) -> Result<Vec<PinnedShortcut>, Problem> {
    let profiles: Vec<i64> =
        platform.map_or_else(|| vec![0], |known| known.profiles.iter().map(|p| p.serial).collect());
    let profile = platform.map_or(0, |known| known.current_profile);
    let package = platform.map_or("com.android.launcher3", |known| &known.own_package);
    let answers = Answers { platform, profile, package, pinned: Mutex::default() };
    let launcher = Launcher {
        profile,
        profiles: &profiles,
        package,
        pins_first_row: false,
        for_migration: false,
        downgrade_schema: None,
        platform: &answers,
    };
    let from = opened.recognition.user_version;
    let opening = upgrade::open(opened.connection_mut(), &launcher)
        .map_err(|error| Problem::opening(file, &ferrule_launcher_model::open::OpenError::Damaged(error)))?;
    if let Some(crash) = &opening.crash {
        return Err(Problem::crash(file, crash));
    }
    remarks.push(Remark {
        code: "LM_UPGRADED",
        detail: format!("the copy was upgraded from {from} to {CURRENT_VERSION}, as Launcher3 does"),
    });
    remarks.extend(opening.log.iter().map(|event| Remark { code: event.code(), detail: detail_of(event) }));
    Ok(answers.pinned.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn detail_of(event: &Event) -> String {
    match event {
        Event::StepFailed(step, detail) => format!("step {step}: {detail}"),
        Event::UnreadableIntent(id) | Event::ShortcutDeleted(id) | Event::ShortcutPinned(id) => {
            format!("row {id}")
        }
        Event::DowngradeFailed(failure) => format!("{failure:?}"),
        Event::Wiped => "Launcher3 would start with an empty home screen".to_owned(),
    }
}

/// The platform's side of step 31: a target is there if an activity of that name is, and every request to pin is
/// accepted.
struct Answers<'a> {
    platform: Option<&'a PlatformSnapshot>,
    profile: i64,
    package: &'a str,
    pinned: Mutex<Vec<PinnedShortcut>>,
}

impl LegacyShortcuts for Answers<'_> {
    fn resolve(&self, intent: &Intent) -> Target {
        let Some(platform) = self.platform else { return Target::Open };
        let is_there = platform.activities.iter().any(|activity| {
            activity.enabled == Answer::Yes && Some(&activity.component) == intent.component.as_ref()
        });
        // An intent without component is resolved by filters, which no snapshot lists.
        if is_there || intent.component.is_none() { Target::Open } else { Target::None }
    }

    fn pin(&self, request: &PinRequest<'_>) -> bool {
        self.pinned.lock().unwrap_or_else(PoisonError::into_inner).push(PinnedShortcut {
            package: self.package.to_owned(),
            id: request.shortcut_id.to_owned(),
            profile: self.profile,
            activity: None,
            short_label: Some(request.label.to_owned()),
            enabled: true,
            disabled_reason: 0,
            manifest: false,
            dynamic: false,
        });
        true
    }
}
