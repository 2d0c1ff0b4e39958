//! `icons/peer/legacy`: what AOSP's own cache answered, fact by fact, held against the Kotlin legacy cache.
//!
//! The one kind that a JVM judges: the recorded answers are legacy's measure, not that of our cache (`icons/peer`). The
//! classes come from `cargo xtask conformance`, which compiles them; without them the kind is absent. In the tests of the
//! Kotlin modules the same judge runs by itself.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::{Case, Elsewhere, Kind};

/// Names the class path of the legacy module's tests.
const CLASS_PATH: &str = "FERRULE_LEGACY_CLASS_PATH";
/// The judge among them.
const JUDGE: &str = "dev.ferrule.legacy.icons.tool.JudgeIconCases";

/// The kind.
pub fn kind() -> Kind {
    Kind { name: "icons/peer/legacy", path: super::CASES, load }
}

/// The judge's line about one case.
#[derive(Deserialize)]
struct Judged {
    id: String,
    differences: Vec<String>,
}

fn load(path: &Path) -> anyhow::Result<Vec<Case>> {
    let Some(class_path) = std::env::var_os(CLASS_PATH) else {
        let what = "the Kotlin legacy is not compiled here: `cargo xtask conformance` does it".to_owned();
        return Err(Elsewhere(what).into());
    };
    let output = Command::new("java")
        .arg("-cp")
        .arg(class_path)
        .arg(JUDGE)
        .arg(path)
        .output()
        .context("java cannot be started")?;
    ensure!(output.status.success(), "the judge: {}", String::from_utf8_lossy(&output.stderr).trim());
    let lines = String::from_utf8(output.stdout).context("the judge's lines")?;
    lines.lines().map(case).collect()
}

fn case(line: &str) -> anyhow::Result<Case> {
    let Judged { id, differences } = serde_json::from_str(line).context("a line of the judge")?;
    let verdict = if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) };
    Ok(Case { id, run: Box::new(move || verdict.clone()) })
}
