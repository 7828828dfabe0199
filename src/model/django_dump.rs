//! Which records of a dump of django-auth-recovery-codes matter, and in which table and columns the same
//! stands in the application's database.

/// A kind of record, which is a table there.
#[derive(Debug)]
pub struct Table {
    /// What a dump calls it, behind the name of the application.
    pub model: &'static str,
    pub name: &'static str,
    pub columns: &'static [Column],
    /// The column that no two rows have in common; of those the last counts, or the first.
    pub key: Option<(&'static str, Counts)>,
}

/// Which of two rows with one key counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    First,
    Last,
}

/// A column, the field of a record it comes from, and what that field has to hold.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub field: &'static str,
    pub holds: Holds,
}

/// What a field of a record has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The number of the record itself.
    Record,
    /// The record's own key, a text or a number.
    TextKey,
    NumberKey,
    Text,
    MaybeText,
    Count,
    Flag,
    Moment,
    MaybeMoment,
    MaybeDay,
    /// The key of a user, as a number, a text, or a list with the name.
    User,
}

/// What a row has in a column.
#[derive(Debug)]
pub enum Cell {
    Nothing,
    Number(i64),
    Text(String),
    /// The key of a user as the dump spells it.
    User(String),
}

/// One record that matters.
#[derive(Debug)]
pub enum Record {
    User {
        /// Which record of the dump it is; the first is 1.
        number: u64,
        name: String,
        /// Empty for none.
        email: String,
        is_active: bool,
        /// By what other records name this user.
        keys: [String; 2],
    },
    Row(&'static Table, Vec<Cell>),
}

/// The tables by what their columns hold; of a column whose field has another name, both.
macro_rules! tables {
    ($($model:literal, $key:expr; { $($holds:ident: $($column:literal $(= $field:literal)?),+;)+ })+) => {
        /// All kinds of records that matter, beside users.
        pub const TABLES: &[Table] = &[$(
            Table {
                model: $model,
                name: concat!("django_auth_recovery_codes_", $model),
                columns: &[$($(
                    Column { name: $column, field: tables!(@field $column $($field)?), holds: Holds::$holds },
                )+)+],
                key: $key,
            },
        )+];
    };
    (@field $column:literal) => { $column };
    (@field $column:literal $field:literal) => { $field };
}

tables! {
    "recoverycodesbatch", Some(("id", Counts::Last)); {
        TextKey: "id";
        User: "user_id" = "user", "deleted_by_id" = "deleted_by";
        Count: "number_issued", "number_used", "number_invalidated", "number_removed";
        Moment: "created_at", "modified_at";
        MaybeDay: "expiry_date";
        Text: "status";
        MaybeMoment: "deleted_at";
        Flag: "viewed", "downloaded", "emailed";
    }
    "recoverycodesbatchhistory", Some(("batch_id", Counts::First)); {
        Text: "batch_id", "status";
        User: "user_id" = "user", "deleted_by_id" = "deleted_by";
        Count: "number_issued", "number_used", "number_invalidated", "number_removed";
        Moment: "created_at", "modified_at";
        MaybeDay: "expiry_date";
        MaybeMoment: "deleted_at";
        Flag: "viewed", "downloaded", "emailed";
    }
    "recoverycode", None; {
        Record: "id";
        Text: "batch_id" = "batch", "look_up_hash", "status";
        User: "user_id" = "user", "deleted_by_id" = "deleted_by";
        Flag: "is_used", "is_deactivated", "mark_for_deletion";
        Moment: "created_at", "modified_at";
        MaybeMoment: "deleted_at";
    }
    "recoverycodesetup", None; {
        Record: "id";
        User: "user_id" = "user";
        Flag: "success";
        Moment: "modified_at";
    }
    "recoverycodeaudit", Some(("id", Counts::First)); {
        NumberKey: "id";
        Moment: "timestamp";
        User: "deleted_by_id" = "deleted_by", "user_issued_to_id" = "user_issued_to";
        Text: "action";
        MaybeText: "batch_id" = "batch", "reason";
        Count: "number_deleted", "number_issued";
    }
    "recoverycodepurgehistory", Some(("id", Counts::First)); {
        NumberKey: "id";
        Moment: "timestamp";
        Count: "total_codes_purged", "total_batches_purged", "retention_days";
    }
    "recoverycodeemaillog", Some(("id", Counts::First)); {
        NumberKey: "id";
        Moment: "sent_on";
        Text: "subject", "to_email", "status";
    }
    "recoverycodecleanupscheduler", None; {
        Record: "id";
        Text: "name", "schedule_type";
        Moment: "run_at";
        Count: "retention_days";
        Flag: "use_with_logger", "enable_scheduler", "delete_empty_batch";
    }
    "recoverycodeauditscheduler", None; {
        Record: "id";
        Text: "name", "schedule_type";
        Moment: "run_at";
        Count: "retention_days";
        Flag: "use_with_logger", "enable_scheduler";
    }
}
