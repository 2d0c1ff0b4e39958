//! Tells which kind of version a text is, for a person who pastes one.
//!
//! What it is not: a third grammar; it tries the two parsers and picks the reason that fits when both refuse.

use crate::incremental::Incremental;
use crate::launcher_version::LauncherVersion;
use crate::reason::OsCode;

/// A text that is a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionText {
    /// A build number of the system.
    Incremental(Incremental),
    /// A version name of the launcher.
    Launcher(LauncherVersion),
}

impl VersionText {
    /// Reads a text as a build number, else as a launcher version.
    ///
    /// # Errors
    /// The code of the parser whose kind the text looks more like: launcher names have dashes, build numbers none.
    pub fn parse(text: &str) -> Result<Self, OsCode> {
        let incremental = match Incremental::parse(text) {
            Ok(incremental) => return Ok(Self::Incremental(incremental)),
            Err(error) => error,
        };
        match LauncherVersion::parse(text) {
            Ok(launcher) => Ok(Self::Launcher(launcher)),
            Err(error) if text.contains('-') => Err(error.code()),
            Err(_) => Err(incremental.code()),
        }
    }
}
