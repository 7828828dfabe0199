//! Small programs to compare with, compiled on the spot by the compiler that is there anyway.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The smallest program: what starting costs at the least.
pub const EMPTY: &str = include_str!("programs/empty.rs");

/// Runs another program and prints the most memory it had, in KiB.
pub const PEAK: &str = include_str!("programs/peak.rs");

/// Compiles a program of one file into `directory`, under this name.
pub fn compile(source: &str, name: &str, directory: &Path) -> PathBuf {
    let program = directory.join(name);
    let file = program.with_extension("rs");
    std::fs::write(&file, source).expect("the source can be written");
    let status = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()))
        .args(["-O", "--edition", "2024", "-o"])
        .arg(&program)
        .arg(&file)
        .status()
        .expect("rustc can be run");
    assert!(status.success(), "{name} does not compile");
    program
}
