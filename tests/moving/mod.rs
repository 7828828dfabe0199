//! Codes that were issued elsewhere.

mod csv;
pub mod fixtures;
pub mod import;
mod keycloak;
mod libpam;
mod otp_static;
mod privacyidea;
mod weak;
