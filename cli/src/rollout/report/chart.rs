//! Charts as SVG: a frame, scales, ticks, curves. What they show, the caller says.
//!
//! Invariants: no colour stands in here, only classes, so that a chart is right in the dark and on paper; each has a title for those
//! who cannot see it.

use std::fmt::Write;

use super::html::Html;

/// The sides of a chart in its own units; small enough that its text is readable on a phone.
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 26.0;

/// Where a value lies between two ends.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    low: f64,
    high: f64,
    is_log: bool,
}

impl Scale {
    /// Equal steps.
    pub fn linear(low: f64, high: f64) -> Self {
        Self { low, high, is_log: false }
    }

    /// Equal factors; both ends are above 0.
    pub fn log(low: f64, high: f64) -> Self {
        Self { low, high, is_log: true }
    }

    /// 0 at the lower end, 1 at the upper.
    pub fn share(&self, value: f64) -> f64 {
        let Self { low, high, is_log } = *self;
        if is_log { (value / low).ln() / (high / low).ln() } else { (value - low) / (high - low) }
    }

    /// The powers of ten between the ends.
    fn decades(&self) -> Vec<f64> {
        let (from, to) = (self.low.log10().ceil() as i32, self.high.log10().floor() as i32);
        (from..=to).map(|exponent| 10_f64.powi(exponent)).collect()
    }
}

/// A chart.
#[derive(Debug, Clone, Copy)]
pub struct Chart {
    x: Scale,
    y: Scale,
}

impl Chart {
    /// With its scales.
    pub fn new(x: Scale, y: Scale) -> Self {
        Self { x, y }
    }

    /// Its frame, and what is drawn into it.
    pub fn draw(&self, html: &mut Html, title: &str, inner: impl FnOnce(&mut Html)) {
        let sides = format!("0 0 {WIDTH} {HEIGHT}");
        html.tag("svg", &[("class", "chart"), ("viewBox", &sides), ("role", "img")], |html| {
            html.leaf("title", &[], title);
            let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
            shape(html, "rect", "frame", &[("x", LEFT), ("y", TOP), ("width", width), ("height", height)]);
            inner(html);
        });
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + self.x.share(value).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.share(value).clamp(0.0, 1.0) * (HEIGHT - TOP - BOTTOM)
    }

    /// Ticks at the powers of ten below.
    pub fn x_ticks(&self, html: &mut Html, words: impl Fn(f64) -> String) {
        for value in self.x.decades() {
            self.x_tick(html, value, &words(value));
        }
    }

    /// One tick below.
    pub fn x_tick(&self, html: &mut Html, value: f64, words: &str) {
        let x = self.x(value);
        shape(html, "line", "grid", &[("x1", x), ("y1", TOP), ("x2", x), ("y2", HEIGHT - BOTTOM)]);
        let side = if x > WIDTH - RIGHT - 24.0 { "end" } else { "middle" };
        text(html, &format!("tick {side}"), (x, HEIGHT - 9.0), words);
    }

    /// Ticks at the powers of ten on the left.
    pub fn y_ticks(&self, html: &mut Html, words: impl Fn(f64) -> String) {
        for value in self.y.decades() {
            self.y_tick(html, value, &words(value));
        }
    }

    /// One tick on the left.
    pub fn y_tick(&self, html: &mut Html, value: f64, words: &str) {
        let y = self.y(value);
        shape(html, "line", "grid", &[("x1", LEFT), ("y1", y), ("x2", WIDTH - RIGHT), ("y2", y)]);
        text(html, "tick end", (LEFT - 6.0, y + 3.5), words);
    }

    /// A line through the whole width, with words at its left end, where no curve has come down to it yet.
    pub fn level(&self, html: &mut Html, class: &str, value: f64, words: &str) {
        let y = self.y(value);
        shape(html, "line", class, &[("x1", LEFT), ("y1", y), ("x2", WIDTH - RIGHT), ("y2", y)]);
        text(html, &format!("{class} word"), (LEFT + 6.0, y - 5.0), words);
    }

    /// A line through points.
    pub fn line(&self, html: &mut Html, class: &str, points: &[(f64, f64)]) {
        let path = self.path(points.iter().map(|(x, y)| (self.x(*x), self.y(*y))));
        html.tag("path", &[("class", class), ("d", &path)], |_| {});
    }

    /// A line that stays until the next point.
    pub fn steps(&self, html: &mut Html, class: &str, points: &[(f64, f64)]) {
        let mut corners = Vec::new();
        let mut before = None;
        for (x, y) in points {
            let (x, y) = (self.x(*x), self.y(*y));
            corners.extend(before.map(|before| (x, before)));
            corners.push((x, y));
            before = Some(y);
        }
        corners.extend(before.map(|before| (WIDTH - RIGHT, before)));
        let path = self.path(corners.into_iter());
        html.tag("path", &[("class", class), ("d", &path)], |_| {});
    }

    /// The area under values at equal distances.
    pub fn area(&self, html: &mut Html, class: &str, values: &[f64]) {
        let wide = (WIDTH - LEFT - RIGHT) / values.len().max(1) as f64;
        let floor = HEIGHT - BOTTOM;
        let mut points = vec![(LEFT, floor)];
        for (index, value) in values.iter().enumerate() {
            points.push((LEFT + (index as f64 + 0.5) * wide, self.y(*value)));
        }
        points.push((WIDTH - RIGHT, floor));
        let path = self.path(points.into_iter());
        html.tag("path", &[("class", &format!("area {class}")), ("d", &path)], |_| {});
    }

    /// The end of a curve that came down from the left, with words where the curve is not.
    pub fn dot(&self, html: &mut Html, class: &str, (x, y): (f64, f64), words: &str) {
        let (x, y) = (self.x(x), self.y(y));
        shape(html, "circle", class, &[("cx", x), ("cy", y), ("r", 4.5)]);
        let (side, at) =
            if x > WIDTH * 0.68 { ("end", (x - 9.0, y + 15.0)) } else { ("start", (x + 9.0, y - 8.0)) };
        text(html, &format!("{class} word {side}"), at, words);
    }

    /// A line from top to bottom, with words at its top: above the frame, or within it where `low` says that another's stand there.
    pub fn mark(&self, html: &mut Html, class: &str, value: f64, words: &str, low: bool) {
        let x = self.x(value);
        let class = format!("mark {class}");
        shape(html, "line", &class, &[("x1", x), ("y1", TOP), ("x2", x), ("y2", HEIGHT - BOTTOM)]);
        // Neither end may hang over the chart's side.
        let side = match self.x.share(value) {
            share if share > 0.8 => "end",
            share if share < 0.2 => "",
            _ => "middle",
        };
        let y = if low { TOP + 11.0 } else { TOP - 4.0 };
        text(html, &format!("{class} word {side}"), (x, y), words);
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let mut path = String::new();
        for (index, (x, y)) in points.enumerate() {
            let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
        }
        path
    }
}

fn shape(html: &mut Html, name: &str, class: &str, numbers: &[(&str, f64)]) {
    let numbers: Vec<(&str, String)> =
        numbers.iter().map(|(name, value)| (*name, format!("{value:.1}"))).collect();
    let mut attributes = vec![("class", class)];
    attributes.extend(numbers.iter().map(|(name, value)| (*name, value.as_str())));
    html.tag(name, &attributes, |_| {});
}

fn text(html: &mut Html, class: &str, (x, y): (f64, f64), words: &str) {
    html.leaf("text", &[("class", class), ("x", &format!("{x:.1}")), ("y", &format!("{y:.1}"))], words);
}
