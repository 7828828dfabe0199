//! The tables of django-auth-recovery-codes in the database of its site, in SQL that every engine
//! reads alike: whatever engines spell otherwise is asked for as text or as a number.

use super::engine::value::Params;
use super::engine::{Bind, Connection, Row, params};
use crate::error::{Error, Kind, Result};
use crate::model::django::{
    Batch, CleanUp, Code, ImportedEntry, ImportedLog, Marks, Past, Person, end_of, moment,
};
use crate::model::schedule::RunKind;
use crate::model::state::CodeState;
use crate::model::time::Timestamp;
use crate::model::user::quote;

/// The table whose column `user_id` points at the users.
pub const CODES: &str = "django_auth_recovery_codes_recoverycode";

/// Where users are kept: a site may have a table of its own.
#[derive(Clone, Debug)]
pub struct Users {
    pub table: String,
    pub key: String,
    pub has_email: bool,
    pub has_state: bool,
    /// Whether the numbers of users are those of records in a dump.
    pub are_records: bool,
}

impl Users {
    /// SQL: the users.
    pub(super) fn source(&self) -> String {
        quoted(&self.table)
    }

    pub(super) fn key(&self) -> String {
        format!("u.{}", quoted(&self.key))
    }

    /// SQL: how rows name a user `u`. Several records of a dump may be of one.
    fn person(&self) -> String {
        match self.are_records {
            true => "u.person".to_owned(),
            false => self.key(),
        }
    }

    /// SQL: the address of a user `u`, empty for none.
    pub(super) fn email(&self) -> &'static str {
        match self.has_email {
            true => "COALESCE(u.email, '')",
            false => "''",
        }
    }

    /// SQL: whether a user `u` is active.
    pub(super) fn state(&self) -> &'static str {
        match self.has_state {
            true => "CASE WHEN u.is_active THEN 1 ELSE 0 END",
            false => "1",
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Walks over everybody who has or had codes, in the order of their numbers, or of their records.
pub fn persons(
    connection: &Connection,
    users: &Users,
    mut visit: impl FnMut(Person) -> Result<()>,
) -> Result<()> {
    let mut place = 0;
    connection.walk(&persons_sql(users), params! {}, |row| {
        place += 1;
        let key: String = row.get(0)?;
        visit(Person {
            record: key.parse().unwrap_or(place),
            key: row.get(4)?,
            name: row.get(1)?,
            email: row.get(2)?,
            is_active: row.get(3)?,
        })?;
        Ok(true)
    })
}

pub(super) fn persons_sql(users: &Users) -> String {
    format!(
        "SELECT CAST({key} AS TEXT), u.username, {email}, {state}, CAST({person} AS TEXT) FROM {source} u
         WHERE EXISTS (SELECT 1 FROM django_auth_recovery_codes_recoverycodesbatch b WHERE b.user_id = {person})
            OR EXISTS (SELECT 1 FROM django_auth_recovery_codes_recoverycodesbatchhistory h WHERE h.user_id = {person})
         ORDER BY {key}",
        key = users.key(),
        person = users.person(),
        email = users.email(),
        state = users.state(),
        source = users.source(),
    )
}

/// How many codes are in no batch of the user whose they are.
pub fn stray(connection: &Connection) -> Result<u64> {
    let sql = format!(
        "SELECT COUNT(*) FROM {CODES} c
         LEFT JOIN django_auth_recovery_codes_recoverycodesbatch b ON b.id = c.batch_id
         WHERE b.user_id IS DISTINCT FROM c.user_id"
    );
    connection.value(&sql, params! {})
}

/// What is kept of one person's codes.
pub fn past(connection: &Connection, users: &Users, key: &str) -> Result<Past> {
    // A number is compared with numbers by every engine.
    let number = key.parse::<i64>().ok();
    let user = [(
        ":user",
        number.as_ref().map_or_else(|| key.bind(), Bind::bind),
    )];
    let asked = Params::Named(&user);
    let mut batches = connection.all(&batches_sql(users), asked, batch)?;
    let known = batches.len();
    connection.walk(
        "SELECT CAST(batch_id AS TEXT), look_up_hash, status, CASE WHEN is_used THEN 1 ELSE 0 END,
                CASE WHEN is_deactivated THEN 1 ELSE 0 END, CASE WHEN mark_for_deletion THEN 1 ELSE 0 END,
                CASE WHEN deleted_by_id IS NULL THEN 0 ELSE 1 END,
                CAST(modified_at AS TEXT), CAST(deleted_at AS TEXT), CAST(created_at AS TEXT), CAST(id AS TEXT)
         FROM django_auth_recovery_codes_recoverycode WHERE user_id = :user ORDER BY id",
        asked,
        |row| {
            let id: String = row.get(0)?;
            if let Some(batch) = batches.iter_mut().find(|batch| batch.id == id) {
                batch.codes.push(code(row, users)?);
            }
            Ok(true)
        },
    )?;
    // What a purge there took is known from the history alone.
    let gone = connection.all(&history_sql(users), asked, batch)?;
    for batch in gone {
        if batches[..known].iter().all(|there| there.id != batch.id) {
            batches.push(batch);
        }
    }
    let confirmed_at = connection.maybe(
        "SELECT CAST(modified_at AS TEXT) FROM django_auth_recovery_codes_recoverycodesetup
         WHERE user_id = :user AND success",
        asked,
        |row| at(row, 0),
    )?;
    Ok(Past {
        confirmed_at,
        batches,
    })
}

/// What batches and their history have in common.
const BATCH: &str = "number_issued, number_used, number_invalidated, number_removed,
     CAST(b.created_at AS TEXT), CAST(b.modified_at AS TEXT), CAST(b.expiry_date AS TEXT), b.status,
     CAST(b.deleted_at AS TEXT), CASE WHEN b.viewed THEN 1 ELSE 0 END,
     CASE WHEN b.downloaded THEN 1 ELSE 0 END, CASE WHEN b.emailed THEN 1 ELSE 0 END";

fn batches_sql(users: &Users) -> String {
    of_table(
        users,
        "b.id",
        "django_auth_recovery_codes_recoverycodesbatch",
    )
}

fn history_sql(users: &Users) -> String {
    of_table(
        users,
        "b.batch_id",
        "django_auth_recovery_codes_recoverycodesbatchhistory",
    )
}

fn of_table(users: &Users, id: &str, table: &str) -> String {
    format!(
        "SELECT CAST({id} AS TEXT), {BATCH}, u.username
         FROM {table} b LEFT JOIN {} u ON {} = b.deleted_by_id
         WHERE b.user_id = :user",
        users.source(),
        users.key(),
    )
}

fn batch(row: Row<'_>) -> Result<Batch> {
    let expires: Option<String> = row.get(7)?;
    let expires_at = match expires {
        Some(day) => Some(end_of(&day).ok_or_else(|| odd(&day))?),
        None => None,
    };
    let status: String = row.get(8)?;
    Ok(Batch {
        id: row.get(0)?,
        issued: row.get(1)?,
        used: row.get(2)?,
        invalidated: row.get(3)?,
        removed: row.get(4)?,
        created_at: at(row, 5)?,
        modified_at: at(row, 6)?,
        expires_at,
        is_active: status == "a",
        deleted_at: maybe_at(row, 9)?,
        is_viewed: row.get(10)?,
        is_downloaded: row.get(11)?,
        is_emailed: row.get(12)?,
        deleted_by: row.get(13)?,
        codes: Vec::new(),
    })
}

fn code(row: Row<'_>, users: &Users) -> Result<Code> {
    let (status, id): (String, String) = (row.get(2)?, row.get(10)?);
    let marks = Marks {
        status: &status,
        is_used: row.get(3)?,
        is_deactivated: row.get(4)?,
        is_marked_for_deletion: row.get(5)?,
    };
    let deleted_at = maybe_at(row, 8)?;
    let changed_at = match (marks.state(), deleted_at) {
        (CodeState::Used, _) | (_, None) => at(row, 7)?,
        (_, Some(deleted_at)) => deleted_at,
    };
    Ok(Code {
        record: id.parse().ok().filter(|_| users.are_records),
        created_at: at(row, 9)?,
        look_up_hash: row.get(1)?,
        state: marks.state(),
        is_by_hand: row.get(6)?,
        changed_at,
    })
}

/// Lines of one of its logs behind the number `after`, `most` at the most.
pub fn log(
    connection: &Connection,
    users: &Users,
    log: ImportedLog,
    (after, most): (i64, u64),
) -> Result<Vec<ImportedEntry>> {
    let audit;
    let sql = match log {
        ImportedLog::Audit => {
            audit = format!(
                "SELECT a.id, CAST(a.timestamp AS TEXT), d.username, a.action, u.username, CAST(a.batch_id AS TEXT),
                        COALESCE(a.reason, '') || ' (' || a.number_deleted || ' of ' || a.number_issued || ')'
                 FROM django_auth_recovery_codes_recoverycodeaudit a
                 LEFT JOIN {source} d ON d.{key} = a.deleted_by_id LEFT JOIN {source} u ON u.{key} = a.user_issued_to_id
                 WHERE a.id > :after ORDER BY a.id LIMIT :most",
                source = users.source(),
                key = quoted(&users.key),
            );
            audit.as_str()
        }
        ImportedLog::Purges => {
            "SELECT id, CAST(timestamp AS TEXT), NULL, 'purge', NULL, NULL,
                    total_codes_purged || ' codes of ' || total_batches_purged || ' batches, retention '
                        || retention_days || ' days'
             FROM django_auth_recovery_codes_recoverycodepurgehistory
             WHERE id > :after ORDER BY id LIMIT :most"
        }
        ImportedLog::Email => {
            "SELECT id, CAST(sent_on AS TEXT), NULL, subject, to_email, NULL, 'status ' || status
             FROM django_auth_recovery_codes_recoverycodeemaillog
             WHERE id > :after ORDER BY id LIMIT :most"
        }
    };
    connection.all(sql, params! { ":after": after, ":most": most }, |row| {
        Ok(ImportedEntry {
            log,
            number: row.get(0)?,
            at: at(row, 1)?,
            actor: row.get(2)?,
            action: row.get(3)?,
            user: row.get(4)?,
            batch: row.get(5)?,
            details: row.get(6)?,
        })
    })
}

/// Its recurring clean-ups, and the names of runs whose clean-up was deleted, which its queue goes on
/// with. `has_queue` says whether there are tables of Django-Q.
pub fn clean_ups(connection: &Connection, has_queue: bool) -> Result<(Vec<CleanUp>, Vec<String>)> {
    let next = match has_queue {
        true => {
            "(SELECT MIN(CAST(q.next_run AS TEXT)) FROM django_q_schedule q
              WHERE q.name = 'purge_recovery_codes_' || s.id)"
        }
        false => "NULL",
    };
    let columns = "s.name, s.schedule_type, CAST(s.run_at AS TEXT), s.retention_days,
                   CASE WHEN s.use_with_logger THEN 1 ELSE 0 END, CASE WHEN s.enable_scheduler THEN 1 ELSE 0 END";
    let purges = format!(
        "SELECT {columns}, CASE WHEN s.delete_empty_batch THEN 0 ELSE 1 END, {next}
         FROM django_auth_recovery_codes_recoverycodecleanupscheduler s ORDER BY s.id"
    );
    let prunings = format!(
        "SELECT {columns}, 0, NULL
         FROM django_auth_recovery_codes_recoverycodeauditscheduler s ORDER BY s.id"
    );
    let mut found = Vec::new();
    for (run, sql) in [(RunKind::Purge, purges), (RunKind::Prune, prunings)] {
        connection.walk(&sql, params! {}, |row| {
            let (name, letter): (String, String) = (row.get(0)?, row.get(1)?);
            found.push(CleanUp {
                name,
                run,
                every: CleanUp::every(&letter),
                start: at(row, 2)?,
                retention_days: row.get(3)?,
                log: row.get(4)?,
                is_enabled: row.get(5)?,
                keep_empty: row.get(6)?,
                next: maybe_at(row, 7)?,
            });
            Ok(true)
        })?;
    }
    let orphans = match has_queue {
        true => connection.all(
            "SELECT q.name FROM django_q_schedule q
             WHERE q.func = 'django_auth_recovery_codes.tasks.purge_all_expired_batches'
               AND q.name LIKE 'purge\\_recovery\\_codes\\_%' ESCAPE '\\'
               AND NOT EXISTS (SELECT 1 FROM django_auth_recovery_codes_recoverycodecleanupscheduler s
                               WHERE q.name = 'purge_recovery_codes_' || s.id) ORDER BY q.id",
            params! {},
            |row| row.get(0),
        )?,
        false => Vec::new(),
    };
    Ok((found, orphans))
}

fn at(row: Row<'_>, column: usize) -> Result<Timestamp> {
    let text: String = row.get(column)?;
    moment(&text).ok_or_else(|| odd(&text))
}

fn maybe_at(row: Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| moment(&text).ok_or_else(|| odd(&text)))
        .transpose()
}

fn odd(text: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!(
            "the application's database holds a moment that is none: {}",
            quote(text)
        ),
    )
    .hint("nothing was changed; correct it there")
}
