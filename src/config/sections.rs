//! The one declaration of settings (DESIGN section 6): the parser, the typed settings, `config show`,
//! `config template` and the manual are made from it.

use std::path::PathBuf;

use super::choices::{Delivery, ReportWhen};
use super::declare::declare;
use super::django::{address, backend, cap, flag, page, same, translated};
use super::value::Shape::{
    Flag, Number, NumberOrUnlimited, OptionalPath, OptionalText, OptionalZone, Path, Rules, Text,
    Word, Words,
};
use crate::model::alphabet::Alphabet;
use crate::model::door::Rule;
use crate::model::format::Format;
use crate::model::mail::{Backend, LetterKind, Security};
use crate::model::task::{LONGEST_RETRY, LONGEST_TIMEOUT};
use crate::model::zone::Zone;

/// A day, a month of 30 days and a year of 365 days in seconds.
const DAY: u64 = 86_400;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;
/// A hundred years in days.
const CENTURY: u64 = 36_500;

declare! {
    codes: Codes {
        count: u64 = Number(1, 100), "10", [], "How many codes a batch has.";
        alphabet: Alphabet = Word(&["full", "typeable"]), "full", [],
            "full: 60 characters, case-sensitive. typeable: 32 characters, upper or lower case, O and I read as 0 and 1; a mistyped group is named.";
        low: u64 = Number(0, 100), "3", [], "At most this many codes left is few.";
    }
    hash: Hash {
        memory_kib: u32 = Number(8, 4_194_304), "19456", [], "Memory of one Argon2id hash in KiB.";
        iterations: u32 = Number(1, 1000), "2", [], "Passes of one Argon2id hash over its memory.";
        parallelism: u32 = Number(1, 64), "1", [], "Lanes of one Argon2id hash.";
    }
    session: Session {
        minutes: u64 = Number(1, 1440), "15", [],
            "How long after generating the codes can still be exported and mailed, in minutes.";
    }
    export: Export {
        format: Format = Word(&["txt", "csv", "pdf"]), "txt", [same("DJANGO_AUTH_RECOVERY_CODES_DEFAULT_FORMAT")],
            "What kind of file a sheet of codes is.";
        file_name: Option<String> = OptionalText, "", [same("DJANGO_AUTH_RECOVERY_CODES_DEFAULT_FILE_NAME")],
            "Name of a sheet's file without its ending; empty for one that holds site, user and batch.";
        font: Option<PathBuf> = OptionalPath, "", [],
            "Font, or directory of fonts, for the scripts on pdf sheets beyond Latin, Greek, Cyrillic, Armenian and Georgian; empty for the system's (/usr/share/fonts).";
    }
    history: History {
        max_visible: u64 = Number(1, 100_000), "20", [same("DJANGO_AUTH_RECOVERY_CODE_MAX_VISIBLE")],
            "How many of a user's batches `history` shows at most.";
        per_page: u64 = Number(1, 1000), "10", [same("DJANGO_AUTH_RECOVERY_CODE_PER_PAGE")],
            "Rows on a page of a list.";
    }
    limiter: Limiter {
        max_attempts: u64 = Number(1, 100), "5", [same("DJANGO_AUTH_RECOVERY_CODES_MAX_LOGIN_ATTEMPTS")],
            "Wrong codes before the first wait.";
        base_cooldown: u64 = Number(1, DAY), "60", [same("DJANGO_AUTH_RECOVERY_CODES_BASE_COOLDOWN")],
            "The first wait in seconds.";
        multiplier: u64 = Number(1, 100), "2", [same("DJANGO_AUTH_RECOVERY_CODES_COOLDOWN_MULTIPLIER")],
            "What each further attempt multiplies the wait by.";
        max_cooldown: u64 = Number(1, MONTH), "3600", [same("DJANGO_AUTH_RECOVERY_CODES_COOLDOWN_CUTOFF_POINT")],
            "The longest wait in seconds.";
        hard_limit: u64 = Number(1, 100), "100", [], "Consecutive wrong codes after which only `limit reset` helps.";
        user_max: Option<u64> = NumberOrUnlimited(1, 1_000_000_000), "unlimited", [],
            "Wrong codes from all sources together after which a user is locked, where --from is given; codes of 64 bits and more need no such limit.";
        unknown_kept: u64 = Number(1, 1_000_000), "1000", [],
            "Attempts an hour that are kept one by one though nobody has the name, or nothing was checked; more are counted.";
        ttl: u64 = Number(1, YEAR), "86400", [same("DJANGO_AUTH_RECOVERY_CODES_CACHE_TTL")],
            "How long a quiet limiter is remembered, in seconds.";
        ttl_min: u64 = Number(0, YEAR), "60", [same("DJANGO_AUTH_RECOVERY_CODES_CACHE_MIN")],
            "The least limiter.ttl may be, in seconds.";
        ttl_max: u64 = Number(1, YEAR), "2592000", [same("DJANGO_AUTH_RECOVERY_CODES_CACHE_MAX")],
            "The most limiter.ttl may be, in seconds.";
    }
    purge: Purge {
        retention_days: u64 = Number(0, CENTURY), "90", [
            same("DJANGO_AUTH_RECOVERY_CODE_PURGE_DELETE_RETENTION_DAYS")
        ],
            "Days a dead code is kept before a purge deletes it.";
        chunk: u64 = Number(1, 100_000), "1000", [same("DJANGO_AUTH_RECOVERY_CODES_BATCH_DELETE_SIZE")],
            "Codes a purge deletes in one transaction.";
        max_per_run: Option<u64> = NumberOrUnlimited(1, 1_000_000_000_000), "unlimited", [
            translated("DJANGO_AUTH_RECOVERY_CODES_PURGE_MAX_DELETIONS_PER_RUN", cap),
            translated("DJANGO_AUTH_RECOVERY_CODES_MAX_DELETIONS_PER_RUN", cap)
        ],
            "Codes a purge deletes in one run.";
        report: ReportWhen = Word(&["always", "changes", "never"]), "always", [],
            "When mail.report_to gets a report: after every purge, only if codes were purged, or never.";
        log: bool = Flag, "false", [same("DJANGO_AUTH_RECOVERY_CODE_PURGE_DELETE_SCHEDULER_USE_LOGGER")],
            "Whether a purge writes its report to the log file.";
    }
    audit: Audit {
        auto_prune: bool = Flag, "false", [same("DJANGO_AUTH_RECOVERY_CODE_AUDIT_ENABLE_AUTO_CLEANUP")],
            "Whether old audit entries go by themselves.";
        retention_days: u64 = Number(0, CENTURY), "30", [same("DJANGO_AUTH_RECOVERY_CODE_AUDIT_RETENTION_DAYS")],
            "Days an audit entry is kept when pruning.";
    }
    mail: Mail {
        backend: Backend = Word(&["none", "smtp", "file", "console"]), "none", [translated("EMAIL_BACKEND", backend)],
            "How mail leaves.";
        host: Option<String> = OptionalText, "", [same("EMAIL_HOST")], "Mail server.";
        port: u16 = Number(1, 65_535), "587", [same("EMAIL_PORT")], "Its port.";
        security: Security = Word(&["starttls", "tls", "none"]), "starttls", [
            translated("EMAIL_USE_SSL", |text| flag(text, Some("tls"), None)),
            translated("EMAIL_USE_TLS", |text| flag(text, Some("starttls"), Some("none")))
        ],
            "How the connection to it is protected.";
        user: Option<String> = OptionalText, "", [same("EMAIL_HOST_USER")], "User name at the mail server.";
        password_file: Option<PathBuf> = OptionalPath, "", [],
            "File that holds the password for it and nothing else.";
        directory: Option<PathBuf> = OptionalPath, "", [same("EMAIL_FILE_PATH")],
            "Directory for letters with mail.backend = \"file\"; empty for mail/ beside the store.";
        from: Option<String> = OptionalText, "", [
            translated("DJANGO_AUTH_RECOVERY_CODE_ADMIN_EMAIL_HOST_USER", address)
        ],
            "Sender of all mail; where it goes to files or the console, recovery-codes@localhost if empty.";
        report_to: Option<String> = OptionalText, "", [
            translated("DJANGO_AUTH_RECOVERY_CODES_ADMIN_SENDER_EMAIL", address)
        ],
            "Who gets reports of purges.";
        report_name: Option<String> = OptionalText, "", [same("DJANGO_AUTH_RECOVERY_CODE_ADMIN_USERNAME")],
            "How a report addresses its reader.";
        ca_file: Option<PathBuf> = OptionalPath, "", [], "Certificate authority of the mail server, in PEM.";
        templates: Option<PathBuf> = OptionalPath, "", [same("MYAPP_TEMPLATES_DIR")],
            "Directory of templates that replace the built-in ones.";
        delivery: Delivery = Word(&["now", "queue"]), "now", [
            translated("DEBUG", |text| flag(text, Some("now"), Some("queue")))
        ],
            "now: mail leaves before the command ends. queue: the worker sends it.";
        log: bool = Flag, "false", [same("DJANGO_AUTH_RECOVERY_CODE_STORE_EMAIL_LOG")],
            "Whether sent mail is recorded: time, kind, masked recipient and outcome.";
        success_message: String = Text, "Success! Your email has been sent.", [
            same("DJANGO_AUTH_RECOVERY_CODE_EMAIL_SUCCESS_MSG")
        ],
            "What `email` says when the codes were sent.";
        notify: Vec<LetterKind> = Words(&["generated", "used", "low", "locked"]), "generated,used,low,locked", [],
            "What users are told by mail.";
        remind_every: u64 = Number(1, CENTURY), "90", [],
            "Days between two reminders (`email --reminder`) to one user.";
    }
    site: Site {
        name: String = Text, "recovery-codes", [same("DJANGO_AUTH_RECOVERY_CODES_SITE_NAME")],
            "The name of what the codes open, for sheets and mail.";
        login_url: Option<String> = OptionalText, "", [
            translated("DJANGO_AUTH_RECOVERY_CODE_REDIRECT_VIEW_AFTER_LOGOUT", page)
        ],
            "Where the codes are used, for sheets and mail.";
        language: String = Text, "en", [],
            "The language of sheets and mail, for users who have none of their own: en, de, or one of site.languages.";
        languages: Option<PathBuf> = OptionalPath, "", [],
            "Directory of catalogues of other languages, or of other words: fr.ftl, pt-BR.ftl (Fluent).";
    }
    time: Time {
        zone: Zone = OptionalZone, "", [],
            "The zone of times in tables, on sheets and in mail, such as Europe/Berlin; empty for the system's, and UTC where output is no terminal. JSON is always UTC.";
    }
    serve: Serve {
        socket: PathBuf = Path, "/run/recovery-codes/door", [], "Socket of the local door (`serve`), where systemd hands none over.";
        allow: Vec<Rule> = Rules, "", [],
            "Which accounts may ask what through the door; nobody else may. own = true: only about the user who is called like the account.";
    }
    server: Server {
        timeout: u64 = Number(1, 60), "3", [],
            "Seconds after which a PostgreSQL server that does not answer, or does not confirm a commit, is given up.";
        alone: bool = Flag, "false", [],
            "Whether a PostgreSQL server without a synchronous standby is meant: what it confirms may be lost with it.";
        password_file: Option<PathBuf> = OptionalPath, "", [],
            "File whose first line is the password of the PostgreSQL server.";
    }
    task: Task {
        timeout: u64 = Number(1, LONGEST_TIMEOUT), "300", [], "Seconds a task may run.";
        retry_after: u64 = Number(1, LONGEST_RETRY), "600", [], "Seconds before a failed task is tried again.";
        max_tries: u64 = Number(1, 100), "3", [], "How many times a task is tried.";
        keep: u64 = Number(0, 1_000_000), "250", [], "How many finished tasks are remembered.";
        queue_limit: u64 = Number(1, 1_000_000), "500", [], "How many tasks may wait.";
    }
    log: Log {
        file: Option<PathBuf> = OptionalPath, "", [], "File to which events are logged.";
        level: String = Word(&["error", "warn", "info", "debug"]), "info", [], "How much is logged.";
    }
}
