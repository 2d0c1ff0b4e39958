//! One feature: the verdict on its next step, and all that it rests on.

use ferrule_rollout::config::FeatureConfig;
use ferrule_rollout::engine::State;
use ferrule_rollout::ledger::fleet::Evidence;
use ferrule_rollout::ledger::gate::{CLASS_HITS, wanted_rates};
use ferrule_rollout::ledger::{Context, Key, Verdict, gate};
use ferrule_rollout::stage::{Rung, Stage};

use super::html::Html;
use super::words::{count, counted, demand, rate};
use super::{Report, curve, differences, latency, tables};
use crate::rollout::evidence::other_config;

/// How a feature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The gate is open.
    Ready,
    /// Evidence is missing.
    Waiting,
    /// Something speaks against it.
    Stopped,
    /// There is no further step, or nothing was gathered.
    Quiet,
}

impl Standing {
    /// The class of its looks.
    pub fn class(self) -> &'static str {
        match self {
            Self::Ready => "good",
            Self::Waiting => "warn",
            Self::Stopped => "bad",
            Self::Quiet => "quiet",
        }
    }
}

/// A feature with what counts for it now.
pub struct Subject<'r> {
    /// What the configuration says.
    pub config: &'r FeatureConfig,
    /// Where it stands.
    pub rung: Rung,
    /// The ledgers of that rung, one an operation, each with its verdict.
    pub current: Vec<(&'r Evidence, Option<Verdict>)>,
    /// Every other ledger.
    pub others: Vec<(&'r Key, &'r Evidence)>,
    /// What stops it whatever the ledgers say.
    pub stop: Option<&'static str>,
}

impl<'r> Subject<'r> {
    /// Finds what counts: the ledgers of this configuration at the rung of the state, or the highest rung there is.
    pub fn new(report: &'r Report, config: &'r FeatureConfig) -> Self {
        let name = &config.settings.name;
        let mine: Vec<(&Key, &Evidence)> =
            report.evidence.iter().filter(|(key, _)| key.feature == *name).collect();
        let hash = config.hash();
        let fits = |key: &&Key| key.config == hash;
        let granted = report.state.as_ref().and_then(|state| Some(state.durable.named(name)?.granted));
        let highest = mine.iter().map(|(key, _)| *key).filter(fits).map(|key| key.rung).max();
        let rung = granted.or(highest).unwrap_or(config.settings.start);
        let now: Vec<&(&Key, &Evidence)> =
            mine.iter().filter(|(key, _)| fits(key) && key.rung == rung).collect();
        // Of several builds the one that was compared most speaks for now.
        let most = |key: &Key| {
            now.iter()
                .filter(|(other, _)| other.op == key.op)
                .max_by_key(|(_, evidence)| evidence.tally.sum.comparisons())
                .is_some_and(|(other, _)| *other == key)
        };
        let context = Context {
            classes: config.classes.clone(),
            waivers: config.waivers.len() as u32,
            drill_days_ago: report.drill_days_ago(name),
            legacy_present: config.legacy_present,
            unruled_noise: 0,
            inline: config.inline.then(|| report.told.inline_times(name)),
        };
        let template = config.settings.template;
        let (current, others): (Vec<_>, Vec<_>) =
            mine.iter().copied().partition(|(key, _)| fits(key) && key.rung == rung && most(key));
        let current =
            current.into_iter().map(|(_, evidence)| (evidence, gate(&evidence.tally, template, &context)));
        let stop = report.state.as_ref().and_then(|state| stopped(state, name));
        Self { config, rung, current: current.collect(), others, stop }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.config.settings.name
    }

    /// The anchor of its part of the page.
    pub fn anchor(&self) -> String {
        format!("feature-{}", self.config.id.number())
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        if self.stop.is_some() {
            return Standing::Stopped;
        }
        let verdicts: Vec<&Verdict> =
            self.current.iter().filter_map(|(_, verdict)| verdict.as_ref()).collect();
        let burned = |(evidence, _): &(&Evidence, Option<Verdict>)| evidence.tally.sum.real() > 0;
        match verdicts.as_slice() {
            [] => Standing::Quiet,
            _ if self.current.iter().any(burned) => Standing::Stopped,
            all if all.iter().all(|verdict| verdict.passes()) => Standing::Ready,
            _ => Standing::Waiting,
        }
    }

    /// The verdict in one sentence.
    pub fn sentence(&self) -> String {
        if let Some(stop) = self.stop {
            return stop.to_owned();
        }
        let next = self.config.settings.template.next(self.rung);
        let Some(next) = next else { return "It is where it was to go.".to_owned() };
        if self.current.is_empty() {
            return self.nothing();
        }
        let blocks: Vec<&str> = self
            .current
            .iter()
            .filter_map(|(_, verdict)| verdict.as_ref())
            .flat_map(|verdict| &verdict.blocks)
            .map(|block| demand(block.code))
            .collect();
        match blocks.as_slice() {
            [] => format!("Ready for {next}."),
            [first] => format!("Not ready for {next}: {}.", first.to_lowercase()),
            [first, rest @ ..] => {
                format!("Not ready for {next}: {} and {} more.", first.to_lowercase(), rest.len())
            }
        }
    }
}

impl Subject<'_> {
    /// Why there is no ledger that counts: none at this rung, or only such as were gathered under another configuration.
    fn nothing(&self) -> String {
        let hash = self.config.hash();
        let here = || self.others.iter().filter(|(key, _)| key.rung == self.rung);
        match here().find(|(key, _)| key.config != hash) {
            Some((key, _)) if here().all(|(key, _)| key.config != hash) => {
                let why = other_config(&key.config, self.config);
                format!("Nothing was gathered at {} under this configuration: {why}.", self.rung)
            }
            _ => format!("Nothing was gathered at {} yet.", self.rung),
        }
    }
}

/// What in a state keeps a feature off.
fn stopped(state: &State, name: &str) -> Option<&'static str> {
    let feature = state.durable.named(name)?;
    if state.durable.killed.any() || feature.killed.any() {
        Some("Killed: legacy answers.")
    } else if feature.is_quarantined(state.durable.build) {
        Some("Quarantined: this build died too often.")
    } else if state.durable.safe_mode.is_some() {
        Some("Safe mode: everything is off.")
    } else if feature.settings.is_bad {
        Some("Its configuration is wrong: it counts as off.")
    } else {
        None
    }
}

/// The stages as a track, with where the feature stands.
pub fn track(html: &mut Html, subject: &Subject<'_>) {
    let stages = Stage::ALL.into_iter().filter(|stage| subject.config.settings.template.allows(*stage));
    html.tag("ol", &[("class", "track"), ("aria-label", "stages")], |html| {
        for stage in stages {
            let class = match stage.cmp(&subject.rung.stage) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "here",
                std::cmp::Ordering::Greater => "ahead",
            };
            let words = if class == "here" { subject.rung.to_string() } else { stage.as_str().to_owned() };
            let current = if class == "here" { "step" } else { "false" };
            html.leaf("li", &[("class", class), ("aria-current", current)], &words);
        }
    });
}

/// Writes the feature's part of the page.
pub fn show(html: &mut Html, report: &Report, subject: &Subject<'_>) {
    let anchor = subject.anchor();
    html.tag("section", &[("id", &anchor), ("class", "feature")], |html| {
        html.leaf("h2", &[], subject.name());
        html.leaf(
            "p",
            &[("class", &format!("verdict-line {}", subject.standing().class()))],
            &subject.sentence(),
        );
        for (evidence, verdict) in &subject.current {
            if !evidence.tally.sum.key.op.is_empty() {
                html.leaf("h3", &[], &format!("Operation {}", evidence.tally.sum.key.op));
            }
            operation(html, report, subject, evidence, verdict.as_ref());
        }
        if subject.current.is_empty() {
            let words = format!("No ledger of this configuration at {} was handed over.", subject.rung);
            html.leaf("p", &[("class", "none")], &words);
            times(html, report, subject);
            costs(html, report, subject);
        }
        if !subject.others.is_empty() {
            tables::others(html, &subject.others);
        }
    });
}

fn operation(
    html: &mut Html,
    report: &Report,
    subject: &Subject<'_>,
    evidence: &Evidence,
    verdict: Option<&Verdict>,
) {
    figures(html, evidence);
    html.tag("div", &[("class", "grid")], |html| {
        html.tag("div", &[("class", "column")], |html| {
            card(html, "What the gate asks", |html| demands(html, verdict));
            card(html, "Input classes", |html| coverage(html, &subject.config.classes, evidence));
        });
        html.tag("div", &[("class", "column")], |html| {
            card(html, "The bound, and the gate", |html| {
                let sum = &evidence.tally.sum;
                let (wanted, _) = wanted_rates(subject.rung, subject.config.settings.template);
                curve::show(html, &evidence.details, (evidence.tally.trials, sum.real()), wanted);
            });
            times(html, report, subject);
        });
    });
    costs(html, report, subject);
    html.leaf("h4", &[], "What differs");
    differences::show(html, evidence);
}

/// Both distributions of time. They are the feature's: a guard tells operations apart by their costs alone.
fn times(html: &mut Html, report: &Report, subject: &Subject<'_>) {
    card(html, "How long it takes", |html| {
        let side = |side: &str| report.told.times(subject.name(), side);
        latency::show(html, &side("legacy"), &side("candidate"));
    });
}

fn costs(html: &mut Html, report: &Report, subject: &Subject<'_>) {
    let mine = report.told.operations.iter().filter(|cost| cost.feature == subject.name());
    latency::operations(html, mine);
}

fn card(html: &mut Html, title: &str, inner: impl FnOnce(&mut Html)) {
    html.tag("div", &[("class", "card")], |html| {
        html.leaf("h4", &[], title);
        inner(html);
    });
}

fn figures(html: &mut Html, evidence: &Evidence) {
    let (tally, sum) = (&evidence.tally, &evidence.tally.sum);
    let (comparisons, real) = (sum.comparisons(), sum.real());
    let (bound, devices) = (tally.bound(), tally.device_bound());
    html.tag("dl", &[("class", "figures")], |html| {
        let mut figure = |class: &str, name: &str, value: &str, note: &str| {
            html.tag("div", &[("class", class)], |html| {
                html.leaf("dt", &[], name);
                html.tag("dd", &[], |html| {
                    html.leaf("b", &[], value);
                    html.leaf("span", &[], note);
                });
            });
        };
        let counts = match tally.trials < comparisons {
            true => format!(", {} count", count(tally.trials)),
            false => String::new(),
        };
        let over = format!("over {}{counts}", counted(sum.days.into(), "day"));
        figure("", "comparisons", &count(comparisons), &over);
        let tone = if real > 0 { "bad" } else { "good" };
        figure(tone, "real mismatches", &count(real), &format!("below {} at 95 %", rate(bound)));
        let note = format!("{} burned, below {} at 95 %", count(tally.devices_burned), rate(devices));
        figure("", "devices", &count(tally.devices), &note);
        let unseen = format!("{:.2} % unseen", sum.distinct.unseen(tally.trials) * 100.0);
        let about = if sum.distinct.level() > 0 { "about " } else { "" };
        figure("", "different inputs", &format!("{about}{}", count(sum.distinct.estimate())), &unseen);
        let tone = if sum.deaths > 0 { "bad" } else { "" };
        figure(tone, "deaths", &count(sum.deaths), &counted(sum.loads, "load"));
    });
}

fn demands(html: &mut Html, verdict: Option<&Verdict>) {
    let Some(verdict) = verdict else {
        html.leaf("p", &[("class", "none")], "There is no further step.");
        return;
    };
    html.leaf("p", &[("class", "about")], &format!("{} → {}", verdict.from, verdict.to));
    html.tag("ul", &[("class", "demands")], |html| {
        let blocks = verdict.blocks.iter().map(|block| (false, block));
        for (met, block) in blocks.chain(verdict.met.iter().map(|block| (true, block))) {
            html.tag("li", &[("class", if met { "good" } else { "bad" })], |html| {
                html.leaf("b", &[], demand(block.code));
                html.leaf("span", &[("class", "state")], if met { " met" } else { " not met" });
                html.leaf("span", &[("class", "detail")], &block.detail);
                if !met {
                    html.leaf("code", &[], block.code.as_str());
                }
            });
        }
    });
}

fn coverage(html: &mut Html, declared: &[String], evidence: &Evidence) {
    let hits = &evidence.tally.sum.classes;
    if declared.is_empty() && hits.is_empty() {
        html.leaf("p", &[("class", "none")], "The configuration declares no classes.");
        return;
    }
    let undeclared = hits.keys().filter(|class| !declared.contains(class));
    html.tag("ul", &[("class", "classes")], |html| {
        for class in declared.iter().chain(undeclared) {
            let number = hits.get(class).copied().unwrap_or(0);
            let heat = match number {
                0 => "h0",
                _ if number < CLASS_HITS => "h1",
                _ if number < 10 * CLASS_HITS => "h2",
                _ if number < 100 * CLASS_HITS => "h3",
                _ => "h4",
            };
            html.tag("li", &[("class", heat)], |html| {
                html.leaf("b", &[], class);
                let few = if number < CLASS_HITS { format!(" of {CLASS_HITS}") } else { String::new() };
                let note = if declared.contains(class) { "" } else { ", not declared" };
                html.leaf("span", &[], &format!("{}{few}{note}", count(number)));
            });
        }
    });
    let hit = declared.iter().filter(|class| hits.get(*class).is_some_and(|number| *number >= CLASS_HITS));
    let words = format!(
        "{} of {} declared classes were hit {CLASS_HITS} times or more.",
        hit.count(),
        declared.len()
    );
    html.leaf("p", &[("class", "about")], &words);
}
