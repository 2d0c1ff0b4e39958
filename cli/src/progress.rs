//! What turns or grows on stderr while a command works; silent where nobody watches.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often it turns.
const TICK: Duration = Duration::from_millis(120);

/// Something that turns, or grows, until it is dropped.
pub struct Waiting(ProgressBar);

impl Waiting {
    /// So much is done, of so much.
    pub fn at(&self, done: usize, all: usize) {
        self.0.set_length(all as u64);
        self.0.set_position(done as u64);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn is_watched() -> bool {
    std::io::stderr().is_terminal() && std::io::stdout().is_terminal()
}

/// Starts something that turns, for work whose end nobody knows.
pub fn waiting(what: &str) -> Waiting {
    let bar = if is_watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    bar.set_message(crate::output::printable(what));
    bar.enable_steady_tick(TICK);
    Waiting(bar)
}

/// Starts a bar, for work that is counted.
pub fn counting(what: &str) -> Waiting {
    let bar = if is_watched() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(crate::output::printable(what));
    Waiting(bar)
}
