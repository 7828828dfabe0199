//! `worker --once`: sends what is due, each letter by one worker, and takes up what others left.

use std::fs;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::harness::Desk;
use crate::harness::delivery::{address, dead_port, header, server};
use crate::harness::smtp::{At, Fault, Server};

const WORK: &[&str] = &["worker", "--once"];

fn desk(port: u16) -> Desk {
    Desk::new().with_runtime().with_mail(port)
}

/// When the desk's clock starts, in seconds.
const START: i64 = 1_790_000_000;

/// Sets the desk's clock to the system's, which processes of their own go by.
fn catch_up(desk: &Desk) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    desk.pass(i64::try_from(now.as_secs()).unwrap() - START);
}

/// A user with an address and codes, by processes of their own.
fn spawn_user(desk: &Desk, user: &str) {
    let add = ["user", "add", user, "--email", &address(user)];
    assert_eq!(desk.spawn(&add, "").exit, 0);
    assert_eq!(desk.spawn(&["generate", user], "").exit, 0);
}

#[track_caller]
fn wait_for_a_letter(server: &Server) {
    let start = Instant::now();
    while server.received().is_empty() {
        assert!(start.elapsed() < Duration::from_secs(60), "no letter came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn it_is_silent_when_all_is_well() {
    let desk = desk(dead_port());
    desk.issue("alice");
    let idle = desk.say(WORK);
    assert_eq!((idle.out.as_str(), idle.err.as_str()), ("", ""));
    let counted = desk.json(WORK);
    assert_eq!(
        counted,
        serde_json::json!({"done": 0, "later": 0, "failed": 0})
    );
    assert_eq!(
        desk.say(&["worker", "--once", "-v"]).err,
        "Done: 0 tasks.\n"
    );
}

#[test]
fn waits_grow_and_the_last_try_is_told() {
    let desk = desk(dead_port()).with_queue();
    desk.issue_to("alice");
    desk.say(&["email", "alice"]);
    for (wait, tries, state) in [
        (0, 1, "queued"),
        (599, 1, "queued"),
        (1, 2, "queued"),
        (1199, 2, "queued"),
        (1, 3, "failed"),
        (86_400, 3, "failed"),
    ] {
        desk.pass(wait);
        let before = desk.task(1).1;
        let worked = desk.run(WORK);
        assert_eq!(desk.task(1), (state.to_owned(), tries), "{}", worked.err);
        // Only a try is worth a word.
        let was_tried = tries != before;
        assert_eq!(worked.exit, if was_tried { 4 } else { 0 }, "{}", worked.err);
        assert_eq!(worked.err.contains("task 1 did not succeed"), was_tried);
        let advice = match state {
            "failed" => "`recovery-codes task retry 1` sends it again",
            _ => "the mail stays queued as task 1",
        };
        assert_eq!(worked.err.contains(advice), was_tried, "{}", worked.err);
    }
    let failed = desk.json(&["task", "list", "--state", "failed"]);
    assert_eq!(failed["total"], 1);
    let why = failed["items"][0]["outcome"].as_str().unwrap().to_owned();
    assert!(why.contains("cannot be reached"), "{why}");
}

#[test]
fn one_letter_that_fails_holds_no_other_up() {
    let server = server(Fault::Greylisting);
    let desk = desk(server.address.port()).with_queue();
    for user in ["alice", "bob", "carol"] {
        desk.issue_to(user);
        desk.say(&["email", user]);
    }
    let worked = desk.run(&["worker", "--once", "--json"]);
    assert_eq!(worked.exit, 4);
    assert_eq!(
        worked.json(),
        serde_json::json!({"done": 2, "later": 1, "failed": 0})
    );
    assert_eq!(worked.error()["kind"], "mail");
    assert_eq!(server.received().len(), 2);
}

#[test]
fn a_server_that_is_away_is_met_once_and_costs_the_other_letters_no_try() {
    let desk = desk(dead_port()).with_queue();
    for user in ["alice", "bob", "carol"] {
        desk.issue_to(user);
        desk.say(&["email", user]);
    }
    let worked = desk.run(&["worker", "--once", "--json"]);
    assert_eq!(worked.exit, 4);
    assert_eq!(
        worked.json(),
        serde_json::json!({"done": 0, "later": 3, "failed": 0})
    );
    let tries = |desk: &Desk| [1, 2, 3].map(|task| desk.task(task).1);
    assert_eq!(tries(&desk), [1, 0, 0]);
    assert_eq!(desk.say(WORK).err, "", "none is due");
    desk.pass(600);
    assert_eq!(desk.run(WORK).exit, 4);
    assert_eq!(tries(&desk), [2, 0, 0]);
    let server = server(Fault::None);
    let desk = desk.with_mail(server.address.port());
    desk.pass(1200);
    desk.say(WORK);
    assert_eq!(server.received().len(), 3);
}

#[test]
fn a_login_waits_for_no_mail_server_and_spends_no_try() {
    let bad = server(Fault::Silence(At::Greeting));
    let log = tempfile::NamedTempFile::new().unwrap();
    let desk = desk(bad.address.port())
        .with_notices("used,low")
        .with("RECOVERY_CODES_CODES_LOW", "9")
        .with("RECOVERY_CODES_LOG_FILE", log.path().to_str().unwrap());
    let codes = desk.issue_to("alice");
    // A process of its own: its end ends the conversation.
    let accepted = desk.spawn(&["verify", "alice"], &codes[0]);
    assert_eq!(accepted.exit, 0, "{}", accepted.err);
    let tasks = "SELECT group_concat(kind || ' ' || state || ' ' || tries) FROM tasks";
    assert_eq!(desk.query(tasks), "mail queued 0,mail queued 0");
    let logged = fs::read_to_string(log.path()).unwrap();
    assert!(logged.contains("mail was left in the queue"), "{logged}");
    let good = server(Fault::None);
    let desk = desk.with_mail(good.address.port());
    catch_up(&desk);
    desk.pass(60);
    desk.say(WORK);
    assert_eq!(good.received().len(), 2);
}

#[test]
fn four_workers_at_once_send_each_letter_once() {
    let server = server(Fault::None);
    let desk = desk(server.address.port()).with_queue();
    let users: Vec<String> = (0..6).map(|n| format!("user{n}")).collect();
    for user in &users {
        spawn_user(&desk, user);
        assert_eq!(desk.spawn(&["email", user], "").exit, 0);
    }
    for worked in desk.race(&[(WORK, ""); 4]) {
        assert_eq!((worked.exit, worked.err.as_str()), (0, ""));
    }
    let mut to: Vec<String> = server
        .received()
        .iter()
        .map(|one| one.to[0].clone())
        .collect();
    to.sort();
    let each: Vec<String> = users
        .iter()
        .map(|user| format!("RCPT TO:<{}>", address(user)))
        .collect();
    assert_eq!(to, each);
    let done = "SELECT COUNT(*) FROM tasks WHERE state = 'done' AND tries = 1";
    assert_eq!(desk.query(done), "6");
}

#[test]
fn codes_whose_sender_was_killed_are_not_sent_again_by_themselves() {
    let bad = server(Fault::Silence(At::End));
    let desk = desk(bad.address.port());
    spawn_user(&desk, "alice");
    let mut sender = desk.process(&["email", "alice"]).spawn().unwrap();
    wait_for_a_letter(&bad);
    sender.kill().unwrap();
    sender.wait().unwrap();
    let good = server(Fault::None);
    let desk = desk.with_mail(good.address.port());
    assert_eq!(desk.spawn(WORK, "").exit, 0, "the lease is not over");
    catch_up(&desk);
    assert_eq!(desk.task(1), ("running".into(), 1));
    desk.pass(301);
    let worked = desk.run(WORK);
    assert_eq!(worked.exit, 4);
    assert!(worked.err.contains("it may have arrived"), "{}", worked.err);
    assert!(
        worked.err.contains("`recovery-codes task retry 1`"),
        "{}",
        worked.err
    );
    assert_eq!(desk.task(1), ("failed".into(), 1));
    desk.pass(86_400);
    assert_eq!(desk.say(WORK).err, "");
    assert_eq!(good.received().len(), 0);
    desk.say(&["task", "retry", "1"]);
    let (first, second) = (&bad.received()[0], &good.received()[0]);
    assert_eq!(header(first, "Message-ID"), header(second, "Message-ID"));
    assert_eq!(desk.task(1), ("done".into(), 1));
}

#[test]
fn a_notice_whose_sender_was_killed_is_sent_again_under_the_same_name() {
    let bad = server(Fault::Silence(At::End));
    let desk = desk(bad.address.port()).with_notices("generated");
    let add = ["user", "add", "alice", "--email", "alice@example.org"];
    assert_eq!(desk.spawn(&add, "").exit, 0);
    let mut sender = desk.process(&["generate", "alice"]).spawn().unwrap();
    wait_for_a_letter(&bad);
    sender.kill().unwrap();
    // The codes were printed before the mail server was talked to.
    let printed = crate::harness::ended(sender.wait_with_output().unwrap()).lines();
    assert_eq!(printed.len(), 10);
    let good = server(Fault::None);
    let desk = desk.with_mail(good.address.port());
    catch_up(&desk);
    desk.pass(301);
    desk.say(WORK);
    assert_eq!(good.received().len(), 1);
    let (first, second) = (&bad.received()[0], &good.received()[0]);
    assert_eq!(header(first, "Message-ID"), header(second, "Message-ID"));
    assert_eq!(desk.task(1), ("done".into(), 2));
    assert_eq!(desk.pipe(&["verify", "alice"], &printed[0]).exit, 0);
}

#[test]
fn a_notice_without_an_answer_is_sent_again_under_the_same_name() {
    let bad = server(Fault::HangUp(At::End));
    let desk = desk(bad.address.port()).with_notices("generated");
    desk.add("alice");
    // Nobody asked for the notice, so nobody hears of its failure.
    let issued = desk.say(&["generate", "alice"]);
    assert!(!issued.err.contains("error"), "{}", issued.err);
    assert_eq!(desk.task(1), ("queued".into(), 1));
    let good = server(Fault::None);
    let desk = desk.with_mail(good.address.port());
    desk.pass(600);
    desk.say(WORK);
    let (first, second) = (&bad.received()[0], &good.received()[0]);
    assert_eq!(header(first, "Message-ID"), header(second, "Message-ID"));
}

#[test]
fn letters_late_in_a_long_queue_are_leased_from_when_they_are_taken() {
    let server = server(Fault::None);
    // A clock that goes on by a lease's half with each look at it.
    let desk = desk(server.address.port())
        .with_queue()
        .with_running_clock(150);
    for user in ["alice", "bob", "carol"] {
        desk.issue_to(user);
        desk.say(&["email", user]);
    }
    desk.say(WORK);
    assert_eq!(server.received().len(), 3);
    let on_time = "SELECT COUNT(*) FROM tasks WHERE finished_at > created_at AND outcome = 'sent'";
    assert_eq!(desk.query(on_time), "3");
    let moments = "SELECT COUNT(DISTINCT finished_at) FROM tasks";
    assert_eq!(desk.query(moments), "3");
}

#[test]
fn a_broken_template_is_named_and_the_mail_waits_for_a_person() {
    let server = server(Fault::None);
    let desk = desk(server.address.port());
    let templates = desk.home().join("letters");
    fs::create_dir(&templates).unwrap();
    let file = templates.join("codes.txt");
    fs::write(
        &file,
        "Dear {{ name }},\n{% for code in codes %}\n{{ cod }}\n{% endfor %}",
    )
    .unwrap();
    let desk = desk.with("RECOVERY_CODES_MAIL_TEMPLATES", templates.to_str().unwrap());
    let codes = desk.issue_to("alice");
    let tried = desk.run(&["email", "alice"]);
    assert_eq!(tried.exit, 4);
    let message = "the mail template codes.txt is broken in line 3: undefined value";
    assert!(tried.err.contains(message), "{}", tried.err);
    assert!(
        tried.err.contains("`recovery-codes task retry 1`"),
        "{}",
        tried.err
    );
    assert_eq!(desk.task(1), ("failed".into(), 1));
    let again = desk.run(&["task", "retry", "1", "--json"]);
    assert_eq!((again.exit, &again.error()["kind"]), (4, &"config".into()));
    fs::write(&file, "Your codes: {{ codes|join(' ') }}").unwrap();
    desk.say(&["task", "retry", "1"]);
    let text = format!("Your codes: {}", codes.join(" "));
    // A long line is folded for the journey.
    let letter = server.received()[0].text.replace("=\r\n", "");
    assert!(letter.contains(&text), "{letter}");
    fs::remove_dir_all(&templates).unwrap();
    desk.pass(60);
    desk.issue("alice");
    let gone = desk.run(&["email", "alice"]);
    assert_eq!(gone.exit, 4);
    assert!(
        gone.err.contains("letters is not a directory"),
        "{}",
        gone.err
    );
}

#[test]
fn what_becomes_of_mail_is_recorded_where_it_is_wished() {
    let server = server(Fault::Greylisting);
    let quiet = desk(server.address.port()).with_queue();
    quiet.issue_to("alice");
    quiet.say(&["email", "alice"]);
    let _ = quiet.run(WORK);
    let nothing = quiet.say(&["log", "email"]);
    assert!(
        nothing
            .err
            .contains("Mail is not recorded: mail.log is false.")
    );
    assert_eq!(quiet.json(&["log", "email"])["total"], 0);

    let busy = self::server(Fault::Answer(At::Recipient, "451 busy"));
    let desk = desk(busy.address.port())
        .with_queue()
        .with("RECOVERY_CODES_MAIL_LOG", "true")
        .with("RECOVERY_CODES_HISTORY_PER_PAGE", "3");
    let mut codes = Vec::new();
    for user in ["alice", "bob"] {
        codes.extend(desk.issue_to(user));
        desk.say(&["email", user]);
    }
    for wait in [600, 1200, 0] {
        assert_eq!(desk.run(WORK).exit, 4);
        desk.pass(wait);
    }
    let desk = desk.with_mail(server.address.port());
    desk.say(&["task", "retry", "1"]);
    desk.say(WORK);
    let log = desk.json(&["log", "email"]);
    assert_eq!((&log["total"], &log["pages"]), (&7.into(), &3.into()));
    let newest = &log["items"][0];
    assert_eq!(newest["outcome"], "sent");
    assert_eq!(newest["kind"], "codes");
    assert_eq!(newest["recipient"], "a...@example.org");
    assert_eq!(newest["at"], "2026-09-21T14:43:20Z");
    let total = |more: &[&str]| {
        let mut args = vec!["log", "email"];
        args.extend(more);
        desk.json(&args)["total"].as_u64().unwrap()
    };
    assert_eq!(total(&["--user", "bob"]), 3);
    assert_eq!(total(&["--action", "retry"]), 4);
    assert_eq!(total(&["--action", "failed"]), 2);
    assert_eq!(total(&["--action", "codes", "--user", "alice"]), 4);
    assert_eq!(total(&["--since", "2026-09-21T14:23:20Z"]), 5);
    assert_eq!(total(&["--until", "2026-09-21T14:23:20Z"]), 2);
    assert_eq!(
        desk.json(&["log", "email", "--page", "3"])["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let shown = desk.say(&["log", "email"]).out;
    assert!(
        !shown.contains("alice") && !shown.contains("bob@"),
        "{shown}"
    );
}
