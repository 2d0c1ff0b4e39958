//! The question: properties, probes, device facts and the runtime state, as Kotlin packs them.
//!
//! What it is: the decoder, and the encoder that tests, benches and fuzzing share. What it is not: it does not read
//! properties into a map of its own; the pairs stay slices of the request.
//!
//! Invariant: a decoded request holds only values that its enums name.

use ferrule_os4_compat::{Abi, DeviceFacts, Probes, PropertyOrigin, RuntimeState, Tri, UserMaterial};

use super::reader::Reader;
use super::{FORMAT, WireError, open};

/// Magic of a whole question.
pub const MAGIC: &str = "FOSQ";
/// Magic of a runtime state alone.
pub const RUNTIME_MAGIC: &str = "FOSR";
/// Bytes of the question's header in format 1; pairs follow.
pub const HEADER_BYTES: usize = 48;
/// Bytes of a lone runtime state in format 1.
pub const RUNTIME_BYTES: usize = 12 + RUNTIME_BLOCK_BYTES;
const RUNTIME_BLOCK_BYTES: usize = 20;

const UNKNOWN_U8: u8 = 0xff;
const UNKNOWN_U16: u16 = 0xffff;

const TRI: [Tri; 3] = [Tri::Unknown, Tri::Present, Tri::Absent];
const SWITCH: [Option<bool>; 3] = [None, Some(true), Some(false)];
const MATERIAL: [UserMaterial; 3] = [UserMaterial::Unknown, UserMaterial::On, UserMaterial::Off];
const ABI: [Abi; 3] = [Abi::Unknown, Abi::Arm64, Abi::Other];
const ORIGIN: [PropertyOrigin; 2] = [PropertyOrigin::File, PropertyOrigin::LiveDevice];
const BOOL: [bool; 2] = [false, true];

/// A runtime state and the monotonic time at which it was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Milliseconds of a monotonic clock of the caller.
    pub now_ms: u64,
    /// The state.
    pub runtime: RuntimeState,
}

/// A decoded question.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'bytes> {
    /// Keys and values as they came, in the order of the bytes.
    pub pairs: Vec<(&'bytes [u8], &'bytes [u8])>,
    /// Framework libraries.
    pub probes: Probes,
    /// Hardware.
    pub device: DeviceFacts,
    /// State of system and user.
    pub observed: Observed,
}

/// Reads a question.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode(bytes: &[u8]) -> Result<Request<'_>, WireError> {
    let mut reader = Reader::new(bytes);
    let header = open(&mut reader, MAGIC, HEADER_BYTES)?;
    let count = reader.u16()?;
    let origin = reader.one_of("property origin", &ORIGIN)?;
    let abi = reader.one_of("ABI", &ABI)?;
    let probes = Probes {
        rust_runtime_v3: reader.one_of("probe v3", &TRI)?,
        rust_runtime_v4: reader.one_of("probe v4", &TRI)?,
        rust_runtime_v5: reader.one_of("probe v5", &TRI)?,
    };
    let known_u8 = |value: u8| (value != UNKNOWN_U8).then_some(u32::from(value));
    let known_u16 = |value: u16| (value != UNKNOWN_U16).then_some(u32::from(value));
    let cpulevel = known_u8(reader.u8()?);
    let gpulevel = known_u8(reader.u8()?);
    reader.take(1)?;
    let ram_gib = known_u16(reader.u16()?);
    let density_dpi = known_u16(reader.u16()?);
    reader.take(2)?;
    let device = DeviceFacts { ram_gib, cpulevel, gpulevel, abi, density_dpi, origin };
    let observed = runtime_block(&mut reader)?;
    reader.seek(header);
    let mut pairs = Vec::with_capacity(usize::from(count).min(bytes.len() / 4));
    for _ in 0..count {
        let key_bytes = usize::from(reader.u16()?);
        let value_bytes = usize::from(reader.u16()?);
        pairs.push((reader.take(key_bytes)?, reader.take(value_bytes)?));
    }
    if !reader.is_at_end() {
        return Err(WireError::Range { at: reader.at(), what: "bytes after the last pair" });
    }
    Ok(Request { pairs, probes, device, observed })
}

/// Reads a lone runtime state.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode_runtime(bytes: &[u8]) -> Result<Observed, WireError> {
    let mut reader = Reader::new(bytes);
    open(&mut reader, RUNTIME_MAGIC, RUNTIME_BYTES)?;
    runtime_block(&mut reader)
}

fn runtime_block(reader: &mut Reader<'_>) -> Result<Observed, WireError> {
    let now_ms = reader.u64()?;
    let animator_scale = reader.f32()?;
    let thermal = reader.u8()?;
    let runtime = RuntimeState {
        battery_saver: reader.one_of("battery saver", &BOOL)?,
        cross_window_blur: reader.one_of("cross-window blur", &SWITCH)?,
        window_blurs_disabled: reader.one_of("window blurs disabled", &BOOL)?,
        reduce_transparency: reader.one_of("reduce transparency", &BOOL)?,
        user_material: reader.one_of("user material", &MATERIAL)?,
        native_launcher_running: reader.one_of("native launcher running", &BOOL)?,
        thermal,
        animator_scale,
    };
    reader.take(1)?;
    Ok(Observed { now_ms, runtime })
}

/// Writes a question as Kotlin does: the reference that golden bytes, benches and fuzzing are made with.
///
/// Texts longer than 65,535 bytes are cut there, and pairs beyond 65,535 left out.
#[must_use]
pub fn encode(request: &Request<'_>) -> Vec<u8> {
    let mut bytes = header(MAGIC, HEADER_BYTES);
    let pairs = request.pairs.get(..request.pairs.len().min(usize::from(u16::MAX))).unwrap_or_default();
    bytes.extend((pairs.len() as u16).to_le_bytes());
    bytes.push(number(&ORIGIN, request.device.origin));
    bytes.push(number(&ABI, request.device.abi));
    let probes = &request.probes;
    for probe in [probes.rust_runtime_v3, probes.rust_runtime_v4, probes.rust_runtime_v5] {
        bytes.push(number(&TRI, probe));
    }
    let small = |value: Option<u32>| value.and_then(|value| u8::try_from(value).ok()).unwrap_or(UNKNOWN_U8);
    let wide = |value: Option<u32>| value.and_then(|value| u16::try_from(value).ok()).unwrap_or(UNKNOWN_U16);
    bytes.extend([small(request.device.cpulevel), small(request.device.gpulevel), 0]);
    bytes.extend(wide(request.device.ram_gib).to_le_bytes());
    bytes.extend(wide(request.device.density_dpi).to_le_bytes());
    bytes.extend([0, 0]);
    push_runtime(&mut bytes, &request.observed);
    for (key, value) in pairs {
        let (key, value) = (cut(key), cut(value));
        bytes.extend((key.len() as u16).to_le_bytes());
        bytes.extend((value.len() as u16).to_le_bytes());
        bytes.extend(key);
        bytes.extend(value);
    }
    close(bytes)
}

/// Writes a lone runtime state as Kotlin does.
#[must_use]
pub fn encode_runtime(observed: &Observed) -> Vec<u8> {
    let mut bytes = header(RUNTIME_MAGIC, RUNTIME_BYTES);
    push_runtime(&mut bytes, observed);
    close(bytes)
}

fn push_runtime(bytes: &mut Vec<u8>, observed: &Observed) {
    let runtime = &observed.runtime;
    bytes.extend(observed.now_ms.to_le_bytes());
    bytes.extend(runtime.animator_scale.to_le_bytes());
    bytes.push(runtime.thermal);
    bytes.push(u8::from(runtime.battery_saver));
    bytes.push(number(&SWITCH, runtime.cross_window_blur));
    bytes.push(u8::from(runtime.window_blurs_disabled));
    bytes.push(u8::from(runtime.reduce_transparency));
    bytes.push(number(&MATERIAL, runtime.user_material));
    bytes.push(u8::from(runtime.native_launcher_running));
    bytes.push(0);
}

/// Magic, format, header length and room for the total length.
pub(super) fn header(magic: &str, header_bytes: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2048);
    bytes.extend(magic.as_bytes());
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend((header_bytes as u16).to_le_bytes());
    bytes.extend([0; 4]);
    bytes
}

/// Fills the total length in.
pub(super) fn close(mut bytes: Vec<u8>) -> Vec<u8> {
    let total = (bytes.len() as u32).to_le_bytes();
    if let Some(place) = bytes.get_mut(8..12) {
        place.copy_from_slice(&total);
    }
    bytes
}

/// Position of a value in its closed list; the lists above hold every value.
pub(super) fn number<T: PartialEq>(values: &[T], value: T) -> u8 {
    values.iter().position(|known| *known == value).unwrap_or_default() as u8
}

/// At most the first 65,535 bytes.
pub(super) fn cut(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len().min(usize::from(u16::MAX))).unwrap_or_default()
}
