//! A list of users as somebody else wrote it, read strictly: every line that is wrong is named.

use std::collections::{HashMap, HashSet};

use crate::actions::desk::workspace::Workspace;
use crate::actions::users::add_user::require_free_email;
use crate::actions::users::columns::Columns;
pub use crate::actions::users::columns::{Asked, Entry};
use crate::error::{Error, Kind, Result};
use crate::model::user::{Email, fold_email};
use crate::platform::csv_file;
use crate::store::users;

/// A list as it was read.
#[derive(Debug)]
pub struct Roster {
    pub entries: Vec<Entry>,
    /// Headings of columns that were passed over.
    pub ignored: Vec<String>,
    /// What the encoding is called.
    pub encoding: &'static str,
    pub separator: char,
}

/// A line, or a record of a dump, that cannot be imported, and why.
#[derive(Debug)]
pub struct Refused {
    pub line: u64,
    pub error: Error,
}

/// What is done about an address that several users have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    Refused,
    /// They are added without it.
    LeftOut,
}

/// Reads a list from CSV; either everybody on it, or every line that is wrong in itself or beside the
/// others.
///
/// # Errors
/// [`Kind::Usage`] when the header is none.
pub fn read(
    bytes: &[u8],
    asked: &Asked<'_>,
    shared: Shared,
) -> Result<Result<Roster, Vec<Refused>>> {
    let sheet = csv_file::read(bytes)?;
    let mut lines = sheet.lines.into_iter();
    let columns = Columns::read(lines.next(), asked)?;
    let (mut entries, mut refused) = (Vec::new(), Vec::new());
    for line in lines {
        let number = line.number;
        match columns.entry(&line) {
            Ok(entry) => entries.push(entry),
            Err(error) => refused.push(Refused {
                line: number,
                error,
            }),
        }
    }
    if shared == Shared::LeftOut {
        leave_out_shared(entries.iter_mut().collect());
    }
    refused.extend(clashes(entries.iter(), "line"));
    refused.sort_by_key(|refused| refused.line);
    Ok(if refused.is_empty() {
        Ok(Roster {
            entries,
            ignored: columns.ignored,
            encoding: sheet.encoding,
            separator: sheet.separator,
        })
    } else {
        Err(refused)
    })
}

/// Takes every address away that stands for more than one of these users.
pub(in crate::actions) fn leave_out_shared(mut entries: Vec<&mut Entry>) {
    let mut holders: HashMap<String, HashSet<String>> = HashMap::new();
    for entry in &entries {
        let name = entry.name.as_str();
        let email = entry.email.as_ref().map(Email::folded);
        for meant in email.into_iter().chain([fold_email(name)]) {
            holders.entry(meant).or_default().insert(name.to_owned());
        }
    }
    for entry in &mut entries {
        let is_shared = |email: &Email| {
            let holders = holders.get(&email.folded());
            holders.is_some_and(|holders| holders.len() > 1)
        };
        entry.email.take_if(|email| is_shared(email));
    }
}

/// Takes every address away that is somebody else's in the store.
///
/// # Errors
/// What reading the store says.
pub fn leave_out_taken<'a>(
    workspace: &mut Workspace,
    entries: impl Iterator<Item = &'a mut Entry>,
) -> Result<()> {
    workspace.store.snapshot(|connection| {
        for entry in entries {
            let Some(email) = &entry.email else {
                continue;
            };
            let own = users::by_name(connection, entry.name.as_str())?.map(|user| user.id);
            match require_free_email(connection, email, own) {
                Err(error) if error.kind() == Kind::EmailTaken => entry.email = None,
                looked => looked?,
            }
        }
        Ok(())
    })
}

/// What decides about users who share an address.
pub(in crate::actions) const ABOUT_SHARED: &str = "an address belongs to one user: change one of them, or give --without-shared-emails to add them without it";

/// Entries that cannot stand beside another: since a user may be called by name or address,
/// both must be unambiguous. `unit` is what they are counted by.
pub(in crate::actions) fn clashes<'a>(
    entries: impl Iterator<Item = &'a Entry> + Clone,
    unit: &str,
) -> Vec<Refused> {
    let refuse = |line, message, hint| Refused {
        line,
        error: Error::new(Kind::Usage, message).hint(hint),
    };
    let mut refused = Vec::new();
    let (mut names, mut emails) = (HashMap::new(), HashMap::new());
    for entry in entries.clone() {
        let (name, line) = (&entry.name, entry.line);
        if let Some(first) = names.insert(name.as_str(), line) {
            names.insert(name.as_str(), first);
            let message = format!("the name {name} stands in {unit} {first} too");
            refused.push(refuse(line, message, "a name belongs to one user"));
        } else if let Some(email) = &entry.email
            && let Some(first) = emails.insert(email.folded(), entry)
        {
            emails.insert(email.folded(), first);
            let message = format!(
                "{name} has the address {email} of {} in {unit} {}",
                first.name,
                first.line,
                email = email.as_str(),
            );
            refused.push(refuse(line, message, ABOUT_SHARED));
        }
    }
    for entry in entries {
        if let Some(other) = emails.get(&fold_email(entry.name.as_str()))
            && other.line != entry.line
        {
            let message = format!(
                "the name {} is the address of {} in {unit} {}",
                entry.name, other.name, other.line
            );
            refused.push(refuse(entry.line, message, ABOUT_SHARED));
        }
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Entry>, Vec<Refused>> {
        let read = read(text.as_bytes(), &Asked::default(), Shared::Refused).unwrap();
        read.map(|roster| roster.entries)
    }

    /// What is said of each wrong line.
    fn wrong(text: &str) -> Vec<(u64, String)> {
        let refused = read_text(text).unwrap_err();
        refused
            .into_iter()
            .map(|refused| (refused.line, refused.error.to_string()))
            .collect()
    }

    #[test]
    fn columns_come_in_any_order() {
        let entries = read_text("Email, NAME \nalice@b.org,alice\n,bob\n").unwrap();
        let email = entries[0].email.as_ref().map(Email::as_str);
        assert_eq!(
            (entries[0].name.as_str(), email),
            ("alice", Some("alice@b.org"))
        );
        assert_eq!((entries[1].line, entries[1].name.as_str()), (3, "bob"));
        assert!(entries[1].email.is_none());
        assert!(read_text("name\n").unwrap().is_empty());
    }

    #[test]
    fn every_wrong_line_is_named() {
        let text = "name,email\nok,\n,a@b.org\nbob\nx,y,z\ncarol,nowhere\n\" d\",\n\"e\nf\",\ng,\"h@i.org\n";
        assert_eq!(
            wrong(text),
            [
                (3, "'' is not a user name: it is empty".to_owned()),
                (4, "it has 1 cells instead of 2".to_owned()),
                (5, "it has 3 cells instead of 2".to_owned()),
                (6, "'nowhere' is not an e-mail address".to_owned()),
                (
                    7,
                    "' d' is not a user name: it begins or ends with a space".to_owned()
                ),
                (
                    8,
                    "'e\\u{a}f' is not a user name: it holds the invisible character U+000A"
                        .to_owned()
                ),
                (
                    10,
                    "'h@i.org\\u{a}\\u{a}' is not an e-mail address".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn nobody_stands_in_it_twice() {
        assert_eq!(
            wrong("name,email\na,\na,x@y\nb,c@d\nc,C@D\nC@d,\n"),
            [
                (3, "the name a stands in line 2 too".to_owned()),
                (5, "c has the address C@D of b in line 4".to_owned()),
                (6, "the name C@d is the address of b in line 4".to_owned()),
            ]
        );
        // Names know case, and whoever is called like their own address is still one user.
        assert_eq!(read_text("name,email\na,\nA,\nx@y,X@Y\n").unwrap().len(), 3);
        assert_eq!(wrong("name\nZo\u{e9}\nZoe\u{301}\n")[0].0, 3);
    }

    #[test]
    fn a_shared_address_is_left_out_where_that_is_wanted() {
        let text = "name,email\na,x@y\nb,X@Y\nc,d@e\nD@e,\nf,f@g\nf@g,f@g\nh,h@i\ni@j,i@j\n";
        let entries = read(text.as_bytes(), &Asked::default(), Shared::LeftOut)
            .unwrap()
            .unwrap()
            .entries;
        let left: Vec<_> = entries
            .iter()
            .filter_map(|entry| Some((entry.name.as_str(), entry.email.as_ref()?.as_str())))
            .collect();
        assert_eq!(left, [("h", "h@i"), ("i@j", "i@j")]);
    }

    #[test]
    fn a_code_is_not_repeated() {
        let code = "ABCDEF-GHJKMN-PQRSTV-WXYZ23-456789-ABCDEF";
        for text in [
            format!("name,email\n{code},\nbob,{code}\n"),
            format!("name,email\n\"{code} \",x\nbob,{code}\n"),
        ] {
            let said = format!("{:?}", wrong(&text));
            assert!(said.contains("a code stands in it"), "{said}");
            assert!(!said.contains("GHJKMN"), "{said}");
        }
        let header = read(
            format!("{code}\n").as_bytes(),
            &Asked::default(),
            Shared::Refused,
        )
        .unwrap_err()
        .to_string();
        assert!(!header.contains("GHJKMN"), "{header}");
    }
}
