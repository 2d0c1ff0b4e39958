//! `ferrule-conformance [--dir DIR] [KIND…]`: what `cargo xtask conformance` runs.
//!
//! Exit code 0: every case passed; 1: some failed; 2: usage, data that cannot be read, or a folder without any.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use ferrule_conformance::{Kind, data_dir, kinds, report};

/// The command line.
#[derive(Parser)]
#[command(version, about = "Runs the conformance data against the cores")]
struct Arguments {
    /// Folder with the data [default: FERRULE_CONFORMANCE_DIR, else ../shared/data beside the project]
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Kinds to run, by name (os4/identity) or area (os4) [default: all]
    kinds: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let dir = arguments.dir.unwrap_or_else(data_dir);
    let chosen = match choose(&arguments.kinds) {
        Ok(chosen) => chosen,
        Err(problem) => {
            eprintln!("conformance: {problem}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = std::fs::read_dir(&dir) {
        eprintln!("conformance: the data folder {} cannot be read: {error}", dir.display());
        return ExitCode::from(2);
    }
    // A panicking case is reported with its own line; the hook's would only interleave.
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = BufWriter::new(io::stdout().lock());
    match report::run(&chosen, &dir, &mut out).and_then(|tally| out.flush().map(|()| tally)) {
        Ok(tally) if tally.unreadable > 0 => ExitCode::from(2),
        Ok(tally) if tally.failed > 0 => ExitCode::from(1),
        Ok(tally) if tally.passed == 0 => {
            eprintln!("conformance: the data folder {} holds no case of these kinds", dir.display());
            ExitCode::from(2)
        }
        Ok(_) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(1),
        Err(error) => {
            eprintln!("conformance: cannot write the report: {error}");
            ExitCode::from(1)
        }
    }
}

/// The kinds that these words name, in the order of the report; all of them for no word.
fn choose(words: &[String]) -> Result<Vec<Kind>, String> {
    let all = kinds();
    let means = |word: &String, kind: &Kind| {
        let word = word.trim_end_matches('/');
        kind.name == word || kind.name.strip_prefix(word).is_some_and(|rest| rest.starts_with('/'))
    };
    if let Some(unknown) = words.iter().find(|word| !all.iter().any(|kind| means(word, kind))) {
        let hint = report::nearest(unknown, all.iter().map(|kind| kind.name));
        let hint = hint.map(|name| format!("; the nearest is {name}")).unwrap_or_default();
        return Err(format!("there is no kind {unknown}{hint}"));
    }
    Ok(all
        .into_iter()
        .filter(|kind| words.is_empty() || words.iter().any(|word| means(word, kind)))
        .collect())
}
