//! Runs `ferrule os check` as a person or a script does: text, JSON, exit codes, bad input. The phones are made up.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// A folder with made-up phones.
struct Phones(tempfile::TempDir);

const HYPEROS_4: &str = "ro.mi.os.version.code=4\nro.mi.os.version.name=OS4.0\n\
    ro.mi.os.version.incremental=OS4.0.9.0.XZZCNXM\nro.build.version.incremental=OS4.0.9.0.XZZCNXM\n\
    ro.build.version.sdk=37\nro.product.cpu.abi=arm64-v8a\npersist.sys.background_blur_supported=true\n\
    persist.sys.advanced_visual_release=5\nro.surface_flinger.supports_background_blur=1\n\
    persist.sys.hyper_transition=true\npersist.sys.hyper_transition_v=2\n";
const PIXEL: &str = "ro.build.version.incremental=12345678\nro.build.version.sdk=36\nno assignment\n";

impl Phones {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn ferrule(arguments: &[&str], paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ferrule"))
        .args(arguments)
        .args(paths)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn objects(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn json_has_the_keys_of_the_contract_in_their_order() {
    let phones = Phones::new();
    let path = phones.write("phone.prop", HYPEROS_4);
    let output = ferrule(&["os", "check", "--json"], &[&path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let [object] = &objects(&output)[..] else { panic!("one line a file") };
    let keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = [
        "file",
        "family",
        "major",
        "minor",
        "sdk",
        "confidence",
        "spoofed",
        "at_least_os4",
        "framework",
        "native_launcher",
        "glass",
        "effects",
        "reasons",
        "ignored_lines",
    ];
    assert_eq!(keys[..wanted.len()], wanted);
    let effects: Vec<&str> = object["effects"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(effects, ["bounce", "transition", "blur_background", "dynamic_layers", "long_press_menu"]);
    for reason in object["reasons"].as_array().unwrap() {
        assert_eq!(reason.as_object().unwrap().keys().collect::<Vec<_>>(), ["code", "detail"]);
    }
    assert_eq!(object["file"], json!(path.to_str()));
    assert_eq!(
        (&object["family"], &object["major"], &object["minor"]),
        (&json!("hyperos"), &json!(4), &json!(0))
    );
    assert_eq!(object["at_least_os4"], json!(true));
    assert_eq!(object["framework"], json!("unknown"), "nobody asked the package manager");
    assert_eq!(object["native_launcher"], json!("keep_previous"));
}

#[test]
fn probes_device_and_runtime_reach_the_decision() {
    let phones = Phones::new();
    let path = phones.write("phone.prop", HYPEROS_4);
    let glass = |extra: &[&str]| {
        let mut arguments = vec!["os", "check", "--json"];
        arguments.extend(extra);
        let object = objects(&ferrule(&arguments, &[&path])).remove(0);
        (object["glass"].as_str().unwrap().to_owned(), object["native_launcher"].as_str().unwrap().to_owned())
    };
    let is = |glass: (String, String), level: &str, launcher: &str| {
        assert_eq!(glass, (level.into(), launcher.into()))
    };
    let whole = ["--probe", "rustruntime.v5=present", "--device", "ram_gib=12"];
    is(glass(&[]), "frosted", "keep_previous");
    is(glass(&whole), "full", "may_start");
    is(glass(&[&whole[..], &["--device", "abi=x86_64"]].concat()), "full", "keep_previous");
    is(glass(&[&whole[..], &["--probe", "rustruntime.v5=absent"]].concat()), "frosted", "keep_previous");
    is(glass(&[&whole[..], &["--device", "ram_gib=6"]].concat()), "frosted", "may_start");
    for cap in [
        "thermal=3",
        "battery_saver=on",
        "cross_window_blur=off",
        "window_blurs_disabled=on",
        "user_material=off",
    ] {
        is(glass(&[&whole[..], &["--runtime", cap]].concat()), "static", "may_start");
    }
    is(glass(&[&whole[..], &["--runtime", "reduce_transparency=on"]].concat()), "off", "may_start");
    is(glass(&[&whole[..], &["--runtime", "cross_window_blur=unknown"]].concat()), "full", "may_start");
}

#[test]
fn a_folder_of_partitions_is_one_phone() {
    let phones = Phones::new();
    phones.write(
        "dump/system/build.prop",
        "ro.build.version.incremental=V816.0.3.0.UZZMIXM\nro.build.version.sdk=34\n",
    );
    phones.write(
        "dump/mi_ext/etc/build.prop",
        "ro.mi.os.version.code=1\nro.build.version.incremental=V816.0.4.0.UZZMIXM\n",
    );
    let output = ferrule(&["os", "check", "--json"], &[&phones.0.path().join("dump")]);
    let [object] = &objects(&output)[..] else { panic!("{}", stderr(&output)) };
    assert_eq!(
        (&object["family"], &object["major"], &object["sdk"]),
        (&json!("hyperos"), &json!(1), &json!(34))
    );
    assert_eq!(object["merged"], json!(["mi_ext/etc/build.prop", "system/build.prop"]));
    let files = ["a.prop", "b.prop"].map(|name| phones.write(&format!("many/{name}"), PIXEL));
    let output = ferrule(&["os", "check", "--json"], &[&phones.0.path().join("many")]);
    let names: Vec<Value> = objects(&output).iter().map(|object| object["file"].clone()).collect();
    assert_eq!(names, files.map(|file| json!(file.to_str())));
}

#[test]
fn an_unreadable_input_is_one_line_and_exit_code_2_and_the_others_are_answered() {
    let phones = Phones::new();
    let good = phones.write("good.prop", PIXEL);
    let missing = phones.0.path().join("missing\n\u{1b}.prop");
    let empty = phones.0.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    for json in [&["os", "check", "--json"][..], &["os", "check"]] {
        let output = ferrule(json, &[&missing, &good, &empty]);
        assert_eq!(output.status.code(), Some(2));
        let errors = stderr(&output);
        let lines: Vec<&str> = errors.lines().collect();
        assert_eq!(lines.len(), 2, "{errors}");
        assert!(lines[0].contains("missing\u{fffd}\u{fffd}.prop cannot be read: "), "{errors}");
        assert!(lines[1].contains("empty has no *.prop file"), "{errors}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("good.prop"));
    }
}

#[test]
fn no_bytes_make_it_fail() {
    let phones = Phones::new();
    let files = [
        phones.write("empty.prop", ""),
        phones.write("binary.prop", (0..=255).cycle().take(100_000).collect::<Vec<u8>>()),
        phones.write("long.prop", format!("ro.mi.os.version.code={}", "4".repeat(1 << 20))),
        phones.write("cut.prop", &HYPEROS_4[..HYPEROS_4.len() - 7]),
        phones.write("\u{1b}[31m.prop", "ro.mi.os.version.name=\u{1b}[2J\n"),
    ];
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let output = ferrule(&["os", "check", "--json"], &paths);
    assert_eq!((output.status.code(), objects(&output).len()), (Some(0), files.len()));
    let output = ferrule(&["os", "check"], &paths);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        !output.stdout.contains(&0x1b),
        "neither our colour off a terminal nor the file's escape sequences"
    );
}

#[test]
fn text_is_a_table_and_the_reasons_as_sentences() {
    let phones = Phones::new();
    let (one, two) = (phones.write("one.prop", HYPEROS_4), phones.write("two.prop", PIXEL));
    let output = ferrule(&["os", "check"], &[&one, &two]);
    let text = String::from_utf8_lossy(&output.stdout);
    let rows: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(rows.len(), 3, "{text}");
    assert!(rows[1].contains("HyperOS 4.0  37   high        yes"), "{text}");
    assert!(rows[2].contains("other        36   low         no"), "{text}");
    assert!(text.contains("[OS_STAMP_CONFIRMS]") && text.contains("[OS_NO_EVIDENCE]"), "{text}");
    assert!(text.contains("1 line was not understood"), "{text}");
}

#[test]
fn stdin_takes_the_output_of_getprop() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ferrule"))
        .args(["os", "check", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(b"[ro.build.version.incremental]: [V14.0.3.0.TZZMIXM]\n[ro.build.version.sdk]: [33]\n")
        .unwrap();
    drop(stdin);
    let object = objects(&child.wait_with_output().unwrap()).remove(0);
    assert_eq!(
        (&object["file"], &object["family"], &object["major"]),
        (&json!("-"), &json!("miui"), &json!(14))
    );
}

#[test]
fn usage_errors_are_exit_code_2_and_name_what_is_known() {
    for (arguments, word) in [
        (&["os", "check"][..], "required"),
        (&["os", "check", "--probe", "rustruntime.v9=present", "x"], "rustruntime.v5"),
        (&["os", "check", "--device", "ram=8", "x"], "ram_gib"),
        (&["os", "check", "--runtime", "thermal=9", "x"], "0 to 6"),
        (&["os", "chek", "x"], "check"),
        (&[], "Usage"),
    ] {
        let output = ferrule(arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = stderr(&output);
        assert!(said.contains(word), "{arguments:?}: {said}");
        let is_one = said.lines().skip(1).all(|line| line.starts_with("  ")) && said.starts_with("ferrule: ");
        assert!(is_one || arguments.is_empty(), "one message: {said}");
    }
}

#[test]
fn a_closed_pipe_is_an_ordinary_end() {
    let phones = Phones::new();
    let path = phones.write("phone.prop", PIXEL);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ferrule"));
    command.args(["os", "check", "--json"]).args(vec![&path; 400]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()));
}
