//! Table `batches`: the codes issued to one user at one time, and what became of it.

use super::engine::{Connection, Transaction, params, row};

use super::marks::UNDELIVERED;
use super::paging::Asked;
use super::totals;
use crate::error::Result;
use crate::model::alphabet::Alphabet;
use crate::model::format::Format;
use crate::model::id::{BatchId, BatchName, BatchPrefix, UserId};
use crate::model::page::{Page, PageRequest};
use crate::model::state::{BatchState, Elsewhere};
use crate::model::time::Timestamp;

row! {
    "b.";
    /// One row of `batches`.
    #[derive(Clone, Debug)]
    pub struct Batch {
        pub id: BatchId,
        pub name: BatchName,
        pub user_id: UserId,
        /// 1 is the user's first.
        pub ordinal: i64,
        pub state: BatchState,
        pub alphabet: Alphabet,
        pub epoch: i64,
        pub created_at: Timestamp,
        pub created_by: String,
        pub expires_at: Option<Timestamp>,
        pub confirmed_at: Option<Timestamp>,
        /// When it was superseded or deleted.
        pub ended_at: Option<Timestamp>,
        pub ended_by: Option<String>,
        pub issued: u64,
        pub used: u64,
        pub invalidated: u64,
        pub deleted: u64,
        pub purged: u64,
        /// When its codes were shown to whoever had them issued.
        pub shown_at: Option<Timestamp>,
        /// When its one sheet was exported.
        pub exported_at: Option<Timestamp>,
        /// What kind of file that was, where it is known.
        pub export_format: Option<Format>,
        /// When the mail server took its one mail.
        pub emailed_at: Option<Timestamp>,
        /// Where its codes were issued, if not here.
        pub imported_from: Option<Elsewhere>,
        /// When it or one of its codes last changed.
        pub changed_at: Timestamp,
        /// Whether its hashes are bound to their place.
        pub is_bound: bool,
        /// Whether it is one code beside the user's sheet.
        pub is_temporary: bool,
        /// Whether its codes are of fewer than 64 bits.
        pub is_weak: bool,
    }
}

const COLUMNS: &str = Batch::COLUMNS;

impl Batch {
    /// Codes that nobody used, invalidated or deleted yet.
    pub fn remaining(&self) -> u64 {
        self.issued
            .saturating_sub(self.used)
            .saturating_sub(self.invalidated)
            .saturating_sub(self.deleted)
    }

    /// How many of its codes work if it is active: none after its time, or of an epoch before the
    /// store's present one.
    pub fn working(&self, now: Timestamp, epoch: i64) -> u64 {
        match self.is_expired(now) || self.epoch < epoch {
            true => 0,
            false => self.remaining(),
        }
    }

    /// Whether its time is over.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}

/// The user's sheet in this state, of which there is at most one for `active` and `pending`.
pub fn in_state(connection: &Connection, user: UserId, state: BatchState) -> Result<Option<Batch>> {
    // The state stands in the text, for there are indexes for some of them alone.
    let sql = format!(
        "SELECT {COLUMNS} FROM batches b
         WHERE b.user_id = :user AND b.state = '{}' AND b.is_temporary = 0 ORDER BY b.id DESC LIMIT 1",
        state.word()
    );
    connection.maybe(&sql, params! { ":user": user }, Batch::read)
}

/// The user's temporary code that was neither replaced nor deleted, of which there is at most one.
pub fn temporary(connection: &Connection, user: UserId) -> Result<Option<Batch>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM batches b
         WHERE b.user_id = :user AND b.state = 'active' AND b.is_temporary = 1 ORDER BY b.id DESC LIMIT 1"
    );
    connection.maybe(&sql, params! { ":user": user }, Batch::read)
}

/// The user's active sheet, the one that waits to be confirmed, and the temporary code: at once, for to prepare
/// three statements takes longer than to read all that a user has.
pub fn open_of_user(connection: &Connection, user: UserId) -> Result<Vec<Batch>> {
    let sql = format!("SELECT {COLUMNS} FROM batches b WHERE {OPEN_OF_USER}");
    connection.all(&sql, params! { ":user": user }, Batch::read)
}

/// Part by part, each by an index of its own.
const OPEN_OF_USER: &str = "(b.user_id = :user AND b.state = 'active' AND b.is_temporary = 0)
    OR (b.user_id = :user AND b.state = 'active' AND b.is_temporary = 1)
    OR (b.user_id = :user AND b.state = 'pending')";

/// How many temporary codes work now.
pub fn count_temporary(connection: &Connection, now: Timestamp) -> Result<u64> {
    connection.value(
        "SELECT COUNT(*) FROM batches WHERE state = 'active' AND is_temporary = 1
           AND issued > used + invalidated + deleted
           AND (expires_at IS NULL OR expires_at > :now) AND epoch >= (SELECT epoch FROM store)",
        params! { ":now": now },
    )
}

/// Whether the user has a sheet that is active or waits to be confirmed.
pub fn has_open(connection: &Connection, user: UserId) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM batches
         WHERE user_id = :user AND state IN ('active', 'pending') AND is_temporary = 0",
        params! { ":user": user },
    )
}

/// The batch with this number.
pub fn by_id(connection: &Connection, id: BatchId) -> Result<Option<Batch>> {
    let sql = format!("SELECT {COLUMNS} FROM batches b WHERE b.id = :id");
    connection.maybe(&sql, params! { ":id": id }, Batch::read)
}

/// Whether anybody has codes from elsewhere that may still work.
pub fn any_open_from(connection: &Connection, from: Elsewhere) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM batches WHERE imported_from = :from AND state IN ('active', 'pending') LIMIT 1",
        params! { ":from": from },
    )
}

/// Whether a code of these was used here, which shows that they are read with the right key.
pub fn any_open_used_from(connection: &Connection, from: Elsewhere) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM batches b WHERE b.imported_from = :from AND b.state IN ('active', 'pending')
           AND b.used > COALESCE((SELECT i.used FROM imported i WHERE i.batch = b.name), 0) LIMIT 1",
        params! { ":from": from },
    )
}

/// Whether there is a batch with this public id.
pub fn is_taken(connection: &Connection, name: &BatchName) -> Result<bool> {
    connection.exists(
        "SELECT 1 FROM batches WHERE name = :name",
        params! { ":name": name },
    )
}

/// Batches whose public id begins so, `most` at the most.
pub fn by_prefix(connection: &Connection, prefix: &BatchPrefix, most: u64) -> Result<Vec<Batch>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM batches b
         WHERE b.name >= :from AND (:to IS NULL OR b.name < :to) ORDER BY b.name LIMIT :most"
    );
    connection.all(
        &sql,
        params! { ":from": prefix.as_str(), ":to": prefix.upper_bound(), ":most": most },
        Batch::read,
    )
}

/// How many batches the user was ever issued.
pub fn count_of_user(connection: &Connection, user: UserId) -> Result<u64> {
    connection.value(
        "SELECT COALESCE(MAX(ordinal), 0) FROM batches WHERE user_id = :user",
        params! { ":user": user },
    )
}

/// One page of a user's batches, newest first, of which at most `visible` are shown at all.
pub fn history(
    connection: &Connection,
    user: UserId,
    visible: u64,
    request: PageRequest,
) -> Result<Page<Batch>> {
    let issued = count_of_user(connection, user)?;
    let newest = i64::try_from(issued).unwrap_or(i64::MAX);
    let total = issued.min(visible);
    // Ordinals have no gaps, so a page is a range of them, wherever it lies.
    let offset = request.offset().min(total);
    let size = request.size.min(total - offset);
    let to = newest - i64::try_from(offset).unwrap_or(newest);
    let from = to - i64::try_from(size).unwrap_or(0);
    let sql = format!(
        "SELECT {COLUMNS} FROM batches b
         WHERE b.user_id = :user AND b.ordinal > :from AND b.ordinal <= :to ORDER BY b.ordinal DESC"
    );
    let items = connection.all(
        &sql,
        params! { ":user": user, ":from": from, ":to": to },
        Batch::read,
    )?;
    Ok(Page::new(items, request, total))
}

/// Which batches a list shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    pub user: Option<UserId>,
    pub state: Option<BatchState>,
    /// Only those whose codes may still work, but which nobody is known to hold.
    pub is_undelivered: bool,
}

/// One page of batches, newest first, each with its user's name.
pub fn list(
    connection: &Connection,
    filter: Filter,
    request: PageRequest,
) -> Result<Page<(Batch, String)>> {
    let mut asked = Asked::default()
        .only("b.user_id = :user", ":user", &filter.user)
        .only("b.state = :state", ":state", &filter.state);
    if filter.is_undelivered {
        let condition = format!("b.state IN ('active', 'pending') AND {UNDELIVERED}");
        asked = asked.where_(condition);
    }
    // Among one user's batches the ordinals rise with the ids, and lie in an index.
    let order = match filter.user {
        Some(_) => "b.ordinal DESC",
        None => "b.id DESC",
    };
    let total = asked.count(connection, "batches b")?;
    let sql = format!(
        "SELECT {COLUMNS}, u.name FROM batches b JOIN users u ON u.id = b.user_id
         WHERE b.id IN (SELECT b.id FROM batches b {} ORDER BY {order} LIMIT :size OFFSET :offset)
         ORDER BY b.id DESC",
        asked.filter()
    );
    asked.page(connection, &sql, (request, total), |row| {
        Ok((Batch::read(row)?, row.get(27)?))
    })
}

/// A batch that is about to be.
#[derive(Debug)]
pub struct NewBatch<'a> {
    pub name: &'a BatchName,
    pub user_id: UserId,
    pub state: BatchState,
    pub alphabet: Alphabet,
    pub created_at: Timestamp,
    pub created_by: &'a str,
    pub expires_at: Option<Timestamp>,
    pub issued: u64,
    pub imported_from: Option<Elsewhere>,
    /// Whether its codes are shown to whoever has them issued.
    pub is_shown: bool,
    pub is_temporary: bool,
    pub is_weak: bool,
    /// Which slow hashes of another system it takes to try its codes.
    pub slow: Option<String>,
}

/// Adds a batch in the store's present epoch.
pub fn insert(tx: &Transaction<'_>, batch: &NewBatch<'_>) -> Result<Batch> {
    let (id, ordinal, epoch) = tx.one(
        "INSERT INTO batches (name, user_id, ordinal, state, alphabet, epoch, created_at, created_by,
                              expires_at, issued, dead_from, imported_from, shown_at, changed_at, is_bound,
                              is_temporary, is_weak, slow)
         VALUES (:name, :user, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM batches WHERE user_id = :user),
                 :state, :alphabet, (SELECT epoch FROM store), :created_at, :created_by,
                 :expires_at, :issued, :expires_at, :imported_from,
                 CASE WHEN :is_shown = 1 THEN :created_at END, :created_at, 1, :is_temporary,
                 :is_weak, :slow)
         RETURNING id, ordinal, epoch",
        params! {
            ":name": batch.name,
            ":user": batch.user_id,
            ":state": batch.state,
            ":alphabet": batch.alphabet,
            ":created_at": batch.created_at,
            ":created_by": batch.created_by,
            ":expires_at": batch.expires_at,
            ":issued": batch.issued,
            ":imported_from": batch.imported_from,
            ":is_shown": batch.is_shown,
            ":is_temporary": batch.is_temporary,
            ":is_weak": batch.is_weak,
            ":slow": batch.slow,
        },
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(Batch {
        id,
        name: batch.name.clone(),
        user_id: batch.user_id,
        ordinal,
        state: batch.state,
        alphabet: batch.alphabet,
        epoch,
        created_at: batch.created_at,
        created_by: batch.created_by.to_owned(),
        expires_at: batch.expires_at,
        confirmed_at: None,
        ended_at: None,
        ended_by: None,
        issued: batch.issued,
        used: 0,
        invalidated: 0,
        deleted: 0,
        purged: 0,
        shown_at: batch.is_shown.then_some(batch.created_at),
        exported_at: None,
        export_format: None,
        emailed_at: None,
        imported_from: batch.imported_from,
        changed_at: batch.created_at,
        is_bound: true,
        is_temporary: batch.is_temporary,
        is_weak: batch.is_weak,
    })
}

/// Ends a batch: superseded or deleted.
pub fn end(
    tx: &Transaction<'_>,
    id: BatchId,
    state: BatchState,
    now: Timestamp,
    actor: &str,
) -> Result<()> {
    totals::add(tx, id)?;
    tx.change(
        "UPDATE batches SET state = :state, ended_at = :now, ended_by = :actor, changed_at = :now
         WHERE id = :id",
        params! {
            ":id": id, ":state": state, ":now": now, ":actor": actor,
        },
    )?;
    Ok(())
}

/// Marks a batch confirmed, and active if it was pending. Says whether it was this call that
/// did it.
pub fn confirm(tx: &Transaction<'_>, id: BatchId, now: Timestamp) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE batches SET confirmed_at = :now, state = 'active', changed_at = :now
         WHERE id = :id AND confirmed_at IS NULL AND state IN ('active', 'pending')",
        params! { ":id": id, ":now": now },
    )?;
    Ok(changed == 1)
}

/// The epoch after that of the store and of every batch; none if there is none left.
pub fn epoch_after_all(connection: &Connection) -> Result<Option<i64>> {
    let last: i64 = connection.value(
        "SELECT MAX(epoch) FROM (SELECT epoch FROM store UNION ALL SELECT epoch FROM batches) AS epochs",
        params! {},
    )?;
    Ok(last.checked_add(1))
}

/// Takes a user's live batches of one epoch over into another, in which their codes work on. That
/// is a change of the store and not of each batch.
pub fn move_epoch(tx: &Transaction<'_>, user: UserId, from: i64, to: i64) -> Result<()> {
    tx.change(
        "UPDATE batches SET epoch = :to
         WHERE user_id = :user AND epoch = :from AND state IN ('active', 'pending')",
        params! { ":user": user, ":from": from, ":to": to },
    )?;
    Ok(())
}

/// Public ids that begin so, newest first, with the users' names, for completion.
pub fn names_beginning(
    connection: &Connection,
    beginning: &str,
    most: u64,
) -> Result<Vec<(BatchName, String)>> {
    connection.all(
        "SELECT b.name, u.name FROM batches b JOIN users u ON u.id = b.user_id
         WHERE b.name >= :beginning AND b.name < :beginning || 'G' ORDER BY b.id DESC LIMIT :most",
        params! { ":beginning": beginning, ":most": most },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
