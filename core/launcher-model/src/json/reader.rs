//! Reading JSON values strictly, with the path of what is wrong.

use serde_json::Value;
use thiserror::Error;

use crate::intent::ComponentName;

/// The input does not have the form that a load needs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("LM_INPUT_MALFORMED: {path} is not {wanted}")]
pub struct SpecError {
    /// Where, from the root: `platform.packages[3].pkg`.
    pub path: String,
    /// What was wanted there.
    pub wanted: &'static str,
}

impl SpecError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        "LM_INPUT_MALFORMED"
    }
}

/// A value and where it was found.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    value: Option<&'a Value>,
    path: String,
}

impl<'a> Reader<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value: Some(value), path: String::new() }
    }

    /// A member; null counts as missing.
    pub(super) fn key(&self, key: &str) -> Self {
        let value = self.value.and_then(|value| value.get(key)).filter(|value| !value.is_null());
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Self { value, path }
    }

    pub(super) fn is_missing(&self) -> bool {
        self.value.is_none()
    }

    pub(super) fn error(&self, wanted: &'static str) -> SpecError {
        SpecError { path: self.path.clone(), wanted }
    }

    fn optional<T>(
        &self,
        wanted: &'static str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, SpecError> {
        self.value.map(|value| read(value).ok_or_else(|| self.error(wanted))).transpose()
    }

    /// The elements of a list; none where it is missing.
    pub(super) fn list(&self) -> Result<Vec<Self>, SpecError> {
        let items = self.optional("a list", Value::as_array)?.map(Vec::as_slice).unwrap_or_default();
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, value)| Self { value: Some(value), path: format!("{}[{index}]", self.path) })
            .collect())
    }

    /// The elements of a list, each read by the same function.
    pub(super) fn each<T>(&self, read: impl Fn(&Self) -> Result<T, SpecError>) -> Result<Vec<T>, SpecError> {
        self.list()?.iter().map(read).collect()
    }

    pub(super) fn flag(&self, default: bool) -> Result<bool, SpecError> {
        Ok(self.optional("true or false", Value::as_bool)?.unwrap_or(default))
    }

    pub(super) fn long(&self, default: i64) -> Result<i64, SpecError> {
        Ok(self.optional("a whole number", Value::as_i64)?.unwrap_or(default))
    }

    pub(super) fn int(&self, default: i32) -> Result<i32, SpecError> {
        let number = |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok());
        Ok(self.optional("a whole number of 32 bits", number)?.unwrap_or(default))
    }

    pub(super) fn fraction(&self, default: f32) -> Result<f32, SpecError> {
        Ok(self.optional("a number", Value::as_f64)?.map_or(default, |number| number as f32))
    }

    pub(super) fn optional_text(&self) -> Result<Option<&'a str>, SpecError> {
        self.optional("a text", Value::as_str)
    }

    pub(super) fn text(&self) -> Result<String, SpecError> {
        self.optional_text()?.map(str::to_owned).ok_or_else(|| self.error("a text"))
    }

    pub(super) fn optional_component(&self) -> Result<Option<ComponentName>, SpecError> {
        let read = |value: &Value| value.as_str().and_then(ComponentName::parse);
        self.optional("a component name, package/class", read)
    }

    pub(super) fn component(&self) -> Result<ComponentName, SpecError> {
        self.optional_component()?.ok_or_else(|| self.error("a component name, package/class"))
    }
}
