//! `ferrule rollout compile` and `lint`: the configuration.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use ferrule_rollout::config::{Parsed, parse};
use serde::Serialize;

use super::refusal::{CONFIG_UNUSABLE, Refusal};
use super::{ATTENTION, SCHEMA_VERSION, UNREADABLE, file};
use crate::output::{Output, Tone, note};
use crate::target;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  ferrule rollout compile ferrule.toml --out rollout.state
  ferrule rollout lint ferrule.toml

A feature with a problem is compiled as off and the exit code is 1; a file that is unusable as a
whole makes no state, and the exit code is 2.";

/// What is compiled.
#[derive(Args)]
pub struct CompileArguments {
    /// The configuration
    config: PathBuf,
    /// Where the state goes; an existing file is replaced as a whole
    #[arg(long, value_name = "SLOT")]
    out: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    /// The day that waivers run out by, YYYY-MM-DD; today if not given
    #[arg(long, value_name = "DAY", value_parser = a_day)]
    today: Option<String>,
}

/// What is checked.
#[derive(Args)]
pub struct LintArguments {
    /// The configurations
    #[arg(required = true)]
    configs: Vec<PathBuf>,
    /// Print one JSON object a problem instead of text
    #[arg(long)]
    json: bool,
    /// The day that waivers run out by, YYYY-MM-DD; today if not given
    #[arg(long, value_name = "DAY", value_parser = a_day)]
    today: Option<String>,
}

#[derive(Serialize)]
struct ProblemLine<'a> {
    schema_version: u32,
    file: String,
    line: usize,
    column: usize,
    code: &'static str,
    feature: Option<&'a str>,
    message: &'a str,
    near: Option<&'a str>,
}

#[derive(Serialize)]
struct Compiled {
    schema_version: u32,
    file: String,
    out: String,
    generation: u64,
    features: usize,
    off: usize,
    problems: usize,
}

/// Makes the state.
///
/// # Errors
/// When stdout is closed or full.
pub fn compile(arguments: &CompileArguments, output: &mut Output) -> io::Result<ExitCode> {
    let compiled = match state_of(arguments) {
        Ok(compiled) => compiled,
        Err(refusal) => return refusal.refuse(arguments.json, output),
    };
    if arguments.json {
        output.json(&compiled)?;
    } else {
        let Compiled { out, generation, features, off, .. } = &compiled;
        let what = format!("generation {generation}, {features} features, {off} off because of a problem");
        output.wrapped(&format!("{out}: {what}"))?;
    }
    Ok(ExitCode::from(if compiled.problems == 0 { 0 } else { ATTENTION }))
}

fn state_of(arguments: &CompileArguments) -> Result<Compiled, Refusal> {
    let (path, out) = (&arguments.config, &arguments.out);
    let (file, named) = (path.display(), out.display());
    if let Some(input) = target::overwritten(out, [path.as_path()]) {
        return Err(Refusal::overwrites(out, input));
    }
    let text = file::text(path)?;
    let Parsed { config, problems } = parse(&text, Some(&day(arguments.today.as_deref())));
    for problem in &problems {
        note(&problem.to_line(&file.to_string()));
    }
    let unusable = |why| Refusal::new(CONFIG_UNUSABLE, &file, why);
    let config = config.ok_or_else(|| unusable("no state is made; what is in force stays in force"))?;
    let bytes = config
        .compile()
        .ok_or_else(|| unusable("the state does not fit into a slot; shorten names, salts or targets"))?;
    target::replace(out, &bytes).map_err(|error| Refusal::unwritten(&named, error))?;
    Ok(Compiled {
        schema_version: SCHEMA_VERSION,
        file: file.to_string(),
        out: named.to_string(),
        generation: config.generation,
        features: config.features.len(),
        off: config.features.iter().filter(|feature| feature.settings.is_bad).count(),
        problems: problems.len(),
    })
}

/// Checks configurations.
///
/// # Errors
/// When stdout is closed or full.
pub fn lint(arguments: &LintArguments, output: &mut Output) -> io::Result<ExitCode> {
    let today = day(arguments.today.as_deref());
    let mut worst = 0;
    for path in &arguments.configs {
        let text = match file::text(path) {
            Ok(text) => text,
            Err(refusal) => {
                refusal.tell(arguments.json, output)?;
                worst = UNREADABLE;
                continue;
            }
        };
        let name = path.display().to_string();
        let Parsed { config, problems } = parse(&text, Some(&today));
        for problem in &problems {
            if arguments.json {
                output.json(&ProblemLine {
                    schema_version: SCHEMA_VERSION,
                    file: name.clone(),
                    line: problem.line,
                    column: problem.column,
                    code: problem.code.as_str(),
                    feature: problem.feature.as_deref(),
                    message: &problem.message,
                    near: problem.near.as_deref(),
                })?;
            } else {
                output.wrapped(&problem.to_line(&name))?;
            }
        }
        if !arguments.json && problems.is_empty() {
            output.line(&format!("{name}: {}", output.tone(Tone::Good, "no problem")))?;
        }
        worst = worst.max(match (config.is_some(), problems.is_empty()) {
            (false, _) => UNREADABLE,
            (true, false) => ATTENTION,
            (true, true) => 0,
        });
    }
    Ok(ExitCode::from(worst))
}

/// A day as it is written, so that a mistyped one is not later than every other.
///
/// # Errors
/// When it is none.
pub fn a_day(text: &str) -> Result<String, String> {
    let is_digits =
        |part: Option<&str>| part.is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let dashes = text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let is_day = text.len() == 10
        && dashes
        && [text.get(..4), text.get(5..7), text.get(8..)].into_iter().all(is_digits);
    if is_day { Ok(text.to_owned()) } else { Err("a day is YYYY-MM-DD".to_owned()) }
}

/// The day that was given, or today in UTC.
pub fn day(given: Option<&str>) -> String {
    if let Some(day) = given {
        return day.to_owned();
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    civil(seconds / 86_400)
}

/// The day so many days after 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: u64) -> String {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_their_dates() {
        for (days, date) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_787, "2026-11-30")]
        {
            assert_eq!(civil(days), date);
        }
    }
}
