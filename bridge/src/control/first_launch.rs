//! The object `FirstLaunch`: the first launch on OS4 of one user, over the files of that user's folder.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ferrule_os4_compat::first_launch as core;
use ferrule_os4_compat::{self as os4, FlCode};

use super::report::{Confidence, Family, Reason, reasons};
use crate::error::{BridgeError, FerruleError};
use crate::panics;
use crate::store::{device_id, slot_file::SlotFile};

/// Whose start it is; ids are Android user ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum User {
    /// A full user, with a record of its own.
    Full {
        /// The user's id.
        id: u32,
    },
    /// A work profile, which shares its parent's record.
    WorkProfile {
        /// The profile's own id.
        id: u32,
        /// The parent's id.
        parent: u32,
    },
    /// A guest or another ephemeral user, which never fires.
    Ephemeral {
        /// The user's id.
        id: u32,
    },
}

/// What is known of one start of the launcher.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LauncherStart {
    /// Whose start.
    pub user: User,
    /// The user has unlocked since boot.
    pub unlocked: bool,
    /// Family of the OS, out of its identity.
    pub family: Family,
    /// Its major version.
    pub major: Option<u32>,
    /// How far that is to be trusted.
    pub confidence: Confidence,
    /// Declared values are higher than what independent stamps say.
    pub spoofed: bool,
    /// The build's id, a label kept in the record.
    pub build_id: String,
}

/// How the user came to OS4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LaunchKind {
    /// From an older OS on this device.
    Upgrade {
        /// The highest major trusted before; 0 is before HyperOS.
        from: u8,
    },
    /// There was no record.
    Fresh,
    /// The record came from another device.
    Restored,
}

/// What a start gets to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LaunchAnswer {
    /// Nothing to show.
    Nothing,
    /// Show the first launch, then acknowledge.
    Deliver {
        /// How the user came to OS4.
        kind: LaunchKind,
        /// 1 to 3; above 1 an earlier delivery may already have been seen.
        attempt: u8,
    },
    /// Nothing to show: the record was unreadable and is now done.
    Recovered,
    /// Ask again after the first unlock.
    NotReady,
    /// This kind of user never fires.
    SuppressedEphemeral,
}

/// The outcome of a start.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LaunchOutcome {
    /// What to do.
    pub answer: LaunchAnswer,
    /// Why, in the order of the rules.
    pub reasons: Vec<Reason>,
}

/// The first launch on OS4 of one user.
///
/// Call it off the main thread: it reads and syncs files. After `Deliver` the record is locked against other processes
/// until `acknowledge`, `abandon` or the end of the process. Files that cannot be used are no error of `start`: nothing
/// is delivered, and the reason says why.
#[derive(Debug, uniffi::Object)]
pub struct FirstLaunch {
    folder: PathBuf,
    state: Mutex<core::FirstLaunch<SlotFile>>,
}

#[uniffi::export]
impl FirstLaunch {
    /// Over an existing folder of the user that owns the record; no backup may include it. Opens nothing yet.
    #[uniffi::constructor]
    pub fn in_folder(folder: String) -> Arc<Self> {
        panics::install_hook();
        let state = Mutex::new(core::FirstLaunch::new(SlotFile::in_folder(Path::new(&folder))));
        Arc::new(Self { folder: folder.into(), state })
    }

    /// One start of the launcher. What it answers has been made durable.
    pub fn start(&self, start: LauncherStart) -> LaunchOutcome {
        panics::reported(|| self.started(&start))
    }

    /// The first launch was shown: never again.
    pub fn acknowledge(&self) -> Result<(), FerruleError> {
        panics::reported(|| self.acknowledged())
    }

    /// The first launch was not shown after all: the next start gets the next attempt.
    pub fn abandon(&self) {
        panics::reported(|| self.state().abandon());
    }
}

impl FirstLaunch {
    fn started(&self, start: &LauncherStart) -> LaunchOutcome {
        let _span = tracing::debug_span!(target: "ferrule::first_launch", "start").entered();
        // A guest, or a user who has not unlocked, must not cause any file.
        let id = match start.user {
            User::Ephemeral { .. } => Ok(core::DeviceId([0; 16])),
            User::Full { .. } | User::WorkProfile { .. } if !start.unlocked => Ok(core::DeviceId([0; 16])),
            User::Full { .. } | User::WorkProfile { .. } => device_id::read_or_make(&self.folder),
        };
        match id {
            Ok(id) => self.state().start(&to_core(start, id)).into(),
            Err(error) => no_device_id(&error),
        }
    }

    fn acknowledged(&self) -> Result<(), FerruleError> {
        let _span = tracing::debug_span!(target: "ferrule::first_launch", "acknowledge").entered();
        self.state().acknowledge().map_err(|error| match error {
            core::AcknowledgeError::NothingDelivered => BridgeError::NothingDelivered.into(),
            core::AcknowledgeError::WriteFailed(reason) => {
                let path = self.folder.display().to_string();
                BridgeError::Store { code: FlCode::WriteFailed.as_str(), reason, path }.into()
            }
        })
    }

    fn state(&self) -> MutexGuard<'_, core::FirstLaunch<SlotFile>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_device_id(error: &std::io::Error) -> LaunchOutcome {
    let code = match error.kind() {
        std::io::ErrorKind::WouldBlock => FlCode::HeldElsewhere,
        _ => FlCode::ReadFailed,
    };
    let reason = os4::Reason::new(code, format!("device id: {error}"));
    LaunchOutcome { answer: LaunchAnswer::Nothing, reasons: reasons(&[reason]) }
}

fn to_core(start: &LauncherStart, device_id: core::DeviceId) -> core::Start {
    let identity = os4::OsIdentity {
        family: start.family.into(),
        major: start.major,
        minor: None,
        sdk: None,
        confidence: start.confidence.into(),
        spoofed: start.spoofed,
        reasons: Vec::new(),
    };
    core::Start {
        user: match start.user {
            User::Full { id } => core::User::Full { id },
            User::WorkProfile { id, parent } => core::User::WorkProfile { id, parent },
            User::Ephemeral { id } => core::User::Ephemeral { id },
        },
        unlocked: start.unlocked,
        os: core::OsEvidence::from_identity(&identity),
        device_id,
        build_id: core::BuildId::new(&start.build_id),
    }
}

impl From<core::Outcome> for LaunchOutcome {
    fn from(outcome: core::Outcome) -> Self {
        let answer = match outcome.answer {
            core::Answer::Nothing => LaunchAnswer::Nothing,
            core::Answer::Deliver(core::Delivery { kind, attempt }) => {
                let kind = match kind {
                    core::Kind::Upgrade { from } => LaunchKind::Upgrade { from },
                    core::Kind::Fresh => LaunchKind::Fresh,
                    core::Kind::Restored => LaunchKind::Restored,
                };
                LaunchAnswer::Deliver { kind, attempt }
            }
            core::Answer::Recovered => LaunchAnswer::Recovered,
            core::Answer::NotReady => LaunchAnswer::NotReady,
            core::Answer::SuppressedEphemeral => LaunchAnswer::SuppressedEphemeral,
        };
        Self { answer, reasons: reasons(&outcome.reasons) }
    }
}
