//! What the settings mean together.

pub use super::choices::{Delivery, ReportWhen};
use super::effective::Finding;
pub use super::sections::{Limiter, Mail, Purge, Settings};
use crate::model::limiter::Policy;
use crate::model::mail::{Backend, Mailbox};

impl Limiter {
    /// How guessing is slowed down.
    pub fn policy(&self) -> Policy {
        Policy {
            max_attempts: self.max_attempts,
            base_cooldown: self.base_cooldown,
            multiplier: self.multiplier,
            max_cooldown: self.max_cooldown,
            hard_limit: self.hard_limit,
            ttl: self.ttl,
        }
    }
}

impl Mail {
    /// Whether mail leaves before the word ends.
    pub fn is_sent_now(&self) -> bool {
        self.delivery == Delivery::Now
    }

    /// Who sends it. Letters that go no further need no sender who can be answered.
    pub fn sender(&self) -> Option<&str> {
        let nobody = matches!(self.backend, Backend::File | Backend::Console).then_some(NOBODY);
        self.from.as_deref().or(nobody)
    }
}

impl Settings {
    /// What does not fit together.
    pub(super) fn contradictions(&self) -> Vec<Finding> {
        let limiter = &self.limiter;
        let smtp = self.mail.backend == Backend::Smtp;
        let rules = [
            (
                limiter.ttl < limiter.ttl_min || limiter.ttl > limiter.ttl_max,
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

#[cfg(test)]
mod tests {
    use super::super::layers::{lines, load};
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
            text.map(lines),
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
