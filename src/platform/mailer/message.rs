//! A letter as it travels: headers and parts in the Internet message format.

use std::fmt;

use lettre::address::Envelope as Route;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox as Party, Message, MultiPart, MultiPartKind, SinglePart};
use zeroize::Zeroizing;

use super::failure::Failure;
use crate::model::mail::{Mailbox, MessageId, one_line};
use crate::model::time::Timestamp;
use crate::model::user::quote;

/// A letter with everything that stands on it. Its texts are wiped on drop.
#[derive(Clone)]
pub struct Envelope {
    pub from: Mailbox,
    pub to: Mailbox,
    pub subject: String,
    pub text: Zeroizing<String>,
    pub html: Option<Zeroizing<String>>,
    pub message_id: MessageId,
    pub date: Timestamp,
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("subject", &self.subject)
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

/// A letter ready to be handed over, and between whom.
pub(super) struct Sealed {
    pub(super) route: Route,
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// Writes the letter down. The same letter always makes the same bytes.
pub(super) fn seal(letter: &Envelope) -> Result<Sealed, Failure> {
    let from = party(&letter.from)?;
    let to = party(&letter.to)?;
    let route = Route::new(Some(from.email.clone()), vec![to.email.clone()])
        .map_err(|_| unwritable(letter))?;
    let builder = Message::builder()
        .envelope(route.clone())
        .date(letter.date.into())
        .message_id(Some(format!("<{}>", one_line(letter.message_id.as_str()))))
        .from(from)
        .to(to)
        .subject(one_line(&letter.subject))
        // No out-of-office notice is wanted in return (RFC 3834 section 5).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".into(),
        ));
    let text = part(ContentType::TEXT_PLAIN, &letter.text);
    let message = match &letter.html {
        None => builder.singlepart(text),
        Some(html) => builder.multipart(
            MultiPart::builder()
                .kind(MultiPartKind::Alternative)
                .boundary(format!("part-{}", one_line(letter.message_id.digits())))
                .singlepart(text)
                .singlepart(part(ContentType::TEXT_HTML, html)),
        ),
    }
    .map_err(|_| unwritable(letter))?;
    Ok(Sealed {
        route,
        bytes: Zeroizing::new(message.formatted()),
    })
}

fn part(kind: ContentType, text: &str) -> SinglePart {
    SinglePart::builder().header(kind).body(text.to_owned())
}

fn party(mailbox: &Mailbox) -> Result<Party, Failure> {
    let address = mailbox.address().parse().map_err(|_| {
        Failure::permanent(format!(
            "no mail can be sent to or from {}",
            quote(mailbox.address())
        ))
        .hint("correct the address")
    })?;
    Ok(Party::new(mailbox.name().map(str::to_owned), address))
}

fn unwritable(letter: &Envelope) -> Failure {
    Failure::permanent(format!(
        "the letter to {} cannot be written",
        quote(letter.to.address())
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn letter(from_name: &str, to_name: &str, subject: &str) -> Envelope {
        let from = Mailbox::parse("codes@example.org").unwrap();
        Envelope {
            message_id: MessageId::new([7; 16], &from),
            from: from.or_named(from_name),
            to: Mailbox::parse("alice@example.net")
                .unwrap()
                .or_named(to_name),
            subject: subject.to_owned(),
            text: Zeroizing::new("Hello,\n.\nGrüße\n".to_owned()),
            html: Some(Zeroizing::new("<p>Hello</p>\n".to_owned())),
            date: "2026-11-23T14:05:00Z".parse().unwrap(),
        }
    }

    fn written(letter: &Envelope) -> String {
        String::from_utf8(seal(letter).unwrap().bytes.to_vec()).unwrap()
    }

    #[test]
    fn a_letter_carries_what_it_must() {
        let text = written(&letter("Bücher, Inc.", "", "Grüße"));
        let wanted = [
            "Date: Mon, 23 Nov 2026 14:05:00 +0000\r\n",
            "Message-ID: <07070707070707070707070707070707@example.org>\r\n",
            "From: =?utf-8?b?QsO8Y2hlciwgSW5jLg==?= <codes@example.org>\r\n",
            "To: alice@example.net\r\n",
            "Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "MIME-Version: 1.0\r\n",
            "Content-Type: multipart/alternative;",
            "Content-Type: text/plain; charset=utf-8\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
        ];
        for line in wanted {
            assert!(text.contains(line), "{line:?} is not in {text}");
        }
        assert!(!text.contains("Bcc"));
        assert!(text.is_ascii());
    }

    #[test]
    fn the_same_letter_makes_the_same_bytes() {
        let letter = letter("Site", "Alice", "Hello");
        assert_eq!(written(&letter), written(&letter));
    }

    #[test]
    fn a_letter_shows_nothing_of_its_text() {
        let shown = format!("{:?}", letter("Site", "Alice", "Hello"));
        assert!(!shown.contains("Gr"), "{shown}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn no_name_and_no_subject_makes_a_header_of_its_own(
            from in "(?s).{0,80}",
            to in "[\\x00-\\x7f\u{80}-\u{ff}\u{2028}]{0,120}",
            subject in "([ -~]|\r|\n|\t|\r\nBcc: a@b|ü){0,60}",
        ) {
            let text = written(&letter(&from, &to, &subject));
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            let mut names: Vec<&str> = head
                .split("\r\n")
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split(':').next().unwrap())
                .collect();
            names.sort_unstable();
            prop_assert_eq!(names, [
                "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version",
                "Message-ID", "Subject", "To",
            ]);
            prop_assert!(head.is_ascii());
            for line in head.split("\r\n") {
                prop_assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']));
            }
        }
    }
}
