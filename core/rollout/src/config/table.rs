//! The file as a whole: its schema, its generation, its features.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::feature::read_feature;
use super::place::place;
use super::problem::{Problem, nearest};
use super::{Config, Parsed, SCHEMA, check};
use crate::engine::state::FEATURES_MAX;
use crate::reason::RoCode;

const KEYS: [&str; 3] = ["schema", "generation", "feature"];

/// The text and what was found wrong with it.
pub(super) struct Reader<'t> {
    pub text: &'t str,
    pub problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Notes a problem at a byte of the text.
    pub fn problem(&mut self, at: usize, code: RoCode, feature: Option<&str>, message: String) {
        let (line, column) = place(self.text, at);
        let feature = feature.map(str::to_owned);
        self.problems.push(Problem { line, column, code, feature, message, near: None });
    }

    /// What was probably meant, for the problem noted last.
    pub fn suggest(&mut self, near: Option<String>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.near = near;
        }
    }

    /// A key that there is not.
    pub fn unknown_key(&mut self, at: usize, feature: Option<&str>, key: &str, known: &[&str]) {
        let near = nearest(key, known.iter().copied()).map(str::to_owned);
        let list = known.join(", ");
        let message = format!("there is no setting {key}; there are {list}.");
        self.problem(at, RoCode::ConfigUnknownKey, feature, message);
        self.suggest(near);
    }

    /// A whole number in a range.
    pub fn integer(
        &mut self,
        (feature, key): (Option<&str>, &str),
        value: &Spanned<DeValue<'_>>,
        (low, high): (i64, i64),
    ) -> Option<i64> {
        let at = value.span().start;
        let DeValue::Integer(number) = value.get_ref() else {
            let kind = value.get_ref().type_str();
            self.problem(
                at,
                RoCode::ConfigType,
                feature,
                format!("{key} is a {kind}; it has to be a whole number."),
            );
            return None;
        };
        let digits = number.as_str().replace('_', "");
        let parsed = i64::from_str_radix(&digits, number.radix()).ok();
        match parsed.filter(|number| (low..=high).contains(number)) {
            Some(number) => Some(number),
            None => {
                let shorter = parsed.map(|number| number / 10).filter(|number| (low..=high).contains(number));
                self.problem(
                    at,
                    RoCode::ConfigRange,
                    feature,
                    format!("{key} = {} is outside {low}..={high}.", number.as_str()),
                );
                self.suggest(shorter.map(|number| number.to_string()));
                None
            }
        }
    }

    /// A text.
    pub fn text_value<'v>(
        &mut self,
        feature: Option<&str>,
        key: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Option<&'v str> {
        let found = value.get_ref().as_str();
        if found.is_none() {
            let kind = value.get_ref().type_str();
            let message = format!("{key} is a {kind}; it has to be a text.");
            self.problem(value.span().start, RoCode::ConfigType, feature, message);
        }
        found
    }
}

pub(super) fn parse(text: &str, today: Option<&str>) -> Parsed {
    let mut reader = Reader { text, problems: Vec::new() };
    let config = read(&mut reader, today);
    reader.problems.sort_by_key(|problem| (problem.line, problem.column));
    Parsed { config, problems: reader.problems }
}

fn read(reader: &mut Reader<'_>, today: Option<&str>) -> Option<Config> {
    let text = reader.text;
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message = format!("{}.", error.message().replace('\n', "; "));
            reader.problem(at, RoCode::ConfigSyntax, None, message);
            return None;
        }
    };
    for (key, _) in &table {
        if !KEYS.contains(&key.get_ref().as_ref()) {
            reader.unknown_key(key.span().start, None, key.get_ref(), &KEYS);
        }
    }
    let schema = required(reader, &table, "schema", (SCHEMA, SCHEMA));
    let generation = required(reader, &table, "generation", (1, i64::MAX));
    let mut read_features = Vec::new();
    match table.get("feature").map(|features| (features.span().start, features.get_ref())) {
        None => {
            reader.problem(0, RoCode::ConfigMissing, None, "there is no [feature.\"NAME\"].".to_owned());
        }
        Some((_, DeValue::Table(features))) => {
            if features.len() > FEATURES_MAX {
                let message = format!("there are {} features, and room for {FEATURES_MAX}.", features.len());
                reader.problem(0, RoCode::ConfigRange, None, message);
                return None;
            }
            let mut in_order: Vec<_> = features.iter().collect();
            in_order.sort_by_key(|(name, _)| name.span().start);
            for (name, value) in in_order {
                read_features.extend(read_feature(reader, name, value, today));
            }
        }
        Some((at, other)) => {
            let message =
                format!("feature is a {}; it has to be tables [feature.\"NAME\"].", other.type_str());
            reader.problem(at, RoCode::ConfigType, None, message);
        }
    }
    schema?;
    let generation = u64::try_from(generation?).ok()?;
    let features = check::together(reader, read_features);
    Some(Config { generation, features })
}

fn required(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str, range: (i64, i64)) -> Option<i64> {
    match table.get(key) {
        Some(value) => reader.integer((None, key), value, range),
        None => {
            let wanted =
                if range.0 == range.1 { range.0.to_string() } else { "a number from 1 on".to_owned() };
            reader.problem(
                0,
                RoCode::ConfigMissing,
                None,
                format!("{key} is missing; it has to be {wanted}."),
            );
            None
        }
    }
}
