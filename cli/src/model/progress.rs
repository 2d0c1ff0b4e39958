//! A spinner while a large file is copied and read.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::ProgressBar;

/// How often it turns.
const TICK: Duration = Duration::from_millis(120);

/// Something that turns until it is dropped.
pub struct Waiting(ProgressBar);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Starts it on stderr; silent where nobody watches.
pub fn waiting(what: &str) -> Waiting {
    let is_watched = std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
    let bar = if is_watched { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    bar.set_message(crate::output::printable(what));
    bar.enable_steady_tick(TICK);
    Waiting(bar)
}
