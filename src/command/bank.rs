//! The question bank: checked as files, imported into the database, exported from it.
//!
//! Invariants: nothing that has an error is imported; an import happens as a whole or not at all; an exported folder
//! imports again without a change.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use serde_json::json;

use crate::command::{Ending, Trouble, count, open, say, say_json};
use crate::config::Config;
use crate::domain::bank::{Flaw, Located, Severity};
use crate::domain::refusal::{FieldProblem, Refusal};
use crate::store::audit::Entry;
use crate::store::content::Imported;
use crate::store::{Call, Error, Sighted, Store, Tx};
use crate::world::World;

mod export;
pub mod files;
mod writing;

pub use export::{Content, content_of, export, files_of};
use files::Loaded;

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
        count(bank.benchmarks.len(), "benchmark script"),
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
        let conflict = |c: &FieldProblem| json!({ "place": c.pointer, "detail": c.detail });
        say_json(&json!({
            "imported": imported, "dry_run": options.dry_run, "added": report.added, "unchanged": report.unchanged,
            "conflicts": report.conflicts.iter().map(conflict).collect::<Vec<_>>(),
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
    // After the vignettes that they answer.
    for benchmark in &loaded.bank.benchmarks {
        let place = format!("{}:{}", benchmark.path, benchmark.line);
        match tx.benchmark_misfits(&benchmark.value)? {
            misfits if misfits.is_empty() => {
                let outcome = tx.benchmark_import(&benchmark.value)?;
                report.note(outcome, || conflict(benchmark, benchmark.value.version));
            }
            misfits => report.conflicts.push(FieldProblem::new(place, misfits.join("; "))),
        }
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

#[cfg(test)]
mod tests;
