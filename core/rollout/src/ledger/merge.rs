//! Adding up the shards of many devices, line by line (R54).
//!
//! What it is: a reader of lines that holds one shard and the sum. What it is not: it opens no file.
//!
//! Invariants: memory does not grow with the number of shards (the set of those seen has a fixed size); keys are never
//! mixed; a shard that comes again is counted once, and burns again (R46).

use std::collections::BTreeSet;

use super::export::{LedgerLine, Line, LineError, ledger_of};
use super::record::Ledger;
pub use super::seen::SHARDS_MAX;
use super::seen::Seen;
use super::tally::{Mixed, Tally};
use crate::bucket::id_hash;
use crate::reason::RoCode;

/// Which ledgers are wanted; what is `None` is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The feature's name.
    pub feature: Option<String>,
    /// The operation.
    pub op: Option<String>,
    /// The candidate's build id.
    pub candidate_build: Option<String>,
    /// The stage at which it was gathered.
    pub stage: Option<String>,
    /// The share of that stage.
    pub permille: Option<u16>,
}

impl Filter {
    /// Whether a line's ledger is wanted.
    pub fn wants_line(&self, line: &LedgerLine) -> bool {
        ledger_of(line).is_ok_and(|ledger| self.wants(&ledger))
    }

    fn wants(&self, ledger: &Ledger) -> bool {
        let key = &ledger.key;
        let text =
            |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        text(&self.feature, &key.feature)
            && text(&self.op, &key.op)
            && text(&self.candidate_build, &key.candidate_build)
            && text(&self.stage, key.rung.stage.as_str())
            && self.permille.is_none_or(|wanted| wanted == key.rung.permille)
    }
}

/// Why a merge stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// A line is none.
    #[error("{0}")]
    Line(#[from] LineError),
    /// A detail that does not belong to the ledger before it.
    #[error("a line of device {0} stands behind the ledger of another")]
    Stray(String),
    /// Two keys.
    #[error("{0}; merge one key at a time, see --feature, --op, --build and --stage")]
    Mixed(#[from] Mixed),
    /// Too many shards for one merge.
    #[error(
        "more than {SHARDS_MAX} shards; the fleet's database has no such limit, see docs/fleet/gates.sql"
    )]
    TooMany,
    /// Too many keys for one report.
    #[error("more than 256 different keys; choose one with --feature, --op, --build and --stage")]
    TooManyKeys,
}

impl MergeError {
    /// The stable code.
    pub fn code(&self) -> RoCode {
        match self {
            Self::Mixed(_) => RoCode::LedgerMixed,
            Self::Line(_) | Self::Stray(_) | Self::TooMany | Self::TooManyKeys => RoCode::LedgerSyntax,
        }
    }
}

/// A merge under way.
#[derive(Debug)]
pub struct Merge {
    filter: Filter,
    seen: Seen,
    current: Option<Ledger>,
    /// The device whose ledger was not wanted: its details are passed over.
    passed_over: Option<String>,
    tally: Option<Tally>,
    duplicate_devices: Vec<String>,
    /// Features that a ledger was about and the filter did not want.
    others: BTreeSet<String>,
}

/// How many features that were not wanted are remembered: as many as a report tells apart keys.
const OTHERS_MAX: usize = 256;
/// How many devices that came again are named.
const NAMED_DUPLICATES: usize = 10;

impl Merge {
    /// Of the ledgers that a filter wants.
    pub fn new(filter: Filter) -> Self {
        Self {
            filter,
            seen: Seen::new(),
            current: None,
            passed_over: None,
            tally: None,
            duplicate_devices: Vec::new(),
            others: BTreeSet::new(),
        }
    }

    /// Features that some of the ledgers so far were about and that the filter did not want, at most 256: what a mistyped name may have
    /// meant.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(String::as_str)
    }

    /// Takes one line; an empty one is passed over.
    ///
    /// # Errors
    /// See [`MergeError`]. The merge is void then.
    pub fn line(&mut self, text: &str) -> Result<(), MergeError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        match Line::read(text)? {
            Line::Ledger(line) => {
                self.end_shard()?;
                let ledger = ledger_of(&line)?;
                if self.filter.wants(&ledger) {
                    self.passed_over = None;
                    self.current = Some(ledger);
                } else {
                    self.passed_over = Some(ledger.device);
                    let feature = ledger.key.feature;
                    if self.others.len() < OTHERS_MAX && !self.others.contains(&feature) {
                        self.others.insert(feature);
                    }
                }
            }
            line => self.detail(line.device(), |ledger| line.add_to(ledger))?,
        }
        Ok(())
    }

    /// The sum; `None` if no ledger was wanted.
    ///
    /// # Errors
    /// When the last shard cannot be added.
    pub fn end(mut self) -> Result<(Option<Tally>, Vec<String>), MergeError> {
        self.end_shard()?;
        Ok((self.tally, self.duplicate_devices))
    }

    fn detail(&mut self, device: &str, add: impl FnOnce(&mut Ledger)) -> Result<(), MergeError> {
        match &mut self.current {
            Some(ledger) if ledger.device == device => add(ledger),
            _ if self.passed_over.as_deref() == Some(device) => {}
            _ => return Err(MergeError::Stray(device.to_owned())),
        }
        Ok(())
    }

    fn end_shard(&mut self) -> Result<(), MergeError> {
        let Some(ledger) = self.current.take() else { return Ok(()) };
        let tally = self.tally.get_or_insert_with(|| Tally::new(ledger.key.clone()));
        let (place, is_new) = self.seen.insert(id_hash(&ledger.device)).ok_or(MergeError::TooMany)?;
        let counted = if is_new {
            tally.add(&ledger)?
        } else {
            tally.add_duplicate(&ledger, self.seen.counted(place))?
        };
        self.seen.set_counted(place, counted);
        if !is_new && self.duplicate_devices.len() < NAMED_DUPLICATES {
            self.duplicate_devices.push(ledger.device);
        }
        Ok(())
    }
}
