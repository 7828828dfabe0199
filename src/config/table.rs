//! The table of settings: how one is found, and what has no successor here.

pub use super::sections::SETTINGS;
pub use super::setting::Setting;

/// Names of the Django application that have no successor, and why.
pub const WITHOUT_SUCCESSOR: &[(&str, &str)] = &[
    (
        "DJANGO_AUTH_RECOVERY_CODES_AUTH_RATE_LIMITER_USE_CACHE",
        "the limiter lives in the store, where all processes share it; there is no cache to turn on",
    ),
    (
        "DJANGO_AUTH_RECOVERY_CODES_CACHE_KEY",
        "a page is read through an index in less time than a cache would cost",
    ),
    (
        "Q_CLUSTER",
        "set task.timeout, task.retry_after, task.max_tries, task.keep and task.queue_limit one by one",
    ),
];

/// The environment variable of a setting.
pub fn variable(key: &str) -> String {
    const BEGINNING: &str = "RECOVERY_CODES_";
    let mut name = String::with_capacity(BEGINNING.len() + key.len());
    name.push_str(BEGINNING);
    for part in key.split('.') {
        if name.len() > BEGINNING.len() {
            name.push('_');
        }
        name.push_str(part);
    }
    name.make_ascii_uppercase();
    name
}

/// The setting of this key.
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// The key that `key` is most likely a misspelling of.
pub fn nearest(key: &str) -> Option<&'static str> {
    SETTINGS
        .iter()
        .map(|setting| (strsim::jaro_winkler(setting.key, key), setting.key))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_fits_its_own_shape() {
        for setting in SETTINGS {
            assert!(
                setting.shape.read_text(setting.default).is_some(),
                "{}",
                setting.key
            );
            assert!(setting.help.ends_with('.'), "{}", setting.key);
        }
    }

    #[test]
    fn keys_and_variables_are_unique() {
        let mut names: Vec<String> = SETTINGS
            .iter()
            .map(|setting| variable(setting.key))
            .collect();
        names.extend(
            SETTINGS
                .iter()
                .flat_map(|s| s.django)
                .map(|django| django.name.to_owned()),
        );
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn a_misspelled_key_is_recognised() {
        assert_eq!(nearest("limiter.max_atempts"), Some("limiter.max_attempts"));
        assert_eq!(nearest("purge.retention"), Some("purge.retention_days"));
        assert_eq!(nearest("zzz"), None);
    }
}
