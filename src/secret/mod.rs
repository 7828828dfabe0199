//! The only place that sees plaintext codes and keys.

mod argon2id;
mod beside;
pub mod chain;
pub mod code;
pub mod digest;
pub mod django;
pub mod hash;
pub mod hash_many;
pub mod hasher;
pub mod key;
pub mod key_file;
pub mod keyring;
mod memory;
mod mistyped;
pub mod moved;
pub mod passing;
mod pasted;
pub mod place;
pub mod random;
pub mod seal;
pub mod slow;
pub mod slow_work;
