//! One record of the audit log, 152 bytes.
//!
//! Invariants: every field has a fixed place; the last 32 bytes are the hash of all before them, the hash of the record
//! before included; bytes that make no sense are no record.

use sha2::{Digest, Sha256};

use crate::engine::{Actor, AuditNote, FeatureId};
use crate::reason::RoCode;
use crate::stage::Rung;

/// First bytes of every record.
const MAGIC: [u8; 4] = *b"FRA1";
/// Bytes of a record.
pub const RECORD_BYTES: usize = 152;
const HASH_AT: usize = 120;
const REASON_BYTES: usize = 32;
const ALL_FEATURES: u16 = 0xffff;
/// The hash before the first record.
pub const GENESIS: [u8; 32] = [0; 32];

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Counts records from 1.
    pub sequence: u64,
    /// The hash of the record before; [`GENESIS`] for the first.
    pub previous: [u8; 32],
    /// The boot, as [`id_hash`](crate::bucket::id_hash) of its id.
    pub boot: u64,
    /// CLOCK_BOOTTIME in ms.
    pub boottime_ms: u64,
    /// Who.
    pub actor: Actor,
    /// The feature; `None` for all.
    pub feature: Option<FeatureId>,
    /// Where it stood.
    pub from: Rung,
    /// Where it stands.
    pub to: Rung,
    /// The stable text of the reason: one of [`RoCode`], or of a later version.
    pub reason: String,
    /// The first 16 bytes of SHA-256 of the evidence behind it; zeros where there is none.
    pub evidence: [u8; 16],
}

impl Record {
    /// A record of a note of the engine.
    pub fn of(note: &AuditNote, sequence: u64, previous: [u8; 32], (boot, boottime_ms): (u64, u64)) -> Self {
        Self {
            sequence,
            previous,
            boot,
            boottime_ms,
            actor: note.actor,
            feature: note.feature,
            from: note.from,
            to: note.to,
            reason: note.reason.as_str().to_owned(),
            evidence: [0; 16],
        }
    }

    /// The reason, if this version knows it.
    pub fn code(&self) -> Option<RoCode> {
        RoCode::parse(&self.reason)
    }

    /// Its bytes and its hash.
    pub fn encode(&self) -> ([u8; RECORD_BYTES], [u8; 32]) {
        let actor = Actor::ALL.iter().position(|actor| *actor == self.actor).unwrap_or(0) as u16;
        let feature = self.feature.map_or(ALL_FEATURES, FeatureId::number);
        let mut reason = [0; REASON_BYTES];
        for (to, from) in reason.iter_mut().zip(self.reason.bytes()) {
            *to = from;
        }
        let mut bytes = Vec::with_capacity(RECORD_BYTES);
        bytes.extend_from_slice(&MAGIC);
        for field in [actor, feature, self.from.packed(), self.to.packed(), 0, 0] {
            bytes.extend_from_slice(&field.to_le_bytes());
        }
        for field in [self.sequence, self.boot, self.boottime_ms] {
            bytes.extend_from_slice(&field.to_le_bytes());
        }
        bytes.extend_from_slice(&self.previous);
        bytes.extend_from_slice(&self.evidence);
        bytes.extend_from_slice(&reason);
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        bytes.extend_from_slice(&hash);
        let mut out = [0; RECORD_BYTES];
        for (to, from) in out.iter_mut().zip(bytes) {
            *to = from;
        }
        (out, hash)
    }

    /// Reads a record and its hash; `None` unless the hash is right and every field makes sense.
    pub fn decode(bytes: &[u8]) -> Option<(Self, [u8; 32])> {
        let bytes = bytes.first_chunk::<RECORD_BYTES>()?;
        let (body, hash) = bytes.split_at_checked(HASH_AT)?;
        let hash: [u8; 32] = *hash.first_chunk()?;
        if body.get(..4)? != MAGIC || <[u8; 32]>::from(Sha256::digest(body)) != hash {
            return None;
        }
        let u16_at = |at: usize| body.get(at..)?.first_chunk::<2>().map(|bytes| u16::from_le_bytes(*bytes));
        let u64_at = |at: usize| body.get(at..)?.first_chunk::<8>().map(|bytes| u64::from_le_bytes(*bytes));
        let feature = match u16_at(6)? {
            ALL_FEATURES => None,
            number => Some(FeatureId::new(number)?),
        };
        let text = body.get(88..HASH_AT)?;
        let length = text.iter().position(|byte| *byte == 0).unwrap_or(REASON_BYTES);
        let record = Self {
            sequence: u64_at(16)?,
            previous: *body.get(40..)?.first_chunk()?,
            boot: u64_at(24)?,
            boottime_ms: u64_at(32)?,
            actor: *Actor::ALL.get(usize::from(u16_at(4)?))?,
            feature,
            from: Rung::unpack(u16_at(8)?)?,
            to: Rung::unpack(u16_at(10)?)?,
            reason: String::from_utf8(text.get(..length)?.to_vec()).ok()?,
            evidence: *body.get(72..)?.first_chunk()?,
        };
        Some((record, hash))
    }
}
