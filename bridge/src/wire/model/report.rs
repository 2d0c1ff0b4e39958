//! What an import did, on its way to Kotlin.
//!
//! What it is: the encoder and a check. What it is not: it says nothing of what the home screen holds; a load does.

use ferrule_launcher_model::import::ImportReport;

use crate::wire::WireError;
use crate::wire::sections::{Sections, Writer, halves};

/// Magic of an import's report.
pub const MAGIC: &str = "FLMI";

/// Words of a record of each section: head, notes.
const STRIDES: [usize; 2] = [9, 5];

/// Writes a report.
#[must_use]
pub fn encode(report: &ImportReport) -> Vec<u8> {
    let mut out = Writer::new(MAGIC, STRIDES.len(), report.notes.len() * 2);
    out.section(STRIDES[0], 1);
    let (product, outcome) = (out.text(report.product.word()), out.text(report.outcome.word()));
    let counts = [report.items, report.pages, report.quarantined, report.opaque, report.overflow];
    let [items, pages, quarantined, opaque, overflow] = counts.map(|count| count as u32);
    let version = report.user_version.cast_unsigned();
    let unchanged = report.unchanged.into();
    out.record(&[product, version, outcome, items, pages, quarantined, opaque, overflow, unchanged]);
    out.section(STRIDES[1], report.notes.len());
    for note in &report.notes {
        let [low, high] = halves(note.row.unwrap_or_default());
        let (code, detail) = (out.text(note.code), out.text(&note.detail));
        out.record(&[note.row.is_some().into(), low, high, code, detail]);
    }
    out.finish()
}

/// Walks over every field of a report as its reader does; how many notes there are.
///
/// # Errors
/// [`WireError`], with the offset of what is wrong.
pub fn check(bytes: &[u8]) -> Result<usize, WireError> {
    let all = Sections::read(bytes, MAGIC, &STRIDES)?;
    let head = all.section(0).only()?;
    head.text(&all, 0)?;
    head.text(&all, 2)?;
    for note in all.section(1).iter() {
        note.text(&all, 3)?;
        note.text(&all, 4)?;
    }
    Ok(all.section(1).len())
}
