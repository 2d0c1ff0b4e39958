//! Taking legacy's rows into the cache (S15).

use super::IconCache;
use crate::import::{ImportReport, LegacyRow, convert};
use crate::picture::Variants;
use crate::validity::Tokens;

impl IconCache {
    /// Takes rows over, in batches. `valid` recomputes what a row must be valid for now, and answers the tokens from now on
    /// if it is. A key of which the store knows something already keeps that.
    pub fn import(
        &self,
        rows: impl IntoIterator<Item = LegacyRow>,
        size_px: u32,
        mut valid: impl FnMut(&LegacyRow) -> Option<Tokens>,
    ) -> ImportReport {
        let mut report = ImportReport::default();
        for row in rows {
            report.rows += 1;
            let tokens = if row.key.is_some() { valid(&row) } else { None };
            match convert(&row, size_px, tokens) {
                Ok((key, write, themed)) => {
                    let mut shelf = self.shelf();
                    let (found, stamp) = shelf.read(&key, Variants::ICON);
                    if found.label.is_none() && found.pictures.is_empty() {
                        shelf.put(&key, vec![write], stamp);
                        report.imported += 1;
                        report.themed += u64::from(themed);
                    }
                }
                Err(skipped) => *report.skipped.entry(skipped).or_default() += 1,
            }
        }
        self.flush();
        report
    }
}
