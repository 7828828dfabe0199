//! `schedule install`: what systemd and cron are told, where it is written, and what is replaced.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::harness::Desk;
use crate::harness::machine::Machine;

/// The files of a kind at a desk.
fn files(desk: &Desk, kind: &str) -> Vec<PathBuf> {
    match kind {
        "--systemd" => ["service", "timer"]
            .map(|ending| {
                desk.home()
                    .join(format!("units/recovery-codes-worker.{ending}"))
            })
            .to_vec(),
        _ => vec![desk.home().join("cron.d/recovery-codes")],
    }
}

#[test]
fn what_is_printed_names_the_paths_in_force_and_nothing_is_written() {
    let desk = Desk::new();
    let store = desk.store().display().to_string();
    let printed = desk.say(&["schedule", "install", "--systemd", "--print"]);
    assert_eq!(printed.err, "");
    for line in [
        "[Unit]",
        "[Service]",
        "Type=oneshot",
        "[Timer]",
        "Persistent=true",
    ] {
        assert!(
            printed.out.lines().any(|found| found == line),
            "{line}: {}",
            printed.out
        );
    }
    assert!(
        printed.out.contains(&format!(" --store {store} ")),
        "{}",
        printed.out
    );
    let elsewhere = [
        "--store",
        "/srv/my codes/100%.db",
        "schedule",
        "install",
        "--print",
    ];
    let line = desk.say(&[&elsewhere[..], &["--cron"]].concat()).out;
    assert_eq!(line.lines().count(), 1);
    assert!(line.starts_with("*/5 * * * * root /"), "{line}");
    assert!(
        line.contains(" --store /srv/my\\ codes/100\\%.db "),
        "{line}"
    );
    assert!(line.ends_with(" worker --once\n"), "{line}");
    let unit = desk.say(&[&elsewhere[..], &["--systemd"]].concat()).out;
    assert!(
        unit.contains(" --store \"/srv/my codes/100%%.db\" "),
        "{unit}"
    );
    for kind in ["--systemd", "--cron"] {
        let told = desk.json(&["schedule", "install", kind, "--print"]);
        assert_eq!(
            [&told["kind"], &told["written"]],
            [&json!(&kind[2..]), &json!(false)]
        );
        assert!(
            files(&desk, kind).iter().all(|file| !file.exists()),
            "{kind}"
        );
    }
}

#[test]
fn the_files_are_for_everybody_to_read_and_hold_what_is_printed() {
    for kind in ["--systemd", "--cron"] {
        let desk = Desk::new();
        let done = desk.say(&["schedule", "install", kind, "--yes"]);
        assert_eq!(done.out, "");
        let printed = desk.json(&["schedule", "install", kind, "--print"]);
        for (file, told) in files(&desk, kind)
            .iter()
            .zip(printed["files"].as_array().unwrap())
        {
            assert!(
                done.err.contains(&format!("Wrote {}.", file.display())),
                "{}",
                done.err
            );
            assert_eq!(told["path"], file.display().to_string());
            assert_eq!(told["text"], fs::read_to_string(file).unwrap());
            let mode = fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o644, "{}", file.display());
        }
        // Once more changes nothing and asks nothing.
        desk.say(&["schedule", "install", kind]);
    }
}

#[test]
fn nothing_is_written_before_a_yes_to_each_file() {
    for kind in ["--systemd", "--cron"] {
        let desk = Desk::new();
        let (args, files) = (["schedule", "install", kind], files(&desk, kind));
        let refused = desk.refuses(&args, 3, "not_confirmed");
        let asked = desk.talk(&args, &["n"]);
        assert_eq!(asked.exit, 3);
        for file in &files {
            let consequence = format!("{} is written; ", file.display());
            assert!(refused.contains(&consequence), "{refused}");
            assert!(asked.err.contains(&consequence), "{}", asked.err);
            assert!(!file.exists(), "{kind}");
        }
        assert_eq!(asked.err.matches("Go on?").count(), 1, "{}", asked.err);
        assert_eq!(desk.talk(&args, &["y"]).exit, 0);
        assert!(files.iter().all(|file| file.exists()), "{kind}");
    }
}

#[test]
fn another_text_is_replaced_only_after_a_yes() {
    for kind in ["--systemd", "--cron"] {
        let desk = Desk::new();
        desk.say(&["schedule", "install", kind, "--yes"]);
        for file in files(&desk, kind) {
            let ours = fs::read_to_string(&file).unwrap();
            fs::write(&file, "# mine\n").unwrap();
            let args = ["schedule", "install", kind];
            desk.refuses(&args, 3, "not_confirmed");
            assert_eq!(desk.talk(&args, &["n"]).exit, 3);
            assert_eq!(fs::read_to_string(&file).unwrap(), "# mine\n");
            let asked = desk.talk(&args, &["y"]);
            assert_eq!(asked.exit, 0, "{}", asked.err);
            let consequence = format!("{} is there already and is replaced", file.display());
            assert!(asked.err.contains(&consequence), "{}", asked.err);
            assert_eq!(fs::read_to_string(&file).unwrap(), ours);
            fs::write(&file, "# mine\n").unwrap();
            desk.say(&["schedule", "install", kind, "--yes"]);
            assert_eq!(fs::read_to_string(&file).unwrap(), ours);
        }
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = Desk::new();
    let both = desk.run(&["schedule", "install", "--systemd", "--cron"]);
    assert_eq!(both.exit, 2, "{}", both.err);
    let up = [
        "--store",
        "/srv/../codes.db",
        "schedule",
        "install",
        "--cron",
        "--print",
    ];
    desk.refuses(&up, 2, "usage");
}

#[test]
fn systemd_finds_no_fault_in_what_is_written() {
    let is_there = Command::new("systemd-analyze").arg("--version").output();
    if is_there.is_err() {
        eprintln!("skipped: systemd-analyze is not installed");
        return;
    }
    let desk = Desk::new();
    desk.say(&["schedule", "install", "--systemd", "--yes"]);
    let said = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args(files(&desk, "--systemd"))
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(
        said.status.success() && !complaints.contains("recovery-codes"),
        "{complaints}"
    );
}

/// What the shell makes of cron's line is a run of the worker over this store.
#[test]
fn the_line_for_cron_runs_the_worker() {
    let desk = Desk::new();
    desk.say(&["schedule", "install", "--cron", "--yes"]);
    let line = fs::read_to_string(&files(&desk, "--cron")[0]).unwrap();
    let (_, words) = line.split_once(" --store ").unwrap();
    let shell = format!("exec \"$0\" --store {}", words.trim_end());
    desk.say(&["init"]);
    let run = desk.shell(&shell, &[]).output().unwrap();
    assert!(run.status.success(), "{run:?}");
    assert!(run.stdout.is_empty() && run.stderr.is_empty(), "{run:?}");
}

/// The same by cron itself, in the minute in which it starts.
#[test]
#[ignore = "needs root and packages of Debian's: .ci/run starts it"]
fn cron_runs_the_worker() {
    let test = "work::install::cron_runs_the_worker";
    let Some(machine) = Machine::of_its_own(test, &["/usr/sbin/cron"]) else {
        return;
    };
    let ended = machine.run(
        r#"
        rm -rf /etc/cron*
        mkdir "/srv/my codes" /etc/cron.d
        mount -t tmpfs crontabs /var/spool/cron
        mkdir /var/spool/cron/crontabs
        ours() { recovery-codes --config "/srv/my codes/100%.toml" --store "/srv/my codes/100%.db" "$@"; }
        ours init
        printf '[mail]\nbackend = "file"\ndelivery = "queue"\nfrom = "codes@example.org"\n' \
            >"/srv/my codes/100%.toml"
        ours user add alice --email alice@example.org
        ours generate alice >&2
        ours task list
        ours schedule install --cron --yes

        # Cron starts this in place of the program, and we hear how it ends.
        cd /usr/local/bin
        mv recovery-codes real
        mkfifo /run/ended
        printf '#!/bin/sh\n/usr/local/bin/real "$@"\necho "ended with $?" >/run/ended\n' >recovery-codes
        chmod 755 recovery-codes
        sed -i 's#^[*]/5 [*] [*] [*] [*] #@reboot #' /etc/cron.d/recovery-codes
        grep -q ^@reboot /etc/cron.d/recovery-codes
        cron -f &
        timeout 60 cat /run/ended
        kill $!

        mv real recovery-codes
        ours task list
        "#,
    );
    let (before, after) = ended.split_once("ended with 0\n").unwrap();
    assert!(before.contains(" queued "), "{ended}");
    assert!(after.contains(" done "), "{ended}");
}
