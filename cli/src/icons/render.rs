//! `ferrule icons render`: a store's icons on one sheet.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ferrule_icon_cache::picture::Variant;
use serde_json::json;

use super::sheet::{Cell, Layout, Sheet};
use super::{SCHEMA, problem};
use crate::output::{Output, Tone, printable};
use crate::problem::{Problem, refuse};
use crate::progress::counting;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Look at a cache that somebody sent:
    ferrule icons render ferrule_icons.db --out sheet.png
  Its monochrome forms, small, twelve in a row:
    ferrule icons render --variant themed --icon 48 --columns 12 ferrule_icons.db --out themed.png
  Look at a legacy cache:
    ferrule icons import app_icons.db --into icons.store && ferrule icons render icons.store --out sheet.png

One cell an icon, in the order of profile, package and class: the picture, a bar of its dominant colour, label, and the end of the
package's name with the profile before it if it is not 0. A label that the sheet's font has no letters for stands as the
class's name. An orange corner is a stale picture, a crossed box a key without one, a red box a damaged row.
Columns and size are chosen so that the sheet fits, unless given.

Exit codes: 0 done, 1 rows were damaged or the file could not be written, 2 usage error or unreadable input.";

/// Which picture of a key.
#[derive(Clone, Copy, ValueEnum)]
enum Which {
    /// The icon
    Plain,
    /// Its monochrome form
    Themed,
    /// The icon for dark surroundings
    Dark,
}

/// What is drawn, and how.
#[derive(Args)]
pub struct RenderArguments {
    /// Print one JSON object instead of a text
    #[arg(long)]
    json: bool,
    /// The PNG file to make
    #[arg(long, value_name = "PNG", required = true)]
    out: PathBuf,
    /// Which picture of each icon
    #[arg(long, value_enum, default_value = "plain")]
    variant: Which,
    /// Side of an icon on the sheet, in pixels [default: 96, less for very many]
    #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(8..=1024))]
    icon: Option<u32>,
    /// Icons in a row [default: so many that the sheet is about 4:3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    columns: Option<u32>,
    /// The store
    #[arg(value_name = "STORE")]
    store: PathBuf,
}

/// What was drawn.
struct Rendered {
    icons: usize,
    damaged: u64,
    layout: Layout,
}

/// Draws and prints.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &RenderArguments, output: &mut Output) -> io::Result<ExitCode> {
    let done = match render(arguments) {
        Ok(done) => done,
        Err(problem) => return Ok(refuse(&problem)),
    };
    let (out, layout) = (arguments.out.display().to_string(), &done.layout);
    let (width, height) = layout.size();
    if arguments.json {
        output.json(&json!({
            "schema": SCHEMA,
            "file": arguments.store.display().to_string(),
            "out": out,
            "icons": done.icons,
            "columns": layout.columns,
            "rows": layout.rows,
            "icon_px": layout.icon,
            "width": width,
            "height": height,
            "damaged": done.damaged,
        }))?;
    } else {
        let head = format!(
            "{}: {} icons of {} px in {} columns, {width}x{height}",
            printable(&out),
            done.icons,
            layout.icon,
            layout.columns
        );
        output.line(&output.tone(Tone::Heading, &head))?;
        if done.damaged > 0 {
            let text = format!("{} rows are damaged; ferrule icons check says which", done.damaged);
            output.line(&output.tone(Tone::Warning, &text))?;
        }
    }
    Ok(ExitCode::from(u8::from(done.damaged > 0)))
}

fn render(arguments: &RenderArguments) -> Result<Rendered, Problem> {
    let (out, variant) = (arguments.out.as_path(), arguments.variant.variant());
    if out.exists() {
        return Err(problem::taken(out, "file"));
    }
    let store = problem::open(&arguments.store)?;
    let keys = store.keys().map_err(|error| problem::of_store(&arguments.store, &error))?;
    let layout = Layout::of(keys.len(), arguments.icon, arguments.columns).ok_or_else(|| {
        problem::sheet_too_large(out, format!("{} icons do not fit on a sheet", keys.len()))
    })?;
    let name = arguments.store.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let title = format!("{name}: {} icons of {} px, {}", keys.len(), store.facts().size_px, variant.word());
    let mut sheet = Sheet::new(layout, &title);
    let bar = counting("drawing");
    let mut damaged = 0;
    for (at, key) in keys.iter().enumerate() {
        bar.at(at, keys.len());
        let found = store.read(key);
        damaged += u64::from(found.damaged);
        sheet.draw(at, &Cell::of(key, &found, variant));
    }
    let rendered = Rendered { icons: keys.len(), damaged, layout: sheet.layout().clone() };
    write(out, &sheet)?;
    Ok(rendered)
}

fn write(out: &Path, sheet: &Sheet) -> Result<(), Problem> {
    let told = |error: io::Error| problem::unwritten(out, &error);
    let bytes = sheet.png().map_err(|error| problem::sheet_too_large(out, error.to_string()))?;
    let mut file = File::create_new(out).map_err(told)?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(told)
}

impl Which {
    fn variant(self) -> Variant {
        match self {
            Self::Plain => Variant::Plain,
            Self::Themed => Variant::Themed,
            Self::Dark => Variant::Dark,
        }
    }
}
