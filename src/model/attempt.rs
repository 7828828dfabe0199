//! What became of one attempt with a code: the real reason, for the log and the administrator
//! only (DESIGN section 4.6).

use super::state::words;

words! {
    /// Which word tried the code.
    pub enum Purpose {
        Verify = "verify",
        Confirm = "confirm",
    }
}

words! {
    /// The real reason.
    pub enum Outcome {
        /// `verify` said yes.
        Accepted = "accepted",
        /// `confirm` said yes.
        Confirmed = "confirmed",
        /// `confirm` met a batch that was confirmed before.
        AlreadyConfirmed = "already_confirmed",
        /// No such user.
        UnknownUser = "unknown_user",
        /// The user is disabled.
        Disabled = "disabled",
        /// No code of this user begins so, or the rest is wrong.
        Wrong = "wrong",
        Used = "used",
        Invalidated = "invalidated",
        Deleted = "deleted",
        Expired = "expired",
        /// An old sheet: a newer batch took its place.
        Superseded = "superseded",
        /// A batch that still waits to be confirmed.
        Pending = "pending",
        /// Issued before the store was restored from a backup.
        Outdated = "outdated",
        /// Refused unchecked: dead, and made with a key that is no longer there.
        Keyless = "keyless",
        /// Refused: what the store holds of the user or the code was changed without the key.
        Forged = "forged",
        /// Refused unchecked: the limiter asked to wait.
        Limited = "limited",
        /// Refused unchecked: too many failures, locked until `limit reset`.
        Locked = "locked",
    }
}

impl Outcome {
    /// A sentence's end for the help desk: "the code ...".
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Accepted => "was accepted",
            Self::Confirmed => "was confirmed",
            Self::AlreadyConfirmed => "belongs to a batch that was confirmed before",
            Self::UnknownUser => "was given for a user that does not exist",
            Self::Disabled => "was given for a disabled user",
            Self::Wrong => "is not one of this user's codes",
            Self::Used => "was used before",
            Self::Invalidated => "was invalidated",
            Self::Deleted => "was deleted",
            Self::Expired => "has expired",
            Self::Superseded => "is from an old sheet",
            Self::Pending => "is from a sheet that is not confirmed yet",
            Self::Outdated => "was issued before the store was restored",
            Self::Keyless => "has the hint of a dead one, whose key is no longer there to check it",
            Self::Forged => "is not believed: the store was changed by somebody without the key",
            Self::Limited => "was not checked: the limiter asked to wait",
            Self::Locked => "was not checked: the user is locked",
        }
    }
}
