//! `import privacyidea`: TANs of privacyIDEA go on working, each once.

use super::fixtures::{codes, each_live_once_each_dead_never, import, live, path, verify};
use crate::harness::Desk;

#[test]
fn each_tan_that_works_there_works_here_once() {
    for file in ["privacyidea.jsonl", "privacyidea.json"] {
        let desk = Desk::new();
        let said = import(&desk, &["privacyidea", &path(file)]);
        assert!(said.err.contains("tokentype=tan disable"), "{}", said.err);
        assert_eq!(desk.run(&["user", "show", "carol"]).exit, 3);
        each_live_once_each_dead_never(&desk, &codes("privacyidea"));
    }
}

#[test]
fn no_digest_of_theirs_stands_in_the_store() {
    let desk = Desk::new();
    let file = path("privacyidea.jsonl");
    import(&desk, &["privacyidea", &file]);
    let text = std::fs::read_to_string(&file).unwrap();
    let rows = desk.query("SELECT group_concat(hint || hash) FROM codes");
    let mut digests = 0;
    for digest in text
        .split('"')
        .filter_map(|word| word.split_once(':'))
        .map(|(_, digest)| digest)
    {
        if digest.len() == 64 {
            assert!(!rows.contains(&digest[..16]));
            digests += 1;
        }
    }
    assert_eq!(digests, 13);
}

#[test]
fn what_is_over_there_is_over_here() {
    let text = std::fs::read_to_string(path("privacyidea.jsonl")).unwrap();
    let alice = text.lines().next().unwrap();
    for (with, codes) in [
        (
            r#""info": {"validity_period_end": "2026-09-01T00:00+0000","#,
            0,
        ),
        (
            r#""info": {"validity_period_start": "2031-09-01T00:00+0000","#,
            0,
        ),
        (r#""revoked": true, "info": {"#, 0),
        (r#""locked": true, "info": {"#, 0),
        (r#""active": false, "info": {"#, 0),
        (
            r#""info": {"validity_period_end": "2026-10-01T00:00+0000","#,
            5,
        ),
    ] {
        let desk = Desk::new();
        let token = alice.replacen(r#""info": {"#, with, 1);
        let said = desk.pipe(
            &["import", "privacyidea", "-", "--accept-weak", "--json"],
            token,
        );
        assert_eq!(said.exit, 0, "{}", said.err);
        let said = said.json();
        assert_eq!(said["codes"], codes, "{with}");
        assert_eq!(said["dead"], 5 - codes, "{with}");
        if codes > 0 {
            let shown = desk.json(&["user", "show", "alice"]);
            assert_eq!(shown["active_batch"]["expires_at"], "2026-10-01T00:00:00Z");
        }
    }
    for (tan, part) in [
        ("00", "token 1: it is not as privacyIDEA"),
        ("00:11", "token 1: one of its codes is no digest"),
    ] {
        let desk = Desk::new();
        let mut token: serde_json::Value = serde_json::from_str(alice).unwrap();
        token["info"]["tan.tan0"] = tan.into();
        let said = desk.pipe(&["import", "privacyidea", "-"], token.to_string());
        assert_eq!(said.exit, 2, "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(!desk.store().exists());
    }
}

#[test]
fn tans_outlive_the_key_and_the_name_they_came_with() {
    let desk = Desk::new();
    import(&desk, &["privacyidea", &path("privacyidea.jsonl")]);
    let own = live("privacyidea", "alice");
    let old = desk.json(&["key", "list"])["items"][0]["key"]
        .as_str()
        .unwrap()
        .to_owned();
    desk.pass(60);
    desk.say(&["key", "rotate"]);
    assert_eq!(verify(&desk, "alice", &own[0]), 0);
    desk.say(&["user", "edit", "alice", "--name", "alicia"]);
    assert_eq!(verify(&desk, "alicia", &own[1]), 0);
    let copy = desk.home().join("copy.db");
    desk.say(&["backup", copy.to_str().unwrap()]);
    desk.say(&["restore", copy.to_str().unwrap(), "--yes", "--trust-codes"]);
    assert_eq!(verify(&desk, "alicia", &own[2]), 0);
    assert_eq!(verify(&desk, "alicia", &own[0]), 1);
    // What was restored may be from before an import.
    let again = desk.pipe(&["import", "csv", "-"], "user,code\nzoe,Wn3bYc6Hd5Jf1Lg0\n");
    assert_eq!(again.exit, 3, "{}", again.err);
    assert!(again.err.contains("--trust-codes"), "{}", again.err);
    desk.assert_sound();
    // Without the key they came with, a right code is not called wrong.
    // A key that live codes need is not retired; and where it is lost, a right code is not called wrong.
    let said = desk.run(&["key", "retire", &old, "--yes"]);
    assert!(
        said.err.contains("live codes of alicia, bob"),
        "{}",
        said.err
    );
    let file = std::fs::read_to_string(desk.keys()).unwrap();
    let (begin, lost) = file.split_once(&format!("[keys.{old}]")).unwrap();
    let behind = lost.find("\n[").map_or("", |at| &lost[at..]);
    std::fs::write(desk.keys(), format!("{begin}{behind}")).unwrap();
    let said = desk.pipe(&["verify", "alicia", "--json"], &own[3]);
    let kind = said.error()["kind"].clone();
    assert_eq!(
        (said.exit, kind.as_str()),
        (4, Some("missing_key")),
        "{}",
        said.err
    );
}
