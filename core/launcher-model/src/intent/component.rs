//! Component names, `package/class`, as Android flattens them.

/// A component: the package that holds it and the full name of its class.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComponentName {
    /// The package.
    pub package: String,
    /// The class, never abbreviated here.
    pub class: String,
}

impl ComponentName {
    /// A component of a package and a full class name.
    pub fn new(package: impl Into<String>, class: impl Into<String>) -> Self {
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
        let (package, class) = text.split_once('/')?;
        if class.is_empty() {
            return None;
        }
        let class = if class.starts_with('.') { format!("{package}{class}") } else { class.to_owned() };
        Some(Self { package: package.to_owned(), class })
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
