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
