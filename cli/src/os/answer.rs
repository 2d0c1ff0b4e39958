//! What `ferrule os check` answers about one phone: the object of contracts 3, and the same for people.

use std::io;

use ferrule_os4_compat::{
    Abi, Confidence, Family, FrameworkVerdict, OsIdentity, Reason, StaticEffects, ThermalHysteresis,
};
use serde::Serialize;

use crate::os::phone::Phone;
use crate::os::settings::Settings;
use crate::output::{Output, Tone, printable};

/// One phone's answer; the fields in the order of contracts 3, then our own.
#[derive(Serialize)]
pub struct Answer {
    file: String,
    family: &'static str,
    major: Option<u32>,
    minor: Option<u32>,
    sdk: Option<u32>,
    confidence: &'static str,
    spoofed: bool,
    at_least_os4: bool,
    framework: &'static str,
    native_launcher: &'static str,
    glass: &'static str,
    effects: EffectsAnswer,
    reasons: Vec<ReasonAnswer>,
    ignored_lines: u64,
    tier: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged: Vec<String>,
    #[serde(skip)]
    trusted: bool,
}

/// What may be shown.
#[derive(Serialize)]
struct EffectsAnswer {
    bounce: &'static str,
    transition: &'static str,
    blur_background: bool,
    dynamic_layers: &'static str,
    long_press_menu: &'static str,
}

/// One reason.
#[derive(Serialize)]
struct ReasonAnswer {
    code: &'static str,
    detail: String,
    #[serde(skip)]
    sentence: &'static str,
}

impl From<Reason> for ReasonAnswer {
    fn from(reason: Reason) -> Self {
        Self { code: reason.code.as_str(), sentence: reason.code.sentence(), detail: reason.detail }
    }
}

impl Answer {
    /// Asks the core about one phone.
    pub fn about(file: String, phone: Phone, settings: &Settings) -> Self {
        let identity = OsIdentity::decide(&phone.map);
        let probes = settings.probes();
        let device = settings.device();
        let abi = if device.abi == Abi::Unknown { Abi::from_properties(&phone.map) } else { device.abi };
        let framework = FrameworkVerdict::decide(&probes, abi);
        let boot = StaticEffects::compute(&identity, &probes, &device, &phone.map);
        let effects = boot.apply(&settings.runtime(), 0, &mut ThermalHysteresis::default());
        let reasons = identity.reasons.iter().cloned().chain(framework.reasons).chain(effects.reasons);
        Self {
            file,
            family: identity.family.as_str(),
            major: identity.major,
            minor: identity.minor,
            sdk: identity.sdk,
            confidence: identity.confidence.as_str(),
            spoofed: identity.spoofed,
            at_least_os4: identity.at_least_os4(),
            framework: framework.generation.as_str(),
            native_launcher: framework.native_launcher.as_str(),
            glass: effects.glass.as_str(),
            effects: EffectsAnswer {
                bounce: effects.bounce.as_str(),
                transition: effects.transition.as_str(),
                blur_background: effects.blur_background,
                dynamic_layers: effects.dynamic_layers.as_str(),
                long_press_menu: effects.long_press_menu.layout.as_str(),
            },
            reasons: reasons.map(ReasonAnswer::from).collect(),
            ignored_lines: phone.map.report().ignored,
            tier: effects.tier.as_str(),
            merged: phone.files,
            trusted: identity.confidence >= Confidence::Medium && !identity.spoofed,
        }
    }

    /// The OS in a few words: `HyperOS 3.1`, `MIUI 14`, `other`.
    fn os_words(&self) -> String {
        let family =
            FAMILIES.iter().find(|(family, _)| family.as_str() == self.family).map_or("other", |row| row.1);
        let number = match (self.major, self.minor) {
            (Some(major), Some(minor)) => format!(" {major}.{minor}"),
            (Some(major), None) => format!(" {major}"),
            (None, _) => String::new(),
        };
        let spoofed = if self.spoofed { ", spoofed" } else { "" };
        format!("{family}{number}{spoofed}")
    }
}

/// Names for people.
const FAMILIES: [(Family, &str); 4] = [
    (Family::HyperOs, "HyperOS"),
    (Family::Miui, "MIUI"),
    (Family::XiaomiGo, "Android Go by Xiaomi"),
    (Family::Other, "other"),
];

/// Prints the answers: a table of all, then the reasons of each as sentences.
///
/// # Errors
/// When stdout is closed or full.
pub fn print(answers: &[Answer], output: &mut Output) -> io::Result<()> {
    let head = ["file", "OS", "SDK", "confidence", "OS4?", "framework", "native launcher", "glass"]
        .map(str::to_owned);
    let rows: Vec<_> = answers
        .iter()
        .map(|answer| {
            [
                shortened(&printable(&answer.file)),
                answer.os_words(),
                answer.sdk.map_or("?".to_owned(), |sdk| sdk.to_string()),
                answer.confidence.to_owned(),
                if answer.at_least_os4 { "yes" } else { "no" }.to_owned(),
                answer.framework.to_owned(),
                answer.native_launcher.replace('_', " "),
                answer.glass.to_owned(),
            ]
        })
        .collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = std::iter::once(&head).chain(&rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
        })
        .collect();
    let line = |row: &[String]| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    output.line(&output.tone(Tone::Heading, &line(&head)))?;
    for (row, answer) in rows.iter().zip(answers) {
        let text = line(row);
        let text = if answer.trusted { text } else { output.tone(Tone::Warning, &text) };
        output.line(&text)?;
    }
    for answer in answers {
        output.line("")?;
        print_reasons(answer, output)?;
    }
    Ok(())
}

/// The longest name that the table shows whole, in characters.
const NAME_SHOWN_MAX: usize = 40;

/// The end of a long name, which tells more than its start.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= NAME_SHOWN_MAX {
        return name.to_owned();
    }
    let end: String = name.chars().skip(length + 1 - NAME_SHOWN_MAX).collect();
    format!("…{end}")
}

/// One phone's effects and reasons.
fn print_reasons(answer: &Answer, output: &mut Output) -> io::Result<()> {
    output.line(&output.tone(Tone::Heading, &printable(&answer.file)))?;
    if !answer.merged.is_empty() {
        output.line(&format!("  merged from {}", printable(&answer.merged.join(", "))))?;
    }
    let EffectsAnswer { bounce, transition, blur_background, dynamic_layers, long_press_menu } =
        &answer.effects;
    let blur = if *blur_background { "on" } else { "off" };
    output.line(&format!(
        "  effects: bounce {bounce}, transition {transition}, blur background {blur}, layers {dynamic_layers}, \
         long-press menu {long_press_menu}; device tier {}",
        answer.tier
    ))?;
    for reason in &answer.reasons {
        let detail = if reason.detail.is_empty() {
            String::new()
        } else {
            format!(" ({})", printable(&reason.detail))
        };
        output.line(&format!(
            "  {}{detail} {}",
            reason.sentence,
            output.tone(Tone::Faint, &format!("[{}]", reason.code))
        ))?;
    }
    match answer.ignored_lines {
        0 => Ok(()),
        1 => output.line("  1 line was not understood and was ignored."),
        count => output.line(&format!("  {count} lines were not understood and were ignored.")),
    }
}
