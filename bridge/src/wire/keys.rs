//! The property keys that a question carries: everything that a rule of the core reads, and nothing else.
//!
//! A caller with 800 properties packs these few. Kotlin has the same list (`OsKeys`); a file both test against,
//! `tests/golden/os-keys.txt`, keeps the two equal, and a test here keeps this one equal to what the core's source
//! names.

/// Sorted; the order in which they are packed.
pub const KEYS: [&str; 39] = [
    "persist.sys.advanced_visual_release",
    "persist.sys.background_blur_supported",
    "persist.sys.background_blur_version",
    "persist.sys.computility.cpulevel",
    "persist.sys.computility.gpulevel",
    "persist.sys.hyper_transition",
    "persist.sys.hyper_transition_v",
    "ro.ai.os.version.code",
    "ro.ai.os.version.name",
    "ro.build.fingerprint",
    "ro.build.version.incremental",
    "ro.build.version.sdk",
    "ro.build.version.smr_baseversion",
    "ro.config.low_ram.threshold_gb",
    "ro.mi.os.version.code",
    "ro.mi.os.version.incremental",
    "ro.mi.os.version.name",
    "ro.mi.xms.version.incremental",
    "ro.miui.ui.version.name",
    "ro.odm.build.version.incremental",
    "ro.product.brand",
    "ro.product.build.fingerprint",
    "ro.product.build.version.incremental",
    "ro.product.build.version.sdk",
    "ro.product.cpu.abi",
    "ro.product.cpu.abilist",
    "ro.product.manufacturer",
    "ro.product.mod_device",
    "ro.surface_flinger.supports_background_blur",
    "ro.system.build.fingerprint",
    "ro.system.build.version.incremental",
    "ro.system.build.version.sdk",
    "ro.system.product.cpu.abilist",
    "ro.system_ext.build.fingerprint",
    "ro.system_ext.build.version.incremental",
    "ro.system_ext.build.version.sdk",
    "ro.vendor.build.version.incremental",
    "rust.runtime_active",
    "rust.runtime_version",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Property names in the code of a source file, comments and tests left out.
    fn names(source: &str) -> Vec<String> {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines
            .flat_map(|line| line.split('"').skip(1).step_by(2))
            .filter(|text| ["ro.", "persist.", "rust."].iter().any(|start| text.starts_with(start)))
            .filter(|text| !text.ends_with('.'))
            .map(str::to_owned)
            .collect()
    }

    fn collect(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else {
                found.extend(names(&std::fs::read_to_string(&path).unwrap()));
            }
        }
    }

    #[test]
    fn the_list_is_what_the_core_reads() {
        let mut found = BTreeSet::new();
        collect(Path::new("../core/os4-compat/src"), &mut found);
        let ours: BTreeSet<_> = KEYS.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(ours, found);
        assert!(KEYS.is_sorted());
    }

    #[test]
    fn the_list_is_the_golden_file() {
        let file = std::fs::read_to_string("../tests/golden/os-keys.txt").unwrap();
        assert_eq!(file.lines().collect::<Vec<_>>(), KEYS);
    }
}
