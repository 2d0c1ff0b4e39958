//! Feeds `ferrule_fuzz::properties` to libFuzzer; without `--cfg fuzzing` an empty program, so that it needs no C++.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ferrule_fuzz::properties(bytes));

#[cfg(not(fuzzing))]
fn main() {}
