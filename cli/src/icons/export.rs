//! `ferrule icons export`: a store's icons as PNG files, and an index that says whose they are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ferrule_icon_cache::codec::png;
use ferrule_icon_cache::key::IconKey;
use ferrule_icon_cache::picture::{Form, Picture};
use ferrule_icon_cache::pixels::Image;
use ferrule_icon_cache::store::Found;
use serde_json::{Value, json};

use super::{SCHEMA, problem};
use crate::output::{Output, Tone, printable};
use crate::problem::{Problem, refuse};
use crate::progress::counting;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Every icon of a store as a PNG file:
    ferrule icons export icons.store --into icons/
  The file of one app:
    jq -r '.icons[] | select(.package == \"com.android.settings\") | .pictures[].file' icons/index.json

index.json names for each icon profile, package, class, label, colour, flags and its pictures: variant, file, sides, provider,
whether it is stale. A monochrome form is written as black with its alpha. The folder is made; one that holds anything is left alone.

Exit codes: 0 done, 1 rows were damaged and are missing, or a file could not be written, 2 usage error or unreadable input.";

/// The name of the index.
const INDEX: &str = "index.json";

/// What is exported, and where to.
#[derive(Args)]
pub struct ExportArguments {
    /// Print one JSON object instead of a text
    #[arg(long)]
    json: bool,
    /// The folder to make
    #[arg(long, value_name = "FOLDER", required = true)]
    into: PathBuf,
    /// The store
    #[arg(value_name = "STORE")]
    store: PathBuf,
}

/// What was written.
#[derive(Default)]
struct Exported {
    icons: usize,
    files: usize,
    bytes: u64,
    damaged: u64,
}

/// Exports and prints.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &ExportArguments, output: &mut Output) -> io::Result<ExitCode> {
    let done = match export(arguments) {
        Ok(done) => done,
        Err(problem) => return Ok(refuse(&problem)),
    };
    let into = arguments.into.display().to_string();
    if arguments.json {
        output.json(&json!({
            "schema": SCHEMA,
            "file": arguments.store.display().to_string(),
            "into": into,
            "index": arguments.into.join(INDEX).display().to_string(),
            "icons": done.icons,
            "pictures": done.files,
            "bytes": done.bytes,
            "damaged": done.damaged,
        }))?;
    } else {
        let head = format!(
            "{}: {} pictures of {} icons, {} bytes, and {INDEX}",
            printable(&into),
            done.files,
            done.icons,
            done.bytes
        );
        output.line(&output.tone(Tone::Heading, &head))?;
        if done.damaged > 0 {
            let text =
                format!("{} rows are damaged and missing; ferrule icons check says which", done.damaged);
            output.line(&output.tone(Tone::Warning, &text))?;
        }
    }
    Ok(ExitCode::from(u8::from(done.damaged > 0)))
}

fn export(arguments: &ExportArguments) -> Result<Exported, Problem> {
    let into = arguments.into.as_path();
    let is_empty = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if into.exists() && !is_empty(into) {
        return Err(problem::taken(into, "folder"));
    }
    let store = problem::open(&arguments.store)?;
    let keys = store.keys().map_err(|error| problem::of_store(&arguments.store, &error))?;
    fs::create_dir_all(into).map_err(|error| problem::unwritten(into, &error))?;
    let bar = counting("exporting");
    let mut done = Exported { icons: keys.len(), ..Exported::default() };
    let mut icons = Vec::with_capacity(keys.len());
    for (at, key) in keys.iter().enumerate() {
        bar.at(at, keys.len());
        let found = store.read(key);
        icons.push(entry(into, at, key, &found, &mut done)?);
    }
    let index = json!({ "schema": SCHEMA, "size_px": store.facts().size_px, "icons": icons });
    let path = into.join(INDEX);
    let text = format!("{index:#}\n");
    fs::write(&path, text).map_err(|error| problem::unwritten(&path, &error))?;
    Ok(done)
}

/// Writes the files of an icon; its place in the index.
fn entry(
    into: &Path,
    at: usize,
    key: &IconKey,
    found: &Found,
    done: &mut Exported,
) -> Result<Value, Problem> {
    done.damaged += u64::from(found.damaged);
    let mut pictures = Vec::new();
    for (variant, row) in &found.pictures {
        let mut file = None;
        if let Some(packed) = &row.data {
            let Some(bytes) = packed.unpack(*variant).as_ref().and_then(encoded) else {
                done.damaged += 1;
                continue;
            };
            let name = format!("{:05}-{}-{}.png", at + 1, file_name(key.component.package()), variant.word());
            let path = into.join(&name);
            fs::write(&path, &bytes).map_err(|error| problem::unwritten(&path, &error))?;
            done.files += 1;
            done.bytes += bytes.len() as u64;
            file = Some((name, packed.width, packed.height));
        }
        let (name, width, height) =
            file.map_or((None, None, None), |(name, width, height)| (Some(name), Some(width), Some(height)));
        pictures.push(json!({
            "variant": variant.word(),
            "file": name,
            "width": width,
            "height": height,
            "provider": *row.origin.provider,
            "stale": row.stale,
        }));
    }
    let label = found.label.as_ref();
    Ok(json!({
        "profile": key.profile.0,
        "package": key.component.package(),
        "class": key.component.class(),
        "label": label.and_then(|row| row.label.as_deref()),
        "label_stale": label.map(|row| row.stale),
        "colour": label.map(|row| format!("{:08x}", row.colour)),
        "flags": label.map(|row| row.flags),
        "pictures": pictures,
    }))
}

/// A picture as PNG.
fn encoded(picture: &Picture) -> Option<Vec<u8>> {
    let rgba: Vec<u8>;
    let bytes = match picture.form() {
        Form::Rgba => picture.bytes(),
        Form::Alpha => {
            rgba = picture.bytes().iter().flat_map(|alpha| [0, 0, 0, *alpha]).collect();
            &rgba
        }
    };
    png::encode(Image::new(picture.width(), picture.height(), bytes).ok()?).ok()
}

/// A package as a part of a file's name: what a file system might take amiss becomes an underscore.
fn file_name(package: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' };
    package.chars().map(plain).take(100).collect()
}
