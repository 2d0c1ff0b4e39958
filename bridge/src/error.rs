//! Errors of the bridge: rich inside, few and stable outside.
//!
//! What it is: [`BridgeError`], what can go wrong between a caller and a core, and the one conversion to
//! [`FerruleError`], what UniFFI hands to Kotlin; hand-written JNI throws the same by [`BridgeError::kind`].
//! What it is not: no personal data gets in here, only codes, offsets, sizes and paths of our own files.
//!
//! Invariant: every variant has a stable code with an entry in `docs/codes.md`.

use ferrule_launcher_model::store::StoreError;

use crate::wire::WireError;

/// What a caller can do about it: one Kotlin exception class each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The caller's bytes or arguments are wrong: a bug on its side or versions that do not belong together.
    InvalidInput,
    /// The object was closed before.
    StaleHandle,
    /// A file of ours could not be read or written.
    Storage,
    /// Native code panicked; the panic was contained.
    Panic,
    /// The VM or the system refused something.
    Internal,
}

impl Kind {
    /// The number by which `NativeBridge.exception` in Kotlin knows it.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::InvalidInput => 0,
            Self::StaleHandle => 1,
            Self::Storage => 2,
            Self::Panic => 3,
            Self::Internal => 4,
        }
    }
}

/// What can go wrong inside the bridge.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// Packed bytes that are none of ours.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// A buffer that cannot be used.
    #[error("{what}")]
    Buffer {
        /// What is wrong with it.
        what: &'static str,
        /// Its capacity in bytes, 0 when there is none.
        capacity: usize,
    },
    /// A bitmap that cannot be written to.
    #[error("{what}")]
    Bitmap {
        /// What is wrong with it.
        what: &'static str,
        /// What the system says of it.
        value: i64,
    },
    /// The system has no hardware buffers.
    #[error("{what}")]
    HardwareBuffer {
        /// What is missing.
        what: &'static str,
    },
    /// A handle that was closed, forged or never given out.
    #[error("the native object is closed")]
    StaleHandle,
    /// More live objects than handles.
    #[error("no handle is left: objects are not closed")]
    HandlesExhausted,
    /// An argument outside its range.
    #[error("{what} is not known: {value}")]
    Argument {
        /// Which argument.
        what: &'static str,
        /// What it was.
        value: i64,
    },
    /// A thread could not be started.
    #[error("a thread could not be started: {reason}")]
    Thread {
        /// The system's words.
        reason: String,
    },
    /// JNI refused a call.
    #[error("the VM refused a call: {0}")]
    Jni(#[from] jni::errors::Error),
    /// The file of a store could not be used.
    #[error("the store could not be used: {reason}")]
    Store {
        /// The code of the store's own error.
        code: &'static str,
        /// The system's words.
        reason: String,
        /// Which file.
        path: String,
    },
    /// A legacy icon cache could not be read; nothing was taken from it.
    #[error("{reason}")]
    IconImport {
        /// The code of the core's own error.
        code: &'static str,
        /// What it says.
        reason: String,
        /// Which file.
        path: String,
    },
    /// The store of a home screen could not be used; it holds what it held before.
    #[error("{error}. {}", error.remedy())]
    Model {
        /// Why.
        error: Box<StoreError>,
    },
    /// A call on a model panicked before, so nobody knows what it holds.
    #[error("a call on this model panicked: close it and open it again")]
    ModelBroken,
    /// An acknowledgement without a delivery.
    #[error("no delivery is waiting for an acknowledgement")]
    NothingDelivered,
    /// An error that a self-test asked for.
    #[error("self-test error {number}")]
    SelfTest {
        /// Which kind was asked for.
        kind: Kind,
        /// The number of the self-test.
        number: i32,
    },
}

impl BridgeError {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Wire(_)
            | Self::Buffer { .. }
            | Self::Bitmap { .. }
            | Self::HardwareBuffer { .. }
            | Self::Argument { .. }
            | Self::NothingDelivered => Kind::InvalidInput,
            Self::StaleHandle | Self::ModelBroken => Kind::StaleHandle,
            Self::Model { error } => model_kind(error),
            Self::Store { .. } | Self::IconImport { .. } => Kind::Storage,
            Self::HandlesExhausted | Self::Thread { .. } | Self::Jni(_) => Kind::Internal,
            Self::SelfTest { kind, .. } => *kind,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wire(error) => error.code(),
            Self::Buffer { .. } => "FFI_BUFFER_INVALID",
            Self::Bitmap { .. } => "FFI_BITMAP_INVALID",
            Self::HardwareBuffer { .. } => "FFI_HARDWARE_BUFFER_UNAVAILABLE",
            Self::StaleHandle => "FFI_HANDLE_STALE",
            Self::HandlesExhausted => "FFI_HANDLES_EXHAUSTED",
            Self::Argument { .. } => "FFI_ARGUMENT_INVALID",
            Self::Thread { .. } | Self::Jni(_) => "FFI_INTERNAL",
            Self::Store { code, .. } | Self::IconImport { code, .. } => code,
            Self::Model { error } => error.code(),
            Self::ModelBroken => "FFI_MODEL_BROKEN",
            Self::NothingDelivered => "FL_NOTHING_DELIVERED",
            Self::SelfTest { .. } => "FFI_SELF_TEST",
        }
    }

    /// Values that help to find the cause; empty when the message says everything.
    #[must_use]
    pub fn context(&self) -> String {
        match self {
            Self::Buffer { capacity, .. } => format!("capacity {capacity}"),
            Self::Bitmap { value, .. } => format!("value {value}"),
            Self::Store { path, .. } | Self::IconImport { path, .. } => path.clone(),
            Self::Model { error } => model_file(error),
            Self::Wire(_)
            | Self::HardwareBuffer { .. }
            | Self::StaleHandle
            | Self::HandlesExhausted
            | Self::Argument { .. }
            | Self::Thread { .. }
            | Self::Jni(_)
            | Self::ModelBroken
            | Self::NothingDelivered
            | Self::SelfTest { .. } => String::new(),
        }
    }
}

impl From<StoreError> for BridgeError {
    fn from(error: StoreError) -> Self {
        Self::Model { error: Box::new(error) }
    }
}

/// What a caller can do about a failure of the store: a source that is none, and a change that may not be made, are its
/// own; everything else is about files.
fn model_kind(error: &StoreError) -> Kind {
    match error {
        StoreError::Refused { .. } | StoreError::NoSnapshot { .. } | StoreError::Source(_) => {
            Kind::InvalidInput
        }
        StoreError::TooNew { .. }
        | StoreError::Foreign { .. }
        | StoreError::Locked { .. }
        | StoreError::ReadOnly { .. }
        | StoreError::DiskFull { .. }
        | StoreError::Io { .. }
        | StoreError::Damaged { .. }
        | StoreError::Verify { .. }
        | StoreError::Exists { .. } => Kind::Storage,
    }
}

/// The file that a failure of the store is about; a source names itself in the message.
fn model_file(error: &StoreError) -> String {
    match error {
        StoreError::TooNew { at, .. }
        | StoreError::Foreign { at }
        | StoreError::Locked { at }
        | StoreError::ReadOnly { at }
        | StoreError::DiskFull { at }
        | StoreError::Io { at, .. }
        | StoreError::Damaged { at, .. }
        | StoreError::Verify { at, .. }
        | StoreError::Refused { at, .. }
        | StoreError::NoSnapshot { at, .. }
        | StoreError::Exists { at } => at.file.display().to_string(),
        StoreError::Source(_) => String::new(),
    }
}

/// What a call of the control plane can fail with. The facades turn it into `dev.ferrule.bindings.FerruleException`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum FerruleError {
    /// The caller's arguments are wrong.
    #[error("{code}: {detail}")]
    InvalidInput {
        /// Stable code, see docs/codes.md.
        code: String,
        /// One sentence for people.
        detail: String,
        /// Values that help to find the cause; may be empty.
        context: String,
    },
    /// The object was closed before.
    #[error("{code}: {detail}")]
    StaleHandle {
        /// Stable code, see docs/codes.md.
        code: String,
        /// One sentence for people.
        detail: String,
        /// Values that help to find the cause; may be empty.
        context: String,
    },
    /// A file of ours could not be read or written.
    #[error("{code}: {detail}")]
    Storage {
        /// Stable code, see docs/codes.md.
        code: String,
        /// One sentence for people.
        detail: String,
        /// The path of the file.
        context: String,
    },
    /// The system refused something, or native code failed in a way that no caller can mend.
    #[error("{code}: {detail}")]
    Internal {
        /// Stable code, see docs/codes.md.
        code: String,
        /// One sentence for people.
        detail: String,
        /// Values that help to find the cause; may be empty.
        context: String,
    },
}

impl From<BridgeError> for FerruleError {
    fn from(error: BridgeError) -> Self {
        let (code, detail, context) = (error.code().to_owned(), error.to_string(), error.context());
        match error.kind() {
            Kind::InvalidInput => Self::InvalidInput { code, detail, context },
            Kind::StaleHandle => Self::StaleHandle { code, detail, context },
            Kind::Storage => Self::Storage { code, detail, context },
            Kind::Panic | Kind::Internal => Self::Internal { code, detail, context },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Quoted codes in the code of this crate that its own errors carry, found in the source so that none is missed.
    #[test]
    fn every_code_has_an_entry_on_the_page() {
        let page = std::fs::read_to_string("../docs/codes.md").unwrap();
        let entries: BTreeSet<_> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let sources =
            [include_str!("error.rs"), include_str!("wire/mod.rs"), include_str!("jni/policy.rs")].concat();
        let quoted = sources.split('"').filter(|text| {
            ["FFI_", "FL_"].iter().any(|area| text.starts_with(area))
                && text.len() > 4
                && text.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        });
        let missing: Vec<_> = quoted.filter(|code| !entries.contains(code)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn both_surfaces_tell_the_same_of_one_error() {
        let error = BridgeError::Buffer { what: "not a direct buffer", capacity: 3 };
        let generated = FerruleError::from(BridgeError::Buffer { what: "not a direct buffer", capacity: 3 });
        let FerruleError::InvalidInput { code, detail, context } = generated else { panic!("{generated:?}") };
        assert_eq!((code.as_str(), detail), (error.code(), error.to_string()));
        assert_eq!(context, error.context());
    }
}
