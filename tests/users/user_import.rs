//! `user import`: many users from a list, all of them or nobody, as often as wanted.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::asking::{column, with_json};
use crate::harness::{Desk, Ended, ended};

/// Imports what stands on standard input.
fn import(desk: &Desk, list: impl AsRef<[u8]>, more: &[&str]) -> Ended {
    desk.pipe(&[&["user", "import", "-"], more].concat(), list)
}

/// The same with `--json`, which must end with 0.
#[track_caller]
fn imported(desk: &Desk, list: impl AsRef<[u8]>, more: &[&str]) -> Value {
    let done = desk.pipe(&with_json(&[&["user", "import", "-"], more].concat()), list);
    assert_eq!((done.exit, done.err.as_str()), (0, ""), "{}", done.out);
    done.json()
}

/// A list of `user0`, `user1` and so on.
fn list(users: usize) -> String {
    let lines = (0..users).map(|number| format!("user{number},u{number}@example.org\n"));
    std::iter::once("name,email\n".to_owned())
        .chain(lines)
        .collect()
}

/// Names and addresses in the store.
fn people(desk: &Desk) -> BTreeMap<String, Value> {
    let all = desk.json(&["user", "list", "--per-page", "1000"]);
    let items = all["items"].as_array().unwrap();
    items
        .iter()
        .map(|user| {
            (
                user["user"].as_str().unwrap().to_owned(),
                user["email"].clone(),
            )
        })
        .collect()
}

/// The code that stands first on a sheet.
fn code_on(sheet: &str) -> &str {
    sheet
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .find(|word| word.len() == 41)
        .unwrap()
}

#[test]
fn a_list_is_added_and_a_second_time_nothing_changes() {
    let desk = Desk::new();
    let file = desk.home().join("people.csv");
    // As a spreadsheet writes it.
    let text = "\u{feff}Email,Name\r\nAlice@Example.org,alice\r\n,\"Smith, \"\"Bob\"\"\"\r\n\r\n";
    fs::write(&file, text).unwrap();
    let args = ["user", "import", file.to_str().unwrap()];
    let said = desk.say(&args);
    assert_eq!(said.out, "");
    assert!(said.err.starts_with("Added 2 users.\n"), "{}", said.err);
    assert!(said.err.contains("Made a store at "), "{}", said.err);
    let expected = [
        ("Smith, \"Bob\"", Value::Null),
        ("alice", json!("Alice@Example.org")),
    ];
    assert_eq!(
        people(&desk),
        expected
            .map(|(name, email)| (name.to_owned(), email))
            .into()
    );
    let deed = &desk.audit()[1];
    assert_eq!(
        [&deed["action"], &deed["user"], &deed["details"]],
        ["user.added", "alice", "e-mail Alice@Example.org"]
    );
    let deeds = desk.deeds();
    assert_eq!(desk.say(&args).err, "Added nobody; 2 are there already.\n");
    assert_eq!(
        desk.json(&args),
        json!({
            "disabled": 0, "kept_disabled": 0, "encoding": "UTF-8", "separator": ",", "ignored": [],
            "added": 0, "existing": 2, "generated": 0, "skipped": 0, "queued": 0, "left": 0,
            "sheets": null, "failed": [], "refused": [], "refused_more": 0,
        })
    );
    // The case of an address does not matter, and none given says nothing about it.
    let other = imported(&desk, "name,email\nalice,alice@EXAMPLE.org\ncarol,\n", &[]);
    assert_eq!(
        [&other["added"], &other["existing"]],
        [&json!(1), &json!(1)]
    );
    assert_eq!(imported(&desk, "name\nalice\n", &[])["existing"], 1);
    assert_eq!(desk.deeds(), deeds + 1);
    desk.assert_sound();
}

#[test]
fn with_one_wrong_line_nobody_is_added_and_each_is_named() {
    let desk = Desk::new();
    let wrong = "name,email\nalice,\nbob,nowhere\n,\nalice,x@y.org\n";
    let said = import(&desk, wrong, &[]);
    assert_eq!((said.exit, said.out.as_str()), (2, ""));
    assert_eq!(
        said.err,
        "line 3: 'nowhere' is not an e-mail address\n\
         line 4: '' is not a user name: it is empty\n\
         line 5: the name alice stands in line 2 too\n\
         error: 3 lines cannot be imported: line 3: 'nowhere' is not an e-mail address\n\
         hint: nothing was changed; write it like alice@example.org\n"
    );
    let said = import(&desk, wrong, &["--json"]);
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (2, Some("malformed_email"))
    );
    assert_eq!(said.json()["added"], 0);
    assert_eq!(
        said.json()["refused"][2],
        json!({"line": 5, "kind": "usage", "message": "the name alice stands in line 2 too"})
    );
    // A person gets no flood.
    let many = format!("name\n{}", " \n".repeat(25));
    let said = import(&desk, &many, &[]);
    assert_eq!(
        said.err
            .lines()
            .filter(|line| line.starts_with("line "))
            .count(),
        20
    );
    assert!(said.err.contains("\nand 5 more lines\n"), "{}", said.err);
    let all = import(&desk, &many, &["--json"]).json();
    assert_eq!(all["refused"].as_array().unwrap().len(), 25);
    assert!(!desk.store().exists());
    assert_eq!(fs::read_dir(desk.home()).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_no_list_is_refused() {
    let desk = Desk::new();
    desk.say(&["init"]);
    for (list, part) in [
        (&b""[..], "there is nothing to import"),
        (b"alice\n", "no column of names or addresses among 'alice'"),
        (b"phone,room\n1,2\n", "among 'phone', 'room'"),
        (b"\xFF\xFEx\0", "among 'x'"),
    ] {
        let said = import(&desk, list, &[]);
        assert_eq!((said.exit, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains(part), "{}", said.err);
        assert!(
            said.err
                .contains("hint: nothing was changed; the first line")
        );
    }
    let said = import(&desk, vec![b'\n'; (32 << 20) + 1], &[]);
    assert_eq!(said.exit, 2);
    assert!(said.err.contains("larger than 32 MiB"), "{}", said.err);
    let missing = desk.refuses(&["user", "import", "/nowhere/people.csv"], 4, "io");
    assert!(
        missing.contains("hint: name a file that is there"),
        "{missing}"
    );
    desk.refuses(&["user", "import", "/"], 4, "io");
}

#[test]
fn who_is_there_is_never_changed_and_nobody_takes_their_place() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    desk.say(&["user", "add", "bob"]);
    desk.say(&["user", "add", "carol@example.org"]);
    let deeds = desk.deeds();
    let conflicts = "name,email\nnew,\nalice,other@example.org\nbob,bob@example.org\n\
                     dora,ALICE@example.org\nerna,carol@example.org\n";
    let said = import(&desk, conflicts, &["--json"]);
    assert_eq!(
        (said.exit, said.error()["kind"].as_str()),
        (3, Some("user_exists"))
    );
    let hint = said.error()["hint"].as_str().unwrap().to_owned();
    assert!(
        hint.contains("`recovery-codes user edit --email ADDR alice`"),
        "{hint}"
    );
    let refused = said.json()["refused"].clone();
    let refused: Vec<_> = refused
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["line"].as_u64().unwrap(),
                line["kind"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let refused: Vec<_> = refused
        .iter()
        .map(|(line, kind)| (*line, kind.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            (3, "user_exists"),
            (4, "user_exists"),
            (5, "email_taken"),
            (6, "email_taken"),
        ]
    );
    let said = import(&desk, "name\nalice@example.org\n", &[]);
    assert_eq!(said.exit, 3);
    assert!(
        said.err.contains("e-mail address of the user alice"),
        "{}",
        said.err
    );
    assert_eq!(desk.deeds(), deeds);
    assert_eq!(people(&desk).len(), 3);
}

#[test]
fn users_who_share_an_address_are_added_without_it_where_that_is_wanted() {
    let desk = Desk::new();
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    let list = "name,email\nalice,alice@example.org\nbob,b@example.org\ncarol,B@example.org\n\
                dora,dora@example.org\n";
    let said = import(&desk, list, &[]);
    assert_eq!(said.exit, 2);
    let both = "line 4: carol has the address B@example.org of bob in line 3";
    assert!(said.err.contains(both), "{}", said.err);
    assert!(said.err.contains("--without-shared-emails"), "{}", said.err);
    let taken = "name,email\nerin,ALICE@example.org\n";
    let said = import(&desk, taken, &[]);
    let both = "erin has an address of another user: ALICE@example.org belongs to the user alice";
    assert!(said.err.contains(both), "{}", said.err);
    for list in [list, taken] {
        imported(&desk, list, &["--without-shared-emails"]);
        let again = imported(&desk, list, &["--without-shared-emails"]);
        assert_eq!(again["added"], 0);
    }
    let emails: Vec<_> = people(&desk).into_values().collect();
    let own = |name: &str| json!(format!("{name}@example.org"));
    let none = json!(null);
    assert_eq!(
        emails,
        [own("alice"), none.clone(), none.clone(), own("dora"), none]
    );
}

#[test]
fn everybody_without_codes_gets_a_sheet_once() {
    let desk = Desk::new();
    let old = desk.issue("old");
    desk.say(&["generate", "waiting", "--create-user", "--pending"]);
    desk.say(&["user", "add", "off"]);
    desk.say(&["user", "disable", "off"]);
    desk.say(&["user", "add", "bare"]);
    let sheets = desk.home().join("out/sheets");
    let list = "name\nold\nwaiting\noff\nbare\nnew\na/b\n";
    let nowhere = import(&desk, list, &["--generate"]);
    assert_eq!(nowhere.exit, 2);
    assert!(
        nowhere.err.contains("hint: name a directory with --sheets"),
        "{}",
        nowhere.err
    );
    assert_eq!(people(&desk).len(), 4);
    for lonely in [
        &["--sheets", "x"][..],
        &["--jobs", "2"],
        &["--email"],
        &["--format", "txt"],
    ] {
        assert_eq!(import(&desk, list, lonely).exit, 2, "{lonely:?}");
    }
    for jobs in ["0", "257", "-1", "x"] {
        assert_eq!(
            import(&desk, list, &["--generate", "--email", "--jobs", jobs]).exit,
            2
        );
    }
    let more = [
        "--generate",
        "--sheets",
        sheets.to_str().unwrap(),
        "--jobs",
        "3",
    ];
    assert_eq!(
        imported(&desk, list, &more),
        json!({
            "disabled": 0, "kept_disabled": 0, "encoding": "UTF-8", "separator": ",", "ignored": [],
            "added": 2, "existing": 4, "generated": 3, "skipped": 3, "queued": 0, "left": 0,
            "sheets": sheets.to_str().unwrap(), "failed": [], "refused": [], "refused_more": 0,
        })
    );
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&sheets), mode(sheets.parent().unwrap())),
        (0o700, 0o700)
    );
    let mut names = Vec::new();
    for entry in fs::read_dir(&sheets).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600);
        names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, ["a%2Fb.txt", "bare.txt", "new.txt"]);
    let sheet = fs::read_to_string(sheets.join("bare.txt")).unwrap();
    assert_eq!(desk.pipe(&["verify", "bare"], code_on(&sheet)).exit, 0);
    assert_eq!(desk.pipe(&["verify", "old"], &old[0]).exit, 0);
    let deeds = desk.deeds();
    let said = import(&desk, list, &more);
    assert_eq!(
        (said.exit, said.err.as_str()),
        (
            0,
            "Added nobody; 6 are there already.\n\
             Issued codes to nobody; 6 have some or are disabled.\n"
        )
    );
    assert_eq!(desk.deeds(), deeds);
    assert_eq!(fs::read_to_string(sheets.join("bare.txt")).unwrap(), sheet);
    desk.assert_sound();
}

#[test]
fn codes_are_mailed_to_those_who_have_an_address() {
    let desk = Desk::new()
        .with("RECOVERY_CODES_MAIL_BACKEND", "file")
        .with("RECOVERY_CODES_MAIL_NOTIFY", "")
        .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org");
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    let more = ["--generate", "--email"];
    let said = import(
        &desk,
        "name,email\nalice,\nbob,\ncarol,c@example.org\n",
        &more,
    );
    assert_eq!(said.exit, 3);
    assert!(
        said.err.contains("line 3: bob has no e-mail address"),
        "{}",
        said.err
    );
    assert_eq!(people(&desk).len(), 1);
    let done = imported(&desk, "name,email\nalice,\ncarol,c@example.org\n", &more);
    assert_eq!([&done["added"], &done["generated"]], [&json!(1), &json!(2)]);
    let mail = fs::read_dir(desk.store().with_file_name("mail")).unwrap();
    assert_eq!(mail.count(), 2);
    let unset = Desk::new();
    assert_eq!(import(&unset, "name,email\na,a@b.org\n", &more).exit, 4);
    assert_eq!(unset.json(&["user", "list"])["total"], 0);
}

#[test]
fn a_code_that_stands_in_a_list_is_not_written_down() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    for list in [
        format!("name,email\n{},\n", codes[0]),
        format!("name,email\nbob,{}\n", codes[0]),
        format!("{}\n", codes[0]),
    ] {
        for json in [&[][..], &["--json"]] {
            let said = import(&desk, &list, json);
            assert_eq!(said.exit, 2);
            let said = said.out + &said.err;
            assert!(!said.contains(&codes[0][7..13]), "{said}");
        }
    }
}

#[test]
fn two_imports_at_once_add_everybody_once() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let file = desk.home().join("people.csv");
    fs::write(&file, list(450)).unwrap();
    let sheets = desk.home().join("sheets");
    let args = ["user", "import", file.to_str().unwrap(), "--json"];
    let with_codes = [
        &args[..],
        &["--generate", "--sheets", sheets.to_str().unwrap()],
    ]
    .concat();
    let runs = desk.race(&[(&args, ""), (&args, ""), (&args, "")]);
    let sum = |runs: &[Ended], field: &str| -> u64 {
        runs.iter()
            .map(|run| {
                assert_eq!(run.exit, 0, "{}", run.err);
                run.json()[field].as_u64().unwrap()
            })
            .sum()
    };
    assert_eq!((sum(&runs, "added"), sum(&runs, "existing")), (450, 900));
    fs::write(&file, list(12)).unwrap();
    let runs = desk.race(&[(&with_codes, ""), (&with_codes, "")]);
    assert_eq!(sum(&runs, "generated"), 12);
    assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "12");
    // Whoever lost has not put their sheet over that of the winner.
    for number in 0..12 {
        let sheet = fs::read_to_string(sheets.join(format!("user{number}.txt"))).unwrap();
        let verify = ["verify", &format!("user{number}")];
        assert_eq!(desk.pipe(&verify, code_on(&sheet)).exit, 0);
    }
    desk.assert_sound();
}

#[test]
fn whoever_gets_codes_meanwhile_is_not_left() {
    let desk = Desk::new();
    desk.issue("other");
    desk.add("bare");
    let sheets = desk.home().join("sheets");
    let to = ["--generate", "--sheets", sheets.to_str().unwrap(), "--json"];
    let file = desk.home().join("people.csv");
    fs::write(&file, "name\nbare\n").unwrap();
    let mut store = rusqlite::Connection::open(desk.store()).unwrap();
    let held = store
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .unwrap();
    let args = [&["user", "import", file.to_str().unwrap()], &to[..]].concat();
    let mut child = desk.process(&args).spawn().unwrap();
    // It is made when the plan stands.
    while !sheets.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it did not wait");
    }
    let give = "UPDATE batches SET user_id = (SELECT id FROM users WHERE name = 'bare')";
    held.execute(give, []).unwrap();
    held.commit().unwrap();
    let done = ended(child.wait_with_output().unwrap());
    assert_eq!((done.exit, done.err.as_str()), (0, ""));
    let said = done.json();
    let counts = ["generated", "skipped", "left"].map(|field| said[field].as_u64().unwrap());
    assert_eq!(counts, [0, 1, 0]);
    assert_eq!(fs::read_dir(&sheets).unwrap().count(), 0);
}

#[test]
fn however_it_is_interrupted_the_next_goes_on() {
    let desk = Desk::new();
    desk.say(&["init"]);
    let file = desk.home().join("people.csv");
    fs::write(&file, list(100)).unwrap();
    let sheets = desk.home().join("sheets");
    let args = [
        "user",
        "import",
        file.to_str().unwrap(),
        "--generate",
        "--sheets",
        sheets.to_str().unwrap(),
        "--json",
    ];
    let number = |sql: &str| desk.query(sql).parse::<u64>().unwrap();
    for name in ["INT", "TERM", "KILL"] {
        let before = number("SELECT COUNT(*) FROM batches");
        let mut child = desk.process(&args).spawn().unwrap();
        while number("SELECT COUNT(*) FROM batches") == before {
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended before it began"
            );
        }
        let kill = ["-s", name, &child.id().to_string()];
        assert!(Command::new("kill").args(kill).status().unwrap().success());
        let done = ended(child.wait_with_output().unwrap());
        let issued = number("SELECT COUNT(*) FROM batches");
        assert!(issued < 100, "it was not interrupted");
        if name == "KILL" {
            assert_eq!(done.exit, 255);
        } else {
            assert_eq!(
                (done.exit, done.error()["kind"].as_str()),
                (4, Some("interrupted"))
            );
            let said = done.json();
            assert_eq!(said["generated"], issued - before);
            assert_eq!(said["left"], 100 - issued);
        }
    }
    assert_eq!(desk.json(&args)["left"], 0);
    assert_eq!(number("SELECT COUNT(*) FROM batches"), 100);
    for number in (0..100).step_by(9) {
        let sheet = fs::read_to_string(sheets.join(format!("user{number}.txt"))).unwrap();
        let verify = ["verify", &format!("user{number}")];
        assert_eq!(desk.pipe(&verify, code_on(&sheet)).exit, 0);
    }
    desk.assert_sound();
}

/// Pieces of which lists are made, and of which they are not.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::sample::select(vec![
            "name",
            "email",
            "name,email\n",
            ",",
            "\n",
            "\r\n",
            "\r",
            "\"",
            "\"\"",
            "alice",
            "bob",
            "a@b.org",
            " ",
            "\u{feff}",
            "\u{202e}",
            "\0",
            ";",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 120,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_stands_in_a_file_it_is_imported_or_refused(
        has_header in any::<bool>(),
        pieces in prop::collection::vec(piece(), 0..12),
    ) {
        let desk = Desk::new();
        let mut list = if has_header { b"name,email\n".to_vec() } else { Vec::new() };
        list.extend(pieces.concat());
        let said = import(&desk, &list, &["--json"]);
        if said.exit == 0 {
            prop_assert_eq!(said.json()["added"].as_u64().unwrap(), people(&desk).len() as u64);
        } else {
            prop_assert_eq!(said.exit, 2, "{}", said.err);
            prop_assert!(!said.error()["message"].as_str().unwrap().is_empty());
            prop_assert!(said.error()["hint"].is_string());
            prop_assert!(!desk.store().exists());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_name_there_can_be_comes_through(
        names in prop::collection::btree_map("[a-z\"',;=@ \u{e4}\u{674e}\u{1f600}-]{0,12}[\"',;=@\u{674e}x]", any::<bool>(), 1..20),
    ) {
        let desk = Desk::new();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["email", "name"]).unwrap();
        let mut expected = BTreeMap::new();
        for (number, (name, has_email)) in names.iter().enumerate() {
            let name = name.trim();
            let email = if *has_email { format!("{number}@example.org") } else { String::new() };
            if expected.contains_key(name) {
                continue;
            }
            writer.write_record([&email, name]).unwrap();
            let email = if *has_email { json!(email) } else { Value::Null };
            expected.insert(name.to_owned(), email);
        }
        let done = imported(&desk, writer.into_inner().unwrap(), &[]);
        prop_assert_eq!(done["added"].as_u64().unwrap(), expected.len() as u64);
        prop_assert_eq!(people(&desk), expected);
    }
}

#[test]
fn names_stand_in_the_list_as_they_were_given() {
    // In a hand-written list a space behind a comma is part of the cell, and is said to be.
    let desk = Desk::new();
    let said = import(&desk, "email,name\na@b.org, alice\n", &[]);
    assert_eq!(said.exit, 2);
    assert!(
        said.err.contains("begins or ends with a space"),
        "{}",
        said.err
    );
    imported(&desk, "name\nZoe\u{301}\n", &[]);
    assert_eq!(column(&desk.json(&["user", "list"]), "user"), ["Zo\u{e9}"]);
}

/// What another program writes is read; where nobody writes, nobody is waited for.
#[test]
fn a_list_may_come_through_a_pipe() {
    let desk = Desk::new();
    let read = ["--json", "user", "import"];
    let script = "exec 3<&0; { cat <&3; } | \"$0\" --json user import /dev/stdin";
    let mut command = desk.shell(script, &[]);
    command.stdin(std::fs::File::open("tests/harness/people.csv").unwrap());
    let ended = crate::harness::ended(command.output().unwrap());
    assert_eq!(ended.exit, 0, "{}", ended.err);
    assert!(ended.json()["added"].as_u64().unwrap() > 0);
    let pipe = desk.home().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let ended = desk.spawn(&[&read[..], &[pipe.to_str().unwrap()]].concat(), "");
    assert_eq!(ended.exit, 2, "{}", ended.err);
}
