//! Codes of area `OS_`: which OS this is. Only a table; the rules are in `identity.rs` and `framework.rs`.

area_codes! {
    /// What was found about the OS and its framework, in the order of the rules.
    OsCode {
        Foreign, "OS_FOREIGN_STAMP", "The build stamp belongs to no Xiaomi system.";
    }
}
