//! Reading the form before `#Intent;`: `data#action(..)categories(a!b)type(..)launchFlags(..)component(p!c)extras(..)`.
//!
//! The parts come in this order, each at most once, and what follows them is ignored (I5). Only the values of string and
//! character extras are decoded. A bracket that does not close sends Android's position back to the start of the text
//! for some parts and fails for others; both are kept.

use std::borrow::Cow;

use super::parse::{Draft, ExtraFault, GRANT_FLAGS, find_from, read_extra, slice, starts_at};
use super::{ACTION_VIEW, ComponentName, Extra, Intent, IntentError, IntentFault, Text, number, percent};

/// Reads a text whose last `#` is at `hash` and does not begin `#Intent;`.
pub(super) fn parse(text: &str, hash: usize) -> Result<Intent, IntentError> {
    let mut reader = Reader { text, hash, at: hash + 1, is_fragment: false, draft: Draft::default() };
    reader.action()?;
    reader.categories();
    reader.mime_type()?;
    reader.flags()?;
    reader.component();
    reader.extras()?;
    let is_fragment = reader.is_fragment;
    let mut intent = reader.draft.finish();
    intent.data = Some(if is_fragment { slice(text, 0, hash) } else { text }.into());
    intent.action.get_or_insert(Text::new_static(ACTION_VIEW));
    Ok(intent)
}

struct Reader<'a> {
    text: &'a str,
    hash: usize,
    at: usize,
    is_fragment: bool,
    draft: Draft,
}

impl<'a> Reader<'a> {
    /// Steps over `name(` and gives the offset of the closing bracket, if there is one. `None` when the part is absent.
    fn part(&mut self, name: &str) -> Option<Option<usize>> {
        if !starts_at(self.text, self.at, name) {
            return None;
        }
        self.is_fragment = true;
        self.at += name.len();
        Some(find_from(self.text, self.at, b')'))
    }

    /// The content of `name(…)`, which must close. Android reports the `#` as the place of this fault.
    fn content(&mut self, name: &str) -> Result<Option<&'a str>, IntentError> {
        let Some(close) = self.part(name) else { return Ok(None) };
        let close = close.ok_or_else(|| self.illegal(self.at))?;
        let content = slice(self.text, self.at, close);
        self.at = close + 1;
        Ok(Some(content))
    }

    fn illegal(&self, offset: usize) -> IntentError {
        IntentError::new(IntentFault::IllegalFormat, self.text, offset, Some(self.hash))
    }

    fn action(&mut self) -> Result<(), IntentError> {
        self.draft.intent.action = self.content("action(")?.map(Text::new);
        Ok(())
    }

    /// Categories are taken only inside a closed bracket; after an open one reading goes on at the start of the text.
    fn categories(&mut self) {
        let Some(close) = self.part("categories(") else { return };
        if let Some(close) = close {
            let names = slice(self.text, self.at, close).split('!').filter(|name| !name.is_empty());
            self.draft.categories.extend(names.map(|name| (name.into(), ())));
        }
        self.at = close.map_or(0, |close| close + 1);
    }

    fn mime_type(&mut self) -> Result<(), IntentError> {
        self.draft.intent.mime_type = self.content("type(")?.map(Text::new);
        Ok(())
    }

    fn flags(&mut self) -> Result<(), IntentError> {
        let start = self.at;
        if let Some(value) = self.content("launchFlags(")? {
            let flags = number::parse_flags(value)
                .map_err(|()| IntentError::new(IntentFault::Number, self.text, start, None))?;
            self.draft.intent.flags = flags & !GRANT_FLAGS;
        }
        Ok(())
    }

    /// A component without `!` is dropped; after an open bracket reading goes on at the start of the text.
    fn component(&mut self) {
        let Some(close) = self.part("component(") else { return };
        if let Some(close) = close
            && let Some((package, class)) = slice(self.text, self.at, close).split_once('!')
        {
            self.draft.intent.component = Some(ComponentName::new(package, class));
        }
        self.at = close.map_or(0, |close| close + 1);
    }

    fn extras(&mut self) -> Result<(), IntentError> {
        let Some(close) = self.part("extras(") else { return Ok(()) };
        let fault = |fault, at| IntentError::at(fault, self.text, at);
        let close = close.ok_or_else(|| fault(IntentFault::OldExtrasUnclosed, self.at))?;
        let mut at = self.at;
        while at < close {
            let eq = find_from(self.text, at, b'=');
            let letter_and_key = eq.map(|eq| slice(self.text, at, eq)).unwrap_or_default();
            let Some(eq) = eq.filter(|_| letter_and_key.encode_utf16().take(2).count() == 2) else {
                return Err(fault(IntentFault::OldExtraWithoutKey, at));
            };
            let value_at = eq + 1;
            let end = find_from(self.text, value_at, b'!').filter(|end| *end < close).unwrap_or(close);
            if value_at >= end {
                return Err(fault(IntentFault::OldExtraWithoutValue, value_at));
            }
            let mut key = letter_and_key.chars();
            let letter = key.next().unwrap_or_default();
            let extra =
                old_extra(letter, slice(self.text, value_at, end)).map_err(|problem| match problem {
                    OldExtraFault::Type => fault(IntentFault::OldExtraUnknownType, end),
                    OldExtraFault::Value(ExtraFault::Number) => fault(IntentFault::OldExtraBadNumber, end),
                    OldExtraFault::Value(ExtraFault::Empty) => self.illegal(value_at),
                })?;
            self.draft.extras.push((key.as_str().into(), extra));
            at = end + 1;
        }
        Ok(())
    }
}

enum OldExtraFault {
    Type,
    Value(ExtraFault),
}

fn old_extra(letter: char, value: &str) -> Result<Extra, OldExtraFault> {
    let value = match letter {
        'S' | 'c' => percent::decode(value),
        'B' | 'b' | 'd' | 'f' | 'i' | 'l' | 's' => Cow::Borrowed(value),
        _ => return Err(OldExtraFault::Type),
    };
    read_extra(letter, value).map_err(OldExtraFault::Value)
}
