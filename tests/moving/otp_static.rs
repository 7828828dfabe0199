//! `import otp-static`: static tokens of django-otp go on working, each once.

use serde_json::{Value, json};

use super::fixtures::{codes, each_live_once_each_dead_never, import, live, path, verify};
use crate::harness::Desk;

#[test]
fn each_token_that_works_there_works_here_once() {
    let desk = Desk::new();
    let said = import(&desk, &["otp-static", &path("otp-static.json")]);
    assert!(said.err.contains("INSTALLED_APPS"), "{}", said.err);
    assert!(said.err.contains("plaintext: remove"), "{}", said.err);
    let entries = desk.audit();
    let said: Vec<_> = entries[..2].iter().map(|entry| &entry["details"]).collect();
    assert_eq!(
        said,
        [
            "in all 8 codes of 2 users, from otp-static, weak codes accepted",
            "5 codes, weak, from otp-static"
        ]
    );
    assert!(
        entries[..2]
            .iter()
            .all(|entry| entry["action"] == "batch.imported")
    );
    let shown = desk.json(&["user", "show", "alice"]);
    assert_eq!(shown["email"], "alice@example.org");
    assert_eq!(shown["active_batch"]["imported_from"], "otp-static");
    assert_eq!(shown["active_batch"]["weak"], true);
    for who in ["carol", "dora"] {
        assert_eq!(desk.run(&["user", "show", who]).exit, 3, "{who}");
    }
    each_live_once_each_dead_never(&desk, &codes("otp-static"));
}

#[test]
fn the_database_of_the_site_says_the_same_as_a_dump_and_stays_as_it_is() {
    let desk = Desk::new();
    let file = desk.home().join("site.sqlite3");
    let site = rusqlite::Connection::open(&file).unwrap();
    site.execute_batch(include_str!("../fixtures/moving/otp-static.sql"))
        .unwrap();
    let before = std::fs::read(&file).unwrap();
    let name = file.to_str().unwrap();
    let said = import(&desk, &["otp-static", name, "--json"]).json();
    assert_eq!([&said["imported"], &said["codes"]], [&json!(2), &json!(8)]);
    each_live_once_each_dead_never(&desk, &codes("otp-static"));
    let again = import(&desk, &["otp-static", &path("otp-static.json"), "--json"]).json();
    assert_eq!(again["imported"], 0, "they are the same codes");
    assert!(std::fs::read(&file).unwrap() == before);
    site.execute_batch("PRAGMA foreign_keys = OFF; DROP TABLE otp_static_staticdevice")
        .unwrap();
    let refused = Desk::new().run(&["import", "otp-static", name, "--accept-weak"]);
    assert_eq!(refused.exit, 2);
    assert!(
        refused.err.contains("no tables of static tokens"),
        "{}",
        refused.err
    );
}

#[test]
fn no_token_stands_in_the_store() {
    let desk = Desk::new();
    import(&desk, &["otp-static", &path("otp-static.json")]);
    let file = std::fs::read(desk.store()).unwrap();
    let rows = desk.query("SELECT group_concat(hint || hash) FROM codes");
    for (_, code, _) in codes("otp-static") {
        assert!(!file.windows(code.len()).any(|text| text == code.as_bytes()));
        assert!(!rows.contains(&code));
    }
    // Two users with the same token have nothing in common here.
    let desk = Desk::new();
    let list = "user,code\nalice,12345678\nbob,12345678\n";
    desk.pipe(&["import", "csv", "-", "--accept-weak"], list);
    assert_eq!(desk.query("SELECT COUNT(DISTINCT hint) FROM codes"), "2");
    assert_eq!(
        desk.query("SELECT COUNT(*) FROM codes WHERE salt IS NOT NULL"),
        "0"
    );
}

#[test]
fn the_same_dump_brings_nothing_back() {
    let desk = Desk::new();
    let file = path("otp-static.json");
    import(&desk, &["otp-static", &file]);
    let code = &live("otp-static", "alice")[0];
    assert_eq!(verify(&desk, "alice", code), 0);
    let again = import(&desk, &["otp-static", &file, "--json"]).json();
    assert_eq!(
        [&again["imported"], &again["skipped"]],
        [&json!(0), &json!(3)]
    );
    desk.run(&["user", "remove", "alice", "--yes"]);
    let again = import(&desk, &["otp-static", &file, "--json"]).json();
    assert_eq!(again["imported"], 0);
    let told = desk.run(&["import", "otp-static", &file, "--dry-run"]);
    assert!(told.out.contains("these codes came before"), "{}", told.out);
}

#[test]
fn what_is_wrong_is_named_and_nothing_changes() {
    let user = |pk: u64, name: &str| {
        json!({"model": "auth.user", "pk": pk, "fields": {
        "password": "x", "username": name, "email": "", "is_active": true}})
    };
    let device = json!({"model": "otp_static.staticdevice", "pk": 1, "fields": {"user": 1, "confirmed": true}});
    let token = |token: Value, device: u64| json!({"model": "otp_static.statictoken", "pk": 1, "fields": {"token": token, "device": device}});
    let own = "ABCDEF-GHJKMN-PQRSTV-WXYZ23-456789-ABCDEF";
    let cases = [
        (json!("{"), "not the JSON"),
        (
            json!([user(1, "a"), device, token(json!(7), 1)]),
            "record 3: it is not as django-otp",
        ),
        (
            json!([user(1, "a"), device, token(json!("short"), 1)]),
            "record 3: its code cannot be typed",
        ),
        (
            json!([user(1, "a"), device, token(json!(own), 1)]),
            "record 3: its code has the form",
        ),
        (
            json!([user(1, "a"), device, token(json!("abcdefgh"), 2)]),
            "record 3: the dump does not hold the device",
        ),
        (
            json!([device, token(json!("abcdefgh"), 1)]),
            "record 2: the dump does not hold the user",
        ),
        (
            json!([user(1, " odd"), device, token(json!("abcdefgh"), 1)]),
            "record 1: ' odd' is not a user name",
        ),
    ];
    for (dump, part) in cases {
        let desk = Desk::new();
        let text = dump
            .as_str()
            .map_or_else(|| dump.to_string(), str::to_owned);
        let said = desk.pipe(&["import", "otp-static", "-", "--accept-weak"], text);
        assert_eq!(said.exit, 2, "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(
            said.err.contains("hint: nothing was changed"),
            "{}",
            said.err
        );
        assert!(
            !said.err.contains("abcdefgh") && !said.err.contains("GHJKMN"),
            "{}",
            said.err
        );
        assert!(!desk.store().exists());
    }
    let said = Desk::new().run(&["import", "otp-static", "/nowhere"]);
    assert_eq!(said.exit, 4);
    assert!(
        said.err.contains("name a file that is there"),
        "{}",
        said.err
    );
}
