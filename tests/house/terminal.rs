//! At a real terminal: prompts, colours, and the width of tables.

use std::process::Command;

use rexpect::process::WaitStatus;
use rexpect::session::{Options, PtySession, spawn_with_options};

use crate::harness::Desk;
use crate::harness::asking::with_json;

/// Long enough for a machine under load; nothing waits for its end unless something is wrong.
const PATIENCE: u64 = 30_000;

/// The real program at a terminal of its own that echoes what is typed.
fn at_terminal(desk: &Desk, columns: u16, args: &[&str]) -> PtySession {
    let program = desk.process(args);
    let mut shell = Command::new("/bin/sh");
    shell
        .arg("-c")
        .arg(format!(
            "stty echo cols {columns} rows 50; exec \"$0\" \"$@\""
        ))
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear()
        .env("TERM", "xterm-256color")
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    spawn_with_options(shell, Options::new().timeout_ms(Some(PATIENCE))).unwrap()
}

/// Everything it says until its end, and how it ends.
fn rest(mut session: PtySession) -> (String, i32) {
    let said = session.exp_eof().unwrap();
    match session.process().wait().unwrap() {
        WaitStatus::Exited(_, exit) => (said, exit),
        other => panic!("{other:?}"),
    }
}

/// Types only when the program has stopped the echo, as a person would after the prompt.
fn type_hidden(session: &mut PtySession, text: &str) {
    for _ in 0..1000 {
        let terminal = session.process().get_file_handle().unwrap();
        let state = Command::new("stty")
            .arg("-a")
            .stdin(terminal)
            .output()
            .unwrap();
        if String::from_utf8_lossy(&state.stdout).contains(" -echo ") {
            session.send_line(text).unwrap();
            return;
        }
    }
    panic!("the echo was never stopped");
}

#[test]
fn a_code_is_asked_for_and_not_shown() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let mut session = at_terminal(&desk, 80, &["verify", "alice"]);
    let prompt = session.exp_string("Code for alice").unwrap();
    type_hidden(&mut session, &codes[0]);
    let (said, exit) = rest(session);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("Accepted. 9 codes are left."), "{said}");
    let all = format!("{prompt}{said}");
    assert!(
        !codes[0].split('-').any(|group| all.contains(group)),
        "{all}"
    );
    let mut session = at_terminal(&desk, 80, &["verify", "alice"]);
    session.exp_string("Code for alice").unwrap();
    type_hidden(&mut session, &codes[0]);
    let (said, exit) = rest(session);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("Not accepted."), "{said}");
}

#[test]
fn a_code_may_be_confirmed_at_the_prompt() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    let mut session = at_terminal(&desk, 80, &["confirm", "alice"]);
    session.exp_string("Code for alice").unwrap();
    type_hidden(&mut session, &codes[3].replace('-', " ")[1..]);
    session.exp_string("the first group has 5, not 6").unwrap();
    type_hidden(&mut session, &"uuuuuu ".repeat(6));
    let again = "the same again is tried.";
    session.exp_string(again).unwrap();
    type_hidden(&mut session, &"uuuuuu ".repeat(6));
    let (said, exit) = rest(session);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("Not accepted."), "{said}");
    let mut session = at_terminal(&desk, 80, &["confirm", "alice"]);
    session.exp_string("Code for alice").unwrap();
    type_hidden(&mut session, &codes[3]);
    let (said, exit) = rest(session);
    assert_eq!(exit, 0, "{said}");
    assert!(said.contains("the code was not used up."), "{said}");
}

#[test]
fn a_destructive_word_names_the_consequence_and_no_leaves_everything() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    for code in &codes[..3] {
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 0);
    }
    let batch = desk.active_batch("alice");
    let consequence = format!(
        "alice has 7 unused codes in batch {}; they stop working. Go on?",
        &batch[..8]
    );
    desk.pass(60);
    for args in [
        ["batch", "delete", &*batch].as_slice(),
        &["generate", "alice"],
    ] {
        for answer in ["n", ""] {
            let mut session = at_terminal(&desk, 120, args);
            session.exp_string(&consequence).unwrap();
            session.exp_string("[y/N]").unwrap();
            session.send_line(answer).unwrap();
            let (said, exit) = rest(session);
            assert_eq!(exit, 3, "{answer}: {said}");
            assert!(said.contains("nothing was changed"), "{said}");
        }
    }
    assert_eq!(desk.json(&["user", "show", "alice"])["remaining"], 7);
    let mut session = at_terminal(&desk, 120, &["batch", "delete", &batch]);
    session.exp_string("[y/N]").unwrap();
    session.send_line("y").unwrap();
    let (said, exit) = rest(session);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(desk.json(&["user", "show", "alice"])["remaining"], 0);
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let desk = Desk::in_file();
    desk.issue("alice");
    let red = "\u{1b}[31;1merror:\u{1b}[0m";
    let wrong = ["user", "show", "nobody"];
    let said = |desk: &Desk, args: &[&str]| rest(at_terminal(desk, 80, args)).0;
    assert!(said(&desk, &wrong).contains(red));
    let never = [&wrong[..], &["--color", "never"]].concat();
    assert!(!said(&desk, &never).contains('\u{1b}'));
    assert!(said(&desk, &["status"]).contains("\u{1b}[1mUsers\u{1b}[0m"));
    // Without a terminal only on demand.
    assert!(!desk.spawn(&wrong, "").err.contains('\u{1b}'));
    let always = [&wrong[..], &["--color", "always"]].concat();
    assert!(desk.spawn(&always, "").err.contains(red));
    let desk = desk.with("NO_COLOR", "1");
    for args in [wrong.as_slice(), &["status"], &["user", "list"]] {
        assert!(!said(&desk, args).contains('\u{1b}'), "{args:?}");
    }
    assert!(said(&desk, &always).contains(red));
    let desk = desk.with("NO_COLOR", "").with("TERM", "dumb");
    assert!(!said(&desk, &wrong).contains('\u{1b}'));
}

#[test]
fn a_table_is_as_wide_as_the_terminal() {
    let desk = Desk::in_file();
    let email = format!("{}@example.org", "long".repeat(16));
    desk.say(&["user", "add", "alice", "--email", &email]);
    let whole = |columns| {
        rest(at_terminal(&desk, columns, &["user", "list"]))
            .0
            .contains(&email)
    };
    // Where a table would have to break the address, it is shown in a record.
    assert!(whole(80) && whole(180) && whole(40));
    let is_table = |columns| {
        let shown = rest(at_terminal(&desk, columns, &["user", "list"])).0;
        shown
            .lines()
            .any(|line| line.starts_with("User ") && line.contains("E-mail"))
    };
    assert_eq!([40, 80, 180].map(is_table), [false, false, true]);
}

/// A desk whose texts are as long as they may be.
fn wordy() -> Desk {
    let desk = Desk::in_file();
    let name = "long name ".repeat(15);
    let name = name.trim();
    let email = format!("{}@{}.org", "l".repeat(64), "d".repeat(100));
    desk.say(&["user", "add", name, "--email", &email]);
    let codes = desk.issue_with(name, &["--expires-in", "1y", "--actor", &"a".repeat(150)]);
    desk.pass(60);
    assert_eq!(desk.pipe(&["verify", name], &codes[0]).exit, 0);
    desk.issue_with(name, &["--reason", &"because of it ".repeat(30)]);
    desk.pass(60);
    desk.issue_with(name, &["--pending"]);
    for number in 0..5 {
        desk.pipe(&["verify", &format!("unknown{number}")], "a".repeat(36));
        desk.pipe(&["verify", name], "a".repeat(36));
    }
    desk
}

/// Everything that shows rows or details of the one user of a desk.
fn shown(desk: &Desk) -> Vec<Vec<String>> {
    let list = desk.json(&["user", "list"]);
    let name = list["items"][0]["user"].as_str().unwrap().to_owned();
    let batch = list["items"][0]["batch"].as_str().unwrap().to_owned();
    let codes = desk.json(&["code", "list", "--", &name]);
    let hint = codes["items"][0]["hint"].as_str().unwrap().to_owned();
    let words = [
        "check",
        "status",
        "config show",
        "user list",
        "batch list",
        "limit list",
        "log audit",
        "log verify-attempts",
    ];
    let mut all: Vec<Vec<String>> = words
        .iter()
        .map(|word| word.split(' ').map(str::to_owned).collect())
        .collect();
    for word in [
        "user show",
        "code list",
        "history",
        "limit show",
        "batch list",
    ] {
        let mut args: Vec<String> = word.split(' ').map(str::to_owned).collect();
        args.extend(["--".to_owned(), name.clone()]);
        all.push(args);
    }
    all.push(vec!["batch".into(), "show".into(), batch]);
    all.push(vec!["code".into(), "show".into(), "--".into(), name, hint]);
    all
}

#[test]
fn no_table_is_wider_than_the_terminal_or_eighty_columns() {
    let mut desk = wordy();
    let mut widest = 0;
    for width in [None, Some(80_u16), Some(200)] {
        if let Some(columns) = width {
            desk = desk.with_width(columns);
        }
        for args in shown(&desk) {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            for line in desk.run(&args).out.lines() {
                let columns = plain(line).chars().count();
                widest = widest.max(columns);
                let most = usize::from(width.unwrap_or(80));
                // Only a word that is longer by itself.
                let value = line.trim().rsplit("  ").next().unwrap();
                let fits = columns <= most || !value.contains(' ') || args[0] == "check";
                assert!(fits, "{width:?} {args:?}: {line}");
            }
        }
    }
    assert!(widest > 150, "a wide terminal is used: {widest}");
}

/// The line without its colours.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn whatever_the_store_holds_the_terminal_obeys_none_of_it() {
    let desk = Desk::in_file();
    let codes = desk.issue("alice");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.pipe(&["verify", "nobody"], &codes[0]);
    let evil = "a' || char(27) || '[2J' || char(7, 8, 13, 10, 127, 155, 8238, 8203) || 'b";
    desk.tamper(&format!(
        "DROP TRIGGER audit_is_never_changed;
         PRAGMA ignore_check_constraints = ON;
         UPDATE users SET name = '{evil}', email = '{evil}', email_folded = '{evil}';
         UPDATE batches SET created_by = '{evil}', ended_by = '{evil}';
         UPDATE codes SET hint = '{evil}' WHERE position = 2;
         UPDATE attempts SET user = '{evil}', hint = '{evil}', actor = '{evil}';
         UPDATE audit SET actor = '{evil}', reason = '{evil}', user = '{evil}', hint = '{evil}',
                          details = '{evil}', batch = '{evil}';"
    ));
    let name = "a\u{1b}[2J\u{7}\u{8}\r\n\u{7f}\u{9b}\u{202e}\u{200b}b";
    assert_eq!(desk.json(&["user", "list"])["items"][0]["user"], name);
    let batch = desk.query("SELECT name FROM batches");
    for args in [
        ["status"].as_slice(),
        &["user", "list"],
        &["batch", "list"],
        &["batch", "show", &batch],
        &["limit", "list"],
        &["log", "audit"],
        &["log", "verify-attempts"],
        &["batch", "delete", &batch],
        &["batch", "delete", &batch, "--yes"],
    ] {
        let ended = desk.run(args);
        for text in [&ended.out, &ended.err] {
            let obeyed = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}".contains(c);
            assert!(!text.contains(obeyed), "{args:?}: {text:?}");
        }
        // A line of its own could pretend to be the program's.
        assert!(!ended.out.lines().any(|line| line.starts_with("\\u{7f}")));
        let json = desk.run(&with_json(args));
        assert!(!json.out.contains('\u{1b}'), "{args:?}: {}", json.out);
    }
    let wide = desk.with_width(500);
    assert!(
        wide.run(&["log", "audit"])
            .out
            .contains("a\\u{1b}[2J\\u{7}\\u{8}\\u{d}\\n")
    );
}

#[test]
fn failed_tasks_are_cleared_after_a_yes_at_the_prompt() {
    let desk = Desk::in_file();
    desk.say(&["init"]);
    desk.tamper(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)
         INSERT INTO tasks (kind, subject, state, created_at, due_at) SELECT 'purge', 'x', 'failed', 1, 1 FROM n",
    );
    let flush = ["task", "flush", "--failed"];
    for (answer, want) in [("n", 3), ("", 3), ("y", 0)] {
        let mut session = at_terminal(&desk, 80, &flush);
        session
            .exp_string("Are you sure you want to clear failed tasks? [y/N]")
            .unwrap();
        session.send_line(answer).unwrap();
        let (said, exit) = rest(session);
        assert_eq!(exit, want, "{said}");
        assert_eq!(
            said.contains("Cleared 3 failed tasks."),
            want == 0,
            "{said}"
        );
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM tasks"), "0");
}

#[test]
fn a_bar_shows_how_far_an_import_has_come() {
    for (option, is_seen) in [("--verbose", true), ("--json", false), ("--quiet", false)] {
        let desk = Desk::in_file();
        let names: String = (0..12).map(|number| format!("user{number}\n")).collect();
        let list = desk.home().join("people.csv");
        std::fs::write(&list, format!("name\n{names}")).unwrap();
        let sheets = desk.home().join("sheets");
        let import = [
            "user",
            "import",
            list.to_str().unwrap(),
            "--generate",
            "--sheets",
            sheets.to_str().unwrap(),
            option,
        ];
        let (said, exit) = rest(at_terminal(&desk, 80, &import));
        assert_eq!(exit, 0, "{said}");
        assert_eq!(said.contains(" of 12, "), is_seen, "{said}");
        assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "12");
    }
}

#[test]
fn the_list_of_tasks_is_watched_until_it_is_interrupted() {
    let desk = Desk::in_file();
    desk.say(&["init"]);
    let task = "INSERT INTO tasks (kind, subject, state, created_at, due_at) VALUES ('purge', ";
    desk.tamper(&format!("{task} 'first', 'failed', 1, 1)"));
    let mut session = at_terminal(&desk, 100, &["task", "list", "--watch"]);
    session.exp_string("\u{1b}[H\u{1b}[2J").unwrap();
    session.exp_string("Ctrl-C ends").unwrap();
    session.exp_string("purge: first").unwrap();
    // What comes later is seen without being asked for again.
    desk.tamper(&format!("{task} 'second', 'failed', 1, 1)"));
    session.exp_string("purge: second").unwrap();
    session.send_control('c').unwrap();
    let (said, exit) = rest(session);
    assert_eq!(exit, 0, "{said}");
    for args in [
        ["task", "list", "--watch"].as_slice(),
        &["--json", "task", "list", "--watch"],
    ] {
        assert_eq!(desk.spawn(args, "").exit, 2, "{args:?}");
    }
    desk.refuses(&["task", "list", "--watch"], 2, "usage");
}
