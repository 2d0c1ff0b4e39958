//! The whole way of a line: event, formatting layer, `tracing-android`, liblog. One test, as the capture is the process's.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ferrule::logging::layer::LineLayer;
use ferrule::logging::line::{LINE_BYTES_MAX, TAG_BYTES_MAX};
use ferrule::logging::logcat::Logcat;
use ferrule_liblog::{Entry, capture, take};
use tracing_subscriber::layer::SubscriberExt;

/// What `tracing-android` puts before the project's own text.
const PREFIX: &str = "rust: ";

/// Runs `say` with a logger under `tag`; the entries that liblog was handed.
fn logged(tag: &str, say: impl FnOnce()) -> Vec<Entry> {
    let subscriber = tracing_subscriber::registry().with(LineLayer::new(Logcat::new(tag).unwrap()));
    tracing::subscriber::with_default(subscriber, say);
    take()
}

fn text(entry: &Entry) -> &str {
    std::str::from_utf8(&entry.text).expect("no character is cut")
}

#[test]
fn a_line_reaches_liblog_whole() {
    capture();

    // Levels, separators and spans.
    let entries = logged("Ferrule", || {
        let span = tracing::info_span!("decide", keys = 3);
        let _entered = span.enter();
        tracing::error!(target: "os", user = "bob", n = 3, "hello");
        tracing::warn!(target: "os", "w");
        tracing::info!(target: "os", "i");
        tracing::debug!(target: "os", "d");
        tracing::trace!(target: "os", "t");
    });
    let priorities: Vec<_> = entries.iter().map(|entry| entry.priority).collect();
    assert_eq!(priorities, [6, 5, 4, 3, 2]);
    assert_eq!(
        text(&entries[0]).trim_end(),
        format!("{PREFIX}os: hello user=\"bob\" n=3 (decide{{keys=3}})")
    );
    assert!(entries.iter().all(|entry| entry.tag == b"Ferrule"));

    // A tag that liblog's writer would refuse is cut, at a character border.
    for tag in ["dev.ferrule.compat.checks.os4", "ééééééééééééé", "nul\0inside", ""] {
        let entries = logged(tag, || tracing::info!(target: "os", "x"));
        assert_eq!(entries.len(), 1, "{tag}");
        let tag = std::str::from_utf8(&entries[0].tag).unwrap();
        assert!(!tag.is_empty() && tag.len() <= TAG_BYTES_MAX, "{tag}");
    }

    // NUL does not swallow the line.
    let entries = logged("Ferrule", || tracing::info!(target: "os", value = "a\0b", "be\0fore"));
    assert_eq!(entries.len(), 1);
    assert!(text(&entries[0]).contains("before"), "{entries:?}");

    // Long texts arrive as several entries that lose nothing and cut no character.
    let long: String = "aé日😀".chars().cycle().take(9001).collect();
    let entries = logged("Ferrule", || tracing::info!(target: "os", "{long}"));
    assert!(entries.len() > 4, "{} entries", entries.len());
    let mut joined = String::new();
    for entry in &entries {
        assert!(entry.text.len() <= LINE_BYTES_MAX, "{} bytes", entry.text.len());
        joined.push_str(text(entry).strip_prefix(PREFIX).unwrap().trim_end_matches('\n'));
    }
    assert_eq!(joined, format!("os: {long}"));
}
