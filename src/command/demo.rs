//! A throw-away installation to look around in: the shipped question bank, one association with an open sitting, and an
//! account for every role.
//!
//! Invariants: it listens on this machine alone; it never touches an installation that is there; its address is printed
//! once somebody can connect to it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::app;
use crate::command::{Ending, Trouble, bank, make_private, not_started, say, say_json};
use crate::config::{Config, temporary_folder};
use crate::domain::ids::SittingId;
use crate::domain::vocabulary::Role;
use crate::secrets::hash_password;
use crate::store::Store;
use crate::world::World;

mod cast;
pub mod shipped;

use cast::Cast;

/// How many accounts of a role are printed for people to read.
const MOST_SHOWN: usize = 6;

/// What the demo is to be like.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Where to listen; 0 lets the system choose
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Keep everything in this folder, which must not hold an installation; otherwise in a new one that goes at the end
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// How many people sit the exam
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(0..=50_000))]
    pub examinees: u32,
    /// How many people read scripts
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    pub reviewers: u32,
    /// How long Part One lasts
    #[arg(long, value_name = "S", default_value_t = 5400, value_parser = clap::value_parser!(i64).range(1..=43_200))]
    pub part_one_seconds: i64,
    /// How long Part Two lasts
    #[arg(long, value_name = "S", default_value_t = 5400, value_parser = clap::value_parser!(i64).range(1..=43_200))]
    pub part_two_seconds: i64,
    /// Print address and accounts as one line of JSON, and nothing else
    #[arg(long)]
    pub json: bool,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// As what.
    pub role: Role,
    /// With which address.
    pub email: String,
    /// With which password.
    pub password: String,
}

/// What was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// Everybody who can sign in.
    pub accounts: Vec<Account>,
    /// The open sitting.
    pub sitting: SittingId,
    /// Somebody who may sit the exam and has no seat yet.
    pub applicant: String,
}

/// Builds the installation and serves it until it is told to stop.
///
/// # Errors
/// When the folder holds an installation, or the server cannot start.
pub async fn run(options: &Options, world: World) -> Result<Ending, Trouble> {
    let data = folder(options, &world)?;
    let outcome = build_and_serve(options, &data, world).await;
    if options.data.is_none() {
        // What nobody asked to keep is not left lying about, however it ended.
        std::fs::remove_dir_all(&data)?;
    }
    outcome.map(|()| Ending::Good)
}

async fn build_and_serve(options: &Options, data: &Path, world: World) -> Result<(), Trouble> {
    let listen = SocketAddr::from(([127, 0, 0, 1], options.port));
    let config = Config { listen, public_url: format!("http://{listen}"), ..Config::in_folder(data.to_owned()) };
    let store = Store::open(config.database.clone(), world.clone())?;
    let built = build(&store, options).await?;
    // The server opens its own.
    drop(store);
    let running = app::Running::start(config, world).await.map_err(|fault| not_started(fault, listen))?;
    announce(options, &running.base_url, data, &built)?;
    running.wait().await?;
    Ok(())
}

/// The folder to build in: the named one, if it holds no installation, or a new one.
fn folder(options: &Options, world: &World) -> Result<PathBuf, Trouble> {
    let Some(named) = &options.data else {
        let made = temporary_folder().join(format!("evenhand-demo-{}", world.entropy.word(12)));
        make_private(&made)?;
        return Ok(made);
    };
    for trace in ["evenhand.db", "secrets"] {
        if named.join(trace).try_exists()? {
            let named = named.display();
            return Err(Trouble::Refused(format!(
                "{named} holds an installation already; a demo is built in a new folder. To serve what is there, set \
                 EVENHAND_DATA_FOLDER={named} and run `evenhand serve`."
            )));
        }
    }
    make_private(named)?;
    Ok(named.clone())
}

/// Fills an empty store: the shipped question bank, the association with everybody in it, the sitting.
///
/// # Errors
/// A fault of the database; or when the shipped bank has errors, which a test rules out.
pub async fn build(store: &Store, options: &Options) -> Result<Built, Trouble> {
    bank::import_into(store, shipped::loaded()?, false).await?;
    let entropy = &store.world().entropy;
    let password = [entropy.word(4), entropy.word(4), entropy.word(4)].join("-");
    let hash = hash_password(&password, entropy)?;
    let cast = Cast::new(options, store.world(), hash);
    cast.write_to(store).await?;
    let accounts = cast.accounts().map(|(role, email)| Account { role, email, password: password.clone() }).collect();
    Ok(Built { accounts, sitting: cast.sitting().clone(), applicant: cast.applicant().to_owned() })
}

fn announce(options: &Options, base_url: &str, data: &Path, built: &Built) -> Result<(), Trouble> {
    #[derive(Serialize)]
    struct Announcement<'b> {
        base_url: &'b str,
        accounts: &'b [Account],
        sitting: &'b SittingId,
    }
    if options.json {
        return say_json(&Announcement { base_url, accounts: &built.accounts, sitting: &built.sitting });
    }
    say(format_args!("evenhand is at {base_url}\n"))?;
    let password = built.accounts.first().map_or("", |account| account.password.as_str());
    say(format_args!("Sign in as any of these with the password {password}"))?;
    for role in Role::ALL {
        let emails: Vec<&str> = built.accounts.iter().filter(|a| a.role == *role).map(|a| a.email.as_str()).collect();
        for email in emails.iter().take(MOST_SHOWN) {
            say(format_args!("  {:<14} {email}", role.as_str()))?;
        }
        if emails.len() > MOST_SHOWN {
            say(format_args!("  {:<14} … to {}", "", emails.last().unwrap_or(&"")))?;
        }
    }
    say(format_args!("\n{} may sit the exam too and waits for a coordinator to register them.", built.applicant))?;
    say(format_args!("Mail is written to {}.", data.join("mail").display()))?;
    let kept = if options.data.is_some() { "stays there" } else { "goes" };
    say(format_args!("Everything is in {} and {kept} when you stop this with Ctrl+C.", data.display()))
}

#[cfg(test)]
mod tests;
