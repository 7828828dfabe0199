//! An `.env` of the Django application works as it stands: every name and every example value of
//! its documentation, with the quotes and comments that stand around them there.

use std::fs;

use serde_json::Value;

use crate::harness::Desk;
use crate::harness::asking::setting;

const OURS: &str = "DJANGO_AUTH_RECOVERY_";

/// Name without what all begin with, value as it stands in the file, setting, and what it becomes;
/// nothing where it has no effect.
const EXAMPLES: &[(&str, &str, &str, Option<&str>)] = &[
    (
        "CODES_ADMIN_SENDER_EMAIL",
        "\"your-email-address-here\"",
        "mail.report_to",
        None,
    ),
    (
        "CODES_ADMIN_SENDER_EMAIL",
        "\"your-email-here\"",
        "mail.report_to",
        None,
    ),
    (
        "CODES_ADMIN_SENDER_EMAIL",
        "admin@example.com",
        "mail.report_to",
        Some("admin@example.com"),
    ),
    (
        "CODE_ADMIN_EMAIL_HOST_USER",
        "\"your host email here\"",
        "mail.from",
        None,
    ),
    (
        "CODE_ADMIN_EMAIL_HOST_USER",
        "\"your-host-email-address-here\"",
        "mail.from",
        None,
    ),
    (
        "CODE_ADMIN_EMAIL_HOST_USER",
        "noreply@example.com",
        "mail.from",
        Some("noreply@example.com"),
    ),
    (
        "CODE_ADMIN_EMAIL_HOST_USER",
        "smtp@example.com",
        "mail.from",
        Some("smtp@example.com"),
    ),
    (
        "CODE_ADMIN_USERNAME",
        "\"username here\"",
        "mail.report_name",
        Some("username here"),
    ),
    (
        "CODE_ADMIN_USERNAME",
        "\"your name\"",
        "mail.report_name",
        Some("your name"),
    ),
    (
        "CODE_ADMIN_USERNAME",
        "admin",
        "mail.report_name",
        Some("admin"),
    ),
    (
        "CODE_STORE_EMAIL_LOG",
        "True  # store in database",
        "mail.log",
        Some("true"),
    ),
    (
        "CODE_STORE_EMAIL_LOG",
        "False  # Don't store in the database",
        "mail.log",
        Some("false"),
    ),
    (
        "CODE_EMAIL_SUCCESS_MSG",
        "\"Hey, what's up? They have been sent!\"",
        "mail.success_message",
        Some("Hey, what's up? They have been sent!"),
    ),
    (
        "CODE_EMAIL_SUCCESS_MSG",
        "\"Check your inbox! Your recovery codes are on their way.\"",
        "mail.success_message",
        Some("Check your inbox! Your recovery codes are on their way."),
    ),
    (
        "CODE_AUDIT_ENABLE_AUTO_CLEANUP",
        "True",
        "audit.auto_prune",
        Some("true"),
    ),
    (
        "CODE_AUDIT_RETENTION_DAYS",
        "90",
        "audit.retention_days",
        Some("90"),
    ),
    (
        "CODE_PURGE_DELETE_RETENTION_DAYS",
        "30",
        "purge.retention_days",
        Some("30"),
    ),
    (
        "CODE_PURGE_DELETE_SCHEDULER_USE_LOGGER",
        "True",
        "purge.log",
        Some("true"),
    ),
    ("CODES_BATCH_DELETE_SIZE", "50", "purge.chunk", Some("50")),
    (
        "CODES_BATCH_DELETE_SIZE",
        "1000",
        "purge.chunk",
        Some("1000"),
    ),
    (
        "CODES_MAX_DELETIONS_PER_RUN",
        "400",
        "purge.max_per_run",
        Some("400"),
    ),
    (
        "CODES_MAX_DELETIONS_PER_RUN",
        "-1",
        "purge.max_per_run",
        Some("unlimited"),
    ),
    (
        "CODES_MAX_DELETIONS_PER_RUN",
        "None",
        "purge.max_per_run",
        Some("unlimited"),
    ),
    (
        "CODES_MAX_DELETIONS_PER_RUN",
        "",
        "purge.max_per_run",
        Some("unlimited"),
    ),
    (
        "CODES_MAX_DELETIONS_PER_RUN",
        "0",
        "purge.max_per_run",
        Some("unlimited"),
    ),
    (
        "CODES_PURGE_MAX_DELETIONS_PER_RUN",
        "10000",
        "purge.max_per_run",
        Some("10000"),
    ),
    (
        "CODES_PURGE_MAX_DELETIONS_PER_RUN",
        "-1",
        "purge.max_per_run",
        Some("unlimited"),
    ),
    (
        "CODES_PURGE_MAX_DELETIONS_PER_RUN",
        "None",
        "purge.max_per_run",
        Some("unlimited"),
    ),
    (
        "CODES_PURGE_MAX_DELETIONS_PER_RUN",
        "",
        "purge.max_per_run",
        Some("unlimited"),
    ),
    (
        "CODES_AUTH_RATE_LIMITER_USE_CACHE",
        "True",
        "limiter.ttl",
        None,
    ),
    (
        "CODES_BASE_COOLDOWN",
        "100  # five minutes minutes lock down",
        "limiter.base_cooldown",
        Some("100"),
    ),
    (
        "CODES_BASE_COOLDOWN",
        "300  # 5-minute lock down",
        "limiter.base_cooldown",
        Some("300"),
    ),
    (
        "CODES_COOLDOWN_CUTOFF_POINT",
        "300",
        "limiter.max_cooldown",
        Some("300"),
    ),
    (
        "CODES_COOLDOWN_MULTIPLIER",
        "2",
        "limiter.multiplier",
        Some("2"),
    ),
    (
        "CODES_MAX_LOGIN_ATTEMPTS",
        "5",
        "limiter.max_attempts",
        Some("5"),
    ),
    (
        "CODES_CACHE_TTL",
        "300      # Default 5 minutes",
        "limiter.ttl",
        Some("300"),
    ),
    ("CODES_CACHE_TTL", "3600", "limiter.ttl", Some("3600")),
    (
        "CODES_CACHE_MIN",
        "60       # Minimum 1 minute",
        "limiter.ttl_min",
        Some("60"),
    ),
    ("CODES_CACHE_MIN", "0", "limiter.ttl_min", Some("0")),
    (
        "CODES_CACHE_MAX",
        "3600     # Maximum 1 hour",
        "limiter.ttl_max",
        None,
    ),
    ("CODES_CACHE_MAX", "5", "limiter.ttl_max", None),
    ("CODE_MAX_VISIBLE", "20", "history.max_visible", Some("20")),
    ("CODE_PER_PAGE", "1", "history.per_page", Some("1")),
    (
        "CODES_DEFAULT_FILE_NAME",
        "\"recovery_codes\"",
        "export.file_name",
        Some("recovery_codes"),
    ),
    (
        "CODES_DEFAULT_FORMAT",
        "'csv'  # options: 'txt', 'csv', 'pdf'",
        "export.format",
        Some("csv"),
    ),
    ("CODES_DEFAULT_FORMAT", "txt", "export.format", Some("txt")),
    (
        "CODES_SITE_NAME",
        "\"My Awesome Site\"",
        "site.name",
        Some("My Awesome Site"),
    ),
    (
        "CODE_REDIRECT_VIEW_AFTER_LOGOUT",
        "\"logout_user\"  # redirect to a different page",
        "site.login_url",
        None,
    ),
    (
        "CODE_REDIRECT_VIEW_AFTER_LOGOUT",
        "recovery_dashboard",
        "site.login_url",
        None,
    ),
    (
        "CODE_REDIRECT_VIEW_AFTER_LOGOUT",
        "/",
        "site.login_url",
        None,
    ),
];

#[test]
fn every_example_of_its_documentation_is_taken_or_named() {
    for (name, value, key, becomes) in EXAMPLES {
        let name = format!("{OURS}{name}");
        let desk = Desk::in_file().with(&name, value);
        let shown = desk.run(&["config", "show", "--json"]);
        assert_eq!(shown.exit, 0, "{name}={value}: {}", shown.err);
        let found = setting(&shown.json(), key);
        match becomes {
            Some(text) => {
                let expected = ((*text).to_owned(), format!("environment {name}"));
                assert_eq!(found, expected, "{name}={value}");
            }
            None => {
                let text = desk.say(&["config", "show"]).err;
                assert!(
                    text.contains(&format!("{name} has no effect: ")),
                    "{value}: {text}"
                );
                assert_ne!(found.1, format!("environment {name}"), "{value}");
            }
        }
        desk.say(&["init"]);
    }
}

fn with_all(desk: Desk, lines: &str) -> Desk {
    lines.lines().fold(desk, |desk, line| {
        let (name, value) = line.split_once('=').unwrap();
        desk.with(name.trim(), value.trim())
    })
}

#[test]
fn its_example_file_works_as_it_stands() {
    let desk = with_all(
        Desk::in_file(),
        "DJANGO_AUTH_RECOVERY_CODES_ADMIN_SENDER_EMAIL=admin@example.com
         DJANGO_AUTH_RECOVERY_CODE_ADMIN_EMAIL_HOST_USER=smtp@example.com
         DJANGO_AUTH_RECOVERY_CODE_ADMIN_USERNAME=admin
         DJANGO_AUTH_RECOVERY_CODE_AUDIT_ENABLE_AUTO_CLEANUP=True
         DJANGO_AUTH_RECOVERY_CODE_AUDIT_RETENTION_DAYS=30
         DJANGO_AUTH_RECOVERY_CODE_MAX_VISIBLE=20
         DJANGO_AUTH_RECOVERY_CODE_PER_PAGE=10
         DJANGO_AUTH_RECOVERY_CODE_PURGE_DELETE_RETENTION_DAYS=90
         DJANGO_AUTH_RECOVERY_CODE_REDIRECT_VIEW_AFTER_LOGOUT=recovery_dashboard
         DJANGO_AUTH_RECOVERY_CODES_AUTH_RATE_LIMITER_USE_CACHE=True
         DJANGO_AUTH_RECOVERY_CODES_CACHE_TTL=3600
         DJANGO_AUTH_RECOVERY_CODES_BASE_COOLDOWN=60
         DJANGO_AUTH_RECOVERY_CODES_DEFAULT_FORMAT=txt
         DJANGO_AUTH_RECOVERY_KEY=supersecretkey
         DJANGO_AUTH_RECOVERY_CODES_MAX_DELETIONS_PER_RUN=400",
    );
    let codes = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    // The application's key is for its own codes alone; the store has one of its own.
    assert!(desk.keys().exists());
    let shown = desk.json(&["config", "show"]);
    assert_eq!(setting(&shown, "keys").0, desk.keys().to_str().unwrap());
    assert!(!shown.to_string().contains("supersecretkey"));
    desk.assert_sound();
}

/// The application takes no notice of these bounds, and its examples contradict them.
#[test]
fn bounds_that_contradict_the_memory_of_the_limiter_are_left_out() {
    for (least, most, memory) in [
        ("1", "5", "60"),
        ("0", "1000", "3600"),
        ("90", "3600", "60"),
    ] {
        let desk = Desk::in_file()
            .with("DJANGO_AUTH_RECOVERY_CODES_CACHE_MIN", least)
            .with("DJANGO_AUTH_RECOVERY_CODES_CACHE_MAX", most)
            .with("DJANGO_AUTH_RECOVERY_CODES_CACHE_TTL", memory);
        desk.say(&["init"]);
        let shown = desk.json(&["config", "show"]);
        assert_eq!(setting(&shown, "limiter.ttl").0, memory);
    }
    // Ours are meant.
    let desk = Desk::in_file().with("RECOVERY_CODES_LIMITER_TTL_MAX", "100");
    desk.refuses(&["init"], 4, "config");
}

#[test]
fn of_two_caps_the_one_that_is_set_counts_and_none_stands_before_the_file() {
    let names =
        ["CODES_PURGE_MAX", "CODES_MAX"].map(|name| format!("{OURS}{name}_DELETIONS_PER_RUN"));
    let desk = Desk::in_file().with(&names[0], "").with(&names[1], "400");
    let cap = |desk: &Desk| setting(&desk.json(&["config", "show"]), "purge.max_per_run").0;
    assert_eq!(cap(&desk), "400");
    let desk = desk.with(&names[1], "None");
    fs::create_dir_all(desk.config().parent().unwrap()).unwrap();
    fs::write(desk.config(), "[purge]\nmax_per_run = 7\n").unwrap();
    assert_eq!(cap(&desk), "unlimited");
    // What is not set of anything else leaves it to the next.
    let desk = desk.with("DJANGO_AUTH_RECOVERY_CODES_BATCH_DELETE_SIZE", "None");
    assert_eq!(
        setting(&desk.json(&["config", "show"]), "purge.chunk").1,
        "default"
    );
    let desk = desk.with(&names[1], "many");
    desk.refuses(&["init"], 4, "config");
}

#[test]
fn letters_go_where_its_file_backend_kept_them() {
    let desk = Desk::in_file().with_runtime();
    let place = desk.home().join("sent_emails");
    let desk = with_all(
        desk,
        &format!(
            "EMAIL_BACKEND = \"django.core.mail.backends.filebased.EmailBackend\"
             EMAIL_FILE_PATH = '{}'
             DJANGO_AUTH_RECOVERY_CODE_ADMIN_EMAIL_HOST_USER = \"your-host-email-address-here\"
             DJANGO_AUTH_RECOVERY_KEY = \"add-recovery-key-here\"",
            place.display()
        ),
    );
    let shown = desk.json(&["config", "show"]);
    let expected = (
        place.display().to_string(),
        "environment EMAIL_FILE_PATH".to_owned(),
    );
    assert_eq!(setting(&shown, "mail.directory"), expected);
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.say(&["generate", "alice", "--email"]);
    let letters: Vec<_> = fs::read_dir(&place).unwrap().map(Result::unwrap).collect();
    assert_eq!(letters.len(), 1);
    let letter = fs::read_to_string(letters[0].path()).unwrap();
    assert!(letter.contains("recovery-codes@localhost"), "{letter}");
    assert!(!desk.store().with_file_name("mail").exists());
    let own = desk.home().join("own");
    let desk = desk.with("RECOVERY_CODES_MAIL_DIRECTORY", own.to_str().unwrap());
    desk.pass(60);
    desk.say(&["generate", "alice", "--email", "--yes"]);
    assert_eq!(fs::read_dir(own).unwrap().count(), 1);
}

/// Earlier builds took the application's key for the store's, where there was no other.
#[test]
fn a_store_that_was_made_with_the_applications_key_is_not_lost() {
    let secret = "the application's key of 32 or more";
    let desk = Desk::in_file().with("RECOVERY_CODES_KEY", secret);
    let codes = desk.issue("alice");
    let desk = desk
        .with("RECOVERY_CODES_KEY", "")
        .with("DJANGO_AUTH_RECOVERY_KEY", secret);
    let refused = desk.pipe(&["--json", "verify", "alice"], &codes[0]);
    assert_eq!(refused.exit, 4);
    let error = refused.error();
    assert_eq!(error["kind"], Value::from("missing_key"));
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("set RECOVERY_CODES_KEY, to the value of DJANGO_AUTH_RECOVERY_KEY"));
    assert!(!desk.keys().exists());
    let desk = desk.with("RECOVERY_CODES_KEY", secret);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

/// Names such as `EMAIL_PORT` may be another program's: what does not fit is no error, but said.
#[test]
fn a_shared_variable_that_does_not_fit_is_named_without_its_value() {
    let desk = Desk::in_file()
        .with("EMAIL_PORT", "hunter2")
        .with("EMAIL_USE_TLS", "maybe");
    let shown = desk.say(&["config", "show"]);
    for name in ["EMAIL_PORT", "EMAIL_USE_TLS"] {
        let said = format!("{name} has no effect: mail.");
        assert!(shown.err.contains(&said), "{}", shown.err);
    }
    assert!(!shown.err.contains("hunter2"), "{}", shown.err);
    let found = setting(&desk.json(&["config", "show"]), "mail.port");
    assert_eq!(found.1, "default");
}
