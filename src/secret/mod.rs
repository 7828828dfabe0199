//! The only place that sees plaintext codes and keys.

pub mod chain;
pub mod code;
pub mod django;
pub mod hash;
pub mod key;
pub mod key_file;
pub mod keyring;
mod memory;
pub mod random;
pub mod seal;
