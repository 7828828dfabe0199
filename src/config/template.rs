//! The commented configuration file that `init` writes and `config template` prints.

use super::table::SETTINGS;
use super::value::{Shape, Value};

/// Every setting with its meaning and default, commented out: a line that begins with `#: ` is
/// a setting, one that begins with `# ` explains it.
pub fn template() -> String {
    let mut text = String::from(
        "# Settings of recovery-codes. Every line is a default; take the `#: ` away to change it.\n\
         # A variable RECOVERY_CODES_<SECTION>_<NAME> goes before this file. Relative paths are beside it.\n\n\
         # Where the store lies: a file, or a server (postgres://…, `recovery-codes help hosts`); --store and\n\
         # RECOVERY_CODES_STORE go before this.\n\
         #: store = \"/var/lib/recovery-codes/recovery-codes.db\"\n",
    );
    let mut section = "";
    for setting in SETTINGS {
        let (its_section, name) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if its_section != section {
            section = its_section;
            text.push_str(&format!("\n[{section}]\n"));
        }
        let default = setting
            .shape
            .read_text(setting.default)
            .unwrap_or(Value::Absent);
        text.push_str(&format!(
            "# {}\n# Takes {}.\n#: {name} = {}\n",
            setting.help,
            setting.shape.describe(),
            literal(setting.shape, &default)
        ));
    }
    text
}

fn literal(shape: Shape, value: &Value) -> String {
    match (shape, value) {
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::Flag(flag)) => flag.to_string(),
        (_, Value::List(words)) => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            format!("[{}]", words.join(", "))
        }
        (_, value) => format!("\"{value}\""),
    }
}
