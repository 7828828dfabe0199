//! `import …`: codes that were issued elsewhere go on working.

use super::django::Django;
use super::moved::{Csv, Keycloak, Libpam, OtpStatic, Privacyidea};
use crate::cli::desk::subwords;

subwords! {
    /// Take over codes that were issued elsewhere: they go on working
    pub enum Import {
        Django(Django),
        OtpStatic(OtpStatic),
        Libpam(Libpam),
        Keycloak(Keycloak),
        Privacyidea(Privacyidea),
        Csv(Csv),
    }
}
