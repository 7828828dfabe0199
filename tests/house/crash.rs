//! Processes that die at any moment, and disks that are full: a yes that was said stays said, a
//! code that was not accepted still works, and nothing has to be repaired.

use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::faults::mortal;
use crate::harness::{Desk, Ended, ended};

/// Delays that look random and are the same in every run.
struct Delays {
    seed: u64,
    longest: Duration,
}

impl Delays {
    /// From none to a little more than one undisturbed run of this program takes.
    fn up_to_the_end_of(mut command: Command, input: &str) -> Self {
        let start = Instant::now();
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        assert!(child.wait().unwrap().success());
        Self {
            seed: 0x2545_F491_4F6C_DD1D,
            longest: (start.elapsed() * 5 / 4).min(Duration::from_millis(100)),
        }
    }

    fn next(&mut self) -> Duration {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.longest * u32::try_from(self.seed % 1000).unwrap() / 1000
    }
}

/// Starts the program and kills it after a while, by which it may have ended.
fn kill(mut command: Command, input: &str, after: Duration) -> Ended {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    std::thread::sleep(after);
    child.kill().unwrap();
    ended(child.wait_with_output().unwrap())
}

/// A desk at which attempts that died do not lead to a wait, whatever keeps its store.
fn patient() -> Desk {
    patient_at(Desk::new())
}

/// The same with a file, for what only a file has: a disk that is full, copies beside it.
fn patient_in_file() -> Desk {
    patient_at(Desk::in_file())
}

fn patient_at(desk: Desk) -> Desk {
    desk.with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100")
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "100")
}

#[test]
fn killed_logins_never_let_a_code_in_twice() {
    let desk = patient();
    let codes = desk.issue_with("alice", &["--count", "100"]);
    let verify: &[&str] = &["verify", "alice", "--json"];
    let said_yes = |ended: &Ended| ended.out.contains("\"accepted\":true");
    let mut delays = Delays::up_to_the_end_of(desk.process(verify), &codes[0]);
    for code in &codes[1..] {
        // Two at once, so that one may die in the middle of the other's turn.
        let (first, second) = (delays.next(), delays.next());
        let killed = std::thread::scope(|scope| {
            let other = scope.spawn(|| kill(desk.process(verify), code, second));
            [
                kill(desk.process(verify), code, first),
                other.join().unwrap(),
            ]
        });
        let is_used = {
            let state = format!("SELECT state FROM codes WHERE hint = '{}'", &code[..6]);
            desk.query(&state) == "used"
        };
        let again = desk.pipe(verify, code);
        assert_eq!(again.exit, u8::from(is_used), "{}", again.err);
        assert_eq!(desk.pipe(verify, code).exit, 1);
        let yes = killed.iter().filter(|ended| said_yes(ended)).count();
        assert!(yes <= usize::from(is_used), "{killed:?}");
        desk.run(&["limit", "reset", "alice"]);
    }
    assert_eq!(desk.query("SELECT used FROM batches"), "100");
    let uses = "SELECT COUNT(*) FROM audit WHERE action = 'code.used'";
    assert_eq!(desk.query(uses), "100");
    desk.assert_sound();
}

#[test]
fn a_killed_generate_leaves_a_whole_batch_or_none() {
    let desk = patient();
    desk.issue("warm");
    let mut delays =
        Delays::up_to_the_end_of(desk.process(&["generate", "first", "--create-user"]), "");
    for number in 0..80 {
        let user = format!("user{number}");
        let generate = desk.process(&["generate", &user, "--create-user"]);
        let killed = kill(generate, "", delays.next());
        let of_user = "FROM codes JOIN batches b ON b.id = batch_id JOIN users u ON u.id = user_id";
        let stored = desk.query(&format!(
            "SELECT COUNT(*) {of_user} WHERE u.name = '{user}'"
        ));
        assert!(["0", "10"].contains(&stored.as_str()), "{stored} codes");
        for code in killed.lines() {
            assert_eq!(desk.pipe(&["verify", &user], code).exit, 0, "{killed:?}");
        }
    }
    desk.assert_sound();
}

#[test]
fn a_killed_init_can_be_repeated() {
    let mut delays = Delays::up_to_the_end_of(Desk::in_file().process(&["init"]), "");
    for _ in 0..60 {
        let desk = Desk::in_file();
        kill(desk.process(&["init"]), "", delays.next());
        let again = desk.spawn(&["init"], "");
        assert_eq!(again.exit, 0, "{}", again.err);
        let check = desk.spawn(&["check", "--json"], "");
        assert_eq!(check.exit, 0, "{}", check.out);
        assert_eq!(desk.spawn(&["log", "verify"], "").exit, 0);
        let left: Vec<_> = fs::read_dir(desk.store().parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains(".new"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_killed_rotation_leaves_a_key_and_a_store_that_fit() {
    let desk = patient();
    let old = desk.issue_with("alice", &["--count", "100"]);
    let rotate: &[&str] = &["key", "rotate"];
    let mut delays = Delays::up_to_the_end_of(desk.process(rotate), "");
    for (number, code) in old[1..60].iter().enumerate() {
        kill(desk.process(rotate), "", delays.next());
        let tried = desk.pipe(&["verify", "alice"], code);
        assert_eq!(tried.exit, 0, "{}", tried.err);
        let user = format!("user{number}");
        let new = desk.issue_with(&user, &["--count", "1"]);
        assert_eq!(desk.pipe(&["verify", &user], &new[0]).exit, 0);
    }
    // No key is in one place only, and no draft with secrets in it outlives the next rotation.
    desk.run(rotate);
    let beside: Vec<_> = fs::read_dir(desk.keys().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(beside, ["keys.toml"]);
    let held = fs::read_to_string(desk.keys()).unwrap();
    assert_eq!(
        held.matches("secret = ").count().to_string(),
        desk.query("SELECT COUNT(*) FROM keys")
    );
    desk.assert_sound();
}

#[test]
fn a_killed_retirement_can_be_repeated() {
    let desk = patient();
    desk.issue("alice");
    let id = |desk: &Desk| {
        desk.query("SELECT id FROM keys WHERE id NOT IN (SELECT key_id FROM audit_head) AND retired_at IS NULL")
    };
    desk.run(&["key", "rotate"]);
    desk.pass(60);
    let codes = desk.issue("alice");
    let first = id(&desk);
    let mut delays =
        Delays::up_to_the_end_of(desk.process(&["key", "retire", &first, "--yes"]), "");
    for _ in 0..40 {
        desk.go_ahead();
        desk.run(&["key", "rotate"]);
        desk.pass(3600);
        desk.issue_with("alice", &["--count", "1"]);
        let old = id(&desk);
        let retire = ["key", "retire", &old, "--yes"];
        kill(desk.process(&retire), "", delays.next());
        let again = desk.run(&retire);
        // It may have come to its end before it was killed.
        assert!(
            again.exit == 0 || again.err.contains("is retired already"),
            "{}",
            again.err
        );
        let held = fs::read_to_string(desk.keys()).unwrap();
        assert_eq!(held.matches("secret = ").count(), 1, "{}", again.err);
        desk.assert_sound();
    }
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 1);
}

/// The program where no file can grow beyond this many blocks of 512 bytes.
fn cramped(desk: &Desk, blocks: u32, args: &[&str], input: &str) -> Ended {
    let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut child = desk
        .shell(&script, args)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    ended(child.wait_with_output().unwrap())
}

#[test]
fn where_nothing_can_be_written_no_code_is_accepted_and_none_is_lost() {
    let desk = patient_in_file();
    let codes = desk.issue("alice");
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    let verify: &[&str] = &["verify", "alice"];
    let mut refused = 0;
    // With more and more space every write on the way to the yes is once the one that fails.
    let accepted = (0..2000).step_by(4).find(|blocks| {
        let tried = cramped(&desk, *blocks, verify, &codes[0]);
        let is_used = desk.query("SELECT used FROM batches") == "1";
        if tried.exit == 0 {
            assert!(is_used, "it was let in for nothing");
            return true;
        }
        assert_eq!(tried.exit, 4, "{}", tried.err);
        assert!(tried.err.contains("hint: "), "{}", tried.err);
        assert!(!is_used, "the code is lost");
        refused += 1;
        false
    });
    assert!(accepted.is_some() && refused > 5, "{refused} refused");
    assert_eq!(desk.pipe(verify, &codes[0]).exit, 1);
    assert_eq!(desk.pipe(verify, &codes[1]).exit, 0);
    desk.assert_sound();
}

#[test]
fn where_nothing_can_be_written_the_old_codes_stay() {
    let desk = patient_in_file();
    let codes = desk.issue("alice");
    desk.run(&["limit", "reset", "alice"]);
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    for blocks in [0, 8, 32] {
        let tried = cramped(&desk, blocks, &["generate", "alice", "--yes"], "");
        assert_eq!((tried.exit, tried.out.as_str()), (4, ""), "{}", tried.err);
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "1");
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.assert_sound();
}

#[test]
fn where_nothing_can_be_written_a_rotation_loses_no_key() {
    let desk = patient_in_file();
    let codes = desk.issue_with("alice", &["--count", "100"]);
    desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
    let mut codes = codes.iter();
    let mut refused = 0;
    let rotated = (0..2000).step_by(4).find(|blocks| {
        let tried = cramped(&desk, *blocks, &["key", "rotate"], "");
        if tried.exit == 0 {
            return true;
        }
        assert_eq!(tried.exit, 4, "{}", tried.err);
        assert!(tried.err.contains("hint: "), "{}", tried.err);
        refused += 1;
        if *blocks % 16 == 0 {
            let code = codes.next().unwrap();
            let verified = desk.pipe(&["verify", "alice"], code);
            assert_eq!(verified.exit, 0, "{}", verified.err);
            desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        false
    });
    assert!(rotated.is_some() && refused > 5, "{refused} refused");
    let held = fs::read_to_string(desk.keys()).unwrap();
    let known = desk.query("SELECT COUNT(*) FROM keys");
    assert_eq!(held.matches("secret = ").count().to_string(), known);
    desk.assert_sound();
}

#[test]
fn where_nothing_can_be_written_init_leaves_nothing_half_made() {
    let desk = Desk::in_file();
    for blocks in [0, 1, 16, 64, 128] {
        let tried = cramped(&desk, blocks, &["init"], "");
        assert_eq!(tried.exit, 4, "{}", tried.err);
        assert!(!desk.store().exists());
    }
    assert_eq!(desk.spawn(&["init"], "").exit, 0);
    assert_eq!(desk.spawn(&["check"], "").exit, 0);
}

/// The program without its guard, which the system kills when a file grows beyond this many blocks
/// of 512 bytes.
fn cut_off(desk: &Desk, blocks: u32, args: &[&str]) {
    let mortal = mortal(desk, args, usize::MAX, false);
    let ended = desk
        .command("sh")
        .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")])
        .arg(mortal.get_program())
        .args(mortal.get_args())
        .envs(
            mortal
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .output()
        .unwrap();
    // SIGXFSZ
    assert_eq!(ended.status.signal(), Some(25), "{args:?}: {ended:?}");
}

fn listed(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn who_is_killed_while_writing_codes_leaves_none_of_them_behind() {
    let desk = Desk::in_file().with_runtime();
    // By the clock of the process that is killed, the session must last.
    let issued = desk.spawn(&["generate", "alice", "--create-user"], "");
    assert_eq!(issued.exit, 0, "{}", issued.err);
    let place = desk.home().join("sheets");
    fs::create_dir(&place).unwrap();
    // While somebody has the store open, reading it writes nothing.
    let open = rusqlite::Connection::open(desk.store()).unwrap();
    open.query_row("SELECT epoch FROM store", [], |_| Ok(()))
        .unwrap();
    let export = ["export", "alice", "--format", "pdf", "--output"];
    cut_off(&desk, 1, &[&export[..], &["sheets/new.pdf"]].concat());
    assert_eq!(listed(&place), [""; 0]);
    fs::write(place.join("old.pdf"), "old").unwrap();
    cut_off(
        &desk,
        1,
        &[&export[..], &["sheets/old.pdf", "--yes"]].concat(),
    );
    assert_eq!(listed(&place), ["old.pdf"]);
    assert_eq!(fs::read(place.join("old.pdf")).unwrap(), b"old");
}

#[test]
fn what_a_killed_backup_or_restore_leaves_is_named_and_taken_away_by_the_next() {
    for is_backup in [true, false] {
        // A program looks for drafts once in each directory, and all that a desk does is one.
        let desk = patient_in_file();
        desk.issue("alice");
        desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        let place = desk.store().parent().unwrap().to_owned();
        let beside = place.join("a.db");
        let good = desk.home().join("good.db");
        let (beside, good) = (beside.to_str().unwrap(), good.to_str().unwrap());
        desk.say(&["backup", good]);
        let before = listed(&place);
        let args: &[&str] = if is_backup {
            &["backup", beside]
        } else {
            &["restore", good, "--yes"]
        };
        cut_off(&desk, 64, args);
        assert_eq!(listed(&place).len(), before.len() + 1, "{args:?}");
        let note = desk.json(&["check"]);
        let note = note["items"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&note["check"], &note["level"]),
            (&"drafts".into(), &"note".into())
        );
        let draft = note["message"].as_str().unwrap();
        assert!(draft.contains("/.recovery-codes-draft-"), "{draft}");
        desk.say(&["backup", beside]);
        fs::remove_file(beside).unwrap();
        assert_eq!(listed(&place), before);
        desk.assert_sound();
    }
}

#[test]
fn what_a_killed_init_leaves_is_named_when_no_other_takes_it_away() {
    let desk = Desk::in_file();
    cut_off(&desk, 64, &["init"]);
    let draft = desk.store().with_extension("db.new");
    assert!(draft.exists() && !desk.store().exists());
    fs::copy(&draft, desk.home().join("kept")).unwrap();
    desk.say(&["init"]);
    assert!(!draft.exists());
    fs::rename(desk.home().join("kept"), &draft).unwrap();
    let report = desk.say(&["check", "--json"]).out;
    assert!(report.contains("recovery-codes.db.new behind"), "{report}");
}
