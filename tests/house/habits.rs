//! What contributors are told to type is there.

use std::fs;

fn read(name: &str) -> String {
    fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The names of the recipes in the justfile.
fn recipes() -> Vec<String> {
    let text = read("justfile");
    let heads = text.lines().filter_map(|line| line.split_once(':'));
    heads
        .filter(|(head, _)| head.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(|(head, _)| head.split(' ').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_recipe_that_is_named_is_there_and_says_what_it_does() {
    let (recipes, text) = (recipes(), read("CONTRIBUTING.md"));
    let named = text.split("`just ").skip(1);
    let named: Vec<&str> = named
        .map(|rest| rest.split(['`', ' ']).next().unwrap())
        .collect();
    assert!(named.len() >= 3, "{named:?}");
    for name in named {
        assert!(recipes.iter().any(|recipe| recipe == name), "{name}");
    }
    let lines: Vec<String> = read("justfile").lines().map(str::to_owned).collect();
    for recipe in &recipes {
        let head = lines.iter().position(|line| {
            let rest = line.strip_prefix(recipe.as_str());
            rest.is_some_and(|rest| rest.starts_with([':', ' ']))
        });
        assert!(lines[head.unwrap() - 1].starts_with("# "), "{recipe}");
    }
}

#[test]
fn every_measurement_is_named() {
    let text = read("justfile");
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/benches")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(bench) = name.strip_suffix(".rs") {
            assert!(text.contains(bench), "{bench}");
        }
    }
}
