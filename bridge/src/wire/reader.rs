//! A cursor over bytes that checks every step; the only place where offsets are computed.

use super::WireError;

/// Reads little-endian values one after the other.
pub struct Reader<'bytes> {
    all: &'bytes [u8],
    at: usize,
}

impl<'bytes> Reader<'bytes> {
    pub fn new(all: &'bytes [u8]) -> Self {
        Self { all, at: 0 }
    }

    /// Offset of the next value.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Length of all the bytes.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether everything was read.
    pub fn is_at_end(&self) -> bool {
        self.at == self.all.len()
    }

    /// Goes to an offset that a checked header gave.
    pub fn seek(&mut self, at: usize) {
        self.at = at.min(self.all.len());
    }

    pub fn take(&mut self, bytes: usize) -> Result<&'bytes [u8], WireError> {
        let end = self.at.checked_add(bytes).ok_or(WireError::Truncated { at: self.at })?;
        let taken = self.all.get(self.at..end).ok_or(WireError::Truncated { at: self.at })?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let at = self.at;
        self.take(N)?.try_into().map_err(|_| WireError::Truncated { at })
    }

    pub fn u8(&mut self) -> Result<u8, WireError> {
        self.array().map(u8::from_le_bytes)
    }

    pub fn u16(&mut self) -> Result<u16, WireError> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, WireError> {
        self.array().map(u64::from_le_bytes)
    }

    pub fn f32(&mut self) -> Result<f32, WireError> {
        self.array().map(f32::from_le_bytes)
    }

    /// One byte out of a closed list, by position.
    pub fn one_of<T: Copy>(&mut self, what: &'static str, values: &[T]) -> Result<T, WireError> {
        let at = self.at;
        let number = usize::from(self.u8()?);
        values.get(number).copied().ok_or(WireError::Range { at, what })
    }
}
