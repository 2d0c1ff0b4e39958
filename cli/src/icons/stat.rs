//! `ferrule icons stat`: what stores hold, in figures.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_icon_cache::picture::{Picture, Variant};
use ferrule_icon_cache::store::Found;
use ferrule_icon_cache::store::inspect::{Facts, Inspected};
use serde_json::{Map, Value, json};

use super::{SCHEMA, problem};
use crate::output::{Output, Tone, printable};
use crate::problem::{Problem, refuse};

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  What does this store hold?
    ferrule icons stat ferrule_icons.db
  How many icons of each store are stale, for a script:
    ferrule icons stat --json *.store | jq '{file, stale: .variants.plain.stale}'

The files are copied with their -wal, and only the copies are opened.

Exit codes: 0 done, 1 a store cannot be read to its end, 2 usage error or unreadable input.";

/// What is counted.
#[derive(Args)]
pub struct StatArguments {
    /// Print one JSON object a store instead of a text
    #[arg(long)]
    json: bool,
    /// Stores
    #[arg(required = true, value_name = "STORE")]
    stores: Vec<PathBuf>,
}

/// Pictures of one variant.
#[derive(Default)]
struct OfVariant {
    pictures: u64,
    /// Keys that are known to have no such variant.
    absent: u64,
    stale: u64,
    packed_bytes: u64,
    pixel_bytes: u64,
}

/// A store in figures.
struct Figures {
    facts: Facts,
    file_bytes: u64,
    icons: usize,
    packages: usize,
    profiles: BTreeMap<i64, u64>,
    providers: BTreeMap<String, u64>,
    labels: u64,
    labels_stale: u64,
    damaged: u64,
    variants: [OfVariant; 3],
}

/// Counts in each store; the worst exit code counts.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &StatArguments, output: &mut Output) -> io::Result<ExitCode> {
    let mut worst = 0;
    for file in &arguments.stores {
        match figures(file) {
            Ok(figures) if arguments.json => output.json(&figures.object(file))?,
            Ok(figures) => figures.print(file, output)?,
            Err(problem) => {
                refuse(&problem);
                worst = worst.max(problem.exit);
            }
        }
    }
    Ok(ExitCode::from(worst))
}

fn figures(file: &Path) -> Result<Figures, Problem> {
    let store = problem::open(file)?;
    let keys = store.keys().map_err(|error| problem::of_store(file, &error))?;
    let mut packages = BTreeSet::new();
    let mut figures = Figures::new(&store, file, keys.len());
    for key in &keys {
        *figures.profiles.entry(key.profile.0).or_default() += 1;
        packages.insert(key.package());
        figures.count(&store.read(key));
    }
    figures.packages = packages.len();
    Ok(figures)
}

impl Figures {
    fn new(store: &Inspected, file: &Path, icons: usize) -> Self {
        Self {
            facts: store.facts().clone(),
            file_bytes: std::fs::metadata(file).map_or(0, |metadata| metadata.len()),
            icons,
            packages: 0,
            profiles: BTreeMap::new(),
            providers: BTreeMap::new(),
            labels: 0,
            labels_stale: 0,
            damaged: 0,
            variants: Default::default(),
        }
    }

    fn count(&mut self, found: &Found) {
        self.damaged += u64::from(found.damaged);
        if let Some(row) = &found.label {
            self.labels += u64::from(row.label.is_some());
            self.labels_stale += u64::from(row.stale);
        }
        for (of, variant) in self.variants.iter_mut().zip(Variant::ALL) {
            for (_, row) in found.pictures.iter().filter(|(found, _)| *found == variant) {
                of.stale += u64::from(row.stale);
                *self.providers.entry(row.origin.provider.to_string()).or_default() += 1;
                let Some(packed) = &row.data else {
                    of.absent += 1;
                    continue;
                };
                of.pictures += 1;
                of.packed_bytes += packed.bytes.len() as u64;
                let pixels = Picture::size(packed.width, packed.height, variant.form());
                of.pixel_bytes += pixels.unwrap_or(0) as u64;
            }
        }
    }

    fn object(&self, file: &Path) -> Value {
        let variants: Map<String, Value> = Variant::ALL
            .into_iter()
            .zip(&self.variants)
            .map(|(variant, of)| {
                let value = json!({
                    "pictures": of.pictures, "absent": of.absent, "stale": of.stale,
                    "packed_bytes": of.packed_bytes, "pixel_bytes": of.pixel_bytes,
                });
                (variant.word().to_owned(), value)
            })
            .collect();
        let counts = |counts: Vec<(String, u64)>| -> Value {
            counts.into_iter().map(|(name, count)| (name, json!(count))).collect::<Map<_, _>>().into()
        };
        json!({
            "schema": SCHEMA,
            "file": file.display().to_string(),
            "format": self.facts.format,
            "size_px": self.facts.size_px,
            "file_bytes": self.file_bytes,
            "icons": self.icons,
            "packages": self.packages,
            "profiles": counts(self.profiles.iter().map(|(serial, count)| (serial.to_string(), *count)).collect()),
            "providers": counts(self.providers.iter().map(|(name, count)| (name.clone(), *count)).collect()),
            "labels": self.labels,
            "labels_stale": self.labels_stale,
            "variants": variants,
            "damaged": self.damaged,
            "label_state": self.facts.label_state,
            "pixel_state": self.facts.pixel_state,
        })
    }

    fn print(&self, file: &Path, output: &mut Output) -> io::Result<()> {
        let name = printable(&file.display().to_string());
        let head = format!("{name}: {} icons of {} packages", self.icons, self.packages);
        output.line(&output.tone(Tone::Heading, &head))?;
        let profiles: Vec<String> =
            self.profiles.iter().map(|(serial, count)| format!("{serial} ({count})")).collect();
        let mut lines = vec![
            ("format", format!("{}, icons of {} px", self.facts.format, self.facts.size_px)),
            ("file", format!("{} bytes", self.file_bytes)),
            ("profiles", profiles.join(", ")),
            ("labels", format!("{}, {} stale", self.labels, self.labels_stale)),
        ];
        for (variant, of) in Variant::ALL.into_iter().zip(&self.variants) {
            let size = match of.pixel_bytes {
                0 => String::new(),
                pixels => {
                    format!(
                        ", {} bytes, {:.1} % of their pixels",
                        of.packed_bytes,
                        percent(of.packed_bytes, pixels)
                    )
                }
            };
            let text = format!("{}, {} known to be none, {} stale{size}", of.pictures, of.absent, of.stale);
            lines.push((variant.word(), text));
        }
        let packs = self.providers.iter().filter(|(name, _)| !name.is_empty());
        lines.extend(packs.map(|(name, count)| ("icon pack", format!("{} ({count})", printable(name)))));
        for (name, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
            output.line(&format!("  {name:<9}  {text}"))?;
        }
        if self.damaged > 0 {
            let text = format!("{} rows are damaged; ferrule icons check says which", self.damaged);
            output.line(&output.tone(Tone::Warning, &text))?;
        }
        Ok(())
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    100.0 * part as f64 / whole as f64
}
