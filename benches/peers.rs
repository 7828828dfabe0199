//! Side by side with what this program replaces: django-auth-recovery-codes. Of that, the time inside a
//! running process is counted, without its start; of ours, whole processes. `cargo bench --bench peers
//! -- --install` installs it from PyPI into a virtual environment under `target/tmp`, with the Python
//! (3.12 or 3.13) that `PYTHON` names; privacyIDEA beside it, with `python3`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement stops where it stumbles, reads the clock and prints"
)]

mod measure;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use measure::crowd;
use measure::dead;
use measure::desk::{Desk, PROGRAM, run};
use measure::program::{PEAK, compile};
use measure::rounds::time;
use measure::table::{machine, show};

const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/site.py");

const PACKAGES: [&str; 2] = ["Django>=5.2,<5.3", "django-auth-recovery-codes==1.0.3"];

/// Users who are issued codes together.
const USERS: usize = 100;

/// Dead codes that are purged, unless `--dead N` says how many: the application takes minutes.
const DEAD: u64 = 100_000;

/// Batches of the user whose history is shown.
const BATCHES: u64 = 1000;

fn main() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let python = place.join("venv/bin/python");
    if std::env::args().any(|argument| argument == "--install") {
        install(&place);
    }
    if !python.exists() {
        println!("nothing to compare with: cargo bench --bench peers -- --install");
        return;
    }
    let site = Site::new(place, python);
    let ours = Ours::new();
    let arguments: Vec<String> = std::env::args().collect();
    let codes = arguments.iter().position(|argument| argument == "--dead");
    let codes = codes.map_or(DEAD, |at| arguments[at + 1].parse().expect("a number"));
    let (versions, table) = compare(&site, &ours, codes);
    print(&versions, &table);
    let mut supply = ours.desk.supply("other", 20);
    let took = Ours::median(|_| ours.desk.verify(&mut supply));
    println!(
        "\nOne right code elsewhere, inside a running process; here {}:",
        show(took)
    );
    let others: [(&str, PathBuf, &str); 2] = [
        (
            "google-authenticator-libpam (eight digits in plain text, no hash)",
            "python3".into(),
            "libpam.py",
        ),
        (
            "privacyIDEA (TAN)",
            site.place.join("privacyidea/bin/python"),
            "privacyidea_tan.py",
        ),
    ];
    for (name, python, script) in others {
        match elsewhere(&site.place, &python, script) {
            Some(theirs) => println!("- {name}: {}", show(theirs)),
            None => println!("- {name}: not installed, or does not work here"),
        }
    }
}

/// How long one right code takes, by a script of `benches/peers`.
fn elsewhere(place: &Path, python: &Path, script: &str) -> Option<Duration> {
    let directory = place.join(script).with_extension("");
    std::fs::create_dir_all(&directory).expect("the build directory can be written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/peers")
        .join(script);
    let output = Command::new(python)
        .arg(script)
        .arg(&directory)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let said: serde_json::Value = serde_json::from_str(text.lines().last()?).ok()?;
    said["result"].as_f64().map(Duration::from_secs_f64)
}

fn install(place: &Path) {
    std::fs::create_dir_all(place).expect("the build directory can be written");
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3.13".into());
    for (name, python, packages) in [
        ("venv", python, &PACKAGES[..]),
        ("privacyidea", "python3".into(), &["privacyidea"]),
    ] {
        let venv = place.join(name);
        run(Command::new(python).args(["-m", "venv"]).arg(&venv));
        let mut pip = Command::new(venv.join("bin/pip"));
        run(pip
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .args(packages));
    }
}

/// The Django application.
struct Site {
    python: PathBuf,
    place: PathBuf,
    empty: PathBuf,
}

/// What one deed of it said.
struct Said {
    result: f64,
    peak_kib: f64,
    versions: String,
    whole: Duration,
}

impl Site {
    fn new(place: PathBuf, python: PathBuf) -> Self {
        let empty = place.join("empty.sqlite3");
        let _ = std::fs::remove_file(&empty);
        let site = Self {
            python,
            place,
            empty: empty.clone(),
        };
        site.with(&empty, "migrate", 0);
        site
    }

    /// One deed in a database of its own.
    fn does(&self, deed: &str, number: u64) -> Said {
        let database = self.place.join("used.sqlite3");
        std::fs::copy(&self.empty, &database).expect("there is room");
        self.with(&database, deed, number)
    }

    fn with(&self, database: &Path, deed: &str, number: u64) -> Said {
        let mut text = Vec::new();
        let whole = time(|| {
            let output = Command::new(&self.python)
                .arg(SITE)
                .arg(database)
                .args([deed, &number.to_string()])
                .stderr(Stdio::inherit())
                .output()
                .expect("python can be run");
            assert!(output.status.success(), "{deed} failed");
            text = output.stdout;
        });
        let text = String::from_utf8(text).expect("it prints JSON");
        let line = text.lines().last().unwrap_or_default();
        let said: serde_json::Value = serde_json::from_str(line).expect("it prints JSON");
        let word = |name: &str| said[name].as_str().unwrap_or("?").to_owned();
        Said {
            result: said["result"].as_f64().expect("a number"),
            peak_kib: said["peak"].as_f64().expect("a number"),
            versions: format!("Django {}, Python {}", word("django"), word("python")),
            whole,
        }
    }
}

/// This program.
struct Ours {
    desk: Desk,
    peak: PathBuf,
}

impl Ours {
    fn new() -> Self {
        let desk = Desk::new(&[]);
        let peak = compile(PEAK, "peak", desk.home());
        Self { desk, peak }
    }

    fn median(mut deed: impl FnMut(usize) -> Duration) -> Duration {
        let mut times: Vec<Duration> = (0..15).map(&mut deed).collect();
        times.sort_unstable();
        times[times.len() / 2]
    }

    fn wrong(&self, user: &str) -> Duration {
        // Nobody is made to wait: every try is the first that fails.
        let store = rusqlite::Connection::open(self.desk.store()).expect("there is a store");
        let changed = store.execute("DELETE FROM limiters", []);
        changed.expect("it can be changed");
        drop(store);
        let path = self.desk.home().join("typed");
        let code = ["AAAAAA"; 6].join("-");
        std::fs::write(&path, code).expect("the home can be written");
        let typed = std::fs::File::open(&path).expect("it was just written");
        let mut verify = self.desk.command(PROGRAM);
        verify.args(["verify", user]).stdin(typed);
        time(|| {
            let status = verify.status().expect("it can be run");
            assert_eq!(status.code(), Some(1), "the code was not refused");
        })
    }

    /// The most memory of a word, in KiB.
    fn peak(&self, args: &[&str], typed: Option<std::fs::File>) -> f64 {
        let mut command = self.desk.command(&self.peak);
        command.arg(PROGRAM).args(args).stdout(Stdio::piped());
        if let Some(typed) = typed {
            command.stdin(typed);
        }
        let output = command.output().expect("it can be run");
        let text = String::from_utf8(output.stdout).expect("it prints a number");
        text.trim().parse().expect("it prints a number")
    }
}

/// What, theirs, ours, and how many times more theirs is.
type Row = [String; 4];

fn compare(site: &Site, ours: &Ours, codes: u64) -> (String, Vec<Row>) {
    let desk = &ours.desk;
    let mut table = Vec::new();
    let mut in_seconds = |what: &str, theirs: f64, ours: Duration| {
        let theirs = Duration::from_secs_f64(theirs);
        let times = theirs.as_secs_f64() / ours.as_secs_f64();
        table.push([
            what.to_owned(),
            show(theirs),
            show(ours),
            if times < 10.0 {
                format!("{times:.1} ×")
            } else {
                format!("{times:.0} ×")
            },
        ]);
    };

    let start = site.does("start", 0);
    let mut starts: Vec<Duration> = (0..5).map(|_| site.does("start", 0).whole).collect();
    starts.sort_unstable();
    let version = Ours::median(|_| desk.run(&["--version"]));
    in_seconds("start", starts[2].as_secs_f64(), version);

    let batch = Ours::median(|n| desk.run(&["generate", &format!("batch{n}"), "--create-user"]));
    in_seconds(
        "ten codes for one user",
        site.does("batch", 0).result,
        batch,
    );

    let many = Desk::new(&[]);
    let list = many.home().join("people.csv");
    let names: Vec<String> = (0..USERS).map(|n| format!("many{n}\n")).collect();
    std::fs::write(&list, format!("name\n{}", names.concat())).expect("the home can be written");
    let sheets = many.home().join("sheets");
    std::fs::create_dir(&sheets).expect("the home can be written");
    let arguments: Vec<OsString> = ["user", "import"]
        .map(OsString::from)
        .into_iter()
        .chain([
            list.into(),
            "--generate".into(),
            "--sheets".into(),
            sheets.into(),
        ])
        .collect();
    let took = time(|| {
        run(many.command(PROGRAM).args(&arguments));
    });
    let theirs = site.does("users", USERS as u64).result;
    in_seconds(
        &format!("ten codes for each of {USERS} users"),
        theirs,
        took,
    );

    let mut supply = desk.supply("user", 20);
    let right = site.does("right", 0);
    in_seconds(
        "a right code",
        right.result,
        Ours::median(|_| desk.verify(&mut supply)),
    );
    in_seconds(
        "a wrong code",
        site.does("wrong", 0).result,
        Ours::median(|_| ours.wrong("user0")),
    );

    let purged = Desk::new(&[]);
    dead::add(&purged.store(), 0..codes / crowd::CODES);
    let took = purged.run(&["purge", "--retention-days", "0"]);
    let theirs = site.does("purge", codes);
    in_seconds(&format!("purge of {codes} codes"), theirs.result, took);

    let old = Desk::new(&[("RECOVERY_CODES_HISTORY_MAX_VISIBLE", "1000")]);
    old.issue("alice", 10);
    crowd::add_history(&old.store(), "alice", 2..BATCHES);
    let page = Ours::median(|_| old.run(&["history", "alice"]));
    let theirs = site.does("history", BATCHES).result;
    in_seconds(
        &format!("a page of the history of {BATCHES} batches"),
        theirs,
        page,
    );

    let (_, typed) = desk.next(&mut supply);
    let peak = ours.peak(&["verify", "user1"], Some(typed));
    let mut beside = |what: &str, unit: &str, theirs: f64, ours: f64| {
        let times = theirs / ours;
        let [theirs, ours] = [theirs, ours].map(|figure| format!("{figure:.0} {unit}"));
        table.push([what.to_owned(), theirs, ours, format!("{times:.1} ×")]);
    };
    beside(
        "peak memory, a login",
        "MiB",
        right.peak_kib / 1024.0,
        peak / 1024.0,
    );

    let sized = Desk::new(&[]);
    let bytes = |desk: &Desk| {
        let store = rusqlite::Connection::open(desk.store()).expect("there is a store");
        store.execute_batch("VACUUM").expect("it can be done");
        let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        store
            .query_row(size, [], |row| row.get::<_, f64>(0))
            .expect("a number")
    };
    let before = bytes(&sized);
    crowd::add(&sized.store(), 0..codes / crowd::CODES);
    let each = (bytes(&sized) - before) / codes as f64;
    beside(
        "disk, a code with its share of user and batch",
        "bytes",
        site.does("size", codes).result,
        each,
    );
    (start.versions, table)
}

/// As it stands in the README.
fn print(versions: &str, table: &[Row]) {
    let today = Command::new("date")
        .arg("+%F")
        .output()
        .expect("there is a clock");
    println!(
        "django-auth-recovery-codes 1.0.3 ({versions}) beside recovery-codes {}, {}\n{}\n",
        env!("CARGO_PKG_VERSION"),
        String::from_utf8_lossy(&today.stdout).trim(),
        machine(),
    );
    println!("| | django-auth-recovery-codes | recovery-codes | |\n|---|---|---|---|");
    for [what, theirs, ours, times] in table {
        println!("| {what} | {theirs} | {ours} | {times} |");
    }
}
