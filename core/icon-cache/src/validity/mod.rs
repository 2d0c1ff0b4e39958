//! Whether what is known about an icon still holds: tokens, compared byte for byte.
//!
//! A label and pixels have a token each, because they go stale for different reasons: a new language makes every label
//! stale and no pixel, a new icon shape every pixel and no label. What is in a token is the caller's matter; [`ItemState`]
//! and [`tokens_of`] are the forms that Kotlin and the command line share.
//!
//! Not here: time. A token is equal or it is not; a clock that goes back changes nothing (S12).
//!
//! Invariant: nothing is fresh without a token.

use std::fmt;
use std::sync::Arc;

/// An opaque mark of what a label or a picture was made from.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(Arc<str>);

impl Token {
    /// A token.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Token {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Tokens hold paths of installed packages, which are nobody's business in a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:08x})", crc32c::crc32c(self.0.as_bytes()))
    }
}

/// The tokens that label and pixels of an item must have now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tokens {
    /// Of the label.
    pub label: Token,
    /// Of the pixels.
    pub pixels: Token,
}

impl Tokens {
    /// One token for both, as AOSP has it.
    pub fn same(token: &str) -> Self {
        let token = Token::new(token);
        Self { label: token.clone(), pixels: token }
    }
}

/// What of a phone makes labels and pixels (A.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SystemState {
    /// Language tags, joined by commas.
    pub locales: String,
    /// The build of the OS: an update renders again.
    pub build: String,
    /// Icon mask, theme and icon pack, in one text.
    pub theme: String,
}

/// The tokens of an item: the system's state and the identity of what is installed (source folder, shortcut's time).
/// `day` is the day of the month, for calendars only.
///
/// ```
/// # use ferrule_icon_cache::validity::{tokens_of, SystemState};
/// let state = |locales: &str| SystemState { locales: locales.into(), build: "35".into(), theme: "circle".into() };
/// let (english, french) = (tokens_of(&state("en"), "/data/app/x", None), tokens_of(&state("fr"), "/data/app/x", None));
/// assert_ne!(english.label, french.label);
/// assert_eq!(english.pixels, french.pixels);
/// ```
pub fn tokens_of(state: &SystemState, installed: &str, day: Option<u8>) -> Tokens {
    // The parts have their length before them: no two states share a text.
    let join = |parts: &[&str]| {
        let parts: Vec<String> = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
        Token::new(&parts.join(" "))
    };
    let day = day.map_or(String::new(), |day| day.to_string());
    Tokens {
        label: join(&[&state.locales, &state.build, installed]),
        pixels: join(&[&state.theme, &state.build, installed, &day]),
    }
}

/// An item's state in the form that AOSP stores since 2026: fields and extras joined by [`ItemState::SEPARATOR`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemState {
    /// Language tags.
    pub locale: String,
    /// The SDK or another name of the system's version.
    pub sdk: String,
    /// The theme.
    pub theme: String,
    /// Whether icons are circles, as text.
    pub is_circle: String,
    /// What a kind of item adds, in order.
    pub extras: Vec<String>,
}

impl ItemState {
    /// What stands between fields.
    pub const SEPARATOR: &'static str = ";;";

    /// Reads the text; fewer than four fields are no state.
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.split(Self::SEPARATOR).map(str::to_owned);
        Some(Self {
            locale: fields.next()?,
            sdk: fields.next()?,
            theme: fields.next()?,
            is_circle: fields.next()?,
            extras: fields.collect(),
        })
    }
}

impl fmt::Display for ItemState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};;{};;{};;{}", self.locale, self.sdk, self.theme, self.is_circle)?;
        self.extras.iter().try_for_each(|extra| write!(f, ";;{extra}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_back_as_it_was_written() {
        for text in ["l;;s;;t;;c", ";;;;;;;;a1;;a2", "l;;s;;t;;c;;"] {
            assert_eq!(ItemState::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(ItemState::parse("l;;s;;t"), None);
    }

    #[test]
    fn no_two_states_share_a_token() {
        let state = |locales: &str, build: &str| SystemState {
            locales: locales.into(),
            build: build.into(),
            theme: String::new(),
        };
        let day = |day| tokens_of(&state("en", "1"), "x", day).pixels;
        assert_ne!(tokens_of(&state("en", "1 2"), "x", None), tokens_of(&state("en 1", "2"), "x", None));
        assert_ne!(day(Some(1)), day(Some(11)));
        assert_ne!(day(None), day(Some(1)));
    }
}
