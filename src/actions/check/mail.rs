//! Looks at how mail would leave, and in which languages people read it and their sheets.

use super::findings::Findings;
use crate::actions::mail::letter;
use crate::actions::users::languages;
use crate::config::Loaded;
use crate::model::mail::{Backend, Security};
use crate::platform::files;
use crate::render::language::faults;
use crate::render::letter::rehearse;

pub(super) fn look_at_mail(findings: &mut Findings, loaded: &Loaded) {
    let settings = loaded.settings_so_far();
    let mail = &settings.mail;
    match mail.backend {
        Backend::None => return findings.ok("mail", "mail is switched off"),
        Backend::Console => findings.note(
            "mail",
            "mail is shown on standard error, codes and all",
            "that is for trying out; set mail.backend to smtp",
        ),
        Backend::File => findings.note(
            "mail",
            "mail is written to files beside the store, codes and all",
            "that is for trying out; set mail.backend to smtp",
        ),
        Backend::Smtp => findings.ok(
            "mail",
            format!(
                "by {}:{}, {}",
                mail.host.as_deref().unwrap_or("-"),
                mail.port,
                mail.security.word()
            ),
        ),
    }
    if mail.backend == Backend::Smtp && mail.security == Security::None {
        findings.note(
            "mail",
            "mail leaves unencrypted, and with it codes",
            "set mail.security to starttls or tls, unless the server is on this machine",
        );
    }
    if let Some(path) = &mail.password_file {
        match files::read_private(path) {
            Ok(Some(_)) => {}
            Ok(None) => findings.wrong(
                "mail",
                format!("there is no file {}", path.display()),
                "mail.password_file names a file that holds the password and nothing else",
            ),
            Err(error) => findings.error("mail", &error),
        }
    }
    let templates = || {
        let texts = languages::texts(&settings, None)?;
        rehearse(&texts, &letter::overrides(&settings)?)
    };
    if let Err(error) = templates() {
        findings.error("mail", &error);
    }
}

/// Looks at the catalogues of what people read on sheets and in mail.
pub(super) fn look_at_languages(findings: &mut Findings, loaded: &Loaded) {
    let settings = loaded.settings_so_far();
    let faults = match languages::own(&settings).and_then(|own| faults(&own)) {
        Ok(faults) => faults,
        Err(error) => return findings.error("language", &error),
    };
    for fault in &faults {
        match fault.is_harmless {
            true => findings.note("language", fault.problem.clone(), fault.remedy.clone()),
            false => findings.wrong("language", fault.problem.clone(), fault.remedy.clone()),
        }
    }
    if faults.iter().any(|fault| !fault.is_harmless) {
        return;
    }
    match languages::texts(&settings, None) {
        Ok(texts) => findings.ok(
            "language",
            format!("sheets and mail are in {}", texts.tag()),
        ),
        Err(error) => findings.error("language", &error),
    }
}
