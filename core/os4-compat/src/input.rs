//! What a caller knows besides properties: probes with *unknown* as a value.

/// An answer that may not be there: on a device a probe can fail, in a file a key can be missing.
///
/// *Unknown* never enables anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum Tri {
    /// The thing is there.
    Present,
    /// The thing is known not to be there.
    Absent,
    /// Nobody could tell.
    #[default]
    Unknown,
}

/// Presence of the shared libraries `hyperos.rustruntime.v3`, `.v4` and `.v5`, as the package manager answers.
///
/// Probes prove a dependency, never the OS: a backport can bring the libraries to an older OS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Probes {
    /// `hyperos.rustruntime.v3`, there since HyperOS 3.1.
    pub rust_runtime_v3: Tri,
    /// `hyperos.rustruntime.v4`, which launcher 8.00 needs.
    pub rust_runtime_v4: Tri,
    /// `hyperos.rustruntime.v5`, which launcher 8.01 needs and which marks the OS4 framework.
    pub rust_runtime_v5: Tri,
}
