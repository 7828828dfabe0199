//! `status`: all users at a glance.

use clap::Args;

use crate::actions::check::status::{costs_more, measure, status};
use crate::cli::desk::{Call, Report};
use crate::cli::users::limit::record::limiter_record;
use crate::error::Result;
use crate::render::record::{Record, Value};
use crate::render::words::count;

/// Show all users at a glance
///
/// Codes by state, who has none, few or expiring ones, who has to wait, and the size of the
/// store.
#[derive(Debug, Args)]
pub struct Status {}

impl Status {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let settings = call.settings()?;
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let measure = measure(now, settings.codes.low);
        let status = status(&mut store, &measure)?;
        let (users, codes) = (status.users, status.codes);
        let (used, free) = status.size;
        let place = match store.location().file() {
            Some(_) => "File",
            None => "Place",
        };
        let [waiting, running, failed] = status.tasks;
        let (weak_users, weak_codes) = status.weak;
        let limited: Vec<Record> = status
            .limited
            .iter()
            .map(|named| {
                let record = Record::new().field("user", "User", named.user.as_str());
                limiter_record(
                    record,
                    named.action,
                    &named.limiter,
                    now,
                    &settings.limiter.policy(),
                )
            })
            .collect();
        let mut record = Record::new()
            .field(
                "users",
                "Users",
                Record::new()
                    .field("total", "All", users.users)
                    .field("disabled", "Disabled", users.disabled)
                    .field("none", "Without a code that works", users.none)
                    .field("low", "With few codes", users.low)
                    .field(
                        "expiring",
                        "Whose codes expire within two weeks",
                        users.expiring,
                    )
                    .field(
                        "unconfirmed",
                        "Who never confirmed their codes",
                        users.unconfirmed,
                    )
                    .field(
                        "undelivered",
                        "Whose codes were never exported, mailed or confirmed",
                        users.undelivered,
                    )
                    .field(
                        "outdated",
                        "Whose codes are from before a restore",
                        users.outdated,
                    ),
            )
            .field(
                "codes",
                "Codes",
                Record::new()
                    .field("issued", "Issued", codes.issued)
                    .field("active", "Active", codes.active)
                    .field("expired", "Expired", codes.expired)
                    .field("outdated", "From before a restore", codes.outdated)
                    .field("temporary", "Temporary", status.temporary)
                    .field("weak", "Of fewer than 64 bits", weak_codes)
                    .field("slow", "Slow hashes each time", status.slow)
                    .field("used", "Used", codes.used)
                    .field("invalidated", "Invalidated", codes.invalidated)
                    .field("deleted", "Deleted", codes.deleted)
                    .field("purged", "Purged", codes.purged)
                    .field("batches", "In batches", codes.batches),
            )
            .field(
                "tasks",
                "Background work",
                Record::new()
                    .field("queued", "Waiting", waiting)
                    .field("running", "Running", running)
                    .field("failed", "Failed", failed)
                    .field("next_due", "Next", status.next_due),
            )
            .field(
                "store",
                "Store",
                Record::new()
                    .field("path", place, store.location().to_string())
                    .field("created_at", "Made", status.created_at)
                    .field("size", "In use", Value::Bytes(used))
                    .field("free", "Free for reuse", Value::Bytes(free))
                    .field(
                        "audit_entries",
                        "Audit entries",
                        u64::try_from(status.audit_entries).unwrap_or(0),
                    ),
            );
        record = if limited.is_empty() {
            record.data("limited", limited)
        } else {
            record.field("limited", "Has to wait", limited)
        };
        let mut report = Report::details(record);
        if users.outdated > 0 {
            report = report.note(format!(
                "The codes of {} do not work, because a backup was restored; issue new ones with `recovery-codes generate --all-outdated`.",
                count(users.outdated, "user")
            ));
        }
        if weak_users > 0 {
            report = report.note(format!(
                "{} from another system can be guessed with fewer than 64 bits; issue new codes to {}.",
                count(weak_codes, "code"),
                count(weak_users, "user")
            ));
        }
        if status.slow > 0 {
            report = report.note(format!(
                "Each {}, until their users have new ones.",
                costs_more(status.slow)
            ));
        }
        Ok(report)
    }
}
