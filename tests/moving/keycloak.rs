//! `import keycloak`: recovery codes of Keycloak go on working, each once.

use serde_json::{Value, json};

use super::fixtures::{codes, each_live_once_each_dead_never, import, live, path, verify};
use crate::harness::Desk;

#[test]
fn each_code_that_works_there_works_here_once() {
    let desk = Desk::new();
    let said = import(&desk, &["keycloak", &path("keycloak.json")]);
    assert!(said.err.contains("browser flow"), "{}", said.err);
    each_live_once_each_dead_never(&desk, &codes("keycloak"));
}

#[test]
fn codes_are_typed_as_people_type_them() {
    let desk = Desk::new();
    import(&desk, &["keycloak", &path("keycloak.json")]);
    let own = live("keycloak", "alice");
    let dashed = |code: &str| format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..]);
    for typed in [
        own[0].to_lowercase(),
        dashed(&own[1]),
        dashed(&own[2]).replace('-', " "),
        format!(" {}\r\n", own[3]),
        format!("{}\0", own[4]),
    ] {
        assert_eq!(verify(&desk, "alice@example.org", &typed), 0, "{typed}");
    }
    // The digest itself opens nothing.
    let digest = desk.query("SELECT hint FROM codes WHERE position = 7 LIMIT 1");
    assert_eq!(verify(&desk, "alice", &digest), 1);
}

fn export(change: impl FnOnce(&mut Value)) -> String {
    let text = std::fs::read_to_string(path("keycloak.json")).unwrap();
    let mut export = serde_json::from_str(&text).unwrap();
    change(&mut export);
    export.to_string()
}

#[test]
fn several_realms_are_read_from_one_file() {
    let desk = Desk::new();
    let one = export(|_| {});
    let other = r#"{"realm":"empty","users":[]}"#;
    let said = desk.pipe(
        &["import", "keycloak", "-", "--accept-weak", "--json"],
        format!("[{other},{one}]"),
    );
    assert_eq!(said.json()["codes"], 22, "{}", said.err);
}

#[test]
fn what_is_hashed_otherwise_is_refused() {
    let data = |data: Value| {
        export(|export| {
            export["users"][1]["credentials"][1]["credentialData"] = json!(data.to_string())
        })
    };
    let secret = |codes: Value| {
        export(|export| {
            export["users"][1]["credentials"][1]["secretData"] = json!(codes.to_string())
        })
    };
    for (text, part) in [
        (
            data(json!({"algorithm": "SHA-1"})),
            "user 2: its codes are hashed in a way",
        ),
        (
            data(json!({"algorithm": "SHA-512", "hashIterations": 2})),
            "user 2: its codes are hashed in a way",
        ),
        (
            secret(json!({"codes": [{"number": 1, "encodedHashedValue": "c2hvcnQ="}]})),
            "user 2: one of its codes is no digest",
        ),
        (secret(json!({})), "user 2: it is not as Keycloak"),
        (
            export(|export| export["users"][1]["credentials"][1]["secretData"] = Value::Null),
            "export users with credentials",
        ),
        ("[1]".to_owned(), "not the JSON"),
        (String::new(), "not the JSON"),
    ] {
        let desk = Desk::new();
        let said = desk.pipe(&["import", "keycloak", "-", "--accept-weak"], text);
        assert_eq!(said.exit, 2, "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(!desk.store().exists());
    }
}
