//! Short questions to a desk: what a word answers, what it refuses, what the audit log says.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::{Desk, Ended};

impl Desk {
    /// What the word prints with `--json`; it must end with 0.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        let ended = self.run(&with_json(args));
        assert_eq!(ended.exit, 0, "{args:?}: {}", ended.err);
        assert_eq!(ended.err, "", "{args:?}");
        ended.json()
    }

    /// What the word says to a person; it must end with 0.
    #[track_caller]
    pub fn say(&self, args: &[&str]) -> Ended {
        let ended = self.run(args);
        assert_eq!(ended.exit, 0, "{args:?}: {}", ended.err);
        ended
    }

    /// The word is refused, in text and in JSON: nothing on standard output, what happened and
    /// what to do on standard error, and the store is as it was. Returns the text.
    #[track_caller]
    pub fn refuses(&self, args: &[&str], exit: u8, kind: &str) -> String {
        let before = self.bytes();
        let text = self.run(args);
        assert_eq!(text.exit, exit, "{args:?}: {} {}", text.out, text.err);
        assert_eq!(text.out, "", "{args:?}");
        let lines: Vec<&str> = text.err.lines().collect();
        assert_eq!(lines.len(), 2, "{args:?}: {}", text.err);
        let message = lines[0].strip_prefix("error: ").unwrap();
        let hint = lines[1].strip_prefix("hint: ").unwrap();
        assert!(!message.ends_with('.'), "{message}");
        let json = self.run(&with_json(args));
        assert_eq!((json.exit, json.out.as_str()), (exit, ""), "{args:?}");
        let error = json.error();
        assert_eq!(error["kind"], kind, "{args:?}: {error}");
        assert_eq!(visible(&error["message"]), message, "{args:?}");
        assert_eq!(visible(&error["hint"]), hint, "{args:?}");
        assert!(before == self.bytes(), "{args:?} changed the store");
        text.err
    }

    /// The whole store with its log.
    fn bytes(&self) -> [Option<Vec<u8>>; 2] {
        let log = self.store().with_extension("db-wal");
        // A test may have put a pipe there.
        let read = |path: PathBuf| path.is_file().then(|| fs::read(path).ok())?;
        [self.store(), log].map(|path| read(path).filter(|bytes| !bytes.is_empty()))
    }

    /// The newest audit entries, newest first.
    #[track_caller]
    pub fn audit(&self) -> Vec<Value> {
        self.json(&["log", "audit"])["items"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// What the newest audit entry says of action, user, batch, hint, actor and reason.
    #[track_caller]
    pub fn last_deed(&self) -> Value {
        let entry = self.audit().swap_remove(0);
        serde_json::json!([
            entry["action"],
            entry["user"],
            entry["batch"],
            entry["hint"],
            entry["actor"],
            entry["reason"]
        ])
    }

    /// How many audit entries there are.
    #[track_caller]
    pub fn deeds(&self) -> u64 {
        self.json(&["log", "audit"])["total"].as_u64().unwrap()
    }

    /// The whole id of the user's active batch.
    #[track_caller]
    pub fn active_batch(&self, user: &str) -> String {
        let shown = self.json(&["user", "show", user]);
        shown["active_batch"]["batch"].as_str().unwrap().to_owned()
    }
}

/// The same with `--json`.
pub fn with_json<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let mut args = args.to_vec();
    // Behind `--` it would be an argument.
    args.insert(0, "--json");
    args
}

/// The hint of a code.
pub fn hint(code: &str) -> &str {
    code.split('-').next().unwrap()
}

/// The names of the fields of an object, sorted.
#[track_caller]
pub fn fields(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// One field of every item of a list.
#[track_caller]
pub fn column(list: &Value, field: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| match &item[field] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
        .collect()
}

fn visible(text: &Value) -> String {
    recovery_codes::render::visible::visible(text.as_str().unwrap_or_default())
}

/// The value of a setting, and where it comes from.
pub fn setting(shown: &Value, key: &str) -> (String, String) {
    let mut items = shown["items"].as_array().unwrap().iter();
    let item = items.find(|item| item["key"] == key).unwrap();
    let text = |field: &str| item[field].as_str().unwrap().to_owned();
    (text("value"), text("origin"))
}
