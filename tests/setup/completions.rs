//! `completions`, and what the shell offers when it asks the program itself.

use std::fs;

use crate::harness::{Desk, asking::hint, ended};

#[test]
fn each_shell_gets_the_script_that_lies_in_the_directory() {
    let desk = Desk::in_file();
    for (shell, file) in [
        ("bash", "recovery-codes.bash"),
        ("zsh", "_recovery-codes"),
        ("fish", "recovery-codes.fish"),
        ("powershell", "_recovery-codes.ps1"),
        ("elvish", "recovery-codes.elv"),
    ] {
        let path = format!("{}/completions/{file}", env!("CARGO_MANIFEST_DIR"));
        let script = fs::read_to_string(path).unwrap();
        let text = desk.say(&["completions", shell]);
        assert_eq!(text.out.trim_end(), script.trim_end(), "{shell}");
        assert_eq!(text.err, "");
        let json = desk.json(&["completions", shell]);
        assert_eq!(json["shell"], shell);
        assert_eq!(json["script"], script);
    }
    assert_eq!(desk.run(&["completions", "tcsh"]).exit, 2);
    assert_eq!(desk.run(&["completions"]).exit, 2);
    assert!(!desk.store().exists());
}

/// What bash is offered for the last of these words.
fn offered(desk: &Desk, words: &[&str]) -> Vec<String> {
    let mut args = vec!["--", "recovery-codes"];
    args.extend(words);
    let mut command = desk.process(&args);
    command
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "false")
        .env("_CLAP_IFS", "\n");
    let ended = ended(command.output().unwrap());
    assert_eq!((ended.exit, ended.err.as_str()), (0, ""), "{words:?}");
    ended.lines()
}

#[test]
fn words_and_options_are_offered_without_a_store() {
    let desk = Desk::in_file();
    assert_eq!(offered(&desk, &["ver"]), ["verify"]);
    assert_eq!(offered(&desk, &["user", "en"]), ["enable"]);
    assert_eq!(
        offered(&desk, &["user", "list", "--codes", ""]),
        [
            "none",
            "low",
            "expiring",
            "unconfirmed",
            "undelivered",
            "outdated"
        ]
    );
    assert!(offered(&desk, &["generate", "--ex"]).contains(&"--expires-in".to_owned()));
    assert!(!offered(&desk, &["verify", "al"]).contains(&"alice".to_owned()));
    assert!(!desk.store().exists());
}

#[test]
fn names_ids_and_hints_are_offered_from_the_store() {
    let desk = Desk::in_file();
    let alice = desk.issue_with("alice", &["--count", "3"]);
    let bob = desk.issue_with("bob", &["--count", "3"]);
    desk.say(&["user", "add", "alina"]);
    let short = |user| desk.active_batch(user)[..8].to_owned();
    for words in [
        ["verify", "al"].as_slice(),
        &["user", "show", "al"],
        &["code", "list", "al"],
        &["log", "audit", "--user", "al"],
    ] {
        assert_eq!(offered(&desk, words), ["alice", "alina"], "{words:?}");
    }
    let id = short("bob");
    assert_eq!(offered(&desk, &["batch", "show", &id[..4]]), [&*id]);
    let ids = offered(&desk, &["batch", "delete", ""]);
    assert!(
        ids.contains(&short("alice")) && ids.contains(&id),
        "{ids:?}"
    );
    let hints = offered(&desk, &["code", "show", "alice", ""]);
    for (mine, theirs) in alice.iter().zip(&bob) {
        assert!(hints.iter().any(|offer| offer == hint(mine)), "{hints:?}");
        assert!(
            !hints.iter().any(|offer| offer == hint(theirs)),
            "{hints:?}"
        );
        assert!(!hints.iter().any(|offer| offer.contains(&mine[7..])));
    }
}

#[test]
fn what_was_typed_finds_one_of_many() {
    let desk = Desk::in_file();
    desk.say(&["init"]);
    desk.query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         INSERT INTO users (name, state, created_at) SELECT 'a' || i, 'active', 0 FROM n
         RETURNING 1",
    );
    desk.say(&["user", "add", "zoe_%"]);
    desk.say(&["user", "add", "zoe_x"]);
    assert_eq!(offered(&desk, &["verify", "zoe_%"]), ["zoe_%"]);
    assert_eq!(offered(&desk, &["verify", "a"]).len(), 200);
}

#[test]
fn a_store_named_in_the_configuration_is_asked() {
    let desk = Desk::in_file();
    let store = desk.home().join("else.db");
    fs::create_dir_all(desk.config().parent().unwrap()).unwrap();
    fs::write(desk.config(), format!("store = {store:?}\n")).unwrap();
    desk.say(&["user", "add", "alice"]);
    assert!(store.exists());
    assert_eq!(offered(&desk, &["verify", "a"]), ["alice"]);
}

#[test]
fn the_store_that_the_line_names_is_the_one_that_is_asked() {
    let (desk, other) = (Desk::in_file(), Desk::in_file());
    desk.say(&["user", "add", "alice"]);
    other.say(&["user", "add", "alfred"]);
    let store = other.store().to_str().unwrap().to_owned();
    let joined = format!("--store={store}");
    std::os::unix::fs::symlink(&store, desk.home().join("other.db")).unwrap();
    fs::write(desk.home().join("c.toml"), format!("store = '{store}'")).unwrap();
    let config = desk.home().join("c.toml").to_str().unwrap().to_owned();
    for words in [
        ["--store", &store, "verify", "al"].as_slice(),
        &["verify", &joined, "al"],
        &["verify", "--store", "~/other.db", "al"],
        &["--config", &config, "verify", "al"],
    ] {
        assert_eq!(offered(&desk, words), ["alfred"], "{words:?}");
    }
    assert_eq!(offered(&desk, &["verify", "al"]), ["alice"]);
}

#[test]
fn a_damaged_store_offers_nothing_and_says_nothing() {
    let desk = Desk::in_file();
    desk.issue("alice");
    fs::write(desk.store(), "no store").unwrap();
    assert!(!offered(&desk, &["verify", "a"]).contains(&"alice".to_owned()));
}

#[test]
fn the_shell_is_told_how_to_ask() {
    let desk = Desk::in_file();
    for shell in ["bash", "zsh", "fish"] {
        let mut command = desk.process(&[]);
        let ended = ended(command.env("COMPLETE", shell).output().unwrap());
        assert_eq!(ended.exit, 0, "{}", ended.err);
        assert!(ended.out.contains("recovery-codes"), "{}", ended.out);
    }
}

/// What bash itself makes of a line, whose words it takes apart at equals signs.
fn in_bash(desk: &Desk, words: &str, current: &str) -> Vec<String> {
    let script = format!(
        "source <(COMPLETE=bash \"$0\"); COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_TYPE=9
         _clap_complete_recovery_codes recovery-codes '{current}' x; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let mut command = desk.process(&[]);
    let program = command.get_program().to_owned();
    command = {
        let mut bash = std::process::Command::new("bash");
        bash.args(["-c", &script]).arg(program).envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))),
        );
        bash
    };
    let ended = ended(command.output().unwrap());
    assert_eq!(ended.err, "", "{words}");
    ended.lines()
}

#[test]
fn bash_keeps_an_option_with_its_value() {
    let desk = Desk::in_file();
    desk.say(&["user", "add", "alice"]);
    let store = desk.store();
    let store = store.to_str().unwrap();
    let empty = desk.home().join("empty.db");
    let empty = empty.to_str().unwrap();
    for (line, current, wanted) in [
        (
            format!("recovery-codes --store = {store} verify al"),
            "al",
            "alice",
        ),
        (
            format!("recovery-codes --store {store} verify al"),
            "al",
            "alice",
        ),
        ("recovery-codes verify al".to_owned(), "al", "alice"),
        (
            format!("recovery-codes --store = {empty} verify al"),
            "al",
            "",
        ),
        (
            "recovery-codes user list --state = di".to_owned(),
            "di",
            "disabled",
        ),
        (
            "recovery-codes --color = ne verify".to_owned(),
            "verify",
            "verify",
        ),
    ] {
        assert_eq!(in_bash(&desk, &line, current), [wanted], "{line}");
    }
    let all = in_bash(&desk, "recovery-codes user list --state =", "");
    assert_eq!(all, ["active", "disabled"]);
}
