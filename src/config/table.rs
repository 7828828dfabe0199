//! The one table of settings (DESIGN section 6): the parser, `config show`, `config template`,
//! the man page and the README are made from it.

use super::django::{Django, address, backend, cap, flag, page, same, translated};
use super::value::Shape::{
    self, Flag, Number, NumberOrUnlimited, OptionalPath, OptionalText, Text, Word, Words,
};
use crate::model::task::{LONGEST_RETRY, LONGEST_TIMEOUT};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// `section.name`.
    pub key: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// Its default as text; empty for none.
    pub default: &'static str,
    /// The variables of the Django application that it replaces.
    pub django: &'static [Django],
    /// What it is for, in one sentence with its unit.
    pub help: &'static str,
}

const fn setting(
    key: &'static str,
    shape: Shape,
    default: &'static str,
    django: &'static [Django],
    help: &'static str,
) -> Setting {
    Setting {
        key,
        shape,
        default,
        django,
        help,
    }
}

/// A day, a month of 30 days and a year of 365 days in seconds.
const DAY: u64 = 86_400;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;
/// A hundred years in days.
const CENTURY: u64 = 36_500;

/// Every setting, in the order in which it is shown.
pub const SETTINGS: &[Setting] = &[
    setting(
        "codes.count",
        Number(1, 100),
        "10",
        &[],
        "How many codes a batch has.",
    ),
    setting(
        "codes.alphabet",
        Word(&["full", "typeable"]),
        "full",
        &[],
        "full: 60 characters, case-sensitive. typeable: 32 characters, upper or lower case, O and I read as 0 and 1.",
    ),
    setting(
        "codes.low",
        Number(0, 100),
        "3",
        &[],
        "At most this many codes left is few.",
    ),
    setting(
        "hash.memory_kib",
        Number(8, 4_194_304),
        "19456",
        &[],
        "Memory of one Argon2id hash in KiB.",
    ),
    setting(
        "hash.iterations",
        Number(1, 1000),
        "2",
        &[],
        "Passes of one Argon2id hash over its memory.",
    ),
    setting(
        "hash.parallelism",
        Number(1, 64),
        "1",
        &[],
        "Lanes of one Argon2id hash.",
    ),
    setting(
        "session.minutes",
        Number(1, 1440),
        "15",
        &[],
        "How long after generating the codes can still be exported and mailed, in minutes.",
    ),
    setting(
        "export.format",
        Word(&["txt", "csv", "pdf"]),
        "txt",
        &[same("DJANGO_AUTH_RECOVERY_CODES_DEFAULT_FORMAT")],
        "What kind of file a sheet of codes is.",
    ),
    setting(
        "export.file_name",
        Text,
        "recovery_codes",
        &[same("DJANGO_AUTH_RECOVERY_CODES_DEFAULT_FILE_NAME")],
        "Name of a sheet's file without its ending.",
    ),
    setting(
        "history.max_visible",
        Number(1, 100_000),
        "20",
        &[same("DJANGO_AUTH_RECOVERY_CODE_MAX_VISIBLE")],
        "How many of a user's batches `history` shows at most.",
    ),
    setting(
        "history.per_page",
        Number(1, 1000),
        "10",
        &[same("DJANGO_AUTH_RECOVERY_CODE_PER_PAGE")],
        "Rows on a page of a list.",
    ),
    setting(
        "limiter.max_attempts",
        Number(1, 100),
        "5",
        &[same("DJANGO_AUTH_RECOVERY_CODES_MAX_LOGIN_ATTEMPTS")],
        "Wrong codes before the first wait.",
    ),
    setting(
        "limiter.base_cooldown",
        Number(1, DAY),
        "60",
        &[same("DJANGO_AUTH_RECOVERY_CODES_BASE_COOLDOWN")],
        "The first wait in seconds.",
    ),
    setting(
        "limiter.multiplier",
        Number(1, 100),
        "2",
        &[same("DJANGO_AUTH_RECOVERY_CODES_COOLDOWN_MULTIPLIER")],
        "What each further attempt multiplies the wait by.",
    ),
    setting(
        "limiter.max_cooldown",
        Number(1, MONTH),
        "3600",
        &[same("DJANGO_AUTH_RECOVERY_CODES_COOLDOWN_CUTOFF_POINT")],
        "The longest wait in seconds.",
    ),
    setting(
        "limiter.hard_limit",
        Number(1, 100),
        "100",
        &[],
        "Consecutive wrong codes after which only `limit reset` helps.",
    ),
    setting(
        "limiter.ttl",
        Number(1, YEAR),
        "86400",
        &[same("DJANGO_AUTH_RECOVERY_CODES_CACHE_TTL")],
        "How long a quiet limiter is remembered, in seconds.",
    ),
    setting(
        "limiter.ttl_min",
        Number(0, YEAR),
        "60",
        &[same("DJANGO_AUTH_RECOVERY_CODES_CACHE_MIN")],
        "The least limiter.ttl may be, in seconds.",
    ),
    setting(
        "limiter.ttl_max",
        Number(1, YEAR),
        "2592000",
        &[same("DJANGO_AUTH_RECOVERY_CODES_CACHE_MAX")],
        "The most limiter.ttl may be, in seconds.",
    ),
    setting(
        "purge.retention_days",
        Number(0, CENTURY),
        "90",
        &[same(
            "DJANGO_AUTH_RECOVERY_CODE_PURGE_DELETE_RETENTION_DAYS",
        )],
        "Days a dead code is kept before a purge deletes it.",
    ),
    setting(
        "purge.chunk",
        Number(1, 100_000),
        "1000",
        &[same("DJANGO_AUTH_RECOVERY_CODES_BATCH_DELETE_SIZE")],
        "Codes a purge deletes in one transaction.",
    ),
    setting(
        "purge.max_per_run",
        NumberOrUnlimited(1, 1_000_000_000_000),
        "unlimited",
        &[
            translated(
                "DJANGO_AUTH_RECOVERY_CODES_PURGE_MAX_DELETIONS_PER_RUN",
                cap,
            ),
            translated("DJANGO_AUTH_RECOVERY_CODES_MAX_DELETIONS_PER_RUN", cap),
        ],
        "Codes a purge deletes in one run.",
    ),
    setting(
        "purge.report",
        Word(&["always", "changes", "never"]),
        "always",
        &[],
        "When mail.report_to gets a report: after every purge, only if codes were purged, or never.",
    ),
    setting(
        "purge.log",
        Flag,
        "false",
        &[same(
            "DJANGO_AUTH_RECOVERY_CODE_PURGE_DELETE_SCHEDULER_USE_LOGGER",
        )],
        "Whether a purge writes its report to the log file.",
    ),
    setting(
        "audit.auto_prune",
        Flag,
        "false",
        &[same("DJANGO_AUTH_RECOVERY_CODE_AUDIT_ENABLE_AUTO_CLEANUP")],
        "Whether old audit entries go by themselves.",
    ),
    setting(
        "audit.retention_days",
        Number(0, CENTURY),
        "30",
        &[same("DJANGO_AUTH_RECOVERY_CODE_AUDIT_RETENTION_DAYS")],
        "Days an audit entry is kept when pruning.",
    ),
    setting(
        "mail.backend",
        Word(&["none", "smtp", "file", "console"]),
        "none",
        &[translated("EMAIL_BACKEND", backend)],
        "How mail leaves.",
    ),
    setting(
        "mail.host",
        OptionalText,
        "",
        &[same("EMAIL_HOST")],
        "Mail server.",
    ),
    setting(
        "mail.port",
        Number(1, 65_535),
        "587",
        &[same("EMAIL_PORT")],
        "Its port.",
    ),
    setting(
        "mail.security",
        Word(&["starttls", "tls", "none"]),
        "starttls",
        &[
            translated("EMAIL_USE_SSL", |text| flag(text, Some("tls"), None)),
            translated("EMAIL_USE_TLS", |text| {
                flag(text, Some("starttls"), Some("none"))
            }),
        ],
        "How the connection to it is protected.",
    ),
    setting(
        "mail.user",
        OptionalText,
        "",
        &[same("EMAIL_HOST_USER")],
        "User name at the mail server.",
    ),
    setting(
        "mail.password_file",
        OptionalPath,
        "",
        &[],
        "File that holds the password for it and nothing else.",
    ),
    setting(
        "mail.directory",
        OptionalPath,
        "",
        &[same("EMAIL_FILE_PATH")],
        "Directory for letters with mail.backend = \"file\"; empty for mail/ beside the store.",
    ),
    setting(
        "mail.from",
        OptionalText,
        "",
        &[translated(
            "DJANGO_AUTH_RECOVERY_CODE_ADMIN_EMAIL_HOST_USER",
            address,
        )],
        "Sender of all mail; where it goes to files or the console, recovery-codes@localhost if empty.",
    ),
    setting(
        "mail.report_to",
        OptionalText,
        "",
        &[translated(
            "DJANGO_AUTH_RECOVERY_CODES_ADMIN_SENDER_EMAIL",
            address,
        )],
        "Who gets reports of purges.",
    ),
    setting(
        "mail.report_name",
        OptionalText,
        "",
        &[same("DJANGO_AUTH_RECOVERY_CODE_ADMIN_USERNAME")],
        "How a report addresses its reader.",
    ),
    setting(
        "mail.ca_file",
        OptionalPath,
        "",
        &[],
        "Certificate authority of the mail server, in PEM.",
    ),
    setting(
        "mail.templates",
        OptionalPath,
        "",
        &[same("MYAPP_TEMPLATES_DIR")],
        "Directory of templates that replace the built-in ones.",
    ),
    setting(
        "mail.delivery",
        Word(&["now", "queue"]),
        "now",
        &[translated("DEBUG", |text| {
            flag(text, Some("now"), Some("queue"))
        })],
        "now: mail leaves before the command ends. queue: the worker sends it.",
    ),
    setting(
        "mail.log",
        Flag,
        "false",
        &[same("DJANGO_AUTH_RECOVERY_CODE_STORE_EMAIL_LOG")],
        "Whether sent mail is recorded: time, kind, masked recipient and outcome.",
    ),
    setting(
        "mail.success_message",
        Text,
        "Success! Your email has been sent.",
        &[same("DJANGO_AUTH_RECOVERY_CODE_EMAIL_SUCCESS_MSG")],
        "What `email` says when the codes were sent.",
    ),
    setting(
        "mail.notify",
        Words(&["generated", "used", "low", "locked"]),
        "generated,used,low,locked",
        &[],
        "What users are told by mail.",
    ),
    setting(
        "site.name",
        Text,
        "recovery-codes",
        &[same("DJANGO_AUTH_RECOVERY_CODES_SITE_NAME")],
        "The name of what the codes open, for sheets and mail.",
    ),
    setting(
        "site.login_url",
        OptionalText,
        "",
        &[translated(
            "DJANGO_AUTH_RECOVERY_CODE_REDIRECT_VIEW_AFTER_LOGOUT",
            page,
        )],
        "Where the codes are used, for sheets and mail.",
    ),
    setting(
        "task.timeout",
        Number(1, LONGEST_TIMEOUT),
        "300",
        &[],
        "Seconds a task may run.",
    ),
    setting(
        "task.retry_after",
        Number(1, LONGEST_RETRY),
        "600",
        &[],
        "Seconds before a failed task is tried again.",
    ),
    setting(
        "task.max_tries",
        Number(1, 100),
        "3",
        &[],
        "How many times a task is tried.",
    ),
    setting(
        "task.keep",
        Number(0, 1_000_000),
        "250",
        &[],
        "How many finished tasks are remembered.",
    ),
    setting(
        "task.queue_limit",
        Number(1, 1_000_000),
        "500",
        &[],
        "How many tasks may wait.",
    ),
    setting(
        "log.file",
        OptionalPath,
        "",
        &[],
        "File to which events are logged.",
    ),
    setting(
        "log.level",
        Word(&["error", "warn", "info", "debug"]),
        "info",
        &[],
        "How much is logged.",
    ),
];

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
    format!(
        "RECOVERY_CODES_{}",
        key.to_ascii_uppercase().replace('.', "_")
    )
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
