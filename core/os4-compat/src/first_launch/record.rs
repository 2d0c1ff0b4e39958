//! The record of one user and its payload bytes, format 1 (docs/formats/first-launch.md).
//!
//! Invariants: every field has a fixed place; what a newer, compatible writer appended after the known fields is
//! kept and written back; bytes that make no sense are no record, never a panic.

use super::ATTEMPTS_MAX;

/// Bytes of the payload's known fields.
pub(crate) const KNOWN_BYTES: usize = 88;
const BUILD_ID_BYTES: usize = 64;

const STATE_UNSEEN: u8 = 0;
const STATE_ARMED: u8 = 1;
const STATE_DONE: u8 = 2;
const KIND_NONE: u8 = 0;
const KIND_UPGRADE: u8 = 1;
const KIND_FRESH: u8 = 2;
const KIND_RESTORED: u8 = 3;
const FLAG_RECOVERED: u8 = 1;

/// A random id of the device, made once and kept in storage that no backup carries away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceId(pub [u8; 16]);

/// A build's id as a label: the first 64 bytes of what was given. It decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BuildId {
    len: u8,
    bytes: [u8; BUILD_ID_BYTES],
}

impl BuildId {
    /// Takes at most 64 bytes.
    pub fn new(text: &str) -> Self {
        Self::from_bytes(text.as_bytes())
    }

    /// The label's bytes; possibly cut inside a character.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }

    fn from_bytes(text: &[u8]) -> Self {
        let mut bytes = [0; BUILD_ID_BYTES];
        let mut len = 0;
        for (to, from) in bytes.iter_mut().zip(text) {
            *to = *from;
            len += 1;
        }
        Self { len, bytes }
    }
}

/// How the user came to OS4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
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

impl Kind {
    /// Lower-case name: `upgrade`, `fresh`, `restored`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade { .. } => "upgrade",
            Self::Fresh => "fresh",
            Self::Restored => "restored",
        }
    }
}

/// How far the first launch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// OS4 was not seen yet.
    Unseen,
    /// A delivery is durable and not acknowledged.
    Armed {
        /// How the user came to OS4.
        kind: Kind,
        /// The attempt that was made durable last, 1 to 3.
        attempts: u8,
    },
    /// Nothing more will be delivered.
    Done {
        /// How the user came to OS4; `None` after a recovery.
        kind: Option<Kind>,
        /// Deliveries that were made durable, 0 to 3.
        attempts: u8,
        /// The record before it was unreadable.
        recovered: bool,
    },
}

impl State {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unseen => "unseen",
            Self::Armed { .. } => "armed",
            Self::Done { .. } => "done",
        }
    }

    /// How close to the end: breaks a tie in favour of what delivers less.
    pub(crate) const fn progress(self) -> (u8, u8) {
        match self {
            Self::Unseen => (STATE_UNSEEN, 0),
            Self::Armed { attempts, .. } => (STATE_ARMED, attempts),
            Self::Done { attempts, .. } => (STATE_DONE, attempts),
        }
    }
}

/// What is remembered of one user on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The device it belongs to.
    pub device_id: DeviceId,
    /// The highest major that was ever trusted here; 0 is before HyperOS.
    pub highest_major: u8,
    /// The state.
    pub state: State,
    /// The build under which the record was written last; a label.
    pub build_id: BuildId,
    /// The newest format that wrote this record, and what it appended to the known fields.
    pub(crate) format: u16,
    pub(crate) appended: Vec<u8>,
}

impl Record {
    /// A new record in state `Unseen`.
    pub fn unseen(device_id: DeviceId) -> Self {
        Self {
            device_id,
            highest_major: 0,
            state: State::Unseen,
            build_id: BuildId::new(""),
            format: super::slots::FORMAT,
            appended: Vec::new(),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let (state, attempts, kind, recovered) = match self.state {
            State::Unseen => (STATE_UNSEEN, 0, None, false),
            State::Armed { kind, attempts } => (STATE_ARMED, attempts, Some(kind), false),
            State::Done { kind, attempts, recovered } => (STATE_DONE, attempts, kind, recovered),
        };
        let (kind, from) = match kind {
            None => (KIND_NONE, 0),
            Some(Kind::Upgrade { from }) => (KIND_UPGRADE, from),
            Some(Kind::Fresh) => (KIND_FRESH, 0),
            Some(Kind::Restored) => (KIND_RESTORED, 0),
        };
        let flags = if recovered { FLAG_RECOVERED } else { 0 };
        let mut bytes = Vec::with_capacity(KNOWN_BYTES + self.appended.len());
        bytes.extend_from_slice(&self.device_id.0);
        bytes.extend_from_slice(&[
            state,
            attempts,
            kind,
            from,
            self.highest_major,
            flags,
            self.build_id.len,
            0,
        ]);
        bytes.extend_from_slice(&self.build_id.bytes);
        bytes.extend_from_slice(&self.appended);
        bytes
    }

    pub(crate) fn decode(payload: &[u8], format: u16) -> Option<Self> {
        let (device_id, rest) = payload.split_first_chunk::<16>()?;
        let ([state, attempts, kind, from, highest_major, flags, build_len, _reserved], rest) =
            rest.split_first_chunk::<8>()?;
        let (build_id, appended) = rest.split_first_chunk::<BUILD_ID_BYTES>()?;
        let kind = match *kind {
            KIND_NONE => None,
            KIND_UPGRADE => Some(Kind::Upgrade { from: *from }),
            KIND_FRESH => Some(Kind::Fresh),
            KIND_RESTORED => Some(Kind::Restored),
            _ => return None,
        };
        let attempts = *attempts;
        if attempts > ATTEMPTS_MAX {
            return None;
        }
        let state = match (*state, kind) {
            (STATE_UNSEEN, None) if attempts == 0 => State::Unseen,
            (STATE_ARMED, Some(kind)) if attempts > 0 => State::Armed { kind, attempts },
            (STATE_DONE, kind) => State::Done { kind, attempts, recovered: flags & FLAG_RECOVERED != 0 },
            _ => return None,
        };
        Some(Self {
            device_id: DeviceId(*device_id),
            highest_major: *highest_major,
            state,
            build_id: BuildId::from_bytes(build_id.get(..usize::from(*build_len))?),
            format,
            appended: appended.to_vec(),
        })
    }
}
