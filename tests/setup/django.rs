//! A site with Django lets in with the example, in the place of `django_auth_recovery_codes`.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::callers::{example, needed, program};
use crate::harness::{Desk, Ended, feed};

/// A code by its looks, but nobody's.
const NOBODYS: &str = "abcdef-abcdef-abcdef-abcdef-abcdef-abcdef";

const NO: &str = "The address and the code do not let you in.";

/// These people log in at a new site, one after the other: whom the site takes each for, and what
/// it said to them; and how the site ended.
#[track_caller]
fn log_in(way: [&str; 2], people: &[Value]) -> (Vec<(Option<String>, String)>, Ended) {
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/django/site.py");
    let mut command = Command::new(needed("/usr/bin/python3"));
    let package = "/usr/lib/python3/dist-packages/django";
    needed(package);
    let places = [example("python"), example("django")];
    command
        .arg(fixture)
        .arg(example("django"))
        .args(way)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONPATH", std::env::join_paths(places).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let lines: String = people.iter().map(|person| format!("{person}\n")).collect();
    let ended = feed(command, lines);
    assert_eq!(ended.exit, 0, "{}", ended.err);
    let read = |line: &str| {
        let page: Value = serde_json::from_str(line).unwrap();
        let user = page["user"].as_str().map(str::to_owned);
        // A login leads on, and everything else stays or is forbidden.
        assert_eq!(page["status"] == 302, user.is_some(), "{line}");
        let said: Vec<&str> = page["said"]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap())
            .collect();
        (user, said.join(" "))
    };
    let pages = ended.out.lines().map(read).collect();
    (pages, ended)
}

fn person(name: &str, code: &str) -> Value {
    json!({"email": format!("{name}@example.org"), "code": code})
}

/// How many codes of this user work.
fn left(desk: &Desk, user: &str) -> Value {
    desk.run(&["user", "show", user, "--json"]).json()["remaining"].clone()
}

/// People log in at a site that asks there.
#[track_caller]
fn a_site_lets_in(desk: &Desk, option: &str, place: &Path) {
    let way = [option, place.to_str().unwrap()];
    let (alices, bobs, erins) = (desk.issue("alice"), desk.issue("bob"), desk.issue("erin"));
    let twins = desk.issue("twin");
    let edited = desk.run(&["user", "edit", "alice", "--email", "alice@example.org"]);
    assert_eq!(edited.exit, 0, "{}", edited.err);

    let without_token = json!({"email": "bob@example.org", "code": bobs[0], "token": false});
    let (alice, bob) = (Some("alice"), Some("bob"));
    let tries = [
        (
            person("alice", &alices[0]),
            alice,
            "codes that are left: 9.",
        ),
        (person("alice", &alices[0]), None, NO),
        (
            person("ALICE", &format!(" {}\n", alices[1])),
            alice,
            "left: 8.",
        ),
        (person("nobody", &alices[2]), None, NO),
        (person("bob", &alices[2]), None, NO),
        (person("twins", &twins[0]), None, NO),
        (person("erin", &erins[0]), None, NO),
        (
            person("alice", "abc"),
            None,
            "This cannot be a code: it has 3 letters",
        ),
        (without_token, None, ""),
        (person("bob", &bobs[0]), bob, "left: 9."),
        // The name of this account is alice's address to the program.
        (person("mallory", &alices[2]), None, NO),
    ];
    let people: Vec<Value> = tries.iter().map(|(person, ..)| person.clone()).collect();
    let (pages, ended) = log_in(way, &people);
    assert_eq!(pages.len(), tries.len());
    for ((page, said), (person, user, say)) in pages.iter().zip(&tries) {
        assert_eq!(page.as_deref(), *user, "{person}: {said}");
        assert!(said.contains(say), "{person}: {said}");
    }
    assert_eq!([left(desk, "erin"), left(desk, "twin")], [10, 10]);
    assert_eq!(left(desk, "alice"), 7);
    // Neither what it logs nor what Django tells others has a code.
    for code in alices.iter().chain(&bobs).chain(&erins).chain(&twins) {
        assert!(!ended.err.contains(code), "{}", ended.err);
    }
    assert!(ended.err.contains("failed with"), "{}", ended.err);

    let (pages, _) = log_in(way, &vec![person("bob", NOBODYS); 6]);
    assert_eq!(pages[0], (None, NO.to_owned()));
    let (user, said) = &pages[5];
    assert_eq!(*user, None);
    assert!(said.starts_with("Too many attempts. Wait "), "{said}");
    let elsewhere = json!({"email": "bob@example.org", "code": bobs[1], "from": "198.51.100.9"});
    let (pages, _) = log_in(way, &[person("bob", &bobs[1]), elsewhere]);
    assert!(
        pages[0].1.starts_with("Too many attempts. Wait "),
        "{pages:?}"
    );
    assert_eq!(pages[1].0.as_deref(), Some("bob"), "{pages:?}");

    let (pages, ended) = log_in([option, "/nowhere"], &[person("bob", &bobs[2])]);
    assert_eq!(pages[0].0, None);
    assert!(
        pages[0].1.starts_with("Codes cannot be checked now."),
        "{pages:?}"
    );
    assert!(
        ended.err.contains("Recovery codes cannot be checked: "),
        "{ended:?}"
    );
    desk.assert_sound();
}

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn a_site_with_django_lets_in_whom_the_program_lets_in() {
    let desk = Desk::in_file();
    a_site_lets_in(&desk, "program", &program(&desk));
}

#[test]
#[ignore = "needs packages of Debian's: .ci/run starts it"]
fn a_site_with_django_lets_in_whom_the_door_lets_in() {
    let desk = Desk::in_file().open_to_us();
    assert_eq!(desk.run(&["init"]).exit, 0);
    let door = desk.serve();
    a_site_lets_in(&desk, "socket", &desk.door());
    assert_eq!(door.close().exit, 0);
}
