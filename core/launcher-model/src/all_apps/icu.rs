//! Collation and sections by ICU4X, for the workstation; feature `icu`.
//!
//! ICU4X collates but has no alphabetic index. The index here is built as the platform's is (ICU's `AlphabeticIndex`):
//! the index characters of the locales become buckets, sorted by primary weight; the boundaries between scripts,
//! which the root collation marks by contractions with U+FDD1, decide where "other" buckets go in between; Chinese
//! index characters are contractions with U+FDD0 in the Chinese collations.
//!
//! Not for a device: its data alone are larger than the whole library. There [`super::LabelKeys`] carries the
//! platform's own answers.
//!
//! Against Android 15 one deviation is left: ideographs that no language tailors sort by code point, not by radical and
//! stroke (U+3400–4DBF, U+9FD6 and later, a few older ones). Three are put right here: Japanese stands before Latin,
//! traditional Chinese goes by strokes, and Hangul has a start. `docs/adr/0007` has the reasons.
//!
//! Invariants: building takes about half a second without optimisation (the boundaries are found by probing), naming a
//! section is a binary search.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use icu_collator::{Collator as Icu, CollatorOptions, Strength};
use icu_locid::{Locale, ParserError};
use icu_normalizer::DecomposingNormalizer;
use icu_properties::exemplar_chars::{exemplars_index, exemplars_main};
use icu_provider::DataLocale;
use thiserror::Error;

use super::label::{Collator, SectionNamer};
use super::letters::{CharClass, class};

/// Begins the contractions that are Chinese index characters.
const CHINESE_BASE: char = '\u{FDD0}';
/// Begins the contractions that mark the first primary weight of a script.
const SCRIPT_BASE: char = '\u{FDD1}';
/// The letter with the first weight of Hangul.
const HANGUL_START: char = '\u{1100}';
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
    Locale(ParserError),
    /// There are no data for it; the text is ICU4X's.
    #[error("data: {0}")]
    Data(String),
}

/// Collation and sections for a list of locales, the first of which is the user's own.
pub struct IcuCollation {
    collator: Icu,
    primary: Icu,
    buckets: Vec<Bucket>,
    first_script: String,
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum ScriptGroup {
    Japanese,
    OtherLetter,
    NoLetter,
}

impl Collator for IcuCollation {
    fn compare(&self, a: &str, b: &str) -> Ordering {
        let kana_first = if self.japanese { self.compare_kana_first(a, b) } else { None };
        kana_first.unwrap_or_else(|| self.collator.compare(a, b))
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
    fn group(&self, c: char) -> ScriptGroup {
        match c {
            '\u{3041}'..='\u{309F}'
            | '\u{30A1}'..='\u{30FF}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{FF66}'..='\u{FF9F}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFD}' => ScriptGroup::Japanese,
            // Marks and signs have weights before the first script, some letters by category among them.
            _ if self.primary.compare(c.encode_utf8(&mut [0; 4]), &self.first_script) == Ordering::Less => {
                ScriptGroup::NoLetter
            }
            _ => ScriptGroup::OtherLetter,
        }
    }

    /// Android sorts Japanese kana and ideographs before Latin; CLDR, and with it ICU4X, the other way round. Decides
    /// only where the first difference is between the two.
    fn compare_kana_first(&self, a: &str, b: &str) -> Option<Ordering> {
        let weighed = |c: &char| self.primary.compare(c.encode_utf8(&mut [0; 4]), "") != Ordering::Equal;
        let pairs = a.chars().filter(weighed).zip(b.chars().filter(weighed));
        for (c, d) in pairs {
            match (self.group(c), self.group(d)) {
                (ScriptGroup::Japanese, ScriptGroup::OtherLetter) => return Some(Ordering::Less),
                (ScriptGroup::OtherLetter, ScriptGroup::Japanese) => return Some(Ordering::Greater),
                _ => {}
            }
            if self.primary.compare(c.encode_utf8(&mut [0; 4]), d.encode_utf8(&mut [0; 4])) != Ordering::Equal
            {
                return None;
            }
        }
        None
    }

    /// A collation for locales given as BCP 47 names; English is always added, and alone when there are none.
    ///
    /// # Errors
    /// [`IcuError`] for a malformed name, or without data.
    pub fn new(locales: &[&str]) -> Result<Self, IcuError> {
        let parsed =
            locales.iter().copied().chain(["en"]).map(str::parse).collect::<Result<Vec<Locale>, _>>();
        let parsed = parsed.map_err(IcuError::Locale)?;
        let own = parsed.first().cloned().unwrap_or_default();
        let mut options = CollatorOptions::new();
        let data = DataLocale::from(&collation_locale(&own)?);
        let collator = Icu::try_new(&data, options).map_err(missing)?;
        options.strength = Some(Strength::Primary);
        let primary = Icu::try_new(&data, options).map_err(missing)?;
        let scripts = script_starts(&primary);
        let mut characters = chinese_characters(&primary);
        for locale in parsed.iter().skip(usize::from(!characters.is_empty())) {
            add_index_characters(locale, &mut characters)?;
        }
        let labels = choose_labels(&primary, &scripts, &characters);
        let buckets = make_buckets(&primary, &scripts, labels);
        let japanese = own.id.language.as_str() == "ja";
        let first_script = scripts.into_iter().next().unwrap_or_default();
        Ok(Self { collator, primary, buckets, first_script, japanese })
    }
}

/// The locale whose collation is the default of `own`. ICU4X does not know that traditional Chinese goes by strokes.
fn collation_locale(own: &Locale) -> Result<Locale, IcuError> {
    let region = own.id.region.map(|region| region.to_string()).unwrap_or_default();
    let traditional = match own.id.script {
        Some(script) => script.as_str() == "Hant",
        None => matches!(region.as_str(), "TW" | "HK" | "MO"),
    };
    if own.id.language.as_str() != "zh" || !traditional || !own.extensions.is_empty() {
        return Ok(own.clone());
    }
    format!("{own}-u-co-stroke").parse().map_err(IcuError::Locale)
}

fn missing(error: impl ToString) -> IcuError {
    IcuError::Data(error.to_string())
}

/// Whether a base and a character are one contraction: a base with anything behind it is at least the base.
fn contracts(primary: &Icu, base: char, c: char) -> bool {
    primary.compare(&format!("{base}{c}"), base.encode_utf8(&mut [0; 4])) == Ordering::Less
}

/// The starts of all real scripts in this collation's order; the last is that of unassigned characters.
fn script_starts(primary: &Icu) -> Vec<String> {
    let letters = ('\0'..='\u{1FFFF}').filter(|c| class(*c) == CharClass::Letter && !is_repeated_script(*c));
    let mut starts: Vec<String> = letters
        .chain([CHINESE_BASE])
        .filter(|c| contracts(primary, SCRIPT_BASE, *c))
        .map(|c| format!("{SCRIPT_BASE}{c}"))
        // ICU4X decomposes Hangul before it looks for contractions and so has no mark for it.
        .chain([HANGUL_START.to_string()])
        .filter(|text| primary.compare(text, "") != Ordering::Equal)
        .collect();
    starts.sort_by(|a, b| primary.compare(a, b));
    starts.dedup_by(|a, b| primary.compare(a, b) == Ordering::Equal);
    starts
}

/// Ideographs and syllables whose scripts are marked by their first character alone.
fn is_repeated_script(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC01}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}')
        && c != '\u{5B57}'
        || matches!(c, '\u{17000}'..='\u{18CFF}') && !matches!(c, '\u{17000}' | '\u{18229}' | '\u{18B00}')
}

/// The Chinese index characters: pinyin initials with A to Z beside them, stroke counts, or bopomofo.
fn chinese_characters(primary: &Icu) -> BTreeSet<String> {
    let candidates = ('A'..='Z').chain('\u{2800}'..='\u{28FF}').chain('\u{3105}'..='\u{3129}');
    let mut found: BTreeSet<String> = candidates
        .filter(|c| contracts(primary, CHINESE_BASE, *c))
        .map(|c| format!("{CHINESE_BASE}{c}"))
        .collect();
    if found.iter().any(|text| text.ends_with(|c: char| c.is_ascii_uppercase())) {
        found.extend(('A'..='Z').map(String::from));
    }
    found
}

/// The index characters of a locale; where it has none, its letters in upper case.
fn add_index_characters(locale: &Locale, characters: &mut BTreeSet<String>) -> Result<(), IcuError> {
    let data = DataLocale::from(locale);
    let index = exemplars_index(&data).map_err(missing)?;
    let index = index.to_code_point_inversion_list_string_list();
    if index.size() > 0 {
        characters.extend(index.code_points().iter_chars().map(String::from));
        characters.extend(index.strings().iter().map(str::to_owned));
        return Ok(());
    }
    let main = exemplars_main(&data).map_err(missing)?;
    let main = main.to_code_point_inversion_list_string_list();
    let upper = |text: &str| text.to_uppercase();
    let ethiopic_tail = |c: char| matches!(c, '\u{1200}'..='\u{137F}') && u32::from(c) % 8 != 0;
    let mut letters: Vec<char> =
        main.code_points().iter_chars().filter(|c| !ethiopic_tail(*c) && !matches!(c, '가'..='힣')).collect();
    if letters.is_empty() || letters.iter().any(char::is_ascii_lowercase) {
        letters.extend('a'..='z');
    }
    if main.contains_char('가') {
        letters.extend("가나다라마바사아자차카타파하".chars());
    }
    characters.extend(letters.into_iter().map(|c| upper(&c.to_string())));
    characters.extend(main.strings().iter().map(upper));
    Ok(())
}

/// The labels that stand for different primary weights inside the scripts, in order.
fn choose_labels(primary: &Icu, scripts: &[String], characters: &BTreeSet<String>) -> Vec<String> {
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
    let normalizer = DecomposingNormalizer::new_nfkd();
    let rank = |text: &str| {
        let normal = normalizer.normalize(text);
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

fn make_buckets(primary: &Icu, scripts: &[String], labels: Vec<String>) -> Vec<Bucket> {
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
fn has_several_weights(primary: &Icu, label: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::all_apps::section_name;

    #[test]
    fn sections_of_some_languages() {
        for (locales, cases) in [
            (vec![], [("Éa", "E"), ("9", "…"), ("Яндекс", "…"), ("", "…")]),
            (vec!["ru-RU"], [("Éa", "E"), ("!", "…"), ("Яндекс", "Я"), ("ёж", "Е")]),
            (vec!["ja-JP"], [("カメラ", "か"), ("漢字", "…"), ("Zoom", "Z"), ("ん", "わ")]),
            (vec!["ko-KR"], [("카카오톡", "ㅋ"), ("他", "ㅌ"), ("Zoom", "Z"), ("あ", "…")]),
            (vec!["zh-CN"], [("微信", "W"), ("重庆", "C"), ("Zoom", "Z"), ("가", "…")]),
            (vec!["zh-TW"], [("他", "5劃"), ("一", "1劃"), ("Zoom", "Z"), ("가", "…")]),
        ] {
            let icu = IcuCollation::new(&locales).unwrap();
            for (label, section) in cases {
                assert_eq!(section_name(label, &icu), section, "{label} in {locales:?}");
            }
        }
    }

    #[test]
    fn japanese_stands_before_latin() {
        let icu = IcuCollation::new(&["ja"]).unwrap();
        assert_eq!(icu.compare("漢字", "Zoom"), Ordering::Less);
        assert_eq!(icu.compare("A漢", "AA"), Ordering::Less);
        assert_eq!(icu.compare("1", "あ"), Ordering::Less);
        let icu = IcuCollation::new(&["de"]).unwrap();
        assert_eq!(icu.compare("漢字", "Zoom"), Ordering::Greater);
    }

    #[test]
    fn a_malformed_locale_is_an_error() {
        assert!(matches!(IcuCollation::new(&["not a locale"]), Err(IcuError::Locale(_))));
    }
}
