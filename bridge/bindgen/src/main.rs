//! `uniffi-bindgen`, pinned to the version that the library is built with.
//!
//! What it is: the generator's own command line, as a binary of this workspace. What it is not: part of the library;
//! the feature `cli` with its parser stays out of the `.so`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
