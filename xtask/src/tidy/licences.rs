//! The rule about licences: what we link and what we build with may be given away under Apache-2.0.

use super::{Finding, House, Rule};

pub const RULES: [Rule; 1] =
    [Rule { id: "licences", wants: "every dependency has a licence from the list", check: licences }];

/// What goes together with Apache-2.0; MPL-2.0 (UniFFI) asks for its own files only.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "NCSA",
    "Unicode-3.0",
    "Zlib",
];

fn licences(house: &House) -> Vec<Finding> {
    let bad = house.packages.iter().filter(|package| !is_allowed(&package.licence));
    bad.map(|package| {
        let licence = if package.licence.is_empty() { "no licence" } else { &package.licence };
        let manifest =
            package.folder.as_ref().map_or("Cargo.lock".to_owned(), |folder| format!("{folder}/Cargo.toml"));
        Finding::new(manifest, 0, format!("{} {} has {licence}", package.name, package.version))
    })
    .collect()
}

/// Whether one way to read the SPDX expression is on the list: any side of OR, all sides of AND.
fn is_allowed(expression: &str) -> bool {
    // `MIT/Apache-2.0` is the old spelling of OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest) == Some(true) && rest.is_empty()
}

/// `a OR b …`; `None` for what is no expression.
fn any_of(rest: &mut &[&str]) -> Option<bool> {
    let mut value = all_of(rest)?;
    while let [word, tail @ ..] = *rest {
        if *word != "OR" {
            break;
        }
        *rest = tail;
        value |= all_of(rest)?;
    }
    Some(value)
}

/// `a AND b …`.
fn all_of(rest: &mut &[&str]) -> Option<bool> {
    let mut value = one(rest)?;
    while let [word, tail @ ..] = *rest {
        if *word != "AND" {
            break;
        }
        *rest = tail;
        value &= one(rest)?;
    }
    Some(value)
}

/// A licence, perhaps `WITH` an exception, or a parenthesis.
fn one(rest: &mut &[&str]) -> Option<bool> {
    match *rest {
        ["(", tail @ ..] => {
            *rest = tail;
            let value = any_of(rest)?;
            let [")", tail @ ..] = *rest else { return None };
            *rest = tail;
            Some(value)
        }
        [name, "WITH", exception, tail @ ..] => {
            *rest = tail;
            Some(ALLOWED.contains(&format!("{name} WITH {exception}").as_str()))
        }
        [name, tail @ ..] => {
            *rest = tail;
            Some(ALLOWED.contains(name))
        }
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::house::Package;
    use super::super::testing::findings;
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_says() {
        for (expression, allowed) in [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only OR MIT", true),
            ("GPL-3.0-only AND MIT", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND AGPL-3.0-only", false),
            ("Apache-2.0 WITH LLVM-exception OR GPL-3.0-only", true),
            ("Apache-2.0 WITH Other-exception", false),
            ("", false),
            ("(MIT", false),
            ("MIT MIT", false),
        ] {
            assert_eq!(is_allowed(expression), allowed, "{expression}");
        }
    }

    #[test]
    fn a_dependency_under_another_licence_is_found() {
        let package = |name: &str, licence: &str| Package {
            name: name.into(),
            licence: licence.into(),
            ..Package::default()
        };
        let house =
            House { packages: vec![package("a", "MIT"), package("b", "AGPL-3.0-only")], ..House::default() };
        assert_eq!(findings("licences", &house), ["Cargo.lock:0"]);
    }
}
