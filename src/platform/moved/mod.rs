//! What other systems write of their codes: whose they are, and which work there.

pub mod account;
pub mod csv;
pub mod keycloak;
pub mod libpam;
pub mod otp_static;
pub mod privacyidea;
pub mod records;
