//! Table `users`, and the view of each user with the codes that are left.

use super::engine::{Connection, Transaction, params, row};

use super::batches::Batch;
use super::marks::UNDELIVERED;
use super::paging::Asked;
use super::totals;
use crate::error::Result;
use crate::model::id::UserId;
use crate::model::language::LanguageTag;
use crate::model::page::{Page, PageRequest};
use crate::model::state::UserState;
use crate::model::time::Timestamp;
use crate::model::user::{Email, UserName, fold_email};

row! {
    "u.";
    /// One row of `users`.
    #[derive(Clone, Debug)]
    pub struct User {
        pub id: UserId,
        pub name: UserName,
        pub email: Option<Email>,
        pub state: UserState,
        pub created_at: Timestamp,
        /// When a code was last accepted.
        pub last_used_at: Option<Timestamp>,
        /// The language of their sheets and letters, if it is not the site's.
        pub language: Option<LanguageTag>,
    }
}

const COLUMNS: &str = User::COLUMNS;

/// The user of exactly this name. An index says where their row is, and the row what they are called:
/// whoever can write to the store may have made the two differ.
pub fn by_name(connection: &Connection, name: &str) -> Result<Option<User>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users u WHERE u.id = (SELECT i.id FROM users i WHERE i.name = :name)"
    );
    let user = connection.maybe(&sql, params! { ":name": name }, User::read)?;
    Ok(user.filter(|user| user.name.as_str() == name))
}

/// The user with this e-mail address in any case.
pub fn by_email(connection: &Connection, email: &str) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.email_folded = :email");
    let folded = fold_email(email);
    let user = connection.maybe(&sql, params! { ":email": folded }, User::read)?;
    Ok(user.filter(|user| {
        user.email
            .as_ref()
            .is_some_and(|own| own.folded() == folded)
    }))
}

/// The user a person means by `text`: the one of that name, else the one with that address.
pub fn find(connection: &Connection, text: &str) -> Result<Option<User>> {
    match by_name(connection, text)? {
        Some(user) => Ok(Some(user)),
        None => by_email(connection, text),
    }
}

/// Asks ahead what [`find`] asks.
pub fn find_ahead(connection: &Connection, text: &str) {
    drop(by_name(connection, text));
    drop(by_email(connection, text));
}

/// The user with this number.
pub fn by_id(connection: &Connection, id: UserId) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.id = :id");
    connection.maybe(&sql, params! { ":id": id }, User::read)
}

/// Names that begin so, for completion. No name holds the last character there is.
pub fn names_beginning(connection: &Connection, beginning: &str, most: u64) -> Result<Vec<String>> {
    connection.all(
        "SELECT name FROM users WHERE name >= :beginning AND name < :end
         ORDER BY name LIMIT :most",
        params! { ":beginning": beginning, ":end": format!("{beginning}\u{10ffff}"), ":most": most },
        |row| row.get(0),
    )
}

/// Adds a user; the caller has seen that name and address are free.
pub fn insert(
    tx: &Transaction<'_>,
    name: &UserName,
    email: Option<&Email>,
    language: Option<&LanguageTag>,
    now: Timestamp,
) -> Result<User> {
    let id = tx.value(
        "INSERT INTO users (name, email, email_folded, state, created_at, language)
         VALUES (:name, :email, :folded, 'active', :now, :language) RETURNING id",
        params! {
            ":name": name,
            ":email": email,
            ":folded": email.map(Email::folded),
            ":now": now,
            ":language": language,
        },
    )?;
    Ok(User {
        id,
        name: name.clone(),
        email: email.cloned(),
        state: UserState::Active,
        created_at: now,
        last_used_at: None,
        language: language.cloned(),
    })
}

/// Changes name, address and language; the caller has seen that they are free.
pub fn update(
    tx: &Transaction<'_>,
    id: UserId,
    name: &UserName,
    email: Option<&Email>,
    language: Option<&LanguageTag>,
) -> Result<()> {
    tx.change(
        "UPDATE users SET name = :name, email = :email, email_folded = :folded, language = :language
         WHERE id = :id",
        params! {
            ":id": id,
            ":name": name,
            ":email": email,
            ":folded": email.map(Email::folded),
            ":language": language,
        },
    )?;
    Ok(())
}

/// Enables or disables a user.
pub fn set_state(tx: &Transaction<'_>, id: UserId, state: UserState) -> Result<()> {
    tx.change(
        "UPDATE users SET state = :state WHERE id = :id",
        params! { ":id": id, ":state": state },
    )?;
    Ok(())
}

/// Notes that a code was accepted.
pub fn set_last_used(tx: &Transaction<'_>, id: UserId, now: Timestamp) -> Result<()> {
    tx.change(
        "UPDATE users SET last_used_at = :now WHERE id = :id",
        params! { ":id": id, ":now": now },
    )?;
    Ok(())
}

/// Removes a user with all batches, codes and limiters.
pub fn delete(tx: &Transaction<'_>, id: UserId) -> Result<()> {
    totals::forget(tx, id)?;
    tx.change("DELETE FROM users WHERE id = :id", params! { ":id": id })?;
    Ok(())
}

/// The names of all active users.
pub fn active(connection: &Connection) -> Result<Vec<UserName>> {
    let sql = "SELECT name FROM users WHERE state = 'active' ORDER BY name";
    connection.all(sql, params! {}, |row| row.get(0))
}

/// How many users there are.
pub fn count(connection: &Connection) -> Result<u64> {
    connection.value("SELECT COUNT(*) FROM users", params! {})
}

/// Which users a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name or address, without regard to the case of ASCII letters.
    pub search: Option<String>,
    /// Only these.
    pub state: Option<UserState>,
    /// Only those whose codes are in this condition.
    pub codes: Option<Condition>,
}

/// What an administrator looks for in the codes of many users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No code that works.
    None,
    /// Few codes that work, but not none.
    Low,
    /// Codes that work now and expire soon.
    Expiring,
    /// A batch that was never confirmed.
    Unconfirmed,
    /// A batch that was never exported, mailed or confirmed.
    Undelivered,
    /// A batch from before the store was restored.
    Outdated,
}

/// What "now", "few" and "soon" mean to a [`Filter`] and to a look at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    pub now: Timestamp,
    /// At most this many codes left is few.
    pub low: u64,
    /// Expiring before this moment is soon.
    pub soon: Timestamp,
}

/// SQL: the codes of a user's batch that work now.
pub(super) const LEFT: &str =
    "CASE WHEN b.id IS NULL OR b.expires_at <= :now OR b.epoch < (SELECT epoch FROM store)
      THEN 0 ELSE b.issued - b.used - b.invalidated - b.deleted END";

/// SQL: a user with the sheet whose codes may work.
const WITH_BATCH: &str = "users u
     LEFT JOIN batches b ON b.user_id = u.id AND b.state = 'active' AND b.is_temporary = 0";

fn condition_sql(condition: Condition) -> String {
    match condition {
        Condition::None => format!("{LEFT} = 0"),
        Condition::Low => format!("{LEFT} BETWEEN 1 AND :low"),
        Condition::Expiring => format!("{LEFT} > 0 AND b.expires_at <= :soon"),
        Condition::Unconfirmed => format!("{LEFT} > 0 AND b.confirmed_at IS NULL"),
        Condition::Undelivered => format!("{LEFT} > 0 AND {UNDELIVERED}"),
        Condition::Outdated => "b.epoch < (SELECT epoch FROM store)".to_owned(),
    }
}

/// One page of users by name, each with the active batch.
pub fn list(
    connection: &Connection,
    filter: &Filter,
    measure: &Measure,
    request: PageRequest,
) -> Result<Page<(User, Option<Batch>)>> {
    let pattern = filter
        .search
        .as_deref()
        .map(|search| format!("%{}%", escape_like(&search.to_ascii_lowercase())));
    let mut asked = Asked::default()
        .only("u.state = :state", ":state", &filter.state)
        .only(
            "(lower(u.name) LIKE :pattern ESCAPE '\\' OR lower(u.email) LIKE :pattern ESCAPE '\\')",
            ":pattern",
            &pattern,
        );
    if let Some(condition) = filter.codes {
        asked = asked.where_(condition_sql(condition));
        if condition != Condition::Outdated {
            asked = asked.with(":now", &measure.now);
        }
        asked = match condition {
            Condition::Low => asked.with(":low", &measure.low),
            Condition::Expiring => asked.with(":soon", &measure.soon),
            Condition::None
            | Condition::Unconfirmed
            | Condition::Undelivered
            | Condition::Outdated => asked,
        };
    }
    // Batches are looked up for the rows of the page alone, unless the filter is about them.
    let source = match filter.codes {
        Some(_) => WITH_BATCH,
        None => "users u",
    };
    let total = asked.count(connection, source)?;
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM {WITH_BATCH}
         WHERE u.id IN (SELECT u.id FROM {source} {} ORDER BY u.name LIMIT :size OFFSET :offset)
         ORDER BY u.name",
        super::batches::Batch::COLUMNS,
        asked.filter()
    );
    asked.page(connection, &sql, (request, total), |row| {
        let batch = row.after(7);
        let batch = match batch.get::<Option<i64>>(0)? {
            Some(_) => Some(Batch::read(batch)?),
            None => None,
        };
        Ok((User::read(row)?, batch))
    })
}

/// How many active users hold codes that work, and how many codes that are.
pub fn holders(connection: &Connection, now: Timestamp) -> Result<(u64, u64)> {
    let sql = format!(
        "SELECT COUNT(*), COALESCE(SUM(codes), 0) FROM (
             SELECT {LEFT} AS codes FROM users u
             JOIN batches b ON b.user_id = u.id AND b.state = 'active' AND b.is_temporary = 0
             WHERE u.state = 'active') AS holders
         WHERE codes > 0"
    );
    connection.one(&sql, params! { ":now": now }, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The names of active users whose codes are in this condition; not of those who hold new ones that wait
/// to be confirmed.
pub fn those(
    connection: &Connection,
    condition: Condition,
    measure: &Measure,
) -> Result<Vec<UserName>> {
    let sql = format!("SELECT u.name {} ORDER BY u.name", those_sql(condition));
    let params = params! {
        ":now": measure.now, ":low": measure.low, ":soon": measure.soon, ":user": None::<UserId>,
    };
    connection.all(&sql, params, |row| row.get(0))
}

/// Whether this user is one of those.
pub fn is_one_of_those(
    connection: &Connection,
    user: UserId,
    condition: Condition,
    measure: &Measure,
) -> Result<bool> {
    let sql = format!("SELECT 1 {}", those_sql(condition));
    let user = Some(user);
    let params = params! {
        ":now": measure.now, ":low": measure.low, ":soon": measure.soon, ":user": user,
    };
    connection.exists(&sql, params)
}

fn those_sql(condition: Condition) -> String {
    format!(
        "FROM {WITH_BATCH}
         WHERE u.state = 'active' AND {} AND (:user IS NULL OR u.id = :user)
           AND NOT EXISTS (SELECT 1 FROM batches p WHERE p.user_id = u.id AND p.state = 'pending')
           AND :now IS NOT NULL AND :low IS NOT NULL AND :soon IS NOT NULL",
        condition_sql(condition)
    )
}

/// Text in which the wildcards of `LIKE` stand for themselves.
fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
