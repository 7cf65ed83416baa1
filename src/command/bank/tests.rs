use std::collections::BTreeMap;
use std::fs;

use super::export::ItemDocument;
use super::*;
use crate::command::demo::shipped::SHIPPED;
use crate::domain::bank::{Benchmark, Blueprint, Item, SourceFile, Vignette};
use crate::store::Address;

fn shipped() -> Vec<SourceFile> {
    SHIPPED.iter().map(|(path, text)| SourceFile { path: (*path).into(), text: (*text).into() }).collect()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A store in a folder that goes away with the test.
struct Place {
    folder: PathBuf,
    store: Store,
}

impl Place {
    fn new() -> Self {
        let world = World::system();
        let folder = crate::config::temporary_folder().join(format!("evenhand-bank-{}", world.entropy.word(12)));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("evenhand.db").display().to_string();
        Self { store: Store::open(Address::Sqlite(path), world).unwrap(), folder }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn sources(files: &BTreeMap<String, String>) -> Vec<SourceFile> {
    files.iter().map(|(path, text)| SourceFile { path: path.clone(), text: text.clone() }).collect()
}

#[test]
fn the_shipped_bank_survives_the_way_through_the_database_and_back_into_files() {
    run(async {
        let place = Place::new();
        let loaded = files::from_sources(&shipped());
        let pieces = SHIPPED.len()
            - loaded.bank.items.iter().map(|i| &i.path).collect::<std::collections::BTreeSet<_>>().len()
            + loaded.bank.items.len();
        let report = import_into(&place.store, loaded.clone(), false).await.unwrap();
        assert_eq!((report.added, report.unchanged, report.conflicts.len()), (pieces, 0, 0));
        let content = content_of(&place.store).await.unwrap();
        assert_eq!(content.agreements.len(), 2);
        let again = files::from_sources(&sources(&files_of(&content)));
        let values = |l: &Loaded| {
            let mut items: Vec<Item> = l.bank.items.iter().map(|i| i.value.clone()).collect();
            let mut vignettes: Vec<Vignette> = l.bank.vignettes.iter().map(|v| v.value.clone()).collect();
            let mut blueprints: Vec<Blueprint> = l.bank.blueprints.iter().map(|b| b.value.clone()).collect();
            let mut benchmarks: Vec<Benchmark> = l.bank.benchmarks.iter().map(|b| b.value.clone()).collect();
            benchmarks.sort_by(|a, b| a.id.cmp(&b.id));
            items.sort_by(|a, b| a.id.cmp(&b.id));
            vignettes.sort_by(|a, b| a.id.cmp(&b.id));
            blueprints.sort_by_key(|b| b.track);
            (items, vignettes, blueprints, benchmarks)
        };
        assert_eq!(values(&again), values(&loaded));
        assert_eq!(again.agreements, loaded.agreements);
        let report = import_into(&place.store, again, false).await.unwrap();
        assert_eq!((report.added, report.unchanged, report.conflicts.len()), (0, pieces, 0));
    });
}

#[test]
fn awkward_texts_survive_being_written() {
    let mut item = files::from_sources(&shipped()).bank.items.remove(0).value;
    for text in [
        "a \\ backslash\\n and \"quotes\"",
        "three \"\"\" marks\n\nand \"\"\"\"\"\" six, and at the end \"\"",
        "'''single''' and a\ttab\nand # no comment",
        "ñ — ½ … 漢字 \u{a0}x",
    ] {
        item.stem = text.to_owned();
        item.rationale = text.to_owned();
        item.choices[0] = text.to_owned();
        let source = SourceFile { path: "x.toml".into(), text: writing::items([&item]) };
        let read = files::from_sources(&[source]);
        assert_eq!(read.bank.items.first().map(|i| &i.value), Some(&item), "{:?}", read.flaws);
    }
}

#[test]
fn an_import_happens_as_a_whole_or_not_at_all() {
    run(async {
        let place = Place::new();
        let loaded = files::from_sources(&shipped());
        let report = import_into(&place.store, loaded.clone(), true).await.unwrap();
        assert!(report.added > 0 && report.conflicts.is_empty());
        assert_eq!(content_of(&place.store).await.unwrap(), Content::default(), "a dry run changes nothing");

        import_into(&place.store, loaded.clone(), false).await.unwrap();
        let before = content_of(&place.store).await.unwrap();
        let mut changed = loaded.clone();
        changed.bank.items[0].value.stem.push('!');
        changed.bank.items[0].value.version = 2;
        changed.bank.items[3].value.stem.push('!');
        changed.agreements[0].body.push('!');
        let report = import_into(&place.store, changed.clone(), false).await.unwrap();
        let told: Vec<String> = report.conflicts.iter().map(|c| format!("{}: {}", c.pointer, c.detail)).collect();
        let item = &changed.bank.items[3];
        assert_eq!(
            told,
            [
                format!("{}:{}: version 1 is here with other content; raise its version", item.path, item.line),
                format!(
                    "{}:1: agreement 2026-1 is here with other words; give the new one another version",
                    changed.agreements[0].path
                ),
            ]
        );
        assert_eq!(content_of(&place.store).await.unwrap(), before, "the good change did not come in either");

        changed.bank.items[3].value.version = 2;
        changed.agreements.clear();
        let report = import_into(&place.store, changed, false).await.unwrap();
        assert_eq!((report.added, report.conflicts.len()), (2, 0));
    });
}

#[test]
fn a_benchmark_script_is_held_against_the_vignette_that_is_here() {
    run(async {
        let place = Place::new();
        let loaded = files::from_sources(&shipped());
        // Alone, before its vignette is here.
        let alone = |change: fn(&mut Benchmark)| {
            let mut loaded = Loaded::default();
            let mut one = files::from_sources(&shipped()).bank.benchmarks.remove(0);
            change(&mut one.value);
            loaded.bank.benchmarks.push(one);
            loaded
        };
        let report = import_into(&place.store, alone(|_| ()), false).await.unwrap();
        assert!(report.conflicts[0].detail.contains("is not here in its version 1"), "{report:?}");
        import_into(&place.store, loaded, false).await.unwrap();
        let report = import_into(&place.store, alone(|_| ()), false).await.unwrap();
        assert_eq!((report.unchanged, report.conflicts.len()), (1, 0));
        let report = import_into(&place.store, alone(|b| b.marks[0].points = 99), false).await.unwrap();
        assert!(report.conflicts[0].detail.contains("99 is no level"), "{report:?}");
        // Another reference is another version.
        let report = import_into(&place.store, alone(|b| b.marks[0].points = 1), false).await.unwrap();
        assert!(report.conflicts[0].detail.contains("raise its version"), "{report:?}");
        let newer = alone(|b| (b.marks[0].points, b.version) = (1, 2));
        assert_eq!(import_into(&place.store, newer, false).await.unwrap().added, 1);
        let current = content_of(&place.store).await.unwrap().benchmarks;
        assert_eq!((current.len(), current[0].version, current[0].marks[0].points), (15, 2, 1));
    });
}

#[test]
fn the_document_tells_items_as_the_interface_promises() {
    let item = files::from_sources(&shipped()).bank.items.remove(0).value;
    let document = serde_json::to_value(ItemDocument::from(&item)).unwrap();
    let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    for key in ["id", "version", "domain", "stem", "stem_html", "choices"] {
        assert!(keys.contains(&key), "{keys:?}");
    }
    let right: Vec<bool> =
        document["choices"].as_array().unwrap().iter().map(|c| c["correct"].as_bool().unwrap()).collect();
    assert_eq!(right.iter().filter(|r| **r).count(), 1);
    assert!(right[item.key]);
    assert!(document["stem_html"].as_str().unwrap().starts_with("<p>"));
}

#[test]
fn agreements_are_checked_too() {
    let source = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
    let cases = [
        (vec![source("agreements/2026-1.en.md", "Be fair.")], 0),
        (vec![source("agreements/2026-1.en.md", "Be fair."), source("agreements/2026-1.es.md", "Sea justo.")], 0),
        (vec![source("agreements/2026-1.en.md", "Be fair."), source("agreements/2026-2.es.md", "Sea justo.")], 1),
        (vec![source("agreements/2026-1.md", "Be fair.")], 1),
        (vec![source("agreements/2026-1.fr.md", "Soyez juste.")], 1),
        (vec![source("agreements/2026-1.en.md", " \n")], 1),
    ];
    for (given, expected) in cases {
        assert_eq!(files::from_sources(&given).count(Severity::Error), expected, "{given:?}");
    }
}
