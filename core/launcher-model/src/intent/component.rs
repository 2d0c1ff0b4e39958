//! Component names, `package/class`, as Android flattens them.

use smol_str::format_smolstr;

use super::Text;

/// A component: the package that holds it and the full name of its class.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComponentName {
    /// The package.
    pub package: Text,
    /// The class, never abbreviated here.
    pub class: Text,
}

impl ComponentName {
    /// A component of a package and a full class name.
    pub fn new(package: impl Into<Text>, class: impl Into<Text>) -> Self {
        Self { package: package.into(), class: class.into() }
    }

    /// Reads `package/class`; a class that begins with a dot is completed with the package.
    ///
    /// `None` without `/` or with nothing behind it. Nothing is trimmed and a package may be empty, as in Android.
    ///
    /// ```
    /// # use ferrule_launcher_model::intent::ComponentName;
    /// assert_eq!(ComponentName::parse("a.b/.C"), Some(ComponentName::new("a.b", "a.b.C")));
    /// assert_eq!(ComponentName::parse("a.b/"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let slash = memchr::memchr(b'/', text.as_bytes())?;
        let (package, class) = (text.get(..slash)?, text.get(slash + 1..)?);
        if class.is_empty() {
            return None;
        }
        let class = if class.starts_with('.') { joined(package, class) } else { class.into() };
        Some(Self { package: package.into(), class })
    }

    /// `package/class` with the full class.
    pub fn to_full_text(&self) -> String {
        format!("{}/{}", self.package, self.class)
    }

    /// `package/.Class` where the class lies in the package, else `package/class`.
    pub fn to_short_text(&self) -> String {
        format!("{}/{}", self.package, self.short_class())
    }

    /// The class without the package in front, if it begins with the package and a dot.
    pub fn short_class(&self) -> &str {
        match self.class.strip_prefix(self.package.as_str()) {
            Some(rest) if rest.starts_with('.') => rest,
            _ => &self.class,
        }
    }
}

/// Both texts in one. The bytes are put together outside the heap, so that a name costs one piece of memory, not two.
fn joined(package: &str, class: &str) -> Text {
    let mut bytes = [0; 192];
    let (head, length) = (package.len(), package.len() + class.len());
    if let Some(place) = bytes.get_mut(..head) {
        place.copy_from_slice(package.as_bytes());
    }
    if let Some(place) = bytes.get_mut(head..length) {
        place.copy_from_slice(class.as_bytes());
        if let Some(text) = bytes.get(..length).and_then(|name| std::str::from_utf8(name).ok()) {
            return text.into();
        }
    }
    format_smolstr!("{package}{class}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviates_only_behind_package_and_dot() {
        for (package, class, short) in [
            ("com.a", "com.a.Main", "com.a/.Main"),
            ("com.a", "com.ab.C", "com.a/com.ab.C"),
            ("com.a", "com.a", "com.a/com.a"),
            ("", ".C", "/.C"),
        ] {
            assert_eq!(ComponentName::new(package, class).to_short_text(), short);
        }
    }
}
