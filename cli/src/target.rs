//! What a command writes is none of the files that it reads.
//!
//! Invariant: asked before anything is opened for writing, by every command that has an output; a hard link or another spelling of a
//! path is the same file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// What is said of an output that is also an input.
pub const REMEDY: &str = "Choose another name for what is written.";

/// The input that writing `out` would destroy.
pub fn overwritten<'i>(out: &Path, inputs: impl IntoIterator<Item = &'i Path>) -> Option<&'i Path> {
    inputs.into_iter().find(|input| same_file::is_same_file(out, input).unwrap_or(false))
}

/// Why it cannot be the output.
pub fn why(input: &Path) -> String {
    format!("this is the input {}, which would be lost", input.display())
}

/// Puts a file in place as a whole: written beside it under a name of its own, synced, renamed, the folder synced.
///
/// # Errors
/// When any of that fails; what was there is untouched, and so is every other file.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::metadata(folder)?;
    // The error would name a file that nobody has heard of.
    let mut new = builder().prefix(".ferrule-").tempfile_in(folder).map_err(|error| error.kind())?;
    new.write_all(content)?;
    new.as_file().sync_all()?;
    new.persist(path)?;
    File::open(folder)?.sync_all()
}

/// One whose files others may read as far as the process's mask allows, as of any file that a command makes.
#[cfg(unix)]
fn builder() -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder.permissions(fs::Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_spelling_and_a_link_are_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("in"), "a").unwrap();
        fs::write(path("other"), "a").unwrap();
        fs::hard_link(path("in"), path("linked")).unwrap();
        fs::create_dir(path("sub")).unwrap();
        let input = path("in");
        let found = |out: &str| overwritten(&path(out), [path("other").as_path(), &input]).is_some();
        for (out, expected) in [
            ("in", true),
            ("sub/../in", true),
            ("linked", true),
            ("other", true),
            ("none", false),
            ("sub", false),
        ] {
            assert_eq!(found(out), expected, "{out}");
        }
    }

    #[test]
    fn what_is_replaced_leaves_its_neighbours_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["a.out", "a.new", "a.tmp"] {
            fs::write(path(name), name).unwrap();
        }
        replace(&path("a.out"), b"whole").unwrap();
        let read = |name: &str| fs::read_to_string(path(name)).unwrap();
        assert_eq!(["a.out", "a.new", "a.tmp"].map(read), ["whole", "a.new", "a.tmp"]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is left");
        assert!(replace(&path("none/a.out"), b"").is_err());
    }
}
