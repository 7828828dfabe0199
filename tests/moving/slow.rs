//! `import csv` with hashes that were made to be slow: each code works once, and every attempt costs the same,
//! whoever is meant.

use serde_json::json;

use super::fixtures::{each_live_once_each_dead_never, verify};
use crate::harness::{Desk, Ended};

/// Codes as argon2-cffi, passlib, the bcrypt of Python and that of PHP hash them.
const HASHED: [(&str, &str); 8] = [
    (
        "Wn3bYc6Hd5",
        "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$uvwELfpG5Mdh4crtdpUFiPDZs+VObPUsqt1RFC3mnfk",
    ),
    (
        "k7Qx9m2Vt4",
        "$argon2i$v=19$m=64,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$37Rtph/cbvZVrseJfuKItFaJ6bGI+Vyy",
    ),
    (
        "s2Kd8fJ3hG",
        "$argon2d$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$PL/UtOTpsnzi3Sl1ZAG6esmJGcifNCzM+ED8O5V6whw",
    ),
    (
        "Zr8Pq2Lm5T",
        "$scrypt$ln=4,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$f4X37lyHZ/9PzlFNw59ECiN1NgsGbu5z7tPL1UG/Ark",
    ),
    (
        "aB3dE5fG7h",
        "$pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$Yz48oHaPgo.6x/24qqdyd2Hj30ZmXHgfJI8HsiTDDAc",
    ),
    (
        "Jk9Lm2Nq4R",
        "$pbkdf2-sha512$1000$MDEyMzQ1Njc4OWFiY2RlZg$5ZXCkE/S9.A3ZL348pvL3GPfjrVRJNqDxs1DEp8iZu0FPbH/PgXykmWn1gdBQHuQEjJ42vp4GUU7G3YiZbtQuQ",
    ),
    (
        "Tz6Xw8Yv3B",
        "$2b$04$izBFDXNVdYEZBqhxY2mnP.T/ooOtt9dT3WfXEo/uSKuopeTJLZg4a",
    ),
    (
        "Hn5Mp7Rs2D",
        "$2y$04$kjR2cOZ57M/iHYgEEz4Nje30AZ4xqldf6j/4EfOxwL.CTgKgSfwpe",
    ),
];

/// A list in which these users have the hashes of these codes.
fn list(of: &[(&str, &[usize])]) -> String {
    let mut list = "user,hash\n".to_owned();
    for (user, codes) in of {
        for code in *codes {
            list.push_str(&format!("{user},\"{}\"\n", HASHED[*code].1));
        }
    }
    list
}

fn import(desk: &Desk, list: &str, more: &[&str]) -> Ended {
    desk.pipe(&[&["import", "csv", "-"], more].concat(), list)
}

const ACCEPTED: [&str; 2] = ["--accept-slow", "--accept-weak"];

fn taken(desk: &Desk, list: &str) {
    let done = import(desk, list, &ACCEPTED);
    assert_eq!(done.exit, 0, "{}", done.err);
}

#[test]
fn each_code_works_once_and_no_hash_of_theirs_is_stored() {
    let desk = Desk::new();
    taken(
        &desk,
        &list(&[("alice", &[0, 1, 2, 3]), ("bob", &[4, 5, 6, 7])]),
    );
    let rows = desk.query("SELECT group_concat(hint || hash || salt) FROM codes");
    for (_, written) in HASHED {
        assert!(!rows.contains(&written[written.len() - 16..]), "{written}");
    }
    let own = |user: &str, codes: &[usize], works: bool| -> Vec<_> {
        let all = codes.iter().map(|code| HASHED[*code].0.to_owned());
        all.map(|code| (user.to_owned(), code, works)).collect()
    };
    let mut all = own("alice", &[0, 1, 2, 3], true);
    all.extend(own("bob", &[4, 5, 6, 7], true));
    all.extend(own("alice", &[4, 6], false));
    all.extend(own("bob", &[0], false));
    all.push(("alice".to_owned(), "wn3byc6hd5".to_owned(), false));
    // What is kept of a code is none.
    all.push((
        "bob".to_owned(),
        "T/ooOtt9dT3WfXEo/uSKuopeTJLZg4a".to_owned(),
        false,
    ));
    each_live_once_each_dead_never(&desk, &all);
}

#[test]
fn they_come_only_where_what_they_cost_is_accepted() {
    let desk = Desk::new();
    let list = list(&[("alice", &[0, 1, 4]), ("bob", &[1, 2])]);
    for more in [&[][..], &["--accept-weak"]] {
        let said = import(&desk, &list, &[more, &["--json"]].concat());
        assert_eq!(
            (said.exit, said.error()["kind"].as_str()),
            (3, Some("wrong_state"))
        );
        for part in [
            "the codes of 2 users",
            "costs 4 hashes more, about ",
            " ms, for everybody",
            "--accept-slow",
            "user import --generate",
        ] {
            assert!(said.err.contains(part), "{}", said.err);
        }
    }
    let said = import(&desk, &list, &["--accept-slow"]);
    assert!(
        said.exit == 3 && said.err.contains("give --accept-weak"),
        "{}",
        said.err
    );
    let said = import(&desk, &list, &["--dry-run"]);
    assert!(
        said.err.contains("come with --accept-slow alone"),
        "{}",
        said.err
    );
    let said = import(&desk, &list, &["--dry-run", "--json"]);
    assert_eq!(
        said.json()["items"],
        json!([
            {"user": "alice", "codes": 3, "weak": true, "slow": 3, "action": "added, codes come"},
            {"user": "bob", "codes": 2, "weak": true, "slow": 2, "action": "added, codes come"},
        ])
    );
    assert_eq!(desk.json(&["user", "list"])["total"], 0);
    let done = import(&desk, &list, &[&ACCEPTED[..], &["--json"]].concat()).json();
    assert_eq!([&done["codes"], &done["weak"], &done["slow"]], [5, 2, 2]);
    let is_told = |entry: &serde_json::Value| {
        let details = entry["details"].as_str().unwrap_or_default();
        details.contains("slow hashes accepted")
    };
    assert!(desk.audit().iter().any(is_told));
}

#[test]
fn they_are_told_of_until_they_are_gone() {
    let desk = Desk::new();
    let slow = |desk: &Desk| desk.json(&["status"])["codes"]["slow"].clone();
    taken(&desk, &list(&[("alice", &[0, 4]), ("bob", &[6])]));
    assert_eq!(slow(&desk), 3);
    let said = desk.run(&["status"]);
    assert!(
        said.err.contains("costs 3 hashes more for everybody"),
        "{}",
        said.err
    );
    let said = desk.run(&["check"]);
    assert!(
        said.out.contains("costs 3 hashes more for everybody"),
        "{}",
        said.out
    );
    assert_eq!(verify(&desk, "bob", HASHED[6].0), 0);
    assert_eq!(slow(&desk), 2);
    desk.issue("alice");
    assert_eq!(slow(&desk), 0);
    taken(&desk, &list(&[("carol", &[0])]));
    assert_eq!(slow(&desk), 1);
    desk.pass(90 * 86_400);
    assert_eq!(slow(&desk), 0);
    assert_eq!(verify(&desk, "carol", HASHED[0].0), 1);
}

#[test]
fn every_attempt_costs_as_many_hashes() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let desk = Desk::new()
        .with("RECOVERY_CODES_LOG_FILE", log.path().to_str().unwrap())
        .with("RECOVERY_CODES_LOG_LEVEL", "debug");
    let own = desk.issue("own");
    for user in ["off", "none"] {
        desk.say(&["user", "add", user]);
    }
    let all = list(&[("alice", &[0, 1, 2, 3]), ("bob", &[0, 4]), ("off", &[6])]);
    taken(&desk, &all);
    desk.say(&["user", "disable", "off"]);
    let hashes = || -> Vec<String> {
        let text = std::fs::read_to_string(log.path()).unwrap();
        let lines = text.lines().filter(|line| line.contains("slow hashes of"));
        lines
            .map(|line| line.split("hashes=").nth(1).unwrap_or(line).to_owned())
            .collect()
    };
    let tries = [
        ("verify", "alice", "00000000"),
        ("verify", "alice", HASHED[0].0),
        ("verify", "alice", HASHED[0].0),
        ("confirm", "bob", HASHED[4].0),
        ("verify", "bob", HASHED[2].0),
        ("verify", "off", HASHED[6].0),
        ("verify", "own", "00000000"),
        ("verify", "none", "00000000"),
        ("verify", "nobody", "00000000"),
    ];
    for (word, user, code) in tries {
        desk.pipe(&[word, user], code);
    }
    let first = hashes();
    assert_eq!(first.len(), tries.len(), "{first:?}");
    assert!(first[0].starts_with('6'), "{first:?}");
    assert!(first.iter().all(|one| *one == first[0]), "{first:?}");
    // A code of this program costs what it did.
    assert_eq!(verify(&desk, "own", &own[0]), 0);
    assert_eq!(hashes().len(), tries.len());
}

#[test]
fn a_list_may_have_both_codes_and_hashes() {
    let desk = Desk::new();
    let hash = HASHED[0].1;
    let list = format!("user,code,hash\nalice,12345678,\nalice,,\"{hash}\"\nbob,87654321,\n");
    taken(&desk, &list);
    let all = [
        ("alice", "12345678", true),
        ("alice", HASHED[0].0, true),
        ("bob", "87654321", true),
        ("bob", HASHED[0].0, false),
    ];
    let all = all.map(|(user, code, works)| (user.to_owned(), code.to_owned(), works));
    each_live_once_each_dead_never(&desk, &all);
    for (list, part) in [
        (
            format!("user,code,hash\na,12345678,\"{hash}\"\n"),
            "line 2: it has both",
        ),
        (
            "user,code,hash\na,,\n".to_owned(),
            "line 2: its code cannot be typed",
        ),
        (
            "user,hash\na,secret\n".to_owned(),
            "line 2: its hash is none that",
        ),
        (
            format!("user,hash\na,\"{}\"\n", hash.replace("m=64", "m=65537")),
            "line 2: its hash costs more",
        ),
        (
            (0..17).fold("user,hash\n".to_owned(), |list, number| {
                let salt = format!("{number:02}EyMzQ1Njc4OWFiY2RlZg");
                format!(
                    "{list}a,\"{}\"\n",
                    hash.replace("MDEyMzQ1Njc4OWFiY2RlZg", &salt)
                        .replace("uvwE", &format!("u{number:02}E"))
                )
            }),
            "a has more than 16 hashed codes",
        ),
    ] {
        let desk = Desk::new();
        let said = import(&desk, &list, &ACCEPTED);
        assert_eq!(said.exit, 2, "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(
            !said.err.contains("uvwELf") && !desk.store().exists(),
            "{}",
            said.err
        );
    }
}

#[test]
fn no_more_kinds_come_than_an_attempt_may_cost() {
    let desk = Desk::new();
    let hash = HASHED[4].1;
    let list = (0..33).fold("user,hash\n".to_owned(), |list, number| {
        let hash = hash.replace("$1000$", &format!("${}$", 1000 + number));
        let hash = hash.replace("Yz48", &format!("Y{number:02}8"));
        format!("{list}user{},\"{hash}\"\n", number / 16)
    });
    let said = import(&desk, &list, &ACCEPTED);
    assert_eq!(said.exit, 3, "{}", said.err);
    assert!(
        said.err.contains("cost 33 hashes more, and 32 is the most"),
        "{}",
        said.err
    );
    let (list, last) = list.trim_end().rsplit_once('\n').unwrap();
    taken(&desk, list);
    // What is here counts, too.
    let said = import(&desk, &format!("user,hash\n{last}\n"), &ACCEPTED);
    assert_eq!(said.exit, 3, "{}", said.err);
}

#[test]
fn a_salt_that_was_forged_denies_and_is_reported() {
    let desk = Desk::in_file();
    taken(&desk, &list(&[("alice", &[0, 6]), ("bob", &[0])]));
    let salt = |position: u32, salt: &str| {
        desk.tamper(&format!(
            "UPDATE codes SET salt = '{salt}' WHERE batch_id = 1 AND position = {position}"
        ));
    };
    let old = desk.query("SELECT salt FROM codes WHERE batch_id = 1 AND position = 1");
    for forged in [
        old.replace("m=64", "m=4194304"),
        old.replace("MDEy", "MDEz"),
        "0000".to_owned(),
    ] {
        salt(1, &forged);
        assert_eq!(verify(&desk, "alice", HASHED[0].0), 1, "{forged}");
    }
    let attempts = desk.json(&["log", "verify-attempts"]);
    assert_eq!(attempts["items"][0]["outcome"], "forged");
    let forged = desk
        .audit()
        .into_iter()
        .filter(|entry| entry["action"] == "store.forged");
    assert_eq!(forged.count(), 1);
    assert_eq!(desk.run(&["check", "--deep"]).exit, 1);
    salt(1, &old);
    assert_eq!(verify(&desk, "alice", HASHED[0].0), 0);
    // What everybody's attempts cost can be changed, within bounds, and lets nobody in.
    for slow in [
        "99999999$argon2id$v=19$m=64,t=1,p=1$32",
        "1$argon2id$v=19$m=4194304,t=1000,p=1$32",
        "16$2b$04$23 16$scrypt$ln=4,r=8,p=1$32 16$pbkdf2-sha256$i=1000$32",
    ] {
        desk.tamper(&format!("UPDATE batches SET slow = '{slow}' WHERE id = 2"));
        assert_eq!(desk.json(&["status"])["codes"]["slow"], 2, "{slow}");
    }
}
