//! `import csv`: codes from a list go on working, each once.

use std::process::Command;

use serde_json::json;

use super::fixtures::{each_live_once_each_dead_never, verify};
use crate::harness::asking::with_json;
use crate::harness::{Desk, ended};

const LIST: &str = "user,email,code\nalice,alice@example.org,k7-Qx9#m2Vt4p8Zr\nalice,,Wn3bYc6Hd5Jf1Lg0\nbob,,s2Kd8fJ3hG6aQ9wE\n";

fn import(desk: &Desk, list: &str, more: &[&str]) -> crate::harness::Ended {
    desk.pipe(&[&["import", "csv", "-"], more].concat(), list)
}

#[test]
fn each_code_works_once() {
    let desk = Desk::new();
    let done = import(&desk, LIST, &["--json"]);
    assert_eq!(
        done.json(),
        json!({"added": 2, "imported": 2, "codes": 3, "weak": 0, "slow": 0, "skipped": 0, "dead": 0, "left": 0, "refused": [], "refused_more": 0}),
        "{}",
        done.err
    );
    // Strong codes do not expire by themselves, and nobody is told to replace them.
    let shown = desk.json(&["user", "show", "alice"]);
    assert_eq!(shown["active_batch"]["expires_at"], json!(null));
    assert_eq!(desk.json(&["status"])["codes"]["weak"], 0);
    let all = [
        ("alice", "k7Qx9#m2Vt4p8Zr", true),
        ("alice", "wn3byc6hd5jf1lg0", false),
        ("alice", "Wn3bYc6Hd5Jf1Lg0", true),
        ("alice", "s2Kd8fJ3hG6aQ9wE", false),
        ("bob", "s2Kd8fJ3hG6aQ9wE", true),
    ];
    let all = all.map(|(user, code, works)| (user.to_owned(), code.to_owned(), works));
    each_live_once_each_dead_never(&desk, &all);
}

#[test]
fn every_line_that_is_wrong_is_named() {
    let desk = Desk::new();
    for (list, parts) in [
        ("", vec!["columns user and code"]),
        ("user,token\n", vec!["columns user and code"]),
        (
            "user,code\nalice,short\nbob,ünicode-code\ncarol\nd,Ab3dEf-gHjKmn-pQrStu-vWxYz2-345678-9AbCdE\n",
            vec![
                "line 2: its code cannot be typed",
                "line 3: its code cannot",
                "line 4: it has 1 cells",
                "line 5: its code has the form",
            ],
        ),
        (
            "user,hash\nalice,\"$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA\"\n",
            vec!["line 2: its hash is none that"],
        ),
        (
            "user,email,code\na,a@b.org,abcdefgh\na,c@d.org,hgfedcba\n",
            vec!["line 3: its user has another address"],
        ),
        (
            "user,email,code\na,a@b.org,abcdefgh\nb,A@b.org,hgfedcba\n",
            vec!["b has the address"],
        ),
    ] {
        let said = import(&desk, list, &["--accept-weak"]);
        assert_eq!(said.exit, 2, "{}", said.err);
        for part in parts {
            assert!(said.err.contains(part), "{}", said.err);
        }
        assert!(
            !said.err.contains("gHjKmn") && !said.err.contains("c2FsdA"),
            "{}",
            said.err
        );
        assert!(!desk.store().exists());
    }
}

#[test]
fn a_code_that_stands_there_twice_is_one() {
    let desk = Desk::new();
    let list = "user,code\na,abcd-efgh\na,abcdefgh\n";
    let done = import(&desk, list, &["--accept-weak", "--json"]).json();
    assert_eq!([&done["codes"], &done["dead"]], [1, 1]);
    assert_eq!(verify(&desk, "a", "abcdefgh"), 0);
    assert_eq!(verify(&desk, "a", "abcdefgh"), 1);
}

#[test]
fn of_many_at_once_one_is_let_in() {
    let desk = Desk::new();
    import(&desk, LIST, &[]);
    let all = desk.race(&[(&["verify", "bob"][..], "s2Kd8fJ3hG6aQ9wE"); 8]);
    assert_eq!(all.iter().filter(|ended| ended.exit == 0).count(), 1);
    desk.assert_sound();
}

#[test]
fn who_has_codes_here_keeps_them() {
    let desk = Desk::new();
    let own = desk.issue("alice");
    let done = import(&desk, LIST, &["--without-shared-emails", "--json"]);
    // The address of the list is not that of the user.
    assert_eq!(done.exit, 3, "{}", done.err);
    let list = LIST.replace("alice@example.org", "");
    let done = import(&desk, &list, &["--json"]).json();
    assert_eq!([&done["imported"], &done["skipped"]], [1, 1]);
    assert_eq!(verify(&desk, "alice", "Wn3bYc6Hd5Jf1Lg0"), 1);
    assert_eq!(verify(&desk, "alice", &own[0]), 0);
    // A code of ours is read as one of ours.
    assert_eq!(verify(&desk, "bob", &own[1]), 1);
}

#[test]
fn killed_it_goes_on_with_the_next() {
    let desk = Desk::new().with("RECOVERY_CODES_HASH_MEMORY_KIB", "1024");
    desk.say(&["init"]);
    let code = |user: u32, number: u32| format!("Wn3bYc6Hd5Jf{user:03}{number}");
    let lines = (1..=60).flat_map(|user| (0..4).map(move |number| (user, number)));
    let lines: String = lines
        .map(|(user, number)| format!("user{user},{}\n", code(user, number)))
        .collect();
    let list = desk.home().join("codes.csv");
    std::fs::write(&list, format!("user,code\n{lines}")).unwrap();
    let args = ["import", "csv", list.to_str().unwrap(), "--jobs", "1"];
    let number = || {
        desk.query("SELECT COUNT(*) FROM batches")
            .parse::<u64>()
            .unwrap()
    };
    let mut child = desk.process(&with_json(&args)).spawn().unwrap();
    while number() == 0 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it began"
        );
    }
    let kill = ["-s", "TERM", &child.id().to_string()];
    assert!(Command::new("kill").args(kill).status().unwrap().success());
    let done = ended(child.wait_with_output().unwrap());
    assert_eq!(
        (done.exit, done.error()["kind"].as_str()),
        (4, Some("interrupted"))
    );
    assert_eq!(done.json()["left"], 60 - number());
    assert!(number() < 60, "it was not interrupted");
    desk.say(&args);
    assert_eq!(number(), 60);
    for user in [1, 31, 60] {
        assert_eq!(verify(&desk, &format!("user{user}"), &code(user, 3)), 0);
    }
    desk.assert_sound();
}
