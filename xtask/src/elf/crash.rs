//! The addresses in a crash report: lines of a tombstone, and the lines that Ferrule logs of a contained panic.
//!
//! What it is: pure text work. What it is not: it looks nothing up. Invariants: any text gives addresses or none; what
//! stands before a line (a time, a tag) does not matter.

/// An address in a library of a known build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its place in the stack, from 0.
    pub number: u32,
    /// The build id in hexadecimal.
    pub build_id: String,
    /// The address in the library's own counting.
    pub address: u64,
}

/// Every frame of the report that names its build, in the order of the text.
///
/// A tombstone's line has all of it: `#01 pc 0001a2b4  /…/libferrule.so (name+12) (BuildId: 0123…)`. Of a panic the
/// backtrace comes first (`  3:     0x7f12 - name`), and `build_id="…" base=0x…` after it says whose addresses they are.
pub fn frames(report: &str) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut waiting: Vec<(u32, u64)> = Vec::new();
    for line in report.lines() {
        if let Some(frame) = of_tombstone(line) {
            found.push(frame);
        } else if let Some((build_id, base)) = owner(line) {
            found.extend(waiting.drain(..).filter_map(|(number, address)| {
                // Of a caller the report has the address that it goes on at, which may be the next line's.
                let address = address.checked_sub(base)?.checked_sub(u64::from(number > 0))?;
                Some(Frame { number, build_id: build_id.clone(), address })
            }));
        } else if line.contains("panic at ") {
            waiting.clear();
        }
        waiting.extend(of_backtrace(line));
    }
    found
}

fn of_tombstone(line: &str) -> Option<Frame> {
    let (_, rest) = line.split_once('#')?;
    let (number, rest) = rest.split_once(" pc ")?;
    let (_, id) = rest.split_once("(BuildId: ")?;
    Some(Frame {
        number: number.trim().parse().ok()?,
        build_id: id.split(')').next()?.to_lowercase(),
        address: hexadecimal(rest.trim_start())?,
    })
}

/// `build_id="…" base=0x…`.
fn owner(line: &str) -> Option<(String, u64)> {
    let (_, rest) = line.split_once("build_id=\"")?;
    let (build_id, rest) = rest.split_once('"')?;
    let (_, base) = rest.split_once("base=0x")?;
    Some((build_id.to_lowercase(), hexadecimal(base)?))
}

/// `  3:     0x7f12 - name`.
fn of_backtrace(line: &str) -> Option<(u32, u64)> {
    let (before, rest) = line.split_once("0x")?;
    let number = before.trim_end().strip_suffix(':')?.rsplit(' ').next()?.parse().ok()?;
    let address = hexadecimal(rest)?;
    rest.trim_start_matches(|c: char| c.is_ascii_hexdigit()).starts_with(" - ").then_some((number, address))
}

/// The digits at the start of the text.
fn hexadecimal(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(text.len());
    u64::from_str_radix(text.get(..end)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(number: u32, build_id: &str, address: u64) -> Frame {
        Frame { number, build_id: build_id.to_owned(), address }
    }

    #[test]
    fn a_tombstones_lines_are_read_whatever_stands_before_them() {
        let text = "11-30 10:00:00.000  123  456 F DEBUG   : backtrace:\n\
            11-30 10:00:00.000  123  456 F DEBUG   :       #00 pc 000000000001a2b4  /data/app/x/lib/arm64/libferrule.so (JNI_OnLoad+12) (BuildId: 0123ABcd)\n\
            \x20     #01 pc 0000000000000010  /apex/com.android.art/lib64/libart.so\n\
            \x20     #12 pc 1f  base.apk!libferrule.so (offset 0x4000) (BuildId: ff00)\n";
        assert_eq!(frames(text), [frame(0, "0123abcd", 0x1a2b4), frame(12, "ff00", 0x1f)]);
    }

    #[test]
    fn a_panics_addresses_belong_to_the_build_that_is_named_after_them() {
        let text = "E ferrule : ferrule::panics: panic at bridge/src/a.rs:1:2\n\
            \x20  0:     0x7f0000001010 - <unknown>\n\
            \x20                              at /somewhere/0x12\n\
            E ferrule :   10:     0x7f0000002011 - name<0x5>\n\
            \x20  11:     0x10 - below the library version=\"1\" build_id=\"ab01\" base=0x7f0000000000\n\
            #00 pc 10  x.so (BuildId: cd)\n";
        assert_eq!(frames(text), [frame(0, "ab01", 0x1010), frame(10, "ab01", 0x2010), frame(0, "cd", 0x10)]);
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            "#",
            "#1 pc",
            "#x pc 1 (BuildId: a)",
            "# pc zz (BuildId: a",
            "1: 0xzz - a",
            "build_id=\"a\" base=0x",
            "9: 0xfffffffffffffffff - a",
        ] {
            assert_eq!(frames(text), [], "{text}");
        }
    }
}
