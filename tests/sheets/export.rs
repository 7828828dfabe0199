//! `export` and `generate --save`: once per batch, into a private file, or not at all.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::Desk;
use crate::harness::delivery::{assert_no_secret, files};

fn desk() -> Desk {
    Desk::new().with_runtime()
}

/// A file in the desk's home, as a path and as an argument.
fn place(desk: &Desk, name: &str) -> (PathBuf, String) {
    let path = desk.home().join(name);
    let text = path.to_str().unwrap().to_owned();
    (path, text)
}

/// The codes of a sheet in any format, in their order.
fn read_back(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap();
    let text = match path.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            assert_eq!(reader.headers().unwrap(), vec!["number", "hint", "code"]);
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            return rows.iter().map(|row| row[2].to_owned()).collect();
        }
        Some("pdf") => {
            let document = lopdf::Document::load_mem(&bytes).unwrap();
            let pages: Vec<u32> = document.get_pages().into_keys().collect();
            // This reader puts a space wherever the face changes.
            document.extract_text(&pages).unwrap().replace(" -", "-")
        }
        _ => String::from_utf8(bytes).unwrap(),
    };
    text.split_whitespace()
        .filter(|word| word.len() == 41 && word.matches('-').count() == 5)
        .map(str::to_owned)
        .collect()
}

/// No draft was left beside a sheet.
#[track_caller]
fn assert_no_draft(desk: &Desk) {
    for (path, _) in files(desk.home()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!name.starts_with(".recovery-codes-"), "{name}");
    }
}

#[test]
fn a_batch_is_exported_once() {
    let desk = desk();
    let codes = desk.issue("alice");
    let first = desk.run(&["export", "alice", "--output", "-"]);
    assert_eq!((first.exit, first.err.lines().count()), (0, 1));
    for code in &codes {
        assert!(first.out.contains(code.as_str()));
    }
    let (path, again) = place(&desk, "again.pdf");
    let args = ["export", "alice", "--output", &again];
    let refused = desk.refuses(&args, 3, "already_exported");
    assert!(refused.contains("was exported on 2026-09-21"), "{refused}");
    assert!(!path.exists());
    let entry = &desk.audit()[0];
    assert_eq!(entry["action"], "codes.exported");
    assert_eq!(entry["details"], "txt");
    desk.pass(60);
    desk.issue("alice");
    desk.say(&args);
    desk.assert_sound();
}

#[test]
fn the_format_is_that_of_the_word_else_of_the_ending_else_of_the_settings() {
    for (name, format, kind) in [
        ("sheet.txt", None, "txt"),
        ("sheet.csv", None, "csv"),
        ("sheet.PDF", None, "pdf"),
        ("sheet", None, "csv"),
        ("sheet.odt", None, "csv"),
        ("sheet.txt", Some("pdf"), "pdf"),
    ] {
        let desk = desk().with("RECOVERY_CODES_EXPORT_FORMAT", "csv");
        let codes = desk.issue("alice");
        let (path, file) = place(&desk, name);
        let mut args = vec!["export", "alice", "--output", &file];
        args.extend(format.map(|_| "--format"));
        args.extend(format);
        let answer = desk.json(&args);
        assert_eq!(answer["format"], kind, "{name}");
        assert_eq!(answer["output"], file.as_str());
        assert_eq!(answer["user"], "alice");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let as_kind = path.with_file_name(format!("read.{kind}"));
        fs::rename(&path, &as_kind).unwrap();
        assert_eq!(read_back(&as_kind), codes, "{name}");
        assert_no_draft(&desk);
    }
}

#[test]
fn without_a_name_it_is_written_into_the_current_directory() {
    let desk = desk().with("RECOVERY_CODES_EXPORT_FILE_NAME", "my codes");
    assert_eq!(desk.spawn(&["init"], "").exit, 0);
    let issued = desk.spawn(&["generate", "alice", "--create-user"], "");
    let exported = desk.spawn(&["export", "alice", "--format", "csv"], "");
    assert_eq!((exported.exit, exported.out.as_str()), (0, ""));
    let note = "Wrote the codes of alice to my codes.csv. A batch is exported once.\n";
    assert_eq!(exported.err, note);
    let path = desk.home().join("my codes.csv");
    assert_eq!(read_back(&path), issued.lines());
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_file_is_replaced_only_by_whom_says_yes() {
    let desk = desk();
    let codes = desk.issue("alice");
    let (path, file) = place(&desk, "sheet.txt");
    fs::write(&path, "precious").unwrap();
    let args = ["export", "alice", "--output", &file];
    let refused = desk.refuses(&args, 3, "file_exists");
    assert!(refused.contains("sheet.txt is there already"), "{refused}");
    let declined = desk.talk(&args, &["n"]);
    assert_eq!(declined.exit, 3);
    assert!(
        declined
            .err
            .contains("sheet.txt is there already and is replaced. Go on?")
    );
    assert_eq!(fs::read(&path).unwrap(), b"precious");
    assert_eq!(desk.talk(&args, &["y"]).exit, 0);
    assert_eq!(read_back(&path), codes);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_no_draft(&desk);
    // Who has nothing to export is not asked about the file.
    desk.refuses(&args, 3, "already_exported");
}

#[test]
fn what_a_link_points_at_is_not_written_to() {
    let desk = desk();
    let codes = desk.issue("alice");
    let (target, _) = place(&desk, "target");
    fs::write(&target, "precious").unwrap();
    let (link, file) = place(&desk, "link.txt");
    symlink(&target, &link).unwrap();
    let args = ["export", "alice", "--output", &file, "--yes"];
    desk.refuses(&args[..4], 3, "file_exists");
    desk.say(&args);
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    assert_eq!(read_back(&link), codes);
}

#[test]
fn where_no_file_can_be_written_nothing_happens() {
    let desk = desk();
    let codes = desk.issue("alice");
    desk.pass(60);
    let missing = place(&desk, "missing/sheet.txt").1;
    let directory = desk.home().to_str().unwrap().to_owned();
    for (file, why) in [
        (missing.as_str(), "there is no directory"),
        (directory.as_str(), "is not a file"),
        ("/dev/null", "is not a file"),
    ] {
        for args in [
            ["export", "alice", "--output", file, "--yes"],
            ["generate", "alice", "--save", file, "--yes"],
        ] {
            let refused = desk.refuses(&args, 4, "io");
            assert!(refused.contains(why), "{refused}");
        }
    }
    assert_eq!(desk.session_keys().len(), 1);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    assert!(
        desk.say(&["export", "alice", "--output", "-"])
            .out
            .contains(codes[1].as_str())
    );
    desk.assert_sound();
}

#[test]
fn standard_output_belongs_to_one_document() {
    let desk = desk();
    desk.issue("alice");
    let both = desk.run(&["export", "alice", "--output", "-", "--json"]);
    assert_eq!((both.exit, both.out.as_str()), (2, ""));
    assert_eq!(both.error()["kind"], "usage");
    desk.refuses(&["generate", "alice", "--save", "-", "--yes"], 2, "usage");
    let lonely = ["generate", "alice", "--format", "pdf", "--json"];
    assert_eq!(desk.run(&lonely).error()["kind"], "usage");
    desk.say(&["export", "alice", "--output", "-"]);
}

#[test]
fn a_sheet_that_nobody_got_is_not_counted() {
    let desk = desk();
    assert_eq!(desk.spawn(&["init"], "").exit, 0);
    let issued = desk.spawn(&["generate", "alice", "--create-user"], "");
    let args = ["export", "alice", "--output", "-"];
    let full = desk.shell("exec \"$0\" \"$@\" > /dev/full", &args).output();
    let full = crate::harness::ended(full.unwrap());
    assert_eq!(full.exit, 4);
    assert!(
        full.err.contains("the export is still free; try again"),
        "{}",
        full.err
    );
    assert_eq!(desk.query("SELECT exported_at FROM batches"), "null");
    assert_eq!(desk.audit()[0]["action"], "export.released");
    let again = desk.spawn(&args, "");
    assert_eq!(again.exit, 0, "{}", again.err);
    assert!(again.out.contains(issued.lines()[0].as_str()));
}

#[test]
fn of_eight_programs_one_exports() {
    let desk = desk();
    assert_eq!(desk.spawn(&["init"], "").exit, 0);
    let issued = desk.spawn(&["generate", "alice", "--create-user"], "");
    let names: Vec<String> = (0..8).map(|n| format!("sheet{n}.txt")).collect();
    let args: Vec<[&str; 5]> = names
        .iter()
        .map(|name| ["export", "alice", "--json", "--output", name.as_str()])
        .collect();
    let runs: Vec<(&[&str], &str)> = args.iter().map(|args| (args.as_slice(), "")).collect();
    let all = desk.race(&runs);
    for (ended, name) in all.iter().zip(&names) {
        let path = desk.home().join(name);
        assert_eq!(path.exists(), ended.exit == 0, "{}", ended.err);
        if ended.exit == 0 {
            assert_eq!(read_back(&path), issued.lines());
        } else {
            assert_eq!(ended.exit, 3, "{}", ended.err);
            assert_eq!(ended.error()["kind"], "already_exported");
        }
    }
    assert_eq!(all.iter().filter(|ended| ended.exit == 0).count(), 1);
    let exports = "SELECT COUNT(*) FROM audit WHERE action = 'codes.exported'";
    assert_eq!(desk.query(exports), "1");
    assert_no_draft(&desk);
}

#[test]
fn generate_saves_the_one_sheet() {
    let desk = desk();
    let (path, file) = place(&desk, "sheet.pdf");
    let codes = desk.issue_with("alice", &["--save", &file, "--print"]);
    assert_eq!(read_back(&path), codes);
    let audit = desk.audit();
    let actions: Vec<_> = audit.iter().map(|entry| &entry["action"]).take(2).collect();
    assert_eq!(actions, ["codes.exported", "batch.generated"]);
    assert_eq!(audit[0]["details"], "pdf");
    desk.refuses(
        &["export", "alice", "--output", "-"][..2],
        3,
        "already_exported",
    );
    // With --json the file's name is told, and the codes by the same rule.
    let (other, file) = place(&desk, "sheet.csv");
    let args = ["generate", "alice", "--yes", "--save", &file];
    desk.pass(60);
    let issued = desk.json(&[&args[..], &["--print"]].concat());
    assert_eq!(issued["saved"], file.as_str());
    let codes: Vec<String> = serde_json::from_value(issued["codes"].clone()).unwrap();
    assert_eq!(read_back(&other), codes);
    desk.pass(60);
    assert_eq!(desk.json(&args)["codes"], Value::Null);
    desk.pass(60);
    let issued = desk.say(&args);
    assert_eq!(issued.out, "");
    let codes = read_back(&other);
    assert_no_secret("the message", issued.err.as_bytes(), &codes);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[9]).exit, 0);
    let shown = "SELECT group_concat(shown_at IS NOT NULL) FROM batches";
    assert_eq!(desk.query(shown), "1,1,0,0");
    desk.assert_sound();
}

#[test]
fn generate_asks_before_it_replaces_a_sheet() {
    let desk = desk();
    let (path, file) = place(&desk, "sheet.txt");
    let old = desk.issue_with("alice", &["--save", &file, "--print"]);
    desk.pass(60);
    let args = ["generate", "alice", "--save", &file, "--print"];
    desk.refuses(&args, 3, "file_exists");
    for answers in [&["n"] as &[&str], &["y", "n"]] {
        assert_eq!(desk.talk(&args, answers).exit, 3);
        assert_eq!(read_back(&path), old);
        assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "1");
    }
    let new = desk.talk(&args, &["y", "y"]);
    assert_eq!(new.exit, 0, "{}", new.err);
    assert_eq!(read_back(&path), new.lines());
    assert_no_draft(&desk);
}

#[test]
fn a_full_disk_leaves_the_old_codes_and_their_sheet() {
    let desk = desk();
    assert_eq!(desk.spawn(&["init"], "").exit, 0);
    let (path, file) = place(&desk, "sheet.txt");
    let first = ["generate", "alice", "--create-user", "--save", &file];
    assert_eq!(desk.spawn(&first, "").exit, 0);
    let old = read_back(&path);
    let sheet = fs::read(&path).unwrap();
    let mut refused = 0;
    for blocks in (0..2000).step_by(4) {
        desk.tamper("DELETE FROM limiters; PRAGMA wal_checkpoint(TRUNCATE)");
        let tried = desk.cramped(blocks, &["generate", "alice", "--yes", "--save", &file]);
        if tried.exit == 0 {
            break;
        }
        assert_eq!((tried.exit, tried.out.as_str()), (4, ""), "{}", tried.err);
        assert!(tried.err.contains("hint: "), "{}", tried.err);
        assert!(fs::read(&path).unwrap() == sheet, "{blocks} blocks");
        assert_eq!(desk.query("SELECT COUNT(*) FROM batches"), "1");
        assert_eq!(desk.session_keys().len(), 1, "{blocks} blocks");
        assert_no_draft(&desk);
        if refused == 0 {
            assert_eq!(desk.spawn(&["verify", "alice"], &old[0]).exit, 0);
        }
        refused += 1;
    }
    assert!(refused > 5, "{refused} refused");
    assert_eq!(
        desk.spawn(&["verify", "alice"], &read_back(&path)[0]).exit,
        0
    );
}

#[test]
fn a_full_disk_leaves_the_export_free() {
    let desk = desk();
    assert_eq!(desk.spawn(&["init"], "").exit, 0);
    let issued = desk.spawn(&["generate", "alice", "--create-user"], "");
    let mut refused = 0;
    for blocks in (0..2000).step_by(4) {
        desk.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
        let tried = desk.cramped(blocks, &["export", "alice"]);
        let batch = desk.query("SELECT substr(name, 1, 8) FROM batches");
        let path = desk
            .home()
            .join(format!("recovery-codes-alice-{batch}.txt"));
        if tried.exit == 0 {
            assert_eq!(read_back(&path), issued.lines());
            break;
        }
        assert_eq!(tried.exit, 4, "{}", tried.err);
        assert!(!path.exists(), "{blocks} blocks");
        assert_eq!(desk.query("SELECT exported_at FROM batches"), "null");
        assert_no_draft(&desk);
        refused += 1;
    }
    assert!(refused > 2, "{refused} refused");
}

#[test]
fn each_refusal_says_what_to_do() {
    let desk = desk();
    desk.say(&["user", "add", "alice"]);
    let refused = desk.refuses(&["export", "alice"], 3, "no_session");
    assert!(refused.contains("alice has no codes"), "{refused}");
    assert!(
        refused.contains("`recovery-codes generate alice`"),
        "{refused}"
    );
    desk.refuses(&["export", "nobody"], 3, "unknown_user");
    desk.refuses(&["export", "a\tb"], 2, "malformed_name");
}
