//! What is in force of a question bank, out of the database: as one JSON document, texts as authored and as examinees
//! see them, or as files such as authors keep.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use evenhand_templates::markdown::{render, render_inline};
use serde::Serialize;

use super::files::Agreement;
use super::{Export, Format, writing};
use crate::command::{Ending, Trouble, absent, count, demo, open_existing, say};
use crate::config::Config;
use crate::domain::bank::{Benchmark, Blueprint, Item, Located, Vignette};
use crate::domain::rubric::Rubric;
use crate::domain::vocabulary::Track;
use crate::store::{Error, Fault, Sighted, Store, Tx};
use crate::world::World;

/// What is in force of a question bank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Part One's questions, and those for practice.
    pub items: Vec<Item>,
    /// Part Two's scenarios, and those for practice.
    pub vignettes: Vec<Vignette>,
    /// What forms are made of.
    pub blueprints: Vec<Blueprint>,
    /// Answers whose scores are known.
    pub benchmarks: Vec<Benchmark>,
    /// The agreement, in each language in which it is there.
    pub agreements: Vec<Agreement>,
}

/// Writes what is in force.
///
/// # Errors
/// When the database fails, or the files can't be written.
pub async fn export(options: &Export, config: &Config, world: World) -> Result<Ending, Trouble> {
    // Before there is an installation, the bank is the one that the program ships with: what a demo asks.
    let content = match absent(config)? {
        Some(_) => shipped()?,
        None => content_of(&open_existing(config, world)?).await?,
    };
    match options.format {
        Format::Json => export_json(&content, &options.path)?,
        Format::Toml => export_toml(&content, &options.path)?,
    }
    Ok(Ending::Good)
}

/// The question bank inside the program.
fn shipped() -> Result<Content, Trouble> {
    let loaded = demo::shipped::loaded()?;
    fn values<T>(located: Vec<Located<T>>) -> Vec<T> {
        located.into_iter().map(|l| l.value).collect()
    }
    let mut content = Content {
        items: values(loaded.bank.items),
        vignettes: values(loaded.bank.vignettes),
        blueprints: values(loaded.bank.blueprints),
        benchmarks: values(loaded.bank.benchmarks),
        agreements: loaded.agreements,
    };
    // In the order in which a database gives them.
    content.items.sort_by(|a, b| a.id.cmp(&b.id));
    content.vignettes.sort_by(|a, b| a.id.cmp(&b.id));
    content.benchmarks.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(content)
}

/// Reads what is in force.
///
/// # Errors
/// When the database fails.
pub async fn content_of(store: &Store) -> Result<Content, Trouble> {
    let read = store.read(store.world().clock.now(), |tx| {
        let mut blueprints = Vec::new();
        for track in Track::ALL {
            match tx.blueprint_current(*track) {
                Ok(blueprint) => blueprints.push(blueprint),
                Err(Error::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        let (mut items, mut vignettes) = (tx.items_current()?, tx.vignettes_current(None)?);
        items.extend(tx.items_for_practice()?);
        vignettes.extend(tx.vignettes_for_practice()?);
        items.sort_by(|a, b| a.id.cmp(&b.id));
        vignettes.sort_by(|a, b| a.id.cmp(&b.id));
        let benchmarks = tx.benchmarks_current()?.into_iter().map(|(_, one)| one).collect();
        Ok(Content { items, vignettes, blueprints, benchmarks, agreements: agreements_of(tx)? })
    });
    Ok(read.await?)
}

fn agreements_of(tx: &mut Tx<'_, Sighted>) -> Result<Vec<Agreement>, Error> {
    let mut agreements: Vec<Agreement> = Vec::new();
    for locale in ["en", "es"] {
        let (version, body) = match tx.agreement_in_force(locale) {
            Ok(found) => found,
            // A database into which nothing was imported has no agreement.
            Err(Error::Broke(Fault::Stored(_))) => continue,
            Err(other) => return Err(other),
        };
        // Asked for a language it is not in, the store gives the English text.
        if agreements.iter().all(|known| known.body != body) {
            let path = format!("agreements/{version}.{locale}.md");
            agreements.push(Agreement { version, locale: locale.to_owned(), body, path });
        }
    }
    Ok(agreements)
}

#[derive(Serialize)]
struct Document<'c> {
    items: Vec<ItemDocument<'c>>,
    vignettes: Vec<VignetteDocument<'c>>,
}

#[derive(Serialize)]
pub(super) struct ItemDocument<'c> {
    id: &'c str,
    version: i64,
    domain: &'static str,
    stem: &'c str,
    stem_html: String,
    choices: Vec<ChoiceDocument<'c>>,
}

#[derive(Serialize)]
struct ChoiceDocument<'c> {
    text: &'c str,
    text_html: String,
    correct: bool,
}

#[derive(Serialize)]
struct VignetteDocument<'c> {
    id: &'c str,
    version: i64,
    strand: &'static str,
    title: &'c str,
    scenario: &'c str,
    scenario_html: String,
    prompts: &'c [String],
    rubric: &'c Rubric,
}

impl<'c> From<&'c Item> for ItemDocument<'c> {
    fn from(item: &'c Item) -> Self {
        let choice = |(place, text): (usize, &'c String)| ChoiceDocument {
            text,
            text_html: render_inline(text).into_string(),
            correct: place == item.key,
        };
        Self {
            id: &item.id,
            version: item.version,
            domain: item.domain.as_str(),
            stem: &item.stem,
            stem_html: render(&item.stem).into_string(),
            choices: item.choices.iter().enumerate().map(choice).collect(),
        }
    }
}

impl<'c> From<&'c Vignette> for VignetteDocument<'c> {
    fn from(vignette: &'c Vignette) -> Self {
        Self {
            id: &vignette.id,
            version: vignette.version,
            strand: vignette.strand.as_str(),
            title: &vignette.title,
            scenario: &vignette.scenario,
            scenario_html: render(&vignette.scenario).into_string(),
            prompts: &vignette.prompts,
            rubric: &vignette.rubric,
        }
    }
}

fn export_json(content: &Content, path: &Path) -> Result<(), Trouble> {
    // The document is what real exams ask.
    let document = Document {
        items: content.items.iter().filter(|item| !item.practice).map(ItemDocument::from).collect(),
        vignettes: content.vignettes.iter().filter(|one| !one.practice).map(VignetteDocument::from).collect(),
    };
    let text = serde_json::to_string_pretty(&document).map_err(|e| Fault::Outside(e.to_string()))?;
    if path == Path::new("-") { say(text) } else { write_new(path, &format!("{text}\n")) }
}

fn export_toml(content: &Content, folder: &Path) -> Result<(), Trouble> {
    let files = files_of(content);
    for name in files.keys() {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
    }
    files.iter().try_for_each(|(name, text)| write_new(&folder.join(name), text))?;
    say(format_args!("{} written below {}.", count(files.len(), "file"), folder.display()))
}

/// The files of a bank: path below its root, and text.
pub fn files_of(content: &Content) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut by_area: BTreeMap<_, Vec<&Item>> = BTreeMap::new();
    let (practice, real): (Vec<&Item>, Vec<&Item>) = content.items.iter().partition(|item| item.practice);
    if !practice.is_empty() {
        files.insert("practice/items.toml".to_owned(), writing::items(practice));
    }
    for item in real {
        by_area.entry(item.area).or_default().push(item);
    }
    for (area, items) in by_area {
        files.insert(format!("items/{area}.toml"), writing::items(items));
    }
    for vignette in &content.vignettes {
        let folder = if vignette.practice { "practice" } else { "vignettes" };
        files.insert(format!("{folder}/{}.toml", vignette.id), writing::vignette(vignette));
    }
    for blueprint in &content.blueprints {
        let name = blueprint.track.as_str().to_lowercase();
        files.insert(format!("blueprints/{name}.toml"), writing::blueprint(blueprint));
    }
    for benchmark in &content.benchmarks {
        files.insert(format!("calibration/{}.toml", benchmark.id), writing::benchmark(benchmark));
    }
    for agreement in &content.agreements {
        files.insert(agreement.path.clone(), format!("{}\n", agreement.body));
    }
    files
}

/// Writes a file that must not be there yet: what authors wrote is never lost to an export.
fn write_new(path: &Path, text: &str) -> Result<(), Trouble> {
    let refused = |e| Trouble::Refused(format!("{} cannot be written: {e}.", path.display()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(refused)?;
    file.write_all(text.as_bytes()).map_err(refused)
}
