//! Build numbers as the legacy check reads them: by shapes, not by meaning.

/// What `ro.build.version.incremental` looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// `OSn.…`, or `V816.…` as 1.
    HyperOs(u32),
    /// `Vn.…`.
    Miui,
    /// `An.…`.
    Go,
    /// `24.1.5`.
    Weekly,
    /// Anything else.
    Foreign,
    /// Nothing.
    None,
}

/// The number that HyperOS 1 carries where MIUI carried its version.
pub(super) const HYPEROS_1: u32 = 816;

impl Stamp {
    pub fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self::None;
        }
        if is_weekly(text) {
            return Self::Weekly;
        }
        let numbered = |prefix: &str| {
            let (number, rest) = text.strip_prefix(prefix)?.split_once('.')?;
            let (second, rest) = rest.split_once('.')?;
            let fits = is_number(number, 3) && is_number(second, usize::MAX) && !rest.is_empty();
            fits.then(|| number.parse::<u32>().ok()).flatten()
        };
        match (numbered("OS"), numbered("V"), numbered("A")) {
            (Some(number), ..) => Self::HyperOs(number),
            (_, Some(HYPEROS_1), _) => Self::HyperOs(1),
            (_, Some(_), _) => Self::Miui,
            (.., Some(_)) => Self::Go,
            _ => Self::Foreign,
        }
    }
}

/// One to `digits` ASCII digits.
fn is_number(text: &str, digits: usize) -> bool {
    !text.is_empty() && text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_weekly(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| is_number(part, 2))
}

/// n of `OSn.…`, of at most two digits.
pub(super) fn os_number(text: &str) -> Option<u32> {
    let (number, _) = text.strip_prefix("OS")?.split_once('.')?;
    is_number(number, 2).then(|| number.parse().ok()).flatten()
}

/// Whether the Android letter of a build number is that of the SDK: T is 33 and X is 37.
pub(super) fn letter_fits(text: &str, sdk: Option<i32>) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let [first, second, third, fourth, tail] = parts.as_slice() else { return false };
    let numbers = first.strip_prefix("OS").is_some_and(|number| is_number(number, 2))
        && [second, third, fourth].iter().all(|part| is_number(part, usize::MAX));
    let letters = tail.len() == 7 && tail.bytes().all(|byte| byte.is_ascii_uppercase());
    let letter = tail.bytes().next().filter(|letter| (b'T'..=b'X').contains(letter));
    numbers && letters && letter.is_some_and(|letter| sdk == Some(33 + i32::from(letter - b'T')))
}
