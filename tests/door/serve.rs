//! `serve`: who is let in, what becomes of codes, and how it lives with what happens to the store.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;

use rustix::process::Signal;
use serde_json::json;

use crate::harness::Desk;
use crate::harness::door::{Door, account};

#[test]
fn the_client_ends_and_speaks_like_the_word_itself() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let other = desk.issue("bob");
    let door = desk.serve();
    let socket = desk.door();
    let socket = socket.to_str().unwrap();
    let ask = |word: &str, code: &str| {
        let both = [&["--json"][..], &[]].map(|how| {
            let args = [
                how,
                &[word, "alice", "--socket", socket, "--from", "10.0.0.1"],
            ]
            .concat();
            desk.spawn(&args, code)
        });
        let [data, words] = both;
        (data, words)
    };
    let (data, words) = ask("confirm", &codes[0]);
    let confirmed = data.json();
    assert_eq!((data.exit, &confirmed["confirmed"]), (0, &json!(true)));
    assert_eq!(
        (&confirmed["remaining"], &confirmed["promoted"]),
        (&json!(10), &json!(false))
    );
    assert!(
        words.exit == 3 && words.err.contains("was confirmed on"),
        "{words:?}"
    );
    let (data, words) = ask("verify", &codes[0]);
    let accepted = json!({"accepted": true, "user": "alice", "remaining": 9, "low": false, "temporary": false});
    assert_eq!((data.exit, data.json()), (0, accepted));
    assert_eq!((words.exit, &words.err[..]), (1, "Not accepted.\n"));
    let (data, words) = ask("verify", "torn");
    assert_eq!((data.exit, data.json()), (1, json!({"accepted": false})));
    assert!(words.err.contains("cannot be a code"));
    // Of somebody else, as often as it takes.
    let (data, _) = ask("verify", &other[0]);
    assert_eq!(data.json(), json!({"accepted": false}));
    let (_, words) = ask("verify", &other[1]);
    assert_eq!(words.exit, 1);
    let (data, words) = ask("verify", &codes[1]);
    assert_eq!((data.exit, words.exit), (5, 5));
    assert!(data.json()["retry_after"].as_u64().unwrap() > 0);
    assert!(words.err.contains("Too many attempts; wait"));
    // The record says who asked, and from where.
    let entry = &desk.json(&["log", "audit", "--action", "code.used"])["items"][0];
    assert_eq!(entry["actor"], account());
    assert!(entry["details"].as_str().unwrap().contains("10.0.0.1"));
    let ended = door.close();
    assert_eq!(ended.exit, 0, "{}", ended.err);
    desk.assert_sound();
}

#[test]
fn neither_store_nor_key_nor_settings_are_needed_to_ask() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let door = desk.serve();
    let stranger = Desk::new().with("RECOVERY_CODES_LOG_FILE", "/nowhere/log");
    let config = stranger.config();
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    fs::write(config, "this is no TOML").unwrap();
    let socket = desk.door();
    let socket = socket.to_str().unwrap();
    let asked = stranger.spawn(&["verify", "alice", "--socket", socket], &codes[0]);
    assert_eq!(asked.exit, 0, "{}", asked.err);
    assert!(!stranger.store().exists() && !stranger.keys().exists());
    door.close();
    // Nobody listens any more.
    let asked = stranger.spawn(
        &["--json", "verify", "alice", "--socket", socket],
        &codes[1],
    );
    assert_eq!((asked.exit, &asked.error()["kind"]), (4, &json!("io")));
    assert!(asked.err.contains("recovery-codes serve"), "{}", asked.err);
    for option in ["--store", "--config", "--actor"] {
        let args = ["verify", "alice", "--socket", socket, option, "x"];
        assert_eq!(stranger.spawn(&args, &codes[1]).exit, 2);
    }
}

#[test]
fn whom_no_rule_names_is_refused_and_logged_and_nothing_is_tried() {
    for rules in [
        "user=daemon words=verify+confirm".to_owned(),
        format!("user={} words=confirm", account()),
        format!("user={} words=verify own=true", account()),
    ] {
        let desk = Desk::new().allowing(&rules);
        let log = desk.home().join("log");
        let desk = desk.with("RECOVERY_CODES_LOG_FILE", log.to_str().unwrap());
        let codes = desk.issue("alice");
        let own = desk.issue(&account());
        let door = desk.serve();
        let socket = desk.door();
        let socket = socket.to_str().unwrap();
        let refused = desk.spawn(
            &["--json", "verify", "alice", "--socket", socket],
            &codes[0],
        );
        assert_eq!(refused.exit, 3, "{rules}: {refused:?}");
        assert_eq!(refused.error()["kind"], "not_allowed");
        let own = desk.spawn(&["verify", &account(), "--socket", socket], &own[0]);
        assert_eq!(own.exit == 0, rules.contains("own=true"), "{own:?}");
        door.close();
        // Without a log of its own it says so where it was started.
        let logged = fs::read_to_string(&log).unwrap();
        assert!(logged.contains("refused at the door"), "{logged}");
        assert!(!logged.contains(&codes[0]), "{logged}");
        assert_eq!(desk.json(&["user", "show", "alice"])["remaining"], 10);
        let attempts = desk.json(&["log", "verify-attempts", "--user", "alice"]);
        assert_eq!(attempts["total"], 0);
    }
}

#[test]
fn it_begins_only_where_somebody_could_be_answered() {
    let desk = Desk::new();
    desk.issue("alice");
    let wrong = |desk: &Desk, args: &[&str], exit, kind: &str, says: &str| {
        let ended = desk.spawn(&[&["--json"], args].concat(), "");
        assert_eq!(
            (ended.exit, &ended.error()["kind"]),
            (exit, &json!(kind)),
            "{ended:?}"
        );
        assert!(ended.err.contains(says), "{}", ended.err);
    };
    wrong(&desk, &["serve"], 4, "config", "[[serve.allow]]");
    let desk = desk.allowing("user=nobody-is-called-so words=verify");
    wrong(
        &desk,
        &["serve"],
        4,
        "config",
        "no account nobody-is-called-so",
    );
    let desk = desk.allowing("user=root words=generate");
    wrong(
        &desk,
        &["serve"],
        4,
        "config",
        "user=www-data words=verify+confirm",
    );
    let desk = desk.open_to_us();
    fs::write(desk.door(), "a file").unwrap();
    wrong(&desk, &["serve"], 4, "io", "something else lies there");
    fs::remove_file(desk.door()).unwrap();
    let door = desk.serve();
    wrong(&desk, &["serve"], 3, "wrong_state", "already");
    // Killed, it leaves its socket, and nobody is in the way of the next.
    door.kill(Signal::KILL);
    door.wait();
    assert!(desk.door().exists());
    let door = desk.serve();
    assert_eq!(door.close().exit, 0);
    assert!(!desk.door().exists());
    let none = Desk::new().open_to_us();
    wrong(&none, &["serve"], 4, "no_store", "init");
}

#[test]
fn eight_at_once_with_one_code_are_one() {
    let desk = Desk::new()
        .open_to_us()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100");
    let codes = desk.issue("alice");
    let door = desk.serve();
    let socket = desk.door();
    let socket = socket.to_str().unwrap();
    let args = ["verify", "alice", "--socket", socket];
    let local: &[&str] = &["verify", "alice"];
    // Some through the door, some past it.
    let runs: Vec<_> = (0..8)
        .map(|number| match number % 4 {
            0 => (local, codes[0].as_str()),
            _ => (&args[..], codes[0].as_str()),
        })
        .collect();
    let ended = desk.race(&runs);
    let yes = ended.iter().filter(|ended| ended.exit == 0).count();
    assert_eq!(yes, 1, "{ended:?}");
    door.close();
    desk.assert_sound();
}

#[test]
fn it_goes_on_with_another_store_and_another_key() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let door = desk.serve();
    let socket = desk.door();
    let socket = socket.to_str().unwrap();
    let verify = |code: &str| desk.spawn(&["verify", "alice", "--socket", socket], code);
    assert_eq!(verify(&codes[0]).exit, 0);
    let backup = desk.home().join("backup");
    let backup = backup.to_str().unwrap();
    desk.go_ahead();
    desk.say(&["backup", backup]);
    desk.say(&["key", "rotate"]);
    assert_eq!(verify(&codes[1]).exit, 0, "with a new key");
    desk.say(&["restore", backup, "--trust-codes", "--yes"]);
    // The backup knows nothing of the second use.
    assert_eq!(verify(&codes[1]).exit, 0, "in another store");
    assert_eq!(verify(&codes[0]).exit, 1);
    let shown = desk.json(&["user", "show", "alice"]);
    assert_eq!(shown["remaining"], 8);
    assert_eq!(door.close().exit, 0);
    desk.assert_sound();
}

#[test]
fn notices_leave_while_it_serves() {
    let desk = Desk::new().open_to_us();
    let letters = desk.home().join("letters");
    let desk = desk
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_DIRECTORY", letters.to_str().unwrap());
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    let codes = desk.issue("alice");
    let before = fs::read_dir(&letters).unwrap().count();
    let door = desk.serve();
    let socket = desk.door();
    let socket = socket.to_str().unwrap();
    let asked = desk.spawn(&["verify", "alice", "--socket", socket], &codes[0]);
    assert_eq!(asked.exit, 0);
    // Nobody waits for it: not who asked, and not the end.
    let sent = || fs::read_dir(&letters).unwrap().count();
    let came = (0..6000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        sent() > before
    });
    assert!(came);
    assert_eq!(door.close().exit, 0);
    assert_eq!(sent(), before + 1);
}

#[test]
fn systemd_may_hand_the_socket_over() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let socket = UnixListener::bind(desk.door()).unwrap();
    let script = r#"exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@""#;
    let mut command = desk.shell(script, &["serve", "--socket", "/nowhere/door"]);
    command.stdin(OwnedFd::from(socket.try_clone().unwrap()));
    let door = Door::open(&desk, command);
    let path = desk.door().to_str().unwrap().to_owned();
    let asked = desk.spawn(&["verify", "alice", "--socket", &path], &codes[0]);
    assert_eq!(asked.exit, 0, "{}", asked.err);
    assert_eq!(door.close().exit, 0);
    assert!(desk.door().exists(), "it is systemd's");
}

#[test]
fn who_gave_up_has_used_nothing_up() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let door = desk.serve();
    door.kill(Signal::STOP);
    let mut gone = door.connect();
    let question = json!({"word": "verify", "user": "alice", "code": codes[0]});
    gone.send(format!("{question}\n"));
    drop(gone);
    door.kill(Signal::CONT);
    // Whoever comes next is accepted after that one.
    assert_eq!(door.connect().ask(&question)["exit"], 0);
    assert_eq!(door.close().exit, 0);
    assert_eq!(desk.json(&["user", "show", "alice"])["remaining"], 9);
    let attempts = desk.json(&["log", "verify-attempts", "--user", "alice"]);
    assert_eq!(attempts["total"], 1);
}

#[test]
fn it_ends_though_somebody_asks_without_end() {
    let desk = Desk::new().open_to_us();
    desk.issue("alice");
    let door = desk.serve();
    let mut flood = door.connect();
    flood.send("?\n".repeat(50_000));
    assert_eq!(flood.answer()["exit"], 2);
    assert_eq!(door.close().exit, 0);
}

#[test]
fn nobody_asks_or_serves_where_others_could_stand_in_for_the_door() {
    let desk = Desk::new().open_to_us();
    let codes = desk.issue("alice");
    let open = desk.home().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o1777)).unwrap();
    let socket = open.join("door");
    let stand_in = UnixListener::bind(&socket).unwrap();
    let socket = socket.to_str().unwrap();
    let refused = desk.spawn(
        &["--json", "verify", "alice", "--socket", socket],
        &codes[0],
    );
    assert_eq!(
        (refused.exit, &refused.error()["kind"]),
        (4, &json!("permission"))
    );
    stand_in.set_nonblocking(true).unwrap();
    assert!(stand_in.accept().is_err(), "nobody knocked");
    let refused = desk.spawn(&["--json", "serve", "--socket", socket], "");
    assert_eq!(
        (refused.exit, &refused.error()["kind"]),
        (4, &json!("permission"))
    );
    // A link in the place of its lock leads nowhere.
    let own = desk.home().join("own");
    fs::create_dir(&own).unwrap();
    std::os::unix::fs::symlink(desk.home().join("made"), own.join("door.lock")).unwrap();
    let socket = own.join("door");
    let refused = desk.spawn(&["serve", "--socket", socket.to_str().unwrap()], "");
    assert_eq!(refused.exit, 4);
    assert!(!desk.home().join("made").exists());
}

#[test]
fn a_yes_about_somebody_else_is_none() {
    let desk = Desk::new();
    let socket = desk.door();
    let stand_in = UnixListener::bind(&socket).unwrap();
    let yes = json!({
        "exit": 0, "accepted": true, "user": "mallory", "remaining": 9, "low": false, "temporary": false,
    });
    let answers = std::thread::spawn(move || {
        for answer in [
            yes.to_string(),
            yes.to_string().replace("mallory", "alice"),
            "{}".to_owned(),
        ] {
            let (stream, _) = stand_in.accept().unwrap();
            let mut stream = BufReader::new(stream);
            stream.read_line(&mut String::new()).unwrap();
            writeln!(stream.get_mut(), "{answer}").unwrap();
        }
    });
    let code = "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF";
    let ask = || {
        desk.spawn(
            &["verify", "alice", "--socket", socket.to_str().unwrap()],
            code,
        )
    };
    assert_eq!([ask().exit, ask().exit, ask().exit], [4, 0, 4]);
    answers.join().unwrap();
}
