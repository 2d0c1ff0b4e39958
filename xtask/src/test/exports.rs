//! What the shared library of the release profile exports: `JNI_OnLoad` and UniFFI's names, and nothing else; and that
//! its header has what devices and crash reports need.
//!
//! A name more is a door into the process that nobody guards, or a clash with another library of it.

use std::fs;

use anyhow::{Context, ensure};
use goblin::elf::Elf;
use goblin::elf::note::NT_GNU_BUILD_ID;
use goblin::elf::program_header::PT_LOAD;

use crate::project::Project;
use crate::test::report::Outcome;

/// How the names begin that UniFFI exports: its functions, its own runtime's, and what the generator reads.
const UNIFFI: [&str; 3] = ["uniffi_ferrule_", "ffi_ferrule_", "UNIFFI_META_"];

/// What segments are aligned to: devices with pages of 16 KiB refuse less.
const PAGE: u64 = 0x4000;

/// Checks the built library.
///
/// # Errors
/// When it cannot be read, lacks `JNI_OnLoad` or a build id in what is loaded, or has segments that are writable and
/// executable at once or aligned to less than 16 KiB.
pub fn check(project: &Project) -> anyhow::Result<Outcome> {
    let path = project.library();
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let elf = Elf::parse(&bytes).with_context(|| format!("{} is no ELF file", path.display()))?;
    let exported = elf.dynsyms.iter().filter(|symbol| !symbol.is_import() && symbol.st_value != 0);
    let names: Vec<&str> = exported.filter_map(|symbol| elf.dynstrtab.get_at(symbol.st_name)).collect();
    ensure!(names.contains(&"JNI_OnLoad"), "JNI_OnLoad is not exported");
    let loaded = elf.program_headers.iter().filter(|header| header.p_type == PT_LOAD);
    ensure!(!loaded.clone().any(|header| header.is_write() && header.is_executable()), "writable code");
    ensure!(loaded.clone().all(|header| header.p_align >= PAGE), "segments for pages of less than 16 KiB");
    let mut notes = elf.iter_note_headers(&bytes).into_iter().flatten().flatten();
    ensure!(notes.any(|note| note.n_type == NT_GNU_BUILD_ID), "no build id");
    let foreign = unexpected(&names);
    for name in &foreign {
        println!("exported, and should not be: {name}");
    }
    Ok(Outcome::counted(names.len() - foreign.len(), foreign.len()))
}

/// The names that are neither `JNI_OnLoad` nor UniFFI's.
fn unexpected<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let known = |name: &str| name == "JNI_OnLoad" || UNIFFI.iter().any(|start| name.starts_with(start));
    names.iter().copied().filter(|name| !known(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mangled_native_method_and_a_stray_function_are_unexpected() {
        let names = [
            "JNI_OnLoad",
            "uniffi_ferrule_fn_func_a",
            "ffi_ferrule_rustbuffer_free",
            "Java_dev_ferrule_A_b",
            "helper",
        ];
        assert_eq!(unexpected(&names), ["Java_dev_ferrule_A_b", "helper"]);
    }
}
