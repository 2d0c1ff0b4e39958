//! The answer: identity, framework, effects and background in fixed places, then every reason.
//!
//! What it is: the encoder, and the decoder that tests and fuzzing use; Kotlin has its own. What it is not: it decides
//! nothing.
//!
//! Invariant: numbers stand for the positions in the lists below; a list only ever grows at its end.

use ferrule_os4_compat::{
    Bounce, Confidence, DynamicLayers, Effects, Family, FrameworkGeneration, FrameworkVerdict, GlassLevel,
    GlassOS4Background, MenuLayout, NativeLauncher, OsIdentity, Reason, Tier, Transition,
};

use super::reader::Reader;
use super::request::{close, cut, header, number};
use super::{WireError, open};

/// Magic of an answer.
pub const MAGIC: &str = "FOSA";
/// Bytes of the header in format 1; reasons follow.
pub const HEADER_BYTES: usize = 80;

const FAMILY: [Family; 4] = [Family::Other, Family::HyperOs, Family::Miui, Family::XiaomiGo];
const CONFIDENCE: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];
const FRAMEWORK: [FrameworkGeneration; 4] = [
    FrameworkGeneration::Unknown,
    FrameworkGeneration::None,
    FrameworkGeneration::Os31,
    FrameworkGeneration::Os4,
];
const LAUNCHER: [NativeLauncher; 2] = [NativeLauncher::KeepPrevious, NativeLauncher::MayStart];
const GLASS: [GlassLevel; 4] = [GlassLevel::Off, GlassLevel::Static, GlassLevel::Frosted, GlassLevel::Full];
const TIER: [Tier; 3] = [Tier::Low, Tier::Mid, Tier::High];
const BOUNCE: [Bounce; 3] = [Bounce::Off, Bounce::Simplified, Bounce::Full];
const TRANSITION: [Transition; 3] = [Transition::Off, Transition::Simple, Transition::Rich];
const LAYERS: [DynamicLayers; 3] = [DynamicLayers::Off, DynamicLayers::Static, DynamicLayers::Dynamic];
const MENU: [MenuLayout; 2] = [MenuLayout::Classic, MenuLayout::New];
const BOOL: [bool; 2] = [false, true];

const SPOOFED: u8 = 1;
const AT_LEAST_OS4: u8 = 2;
const HOT: u8 = 4;
const NOISE: u8 = 1;
const HIGHLIGHT: u8 = 2;

/// No number, for major, minor and SDK.
const NONE_I32: i32 = -1;
/// No time, for the end of the thermal cap.
const NONE_MS: u64 = u64::MAX;

/// What an answer is made of.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'core> {
    /// Which OS.
    pub identity: &'core OsIdentity,
    /// Which framework.
    pub framework: &'core FrameworkVerdict,
    /// Which effects.
    pub effects: &'core Effects,
    /// Whether the thermal cap is engaged.
    pub hot: bool,
    /// When it ends if the calm holds, in the caller's monotonic milliseconds.
    pub release_due_ms: Option<u64>,
}

/// Writes an answer.
#[must_use]
pub fn encode(parts: &Parts<'_>) -> Vec<u8> {
    let Parts { identity, framework, effects, hot, release_due_ms } = *parts;
    let groups = [&identity.reasons, &framework.reasons, &effects.reasons];
    let counts = groups.map(|group| u16::try_from(group.len()).unwrap_or(u16::MAX));
    let background = effects.background();
    let mut bytes = header(MAGIC, HEADER_BYTES);
    bytes.extend(counts.iter().fold(0_u16, |sum, count| sum.saturating_add(*count)).to_le_bytes());
    bytes.push(number(&FAMILY, identity.family));
    bytes.push(number(&CONFIDENCE, identity.confidence));
    bytes.push(number(&FRAMEWORK, framework.generation));
    bytes.push(number(&LAUNCHER, framework.native_launcher));
    bytes.push(flags([(SPOOFED, identity.spoofed), (AT_LEAST_OS4, identity.at_least_os4()), (HOT, hot)]));
    bytes.push(number(&GLASS, effects.glass));
    bytes.push(number(&TIER, effects.tier));
    bytes.push(number(&BOUNCE, effects.bounce));
    bytes.push(number(&TRANSITION, effects.transition));
    bytes.push(u8::from(effects.blur_background));
    bytes.push(number(&LAYERS, effects.dynamic_layers));
    bytes.push(number(&MENU, effects.long_press_menu.layout));
    bytes.push(flags([(NOISE, background.noise), (HIGHLIGHT, background.highlight)]));
    bytes.push(0);
    for value in [identity.major, identity.minor, identity.sdk] {
        bytes.extend(value.and_then(|value| i32::try_from(value).ok()).unwrap_or(NONE_I32).to_le_bytes());
    }
    let GlassOS4Background { blur_radius_px, tint_light_argb, tint_dark_argb, .. } = background;
    let GlassOS4Background { fallback_light_argb, fallback_dark_argb, .. } = background;
    for value in [blur_radius_px, tint_light_argb, tint_dark_argb, fallback_light_argb, fallback_dark_argb, 0]
    {
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(release_due_ms.unwrap_or(NONE_MS).to_le_bytes());
    let [identity_reasons, framework_reasons, _] = counts;
    bytes.extend(identity_reasons.to_le_bytes());
    bytes.extend(framework_reasons.to_le_bytes());
    bytes.extend([0; 4]);
    for reason in groups.into_iter().flatten().take(usize::from(u16::MAX)) {
        push_reason(&mut bytes, reason);
    }
    close(bytes)
}

fn push_reason(bytes: &mut Vec<u8>, reason: &Reason) {
    let (code, detail) = (reason.code.as_str().as_bytes(), cut(reason.detail.as_bytes()));
    bytes.extend((code.len() as u16).to_le_bytes());
    bytes.extend((detail.len() as u16).to_le_bytes());
    bytes.extend(code);
    bytes.extend(detail);
}

fn flags<const N: usize>(bits: [(u8, bool); N]) -> u8 {
    bits.into_iter().filter(|(_, set)| *set).fold(0, |all, (bit, _)| all | bit)
}

/// A decoded answer, for tests and fuzzing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Family of the OS.
    pub family: Family,
    /// How far to trust it.
    pub confidence: Confidence,
    /// The framework.
    pub framework: FrameworkGeneration,
    /// Whether the native launcher may start.
    pub native_launcher: NativeLauncher,
    /// Declared values are above the stamps.
    pub spoofed: bool,
    /// HyperOS 4 or later on evidence that agrees.
    pub at_least_os4: bool,
    /// The thermal cap is engaged.
    pub hot: bool,
    /// Major, minor and SDK.
    pub versions: [Option<u32>; 3],
    /// Glass level.
    pub glass: GlassLevel,
    /// Device tier.
    pub tier: Tier,
    /// Bounce.
    pub bounce: Bounce,
    /// Transition.
    pub transition: Transition,
    /// Live blur.
    pub blur_background: bool,
    /// Layers.
    pub dynamic_layers: DynamicLayers,
    /// Menu layout.
    pub menu: MenuLayout,
    /// The background of glass surfaces.
    pub background: GlassOS4Background,
    /// End of the thermal cap.
    pub release_due_ms: Option<u64>,
    /// Number of reasons of identity and of framework; the rest belongs to the effects.
    pub groups: [u16; 2],
    /// Code and detail of every reason.
    pub reasons: Vec<(String, String)>,
}

/// Reads an answer.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn decode(bytes: &[u8]) -> Result<Answer, WireError> {
    let mut reader = Reader::new(bytes);
    let header = open(&mut reader, MAGIC, HEADER_BYTES)?;
    let count = reader.u16()?;
    let family = reader.one_of("family", &FAMILY)?;
    let confidence = reader.one_of("confidence", &CONFIDENCE)?;
    let framework = reader.one_of("framework", &FRAMEWORK)?;
    let native_launcher = reader.one_of("native launcher", &LAUNCHER)?;
    let flags = reader.u8()?;
    let glass = reader.one_of("glass", &GLASS)?;
    let tier = reader.one_of("tier", &TIER)?;
    let bounce = reader.one_of("bounce", &BOUNCE)?;
    let transition = reader.one_of("transition", &TRANSITION)?;
    let blur_background = reader.one_of("blur background", &BOOL)?;
    let dynamic_layers = reader.one_of("dynamic layers", &LAYERS)?;
    let menu = reader.one_of("menu layout", &MENU)?;
    let background_flags = reader.u8()?;
    reader.take(1)?;
    let mut versions = [None; 3];
    for version in &mut versions {
        *version = u32::try_from(reader.u32()?.cast_signed()).ok();
    }
    let background = GlassOS4Background {
        level: glass,
        blur_radius_px: reader.u32()?,
        tint_light_argb: reader.u32()?,
        tint_dark_argb: reader.u32()?,
        noise: background_flags & NOISE != 0,
        highlight: background_flags & HIGHLIGHT != 0,
        fallback_light_argb: reader.u32()?,
        fallback_dark_argb: reader.u32()?,
    };
    reader.take(4)?;
    let release_due_ms = Some(reader.u64()?).filter(|due| *due != NONE_MS);
    let groups = [reader.u16()?, reader.u16()?];
    reader.seek(header);
    let mut reasons = Vec::with_capacity(usize::from(count).min(bytes.len() / 4));
    for _ in 0..count {
        let code_bytes = usize::from(reader.u16()?);
        let detail_bytes = usize::from(reader.u16()?);
        let code = String::from_utf8_lossy(reader.take(code_bytes)?).into_owned();
        reasons.push((code, String::from_utf8_lossy(reader.take(detail_bytes)?).into_owned()));
    }
    if !reader.is_at_end() {
        return Err(WireError::Range { at: reader.at(), what: "bytes after the last reason" });
    }
    Ok(Answer {
        family,
        confidence,
        framework,
        native_launcher,
        spoofed: flags & SPOOFED != 0,
        at_least_os4: flags & AT_LEAST_OS4 != 0,
        hot: flags & HOT != 0,
        versions,
        glass,
        tier,
        bounce,
        transition,
        blur_background,
        dynamic_layers,
        menu,
        background,
        release_due_ms,
        groups,
        reasons,
    })
}
