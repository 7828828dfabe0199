//! `user import` of lists as directories and spreadsheets write them.

use serde_json::json;

use crate::harness::Desk;
use crate::harness::asking::column;

/// The text in UTF-16, as Excel saves "Unicode text".
fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    b"\xFF\xFE".iter().copied().chain(units).collect()
}

fn users(desk: &Desk) -> Vec<String> {
    let list = desk.json(&["user", "list"]);
    let rows = list["items"].as_array().unwrap().iter();
    rows.map(|row| {
        let text = |field: &str| row[field].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", text("user"), text("email"), text("state"))
    })
    .collect()
}

#[test]
fn the_exports_of_directories_are_imported() {
    let both = ["ann ann@example.org active", "bob bob@example.org disabled"];
    for (what, bytes, wanted) in [
        (
            "Google Workspace",
            b"First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Status [READ ONLY],Last Sign In [READ ONLY]\n\
              Ann,Lee,ann@example.org,****,Active,2026/11/01 10:00:00\n\
              Bob,\"Ray, Jr.\",bob@example.org,****,Suspended,Never logged in\n"
                .to_vec(),
            ["ann@example.org ann@example.org active", "bob@example.org bob@example.org disabled"],
        ),
        (
            "Entra ID",
            b"\xEF\xBB\xBFuserPrincipalName,displayName,surname,mail,givenName,id,userType,accountEnabled\r\n\
              ann,Ann Lee,Lee,ann@example.org,Ann,2f1e3c7a-5b60-4e0e-9a41-0a9f4b0c1d22,Member,True\r\n\
              bob,Bob Ray,Ray,bob@example.org,Bob,7c9d1b54-82a1-4b0e-8a55-6a3b1f0e9d11,Member,False\r\n"
                .to_vec(),
            both,
        ),
        (
            "Okta",
            b"login,email,firstName,lastName,status\nann,ann@example.org,Ann,Lee,ACTIVE\nbob,bob@example.org,Bob,Ray,DEPROVISIONED\n"
                .to_vec(),
            both,
        ),
        (
            "Active Directory",
            b"dn,sAMAccountName,mail,userAccountControl\n\
              \"CN=Ann,OU=Staff,DC=example,DC=org\",ann,ann@example.org,512\n\
              \"CN=Bob,OU=Staff,DC=example,DC=org\",bob,bob@example.org,514\n"
                .to_vec(),
            both,
        ),
        (
            "Excel with semicolons",
            b"sep=;\r\nName;E-Mail;Status;Abteilung\r\nann;ann@example.org;active;B\xFCro\r\nbob;bob@example.org;inactive;K\xFCche\r\n"
                .to_vec(),
            both,
        ),
        (
            "Excel as Unicode text",
            wide("Name\tE-Mail\tActive\nann\tann@example.org\tTRUE\nbob\tbob@example.org\tFALSE\n"),
            both,
        ),
    ] {
        let desk = Desk::new();
        let ended = desk.pipe(&["user", "import", "-"], &bytes);
        assert_eq!(ended.exit, 0, "{what}: {}", ended.err);
        assert_eq!(users(&desk), wanted, "{what}");
        let again = desk.pipe(&["user", "import", "-", "--json"], &bytes).json();
        assert_eq!([&again["added"], &again["disabled"]], [&json!(0), &json!(0)], "{what}");
        desk.assert_sound();
    }
}

#[test]
fn how_it_was_read_is_said() {
    let desk = Desk::new();
    let list = b"Name;Rolle;Ort\nJos\xE9;Chef;K\xF6ln\n";
    let said = desk.pipe(&["user", "import", "-"], list);
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines[0], "Added 1 user.");
    assert_eq!(
        lines[1],
        "The list was read as windows-1252, with semicolons between cells."
    );
    assert_eq!(lines[2], "Passed over the columns Rolle, Ort.");
    let document = desk.pipe(&["user", "import", "-", "--json"], list).json();
    assert_eq!(document["encoding"], "windows-1252");
    assert_eq!(document["separator"], ";");
    assert_eq!(document["ignored"], json!(["Rolle", "Ort"]));
    assert_eq!(users(&desk), ["José - active"]);
    // As this program has always taken it nothing is said of it.
    assert_eq!(
        desk.pipe(&["user", "import", "-"], "name,email\nzoe,\n")
            .err,
        "Added 1 user.\n"
    );
}

#[test]
fn a_column_may_be_named() {
    let desk = Desk::new();
    let list = "uid,login,mail,private\nu1,ann,a@example.org,p@example.org\n";
    let said = desk.pipe(&["user", "import", "-"], list);
    assert_eq!(said.exit, 2);
    assert!(
        said.err.contains("'uid' and 'login'") && said.err.contains("--name-column"),
        "{}",
        said.err
    );
    let words = [
        "user",
        "import",
        "-",
        "--name-column",
        "login",
        "--email-column",
        "private",
    ];
    assert_eq!(desk.pipe(&words, list).exit, 0);
    assert_eq!(users(&desk), ["ann p@example.org active"]);
    let words = ["user", "import", "-", "--name-column", "nick"];
    assert_eq!(desk.pipe(&words, list).exit, 2);
}

#[test]
fn the_list_disables_and_enables_nobody() {
    let desk = Desk::new();
    for user in ["ann", "bob", "eve"] {
        desk.issue(user);
    }
    desk.say(&["user", "disable", "ann"]);
    let list = "user,status\nann,active\nbob,suspended\ncat,disabled\n";
    let dry = desk
        .pipe(&["user", "import", "-", "--dry-run", "--json"], list)
        .json();
    assert_eq!(column(&dry, "user"), ["ann", "bob", "cat"]);
    assert_eq!(
        column(&dry, "action"),
        ["nothing", "disabled", "added, disabled"]
    );
    assert_eq!(users(&desk).len(), 3);
    let said = desk.pipe(&["user", "import", "-"], list);
    assert_eq!(said.exit, 0, "{}", said.err);
    for part in [
        "Added 1 user; 2 are there already.",
        "Disabled 1 user.",
        "1 user on the list as active were disabled here and stay so.",
    ] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    assert_eq!(
        users(&desk),
        [
            "ann - disabled",
            "bob - disabled",
            "cat - disabled",
            "eve - active"
        ]
    );
    let entries = desk.json(&["log", "audit", "--action", "user.disabled"]);
    assert_eq!(entries["total"], 3);
    let wrong = desk.pipe(&["user", "import", "-"], "user,status\nann,married\n");
    assert_eq!(wrong.exit, 2);
    assert!(wrong.err.contains("'married'"), "{}", wrong.err);
    desk.assert_sound();
}

#[test]
fn who_left_the_list_is_disabled_after_a_question() {
    let desk = Desk::new();
    for user in ["ann", "bob", "eve"] {
        desk.issue(user);
    }
    let list = "name\nann\nzoe\n";
    let words = ["user", "import", "-", "--disable-missing"];
    let dry = desk
        .pipe(&[&words[..], &["--dry-run", "--json"]].concat(), list)
        .json();
    assert_eq!(column(&dry, "user"), ["ann", "zoe", "bob", "eve"]);
    assert_eq!(
        column(&dry, "action"),
        ["nothing", "added", "disabled", "disabled"]
    );
    let said = desk.pipe(&words, list);
    assert_eq!(said.exit, 3);
    assert!(
        said.err
            .contains("2 active users who are not on the list, which names 2 users"),
        "{}",
        said.err
    );
    assert_eq!(users(&desk).len(), 3);
    let yes = [&words[..], &["--yes"]].concat();
    assert_eq!(desk.pipe(&yes, list).exit, 0);
    assert_eq!(
        users(&desk),
        [
            "ann - active",
            "bob - disabled",
            "eve - disabled",
            "zoe - active"
        ]
    );
    let empty = desk.pipe(&yes, "name\n");
    assert_eq!(empty.exit, 2);
    assert!(
        empty.err.contains("everybody would be disabled"),
        "{}",
        empty.err
    );
    desk.assert_sound();
}
