//! What the command line can do. Each command opens what it needs from the configuration, does one thing, and says in
//! sentences what came of it: results on standard output, everything else on standard error.
//!
//! Invariant: a command ends in one of three ways, by which scripts tell what happened: it did what was asked; what it
//! checked does not hold or was refused; it was not asked properly.

use std::fmt;
use std::fs::DirBuilder;
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use serde::Serialize;

use crate::config::{Config, ConfigProblem};
use crate::domain::refusal::Refusal;
use crate::store::{Address, Error, Fault, Store};
use crate::world::World;

pub mod admin;
pub mod bank;
pub mod demo;
pub mod serve;
pub mod verify;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As asked; everything holds.
    Good,
    /// What was checked does not hold; it has been said what.
    DoesNotHold,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Trouble {
    /// It was not asked properly: a sentence.
    Usage(String),
    /// The configuration is not possible.
    Config(Vec<ConfigProblem>),
    /// It was refused: sentences.
    Refused(String),
    /// Something broke.
    Broke(Fault),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) | Self::Refused(sentence) => f.write_str(sentence),
            Self::Config(problems) => {
                f.write_str("The configuration cannot be used.")?;
                problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
            }
            Self::Broke(fault) => write!(f, "Something went wrong: {fault}"),
        }
    }
}

impl From<Vec<ConfigProblem>> for Trouble {
    fn from(problems: Vec<ConfigProblem>) -> Self {
        Self::Config(problems)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Broke(fault)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Broke(Fault::File(error))
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Broke(fault) => Self::Broke(fault),
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        let mut text = refusal.sentence();
        for problem in refusal.problems() {
            text.push_str(&format!("\n{}: {}", problem.pointer, problem.detail));
        }
        Self::Refused(text)
    }
}

/// Opens the configured database and brings its tables up to date; makes what is not there yet.
fn open(config: &Config, world: World) -> Result<Store, Trouble> {
    make_private(&config.data)?;
    Ok(Store::open(config.database.clone(), world)?)
}

/// The path of the configured database, if it is a file that is not there.
fn absent(config: &Config) -> Result<Option<&str>, Trouble> {
    match &config.database {
        Address::Sqlite(path) if !Path::new(path).try_exists()? => Ok(Some(path)),
        Address::Sqlite(_) | Address::Postgres(_) => Ok(None),
    }
}

/// Opens the configured database, which must be there: who looks into nothing has named the wrong place.
fn open_existing(config: &Config, world: World) -> Result<Store, Trouble> {
    if let Some(path) = absent(config)? {
        return Err(Trouble::Refused(format!("There is no database at {path}; `evenhand migrate` makes one.")));
    }
    Ok(Store::open(config.database.clone(), world)?)
}

/// Makes a folder into which its owner alone can look, unless it is there.
fn make_private(folder: &Path) -> Result<(), Trouble> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|e| Trouble::Refused(format!("The folder {} cannot be made: {e}.", folder.display())))
}

/// Why a server did not start, for whoever started it.
fn not_started(fault: Fault, listen: SocketAddr) -> Trouble {
    match fault {
        Fault::File(error) if error.kind() == ErrorKind::AddrInUse => {
            Trouble::Refused(format!("Another program listens at {listen} already; choose another port."))
        }
        other => other.into(),
    }
}

/// Writes a line to standard output.
fn say(line: impl fmt::Display) -> Result<(), Trouble> {
    Ok(writeln!(std::io::stdout().lock(), "{line}")?)
}

/// Writes a value to standard output as one line of JSON.
fn say_json(value: &impl Serialize) -> Result<(), Trouble> {
    let text = serde_json::to_string(value).map_err(|e| Fault::Outside(e.to_string()))?;
    say(text)
}

/// Brings the configured database's tables up to date.
///
/// # Errors
/// When it cannot be reached or a migration fails.
pub fn migrate(config: &Config, world: World) -> Result<Ending, Trouble> {
    open(config, world)?;
    say("The database is up to date.")?;
    Ok(Ending::Good)
}

/// A number with its noun: `1 item`, `2 items`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
