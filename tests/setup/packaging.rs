//! `packaging/`: what is handed out beside the program agrees with the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use recovery_codes::config::paths::CREDENTIAL;

use crate::harness::Desk;

/// The text of a file of this source.
fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a section of a unit that are neither empty nor a comment.
fn section(unit: &str, name: &str) -> Vec<String> {
    let start = format!("[{name}]");
    let lines = unit.lines().skip_while(|line| **line != start).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_generated_settings_are_the_template_with_the_machines_store() {
    let template = Desk::in_file().say(&["config", "template"]).out;
    let machines = template.replacen("\n#: store =", "\nstore =", 1);
    assert_ne!(machines, template);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/config.toml");
    if std::env::var_os("REGENERATE").is_some() {
        fs::write(&path, &machines).unwrap();
    }
    assert_eq!(
        text("packaging/config.toml"),
        machines,
        "`just regenerate` writes it anew"
    );
}

#[test]
fn the_packages_have_the_version_of_the_program() {
    let version = concat!("recovery-codes (", env!("CARGO_PKG_VERSION"), ") ");
    let changelog = text("packaging/changelog");
    assert!(changelog.starts_with(version), "{changelog}");
    let together = concat!(
        "\"$auto, libpam-runtime, recovery-codes (= ",
        env!("CARGO_PKG_VERSION"),
        ")\""
    );
    let module = text("pam/Cargo.toml");
    assert!(module.contains(together), "{module}");
    let its_version = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "\"\n");
    assert!(module.contains(its_version), "{module}");
}

#[test]
fn the_services_take_the_key_under_the_name_that_the_program_asks_for() {
    let line = format!("LoadCredential={CREDENTIAL}:/etc/recovery-codes/keys.toml");
    for unit in ["recovery-codes", "recovery-codes-worker"] {
        let lines = section(
            &text(&format!("packaging/systemd/{unit}.service")),
            "Service",
        );
        assert!(lines.contains(&line), "{unit}: {lines:?}");
    }
}

/// Only the account, its directory and the paths are another matter.
#[test]
fn the_worker_stands_behind_the_walls_that_schedule_install_writes() {
    let desk = Desk::in_file();
    let printed = desk.json(&["schedule", "install", "--systemd", "--print"]);
    let written = |which: usize| printed["files"][which]["text"].as_str().unwrap().to_owned();
    let ours = section(
        &text("packaging/systemd/recovery-codes-worker.service"),
        "Service",
    );
    let own = [
        "ExecStart=",
        "User=",
        "ReadWritePaths=",
        "ProtectHome=",
        "PrivateTmp=",
    ];
    let theirs = section(&written(0), "Service");
    assert!(theirs.len() > 10, "{theirs:?}");
    for line in theirs {
        let is_own = own.iter().any(|start| line.starts_with(start));
        assert!(is_own || ours.contains(&line), "{line}");
    }
    let ours = text("packaging/systemd/recovery-codes-worker.timer");
    assert_eq!(section(&ours, "Timer"), section(&written(1), "Timer"));
}

#[test]
fn systemd_finds_next_to_nothing_that_the_services_could_do_without() {
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("skipped: systemd-analyze is not installed");
        return;
    }
    for unit in ["recovery-codes", "recovery-codes-worker"] {
        let unit = format!("packaging/systemd/{unit}.service");
        let judged = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--threshold=15", &unit])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(judged.status.success(), "{unit}: {judged:?}");
    }
}
