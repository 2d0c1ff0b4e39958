//! Ledgers as lines of JSON (`docs/formats/rollout-ledger.md`): flat rows, so that any database reads them as tables.
//!
//! What it is: one line a row, the row `ledger` of a device first, then its rows of other kinds. What it is
//! not: it holds no value of any call, only counts, names of classes and codes, hashes of inputs under the device's key, and differences as
//! the device redacted them.
//!
//! Invariants: what is written reads back; a reader ignores keys that it does not know and refuses a schema that it does not.

use serde::{Deserialize, Serialize};

use super::detail::{DayLine, Details, ExemplarLine, SignatureLine};
use super::distinct::is_sampled;
use super::record::{Explained, Key, Ledger, Outcome};
use crate::stage::{Rung, Stage};

/// The version of the lines' schema.
pub const SCHEMA: u32 = 1;
/// The longest line that is read, in bytes.
pub const LINE_BYTES_MAX: usize = 16 * 1024;
/// The largest number that a line may count: a thousand a second for 34 years. The sums of all shards that one merge takes stay
/// below 2^63 with it, so that neither a merge nor a database ever meets a sum that it cannot hold.
pub const COUNT_MAX: u64 = 1 << 40;

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// The counts of a device under a key.
    Ledger(Box<LedgerLine>),
    /// Hits of a class, of the ledger before it.
    Class {
        /// The version of the schema.
        schema: u32,
        /// The device of that ledger.
        device: String,
        /// The class.
        class: String,
        /// Hits.
        hits: u64,
    },
    /// Explained differences under a code, of the ledger before it.
    Explained {
        /// The version of the schema.
        schema: u32,
        /// The device of that ledger.
        device: String,
        /// The code.
        code: String,
        /// How often.
        count: u64,
        /// Whether the configuration accepts it.
        accepted: bool,
    },
    /// A sampled input, of the ledger before it.
    Input {
        /// The version of the schema.
        schema: u32,
        /// The device of that ledger.
        device: String,
        /// The hash, below 2^63.
        hash: u64,
        /// How often it was seen.
        count: u64,
        /// The level of the device's sample.
        level: u32,
    },
    /// Differences of one signature, of the ledger before it.
    Signature(SignatureLine),
    /// An example of that signature.
    Exemplar(ExemplarLine),
    /// What that device compared on one of its days.
    Day(DayLine),
}

/// The counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// The version of the schema.
    pub schema: u32,
    /// The feature's name.
    pub feature: String,
    /// The operation.
    pub op: String,
    /// The build id of legacy.
    pub legacy_build: String,
    /// The build id of the candidate.
    pub candidate_build: String,
    /// The version of the comparator.
    pub comparator: u32,
    /// The hash of the feature's configuration.
    pub config: String,
    /// The stage at which it was gathered.
    pub stage: String,
    /// The share of that stage in ‰.
    pub permille: u16,
    /// The device's name for this key.
    pub device: String,
    /// Comparisons that count: agreements and real mismatches.
    pub comparisons: u64,
    /// What burns: real mismatches and unaccepted differences.
    pub real: u64,
    /// Unaccepted differences alone.
    pub unaccepted: u64,
    /// Days from the first comparison to the last.
    pub days: u32,
    /// Loads of the library.
    pub loads: u64,
    /// Deaths that count.
    pub deaths: u64,
    /// Hours in which the latency guard watched.
    pub latency_hours: u32,
    /// How often it spoke.
    pub latency_trips: u32,
    /// Days since the data last drifted; null if they never did.
    pub drifted_days_ago: Option<u32>,
    /// The outcomes, each under its name.
    #[serde(flatten)]
    pub outcomes: Outcomes,
}

macro_rules! outcomes {
    ($($field:ident, $outcome:ident;)*) => {
        /// One counter an outcome (R11).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Outcomes {
            $(
                #[doc = concat!("Calls that ended in `", stringify!($field), "`.")]
                pub $field: u64,
            )*
        }

        impl Outcomes {
            fn of(ledger: &Ledger) -> Self {
                Self { $($field: ledger.count(Outcome::$outcome),)* }
            }

            fn counts(self) -> [(&'static str, u64); Outcome::ALL.len()] {
                [$((Outcome::$outcome.as_str(), self.$field),)*]
            }

            fn add_to(self, ledger: &mut Ledger) {
                $(ledger.add(Outcome::$outcome, self.$field);)*
            }
        }
    };
}

outcomes! {
    r#match, Match;
    mismatch, Mismatch;
    both_threw_same, BothThrewSame;
    both_threw_diff, BothThrewDiff;
    l_threw, LThrew;
    c_error, CError;
    c_panic, CPanic;
    late, Late;
    torn_input, TornInput;
    noise, Noise;
    waived, Waived;
    skipped, Skipped;
    dropped, Dropped;
    harness_error, HarnessError;
}

/// Why a line is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// No JSON of the schema.
    #[error("{0}")]
    Syntax(String),
    /// Another version of the schema.
    #[error("it has schema {0}; this version reads {SCHEMA}")]
    Schema(u32),
    /// A field outside its range.
    #[error("{0}")]
    Range(&'static str),
    /// A count that no device reaches; sums of such would overflow.
    #[error("{name} = {count} is outside 0..={COUNT_MAX}")]
    Count {
        /// The key.
        name: &'static str,
        /// The number.
        count: u64,
    },
}

impl Line {
    /// Reads one.
    ///
    /// # Errors
    /// See [`LineError`].
    pub fn read(text: &str) -> Result<Self, LineError> {
        let line: Self = serde_json::from_str(text).map_err(|error| LineError::Syntax(error.to_string()))?;
        let schema = line.schema();
        if schema != SCHEMA {
            return Err(LineError::Schema(schema));
        }
        if let Self::Input { hash, level, .. } = &line
            && !is_sampled(*hash, *level)
        {
            return Err(LineError::Syntax(format!("hash {hash} is in no sample of level {level}")));
        }
        match line.largest() {
            (name, count) if count > COUNT_MAX => Err(LineError::Count { name, count }),
            _ => Ok(line),
        }
    }

    /// The largest number that it counts, with its name.
    fn largest(&self) -> (&'static str, u64) {
        match self {
            Self::Ledger(line) => {
                let outcomes = line.outcomes.counts().into_iter();
                let others = [
                    ("comparisons", line.comparisons),
                    ("real", line.real),
                    ("unaccepted", line.unaccepted),
                    ("loads", line.loads),
                    ("deaths", line.deaths),
                ];
                outcomes.chain(others).max_by_key(|(_, count)| *count).unwrap_or_default()
            }
            Self::Class { hits, .. } => ("hits", *hits),
            Self::Explained { count, .. } | Self::Input { count, .. } => ("count", *count),
            Self::Signature(line) => ("count", line.count),
            Self::Exemplar(_) => ("count", 0),
            Self::Day(line) => ("comparisons", line.comparisons.max(line.real)),
        }
    }

    fn schema(&self) -> u32 {
        match self {
            Self::Ledger(line) => line.schema,
            Self::Class { schema, .. } | Self::Explained { schema, .. } | Self::Input { schema, .. } => {
                *schema
            }
            Self::Signature(line) => line.schema,
            Self::Exemplar(line) => line.schema,
            Self::Day(line) => line.schema,
        }
    }

    /// The device that it is about.
    pub fn device(&self) -> &str {
        match self {
            Self::Ledger(line) => &line.device,
            Self::Class { device, .. } | Self::Explained { device, .. } | Self::Input { device, .. } => {
                device
            }
            Self::Signature(line) => &line.device,
            Self::Exemplar(line) => &line.device,
            Self::Day(line) => &line.device,
        }
    }

    /// Adds what it counts to the ledger that it belongs to.
    pub(super) fn add_to(&self, ledger: &mut Ledger) {
        match self {
            Self::Class { class, hits, .. } => ledger.add_class(class, *hits),
            Self::Explained { code, count, accepted, .. } => {
                ledger.add_explained(code, Explained { count: *count, accepted: *accepted });
            }
            Self::Input { hash, count, level, .. } => {
                ledger.distinct.raise(*level);
                ledger.distinct.add_many(*hash, *count);
            }
            Self::Ledger(_) | Self::Signature(_) | Self::Exemplar(_) | Self::Day(_) => {}
        }
    }

    /// Adds what it shows to the details of that ledger.
    pub fn add_to_details(&self, details: &mut Details) {
        match self {
            Self::Signature(line) => details.add_signature(line),
            Self::Exemplar(line) => details.add_exemplar(line),
            Self::Day(line) => details.add_day(line.day, line.comparisons, line.real),
            Self::Ledger(_) | Self::Class { .. } | Self::Explained { .. } | Self::Input { .. } => {}
        }
    }
}

/// Every line of a ledger, in order, without line ends.
pub fn lines(ledger: &Ledger) -> Vec<Line> {
    let key = &ledger.key;
    let device = || ledger.device.clone();
    let schema = SCHEMA;
    let mut lines = vec![Line::Ledger(Box::new(LedgerLine {
        schema,
        feature: key.feature.clone(),
        op: key.op.clone(),
        legacy_build: key.legacy_build.clone(),
        candidate_build: key.candidate_build.clone(),
        comparator: key.comparator,
        config: key.config.clone(),
        stage: key.rung.stage.as_str().to_owned(),
        permille: key.rung.permille,
        device: device(),
        comparisons: ledger.comparisons(),
        real: ledger.real(),
        unaccepted: ledger.unaccepted(),
        days: ledger.days,
        loads: ledger.loads,
        deaths: ledger.deaths,
        latency_hours: ledger.latency_hours,
        latency_trips: ledger.latency_trips,
        drifted_days_ago: ledger.drifted_days_ago,
        outcomes: Outcomes::of(ledger),
    }))];
    for (class, hits) in &ledger.classes {
        lines.push(Line::Class { schema, device: device(), class: class.clone(), hits: *hits });
    }
    for (code, Explained { count, accepted }) in &ledger.explained {
        let (code, count, accepted) = (code.clone(), *count, *accepted);
        lines.push(Line::Explained { schema, device: device(), code, count, accepted });
    }
    let level = ledger.distinct.level();
    for (hash, count) in ledger.distinct.sample() {
        lines.push(Line::Input { schema, device: device(), hash, count, level });
    }
    lines
}

/// The text of a ledger's lines, each with its line end.
///
/// # Errors
/// Never for a ledger; the writer of JSON says so in its type.
pub fn to_text(ledger: &Ledger) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    for line in lines(ledger) {
        out += &serde_json::to_string(&line)?;
        out.push('\n');
    }
    Ok(out)
}

/// The empty ledger of a line, with its counts; classes, codes and inputs follow in lines of their own.
///
/// # Errors
/// When the rung or the device is none.
pub fn ledger_of(line: &LedgerLine) -> Result<Ledger, LineError> {
    let stage = Stage::parse(&line.stage).ok_or(LineError::Range("stage is none of the stages"))?;
    let fits = if stage == Stage::Canary { line.permille <= 1000 } else { line.permille == 0 };
    if !fits {
        return Err(LineError::Range(
            "permille is outside 0..=1000, or not 0 although the stage is no canary",
        ));
    }
    let is_name = line.device.len() == 32 && line.device.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_name {
        return Err(LineError::Range("device is not 32 hexadecimal digits"));
    }
    let key = Key {
        feature: line.feature.clone(),
        op: line.op.clone(),
        legacy_build: line.legacy_build.clone(),
        candidate_build: line.candidate_build.clone(),
        comparator: line.comparator,
        config: line.config.clone(),
        rung: Rung { stage, permille: line.permille },
    };
    let mut ledger = Ledger::new(key, line.device.clone());
    line.outcomes.add_to(&mut ledger);
    ledger.days = line.days;
    ledger.loads = line.loads;
    ledger.deaths = line.deaths;
    ledger.latency_hours = line.latency_hours;
    ledger.latency_trips = line.latency_trips;
    ledger.drifted_days_ago = line.drifted_days_ago;
    if line.comparisons != ledger.comparisons() {
        return Err(LineError::Range("comparisons is not the sum of the outcomes that count"));
    }
    Ok(ledger)
}
