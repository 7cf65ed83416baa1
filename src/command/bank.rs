//! The question bank: checked as files, imported into the database, exported from it.
//!
//! Invariants: nothing that has an error is imported; an import happens as a whole or not at all; an exported folder
//! imports again without a change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, Subcommand, ValueEnum};
use evenhand_templates::markdown::{render, render_inline};
use serde::Serialize;
use serde_json::json;

use crate::command::{Ending, Trouble, count, open, open_existing, say, say_json};
use crate::config::Config;
use crate::domain::bank::{Blueprint, Flaw, Item, Located, Severity, Vignette};
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::domain::rubric::Rubric;
use crate::domain::vocabulary::Track;
use crate::store::audit::Entry;
use crate::store::content::Imported;
use crate::store::{Call, Error, Fault, Sighted, Store, Tx};
use crate::world::World;

pub mod files;
mod writing;

use files::{Agreement, Loaded};

/// What to do with a question bank.
#[derive(Debug, Clone, Subcommand)]
pub enum Request {
    /// Read the files and say what is wrong with them
    Check(Check),
    /// Check the files and put what is new into the database
    Import(Import),
    /// Write what is in the database
    Export(Export),
}

/// What to check.
#[derive(Debug, Clone, Args)]
pub struct Check {
    /// The bank's folder, or one of its files
    pub path: PathBuf,
    /// Warnings count as errors
    #[arg(long)]
    pub strict: bool,
    /// Say it as one line of JSON
    #[arg(long)]
    pub json: bool,
}

/// What to import.
#[derive(Debug, Clone, Args)]
pub struct Import {
    /// The bank's folder, or one of its files
    pub path: PathBuf,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Say it as one line of JSON
    #[arg(long)]
    pub json: bool,
}

/// What to export.
#[derive(Debug, Clone, Args)]
pub struct Export {
    /// A folder for TOML; a file or - for JSON
    pub path: PathBuf,
    /// toml: files as authors keep them; json: one document
    #[arg(long, value_enum)]
    pub format: Format,
}

/// How to write a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Files as authors keep them.
    Toml,
    /// One document.
    Json,
}

/// Checks a bank's files and says every flaw.
///
/// # Errors
/// When they can't be read.
pub fn check(options: &Check) -> Result<Ending, Trouble> {
    let loaded = files::load(&options.path)?;
    let (errors, warnings) = (loaded.count(Severity::Error), loaded.count(Severity::Warning));
    if options.json {
        say_json(&json!({ "errors": errors, "warnings": warnings, "flaws": loaded.flaws }))?;
    } else {
        for flaw in &loaded.flaws {
            say(flaw)?;
        }
        let found = format!("{} and {}", count(errors, "error"), count(warnings, "warning"));
        say(format_args!("{}: {found}.", inventory(&loaded)))?;
    }
    let holds = errors == 0 && !(options.strict && warnings > 0);
    Ok(if holds { Ending::Good } else { Ending::DoesNotHold })
}

fn inventory(loaded: &Loaded) -> String {
    let bank = &loaded.bank;
    [
        count(bank.items.len(), "item"),
        count(bank.vignettes.len(), "vignette"),
        count(bank.blueprints.len(), "blueprint"),
        count(loaded.agreements.len(), "agreement"),
    ]
    .join(", ")
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many pieces were new.
    pub added: usize,
    /// How many were here as they are.
    pub unchanged: usize,
    /// What stands in the way: place and reason.
    pub conflicts: Vec<FieldProblem>,
}

/// Imports a bank's files.
///
/// # Errors
/// When they can't be read, or the database fails.
pub async fn import(options: &Import, config: &Config, world: World) -> Result<Ending, Trouble> {
    let loaded = files::load(&options.path)?;
    let errors: Vec<&Flaw> = loaded.flaws.iter().filter(|flaw| flaw.severity == Severity::Error).collect();
    if !errors.is_empty() {
        if options.json {
            say_json(&json!({ "imported": false, "flaws": errors }))?;
        } else {
            errors.iter().try_for_each(say)?;
            say(format_args!("{}: nothing was imported.", count(errors.len(), "error")))?;
        }
        return Ok(Ending::DoesNotHold);
    }
    let store = open(config, world)?;
    let report = import_into(&store, loaded, options.dry_run).await?;
    tell(&report, options)
}

fn tell(report: &Report, options: &Import) -> Result<Ending, Trouble> {
    let holds = report.conflicts.is_empty();
    if options.json {
        let imported = holds && !options.dry_run;
        say_json(&json!({
            "imported": imported, "dry_run": options.dry_run, "added": report.added, "unchanged": report.unchanged,
            "conflicts": report.conflicts.iter().map(|c| json!({ "place": c.pointer, "detail": c.detail })).collect::<Vec<_>>(),
        }))?;
    } else if holds {
        let done = if options.dry_run { "would be imported" } else { "imported" };
        say(format_args!("{} new {done}, {} here already.", report.added, report.unchanged))?;
    } else {
        for conflict in &report.conflicts {
            say(format_args!("{}: {}", conflict.pointer, conflict.detail))?;
        }
        say(format_args!("{}: nothing was imported.", count(report.conflicts.len(), "conflict")))?;
    }
    Ok(if holds { Ending::Good } else { Ending::DoesNotHold })
}

/// Imports what was loaded, all of it or nothing; for a dry run, nothing.
///
/// # Errors
/// When the database fails. Conflicts are no error: they stand in the report.
pub async fn import_into(store: &Store, loaded: Loaded, dry_run: bool) -> Result<Report, Trouble> {
    let report = Arc::new(Mutex::new(Report::default()));
    let filled = report.clone();
    let call = Call::at(store.world().clock.now());
    let outcome = store
        .write(&call, move |tx| {
            let found = import_all(tx, &loaded)?;
            let stays = found.conflicts.is_empty() && !dry_run;
            let audited = found.added > 0;
            let detail = json!({ "added": found.added, "unchanged": found.unchanged });
            *filled.lock().unwrap_or_else(PoisonError::into_inner) = found;
            if !stays {
                // To refuse is how a transaction leaves nothing behind; what was found is told by the report.
                return Err(Refusal::Invalid(Vec::new()).into());
            }
            if audited {
                tx.audit(Entry { actor: "operator".into(), act: "bank.import", detail, ..Entry::default() })?;
            }
            Ok(())
        })
        .await;
    match outcome {
        Ok(()) | Err(Error::Refused(Refusal::Invalid(_))) => {
            Ok(std::mem::take(&mut *report.lock().unwrap_or_else(PoisonError::into_inner)))
        }
        Err(other) => Err(other.into()),
    }
}

/// Imports everything within a transaction that ends badly if there are conflicts.
fn import_all(tx: &mut Tx<'_, Sighted>, loaded: &Loaded) -> Result<Report, Error> {
    let mut report = Report::default();
    for item in &loaded.bank.items {
        let outcome = tx.item_import(&item.value)?;
        report.note(outcome, || conflict(item, item.value.version));
    }
    for vignette in &loaded.bank.vignettes {
        let outcome = tx.vignette_import(&vignette.value)?;
        report.note(outcome, || conflict(vignette, vignette.value.version));
    }
    for blueprint in &loaded.bank.blueprints {
        let outcome = tx.blueprint_import(&blueprint.value)?;
        report.note(outcome, || conflict(blueprint, blueprint.value.version));
    }
    for text in &loaded.agreements {
        let outcome = tx.agreement_import(&text.version, &text.locale, &text.body)?;
        let detail =
            || format!("agreement {} is here with other words; give the new one another version", text.version);
        report.note(outcome, || FieldProblem::new(format!("{}:1", text.path), detail()));
    }
    Ok(report)
}

impl Report {
    fn note(&mut self, outcome: Imported, conflict: impl Fn() -> FieldProblem) {
        match outcome {
            Imported::Added => self.added += 1,
            Imported::Unchanged => self.unchanged += 1,
            Imported::Conflicts => self.conflicts.push(conflict()),
        }
    }
}

fn conflict<T>(piece: &Located<T>, version: i64) -> FieldProblem {
    let place = format!("{}:{}", piece.path, piece.line);
    FieldProblem::new(place, format!("version {version} is here with other content; raise its version"))
}

/// What is in force of a question bank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Part One's questions.
    pub items: Vec<Item>,
    /// Part Two's scenarios.
    pub vignettes: Vec<Vignette>,
    /// What forms are made of.
    pub blueprints: Vec<Blueprint>,
    /// The agreement, in each language in which it is there.
    pub agreements: Vec<Agreement>,
}

/// Writes what is in force.
///
/// # Errors
/// When the database fails, or the files can't be written.
pub async fn export(options: &Export, config: &Config, world: World) -> Result<Ending, Trouble> {
    let store = open_existing(config, world)?;
    let content = content_of(&store).await?;
    match options.format {
        Format::Json => export_json(&content, &options.path)?,
        Format::Toml => export_toml(&content, &options.path)?,
    }
    Ok(Ending::Good)
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
        let (items, vignettes) = (tx.items_current()?, tx.vignettes_current(None)?);
        Ok(Content { items, vignettes, blueprints, agreements: agreements_of(tx)? })
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
struct ItemDocument<'c> {
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
    let document = Document {
        items: content.items.iter().map(ItemDocument::from).collect(),
        vignettes: content.vignettes.iter().map(VignetteDocument::from).collect(),
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
    for item in &content.items {
        by_area.entry(item.area).or_default().push(item);
    }
    for (area, items) in by_area {
        files.insert(format!("items/{area}.toml"), writing::items(items));
    }
    for vignette in &content.vignettes {
        files.insert(format!("vignettes/{}.toml", vignette.id), writing::vignette(vignette));
    }
    for blueprint in &content.blueprints {
        let name = blueprint.track.as_str().to_lowercase();
        files.insert(format!("blueprints/{name}.toml"), writing::blueprint(blueprint));
    }
    for agreement in &content.agreements {
        files.insert(agreement.path.clone(), format!("{}\n", agreement.body));
    }
    files
}

/// Writes a file that must not be there yet: what authors wrote is never lost to an export.
fn write_new(path: &Path, text: &str) -> Result<(), Trouble> {
    use std::io::Write;
    let refused = |e| Trouble::Refused(format!("{} cannot be written: {e}.", path.display()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(refused)?;
    file.write_all(text.as_bytes()).map_err(refused)
}

#[cfg(test)]
mod tests;
