//! The configuration file: what a person writes, checked to the letter (R56, `docs/guide/rollout.md`).
//!
//! What it is: TOML to [`Config`], with every problem at its line and column, and a configuration to the state that a build ships.
//! What it is not: it opens no file; on a device nothing reads TOML.
//!
//! Invariants: a problem in a feature turns that feature off, one in the file as a whole leaves the last good file in
//! force once, then nothing; no problem ever makes anything looser.

mod check;
mod feature;
mod place;
mod problem;
mod table;

use sha2::{Digest, Sha256};

use crate::engine::{Durable, Feature, FeatureId, Settings};
use crate::slot::payload::{Payload, TAG_EVIDENCE, Tlv};
use crate::slot::slots::encode_file;
use crate::slot::wire::put_text;

pub use problem::{Problem, nearest};

/// The version of the file's schema.
pub const SCHEMA: i64 = 1;

/// Who bears which difference, until when (R19).
#[derive(Debug, Clone, PartialEq)]
pub struct Waiver {
    /// The path of the field, indexes as `[*]`.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day, `YYYY-MM-DD`.
    pub expires: String,
    /// The largest share of comparisons it may cover, 0 to 1.
    pub max_rate: f64,
}

/// What the file says of one feature.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureConfig {
    /// Its number.
    pub id: FeatureId,
    /// What goes into the state slot.
    pub settings: Settings,
    /// Codes of explained differences that are accepted (R57).
    pub accept: Vec<String>,
    /// The input classes that it declares.
    pub classes: Vec<String>,
    /// Waivers.
    pub waivers: Vec<Waiver>,
    /// Whether the candidate runs on the caller's thread, where nothing can end it (R5, R6, R59); the gate asks for its times then.
    pub inline: bool,
    /// Whether call sites still keep legacy; COMPLETE needs `false`.
    pub legacy_present: bool,
}

impl FeatureConfig {
    /// The hash that belongs to a ledger's key (R49): everything but where the feature stands.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.hash_number())
    }

    fn hash_number(&self) -> u64 {
        let settings = &self.settings;
        // Behind everything else, and only where it is said: what was gathered before there was this setting keeps its hash.
        let inline = if self.inline { "\ninline" } else { "" };
        let text = format!(
            "{}\n{}\n{}\n{}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}{inline}",
            settings.name,
            settings.salt,
            settings.template.as_str(),
            settings.window_start,
            settings.targets,
            settings.parents,
            self.accept,
            self.classes,
            self.waivers,
        );
        crate::bucket::head(&Sha256::digest(text))
    }

    /// What the device has to know to keep ledgers under this configuration: number, hash, accepted codes.
    fn evidence(&self) -> Tlv {
        let mut value = self.id.number().to_le_bytes().to_vec();
        value.extend_from_slice(&self.hash_number().to_le_bytes());
        let accept = self.accept.iter().take(usize::from(u8::MAX));
        value.push(accept.len() as u8);
        for code in accept {
            put_text(&mut value, code);
        }
        Tlv { tag: TAG_EVIDENCE, value }
    }
}

/// A file that can be read as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Its number; a device takes over a higher one only.
    pub generation: u64,
    /// The features, by number.
    pub features: Vec<FeatureConfig>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The configuration; `None` if the file as a whole is unusable.
    pub config: Option<Config>,
    /// Every problem, in the order of the file.
    pub problems: Vec<Problem>,
}

/// Reads a file. `today`, `YYYY-MM-DD`, is what waivers run out by; without it none does.
///
/// ```
/// use ferrule_rollout::config::parse;
/// let text = "schema = 1\ngeneration = 3\n[feature.\"os.check\"]\nid = 0\nstage = \"canary\"\ncanary_permille = 1500\n";
/// let parsed = parse(text, None);
/// assert_eq!(
///     parsed.problems[0].to_line("ferrule.toml"),
///     "ferrule.toml:6:19: RO_CONFIG_RANGE canary_permille = 1500 is outside 0..=1000. \
///      Feature os.check stays OFF. Did you mean 150?"
/// );
/// assert!(parsed.config.unwrap().features[0].settings.is_bad);
/// ```
pub fn parse(text: &str, today: Option<&str>) -> Parsed {
    table::parse(text, today)
}

/// What is in force when a file is bad: the last good one the first time, nothing from the second on (R56). `bad_in_a_row` counts this
/// one. Neither loosens: the engine takes over a higher generation only.
pub fn fall_back(bad_in_a_row: u32, last_good: Option<Config>) -> Option<Config> {
    if bad_in_a_row <= 1 { last_good } else { None }
}

impl Config {
    /// What the engine takes over.
    pub fn settings(&self) -> Vec<(FeatureId, Settings)> {
        self.features.iter().map(|feature| (feature.id, feature.settings.clone())).collect()
    }

    /// The state that a build ships: nothing known of any device, whose id is zeros until its first start.
    /// `None` if it does not fit into a slot.
    pub fn compile(&self) -> Option<Vec<u8>> {
        let features = self.features.iter().map(|feature| Feature::new(feature.id, feature.settings.clone()));
        let durable =
            Durable { generation: self.generation, features: features.collect(), ..Durable::default() };
        let unknown = self.features.iter().map(FeatureConfig::evidence).collect();
        encode_file(&Payload { durable, unknown, ..Payload::default() })
    }

    /// The feature of a name.
    pub fn named(&self, name: &str) -> Option<&FeatureConfig> {
        self.features.iter().find(|feature| feature.settings.name == name)
    }
}
