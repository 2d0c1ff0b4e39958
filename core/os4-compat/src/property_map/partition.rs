//! Partitions that carry property files, in the order in which Android loads them.

/// Where a property file comes from; ordered as loaded, so a later one overrides an earlier one (os4-compat 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum Partition {
    /// No partition could be told; everything else overrides it.
    #[default]
    Unknown,
    /// `/system`.
    System,
    /// `/system_ext`.
    SystemExt,
    /// `/vendor`, with its `vendor_dlkm`.
    Vendor,
    /// `/odm`, with its `odm_dlkm`.
    Odm,
    /// `/product`.
    Product,
    /// Xiaomi's `/mi_ext`, loaded last.
    MiExt,
    /// Not a file: live properties of a running phone, which override any file.
    Live,
}

/// Names of partitions in paths. A name that begins like another comes before it.
const NAMES: [(&str, Partition); 9] = [
    ("mi_ext", Partition::MiExt),
    ("system_ext", Partition::SystemExt),
    ("system_dlkm", Partition::System),
    ("system", Partition::System),
    ("vendor_dlkm", Partition::Vendor),
    ("vendor", Partition::Vendor),
    ("odm_dlkm", Partition::Odm),
    ("odm", Partition::Odm),
    ("product", Partition::Product),
];

impl Partition {
    /// The partition that a path speaks of, with `/` or `\` between its parts.
    ///
    /// The innermost folder that is named like a partition decides, because partitions are mounted inside each other
    /// (`system/system/product/build.prop` is the product's). Without one, a file named after a partition counts
    /// (`mi_ext.prop`, `product_etc_build.prop`).
    ///
    /// ```
    /// use ferrule_os4_compat::Partition;
    /// assert_eq!(Partition::from_path("dump/mi_ext/etc/build.prop"), Partition::MiExt);
    /// assert_eq!(Partition::from_path("system/system/system_ext/build.prop"), Partition::SystemExt);
    /// assert_eq!(Partition::from_path("build.prop"), Partition::Unknown);
    /// ```
    pub fn from_path(path: &str) -> Self {
        let mut parts = path.rsplit(['/', '\\']);
        let file = parts.next().unwrap_or_default();
        let named =
            |part: &str| NAMES.iter().find(|(name, _)| *name == part).map(|(_, partition)| *partition);
        parts.find_map(named).or_else(|| Self::from_file_name(file)).unwrap_or_default()
    }

    fn from_file_name(file: &str) -> Option<Self> {
        NAMES.iter().find_map(|(name, partition)| {
            let rest = file.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with(['.', '_', '-'])).then_some(*partition)
        })
    }

    /// The folder's name, `unknown` or `live`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::System => "system",
            Self::SystemExt => "system_ext",
            Self::Vendor => "vendor",
            Self::Odm => "odm",
            Self::Product => "product",
            Self::MiExt => "mi_ext",
            Self::Live => "live",
        }
    }
}
