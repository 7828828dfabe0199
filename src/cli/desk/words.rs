//! Words that only lead to others.

/// A word of words: its tree, and the way to the one that is given.
macro_rules! subwords {
    (
        $(#[$outer:meta])*
        pub enum $name:ident { $( $word:ident($type:ty), )+ }
    ) => {
        $(#[$outer])*
        #[derive(Debug, clap::Subcommand)]
        pub enum $name { $( $word($type), )+ }

        impl $name {
            pub fn run(
                self,
                call: &mut $crate::cli::desk::call::Call<'_>,
            ) -> $crate::error::Result<$crate::cli::desk::report::Report> {
                match self {
                    $( Self::$word(word) => word.run(call), )+
                }
            }
        }
    };
}
pub(crate) use subwords;
