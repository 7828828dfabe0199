//! What is wrong with a text that cannot be a code, told by the text alone: nothing is looked up for
//! it, and it is never repeated.

use zeroize::Zeroizing;

use crate::error::{Error, Kind};
use crate::model::alphabet::{Alphabet, CHECKED_GROUPS, CHECKED_LENGTH, GROUP, GROUPS, LENGTH};
use crate::model::check_character::holds;

/// Why a text is no code.
#[derive(Clone, Debug)]
pub(super) enum Flaw {
    /// It holds more than one.
    Several,
    /// It has the form of a code with check characters, and these groups, counted from 0, do not hold.
    Mistyped(Vec<usize>),
    /// All groups of such a code hold but one, which has another length.
    Uneven(String),
    /// It has another form.
    Malformed(String),
}

/// More groups than this are mistyped in no code: then a word of 42 characters is something else.
const MOST_MISTYPED: usize = 4;

impl Flaw {
    /// Whether a code, or most of one, stands in it all the same.
    pub fn holds_a_code(&self) -> bool {
        match self {
            Self::Several | Self::Uneven(_) => true,
            Self::Mistyped(groups) => groups.len() <= MOST_MISTYPED,
            Self::Malformed(_) => false,
        }
    }

    /// As an obstacle.
    pub fn into_error(self) -> Error {
        match self {
            Self::Several => Error::new(Kind::MalformedCode, "this is more than one code")
                .hint("give one of them"),
            Self::Mistyped(groups) => Error::new(Kind::MalformedCode, mistyped(&groups)).hint(
                "compare it with the sheet and type it again; this did not count as an attempt",
            ),
            Self::Uneven(why) | Self::Malformed(why) => {
                Error::new(Kind::MalformedCode, format!("this cannot be a code: {why}")).hint(
                    "a code has 6 or 7 groups of 6 letters and digits: Ab3dEf-gHjKmn-pQrStu-vWxYz2-345678-9AbCdE",
                )
            }
        }
    }
}

fn mistyped(groups: &[usize]) -> String {
    match groups {
        [one] => format!("the {} group is mistyped", ordinal(*one)),
        few if few.len() <= MOST_MISTYPED => format!("the {} groups are mistyped", named(few)),
        most => format!("{} of the {CHECKED_GROUPS} groups are mistyped", most.len()),
    }
}

/// Those groups of a code with check characters that do not hold.
pub(super) fn mistyped_groups(typed: &[char; CHECKED_LENGTH]) -> Vec<usize> {
    let groups = typed.chunks(GROUP).map(|group| group.iter().copied());
    (0..)
        .zip(groups)
        .enumerate()
        .filter(|(_, (number, group))| !does_hold(*number, group.clone()))
        .map(|(place, _)| place)
        .collect()
}

/// Whether this is the group with this number of a code with check characters.
fn does_hold(number: u8, typed: impl Iterator<Item = char>) -> bool {
    let mut meant = Zeroizing::new([0; GROUP]);
    let mut length = 0;
    for c in typed {
        match (meant.get_mut(length), Alphabet::Typeable.read(c)) {
            (Some(meant), Some(read)) => *meant = read,
            _ => return false,
        }
        length += 1;
    }
    length == GROUP && holds(number, &*meant)
}

/// The one group that is left out, if these are the others of a code with check characters.
pub(super) fn missing_group(characters: &[u8]) -> Option<&'static str> {
    (0..CHECKED_GROUPS)
        .find(|missing| {
            let numbers = (0..).filter(|number| usize::from(*number) != *missing);
            numbers
                .zip(characters.chunks(GROUP))
                .all(|(number, group)| holds(number, group))
        })
        .map(ordinal)
}

/// What is wrong with groups that are not 36 or 42 characters together.
pub(super) fn of_length(groups: &[&str]) -> Flaw {
    let lengths: Vec<usize> = groups.iter().map(|group| group.chars().count()).collect();
    let many = match lengths.iter().sum() {
        0 => return Flaw::Malformed("it is empty".to_owned()),
        many if many > CHECKED_LENGTH => {
            format!("it has more than {CHECKED_LENGTH} letters and digits")
        }
        few => format!("it has {few} letters and digits, not {LENGTH} or {CHECKED_LENGTH}"),
    };
    let is_grouped = [GROUPS, CHECKED_GROUPS].contains(&lengths.len());
    let odd: Vec<usize> = (0..)
        .zip(&lengths)
        .filter(|(_, length)| **length != GROUP)
        .map(|(place, _)| place)
        .collect();
    let why = match &odd[..] {
        [one] if is_grouped => {
            let its = lengths.get(*one).copied().unwrap_or_default();
            format!("{many}; the {} group has {its}, not {GROUP}", ordinal(*one))
        }
        few if is_grouped && few.len() <= 3 => {
            format!("{many}; the {} groups do not have {GROUP}", named(few))
        }
        _ => many,
    };
    let held = (0..)
        .zip(groups)
        .filter(|(number, group)| does_hold(*number, group.chars()));
    // Else the six others could be a code of an earlier build, and the odd one stand beside it; or it
    // has the first group at its end.
    let is_plain = groups
        .iter()
        .all(|group| group.chars().all(char::is_alphanumeric));
    if is_plain && lengths.len() == CHECKED_GROUPS && held.count() == CHECKED_GROUPS - 1 {
        return Flaw::Uneven(why);
    }
    Flaw::Malformed(why)
}

/// What is wrong where a character stands that no code has.
pub(super) fn of_characters(typed: &[char]) -> Flaw {
    let is_strange = |c: &char| Alphabet::ALL.iter().all(|one| one.read(*c).is_none());
    let mut strange = (0..)
        .zip(typed.chunks(GROUP))
        .filter(|(_, group)| group.iter().any(is_strange))
        .map(|(place, _)| place);
    let where_it_is = match (strange.next(), strange.next()) {
        (Some(place), None) => format!(", in the {} group", ordinal(place)),
        _ => String::new(),
    };
    Flaw::Malformed(format!(
        "it holds a character that no code has{where_it_is}"
    ))
}

/// `first, third and fifth`.
fn named(places: &[usize]) -> String {
    let names: Vec<&str> = places.iter().map(|place| ordinal(*place)).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

fn ordinal(place: usize) -> &'static str {
    match place {
        0 => "first",
        1 => "second",
        2 => "third",
        3 => "fourth",
        4 => "fifth",
        5 => "sixth",
        _ => "seventh",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(flaw: Flaw) -> String {
        flaw.into_error().to_string()
    }

    #[test]
    fn groups_are_named() {
        for (groups, expected) in [
            (&[0][..], "the first group is mistyped"),
            (&[2, 6], "the third and seventh groups are mistyped"),
            (
                &[0, 3, 5],
                "the first, fourth and sixth groups are mistyped",
            ),
            (&[0, 1, 2, 3, 4], "5 of the 7 groups are mistyped"),
        ] {
            assert_eq!(said(Flaw::Mistyped(groups.to_vec())), expected);
        }
    }

    #[test]
    fn a_group_of_another_length_is_named_where_it_is_certain() {
        let cannot = "this cannot be a code: it has ";
        for (groups, expected) in [
            (
                &[6, 6, 5, 6, 6, 6][..],
                "35 letters and digits, not 36 or 42; the third group has 5, not 6",
            ),
            (
                &[6, 6, 6, 6, 6, 6, 7],
                "more than 42 letters and digits; the seventh group has 7, not 6",
            ),
            (
                &[5, 6, 6, 6, 6, 6, 5],
                "40 letters and digits, not 36 or 42; the first and seventh groups do not have 6",
            ),
            (&[6, 6, 6, 6, 6], "30 letters and digits, not 36 or 42"),
            (&[7], "7 letters and digits, not 36 or 42"),
            (&[1; 6], "6 letters and digits, not 36 or 42"),
        ] {
            let groups: Vec<String> = groups.iter().map(|length| "a".repeat(*length)).collect();
            let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
            assert_eq!(said(of_length(&groups)), format!("{cannot}{expected}"));
        }
        assert_eq!(said(of_length(&[])), "this cannot be a code: it is empty");
    }

    #[test]
    fn a_strange_character_is_named_by_its_group() {
        let strange = |text: &str| said(of_characters(&text.chars().collect::<Vec<_>>()));
        let what = "this cannot be a code: it holds a character that no code has";
        assert_eq!(
            strange("AAAAAABBBBB\u{e4}"),
            format!("{what}, in the second group")
        );
        assert_eq!(strange("\u{e4}AAAAABBBBB\u{e4}"), what);
        // U is in one alphabet, 0 in the other: any of them may be wrong.
        assert_eq!(strange("UAAAA0"), what);
    }
}
