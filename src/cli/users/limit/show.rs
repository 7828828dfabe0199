//! `limit show`

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::record::limiter_fields;
use crate::actions::users::show_user::show_user;
use crate::cli::desk::{Call, Report, complete, names};
use crate::error::Result;
use crate::render::record::Record;

/// Show how often a user's attempts failed and how long they have to wait
#[derive(Debug, Args)]
pub struct Show {
    /// Name or e-mail address
    #[arg(add = ArgValueCompleter::new(complete::users))]
    user: String,
}

impl Show {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let name = names::user(&self.user)?;
        let policy = call.settings()?.limiter.policy();
        let mut store = call.store()?;
        let now = call.moment(&store)?;
        let found = show_user(&mut store, &name, now)?;
        let mut sources = Vec::new();
        for named in &found.sources {
            let first = Record::new().field("from", "From", named.source.as_deref());
            sources.push(limiter_fields(first, &named.limiter, now, &policy));
        }
        let limiter = |limiter| limiter_fields(Record::new(), limiter, now, &policy);
        let record = Record::new()
            .field("user", "User", found.user.name.as_str())
            .field("verify", "Verifying and confirming", limiter(&found.verify))
            .field("generate", "Generating", limiter(&found.generate));
        Ok(Report::details(match sources.is_empty() {
            true => record.data("sources", sources),
            false => record.field("sources", "By source", sources),
        }))
    }
}
