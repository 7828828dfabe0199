//! Composes letters from templates.

use std::error::Error as StdError;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use zeroize::Zeroizing;

use super::news::{News, Occasion, ReportRow};
use super::phrases;
use super::templates::{BUILT_IN, Overrides};
use crate::error::{Error, Kind, Result};
use crate::model::time;
use crate::model::zone::Zone;
use crate::render::language::Texts;

/// A letter before it is addressed. Its texts may hold codes and are wiped on drop.
pub struct Letter {
    /// One line.
    pub subject: String,
    pub text: Zeroizing<String>,
    pub html: Zeroizing<String>,
}

/// Composes the letter that tells the news.
///
/// # Errors
/// [`Kind::Config`] when a template of the site is broken, leaves codes out, or makes a subject
/// of no line or of several; it names the file and, where it is known, the line.
pub fn compose(news: &News<'_>, overrides: &Overrides) -> Result<Letter> {
    // What a template does wrong with a code may not be told with the code in it.
    let is_secret = matches!(news.occasion, Occasion::Codes { .. });
    compose_and_tell(news, overrides, !is_secret)
}

/// Composes every kind of letter with invented news: whether all templates of the site work.
///
/// # Errors
/// As [`compose`].
pub fn rehearse(texts: &Arc<Texts>, overrides: &Overrides) -> Result<()> {
    let codes = [Zeroizing::new("aaaaaa-bbbbbb".to_owned())];
    let expires_at = Some(time::from_millis(0));
    let rows = [ReportRow {
        user: "name".to_owned(),
        batch: "0123abcd".to_owned(),
        codes: 10,
    }];
    let occasions = [
        Occasion::Codes {
            codes: &codes,
            expires_at,
        },
        Occasion::Generated {
            batch: "0123abcd",
            count: 10,
            expires_at,
        },
        Occasion::Temporary { expires_at },
        Occasion::Used {
            hint: "aaaaaa",
            left: 9,
        },
        Occasion::Low { left: 1 },
        Occasion::Reminder {
            batch: "12345678",
            issued_at: time::from_millis(0),
            is_confirmed: false,
            left: 10,
        },
        Occasion::Reminder {
            batch: "12345678",
            issued_at: time::from_millis(0),
            is_confirmed: true,
            left: 1,
        },
        Occasion::Locked {
            failures: 100,
            for_good: true,
        },
        Occasion::Locked {
            failures: 5,
            for_good: false,
        },
        Occasion::Report {
            codes: 10,
            batches: 1,
            skipped: 0,
            retention_days: 90,
            schedule: Some("name"),
            rows: &rows,
            more: 1,
        },
    ];
    for occasion in occasions {
        let news = News {
            site: "site",
            login_url: Some("https://example.org/"),
            name: "name",
            at: time::from_millis(0),
            zone: &Zone::Utc,
            texts,
            occasion,
        };
        compose_and_tell(&news, overrides, true)?;
    }
    Ok(())
}

fn compose_and_tell(
    news: &News<'_>,
    overrides: &Overrides,
    may_tell_values: bool,
) -> Result<Letter> {
    let variables = news.variables();
    let mut environment = Environment::new();
    phrases::speak(&mut environment, news, &variables);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(syntax()?);
    for (name, built_in) in BUILT_IN {
        let text = overrides.get(*name).map_or(*built_in, String::as_str);
        environment
            .add_template(name, text)
            .map_err(|error| broken(name, &error, true))?;
    }
    let kind = news.occasion.kind().word();
    let render = |ending: &str| {
        let name = format!("{kind}.{ending}");
        environment
            .get_template(&name)
            .and_then(|template| template.render(variables.clone()))
            .map(Zeroizing::new)
            .map_err(|error| broken(&name, &error, may_tell_values))
    };
    let letter = Letter {
        subject: render("subject.txt")?.trim().to_owned(),
        text: render("txt")?,
        html: render("html")?,
    };
    if letter.subject.is_empty() || letter.subject.contains(char::is_control) {
        return Err(unusable(
            &format!("{kind}.subject.txt"),
            "does not make one line",
        ));
    }
    if let Occasion::Codes { codes, .. } = news.occasion {
        for (ending, body) in [("txt", &letter.text), ("html", &letter.html)] {
            if !codes.iter().all(|code| body.contains(code.as_str())) {
                return Err(unusable(&format!("{kind}.{ending}"), "leaves codes out"));
            }
        }
    }
    Ok(letter)
}

/// Jinja, in which a line that holds only a statement leaves no empty line behind.
fn syntax() -> Result<SyntaxConfig> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .map_err(|error| Error::new(Kind::Config, "mail templates cannot be read").because(error))
}

/// The innermost place of the fault: a template may be part of another one.
fn broken(name: &str, error: &minijinja::Error, may_tell_values: bool) -> Error {
    let mut innermost = error;
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(inner) = inner.downcast_ref::<minijinja::Error>()
            && inner.line().is_some()
        {
            innermost = inner;
        }
        cause = inner.source();
    }
    let name = innermost.name().unwrap_or(name);
    let line = innermost
        .line()
        .map(|line| format!(" in line {line}"))
        .unwrap_or_default();
    let is_about_the_text = innermost.kind() == ErrorKind::SyntaxError;
    let detail = innermost
        .detail()
        .filter(|_| may_tell_values || is_about_the_text)
        .map(|detail| format!(" ({detail})"))
        .unwrap_or_default();
    unusable(
        name,
        &format!("is broken{line}: {}{detail}", innermost.kind()),
    )
}

fn unusable(name: &str, why: &str) -> Error {
    Error::new(Kind::Config, format!("the mail template {name} {why}"))
        .hint("correct the file in the directory that mail.templates names, or remove it to use the built-in one")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(occasion: Occasion<'_>, overrides: &Overrides) -> Result<Letter> {
        let news = News {
            site: "Example",
            login_url: Some("https://example.org/login"),
            name: "alice",
            at: "2026-11-23T14:05:00Z".parse().unwrap(),
            zone: &Zone::Utc,
            texts: &Texts::built_in("en"),
            occasion,
        };
        compose(&news, overrides)
    }

    const NONE: Overrides = Overrides::new();

    fn replaced(name: &str, text: &str) -> Overrides {
        Overrides::from([(name.to_owned(), text.to_owned())])
    }

    #[test]
    fn the_codes_stand_in_both_bodies_and_not_in_the_subject() {
        let codes = ["ABCDEF-GHJKLM", "NPQRST-UVWXYZ"].map(|code| Zeroizing::new(code.to_owned()));
        let expires_at = Some("2027-01-01T00:00:00Z".parse().unwrap());
        let occasion = Occasion::Codes {
            codes: &codes,
            expires_at,
        };
        let letter = told(occasion, &NONE).unwrap();
        assert_eq!(letter.subject, "Your account recovery codes");
        for code in &codes {
            assert!(letter.text.contains(&format!("\n    {}\n", **code)));
            assert!(letter.html.contains(&format!("\n{}\n", **code)));
        }
        assert!(letter.text.contains("valid until 2027-01-01 00:00 UTC."));
    }

    #[test]
    fn a_notice_says_what_happened_when_and_what_to_do() {
        let occasion = Occasion::Used {
            hint: "ABCDEF",
            left: 9,
        };
        let letter = told(occasion, &NONE).unwrap();
        assert_eq!(letter.subject, "A recovery code was used at Example");
        assert_eq!(
            *letter.text,
            "Hello alice,

One of your recovery codes for Example was used.

    When:    2026-11-23 14:05 UTC
    Code:    the one that begins with ABCDEF
    Left:    9

If this was you, cross the code out on your sheet: it does not work again.

If it was not, somebody has your codes. Change your password now, and ask your
administrator for new codes; they make the old ones worthless.

-- 
Example
https://example.org/login
"
        );
    }

    #[test]
    fn one_code_is_not_several() {
        let one = told(Occasion::Low { left: 1 }, &NONE).unwrap();
        assert_eq!(one.subject, "One recovery code is left for Example");
        let two = told(Occasion::Low { left: 2 }, &NONE).unwrap();
        assert_eq!(two.subject, "2 recovery codes are left for Example");
    }

    #[test]
    fn every_letter_can_be_composed_with_what_is_built_in() {
        rehearse(&Texts::built_in("en"), &NONE).unwrap();
    }

    #[test]
    fn a_name_is_text_in_html_and_one_line_in_a_subject() {
        let news = News {
            site: "A <b>&\r\nBcc: x@y",
            login_url: None,
            name: "<script>alice",
            at: time::from_millis(0),
            zone: &Zone::Utc,
            texts: &Texts::built_in("en"),
            occasion: Occasion::Low { left: 3 },
        };
        let letter = compose(&news, &NONE).unwrap();
        assert_eq!(
            letter.subject,
            "3 recovery codes are left for A <b>& Bcc: x@y"
        );
        assert!(letter.html.contains("&lt;script&gt;alice"));
        assert!(letter.html.contains("A &lt;b&gt;&amp; Bcc"));
        assert!(letter.text.contains("<script>alice"));
        assert!(!letter.text.contains("https:"));
    }

    #[test]
    fn a_site_replaces_one_file_and_keeps_the_others() {
        let own = replaced("low.subject.txt", "{{ site }}: {{ left }}\n");
        let letter = told(Occasion::Low { left: 2 }, &own).unwrap();
        assert_eq!(letter.subject, "Example: 2");
        assert!(letter.text.starts_with("Hello alice"));
        let own = replaced(
            "layout.txt",
            "Dear {{ name }}: {% block body %}{% endblock %}",
        );
        let letter = told(Occasion::Low { left: 2 }, &own).unwrap();
        assert!(letter.text.starts_with("Dear alice: On 2026"));
    }

    #[test]
    fn a_broken_template_is_named_with_its_line() {
        for (name, text, want) in [
            (
                "low.txt",
                "one\ntwo {{ left",
                "low.txt is broken in line 2: syntax error",
            ),
            (
                "low.txt",
                "one\n{{ lfet }}",
                "low.txt is broken in line 2: undefined value",
            ),
            (
                "layout.html",
                "\n\n{{ x.y }}",
                "layout.html is broken in line 3: undefined",
            ),
            (
                "low.subject.txt",
                "one\ntwo",
                "low.subject.txt does not make one line",
            ),
            (
                "low.subject.txt",
                " \n",
                "low.subject.txt does not make one line",
            ),
            ("codes.txt", "None today", "codes.txt leaves codes out"),
        ] {
            let error = rehearse(&Texts::built_in("en"), &replaced(name, text)).unwrap_err();
            assert_eq!(error.kind(), Kind::Config);
            assert!(error.to_string().contains(want), "{error}");
        }
    }

    #[test]
    fn an_error_about_codes_does_not_show_them() {
        let codes = [Zeroizing::new("ABCDEF-GHJKLM".to_owned())];
        let occasion = Occasion::Codes {
            codes: &codes,
            expires_at: None,
        };
        let own = replaced("codes.txt", "{{ codes[0]|int }}");
        let error = told(occasion, &own).err().unwrap();
        assert!(
            error.to_string().contains("codes.txt is broken in line 1"),
            "{error}"
        );
        assert!(!format!("{error:?}").contains("ABCDEF"), "{error:?}");
    }

    #[test]
    fn a_notice_has_no_codes_to_show() {
        let own = replaced("used.txt", "{{ codes }}");
        let occasion = Occasion::Used {
            hint: "ABCDEF",
            left: 9,
        };
        assert!(told(occasion, &own).is_err());
    }
}
