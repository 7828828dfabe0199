//! The settings as the program uses them: typed, in their units.

use std::path::PathBuf;

use super::effective::{Effective, Finding};
use super::value::Value;
use crate::model::alphabet::Alphabet;
use crate::model::format::Format;
use crate::model::limiter::Policy;
use crate::model::mail::{Backend, LetterKind, Mailbox, Security};
use crate::model::state::words;

/// Every setting some word uses.
#[derive(Clone, Debug)]
pub struct Settings {
    pub codes: Codes,
    pub hash: Hash,
    pub history: History,
    pub limiter: Policy,
    pub session_minutes: u64,
    pub export: Export,
    pub site: Site,
    pub mail: Mail,
    pub task: Task,
    pub purge: Purge,
    pub audit: Audit,
    pub log: Log,
    ttl_min: u64,
    ttl_max: u64,
}

/// `codes.*`
#[derive(Clone, Debug)]
pub struct Codes {
    pub count: u64,
    pub alphabet: Alphabet,
    pub low: u64,
}

/// `hash.*`
#[derive(Clone, Copy, Debug)]
pub struct Hash {
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
}

/// `history.*`
#[derive(Clone, Debug)]
pub struct History {
    pub max_visible: u64,
    pub per_page: u64,
}

/// `log.*`
#[derive(Clone, Debug)]
pub struct Log {
    pub file: Option<PathBuf>,
    pub level: String,
}

/// `export.*`
#[derive(Clone, Debug)]
pub struct Export {
    pub format: Format,
    pub file_name: String,
}

/// `site.*`
#[derive(Clone, Debug)]
pub struct Site {
    pub name: String,
    pub login_url: Option<String>,
}

/// `mail.*`
#[derive(Clone, Debug)]
pub struct Mail {
    pub backend: Backend,
    pub host: Option<String>,
    pub port: u16,
    pub security: Security,
    pub user: Option<String>,
    pub password_file: Option<PathBuf>,
    /// Where letters go that stay files; none for the usual place.
    pub directory: Option<PathBuf>,
    pub from: Option<String>,
    pub report_to: Option<String>,
    pub report_name: Option<String>,
    pub ca_file: Option<PathBuf>,
    pub templates: Option<PathBuf>,
    /// Whether mail leaves before the word ends.
    pub is_sent_now: bool,
    pub log: bool,
    pub success_message: String,
    /// The notices users get.
    pub notify: Vec<LetterKind>,
}

/// `purge.*`
#[derive(Clone, Copy, Debug)]
pub struct Purge {
    pub retention_days: u64,
    pub chunk: u64,
    /// None for all.
    pub max_per_run: Option<u64>,
    pub report: ReportWhen,
    pub log: bool,
}

words! {
    /// When the administrator gets a report.
    pub enum ReportWhen {
        Always = "always",
        Changes = "changes",
        Never = "never",
    }
}

/// `audit.*`
#[derive(Clone, Copy, Debug)]
pub struct Audit {
    pub auto_prune: bool,
    pub retention_days: u64,
}

/// `task.*`; times in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    pub timeout: u64,
    pub retry_after: u64,
    pub max_tries: u64,
    pub keep: u64,
    pub queue_limit: u64,
}

impl Settings {
    pub(super) fn from_effective(effective: &[Effective]) -> Self {
        let reader = Reader(effective);
        Self {
            codes: Codes {
                count: reader.number("codes.count"),
                alphabet: reader.word("codes.alphabet", Alphabet::from_word),
                low: reader.number("codes.low"),
            },
            hash: Hash {
                memory_kib: reader.small_number("hash.memory_kib"),
                iterations: reader.small_number("hash.iterations"),
                parallelism: reader.small_number("hash.parallelism"),
            },
            history: History {
                max_visible: reader.number("history.max_visible"),
                per_page: reader.number("history.per_page"),
            },
            limiter: Policy {
                max_attempts: reader.number("limiter.max_attempts"),
                base_cooldown: reader.number("limiter.base_cooldown"),
                multiplier: reader.number("limiter.multiplier"),
                max_cooldown: reader.number("limiter.max_cooldown"),
                hard_limit: reader.number("limiter.hard_limit"),
                ttl: reader.number("limiter.ttl"),
            },
            log: Log {
                file: reader.path("log.file"),
                level: reader.text("log.level"),
            },
            session_minutes: reader.number("session.minutes"),
            export: Export {
                format: reader.word("export.format", Format::from_word),
                file_name: reader.text("export.file_name"),
            },
            site: Site {
                name: reader.text("site.name"),
                login_url: reader.optional("site.login_url"),
            },
            mail: reader.mail(),
            purge: Purge {
                retention_days: reader.number("purge.retention_days"),
                chunk: reader.number("purge.chunk"),
                max_per_run: match reader.value("purge.max_per_run") {
                    Value::Number(number) => Some(*number),
                    _ => None,
                },
                report: reader.word("purge.report", ReportWhen::from_word),
                log: reader.flag("purge.log"),
            },
            audit: Audit {
                auto_prune: reader.flag("audit.auto_prune"),
                retention_days: reader.number("audit.retention_days"),
            },
            task: Task {
                timeout: reader.number("task.timeout"),
                retry_after: reader.number("task.retry_after"),
                max_tries: reader.number("task.max_tries"),
                keep: reader.number("task.keep"),
                queue_limit: reader.number("task.queue_limit"),
            },
            ttl_min: reader.number("limiter.ttl_min"),
            ttl_max: reader.number("limiter.ttl_max"),
        }
    }

    /// What does not fit together.
    pub(super) fn contradictions(&self) -> Vec<Finding> {
        let limiter = &self.limiter;
        let smtp = self.mail.backend == Backend::Smtp;
        let rules = [
            (
                limiter.ttl < self.ttl_min || limiter.ttl > self.ttl_max,
                "limiter.ttl lies outside limiter.ttl_min and limiter.ttl_max",
                "change one of the three",
            ),
            (
                limiter.base_cooldown > limiter.max_cooldown,
                "limiter.base_cooldown is longer than limiter.max_cooldown",
                "raise limiter.max_cooldown or lower limiter.base_cooldown",
            ),
            (
                limiter.max_attempts > limiter.hard_limit,
                "limiter.max_attempts is more than limiter.hard_limit",
                "lower limiter.max_attempts",
            ),
            (
                self.history.per_page > self.history.max_visible,
                "history.per_page is more than history.max_visible",
                "raise history.max_visible or lower history.per_page",
            ),
            (
                self.codes.low >= self.codes.count,
                "codes.low is not less than codes.count, so that every new batch would be low",
                "lower codes.low or raise codes.count",
            ),
            (
                self.hash.memory_kib < 8 * self.hash.parallelism,
                "hash.memory_kib is less than 8 times hash.parallelism",
                "raise hash.memory_kib; Argon2 needs 8 KiB for each lane",
            ),
            (
                smtp && self.mail.host.is_none(),
                "mail.backend is smtp and mail.host is not set",
                "set mail.host, or mail.backend to none",
            ),
            (
                smtp && self.mail.from.is_none(),
                "mail.backend is smtp and mail.from is not set",
                "set mail.from to the sender's address",
            ),
            (
                is_no_mailbox(&self.mail.from),
                "mail.from is no sender",
                "write it like codes@example.org or Codes <codes@example.org>",
            ),
            (
                is_no_mailbox(&self.mail.report_to),
                "mail.report_to is no recipient",
                "write it like admin@example.org",
            ),
            (
                smtp && self.mail.password_file.is_some() && self.mail.user.is_none(),
                "mail.password_file is set and mail.user is not",
                "set mail.user",
            ),
            (
                self.task.retry_after <= self.task.timeout,
                "task.retry_after is not longer than task.timeout, so that a task could run twice at once",
                "raise task.retry_after",
            ),
        ];
        rules
            .into_iter()
            .filter(|(is_broken, ..)| *is_broken)
            .map(|(_, problem, remedy)| Finding {
                problem: problem.into(),
                remedy: remedy.into(),
            })
            .collect()
    }
}

/// The sender of letters that go no further, where none is set.
const NOBODY: &str = "recovery-codes@localhost";

fn is_no_mailbox(text: &Option<String>) -> bool {
    text.as_deref()
        .is_some_and(|text| Mailbox::parse(text).is_err())
}

/// Finds values by key; that each key is in the table and fits is shown by a test.
struct Reader<'a>(&'a [Effective]);

impl Reader<'_> {
    fn value(&self, key: &str) -> &Value {
        self.0
            .iter()
            .find(|effective| effective.key == key)
            .map_or(&Value::Absent, |effective| &effective.value)
    }

    fn number(&self, key: &str) -> u64 {
        match self.value(key) {
            Value::Number(number) => *number,
            other => unreachable!("{key} is a number, not {other:?}"),
        }
    }

    fn small_number(&self, key: &str) -> u32 {
        u32::try_from(self.number(key)).unwrap_or(u32::MAX)
    }

    fn text(&self, key: &str) -> String {
        self.value(key).to_string()
    }

    fn word<T>(&self, key: &str, from_word: fn(&str) -> Option<T>) -> T {
        let word = self.text(key);
        from_word(&word).unwrap_or_else(|| unreachable!("{key} does not know {word}"))
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        self.optional(key).map(PathBuf::from)
    }

    fn mail(&self) -> Mail {
        let backend = self.word("mail.backend", Backend::from_word);
        // Letters that go no further need no sender who can be answered.
        let nobody = matches!(backend, Backend::File | Backend::Console);
        Mail {
            backend,
            host: self.optional("mail.host"),
            port: u16::try_from(self.number("mail.port")).unwrap_or(u16::MAX),
            security: self.word("mail.security", Security::from_word),
            user: self.optional("mail.user"),
            password_file: self.path("mail.password_file"),
            directory: self.path("mail.directory"),
            from: self
                .optional("mail.from")
                .or_else(|| nobody.then(|| NOBODY.to_owned())),
            report_to: self.optional("mail.report_to"),
            report_name: self.optional("mail.report_name"),
            ca_file: self.path("mail.ca_file"),
            templates: self.path("mail.templates"),
            is_sent_now: self.text("mail.delivery") == "now",
            log: self.flag("mail.log"),
            success_message: self.text("mail.success_message"),
            notify: match self.value("mail.notify") {
                Value::List(words) => words
                    .iter()
                    .filter_map(|word| LetterKind::from_word(word))
                    .collect(),
                _ => Vec::new(),
            },
        }
    }

    fn flag(&self, key: &str) -> bool {
        matches!(self.value(key), Value::Flag(true))
    }

    fn optional(&self, key: &str) -> Option<String> {
        match self.value(key) {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::layers::load;
    use super::super::paths;
    use crate::model::environment::{Environment, Places};

    fn loaded(environment: &Environment, text: Option<&str>) -> super::super::Loaded {
        let places = Places {
            config: "/nowhere".into(),
            system_config: "/nowhere".into(),
            account: 0,
            data: "/nowhere".into(),
            runtime: None,
            units: "/nowhere".into(),
            crontab: None,
        };
        let config = paths::config(paths::Asked::default(), environment, &places);
        load(
            paths::resolve(None, environment, &places, config, None),
            environment,
            text,
        )
    }

    #[test]
    fn the_defaults_fit_together() {
        let loaded = loaded(&Environment::default(), None);
        assert_eq!(loaded.findings, []);
        let settings = loaded.settings().unwrap();
        assert_eq!(settings.codes.count, 10);
        assert_eq!(settings.limiter.max_cooldown, 3600);
    }

    #[test]
    fn the_template_is_a_valid_file_that_changes_nothing() {
        let template = super::super::template::template();
        let commented = loaded(&Environment::default(), Some(&template));
        assert_eq!(commented.findings, []);
        let active: String = template
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n")
            .collect();
        let loaded = loaded(&Environment::default(), Some(&active));
        assert_eq!(loaded.findings, [], "{active}");
    }

    #[test]
    fn each_layer_covers_the_one_below() {
        let file = Some("[limiter]\nmax_attempts = 7\n");
        let key = "limiter.max_attempts";
        let origin = |loaded: &super::super::Loaded| {
            let found = loaded.effective.iter().find(|e| e.key == key).unwrap();
            (found.value.to_string(), found.origin.clone())
        };
        let environment = Environment::default();
        assert_eq!(
            origin(&loaded(&environment, None)),
            ("5".into(), "default".into())
        );
        assert_eq!(
            origin(&loaded(&environment, file)),
            ("7".into(), "file /nowhere/config.toml".into())
        );
        let environment = environment.with("DJANGO_AUTH_RECOVERY_CODES_MAX_LOGIN_ATTEMPTS", "8");
        assert_eq!(origin(&loaded(&environment, file)).0, "8");
        let environment = environment.with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "9");
        let (value, origin) = origin(&loaded(&environment, file));
        assert_eq!(
            (value.as_str(), origin.as_str()),
            ("9", "environment RECOVERY_CODES_LIMITER_MAX_ATTEMPTS")
        );
    }

    #[test]
    fn everything_wrong_is_found_at_once() {
        let environment = Environment::default()
            .with("RECOVERY_CODES_CODES_COUNT", "many")
            .with("RECOVERY_CODES_LIMITER_MAX_ATEMPTS", "3");
        let loaded = loaded(
            &environment,
            Some("[hash]\nmemory_kib = 1.5\n[purge]\nchunky = 1\n"),
        );
        let problems: Vec<_> = loaded.findings.iter().map(|f| f.problem.as_str()).collect();
        assert_eq!(
            problems,
            [
                "hash.memory_kib in /nowhere/config.toml does not fit",
                "purge.chunky in /nowhere/config.toml is not a setting",
                "the variable RECOVERY_CODES_CODES_COUNT does not fit",
                "the variable RECOVERY_CODES_LIMITER_MAX_ATEMPTS is not a setting",
            ]
        );
        assert_eq!(loaded.findings[1].remedy, "did you mean purge.chunk?");
        assert_eq!(
            loaded.findings[3].remedy,
            "did you mean RECOVERY_CODES_LIMITER_MAX_ATTEMPTS?"
        );
    }

    #[test]
    fn what_fits_alone_but_not_together_is_found() {
        let text = "[limiter]\nbase_cooldown = 7200\nttl = 30\n[mail]\nbackend = \"smtp\"\n[task]\ntimeout = 900\n";
        let loaded = loaded(&Environment::default(), Some(text));
        assert_eq!(loaded.findings.len(), 5, "{:?}", loaded.findings);
        assert_eq!(
            loaded.settings().unwrap_err().exit(),
            crate::error::Exit::Failed
        );
    }

    #[test]
    fn unlimited_has_its_old_spelling_too() {
        for (file, want) in [
            ("[purge]\nmax_per_run = -1\n", "unlimited"),
            ("[purge]\nmax_per_run = \"unlimited\"\n", "unlimited"),
            ("[purge]\nmax_per_run = 50\n", "50"),
        ] {
            let loaded = loaded(&Environment::default(), Some(file));
            assert_eq!(loaded.findings, []);
            let found = loaded
                .effective
                .iter()
                .find(|e| e.key == "purge.max_per_run")
                .unwrap();
            assert_eq!(found.value.to_string(), want);
        }
        let environment =
            Environment::default().with("DJANGO_AUTH_RECOVERY_CODES_MAX_DELETIONS_PER_RUN", "-1");
        assert_eq!(loaded(&environment, None).findings, []);
    }

    #[test]
    fn an_old_name_without_successor_is_explained() {
        let name = "DJANGO_AUTH_RECOVERY_CODES_AUTH_RATE_LIMITER_USE_CACHE";
        let loaded = loaded(&Environment::default().with(name, "True"), None);
        assert_eq!(loaded.findings, []);
        assert!(loaded.notes[0].contains("the limiter lives in the store"));
    }

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_the_file_holds_it_is_read_or_found_wrong(text in "\\PC{0,200}") {
            let loaded = loaded(&Environment::default(), Some(&text));
            prop_assert!(loaded.settings().is_ok() == loaded.findings.is_empty());
        }

        #[test]
        fn whatever_a_setting_is_given_it_fits_or_is_found_wrong(
            number in 0..super::super::table::SETTINGS.len(),
            value in prop_oneof!["-?[0-9]{1,25}", "\\PC{0,30}", "(true|no|unlimited|,|[a-z]{1,8})"],
        ) {
            let setting = super::super::table::SETTINGS[number];
            let variable = super::super::table::variable(setting.key);
            let environment = Environment::default().with(&variable, &value);
            let loaded = loaded(&environment, None);
            let origin = loaded
                .effective
                .iter()
                .find(|effective| effective.key == setting.key)
                .map(|effective| effective.origin.clone());
            let is_taken = origin.is_some_and(|origin| origin.starts_with("environment"));
            prop_assert!(is_taken || !loaded.findings.is_empty(), "{variable}={value:?}");
            prop_assert!(loaded.settings().is_ok() == loaded.findings.is_empty());
        }
    }
}
