#![no_main]
#[path = "../inputs.rs"]
mod inputs;
libfuzzer_sys::fuzz_target!(|octets: &[u8]| inputs::ocsp(octets));
