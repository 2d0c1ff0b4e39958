//! The way to logcat: `tracing-android` behind lines that this crate has formatted already.
//!
//! What it is not: it formats nothing. `tracing-android` prints fields without separators, refuses a tag above 23
//! bytes, drops a line that holds NUL and may cut inside a character; it only ever sees one clean field here.
//!
//! Invariants: one line in, one logcat entry out, at most [`LINE_BYTES_MAX`] bytes with the crate's own prefix.

use tracing::field::Value;
use tracing::{Dispatch, Event, Level, Metadata, callsite};
use tracing_subscriber::layer::SubscriberExt;

use super::layer::LineSink;
use super::line::{self, LINE_BYTES_MAX};

/// What `tracing-android` puts before each line: the event's target, a colon and a blank.
const PREFIX_BYTES: usize = "rust: ".len();

/// Writes lines to logcat under one tag.
pub struct Logcat {
    dispatch: Dispatch,
}

impl Logcat {
    /// A writer under `tag`, which is cut to what logcat keeps.
    ///
    /// # Errors
    /// `tracing-android` refuses the tag; it does not with a tag out of [`line::tag`].
    pub fn new(tag: &str) -> std::io::Result<Self> {
        let layer = tracing_android::layer(&line::tag(tag))?;
        Ok(Self { dispatch: Dispatch::new(tracing_subscriber::registry().with(layer)) })
    }
}

impl LineSink for Logcat {
    fn line_bytes_max(&self) -> usize {
        LINE_BYTES_MAX - PREFIX_BYTES
    }

    fn write(&self, level: Level, line: &str) {
        let metadata = metadata(level);
        let Some(field) = metadata.fields().field("message") else { return };
        let text = format_args!("{line}");
        let values = [(&field, Some(&text as &dyn Value))];
        // Straight to this dispatch: the thread's current one is ours already and must not see the line again.
        self.dispatch.event(&Event::new(metadata, &metadata.fields().value_set(&values)));
    }
}

/// The static description of a line at `level`: one field, `message`.
fn metadata(level: Level) -> &'static Metadata<'static> {
    macro_rules! at {
        ($level:expr) => {{
            static SITE: Site = Site(&METADATA);
            static METADATA: Metadata<'static> = tracing::metadata! {
                name: "line", target: "rust", level: $level, fields: &["message"],
                callsite: &SITE, kind: tracing::metadata::Kind::EVENT
            };
            &METADATA
        }};
    }
    match level {
        Level::ERROR => at!(Level::ERROR),
        Level::WARN => at!(Level::WARN),
        Level::INFO => at!(Level::INFO),
        Level::DEBUG => at!(Level::DEBUG),
        Level::TRACE => at!(Level::TRACE),
    }
}

/// A callsite that is never registered: its events go to one dispatch only.
struct Site(&'static Metadata<'static>);

impl callsite::Callsite for Site {
    fn set_interest(&self, _: tracing::subscriber::Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        self.0
    }
}
