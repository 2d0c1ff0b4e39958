//! What a shared library says about itself, read out of its headers; 32 and 64 bits alike.
//!
//! What it is not: it judges nothing, `rules` does. Invariant: any bytes give facts or a word on why not, never a panic.

use object::elf;
use object::endian::Endianness;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader, Sym};

/// The facts that the rules look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether it is a shared object, and not a program or an object file.
    pub shared: bool,
    /// The name that the linker knows it by.
    pub soname: Option<String>,
    /// The libraries that must be there before it.
    pub needed: Vec<String>,
    /// The names that others can find in it.
    pub exports: Vec<String>,
    /// The GNU build id in hexadecimal, from a segment that is loaded.
    pub build_id: Option<String>,
    /// The smallest alignment of a loaded segment, in bytes.
    pub alignment: u64,
    /// A loaded segment is writable and executable at once.
    pub writable_code: bool,
    /// The stack may be executed.
    pub executable_stack: bool,
    /// There is a segment that is made read-only once relocated.
    pub relro: bool,
    /// All symbols are bound when it is loaded, so that the table of calls can be read-only too.
    pub bind_now: bool,
    /// Code must be changed before it runs.
    pub text_relocations: bool,
    /// Sections that only debuggers read.
    pub debug_sections: Vec<String>,
    /// Whether it knows the lines of its code.
    pub lines: bool,
}

/// Reads a file.
///
/// # Errors
/// A word on why it is no ELF file, or which part of it is broken.
pub fn read(bytes: &[u8]) -> Result<Facts, String> {
    let facts = match object::FileKind::parse(bytes).map_err(|error| error.to_string())? {
        object::FileKind::Elf32 => of::<elf::FileHeader32<Endianness>>(bytes),
        object::FileKind::Elf64 => of::<elf::FileHeader64<Endianness>>(bytes),
        other => return Err(format!("it is {other:?}")),
    };
    facts.map_err(|error| error.to_string())
}

fn of<Elf: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> object::read::Result<Facts> {
    let header = Elf::parse(bytes)?;
    let endian = header.endian()?;
    let mut facts = Facts {
        shared: header.e_type(endian) == elf::ET_DYN,
        alignment: u64::MAX,
        // Without the header's word on it, the stack is executable.
        executable_stack: true,
        ..Facts::default()
    };
    for segment in header.program_headers(endian, bytes)? {
        let flags = segment.p_flags(endian).0;
        let executable = flags & elf::PF_X.0 != 0;
        match segment.p_type(endian) {
            elf::PT_LOAD => {
                facts.alignment = facts.alignment.min(segment.p_align(endian).into());
                facts.writable_code |= executable && flags & elf::PF_W.0 != 0;
            }
            elf::PT_GNU_STACK => facts.executable_stack = executable,
            elf::PT_GNU_RELRO => facts.relro = true,
            elf::PT_NOTE => {
                let Some(mut notes) = segment.notes(endian, bytes)? else { continue };
                while let Some(note) = notes.next()? {
                    if note.name() == elf::ELF_NOTE_GNU && note.n_type(endian) == elf::NT_GNU_BUILD_ID {
                        facts.build_id = Some(note.desc().iter().map(|byte| format!("{byte:02x}")).collect());
                    }
                }
            }
            _ => {}
        }
    }
    let sections = header.sections(endian, bytes)?;
    for section in sections.iter() {
        let name = String::from_utf8_lossy(sections.section_name(endian, section)?).into_owned();
        let only_for_debuggers = name.starts_with(".debug_") || section.sh_type(endian) == elf::SHT_SYMTAB;
        // Where the symbols went, their sections are listed but empty.
        let is_there = section.sh_type(endian) != elf::SHT_NOBITS;
        facts.lines |= is_there && name == ".debug_line";
        if only_for_debuggers && is_there {
            facts.debug_sections.push(name);
        }
    }
    let dynamic = sections.dynamic_table(endian, bytes)?;
    let text = |entry| dynamic.string(entry).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    for entry in dynamic.iter() {
        match entry.tag {
            elf::DT_SONAME => facts.soname = Some(text(entry)?),
            elf::DT_NEEDED => facts.needed.push(text(entry)?),
            elf::DT_BIND_NOW => facts.bind_now = true,
            elf::DT_TEXTREL => facts.text_relocations = true,
            elf::DT_FLAGS => {
                facts.bind_now |= entry.val & elf::DF_BIND_NOW.0 != 0;
                facts.text_relocations |= entry.val & elf::DF_TEXTREL.0 != 0;
            }
            elf::DT_FLAGS_1 => facts.bind_now |= entry.val & elf::DF_1_NOW.0 != 0,
            _ => {}
        }
    }
    let symbols = sections.symbols(endian, bytes, elf::SHT_DYNSYM)?;
    let seen = |symbol: &&Elf::Sym| !symbol.is_undefined(endian) && !symbol.is_local();
    for symbol in symbols.iter().filter(seen) {
        facts.exports.push(String::from_utf8_lossy(symbols.symbol_name(endian, symbol)?).into_owned());
    }
    Ok(facts)
}
