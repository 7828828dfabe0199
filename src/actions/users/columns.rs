//! Which column of a list is which: by what the exports of directories and spreadsheets call them.

use crate::error::{Error, Kind, Result};
use crate::model::state::UserState;
use crate::model::user::{Email, UserName, quote};
use crate::platform::csv_file::Line;
use crate::secret::code::looks_like_a_code;

/// One user of the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line, or the record of a dump, in which it stands.
    pub line: u64,
    pub name: UserName,
    pub email: Option<Email>,
    /// What the list says of them, if it does.
    pub state: Option<UserState>,
}

/// A line, or a record of a dump, that cannot be imported, and why.
#[derive(Debug)]
pub struct Refused {
    pub line: u64,
    pub error: Error,
}

/// So many lines that cannot be imported are kept.
pub const KEPT: usize = 1000;

/// Such lines: the first of them, and how many more there are. So memory does not grow with all that is wrong.
#[derive(Debug, Default)]
pub struct Refusals {
    /// While lines are added fewer than twice as many as are kept, in any order.
    first: Vec<Refused>,
    more: u64,
}

impl Refusals {
    /// Adds a line.
    pub fn add(&mut self, line: u64, error: Error) {
        self.extend([Refused { line, error }]);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// The first of them in their order, once all were added.
    pub fn sorted(mut self) -> Self {
        self.cut();
        self
    }

    fn cut(&mut self) {
        self.first.sort_by_key(|refused| refused.line);
        self.more += self.first.len().saturating_sub(KEPT) as u64;
        self.first.truncate(KEPT);
    }

    /// Those that are kept, and how many others there are.
    pub fn kept(&self) -> (&[Refused], u64) {
        (&self.first, self.more)
    }
}

impl Extend<Refused> for Refusals {
    fn extend<T: IntoIterator<Item = Refused>>(&mut self, refused: T) {
        for refused in refused {
            self.first.push(refused);
            if self.first.len() >= 2 * KEPT {
                self.cut();
            }
        }
    }
}

/// Columns that are named by whoever imports the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
}

/// Headings of names, as [`plain`] makes them: of lists made for this program, Okta, Entra ID, and LDAP.
const NAMES: [&str; 9] = [
    "name",
    "user",
    "username",
    "login",
    "loginname",
    "userprincipalname",
    "uid",
    "samaccountname",
    "account",
];

/// Headings of addresses: the same, and Google Workspace.
const EMAILS: [&str; 4] = ["email", "emailaddress", "mail", "primaryemail"];

/// Headings of what says whether somebody may log in, and how their cells are read. `state` is none:
/// Okta and Entra ID have a part of the postal address there.
const STATES: [(&str, Reading); 7] = [
    ("status", Reading::Word),
    ("accountenabled", Reading::Yes),
    ("enabled", Reading::Yes),
    ("active", Reading::Yes),
    ("suspended", Reading::No),
    ("disabled", Reading::No),
    ("useraccountcontrol", Reading::Bits),
];

#[derive(Clone, Copy, Debug)]
enum Reading {
    /// A word such as `Active` or `SUSPENDED`.
    Word,
    /// Whether they may.
    Yes,
    /// Whether they may not.
    No,
    /// Bits of Active Directory, of which the second says that an account is disabled (MS-ADTS 2.2.16).
    Bits,
}

/// Which column is which.
pub(super) struct Columns {
    name: usize,
    email: Option<usize>,
    states: Vec<(usize, Reading)>,
    all: usize,
    /// Headings of those that are passed over.
    pub(super) ignored: Vec<String>,
}

/// A heading without case, marks, and what stands in brackets.
fn plain(heading: &str) -> String {
    let mut depth = 0_u32;
    let mut text = String::new();
    for c in heading.chars() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => text.extend(c.to_lowercase()),
            _ => {}
        }
    }
    text
}

fn refuse(why: impl Into<String>) -> Error {
    Error::new(Kind::Usage, why).hint(
        "nothing was changed; the first line names the columns, such as name and email; --name-column and --email-column say which they are",
    )
}

impl Columns {
    pub(super) fn read(header: Option<Line>, asked: &Asked<'_>) -> Result<Self> {
        let header = header
            .ok_or_else(|| refuse("there is nothing to import"))?
            .cells;
        if header.iter().any(|column| looks_like_a_code(column)) {
            return Err(refuse("a code stands in the place of a column"));
        }
        let name = find(&header, asked.name, &NAMES, "--name-column")?;
        let email = find(&header, asked.email, &EMAILS, "--email-column")?;
        let states: Vec<(usize, Reading)> = (0..)
            .zip(&header)
            .filter(|(place, _)| ![name, email].contains(&Some(*place)))
            .filter_map(|(place, heading)| {
                let heading = plain(heading);
                let state = STATES.iter().find(|(name, _)| *name == heading)?;
                Some((place, state.1))
            })
            .collect();
        let is_ignored = |place: usize| {
            ![name, email].contains(&Some(place)) && !states.iter().any(|state| state.0 == place)
        };
        let ignored = (0..)
            .zip(&header)
            .filter(|(place, heading)| is_ignored(*place) && !heading.is_empty());
        Ok(Self {
            ignored: ignored.map(|(_, heading)| heading.clone()).collect(),
            // Where addresses are all there is, people are called by them.
            name: name.or(email).ok_or_else(|| {
                let all: Vec<String> = header.iter().map(|heading| quote(heading)).collect();
                refuse(format!(
                    "there is no column of names or addresses among {}",
                    all.join(", ")
                ))
            })?,
            email,
            states,
            all: header.len(),
        })
    }

    pub(super) fn entry(&self, line: &Line) -> Result<Entry> {
        let cells = &line.cells;
        if cells.len() != self.all {
            return Err(Error::new(
                Kind::Usage,
                format!("it has {} cells instead of {}", cells.len(), self.all),
            ));
        }
        let email = self.email.map_or("", |column| &cells[column]);
        let name = &cells[self.name];
        // What the next lines say repeats the cell.
        let states = self
            .states
            .iter()
            .map(|(column, _)| cells[*column].as_str());
        if [name.as_str(), email]
            .into_iter()
            .chain(states)
            .any(looks_like_a_code)
        {
            return Err(Error::new(Kind::Usage, "a code stands in it"));
        }
        let mut state = None;
        for (column, reading) in &self.states {
            let found = self::state(*reading, &cells[*column])?;
            // Whoever is disabled anywhere is.
            if state != Some(UserState::Disabled) {
                state = found.or(state);
            }
        }
        Ok(Entry {
            line: line.number,
            name: UserName::parse(name)?,
            email: (!email.is_empty())
                .then(|| Email::parse(email))
                .transpose()?,
            state,
        })
    }
}

/// The one column that is asked for, or called so.
fn find(
    header: &[String],
    asked: Option<&str>,
    known: &[&str],
    option: &str,
) -> Result<Option<usize>> {
    let fits = |heading: &String| match asked {
        Some(asked) => heading.trim() == asked.trim(),
        None => known.contains(&plain(heading).as_str()),
    };
    let found: Vec<usize> = (0..)
        .zip(header)
        .filter(|(_, heading)| fits(heading))
        .map(|(place, _)| place)
        .collect();
    match (found.as_slice(), asked) {
        ([], Some(asked)) => Err(refuse(format!("there is no column {}", quote(asked)))),
        ([], None) => Ok(None),
        ([one], _) => Ok(Some(*one)),
        (several, _) => {
            let names: Vec<String> = several.iter().map(|place| quote(&header[*place])).collect();
            Err(refuse(format!(
                "it could be each of the columns {}",
                names.join(" and ")
            ))
            .hint(format!(
                "nothing was changed; say which with {option}, or rename the others"
            )))
        }
    }
}

/// What a cell says of somebody; nothing if it is empty.
fn state(reading: Reading, cell: &str) -> Result<Option<UserState>> {
    let text = cell.trim().to_lowercase();
    if text.is_empty() {
        return Ok(None);
    }
    let yes = || match text.as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    };
    let may = match reading {
        Reading::Yes => yes(),
        Reading::No => yes().map(|is_disabled| !is_disabled),
        Reading::Bits => text.parse::<u64>().ok().map(|bits| bits & 2 == 0),
        Reading::Word => match text.as_str() {
            "active" | "enabled" | "provisioned" | "staged" | "recovery" | "password expired"
            | "password_expired" | "locked out" | "locked_out" => Some(true),
            "suspended" | "disabled" | "inactive" | "deprovisioned" | "deactivated"
            | "archived" | "deleted" => Some(false),
            _ => None,
        },
    };
    match may {
        Some(true) => Ok(Some(UserState::Active)),
        Some(false) => Ok(Some(UserState::Disabled)),
        None => Err(Error::new(
            Kind::Usage,
            format!(
                "{} says neither that somebody may log in nor that they may not",
                quote(cell)
            ),
        )
        .hint("write active or disabled there, or rename the column to have it passed over")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str, asked: Asked<'_>) -> Result<Columns> {
        let cells = header.split(',').map(str::to_owned).collect();
        Columns::read(Some(Line { number: 1, cells }), &asked)
    }

    #[test]
    fn headings_of_real_exports_are_known() {
        for (header, name, email, states) in [
            ("name,email", 0, Some(1), 0),
            ("E-Mail, NAME ", 1, Some(0), 0),
            (
                "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY]",
                2,
                Some(2),
                1,
            ),
            (
                "userPrincipalName,displayName,mail,accountEnabled",
                0,
                Some(2),
                1,
            ),
            ("login,email,firstName,status", 0, Some(1), 1),
            ("login,email,city,state", 0, Some(1), 0),
            ("dn,uid,cn,mail", 1, Some(3), 0),
            ("dn,sAMAccountName,mail,userAccountControl", 1, Some(2), 1),
        ] {
            let columns = read(header, Asked::default()).unwrap();
            assert_eq!(
                (columns.name, columns.email, columns.states.len()),
                (name, email, states),
                "{header}"
            );
        }
    }

    #[test]
    fn a_header_that_is_none_is_refused() {
        for (header, part) in [
            ("number,hint,code", "among 'number', 'hint', 'code'"),
            ("name,Name", "'name' and 'Name'"),
            ("uid,login", "'uid' and 'login'"),
        ] {
            let error = read(header, Asked::default()).err().unwrap();
            assert_eq!(error.kind(), Kind::Usage);
            assert!(error.to_string().contains(part), "{error}");
        }
        let asked = Asked {
            name: Some("login"),
            email: None,
        };
        assert_eq!(read("uid,login", asked).unwrap().ignored, ["uid"]);
        let asked = Asked {
            name: Some("nick"),
            email: None,
        };
        assert!(
            read("uid,login", asked)
                .err()
                .unwrap()
                .to_string()
                .contains("no column 'nick'")
        );
        assert!(Columns::read(None, &Asked::default()).is_err());
    }

    #[test]
    fn states_are_read_as_they_are_written() {
        use Reading::{Bits, No, Word, Yes};
        for (reading, cell, may) in [
            (Word, "Active", true),
            (Word, "SUSPENDED", false),
            (Word, "LOCKED_OUT", true),
            (Yes, "True", true),
            (Yes, "false", false),
            (No, "true", false),
            (Bits, "512", true),
            (Bits, "514", false),
        ] {
            let wanted = match may {
                true => UserState::Active,
                false => UserState::Disabled,
            };
            assert_eq!(state(reading, cell).unwrap(), Some(wanted), "{cell}");
        }
        assert_eq!(state(Word, " ").unwrap(), None);
        assert!(state(Word, "married").is_err() && state(Bits, "x").is_err());
    }
}
