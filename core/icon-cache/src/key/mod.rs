//! What an icon belongs to: a component in a profile. The package itself is a component too, of the class `package.`.
//!
//! Not here: what is known about an icon (`validity`, `store`). Nothing in here trims, folds case or guesses.
//!
//! Invariants: two keys are equal iff package, class and profile are, byte for byte; a key's text reads back as the key;
//! a profile is its serial number, never a user id, so that no profile is ever taken for another.

use std::fmt;
use std::sync::Arc;

/// A profile's serial number, as the user manager gives it; never used again after the profile is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileSerial(pub i64);

/// A component: package and full class name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Component {
    package: Arc<str>,
    class: Arc<str>,
}

impl Component {
    /// A component of a package and a class; a class that begins with a full stop is relative to the package. A full class
    /// stays as it is even where the package begins with a full stop, which no installed one does but bytes may say.
    pub fn new(package: &str, class: &str) -> Self {
        let is_full = || class.strip_prefix(package).is_some_and(|rest| rest.starts_with('.'));
        let is_short = class.starts_with('.') && !(package.starts_with('.') && is_full());
        let class = if is_short { format!("{package}{class}").into() } else { class.into() };
        Self { package: package.into(), class }
    }

    /// The entry of the package itself: its class is the package and a full stop (A.1).
    pub fn of_package(package: &str) -> Self {
        Self::new(package, ".")
    }

    /// Reads `package/class` or `package/.Class`, as `ComponentName.unflattenFromString` does.
    ///
    /// ```
    /// # use ferrule_icon_cache::key::Component;
    /// let short = Component::parse("com.a/.B").unwrap();
    /// assert_eq!(short.to_string(), "com.a/com.a.B");
    /// assert_eq!(Component::parse("com.a/"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (package, class) = text.split_once('/')?;
        (!class.is_empty()).then(|| Self::new(package, class))
    }

    /// The package.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// The full class name.
    pub fn class(&self) -> &str {
        &self.class
    }

    /// Whether this is the entry of the package itself.
    pub fn is_package(&self) -> bool {
        self.class.strip_suffix('.') == Some(&*self.package)
    }
}

/// The long form, as it is stored: a short one would be another text for the same component.
impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.package, self.class)
    }
}

/// What an icon belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IconKey {
    /// The profile.
    pub profile: ProfileSerial,
    /// The component.
    pub component: Component,
}

impl IconKey {
    /// A component in a profile.
    pub fn new(component: Component, profile: ProfileSerial) -> Self {
        Self { profile, component }
    }

    /// The package itself in a profile.
    pub fn of_package(package: &str, profile: ProfileSerial) -> Self {
        Self::new(Component::of_package(package), profile)
    }

    /// The key of this key's package.
    pub fn package_key(&self) -> Self {
        Self::of_package(self.component.package(), self.profile)
    }

    /// The package in its profile: what package events are about.
    pub fn package(&self) -> PackageOf {
        PackageOf { profile: self.profile, package: Arc::clone(&self.component.package) }
    }

    /// Reads `package/class#number`, as `ComponentKey.fromString` does; the number is taken for the profile's.
    pub fn parse(text: &str) -> Option<Self> {
        let (component, number) = text.split_once('#')?;
        let number: i32 = number.parse().ok()?;
        Some(Self::new(Component::parse(component)?, ProfileSerial(number.into())))
    }
}

impl fmt::Display for IconKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.component, self.profile.0)
    }
}

/// A package in a profile, matched exactly: `com.a` is neither `com.ab` nor `com.a.b` nor `com.A`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageOf {
    /// The profile.
    pub profile: ProfileSerial,
    /// The package.
    pub package: Arc<str>,
}

impl PackageOf {
    /// A package in a profile.
    pub fn new(package: &str, profile: ProfileSerial) -> Self {
        Self { profile, package: package.into() }
    }

    /// Whether a key is of this package.
    pub fn holds(&self, key: &IconKey) -> bool {
        self.profile == key.profile && *self.package == *key.component.package
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_key_is_told_from_a_class() {
        let package = Component::of_package("com.a");
        assert_eq!(package.to_string(), "com.a/com.a.");
        assert!(package.is_package());
        assert!(!Component::new("com.a", ".B").is_package());
        assert!(!Component::new("com.a", "com.ab.").is_package());
        assert_eq!(Component::parse("com.a/."), Some(package));
    }

    #[test]
    fn the_long_form_reads_back_as_itself() {
        for package in ["com.a", "", ".", ".a", "..", ".a.a"] {
            for class in ["B", ".B", ".", ".a", ".a.B", "..", "com.a.B", ".a.a.B"] {
                let component = Component::new(package, class);
                assert_eq!(Component::new(package, component.class()), component, "{package} {class}");
            }
        }
    }

    #[test]
    fn packages_are_matched_exactly() {
        let package = PackageOf::new("com.a_b", ProfileSerial(0));
        let key = |package: &str, serial| IconKey::new(Component::new(package, ".M"), ProfileSerial(serial));
        assert!(package.holds(&key("com.a_b", 0)));
        for (other, serial) in
            [("com.axb", 0), ("com.A_b", 0), ("com.a_bc", 0), ("com.a_b.c", 0), ("com.a_b", 10)]
        {
            assert!(!package.holds(&key(other, serial)), "{other} {serial}");
        }
    }
}
