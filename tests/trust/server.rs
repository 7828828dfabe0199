//! A store on a PostgreSQL server: how it is reached, what it must promise, who may do what, and that it
//! moves from one engine to the other. Needs the server that `tests/servers/postgres` starts.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

use recovery_codes::store::Store;
use recovery_codes::store::engine::postgres::schema;

use crate::harness::{Desk, ended, engine, feed};
use crate::moving::fixtures::{codes, each_live_once_each_dead_never};

const NEEDS: &str = "tests/servers/postgres starts the server that this needs";

/// A desk whose store is on a server, but not made yet.
fn desk() -> Desk {
    assert!(engine::server().is_some(), "{NEEDS}");
    Desk::new()
}

fn url(options: &str) -> String {
    let socket = engine::server().expect(NEEDS);
    format!("postgres://postgres@/postgres?host={socket}{options}")
}

/// How a command ends that is told this store.
#[track_caller]
fn refused(desk: &Desk, store: &str, kind: &str) -> String {
    let ended = desk.run(&["--store", store, "--json", "status"]);
    let error = ended.error();
    assert_eq!((ended.exit, &error["kind"]), (4, &kind.into()), "{error}");
    assert!(error["hint"].is_string(), "{error}");
    error["message"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_url_that_makes_no_sense_or_gives_something_away_is_refused() {
    let desk = desk();
    for bad in [
        "postgres://a:geheim@db/x",
        "postgres://db/x?password=geheim",
        "postgres://db/x?sslmode=prefer",
        "postgres://db/x?sslmode=verify-ca",
        "postgres://db:port/x",
        "postgres://db/x?nonsense=1",
        "postgres://a:ge/heim@db/x",
        "postgres://db/x?sslmode=disable&sslmode=verify-full",
        "postgres://a@/x?hostaddr=127.0.0.1&sslmode=verify-full",
        "postgres://db/x?sslrootcert=%zz",
    ] {
        let said = refused(&desk, bad, "config");
        assert!(!said.contains("heim"), "{said}");
    }
    let ended = desk.run(&["--store", "postgres://a:geheim@db/x", "status"]);
    assert!(!ended.err.contains("geheim"), "{}", ended.err);
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn who_cannot_reach_the_server_denies_and_nothing_is_made() {
    let desk = desk().with("RECOVERY_CODES_SERVER_TIMEOUT", "1");
    // Nobody is there, and somebody who never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    for store in [
        "postgres://a@127.0.0.1:1/x?sslmode=disable".to_owned(),
        format!("postgres://a@127.0.0.1:{port}/x?sslmode=disable"),
        format!("postgres://a@127.0.0.1:{port},127.0.0.1:1/x?sslmode=disable"),
        format!("postgres://a@127.0.0.1:{port}/x"),
        "postgres://a@/x?host=/nowhere".to_owned(),
    ] {
        refused(&desk, &store, "unreachable");
        let verify = desk.pipe(&["--store", &store, "verify", "alice"], "x");
        assert_eq!(verify.exit, 4, "{}", verify.err);
    }
    assert!(!desk.keys().exists());
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn what_the_server_lacks_is_said() {
    let desk = desk();
    refused(&desk, &url("&options=-csearch_path%3Dnobody"), "no_store");
    let said = refused(
        &desk,
        &url("").replace("/postgres?", "/nobody?"),
        "no_store",
    );
    assert!(said.contains("no such database"), "{said}");
    refused(
        &desk,
        &url("").replace("//postgres@", "//nobody@"),
        "permission",
    );
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn no_code_is_accepted_where_what_is_confirmed_could_be_lost() {
    let desk = desk();
    let codes = desk.issue("alice");
    let careful = desk.with("RECOVERY_CODES_SERVER_ALONE", "false");
    let verify = careful.pipe(&["--json", "verify", "alice"], &codes[0]);
    assert_eq!(
        (verify.exit, verify.error()["kind"].clone()),
        (4, "not_durable".into())
    );
    let check = careful.run(&["check", "--json"]).json();
    let found = check["items"].as_array().unwrap();
    let standby = found
        .iter()
        .find(|item| item["check"] == "standby")
        .unwrap();
    assert_eq!(standby["level"], "wrong");
    let meant = careful.with("RECOVERY_CODES_SERVER_ALONE", "true");
    assert_eq!(meant.pipe(&["verify", "alice"], &codes[0]).exit, 0);
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_password_comes_from_a_private_file() {
    let desk = desk();
    desk.issue("alice");
    let file = desk.home().join("password");
    fs::write(&file, "geheim\n").unwrap();
    let desk = desk.with(
        "RECOVERY_CODES_SERVER_PASSWORD_FILE",
        file.to_str().unwrap(),
    );
    let ended = desk.run(&["--json", "status"]);
    assert_eq!(
        (ended.exit, ended.error()["kind"].clone()),
        (4, "permission".into())
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    desk.say(&["status"]);
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn the_role_of_daily_use_can_do_it_and_no_more() {
    let desk = desk();
    let name = format!("daily_{}", std::process::id());
    let as_role = |role: &str| {
        url(&format!("&options=-csearch_path%3D{}", desk.schema()))
            .replace("//postgres@", &format!("//{role}@"))
    };
    let printed = desk.run(&["--store", &as_role(&name), "init", "--print-roles"]);
    assert_eq!(printed.exit, 0, "{}", printed.err);
    desk.tamper(
        &printed
            .out
            .replace("SCHEMA public", &format!("SCHEMA {}", desk.schema())),
    );
    let (daily, owner) = (as_role(&name), as_role(&format!("{name}_owner")));
    let refused = desk.run(&["--store", &daily, "--json", "init"]);
    assert_eq!(refused.error()["kind"], "permission", "{}", refused.err);
    desk.say(&["--store", &owner, "init"]);
    let codes = desk
        .run(&["--store", &daily, "generate", "alice", "--create-user"])
        .lines();
    assert_eq!(
        desk.pipe(&["--store", &daily, "verify", "alice"], &codes[0])
            .exit,
        0
    );
    desk.say(&["--store", &daily, "worker", "--once"]);
    desk.say(&["--store", &daily, "purge", "--retention-days", "0"]);
    desk.say(&["--store", &daily, "log", "verify"]);
    for change in [
        "DROP TABLE codes",
        "CREATE TABLE mine ()",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DELETE FROM audit",
    ] {
        assert!(
            desk.behind(&daily).batch_execute(change).is_err(),
            "{change}"
        );
    }
    desk.tamper(&format!(
        "DROP OWNED BY {name}, {name}_owner CASCADE; DROP ROLE {name}, {name}_owner"
    ));
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn what_was_changed_in_the_schema_is_found_and_nothing_is_believed_meanwhile() {
    for (change, named) in [
        ("DROP TABLE mail_log", "the table 'mail_log' is missing"),
        (
            "ALTER TABLE users ADD COLUMN x TEXT",
            "the table 'users' is not what",
        ),
        (
            "DROP TRIGGER audit_is_never_changed ON audit",
            "audit_is_never_changed' is missing",
        ),
        ("CREATE TABLE mine ()", "the table 'mine' was not made"),
        (
            "CREATE FUNCTION f() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
          CREATE TRIGGER t BEFORE UPDATE ON codes FOR EACH ROW EXECUTE FUNCTION f()",
            "the trigger 'codes.t' was not made",
        ),
        (
            "CREATE RULE r AS ON UPDATE TO codes DO INSTEAD NOTHING",
            "the rule 'codes.r' was not made",
        ),
        (
            "ALTER TABLE codes ENABLE ROW LEVEL SECURITY",
            "the table 'codes' is not what",
        ),
        (
            "CREATE TABLE child () INHERITS (codes)",
            "the table 'child' was not made",
        ),
        (
            "CREATE OR REPLACE FUNCTION next_number(TEXT) RETURNS BIGINT LANGUAGE SQL AS 'SELECT CAST(7 AS BIGINT)'",
            "next_number",
        ),
        (
            "ALTER TABLE codes ALTER COLUMN hash SET DEFAULT 'x'",
            "the table 'codes' is not what",
        ),
    ] {
        let desk = desk();
        let codes = desk.issue("alice");
        desk.tamper(change);
        let check = desk.run(&["check"]);
        assert!(check.out.contains(named), "{change}: {}", check.out);
        // A default changes nothing that is read.
        if !change.contains("DEFAULT") {
            let verify = desk.pipe(&["verify", "alice"], &codes[0]);
            assert_ne!(verify.exit, 0, "{change}");
        }
    }
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn the_schema_is_written_down() {
    let desk = desk();
    desk.say(&["init"]);
    let store = Store::open(&desk.location()).unwrap();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres");
    for (name, found) in [
        ("schema.txt", schema::as_made(store.read()).unwrap()),
        ("watched.txt", schema::watched(store.read()).unwrap() + "\n"),
    ] {
        let file = format!("{root}/{name}");
        if std::env::var_os("REGENERATE").is_some() {
            fs::write(&file, &found).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            found,
            "{name}: REGENERATE=1"
        );
    }
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_store_moves_to_the_other_engine_and_back_and_nobody_goes_on_with_the_old_one() {
    let desk = desk();
    let server = desk.location().to_string();
    let codes = desk.issue("alice");
    desk.issue_with("bob", &["--alphabet", "typeable"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let [file, other] = ["moved.db", "again.db"].map(|name| desk.home().join(name));
    let [file, other] = [&file, &other].map(|file| file.to_str().unwrap());
    let users = desk.run(&["user", "list", "--json"]).out;
    let moved = desk.json(&["store", "copy", &server, file, "--yes"]);
    assert_eq!((&moved["users"], &moved["to"]), (&2.into(), &file.into()));
    for args in [
        &["status"][..],
        &["generate", "carol", "--create-user"],
        &["verify", "alice"],
    ] {
        let old = desk.pipe(&[&["--json"], args].concat(), &codes[1]);
        assert_eq!(
            (old.exit, old.error()["kind"].clone()),
            (4, "replaced_store".into()),
            "{args:?}"
        );
    }
    let here = |args: &[&str], input: &str| desk.pipe(&[&["--store", file], args].concat(), input);
    assert_eq!(here(&["user", "list", "--json"], "").out, users);
    assert_eq!(here(&["verify", "alice"], &codes[0]).exit, 1);
    assert_eq!(here(&["verify", "alice"], &codes[1]).exit, 0);
    assert_eq!(here(&["check", "--deep"], "").exit, 0);
    // What was moved is old, and must not be spread.
    let twice = desk.run(&["--json", "store", "copy", &server, other, "--yes"]);
    assert_eq!(twice.error()["kind"], "replaced_store");
    let onto = desk.run(&["--json", "store", "copy", file, &server, "--yes"]);
    assert_eq!(
        (onto.exit, onto.error()["kind"].clone()),
        (3, "file_exists".into())
    );
    let same = desk.run(&["--json", "store", "copy", file, file, "--yes"]);
    assert_eq!(
        (same.exit, same.error()["kind"].clone()),
        (2, "usage".into())
    );
    desk.tamper(&format!(
        "DROP SCHEMA {0} CASCADE; CREATE SCHEMA {0}",
        desk.schema()
    ));
    desk.say(&["store", "copy", file, &server, "--yes"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[1]).exit, 1);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[2]).exit, 0);
    let deeds: Vec<_> = desk
        .audit()
        .into_iter()
        .filter(|deed| deed["action"] == "store.moved")
        .collect();
    assert_eq!(deeds.len(), 2, "{deeds:?}");
    desk.assert_sound();
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_store_that_was_edited_does_not_move_and_goes_on() {
    let desk = desk();
    desk.issue("alice");
    desk.tamper("UPDATE users SET email = 'a@example.org', email_folded = 'a@example.org'");
    let file = desk.home().join("moved.db");
    let server = desk.location().to_string();
    let refused = desk.run(&[
        "--json",
        "store",
        "copy",
        &server,
        file.to_str().unwrap(),
        "--yes",
    ]);
    assert_eq!(
        (refused.exit, refused.error()["kind"].clone()),
        (4, "forged".into())
    );
    assert!(!file.exists());
    desk.say(&["status"]);
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_store_comes_back_from_a_backup_and_the_old_one_is_kept_in_a_file() {
    let desk = desk();
    let codes = desk.issue("alice");
    let file = desk.home().join("backup.db");
    let file = file.to_str().unwrap();
    desk.say(&["backup", file]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    let restored = desk.json(&["restore", file, "--yes"]);
    let aside = restored["set_aside"].as_str().unwrap().to_owned();
    assert_eq!(
        desk.pipe(&["verify", "alice"], &codes[1]).exit,
        1,
        "a new epoch"
    );
    let kept = desk.pipe(&["--store", &aside, "verify", "alice"], &codes[0]);
    assert_eq!(kept.exit, 1, "it was used in what was set aside");
    assert_eq!(
        desk.pipe(&["--store", &aside, "verify", "alice"], &codes[1])
            .exit,
        0
    );
    desk.json(&["restore", file, "--trust-codes", "--yes"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.assert_sound();
}

/// Scans of whole tables and scans by an index, of the tables that grow; none of them is under way.
fn scans(desk: &Desk) -> (u64, u64) {
    let schema = desk.schema();
    let mut seen = (u64::MAX, 0);
    loop {
        let read = |column: &str| {
            let sum = format!(
                "SELECT COALESCE(SUM({column}), 0) FROM pg_stat_all_tables WHERE schemaname = '{schema}'
                 AND relname IN ('codes', 'batches', 'users', 'attempts', 'audit', 'limiters', 'seals')"
            );
            desk.query(&sum).parse().unwrap()
        };
        let now = (read("seq_scan"), read("idx_scan"));
        if now == seen {
            return now;
        }
        seen = now;
    }
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn no_word_of_a_login_or_a_page_reads_a_whole_table() {
    let desk = desk();
    let codes = desk.issue("alice");
    desk.issue_with("bob", &["--expires-in", "1d"]);
    // Wherever there is an index that could serve, it does, however small the table is.
    let store = format!("{}%20-cenable_seqscan%3Doff", desk.location());
    let desk = desk.with("RECOVERY_CODES_STORE", &store);
    let by_index = |args: &[&str], input: &str| {
        let before = scans(&desk);
        desk.pipe(args, input);
        let after = std::iter::repeat_with(|| scans(&desk))
            .take(1000)
            .find(|now| now.1 > before.1);
        let after = after.unwrap_or_else(|| panic!("{args:?} asked nothing"));
        assert_eq!(after.0, before.0, "{args:?} reads a whole table");
    };
    by_index(&["verify", "alice"], &codes[0]);
    by_index(&["verify", "alice", "--from", "192.0.2.1"], &codes[0]);
    by_index(&["verify", "nobody"], &codes[1]);
    by_index(&["confirm", "alice"], &codes[1]);
    by_index(&["user", "show", "alice"], "");
    by_index(&["code", "list", "alice"], "");
    by_index(&["history", "alice"], "");
    by_index(&["log", "audit"], "");
    by_index(&["log", "audit", "--user", "alice"], "");
    by_index(&["log", "verify-attempts"], "");
    by_index(&["batch", "list", "alice"], "");
    by_index(&["generate", "alice", "--yes"], "");
}

/// Somebody who works on the desk's tables without the program.
fn beside(desk: &Desk) -> postgres::Client {
    desk.behind(&url(&format!("&options=-csearch_path%3D{}", desk.schema())))
}

/// A desk with alice and her codes, and somebody beside it. Processes read the real clock, so all is done by
/// processes.
fn beside_somebody() -> (Desk, Vec<String>, postgres::Client) {
    let desk = desk();
    let codes = desk
        .spawn(&["generate", "alice", "--create-user"], "")
        .lines();
    let other = beside(&desk);
    (desk, codes, other)
}

/// A word, once it waits for a lock that somebody else holds who takes no turn.
fn waiting(desk: &Desk, args: &[&str], input: &str) -> Child {
    let mut process = desk.process(args).stdin(Stdio::piped()).spawn().unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let mut watch = beside(desk);
    let mut waits = || {
        let waiting = "SELECT 1 FROM pg_locks l JOIN pg_stat_activity USING (pid) WHERE NOT l.granted
                       AND l.locktype = 'transactionid' AND application_name = 'recovery-codes'
                       AND l.pid IN (SELECT pid FROM pg_locks WHERE relation = CAST('turn' AS regclass))";
        !watch.query(waiting, &[]).unwrap().is_empty()
    };
    assert!(
        std::iter::repeat_with(&mut waits)
            .take(100_000)
            .any(|waits| waits)
    );
    process
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn what_changes_behind_the_turn_is_not_mixed_with_what_was_proven() {
    let (desk, codes, mut other) = beside_somebody();
    let mut behind = |args: &[&str], input: &str| {
        other
            .batch_execute("BEGIN; SELECT 1 FROM users FOR NO KEY UPDATE")
            .unwrap();
        let process = waiting(&desk, args, input);
        other
            .batch_execute("UPDATE audit_head SET seen_at = seen_at; COMMIT")
            .unwrap();
        ended(process.wait_with_output().unwrap())
    };
    // A login touches nothing but the store, and is done again as a whole.
    let verify = behind(&["--json", "verify", "alice"], &codes[0]);
    assert_eq!(verify.exit, 0, "{verify:?}");
    // Another deed may have written files by then: whoever gave the command gives it again.
    let edit = behind(
        &[
            "--json",
            "user",
            "edit",
            "alice",
            "--email",
            "a@example.org",
        ],
        "",
    );
    let error = edit.error();
    assert_eq!(
        (edit.exit, &error["kind"]),
        (4, &"locked_store".into()),
        "{edit:?}"
    );
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.starts_with("run it again"), "{hint}");
    assert_eq!(desk.spawn(&["verify", "alice"], &codes[0]).exit, 1);
    let once = desk.query("SELECT COUNT(*) FROM audit WHERE action = 'code.used'");
    assert_eq!(once, "1");
    assert_eq!(desk.query("SELECT SUM(used) FROM batches"), "1");
    assert_eq!(
        desk.spawn(&["user", "edit", "alice", "--email", "a@example.org"], "")
            .exit,
        0
    );
    desk.assert_sound();
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_login_in_a_deadlock_with_somebody_who_takes_no_turn_is_done_again() {
    let (desk, codes, mut other) = beside_somebody();
    // The program is the one that notices.
    other
        .batch_execute(
            "SET deadlock_timeout = '60s'; BEGIN; SELECT 1 FROM audit_head FOR NO KEY UPDATE",
        )
        .unwrap();
    let store = format!("{}%20-cdeadlock_timeout%3D2s", desk.location());
    let patient = ["--store", &store, "verify", "alice"];
    let verify = waiting(&desk, &patient, &codes[0]);
    other.batch_execute("LOCK TABLE turn; COMMIT").unwrap();
    let verify = ended(verify.wait_with_output().unwrap());
    assert_eq!(verify.exit, 0, "{verify:?}");
    assert_eq!(desk.spawn(&["verify", "alice"], &codes[0]).exit, 1);
    desk.assert_sound();
}

/// What becomes of a restore in the place of a store to which this was done.
#[track_caller]
fn restored_over(change: &str) {
    let desk = desk();
    let codes = desk.issue("alice");
    let file = desk.home().join("backup.db");
    let file = file.to_str().unwrap();
    desk.say(&["backup", file]);
    desk.tamper(change);
    let refused = desk.run(&["--json", "restore", file, "--yes"]);
    let error = refused.error();
    assert_eq!(
        (refused.exit, &error["kind"]),
        (4, &"damaged_store".into()),
        "{change}: {error}"
    );
    let hint = error["hint"].as_str().unwrap();
    let (before, after) = hint.split_once('`').unwrap();
    assert!(before.starts_with("nothing was changed"), "{hint}");
    let empty = after.split_once('`').unwrap().0;
    assert!(empty.contains(desk.schema()), "{hint}");
    desk.behind(&url("")).batch_execute(empty).unwrap();
    desk.json(&["restore", file, "--trust-codes", "--yes"]);
    assert_eq!(desk.pipe(&["verify", "alice"], &codes[0]).exit, 0);
    desk.assert_sound();
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_damaged_store_gives_way_when_its_schema_is_emptied_as_the_hint_says() {
    for change in [
        "DROP TABLE codes",
        "DROP TABLE audit_head",
        "DROP TABLE store",
        "DELETE FROM version",
        "DROP TABLE version",
        "ALTER TABLE users DROP COLUMN language",
    ] {
        restored_over(change);
    }
}

/// The database of a site as SQLite dumped it, in the schema of another desk.
fn site(sql: &str) -> (Desk, String) {
    let site = desk();
    let sql = sql
        .replace(
            "integer NOT NULL PRIMARY KEY AUTOINCREMENT",
            "bigint PRIMARY KEY",
        )
        .replace(" datetime ", " timestamptz ")
        .replace(" integer unsigned ", " integer ");
    // Yes and no are numbers there.
    site.tamper("UPDATE pg_cast SET castcontext = 'a' WHERE castsource = 23 AND casttarget = 16");
    site.tamper(&sql);
    let place = url(&format!("&options=-csearch_path%3D{}", site.schema()));
    (site, place)
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn static_tokens_come_from_a_database_on_a_server_too() {
    let (_site, place) = site(include_str!("../fixtures/moving/otp-static.sql"));
    let desk = desk();
    let said = desk.json(&["import", "otp-static", &place, "--accept-weak"]);
    assert_eq!(said["imported"], 2);
    assert_eq!(said["codes"], 8);
    each_live_once_each_dead_never(&desk, &codes("otp-static"));
}

/// How often the server was asked by this word, and waited for, and how the word ended.
fn crossings(desk: &Desk, words: &[&str], typed: &str) -> (usize, u8) {
    let file = desk.home().join("asked");
    let mut command = desk.process(words);
    command
        .env("RECOVERY_CODES_LOG_FILE", &file)
        .env("RECOVERY_CODES_LOG_LEVEL", "debug");
    let ended = feed(command, typed);
    let log = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    (log.matches("the server is asked").count(), ended.exit)
}

#[test]
#[ignore = "needs the server of tests/servers/postgres"]
fn a_login_crosses_the_network_six_times_and_a_no_as_often_whoever_it_is_for() {
    let desk = desk();
    let codes = desk.issue("alice");
    let of = |user: &str, code: &str| crossings(&desk, &["verify", user], code);
    // To open the store, to count the attempt and to commit that, to prove what there is, to use the code
    // up, and to commit that.
    assert_eq!(of("alice", &codes[0]), (6, 0));
    let wrong = desk.issue("bob").remove(0);
    let nos = [
        of("alice", &codes[0]),
        of("alice", &wrong),
        of("nobody", &wrong),
    ];
    assert_eq!(nos, [(5, 1); 3]);
}
