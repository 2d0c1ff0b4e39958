//! One typed extra of an intent.

use super::Text;
use super::float_text::{java_double_text, java_float_text};

/// The value of an extra, of the types that an intent text can carry (A.8).
#[derive(Debug, Clone)]
pub enum Extra {
    /// `S.`
    String(Text),
    /// `B.`
    Boolean(bool),
    /// `b.`
    Byte(i8),
    /// `c.`: one UTF-16 unit, which may be half of a pair.
    Char(u16),
    /// `d.`
    Double(f64),
    /// `f.`
    Float(f32),
    /// `i.`
    Int(i32),
    /// `l.`
    Long(i64),
    /// `s.`
    Short(i16),
}

impl Extra {
    /// The letter that names the type in a text.
    pub fn type_letter(&self) -> char {
        match self {
            Self::String(_) => 'S',
            Self::Boolean(_) => 'B',
            Self::Byte(_) => 'b',
            Self::Char(_) => 'c',
            Self::Double(_) => 'd',
            Self::Float(_) => 'f',
            Self::Int(_) => 'i',
            Self::Long(_) => 'l',
            Self::Short(_) => 's',
        }
    }

    /// The value as Java's `toString()` gives it; a lone half of a pair becomes `?`, as it does when printed.
    pub fn to_text(&self) -> String {
        match self {
            Self::String(text) => text.to_string(),
            Self::Boolean(value) => value.to_string(),
            Self::Byte(value) => value.to_string(),
            Self::Char(unit) => char::from_u32(u32::from(*unit)).unwrap_or('?').to_string(),
            Self::Double(value) => java_double_text(*value),
            Self::Float(value) => java_float_text(*value),
            Self::Int(value) => value.to_string(),
            Self::Long(value) => value.to_string(),
            Self::Short(value) => value.to_string(),
        }
    }
}

/// Java's `equals`: same type and value; NaN equals NaN, 0.0 differs from −0.0.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Byte(a), Self::Byte(b)) => a == b,
            (Self::Char(a), Self::Char(b)) => a == b,
            (Self::Double(a), Self::Double(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Long(a), Self::Long(b)) => a == b,
            (Self::Short(a), Self::Short(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Extra {}
