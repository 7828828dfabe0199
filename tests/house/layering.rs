//! The floor plan holds: imports only go down, and each outside crate enters by its own door.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rows of the house from the top; neighbours on one row are strangers.
const ROWS: [&[&str]; 4] = [
    &["cli"],
    &["actions"],
    &["store", "secret", "render", "platform", "config"],
    &["account", "model", "error"],
];

/// Values and accounts may use errors, and errors know nobody.
const BOTTOM: &str = "error";

/// Where each outside crate comes in. A crate that is not here may not be used at all.
const DOORS: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("encoding_rs", &["platform/encoding.rs"]),
    ("rusqlite", &["store/engine"]),
    ("tokio", &["store/engine/postgres"]),
    (
        "tokio_postgres",
        &["store/engine/postgres", "store/engine/row.rs"],
    ),
    ("tokio_postgres_rustls", &["store/engine/postgres/tls.rs"]),
    ("rustls_native_certs", &["store/engine/postgres/tls.rs"]),
    ("argon2", &["secret"]),
    ("argon2_kernel", &["secret"]),
    ("bcrypt", &["secret/slow.rs"]),
    ("pbkdf2", &["secret/slow.rs"]),
    ("scrypt", &["secret/slow.rs"]),
    ("rand", &["secret"]),
    ("hmac", &["secret"]),
    ("sha2", &["secret"]),
    ("sha3", &["secret/django.rs"]),
    ("chacha20poly1305", &["secret/seal.rs"]),
    ("dialoguer", &["platform/terminal.rs"]),
    ("lettre", &["platform/mailer"]),
    (
        "rustls",
        &["platform/mailer/tls.rs", "store/engine/postgres/tls.rs"],
    ),
    ("minijinja", &["render/letter", "render/units"]),
    ("comfy_table", &["render/table.rs"]),
    ("csv", &["render/sheet/csv.rs", "platform/csv_file.rs"]),
    ("fluent_bundle", &["render/language"]),
    ("fluent_syntax", &["render/language"]),
    ("unic_langid", &["model/language.rs"]),
    ("genpdf", &["render/sheet/pdf"]),
    ("harfrust", &["render/sheet/pdf"]),
    ("kurbo", &["render/sheet/pdf"]),
    ("unicode_bidi", &["render/sheet/pdf"]),
    ("write_fonts", &["render/sheet/pdf"]),
    ("serde", &["render/wire.rs", "platform/moved/records.rs"]),
    (
        "serde_json",
        &[
            "render/json.rs",
            "render/wire.rs",
            "platform/django_dump.rs",
            "platform/moved",
        ],
    ),
    ("nix", &["platform/door"]),
    ("sd_notify", &["platform/door"]),
    ("indicatif", &["platform/progress.rs"]),
    ("directories", &["config/paths.rs"]),
    ("strsim", &["config/table.rs"]),
    ("toml", &["config/file.rs", "secret/key_file.rs"]),
    ("jiff", &["model"]),
    ("cronexpr", &["model/cron.rs"]),
    (
        "unicode_normalization",
        &["model/user.rs", "secret/pasted.rs", "render/sheet/pdf"],
    ),
    (
        "rustix",
        &[
            "platform",
            "secret/memory.rs",
            "store/engine/sqlite",
            "store/engine/postgres/password.rs",
            "account.rs",
        ],
    ),
    ("tempfile", &["platform/files"]),
    (
        "tracing",
        &[
            "platform/journal.rs",
            "actions",
            "cli/dispatch.rs",
            "cli/door",
            "store/engine/postgres/link.rs",
            "store/engine/tentative.rs",
        ],
    ),
    ("tracing_subscriber", &["platform/journal.rs"]),
    ("signal_hook", &["platform/signals.rs", "platform/door"]),
    (
        "zeroize",
        &[
            "cli",
            "actions",
            "secret",
            "render",
            "platform",
            "store/engine/postgres/password.rs",
        ],
    ),
];

fn sources() -> Vec<(String, String)> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut found = Vec::new();
    walk(root, &mut found);
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            // Tests inside a file may look where they like.
            let text = text.split("\n#[cfg(test)]").next().unwrap().to_owned();
            let code: String = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .map(|line| format!("{line}\n"))
                .collect();
            (
                path.strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
                code,
            )
        })
        .collect()
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// Paths that begin with `prefix`, up to what cannot belong to a path.
fn mentions<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(prefix).filter_map(move |(at, _)| {
        let before = code[..at].chars().next_back();
        let is_part_of_a_longer_word =
            before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
        let rest = &code[at + prefix.len()..];
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        (!is_part_of_a_longer_word).then_some(&rest[..end])
    })
}

#[test]
fn imports_only_go_down() {
    for (file, code) in sources() {
        let own = file.split(['/', '.']).next().unwrap();
        let Some(row) = row_of(own) else {
            assert!(
                ["lib", "main"].contains(&own),
                "src/{file} stands on no row"
            );
            continue;
        };
        // `use crate::{a, b}` would hide what is imported from this test.
        assert!(
            !code.contains("crate::{"),
            "src/{file} imports a list of modules at once"
        );
        for module in mentions(&code, "crate::") {
            let Some(other) = row_of(module) else {
                panic!("src/{file} mentions crate::{module}, which stands on no row");
            };
            let is_bottom = row == ROWS.len() - 1 && module == BOTTOM;
            let goes_down = other > row || module == own || is_bottom;
            assert!(goes_down, "src/{file} looks up or sideways at {module}");
        }
    }
}

/// The module that a file is.
fn module_of(file: &str) -> Vec<&str> {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    match path {
        "lib" | "main" => Vec::new(),
        path => path.split('/').collect(),
    }
}

/// The paths of a `use`, with its braces taken apart.
fn spread(tree: &str) -> Vec<String> {
    let Some((before, rest)) = tree.split_once('{') else {
        return vec![tree.trim().to_owned()];
    };
    let inner = &rest[..rest.rfind('}').unwrap()];
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts
        .flat_map(|part| spread(&format!("{}{}", before.trim(), part.trim())))
        .collect()
}

/// Every path that a file mentions, as it stands there.
fn paths(code: &str) -> Vec<String> {
    let code = code.replace("pub(in crate::", "pub(in_");
    let mut found = Vec::new();
    let mut body = String::new();
    let mut rest = code.as_str();
    while let Some(at) = rest.find("use ") {
        let is_start = rest[..at]
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.trim().is_empty() || line.trim_start().starts_with("pub"));
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end);
        if is_start {
            body.push_str(&rest[..at]);
            found.extend(spread(&rest[at + 4..end]));
            rest = &rest[end..];
        } else {
            body.push_str(&rest[..at + 4]);
            rest = &rest[at + 4..];
        }
    }
    body.push_str(rest);
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    found.extend(
        body.split(|c: char| !is_part(c))
            .filter(|word| word.contains("::"))
            .map(str::to_owned),
    );
    found
}

/// Which files each file imports. A `mod` line says only where a file belongs.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let all = sources();
    let files: BTreeMap<Vec<&str>, &str> = all
        .iter()
        .filter(|(file, _)| file != "main.rs")
        .map(|(file, _)| (module_of(file), file.as_str()))
        .collect();
    let mut imports = BTreeMap::new();
    for (file, code) in &all {
        let own = module_of(file);
        let mut others = BTreeSet::new();
        for path in paths(code) {
            let mut steps: Vec<&str> = path.split("::").map(str::trim).collect();
            let mut place = match steps.first() {
                Some(&"crate") => Vec::new(),
                Some(&("super" | "self")) => own.clone(),
                // A module of one's own, or a crate from outside.
                Some(first) if files.contains_key(&[&own[..], &[*first]].concat()) => own.clone(),
                _ => continue,
            };
            while let Some(&("crate" | "self" | "super")) = steps.first() {
                if steps.remove(0) == "super" {
                    place.pop();
                }
            }
            place.extend(steps);
            while !place.is_empty() && !files.contains_key(&place) {
                place.pop();
            }
            if let Some(other) = files.get(&place)
                && *other != file
            {
                others.insert((*other).to_owned());
            }
        }
        imports.insert(file.clone(), others);
    }
    imports
}

#[test]
fn no_file_is_imported_by_what_it_imports() {
    let mut imports = imports();
    assert!(imports["cli/dispatch.rs"].contains("cli/root.rs"));
    assert!(imports["actions/cleaning/purge.rs"].contains("store/dead.rs"));
    // What imports nothing that is left stands on no circle; in the end nothing is left.
    loop {
        let free: Vec<String> = imports
            .iter()
            .filter(|(_, others)| others.is_empty())
            .map(|(file, _)| file.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        for file in &free {
            imports.remove(file);
            for others in imports.values_mut() {
                others.remove(file);
            }
        }
    }
    // Nor does what nobody on a circle imports.
    loop {
        let wanted: BTreeSet<String> = imports.values().flatten().cloned().collect();
        let before = imports.len();
        imports.retain(|file, _| wanted.contains(file));
        if imports.len() == before {
            break;
        }
    }
    assert!(imports.is_empty(), "files on a circle: {imports:#?}");
}

/// What is closed with the key is believed, so one file alone closes, and it tells what it proves first.
#[test]
fn the_head_of_the_chain_is_closed_in_one_place() {
    for (word, own) in [
        ("seal_head(", "secret/chain.rs"),
        ("put_head(", "store/audit.rs"),
    ] {
        let used: Vec<String> = sources()
            .into_iter()
            .filter(|(file, code)| file != own && code.contains(word))
            .map(|(file, _)| file)
            .collect();
        assert_eq!(used, ["actions/desk/head.rs"], "{word}");
    }
}

#[test]
fn no_file_climbs_out_of_its_module() {
    for (file, code) in sources() {
        let depth = file.matches('/').count();
        let climb = "super::".repeat(depth.max(1) + 1);
        assert!(
            !code.contains(&climb),
            "src/{file} reaches out of its row by super::"
        );
    }
}

#[test]
fn each_crate_comes_in_by_its_door() {
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let dependencies: Vec<String> = manifest
        .split("[dependencies]")
        .nth(1)
        .unwrap()
        .split("\n[")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .collect();
    let doors: BTreeMap<&str, &[&str]> = DOORS.iter().copied().collect();
    for name in &dependencies {
        let Some(doors) = doors.get(name.as_str()) else {
            panic!("{name} has no door");
        };
        let mut is_used = false;
        for (file, code) in sources() {
            let prefix = format!("{name}::");
            if mentions(&code, &prefix).next().is_none() {
                continue;
            }
            is_used = true;
            let by_a_door = doors
                .iter()
                .any(|door| file == *door || file.starts_with(&format!("{door}/")));
            assert!(by_a_door, "src/{file} lets {name} in");
        }
        assert!(is_used, "{name} is a dependency nobody uses");
    }
    assert_eq!(
        dependencies.len(),
        DOORS.len(),
        "a door stands open for nobody"
    );
}

#[test]
fn a_mod_file_holds_no_logic_below_the_words() {
    for (file, code) in sources() {
        let is_words = file.starts_with("cli/");
        if file.ends_with("mod.rs") && !is_words {
            for line in code.lines().filter(|line| !line.trim().is_empty()) {
                let is_list = [
                    "mod ",
                    "pub mod ",
                    "pub(in crate::actions) mod ",
                    "pub use ",
                    "pub(crate) use ",
                    "use ",
                ]
                .iter()
                .any(|start| line.starts_with(start));
                assert!(
                    is_list,
                    "src/{file} holds more than a list of modules: {line}"
                );
            }
        }
    }
}

/// What stands directly in each room below a directory.
fn rooms(directory: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, _) in sources() {
        let Some(inside) = file.strip_prefix(directory) else {
            continue;
        };
        let Some((room, rest)) = inside.split_once('/') else {
            let is_in_the_hall = ["mod.rs", "dispatch.rs", "root.rs"].contains(&inside);
            assert!(is_in_the_hall, "src/{file} stands in no room");
            continue;
        };
        let name = rest.split('/').next().unwrap().to_owned();
        rooms.entry(room.to_owned()).or_default().insert(name);
    }
    rooms
}

#[test]
fn words_deeds_and_tests_live_in_the_same_rooms() {
    let (deeds, words) = (rooms("actions/"), rooms("cli/"));
    let plan = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/ARCHITECTURE.md")).unwrap();
    for (room, files) in deeds.iter().chain(&words) {
        assert!(files.len() <= 12, "{room} holds {} files", files.len());
        assert!(
            plan.contains(&format!("| `{room}` |")),
            "ARCHITECTURE.md does not show the room {room}"
        );
        let tests = format!("{}/tests/{room}/mod.rs", env!("CARGO_MANIFEST_DIR"));
        assert!(
            room == "desk" || Path::new(&tests).exists(),
            "nothing tests {room}"
        );
    }
    // No word asks for a letter alone; the door asks what words ask; and no deed is needed to explain the
    // program or to set it up.
    let only = |one: &BTreeMap<_, _>, other: &BTreeMap<_, _>| -> Vec<String> {
        let only = one.keys().filter(|room| !other.contains_key(*room));
        only.cloned().collect()
    };
    assert_eq!(only(&deeds, &words), ["mail"]);
    assert_eq!(only(&words, &deeds), ["door", "manual", "setup"]);
}

#[test]
fn every_file_can_be_read_in_one_sitting() {
    for (file, _) in sources() {
        let path = format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"));
        let lines = fs::read_to_string(path).unwrap().lines().count();
        assert!(lines <= 400, "src/{file} has {lines} lines");
    }
}
