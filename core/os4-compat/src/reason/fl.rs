//! Codes of area `FL_`: the first launch on OS4. Only a table; the rules are in `first_launch`.

area_codes! {
    /// Why the first launch on OS4 is, or is not, delivered.
    FlCode {
    }
}
