//! The tracing layer between the registry and a sink: formats on the calling thread, then hands lines over.
//!
//! What it is not: it filters nothing (the level filter in front of it does) and knows no platform.
//!
//! Invariants: no lock of ours or of the registry is held while a sink runs; an event raised by a sink on the same
//! thread is dropped instead of recursing.

use std::cell::Cell;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::line::{self, Fields};

/// Where lines go.
pub trait LineSink: Send + Sync + 'static {
    /// The most bytes a line may have; longer texts come as several lines.
    fn line_bytes_max(&self) -> usize;

    /// Takes one line. Must not panic; what goes wrong is the sink's own affair.
    fn write(&self, level: Level, line: &str);
}

/// Formats events and span fields for `S`.
pub struct LineLayer<S> {
    sink: S,
}

impl<S: LineSink> LineLayer<S> {
    /// A layer in front of `sink`.
    pub fn new(sink: S) -> Self {
        Self { sink }
    }
}

/// A span's fields as text, kept in the registry with the span.
struct SpanText(Fields);

thread_local! {
    /// Set while a sink runs on this thread.
    static IN_SINK: Cell<bool> = const { Cell::new(false) };
}

impl<S, R> Layer<R> for LineLayer<S>
where
    S: LineSink,
    R: Subscriber + for<'lookup> LookupSpan<'lookup>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, R>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().replace(SpanText(fields));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, R>) {
        if let Some(span) = context.span(id)
            && let Some(text) = span.extensions_mut().get_mut::<SpanText>()
        {
            values.record(&mut text.0);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, R>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let mut spans = Vec::new();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            let text = span.extensions().get::<SpanText>().map(|text| text.0.text()).unwrap_or_default();
            spans.push((span.metadata().name(), text));
        }
        let text = line::compose(event.metadata().target(), &fields, &spans);
        if IN_SINK.replace(true) {
            return;
        }
        for line in line::split(&text, self.sink.line_bytes_max()) {
            self.sink.write(*event.metadata().level(), line);
        }
        IN_SINK.set(false);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<Vec<(Level, String)>>>);

    impl LineSink for Seen {
        fn line_bytes_max(&self) -> usize {
            40
        }

        fn write(&self, level: Level, line: &str) {
            tracing::error!("an event inside the sink must not recurse");
            self.0.lock().unwrap().push((level, line.to_owned()));
        }
    }

    #[test]
    fn fields_are_separated_and_spans_named() {
        let seen = Seen::default();
        let subscriber = tracing_subscriber::registry().with(LineLayer::new(seen.clone()));
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!("decide", keys = 3, late = tracing::field::Empty);
            let _entered = span.enter();
            span.record("late", 7);
            tracing::info!(target: "os", user = "bob", n = 3, "hello");
        });
        let lines = seen.0.lock().unwrap();
        let text: String = lines.iter().map(|(_, line)| line.as_str()).collect();
        assert_eq!(text, "os: hello user=\"bob\" n=3 (decide{keys=3 late=7})");
        assert_eq!(lines.len(), 2, "split at 40 bytes");
    }
}
