//! Collation and sections by ICU4X, for the workstation; feature `icu`.
//!
//! ICU4X collates but has no alphabetic index. The index here is built as the platform's is (ICU's `AlphabeticIndex`):
//! the index characters of the locales become buckets, sorted by primary weight; the boundaries between scripts,
//! which the root collation marks by contractions with U+FDD1, decide where "other" buckets go in between; Chinese
//! index characters are contractions with U+FDD0 in the Chinese collations.
//!
//! Not for a device: its data alone are larger than the whole library. There [`super::LabelKeys`] carries the
//! platform's own answers. The version of Unicode is ICU4X's, newer than any device's: characters that were assigned
//! or reweighted since may sort elsewhere. `tests/conformance` names the labels where that shows.
//!
//! Invariants: building takes about half a second without optimisation (the boundaries are found by probing), naming a
//! section is a binary search.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale::exemplar_chars::ExemplarCharacters;
use icu_locale::{Locale, ParseError};
use icu_normalizer::DecomposingNormalizerBorrowed;
use thiserror::Error;

use super::label::{Collator, SectionNamer};
use super::letters::{CharClass, class};

/// Begins the contractions that are Chinese index characters.
const CHINESE_BASE: char = '\u{FDD0}';
/// Begins the contractions that mark the first primary weight of a script.
const SCRIPT_BASE: char = '\u{FDD1}';
/// What the platform calls everything that has no bucket of its own (MORE P1).
const OTHER: &str = "…";
/// Most labels of an index; more are thinned out.
const LABELS_MAX: usize = 99;

/// Why a collation could not be built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IcuError {
    /// A locale's name is malformed.
    #[error("locale: {0}")]
    Locale(#[from] ParseError),
    /// There are no data for it; the text is ICU4X's.
    #[error("data: {0}")]
    Data(String),
}

/// Collation and sections for a list of locales, the first of which is the user's own.
pub struct IcuCollation {
    collator: CollatorBorrowed<'static>,
    primary: CollatorBorrowed<'static>,
    buckets: Vec<Bucket>,
    japanese: bool,
}

struct Bucket {
    label: String,
    lower: String,
    kind: BucketKind,
    shown_as: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BucketKind {
    Normal,
    Other,
}

impl Collator for IcuCollation {
    fn compare(&self, a: &str, b: &str) -> Ordering {
        self.collator.compare(a, b)
    }
}

impl SectionNamer for IcuCollation {
    fn bucket_label(&self, label: &str) -> String {
        let behind = self
            .buckets
            .partition_point(|bucket| self.primary.compare(label, &bucket.lower) != Ordering::Less);
        let bucket = behind.checked_sub(1).and_then(|index| self.buckets.get(index)).or(self.buckets.first());
        let shown =
            bucket.and_then(|bucket| bucket.shown_as).and_then(|index| self.buckets.get(index)).or(bucket);
        shown.map_or_else(|| OTHER.to_owned(), |bucket| bucket.label.clone())
    }

    fn is_japanese(&self) -> bool {
        self.japanese
    }
}

impl IcuCollation {
    /// A collation for locales given as BCP 47 names; English is always added, and alone when there are none.
    ///
    /// # Errors
    /// [`IcuError`] for a malformed name, or without data.
    pub fn new(locales: &[&str]) -> Result<Self, IcuError> {
        let mut parsed = locales.iter().map(|name| name.parse()).collect::<Result<Vec<Locale>, _>>()?;
        parsed.push("en".parse()?);
        let own = parsed.first().cloned().unwrap_or_else(|| Locale::UNKNOWN);
        let mut options = CollatorOptions::default();
        let preferences = CollatorPreferences::from(&own);
        let collator = CollatorBorrowed::try_new(preferences, options).map_err(missing)?;
        options.strength = Some(Strength::Primary);
        let primary = CollatorBorrowed::try_new(preferences, options).map_err(missing)?;
        let scripts = script_starts(&primary);
        let mut characters = chinese_characters(&primary);
        for locale in parsed.iter().skip(usize::from(!characters.is_empty())) {
            add_index_characters(locale, &mut characters)?;
        }
        let labels = choose_labels(&primary, &scripts, &characters);
        let buckets = make_buckets(&primary, &scripts, labels);
        let japanese = own.id.language.as_str() == "ja";
        Ok(Self { collator, primary, buckets, japanese })
    }
}

fn missing(error: impl ToString) -> IcuError {
    IcuError::Data(error.to_string())
}

fn key(primary: &CollatorBorrowed<'_>, text: &str) -> Vec<u8> {
    let mut key = Vec::new();
    // A vector takes any key.
    let _ = primary.write_sort_key_to(text, &mut key);
    key
}

/// Whether a base and a character are one contraction: the base's own weight is not there any more.
fn contracts(primary: &CollatorBorrowed<'_>, base: char, alone: &[u8], c: char) -> bool {
    !key(primary, &format!("{base}{c}")).starts_with(alone)
}

/// The starts of all real scripts in this collation's order; the last is that of unassigned characters.
fn script_starts(primary: &CollatorBorrowed<'_>) -> Vec<String> {
    let alone = key(primary, &SCRIPT_BASE.to_string());
    let nothing = key(primary, "");
    let letters = ('\0'..='\u{1FFFF}').filter(|c| class(*c) == CharClass::Letter && !is_repeated_script(*c));
    let mut starts: Vec<(Vec<u8>, String)> = letters
        .chain([CHINESE_BASE])
        .filter(|c| contracts(primary, SCRIPT_BASE, &alone, *c))
        .map(|c| format!("{SCRIPT_BASE}{c}"))
        .map(|text| (key(primary, &text), text))
        .filter(|(key, _)| *key != nothing)
        .collect();
    starts.sort();
    starts.dedup_by(|a, b| a.0 == b.0);
    starts.into_iter().map(|(_, text)| text).collect()
}

/// Ideographs and syllables whose scripts are marked by their first character alone.
fn is_repeated_script(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC01}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}')
        && c != '\u{5B57}'
        || matches!(c, '\u{17000}'..='\u{18CFF}') && !matches!(c, '\u{17000}' | '\u{18229}' | '\u{18B00}')
}

/// The Chinese index characters: pinyin initials with A to Z beside them, stroke counts, or bopomofo.
fn chinese_characters(primary: &CollatorBorrowed<'_>) -> BTreeSet<String> {
    let alone = key(primary, &CHINESE_BASE.to_string());
    let candidates = ('A'..='Z').chain('\u{2800}'..='\u{28FF}').chain('\u{3105}'..='\u{3129}');
    let mut found: BTreeSet<String> = candidates
        .filter(|c| contracts(primary, CHINESE_BASE, &alone, *c))
        .map(|c| format!("{CHINESE_BASE}{c}"))
        .collect();
    if found.iter().any(|text| text.ends_with(|c: char| c.is_ascii_uppercase())) {
        found.extend(('A'..='Z').map(String::from));
    }
    found
}

/// The index characters of a locale; where it has none, its letters in upper case.
fn add_index_characters(locale: &Locale, characters: &mut BTreeSet<String>) -> Result<(), IcuError> {
    let data = locale.into();
    let index = ExemplarCharacters::try_new_index(&data).map_err(missing)?;
    let before = characters.len();
    characters.extend(index.code_points().iter_chars().map(String::from));
    characters.extend(index.strings().iter().map(str::to_owned));
    if characters.len() > before || index.size() > 0 {
        return Ok(());
    }
    let main = ExemplarCharacters::try_new_main(&data).map_err(missing)?;
    let upper = |text: &str| text.to_uppercase();
    let ethiopic_tail = |c: char| matches!(c, '\u{1200}'..='\u{137F}') && u32::from(c) % 8 != 0;
    let mut letters: Vec<char> =
        main.code_points().iter_chars().filter(|c| !ethiopic_tail(*c) && !matches!(c, '가'..='힣')).collect();
    if letters.is_empty() || letters.iter().any(char::is_ascii_lowercase) {
        letters.extend('a'..='z');
    }
    if main.contains('가') {
        letters.extend("가나다라마바사아자차카타파하".chars());
    }
    characters.extend(letters.into_iter().map(|c| upper(&c.to_string())));
    characters.extend(main.strings().iter().map(upper));
    Ok(())
}

/// The labels that stand for different primary weights inside the scripts, in order.
fn choose_labels(
    primary: &CollatorBorrowed<'_>,
    scripts: &[String],
    characters: &BTreeSet<String>,
) -> Vec<String> {
    let (Some(first), Some(last)) = (scripts.first(), scripts.last()) else { return Vec::new() };
    let mut labels: Vec<String> = Vec::new();
    for item in characters {
        let single = item.chars().count() == 1;
        let marked = item.ends_with('*') && !item.ends_with("**") && !single;
        let item = if marked { item.strip_suffix('*').unwrap_or(item) } else { item.as_str() };
        let outside = primary.compare(item, first) == Ordering::Less
            || primary.compare(item, last) != Ordering::Less
            || (!single && !marked && primary.compare(item, &separated(item)) == Ordering::Equal);
        if outside {
            continue;
        }
        match labels.binary_search_by(|label| primary.compare(label, item)) {
            Err(place) => labels.insert(place, item.to_owned()),
            Ok(place) => {
                if let Some(label) = labels.get_mut(place)
                    && is_plainer(item, label)
                {
                    *label = item.to_owned();
                }
            }
        }
    }
    thin_out(labels)
}

fn separated(text: &str) -> String {
    text.chars().map(String::from).collect::<Vec<_>>().join("\u{34F}")
}

/// Of two labels with equal weights the one with fewer characters when decomposed, then the smaller.
fn is_plainer(one: &str, other: &str) -> bool {
    let normalizer = DecomposingNormalizerBorrowed::new_nfkd();
    let rank = |text: &str| {
        let normal = normalizer.normalize(text).into_owned();
        (normal.chars().count(), normal, text.to_owned())
    };
    rank(one) < rank(other)
}

fn thin_out(labels: Vec<String>) -> Vec<String> {
    let size = labels.len().saturating_sub(1);
    if size <= LABELS_MAX {
        return labels;
    }
    let mut last = None;
    let mut count = 0;
    let mut kept = labels;
    kept.retain(|_| {
        count += 1;
        let step = count * LABELS_MAX / size;
        last.replace(step) != Some(step)
    });
    kept
}

fn make_buckets(primary: &CollatorBorrowed<'_>, scripts: &[String], labels: Vec<String>) -> Vec<Bucket> {
    let other = |lower: &str| Bucket {
        label: OTHER.to_owned(),
        lower: lower.to_owned(),
        kind: BucketKind::Other,
        shown_as: None,
    };
    let mut buckets = vec![other("")];
    let mut bounds = scripts.iter();
    let mut upper = "";
    let mut latin: [Option<usize>; 26] = [None; 26];
    let mut pinyin: [Option<usize>; 26] = [None; 26];
    for label in labels {
        if primary.compare(&label, upper) != Ordering::Less {
            let lower = upper;
            let mut skipped = false;
            for bound in bounds.by_ref() {
                upper = bound;
                if primary.compare(&label, upper) == Ordering::Less {
                    break;
                }
                skipped = true;
            }
            if skipped && buckets.len() > 1 {
                buckets.push(other(lower));
            }
        }
        let at = buckets.len();
        let initial = label.strip_prefix(CHINESE_BASE);
        let table = if initial.is_some() { &mut pinyin } else { &mut latin };
        if let [letter @ b'A'..=b'Z'] = initial.unwrap_or(&label).as_bytes()
            && let Some(slot) = table.get_mut(usize::from(letter - b'A'))
        {
            *slot = Some(at);
        }
        let shown = display_label(&label);
        let is_expansion = initial.is_none() && has_several_weights(primary, &label);
        let beyond = format!("{label}\u{FFFF}");
        buckets.push(Bucket { label: shown, lower: label, kind: BucketKind::Normal, shown_as: None });
        if is_expansion {
            // What sorts behind "Æ" but before "B" belongs to "A" again.
            let single =
                buckets.iter().enumerate().rev().skip(1).take_while(|(_, b)| b.kind == BucketKind::Normal);
            let mut single =
                single.filter(|(_, b)| b.shown_as.is_none() && !has_several_weights(primary, &b.lower));
            if let Some((index, _)) = single.next() {
                buckets.push(Bucket {
                    label: String::new(),
                    lower: beyond,
                    kind: BucketKind::Normal,
                    shown_as: Some(index),
                });
            }
        }
    }
    if buckets.len() > 1 {
        buckets.push(other(upper));
    }
    let mut shown = None;
    for (latin, pinyin) in latin.iter().zip(pinyin) {
        shown = latin.or(shown);
        if let Some(bucket) = pinyin.and_then(|index| buckets.get_mut(index)) {
            bucket.shown_as = shown;
        }
    }
    buckets
}

/// A Chinese index character without its base; stroke counts as a number.
fn display_label(label: &str) -> String {
    let Some(rest) = label.strip_prefix(CHINESE_BASE) else { return label.to_owned() };
    match rest.chars().next().map(u32::from) {
        Some(code @ 0x2801..=0x28FF) => format!("{}劃", code - 0x2800),
        _ => rest.to_owned(),
    }
}

/// Whether a label has more than one primary weight. ICU4X shows no weights, so expansions are recognised by what they
/// expand to: two Latin letters for one, its own characters for a sequence.
fn has_several_weights(primary: &CollatorBorrowed<'_>, label: &str) -> bool {
    let mut rest = label.chars();
    let (first, second) = (rest.next(), rest.next());
    match (first, second) {
        (Some(c), None) if c.is_ascii() || class(c) != CharClass::Letter => false,
        (Some(_), None) => {
            let pairs = ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| format!("{a}{b}")));
            pairs.into_iter().any(|pair| primary.compare(label, &pair) == Ordering::Equal)
        }
        (Some(_), Some(_)) => primary.compare(label, &separated(label)) == Ordering::Equal,
        (None, _) => false,
    }
}
