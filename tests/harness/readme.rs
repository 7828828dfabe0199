//! README and manual in pieces: what it shows at a prompt, and the files it tells the reader to make.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::sync::Mutex;

/// README and manual, in the order in which they are read.
pub const PATHS: [&str; 5] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/manual/concepts.md"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/manual/pam.md"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/manual/recipes.md"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli/manual/moving.md"),
];

/// Tests run at once, and several of them write their part anew when they are asked to.
static TURN: Mutex<()> = Mutex::new(());

/// One of the texts.
pub fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap()
}

/// Changes one of the texts.
pub fn change(path: &str, deed: impl FnOnce(&mut String)) {
    let _turn = TURN.lock().unwrap();
    let mut text = text(path);
    deed(&mut text);
    fs::write(path, text).unwrap();
}

/// The file that stands in the block below the comment with its name.
#[track_caller]
pub fn file(name: &str) -> String {
    let text = PATHS.map(text).concat();
    let from = format!("<!-- file: {name} -->\n```");
    let (_, rest) = text.split_once(&from).unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("\n```").unwrap().0.to_owned() + "\n"
}

/// A command as it stands behind a prompt, and what stands below it.
#[derive(Debug)]
pub struct Step {
    pub command: String,
    pub output: String,
    /// Where the output stands in the text.
    pub place: Range<usize>,
}

/// Everything that is shown at a prompt, from top to bottom.
pub fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut at, mut is_console) = (0, false);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.starts_with("```") {
            is_console = line.starts_with("```console");
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| is_console) {
            steps.push(Step {
                command: command.trim_end().to_owned(),
                output: String::new(),
                place: at..at,
            });
        } else if is_console {
            let step = steps.last_mut().unwrap();
            step.output.push_str(line);
            step.place.end = start + line.len();
        }
    }
    steps
}

/// The first groups of all codes in a text.
pub fn hints(text: &str) -> BTreeSet<String> {
    let codes = words(text).filter(|word| is_code(word));
    codes.map(|code| code[..6].to_owned()).collect()
}

/// The text with everything that differs between two runs replaced by what kind of thing it is.
pub fn shape(text: &str, hints: &BTreeSet<String>) -> String {
    let mut shape = String::new();
    let mut rest = text;
    for word in words(text) {
        let at = word.as_ptr() as usize - rest.as_ptr() as usize;
        shape.push_str(&rest[..at]);
        rest = &rest[at + word.len()..];
        shape.push_str(match word {
            word if is_code(word) => "<code>",
            word if hints.contains(word) => "<hint>",
            word if [8, 16].contains(&word.len()) && is_made_of(word, "0123456789ABCDEF") => "<id>",
            // The same for keys as for batches: some ids have no letter in them.
            word if [8, 64].contains(&word.len()) && is_made_of(word, "0123456789abcdef") => "<id>",
            word if is_anchor(word) => "<anchor>",
            word if word.starts_with("before-restore-") => "<aside>",
            word if fits(word, "dddd-dd-dd") => "<date>",
            word if fits(word, "dd:dd") || fits(word, "dd:ddZ") => "<time>",
            word => word,
        });
    }
    shape + rest
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != ':')
        .filter(|word| !word.is_empty())
}

fn is_code(word: &str) -> bool {
    let is_group = |group: &str| group.len() == 6 && group.chars().all(char::is_alphanumeric);
    word.len() == 41 && word.split('-').all(is_group)
}

/// The number and the digest of an audit entry.
fn is_anchor(word: &str) -> bool {
    word.split_once(':').is_some_and(|(number, digest)| {
        is_made_of(number, "0123456789")
            && digest.len() == 64
            && is_made_of(digest, "0123456789abcdef")
    })
}

fn is_made_of(word: &str, characters: &str) -> bool {
    word.chars().all(|c| characters.contains(c))
}

/// Whether the word looks so, with any digit for each `d`.
fn fits(word: &str, pattern: &str) -> bool {
    word.len() == pattern.len()
        && word
            .chars()
            .zip(pattern.chars())
            .all(|(c, wanted)| match wanted {
                'd' => c.is_ascii_digit(),
                wanted => c == wanted,
            })
}
