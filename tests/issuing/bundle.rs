//! One pdf with the sheets of many users: whole, new, and nothing lost on the way to it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use serde_json::json;

use crate::harness::Desk;
use crate::harness::faults::mortal;

const USERS: [&str; 3] = ["alice", "bob", "smith, \"x\""];

fn desk() -> Desk {
    let desk = Desk::new();
    for user in USERS {
        desk.say(&["user", "add", user]);
    }
    desk
}

const ALL: [&str; 5] = [
    "generate",
    "--all-without-codes",
    "--yes",
    "--sheets",
    "all.pdf",
];

fn args(desk: &Desk) -> [String; 5] {
    let file = desk.home().join("all.pdf").to_str().unwrap().to_owned();
    let mut args = ALL.map(str::to_owned);
    args[4] = file;
    args
}

/// The text of each page.
fn pages(file: &Path) -> Vec<String> {
    let document = lopdf::Document::load(file).unwrap();
    let numbers = document.get_pages().into_keys();
    numbers
        .map(|page| document.extract_text(&[page]).unwrap().replace(" -", "-"))
        .collect()
}

/// Whether the name ends a line of it. Letters within a code are no name: a `bob` is in many.
fn is_of(sheet: &str, user: &str) -> bool {
    let name = |line: &str| {
        line.strip_suffix(user)
            .map(|before| before.ends_with([' ', ':']) || before.is_empty())
    };
    sheet
        .lines()
        .filter_map(|line| name(line.trim()))
        .any(|is_name| is_name)
}

/// A code of each user of whom there is a page or a file, by the name that stands on it.
fn codes_at_hand(desk: &Desk) -> BTreeMap<&'static str, String> {
    let parts = desk.home().join("all.pdf.parts");
    let mut sheets: Vec<String> = fs::read_dir(parts)
        .into_iter()
        .flatten()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let file = desk.home().join("all.pdf");
    if file.exists() {
        sheets.extend(pages(&file));
    }
    let code = |text: &String| {
        let is_one = |word: &&str| word.len() == 41 && word.matches('-').count() == 5;
        text.split_whitespace().find(is_one).unwrap().to_owned()
    };
    USERS
        .into_iter()
        .filter_map(|user| {
            let sheet = sheets.iter().find(|text| is_of(text, user))?;
            Some((user, code(sheet)))
        })
        .collect()
}

#[test]
fn each_user_has_a_page_and_the_codes_on_it_are_theirs() {
    let desk = desk();
    let args = args(&desk);
    let args = args.each_ref().map(String::as_str);
    let document = desk.json(&args);
    assert_eq!(
        (&document["issued"], &document["left"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(document["sheets"], args[4]);
    let file = desk.home().join("all.pdf");
    assert_eq!(pages(&file).len(), 3);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!desk.home().join("all.pdf.parts").exists());
    let codes = codes_at_hand(&desk);
    assert_eq!(codes.len(), 3);
    for (user, code) in codes {
        assert_eq!(desk.pipe(&["verify", user], code).exit, 0);
    }
    // Whoever is there already is not in the next one, which is refused where the first lies.
    desk.say(&["user", "add", "dora"]);
    assert!(
        desk.refuses(&args, 3, "file_exists")
            .contains("may still work")
    );
    assert_eq!(desk.json(&["user", "show", "dora"])["remaining"], 0);
    fs::rename(&file, desk.home().join("first.pdf")).unwrap();
    desk.say(&args);
    assert_eq!(pages(&file).len(), 1);
    desk.assert_sound();
}

#[test]
fn a_list_can_be_given_one_too() {
    let desk = Desk::new();
    let [list, file] = ["list.csv", "all.PDF"].map(|name| desk.home().join(name));
    fs::write(&list, "name\nalice\nbob\n").unwrap();
    let (list, pdf) = (list.to_str().unwrap(), file.to_str().unwrap());
    let said = desk.say(&["user", "import", list, "--generate", "--sheets", pdf]);
    assert!(
        said.err.contains(&format!("Their sheets are in {pdf}.")),
        "{}",
        said.err
    );
    assert_eq!(pages(&file).len(), 2);
    let text = ["--format", "txt"];
    let words = [
        "user",
        "import",
        list,
        "--generate",
        "--sheets",
        "other.pdf",
    ];
    desk.refuses(&[&words[..], &text].concat(), 2, "usage");
    // A directory is one, whatever it is called.
    let directory = desk.home().join("sheets.pdf");
    fs::create_dir(&directory).unwrap();
    desk.say(&["user", "add", "carol"]);
    let into = directory.to_str().unwrap();
    let words = ["generate", "--all-without-codes", "--yes", "--sheets", into];
    desk.say(&[&words[..], &text].concat());
    assert!(directory.join("carol.txt").exists());
}

#[test]
fn a_file_that_cannot_be_written_leaves_the_sheets_beside_it() {
    let desk = desk();
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    // At some size the store's log fits, and a pdf with its letters does not.
    let (desk, args, stopped) = (1..)
        .find_map(|step| {
            let desk = desk.twin();
            let args = args(&desk);
            let stopped = desk.cramped(500 - 20 * step, &args.each_ref().map(String::as_str));
            (stopped.exit != 0).then_some((desk, args, stopped))
        })
        .unwrap();
    let args = args.each_ref().map(String::as_str);
    assert_eq!(stopped.exit, 4, "{}", stopped.err);
    assert!(
        stopped.err.contains("all.pdf.parts, one for each user"),
        "{}",
        stopped.err
    );
    assert!(
        !stopped.err.contains("Their sheets are in"),
        "{}",
        stopped.err
    );
    assert!(!desk.home().join("all.pdf").exists());
    let codes = codes_at_hand(&desk);
    assert_eq!(codes.len(), 3);
    for (user, code) in codes {
        assert_eq!(desk.pipe(&["verify", user], code).exit, 0);
    }
    let again = desk.refuses(&args, 3, "file_exists");
    assert!(again.contains("all.pdf.parts holds sheets"), "{again}");
}

#[test]
fn killed_at_any_write_whoever_has_new_codes_finds_them_on_paper() {
    let prepared = desk();
    let mut killed = 0;
    for at in (1..).step_by(2) {
        let desk = prepared.twin();
        let args = args(&desk);
        let args = args.each_ref().map(String::as_str);
        let ended = mortal(&desk, &args, at, false).output().unwrap();
        let codes = codes_at_hand(&desk);
        for user in USERS {
            let issued = desk.json(&["user", "show", user])["remaining"] != 0;
            let why = format!("{at}: {user} in {codes:?}");
            match codes.get(user) {
                Some(code) if issued => {
                    assert_eq!(desk.pipe(&["verify", user], code).exit, 0, "{why}");
                }
                // A sheet may lie there whose codes never came to be.
                _ => assert!(!issued, "{why}"),
            }
        }
        if ended.status.signal().is_none() {
            assert!(ended.status.success(), "{ended:?}");
            break;
        }
        killed += 1;
    }
    assert!(killed > 10, "{killed}");
}
