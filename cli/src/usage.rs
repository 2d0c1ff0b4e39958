//! What is said of a command line that is not understood: one line, with what is wrong, a tip and the usage.
//!
//! What it is not: help that was asked for, and the help that stands in for a missing command, are printed as they are.

use std::process::ExitCode;

use clap::Error;
use clap::error::ErrorKind;

use crate::output::{printable, say};

/// Exit code of a usage error (contracts 3).
const USAGE: u8 = 2;

/// Prints help or the error; the exit code that goes with it.
pub fn refuse(error: &Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // A closed pipe is an ordinary end here too.
        let _ = error.print();
        return ExitCode::from(if error.use_stderr() { USAGE } else { 0 });
    }
    say(&line(&error.render().to_string()));
    ExitCode::from(USAGE)
}

/// The paragraphs of a rendered error as one line, without the advice to ask for help.
fn line(rendered: &str) -> String {
    let mut parts = Vec::new();
    for paragraph in rendered.split("\n\n") {
        let words: Vec<&str> = paragraph.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let text = words.join(" ");
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        if !text.is_empty() && !text.starts_with("For more information") {
            parts.push(printable(text));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clap_says_in_paragraphs_is_one_line() {
        let rendered = "error: unrecognized subcommand 'chek\x1b'\n\n  tip: a similar subcommand exists: 'check'\n\n\
                        Usage: ferrule os <COMMAND>\n\nFor more information, try '--help'.\n";
        assert_eq!(
            line(rendered),
            "unrecognized subcommand 'chek\u{fffd}'; tip: a similar subcommand exists: 'check'; \
             Usage: ferrule os <COMMAND>"
        );
        let missing =
            "error: required arguments were not provided:\n  <STRING>...\n\nUsage: ferrule os version\n";
        assert_eq!(
            line(missing),
            "required arguments were not provided: <STRING>...; Usage: ferrule os version"
        );
    }
}
