#![allow(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it stumbles"
)]

use std::collections::VecDeque;

use super::*;
use crate::host::Ended;

const CODE: &str = "AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-FFFFFF";
const YES: (i32, &str) = (0, "{\"accepted\":true,\"remaining\":8,\"low\":false}");
const NO: (i32, &str) = (1, "{\"accepted\":false}");

/// A login that follows a script, and keeps what was done.
#[derive(Default)]
struct Script {
    user: Option<&'static str>,
    items: Vec<(Item, &'static str)>,
    typed: Option<String>,
    runs: VecDeque<Result<Ended, String>>,
    asked: Vec<String>,
    said: Vec<(Manner, String)>,
    passed_on: Vec<Vec<u8>>,
    logged: Vec<(Level, String)>,
    ran: Vec<(Vec<String>, Vec<u8>)>,
    /// Whether the calling process is somebody else than root, and as whom the program ran.
    is_somebody: bool,
    ran_as: Vec<String>,
}

impl Host for Script {
    fn user(&mut self) -> Option<String> {
        self.user.map(str::to_owned)
    }

    fn item(&mut self, item: Item) -> Option<String> {
        let found = self.items.iter().find(|(known, _)| *known == item);
        found.map(|(_, value)| (*value).to_owned())
    }

    fn ask(&mut self, prompt: &str) -> Option<Secret> {
        self.asked.push(prompt.to_owned());
        self.typed.take().map(|typed| Secret::new(typed.into()))
    }

    fn say(&mut self, manner: Manner, text: &str) {
        self.said.push((manner, text.to_owned()));
    }

    fn pass_on(&mut self, typed: &Secret) -> bool {
        self.passed_on.push(typed.to_vec());
        true
    }

    fn log(&mut self, level: Level, text: &str) {
        self.logged.push((level, text.to_owned()));
    }

    fn is_root(&self) -> bool {
        !self.is_somebody
    }

    fn run(&mut self, call: &Call<'_>) -> Result<Ended, String> {
        self.ran_as.push(format!("{:?}", call.account));
        self.ran.push((call.arguments.clone(), call.input.to_vec()));
        self.runs.pop_front().unwrap()
    }
}

fn ended((exit, out): (i32, &str), err: &str) -> Result<Ended, String> {
    Ok(Ended {
        exit: Some(exit),
        out: out.into(),
        err: err.into(),
    })
}

/// alice types this, and the program answers so.
fn alice(typed: &str, runs: impl IntoIterator<Item = Result<Ended, String>>) -> Script {
    Script {
        user: Some("alice"),
        items: vec![(Item::Service, "sshd"), (Item::RemoteHost, "192.0.2.7")],
        typed: Some(typed.to_owned()),
        runs: runs.into_iter().collect(),
        ..Script::default()
    }
}

fn options(words: &[&str]) -> Options {
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    Options::parse(&words).unwrap()
}

#[test]
fn a_right_code_lets_in_and_says_how_many_are_left() {
    let mut script = alice(CODE, [ended(YES, "")]);
    assert_eq!(authenticate(&mut script, &options(&[])), Status::Success);
    assert_eq!(script.asked, ["Recovery code: "]);
    let left = "8 recovery codes are left.".to_owned();
    assert_eq!(script.said, [(Manner::Information, left)]);
    let [(arguments, input)] = &script.ran[..] else {
        panic!("{:?}", script.ran);
    };
    assert_eq!(input, CODE.as_bytes());
    let wanted =
        "--json --actor=pam --system --reason=service_sshd verify --from=192.0.2.7 -- alice";
    let arguments: Vec<String> = arguments.iter().map(|one| one.replace(' ', "_")).collect();
    assert_eq!(arguments.join(" "), wanted);
    assert_eq!(script.logged.len(), 1);
    assert!(script.logged[0].1.contains("alice is let in"));
    assert!(script.passed_on.is_empty());
}

#[test]
fn each_answer_has_its_status_and_its_words() {
    let wait = (5, "{\"accepted\":false,\"retry_after\":120}");
    let locked = (
        5,
        "{\"accepted\":false,\"retry_after\":null,\"locked\":true}",
    );
    let low = (0, "{\"accepted\":true,\"remaining\":1,\"low\":true}");
    let last = (0, "{\"accepted\":true,\"remaining\":0,\"low\":true}");
    let mistyped = "{\"error\":{\"kind\":\"malformed_code\",\"message\":\"it is empty\"}}";
    for (answer, err, status, said) in [
        (NO, "", Status::AuthError, ""),
        (NO, mistyped, Status::AuthError, "It is empty."),
        (
            wait,
            "",
            Status::MaxTries,
            "Too many attempts; wait 2 minutes.",
        ),
        (
            locked,
            "",
            Status::MaxTries,
            "Too many attempts; ask an administrator for help.",
        ),
        (
            low,
            "",
            Status::Success,
            "1 recovery code is left; get new ones soon.",
        ),
        (
            last,
            "",
            Status::Success,
            "No recovery code is left; get new ones soon.",
        ),
        ((4, ""), "", Status::Unavailable, ""),
        ((0, ""), "", Status::Unavailable, ""),
    ] {
        for silent in [false, true] {
            let mut script = alice(CODE, [ended(answer, err)]);
            let words: &[&str] = if silent { &["silent"] } else { &[] };
            assert_eq!(
                authenticate(&mut script, &options(words)),
                status,
                "{answer:?}"
            );
            let manner = match status {
                Status::Success => Manner::Information,
                _ => Manner::Error,
            };
            let said = (!silent && !said.is_empty()).then(|| (manner, said.to_owned()));
            assert_eq!(script.said, said.into_iter().collect::<Vec<_>>());
            assert!(!format!("{:?}", script.logged).contains(CODE));
        }
    }
}

#[test]
fn what_cannot_be_checked_is_no_yes_and_is_logged() {
    let mut nobody = alice(CODE, []);
    nobody.user = None;
    let mut dumb = alice(CODE, []);
    dumb.typed = None;
    let broken = alice(CODE, [Err("recovery-codes took too long".to_owned())]);
    for (mut script, why) in [
        (nobody, "it is not known who logs in; nobody is let in"),
        (dumb, "nobody can be asked; nobody is let in"),
        (broken, "recovery-codes took too long; nobody is let in"),
    ] {
        assert_eq!(
            authenticate(&mut script, &options(&[])),
            Status::Unavailable
        );
        assert_eq!(script.logged, [(Level::Error, why.to_owned())]);
    }
}

#[test]
fn what_cannot_be_a_code_is_not_even_tried() {
    for typed in [String::new(), "x".repeat(1001)] {
        let mut script = alice(&typed, []);
        assert_eq!(authenticate(&mut script, &options(&[])), Status::AuthError);
        assert!(script.ran.is_empty());
    }
}

#[test]
fn whoever_never_had_codes_is_passed_over_where_that_is_allowed() {
    let shown = |batches: u64| (0, format!("{{\"state\":\"active\",\"batches\":{batches}}}"));
    let unknown = "{\"error\":{\"kind\":\"unknown_user\",\"message\":\"no\"}}";
    let (none, some) = (shown(0), shown(1));
    for (answer, err) in [((none.0, none.1.as_str()), ""), ((3, ""), unknown)] {
        let mut script = alice(CODE, [ended(answer, err)]);
        assert_eq!(
            authenticate(&mut script, &options(&["nullok"])),
            Status::Ignore
        );
        assert!(script.asked.is_empty() && script.logged.is_empty());
        let (arguments, input) = &script.ran[0];
        assert_eq!(
            arguments.join(" "),
            "--json --actor=pam --system user show -- alice"
        );
        assert!(input.is_empty());
    }
    let mut script = alice(CODE, [ended((some.0, &some.1), ""), ended(NO, "")]);
    assert_eq!(
        authenticate(&mut script, &options(&["nullok"])),
        Status::AuthError
    );
    // What is not known is not allowed.
    let mut script = alice(CODE, [ended((4, ""), "")]);
    assert_eq!(
        authenticate(&mut script, &options(&["nullok"])),
        Status::Unavailable
    );
    assert!(script.asked.is_empty());
}

#[test]
fn what_is_no_recovery_code_is_passed_on_where_that_is_wanted() {
    let all = options(&["pass_on"]);
    for short in ["", "123456", "a password of words with spaces"] {
        let mut script = alice(short, []);
        assert_eq!(authenticate(&mut script, &all), Status::Ignore);
        assert_eq!(script.passed_on, [short.as_bytes()]);
    }
    let long = "a pass phrase of more letters than any code has ever had";
    let malformed = "{\"error\":{\"kind\":\"malformed_code\",\"message\":\"no\"}}";
    let mut script = alice(long, [ended(NO, malformed)]);
    assert_eq!(authenticate(&mut script, &all), Status::Ignore);
    assert_eq!(
        (script.passed_on, script.said.len()),
        (vec![long.into()], 0)
    );
    for (answer, status) in [(YES, Status::Success), (NO, Status::AuthError)] {
        let mut script = alice(CODE, [ended(answer, "")]);
        assert_eq!(authenticate(&mut script, &all), status);
        assert!(script.passed_on.is_empty());
    }
}

#[test]
fn every_attempt_says_from_where() {
    let long = "x".repeat(200);
    for (items, reason, source) in [
        (vec![], "service unknown", "unknown"),
        (vec![(Item::Service, "sudo")], "service sudo", "sudo"),
        (
            vec![(Item::Service, "login"), (Item::Terminal, "tty1")],
            "service login, terminal tty1",
            "tty1",
        ),
        (
            vec![
                (Item::Terminal, "ssh"),
                (Item::RemoteHost, "a\u{1b}\u{200b}é\n"),
            ],
            "service unknown, terminal ssh",
            "a????",
        ),
        (
            vec![(Item::RemoteHost, long.clone().leak() as &str)],
            "service unknown",
            &long[..128],
        ),
    ] {
        let mut script = alice(CODE, [ended(YES, "")]);
        script.items = items;
        let all = options(&["config=/etc/a.toml", "store=/b.db"]);
        assert_eq!(authenticate(&mut script, &all), Status::Success);
        let arguments = &script.ran[0].0;
        assert_eq!(arguments[2..4], ["--config=/etc/a.toml", "--store=/b.db"]);
        assert_eq!(arguments[4], format!("--reason={reason}"));
        assert_eq!(arguments[6], format!("--from={source}"));
    }
}

#[test]
fn the_log_can_tell_more() {
    let mut script = alice(CODE, [ended(NO, "")]);
    script.user = Some("al\nice");
    authenticate(&mut script, &options(&["debug"]));
    assert_eq!(
        script.logged[0],
        (Level::Debug, "al\\nice: Rejected".to_owned())
    );
}

#[test]
fn waits_are_told_in_words() {
    for (seconds, told) in [
        (0, "a moment"),
        (1, "1 second"),
        (60, "1 minute"),
        (90, "1 minute 30 seconds"),
        (3600, "1 hour"),
        (90_061, "1 day 1 hour"),
    ] {
        assert_eq!(words(seconds), told);
    }
}

#[test]
fn who_is_not_root_asks_at_the_door_where_there_is_one() {
    let with = ["socket=/run/door", "config=/etc/a.toml", "user=codes"];
    let mut script = alice(CODE, [ended(YES, "")]);
    script.is_somebody = true;
    assert_eq!(authenticate(&mut script, &options(&with)), Status::Success);
    let (arguments, input) = &script.ran[0];
    let wanted = [
        "--json",
        "--reason=service sshd",
        "verify",
        "--socket=/run/door",
        "--from=192.0.2.7",
        "--",
        "alice",
    ];
    assert_eq!(arguments[..], wanted);
    assert_eq!(
        (input.as_slice(), &script.ran_as[0][..]),
        (CODE.as_bytes(), "Caller")
    );
    // Refused there, it could not be checked.
    let mut script = alice(
        CODE,
        [ended((3, ""), "{\"error\":{\"kind\":\"not_allowed\"}}")],
    );
    script.is_somebody = true;
    assert_eq!(
        authenticate(&mut script, &options(&with)),
        Status::Unavailable
    );
    // Root does without, and so does everybody where there is none.
    for (is_somebody, words, account) in [
        (false, &with[..], "Account(\"codes\")"),
        (true, &[], "Root"),
    ] {
        let mut script = alice(CODE, [ended(YES, "")]);
        script.is_somebody = is_somebody;
        authenticate(&mut script, &options(words));
        assert_eq!(script.ran_as[0], account);
        assert!(
            !script.ran[0]
                .0
                .iter()
                .any(|one| one.starts_with("--socket"))
        );
    }
}
