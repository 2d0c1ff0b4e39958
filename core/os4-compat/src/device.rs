//! What the caller knows of the hardware, besides properties and probes.
//!
//! What it is not: it holds no property (those come from the map) and nothing that changes while the phone runs
//! (that is [`RuntimeState`](crate::runtime::RuntimeState)).

use crate::framework::Abi;

/// Where the property map was read, which decides what an absent key means (os4-compat 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PropertyOrigin {
    /// Files or a dump: a key may simply not be in the part that was saved, so absent is *unknown*.
    #[default]
    File,
    /// Every property of the running system: absent is what the system's own readers take it for, `false`.
    LiveDevice,
}

/// Facts of the device that no property tells reliably; `None` is *unknown* and never enables anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DeviceFacts {
    /// Memory in GiB as sold (the nominal size: a "6 GB" phone is 6, though the kernel reports 5.4).
    pub ram_gib: Option<u32>,
    /// Computility level of the CPU, 0–6; stands over `persist.sys.computility.cpulevel`.
    pub cpulevel: Option<u32>,
    /// Computility level of the GPU, 0–6; stands over `persist.sys.computility.gpulevel`.
    pub gpulevel: Option<u32>,
    /// The ABI, for the native launcher; it changes no effect.
    pub abi: Abi,
    /// Display density in dots per inch (160 is 1 px a dp).
    pub density_dpi: Option<u32>,
    /// What an absent property means.
    pub origin: PropertyOrigin,
}
