//! Faults at every single write: whatever fails there, and when a program dies there, a yes is
//! durable, no used code comes back, nothing is lost in silence, and nothing has to be repaired.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Stdio, exit};
use std::sync::{Arc, OnceLock};

use recovery_codes::config::paths::places;
use recovery_codes::model::time;
use recovery_codes::platform::Platform;
use recovery_codes::secret::random::system_entropy;

use crate::harness::asking::with_json;
use crate::harness::faults::{Fault, Plan, mortal, under};
use crate::harness::{Desk, Ended, ended};

const DAY: i64 = 86_400;

/// A desk with something to do for every word.
struct Prepared {
    desk: Desk,
    /// The first code of alice, and her batch.
    code: String,
    batch: String,
    /// The id of a key that may be retired.
    key: String,
}

fn prepared() -> &'static Prepared {
    static PREPARED: OnceLock<Prepared> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let desk = Desk::in_file()
            .with_runtime()
            .with("RECOVERY_CODES_MAIL_BACKEND", "file")
            .with("RECOVERY_CODES_MAIL_FROM", "codes@example.org")
            .with("RECOVERY_CODES_MAIL_LOG", "true")
            .with_queue();
        let old = desk.issue("old");
        desk.pipe(&["verify", "old"], &old[0]);
        let key = desk.query("SELECT id FROM keys");
        desk.pass(100 * DAY);
        desk.say(&["key", "rotate"]);
        desk.issue("old");
        desk.pipe(&["verify", "old"], &old[1]);
        desk.add("alice");
        let code = desk.issue("alice").swap_remove(0);
        desk.say(&["limit", "reset", "alice"]);
        desk.say(&["backup", desk.home().join("backup.db").to_str().unwrap()]);
        desk.say(&[
            "schedule",
            "add",
            "clean",
            "--run",
            "purge",
            "--every",
            "once",
            "--at",
            "2026-12-30T14:13:21Z",
            "--retention-days",
            "0",
        ]);
        desk.pass(1);
        Prepared {
            batch: desk.active_batch("alice"),
            desk,
            code,
            key,
        }
    })
}

/// A word that writes.
struct Word {
    args: &'static [&'static str],
    /// Counts what it brings about: none before it.
    effect: &'static str,
    /// How it ends when it is given again after it was done.
    again: u8,
    /// What it says where it fails although it brought that about, because there was more to do.
    /// `check` finds the rest, until the word is given again a while later.
    rest: Option<&'static str>,
}

impl Word {
    const fn new(args: &'static [&'static str], effect: &'static str, again: u8) -> Self {
        Self {
            args,
            effect,
            again,
            rest: None,
        }
    }

    const fn or_says(self, rest: &'static str) -> Self {
        Self {
            rest: Some(rest),
            ..self
        }
    }
}

const INIT: Word = Word::new(&["init"], "SELECT COUNT(*) FROM store", 0).or_says("");
const VERIFY: Word = Word::new(
    &["verify", "alice"],
    "SELECT COUNT(*) FROM codes WHERE hint = 'HINT' AND state = 'used'",
    1,
);
const CONFIRM: Word = Word::new(
    &["confirm", "alice"],
    "SELECT COUNT(*) FROM batches WHERE confirmed_at IS NOT NULL",
    3,
);
const ADD: Word = Word::new(
    &["user", "add", "bob"],
    "SELECT COUNT(*) FROM users WHERE name = 'bob'",
    3,
);
const GENERATE: Word = Word::new(
    &["generate", "alice", "--yes"],
    "SELECT COUNT(*) FROM batches WHERE name = 'BATCH' AND state = 'superseded'",
    5,
);
const SAVE: Word = Word::new(
    &["generate", "alice", "--yes", "--save", "HOME/sheet.txt"],
    GENERATE.effect,
    5,
);
const TEMPORARY: Word = Word::new(
    &["generate", "alice", "--temporary", "--reason", "x"],
    "SELECT COUNT(*) FROM batches WHERE is_temporary = 1",
    0,
);
const REMIND: Word = Word::new(
    &["email", "--reminder", "alice"],
    "SELECT COUNT(*) FROM reminders",
    3,
);
const EXPORT: Word = Word::new(
    &["export", "alice", "--output", "HOME/sheet.txt"],
    "SELECT COUNT(*) FROM batches WHERE exported_at IS NOT NULL",
    3,
);
const EMAIL: Word = Word::new(
    &["email", "alice"],
    "SELECT COUNT(*) FROM letters WHERE kind = 'codes'",
    3,
);
const INVALIDATE: Word = Word::new(
    &["code", "invalidate", "alice", "HINT"],
    "SELECT COUNT(*) FROM codes WHERE hint = 'HINT' AND state = 'invalidated'",
    3,
);
const DELETE: Word = Word::new(
    &["batch", "delete", "BATCH", "--yes"],
    "SELECT COUNT(*) FROM batches WHERE state = 'deleted'",
    3,
);
const RESET: Word = Word::new(
    &["limit", "reset", "old"],
    "SELECT 1 - COUNT(*) FROM limiters WHERE action = 'verify'",
    0,
);
const PURGE: Word = Word::new(
    &["purge", "--retention-days", "0", "--chunk", "3"],
    "SELECT COUNT(*) FROM audit WHERE action = 'codes.purged'",
    0,
);
const PRUNE: Word = Word::new(
    &["log", "prune"],
    "SELECT COUNT(*) FROM audit WHERE action = 'log.pruned'",
    0,
);
const ROTATE: Word =
    Word::new(&["key", "rotate"], "SELECT COUNT(*) - 2 FROM keys", 0).or_says("the new key");
const RETIRE: Word = Word::new(
    &["key", "retire", "KEY", "--yes"],
    "SELECT COUNT(*) FROM keys WHERE retired_at IS NOT NULL",
    3,
)
.or_says("secret");
const BACKUP: Word = Word::new(
    &["backup", "HOME/new.db"],
    "SELECT COUNT(*) - 1 FROM audit WHERE action = 'store.backed_up'",
    3,
);
const RESTORE: Word = Word::new(
    &["restore", "HOME/backup.db", "--yes"],
    "SELECT epoch - 1 FROM store",
    0,
)
.or_says("was replaced");
const WORK: Word = Word::new(
    &["worker", "--once"],
    "SELECT COUNT(*) FROM tasks WHERE state = 'done'",
    0,
)
.or_says("");

/// One fresh start.
struct Trial {
    desk: Desk,
    word: &'static Word,
    args: Vec<String>,
}

impl Trial {
    fn of(word: &'static Word) -> Self {
        let desk = match word.args {
            ["init"] => Desk::in_file().twin(),
            _ => prepared().desk.twin(),
        };
        let args = word.args.iter().map(|arg| fill(arg, &desk)).collect();
        Self { desk, word, args }
    }

    fn args(&self) -> Vec<&str> {
        with_json(&self.args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn run(&self) -> Ended {
        self.desk.pipe(&self.args(), &prepared().code)
    }

    /// Whether the store holds what the word is to bring about.
    fn is_done(&self) -> bool {
        self.desk.store().exists() && self.desk.query(&fill(self.word.effect, &self.desk)) != "0"
    }
}

fn fill(text: &str, desk: &Desk) -> String {
    let Prepared {
        code, batch, key, ..
    } = prepared();
    text.replace("HOME", desk.home().to_str().unwrap())
        .replace("HINT", &code[..6])
        .replace("BATCH", batch)
        .replace("KEY", key)
}

/// `check` finds nothing wrong; it proves the audit chain as `log verify` does, in half the time.
fn assert_sound(desk: &Desk, why: &str) {
    assert_eq!(desk.check(), Ok(()), "{why}");
}

/// All that must hold after a run that came to this end, whatever happened in it.
fn assert_nothing_is_lost(trial: &Trial, ended: &Ended, why: &str) {
    let Trial { desk, word, .. } = trial;
    let is_whole = ended.exit == 0 || word.rest.is_none();
    if is_whole {
        assert_sound(desk, why);
    }
    let is_done = trial.is_done();
    if ended.exit == 0 {
        assert!(is_done, "{why}: it was said and is not there");
    } else if ended.exit == 4 && is_done {
        let says = |text| ended.err.contains(text);
        assert!(
            says("not certain") || word.rest.is_some_and(says),
            "{why}: it is there and was not said"
        );
    }
    for file in ["new.db", "sheet.txt"] {
        let file = desk.home().join(file);
        if ended.exit != 0 && file.exists() {
            // A disk that fails for good does not let go of it; a dead process says nothing.
            let says = ["remove", "keep"].map(|what| format!("{what} {}", file.display()));
            let is_in_doubt = ended.err.contains("not certain");
            let is_said = ended.err.contains(&says[usize::from(is_in_doubt)]);
            assert!(ended.exit == 255 || is_said, "{why}");
            fs::remove_file(file).unwrap();
        }
    }
    if !is_whole {
        desk.pass(900);
    }
    let again = trial.run();
    let expected: &[u8] = match (is_done, ended.exit) {
        (false, _) => &[0],
        (true, 0) => &[word.again],
        (true, _) => &[0, word.again],
    };
    assert!(expected.contains(&again.exit), "{why}: then {again:?}");
    assert!(trial.is_done(), "{why}: it cannot be done any more");
    if !is_whole {
        assert_sound(desk, why);
    }
}

/// Every call of every one of these words that writes fails once, and with all after it.
fn sweep(words: &[&'static Word]) {
    const WAYS: [(Fault, bool); 4] = [
        (Fault::Io, false),
        (Fault::Io, true),
        (Fault::Full, false),
        (Fault::Full, true),
    ];
    for word in words {
        assert!(!Trial::of(word).is_done(), "{:?}", word.args);
        let whole = Trial::of(word);
        let (ended, calls) = under(None, || whole.run());
        assert_eq!(ended.exit, 0, "{:?}: {}", word.args, ended.err);
        assert!(whole.is_done() && calls.contains(&c"fsync"));
        for (index, call) in calls.iter().enumerate() {
            // Pages are many and alike, so these take turns.
            let ways = match call.to_bytes() {
                b"pwrite64" => &WAYS[index % 4..][..1],
                _ => &WAYS[..2],
            };
            for &(fault, stays) in ways {
                let at = index + 1;
                let trial = Trial::of(word);
                let plan = Plan { at, fault, stays };
                let (ended, _) = under(Some(plan), || trial.run());
                let why = format!("{:?}, {plan:?}, {call:?}, {ended:?}", word.args);
                assert!([0, 4].contains(&ended.exit), "{why}");
                if ended.exit == 4 {
                    // What a worker has done besides is told.
                    assert!(ended.out.is_empty() || word.rest == Some(""), "{why}");
                    let error = ended.error();
                    let kind = error["kind"].as_str().unwrap();
                    let kinds = [
                        "io",
                        "in_doubt",
                        "disk_full",
                        "read_only_store",
                        "permission",
                        "task",
                    ];
                    assert!(kinds.contains(&kind), "{why}");
                    assert!(error["hint"].is_string(), "{why}");
                }
                assert_nothing_is_lost(&trial, &ended, &why);
            }
        }
    }
}

#[test]
fn a_write_that_fails_lets_nobody_in_and_loses_no_code() {
    sweep(&[&VERIFY, &CONFIRM, &ADD, &INVALIDATE, &DELETE, &RESET]);
}

#[test]
fn a_write_that_fails_leaves_old_codes_or_new_ones() {
    sweep(&[&GENERATE, &SAVE, &EXPORT, &EMAIL]);
}

#[test]
fn a_write_that_fails_leaves_no_code_beside_the_sheet_and_no_reminder_that_is_not_said() {
    sweep(&[&TEMPORARY, &REMIND]);
}

#[test]
fn a_write_that_fails_loses_no_key_and_no_record_of_what_went() {
    sweep(&[&INIT, &ROTATE, &RETIRE, &PURGE, &PRUNE, &WORK]);
}

#[test]
fn a_write_that_fails_leaves_a_whole_store_and_a_whole_backup_or_none() {
    sweep(&[&BACKUP, &RESTORE]);
}

/// The word at a disk that takes no more bytes just when the store is to hold it.
fn left_in_doubt(word: &'static Word, prepare: impl Fn(&Desk)) -> (Trial, String) {
    let begin = || {
        let trial = Trial::of(word);
        prepare(&trial.desk);
        trial
    };
    let whole = begin();
    let (_, calls) = under(None, || whole.run());
    for at in 1..=calls.len() {
        let trial = begin();
        let plan = Plan {
            at,
            fault: Fault::Bytes,
            stays: true,
        };
        let (ended, _) = under(Some(plan), || trial.run());
        if ended.exit == 4 && ended.error()["kind"] == "in_doubt" {
            assert!(trial.is_done(), "{ended:?}");
            let hint = ended.error()["hint"].as_str().unwrap().to_owned();
            return (trial, hint);
        }
    }
    panic!("{:?} is never in doubt", word.args);
}

#[test]
fn what_may_be_the_only_copy_stays_when_it_is_in_doubt() {
    let (trial, hint) = left_in_doubt(&SAVE, |desk| {
        fs::write(desk.home().join("sheet.txt"), "old").unwrap();
    });
    let home = trial.desk.home();
    let before = fs::read_dir(home)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_str().unwrap().contains("sheet.txt.before-"))
        .unwrap();
    let sheet = home.join("sheet.txt");
    let said = format!(
        "keep {} until then, and {}",
        sheet.display(),
        before.display()
    );
    assert!(hint.contains(&said), "{hint}");
    let codes = format!("then its codes work and are in {}", sheet.display());
    assert!(hint.contains(&codes), "{hint}");
    assert_eq!(fs::read_to_string(before).unwrap(), "old");
    let sheet = fs::read_to_string(sheet).unwrap();
    let is_one = |word: &&str| word.len() == 41;
    let code = sheet.split_whitespace().find(is_one).unwrap();
    assert_eq!(trial.desk.pipe(&["verify", "alice"], code).exit, 0);

    let (trial, hint) = left_in_doubt(&GENERATE, |_| ());
    for said in [
        "`recovery-codes batch list alice` shows batch ",
        "`recovery-codes export alice`",
        "nothing has changed: generate again",
    ] {
        assert!(hint.contains(said), "{hint}");
    }
    let sheet = trial.desk.say(&["export", "alice", "--output", "-"]).out;
    let code = sheet.split_whitespace().find(is_one).unwrap();
    assert_eq!(trial.desk.pipe(&["verify", "alice"], code).exit, 0);

    for (word, file) in [(&EXPORT, "sheet.txt"), (&BACKUP, "new.db")] {
        let (trial, hint) = left_in_doubt(word, |_| ());
        let file = trial.desk.home().join(file);
        assert!(file.metadata().unwrap().len() > 0);
        assert!(hint.contains(&format!("keep {}", file.display())), "{hint}");
    }
}

#[test]
#[ignore = "the other tests start it"]
fn dies_at_a_write() {
    let Ok(args) = env::var("DYING_ARGS") else {
        return;
    };
    let text = |name| env::var(name).unwrap();
    let plan = Plan {
        at: text("DYING_AT").parse().unwrap(),
        fault: match text("DYING_AFTER").as_str() {
            "0" => Fault::KilledBefore,
            _ => Fault::KilledAfter,
        },
        stays: false,
    };
    let now = time::from_millis(text("DYING_MOMENT").parse().unwrap());
    let mut platform = Platform::real(system_entropy(), places());
    platform.clock = Arc::new(move || now);
    let args = ["recovery-codes"].into_iter().chain(args.split('\n'));
    let run = || recovery_codes::run(args.map(OsString::from), &mut platform);
    exit(under(Some(plan), run).0.code().into());
}

/// The word dies at each of its calls that write: before it, and after it where that is not the
/// same as before the next.
fn die_everywhere(word: &'static Word) {
    let whole = Trial::of(word);
    let (_, calls) = under(None, || whole.run());
    let code = &prepared().code;
    for at in 1.. {
        for after in [false, true] {
            if after && calls.get(at - 1).is_none_or(|call| *call == c"pwrite64") {
                continue;
            }
            let trial = Trial::of(word);
            let mut child = mortal(&trial.desk, &trial.args(), at, after);
            let mut child = child.stdin(Stdio::piped()).spawn().unwrap();
            let _ = child.stdin.take().unwrap().write_all(code.as_bytes());
            let output = child.wait_with_output().unwrap();
            let is_killed = output.status.signal().is_some();
            let ended = ended(output);
            let why = format!("{:?}, {at}, after {after}, {ended:?}", word.args);
            if is_killed {
                let yes =
                    ended.out.contains("\"accepted\":true") || ended.out.contains("\"codes\"");
                assert!(!yes || trial.is_done(), "{why}");
            } else {
                assert_eq!(ended.exit, 0, "{why}");
                assert!(at > calls.len(), "{why}");
            }
            assert_nothing_is_lost(&trial, &ended, &why);
            if !is_killed {
                return;
            }
        }
    }
}

#[test]
fn killed_at_any_write_a_login_lets_nobody_in_twice() {
    die_everywhere(&VERIFY);
}

#[test]
fn killed_at_any_write_new_codes_are_there_or_the_old_ones() {
    die_everywhere(&GENERATE);
}

#[test]
fn killed_at_any_write_a_purge_goes_on_the_next_time() {
    die_everywhere(&PURGE);
}

#[test]
fn killed_at_any_write_a_rotation_leaves_a_key_that_fits() {
    die_everywhere(&ROTATE);
}

#[test]
fn killed_at_any_write_a_backup_is_whole_or_not_there() {
    die_everywhere(&BACKUP);
}

#[test]
fn killed_at_any_write_a_restore_leaves_one_store_or_the_other() {
    die_everywhere(&RESTORE);
}

#[test]
fn killed_at_any_write_init_can_be_given_again() {
    die_everywhere(&INIT);
}
