//! Completion in bash, which takes `--store=x` apart at the equals sign before anybody is asked.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap_complete::env::{Bash as Plain, EnvCompleter};

/// What clap writes for bash, with such words put together again.
pub struct Bash;

/// Where the words are ready, and the program is about to be asked.
const ASKED: &str = "    COMPREPLY=( $( \\\n";

/// The words as they were typed, and the place of the one that is completed.
const TOGETHER: &str = r#"    local joined=() i word glue= glued=
    for ((i = 0; i < ${#words[@]}; i++)); do
        word="${COMP_WORDS[i]}"
        if ((i > 1)) && [[ $word == = && ${COMP_WORDS[i-1]} == --* ]]; then
            joined[${#joined[@]}-1]+="="
            glue=yes
        elif [[ -n $glue ]]; then
            joined[${#joined[@]}-1]+="${words[i]}"
            glue=
            ((i == COMP_CWORD)) && glued=yes
        else
            joined+=("${words[i]}")
        fi
        if ((i == COMP_CWORD)); then
            _CLAP_COMPLETE_INDEX=$((${#joined[@]} - 1))
            [[ -n $glue ]] && glued=yes
        fi
    done
"#;

/// Where the answer is there.
const ANSWERED: &str = "    if [[ $? != 0 ]]; then\n";

/// Bash completes only what stands behind the sign.
const APART: &str = r#"    local status=$?
    [[ -n $glued ]] && COMPREPLY=("${COMPREPLY[@]#*=}")
    if [[ $status != 0 ]]; then
"#;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        Plain.name()
    }

    fn is(&self, name: &str) -> bool {
        Plain.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut script = Vec::new();
        Plain.write_registration(var, name, bin, completer, &mut script)?;
        let script = String::from_utf8_lossy(&script)
            .replacen(ASKED, &format!("{TOGETHER}{ASKED}"), 1)
            .replacen("\"${words[@]}\"", "\"${joined[@]}\"", 1)
            .replacen(ANSWERED, APART, 1);
        buf.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        cmd: &mut clap::Command,
        args: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn io::Write,
    ) -> io::Result<()> {
        Plain.write_complete(cmd, args, current_dir, buf)
    }
}
