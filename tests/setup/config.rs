//! `config …`: every setting, its layers, and the file that can be written from them.

use std::fs;

use recovery_codes::config::table::{SETTINGS, variable};
use serde_json::{Value, json};

use crate::harness::Desk;
use crate::harness::asking::{column, fields, setting};

fn write_config(desk: &Desk, text: &str) {
    fs::create_dir_all(desk.config().parent().unwrap()).unwrap();
    fs::write(desk.config(), text).unwrap();
}

#[test]
fn it_begins_with_the_paths_in_force_and_shows_every_setting() {
    let desk = Desk::in_file();
    let shown = desk.json(&["config", "show"]);
    assert_eq!(fields(&shown["items"][0]), ["key", "origin", "value"]);
    let keys = column(&shown, "key");
    assert_eq!(keys[..3], ["store", "config", "keys"]);
    let expected: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
    assert_eq!(keys[3..], expected);
    assert_eq!(shown["total"], expected.len() + 3);
    let path = |path: std::path::PathBuf| path.display().to_string();
    assert_eq!(
        setting(&shown, "store"),
        (path(desk.store()), "default".into())
    );
    assert_eq!(
        setting(&shown, "config"),
        (path(desk.config()), "default".into())
    );
    assert_eq!(setting(&shown, "keys").0, path(desk.keys()));
    let text = desk.say(&["config", "show"]);
    assert!(text.lines()[0].starts_with("Setting"), "{}", text.out);
    assert!(!desk.store().exists());
}

#[test]
fn each_layer_goes_before_the_one_below() {
    let key = "history.per_page";
    let desk = Desk::in_file();
    let shown = |desk: &Desk| setting(&desk.json(&["config", "show"]), key);
    assert_eq!(shown(&desk), ("10".into(), "default".into()));
    write_config(&desk, "[history]\nper_page = 11\n");
    let file = format!("file {}", desk.config().display());
    assert_eq!(shown(&desk), ("11".into(), file));
    let django = "DJANGO_AUTH_RECOVERY_CODE_PER_PAGE";
    let desk = desk.with(django, "12");
    assert_eq!(shown(&desk), ("12".into(), format!("environment {django}")));
    let desk = desk.with("RECOVERY_CODES_HISTORY_PER_PAGE", "13");
    let own = "environment RECOVERY_CODES_HISTORY_PER_PAGE".to_owned();
    assert_eq!(shown(&desk), ("13".into(), own));
    for number in 0..14 {
        desk.say(&["user", "add", &format!("u{number:02}")]);
    }
    assert_eq!(column(&desk.json(&["user", "list"]), "user").len(), 13);
    let flag = ["user", "list", "--per-page", "14"];
    assert_eq!(column(&desk.json(&flag), "user").len(), 14);
}

#[test]
fn the_stores_path_has_its_layers_too() {
    let desk = Desk::in_file();
    let store = |desk: &Desk, more: &[&str]| {
        setting(&desk.json(&[&["config", "show"], more].concat()), "store")
    };
    write_config(&desk, "store = \"/srv/a.db\"\n");
    let file = format!("file {}", desk.config().display());
    assert_eq!(store(&desk, &[]), ("/srv/a.db".into(), file));
    let desk = desk.with("RECOVERY_CODES_STORE", "/srv/b.db");
    let origin = "environment RECOVERY_CODES_STORE".to_owned();
    assert_eq!(store(&desk, &[]), ("/srv/b.db".into(), origin));
    assert_eq!(
        store(&desk, &["--store", "/srv/c.db"]),
        ("/srv/c.db".into(), "flag --store".into())
    );
}

#[test]
fn the_file_is_looked_for_where_it_was_said_to_be() {
    let desk = Desk::in_file();
    let at = |name: &str| desk.home().join(name);
    let path = |desk: &Desk, more: &[&str]| {
        desk.json(&[&["config", "path"], more].concat())["path"].clone()
    };
    fs::create_dir(at("etc")).unwrap();
    fs::write(at("etc/config.toml"), "[codes]\ncount = 4\n").unwrap();
    let shown = desk.json(&["config", "show"]);
    assert_eq!(setting(&shown, "codes.count").0, "4");
    assert_eq!(path(&desk, &[]), json!(at("etc/config.toml")));
    write_config(&desk, "[codes]\ncount = 5\n");
    assert_eq!(path(&desk, &[]), json!(desk.config()));
    let variable = at("v.toml");
    let flag = at("f.toml");
    let desk = desk.with("RECOVERY_CODES_CONFIG", variable.to_str().unwrap());
    assert_eq!(path(&desk, &[]), json!(variable));
    assert_eq!(
        path(&desk, &["--config", flag.to_str().unwrap()]),
        json!(flag)
    );
}

#[test]
fn a_home_that_is_no_whole_path_is_none() {
    let desk = Desk::in_file();
    let shown = desk
        .process(&["--json", "config", "show"])
        .env("HOME", "rel")
        .output()
        .unwrap();
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(
        ["store", "config"].map(|key| setting(&shown, key).0),
        [
            "/var/lib/recovery-codes/recovery-codes.db",
            "/etc/recovery-codes/config.toml"
        ]
    );
}

#[test]
fn the_path_says_whether_the_file_is_there() {
    let desk = Desk::in_file();
    let text = desk.say(&["config", "path"]);
    assert_eq!(text.out, format!("{}\n", desk.config().display()));
    let why = "it is this account's own, and it sees none of the machine's";
    assert_eq!(
        text.err,
        format!("In force because {why}.\nIt is not there; `recovery-codes init` makes it.\n")
    );
    desk.say(&["init"]);
    let why = "it is this account's own";
    let said = desk.say(&["config", "path"]).err;
    assert_eq!(said, format!("In force because {why}.\n"));
    assert_eq!(
        desk.json(&["config", "path"]),
        json!({"path": desk.config(), "exists": true, "why": why})
    );
}

#[test]
fn an_unknown_key_is_refused_with_a_suggestion() {
    let desk = Desk::in_file();
    desk.issue("alice");
    write_config(&desk, "[limiter]\nmax_atempts = 3\n");
    let said = desk.refuses(&["user", "list"], 4, "config");
    assert!(said.contains("limiter.max_atempts in "), "{said}");
    assert!(
        said.contains("did you mean limiter.max_attempts? `recovery-codes check`"),
        "{said}"
    );
    write_config(&desk, "[zzz]\nq = 1\n");
    let said = desk.refuses(&["verify", "alice"], 4, "config");
    assert!(
        said.contains("`recovery-codes config show` lists"),
        "{said}"
    );
    write_config(&desk, "");
    let desk = desk.with("RECOVERY_CODES_CODES_CUONT", "3");
    let said = desk.refuses(&["init"], 4, "config");
    assert!(
        said.contains("did you mean RECOVERY_CODES_CODES_COUNT?"),
        "{said}"
    );
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let desk = Desk::in_file();
    desk.issue("alice");
    for (text, part) in [
        ("[codes]\ncount = 0\n", "a whole number from 1 to 100"),
        ("[codes]\ncount = \"10\"\n", "a whole number from 1 to 100"),
        ("[codes]\nalphabet = \"hex\"\n", "one of full, typeable"),
        ("[purge]\nlog = \"true\"\n", "true or false"),
        ("[mail]\nnotify = [\"used\", 3]\n", "any of generated"),
        ("[hash]\nmemory_kib = 1.5\n", "a whole number from 8"),
        ("store = 3\n", "write it like store ="),
        ("codes = 3\n", "codes in /"),
        ("[codes\n", "begin with `recovery-codes config template`"),
    ] {
        write_config(&desk, text);
        let said = desk.refuses(&["status"], 4, "config");
        assert!(said.contains(part), "{text}: {said}");
    }
}

#[test]
fn what_is_wrong_is_still_shown() {
    let desk = Desk::in_file().with("RECOVERY_CODES_CODES_COUNT", "many");
    let ended = desk.run(&["config", "show", "--json"]);
    assert_eq!(ended.exit, 4);
    assert_eq!(
        setting(&ended.json(), "codes.count"),
        ("10".into(), "default".into())
    );
    assert_eq!(ended.error()["kind"], "config");
}

#[test]
fn settings_must_fit_together() {
    let desk = Desk::in_file();
    desk.say(&["init"]);
    for (text, part) in [
        ("[limiter]\nttl = 30\n", "limiter.ttl lies outside"),
        (
            "[limiter]\nbase_cooldown = 7200\n",
            "longer than limiter.max_cooldown",
        ),
        (
            "[limiter]\nhard_limit = 3\n",
            "more than limiter.hard_limit",
        ),
        (
            "[history]\nper_page = 30\n",
            "more than history.max_visible",
        ),
        ("[codes]\nlow = 10\n", "not less than codes.count"),
        (
            "[mail]\nbackend = \"smtp\"\nfrom = \"a@b.org\"\n",
            "mail.host is not set",
        ),
        (
            "[mail]\nbackend = \"smtp\"\nhost = \"mail.example.org\"\n",
            "mail.from is not set",
        ),
        ("[task]\ntimeout = 600\n", "task.retry_after"),
    ] {
        write_config(&desk, text);
        let said = desk.refuses(&["status"], 4, "config");
        assert!(said.contains(part), "{text}: {said}");
    }
    // The desk's own hash is cheap by its variables.
    write_config(&desk, "[hash]\nparallelism = 2\n");
    let said = desk.refuses(&["status"], 4, "config");
    assert!(said.contains("8 times hash.parallelism"), "{said}");
}

#[test]
fn names_of_the_django_application_work() {
    let values = [
        (
            "DJANGO_AUTH_RECOVERY_CODES_BASE_COOLDOWN",
            "90",
            "limiter.base_cooldown",
            "90",
        ),
        (
            "DJANGO_AUTH_RECOVERY_CODES_MAX_DELETIONS_PER_RUN",
            "-1",
            "purge.max_per_run",
            "unlimited",
        ),
        (
            "DJANGO_AUTH_RECOVERY_CODE_STORE_EMAIL_LOG",
            "True",
            "mail.log",
            "true",
        ),
        (
            "EMAIL_BACKEND",
            "django.core.mail.backends.locmem.EmailBackend",
            "mail.backend",
            "none",
        ),
        ("EMAIL_USE_SSL", "True", "mail.security", "tls"),
        ("DEBUG", "False", "mail.delivery", "queue"),
    ];
    let desk = values
        .iter()
        .fold(Desk::in_file(), |desk, (name, value, ..)| {
            desk.with(name, value)
        });
    let shown = desk.json(&["config", "show"]);
    for (name, _, key, value) in values {
        let expected = (value.to_owned(), format!("environment {name}"));
        assert_eq!(setting(&shown, key), expected, "{name}");
    }
    let old = "DJANGO_AUTH_RECOVERY_CODES_AUTH_RATE_LIMITER_USE_CACHE";
    let text = desk.with(old, "True").say(&["config", "show"]);
    assert!(
        text.err.contains(&format!("{old} has no effect: ")),
        "{}",
        text.err
    );
}

#[test]
fn a_wrong_django_value_is_wrong_only_under_the_applications_own_name() {
    let desk = Desk::in_file()
        .with("DEBUG", "*")
        .with("EMAIL_PORT", "smtp");
    desk.say(&["init"]);
    let desk = desk.with("DJANGO_AUTH_RECOVERY_CODES_BASE_COOLDOWN", "soon");
    desk.refuses(&["status"], 4, "config");
}

#[test]
fn key_material_is_masked() {
    let secret = "hunter2".repeat(6);
    let desk = Desk::in_file().with("RECOVERY_CODES_KEY", &secret);
    desk.issue("alice");
    assert!(!desk.keys().exists());
    let shown = desk.json(&["config", "show"]);
    assert_eq!(
        setting(&shown, "keys"),
        ("********".into(), "environment RECOVERY_CODES_KEY".into())
    );
    for args in [["config", "show"], ["check", "-v"], ["init", "-v"]] {
        let ended = desk.say(&args);
        assert!(!format!("{ended:?}").contains("hunter2"), "{args:?}");
    }
    desk.assert_sound();
    let desk = Desk::in_file().with("RECOVERY_CODES_KEY", "hunter2");
    let said = desk.refuses(&["init"], 4, "damaged_key");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn the_template_can_be_written_and_read_back() {
    let desk = Desk::in_file();
    let template = desk.say(&["config", "template"]).out;
    assert_eq!(
        desk.json(&["config", "template"])["template"]
            .as_str()
            .unwrap()
            .trim_end(),
        template.trim_end()
    );
    let before = desk.json(&["config", "show"]);
    write_config(&desk, &template);
    assert_eq!(desk.json(&["config", "show"]), before);
    // With every line taken into force, nothing changes but where it comes from.
    let store = desk.store();
    let active = template.replace("#: ", "").replace(
        "/var/lib/recovery-codes/recovery-codes.db",
        store.to_str().unwrap(),
    );
    write_config(&desk, &active);
    let shown = desk.json(&["config", "show"]);
    assert_eq!(column(&shown, "value"), column(&before, "value"));
    let file = format!("file {}", desk.config().display());
    for item in SETTINGS
        .iter()
        .filter(|item| !item.key.starts_with("hash."))
    {
        assert_eq!(setting(&shown, item.key).1, file, "{}", item.key);
    }
    desk.issue("alice");
    desk.assert_sound();
}

#[test]
fn every_setting_is_taken_from_its_variable() {
    for item in SETTINGS {
        let default = item.default;
        let desk = Desk::in_file().with(&variable(item.key), default);
        let shown = desk.json(&["config", "show"]);
        let expected = (
            default.to_owned(),
            format!("environment {}", variable(item.key)),
        );
        assert_eq!(setting(&shown, item.key), expected);
    }
}
