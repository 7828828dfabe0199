//! What is said of each word beside its options is true: every example works as it stands, every field
//! is there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use recovery_codes::cli::command;
use recovery_codes::cli::manual::words::{GROUPS, Said, said};
use serde_json::{Value, json};

use crate::harness::asking::hint;
use crate::harness::door::Door;
use crate::harness::{Desk, ended};
use crate::moving::{fixtures, import, past};

/// A store in which something stands everywhere, and what the examples call it.
struct Site {
    desk: Desk,
    names: Vec<(&'static str, String)>,
}

impl Site {
    fn new() -> Self {
        let desk = Desk::in_file()
            .with_runtime()
            .with("RECOVERY_CODES_MAIL_BACKEND", "file")
            .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
            .with("RECOVERY_CODES_MAIL_LOG", "true")
            .with("RECOVERY_CODES_MAIL_DELIVERY", "queue");
        let say = |args: &[&str], input: &str| {
            let ended = desk.spawn(args, input);
            assert!(ended.exit < 2, "{args:?}: {}", ended.err);
            ended
        };
        say(&["init"], "");
        let old_key = desk.query("SELECT substr(id, 1, 8) FROM keys");
        say(&["key", "rotate"], "");
        let issue = |user: &str| say(&["generate", user], "").lines();
        for user in ["alice", "bob", "carol", "erin"] {
            let email = format!("{user}@example.org");
            say(&["user", "add", user, "--email", &email], "");
        }
        issue("bob");
        say(&["worker", "--once"], "");
        let (alice, erin) = (issue("alice"), issue("erin"));
        say(&["code", "invalidate", "erin", hint(&erin[1])], "");
        say(&["user", "disable", "erin"], "");
        say(
            &["verify", "bob"],
            "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF",
        );
        say(&["verify", "alice"], &alice[9]);
        let nightly = ["--run", "purge", "--every", "daily", "--at", "03:00"];
        say(
            &[&["schedule", "add", "nightly"], &nightly[..]].concat(),
            "",
        );
        say(&["purge"], "");
        say(&["backup", "backup.db"], "");
        for (name, code) in [("code.txt", &alice[0]), ("another-code.txt", &alice[1])] {
            fs::write(desk.home().join(name), code).unwrap();
        }
        let people = include_str!("../harness/people.csv");
        fs::write(desk.home().join("people.csv"), people).unwrap();
        let names = vec![
            ("17", desk.query("SELECT MAX(id) FROM tasks")),
            ("Cv48HY", hint(&alice[2]).to_owned()),
            ("XuBS9S", hint(&erin[1]).to_owned()),
            ("59B87698", desk.active_batch("alice")[..8].to_owned()),
            ("4241c928", old_key),
        ];
        Self { desk, names }
    }

    /// One that is yet to move in.
    fn of_the_application() -> Self {
        let desk = Desk::in_file();
        let dump = json!(import::app()).to_string();
        fs::write(desk.home().join("dump.json"), dump).unwrap();
        let key = import::key_file(&desk, import::KEY);
        fs::rename(key, desk.home().join("secret")).unwrap();
        for file in ["otp-static.json", "keycloak.json", "privacyidea.jsonl"] {
            fs::copy(fixtures::path(file), desk.home().join(file)).unwrap();
        }
        let private = desk.home().join("google_authenticator");
        fs::write(&private, fs::read(fixtures::path("libpam/alice")).unwrap()).unwrap();
        fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).unwrap();
        let list = "user,code\nalice,Wn3bYc6Hd5Jf1Lg0\n";
        fs::write(desk.home().join("codes.csv"), list).unwrap();
        let settings = include_str!("../fixtures/django/settings.py");
        fs::write(desk.home().join("settings.py"), settings).unwrap();
        past::database(&desk, "");
        Self {
            desk,
            names: Vec::new(),
        }
    }

    /// The same once more, as this word needs it.
    fn twin(&self, word: &str) -> Self {
        let (desk, names) = (self.desk.twin(), self.names.clone());
        if ["task retry", "task flush"].contains(&word) {
            desk.tamper("UPDATE tasks SET state = 'failed' WHERE id = (SELECT MAX(id) FROM tasks)");
        }
        let desk = match word {
            "serve" => desk.open_to_us(),
            _ => desk,
        };
        Self { desk, names }
    }

    /// Runs an example as a shell would, with these options besides.
    fn run(&self, example: &str, options: &str) -> crate::harness::Ended {
        let mut line = example.replacen("recovery-codes", &format!("\"$0\" {options}"), 1);
        for (name, real) in &self.names {
            line = line.replace(name, real);
        }
        if example.contains(" serve") {
            // It ends when it is told to.
            let shell = self.desk.shell(&format!("exec {line}"), &[]);
            return Door::open(&self.desk, shell).close();
        }
        ended(self.desk.shell(&line, &[]).output().unwrap())
    }
}

fn leaves(tree: &clap::Command, path: &str, found: &mut Vec<String>) {
    if !tree.has_subcommands() && !path.is_empty() {
        found.push(path.to_owned());
    }
    for word in tree.get_subcommands() {
        leaves(
            word,
            format!("{path} {}", word.get_name()).trim_start(),
            found,
        );
    }
}

#[test]
fn every_word_has_examples_and_is_in_one_group() {
    let tree = command();
    let mut words = Vec::new();
    leaves(&tree, "", &mut words);
    let said = said();
    for word in &words {
        let examples = said
            .get(word.as_str())
            .map_or(0, |said| said.examples.len());
        assert!((1..=3).contains(&examples), "{word}: {examples}");
    }
    assert_eq!(words.len(), said.len());
    let mut grouped: Vec<&str> = GROUPS
        .iter()
        .flat_map(|(_, words)| *words)
        .copied()
        .collect();
    grouped.sort_unstable();
    let mut all: Vec<&str> = tree
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    all.sort_unstable();
    assert_eq!(grouped, all);
}

/// The names of the fields of a document; of a list, those of its rows, if there are any.
fn fields(document: &Value) -> Option<String> {
    let names = |value: &Value| {
        let object = value.as_object().expect("a document");
        object
            .keys()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match document["items"].as_array() {
        Some(items) => {
            let first = items.first()?;
            Some(format!("a list, of each: {}", names(first)))
        }
        None => Some(names(document)),
    }
}

fn check_all(words: &BTreeMap<&str, Said>) -> BTreeMap<String, String> {
    let (site, application) = (Site::new(), Site::of_the_application());
    let mut found = BTreeMap::new();
    for (word, said) in words {
        let site = match *word {
            word if word.starts_with("import ") => &application,
            _ => &site,
        };
        // One word may answer with several documents, by its options.
        let mut documents: Vec<String> = Vec::new();
        for example in &said.examples {
            let ended = site.twin(word).run(example, "");
            assert_eq!(ended.exit, 0, "{example}: {}", ended.err);
            assert!(!ended.err.contains("error:"), "{example}: {}", ended.err);
            // Codes are not written to where a document is.
            if example.contains("--output -") {
                continue;
            }
            let plain = example.split(" >").next().unwrap();
            let json = if plain.contains("--json") {
                ""
            } else {
                "--json"
            };
            let ended = site.twin(word).run(plain, json);
            assert_eq!(ended.exit, 0, "{example}: {}", ended.err);
            let document = fields(&ended.json());
            documents.extend(document.filter(|document| !documents.contains(document)));
        }
        assert!(!documents.is_empty(), "{word} lists nothing");
        found.insert((*word).to_owned(), documents.join("; or "));
    }
    found
}

#[test]
fn every_example_works_and_every_field_is_named() {
    let words = said();
    let halves = {
        let mut halves = [BTreeMap::new(), BTreeMap::new()];
        for (number, (word, said)) in words.iter().enumerate() {
            halves[number % 2].insert(*word, said.clone());
        }
        halves
    };
    // Each starts many processes; two at once take half the time.
    let found = std::thread::scope(|scope| {
        let handles = halves
            .each_ref()
            .map(|half| scope.spawn(|| check_all(half)));
        let mut found = BTreeMap::new();
        for handle in handles {
            found.extend(handle.join().unwrap());
        }
        found
    });
    let lines: String = found
        .iter()
        .map(|(word, fields)| format!("{word}: {fields}\n"))
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/manual/fields.txt");
    if std::env::var_os("REGENERATE").is_some() {
        fs::write(&path, &lines).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == lines,
        "src/cli/manual/fields.txt is out of date; run REGENERATE=1 cargo test examples, then generated"
    );
}

#[test]
fn the_overview_fits_on_the_smallest_terminal() {
    let desk = Desk::in_file();
    let overview = desk.say(&["--help"]).out;
    assert!(overview.lines().count() <= 24, "{overview}");
    assert!(
        overview.lines().all(|line| line.chars().count() <= 80),
        "{overview}"
    );
    assert_eq!(desk.say(&["-h"]).out, overview);
    for word in command().get_subcommands() {
        assert!(overview.contains(word.get_name()), "{}", word.get_name());
    }
    let words = desk.say(&["help", "words"]).out;
    assert!(
        words.contains("**verify**: Check a code and use it up"),
        "{words}"
    );
    let help = desk.say(&["verify", "--help"]).out;
    for part in [
        "Examples:\n  recovery-codes verify alice < code.txt",
        "5 wait",
        "JSON: ",
        "See also",
    ] {
        assert!(help.contains(part), "{help}");
    }
}
