//! Reads phones' properties: a file, stdin, or a folder with the property files of its partitions.
//!
//! Invariants: a folder with the files of partitions is one phone, merged in load order; one whose files name no
//! partition merely collects files, and each is a phone of its own; only folders that a dump of partitions has are
//! entered, and no symbolic link; reading is bounded, so a device file or an endless pipe ends too.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ferrule_os4_compat::property_map::INPUT_MAX_BYTES;
use ferrule_os4_compat::{Partition, PropertyMap};

/// Names that stand for stdin.
const STDIN: &str = "-";
/// Folders of a dump, beside those named like a partition.
const FOLDERS: [&str; 3] = ["etc", "build", "default"];
/// `system/system/product/etc` is the deepest place seen.
const DEPTH_MAX: usize = 5;

/// Names that property files have on a phone; several of them in one folder are still one phone.
const FILES_OF_A_PHONE: [&str; 3] = ["build.prop", "default.prop", "local.prop"];

/// Where one phone's properties come from.
#[derive(Debug, PartialEq, Eq)]
pub enum Source {
    /// Stdin.
    Stdin,
    /// One file.
    File(PathBuf),
    /// The files of a folder.
    Folder(PathBuf, Vec<PathBuf>),
}

/// A phone's properties.
#[derive(Debug)]
pub struct Phone {
    /// The properties.
    pub map: PropertyMap,
    /// The files that were merged, named from their folder; empty for a single file.
    pub files: Vec<String>,
}

/// The phones that a path names: one, or one a file for a folder that only collects files of many phones.
///
/// # Errors
/// One sentence with the path and the cause.
pub fn sources(path: &Path) -> Result<Vec<Source>, String> {
    let shown = path.display();
    if path.as_os_str() == STDIN {
        return Ok(vec![Source::Stdin]);
    }
    let facts = fs::metadata(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    if !facts.is_dir() {
        return Ok(vec![Source::File(path.to_owned())]);
    }
    let mut files = Vec::new();
    collect(path, DEPTH_MAX, &mut files).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    if files.is_empty() {
        return Err(format!("{shown} has no *.prop file, neither itself nor in the folder of a partition"));
    }
    files.sort();
    let is_of_a_phone = |file: &PathBuf| {
        let name = file.strip_prefix(path).unwrap_or(file).to_string_lossy();
        FILES_OF_A_PHONE.contains(&name.as_ref()) || Partition::from_path(&name) != Partition::Unknown
    };
    if files.iter().any(is_of_a_phone) || files.len() == 1 {
        return Ok(vec![Source::Folder(path.to_owned(), files)]);
    }
    Ok(files.into_iter().map(Source::File).collect())
}

impl Source {
    /// The name under which it is answered.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => STDIN.to_owned(),
            Self::File(path) | Self::Folder(path, _) => path.to_string_lossy().into_owned(),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// One sentence with the path and the cause.
    pub fn read(&self) -> Result<Phone, String> {
        match self {
            Self::Stdin => {
                let bytes =
                    bounded(io::stdin().lock()).map_err(|error| format!("stdin cannot be read: {error}"))?;
                Ok(Phone { map: PropertyMap::parse(&bytes), files: Vec::new() })
            }
            Self::File(path) => {
                Ok(Phone { map: read_file(path, &path.to_string_lossy())?, files: Vec::new() })
            }
            Self::Folder(folder, paths) => {
                let (mut maps, mut files) = (Vec::new(), Vec::new());
                for path in paths {
                    let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
                    maps.push(read_file(path, &name)?);
                    files.push(name);
                }
                Ok(Phone { map: PropertyMap::merge(maps), files })
            }
        }
    }
}

/// Parses a file; its name tells the partition.
fn read_file(path: &Path, name: &str) -> Result<PropertyMap, String> {
    let read = File::open(path).and_then(bounded);
    let bytes = read.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(PropertyMap::parse_partition(&bytes, Partition::from_path(name)))
}

/// Adds every `*.prop` file of the folder and of the partition folders in it.
fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if kind.is_file() && name.ends_with(".prop") {
            found.push(entry.path());
        } else if kind.is_dir() && depth > 0 && is_part_of_a_dump(&name) {
            collect(&entry.path(), depth - 1, found)?;
        }
    }
    Ok(())
}

/// Whether a dump of partitions has a folder of this name.
fn is_part_of_a_dump(name: &str) -> bool {
    FOLDERS.contains(&name) || Partition::from_path(&format!("{name}/build.prop")) != Partition::Unknown
}

/// Reads to the end, or one byte more than the core would look at.
fn bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(INPUT_MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_phone_merged_in_load_order() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("mi_ext/etc/build.prop", "a=mi_ext\n");
        write("system/system/product/etc/build.prop", "a=product\nb=product\n");
        write("system/build.prop", "a=system\nb=system\nc=system\n");
        write("other/build.prop", "d=other\n");
        write("system/notes.txt", "e=notes\n");
        let sources = sources(folder.path()).unwrap();
        let [source] = sources.as_slice() else { panic!("{sources:?}") };
        let phone = source.read().unwrap();
        let value = |key| phone.map.get(key);
        assert_eq!((value("a"), value("b"), value("c")), (Some("mi_ext"), Some("product"), Some("system")));
        assert_eq!((value("d"), value("e")), (None, None), "neither other folders nor other files");
        assert_eq!(phone.files.len(), 3);
        assert_eq!(source.name(), folder.path().to_string_lossy());
    }

    #[test]
    fn a_folder_that_collects_files_is_many_phones_and_an_empty_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = sources(folder.path()).unwrap_err();
        assert!(error.contains("has no *.prop file"), "{error}");
        let path = |name: &str| folder.path().join(name);
        for (name, phones) in [("one.prop", 1), ("two.prop", 2), ("vendor.prop", 1)] {
            fs::write(path(name), "a=1\n").unwrap();
            assert_eq!(sources(folder.path()).unwrap().len(), phones, "with {name}");
        }
        fs::remove_file(path("vendor.prop")).unwrap();
        let expected = ["one.prop", "two.prop"].map(|name| Source::File(path(name)));
        assert_eq!(sources(folder.path()).unwrap(), expected);
    }

    #[test]
    fn reading_is_bounded() {
        assert_eq!(bounded(io::repeat(b'#')).unwrap().len(), INPUT_MAX_BYTES + 1);
    }
}
