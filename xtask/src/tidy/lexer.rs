//! Tells code from comments and literals, in Rust and Kotlin, well enough for rules that look for words.
//!
//! It is no parser: it knows strings, characters, comments and nothing else. Invariant: the result has the same
//! lines as the text, so a finding's line number is right.

/// The text with every comment and every literal's content turned to blanks.
pub fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let (kind, end) = token(&chars, at);
        for c in chars.get(at..end).unwrap_or_default() {
            code.push(if kind == Kind::Code || *c == '\n' { *c } else { ' ' });
        }
        at = end;
    }
    code
}

/// [`code_only`] without the file's own unit tests: from `#[cfg(test)]` before a module to the end.
pub fn shipped_code(text: &str) -> String {
    let code = code_only(text);
    let tests = code.match_indices("#[cfg(test)]\n").map(|(at, _)| at).find(|at| {
        let after = code.get(*at..).unwrap_or_default().lines().nth(1).unwrap_or_default();
        after.starts_with("mod ") && after.ends_with('{')
    });
    code.get(..tests.unwrap_or(code.len())).unwrap_or_default().to_owned()
}

/// Every `"…"` literal's content with its line, counted from 1; escapes stay as written.
pub fn string_literals(text: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let (kind, end) = token(&chars, at);
        let body = chars.get(at..end).unwrap_or_default();
        if kind == Kind::Literal {
            let word: String = body.iter().collect();
            let inner = word.trim_start_matches(['b', 'r', '#']).trim_end_matches('#');
            if inner.starts_with('"') {
                found.push((line, inner.trim_matches('"').to_owned()));
            }
        }
        line += body.iter().filter(|c| **c == '\n').count();
        at = end;
    }
    found
}

/// What a stretch of text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// The kind of what starts at `at`, and where it ends (always past `at`).
fn token(chars: &[char], at: usize) -> (Kind, usize) {
    let is = |offset: usize, wanted: char| chars.get(at + offset) == Some(&wanted);
    if is(0, '/') && is(1, '/') {
        return (Kind::Comment, find(chars, at, |c| c == '\n'));
    }
    if is(0, '/') && is(1, '*') {
        return (Kind::Comment, block_comment_end(chars, at));
    }
    if is(0, '"') && is(1, '"') && is(2, '"') {
        return (Kind::Literal, triple_end(chars, at + 3));
    }
    if is(0, '"') {
        return (Kind::Literal, quoted_end(chars, at + 1, '"'));
    }
    if is(0, '\'') {
        return match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('\\'), _) => (Kind::Literal, quoted_end(chars, at + 1, '\'')),
            (Some(_), Some('\'')) => (Kind::Literal, at + 3),
            _ => (Kind::Code, at + 1), // a lifetime
        };
    }
    if is_word(chars.get(at)) {
        if let Some(end) = raw_string_end(chars, at) {
            return (Kind::Literal, end);
        }
        return (Kind::Code, find(chars, at, |c| !is_word(Some(&c))));
    }
    (Kind::Code, at + 1)
}

/// Whether the character can be part of an identifier.
fn is_word(c: Option<&char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || *c == '_')
}

/// The first place from `at` on where `stop` holds, or the end.
fn find(chars: &[char], at: usize, stop: impl Fn(char) -> bool) -> usize {
    chars.iter().skip(at).position(|c| stop(*c)).map_or(chars.len(), |offset| at + offset)
}

/// The end of a literal that opened before `at` and closes with `quote`.
fn quoted_end(chars: &[char], mut at: usize, quote: char) -> usize {
    while let Some(c) = chars.get(at) {
        at += match c {
            '\\' => 2,
            c if *c == quote => return at + 1,
            _ => 1,
        };
    }
    chars.len()
}

/// The end of a Kotlin raw string that opened before `at`.
fn triple_end(chars: &[char], at: usize) -> usize {
    let rest = chars.get(at..).unwrap_or_default();
    rest.windows(3).position(|three| three == ['"', '"', '"']).map_or(chars.len(), |offset| at + offset + 3)
}

/// The end of `r"…"`, `r#"…"#`, `br"…"` and `b"…"`, if one starts here.
fn raw_string_end(chars: &[char], at: usize) -> Option<usize> {
    let mut next = at;
    if chars.get(next) == Some(&'b') {
        next += 1;
    }
    let raw = chars.get(next) == Some(&'r');
    if raw {
        next += 1;
    }
    let hashes = if raw { chars.iter().skip(next).take_while(|c| **c == '#').count() } else { 0 };
    next += hashes;
    if next == at || chars.get(next) != Some(&'"') {
        return None;
    }
    next += 1;
    if !raw {
        return Some(quoted_end(chars, next, '"'));
    }
    while next < chars.len() {
        let closing = chars.iter().skip(next + 1).take(hashes);
        if chars.get(next) == Some(&'"') && closing.filter(|c| **c == '#').count() == hashes {
            return Some(next + 1 + hashes);
        }
        next += 1;
    }
    Some(chars.len())
}

/// The end of a block comment; they nest.
fn block_comment_end(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars.get(at), chars.get(at + 1)) {
            (Some('/'), Some('*')) => {
                depth += 1;
                at += 2;
            }
            (Some('*'), Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_not_code() {
        for (text, code) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            ("f(\"un\\\"safe\") g", "f(          ) g"),
            ("r#\"a\"b\"# c", "         c"),
            ("br\"x\" y b\"z\"", "      y     "),
            ("'a' '\\'' &'a str", "         &'a str"),
            ("\"\"\"a \"b\" c\"\"\" d", "              d"),
            ("number r", "number r"),
            ("\"open", "     "),
        ] {
            assert_eq!(code_only(text), code, "{text}");
        }
    }

    #[test]
    fn unit_tests_do_not_ship() {
        let text = "fn a() {}\n#[cfg(test)]\nuse b;\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n";
        assert_eq!(shipped_code(text), "fn a() {}\n#[cfg(test)]\nuse b;\n");
    }

    #[test]
    fn literals_carry_their_lines() {
        let text = "a \"one\"\n// \"no\"\nr#\"two\"# 'x'";
        assert_eq!(string_literals(text), [(1, "one".to_owned()), (3, "two".to_owned())]);
    }
}
