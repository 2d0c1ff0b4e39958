//! `ferrule icons analyze`: what AOSP would compute from a picture (contracts 3).
//!
//! A file is taken at its own size, as if the icon's size were at least half of it, so that nothing is scaled before it is
//! measured. Not here: the arithmetic.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_icon_cache::codec::png;
use ferrule_icon_cache::pixels::{
    Image, MonoFacts, PictureError, SIDE_MAX, dominant_colour, flattened_side, monochrome, normalise,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::output::{Output, Tone, printable};

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  ferrule icons analyze icon.png
  ferrule icons analyze --json icons/*.png
  ferrule icons analyze --flattened 192 layer-256.png

A damaged or cut PNG is refused, never answered in part. Exit codes: 0 done, 2 usage error or unreadable input.";

/// Longest file that is read, in bytes.
const FILE_MAX: u64 = 64 << 20;

/// What is analysed, and how the answer is printed.
#[derive(Args)]
pub struct AnalyzeArguments {
    /// Print one JSON object a line instead of text
    #[arg(long)]
    json: bool,
    /// Take the files as flattened bitmaps of icons of SIZE pixels (sides 4/3 of it) and generate the monochrome form
    #[arg(long, value_name = "SIZE", value_parser = clap::value_parser!(u32).range(1..=3072))]
    flattened: Option<u32>,
    /// PNG files, or - for stdin
    #[arg(required = true, value_name = "PNG")]
    files: Vec<PathBuf>,
}

/// One file's answer; the fields in the order of contracts 3.
#[derive(Serialize)]
struct Answer {
    file: String,
    width: u32,
    height: u32,
    dominant: String,
    scale: f32,
    bounds: [f32; 4],
    mono_sha256: Option<String>,
    #[serde(skip)]
    mono: Option<MonoFacts>,
}

impl Answer {
    fn about(file: &Path, flattened: Option<u32>) -> Result<Self, String> {
        let shown = printable(&file.display().to_string());
        let bytes = read(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
        let told = |error: PictureError| {
            let said = error.to_string();
            let said = said.trim_end_matches('.');
            format!("{shown}: {said}. Give a whole PNG file of at most {SIDE_MAX} pixels a side.")
        };
        let picture = png::decode(&bytes).map_err(told)?;
        let image = picture.image().map_err(told)?;
        let mono =
            flattened.map(|size| Self::mono(image, size).map_err(|problem| format!("{shown}: {problem}")));
        let (facts, sum) = mono.transpose()?.unzip();
        let measured = normalise(image);
        Ok(Self {
            file: file.display().to_string(),
            width: image.width(),
            height: image.height(),
            dominant: format!("{:08x}", dominant_colour(image)),
            scale: measured.scale,
            bounds: measured.bounds,
            mono_sha256: sum,
            mono: facts,
        })
    }

    /// The facts of the monochrome form, and its checksum.
    fn mono(image: Image<'_>, size: u32) -> Result<(MonoFacts, String), String> {
        let side = flattened_side(size);
        if (image.width(), image.height()) != (side, side) {
            let (width, height) = (image.width(), image.height());
            return Err(format!(
                "a flattened bitmap of icon size {size} is {side}x{side}, this is {width}x{height}"
            ));
        }
        let mut alpha = vec![0; side as usize * side as usize];
        let facts = monochrome(image, size, &mut alpha).map_err(|error| error.to_string())?;
        let sum = Sha256::digest(&alpha).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((facts, sum))
    }

    /// `name value`, for people.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let [left, top, right, bottom] = self.bounds;
        let mut facts = vec![
            ("size", format!("{}x{}", self.width, self.height)),
            ("dominant", format!("#{}", self.dominant)),
            ("scale", self.scale.to_string()),
            ("bounds", format!("left {left}, top {top}, right {right}, bottom {bottom}")),
        ];
        if let (Some(mono), Some(sum)) = (self.mono, &self.mono_sha256) {
            let way = if mono.inverted { "bright is cleared" } else { "bright is kept" };
            facts.push(("monochrome", format!("grey {} to {}, {way}, sha256 {sum}", mono.least, mono.most)));
        }
        facts
    }
}

/// The bytes of a file or of stdin.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut bounded = |source: &mut dyn Read| source.take(FILE_MAX + 1).read_to_end(&mut bytes).map(drop);
    if file == Path::new("-") {
        bounded(&mut io::stdin().lock())?
    } else {
        bounded(&mut File::open(file)?)?
    };
    if bytes.len() as u64 > FILE_MAX {
        return Err(io::Error::other(format!("larger than {} MiB", FILE_MAX >> 20)));
    }
    Ok(bytes)
}

/// Answers for each file; one that cannot be read does not keep the others from being answered.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &AnalyzeArguments, output: &mut Output) -> io::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for file in &arguments.files {
        let answer = match Answer::about(file, arguments.flattened) {
            Ok(answer) => answer,
            Err(problem) => {
                eprintln!("ferrule: {problem}");
                code = ExitCode::from(2);
                continue;
            }
        };
        if arguments.json {
            output.json(&answer)?;
            continue;
        }
        output.line(&output.tone(Tone::Heading, &printable(&answer.file)))?;
        for (name, value) in answer.facts() {
            output.line(&format!("  {name:<10}  {value}"))?;
        }
    }
    Ok(code)
}
