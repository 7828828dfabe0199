//! Looks at the settings and what a hash costs by them.

use super::findings::{Findings, look_at_exposure, look_at_owner};
use crate::config::Loaded;
use crate::platform::{door, fonts, journal};
use crate::render::words::count;

/// The least memory in KiB for these passes (OWASP ASVS 5.0, appendix C).
fn least_memory(iterations: u32) -> u32 {
    match iterations {
        1 => 47_104,
        2 => 19_456,
        _ => 12_288,
    }
}

pub(super) fn look_at_settings(findings: &mut Findings, loaded: &Loaded) {
    for finding in &loaded.findings {
        findings.wrong("settings", &finding.problem, &finding.remedy);
    }
    if loaded.findings.is_empty() {
        let set = loaded
            .effective
            .iter()
            .filter(|setting| setting.origin != "default")
            .count();
        findings.ok(
            "settings",
            format!("{} settings, {set} of them changed", loaded.effective.len()),
        );
    }
    for note in &loaded.notes {
        findings.note("settings", note, "take it out of the environment");
    }
    let settings = loaded.settings_so_far();
    let hash = settings.hash;
    let least = least_memory(hash.iterations);
    if hash.memory_kib < least {
        findings.note(
            "hash",
            format!(
                "a hash costs less than recommended for passwords ({} KiB, {}; OWASP: {least} KiB)",
                hash.memory_kib,
                count(hash.iterations.into(), "pass"),
            ),
            "that is safe for codes as long as their 177 or 150 secret bits stay random; guesses at them are hopeless at any cost",
        );
    } else {
        findings.ok(
            "hash",
            format!(
                "Argon2id with {} KiB and {}",
                hash.memory_kib,
                count(hash.iterations.into(), "pass"),
            ),
        );
    }
    look_at_exposure(findings, "permissions", &loaded.paths.config, false);
    look_at_owner(findings, "permissions", &loaded.paths.config);
    if let Some(log) = &settings.log.file {
        match journal::open(log) {
            Ok(_) => {
                look_at_exposure(findings, "log", log, true);
                look_at_owner(findings, "log", log);
            }
            Err(error) => findings.error("log", &error),
        }
    }
    for rule in &settings.serve.allow {
        if let Err(error) = door::require(rule) {
            findings.error("serve", &error);
        }
    }
    if let Some(font) = &settings.export.font
        && let Err(error) = fonts::require(font)
    {
        findings.error("font", &error);
    }
}
