//! Help for every word, and what is said of a command line that makes no sense.

use recovery_codes::cli::command;

use crate::harness::Desk;

/// Every word with the words above it.
fn words() -> Vec<Vec<String>> {
    fn walk(tree: &clap::Command, above: &[String], all: &mut Vec<Vec<String>>) {
        all.push(above.to_vec());
        for word in tree.get_subcommands() {
            let mut path = above.to_vec();
            path.push(word.get_name().to_owned());
            walk(word, &path, all);
        }
    }
    let mut all = Vec::new();
    walk(&command(), &[], &mut all);
    assert!(all.len() > 35, "{}", all.len());
    all
}

#[test]
fn every_word_has_help() {
    let desk = Desk::in_file();
    for word in words() {
        for flag in ["--help", "-h"] {
            let mut args: Vec<&str> = word.iter().map(String::as_str).collect();
            args.push(flag);
            let ended = desk.say(&args);
            assert_eq!(ended.err, "", "{args:?}");
            let usage = format!(
                "Usage: {}",
                [vec!["recovery-codes"], args[..word.len()].to_vec()]
                    .concat()
                    .join(" ")
            );
            assert!(ended.out.contains(&usage), "{args:?}: {}", ended.out);
            let first = ended.out.lines().next().unwrap();
            assert!(
                first.len() > 5 && !first.ends_with('.'),
                "{args:?}: {first}"
            );
            for line in ended.out.lines() {
                assert!(line.chars().count() <= 100, "{args:?}: {line}");
            }
        }
    }
}

#[test]
fn every_argument_is_explained() {
    fn walk(tree: &clap::Command) {
        for argument in tree
            .get_arguments()
            .filter(|argument| !argument.is_hide_set())
        {
            let help = argument
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            let place = format!("{} {}", tree.get_name(), argument.get_id());
            assert!(help.len() > 5, "{place}: {help}");
            assert!(!help.ends_with('.'), "{place}: {help}");
        }
        for word in tree.get_subcommands() {
            assert!(word.get_about().is_some(), "{}", word.get_name());
            walk(word);
        }
    }
    walk(&command());
}

#[test]
fn the_version_is_said() {
    let ended = Desk::in_file().say(&["--version"]);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(ended.out, format!("recovery-codes {version}\n"));
    assert!(
        Desk::in_file()
            .say(&["--help"])
            .out
            .contains("Exit status: 0 done or yes")
    );
}

#[test]
fn a_command_line_that_makes_no_sense_ends_with_2() {
    let desk = Desk::in_file();
    for (args, message, hint) in [
        (vec!["xyzzy"], "unrecognized subcommand 'xyzzy'", "--help"),
        (
            vec!["verfy", "alice"],
            "unrecognized subcommand 'verfy'",
            "'verify'",
        ),
        (
            vec!["user", "list", "--serch", "x"],
            "unexpected argument '--serch' found",
            "'--search'",
        ),
        (
            vec!["user", "list", "--state", "on"],
            "invalid value 'on' for '--state <STATE>' [possible values: active, disabled]",
            "--help",
        ),
        (
            vec!["user", "add"],
            "the following required arguments were not provided: <NAME>",
            "--help",
        ),
        (
            vec!["code", "show"],
            "the following required arguments were not provided: <USER>, <HINT>",
            "--help",
        ),
        (
            vec!["user", "add", "a", "b"],
            "unexpected argument 'b' found",
            "--help",
        ),
        (
            vec!["user", "list", "--page", "-1"],
            "invalid value '-1' for '--page <N>': give a whole number of at least 1",
            "--help",
        ),
        (
            vec!["generate", "a", "--count", "-1"],
            "invalid value '-1' for '--count <N>': give a whole number from 1 to 100",
            "--help",
        ),
        (
            vec!["user", "list", "--page", "0"],
            "invalid value '0' for '--page <N>': give a whole number of at least 1",
            "--help",
        ),
        (
            vec!["generate", "a", "--count", "101"],
            "invalid value '101' for '--count <N>': give a whole number from 1 to 100",
            "--help",
        ),
        (
            vec!["-q", "-v", "status"],
            "the argument '--quiet' cannot be used with '--verbose'",
            "--help",
        ),
        (
            vec!["--color", "pink", "status"],
            "invalid value 'pink' for '--color <WHEN>' [possible values: auto, always, never]",
            "--help",
        ),
    ] {
        let text = desk.run(&args);
        assert_eq!((text.exit, text.out.as_str()), (2, ""), "{args:?}");
        assert!(text.err.starts_with("error: "), "{args:?}: {}", text.err);
        let json = desk.run(&[args.as_slice(), &["--json"]].concat());
        assert_eq!((json.exit, json.out.as_str()), (2, ""), "{args:?}");
        let error = json.error();
        assert_eq!(error["kind"], "usage", "{args:?}");
        assert_eq!(error["message"], message, "{args:?}");
        assert!(
            error["hint"].as_str().unwrap().contains(hint),
            "{args:?}: {error}"
        );
    }
}

#[test]
fn a_word_that_is_missing_shows_what_there_is() {
    let desk = Desk::in_file();
    for args in [vec![], vec!["user"], vec!["log"]] {
        let ended = desk.run(&args);
        assert_eq!((ended.exit, ended.out.as_str()), (2, ""), "{args:?}");
        let shows = ["Commands:", "Codes: "].map(|words| ended.err.contains(words));
        assert!(shows.contains(&true), "{}", ended.err);
    }
    let json = desk.run(&["user", "--json"]);
    assert_eq!((json.exit, &json.error()["kind"]), (2, &"usage".into()));
}

#[test]
fn what_clap_repeats_does_not_reach_the_terminal() {
    let ended = Desk::in_file().run(&["bo\u{1b}[2Jgus"]);
    assert_eq!(ended.exit, 2);
    assert!(!ended.err.contains('\u{1b}'), "{:?}", ended.err);
    assert!(ended.err.contains("gus'"), "{}", ended.err);
}

#[test]
fn the_real_program_says_the_same() {
    let desk = Desk::in_file();
    let help = desk.spawn(&["verify", "--help"], "");
    assert_eq!((help.exit, help.err.as_str()), (0, ""));
    assert!(help.out.contains("uses it up") || help.out.contains("use it up"));
    let wrong = desk.spawn(&["verify"], "");
    assert_eq!((wrong.exit, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("<USER>"), "{}", wrong.err);
}

/// Every `recovery-codes …` in backticks or quotes below a directory of sources.
fn advised(directory: &std::path::Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            advised(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for rest in text.split("`recovery-codes ").skip(1) {
                found.push(rest.split('`').next().unwrap().to_owned());
            }
        }
    }
}

#[test]
fn every_command_that_a_hint_names_can_be_given() {
    use clap::error::ErrorKind::{
        DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, MissingRequiredArgument,
    };
    let mut found = Vec::new();
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    advised(std::path::Path::new(sources), &mut found);
    assert!(found.len() > 40, "{}", found.len());
    for line in found {
        // What is filled in when it is said is a number or a name.
        let words = line.split_whitespace().map(|word| match word {
            _ if word.starts_with('{') => "1",
            _ => word,
        });
        let given = command().try_get_matches_from(["recovery-codes"].into_iter().chain(words));
        let fits = given.as_ref().map_or_else(
            |error| {
                matches!(
                    error.kind(),
                    DisplayHelp
                        | DisplayHelpOnMissingArgumentOrSubcommand
                        | MissingRequiredArgument
                )
            },
            |_| true,
        );
        assert!(fits, "{line}: {:?}", given.err());
    }
}

#[test]
fn help_tells_about_words_and_topics() {
    use recovery_codes::cli::manual::TOPICS;
    let desk = Desk::in_file();
    let word = desk.say(&["help", "user", "add"]);
    assert_eq!(word.out, desk.say(&["user", "add", "--help"]).out);
    assert_eq!(desk.say(&["help"]).out, desk.say(&["--help"]).out);
    let named = desk.say(&["help", "help"]).out.replace('\n', " ");
    for (topic, text) in TOPICS {
        assert!(named.contains(topic), "{named}");
        let told = desk.say(&["help", topic]);
        assert_eq!(told.err, "");
        assert!(
            told.out.starts_with(text.lines().next().unwrap()),
            "{topic}"
        );
        assert!(!told.out.contains("<!--"), "{topic}");
        let json = desk.json(&["help", topic]);
        assert_eq!(json["about"], topic);
        assert_eq!(
            json["text"].as_str().unwrap().trim_end(),
            told.out.trim_end()
        );
    }
    let settings = desk.say(&["help", "settings"]).out;
    assert!(settings.contains("`RECOVERY_CODES_LIMITER_MAX_ATTEMPTS`"));
    for wrong in [&["help", "xyzzy"][..], &["help", "user", "xyzzy"]] {
        let refused = desk.run(wrong);
        assert_eq!((refused.exit, refused.out.as_str()), (2, ""));
        assert!(
            refused.err.contains("recovery-codes help"),
            "{}",
            refused.err
        );
    }
}

/// Each moment and span that the topic `time` names is understood, in the order in which it does.
#[test]
fn times_are_written_as_help_says() {
    let desk = Desk::in_file();
    desk.say(&["init"]);
    let text = desk.say(&["help", "time"]).out;
    let examples: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let dated = |text: &&&str| text.starts_with(|c: char| c.is_ascii_digit());
    let (at, since): (Vec<_>, Vec<_>) = examples
        .iter()
        .skip_while(|example| **example != "--since")
        .filter(dated)
        .partition(|example| example.contains("03:00"));
    assert!(at.len() == 3 && since.len() > 8, "{at:?} {since:?}");
    for example in since {
        desk.say(&["log", "audit", "--since", example]);
    }
    for (number, example) in at.into_iter().enumerate() {
        let name = format!("s{number}");
        let add = [
            "schedule", "add", &name, "--run", "purge", "--every", "daily",
        ];
        desk.say(&[&add[..], &["--at", example]].concat());
    }
}

/// Whatever a user is called and wherever the store lies, a command that is advised can be pasted.
#[test]
fn commands_that_are_advised_can_be_pasted() {
    let desk = Desk::in_file();
    let store = desk.home().join("my $store").join("it's.db");
    let config = desk.home().join("a config").join("config.toml");
    let place = [
        "--store",
        store.to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
    ];
    let run = |words: &[&str]| {
        let ended = desk.run(&[&place[..], words].concat());
        ended.err
    };
    let mut pasted = 0;
    for name in ["Ann O'Neil $(id)", "-x", "`who`", "ü"] {
        run(&["user", "add", "--", name]);
        for words in [
            &[
                "user",
                "add",
                "--if-missing",
                "--email",
                "a@example.org",
                "--",
                name,
            ][..],
            &["export", "--", name],
            &["user", "show", "--", name],
            &["generate", "--", name],
            &["generate", "--", name],
            &["generate", "--pending", "--yes", "--", name],
            &["email", "--", name],
            &["code", "show", "--", name, "AAAAAA"],
            &["user", "disable", "--", name],
            &["generate", "--", name],
            &["user", "show", "--", name],
        ] {
            let said = run(words);
            // A name may hold the mark that ends a command in a sentence.
            for rest in said.split("`recovery-codes ").skip(1) {
                let line = rest.rsplit_once('`').unwrap().0;
                let line = if name.contains('`') {
                    line
                } else {
                    line.split('`').next().unwrap()
                };
                if line.contains('<') {
                    continue;
                }
                let split = std::process::Command::new("sh")
                    .args(["-c", &format!("printf '%s\\n' {line}")])
                    .output()
                    .unwrap();
                let split = String::from_utf8(split.stdout).unwrap();
                let given: Vec<&str> = split.lines().collect();
                if !given.contains(&name) {
                    continue;
                }
                let matches = command()
                    .try_get_matches_from([&["recovery-codes"][..], &given].concat())
                    .unwrap_or_else(|error| panic!("{line}: {error}"));
                let named = matches.get_one::<std::path::PathBuf>("store").unwrap();
                assert_eq!(*named, store, "{line}");
                pasted += 1;
            }
        }
    }
    assert!(pasted > 25, "{pasted}");
    let said = desk.run(&[&place[..], &["user", "show", "nobody", "--json"]].concat());
    let hint = said.error()["hint"].as_str().unwrap().to_owned();
    assert!(
        hint.contains("--store '") && hint.contains("user list"),
        "{hint}"
    );
}
