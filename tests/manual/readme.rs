//! README and manual are true: their tour is walked and its recipes are followed, word for word.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::harness::readme::{self, PATHS, Step};
use crate::harness::{Desk, ended};

/// Stands between what two commands say.
const MARK: &str = "@@ ended with";

fn desk() -> Desk {
    Desk::in_file().with_runtime().with("USER", "admin")
}

/// A shell in the desk's home in which the program is found by its name.
fn shell(desk: &Desk, script: &str) -> Command {
    let found = format!("PATH=\"$(dirname \"$0\"):$PATH\"\n{script}");
    let mut command = desk.shell(&found, &[]);
    command.current_dir(desk.home());
    command
}

/// What each command says and how it ends, all in one shell, as a reader would paste them.
fn walk(desk: &Desk, steps: &[Step]) -> Vec<(String, String)> {
    let mut script = String::from("exec 2>&1\n");
    for step in steps {
        script.push_str(&format!(
            "{}\nprintf '\\n{MARK} %s\\n' \"$?\"\n",
            step.command
        ));
    }
    let said = ended(shell(desk, &script).output().unwrap()).out;
    let said = said.replace(desk.home().to_str().unwrap(), "/home/admin");
    let mut rest = said.as_str();
    let mut all = Vec::new();
    while let Some((output, after)) = rest.split_once(&format!("\n{MARK} ")) {
        let (exit, after) = after.split_once('\n').unwrap();
        all.push((output.to_owned(), exit.to_owned()));
        rest = after;
    }
    assert_eq!(rest, "");
    assert_eq!(all.len(), steps.len(), "{said}");
    all
}

#[test]
fn the_tour_goes_as_it_is_told() {
    let text = PATHS.map(readme::text).concat();
    let steps = readme::steps(&text);
    assert!(steps.len() > 30);
    let walked = walk(&desk(), &steps);
    let said: String = walked.iter().map(|(output, _)| output.as_str()).collect();
    let hints = &readme::hints(&text) | &readme::hints(&said);
    let is_told = |step: &Step, output: &str| {
        readme::shape(&step.output, &hints) == readme::shape(output, &hints)
    };
    if std::env::var_os("REGENERATE").is_some()
        && !steps
            .iter()
            .zip(&walked)
            .all(|(step, (output, _))| is_told(step, output))
    {
        let mut walked = walked.iter();
        for path in PATHS {
            readme::change(path, |text| {
                let steps = readme::steps(text);
                let said: Vec<_> = walked.by_ref().take(steps.len()).collect();
                for (step, (output, _)) in steps.into_iter().zip(said).rev() {
                    text.replace_range(step.place, output);
                }
            });
        }
        return;
    }
    for (step, (output, exit)) in steps.iter().zip(&walked) {
        let command = &step.command;
        assert_eq!(exit, "0", "{command}: {output}");
        assert!(
            is_told(step, output),
            "`{command}` says\n{output}\nand the text\n{}\nrun REGENERATE=1 cargo test readme",
            step.output
        );
    }
}

/// The recipe with the places of this desk.
fn recipe(desk: &Desk, name: &str) -> String {
    let config = desk.config();
    let config = config.parent().unwrap().to_str().unwrap();
    readme::file(name)
        .replace(
            "/usr/local/bin/recovery-codes",
            env!("CARGO_BIN_EXE_recovery-codes"),
        )
        .replace("/etc/recovery-codes", config)
}

#[test]
fn a_web_application_gets_a_document_for_each_answer() {
    if !Path::new("/usr/bin/python3").exists() {
        return;
    }
    let desk = desk();
    let codes = desk.issue("alice");
    fs::write(
        desk.home().join("recovery.py"),
        recipe(&desk, "recovery.py"),
    )
    .unwrap();
    let ask = |code: &str| {
        let call = format!(
            "import recovery, json; print(json.dumps(recovery.check('alice', '{code}', '192.0.2.7')))"
        );
        ended(
            shell(&desk, &format!("exec /usr/bin/python3 -B -c \"{call}\""))
                .output()
                .unwrap(),
        )
    };
    assert_eq!(
        ask(&codes[0]).json(),
        serde_json::json!({"accepted": true, "user": "alice", "remaining": 9, "low": false, "temporary": false})
    );
    assert_eq!(
        ask(&codes[0]).json(),
        serde_json::json!({"accepted": false})
    );
    for _ in 0..4 {
        ask(&codes[0]);
    }
    assert_eq!(
        ask(&codes[0]).json(),
        serde_json::json!({"accepted": false, "retry_after": 120})
    );
    fs::write(desk.store(), "").unwrap();
    let failed = ask(&codes[1]);
    assert_ne!(failed.exit, 0);
    assert!(failed.err.contains("damaged_store"), "{}", failed.err);
}

#[test]
fn provisioning_may_run_twice() {
    let desk = desk();
    desk.issue("carol");
    desk.say(&["user", "edit", "carol", "--email", "carol@example.org"]);
    fs::write(desk.home().join("people.csv"), recipe(&desk, "people.csv")).unwrap();
    for _ in 0..2 {
        let ran = ended(
            shell(&desk, &recipe(&desk, "provision.sh"))
                .output()
                .unwrap(),
        );
        assert_eq!((ran.exit, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    }
    assert_eq!(desk.query("SELECT count(*) FROM users"), "3");
    assert_eq!(desk.query("SELECT count(*) FROM batches"), "3");
    let mut sheets: Vec<_> = fs::read_dir(desk.home().join("sheets"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .collect();
    sheets.sort_by_key(|entry| entry.file_name());
    let names: Vec<_> = sheets.iter().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["Smith%2C%20Bob.pdf", "alice.pdf"]);
    for sheet in sheets {
        assert_eq!(
            sheet.metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(fs::read(sheet.path()).unwrap().starts_with(b"%PDF"));
    }
}

#[test]
fn what_is_installed_starts_a_worker_that_is_silent_when_all_is_well() {
    let desk = desk();
    desk.say(&["init"]);
    let print = "recovery-codes schedule install --print --cron";
    let line = ended(shell(&desk, print).output().unwrap()).out;
    let job = &line[line.find(env!("CARGO_BIN_EXE_recovery-codes")).unwrap()..];
    let ran = ended(shell(&desk, job).output().unwrap());
    assert_eq!((ran.exit, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
}

#[test]
fn the_mail_settings_are_settings() {
    let desk = desk();
    desk.say(&["init"]);
    fs::write(desk.config(), recipe(&desk, "config.toml")).unwrap();
    let shown = desk.json(&["config", "show"]);
    let mail: Vec<_> = shown["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["origin"].as_str().unwrap().starts_with("file"))
        .map(|item| item["key"].as_str().unwrap())
        .collect();
    assert_eq!(mail.len(), 10, "{mail:?}");
    assert!(mail.contains(&"mail.password_file") && mail.contains(&"site.login_url"));
}

#[test]
fn the_store_of_the_machine_is_found_by_its_settings() {
    let desk = desk();
    let library = desk.home().join("var/lib");
    let script = recipe(&desk, "machine.sh")
        .replace("sudo ", "")
        .replace("/var/lib", library.to_str().unwrap());
    let ran = ended(shell(&desk, &script).output().unwrap());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let config = fs::read_to_string(desk.config()).unwrap();
    assert!(config.contains("\nstore = \"/var/lib/recovery-codes/recovery-codes.db\"\n"));
    let here = config.replace("/var/lib", library.to_str().unwrap());
    fs::write(desk.config(), here).unwrap();
    desk.say(&["user", "add", "alice"]);
    assert!(library.join("recovery-codes/recovery-codes.db").exists());
    assert!(!desk.store().exists());
}

#[test]
fn bash_learns_to_ask_the_program() {
    if !Path::new("/bin/bash").exists() {
        return;
    }
    let desk = desk();
    let script = format!(
        "exec bash -c '{}complete -p recovery-codes'",
        recipe(&desk, "completion.bash")
    );
    let ran = ended(shell(&desk, &script).output().unwrap());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("recovery-codes"), "{}", ran.out);
}

/// A document without its blocks.
fn prose(document: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = fs::read_to_string(path).unwrap();
    text.split("```").step_by(2).collect()
}

/// Everything in a document that reads like a path of this project.
fn mentioned(text: &str) -> Vec<String> {
    let links = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let paths = text.split('`').skip(1).step_by(2).filter(|code| {
        [
            "src/",
            "pam/",
            "packaging/",
            "tests/",
            "benches/",
            "migrations/",
            "man/",
            "completions/",
        ]
        .iter()
        .any(|start| code.starts_with(start))
    });
    links
        .filter(|link| !link.contains("://") && !link.starts_with('#'))
        .chain(paths)
        .map(str::to_owned)
        .collect()
}

const DOCUMENTS: [&str; 9] = [
    "README.md",
    "src/cli/manual/concepts.md",
    "src/cli/manual/pam.md",
    "src/cli/manual/recipes.md",
    "src/cli/manual/hosts.md",
    "src/cli/manual/moving.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "CHANGELOG.md",
];

#[test]
fn what_the_documents_point_at_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in DOCUMENTS {
        let text = prose(document);
        let paths = mentioned(&text);
        for path in &paths {
            assert!(root.join(path).exists(), "{document} points at {path}");
        }
    }
}

#[test]
fn what_the_documents_say_to_type_is_understood() {
    let mut typed = 0;
    for document in DOCUMENTS {
        for code in prose(document).split('`').skip(1).step_by(2) {
            let words: Vec<&str> = code.split_whitespace().collect();
            let is_pattern = words.iter().any(|word| word.to_uppercase() == *word);
            if words.first() != Some(&"recovery-codes") || words.len() == 1 || is_pattern {
                continue;
            }
            typed += 1;
            let understood = recovery_codes::cli::command().try_get_matches_from(&words);
            assert!(understood.is_ok(), "{document} says to type {code}");
        }
    }
    assert!(typed > 3);
}
