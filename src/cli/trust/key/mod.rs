//! `key …`: the keys that lie apart from the store.

mod list;
mod retire;
mod rotate;

use crate::cli::desk::subwords;

subwords! {
    /// List, rotate and retire the keys without which no code can be checked
    pub enum Key {
        List(list::List),
        Rotate(rotate::Rotate),
        Retire(retire::Retire),
    }
}
