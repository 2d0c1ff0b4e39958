//! One libtest case a data row. With `CI` set, a missing folder, a missing file or no case is a failure.

use ferrule_conformance::{Elsewhere, data_dir, kinds};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let dir = data_dir();
    let strict = std::env::var_os("CI").is_some();
    let mut trials = Vec::new();
    for kind in kinds() {
        let path = dir.join(kind.path);
        let problem = match (kind.load)(&path) {
            Ok(cases) if cases.is_empty() => format!("{}: no case in {}", kind.name, path.display()),
            Ok(cases) => {
                trials.extend(cases.into_iter().map(|case| {
                    Trial::test(format!("{}::{}", kind.name, case.id), move || {
                        (case.run)().map_err(Failed::from)
                    })
                }));
                continue;
            }
            Err(error) if error.is::<Elsewhere>() => {
                eprintln!("skipped, {}: {error}", kind.name);
                continue;
            }
            Err(_) if !path.exists() => format!("{}: {} is not there", kind.name, path.display()),
            Err(error) => format!("{}: {error:#}", kind.name),
        };
        if strict || path.exists() {
            trials.push(Trial::test(format!("{}::data", kind.name), move || Err(Failed::from(problem))));
        } else {
            eprintln!("skipped, {problem}; set FERRULE_CONFORMANCE_DIR to the data folder");
        }
    }
    if strict && trials.is_empty() {
        trials.push(Trial::test("data", || Err(Failed::from("no conformance case ran"))));
    }
    libtest_mimic::run(&arguments, trials).exit();
}
