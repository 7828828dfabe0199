//! The manual, completions and the README's table come from the program and are up to date.
//! `REGENERATE=1 cargo test generated` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clap_complete::Shell;
use recovery_codes::cli::command;
use recovery_codes::cli::manual::words::{Said, said};
use recovery_codes::cli::manual::{TOPICS, settings};

use crate::harness::{manual, readme};

/// Compares a directory with what should be in it, or writes it.
#[track_caller]
fn compare(directory: &str, files: BTreeMap<PathBuf, Vec<u8>>) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    if std::env::var_os("REGENERATE").is_some() {
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        for (name, text) in &files {
            fs::write(directory.join(name), text).unwrap();
        }
    }
    let there: Vec<PathBuf> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into())
        .collect();
    for name in &there {
        assert!(
            files.contains_key(name),
            "{} is no longer generated",
            name.display()
        );
    }
    for (name, text) in files {
        let found = fs::read(directory.join(&name)).unwrap_or_default();
        assert!(
            found == text,
            "{} is out of date; run REGENERATE=1 cargo test generated",
            name.display()
        );
    }
}

#[test]
fn the_schema_is_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/schema.txt");
    let made = recovery_codes::store::engine::sqlite::schema::as_made().unwrap();
    if std::env::var_os("REGENERATE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let message = "migrations/schema.txt is out of date; run REGENERATE=1 cargo test generated";
    assert!(fs::read_to_string(&path).unwrap() == made, "{message}");
}

#[test]
fn there_is_a_man_page_for_every_word() {
    let mut pages = BTreeMap::new();
    add_pages(command(), "recovery-codes", &mut pages);
    add_topics(&mut pages);
    compare("man", pages);
}

fn add_pages(tree: clap::Command, name: &str, pages: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let mut command = tree.clone();
    command.build();
    add_page(&command, name, pages);
}

fn add_page(command: &clap::Command, name: &str, pages: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let title: &'static str = Box::leak(name.to_owned().into_boxed_str());
    let is_root = name == "recovery-codes";
    // Options that every word takes stand on the page of the program.
    let own = command.clone().name(title).mut_args(|arg| {
        let is_everywhere = arg.get_help_heading() == Some("Options for every word");
        let is_usual = ["help", "version"].contains(&arg.get_id().as_str());
        match !is_root && (is_everywhere || is_usual) {
            true => arg.hide(true),
            false => arg,
        }
    });
    let page = clap_mangen::Man::new(own).date("").source("");
    let mut text = Vec::new();
    if is_root {
        page.render_title(&mut text).unwrap();
        page.render_name_section(&mut text).unwrap();
        page.render_synopsis_section(&mut text).unwrap();
        page.render_description_section(&mut text).unwrap();
        page.render_options_section(&mut text).unwrap();
        page.render_subcommands_section(&mut text).unwrap();
        for (topic, words) in TOPICS {
            if ["exit-codes", "json", "time", "security"].contains(&topic) {
                text.extend_from_slice(manual::roff(words).as_bytes());
            }
        }
        text.extend_from_slice(include_bytes!("../harness/man_tail.roff"));
    } else {
        page.render_title(&mut text).unwrap();
        page.render_name_section(&mut text).unwrap();
        page.render_synopsis_section(&mut text).unwrap();
        text.extend_from_slice(b"[\\fIOPTION FOR EVERY WORD\\fR]...\n");
        page.render_description_section(&mut text).unwrap();
        page.render_options_section(&mut text).unwrap();
        text.extend_from_slice(
            b".PP\nThe options for every word are on the page \\fBrecovery\\-codes\\fR(1).\n",
        );
        if command.has_subcommands() {
            page.render_subcommands_section(&mut text).unwrap();
        }
        let word = name.trim_start_matches("recovery-codes-").replace('-', " ");
        let word = words()
            .keys()
            .find(|path| path.replace('-', " ") == word)
            .copied();
        if let Some(said) = word.and_then(|word| words().get(word)) {
            text.extend_from_slice(manual::roff(&section(said)).as_bytes());
        }
        text.extend_from_slice(include_bytes!("../harness/man_tail.roff"));
    }
    pages.insert(format!("{name}.1").into(), text);
    for word in command.get_subcommands() {
        add_page(word, &format!("{name}-{}", word.get_name()), pages);
    }
}

fn words() -> &'static BTreeMap<&'static str, Said> {
    static WORDS: LazyLock<BTreeMap<&str, Said>> = LazyLock::new(said);
    &WORDS
}

/// What is said of a word beside its options, in Markdown.
fn section(said: &Said) -> String {
    let examples = said.examples.join("\n");
    let mut text = format!(
        "# EXAMPLES\n\n```\n{examples}\n```\n\n# EXIT STATUS\n\n{}.\n",
        said.statuses()
    );
    if !said.fields.is_empty() {
        text.push_str(&format!("\n# JSON\n\nWith `--json`: {}.\n", said.fields));
    }
    text
}

/// Pages that are about no word.
fn add_topics(pages: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let text = |name: &str| TOPICS.iter().find(|(topic, _)| *topic == name).unwrap().1;
    let settings = [text("settings"), &settings()].concat();
    for (name, section, about, texts) in [
        (
            "recovery-codes",
            7,
            "codes, sheets, clean-up, keys and backups",
            vec![text("concepts")],
        ),
        (
            "recovery-codes-recipes",
            7,
            "web applications, provisioning, mail",
            vec![text("recipes")],
        ),
        (
            "recovery-codes-moving",
            7,
            "from other systems to recovery-codes",
            vec![text("moving")],
        ),
        (
            "recovery-codes-hosts",
            7,
            "several hosts with one store in PostgreSQL",
            vec![text("hosts")],
        ),
        (
            "pam_recovery_codes",
            8,
            "PAM module that asks for a recovery code",
            vec![text("pam")],
        ),
        (
            "recovery-codes-config",
            5,
            "the settings of recovery-codes",
            vec![settings.as_str()],
        ),
    ] {
        let page = manual::page(name, section, about, &texts);
        pages.insert(format!("{name}.{section}").into(), page);
    }
}

#[test]
fn there_is_a_completion_for_every_shell() {
    let mut scripts = BTreeMap::new();
    for (shell, name) in [
        (Shell::Bash, "recovery-codes.bash"),
        (Shell::Zsh, "_recovery-codes"),
        (Shell::Fish, "recovery-codes.fish"),
        (Shell::PowerShell, "_recovery-codes.ps1"),
        (Shell::Elvish, "recovery-codes.elv"),
    ] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut command(), "recovery-codes", &mut script);
        scripts.insert(name.into(), script);
    }
    compare("completions", scripts);
}

#[test]
fn the_readme_lists_every_word() {
    let mut table = String::from("| word | what it does |\n|---|---|\n");
    for word in command().get_subcommands() {
        let inner: Vec<&str> = word
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        let inner = match inner.as_slice() {
            [] => String::new(),
            words => format!(" {}", words.join(" \\| ")),
        };
        let about = word.get_about().unwrap().to_string();
        table.push_str(&format!("| `{}{inner}` | {about} |\n", word.get_name()));
    }
    compare_section("words", &table);
}

/// Compares what stands in the README between two comments, or writes it.
#[track_caller]
fn compare_section(name: &str, wanted: &str) {
    let section = |text: &str| {
        let begin = text.find(&format!("<!-- {name}: ")).unwrap();
        let begin = begin + text[begin..].find('\n').unwrap() + 1;
        let end = text.find(&format!("<!-- end of {name} -->")).unwrap();
        begin..end
    };
    if std::env::var_os("REGENERATE").is_some() {
        readme::change(readme::PATHS[0], |text| {
            text.replace_range(section(text), wanted)
        });
    }
    let text = readme::text(readme::PATHS[0]);
    assert!(
        text[section(&text)] == *wanted,
        "the {name} in README.md are out of date; run REGENERATE=1 cargo test generated"
    );
}
