//! What keeps the stores of these tests: files, or a server where `RECOVERY_CODES_TEST_SERVER` names the
//! directory of its socket. Then every desk has a schema of its own there.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use postgres::{Client, NoTls, SimpleQueryMessage};
use recovery_codes::model::environment::Environment;
use recovery_codes::store::engine::copy::TABLES;

/// Tables that a desk's twin gets with their rows: those of every store, and the server's own.
fn tables() -> impl Iterator<Item = &'static str> {
    ["numbers", "version"]
        .into_iter()
        .chain(TABLES.iter().copied())
}

/// The socket's directory, if the tests run on a server.
pub fn server() -> Option<String> {
    std::env::var("RECOVERY_CODES_TEST_SERVER").ok()
}

/// A schema for one desk; it is gone with it.
#[derive(Debug)]
pub struct Schema {
    socket: String,
    name: String,
}

/// Schemas are made and dropped one after the other.
static ADMIN: Mutex<Option<Client>> = Mutex::new(None);
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// What tests ask for in the words of SQLite.
const TOOLS: &str = "
    SELECT pg_advisory_lock(1);
    CREATE SCHEMA IF NOT EXISTS tools;
    CREATE OR REPLACE FUNCTION tools.join(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS
        'SELECT CASE WHEN $1 IS NULL THEN $2 WHEN $2 IS NULL THEN $1 ELSE $1 || '','' || $2 END';
    CREATE OR REPLACE AGGREGATE tools.group_concat(text) (sfunc = tools.join, stype = text);
    CREATE OR REPLACE FUNCTION tools.zeroblob(int) RETURNS bytea LANGUAGE sql IMMUTABLE AS
        'SELECT decode(repeat(''00'', $1), ''hex'')';
    CREATE OR REPLACE FUNCTION tools.hex(bytea) RETURNS text LANGUAGE sql IMMUTABLE AS
        'SELECT upper(encode($1, ''hex''))';
    SELECT pg_advisory_unlock(1);";

fn url(socket: &str, schema: &str) -> String {
    format!("postgres://postgres@/postgres?host={socket}&options=-csearch_path%3D{schema},tools")
}

fn administer(socket: &str, sql: &str) {
    let mut admin = ADMIN
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let client = admin.get_or_insert_with(|| {
        let mut client = Client::connect(&url(socket, "public"), NoTls).unwrap();
        client.batch_execute(TOOLS).unwrap();
        client
    });
    client.batch_execute(sql).unwrap();
}

/// Tests of what only a file has: its bytes, its log, its locks, its triggers, a disk that is full, a clock
/// that is only the desk's. They keep their stores in files.
const OF_FILES: &[&str] = &[
    "cleaning::long_purge::a_new_store_and_one_from_a_backup_can_shrink_step_by_step",
    "cleaning::purge::every_statement_goes_by_the_index_of_dead_batches_or_by_primary_keys",
    "codes::oracle::a_guess_costs_as_many_commits_and_leaves_as_much_whoever_it_is_for",
    "codes::race::eight_programs_that_initialise_at_once_make_one_key_and_one_store",
    "codes::race::eight_users_can_be_the_first_at_once",
    "codes::race::of_eight_first_batches_for_one_user_one_is_issued",
    "moving::import::a_damaged_store_is_left_alone",
    "moving::import::neither_codes_nor_the_key_are_left_anywhere_else",
    "moving::otp_static::no_token_stands_in_the_store",
    "sheets::export::a_full_disk_leaves_the_export_free",
    "sheets::export::a_full_disk_leaves_the_old_codes_and_their_sheet",
    "sheets::session::no_part_alone_gives_a_code",
    // The server has a clock of its own, which `check` compares with the desk's.
    "check::everything::of_a_large_store_the_newest_rows_are_looked_at_and_all_of_it_in_depth",
    "trust::clock::what_expired_stays_expired",
    "trust::clock::what_was_accepted_is_said",
    "trust::key::no_word_ever_shows_a_secret",
    "trust::log::a_changed_or_missing_head_is_found",
    "trust::forgery::a_head_that_is_changed_while_the_log_is_pruned_is_not_closed",
    "trust::forgery::a_trigger_is_met_before_anything_is_sealed",
    "trust::forgery::a_used_code_stays_used",
    "trust::forgery::an_entry_without_the_key_silences_nothing",
    "trust::forgery::every_column_that_decides_is_sealed",
    "trust::key::a_rotation_that_was_cut_off_is_completed_by_whoever_comes_next",
    "trust::log::a_head_that_was_set_back_is_found",
    "trust::log::an_old_copy_of_the_whole_store_lacks_what_was_written_down",
    "trust::log::the_triggers_keep_honest_programs_from_rewriting",
    "users::user_import::whoever_gets_codes_meanwhile_is_not_left",
    "work::install::what_is_printed_names_the_paths_in_force_and_nothing_is_written",
    "work::worker::a_service_outlives_a_store_that_is_away_for_a_while",
    "work::worker::a_service_outlives_a_store_that_is_locked_for_a_while",
    "work::worker::as_a_service_it_does_what_becomes_due_and_ends_when_it_is_asked_to",
];

impl Schema {
    /// An empty one, if the tests run on a server, and this is not one of files.
    pub fn new() -> Option<Self> {
        let socket = server()?;
        if std::thread::current()
            .name()
            .is_some_and(|test| OF_FILES.contains(&test))
        {
            return None;
        }
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("desk_{}_{number}", std::process::id());
        administer(&socket, &format!("CREATE SCHEMA {name}"));
        Some(Self { socket, name })
    }

    /// With this store in force.
    pub fn in_force(&self, environment: Environment) -> Environment {
        environment
            .with("RECOVERY_CODES_STORE", &url(&self.socket, &self.name))
            .with("RECOVERY_CODES_SERVER_ALONE", "true")
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection behind the program's back.
    pub fn client(&self) -> Client {
        Client::connect(&url(&self.socket, &self.name), NoTls).unwrap()
    }

    /// The first column of the first row of an answer, as text.
    pub fn query(&self, sql: &str) -> String {
        let sql = &translated(sql);
        let answer = self
            .client()
            .simple_query(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("null").to_owned()),
            _ => None,
        });
        match row.expect("a row").as_str() {
            "t" => "1".to_owned(),
            "f" => "0".to_owned(),
            other => other.to_owned(),
        }
    }

    /// Changes something; no trigger stands in the way.
    pub fn tamper(&self, sql: &str) {
        let mut client = self.client();
        client
            .batch_execute("SET session_replication_role = replica")
            .unwrap();
        let sql = &translated(sql);
        client
            .batch_execute(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Everything that is in another schema; the tables must be there.
    pub fn fill_from(&self, other: &Self) {
        let mut sql = format!(
            "SET session_replication_role = replica; TRUNCATE {};",
            tables().collect::<Vec<_>>().join(", ")
        );
        for table in tables() {
            sql.push_str(&format!(
                "INSERT INTO {table} SELECT * FROM {}.{table};",
                other.name
            ));
        }
        self.client().batch_execute(&sql).unwrap();
    }
}

/// What stands in tests in the words of SQLite.
fn translated(sql: &str) -> String {
    let words = [
        ("PRAGMA wal_checkpoint(TRUNCATE)", "SELECT 1"),
        ("PRAGMA foreign_keys = OFF;", ""),
        (
            "PRAGMA foreign_keys = ON;",
            "SET session_replication_role = origin;",
        ),
        ("PRAGMA ignore_check_constraints = ON;", ""),
        // They stand in nobody's way here.
        ("DROP TRIGGER audit_is_never_changed;", ""),
        ("DROP TRIGGER audit_is_only_pruned;", ""),
        ("DROP TRIGGER audit_grows_by_one;", ""),
        ("DROP TRIGGER audit_head_stays;", ""),
        ("user_id, user, batch", "user_id, \"user\", batch"),
        ("x''", "CAST('' AS bytea)"),
        (
            "group_concat(seq) FROM sqlite_sequence",
            "group_concat(CAST(last AS text)) FROM numbers",
        ),
        ("group_concat(number)", "group_concat(CAST(number AS text))"),
        ("group_concat(id)", "group_concat(CAST(id AS text))"),
        ("group_concat(at)", "group_concat(CAST(at AS text))"),
        (
            "group_concat(shown_at IS NOT NULL)",
            "group_concat(CAST(CAST(shown_at IS NOT NULL AS int) AS text))",
        ),
        ("SET user = ", "SET \"user\" = "),
        ("SELECT user FROM", "SELECT \"user\" FROM"),
    ];
    words.iter().fold(sql.to_owned(), |sql, (theirs, ours)| {
        sql.replace(theirs, ours)
    })
}

impl Drop for Schema {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            administer(&self.socket, &format!("DROP SCHEMA {} CASCADE", self.name));
        }
    }
}
