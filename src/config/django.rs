//! Variables of the Django application that this program replaces: how their values are spelled
//! there, and what they mean here.

use crate::model::mail::Mailbox;

/// A variable of the application, and how its value is spelled here.
#[derive(Clone, Copy, Debug)]
pub struct Django {
    pub name: &'static str,
    pub translate: fn(&str) -> Meaning,
}

/// What a value of the application means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// This text.
    Text(String),
    /// Nothing, and why.
    Nothing(&'static str),
    /// It is no value that the application takes either.
    Misfit,
}

/// Spelled here as there.
pub const fn same(name: &'static str) -> Django {
    Django {
        name,
        translate: |text| Meaning::Text(text.to_owned()),
    }
}

/// Spelled otherwise.
pub const fn translated(name: &'static str, translate: fn(&str) -> Meaning) -> Django {
    Django { name, translate }
}

/// The value of a line of an `.env` file: quotes and comments belong to the file, and whether what
/// reads it takes them off differs from one to the next.
pub fn value_of(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        let inner = text.strip_prefix(quote);
        let Some((inner, rest)) = inner.and_then(|inner| inner.split_once(quote)) else {
            continue;
        };
        let rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with('#') {
            return inner;
        }
    }
    let comment = text
        .char_indices()
        .find(|(at, c)| *c == '#' && text[..*at].ends_with([' ', '\t']));
    text[..comment.map_or(text.len(), |(at, _)| at)].trim_end()
}

/// Whether a value says that nothing is set.
pub fn is_nothing(value: &str) -> bool {
    value.is_empty() || value == "None"
}

/// The path of a class that sends mail.
pub fn backend(text: &str) -> Meaning {
    let class = text.rsplit('.').nth(1).unwrap_or(text);
    let word = match class {
        "smtp" => "smtp",
        "console" => "console",
        "filebased" | "file" => "file",
        "dummy" | "locmem" | "none" => "none",
        _ => return Meaning::Misfit,
    };
    Meaning::Text(word.to_owned())
}

/// `yes` and `no` in the words that these two mean here; none for what means nothing.
pub fn flag(text: &str, yes: Option<&str>, no: Option<&str>) -> Meaning {
    let word = match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => yes,
        "false" | "0" | "no" | "off" => no,
        _ => return Meaning::Misfit,
    };
    word.map_or(Meaning::Nothing("another variable decides"), |word| {
        Meaning::Text(word.to_owned())
    })
}

/// A cap, for which the application's own check recommends 0 as well where there is none.
pub fn cap(text: &str) -> Meaning {
    let text = if text == "0" { "unlimited" } else { text };
    Meaning::Text(text.to_owned())
}

/// An address; the application's examples have sentences in their places.
pub fn address(text: &str) -> Meaning {
    match Mailbox::parse(text) {
        Ok(_) => Meaning::Text(text.to_owned()),
        Err(_) => Meaning::Nothing("it holds no e-mail address"),
    }
}

/// The name of a page there; only an address of the web can be told to users.
pub fn page(text: &str) -> Meaning {
    if text.starts_with("https://") || text.starts_with("http://") {
        return Meaning::Text(text.to_owned());
    }
    Meaning::Nothing("it names a page of the application; set site.login_url to its address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_comments_belong_to_the_file() {
        for (text, value) in [
            ("txt", "txt"),
            (" 'txt'  # options: 'txt', 'csv', 'pdf'", "txt"),
            ("\"My # Site\"", "My # Site"),
            ("300      # Default 5 minutes", "300"),
            ("a#b", "a#b"),
            ("# nothing", "# nothing"),
            ("\"open", "\"open"),
            ("\"a\" b", "\"a\" b"),
            ("It's", "It's"),
            ("''", ""),
            ("", ""),
        ] {
            assert_eq!(value_of(text), value, "{text}");
        }
    }

    #[test]
    fn spellings_of_the_application_are_translated() {
        let text = |word: &str| Meaning::Text(word.to_owned());
        assert_eq!(
            backend("django.core.mail.backends.smtp.EmailBackend"),
            text("smtp")
        );
        assert_eq!(
            backend("django.core.mail.backends.locmem.EmailBackend"),
            text("none")
        );
        assert_eq!(backend("acme.Mailer"), Meaning::Misfit);
        assert_eq!(flag("True", Some("now"), Some("queue")), text("now"));
        assert!(matches!(flag("0", Some("tls"), None), Meaning::Nothing(_)));
        assert_eq!(flag("*", Some("now"), None), Meaning::Misfit);
        assert_eq!(cap("0"), text("unlimited"));
        assert_eq!(
            page("https://example.org/login"),
            text("https://example.org/login")
        );
        assert!(matches!(page("/"), Meaning::Nothing(_)));
        assert!(matches!(
            address("your-email-address-here"),
            Meaning::Nothing(_)
        ));
    }
}
