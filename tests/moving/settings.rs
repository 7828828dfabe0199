//! `import django --settings`: the application's settings as a `config.toml`, to look at.

use std::fs;

use crate::harness::{Desk, Ended};

fn read(desk: &Desk, name: &str, text: &str, more: &[&str]) -> Ended {
    let path = desk.home().join(name);
    fs::write(&path, text).unwrap();
    let args = ["import", "django", "--settings", path.to_str().unwrap()];
    desk.run(&[&args, more].concat())
}

#[test]
fn the_settings_of_the_real_application_are_a_file_that_works() {
    let desk = Desk::new();
    let theirs = include_str!("../fixtures/django/settings.py");
    let said = read(&desk, "settings.py", theirs, &[]);
    assert_eq!(said.exit, 0, "{}", said.err);
    assert!(!desk.store().exists() && !desk.config().exists());
    fs::create_dir_all(desk.config().parent().unwrap()).unwrap();
    fs::write(desk.config(), &said.out).unwrap();
    let shown = desk.json(&["config", "show"]);
    let of = |key: &str| {
        let rows = shown["items"].as_array().unwrap();
        let row = rows.iter().find(|row| row["key"] == key).unwrap();
        assert!(
            row["origin"].as_str().unwrap().starts_with("file "),
            "{row}"
        );
        row["value"].as_str().unwrap().to_owned()
    };
    for (key, value) in [
        ("limiter.base_cooldown", "100"),
        ("limiter.max_attempts", "5"),
        ("purge.max_per_run", "unlimited"),
        ("purge.chunk", "400"),
        ("audit.auto_prune", "true"),
        ("mail.backend", "file"),
        ("mail.from", "noreply@example.com"),
        ("site.name", "This is a demo tutorial"),
        ("task.retry_after", "600"),
        ("task.keep", "250"),
    ] {
        assert_eq!(of(key), value, "{key}");
    }
    // Secrets stay out of it, and what only Python could work out is named.
    assert!(
        !said.out.contains("a-recovery-key-of-this-test"),
        "{}",
        said.out
    );
    for part in [
        "# - DJANGO_AUTH_RECOVERY_KEY: put its value into a private file",
        "# - EMAIL_FILE_PATH: its value is computed there; set mail.directory yourself",
        "USE_CACHE has no effect",
    ] {
        assert!(said.out.contains(part), "{}", said.out);
    }
}

#[test]
fn an_env_is_read_as_well() {
    let desk = Desk::new();
    let text = "# mail\nexport EMAIL_HOST='mail.example.org' # ours\nEMAIL_HOST_PASSWORD=hunter2\n\
                EMAIL_USE_SSL=True\nEMAIL_USE_TLS=False\nDJANGO_AUTH_RECOVERY_CODES_SITE_NAME=\"Söme \\\" site\"\n\
                DJANGO_AUTH_RECOVERY_CODES_MAX_LOGIN_ATTEMPTS=many\nOTHER=1\nnonsense\n";
    let said = read(&desk, ".env", text, &["--json"]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let told = said.json();
    let settings = told["settings"].as_array().unwrap();
    let of = |key: &str| settings.iter().find(|row| row["key"] == key).cloned();
    assert_eq!(of("mail.host").unwrap()["value"], "mail.example.org");
    assert_eq!(of("mail.host").unwrap()["from"], "EMAIL_HOST");
    assert_eq!(of("mail.security").unwrap()["value"], "tls");
    assert_eq!(of("limiter.max_attempts"), None);
    let left = told["not_taken"].to_string();
    assert!(left.contains("MAX_LOGIN_ATTEMPTS does not fit"), "{left}");
    assert!(left.contains("mail.password_file"), "{left}");
    assert!(!said.out.contains("hunter2"), "{}", said.out);
}

#[test]
fn nothing_in_it_is_run() {
    let desk = Desk::new();
    let trap = desk.home().join("trap");
    let text = format!(
        "import os\nos.system('touch {}')\nDJANGO_AUTH_RECOVERY_CODE_PER_PAGE = __import__('os').getpid()\n\
         DJANGO_AUTH_RECOVERY_CODE_MAX_VISIBLE = (\n    30)\nif DEBUG:\n    DJANGO_AUTH_RECOVERY_CODES_BASE_COOLDOWN = 7\n\
         DJANGO_AUTH_RECOVERY_CODES_SITE_NAME = 'a \"b\" # c'\n",
        trap.display()
    );
    let said = read(&desk, "settings.py", &text, &[]);
    assert_eq!(said.exit, 0, "{}", said.err);
    assert!(!trap.exists());
    assert!(
        said.out.contains("PER_PAGE: its value is computed there"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("base_cooldown"), "{}", said.out);
    assert!(said.out.contains(r#"name = 'a "b" # c' #"#), "{}", said.out);
}

#[test]
fn it_is_a_word_of_its_own() {
    let desk = Desk::new();
    for args in [
        &["import", "django"][..],
        &["import", "django", "dump.json", "--settings", "settings.py"],
        &["import", "django", "--settings", "settings.py", "--dry-run"],
    ] {
        assert_eq!(desk.run(args).exit, 2, "{args:?}");
    }
    let missing = desk.run(&["import", "django", "--settings", "settings.py"]);
    assert_eq!(missing.exit, 4, "{}", missing.err);
    let path = desk.home().join("settings.py");
    fs::write(&path, b"A = '\xff'").unwrap();
    let odd = desk.run(&["import", "django", "--settings", path.to_str().unwrap()]);
    assert_eq!(odd.exit, 2);
    assert!(odd.err.contains("is not text"), "{}", odd.err);
    assert_eq!(read(&desk, "empty.py", "", &[]).exit, 0);
}
