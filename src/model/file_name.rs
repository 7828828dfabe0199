//! Names of files that tell whose they are: readable, harmless, and nobody else's.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::id::BatchName;
use super::user::UserName;

/// Bytes of a name that is not shortened; file systems take 255, and an ending follows.
const LONGEST: usize = 180;

/// The same of a name that is one part of several.
const LONGEST_PART: usize = 70;

/// A sheet's file without its ending: `recovery-codes-example-alice-333351FD`. A site that has no name of
/// its own is left out.
pub fn of_sheet(site: &str, user: &UserName, batch: &BatchName) -> String {
    const KIND: &str = "recovery-codes";
    let mut name = KIND.to_owned();
    if site != KIND {
        name.push_str(&format!("-{}", safe(&site.to_lowercase(), LONGEST_PART)));
    }
    format!(
        "{name}-{}-{}",
        safe(user.as_str(), LONGEST_PART),
        batch.short()
    )
}

/// The name with everything but letters, digits and a few signs written as `%` and two
/// hexadecimal digits for each byte, so that two users never share a file. A very long one is
/// cut, and a digest says which it is.
pub fn of_user(name: &UserName) -> String {
    safe(name.as_str(), LONGEST)
}

fn safe(name: &str, longest: usize) -> String {
    let mut text = String::new();
    for (position, c) in name.char_indices() {
        let is_plain = c.is_alphanumeric()
            || matches!(c, '_' | '@' | '+')
            || (matches!(c, '-' | '.') && position > 0);
        if is_plain {
            text.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    if text.len() <= longest {
        return text;
    }
    let mut digest = DefaultHasher::new();
    text.hash(&mut digest);
    let end = (0..=longest)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    // A tilde is never plain, so no short name ends like this.
    format!("{}~{:016x}", &text[..end], digest.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> String {
        of_user(&UserName::from_stored(name.to_owned()))
    }

    #[test]
    fn a_name_stays_readable_and_leads_nowhere_else() {
        for (name, file) in [
            ("alice", "alice"),
            ("anna.müller@example.org", "anna.müller@example.org"),
            (
                "../../etc/passwd",
                "%2E./..%2Fetc".split('/').next().unwrap(),
            ),
            (".profile", "%2Eprofile"),
            ("-rf", "%2Drf"),
            ("a b", "a%20b"),
            ("100%", "100%25"),
            ("a\\b:c", "a%5Cb%3Ac"),
        ] {
            assert!(named(name).starts_with(file), "{}", named(name));
            assert!(!named(name).contains('/'));
        }
    }

    #[test]
    fn a_sheet_says_whose_it_is() {
        let batch = BatchName::from_stored("333351FDAAAAAAAA".to_owned());
        let sheet = |site: &str, user: &str| {
            of_sheet(site, &UserName::from_stored(user.to_owned()), &batch)
        };
        assert_eq!(
            sheet("Example", "alice"),
            "recovery-codes-example-alice-333351FD"
        );
        assert_eq!(
            sheet("recovery-codes", "a/b"),
            "recovery-codes-a%2Fb-333351FD"
        );
        assert!(sheet(&"é".repeat(200), &"漢".repeat(150)).len() < 250);
    }

    #[test]
    fn long_names_fit_and_stay_apart() {
        let (one, two) = (named(&"漢".repeat(149)), named(&"漢".repeat(150)));
        assert!(one.len() < 220 && two.len() < 220);
        assert_ne!(one, two);
    }
}
