//! What the report is made of, read from files.
//!
//! Invariants: a line that is no JSON of its kind is an error with its file and line; kinds and keys that are not known are passed
//! over, so that a guard of a later version can still be reported.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use ferrule_rollout::RoCode;
use ferrule_rollout::audit::{End, verify};
use ferrule_rollout::config::Config;
use ferrule_rollout::ledger::export::LINE_BYTES_MAX;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::latency::Histogram;

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Event {
    /// The boot it belongs to.
    pub boot: String,
    /// CLOCK_BOOTTIME in ms.
    pub boottime_ms: u64,
    /// Who.
    pub actor: String,
    /// Which feature; none means all.
    pub feature: Option<String>,
    /// Where it stood.
    pub from: String,
    /// Where it stands.
    pub to: String,
    /// The code of the reason.
    pub reason: String,
}

/// A death that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Death {
    /// Which feature; none: towards safe mode.
    pub feature: Option<String>,
    /// The device's age in ms.
    pub age_ms: u64,
    /// What the system said of it.
    #[serde(default)]
    pub reason: Option<String>,
    /// The tombstone's name.
    #[serde(default)]
    pub tombstone: Option<String>,
}

/// What became of one kill drill.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Drill {
    /// Which feature.
    pub feature: String,
    /// How many calls the candidate still answered after the kill.
    pub late_calls: u64,
    /// From the kill to the first decision that says so, in ns.
    pub decided_ns: u64,
    /// From the kill to the acknowledged write, in ns.
    #[serde(default)]
    pub written_ns: Option<u64>,
    /// Whether a new process found the kill.
    #[serde(default)]
    pub survived: Option<bool>,
    /// Whether all was as before in the end.
    #[serde(default)]
    pub undone: Option<bool>,
    /// Who drilled.
    #[serde(default)]
    pub by: Option<String>,
}

impl Drill {
    /// Whether the kill did all that it promises.
    pub fn passed(&self) -> bool {
        self.late_calls == 0 && self.survived != Some(false) && self.undone != Some(false)
    }
}

/// Times of one side, as the guard writes them.
#[derive(Debug, Deserialize)]
struct Latency {
    feature: String,
    side: String,
    buckets: Vec<(u64, u64, u64)>,
}

/// What guards and drills told.
#[derive(Debug, Default)]
pub struct Told {
    /// Times by feature and side.
    pub latency: BTreeMap<(String, String), Histogram>,
    /// The audit log.
    pub events: Vec<Event>,
    /// What is wrong with its chain.
    pub chain: Option<RoCode>,
    /// Deaths.
    pub deaths: Vec<Death>,
    /// Kill drills.
    pub drills: Vec<Drill>,
}

/// A file that the report was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name as it was given.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// Its length in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

impl Source {
    /// Looks at a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(path: &Path, kind: &'static str) -> Result<Self, String> {
        let name = path.display().to_string();
        let mut file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
        let mut hash = Sha256::new();
        let (mut bytes, mut part) = (0_u64, vec![0; 64 * 1024]);
        loop {
            let read = io::Read::read(&mut file, &mut part).map_err(|error| format!("{name}: {error}"))?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            hash.update(part.get(..read).unwrap_or_default());
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { name, kind, bytes, sha256 })
    }
}

/// Every line of a file, with a bound on its length.
///
/// # Errors
/// When the file cannot be read, or `take` does not want a line; the message names file and line.
pub fn each_line(path: &Path, mut take: impl FnMut(&str) -> Result<(), String>) -> Result<(), String> {
    let name = path.display();
    let mut input = BufReader::new(File::open(path).map_err(|error| format!("{name}: {error}"))?);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let limit = LINE_BYTES_MAX as u64 * 16;
        let read = io::Read::take(&mut input, limit).read_until(b'\n', &mut line);
        if read.map_err(|error| format!("{name}:{number}: {error}"))? == 0 {
            break;
        }
        if line.len() as u64 == limit {
            return Err(format!("{name}:{number}: the line is longer than {limit} bytes"));
        }
        let text =
            std::str::from_utf8(&line).map_err(|_| format!("{name}:{number}: the line is not UTF-8"))?;
        if !text.trim().is_empty() {
            take(text).map_err(|error| format!("{name}:{number}: {error}"))?;
        }
    }
    Ok(())
}

impl Told {
    /// Takes a line of a guard's export or of a drill.
    ///
    /// # Errors
    /// When it is no JSON of its kind.
    pub fn line(&mut self, text: &str) -> Result<(), String> {
        #[derive(Deserialize)]
        struct Kind {
            kind: String,
        }
        fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
            serde_json::from_str(text).map_err(|error| error.to_string())
        }
        match read::<Kind>(text)?.kind.as_str() {
            "latency" => {
                let Latency { feature, side, buckets } = read(text)?;
                let histogram = self.latency.entry((feature, side)).or_default();
                for (from, to, count) in buckets {
                    histogram.add(from, to, count);
                }
            }
            "event" => self.events.push(read(text)?),
            "death" => self.deaths.push(read(text)?),
            "drill" => self.drills.push(read(text)?),
            _ => {}
        }
        Ok(())
    }

    /// Takes the two files of an audit log; names of features come from the configuration.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn audit(&mut self, paths: &[PathBuf], config: &Config) -> Result<(), String> {
        let mut files = [Vec::new(), Vec::new()];
        for (path, bytes) in paths.iter().zip(&mut files) {
            *bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let [first, second] = &files;
        let report = verify([first, second]);
        self.chain = match report.end {
            End::Whole => None,
            End::Torn(_) => Some(RoCode::AuditTorn),
            End::Broken(_) => Some(RoCode::AuditBroken),
        };
        for record in report.records {
            let name = record.feature.map(|id| {
                let feature = config.features.iter().find(|feature| feature.id == id);
                feature.map_or_else(
                    || format!("feature {}", id.number()),
                    |feature| feature.settings.name.clone(),
                )
            });
            self.events.push(Event {
                boot: format!("{:016x}", record.boot),
                boottime_ms: record.boottime_ms,
                actor: record.actor.as_str().to_owned(),
                feature: name,
                from: record.from.to_string(),
                to: record.to.to_string(),
                reason: record.reason,
            });
        }
        Ok(())
    }
}
