//! What help and the manual say of each word beside its options: examples, statuses, fields.

use std::collections::BTreeMap;

use clap::Command;

/// The words by what a person comes for.
pub const GROUPS: [(&str, &[&str]); 5] = [
    ("People", &["user", "limit", "import"]),
    (
        "Codes",
        &[
            "generate", "verify", "confirm", "code", "batch", "history", "export", "email",
            "logout",
        ],
    ),
    ("Cleaning", &["purge", "schedule", "task", "worker"]),
    ("Looking", &["status", "check", "log"]),
    (
        "Keeping",
        &[
            "init",
            "config",
            "key",
            "backup",
            "restore",
            "store",
            "serve",
            "completions",
            "help",
        ],
    ),
];

/// What is said of one word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Statuses it ends with beside 0, 2 and 4.
    pub statuses: Vec<u8>,
    pub examples: Vec<&'static str>,
    /// Fields of its JSON document.
    pub fields: &'static str,
}

/// What is said of each word, by its path, such as `user add`.
pub fn said() -> BTreeMap<&'static str, Said> {
    let mut words: BTreeMap<&str, Said> = BTreeMap::new();
    let mut current = "";
    let lines = include_str!("examples.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("  "), line.split_once(':')) {
            (Some(example), _) => words.entry(current).or_default().examples.push(example),
            (None, Some((path, statuses))) => {
                current = path;
                let statuses = statuses
                    .split_whitespace()
                    .filter_map(|word| word.parse().ok());
                words.entry(path).or_default().statuses = statuses.collect();
            }
            (None, None) => {}
        }
    }
    for line in include_str!("fields.txt").lines() {
        if let Some((path, fields)) = line.split_once(": ") {
            words.entry(path).or_default().fields = fields;
        }
    }
    words
}

impl Said {
    /// The statuses with what they mean.
    pub fn statuses(&self) -> String {
        let mut text = String::from("0 done");
        for status in &self.statuses {
            text.push_str(match status {
                1 => ", 1 no",
                3 => ", 3 refused",
                5 => ", 5 wait",
                _ => "",
            });
        }
        text + "; as everywhere 2 usage and 4 failed"
    }

    fn help(&self) -> String {
        let mut text = String::from("Examples:\n");
        for example in &self.examples {
            text.push_str(&format!("  {example}\n"));
        }
        text.push_str(&format!("\nExit status: {}.\n", self.statuses()));
        if !self.fields.is_empty() {
            text.push_str(&format!("JSON: {}.\n", self.fields));
        }
        text.push_str("See also: recovery-codes help exit-codes, help json, help settings.");
        text
    }
}

/// The tree of words with all that is said of each, for who asks for help. Reading a command line does
/// without, for it takes time.
pub fn documented(tree: Command) -> Command {
    let said = said();
    document(tree, "", &said).override_help(overview())
}

fn document(command: Command, path: &str, said: &BTreeMap<&str, Said>) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|word| word.get_name().to_owned())
        .collect();
    let mut command = match said.get(path) {
        Some(said) => command.after_help(said.help()),
        None => command,
    };
    for name in names {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(name, |word| document(word, path.trim_start(), said));
    }
    command
}

/// What the program says of itself; it fits on the smallest terminal.
fn overview() -> String {
    let mut text = String::from(
        "One-time recovery codes for two-factor logins\n\n\
         Usage: recovery-codes [OPTIONS] WORD [ARGUMENTS]\n\n",
    );
    for (group, words) in GROUPS {
        text.push_str(&format!(
            "{:<10}{}\n",
            format!("{group}:"),
            words.join(", ")
        ));
    }
    text.push_str(
        "\n`recovery-codes help WORD` explains a word, `help words` says what each does.\n\
         Topics: exit-codes json time settings security pam recipes hosts moving concepts\n\n\
         Options for every word:\n  \
           --store PATH, --config PATH, --system   which store and configuration\n  \
           --actor NAME, --reason TEXT             who and why, for the audit log\n  \
           --json, -q/--quiet, -v/--verbose        how it answers\n  \
           -y/--yes (--noinput)                    do not ask; take yes for an answer\n  \
           --color auto|always|never\n  \
           -h/--help, -V/--version\n\n\
         Exit status: 0 done or yes, 1 no, 2 usage, 3 refused, 4 failed, 5 wait\n\
         Begin with: recovery-codes generate alice --create-user",
    );
    text
}

/// All words with what they do.
pub fn list(tree: &Command) -> String {
    let mut text = String::from("# Words\n");
    for (group, words) in GROUPS {
        text.push_str(&format!("\n{group}:\n\n"));
        for name in words {
            let about = tree.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            text.push_str(&format!("- **{name}**: {about}\n"));
        }
    }
    text
}
