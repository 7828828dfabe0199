//! Codes that were issued elsewhere.

mod csv;
mod dump;
pub mod fixtures;
pub mod import;
mod keycloak;
mod libpam;
mod memory;
mod otp_static;
pub mod past;
mod privacyidea;
mod settings;
mod slow;
mod weak;
