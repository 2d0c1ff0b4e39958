//! `ferrule os version`: takes version strings apart (contracts 3).

use std::io;
use std::process::ExitCode;

use clap::Args;
use ferrule_os4_compat::incremental::System;
use ferrule_os4_compat::{Family, Incremental, LauncherVersion, OsCode, VersionText};
use serde::Serialize;

use crate::output::{Output, Tone, printable};

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  ferrule os version OS3.0.7.0.WZZCNXM V816.0.3.0.UZZMIXM
  ferrule os version --json RELEASE-8.02.01.0042-270101-01022304-R

A string of neither kind is answered with the kind `none` and the reason.";

/// What is taken apart, and how the answer is printed.
#[derive(Args)]
pub struct VersionArguments {
    /// Print one JSON object a line instead of text
    #[arg(long)]
    json: bool,
    /// Build numbers (ro.build.version.incremental) or version names of the launcher
    #[arg(required = true, value_name = "STRING")]
    strings: Vec<String>,
}

/// One string's answer; the fields in the order of contracts 3. What does not apply is null.
#[derive(Serialize, Default)]
struct Answer<'a> {
    input: &'a str,
    kind: &'static str,
    family: Option<&'static str>,
    major: Option<u32>,
    form: Option<u8>,
    letters: Option<String>,
    android: Option<&'static str>,
    device_code: Option<String>,
    region: Option<String>,
    carrier: Option<String>,
    channel: Option<String>,
    numbers: Option<Vec<u32>>,
    version_code: Option<u32>,
    rust: Option<bool>,
    reason: Option<&'static str>,
    #[serde(skip)]
    sentence: Option<&'static str>,
}

impl<'a> Answer<'a> {
    fn about(input: &'a str) -> Self {
        match VersionText::parse(input) {
            Ok(VersionText::Incremental(build)) => Self::of_build(input, &build),
            Ok(VersionText::Launcher(launcher)) => Self::of_launcher(input, &launcher),
            Err(code) => Self::of_neither(input, code),
        }
    }

    fn of_build(input: &'a str, build: &Incremental) -> Self {
        let family = match build.system() {
            System::HyperOs(_) => Some(Family::HyperOs),
            System::Miui(_) => Some(Family::Miui),
            System::Go => Some(Family::XiaomiGo),
            System::Unnamed => None,
        };
        Self {
            input,
            kind: "incremental",
            family: family.map(Family::as_str),
            major: build.major(),
            form: Some(build.form().number()),
            letters: build.letters().map(str::to_owned),
            android: build.android(),
            device_code: build.device_code().map(str::to_owned),
            region: build.region().map(str::to_owned),
            carrier: build.carrier().map(str::to_owned),
            channel: build.channel().map(|channel| channel.as_str().to_owned()),
            numbers: Some(build.numbers().to_vec()),
            ..Self::default()
        }
    }

    fn of_launcher(input: &'a str, launcher: &LauncherVersion) -> Self {
        Self {
            input,
            kind: "launcher",
            channel: Some(launcher.channel().to_owned()),
            numbers: Some(launcher.numbers().as_array().to_vec()),
            version_code: Some(launcher.numbers().version_code()),
            rust: Some(launcher.is_rust()),
            ..Self::default()
        }
    }

    fn of_neither(input: &'a str, code: OsCode) -> Self {
        Self {
            input,
            kind: "none",
            reason: Some(code.as_str()),
            sentence: Some(code.sentence()),
            ..Self::default()
        }
    }

    /// `name value` of what applies, for people.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        let mut add = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
        let dotted = |numbers: &Vec<u32>| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        add("family", self.family.map(str::to_owned));
        add("major", self.major.map(|major| major.to_string()));
        add("form", self.form.map(|form| form.to_string()));
        add("numbers", self.numbers.as_ref().map(dotted));
        add("letters", self.letters.clone());
        add("Android", self.android.map(str::to_owned));
        add("device code", self.device_code.clone());
        add("region", self.region.clone());
        add("carrier", self.carrier.clone());
        add("channel", self.channel.clone());
        add("version code", self.version_code.map(|code| code.to_string()));
        let native = |rust| if rust { "yes, it needs the Rust runtime" } else { "no" };
        add("native", self.rust.map(|rust| native(rust).to_owned()));
        facts
    }
}

/// Answers for each string.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &VersionArguments, output: &mut Output) -> io::Result<ExitCode> {
    for input in &arguments.strings {
        let answer = Answer::about(input);
        if arguments.json {
            output.json(&answer)?;
            continue;
        }
        let kind = match answer.kind {
            "incremental" => output.tone(Tone::Good, "build number of the system"),
            "launcher" => output.tone(Tone::Good, "version name of the launcher"),
            _ => output.tone(Tone::Warning, "no version that Ferrule knows"),
        };
        output.line(&format!("{}: {kind}", output.tone(Tone::Heading, &printable(input))))?;
        for (name, value) in answer.facts() {
            output.line(&format!("  {name:<12}  {value}"))?;
        }
        if let (Some(sentence), Some(code)) = (answer.sentence, answer.reason) {
            output.line(&format!("  {sentence} {}", output.tone(Tone::Faint, &format!("[{code}]"))))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
