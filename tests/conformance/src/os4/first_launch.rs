//! Kind `os4/first_launch`: histories of starts, crashes, restores and damage, with the answer of every start.
//!
//! The histories run over the real state machine and the real slot bytes; only the storage is memory. A start that is
//! answered with a delivery acknowledges it unless the row says that the process dies before that.

use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use ferrule_os4_compat::FirstLaunch;
use ferrule_os4_compat::first_launch::{
    Answer, BuildId, DeviceId, OsEvidence, SlotStorage, Start, User, first_launch_on_os4,
};
use serde_json::Value;

use crate::{Case, Kind};

/// The kinds of this file.
pub fn kinds() -> Vec<Kind> {
    vec![Kind { name: "os4/first_launch", path: "os4/first_launch_vectors.json", load }]
}

fn load(path: &Path) -> Result<Vec<Case>> {
    let rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(path)?)?;
    rows.into_iter()
        .map(|row| {
            let id = row["name"].as_str().context("a row without a name")?.to_owned();
            let steps = row["steps"].as_array().context("no steps")?;
            let steps: Vec<Step> =
                steps.iter().map(Step::read).collect::<Result<_>>().with_context(|| id.clone())?;
            let expected = row["expect"].as_array().context("no expectations")?;
            let expected: Vec<String> = expected
                .iter()
                .map(|text| Ok(text.as_str().context("an expectation is no text")?.to_owned()))
                .collect::<Result<_>>()?;
            Ok(Case { id, run: Box::new(move || check(&steps, &expected)) })
        })
        .collect()
}

enum Step {
    Start {
        user: u32,
        ephemeral: bool,
        unlocked: bool,
        os: OsEvidence,
        crash_before_ack: bool,
    },
    /// The storage moves to another device.
    RestoreOnNewDevice,
    /// A factory reset.
    Wipe,
    /// One user's record is overwritten with other bytes.
    Corrupt {
        user: u32,
    },
}

impl Step {
    fn read(step: &Value) -> Result<Self> {
        let parts = step.as_array().context("a step is no list")?;
        let number = |index: usize| -> Result<u32> {
            let number = parts.get(index).and_then(Value::as_u64).context("a number is missing")?;
            Ok(u32::try_from(number)?)
        };
        Ok(match (parts.first().and_then(Value::as_str), parts.len()) {
            (Some("start"), 3 | 4) => {
                let (mut trusted, mut unlocked, mut ephemeral, mut crash_before_ack) =
                    (true, true, false, false);
                if let Some(options) = parts.get(3) {
                    for (key, value) in options.as_object().context("options are no object")? {
                        let value = value.as_bool().with_context(|| format!("{key}: no flag"))?;
                        match key.as_str() {
                            "trusted" => trusted = value,
                            "unlocked" => unlocked = value,
                            "ephemeral" => ephemeral = value,
                            "crash_before_ack" => crash_before_ack = value,
                            _ => bail!("unknown option {key:?}"),
                        }
                    }
                }
                let os = match u8::try_from(number(2)?)? {
                    _ if !trusted => OsEvidence::Untrusted,
                    0 => OsEvidence::BeforeHyperOs,
                    major => OsEvidence::HyperOs(major),
                };
                Self::Start { user: number(1)?, ephemeral, unlocked, os, crash_before_ack }
            }
            (Some("newdev_restore"), 1) => Self::RestoreOnNewDevice,
            (Some("wipe"), 1) => Self::Wipe,
            (Some("corrupt"), 2) => Self::Corrupt { user: number(1)? },
            _ => bail!("unknown step {step}"),
        })
    }
}

fn check(steps: &[Step], expected: &[String]) -> Result<(), String> {
    let mut device = 1;
    let mut files: HashMap<u32, File> = HashMap::new();
    let mut got = Vec::new();
    for step in steps {
        match step {
            Step::Start { user, ephemeral, unlocked, os, crash_before_ack } => {
                let who = if *ephemeral { User::Ephemeral { id: *user } } else { User::Full { id: *user } };
                let file = files.entry(*user).or_default();
                let mut first_launch = FirstLaunch::new(Memory(file.clone()));
                let start = Start {
                    user: who,
                    unlocked: *unlocked,
                    os: *os,
                    device_id: DeviceId([device; 16]),
                    build_id: BuildId::new("vector"),
                };
                let answer = first_launch_on_os4(&mut first_launch, &start).answer;
                got.push(spell(answer));
                if matches!(answer, Answer::Deliver(_)) && !crash_before_ack {
                    first_launch.acknowledge().map_err(|error| error.to_string())?;
                }
            }
            Step::RestoreOnNewDevice => device += 1,
            Step::Wipe => {
                files.clear();
                device += 1;
            }
            Step::Corrupt { user } => {
                if let Some(bytes) = files.entry(*user).or_default().borrow_mut().as_mut() {
                    bytes.fill(0xA5);
                }
            }
        }
    }
    if got == expected { Ok(()) } else { Err(format!("answers: expected {expected:?}, got {got:?}")) }
}

fn spell(answer: Answer) -> String {
    match answer {
        Answer::Nothing => "none".to_owned(),
        Answer::Recovered => "none(recovered)".to_owned(),
        Answer::NotReady => "not_ready".to_owned(),
        Answer::SuppressedEphemeral => "suppressed_ephemeral".to_owned(),
        Answer::Deliver(delivery) => {
            format!("first_launch({},attempt={})", delivery.kind.as_str(), delivery.attempt)
        }
    }
}

type File = Rc<RefCell<Option<Vec<u8>>>>;

/// A file in memory that is never torn and never contended: what these rows are about is the answers.
struct Memory(File);

impl SlotStorage for Memory {
    type Error = Infallible;

    fn try_lock(&mut self) -> Result<bool, Infallible> {
        Ok(true)
    }

    fn unlock(&mut self) {}

    fn read(&mut self, limit_bytes: usize) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.borrow().as_ref().map(|bytes| bytes.iter().copied().take(limit_bytes).collect()))
    }

    fn create(&mut self, content: &[u8]) -> Result<(), Infallible> {
        *self.0.borrow_mut() = Some(content.to_vec());
        Ok(())
    }

    fn write_at(&mut self, offset_bytes: u64, bytes: &[u8]) -> Result<(), Infallible> {
        if let Some(file) = self.0.borrow_mut().as_mut() {
            let from = usize::try_from(offset_bytes).unwrap_or(usize::MAX);
            if file.len() < from.saturating_add(bytes.len()) {
                file.resize(from + bytes.len(), 0);
            }
            for (to, from) in file.iter_mut().skip(from).zip(bytes) {
                *to = *from;
            }
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
