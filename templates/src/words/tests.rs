//! The catalogues hold what the code uses and nothing else; and no page shows a hole.

use std::{collections::BTreeSet, fs, path::Path};

use super::{CATALOGUES, EN, ES, Locale};
use crate::sample;

/// The ids that a catalogue defines: a line that starts with a letter and holds an equals sign.
fn ids(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once('=').map(|(id, _)| id.trim()))
        .collect()
}

/// All Rust source of the crate but its tests.
fn sources(folder: &Path, text: &mut String) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            text.push_str(&fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

fn crate_source() -> String {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    text
}

#[test]
fn every_catalogue_parses() {
    for (name, source) in EN.iter().chain(ES) {
        let parsed = fluent_bundle::FluentResource::try_new((*source).to_owned());
        assert!(parsed.is_ok(), "{name}: {:?}", parsed.err().map(|(_, errors)| errors));
    }
}

#[test]
fn no_id_is_defined_twice() {
    for catalogue in [EN, ES] {
        let mut seen = BTreeSet::new();
        for id in catalogue.iter().flat_map(|(_, source)| ids(source)) {
            assert!(seen.insert(id), "{id} is defined twice");
        }
    }
}

#[test]
fn spanish_says_all_that_an_examinee_can_see() {
    for (name, spanish) in ES {
        let english = EN.iter().find(|(other, _)| other == name).map_or("", |(_, source)| *source);
        let (en, es): (BTreeSet<_>, BTreeSet<_>) =
            (ids(english).into_iter().collect(), ids(spanish).into_iter().collect());
        assert_eq!(en, es, "{name}.ftl differs between the languages");
    }
}

#[test]
fn every_message_is_used() {
    let source = crate_source();
    let unused: Vec<&str> =
        EN.iter().flat_map(|(_, source)| ids(source)).filter(|id| !source.contains(&format!("\"{id}\""))).collect();
    assert!(unused.is_empty(), "not used: {unused:?}");
}

#[test]
fn every_message_used_exists() {
    let source: String = crate_source().split_whitespace().collect();
    for opening in [".text(\"", ".with(\""] {
        for call in source.split(opening).skip(1) {
            let id = call.split('"').next().unwrap_or_default();
            assert!(CATALOGUES.en.has_message(id), "{id} is used and not defined");
        }
    }
}

#[test]
fn no_page_shows_a_hole() {
    for sample in sample::all() {
        for hole in ["⟦", "{$", "{ $"] {
            if let Some(at) = sample.html.find(hole) {
                let around: String = sample.html[at..].chars().take(80).collect();
                panic!("{} in {}: {around}", sample.name, sample.locale.tag());
            }
        }
    }
}

#[test]
fn languages_are_chosen_by_tag_and_preference() {
    assert_eq!(Locale::from_tag("es-MX"), Some(Locale::Es));
    assert_eq!(Locale::from_tag("fr"), None);
    for (header, locale) in [
        ("", Locale::En),
        ("fr, de;q=0.8", Locale::En),
        ("es-US,es;q=0.9,en;q=0.8", Locale::Es),
        ("en;q=0.5, es;q=0.7", Locale::Es),
        ("es;q=0, en;q=0.1", Locale::En),
        ("en, es", Locale::En),
    ] {
        assert_eq!(Locale::from_accept_language(header), locale, "{header}");
    }
}
