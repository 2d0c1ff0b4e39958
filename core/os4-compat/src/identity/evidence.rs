//! Collects what the properties say about the OS: declared keys, build stamps, interface name, SDK (os4-compat 6.2).
//!
//! What it is not: it weighs nothing. A source that is there but makes no sense gets a reason here and does not count.

use std::fmt::Write as _;

use super::{Family, Verdict};
use crate::incremental::{Form, Incremental, System, number};
use crate::property_map::{PropertyMap, Value};
use crate::reason::{OsCode, Reason};

const CODE: &str = "ro.mi.os.version.code";
const NAME: &str = "ro.mi.os.version.name";
const INCREMENTAL: &str = "ro.mi.os.version.incremental";
const UI_NAME: &str = "ro.miui.ui.version.name";

/// The stamp that every full set of properties has. Present in none of the forms, it makes the system foreign.
const MAIN_STAMP: &str = "ro.build.version.incremental";

/// Build stamps in the order of the rules.
const STAMPS: [&str; 4] = [
    MAIN_STAMP,
    "ro.product.build.version.incremental",
    "ro.system_ext.build.version.incremental",
    "ro.system.build.version.incremental",
];

/// Fingerprints of the same partitions; those of vendor and odm are never evidence.
const FINGERPRINTS: [&str; 4] = [
    "ro.build.fingerprint",
    "ro.product.build.fingerprint",
    "ro.system_ext.build.fingerprint",
    "ro.system.build.fingerprint",
];

/// SDK keys in the order of the rules; the later ones only where the first is absent.
const SDKS: [&str; 4] = [
    "ro.build.version.sdk",
    "ro.product.build.version.sdk",
    "ro.system_ext.build.version.sdk",
    "ro.system.build.version.sdk",
];

/// The highest SDK that is taken for one; above it a value is no SDK.
const SDK_MAX: u32 = 999;

/// A source and what it says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a, T> {
    pub(super) key: &'static str,
    pub(super) raw: &'a str,
    pub(super) value: T,
}

/// The interface name `ro.miui.ui.version.name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UiName {
    /// `V816`: HyperOS 1, 2 or 3.
    V816,
    /// `V12`, `V125`, `V130`: MIUI of this major.
    Miui(u32),
}

/// Everything that counts.
#[derive(Debug, Default)]
pub(super) struct Evidence<'a> {
    /// The majors that the declared keys name, in the order code, name, incremental.
    pub(super) declared: Vec<Said<'a, u32>>,
    /// The declared incremental is there, but names no HyperOS.
    pub(super) declared_incremental_malformed: bool,
    /// The declared incremental, if it is one of HyperOS.
    pub(super) declared_incremental: Option<Said<'a, Incremental>>,
    /// m and n of the declared name.
    name: Option<(u32, u32)>,
    /// Stamps that were understood; fingerprints only where no stamp is there.
    pub(super) stamps: Vec<Said<'a, Incremental>>,
    /// The raw main stamp, if it belongs to no Xiaomi system.
    pub(super) foreign: Option<String>,
    /// The interface name, if it is one.
    pub(super) ui_name: Option<Said<'a, UiName>>,
    /// The SDK, if plausible.
    pub(super) sdk: Option<u32>,
    /// The raw SDK, if it is not.
    pub(super) sdk_malformed: Option<String>,
}

impl<'a> Evidence<'a> {
    pub(super) fn collect(map: &'a PropertyMap, reasons: &mut Vec<Reason>) -> Self {
        let mut evidence = Self::default();
        evidence.collect_declared(map, reasons);
        evidence.collect_stamps(map, reasons);
        evidence.ui_name =
            map.get(UI_NAME).and_then(|raw| Some(Said { key: UI_NAME, raw, value: parse_ui_name(raw)? }));
        evidence.collect_sdk(map);
        evidence
    }

    /// n of the declared name, if its m was decided (contracts 2).
    pub(super) fn declared_minor(&self, verdict: &Verdict) -> Option<u32> {
        let (major, minor) = self.name?;
        (verdict.family == Family::HyperOs && verdict.major == Some(major)).then_some(minor)
    }

    /// Declared keys and stamps as they stand, for a reason's detail.
    pub(super) fn describe(&self) -> String {
        let mut text = String::with_capacity(160);
        let declared = self.declared.iter().map(|said| (said.key, said.raw));
        let stamps = self.stamps.iter().map(|said| (said.key, said.raw));
        let foreign = self.foreign.iter().map(|raw| (MAIN_STAMP, raw.as_str()));
        let ui_name = self.ui_name.iter().map(|said| (said.key, said.raw));
        for (key, raw) in declared.chain(foreign).chain(stamps).chain(ui_name) {
            let separator = if text.is_empty() { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{separator}{key}={raw}");
        }
        text
    }

    fn collect_declared(&mut self, map: &'a PropertyMap, reasons: &mut Vec<Reason>) {
        match read(map, CODE, |raw| number(raw, 2).filter(|major| (1..=99).contains(major))) {
            Read::Absent => {}
            Read::Good(said) => self.declared.push(said),
            Read::Bad(raw) => reasons.push(reason(OsCode::DeclaredCodeMalformed, CODE, &raw)),
        }
        match read(map, NAME, parse_name) {
            Read::Absent => {}
            Read::Good(said) => {
                self.name = Some(said.value);
                self.declared.push(Said { key: said.key, raw: said.raw, value: said.value.0 });
            }
            Read::Bad(raw) => reasons.push(reason(OsCode::DeclaredNameMalformed, NAME, &raw)),
        }
        match read(map, INCREMENTAL, parse_declared_incremental) {
            Read::Absent => {}
            Read::Good(said) => {
                let (major, build) = said.value;
                if build.is_decorated() {
                    reasons.push(reason(OsCode::IncrementalDecorated, INCREMENTAL, said.raw));
                }
                self.declared.push(Said { key: said.key, raw: said.raw, value: major });
                self.declared_incremental = Some(Said { key: said.key, raw: said.raw, value: build });
            }
            Read::Bad(raw) => {
                self.declared_incremental_malformed = true;
                reasons.push(reason(OsCode::DeclaredIncrementalMalformed, INCREMENTAL, &raw));
            }
        }
    }

    fn collect_stamps(&mut self, map: &'a PropertyMap, reasons: &mut Vec<Reason>) {
        let mut any_present = false;
        for key in STAMPS {
            match read(map, key, |raw| Incremental::parse(raw).ok()) {
                Read::Absent => {}
                Read::Good(said) => {
                    any_present = true;
                    if said.value.is_decorated() {
                        reasons.push(reason(OsCode::IncrementalDecorated, key, said.raw));
                    }
                    if said.value.form() == Form::Weekly && key == MAIN_STAMP {
                        reasons.push(reason(OsCode::StampWeekly, key, said.raw));
                    }
                    self.stamps.push(said);
                }
                Read::Bad(raw) => {
                    any_present = true;
                    if key == MAIN_STAMP {
                        reasons.push(reason(OsCode::ForeignStamp, key, &raw));
                        self.foreign = Some(raw);
                    } else if self.foreign.is_none() {
                        reasons.push(reason(OsCode::StampUnreadable, key, &raw));
                    }
                }
            }
        }
        let fingerprints = FINGERPRINTS.iter().filter_map(|key| {
            let raw = map.get(key)?;
            Some(Said { key, raw, value: fingerprint_incremental(raw)? })
        });
        if self.foreign.is_some() {
            if let Some(said) = fingerprints.into_iter().next() {
                reasons.push(reason(OsCode::FingerprintSpoof, said.key, said.raw));
            }
        } else if !any_present {
            self.stamps.extend(fingerprints);
            if let Some(said) = self.stamps.first() {
                reasons.push(reason(OsCode::StampFromFingerprint, said.key, said.raw));
            }
        }
    }

    fn collect_sdk(&mut self, map: &PropertyMap) {
        for key in SDKS {
            match read(map, key, |raw| number(raw, 3).filter(|sdk| (1..=SDK_MAX).contains(sdk))) {
                Read::Absent => {}
                Read::Good(said) => {
                    self.sdk = Some(said.value);
                    return;
                }
                Read::Bad(raw) => {
                    self.sdk_malformed = Some(format!("{key}={raw}"));
                    return;
                }
            }
        }
    }
}

/// A key read by one of the parsers.
enum Read<'a, T> {
    Absent,
    Good(Said<'a, T>),
    /// There, but not what it should be; fit for a detail.
    Bad(String),
}

fn read<'a, T>(map: &'a PropertyMap, key: &'static str, parse: impl Fn(&str) -> Option<T>) -> Read<'a, T> {
    match map.value(key) {
        Value::Absent => Read::Absent,
        Value::Text(raw) => {
            parse(raw).map_or_else(|| Read::Bad(raw.to_owned()), |value| Read::Good(Said { key, raw, value }))
        }
        Value::Unusable(bytes) => Read::Bad(escape(bytes)),
    }
}

pub(super) fn reason(code: OsCode, key: &str, raw: &str) -> Reason {
    Reason::new(code, format!("{key}={raw}"))
}

/// The first bytes of an unusable value, as printable ASCII.
fn escape(bytes: &[u8]) -> String {
    const SHOWN: usize = 48;
    let shown = bytes.get(..SHOWN).unwrap_or(bytes);
    let rest = bytes.len() - shown.len();
    let mut text = shown.escape_ascii().to_string();
    if rest > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, "… ({rest} bytes more)");
    }
    text
}

/// `OSm.n`.
fn parse_name(raw: &str) -> Option<(u32, u32)> {
    let (major, minor) = raw.strip_prefix("OS")?.split_once('.')?;
    let major = number(major, 2).filter(|major| (1..=99).contains(major))?;
    Some((major, number(minor, 9)?))
}

/// Forms 1 to 3 of HyperOS.
fn parse_declared_incremental(raw: &str) -> Option<(u32, Incremental)> {
    let build = Incremental::parse(raw).ok()?;
    match build.system() {
        System::HyperOs(major) => Some((major, build)),
        System::Miui(_) | System::Go | System::Unnamed => None,
    }
}

/// `V816`, `V12`, `V125` (which is 12), `V130`.
fn parse_ui_name(raw: &str) -> Option<UiName> {
    let version = number(raw.strip_prefix('V')?, 3)?;
    match version {
        816 => Some(UiName::V816),
        5..=15 => Some(UiName::Miui(version)),
        50..=159 => Some(UiName::Miui(version / 10)),
        _ => None,
    }
}

/// The build number in `brand/product/device:release/id/INCREMENTAL:type/tags`.
fn fingerprint_incremental(raw: &str) -> Option<Incremental> {
    let incremental = raw.split(':').nth(1)?.rsplit_once('/')?.1;
    Incremental::parse(incremental).ok()
}
