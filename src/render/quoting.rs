//! Words and paths as they stand in a command for the shell, in a unit of systemd and in a crontab.

use std::path::{Component, Path};

use crate::error::{Error, Kind, Result};

/// systemd passes over a path with `..` in silence, and the run could then write nothing.
pub(super) fn checked(path: &Path) -> Result<String> {
    let is_straight = path.is_absolute() && !path.components().any(|c| c == Component::ParentDir);
    match path.to_str() {
        Some(text) if is_straight && !text.contains(char::is_control) => Ok(text.to_owned()),
        _ => Err(Error::new(
            Kind::Usage,
            format!(
                "'{}' cannot stand in a unit or a crontab",
                path.to_string_lossy().escape_debug()
            ),
        )
        .hint("give an absolute path without `..`, in UTF-8 and without control characters")),
    }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "/._-+=:,@".contains(c)
}

/// One word of a command that somebody pastes into a shell (POSIX.1-2017, Shell Command Language, 2.2).
pub fn in_shell(word: &str) -> String {
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The same of a name that stands at the end of a command, and may begin like an option.
pub fn name_in_shell(name: &str) -> String {
    match name.starts_with('-') {
        true => format!("-- {}", in_shell(name)),
        false => in_shell(name),
    }
}

/// One word of a line in a unit (systemd.syntax(7), Quoting; systemd.unit(5), Specifiers).
pub(super) fn in_unit(word: &str) -> String {
    let word = word.replace('%', "%%");
    if word.chars().all(|c| is_plain(c) || c == '%') {
        return word;
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

/// One word of a command in a crontab. Cron cuts the command at a per cent sign unless a
/// backslash stands before it, which some crons take away and some leave to the shell; outside
/// quotation marks both come out the same.
pub(super) fn in_crontab(word: &str) -> String {
    let mut text = String::new();
    for c in word.chars() {
        if !is_plain(c) {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    /// Everything that means something to systemd, cron or the shell.
    const ODD: &str = "a b%c%%\"d\\e'f$g${HOME};h#i~j*&ü`k`\\%";

    #[test]
    fn a_word_keeps_its_meaning_in_a_unit() {
        for (word, want) in [
            ("/srv/codes.db", "/srv/codes.db"),
            ("/srv/my codes", "\"/srv/my codes\""),
            ("/srv/100%", "/srv/100%%"),
            ("/srv/5 %h", "\"/srv/5 %%h\""),
            ("/srv/a\"b", "\"/srv/a\\\"b\""),
            ("/srv/a\\b", "\"/srv/a\\\\b\""),
            ("/srv/it's", "\"/srv/it's\""),
        ] {
            assert_eq!(in_unit(word), want);
        }
    }

    /// What cron hands to the shell; `keeps` for the crons that leave the backslash in place.
    fn through_cron(line: &str, keeps: bool) -> String {
        let (mut text, mut escaped) = (String::new(), false);
        for c in line.chars() {
            if escaped {
                if c == '%' && !keeps {
                    text.pop();
                }
                escaped = false;
            } else if c == '%' {
                break;
            } else {
                escaped = c == '\\';
            }
            text.push(c);
        }
        text
    }

    fn through_the_shell(words: &str) -> String {
        let asked = format!("printf %s {words}");
        let said = Command::new("sh").args(["-c", &asked]).output().unwrap();
        String::from_utf8(said.stdout).unwrap()
    }

    #[test]
    fn a_word_is_pasted_into_a_shell_as_it_is() {
        assert_eq!(in_shell("alice@example.org"), "alice@example.org");
        assert_eq!(in_shell("Ann Lee"), "'Ann Lee'");
        assert_eq!(name_in_shell("-rf"), "-- -rf");
        for word in [ODD, "", "a'b''", "-x", "~", "/ä ö/\u{a0}"] {
            assert_eq!(through_the_shell(&in_shell(word)), word);
        }
    }

    #[test]
    fn a_word_comes_through_every_cron_and_the_shell() {
        for word in [
            ODD,
            "/srv/\\%",
            "/srv/%%",
            "/srv/\\\\%'",
            "/srv/~",
            "/ä ö/\u{a0}",
        ] {
            for keeps in [true, false] {
                let handed = through_cron(&in_crontab(word), keeps);
                assert_eq!(through_the_shell(&handed), word, "{handed}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]
        #[test]
        fn any_word_comes_through(word in "[ -~é]{1,30}", keeps: bool) {
            let handed = through_cron(&in_crontab(&word), keeps);
            prop_assert_eq!(through_the_shell(&handed), word);
        }
    }
}
