//! Codes of area `FX_`: the effects other than glass. Only a table; the rules are in `effects.rs`.

area_codes! {
    /// What shapes the effects other than glass.
    FxCode {
    }
}
