//! libFuzzer's entry of target `ro_told`; without the fuzzing flags it runs the files that it is given.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| ferrule_fuzz::ro_told(data));

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    for path in std::env::args_os().skip(1) {
        ferrule_fuzz::ro_told(&std::fs::read(path)?);
    }
    Ok(())
}
