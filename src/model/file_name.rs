//! A user's name as the name of a file: readable, harmless, and no other user's.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::user::UserName;

/// Bytes of a name that is not shortened; file systems take 255, and an ending follows.
const LONGEST: usize = 180;

/// The name with everything but letters, digits and a few signs written as `%` and two
/// hexadecimal digits for each byte, so that two users never share a file. A very long one is
/// cut, and a digest says which it is.
pub fn of_user(name: &UserName) -> String {
    let mut text = String::new();
    for (position, c) in name.as_str().char_indices() {
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
    if text.len() <= LONGEST {
        return text;
    }
    let mut digest = DefaultHasher::new();
    text.hash(&mut digest);
    let end = (0..=LONGEST)
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
    fn long_names_fit_and_stay_apart() {
        let (one, two) = (named(&"漢".repeat(149)), named(&"漢".repeat(150)));
        assert!(one.len() < 220 && two.len() < 220);
        assert_ne!(one, two);
    }
}
