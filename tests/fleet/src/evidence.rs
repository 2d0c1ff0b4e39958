//! The ledgers of a virtual fleet: every call is answered by both sides and compared.

use std::fmt::Write;

use ferrule_compare::Comparison;
use ferrule_rollout::config::FeatureConfig;
use ferrule_rollout::diff::{Recorder, Redactor, Tag};
use ferrule_rollout::ledger::detail::{self, DayLine};
use ferrule_rollout::ledger::export::{Line, SCHEMA, lines};
use ferrule_rollout::ledger::{Key, Ledger, Outcome};
use ferrule_rollout::stage::{Rung, Stage};

use crate::Draw;
use crate::subjects::Subject;

/// How many different inputs a device meets: its own phone, its own home, its own apps.
const INPUTS: u64 = 8;

/// A fleet that gathers evidence at one rung.
#[derive(Debug, Clone)]
pub struct Gathering<'c> {
    /// The feature.
    pub subject: Subject,
    /// What the configuration says of it.
    pub config: &'c FeatureConfig,
    /// Where it is gathered.
    pub rung: Rung,
    /// The candidate's build id.
    pub build: String,
    /// How many devices.
    pub devices: u64,
    /// Calls that are compared on each.
    pub calls: u64,
    /// Days that pass meanwhile.
    pub days: u32,
    /// The seed.
    pub seed: u64,
    /// The device whose candidate answers wrongly once.
    pub planted: Option<u64>,
}

impl Gathering<'_> {
    /// The lines of one device, each with its end.
    pub fn device(&self, number: u64) -> String {
        let mut draw =
            Draw::new(self.seed, number.wrapping_mul(31).wrapping_add(u64::from(self.rung.packed())));
        let key = Key {
            feature: self.subject.name().to_owned(),
            op: String::new(),
            legacy_build: "legacy-1".to_owned(),
            candidate_build: self.build.clone(),
            comparator: self.subject.comparator(),
            config: self.config.hash(),
            rung: self.rung,
        };
        let device = format!("{:016x}{:016x}", draw.number(), draw.number());
        let mut ledger = Ledger::new(key, device);
        ledger.loads = 10;
        ledger.days = self.days;
        ledger.latency_hours = self.days * 24;
        let mut secret = [0; 32];
        for byte in &mut secret {
            *byte = draw.number() as u8;
        }
        let redactor = Redactor::new(secret);
        let mut recorder = Recorder::new(self.subject.name(), "", &self.build, redactor.clone());
        let mut growth = vec![(0_u64, 0_u64); self.days.max(1) as usize];
        let first = draw.number();
        let calls = if self.rung.stage == Stage::Load { 0 } else { self.calls };
        for call in 0..calls {
            let planted = self.planted == Some(number) && call == calls / 2;
            let answered = self.subject.ask(&mut Draw::new(first, call % INPUTS), planted);
            let hash = redactor.hash(answered.input.as_bytes());
            let day = (call * growth.len() as u64 / calls) as usize;
            let outcome = match answered.comparison {
                Comparison::Match => Outcome::Match,
                Comparison::Explained(codes) => {
                    let accepted = |code: &str| self.config.accept.iter().any(|accept| accept == code);
                    ledger.record_explained(codes.iter().map(|code| (*code, accepted(code))), answered.class);
                    continue;
                }
                Comparison::Mismatch(found) => {
                    recorder.record(&found, call * 1000, draw.number(), |_| Tag::Untagged);
                    growth[day].1 += 1;
                    Outcome::Mismatch
                }
            };
            growth[day].0 += 1;
            ledger.record(outcome, answered.class, hash);
        }
        let mut all = lines(&ledger);
        all.extend(detail::lines(&recorder, &ledger.device, |_| None));
        for (day, (comparisons, real)) in (0..).zip(growth).filter(|(_, (comparisons, _))| *comparisons > 0) {
            all.push(Line::Day(DayLine {
                schema: SCHEMA,
                device: ledger.device.clone(),
                day,
                comparisons,
                real,
            }));
        }
        let mut text = String::new();
        for line in all {
            writeln!(text, "{}", serde_json::to_string(&line).expect("a line is JSON"))
                .expect("a String takes text");
        }
        text
    }
}
