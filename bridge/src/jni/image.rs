//! The image that this code was loaded as: its GNU build id and where it lies, out of its own ELF header in memory.
//!
//! What it is: what a panic's line needs so that its addresses can be looked up in the unstripped library of the same
//! build; the note is part of what is loaded, so stripping leaves it. What it is not: no file is read, as an app's
//! library may lie inside its APK.
//!
//! Invariant: nothing is read outside the segments that the header says are loaded.

use std::fmt::Write as _;

/// What is known of the loaded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The build id in hexadecimal; `unknown` where the linker wrote none.
    pub build_id: String,
    /// The address of the image's first byte: an address of a backtrace less this one is what `addr2line` takes.
    pub base: usize,
}

/// Reads the header again on each call: it is asked for by panics only.
#[must_use]
pub fn of_this_code() -> Image {
    let (base, notes) = loaded();
    let id = notes.iter().find_map(|notes| build_id(notes));
    let build_id = id.map_or_else(
        || "unknown".to_owned(),
        |id| {
            id.iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
        },
    );
    Image { build_id, base }
}

/// The description of the note `GNU`, type 3, among the notes of a segment.
fn build_id(mut notes: &[u8]) -> Option<&[u8]> {
    const TYPE: u32 = 3;
    while let Some((header, rest)) = notes.split_first_chunk::<12>() {
        let word = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
        let (name_len, len) = (usize::try_from(word(0)?).ok()?, usize::try_from(word(4)?).ok()?);
        let name = rest.get(..name_len)?;
        let rest = rest.get(name_len.checked_next_multiple_of(4)?..)?;
        if (name, word(8)?) == (b"GNU\0", TYPE) {
            return rest.get(..len);
        }
        notes = rest.get(len.checked_next_multiple_of(4)?..)?;
    }
    None
}

/// Where the image begins, and its segments of notes.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn loaded() -> (usize, Vec<&'static [u8]>) {
    const LOAD: u32 = 1;
    const NOTE: u32 = 4;

    /// `Elf32_Ehdr` and `Elf64_Ehdr` up to what is needed.
    #[repr(C)]
    struct Header {
        ident: [u8; 16],
        kind: u16,
        machine: u16,
        version: u32,
        entry: usize,
        segments_at: usize,
        sections_at: usize,
        flags: u32,
        header_len: u16,
        segment_len: u16,
        segments: u16,
    }

    /// `Elf64_Phdr`.
    #[cfg(target_pointer_width = "64")]
    #[repr(C)]
    struct Segment {
        kind: u32,
        flags: u32,
        offset: usize,
        address: usize,
        physical: usize,
        file_len: usize,
        memory_len: usize,
        align: usize,
    }

    /// `Elf32_Phdr`.
    #[cfg(target_pointer_width = "32")]
    #[repr(C)]
    struct Segment {
        kind: u32,
        offset: usize,
        address: usize,
        physical: usize,
        file_len: usize,
        memory_len: usize,
        flags: u32,
        align: usize,
    }

    // SAFETY: every linker of these systems defines this name, hidden, as the header of the image that it links.
    unsafe extern "C" {
        /// Its size is the linker's affair, so it has none here and only its address is used.
        #[link_name = "__ehdr_start"]
        static HEADER: [u8; 0];
    }

    let start = (&raw const HEADER).cast::<u8>();
    // SAFETY: the header lies in the first loaded segment, aligned as the format demands; that is never written.
    let header = unsafe { start.cast::<Header>().read() };
    if usize::from(header.segment_len) != size_of::<Segment>() {
        return (start as usize, Vec::new());
    }
    let first = start.wrapping_add(header.segments_at).cast::<Segment>();
    // SAFETY: the header says that so many segments of this very size follow there, and the linker puts them into the
    // first loaded segment, aligned; they are never written and live as long as this code.
    let segments = unsafe { std::slice::from_raw_parts(first, header.segments.into()) };
    // The header is byte 0 of the file; where that was linked to is where addresses count from.
    let first = segments.iter().find(|segment| segment.kind == LOAD && segment.offset == 0);
    let Some(origin) = first.map(|segment| segment.address) else { return (start as usize, Vec::new()) };
    let notes = segments.iter().filter(|segment| segment.kind == NOTE).filter_map(|segment| {
        let from = segment.address.checked_sub(origin)?;
        // SAFETY: a segment of notes lies inside a loaded one that is only read, at its own distance from the header.
        Some(unsafe { std::slice::from_raw_parts(start.wrapping_add(from), segment.file_len) })
    });
    (start as usize, notes.collect())
}

/// Elsewhere images have other headers, and no device runs them.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn loaded() -> (usize, Vec<&'static [u8]>) {
    (0, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &[u8], kind: u32, description: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for word in [name.len() as u32, description.len() as u32, kind] {
            bytes.extend(word.to_ne_bytes());
        }
        for part in [name, description] {
            bytes.extend(part);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }

    #[test]
    fn the_build_id_is_found_behind_other_notes() {
        let other = note(b"Android\0", 1, &[1, 2, 3, 4, 5]);
        let ours = note(b"GNU\0", 3, &[0xab; 20]);
        assert_eq!(build_id(&[other.clone(), ours].concat()), Some(&[0xab; 20][..]));
        assert_eq!(build_id(&[other, note(b"GNU\0", 5, &[1])].concat()), None);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic() {
        let whole = note(b"GNU\0", 3, &[7; 20]);
        for len in 0..whole.len() {
            assert_eq!(build_id(&whole[..len]), None, "cut at {len}");
        }
        assert_eq!(build_id(&[0xff; 64]), None);
        assert_eq!(build_id(&[0; 64]), None);
    }

    #[test]
    fn the_image_of_this_test_is_its_own_file() {
        let image = of_this_code();
        let bytes = std::fs::read("/proc/self/exe").unwrap();
        assert_ne!(image.base, 0);
        assert!(image.build_id == "unknown" || image.build_id.len() >= 16, "{image:?}");
        let id: Vec<u8> = (0..image.build_id.len() / 2)
            .filter_map(|at| u8::from_str_radix(&image.build_id[at * 2..at * 2 + 2], 16).ok())
            .collect();
        assert!(!id.is_empty(), "the linker of this machine writes a build id");
        assert!(bytes.windows(id.len()).any(|window| window == id), "{image:?}");
    }
}
