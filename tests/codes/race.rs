//! Many processes at one moment: each code has one winner, no guess outruns the limiter, and a
//! store is made once.

use crate::harness::{Desk, Ended};

const VERIFY: &[&str] = &["verify", "alice"];
const CREATE: &[&str] = &["generate", "alice", "--create-user"];
const INIT: &[&str] = &["init", "--json"];

/// A desk at which the limiter stays out of the way.
fn patient() -> Desk {
    Desk::new()
        .with("RECOVERY_CODES_LIMITER_MAX_ATTEMPTS", "100")
        .with("RECOVERY_CODES_LIMITER_HARD_LIMIT", "100")
}

fn count(ended: &[Ended], exit: u8) -> usize {
    ended.iter().filter(|ended| ended.exit == exit).count()
}

/// What the processes said, for the message of a failed test.
fn said(ended: &[Ended]) -> Vec<(u8, &str)> {
    ended
        .iter()
        .map(|ended| (ended.exit, ended.err.as_str()))
        .collect()
}

#[test]
fn of_forty_processes_with_one_code_one_is_let_in() {
    let desk = patient();
    let codes = desk.issue("alice");
    let all = desk.race(&[(VERIFY, codes[0].as_str()); 40]);
    assert_eq!(
        (count(&all, 0), count(&all, 1)),
        (1, 39),
        "{:?}",
        said(&all)
    );
    let outcomes = "SELECT group_concat(outcome || ' ' || n) FROM
        (SELECT outcome, COUNT(*) AS n FROM attempts GROUP BY outcome ORDER BY outcome) AS x";
    assert_eq!(desk.query(outcomes), "accepted 1,used 39");
    assert_eq!(desk.query("SELECT used FROM batches"), "1");
    desk.assert_sound();
}

#[test]
fn nine_codes_in_four_processes_each_have_nine_winners_and_none_comes_back() {
    let desk = patient();
    let codes = desk.issue("alice");
    let args: &[&str] = &["verify", "alice", "--json"];
    let runs: Vec<(&[&str], &str)> = (0..36).map(|n| (args, codes[n % 9].as_str())).collect();
    let all = desk.race(&runs);
    for (n, code) in codes[..9].iter().enumerate() {
        let winners = all
            .iter()
            .skip(n)
            .step_by(9)
            .filter(|ended| ended.exit == 0);
        assert_eq!(winners.count(), 1, "{:?}", said(&all));
        assert_eq!(desk.pipe(&["verify", "alice"], code).exit, 1);
    }
    assert_eq!(count(&all, 1), 27, "{:?}", said(&all));
    // Each winner was told another number of codes that are left.
    let mut left: Vec<u64> = all
        .iter()
        .filter_map(|ended| ended.json()["remaining"].as_u64())
        .collect();
    left.sort_unstable();
    assert_eq!(left, (1..=9).collect::<Vec<u64>>());
    assert_eq!(desk.query("SELECT used FROM batches"), "9");
    let last = desk.pipe(&["verify", "alice"], &codes[9]);
    assert_eq!(last.exit, 0, "{}", last.err);
    desk.assert_sound();
}

#[test]
fn of_thirty_guesses_at_once_only_the_first_five_are_hashed() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    // The hint of one code, the rest of another.
    let guess = format!("{}{}", &codes[0][..6], &codes[1][6..]);
    let all = desk.race(&[(VERIFY, guess.as_str()); 30]);
    assert_eq!(
        (count(&all, 1), count(&all, 5)),
        (5, 25),
        "{:?}",
        said(&all)
    );
    let hashed = "SELECT COUNT(*) FROM attempts WHERE outcome = 'wrong'";
    assert_eq!(desk.query(hashed), "5");
    let unhashed = "SELECT COUNT(*) FROM attempts WHERE outcome = 'limited'";
    assert_eq!(desk.query(unhashed), "25");
    desk.assert_sound();
}

#[test]
fn verifying_and_invalidating_a_code_at_once_never_both_succeed() {
    let desk = patient();
    let codes = desk.issue("alice");
    for code in &codes {
        let all = desk.race(&[
            (VERIFY, code),
            (&["code", "invalidate", "alice", &code[..6]], ""),
            (VERIFY, code),
        ]);
        assert_eq!(count(&all, 0), 1, "{:?}", said(&all));
    }
    assert_eq!(desk.query("SELECT used + invalidated FROM batches"), "10");
    desk.assert_sound();
}

#[test]
fn a_pending_batch_is_confirmed_by_one_of_many() {
    let desk = patient();
    let old = desk.issue("alice");
    desk.pass(60);
    let new = desk.issue_with("alice", &["--pending"]);
    let runs: Vec<(&[&str], &str)> = new
        .iter()
        .map(|code| (&["confirm", "alice"] as &[&str], code.as_str()))
        .collect();
    let all = desk.race(&runs);
    assert_eq!((count(&all, 0), count(&all, 3)), (1, 9), "{:?}", said(&all));
    assert_eq!(desk.pipe(&["verify", "alice"], &old[0]).exit, 1);
    assert_eq!(desk.pipe(&["verify", "alice"], &new[0]).exit, 0);
    desk.assert_sound();
}

#[test]
fn eight_programs_that_initialise_at_once_make_one_key_and_one_store() {
    let desk = Desk::new();
    let all = desk.race(&[(INIT, ""); 8]);
    assert_eq!(count(&all, 0), 8, "{:?}", said(&all));
    for made in ["store_created", "keys_created", "config_created"] {
        let makers = all.iter().filter(|ended| ended.json()[made] == true);
        assert_eq!(makers.count(), 1, "{made}");
    }
    assert_one_home(&desk);
}

#[test]
fn eight_users_can_be_the_first_at_once() {
    let desk = Desk::new();
    let users: Vec<String> = (0..8).map(|n| format!("user{n}")).collect();
    let args: Vec<[&str; 3]> = users
        .iter()
        .map(|user| ["generate", user, "--create-user"])
        .collect();
    let runs: Vec<(&[&str], &str)> = args.iter().map(|args| (args.as_slice(), "")).collect();
    let all = desk.race(&runs);
    assert_eq!(count(&all, 0), 8, "{:?}", said(&all));
    for (user, ended) in users.iter().zip(&all) {
        for code in ended.lines() {
            assert_eq!(desk.spawn(&["verify", user], code).exit, 0);
        }
    }
    assert_one_home(&desk);
}

#[test]
fn of_eight_first_batches_for_one_user_one_is_issued() {
    let desk = Desk::new();
    let all = desk.race(&[(CREATE, ""); 8]);
    assert_eq!((count(&all, 0), count(&all, 5)), (1, 7), "{:?}", said(&all));
    for ended in &all {
        assert_eq!(ended.lines().len(), if ended.exit == 0 { 10 } else { 0 });
        for code in ended.lines() {
            assert_eq!(desk.spawn(&["verify", "alice"], code).exit, 0);
        }
    }
    assert_eq!(desk.query("SELECT COUNT(*) FROM users"), "1");
    assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "1");
    assert_one_home(&desk);
}

/// One key, known to the one store, whose beginning is recorded once; and nothing is wrong.
#[track_caller]
fn assert_one_home(desk: &Desk) {
    let keys = std::fs::read_to_string(desk.keys()).unwrap();
    assert_eq!(keys.matches("[keys.").count(), 1);
    let key = desk.query("SELECT group_concat(id) FROM keys");
    assert!(keys.contains(&format!("current = \"{key}\"")));
    let beginnings = "SELECT COUNT(*) FROM audit WHERE action = 'store.created'";
    assert_eq!(desk.query(beginnings), "1");
    let directory = desk.store().parent().unwrap().to_owned();
    for entry in std::fs::read_dir(directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.contains(".new"), "{name} was left behind");
    }
    // The store was made by the system's clock, so it is looked at by the same.
    for args in [&["check", "--json"], &["log", "verify"]] {
        let looked = desk.spawn(args, "");
        assert_eq!(looked.exit, 0, "{} {}", looked.out, looked.err);
    }
}
