//! What the report is made of, read from files.
//!
//! Invariant: what is wrong with a line is said with its file and number.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use ferrule_rollout::RoCode;
use ferrule_rollout::audit::{End, verify};
use ferrule_rollout::config::Config;
use ferrule_rollout::engine::FeatureId;
use ferrule_rollout::ledger::export::LINE_BYTES_MAX;
use ferrule_rollout::told::Event;
use sha2::{Digest, Sha256};

use crate::rollout::refusal::Refusal;

/// The code of a line that cannot be taken; what is read here is lines of the same kind.
pub const GUARD: &str = RoCode::LedgerSyntax.as_str();

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
    pub fn of(path: &Path, kind: &'static str) -> Result<Self, Refusal> {
        let name = path.display().to_string();
        let unread = |error| Refusal::unread(&name, error);
        let mut file = File::open(path).map_err(unread)?;
        let mut hash = Sha256::new();
        let (mut bytes, mut part) = (0_u64, vec![0; 64 * 1024]);
        loop {
            let read = io::Read::read(&mut file, &mut part).map_err(unread)?;
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
pub fn each_line(
    path: &Path,
    mut take: impl FnMut(&str) -> Result<(), (&'static str, String)>,
) -> Result<(), Refusal> {
    let name = path.display();
    let mut input = BufReader::new(File::open(path).map_err(|error| Refusal::unread(&name, error))?);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let limit = LINE_BYTES_MAX as u64 * 16;
        let read = io::Read::take(&mut input, limit).read_until(b'\n', &mut line);
        let place = format!("{name}:{number}");
        if read.map_err(|error| Refusal::unread(&place, error))? == 0 {
            break;
        }
        let syntax = |why: &str| Refusal::new(GUARD, &place, why);
        if line.len() as u64 == limit {
            return Err(syntax(&format!("the line is longer than {limit} bytes")));
        }
        let text = std::str::from_utf8(&line).map_err(|_| syntax("the line is not UTF-8"))?;
        if !text.trim().is_empty() {
            take(text).map_err(|(code, why)| Refusal::new(code, &place, why))?;
        }
    }
    Ok(())
}

/// The two files of an audit log as events, and what is wrong with its chain; names of features come from the configuration.
///
/// # Errors
/// When one cannot be read.
pub fn audit(paths: &[PathBuf], config: &Config) -> Result<(Vec<Event>, Option<RoCode>), Refusal> {
    let mut files = [Vec::new(), Vec::new()];
    for (path, bytes) in paths.iter().zip(&mut files) {
        *bytes = fs::read(path).map_err(|error| Refusal::unread(path.display(), error))?;
    }
    let [first, second] = &files;
    let report = verify([first, second]);
    let wrong = match report.end {
        End::Whole => None,
        End::Torn(_) => Some(RoCode::AuditTorn),
        End::Broken(_) => Some(RoCode::AuditBroken),
    };
    let name = |id: FeatureId| {
        let feature = config.features.iter().find(|feature| feature.id == id);
        feature.map_or_else(|| format!("feature {}", id.number()), |feature| feature.settings.name.clone())
    };
    let events = report.records.into_iter().map(|record| Event {
        boot: format!("{:016x}", record.boot),
        boottime_ms: record.boottime_ms,
        actor: record.actor.as_str().to_owned(),
        feature: record.feature.map(name),
        from: record.from.to_string(),
        to: record.to.to_string(),
        reason: record.reason,
    });
    Ok((events.collect(), wrong))
}
