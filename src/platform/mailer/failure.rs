//! Why a letter did not leave, and whether trying again can help.

use crate::error::{Error, Kind};

/// A letter that was not sent. It never repeats what the letter says or a password.
#[derive(Debug)]
pub struct Failure {
    error: Error,
    is_temporary: bool,
    may_have_arrived: bool,
    is_of_the_server: bool,
    is_cut_short: bool,
}

impl Failure {
    /// Trying again later can help.
    pub fn temporary(message: impl Into<String>) -> Self {
        Self {
            error: Error::new(Kind::Mail, message),
            is_temporary: true,
            may_have_arrived: false,
            is_of_the_server: false,
            is_cut_short: false,
        }
    }

    /// Trying again cannot help until somebody changes something.
    pub fn permanent(message: impl Into<String>) -> Self {
        Self {
            is_temporary: false,
            ..Self::temporary(message)
        }
    }

    /// Adds what to do.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            error: self.error.hint(hint),
            ..self
        }
    }

    /// The whole letter was handed over, but the answer is missing.
    pub(super) fn after_the_letter(self) -> Self {
        Self {
            may_have_arrived: true,
            ..self
        }
    }

    /// It says nothing of this letter: no other would have left either.
    pub(super) fn of_the_server(self) -> Self {
        Self {
            is_of_the_server: true,
            ..self
        }
    }

    /// Only the limit of the settings was in the way.
    pub(super) fn cut_short(self) -> Self {
        Self {
            is_cut_short: true,
            ..self
        }
    }

    /// Whether trying again can help.
    pub fn is_temporary(&self) -> bool {
        self.is_temporary
    }

    /// Whether the letter may have arrived all the same, so that sending it again may make two.
    pub fn may_have_arrived(&self) -> bool {
        self.may_have_arrived
    }

    /// Whether no other letter would leave at this moment either.
    pub fn is_of_the_server(&self) -> bool {
        self.is_of_the_server
    }

    /// Whether the letter was never handed over, because [`MailSettings::limit`] left too little
    /// time.
    ///
    /// [`MailSettings::limit`]: super::MailSettings::limit
    pub fn is_cut_short(&self) -> bool {
        self.is_cut_short
    }

    /// What happened, as one sentence.
    pub fn message(&self) -> String {
        self.error.to_string()
    }

    /// What to do about it.
    pub fn advice(&self) -> Option<&str> {
        self.error.advice()
    }
}

/// An obstacle on this machine, such as a file that cannot be read: it may be gone later.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            is_temporary: !matches!(
                error.kind(),
                Kind::Config | Kind::NoEmail | Kind::WrongState
            ),
            error,
            may_have_arrived: false,
            is_of_the_server: false,
            is_cut_short: false,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}
