//! What is asked of an issue, and what is answered.

use std::path::PathBuf;

use crate::actions::issuing::supersede::Superseded;
use crate::model::alphabet::Alphabet;
use crate::model::format::Format;
use crate::model::id::{BatchName, TaskId};
use crate::model::time::Timestamp;
use crate::model::user::UserName;
use crate::render::sheet::Sheet;
use crate::secret::code::Code;
use crate::store::users::{Condition, Measure};

/// What is to be issued.
#[derive(Debug)]
pub struct Request<'a> {
    pub user: &'a str,
    pub count: u64,
    pub alphabet: Alphabet,
    pub expires_at: Option<Timestamp>,
    /// Adds the user if there is none of this name.
    pub create_user: bool,
    pub role: Role,
    pub whom: Whom,
    /// A sheet goes to this file; it is the batch's one export.
    pub save: Option<Save>,
    /// The codes go to the user's address; it is the batch's one e-mail.
    pub email: bool,
    /// Whoever asks gets to see the codes.
    pub is_shown: bool,
}

/// What the new codes are beside those that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// They take the place of the sheet in the same moment.
    Sheet,
    /// They take it when one of them is confirmed.
    Pending,
    /// One code beside the sheet, in the place of another such; it is no sheet, and has no session.
    Temporary,
}

impl Role {
    /// Whether who just got codes has to wait for these. Who was let in by a temporary code wants a
    /// sheet at once, and who has none wants that code at once; it is never given without a reason.
    pub(in crate::actions) fn is_limited(self) -> bool {
        self != Self::Temporary
    }
}

/// To whom codes are issued; looked at in the deciding transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    Anybody,
    /// Only whose codes are in this condition.
    Those(Condition, Measure),
    /// Only who has no batch, neither active nor waiting to be confirmed.
    Without,
}

/// Where a sheet goes.
#[derive(Clone, Debug)]
pub struct Save {
    pub path: PathBuf,
    pub format: Format,
    /// Whether a file that is there may go.
    pub replace: bool,
}

/// What was issued: the only moment at which the codes exist in plaintext.
#[derive(Debug)]
pub struct Issued {
    pub user: UserName,
    pub user_is_new: bool,
    pub batch: BatchName,
    pub alphabet: Alphabet,
    pub expires_at: Option<Timestamp>,
    pub role: Role,
    pub codes: Vec<Code>,
    /// What was written into a file, if anything was.
    pub sheet: Option<Box<Sheet>>,
    /// Batches whose place it took.
    pub superseded: Vec<Superseded>,
    /// Whether the codes can still be exported or mailed for a while.
    pub has_session: bool,
    /// Mail that waits to be sent.
    pub mail: Vec<TaskId>,
}

/// The codes were issued, or not yet.
#[derive(Debug)]
pub enum Answer {
    Issued(Issued),
    /// Seconds to wait.
    Wait(u64),
}
