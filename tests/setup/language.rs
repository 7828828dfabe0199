//! In people's own language: sheets and letters, by the catalogues that are built in and by others.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::harness::Desk;
use crate::harness::delivery::server;
use crate::harness::smtp::Fault;

/// A letter's text, with the lines of its encoding put together.
fn read(letter: &str) -> String {
    let joined = letter.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = more.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &more[2..];
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

fn pdf(file: &std::path::Path) -> String {
    let document = lopdf::Document::load(file).unwrap();
    document.extract_text(&[1]).unwrap()
}

fn catalogue(desk: &Desk, name: &str, text: &str) -> PathBuf {
    let directory = desk.home().join("languages");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join(name), text).unwrap();
    directory
}

/// What `check` says of languages: level, message.
fn found(desk: &Desk) -> Vec<(String, String)> {
    let report = desk.run(&["check", "--json"]).json();
    let items = report["items"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    items
        .iter()
        .filter(|item| item["check"] == "language")
        .map(|item| (text(&item["level"]), text(&item["message"])))
        .collect()
}

#[test]
fn the_sites_language_is_that_of_every_sheet_and_letter() {
    let server = server(Fault::None);
    let desk = Desk::in_file()
        .with_mail(server.address.port())
        .with_notices("generated,used,low,locked")
        .with("RECOVERY_CODES_SITE_LANGUAGE", "de");
    desk.add("alice");
    let sheet = desk.home().join("sheet.txt");
    let args = [
        "generate",
        "alice",
        "--print",
        "--count",
        "4",
        "--expires-in",
        "30d",
        "--save",
    ];
    let said = desk.say(&[&args[..], &[sheet.to_str().unwrap()]].concat());
    let codes = said
        .lines()
        .iter()
        .map(|line| (*line).to_owned())
        .collect::<Vec<_>>();
    let text = fs::read_to_string(&sheet).unwrap();
    for want in [
        "Wiederherstellungscodes\n=======================\n",
        "Benutzer:    alice\n",
        "Gültig bis:  2026-10-21 14:13 UTC\n",
        "Groß- und Kleinbuchstaben sind verschieden",
        "[ ]   1  ",
    ] {
        assert!(text.contains(want), "{want}: {text}");
    }
    let page = desk.home().join("sheet.pdf");
    desk.pass(3600);
    desk.say(&[
        "generate",
        "alice",
        "--yes",
        "--save",
        page.to_str().unwrap(),
    ]);
    let text = pdf(&page);
    for want in [
        "Benutzer",
        "Ausgestellt",
        "Seite 1",
        "Bewahren Sie dieses Blatt",
    ] {
        assert!(text.contains(want), "{want}: {text}");
    }
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
    let letters: Vec<String> = server
        .received()
        .iter()
        .map(|letter| read(&letter.text))
        .collect();
    for want in [
        "Für Ihr Konto bei recovery-codes wurden neue",
        "Guten Tag alice,",
        "    Codes:      4\n",
        "    Gültig bis: 2026-10-21 14:13 UTC\n",
        "<html lang=\"de\">",
        "<tr><td>Gültig bis</td><td>2026-10-21 14:13 UTC</td></tr>",
    ] {
        assert!(letters[0].contains(want), "{want}: {}", letters[0]);
    }
}

#[test]
fn plural_and_stress_are_those_of_the_language() {
    let server = server(Fault::None);
    let desk = Desk::in_file()
        .with_mail(server.address.port())
        .with_notices("low")
        .with("RECOVERY_CODES_SITE_LANGUAGE", "de-AT")
        .with("RECOVERY_CODES_CODES_LOW", "1");
    desk.add("alice");
    let codes = desk.issue_with("alice", &["--count", "2"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let letter = read(&server.received()[0].text).replace('\n', " ");
    assert!(
        letter.contains("noch 1 Wiederherstellungscode übrig"),
        "{letter}"
    );
    assert!(
        letter.contains("noch <strong>1</strong> Wiederherstellungscode"),
        "{letter}"
    );
    assert!(letter.contains("Nur noch ein"), "{letter}");
}

#[test]
fn a_user_reads_their_own_language() {
    let server = server(Fault::None);
    let desk = Desk::in_file()
        .with_mail(server.address.port())
        .with_notices("generated");
    desk.say(&[
        "user",
        "add",
        "alice",
        "--email",
        "alice@example.org",
        "--language",
        "DE",
    ]);
    desk.add("bob");
    assert_eq!(desk.json(&["user", "show", "alice"])["language"], "de");
    desk.issue("alice");
    desk.issue("bob");
    let [alice, bob] = [0, 1].map(|number| read(&server.received()[number].text));
    assert!(
        alice.contains("Guten Tag alice") && bob.contains("Hello bob"),
        "{alice}{bob}"
    );

    let changed = desk.json(&["user", "edit", "alice", "--language", ""]);
    assert_eq!(
        (&changed["changed"], &changed["language"]),
        (&json!(true), &json!(null))
    );
    let deed = desk.audit().swap_remove(0);
    assert_eq!(deed["details"], "language the site's instead of de");
    assert_eq!(
        desk.json(&["user", "edit", "alice", "--language", ""])["changed"],
        false
    );
    desk.say(&["user", "edit", "bob", "--language", "de"]);
    let file = desk.home().join("all.pdf");
    desk.pass(3600);
    desk.say(&["generate", "bob", "--yes", "--save", file.to_str().unwrap()]);
    assert!(pdf(&file).contains("Benutzer"));
    let shown = desk.say(&["user", "show", "bob"]).out;
    assert!(
        shown.contains("Language") && shown.contains("de\n"),
        "{shown}"
    );

    let why = desk.refuses(
        &["user", "edit", "bob", "--language", "fr"],
        3,
        "unknown_language",
    );
    assert!(why.contains("de, en"), "{why}");
    desk.refuses(
        &["user", "add", "carl", "--language", "fr"],
        3,
        "unknown_language",
    );
    desk.refuses(
        &["user", "edit", "bob", "--language", "x!"],
        2,
        "malformed_language",
    );
    desk.assert_sound();
    // What somebody wrote there without the program is none, and costs nobody a letter.
    desk.tamper("UPDATE users SET language = '../x!' WHERE name = 'bob'");
    let file = desk.home().join("again.txt");
    desk.pass(3600);
    desk.say(&["generate", "bob", "--yes", "--save", file.to_str().unwrap()]);
    assert!(
        fs::read_to_string(file)
            .unwrap()
            .starts_with("Recovery codes\n")
    );
}

#[test]
fn other_languages_come_from_a_directory_and_english_fills_the_gaps() {
    let desk = Desk::in_file();
    let directory = catalogue(
        &desk,
        "fr.ftl",
        "sheet-title = Codes de secours\nsheet-user = Nom\n",
    );
    let desk = desk
        .with("RECOVERY_CODES_SITE_LANGUAGES", directory.to_str().unwrap())
        .with("RECOVERY_CODES_SITE_LANGUAGE", "fr");
    desk.say(&["user", "add", "alice"]);
    let sheet = desk.home().join("sheet.txt");
    desk.say(&["generate", "alice", "--save", sheet.to_str().unwrap()]);
    let text = fs::read_to_string(&sheet).unwrap();
    assert!(
        text.starts_with("Codes de secours\n=====") && text.contains("Nom:"),
        "{text}"
    );
    assert!(text.contains("Keep this sheet offline"), "{text}");
    let found = found(&desk);
    assert_eq!(found[0].0, "note", "{found:?}");
    assert!(found[0].1.contains("fr.ftl lacks"), "{found:?}");
    assert_eq!(desk.run(&["check"]).exit, 0);

    // The site's own words may take the place of those that are built in.
    catalogue(&desk, "fr.ftl", "sheet-title = { $nothing }\nno-such = x\n");
    let found = self::found(&desk);
    let told: Vec<&str> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert!(
        told.iter()
            .any(|told| told.contains("there is no $nothing")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|told| told.contains("unknown message no-such")),
        "{told:?}"
    );
    assert_eq!(desk.run(&["check"]).exit, 1);
    catalogue(&desk, "fr.ftl", "sheet-title = { $");
    let found = self::found(&desk);
    assert_eq!(found[0].0, "wrong");
    assert!(found[0].1.contains("fr.ftl is broken in line"), "{found:?}");
    catalogue(&desk, "en.ftl", "sheet-title = Our codes\n");
    let english = desk.with("RECOVERY_CODES_SITE_LANGUAGE", "en");
    fs::remove_file(directory.join("fr.ftl")).unwrap();
    let file = english.home().join("own.txt");
    english.pass(3600);
    english.say(&[
        "generate",
        "alice",
        "--yes",
        "--save",
        file.to_str().unwrap(),
    ]);
    assert!(fs::read_to_string(file).unwrap().starts_with("Our codes\n"));
}

#[test]
fn a_language_that_is_not_there_is_told_before_anything_is_issued() {
    let desk = Desk::in_file();
    desk.say(&["user", "add", "alice"]);
    let desk = desk.with("RECOVERY_CODES_SITE_LANGUAGE", "fr");
    let file = desk.home().join("sheet.txt");
    let why = desk.refuses(
        &["generate", "alice", "--save", file.to_str().unwrap()],
        4,
        "config",
    );
    assert!(why.contains("fr.ftl"), "{why}");
    assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "0");
    assert_eq!(desk.run(&["check"]).exit, 1);
    let nowhere = desk.with("RECOVERY_CODES_SITE_LANGUAGES", "/nowhere/at/all");
    assert_eq!(nowhere.run(&["check"]).exit, 1);
}

#[test]
fn what_is_built_in_is_whole() {
    let message = |line: &str| line.split_once(" =").map(|(name, _)| name.to_owned());
    let read = |tag: &str| -> Vec<String> {
        let path = format!(
            "{}/src/render/language/catalogues/{tag}.ftl",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = fs::read_to_string(path).unwrap();
        text.lines()
            .filter(|line| !line.starts_with([' ', '#']))
            .filter_map(message)
            .collect()
    };
    assert!(read("en").len() > 50);
    assert_eq!(read("en"), read("de"));
    // Each, as a catalogue of a site, has nothing that the program does not know.
    let desk = Desk::in_file();
    let german = include_str!("../../src/render/language/catalogues/de.ftl");
    let directory = catalogue(&desk, "fr.ftl", german);
    let desk = desk.with("RECOVERY_CODES_SITE_LANGUAGES", directory.to_str().unwrap());
    desk.say(&["init"]);
    assert_eq!(
        found(&desk),
        [("ok".to_owned(), "sheets and mail are in en".to_owned())]
    );
}
