//! A list of users as somebody else wrote it, read strictly: every line that is wrong is named, also what
//! cannot stand beside another.

use crate::actions::desk::workspace::Workspace;
use crate::actions::users::add_user::require_free_email;
use crate::actions::users::aside::{Aside, missing};
use crate::actions::users::columns::Columns;
pub use crate::actions::users::columns::{Asked, Entry, KEPT, Refusals, Refused};
use crate::error::{Error, Kind, Result};
use crate::model::user::fold_email;
use crate::platform::csv_file;
use crate::store::{Connection, users};

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

/// What is done about an address that several users have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    Refused,
    /// They are added without it.
    LeftOut,
}

/// Reads a list from CSV; either everybody on it, or the lines that are wrong in themselves or beside the
/// others.
///
/// # Errors
/// [`Kind::Usage`] when the header is none.
pub fn read(bytes: &[u8], asked: &Asked<'_>, shared: Shared) -> Result<Result<Roster, Refusals>> {
    let sheet = csv_file::read(bytes)?;
    let mut lines = sheet.lines.into_iter();
    let columns = Columns::read(lines.next(), asked)?;
    let (mut entries, mut refused) = (Vec::new(), Refusals::default());
    for line in lines {
        let number = line.number;
        match columns.entry(&line) {
            Ok(entry) => entries.push(entry),
            Err(error) => refused.add(number, error),
        }
    }
    stand_beside(&mut entries, shared, &mut refused)?;
    let refused = refused.sorted();
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

/// Finds whom of these no other may stand beside; where shared addresses are left out, takes those away first.
fn stand_beside(entries: &mut [Entry], shared: Shared, refused: &mut Refusals) -> Result<()> {
    const UNIT: &str = "line";
    let mut aside = Aside::new()?;
    if shared == Shared::LeftOut {
        for (number, entry) in (1..).zip(entries.iter()) {
            note(&mut aside, number, entry)?;
        }
        for entry in entries.iter_mut() {
            if is_shared(&aside, entry)? {
                entry.email = None;
            }
        }
    }
    let at = |_: &Aside, number: u64| {
        let place = usize::try_from(number - 1).unwrap_or(usize::MAX);
        entries.get(place).cloned().ok_or_else(missing)
    };
    for numbered in (1..).zip(entries.iter()) {
        refused.extend(clash(&mut aside, numbered, UNIT, at)?);
    }
    for numbered in (1..).zip(entries.iter()) {
        refused.extend(name_clash(&aside, numbered, UNIT, at)?);
    }
    Ok(())
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
            if has_taken_email(connection, entry)? {
                entry.email = None;
            }
        }
        Ok(())
    })
}

/// Whether the address of an entry is somebody else's in the store.
///
/// # Errors
/// What reading the store says.
pub(in crate::actions) fn has_taken_email(connection: &Connection, entry: &Entry) -> Result<bool> {
    let Some(email) = &entry.email else {
        return Ok(false);
    };
    let own = users::by_name(connection, entry.name.as_str())?.map(|user| user.id);
    match require_free_email(connection, email, own) {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == Kind::EmailTaken => Ok(true),
        Err(error) => Err(error),
    }
}

/// What decides about users who share an address.
pub(in crate::actions) const ABOUT_SHARED: &str = "an address belongs to one user: change one of them, or give --without-shared-emails to add them without it";

/// What stands for an address of several users.
const SEVERAL: u64 = 0;

/// Kinds of digests: whom a name is, whom a name or address may mean, and where each stood first.
const WHO: &str = "who";
const MEANT: &str = "meant";
const NAME: &str = "name";
const EMAIL: &str = "email";

/// Notes whom the name and the address of an entry mean. Numbers of entries begin with 1.
pub(in crate::actions) fn note(aside: &mut Aside, number: u64, entry: &Entry) -> Result<()> {
    let name = entry.name.as_str();
    // Two entries with one name are one user, who shares nothing.
    let who = match aside.known(WHO, name)? {
        Some(who) => who,
        None => {
            aside.know(WHO, name, number)?;
            number
        }
    };
    let email = entry.email.as_ref().map(|email| email.folded());
    for meant in email.into_iter().chain([fold_email(name)]) {
        match aside.known(MEANT, &meant)? {
            None => aside.know(MEANT, &meant, who)?,
            Some(known) if known == who || known == SEVERAL => {}
            Some(_) => aside.know(MEANT, &meant, SEVERAL)?,
        }
    }
    Ok(())
}

/// Whether its address means more than one of those that were noted.
pub(in crate::actions) fn is_shared(aside: &Aside, entry: &Entry) -> Result<bool> {
    Ok(match &entry.email {
        Some(email) => aside.known(MEANT, &email.folded())? == Some(SEVERAL),
        None => false,
    })
}

/// Looks whether somebody before has the name or the address of an entry, which is remembered. `unit` is
/// what entries are counted by, and `at` finds one by its number.
pub(in crate::actions) fn clash(
    aside: &mut Aside,
    (number, entry): (u64, &Entry),
    unit: &str,
    at: impl FnOnce(&Aside, u64) -> Result<Entry>,
) -> Result<Option<Refused>> {
    let name = &entry.name;
    if let Some(first) = aside.known(NAME, name.as_str())? {
        let first = at(aside, first)?.line;
        let message = format!("the name {name} stands in {unit} {first} too");
        let error = Error::new(Kind::Usage, message).hint("a name belongs to one user");
        let line = entry.line;
        return Ok(Some(Refused { line, error }));
    }
    aside.know(NAME, name.as_str(), number)?;
    let Some(email) = &entry.email else {
        return Ok(None);
    };
    let Some(first) = aside.known(EMAIL, &email.folded())? else {
        aside.know(EMAIL, &email.folded(), number)?;
        return Ok(None);
    };
    let first = at(aside, first)?;
    let message = format!(
        "{name} has the address {email} of {} in {unit} {}",
        first.name,
        first.line,
        email = email.as_str(),
    );
    Ok(Some(shared(entry, message)))
}

/// Looks whether the name of an entry is the address of another one, once all were looked at.
pub(in crate::actions) fn name_clash(
    aside: &Aside,
    (number, entry): (u64, &Entry),
    unit: &str,
    at: impl FnOnce(&Aside, u64) -> Result<Entry>,
) -> Result<Option<Refused>> {
    let name = &entry.name;
    let other = aside.known(EMAIL, &fold_email(name.as_str()))?;
    let Some(other) = other.filter(|other| *other != number) else {
        return Ok(None);
    };
    let other = at(aside, other)?;
    let message = format!(
        "the name {name} is the address of {} in {unit} {}",
        other.name, other.line
    );
    Ok(Some(shared(entry, message)))
}

fn shared(entry: &Entry, message: String) -> Refused {
    Refused {
        line: entry.line,
        error: Error::new(Kind::Usage, message).hint(ABOUT_SHARED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::user::Email;

    fn read_text(text: &str) -> Result<Vec<Entry>, Refusals> {
        let read = read(text.as_bytes(), &Asked::default(), Shared::Refused).unwrap();
        read.map(|roster| roster.entries)
    }

    /// What is said of each wrong line.
    fn wrong(text: &str) -> Vec<(u64, String)> {
        let refused = read_text(text).unwrap_err();
        refused
            .kept()
            .0
            .iter()
            .map(|refused| (refused.line, refused.error.to_string()))
            .collect()
    }

    #[test]
    fn the_first_wrong_lines_are_kept_in_whatever_order_they_come() {
        let mut refusals = Refusals::default();
        // Odd lines in a first pass, even ones in a second.
        for line in (1..10_000).step_by(2).chain((2..=10_000).step_by(2)) {
            refusals.add(line, Error::new(Kind::Usage, "wrong"));
            assert!(refusals.kept().0.len() < 2 * KEPT);
        }
        let refusals = refusals.sorted();
        let (first, more) = refusals.kept();
        let lines = first.iter().map(|refused| refused.line);
        assert!(lines.eq(1..=KEPT as u64));
        assert_eq!(more, 10_000 - KEPT as u64);
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
