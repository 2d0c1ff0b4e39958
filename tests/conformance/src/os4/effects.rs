//! Kind `os4/glass`: what caps the glass level, row by row.
//!
//! A row is turned into the properties, probes and states that a phone would show, so that a case runs the whole
//! way from keys to level; only the identity is taken as given, because the rows give no build numbers.
//!
//! Reasons are compared as a list without regard to order: contracts 2 fixes the order by the rules, the rows were
//! written in another one. A row lists what *caps*; notes such as `GLASS_TIER_UNKNOWN` are not part of it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ferrule_os4_compat::{
    Confidence, DeviceFacts, Family, OsIdentity, Probes, PropertyMap, RuntimeState, StaticEffects,
    ThermalHysteresis, Tri, UserMaterial,
};
use serde_json::{Map, Value};

use crate::{Case, Kind};

/// The kinds of this file.
pub fn kinds() -> Vec<Kind> {
    vec![Kind { name: "os4/glass", path: "os4/glass_vectors.json", load }]
}

fn load(path: &Path) -> Result<Vec<Case>> {
    let rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(path)?)?;
    rows.into_iter()
        .map(|row| {
            let id = row["name"].as_str().context("a row without a name")?.to_owned();
            let row = Row::read(&row).with_context(|| id.clone())?;
            Ok(Case { id, run: Box::new(move || row.check()) })
        })
        .collect()
}

struct Row {
    identity: OsIdentity,
    probes: Probes,
    device: DeviceFacts,
    properties: Vec<(&'static str, String)>,
    runtime: RuntimeState,
    level: String,
    reasons: Vec<String>,
}

impl Row {
    fn read(row: &Value) -> Result<Self> {
        let input = row["input"].as_object().context("no input")?;
        let mut read = Self {
            identity: identity(input)?,
            probes: Probes::default(),
            device: DeviceFacts::default(),
            properties: Vec::new(),
            runtime: RuntimeState::default(),
            level: row["glass"].as_str().context("no glass level")?.to_ascii_lowercase(),
            reasons: strings(&row["reasons"])?,
        };
        for (key, value) in input {
            if !value.is_null() {
                read.take(key, value).with_context(|| format!("input {key:?}"))?;
            }
        }
        Ok(read)
    }

    fn take(&mut self, key: &str, value: &Value) -> Result<()> {
        match key {
            "family" | "at_least_os4" | "sdk" | "spoof" => {}
            "rust_libs" => {
                let libs = strings(value)?;
                let probe =
                    |name| if libs.iter().any(|lib| lib == name) { Tri::Present } else { Tri::Absent };
                self.probes = Probes {
                    rust_runtime_v3: probe("v3"),
                    rust_runtime_v4: probe("v4"),
                    rust_runtime_v5: probe("v5"),
                };
            }
            "bb_supported" => self.property("persist.sys.background_blur_supported", flag(value)?),
            "avr" => self.property("persist.sys.advanced_visual_release", number(value)?),
            "sf_blur" => self.property("ro.surface_flinger.supports_background_blur", u8::from(flag(value)?)),
            "low_ram_threshold" => self.property("ro.config.low_ram.threshold_gb", number(value)?),
            "ram_gib" => self.device.ram_gib = Some(number(value)?),
            "cpulevel" => self.property("persist.sys.computility.cpulevel", number(value)?),
            "gpulevel" => self.property("persist.sys.computility.gpulevel", number(value)?),
            "xwin" => self.runtime.cross_window_blur = Some(flag(value)?),
            "user_blur" => {
                self.runtime.user_material = if flag(value)? { UserMaterial::On } else { UserMaterial::Off };
            }
            "battery_saver" => self.runtime.battery_saver = flag(value)?,
            "thermal" => self.runtime.thermal = u8::try_from(number(value)?)?,
            "reduce_transparency" => self.runtime.reduce_transparency = flag(value)?,
            "disable_window_blurs" => self.runtime.window_blurs_disabled = flag(value)?,
            _ => bail!("not a known input"),
        }
        Ok(())
    }

    fn property(&mut self, key: &'static str, value: impl ToString) {
        self.properties.push((key, value.to_string()));
    }

    fn check(&self) -> Result<(), String> {
        let map = PropertyMap::from_pairs(self.properties.iter().map(|(key, value)| (*key, value.as_str())));
        let boot = StaticEffects::compute(&self.identity, &self.probes, &self.device, &map);
        let effects = boot.apply(&self.runtime, 0, &mut ThermalHysteresis::default());
        let mut got: Vec<String> =
            effects.glass_caps().map(|reason| spelling(reason.code.as_str())).collect();
        let mut expected = self.reasons.clone();
        got.sort();
        expected.sort();
        let mut differences = Vec::new();
        if self.level != effects.glass.as_str() {
            differences.push(format!("glass: expected {:?}, got {:?}", self.level, effects.glass.as_str()));
        }
        if expected != got {
            differences.push(format!("reasons: expected {expected:?}, got {got:?}"));
        }
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }
}

/// The data spell a code in lower case without its area (contracts 1).
fn spelling(code: &str) -> String {
    code.trim_start_matches("GLASS_").to_ascii_lowercase()
}

/// An identity that says what the row says; the major only has to be on the right side of 4.
fn identity(input: &Map<String, Value>) -> Result<OsIdentity> {
    let family = match input.get("family").and_then(Value::as_str).context("no family")? {
        "HyperOS" | "HyperOS-spoofed" => Family::HyperOs,
        "MIUI" | "MIUI-port" => Family::Miui,
        "XiaomiGo" => Family::XiaomiGo,
        "Other" | "other" | "unknown-xiaomi" => Family::Other,
        other => bail!("unknown family {other:?}"),
    };
    let at_least_os4 = flag(input.get("at_least_os4").context("no at_least_os4")?)?;
    let spoofed = input.get("spoof").map(flag).transpose()?.unwrap_or(false);
    let major = match (family, at_least_os4) {
        (Family::HyperOs, true) => Some(4),
        (Family::HyperOs, false) => Some(3),
        (Family::Miui, _) => Some(14),
        (Family::XiaomiGo | Family::Other, _) => None,
    };
    let sdk = input.get("sdk").filter(|sdk| !sdk.is_null()).map(number).transpose()?;
    let identity = OsIdentity {
        family,
        major,
        minor: None,
        sdk,
        confidence: if spoofed { Confidence::Low } else { Confidence::High },
        spoofed,
        reasons: Vec::new(),
    };
    if identity.at_least_os4() != at_least_os4 {
        bail!("a {family:?} identity cannot have at_least_os4 {at_least_os4}, spoof {spoofed}");
    }
    Ok(identity)
}

fn flag(value: &Value) -> Result<bool> {
    value.as_bool().with_context(|| format!("{value} is no flag"))
}

fn number(value: &Value) -> Result<u32> {
    let number = value.as_u64().with_context(|| format!("{value} is no number"))?;
    Ok(u32::try_from(number)?)
}

fn strings(value: &Value) -> Result<Vec<String>> {
    let texts = value.as_array().with_context(|| format!("{value} is no list"))?;
    texts
        .iter()
        .map(|text| Ok(text.as_str().with_context(|| format!("{text} is no text"))?.to_owned()))
        .collect()
}
