//! The rows that a default layout writes, with the values as the database keeps them.
//!
//! Legacy hands attribute texts to SQLite unread, so a column may hold text or NULL where a number is meant (MORE L1,
//! L12). [`Cell`] keeps that; [`Cell::integer_column`] is SQLite's own conversion for a column declared INTEGER.
//!
//! Not here: which values are sensible; the loader decides that at the first load (B.3, B.4).

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// No value.
    #[default]
    Null,
    /// An integer.
    Integer(i64),
    /// A number that is no integer.
    Real(f64),
    /// Text.
    Text(String),
}

impl Cell {
    /// What a column of INTEGER affinity keeps of `text`: the number that the text spells, otherwise the text itself.
    pub fn integer_column(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::Null };
        let number = text.trim_matches(|c: char| matches!(c, ' ' | '\t' | '\n' | '\u{B}' | '\u{C}' | '\r'));
        if !is_sqlite_number(number) {
            return Self::Text(text.to_owned());
        }
        if let Ok(value) = number.parse::<i64>() {
            return Self::Integer(value);
        }
        match number.parse::<f64>() {
            // Beyond 2^53 a real is kept as it is: the conversion must not lose digits.
            Ok(value) if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 => {
                #[allow(clippy::cast_possible_truncation)] // in range by the test above
                Self::Integer(value as i64)
            }
            Ok(value) => Self::Real(value),
            Err(_) => Self::Text(text.to_owned()),
        }
    }
}

/// `[+-]digits[.digits][e[+-]digits]` with at least one digit before the exponent.
fn is_sqlite_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|text| {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        !unsigned.is_empty() && digits(unsigned)
    });
    !(whole.is_empty() && fraction.is_empty()) && digits(whole) && digits(fraction) && exponent_fits
}

/// A row of `favorites` as a default layout writes it (A.1). `icon`, `modified` and `appWidgetSource` keep the schema's
/// defaults; layouts never set them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LayoutRow {
    /// `_id`: 1, 2, 3 … in document order; removed folders leave gaps (MORE L9).
    pub id: i32,
    /// Label; not trimmed. NULL for widgets and pinned shortcuts.
    pub title: Option<String>,
    /// Intent text (A.8), or a pending widget's extras.
    pub intent: Option<String>,
    /// −100 desktop, −101 dock, a folder's id, or whatever number the layout said (MORE L2).
    pub container: Option<i32>,
    /// Page, or slot of the dock; NULL in folders.
    pub screen: Option<i32>,
    /// Column of the cell, as the layout gave it.
    pub cell_x: Cell,
    /// Row of the cell, as the layout gave it.
    pub cell_y: Cell,
    /// Width in cells; text or NULL where a widget's attribute was.
    pub span_x: Cell,
    /// Height in cells; likewise.
    pub span_y: Cell,
    /// A.2: 0 app, 2 folder, 4 widget, 6 pinned shortcut.
    pub item_type: i32,
    /// Host widget id, −1 for none.
    pub app_widget_id: i32,
    /// Flattened component of a widget's provider.
    pub app_widget_provider: Option<String>,
    /// A.4: 1 shortcut, 2 promise, 35 pending widget.
    pub restored: i32,
    /// Profile serial.
    pub profile_id: i64,
    /// Order in a folder.
    pub rank: i32,
    /// A.5.
    pub options: i32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn integer_affinity_as_sqlite_does_it() {
        for (text, expected) in [
            (None, Cell::Null),
            (Some("3"), Cell::Integer(3)),
            (Some("+3"), Cell::Integer(3)),
            (Some("-0"), Cell::Integer(0)),
            (Some(" 4 "), Cell::Integer(4)),
            (Some("1e2"), Cell::Integer(100)),
            (Some("2.0"), Cell::Integer(2)),
            (Some(".5"), Cell::Real(0.5)),
            (Some("2.5"), Cell::Real(2.5)),
            (Some(""), Cell::Text(String::new())),
            (Some("."), Cell::Text(".".into())),
            (Some("0x2"), Cell::Text("0x2".into())),
            (Some("1e"), Cell::Text("1e".into())),
            (Some("inf"), Cell::Text("inf".into())),
            (Some("abc"), Cell::Text("abc".into())),
            (Some("2 3"), Cell::Text("2 3".into())),
        ] {
            assert_eq!(Cell::integer_column(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn integers_survive_and_nothing_panics(value: i64, text in ".*") {
            prop_assert_eq!(Cell::integer_column(Some(&value.to_string())), Cell::Integer(value));
            let _ = Cell::integer_column(Some(&text));
        }
    }
}
