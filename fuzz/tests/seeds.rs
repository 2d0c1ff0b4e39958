//! Replays every seed of every target, and each seed cut short and with a bit flipped.

use std::path::Path;

/// A target's name and what it asserts.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 2] = [("properties", ferrule_fuzz::properties), ("versions", ferrule_fuzz::versions)];

#[test]
fn every_seed_holds_whole_cut_and_damaged() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    for (name, holds) in TARGETS {
        let mut count = 0;
        for entry in std::fs::read_dir(seeds.join(name)).expect("each target has a folder of seeds") {
            let bytes =
                std::fs::read(entry.expect("the folder can be read").path()).expect("a seed can be read");
            count += 1;
            holds(&bytes);
            for at in 0..bytes.len().min(512) {
                holds(&bytes[..at]);
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << (at % 8);
                holds(&damaged);
            }
        }
        assert!(count > 0, "{name} has no seed");
    }
}

#[test]
fn every_folder_of_seeds_has_its_target() {
    for entry in
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")).expect("there are seeds")
    {
        let name = entry.expect("the folder can be read").file_name();
        assert!(TARGETS.iter().any(|(target, _)| name.to_str() == Some(target)), "{name:?} is no target");
    }
}
