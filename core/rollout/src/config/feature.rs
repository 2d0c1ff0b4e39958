//! One `[feature."NAME"]`.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::table::Reader;
use super::{FeatureConfig, Waiver};
use crate::bucket::BUCKETS;
use crate::engine::state::{FEATURES_MAX, TARGETS_MAX, TEXT_BYTES_MAX};
use crate::engine::{FeatureId, Settings, Target, TargetKind};
use crate::reason::RoCode;
use crate::stage::{Rung, Stage, Template};

const KEYS: [&str; 17] = [
    "id",
    "template",
    "stage",
    "canary_permille",
    "ceiling",
    "ceiling_permille",
    "critical",
    "needs",
    "exclusive_group",
    "window_start",
    "targets",
    "accept",
    "classes",
    "waive",
    "inline",
    "legacy_present",
    "note",
];
const WAIVER_KEYS: [&str; 5] = ["path", "reason", "owner", "expires", "max_rate"];

/// A feature, and what has to be checked once all are known.
pub(super) struct ReadFeature {
    pub config: FeatureConfig,
    /// Where its name stands.
    pub at: usize,
    /// Where its number stands.
    pub id_at: usize,
    /// The features that it needs, with their places.
    pub needs: Vec<(String, usize)>,
    /// Whether it names an exclusive group.
    pub in_group: bool,
}

/// Reads one; `None` if it has no number by which it could be kept.
pub(super) fn read_feature(
    reader: &mut Reader<'_>,
    name: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
    today: Option<&str>,
) -> Option<ReadFeature> {
    let at = name.span().start;
    let name = name.get_ref().as_ref();
    let before = reader.problems.len();
    let Some(table) = value.get_ref().as_table() else {
        let message = format!("it is a {}; it has to be a table.", value.get_ref().type_str());
        reader.problem(at, RoCode::ConfigType, Some(name), message);
        return None;
    };
    if name.is_empty() || name.len() > TEXT_BYTES_MAX {
        let message = format!("a name has 1 to {TEXT_BYTES_MAX} bytes.");
        reader.problem(at, RoCode::ConfigRange, Some(name), message);
        return None;
    }
    for (key, _) in table {
        if !KEYS.contains(&key.get_ref().as_ref()) {
            reader.unknown_key(key.span().start, Some(name), key.get_ref(), &KEYS);
        }
    }
    let mut fields = Fields { reader, name, table };
    let id = fields.id(at)?;
    let template = fields.named("template", &Template::ALL, Template::as_str).unwrap_or_default();
    let start = fields.rung("stage", "canary_permille").unwrap_or(Rung::OFF);
    let ceiling = match table.contains_key("ceiling") {
        true => fields.rung("ceiling", "ceiling_permille").unwrap_or(start),
        false => start,
    };
    for (key, rung) in [("stage", start), ("ceiling", ceiling)] {
        if !template.allows(rung.stage) && table.contains_key(key) {
            let message =
                format!("{key} = {} is no stage of template {}.", rung.stage.as_str(), template.as_str());
            fields.reader.problem(fields.place(key, at), RoCode::ConfigRange, Some(name), message);
        }
    }
    if ceiling < start {
        let message = format!("ceiling = {ceiling} is below stage = {start}.");
        fields.reader.problem(fields.place("ceiling", at), RoCode::ConfigRange, Some(name), message);
    }
    let legacy_present = fields.boolean("legacy_present").unwrap_or(true);
    if start.stage == Stage::Complete && legacy_present {
        let message =
            "stage = complete needs legacy_present = false: call sites still keep legacy.".to_owned();
        fields.reader.problem(fields.place("stage", at), RoCode::ConfigRange, Some(name), message);
    }
    let inline = fields.boolean("inline").unwrap_or(false);
    if inline && template == Template::ReadWrite {
        let message = "inline = true is for features without locks or files: nothing ends a write on the caller's thread \
                       (R59)."
            .to_owned();
        fields.reader.problem(fields.place("inline", at), RoCode::ConfigRange, Some(name), message);
    }
    let window_start = fields.number("window_start", (0, i64::from(BUCKETS) - 1)).unwrap_or(0) as u16;
    if i64::from(window_start) + i64::from(start.permille.max(ceiling.permille)) > i64::from(BUCKETS) {
        let message = format!("window_start = {window_start} and its share go beyond {BUCKETS}.");
        fields.reader.problem(fields.place("window_start", at), RoCode::ConfigRange, Some(name), message);
    }
    let group = fields.short_text("exclusive_group").map(|group| format!("exclusive/{group}"));
    let in_group = group.is_some();
    let critical = fields.boolean("critical").unwrap_or(false);
    let needs = fields.texts("needs");
    let targets = fields.targets();
    let accept = fields.texts("accept").into_iter().map(|(code, _)| code).collect();
    let classes = fields.texts("classes").into_iter().map(|(class, _)| class).collect();
    let waivers = fields.waivers(today);
    let is_bad = reader.problems.len() > before;
    let settings = Settings {
        name: name.to_owned(),
        salt: group.unwrap_or_else(|| name.to_owned()),
        template,
        start: if is_bad { Rung::OFF } else { start },
        ceiling: if is_bad { Rung::OFF } else { ceiling },
        window_start,
        critical,
        parents: 0,
        is_bad,
        targets,
    };
    let id_at = table.get("id").map_or(at, |value| value.span().start);
    let config = FeatureConfig { id, settings, accept, classes, waivers, inline, legacy_present };
    Some(ReadFeature { config, at, id_at, needs, in_group })
}

/// The table of a feature.
struct Fields<'r, 't, 'v> {
    reader: &'r mut Reader<'t>,
    name: &'v str,
    table: &'v DeTable<'v>,
}

impl<'v> Fields<'_, '_, 'v> {
    fn place(&self, key: &str, otherwise: usize) -> usize {
        self.table.get(key).map_or(otherwise, |value| value.span().start)
    }

    fn id(&mut self, at: usize) -> Option<FeatureId> {
        let Some(value) = self.table.get("id") else {
            let message = "id is missing; it has to be a number that this feature keeps for ever.".to_owned();
            self.reader.problem(at, RoCode::ConfigMissing, Some(self.name), message);
            return None;
        };
        let range = (0, FEATURES_MAX as i64 - 1);
        let number = self.reader.integer((Some(self.name), "id"), value, range)?;
        u16::try_from(number).ok().and_then(FeatureId::new)
    }

    fn number(&mut self, key: &str, range: (i64, i64)) -> Option<i64> {
        let value = self.table.get(key)?;
        self.reader.integer((Some(self.name), key), value, range)
    }

    fn boolean(&mut self, key: &str) -> Option<bool> {
        let value = self.table.get(key)?;
        let found = value.get_ref().as_bool();
        if found.is_none() {
            let message = format!("{key} is a {}; it has to be true or false.", value.get_ref().type_str());
            self.reader.problem(value.span().start, RoCode::ConfigType, Some(self.name), message);
        }
        found
    }

    fn short_text(&mut self, key: &str) -> Option<String> {
        let value = self.table.get(key)?;
        let text = self.reader.text_value(Some(self.name), key, value)?;
        // The salt that a group makes is 10 bytes longer.
        let max = TEXT_BYTES_MAX - 10;
        if text.is_empty() || text.len() > max {
            let message = format!("{key} has {} bytes; it may have 1 to {max}.", text.len());
            self.reader.problem(value.span().start, RoCode::ConfigRange, Some(self.name), message);
            return None;
        }
        Some(text.to_owned())
    }

    /// One of a list of names.
    fn named<T: Copy>(&mut self, key: &str, all: &[T], name_of: impl Fn(T) -> &'static str) -> Option<T> {
        let value = self.table.get(key)?;
        let text = self.reader.text_value(Some(self.name), key, value)?;
        if let Some(found) = all.iter().copied().find(|one| name_of(*one) == text) {
            return Some(found);
        }
        let names: Vec<&str> = all.iter().map(|one| name_of(*one)).collect();
        let message = format!("{key} = \"{text}\" is none of {}.", names.join(", "));
        let near = super::nearest(&text.to_lowercase(), names).map(str::to_owned);
        self.reader.problem(value.span().start, RoCode::ConfigRange, Some(self.name), message);
        self.reader.suggest(near);
        None
    }

    /// A stage, with its share if it is a canary.
    fn rung(&mut self, key: &str, share_key: &str) -> Option<Rung> {
        let stage = self.named(key, &Stage::ALL, Stage::as_str);
        let share = self.number(share_key, (0, i64::from(BUCKETS)));
        let has_share = self.table.contains_key(share_key);
        match stage? {
            Stage::Canary if has_share => share.map(|share| Rung::canary(share as u16)),
            Stage::Canary => {
                let message = format!("{share_key} is missing; a canary needs its share, 0..={BUCKETS}.");
                let at = self.place(key, 0);
                self.reader.problem(at, RoCode::ConfigMissing, Some(self.name), message);
                None
            }
            stage if has_share => {
                let message = format!("{share_key} is for {key} = \"canary\" only, not {}.", stage.as_str());
                let at = self.place(share_key, 0);
                self.reader.problem(at, RoCode::ConfigRange, Some(self.name), message);
                None
            }
            stage => Some(Rung::of(stage)),
        }
    }

    /// A list of texts, each with its place.
    fn texts(&mut self, key: &str) -> Vec<(String, usize)> {
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            let message = format!("{key} is a {}; it has to be a list of texts.", value.get_ref().type_str());
            self.reader.problem(value.span().start, RoCode::ConfigType, Some(self.name), message);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in list.iter().take(1000) {
            if let Some(text) = self.reader.text_value(Some(self.name), key, item) {
                texts.push((text.to_owned(), item.span().start));
            }
        }
        texts
    }

    fn targets(&mut self) -> Vec<Target> {
        let Some(value) = self.table.get("targets") else { return Vec::new() };
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("targets is a {}; it has to be a table.", value.get_ref().type_str());
            self.reader.problem(value.span().start, RoCode::ConfigType, Some(self.name), message);
            return Vec::new();
        };
        let mut targets = Vec::new();
        for (key, value) in table {
            let known = TargetKind::ALL.map(TargetKind::as_str);
            let Some(kind) = TargetKind::ALL.into_iter().find(|kind| kind.as_str() == key.get_ref()) else {
                self.reader.unknown_key(key.span().start, Some(self.name), key.get_ref(), &known);
                continue;
            };
            let alternatives: Vec<_> = match value.get_ref() {
                DeValue::Array(list) => list.iter().take(TARGETS_MAX + 1).collect(),
                _ => vec![value],
            };
            for value in alternatives {
                let text = if kind.is_number() {
                    let range = (0, i64::from(u32::MAX));
                    self.reader
                        .integer((Some(self.name), kind.as_str()), value, range)
                        .map(|number| number.to_string())
                } else {
                    self.reader.text_value(Some(self.name), kind.as_str(), value).map(str::to_owned)
                };
                targets.extend(text.map(|value| Target { kind, value }));
            }
        }
        let too_long = targets.iter().any(|target| target.value.len() > TEXT_BYTES_MAX);
        if targets.len() > TARGETS_MAX || too_long {
            let message =
                format!("targets has at most {TARGETS_MAX} values of at most {TEXT_BYTES_MAX} bytes each.");
            self.reader.problem(value.span().start, RoCode::ConfigRange, Some(self.name), message);
            targets.clear();
        }
        targets
    }

    fn waivers(&mut self, today: Option<&str>) -> Vec<Waiver> {
        let Some(value) = self.table.get("waive") else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            let message = "waive has to be tables [[feature.\"NAME\".waive]].".to_owned();
            self.reader.problem(value.span().start, RoCode::ConfigType, Some(self.name), message);
            return Vec::new();
        };
        let mut waivers = Vec::new();
        for item in list.iter().take(1000) {
            waivers.extend(self.waiver(item, today));
        }
        waivers
    }

    fn waiver(&mut self, item: &Spanned<DeValue<'_>>, today: Option<&str>) -> Option<Waiver> {
        let at = item.span().start;
        let Some(table) = item.get_ref().as_table() else {
            let message = "a waiver has to be a table.".to_owned();
            self.reader.problem(at, RoCode::ConfigType, Some(self.name), message);
            return None;
        };
        for (key, _) in table {
            if !WAIVER_KEYS.contains(&key.get_ref().as_ref()) {
                self.reader.unknown_key(key.span().start, Some(self.name), key.get_ref(), &WAIVER_KEYS);
            }
        }
        let mut text = |key: &str| {
            let found =
                table.get(key).and_then(|value| value.get_ref().as_str()).filter(|text| !text.is_empty());
            if found.is_none() {
                let message = format!("a waiver says {key}, as a text.");
                self.reader.problem(at, RoCode::ConfigWaiver, Some(self.name), message);
            }
            found.map(str::to_owned)
        };
        let (path, reason, owner, expires) = (text("path"), text("reason"), text("owner"), text("expires"));
        let max_rate = table.get("max_rate").and_then(|value| match value.get_ref() {
            DeValue::Float(rate) => rate.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Integer(rate) => rate.as_str().parse::<f64>().ok(),
            _ => None,
        });
        let max_rate = max_rate.filter(|rate| (0.0..=1.0).contains(rate));
        if max_rate.is_none() {
            let message = "a waiver says max_rate, 0 to 1.".to_owned();
            self.reader.problem(at, RoCode::ConfigWaiver, Some(self.name), message);
        }
        let expires = expires?;
        let shape = expires.len() == 10
            && expires.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape || today.is_some_and(|today| expires.as_str() < today) {
            let what = if shape { "has run out" } else { "is no day YYYY-MM-DD" };
            let message = format!("expires = \"{expires}\" {what}.");
            self.reader.problem(at, RoCode::ConfigWaiver, Some(self.name), message);
            return None;
        }
        Some(Waiver { path: path?, reason: reason?, owner: owner?, expires, max_rate: max_rate? })
    }
}
