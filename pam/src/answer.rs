//! What the program answered: its exit status and its documents, which must say the same.

use serde_json::Value;

use crate::host::Ended;

/// What the program says to a code.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// It let the code in, and used it up.
    Accepted {
        remaining: u64,
        is_low: bool,
    },
    Rejected,
    /// The text cannot be a code, for this reason; it was no attempt.
    Malformed(String),
    /// The limiter asks to wait for so many seconds, or until an administrator helps.
    Wait(Option<u64>),
}

/// Reads the answer to `verify`.
///
/// # Errors
/// Why there is none. A status without its document, and a document without its status, are no answer:
/// `true` is a program that ends with 0, too.
pub fn to_verify(ended: &Ended) -> Result<Answer, String> {
    let said: Value = serde_json::from_slice(&ended.out).unwrap_or_default();
    let accepted = said.get("accepted").and_then(Value::as_bool);
    let wait = said.get("retry_after");
    // Where nobody learns the status, the document alone decides.
    let fits = |status| ended.exit.is_none_or(|exit| exit == status);
    match (accepted, wait) {
        (Some(true), None) if fits(0) => Ok(Answer::Accepted {
            remaining: said.get("remaining").and_then(Value::as_u64).unwrap_or(0),
            is_low: said.get("low").and_then(Value::as_bool).unwrap_or(false),
        }),
        (Some(false), Some(wait)) if fits(5) => Ok(Answer::Wait(wait.as_u64())),
        (Some(false), None) if fits(1) => Ok(match error(ended) {
            Some((kind, message)) if kind == "malformed_code" => Answer::Malformed(message),
            _ => Answer::Rejected,
        }),
        _ => Err(trouble(ended)),
    }
}

/// Reads the answer to `user show`: whether the user has, had or may not have codes, and so has to
/// show one.
///
/// # Errors
/// Why there is none.
pub fn to_show(ended: &Ended) -> Result<bool, String> {
    let said: Value = serde_json::from_slice(&ended.out).unwrap_or_default();
    let fits = |status| ended.exit.is_none_or(|exit| exit == status);
    let batches = said.get("batches").and_then(Value::as_u64);
    let state = said.get("state").and_then(Value::as_str);
    match (batches, state, error(ended)) {
        // Codes that are used up, expired or gone are no reason to do without.
        (Some(batches), Some(state), _) if fits(0) => Ok(batches > 0 || state != "active"),
        (None, None, Some((kind, _))) if kind == "unknown_user" && fits(3) => Ok(false),
        _ => Err(trouble(ended)),
    }
}

/// Kind and message of the document on standard error.
fn error(ended: &Ended) -> Option<(String, String)> {
    let said: Value = serde_json::from_slice(&ended.err).ok()?;
    let error = said.get("error")?;
    let text = |name| error.get(name)?.as_str().map(str::to_owned);
    Some((text("kind")?, text("message")?))
}

/// Why there is no answer, for the log.
fn trouble(ended: &Ended) -> String {
    let how = match ended.exit {
        Some(exit) => format!("recovery-codes ended with {exit}"),
        None => "recovery-codes ended".to_owned(),
    };
    let why = match error(ended) {
        Some((kind, message)) => format!("{kind}: {message}"),
        None => String::from_utf8_lossy(&ended.err).into_owned(),
    };
    let why: String = why.trim().chars().take(300).collect();
    match why.as_str() {
        "" => format!("{how} and did not say why"),
        why => format!("{how}: {}", why.escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(exit: impl Into<Option<i32>>, out: &str, err: &str) -> Ended {
        Ended {
            exit: exit.into(),
            out: out.into(),
            err: err.into(),
        }
    }

    const YES: &str = "{\"accepted\":true,\"user\":\"alice\",\"remaining\":9,\"low\":false}\n";
    const NO: &str = "{\"accepted\":false}\n";
    const MALFORMED: &str =
        "{\"error\":{\"kind\":\"malformed_code\",\"message\":\"the second group is mistyped\"}}\n";
    const UNKNOWN: &str =
        "{\"error\":{\"kind\":\"unknown_user\",\"message\":\"there is no bob\"}}\n";

    #[test]
    fn status_and_document_together_are_an_answer() {
        let yes = Answer::Accepted {
            remaining: 9,
            is_low: false,
        };
        let mistyped = Answer::Malformed("the second group is mistyped".into());
        let wait = "{\"accepted\":false,\"retry_after\":120}";
        let locked = "{\"accepted\":false,\"retry_after\":null,\"locked\":true}";
        for (exit, out, err, answer) in [
            (0, YES, "", yes),
            (1, NO, "", Answer::Rejected),
            (1, NO, MALFORMED, mistyped),
            (5, wait, "", Answer::Wait(Some(120))),
            (5, locked, "", Answer::Wait(None)),
        ] {
            assert_eq!(to_verify(&ended(exit, out, err)).as_ref(), Ok(&answer));
            // The document alone, where nobody learns the status.
            assert_eq!(to_verify(&ended(None, out, err)), Ok(answer));
        }
    }

    #[test]
    fn one_without_the_other_is_none() {
        let twice = format!("{YES}{NO}");
        let half = &YES[..YES.len() - 2];
        let wait = "{\"accepted\":true,\"retry_after\":1}";
        for (exit, out) in [
            (0, ""),
            (0, NO),
            (0, "accepted: true"),
            (0, "{\"accepted\":\"true\"}"),
            (0, "{\"accepted\":1}"),
            (0, "[true]"),
            (0, twice.as_str()),
            (0, half),
            (0, wait),
            (1, ""),
            (1, YES),
            (4, YES),
            (127, YES),
            (4, NO),
            (5, NO),
        ] {
            let answer = to_verify(&ended(exit, out, ""));
            assert!(answer.is_err(), "{exit} {out}: {answer:?}");
        }
        for out in ["", half, twice.as_str(), "{}"] {
            assert!(to_verify(&ended(None, out, "")).is_err(), "{out}");
        }
    }

    #[test]
    fn what_went_wrong_is_told_in_one_line() {
        let no_key = "{\"error\":{\"kind\":\"missing_key\",\"message\":\"no key\\nat all\"}}";
        for (exit, err, told) in [
            (
                Some(4),
                no_key,
                "recovery-codes ended with 4: missing_key: no key\\nat all",
            ),
            (
                Some(1),
                " \n",
                "recovery-codes ended with 1 and did not say why",
            ),
            (None, "what?\n", "recovery-codes ended: what?"),
        ] {
            assert_eq!(to_verify(&ended(exit, "", err)), Err(told.to_owned()));
        }
    }

    #[test]
    fn whoever_never_had_codes_may_do_without() {
        let shown = |batches: u64, state: &str| {
            let out = format!("{{\"state\":\"{state}\",\"batches\":{batches},\"remaining\":0}}");
            to_show(&ended(0, &out, ""))
        };
        assert_eq!(shown(0, "active"), Ok(false));
        assert_eq!(shown(1, "active"), Ok(true));
        assert_eq!(shown(0, "disabled"), Ok(true));
        assert_eq!(to_show(&ended(3, "", UNKNOWN)), Ok(false));
        assert_eq!(to_show(&ended(None, "", UNKNOWN)), Ok(false));
        for other in [
            ended(0, "", ""),
            ended(0, "{}", ""),
            ended(0, "", UNKNOWN),
            ended(3, "", ""),
            ended(3, "", MALFORMED),
            ended(4, "{\"state\":\"active\",\"batches\":0}", ""),
        ] {
            assert!(to_show(&other).is_err(), "{other:?}");
        }
    }
}
