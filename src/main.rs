//! The command line: what is asked, where logs go, and how the end is told to whoever called.
//!
//! Exit codes: 0 when all is well; 1 when what was checked does not hold, was refused or broke; 2 when it was not asked
//! properly.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use evenhand::command::{self, Ending, Trouble, admin, bank, demo, verify};
use evenhand::config::{Config, log_filter};
use evenhand::store::Fault;
use evenhand::world::World;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Exam administration and blind scoring for professional associations
#[derive(Debug, Parser)]
#[command(
    name = "evenhand",
    version,
    after_help = "What it logs is chosen by EVENHAND_LOG, such as warn or info,evenhand=debug."
)]
struct CommandLine {
    #[command(subcommand)]
    request: Request,
}

#[derive(Debug, Subcommand)]
enum Request {
    /// Serve this installation
    Serve(Place),
    /// Build a throw-away installation on this machine, print its accounts, and serve it
    Demo(demo::Options),
    /// Bring the database's tables up to date
    Migrate(Place),
    /// The first people of an installation
    Admin {
        #[command(subcommand)]
        request: admin::Request,
        #[command(flatten)]
        place: Place,
    },
    /// The question bank: check, import, export
    Bank {
        #[command(subcommand)]
        request: bank::Request,
        #[command(flatten)]
        place: Place,
    },
    /// Recompute what was said and compare
    Verify {
        #[command(subcommand)]
        request: verify::Request,
        #[command(flatten)]
        place: Place,
    },
}

/// Which installation is meant.
#[derive(Debug, Args)]
struct Place {
    /// The configuration file; EVENHAND_… variables override it
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

impl Place {
    fn config(&self) -> Result<Config, Trouble> {
        Ok(Config::load(self.config.as_deref())?)
    }
}

impl Request {
    /// Which log lines are written unless somebody says otherwise. A server tells of its life; a command speaks for
    /// itself.
    fn log_filter(&self) -> &'static str {
        match self {
            Self::Serve(_) => "info",
            Self::Demo(options) if options.json => "error",
            _ => "warn",
        }
    }
}

fn main() -> ExitCode {
    let request = CommandLine::parse().request;
    start_logging(&request);
    match run(request) {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::DoesNotHold) => ExitCode::from(1),
        // Whoever read our output has seen enough.
        Err(Trouble::Broke(Fault::File(error))) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(trouble) => {
            // With nowhere left to say it, the exit code must do.
            let _ = writeln!(std::io::stderr().lock(), "{trouble}");
            ExitCode::from(match trouble {
                Trouble::Usage(_) | Trouble::Config(_) => 2,
                Trouble::Refused(_) | Trouble::Broke(_) => 1,
            })
        }
    }
}

/// Logs go to standard error: lines for people on a terminal, JSON for programs everywhere else.
fn start_logging(request: &Request) {
    let wanted = log_filter(Some(request.log_filter()));
    let targets = wanted.parse::<Targets>();
    let understood = targets.is_ok();
    let registry = tracing_subscriber::registry()
        .with(targets.unwrap_or_else(|_| Targets::new().with_default(tracing::Level::INFO)));
    if std::io::stderr().is_terminal() {
        registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).init();
    } else {
        registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).init();
    }
    if !understood {
        tracing::warn!("EVENHAND_LOG is not understood: logging info and worse");
    }
}

fn run(request: Request) -> Result<Ending, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // The web server keeps tasks on the thread that starts it.
    tokio::task::LocalSet::new().block_on(&runtime, answer(request, World::system()))
}

async fn answer(request: Request, world: World) -> Result<Ending, Trouble> {
    match request {
        Request::Serve(place) => command::serve::serve(place.config()?, world).await,
        Request::Demo(options) => demo::run(&options, world).await,
        Request::Migrate(place) => command::migrate(&place.config()?, world),
        Request::Admin { request: admin::Request::Create(options), place } => {
            admin::create(&options, &place.config()?, world).await
        }
        Request::Bank { request, place } => match request {
            bank::Request::Check(options) => bank::check(&options),
            bank::Request::Import(options) => bank::import(&options, &place.config()?, world).await,
            bank::Request::Export(options) => bank::export(&options, &place.config()?, world).await,
        },
        Request::Verify { request, place } => verify::run(&request, &place.config()?, world).await,
    }
}
