//! On whose clock times are told: in tables, on sheets, in letters, and never in JSON.

use crate::harness::Desk;
use crate::harness::delivery::server;
use crate::harness::smtp::Fault;

#[test]
fn the_zone_that_is_set_is_that_of_tables_sheets_letters_and_sentences() {
    let server = server(Fault::None);
    let desk = Desk::in_file()
        .with_runtime()
        .with("RECOVERY_CODES_TIME_ZONE", "Europe/Berlin")
        .with_mail(server.address.port())
        .with_notices("generated");
    desk.say(&["user", "add", "alice", "--email", "alice@example.org"]);
    let issued = desk.say(&["generate", "alice", "--expires-in", "90d"]);
    assert!(
        issued.err.contains("expire 2026-12-20 15:13 CET."),
        "{}",
        issued.err
    );
    let sheet = desk.say(&["export", "alice", "--output", "-"]).out;
    assert!(sheet.contains("2026-09-21 16:13 CEST"), "{sheet}");
    assert!(sheet.contains("2026-12-20 15:13 CET"), "{sheet}");
    let letter = &server.received()[0].text;
    assert!(letter.contains("2026-12-20 15:13 CET"), "{letter}");
    let listed = desk.say(&["batch", "list"]).out;
    assert!(
        listed.contains("2026-09-21") && listed.contains("16:13+02"),
        "{listed}"
    );
    let json = desk.json(&["batch", "list"]);
    assert_eq!(json["items"][0]["created_at"], "2026-09-21T14:13:20Z");
}

#[test]
fn a_day_is_that_of_the_zone() {
    let desk = Desk::in_file().with("RECOVERY_CODES_TIME_ZONE", "Asia/Tokyo");
    desk.set_clock("2026-09-21T20:00:00Z");
    desk.issue("alice");
    let listed = desk.say(&["batch", "list"]).out;
    assert!(listed.contains("shown 2026-09-22"), "{listed}");
}

#[test]
fn the_machines_zone_is_for_people_at_a_terminal_and_for_paper() {
    let desk = Desk::in_file().with_runtime().with_zone("Asia/Kolkata");
    desk.say(&["generate", "alice", "--create-user"]);
    let piped = desk.say(&["batch", "list"]).out;
    assert!(piped.contains("14:13Z"), "{piped}");
    let sheet = desk.say(&["export", "alice", "--output", "-"]).out;
    assert!(sheet.contains("2026-09-21 19:43 IST"), "{sheet}");
    let desk = desk.with_width(100);
    let seen = desk.say(&["batch", "list"]).out;
    assert!(seen.contains("19:43+05:30"), "{seen}");
    let json = desk.say(&["batch", "list", "--json"]).out;
    assert!(
        json.contains("2026-09-21T14:13:20Z") && !json.contains("05:30"),
        "{json}"
    );
    let desk = desk.with("RECOVERY_CODES_TIME_ZONE", "UTC");
    let seen = desk.say(&["batch", "list"]).out;
    assert!(seen.contains("14:13Z"), "{seen}");
}

#[test]
fn the_real_machine_is_asked_for_its_zone() {
    let desk = Desk::in_file();
    let sheet = desk.home().join("sheet.txt");
    let args = ["generate", "alice", "--create-user", "--save", "sheet.txt"];
    let made = desk
        .process(&args)
        .env("TZ", "Asia/Kolkata")
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let sheet = std::fs::read_to_string(sheet).unwrap();
    assert!(sheet.contains(" IST"), "{sheet}");
    let list = desk
        .process(&["batch", "list"])
        .env("TZ", "Asia/Kolkata")
        .output()
        .unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains('Z') && !list.contains("+05:30"), "{list}");
}

#[test]
fn a_zone_that_is_none_is_refused_and_the_right_form_is_said() {
    let desk = Desk::in_file();
    desk.issue("alice");
    for none in ["Mars/Olympus", "CET+1", "../../etc/passwd"] {
        let desk = desk.twin().with("RECOVERY_CODES_TIME_ZONE", none);
        let refused = desk.run(&["user", "list"]);
        assert_eq!(refused.exit, 4, "{}", refused.err);
        assert!(
            refused.err.contains("RECOVERY_CODES_TIME_ZONE"),
            "{}",
            refused.err
        );
        assert!(refused.err.contains("Europe/Berlin"), "{}", refused.err);
    }
}
