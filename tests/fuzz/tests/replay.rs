//! Runs every target over its committed seeds, without libFuzzer. A target without a seed is a failure.

use std::fs;
use std::path::Path;

#[test]
fn every_target_holds_on_its_seeds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in ferrule_fuzz::TARGETS {
        let entries =
            fs::read_dir(corpus.join(name)).unwrap_or_else(|error| panic!("corpus of {name}: {error}"));
        let mut seeds = 0;
        for entry in entries {
            let path = entry.expect("folder entry").path();
            target(&fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
            seeds += 1;
        }
        assert!(seeds > 0, "{name} has no seed");
    }
}
