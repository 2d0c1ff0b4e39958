//! What a shared library must be before it may go onto a device, rule by rule.
//!
//! What it is not: it reads no file. Invariant: each fault is one line that says what is wrong and how to set it right.

use std::fmt;

use super::facts::Facts;

/// How the names begin that UniFFI exports: its functions, its own runtime's, and what the generator reads.
const UNIFFI: [&str; 3] = ["uniffi_ferrule_", "ffi_ferrule_", "UNIFFI_META_"];

/// What segments are aligned to: devices with pages of 16 KiB refuse less.
const PAGE: u64 = 0x4000;

/// What may have to be there first: libraries that every Android app may link, and their names on a workstation.
const SYSTEM: [&str; 11] = [
    "libc.so",
    "libdl.so",
    "libm.so",
    "liblog.so",
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    "libgcc_s.so.1",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
];

/// What is wrong with a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be read, or is no ELF file.
    Unreadable(String),
    /// It is a program or an object file.
    NotShared,
    /// Its own name is not the file's.
    Name { found: Option<String>, file: String },
    /// It needs a library that apps may not link.
    Needs(String),
    /// The VM would find no native method.
    NoOnLoad,
    /// It exports what nobody should find.
    Exports(String),
    /// Nothing tells which build it is.
    NoBuildId,
    /// Segments for pages that are too small.
    Pages(u64),
    /// Writable code.
    WritableCode,
    /// An executable stack.
    ExecutableStack,
    /// Tables of addresses stay writable.
    NoRelro,
    /// Symbols are bound at their first use.
    Lazy,
    /// Code that must be changed before it runs.
    TextRelocations,
    /// It carries what only debuggers read.
    NotStripped(String),
    /// Its symbols are not where they are looked for.
    NoSymbols(String),
    /// The symbols are another build's.
    OtherSymbols { symbols: Option<String>, library: Option<String> },
    /// The symbols know no lines.
    NoLines,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        match self {
            Fault::Unreadable(why) => write!(out, "cannot be read as an ELF file: {why}"),
            Fault::NotShared => write!(out, "is no shared library: build the crate type cdylib"),
            Fault::Name { found, file } => {
                write!(out, "is called {} inside: link with -Wl,-soname,{file}", or_none(found))
            }
            Fault::Needs(name) => {
                write!(out, "needs {name}, which an app may not link: bundle what it is for")
            }
            Fault::NoOnLoad => write!(out, "does not export JNI_OnLoad: the VM would find no native method"),
            Fault::Exports(name) => {
                write!(out, "exports {name}: only JNI_OnLoad and UniFFI's names may be seen")
            }
            Fault::NoBuildId => write!(out, "has no build id: link with -Wl,--build-id=sha1"),
            Fault::Pages(found) => {
                write!(out, "has segments for pages of {found} bytes: link with -Wl,-z,max-page-size={PAGE}")
            }
            Fault::WritableCode => {
                write!(out, "has code that is writable: link without -z,noseparate-code and -N")
            }
            Fault::ExecutableStack => write!(out, "has an executable stack: link with -Wl,-z,noexecstack"),
            Fault::NoRelro => write!(out, "leaves its tables writable: link with -Wl,-z,relro"),
            Fault::Lazy => write!(out, "binds its symbols late: link with -Wl,-z,now"),
            Fault::TextRelocations => {
                write!(out, "changes its code when loaded: compile with -fPIC, link with -Wl,-z,text")
            }
            Fault::NotStripped(name) => write!(
                out,
                "still has {name}: objcopy --strip-all, after objcopy --only-keep-debug has kept the symbols"
            ),
            Fault::NoSymbols(why) => write!(out, "has no symbols kept apart: {why}"),
            Fault::OtherSymbols { symbols, library } => write!(
                out,
                "has build id {}, its symbols have {}: keep those of the same build",
                or_none(library),
                or_none(symbols)
            ),
            Fault::NoLines => {
                write!(out, "has symbols that know no lines: build with debug = \"line-tables-only\"")
            }
        }
    }
}

/// Everything that is wrong with a library of this file name.
pub fn of_library(facts: &Facts, file: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !facts.shared {
        return vec![Fault::NotShared];
    }
    if facts.soname.as_deref() != Some(file) {
        faults.push(Fault::Name { found: facts.soname.clone(), file: file.to_owned() });
    }
    let foreign = facts.needed.iter().filter(|name| !SYSTEM.contains(&name.as_str()));
    faults.extend(foreign.cloned().map(Fault::Needs));
    if !facts.exports.iter().any(|name| name == "JNI_OnLoad") {
        faults.push(Fault::NoOnLoad);
    }
    let known = |name: &str| name == "JNI_OnLoad" || UNIFFI.iter().any(|start| name.starts_with(start));
    faults.extend(facts.exports.iter().filter(|name| !known(name)).cloned().map(Fault::Exports));
    if facts.build_id.is_none() {
        faults.push(Fault::NoBuildId);
    }
    if facts.alignment < PAGE {
        faults.push(Fault::Pages(facts.alignment));
    }
    let flags = [
        (facts.writable_code, Fault::WritableCode),
        (facts.executable_stack, Fault::ExecutableStack),
        (!facts.relro, Fault::NoRelro),
        (!facts.bind_now, Fault::Lazy),
        (facts.text_relocations, Fault::TextRelocations),
    ];
    faults.extend(flags.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, fault)| fault));
    faults.extend(facts.debug_sections.first().cloned().map(Fault::NotStripped));
    faults
}

/// Everything that is wrong with the symbols that were kept of a library.
pub fn of_symbols(symbols: &Facts, library: &Facts) -> Vec<Fault> {
    let mut faults = Vec::new();
    if symbols.build_id.is_none() || symbols.build_id != library.build_id {
        faults.push(Fault::OtherSymbols {
            symbols: symbols.build_id.clone(),
            library: library.build_id.clone(),
        });
    }
    if !symbols.lines {
        faults.push(Fault::NoLines);
    }
    faults
}
