//! The rules of the house that a compiler does not know, held against the sources themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use evenhand::web::api::operations::OPENAPI_DOCUMENT;

use crate::routes::{root, table};

/// The longest file, in lines.
const MAX_LINES: usize = 600;

/// A source file: its path below the root, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The lines of code, without those that are only words.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path.starts_with(place))
    }
}

fn sources(below: &str) -> Vec<Source> {
    let (root, mut found) = (root(), Vec::new());
    let mut folders: Vec<PathBuf> = vec![root.join(below)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                found.push(Source { path: below_root(&root, &entry), text: std::fs::read_to_string(&entry).unwrap() });
            }
        }
    }
    assert!(!found.is_empty(), "{below}");
    found
}

fn below_root(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap().display().to_string()
}

fn all() -> Vec<Source> {
    ["src", "templates/src", "tests"].into_iter().flat_map(sources).collect()
}

/// Every place among `sources` in whose code one of `words` stands.
fn mentions(sources: &[Source], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in source.code().filter(|(_, line)| words.iter().any(|word| line.contains(word))) {
            found.push(format!("{}:{number}: {}", source.path, line.trim()));
        }
    }
    found
}

fn assert_none(found: Vec<String>) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn besides(places: &[&str]) -> Vec<Source> {
    sources("src").into_iter().filter(|source| !source.is_in(places)).collect()
}

#[test]
fn diesel_stays_in_the_store() {
    assert_none(mentions(&besides(&["src/store"]), &["diesel"]));
}

#[test]
fn actix_stays_at_the_edge() {
    assert_none(mentions(&besides(&["src/web", "src/app.rs", "src/command", "src/main.rs"]), &["actix"]));
}

#[test]
fn html_stays_in_the_templates() {
    assert_none(mentions(&sources("src"), &["html!"]));
}

#[test]
fn time_and_chance_come_from_the_world() {
    let words = ["Utc::now", "Local::now", "SystemTime::now", "rand::rng", "rand::random", "new_v4", "now_v7"];
    assert_none(mentions(&besides(&["src/world.rs"]), &words));
    assert_none(mentions(&sources("templates/src"), &words));
}

#[test]
fn the_environment_is_read_by_the_configuration_alone() {
    assert_none(mentions(&besides(&["src/config"]), &["env::var", "env::vars"]));
}

#[test]
fn what_a_reviewer_reaches_is_blind() {
    let blind = [
        "src/web/api/reviews.rs",
        "src/web/pages/reviewer.rs",
        "src/desk/reviewer.rs",
        "src/desk/reviewer/profile.rs",
        "src/store/corrections.rs",
        "src/store/profiles.rs",
        "src/store/readings.rs",
        "src/store/sessions.rs",
        "src/store/standing.rs",
    ];
    let sources: Vec<Source> =
        sources("src").into_iter().filter(|source| blind.contains(&source.path.as_str())).collect();
    assert_eq!(sources.len(), blind.len(), "a blind file was moved");
    let sighted =
        ["store::people", "super::people", "attempt_id", "Sighted", "schema::attempt", "schema::registration"];
    assert_none(mentions(&sources, &sighted));
}

#[test]
fn identitys_tables_are_known_to_one_module() {
    let place = "src/store/people";
    assert_none(mentions(
        &besides(&[place]),
        &["people::tables", "person::table", "accommodation::table", "person_fact::table"],
    ));
}

#[test]
fn files_need_no_table_of_contents() {
    let long = |source: &Source| (source.text.lines().count() > MAX_LINES).then(|| source.path.clone());
    assert_none(all().iter().filter_map(long).collect());
}

#[test]
fn every_file_says_what_it_is_for() {
    // A file of tests belongs to the one it tests.
    let silent = |source: &Source| {
        (!source.text.starts_with("//! ") && !source.path.ends_with("/tests.rs")).then(|| source.path.clone())
    };
    assert_none(all().iter().filter_map(silent).collect());
}

#[test]
fn no_lint_is_switched_off_in_silence() {
    assert_none(mentions(&all(), &[concat!("#[", "allow"), concat!("#![", "allow")]));
}

#[test]
fn tests_wait_for_nothing() {
    let tests: Vec<Source> = all()
        .into_iter()
        .map(|source| match source.text.split_once("#[cfg(test)]\nmod tests {") {
            Some((_, tests)) => Source { text: tests.to_owned(), ..source },
            None => source,
        })
        .filter(|source| source.path.contains("tests") || source.text.contains("#[test]"))
        .collect();
    assert_none(mentions(&tests, &[concat!("thread::sl", "eep"), concat!("time::sl", "eep")]));
}

#[test]
fn the_description_of_the_interface_is_whole() {
    let described: BTreeSet<String> = OPENAPI_DOCUMENT["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let verbs = methods
                .as_object()
                .unwrap()
                .keys()
                .filter(|verb| ["get", "put", "post", "delete", "patch"].contains(&verb.as_str()));
            verbs.map(move |verb| format!("{} {path}", verb.to_uppercase()))
        })
        .collect();
    let is_interface = |path: &str| path.starts_with("/api/") || ["/healthz", "/readyz", "/metrics"].contains(&path);
    let served: BTreeSet<String> = table()
        .into_iter()
        .filter(|route| is_interface(&route.pattern))
        .map(|route| format!("{} {}", route.method, route.pattern))
        .collect();
    assert_eq!(described, served);
}
