//! The way into native code: every registered function goes through [`contained`], once.
//!
//! What it is: span, self-test trip wire, containment of errors and panics. What it is not: it converts nothing.
//!
//! Invariant: no unwinding and no `Err` crosses into the VM. The crate's own containment costs some 50 ns; entries that
//! take numbers only could do with less, but none of them is called often enough to be worth a second way in.

use std::sync::atomic::{AtomicU32, Ordering};

use jni::{Env, EnvUnowned};

use super::policy::ThrowTyped;
use crate::error::BridgeError;

/// The registered functions, by name and by the number under which the self-test trips them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Entry {
    /// `decide`
    Decide = 1,
    /// `open`
    Open = 2,
    /// `update`
    Update = 3,
    /// `close`
    Close = 4,
    /// `liveHandles`
    LiveHandles = 5,
    /// `setLogSink`
    SetLogSink = 6,
    /// `setLogLevel`
    SetLogLevel = 7,
    /// `contract`
    Contract = 8,
    /// `selfTest`
    SelfTest = 9,
    /// `modelOpen`
    ModelOpen = 10,
    /// `modelOpened`
    ModelOpened = 11,
    /// `modelImportFile`
    ModelImportFile = 12,
    /// `modelImportRows`
    ModelImportRows = 13,
    /// `modelLoad`
    ModelLoad = 14,
    /// `modelTake`
    ModelTake = 15,
    /// `modelClose`
    ModelClose = 16,
    /// `iconsOpen`
    IconsOpen = 17,
    /// `iconsGetInto`
    IconsGetInto = 18,
    /// `iconsGetAllInto`
    IconsGetAllInto = 19,
    /// `iconsRequest`
    IconsRequest = 20,
    /// `iconsCancel`
    IconsCancel = 21,
    /// `iconsReprioritise`
    IconsReprioritise = 22,
    /// `iconsRun`
    IconsRun = 23,
    /// `iconsWork`
    IconsWork = 24,
    /// `iconsPin`
    IconsPin = 25,
    /// `iconsClose`
    IconsClose = 26,
    /// `iconsGetBitmap`
    IconsGetBitmap = 27,
    /// `modelKeep`
    ModelKeep = 28,
    /// `modelKept`
    ModelKept = 29,
    /// `iconsWatch`
    IconsWatch = 30,
    /// `iconsGetHardwareBuffer`
    IconsGetHardwareBuffer = 31,
}

impl Entry {
    /// The name of the native method.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Open => "open",
            Self::Update => "update",
            Self::Close => "close",
            Self::LiveHandles => "liveHandles",
            Self::SetLogSink => "setLogSink",
            Self::SetLogLevel => "setLogLevel",
            Self::Contract => "contract",
            Self::SelfTest => "selfTest",
            Self::ModelOpen => "modelOpen",
            Self::ModelOpened => "modelOpened",
            Self::ModelImportFile => "modelImportFile",
            Self::ModelImportRows => "modelImportRows",
            Self::ModelLoad => "modelLoad",
            Self::ModelTake => "modelTake",
            Self::ModelClose => "modelClose",
            Self::IconsOpen => "iconsOpen",
            Self::IconsGetInto => "iconsGetInto",
            Self::IconsGetAllInto => "iconsGetAllInto",
            Self::IconsRequest => "iconsRequest",
            Self::IconsCancel => "iconsCancel",
            Self::IconsReprioritise => "iconsReprioritise",
            Self::IconsRun => "iconsRun",
            Self::IconsWork => "iconsWork",
            Self::IconsPin => "iconsPin",
            Self::IconsClose => "iconsClose",
            Self::IconsGetBitmap => "iconsGetBitmap",
            Self::ModelKeep => "modelKeep",
            Self::ModelKept => "modelKept",
            Self::IconsWatch => "iconsWatch",
            Self::IconsGetHardwareBuffer => "iconsGetHardwareBuffer",
        }
    }
}

/// The entry whose next call panics; 0 for none. Only the hidden self-test sets it.
static TRIPPED: AtomicU32 = AtomicU32::new(0);

/// Makes the next call of the entry with this number panic, whoever makes it.
pub fn trip_next(number: u32) {
    TRIPPED.store(number, Ordering::Relaxed);
}

/// Runs `body` inside a span; errors and panics leave as one typed exception and the default value.
pub fn contained<'local, T: Default>(
    mut env: EnvUnowned<'local>,
    entry: Entry,
    body: impl FnOnce(&mut Env<'local>) -> Result<T, BridgeError>,
) -> T {
    env.with_env(|env| {
        let _span = tracing::debug_span!(target: "ferrule::jni", "call", entry = entry.name()).entered();
        panic_if_tripped(entry);
        body(env)
    })
    .resolve::<ThrowTyped>()
}

/// The trip wire of the self-test: one relaxed load when nothing is set.
#[expect(clippy::panic, reason = "the panic that the self-test asked for; contained right above")]
fn panic_if_tripped(entry: Entry) {
    let number = entry as u32;
    if TRIPPED.load(Ordering::Relaxed) == number
        && TRIPPED.compare_exchange(number, 0, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    {
        panic!("self-test panic in {}", entry.name());
    }
}
