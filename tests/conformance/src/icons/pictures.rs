//! The pictures that rows of the goldens name.
//!
//! They lie beside the file of goldens, in the folder of their kind. Where only the values could be given away, they
//! come from the icon theme that the data's own description names, if it is installed. Invariant: a row whose picture
//! is not to be had is no case; it neither passes nor fails.

use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use ferrule_icon_cache::codec::png::{self, Picture};

/// Where the picture of a row is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Folder beside the goldens.
    pub folder: &'static str,
    /// Folder of an installed icon theme, below `icons`.
    pub theme: Option<&'static str>,
    /// Whether the theme holds SVG, to be rasterised at 192 pixels.
    pub is_vector: bool,
}

impl Place {
    /// The file with a row's PNG, or with the SVG that it is made from.
    pub fn find(&self, goldens: &Path, name: &str) -> Option<PathBuf> {
        let beside = goldens.parent()?.join(self.folder).join(name);
        if beside.is_file() {
            return Some(beside);
        }
        let name = if self.is_vector { name.replace(".png", ".svg") } else { name.to_owned() };
        let below = Path::new("icons").join(self.theme?).join(name);
        data_folders().into_iter().map(|folder| folder.join(&below)).find(|file| file.is_file())
    }
}

/// Whether a picture's pixels are the very ones of the goldens, or drawn anew from its SVG.
pub fn is_drawn_anew(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "svg")
}

/// Where programs keep data that all architectures share.
fn data_folders() -> Vec<PathBuf> {
    let set = std::env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
    set.map_or_else(|| vec![PathBuf::from("/usr/share")], |folders| std::env::split_paths(&folders).collect())
}

/// Reads a PNG, or rasterises an SVG.
///
/// # Errors
/// When the file cannot be read or drawn, or its PNG is not whole.
pub fn read(file: &Path) -> Result<Picture> {
    let bytes = if is_drawn_anew(file) {
        let drawn = Command::new("rsvg-convert").args(["-w", "192", "-h", "192"]).arg(file).output();
        drawn.context("rsvg-convert, which draws this kind's pictures, does not run")?.stdout
    } else {
        fs::read(file).with_context(|| file.display().to_string())?
    };
    png::decode(&bytes).with_context(|| file.display().to_string())
}

/// The pixels of a PNG of four channels, as they stand in the file.
///
/// # Errors
/// When the file cannot be read.
pub fn straight(file: &Path) -> Result<Vec<u8>> {
    let mut reader = ::png::Decoder::new(BufReader::new(fs::File::open(file)?)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("a picture of no size")?];
    reader.next_frame(&mut pixels)?;
    Ok(pixels)
}
