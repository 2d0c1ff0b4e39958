//! The object `OsCompat`: one set of properties, decided once, and its effects at any moment.

use std::collections::HashMap;
use std::sync::Arc;

use ferrule_os4_compat::{Partition, PropertyMap};

use super::facts::{DeviceFacts, Probes, PropertyText, RuntimeState};
use super::report::{Effects, FrameworkVerdict, OsIdentity, PropertyReport};
use crate::os::Session;
use crate::panics;

/// Which OS a set of properties speaks of, and which effects the device may show.
///
/// For tools, reports and tests: it reads whole property files and keeps every reason. A launcher at start-up asks
/// `dev.ferrule.os4.OsCompat` instead, which never touches these generated classes. Close it when done.
#[derive(Debug, uniffi::Object)]
pub struct OsCompat {
    session: Session,
    properties: PropertyReport,
}

#[uniffi::export]
impl OsCompat {
    /// Reads property files, merges them in the order in which Android loads their partitions, and decides.
    ///
    /// No bytes are an error: what cannot be read is counted in `properties()`.
    #[uniffi::constructor]
    pub fn from_texts(texts: Vec<PropertyText>, probes: Probes, device: DeviceFacts) -> Arc<Self> {
        panics::install_hook();
        panics::reported(|| {
            let maps = texts
                .iter()
                .map(|file| PropertyMap::parse_partition(&file.text, Partition::from_path(&file.name)));
            Self::new(&PropertyMap::merge(maps), probes, device)
        })
    }

    /// Decides from keys and values as a caller on a device has them.
    #[uniffi::constructor]
    pub fn from_pairs(pairs: HashMap<String, String>, probes: Probes, device: DeviceFacts) -> Arc<Self> {
        panics::install_hook();
        panics::reported(|| Self::new(&PropertyMap::from_pairs(&pairs), probes, device))
    }

    /// How the properties were read.
    pub fn properties(&self) -> PropertyReport {
        self.properties.clone()
    }

    /// Which OS this is, with every reason.
    pub fn identity(&self) -> OsIdentity {
        self.session.identity().into()
    }

    /// Which framework this is, and whether the native launcher may start on it.
    pub fn framework(&self) -> FrameworkVerdict {
        self.session.framework().into()
    }

    /// Whether this is HyperOS of at least this major, on evidence that agrees.
    pub fn at_least(&self, major: u32) -> bool {
        self.session.identity().at_least(major)
    }

    /// What may be shown in a runtime state. Heat is remembered between calls on the same object.
    pub fn effects(&self, runtime: RuntimeState) -> Effects {
        panics::reported(|| (&self.session.moment(&runtime.into())).into())
    }
}

impl OsCompat {
    fn new(map: &PropertyMap, probes: Probes, device: DeviceFacts) -> Arc<Self> {
        let session = Session::from_map(map, &probes.into(), &device.into());
        Arc::new(Self { session, properties: map.into() })
    }
}
