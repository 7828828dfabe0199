//! `store copy` from file to file: whatever fails or dies on the way, no code works in two stores, and a
//! store that stands in neither can be moved once more.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use crate::harness::faults::{Fault, Plan, mortal, under};
use crate::harness::{Desk, ended};

/// A desk with one user and one code, and where its store is to be.
fn desk() -> (Desk, String, PathBuf) {
    static PREPARED: OnceLock<(Desk, String)> = OnceLock::new();
    let (desk, code) = PREPARED.get_or_init(|| {
        let desk = Desk::in_file();
        let code = desk.issue_with("alice", &["--count", "1"]).swap_remove(0);
        (desk, code)
    });
    let desk = desk.twin();
    let to = desk.home().join("there.db");
    (desk, code.clone(), to)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn copying<'a>(from: &'a Path, to: &'a Path) -> [&'a str; 6] {
    ["store", "copy", text(from), text(to), "--yes", "--json"]
}

fn is_let_in(desk: &Desk, store: &Path, code: &str) -> bool {
    let store = ["--store", text(store), "verify", "alice"];
    desk.pipe(&store, code).exit == 0
}

/// However it ended, the code works in one of the stores, or in the new one after it is done once more.
#[track_caller]
fn assert_one_is_in_use(desk: &Desk, code: &str, to: &Path, why: &str) {
    let from = desk.store();
    let here = is_let_in(desk, &from, code);
    let there = is_let_in(desk, to, code);
    assert!(!(here && there), "twice: {why}");
    if !there {
        let again = desk.run(&copying(&from, to));
        assert_eq!(again.exit, 0, "{why}: {}", again.err);
        assert_eq!(is_let_in(desk, to, code), !here, "{why}");
    }
    assert_eq!(
        desk.run(&["status"]).exit,
        4,
        "the old one is out of use: {why}"
    );
    for args in [&["check", "--deep"][..], &["log", "verify"]] {
        let sound = desk.run(&[&["--store", text(to)], args].concat());
        assert_eq!(sound.exit, 0, "{why}: {}{}", sound.out, sound.err);
    }
}

#[test]
fn a_store_moves_whole_and_the_old_one_says_where_it_is() {
    let (desk, code, to) = desk();
    let from = desk.store();
    let users = desk.run(&["user", "list", "--json"]).out;
    let asked = desk.run(&["store", "copy", text(&from), text(&to)]);
    assert_eq!(asked.exit, 3, "it asks");
    let moved = desk.json(&["store", "copy", text(&from), text(&to), "--yes"]);
    assert_eq!(
        (&moved["users"], &moved["to"]),
        (&1.into(), &text(&to).into())
    );
    let refused = desk.run(&["--json", "status"]);
    assert_eq!(
        (refused.exit, refused.error()["kind"].clone()),
        (4, "replaced_store".into())
    );
    assert!(
        refused.error()["message"]
            .as_str()
            .unwrap()
            .contains(text(&to))
    );
    let there = desk.run(&["--store", text(&to), "user", "list", "--json"]);
    assert_eq!(there.out, users);
    let other = desk.home().join("other.db");
    let again = desk.run(&copying(&from, &other));
    assert_eq!(
        again.error()["kind"],
        "replaced_store",
        "what is here is old"
    );
    assert!(!other.exists());
    let onto = desk.run(&copying(&to, &from));
    assert_eq!(
        (onto.exit, onto.error()["kind"].clone()),
        (3, "file_exists".into())
    );
    let same = desk.run(&copying(&to, &to));
    assert_eq!(
        (same.exit, same.error()["kind"].clone()),
        (2, "usage".into())
    );
    assert!(is_let_in(&desk, &to, &code));
}

#[test]
fn of_eight_moves_at_once_to_as_many_places_one_is_done() {
    let (desk, code, _) = desk();
    desk.go_ahead();
    let from = desk.store();
    let places: Vec<PathBuf> = (0..8)
        .map(|number| desk.home().join(format!("{number}.db")))
        .collect();
    let args: Vec<_> = places.iter().map(|place| copying(&from, place)).collect();
    let runs: Vec<(&[&str], &str)> = args.iter().map(|args| (args.as_slice(), "")).collect();
    let ended = desk.race(&runs);
    let done = ended.iter().filter(|ended| ended.exit == 0).count();
    assert_eq!(done, 1, "{ended:?}");
    let let_in = places
        .iter()
        .filter(|place| place.exists() && is_let_in(&desk, place, &code));
    assert_eq!(let_in.count(), 1);
    assert!(!is_let_in(&desk, &from, &code));
}

#[test]
fn wherever_the_disk_fails_no_code_works_in_two_stores() {
    let (whole, _, to) = desk();
    let (_, calls) = under(None, || whole.run(&copying(&whole.store(), &to)));
    for fault in [Fault::Io, Fault::Full] {
        for at in 1..=calls.len() {
            let (desk, code, to) = desk();
            let plan = Plan {
                at,
                fault,
                stays: false,
            };
            let args = [desk.store(), to.clone()];
            let (ended, _) = under(Some(plan), || desk.run(&copying(&args[0], &args[1])));
            let why = format!("{fault:?} at {at}, {:?}: {ended:?}", calls[at - 1]);
            assert_one_is_in_use(&desk, &code, &to, &why);
        }
    }
}

#[test]
fn wherever_it_is_killed_no_code_works_in_two_stores() {
    for at in 1.. {
        let (desk, code, to) = desk();
        let from = desk.store();
        let mut child = mortal(&desk, &copying(&from, &to), at, false);
        let child = child.stdin(Stdio::null()).spawn().unwrap();
        let ended = ended(child.wait_with_output().unwrap());
        let is_done = ended.exit == 0;
        assert_one_is_in_use(&desk, &code, &to, &format!("killed at {at}: {ended:?}"));
        if is_done {
            return;
        }
    }
}
