//! Codes of area `GLASS_`: what caps the glass level. Only a table; the rules are in `glass.rs`.

area_codes! {
    /// What caps the glass level.
    GlassCode {
    }
}
