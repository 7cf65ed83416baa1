//! From files to a [`Bank`]. A question with a flaw is left out and its flaws are told; the others come through, so
//! that one slip hides nothing else.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::benchmark::benchmark;
use super::page::{Fields, Page};
use super::{Bank, Blueprint, Flaw, Item, LETTERS, Located, SourceFile, Vignette};
use crate::domain::rubric::{Criterion, Level, Rubric};
use crate::domain::vocabulary::{Area, Domain, ScenarioKind, Strand, Track};

/// The most items in one file.
pub const MAX_ITEMS_PER_FILE: usize = 2_000;
/// The longest stem, in characters.
pub const MAX_STEM_CHARS: usize = 4_000;
/// The longest choice, in characters.
pub const MAX_CHOICE_CHARS: usize = 600;
/// The longest rationale, in characters.
pub const MAX_RATIONALE_CHARS: usize = 4_000;
/// The longest title of a vignette or a criterion, in characters.
pub const MAX_TITLE_CHARS: usize = 200;
/// The longest scenario, in characters.
pub const MAX_SCENARIO_CHARS: usize = 20_000;
/// The most prompts of a vignette.
pub const MAX_PROMPTS: usize = 12;
/// The longest prompt, in characters.
pub const MAX_PROMPT_CHARS: usize = 1_000;
/// The longest descriptor of a level, in characters.
pub const MAX_DESCRIPTOR_CHARS: usize = 1_000;
/// The most criteria of a rubric.
pub const MAX_CRITERIA: usize = 10;
/// The most levels of a criterion.
pub const MAX_LEVELS: usize = 10;
/// The most points of a level.
pub const MAX_POINTS: i64 = 100;
/// The highest version.
pub const MAX_VERSION: i64 = 1_000_000;
/// The most items of a form.
pub const MAX_FORM_ITEMS: i64 = 500;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contents {
    Items,
    Vignette,
    Blueprint,
    Benchmark,
}

/// Reads every file that belongs to the bank: TOML files directly in `items/`, `vignettes/`, `blueprints/`,
/// `calibration/` and `practice/`; others are passed over. One TOML file given alone, from wherever, is taken for what it holds, and so are
/// those in `practice/`, where items and vignettes stand side by side.
pub fn parse(files: &[SourceFile]) -> (Bank, Vec<Flaw>) {
    let mut bank = Bank::default();
    let mut flaws = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".toml")) {
        let contents = by_folder(&file.path);
        if contents.is_some() || is_practice(&file.path) || files.len() == 1 {
            flaws.extend(read_file(&mut bank, file, contents));
        }
    }
    flaws.sort();
    (bank, flaws)
}

/// What a file of the bank must hold by its folder.
fn by_folder(path: &str) -> Option<Contents> {
    match path.split_once('/') {
        Some((_, rest)) if rest.contains('/') => None,
        Some(("items", _)) => Some(Contents::Items),
        Some(("vignettes", _)) => Some(Contents::Vignette),
        Some(("blueprints", _)) => Some(Contents::Blueprint),
        Some(("calibration", _)) => Some(Contents::Benchmark),
        _ => None,
    }
}

/// Whether a file stands directly in the folder of what is for practice.
pub(super) fn is_practice(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, rest)| folder == "practice" && !rest.contains('/'))
}

/// What a file holds by the keys that only one kind has.
fn by_content(root: &DeTable<'_>) -> Option<Contents> {
    let has = |keys: &[&str]| keys.iter().any(|key| root.contains_key(*key));
    match () {
        () if has(&["item"]) => Some(Contents::Items),
        () if has(&["strand", "scenario_kind", "scenario", "criterion"]) => Some(Contents::Vignette),
        () if has(&["areas"]) => Some(Contents::Blueprint),
        () if has(&["reference", "answer"]) => Some(Contents::Benchmark),
        () => None,
    }
}

fn read_file(bank: &mut Bank, file: &SourceFile, contents: Option<Contents>) -> Vec<Flaw> {
    let mut page = Page::new(file);
    if let Some(root) = page.tables(&file.text) {
        match contents.or_else(|| by_content(&root)) {
            Some(Contents::Items) => bank.items.extend(items(&mut page, &root)),
            Some(Contents::Vignette) => bank.vignettes.extend(vignette(&mut page, &root)),
            Some(Contents::Blueprint) => bank.blueprints.extend(blueprint(&mut page, &root)),
            Some(Contents::Benchmark) => bank.benchmarks.extend(benchmark(&mut page, &root)),
            None => page.error(
                0,
                "this is no file of a question bank: it holds neither [[item]] tables, nor a vignette, nor a blueprint, nor a benchmark script",
            ),
        }
    }
    page.into_flaws()
}

fn items<'f>(page: &mut Page<'f>, root: &DeTable<'f>) -> Vec<Located<Item>> {
    if root.is_empty() {
        page.warning(0, "the file holds no questions; each starts with [[item]]");
        return Vec::new();
    }
    let mut fields = Fields::of_file(page, root, "file of items");
    let list = fields.list("item", 1..=MAX_ITEMS_PER_FILE).unwrap_or_default();
    let read = list.iter().filter_map(|value| item(fields.page(), value)).collect();
    fields.close();
    read
}

fn item<'f>(page: &mut Page<'f>, value: &Spanned<DeValue<'f>>) -> Option<Located<Item>> {
    let path = page.path().to_owned();
    let mut fields = Fields::of_value(page, value, "item")?;
    let id = fields.id("id");
    let version = fields.integer("version", 1..=MAX_VERSION);
    let tracks = fields.some_of("tracks", Track::ALL, Track::as_str);
    let domain = fields.one_of("domain", Domain::ALL, Domain::as_str);
    let area = fields.one_of("area", Area::ALL, Area::as_str);
    let stem = fields.text("stem", MAX_STEM_CHARS);
    let choices = LETTERS.map(|letter| fields.text(letter, MAX_CHOICE_CHARS));
    let key = fields.one_of("key", &LETTERS, |letter| letter);
    let rationale = fields.text("rationale", MAX_RATIONALE_CHARS);
    let practice = fields.flag("practice");
    let line = fields.line();
    fields.close();
    let [a, b, c, d] = choices;
    let value = Item {
        id: id?,
        version: version?,
        tracks: tracks?,
        domain: domain?,
        area: area?,
        stem: stem?,
        choices: [a?, b?, c?, d?],
        key: LETTERS.iter().position(|letter| Some(*letter) == key)?,
        rationale: rationale?,
        practice: practice?,
    };
    Some(Located { value, path, line })
}

fn vignette<'f>(page: &mut Page<'f>, root: &DeTable<'f>) -> Option<Located<Vignette>> {
    let path = page.path().to_owned();
    let mut fields = Fields::of_file(page, root, "vignette");
    let id = fields.id("id");
    let version = fields.integer("version", 1..=MAX_VERSION);
    let strand = fields.one_of("strand", Strand::ALL, Strand::as_str);
    let scenario_kind = fields.one_of("scenario_kind", ScenarioKind::ALL, ScenarioKind::as_str);
    let title = fields.text("title", MAX_TITLE_CHARS);
    let scenario = fields.text("scenario", MAX_SCENARIO_CHARS);
    let prompts = fields.texts("prompts", 1..=MAX_PROMPTS, MAX_PROMPT_CHARS);
    let max_characters = fields.integer("max_characters", 500..=50_000);
    let practice = fields.flag("practice");
    let criteria = fields.tables("criterion", 1..=MAX_CRITERIA, criterion);
    let line = fields.line();
    fields.close();
    let value = Vignette {
        id: id?,
        version: version?,
        strand: strand?,
        scenario_kind: scenario_kind?,
        title: title?,
        scenario: scenario?,
        prompts: prompts?,
        max_characters: max_characters?,
        rubric: Rubric { criteria: criteria? },
        practice: practice?,
    };
    Some(Located { value, path, line })
}

fn criterion<'f>(page: &mut Page<'f>, value: &Spanned<DeValue<'f>>) -> Option<Criterion> {
    let mut fields = Fields::of_value(page, value, "criterion")?;
    let id = fields.id("id");
    let title = fields.text("title", MAX_TITLE_CHARS);
    let domain = fields.one_of("domain", Domain::ALL, Domain::as_str);
    let levels = fields.tables("levels", 2..=MAX_LEVELS, level);
    fields.close();
    Some(Criterion { id: id?, title: title?, domain: domain?, levels: levels? })
}

fn level<'f>(page: &mut Page<'f>, value: &Spanned<DeValue<'f>>) -> Option<Level> {
    let mut fields = Fields::of_value(page, value, "level")?;
    let points = fields.integer("points", 0..=MAX_POINTS);
    let descriptor = fields.text("descriptor", MAX_DESCRIPTOR_CHARS);
    fields.close();
    Some(Level { points: points?, descriptor: descriptor? })
}

fn blueprint<'f>(page: &mut Page<'f>, root: &DeTable<'f>) -> Option<Located<Blueprint>> {
    let path = page.path().to_owned();
    let mut fields = Fields::of_file(page, root, "blueprint");
    let track = fields.one_of("track", Track::ALL, Track::as_str);
    let version = fields.integer("version", 1..=MAX_VERSION);
    let items = fields.integer("items", 1..=MAX_FORM_ITEMS);
    let areas = fields.numbers_by("areas", Area::ALL, Area::as_str, 0..=MAX_FORM_ITEMS);
    let line = fields.line();
    fields.close();
    let value = Blueprint { track: track?, version: version?, items: items?, areas: areas? };
    Some(Located { value, path, line })
}

#[cfg(test)]
mod tests;
