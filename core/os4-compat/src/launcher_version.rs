//! Version names of Xiaomi's launcher, `CHANNEL-a.b.c.d[-MMDD|-YYMMDD]-MMDDHHMM[-R]`, and their version codes.
//!
//! What it is not: evidence of the OS; a launcher can be updated or ported on its own (os4-compat 6.2).
//!
//! Invariants: a name that parses prints as the same text; the code is `a*10^8 + b*10^6 + c*10^4 + d`, never above
//! what Android's `int` holds; dates are checked for range only, because a name carries no year to check them with.

use std::fmt;

use crate::incremental::number;
use crate::reason::OsCode;

/// Why a text is no launcher version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LauncherVersionError {
    /// It does not begin with a channel in capitals and a dash.
    #[error("does not begin with a channel such as RELEASE-")]
    Channel,
    /// Not four numbers, or one out of range: a to 21, b and c to 99, d to 9999, and a code above 2147483647.
    #[error("has no four version numbers, or one is out of range")]
    Numbers,
    /// The last date is missing, or none of the calendar: `MMDDHHMM`.
    #[error("has no build date and time MMDDHHMM")]
    BuildTime,
    /// The date before it is neither `MMDD` nor `YYMMDD`.
    #[error("has a branch date that is neither MMDD nor YYMMDD")]
    BranchDate,
    /// Something stands where nothing or a single `-R` belongs.
    #[error("has something behind the build date that is not a single -R")]
    Trailing,
}

impl LauncherVersionError {
    /// The stable code.
    pub const fn code(self) -> OsCode {
        match self {
            Self::Channel => OsCode::LauncherBadChannel,
            Self::Numbers => OsCode::LauncherBadNumbers,
            Self::BuildTime => OsCode::LauncherBadBuildTime,
            Self::BranchDate => OsCode::LauncherBadBranchDate,
            Self::Trailing => OsCode::LauncherTrailing,
        }
    }
}

/// The four numbers of a launcher version, which are also its version code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LauncherNumbers {
    numbers: [u32; 4],
}

/// Android's version code is a positive `int`.
const CODE_MAX: u32 = i32::MAX as u32;

impl LauncherNumbers {
    /// The numbers `a.b.c.d`, if b and c are below 100, d below 10,000 and the code fits.
    pub fn new(numbers: [u32; 4]) -> Option<Self> {
        let [a, b, c, d] = numbers;
        let in_range = a <= CODE_MAX / 100_000_000 && b < 100 && c < 100 && d < 10_000;
        let candidate = Self { numbers };
        (in_range && candidate.version_code() <= CODE_MAX).then_some(candidate)
    }

    /// The numbers behind a version code; none for a code above 2147483647, which no package can have.
    pub fn from_version_code(code: u32) -> Option<Self> {
        Self::new([code / 100_000_000, code / 1_000_000 % 100, code / 10_000 % 100, code % 10_000])
    }

    /// `a*10^8 + b*10^6 + c*10^4 + d`.
    pub const fn version_code(self) -> u32 {
        let [a, b, c, d] = self.numbers;
        a * 100_000_000 + b * 1_000_000 + c * 10_000 + d
    }

    /// a, b, c and d.
    pub const fn as_array(self) -> [u32; 4] {
        self.numbers
    }
}

/// A day of the calendar, with a year of two digits where the name has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BranchDate {
    /// 0 to 99, as of 2000.
    pub year: Option<u8>,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// When the launcher was built; the name has no year and no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BuildTime {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// A launcher version name, taken apart.
///
/// ```
/// use ferrule_os4_compat::LauncherVersion;
/// let version = LauncherVersion::parse("RELEASE-8.02.01.0042-270101-01022304-R")?;
/// assert_eq!(version.numbers().version_code(), 802_010_042);
/// assert!(version.is_rust());
/// assert_eq!(version.to_string(), "RELEASE-8.02.01.0042-270101-01022304-R");
/// # Ok::<(), ferrule_os4_compat::launcher_version::LauncherVersionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LauncherVersion {
    text: String,
    channel_len: usize,
    numbers: LauncherNumbers,
    branch_date: Option<BranchDate>,
    build_time: BuildTime,
    rust: bool,
}

/// The longest channel name, in letters.
const CHANNEL_MAX: usize = 16;

impl LauncherVersion {
    /// Reads a version name; blanks around it are ignored.
    ///
    /// # Errors
    /// [`LauncherVersionError`] names the first part that is not as it should be.
    pub fn parse(text: &str) -> Result<Self, LauncherVersionError> {
        use LauncherVersionError as Error;
        let text = text.trim();
        let (channel, rest) = text.split_once('-').ok_or(Error::Channel)?;
        let is_channel = (1..=CHANNEL_MAX).contains(&channel.len())
            && channel.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        if !is_channel {
            return Err(Error::Channel);
        }
        let mut parts = rest.split('-');
        let numbers = parse_numbers(parts.next().unwrap_or_default()).ok_or(Error::Numbers)?;
        let mut date = parts.next().ok_or(Error::BuildTime)?;
        let branch_date = match date.len() {
            8 => None,
            4 | 6 => {
                let branch_date = parse_branch_date(date).ok_or(Error::BranchDate)?;
                date = parts.next().ok_or(Error::BuildTime)?;
                Some(branch_date)
            }
            // With another part behind it this one stands where the branch date does.
            _ if parts.clone().any(|part| part.len() == 8) => return Err(Error::BranchDate),
            _ => return Err(Error::BuildTime),
        };
        let build_time = parse_build_time(date).ok_or(Error::BuildTime)?;
        let rust = match parts.next() {
            None => false,
            Some("R") => true,
            Some(_) => return Err(Error::Trailing),
        };
        if parts.next().is_some() {
            return Err(Error::Trailing);
        }
        Ok(Self { text: text.to_owned(), channel_len: channel.len(), numbers, branch_date, build_time, rust })
    }

    /// The channel in capitals, `RELEASE` on phones in shops.
    pub fn channel(&self) -> &str {
        self.text.get(..self.channel_len).unwrap_or_default()
    }

    /// The four numbers, and through them the version code.
    pub const fn numbers(&self) -> LauncherNumbers {
        self.numbers
    }

    /// The date of the branch, which newer names carry.
    pub const fn branch_date(&self) -> Option<BranchDate> {
        self.branch_date
    }

    /// The build's date and time.
    pub const fn build_time(&self) -> BuildTime {
        self.build_time
    }

    /// Whether this is the native launcher (`-R`), which needs the Rust runtime.
    pub const fn is_rust(&self) -> bool {
        self.rust
    }
}

impl fmt::Display for LauncherVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

fn parse_numbers(text: &str) -> Option<LauncherNumbers> {
    let mut parts = text.split('.');
    let mut numbers = [0; 4];
    for (slot, digits_max) in numbers.iter_mut().zip([2, 2, 2, 4]) {
        *slot = number(parts.next()?, digits_max)?;
    }
    LauncherNumbers::new(numbers).filter(|_| parts.next().is_none())
}

/// `MMDD` or `YYMMDD`.
fn parse_branch_date(text: &str) -> Option<BranchDate> {
    let (year, rest) = text.split_at_checked(text.len().checked_sub(4)?)?;
    let (month, rest) = two_digits(rest, 1..=12)?;
    let (day, _) = two_digits(rest, 1..=31)?;
    let year = if year.is_empty() { None } else { Some(two_digits(year, 0..=99)?.0) };
    Some(BranchDate { year, month, day })
}

/// `MMDDHHMM`.
fn parse_build_time(text: &str) -> Option<BuildTime> {
    let (month, rest) = two_digits(text, 1..=12)?;
    let (day, rest) = two_digits(rest, 1..=31)?;
    let (hour, rest) = two_digits(rest, 0..=23)?;
    let (minute, rest) = two_digits(rest, 0..=59)?;
    rest.is_empty().then_some(BuildTime { month, day, hour, minute })
}

fn two_digits(text: &str, range: std::ops::RangeInclusive<u8>) -> Option<(u8, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let value = number(digits, 2)? as u8;
    range.contains(&value).then_some((value, rest))
}
