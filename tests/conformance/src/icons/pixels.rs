//! Kinds `icons/moka`, `icons/papirus`, `icons/tango`, `icons/shapes`: dominant colour bit for bit, normaliser within
//! 1e-6; and `icons/android_png`: what Android's encoder wrote decodes to the very pixels that it was given, and
//! holds the very colours that ours writes.
//!
//! The columns `mono_*` of the goldens depend on the platform's scaling and are left to `icons/mono`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ferrule_icon_cache::pixels::alpha::unpremultiply;
use ferrule_icon_cache::pixels::normalise::{adaptive_scale, circle_size};
use ferrule_icon_cache::pixels::{Image, dominant_colour, normalise};

use super::pictures::{Place, is_drawn_anew, read, straight};
use crate::{Case, Elsewhere, Kind};

/// How far scale and bounds may be off.
const TOLERANCE: f64 = 1e-6;
/// How far the scale may be off where a picture is drawn anew: another renderer puts a few half-transparent pixels of a
/// soft edge on the other side of what counts as visible.
const TOLERANCE_DRAWN: f64 = 2e-3;

/// The kinds of this file.
pub fn kinds() -> Vec<Kind> {
    vec![
        Kind { name: "icons/moka", path: "icons/golden_moka192.tsv", load: moka },
        Kind { name: "icons/papirus", path: "icons/golden_papirus192.tsv", load: papirus },
        Kind { name: "icons/tango", path: "icons/golden_tango32.tsv", load: tango },
        Kind { name: "icons/shapes", path: "icons/golden_shapes.tsv", load: shapes },
        Kind { name: "icons/android_png", path: "icons/android_png192", load: android },
    ]
}

fn moka(path: &Path) -> Result<Vec<Case>> {
    icons(path, Place { folder: "moka192", theme: Some("Moka/96x96@2x/apps"), is_vector: false })
}

fn papirus(path: &Path) -> Result<Vec<Case>> {
    icons(path, Place { folder: "papirus192", theme: Some("Papirus/64x64/apps"), is_vector: true })
}

fn tango(path: &Path) -> Result<Vec<Case>> {
    icons(path, Place { folder: "tango32", theme: None, is_vector: false })
}

/// Rows of a table by the names in its first line.
fn rows(path: &Path) -> Result<Vec<HashMap<String, String>>> {
    let text = fs::read_to_string(path)?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().context("an empty table")?.split('\t').collect();
    let row = |line: &str| {
        names.iter().map(|name| (*name).to_owned()).zip(line.split('\t').map(str::to_owned)).collect()
    };
    Ok(lines.filter(|line| !line.is_empty()).map(row).collect())
}

fn column<'a>(row: &'a HashMap<String, String>, name: &str) -> Result<&'a str> {
    row.get(name).map(String::as_str).with_context(|| format!("no column {name}"))
}

fn icons(path: &Path, place: Place) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for row in rows(path)? {
        let name = column(&row, "file")?.to_owned();
        let Some(file) = place.find(path, &name) else { continue };
        let mut expected = Expected {
            size: Some((column(&row, "w")?.parse()?, column(&row, "h")?.parse()?)),
            dominant: column(&row, "dominant_argb")?.to_owned(),
            scale: column(&row, "norm_scale")?.parse()?,
            bounds: [0.0; 4],
        };
        for (bound, edge) in expected.bounds.iter_mut().zip(["b_left", "b_top", "b_right", "b_bottom"]) {
            *bound = column(&row, edge)?.parse()?;
        }
        cases.push(Case { id: name, run: Box::new(move || expected.check(&file)) });
    }
    if cases.is_empty() {
        let theme = place.theme.unwrap_or("none");
        return Err(Elsewhere(format!("neither {} nor the icon theme {theme} is here", place.folder)).into());
    }
    Ok(cases)
}

/// `[left,top][right,bottom]`.
fn bounds(text: &str) -> Result<[f64; 4]> {
    let numbers = text.trim_matches(['[', ']']).replace("][", ",");
    let numbers: Vec<f64> = numbers.split(',').map(str::parse).collect::<Result<_, _>>()?;
    <[f64; 4]>::try_from(numbers).ok().with_context(|| format!("bounds {text}"))
}

fn shapes(path: &Path) -> Result<Vec<Case>> {
    let place = Place { folder: "shapes", theme: None, is_vector: false };
    let mut cases = Vec::new();
    for row in rows(path)? {
        let shape = column(&row, "shape")?.to_owned();
        let scale = column(&row, "norm_scale")?.to_owned();
        if shape == "adaptive_default_mask" {
            let scale = scale.parse()?;
            cases.push(Case { id: shape, run: Box::new(move || mask(scale)) });
        } else if let Some(size) = shape.strip_prefix("normalizedCircleSize(") {
            let (size, expected): (u16, u32) = (size.trim_end_matches(')').parse()?, scale.parse()?);
            let run = move || compare("diameter", &expected, &circle_size(size));
            cases.push(Case { id: shape, run: Box::new(run) });
        } else {
            let Some(file) = place.find(path, &format!("{shape}.png")) else { continue };
            let expected = Expected {
                size: None,
                dominant: column(&row, "dominant")?.to_owned(),
                scale: scale.parse()?,
                bounds: bounds(column(&row, "bounds")?)?,
            };
            cases.push(Case { id: shape, run: Box::new(move || expected.check(&file)) });
        }
    }
    Ok(cases)
}

struct Expected {
    size: Option<(u32, u32)>,
    dominant: String,
    scale: f64,
    bounds: [f64; 4],
}

impl Expected {
    fn check(&self, file: &Path) -> Result<(), String> {
        let picture = read(file).map_err(|error| format!("{error:#}"))?;
        let image = picture.image().map_err(|error| error.to_string())?;
        let got = normalise(image);
        let tolerance = if is_drawn_anew(file) { TOLERANCE_DRAWN } else { TOLERANCE };
        let mut differences = Vec::new();
        if let Some(size) = self.size {
            differences.extend(compare("size", &size, &(image.width(), image.height())).err());
        }
        let dominant = format!("{:08x}", dominant_colour(image));
        differences.extend(compare("dominant", &self.dominant, &dominant).err());
        differences.extend(close("scale", self.scale, got.scale, tolerance).err());
        for ((name, expected), got) in
            ["left", "top", "right", "bottom"].iter().zip(self.bounds).zip(got.bounds)
        {
            differences.extend(close(name, expected, got, TOLERANCE).err());
        }
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }
}

fn compare<T: PartialEq + std::fmt::Debug>(fact: &str, expected: &T, got: &T) -> Result<(), String> {
    if expected == got { Ok(()) } else { Err(format!("{fact}: expected {expected:?}, got {got:?}")) }
}

fn close(fact: &str, expected: f64, got: f32, tolerance: f64) -> Result<(), String> {
    let off = (expected - f64::from(got)).abs();
    if off <= tolerance { Ok(()) } else { Err(format!("{fact}: expected {expected}, got {got}")) }
}

/// Side of the square on which the mask's area is counted: twice the icon's size of the goldens.
const MASK_SIDE: u32 = 384;
/// Pixels of the platform's default mask, a rounded square, on it. The mask is not part of the data; this is the only
/// whole number of pixels that gives the scale which the platform answered for it.
const MASK_AREA: u32 = 146_535;

fn mask(expected: f64) -> Result<(), String> {
    close("scale", expected, adaptive_scale(MASK_AREA, MASK_SIDE), TOLERANCE)
}

fn android(path: &Path) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let place = Place { folder: "moka192", theme: Some("Moka/96x96@2x/apps"), is_vector: false };
        let Some(original) = place.find(path, &name) else { continue };
        cases.push(Case { id: name, run: Box::new(move || same_pixels(&original, &file)) });
    }
    cases.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(cases)
}

fn same_pixels(original: &Path, file: &Path) -> Result<(), String> {
    let text = |error: anyhow::Error| format!("{error:#}");
    let (original, written) = (read(original).map_err(text)?, read(file).map_err(text)?);
    let size = (original.width, original.height);
    compare("size", &size, &(written.width, written.height))?;
    let view = |pixels| Image::new(size.0, size.1, pixels).map_err(|error| error.to_string());
    let differing = view(&original.pixels)?
        .pixels()
        .zip(view(&written.pixels)?.pixels())
        .filter(|(one, other)| one != other);
    compare("differing pixels", &0, &differing.count())?;
    // Before premultiplying: what the encoder made of the bitmap.
    let mut ours = original.pixels;
    unpremultiply(&mut ours);
    let theirs = straight(file).map_err(text)?;
    let off = ours.iter().zip(&theirs).filter(|(one, other)| one != other).count();
    compare("length and differing bytes of the file", &(ours.len(), 0), &(theirs.len(), off))
}
