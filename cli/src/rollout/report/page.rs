//! The page: the verdict first, then each feature, then what is common to all.

use ferrule_rollout::engine::State;

use super::feature::{self, Standing, Subject};
use super::html::Html;
use super::{Report, style, tables, timeline};

/// Writes the whole page.
pub fn render(report: &Report) -> String {
    let subjects: Vec<Subject<'_>> =
        report.config.features.iter().map(|config| Subject::new(report, config)).collect();
    let mut html = Html::default();
    let title = headline(&subjects);
    html.tag("html", &[("lang", "en"), ("class", "no-script")], |html| {
        html.tag("head", &[], |html| {
            html.void("meta", &[("charset", "utf-8")]);
            html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            html.leaf("title", &[], &format!("Ferrule rollout: {title}"));
            html.own("style", style::CSS);
        });
        html.tag("body", &[], |html| {
            html.leaf("a", &[("class", "skip"), ("href", "#features")], "To the features");
            head(html, report, &title, &subjects);
            html.tag("main", &[("id", "features")], |html| {
                for subject in &subjects {
                    feature::show(html, report, subject);
                }
                strangers(html, report);
                part(html, "timeline", "What moved when", |html| {
                    timeline::show(html, &report.told.events, report.chain, report.other_logs);
                });
                part(html, "crashes", "Crashes and quarantines", |html| tables::crashes(html, report));
                part(html, "waivers", "Waivers", |html| tables::waivers(html, report));
                part(html, "drills", "Kill drills", |html| tables::drills(html, report));
                part(html, "reproduction", "How this report is made again", |html| {
                    tables::reproduction(html, report);
                });
            });
            html.tag("footer", &[], |html| {
                html.text("Bounds are exact (Clopper and Pearson), one-sided, at 95 %. Codes are explained in docs/codes.md.");
            });
            html.own("script", style::SCRIPT);
        });
    });
    html.document()
}

fn part(html: &mut Html, id: &str, title: &str, inner: impl FnOnce(&mut Html)) {
    html.tag("section", &[("id", id)], |html| {
        html.leaf("h2", &[], title);
        inner(html);
    });
}

/// The page's verdict in a few words.
fn headline(subjects: &[Subject<'_>]) -> String {
    let standing = |wanted| subjects.iter().filter(|subject| subject.standing() == wanted).count();
    let all = subjects.len();
    match (standing(Standing::Ready), standing(Standing::Stopped)) {
        (ready, _) if ready == all && all > 0 => "Every feature is ready for its next step".to_owned(),
        (0, 0) => "No feature is ready for its next step".to_owned(),
        (ready, 0) => format!("{ready} of {all} features ready for the next step"),
        (0, stopped) => format!("None ready, {stopped} of {all} features stopped"),
        (ready, stopped) => format!("{ready} of {all} features ready, {stopped} stopped"),
    }
}

fn head(html: &mut Html, report: &Report, title: &str, subjects: &[Subject<'_>]) {
    html.tag("header", &[], |html| {
        html.leaf("p", &[("class", "eyebrow")], "Ferrule rollout");
        html.leaf("h1", &[], title);
        html.leaf("p", &[], "Legacy answers until the evidence lets the candidate rise, one step at a time.");
        html.tag("ul", &[("class", "device")], |html| {
            html.leaf("li", &[], &format!("configuration {}", report.config.generation));
            html.leaf("li", &[], &format!("as of {}", report.day));
            match &report.state {
                Some(state) => device(html, state),
                None => html.leaf("li", &[], "no state handed over"),
            }
        });
        html.tag("ul", &[("class", "verdicts")], |html| {
            for subject in subjects {
                let class = format!("verdict {}", subject.standing().class());
                html.tag("li", &[("class", &class)], |html| {
                    html.leaf("a", &[("href", &format!("#{}", subject.anchor()))], subject.name());
                    html.leaf("p", &[], &subject.sentence());
                    feature::track(html, subject);
                });
            }
        });
    });
}

fn device(html: &mut Html, state: &State) {
    let durable = &state.durable;
    match durable.build {
        0 => html.leaf("li", &[], "no build has started yet"),
        build => html.leaf("li", &[], &format!("build {build:016x}")),
    }
    match durable.killed.any() {
        true => html.leaf("li", &[("class", "bad")], "all killed"),
        false => html.leaf("li", &[], "no general kill"),
    }
    match durable.safe_mode {
        Some(_) => html.leaf("li", &[("class", "bad")], "safe mode"),
        None => html.leaf("li", &[], "no safe mode"),
    }
    if durable.lost {
        html.leaf("li", &[("class", "bad")], "state lost: all off");
    }
}

/// Ledgers of features that the configuration does not have.
fn strangers(html: &mut Html, report: &Report) {
    let others: Vec<_> =
        report.evidence.iter().filter(|(key, _)| report.config.named(&key.feature).is_none()).collect();
    if !others.is_empty() {
        part(html, "strangers", "Features that the configuration does not have", |html| {
            tables::others(html, &others);
        });
    }
}
