//! Reading the `data#Intent;key=value;…;end` form, and what belongs to both forms.
//!
//! Works on byte offsets. All separators are ASCII, so Android's UTF-16 positions fall on the same characters; they are
//! only converted where an error reports one, and counted where a key's length decides (see [`extra_key`]).

use std::borrow::Cow;

use memchr::{memchr, memrchr};
use smol_str::format_smolstr;

use super::number::{self, parse_flags};
use super::{
    ACTION_MAIN, ACTION_VIEW, Bounds, CATEGORY_DEEP_SHORTCUT, CATEGORY_LAUNCHER, ComponentName,
    EXTRA_SHORTCUT_ID, Extra, HashOrdered, Intent, IntentError, IntentFault, Text,
};
use super::{parse_old, percent};

/// The longest text that is read, in bytes: what Android's cursor window can hold of a row, so legacy never sees more.
pub const TEXT_BYTES_MAX: usize = 2 << 20;
/// The most bytes that the keys of a text may decode to. A key without `=` reaches up to the next `=`, however far, so a
/// hostile text could otherwise decode to the square of its length.
pub const DECODED_BYTES_MAX: usize = 4 * TEXT_BYTES_MAX;

/// The flag bits that grant access to a URI; a text cannot grant them.
pub(super) const GRANT_FLAGS: i32 = 0xC3;

const FRAGMENT: &str = "#Intent;";
const APP_SCHEME: &str = "android-app:";
const INTENT_SCHEME: &str = "intent:";

impl Intent {
    /// Reads a text as `Intent.parseUri(text, 0)` does: the new form, the old form, `intent:` and `android-app:` URIs;
    /// anything else is a data URI with action VIEW.
    ///
    /// # Errors
    /// [`IntentError`] with the broken rule and its place. Texts above [`TEXT_BYTES_MAX`] or that would decode to more
    /// than [`DECODED_BYTES_MAX`] are refused as [`IntentFault::Oversize`].
    pub fn parse(text: &str) -> Result<Self, IntentError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(IntentError::new(IntentFault::Oversize, text, TEXT_BYTES_MAX, None));
        }
        let is_app = text.starts_with(APP_SCHEME);
        let fragment = match memrchr(b'#', text.as_bytes()) {
            None if !is_app => return Ok(Self::view(text)),
            Some(hash) if !starts_at(text, hash, FRAGMENT) && !is_app => return parse_old::parse(text, hash),
            Some(hash) if starts_at(text, hash, FRAGMENT) => Some(hash),
            None | Some(_) => None, // an app URI without intent fragment
        };
        Reader::new(text).read(fragment)
    }

    /// Reads a text as `Intent.parseUri(text, URI_INTENT_SCHEME)` does: only `intent:` and `android-app:` URIs are
    /// taken apart, anything else is a data URI with action VIEW.
    ///
    /// # Errors
    /// As [`Intent::parse`].
    pub fn parse_intent_scheme(text: &str) -> Result<Self, IntentError> {
        if text.starts_with(INTENT_SCHEME) || text.starts_with(APP_SCHEME) {
            Self::parse(text)
        } else if text.len() > TEXT_BYTES_MAX {
            Err(IntentError::new(IntentFault::Oversize, text, TEXT_BYTES_MAX, None))
        } else {
            Ok(Self::view(text))
        }
    }

    /// VIEW on a data URI.
    pub(super) fn view(data: &str) -> Self {
        Self { action: Some(Text::new_static(ACTION_VIEW)), data: Some(data.into()), ..Self::default() }
    }
}

/// An intent while its segments come in; extras and categories are ordered at the end.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) intent: Intent,
    pub(super) categories: Vec<(Text, ())>,
    pub(super) extras: Vec<(Text, Extra)>,
}

impl Draft {
    pub(super) fn finish(self) -> Intent {
        Intent {
            categories: HashOrdered::from_pairs(self.categories),
            extras: HashOrdered::from_pairs(self.extras),
            ..self.intent
        }
    }
}

/// Whether the text goes on with `prefix` at a byte offset.
pub(super) fn starts_at(text: &str, at: usize, prefix: &str) -> bool {
    text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(prefix.as_bytes()))
}

/// The offset of the next such ASCII character at or after `from`.
pub(super) fn find_from(text: &str, from: usize, needle: u8) -> Option<usize> {
    memchr(needle, text.as_bytes().get(from..)?).map(|at| from + at)
}

/// A part of the text; offsets that are no boundaries or out of order give nothing.
pub(super) fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

struct Reader<'a> {
    text: &'a str,
    /// The next `=` at or after the current segment, found once however many segments it spans.
    next_eq: Option<usize>,
    /// Whether there is an escape anywhere; hardly any text of an icon has one.
    is_escaped: bool,
    decoded: usize,
    scheme: Option<String>,
    explicit_action: bool,
    base: Draft,
    selector: Option<Draft>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let mut base = Draft::default();
        base.intent.action = Some(Text::new_static(ACTION_VIEW));
        let (scheme, explicit_action, selector) = (None, false, None);
        let is_escaped = memchr(b'%', text.as_bytes()).is_some();
        Self { text, next_eq: Some(0), is_escaped, decoded: 0, scheme, explicit_action, base, selector }
    }

    /// Reads the segments behind the fragment's mark, then the data in front of it.
    fn read(mut self, fragment: Option<usize>) -> Result<Intent, IntentError> {
        let mut at = None;
        if let Some(hash) = fragment {
            let mut start = hash + FRAGMENT.len();
            while !starts_at(self.text, start, "end") {
                start = self.segment(start)?;
            }
            at = Some(start);
        }
        let mut intent = self.base.finish();
        if let Some(selector) = self.selector
            && intent.package.is_none()
        {
            intent.selector = Some(Box::new(selector.finish())); // I6: a package wins over a selector
        }
        let data = fragment.map_or(self.text, |hash| slice(self.text, 0, hash));
        let data = if let Some(rest) = data.strip_prefix(INTENT_SCHEME) {
            self.scheme.map_or_else(|| Cow::Borrowed(rest), |scheme| format!("{scheme}:{rest}").into())
        } else if let Some(rest) = data.strip_prefix(APP_SCHEME) {
            app_data(rest, self.scheme, self.explicit_action, &mut intent).map(Cow::Owned).ok_or_else(
                || {
                    let offset = at.unwrap_or(self.text.len());
                    IntentError::new(IntentFault::IllegalFormat, self.text, offset, at)
                },
            )?
        } else {
            Cow::Borrowed(data)
        };
        intent.data = (!data.is_empty()).then(|| data.into());
        Ok(intent)
    }

    /// Reads one `key=value;` segment and gives the offset of the next.
    fn segment(&mut self, start: usize) -> Result<usize, IntentError> {
        let text = self.text;
        if self.next_eq.is_some_and(|eq| eq < start) {
            self.next_eq = find_from(text, start, b'=');
        }
        let Some(semi) = find_from(text, start, b';') else {
            return Err(IntentError::new(IntentFault::EndNotFound, text, start, None));
        };
        // The first `=` counts even if it lies in a later segment; then the value is empty.
        let value_at = self.next_eq.filter(|eq| *eq < semi).map_or(semi, |eq| eq + 1);
        let value = slice(text, value_at, semi);
        let value = if self.is_escaped { percent::decode(value) } else { Cow::Borrowed(value) };
        let number = |offset| move |()| IntentError::new(IntentFault::Number, text, offset, None);
        let in_selector = self.selector.is_some();
        let draft = self.selector.as_mut().unwrap_or(&mut self.base);
        let intent = &mut draft.intent;
        match self.next_eq.map(|eq| slice(text, start, eq)) {
            Some("action") => {
                intent.action = Some(common(&value));
                self.explicit_action |= !in_selector;
            }
            Some("category") => draft.categories.push((common(&value), ())),
            Some("type") => intent.mime_type = Some(value.into()),
            Some("identifier") => intent.identifier = Some(value.into()),
            Some("launchFlags") => {
                intent.flags = parse_flags(&value).map_err(number(value_at))? & !GRANT_FLAGS;
            }
            Some("extendedLaunchFlags") => {
                intent.extended_flags = parse_flags(&value).map_err(number(value_at))?;
            }
            Some("package") => intent.package = Some(value.into()),
            Some("component") => intent.component = ComponentName::parse(&value),
            Some("scheme") if in_selector => intent.data = Some(format_smolstr!("{value}:")),
            Some("scheme") => self.scheme = Some(value.into_owned()),
            Some("sourceBounds") => {
                intent.source_bounds = parse_bounds(&value).map_err(number(value_at))?;
            }
            _ if slice(text, start, semi) == "SEL" => self.selector = Some(Draft::default()),
            key => {
                let key = key.filter(|key| key.encode_utf16().take(2).count() == 2);
                let Some(key) = key else {
                    return Err(IntentError::at(IntentFault::IllegalFormat, text, start));
                };
                let Some((letter, name)) = extra_key(key) else {
                    return Err(IntentError::at(IntentFault::UnknownKey, text, start));
                };
                self.decoded = self.decoded.saturating_add(name.len());
                if self.decoded > DECODED_BYTES_MAX {
                    return Err(IntentError::new(IntentFault::Oversize, text, start, None));
                }
                let extra = match read_extra(letter, value) {
                    Ok(extra) => extra,
                    Err(ExtraFault::Empty) => {
                        return Err(IntentError::at(IntentFault::IllegalFormat, text, start));
                    }
                    Err(ExtraFault::Number) => return Err(number(value_at)(())),
                };
                draft.extras.push((common(&percent::decode(name)), extra));
            }
        }
        Ok(semi + 1)
    }
}

/// The words of nearly every icon's intent, which need no memory of their own.
const COMMON: [&str; 4] = [ACTION_MAIN, CATEGORY_LAUNCHER, CATEGORY_DEEP_SHORTCUT, EXTRA_SHORTCUT_ID];

/// A word of an intent, one of [`COMMON`] if it can be.
fn common(word: &str) -> Text {
    match COMMON.iter().find(|common| **common == word) {
        Some(common) => Text::new_static(common),
        None => word.into(),
    }
}

/// Type letter and name of an extra's key, `S.name`.
fn extra_key(key: &str) -> Option<(char, &str)> {
    let (letter, name) = key.split_once('.')?;
    let mut letters = letter.chars();
    let first = letters.next()?;
    (letters.next().is_none() && "SBbcdfils".contains(first)).then_some((first, name))
}

/// Why a value is no extra.
pub(super) enum ExtraFault {
    /// A character extra without character.
    Empty,
    /// Not a number of the type.
    Number,
}

/// The extra that a type letter and a decoded value give. The letter is one of `SBbcdfils`.
pub(super) fn read_extra(letter: char, value: Cow<'_, str>) -> Result<Extra, ExtraFault> {
    fn parsed<T>(number: Option<T>, extra: fn(T) -> Extra) -> Result<Extra, ExtraFault> {
        number.map(extra).ok_or(ExtraFault::Number)
    }
    match letter {
        'B' => Ok(Extra::Boolean(value.eq_ignore_ascii_case("true"))),
        'b' => parsed(number::parse_integer(&value, 10), Extra::Byte),
        'c' => value.encode_utf16().next().map(Extra::Char).ok_or(ExtraFault::Empty),
        'd' => parsed(number::parse_double(&value), Extra::Double),
        'f' => parsed(number::parse_float(&value), Extra::Float),
        'i' => parsed(number::parse_integer(&value, 10), Extra::Int),
        'l' => parsed(number::parse_integer(&value, 10), Extra::Long),
        's' => parsed(number::parse_integer(&value, 10), Extra::Short),
        _ => Ok(Extra::String(value.into())),
    }
}

/// `left top right bottom`: four decimal numbers with single blanks between. Another shape is dropped silently (I2), a
/// number out of range is a failure (I1).
fn parse_bounds(text: &str) -> Result<Option<Bounds>, ()> {
    let is_number = |part: &&str| {
        let digits = part.strip_prefix('-').unwrap_or(part);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = text.splitn(5, ' ').collect();
    let &[left, top, right, bottom] = parts.as_slice() else { return Ok(None) };
    if ![left, top, right, bottom].iter().all(is_number) {
        return Ok(None);
    }
    let side = |part| number::parse_integer::<i32>(part, 10).ok_or(());
    Ok(Some(Bounds { left: side(left)?, top: side(top)?, right: side(right)?, bottom: side(bottom)? }))
}

/// What `android-app:` stands for: `//package[/scheme[/authority/path…]]`. Sets package and, without scheme, action
/// MAIN; gives the data URI. A scheme segment counts only when the path ends behind the package's slash. `None` when the
/// text ends within the slashes.
fn app_data(
    rest: &str,
    segment_scheme: Option<String>,
    explicit_action: bool,
    intent: &mut Intent,
) -> Option<String> {
    let mut bytes = rest.bytes();
    if bytes.next()? != b'/' || bytes.next()? != b'/' {
        return Some(String::new());
    }
    let mut parts = slice(rest, 2, rest.len()).splitn(3, '/');
    intent.package = Some(percent::decode(parts.next().unwrap_or_default()).into());
    let (scheme, tail) = (parts.next(), parts.next());
    let scheme = match scheme {
        Some("") if tail.is_none() => segment_scheme,
        scheme => scheme.map(|scheme| percent::decode(scheme).into_owned()),
    };
    let Some(scheme) = scheme else {
        if !explicit_action {
            intent.action = Some(Text::new_static(ACTION_MAIN));
        }
        return Some(String::new());
    };
    Some(match tail.and_then(|tail| tail.split_once('/')) {
        Some((authority, path)) => format!("{scheme}://{}/{path}", percent::decode(authority)),
        None => format!("{scheme}:"),
    })
}
