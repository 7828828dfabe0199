//! Looks at everything that could be wrong, one after the other.

use super::findings::Findings;
use super::{deep, key, mail, settings, store};
use crate::actions::desk::key_source::{KeySource, key_source};
use crate::config::Loaded;
use crate::model::environment::Environment;
use crate::model::time::Timestamp;
use crate::platform::mailer::Mailer;
use crate::platform::pace::Pace;

/// Looks at everything. Never stops at the first thing that is wrong. With a mailer it looks
/// deeper: reads the whole store, however large, and asks the mail server. `pace` hears how far it has come.
pub fn check(
    loaded: &Loaded,
    environment: &Environment,
    now: Timestamp,
    deep: Option<&mut dyn Mailer>,
    pace: &mut Pace<'_>,
) -> Findings {
    let mut findings = Findings::default();
    settings::look_at_settings(&mut findings, loaded);
    mail::look_at_languages(&mut findings, loaded);
    mail::look_at_mail(&mut findings, loaded);
    let ring = key::look_at_key(&mut findings, loaded, environment);
    let is_variable = matches!(
        key_source(&loaded.paths, environment),
        KeySource::Variable(_)
    );
    let ring = ring.as_ref().map(|ring| (ring, is_variable));
    store::look_at_store(&mut findings, loaded, ring, now, (deep.is_some(), pace));
    store::look_at_drafts(&mut findings, loaded);
    if let Some(mailer) = deep {
        deep::look_at_mail_server(&mut findings, loaded, mailer);
    }
    findings
}
