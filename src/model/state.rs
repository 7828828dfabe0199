//! The states of users, batches and codes (DESIGN section 3), as words that stand in the store
//! and in the output.

/// An enum whose variants are words: written with `word`, read back with `from_word`.
macro_rules! words {
    (
        $(#[$outer:meta])*
        pub enum $name:ident { $( $(#[$inner:meta])* $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$inner])* $variant, )+ }

        impl $name {
            /// Every word there is.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The word that stands in the store and in the output.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }

            /// The value of a word; none for a word that is not one of these.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Whether somebody may log in with codes.
    pub enum UserState {
        Active = "active",
        Disabled = "disabled",
    }
}

words! {
    /// The life of a code.
    pub enum CodeState {
        Active = "active",
        Used = "used",
        Invalidated = "invalidated",
        Deleted = "deleted",
    }
}

words! {
    /// Where codes were issued that were not issued here.
    pub enum Elsewhere {
        /// By django-auth-recovery-codes.
        Django = "django",
        /// As static tokens of django-otp.
        OtpStatic = "otp-static",
        /// As scratch codes of google-authenticator.
        Libpam = "libpam",
        /// By Keycloak.
        Keycloak = "keycloak",
        /// As TAN tokens of privacyIDEA.
        Privacyidea = "privacyidea",
        /// By a system that wrote a list of them.
        Csv = "csv",
    }
}

words! {
    /// The life of a batch.
    pub enum BatchState {
        /// Generated with `--pending`: the old batch works until this one is confirmed.
        Pending = "pending",
        Active = "active",
        Superseded = "superseded",
        Deleted = "deleted",
        /// No rows are left; only the counts.
        Purged = "purged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for state in CodeState::ALL {
            assert_eq!(CodeState::from_word(state.word()), Some(*state));
        }
        for state in BatchState::ALL {
            assert_eq!(BatchState::from_word(state.word()), Some(*state));
        }
        assert_eq!(UserState::from_word("Active"), None);
    }
}
