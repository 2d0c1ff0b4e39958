//! Build numbers of Xiaomi systems: `ro.build.version.incremental` and its relatives, read without guessing.
//!
//! What it is: a parser of the five forms of os4-compat 6.2, a plain value without allocations. What it is not: it
//! judges no phone, and derives no marketing version ("3.3") from a build number, because nothing in it says one.
//!
//! Invariants: case-sensitive; no text panics; what matches no form is an error with a code, never a half-read value;
//! the Android letter is a fact of the text and never makes it invalid.

use std::fmt;

use crate::reason::OsCode;

/// How a build number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// `OS3.0.5.0.WOCCNXM`: release with device letters, also `V…` and `A…`.
    Release,
    /// `OS1.0.23.11.27.DEV`: internal build, of which only the major counts.
    Internal,
    /// `17OS4.0.260928.234954611.QCPECN.S`: an image shared by many devices.
    SharedImage,
    /// `20.1.9`: weekly build, which names no major.
    Weekly,
    /// `JMACNBL18.0`: the era of MIUI 5 on Android 4.1 to 4.3.
    Legacy,
}

impl Form {
    /// The form's number in the specification, 1 to 5.
    pub const fn number(self) -> u8 {
        match self {
            Self::Release => 1,
            Self::Internal => 2,
            Self::SharedImage => 3,
            Self::Weekly => 4,
            Self::Legacy => 5,
        }
    }
}

/// Which system's numbers a build number counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// HyperOS of this major. `V816` is HyperOS 1.
    HyperOs(u32),
    /// MIUI of this major.
    Miui(u32),
    /// An Android Go build: the number is the Android version, not one of an OS.
    Go,
    /// A weekly build: no major.
    Unnamed,
}

/// What stands behind the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// `.DEV`.
    Dev,
    /// `.PRE`.
    Pre,
    /// `.BETA`.
    Beta,
}

impl Channel {
    /// The channel as it is written, without the dot.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "DEV",
            Self::Pre => "PRE",
            Self::Beta => "BETA",
        }
    }
}

/// Why a text is no build number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IncrementalError {
    /// It has none of the five forms.
    #[error("matches none of the five forms of a build number")]
    NoForm,
    /// It has a form, but a major that no system has: OS 0 or above 99, V other than 5 to 15 and 816.
    #[error("is written like a build number, but no system has its major version")]
    UnknownMajor,
}

impl IncrementalError {
    /// The stable code.
    pub const fn code(self) -> OsCode {
        match self {
            Self::NoForm => OsCode::IncrementalNoForm,
            Self::UnknownMajor => OsCode::IncrementalUnknownMajor,
        }
    }
}

/// A build number, taken apart.
///
/// ```
/// use ferrule_os4_compat::incremental::{Incremental, System};
/// let build = Incremental::parse("PortedOS | OS4.0.7.0.XABCNXM")?;
/// assert_eq!(build.system(), System::HyperOs(4));
/// assert_eq!(build.android(), Some("17"));
/// assert_eq!((build.device_code(), build.region(), build.carrier()), (Some("AB"), Some("CN"), Some("XM")));
/// assert!(build.is_decorated());
/// # Ok::<(), ferrule_os4_compat::incremental::IncrementalError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Incremental {
    form: Form,
    system: System,
    is_v816: bool,
    decorated: bool,
    numbers: [u32; NUMBERS_MAX],
    numbers_len: u8,
    letters: Letters,
    shared_android: Option<u8>,
    channel: Option<Channel>,
    xms: Option<u8>,
}

/// The most numbers that a form has.
const NUMBERS_MAX: usize = 5;

/// The most letters that a form has.
const LETTERS_MAX: usize = 8;

/// Upper-case ASCII letters, at most [`LETTERS_MAX`], padded with 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Letters([u8; LETTERS_MAX]);

impl Letters {
    fn parse(text: &str) -> Option<Self> {
        let mut letters = [0; LETTERS_MAX];
        let room = letters.get_mut(..text.len())?;
        room.copy_from_slice(text.as_bytes());
        text.bytes().all(|byte| byte.is_ascii_uppercase()).then_some(Self(letters))
    }

    fn as_str(&self) -> &str {
        let len = self.0.iter().position(|&byte| byte == 0).unwrap_or(LETTERS_MAX);
        self.0.get(..len).and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default()
    }
}

/// Android versions by build letter: letter, version, first and last SDK (os4-compat 1.2).
const ANDROID_LETTERS: [(u8, &str, u32, u32); 14] = [
    (b'K', "4.4", 19, 20),
    (b'L', "5", 21, 22),
    (b'M', "6", 23, 23),
    (b'N', "7", 24, 25),
    (b'O', "8", 26, 27),
    (b'P', "9", 28, 28),
    (b'Q', "10", 29, 29),
    (b'R', "11", 30, 30),
    (b'S', "12", 31, 32),
    (b'T', "13", 33, 33),
    (b'U', "14", 34, 34),
    (b'V', "15", 35, 35),
    (b'W', "16", 36, 36),
    (b'X', "17", 37, 37),
];

impl Incremental {
    /// Reads a build number. Blanks around it are ignored; of a text with `|`, which port ROMs put before the real
    /// number, the part after the last one counts.
    ///
    /// # Errors
    /// [`IncrementalError`] when the text has none of the five forms, or a major that no system has.
    pub fn parse(text: &str) -> Result<Self, IncrementalError> {
        let (decorated, core) = match text.rsplit_once('|') {
            Some((_, core)) => (true, core.trim()),
            None => (false, text.trim()),
        };
        let parsed = parse_prefixed(core)?
            .or_else(|| parse_shared_image(core))
            .or_else(|| parse_weekly(core))
            .or_else(|| parse_legacy(core))
            .ok_or(IncrementalError::NoForm)?;
        Ok(Self { decorated, ..parsed })
    }

    /// How it is written.
    pub const fn form(&self) -> Form {
        self.form
    }

    /// Which system it names.
    pub const fn system(&self) -> System {
        self.system
    }

    /// The major of HyperOS or MIUI, if it names one.
    pub const fn major(&self) -> Option<u32> {
        match self.system {
            System::HyperOs(major) | System::Miui(major) => Some(major),
            System::Go | System::Unnamed => None,
        }
    }

    /// Whether this is HyperOS 1 written in the MIUI way, `V816…`.
    pub const fn is_v816(&self) -> bool {
        self.is_v816
    }

    /// Whether a port ROM put something before the number.
    pub const fn is_decorated(&self) -> bool {
        self.decorated
    }

    /// The numbers in the order they are written, the one after `OS`, `V` or `A` first; of a shared image the OS's
    /// two, date and time. Each is below 10^9; zeros in front are not kept.
    pub fn numbers(&self) -> &[u32] {
        self.numbers.get(..usize::from(self.numbers_len)).unwrap_or_default()
    }

    /// The letter group: seven letters, five on the vendor side, the shared image's own, or the letters that a
    /// legacy number begins with.
    pub fn letters(&self) -> Option<&str> {
        Some(self.letters.as_str()).filter(|letters| !letters.is_empty())
    }

    /// The Android version that the letter or the shared image's prefix stands for; `None` for letters not known yet.
    pub fn android(&self) -> Option<&'static str> {
        self.android_row().map(|row| row.1)
    }

    /// First and last SDK of that Android version; of a legacy number those of 4.1 to 4.3, which share a letter.
    pub fn sdk_range(&self) -> Option<(u32, u32)> {
        if self.form == Form::Legacy {
            return Some((16, 18));
        }
        self.android_row().map(|row| (row.2, row.3))
    }

    /// The Android letter of a release, also one that is not known yet.
    pub fn android_letter(&self) -> Option<char> {
        self.release_letters(0..1)?.chars().next()
    }

    /// Two letters for the device. Not a key: several devices share one.
    pub fn device_code(&self) -> Option<&str> {
        self.release_letters(1..3)
    }

    /// Two letters for the region, `MI` being the global one.
    pub fn region(&self) -> Option<&str> {
        self.release_letters(3..5)
    }

    /// Two letters for the carrier, mostly `XM` for none; absent on the vendor side.
    pub fn carrier(&self) -> Option<&str> {
        self.release_letters(5..7)
    }

    /// `DEV`, `PRE` or `BETA` at the end.
    pub const fn channel(&self) -> Option<Channel> {
        self.channel
    }

    /// The `nn` of a `.Cnn` at the end, the version of another component that some screens append.
    pub const fn component_suffix(&self) -> Option<u8> {
        self.xms
    }

    fn android_row(&self) -> Option<&'static (u8, &'static str, u32, u32)> {
        if let Some(version) = self.shared_android {
            return ANDROID_LETTERS.iter().find(|row| row.1.parse() == Ok(version));
        }
        let letter = self.android_letter()?;
        ANDROID_LETTERS.iter().find(|row| char::from(row.0) == letter)
    }

    fn release_letters(&self, range: std::ops::Range<usize>) -> Option<&str> {
        (self.form == Form::Release).then(|| self.letters.as_str().get(range)).flatten()
    }

    fn new(form: Form, system: System, numbers: &[u32]) -> Self {
        let mut kept = [0; NUMBERS_MAX];
        for (slot, number) in kept.iter_mut().zip(numbers) {
            *slot = *number;
        }
        Self {
            form,
            system,
            is_v816: false,
            decorated: false,
            numbers: kept,
            numbers_len: numbers.len().min(NUMBERS_MAX) as u8,
            letters: Letters::default(),
            shared_android: None,
            channel: None,
            xms: None,
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.number())
    }
}

/// Forms 1 and 2. `Ok(None)` when the text is written in another way.
fn parse_prefixed(text: &str) -> Result<Option<Incremental>, IncrementalError> {
    let Some((prefix, rest)) =
        ["OS", "V", "A"].iter().find_map(|prefix| Some((*prefix, text.strip_prefix(prefix)?)))
    else {
        return Ok(None);
    };
    let Some(parsed) = parse_release(rest).or_else(|| parse_internal(rest).filter(|_| prefix != "A")) else {
        return Ok(None);
    };
    let first = parsed.numbers().first().copied().unwrap_or_default();
    let system = match (prefix, first) {
        ("OS", 1..=99) => System::HyperOs(first),
        ("V", 5..=15) => System::Miui(first),
        ("V", 816) => System::HyperOs(1),
        ("A", 1..=99) => System::Go,
        _ => return Err(IncrementalError::UnknownMajor),
    };
    Ok(Some(Incremental { system, is_v816: prefix == "V" && first == 816, ..parsed }))
}

/// `M.m.a.b.LETTERS[.PRE|.BETA][.Cnn]`, the system still unnamed.
fn parse_release(text: &str) -> Option<Incremental> {
    let mut parts = text.split('.');
    let numbers = take_numbers::<4>(&mut parts)?;
    let letters = parts.next().filter(|letters| matches!(letters.len(), 5 | 7))?;
    let mut parsed = Incremental::new(Form::Release, System::Unnamed, &numbers);
    parsed.letters = Letters::parse(letters)?;
    let mut suffix = parts.next();
    parsed.channel = match suffix {
        Some("PRE") => Some(Channel::Pre),
        Some("BETA") => Some(Channel::Beta),
        _ => None,
    };
    if parsed.channel.is_some() {
        suffix = parts.next();
    }
    if let Some(suffix) = suffix {
        let digits = suffix.strip_prefix('C').filter(|digits| digits.len() == 2)?;
        parsed.xms = Some(number(digits, 2)? as u8);
    }
    parts.next().is_none().then_some(parsed)
}

/// `M.m.n.n.n.DEV` or `.PRE`, the system still unnamed.
fn parse_internal(text: &str) -> Option<Incremental> {
    let mut parts = text.split('.');
    let numbers = take_numbers::<5>(&mut parts)?;
    let channel = match parts.next()? {
        "DEV" => Channel::Dev,
        "PRE" => Channel::Pre,
        _ => return None,
    };
    let parsed = Incremental::new(Form::Internal, System::Unnamed, &numbers);
    parts.next().is_none().then_some(Incremental { channel: Some(channel), ..parsed })
}

/// `AAOSM.m.YYMMDD.time.LETTERS.L`.
fn parse_shared_image(text: &str) -> Option<Incremental> {
    let (android, rest) = text.split_once("OS")?;
    let android = number(android, 2).filter(|_| android.len() == 2)?;
    let mut parts = rest.split('.');
    let numbers = take_numbers::<4>(&mut parts)?;
    let [major, _, date, _] = numbers;
    let letters = parts.next().filter(|letters| !letters.is_empty())?;
    let kind = parts.next().filter(|kind| kind.len() == 1)?;
    Letters::parse(kind)?;
    let shaped = parts.next().is_none() && (1..=99).contains(&major) && is_date6(date);
    let parsed = Incremental::new(Form::SharedImage, System::HyperOs(major), &numbers);
    let letters = Letters::parse(letters)?;
    shaped.then_some(Incremental { letters, shared_android: Some(android as u8), ..parsed })
}

/// `y.m.d`.
fn parse_weekly(text: &str) -> Option<Incremental> {
    let mut parts = text.split('.');
    let numbers = take_numbers::<3>(&mut parts)?;
    let [year, month, day] = numbers;
    let is_date = (1..=99).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    (parts.next().is_none() && is_date).then(|| Incremental::new(Form::Weekly, System::Unnamed, &numbers))
}

/// `J` and six letters, then `n.n`.
fn parse_legacy(text: &str) -> Option<Incremental> {
    let digits_at = text.find(|letter: char| !letter.is_ascii_uppercase())?;
    let (letters, rest) = text.split_at_checked(digits_at)?;
    if letters.len() != 7 || !letters.starts_with('J') {
        return None;
    }
    let mut parts = rest.split('.');
    let numbers = take_numbers::<2>(&mut parts)?;
    let parsed = Incremental::new(Form::Legacy, System::Miui(5), &numbers);
    let letters = Letters::parse(letters)?;
    parts.next().is_none().then_some(Incremental { letters, ..parsed })
}

fn take_numbers<'a, const N: usize>(parts: &mut impl Iterator<Item = &'a str>) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    for slot in &mut numbers {
        *slot = number(parts.next()?, 9)?;
    }
    Some(numbers)
}

/// A number of ASCII digits, at least one and at most `digits_max` (9 fit a `u32`).
pub(crate) fn number(text: &str, digits_max: usize) -> Option<u32> {
    let digits =
        !text.is_empty() && text.len() <= digits_max && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn is_date6(date: u32) -> bool {
    let (month, day) = (date / 100 % 100, date % 100);
    date < 1_000_000 && (1..=12).contains(&month) && (1..=31).contains(&day)
}
