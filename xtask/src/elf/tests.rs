//! Libraries made by the machine's own compiler, each with one thing wrong; and bytes that are no library at all.

use std::path::Path;
use std::process::Command;

use super::*;

/// What a library must be linked with.
const GOOD: [&str; 6] = [
    "-Wl,-soname,libsample.so",
    "-Wl,--build-id=sha1",
    "-Wl,-z,relro,-z,now",
    "-Wl,-z,max-page-size=16384",
    "-Wl,-z,noexecstack",
    "-Wl,-z,text",
];

/// Compiles `source` with the flags above but for the one that begins with `without`, takes the symbols off and checks.
fn faults(source: &str, without: &str, with: &[&str]) -> Vec<Fault> {
    let folder = tempfile::tempdir().unwrap();
    let stripped =
        symbols::split(&library(folder.path(), source, without, with), &folder.path().join("out")).unwrap();
    check(&stripped, &symbols::beside(&stripped))
}

fn library(folder: &Path, source: &str, without: &str, with: &[&str]) -> PathBuf {
    let (text, file) = (folder.join("sample.c"), folder.join("libsample.so"));
    fs::write(&text, source).unwrap();
    let flags = GOOD.iter().filter(|flag| without.is_empty() || !flag.starts_with(without));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-g", "-nostdlib", "-o"]).arg(&file).arg(&text).args(flags).args(with);
    let output = compiler.output().expect("cc links every Rust program on this machine");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    file
}

const PLAIN: &str = "int JNI_OnLoad(void) { return 1; } int uniffi_ferrule_fn_a(void) { return 2; }";

#[test]
fn a_library_that_is_linked_as_it_should_has_no_fault() {
    assert_eq!(faults(PLAIN, "", &[]), []);
}

#[test]
fn each_thing_that_is_wrong_is_found_alone() {
    let named =
        |name: Option<&str>| Fault::Name { found: name.map(str::to_owned), file: "libsample.so".to_owned() };
    let rows: [(&str, &str, &[&str], Fault); 9] = [
        ("-Wl,-soname", "", &[], named(None)),
        ("-Wl,-soname", "", &["-Wl,-soname,libother.so"], named(Some("libother.so"))),
        ("-Wl,-z,relro", "", &["-Wl,-z,relro", "-Wl,-z,lazy"], Fault::Lazy),
        ("-Wl,-z,relro", "", &["-Wl,-z,norelro", "-Wl,-z,now"], Fault::NoRelro),
        ("-Wl,-z,max-page-size", "", &["-Wl,-z,max-page-size=4096"], Fault::Pages(4096)),
        ("-Wl,-z,noexecstack", "", &["-Wl,-z,execstack"], Fault::ExecutableStack),
        ("", "int helper(void) { return 3; }", &[], Fault::Exports("helper".to_owned())),
        ("", "int Java_a_B_c(void) { return 3; }", &[], Fault::Exports("Java_a_B_c".to_owned())),
        (
            "-Wl,-z,text",
            "int seen; asm(\".text\\n.quad seen\\n\");",
            &["-Wl,-z,notext", "-fvisibility=default"],
            Fault::TextRelocations,
        ),
    ];
    for (without, more, with, fault) in rows {
        let mut found = faults(&format!("{PLAIN} {more}"), without, with);
        found.retain(|found| *found != Fault::Exports("seen".to_owned()));
        assert_eq!(found, [fault], "{without} {more} {with:?}");
    }
    assert_eq!(faults("int uniffi_ferrule_fn_a(void) { return 2; }", "", &[]), [Fault::NoOnLoad]);
    let nameless = faults(PLAIN, "-Wl,--build-id", &["-Wl,--build-id=none"]);
    assert_eq!(nameless, [Fault::NoBuildId, Fault::OtherSymbols { symbols: None, library: None }]);
    assert_eq!(faults(PLAIN, "", &["-g0"]), [Fault::NoLines]);
}

#[test]
fn a_library_that_was_not_stripped_or_has_lost_its_symbols_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let whole = library(folder.path(), PLAIN, "", &[]);
    let [Fault::NotStripped(_), Fault::NoSymbols(_)] = &check(&whole, &symbols::beside(&whole))[..] else {
        panic!("{:?}", check(&whole, &symbols::beside(&whole)))
    };
    let stripped = symbols::split(&whole, &folder.path().join("out")).unwrap();
    let other = library(folder.path(), "int JNI_OnLoad(void) { return 9; }", "", &[]);
    let [Fault::OtherSymbols { .. }] = &check(&stripped, &other)[..] else {
        panic!("{:?}", check(&stripped, &other))
    };
}

#[test]
fn a_library_that_an_app_may_not_link_is_found() {
    let facts = Facts {
        needed: vec!["libsqlite.so".to_owned(), "libc.so".to_owned()],
        shared: true,
        ..Facts::default()
    };
    let found = rules::of_library(&facts, "liba.so");
    assert!(found.contains(&Fault::Needs("libsqlite.so".to_owned())), "{found:?}");
    assert!(!found.contains(&Fault::Needs("libc.so".to_owned())), "{found:?}");
}

/// Any prefix of a library, and any of its header's bytes set to what it should not be, is facts or a word.
#[test]
fn broken_bytes_are_a_word_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(library(folder.path(), PLAIN, "", &[])).unwrap();
    for end in (0..bytes.len()).step_by(7) {
        let _ = facts::read(&bytes[..end]);
    }
    for at in 0..bytes.len().min(1024) {
        for value in [0, 0x7f, 0xff] {
            let mut broken = bytes.clone();
            broken[at] = value;
            let _ = facts::read(&broken);
        }
    }
    for none in [&b""[..], b"\x7fELF", b"#!/bin/sh\n", b"PK\x03\x04 an archive that is no library"] {
        assert!(facts::read(none).is_err(), "{none:?}");
    }
    let missing = check(&folder.path().join("none.so"), folder.path());
    let [fault @ Fault::Unreadable(_)] = &missing[..] else { panic!("{missing:?}") };
    assert!(!fault.to_string().contains('\n'));
}
