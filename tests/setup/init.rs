//! `init`: makes store, key and configuration, and says what was there already.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::harness::Desk;

#[test]
fn it_says_what_it_made_and_then_what_was_there() {
    let desk = Desk::in_file();
    let first = desk.say(&["init"]);
    assert_eq!(first.out, "");
    let said: Vec<&str> = first.err.lines().collect();
    assert_eq!(said.len(), 3);
    assert!(said[0].starts_with("Made a key at ") && said[0].contains("Keep a copy"));
    assert_eq!(
        said[1],
        format!("Made a store at {}.", desk.store().display())
    );
    assert_eq!(
        said[2],
        format!("Made a configuration file at {}.", desk.config().display())
    );
    let before = fs::read(desk.config()).unwrap();
    let second = desk.say(&["init"]);
    assert_eq!(second.err.matches("was there already.").count(), 3);
    assert!(!second.err.contains("Made"));
    assert_eq!(fs::read(desk.config()).unwrap(), before);
    assert_eq!(desk.deeds(), 1);
    desk.assert_sound();
}

#[test]
fn in_json_it_names_the_paths_and_what_is_new() {
    let desk = Desk::in_file();
    let path = |path: std::path::PathBuf| path.display().to_string();
    let document = |is_new: bool| {
        json!({
            "store": path(desk.store()), "store_created": is_new, "store_sealed": false,
            "keys": path(desk.keys()), "keys_created": is_new,
            "config": path(desk.config()), "config_created": is_new,
        })
    };
    assert_eq!(desk.json(&["init"]), document(true));
    assert_eq!(desk.json(&["init"]), document(false));
}

#[test]
fn nobody_else_can_read_what_it_makes() {
    let desk = Desk::in_file();
    desk.say(&["init"]);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for path in [desk.store(), desk.keys(), desk.config()] {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
    }
}

#[test]
fn it_records_who_made_the_store_and_why() {
    let desk = Desk::in_file();
    desk.say(&["init", "--actor", "root", "--reason", "first day"]);
    assert_eq!(
        desk.last_deed(),
        json!(["store.created", null, null, null, "root", "first day"])
    );
}

#[test]
fn it_makes_only_what_is_missing() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let made = desk.json(&["init"]);
    assert_eq!(
        [
            &made["store_created"],
            &made["keys_created"],
            &made["config_created"]
        ],
        [false, false, true]
    );
    assert_eq!(desk.json(&["user", "list"])["total"], 1);
}

#[test]
fn a_store_elsewhere_is_made_there() {
    let desk = Desk::in_file();
    let store = desk.home().join("else/where/s.db");
    let config = desk.home().join("conf/c.toml");
    let (store, config) = (store.to_str().unwrap(), config.to_str().unwrap());
    desk.say(&["init", "--store", store, "--config", config]);
    assert!(!desk.store().exists() && !desk.keys().exists());
    assert!(desk.home().join("conf/keys.toml").exists());
    desk.say(&["--store", store, "--config", config, "user", "add", "alice"]);
    assert_eq!(
        desk.json(&["--store", store, "--config", config, "user", "list"])["total"],
        1
    );
}

#[test]
fn a_store_whose_key_is_gone_gets_no_new_key() {
    let desk = Desk::in_file();
    desk.issue("alice");
    fs::remove_file(desk.keys()).unwrap();
    let said = desk.refuses(&["init"], 4, "missing_key");
    assert!(said.contains("a new key would not fit its codes"), "{said}");
    assert!(!desk.keys().exists());
}

#[test]
fn quiet_says_nothing() {
    let ended = Desk::in_file().say(&["init", "-q"]);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("", ""));
}
