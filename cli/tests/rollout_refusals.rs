//! Every command of `ferrule rollout` on bad inputs: one message that names the input and a remedy, in lines that a terminal shows whole,
//! exit code 2, no output but an object with `--json`, and nothing written.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod rollout_kit;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rollout_kit::rollout;

const CONFIG: &str = "schema = 1\ngeneration = 3\n[feature.\"os.compat_check\"]\nid = 0\nstage = \"canary\"\ncanary_permille = 10\n";

/// A state that a later version wrote: its slot asks for a newer reader.
fn too_new(whole: &[u8]) -> Vec<u8> {
    let mut slot = whole.to_vec();
    slot[6] = 2;
    let length = 40 + u32::from_le_bytes(slot[32..36].try_into().expect("four bytes")) as usize;
    let crc = crc32c::crc32c(&slot[..length]);
    slot[length..length + 4].copy_from_slice(&crc.to_le_bytes());
    slot
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("written");
    write("good.toml", CONFIG.as_bytes());
    assert!(rollout(folder.path(), "compile good.toml --out good.state").status.success());
    assert!(rollout(folder.path(), "compile good.toml --out killed.state").status.success());
    assert!(rollout(folder.path(), "kill killed.state os.compat_check").status.success());
    let whole = fs::read(folder.path().join("good.state")).expect("a state");
    write("new.state", &too_new(&whole));
    write("empty", b"");
    write("binary", &[0xff, 0xfe, 0, 1, 2, 3, 0x80]);
    write("torn.state", &whole[..30]);
    write("bad.toml", b"generation = = 2");
    write("line.jsonl", b"{\"kind\":\"ledger\",\"schema\":1}\n");
    write("schema.jsonl", b"{\"kind\":\"class\",\"schema\":9,\"device\":\"x\",\"class\":\"y\",\"hits\":1}\n");
    write("stray.jsonl", b"{\"kind\":\"class\",\"schema\":1,\"device\":\"x\",\"class\":\"y\",\"hits\":1}\n");
    write("long.jsonl", &vec![b' '; 20_000]);
    write("large.toml", &vec![b'\n'; 4 * 1024 * 1024 + 1]);
    folder
}

/// Command, and what its one message must say.
const REFUSED: &[(&str, &str)] = &[
    // Files that are not there.
    ("compile none.toml --out x.state", "none.toml: No such file"),
    ("lint none.toml", "none.toml: No such file"),
    ("status none.state", "none.state: there is no such file"),
    ("why none.state f", "none.state: there is no such file"),
    ("kill none.state all", "none.state: there is no such file"),
    ("unkill none.state all", "none.state: there is no such file"),
    ("set none.state f off", "none.state: there is no such file"),
    ("clear none.state f --yes", "none.state: there is no such file"),
    ("drill none.state f", "none.state: there is no such file"),
    ("merge none.jsonl", "none.jsonl: No such file"),
    ("gate --config good.toml none.jsonl", "none.jsonl: No such file"),
    ("gate --config none.toml line.jsonl", "none.toml: No such file"),
    ("diff none.jsonl", "none.jsonl: No such file"),
    ("export none.jsonl", "none.jsonl: No such file"),
    ("audit none.0", "none.0: No such file"),
    ("report --config none.toml --out x.html", "none.toml: No such file"),
    ("report --config good.toml --out x.html none.jsonl", "none.jsonl: No such file"),
    ("report --config good.toml --state none.state --out x.html", "none.state: there is no such file"),
    ("report --config good.toml --guard none.jsonl --out x.html", "none.jsonl: No such file"),
    ("report --config good.toml --drills none.jsonl --out x.html", "none.jsonl: No such file"),
    ("report --config good.toml --audit none.0 --out x.html", "none.0: No such file"),
    // Folders in place of files.
    ("compile . --out x.state", ".: Is a directory"),
    ("status .", ".: Is a directory"),
    ("merge .", "Is a directory"),
    ("audit .", ".: Is a directory"),
    // Nowhere to write.
    ("compile good.toml --out none/x.state", "none/x.state: No such file"),
    ("report --config good.toml --out none/x.html", "none/x.html: No such file"),
    // States that are none.
    ("status empty", "empty: No stored state could be read"),
    ("status binary", "RO_STATE_LOST"),
    ("status torn.state", "RO_STATE_LOST"),
    ("status new.state", "RO_STATE_TOO_NEW"),
    ("why binary f", "RO_STATE_LOST"),
    ("why new.state f", "RO_STATE_TOO_NEW"),
    ("kill torn.state all", "No stored state could be read"),
    ("kill new.state all", "needs a newer reader"),
    ("unkill torn.state all", "No stored state could be read"),
    ("set torn.state os.compat_check off", "No stored state could be read"),
    ("clear torn.state os.compat_check --yes", "No stored state could be read"),
    ("drill torn.state os.compat_check", "No stored state could be read"),
    ("drill new.state os.compat_check", "needs a newer reader"),
    ("report --config good.toml --state torn.state --out x.html", "RO_STATE_LOST"),
    // Names that there are not.
    ("why good.state os.compat_chekc", "did you mean os.compat_check?"),
    ("kill good.state os.compat_chekc", "did you mean os.compat_check?"),
    ("unkill good.state os.compat_chekc", "did you mean os.compat_check?"),
    ("set good.state os.compat_chekc off", "did you mean os.compat_check?"),
    ("set good.state os.compat_check lvie", "did you mean live?"),
    ("set good.state all off", "all: this is for one feature"),
    ("clear good.state os.compat_chekc --yes", "did you mean os.compat_check?"),
    ("drill good.state os.compat_chekc", "did you mean os.compat_check?"),
    ("drill good.state all", "the state has no such feature"),
    ("drill killed.state os.compat_check", "see ferrule rollout unkill"),
    // Values outside their range, and arguments that are missing.
    ("set good.state os.compat_check canary", "--permille 0..=1000"),
    ("set good.state os.compat_check canary --permille 1001", "1001 is not in 0..=1000"),
    ("set good.state os.compat_check off --permille 1", "is for canary only"),
    ("set good.state os.compat_check off 1", "is for canary only"),
    ("set good.state os.compat_check canary 1001", "1001 is not in 0..=1000"),
    ("set good.state os.compat_check canary 10 --permille 10", "cannot be used with"),
    ("lint good.toml --today soon", "a day is YYYY-MM-DD"),
    ("clear good.state os.compat_check", "--yes"),
    ("compile good.toml", "--out"),
    ("report --config good.toml", "--out"),
    ("report --out x.html", "--config"),
    ("gate line.jsonl", "--config"),
    ("merge", "Usage"),
    ("gate --config good.toml", "Usage"),
    ("diff", "Usage"),
    ("export", "Usage"),
    ("audit", "Usage"),
    ("audit a b c", "unexpected"),
    ("status", "Usage"),
    ("why good.state", "Usage"),
    ("kill good.state", "Usage"),
    ("drill good.state", "Usage"),
    ("merge line.jsonl --permille many", "many"),
    ("report --config good.toml --out x.html --drill soon", "soon"),
    ("report --config good.toml --out x.html --audit a --audit b --audit c", "give --audit twice at most"),
    // Configurations that are none. compile and lint name the place on a line of its own.
    ("gate --config bad.toml line.jsonl", "see ferrule rollout lint"),
    ("gate --config binary line.jsonl", "binary: "),
    ("report --config bad.toml --out x.html", "see ferrule rollout lint"),
    ("report --config binary --out x.html", "binary: "),
    ("compile binary --out x.state", "binary: "),
    ("lint binary", "binary: "),
    ("lint large.toml", "large.toml: it has more than 4194304 bytes"),
    ("compile large.toml --out x.state", "large.toml: it has more than 4194304 bytes"),
    ("compile good.toml --out good.toml", "good.toml: this is the input good.toml"),
    ("report --config good.toml --out good.toml", "good.toml: this is the input good.toml"),
    // Ledgers that are none.
    ("merge empty", "no ledger fits"),
    ("merge binary", "binary:1: the line is not UTF-8"),
    ("merge line.jsonl", "line.jsonl:1: missing field"),
    ("merge schema.jsonl", "it has schema 9; this version reads 1"),
    ("merge stray.jsonl", "stray.jsonl:1: "),
    ("merge long.jsonl", "longer than 16384 bytes"),
    ("gate --config good.toml empty", "no ledger fits"),
    ("gate --config good.toml line.jsonl", "line.jsonl:1: "),
    ("diff empty", "no ledger fits"),
    ("diff stray.jsonl", "stray.jsonl:1: "),
    ("diff binary", "binary:1: "),
    ("merge --stage shdow empty", "there is no such stage; did you mean shadow?"),
    ("export line.jsonl", "line.jsonl:1: "),
    ("export binary", "binary:1: "),
    ("report --config good.toml --out x.html stray.jsonl", "stray.jsonl:1: "),
    ("report --config good.toml --out x.html binary", "binary:1: "),
    ("report --config good.toml --out x.html --guard binary", "binary:1: "),
    ("report --config good.toml --out x.html --drills line.toml", "line.toml: No such file"),
];

#[test]
fn each_is_refused_in_one_message_with_a_remedy_and_writes_nothing() {
    let folder = folder();
    let look = || -> BTreeMap<String, Vec<u8>> {
        let files = fs::read_dir(folder.path()).expect("a folder").flatten();
        files
            .map(|file| {
                (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).expect("a file"))
            })
            .filter(|(name, _)| !name.ends_with(".lock"))
            .collect()
    };
    let before = look();
    for (arguments, wanted) in REFUSED {
        let output = rollout(folder.path(), arguments);
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.lines().all(|line| line.chars().count() <= 100), "{arguments}: {said}");
        assert!(said.lines().skip(1).all(|line| line.starts_with("  ")), "one message: {arguments}: {said}");
        let message = said.trim_end().replace("\n  ", " ");
        assert!(message.starts_with("ferrule: ") && message.contains(wanted), "{arguments}: {said}");
        in_json(folder.path(), arguments, &message);
        assert!(output.stdout.is_empty(), "{arguments}: {}", String::from_utf8_lossy(&output.stdout));
    }
    assert_eq!(before, look(), "nothing was written");
}

/// With `--json` the same is an object, but for a command line that is not understood.
fn in_json(folder: &Path, arguments: &str, message: &str) {
    let Some((_, code)) = message.strip_suffix(']').and_then(|message| message.rsplit_once('[')) else {
        return;
    };
    if arguments.starts_with("export") || !code.starts_with("RO_") {
        return;
    }
    let output = rollout(folder, &format!("{arguments} --json"));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!((output.status.code(), text.lines().count()), (Some(2), 1), "{arguments}: {text}");
    let object: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (&object["schema_version"], &object["error"]["code"]),
        (&1.into(), &code.into()),
        "{arguments}"
    );
    let said = object["error"]["message"].as_str().expect("a message");
    assert!(message.contains(said), "{arguments}: {message}: {said}");
}

#[test]
fn every_command_is_refused_something() {
    let help = rollout(Path::new("."), "--help");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // What is indented deeper goes on with the line above.
    let commands = lines.filter(|line| !line.starts_with("   "));
    let mut count = 0;
    for command in commands.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
        count += 1;
        let refused =
            REFUSED.iter().filter(|(arguments, _)| arguments.split_whitespace().next() == Some(command));
        assert!(refused.count() >= 2, "{command} is refused nothing");
    }
    assert!(count >= 15, "{help}");
}
