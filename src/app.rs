//! Assembly: from a configuration to a running server, the same for `main` and for tests.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, QueryConfig};
use actix_web::{App, Error, HttpServer};

use crate::config::Config;
use crate::desk::hints::Pace;
use crate::desk::live::Boards;
use crate::desk::pulse::Pulse;
use crate::desk::{Office, calibration, clerk, outages};
use crate::mail::{Letter, Transport};
use crate::secrets;
use crate::store::{Address, Fault, Store};
use crate::web::error::AppError;
use crate::web::session::Tokens;
use crate::web::{Web, mailbox, present, routes};
use crate::world::World;

/// How often the clerk looks around unasked.
const CLERK_ROUND: Duration = Duration::from_millis(500);
/// Every how many rounds the clerk reminds and tidies.
const ROUNDS_TO_TIDY: u64 = 240;

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What people type to get there.
    pub base_url: String,
    /// What it works with.
    pub web: Data<Web>,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    handle: ServerHandle,
}

/// Opens everything that handlers need; `bound` is the address listened at.
///
/// # Errors
/// When the folder, the keys or the database cannot be used.
pub fn assemble(config: Config, world: World, bound: SocketAddr) -> Result<Data<Web>, Fault> {
    make_folder(&config.data)?;
    let secrets = secrets::load_or_create(&config.data, &world.entropy)?;
    if let Address::Sqlite(path) = &config.database
        && let Some(parent) = Path::new(path).parent()
    {
        std::fs::create_dir_all(parent)?;
    }
    let store = Store::open(config.database.clone(), world.clone())?;
    let origin = config.base_url(bound);
    Ok(Data::new(Web {
        office: Office {
            pulse: Pulse::of(&store)?,
            store,
            receipts: Arc::new(secrets.receipt_key),
            pace: Pace::default(),
            boards: Boards::default(),
            base_url: origin.as_str().into(),
        },
        tokens: Tokens::new(&secrets.token_key),
        secure_cookies: origin.starts_with("https://") || !bound.ip().is_loopback(),
        origin,
        world,
        config: Arc::new(config),
    }))
}

/// Makes the data folder, for its owner alone.
fn make_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The application over an assembled web.
pub fn application(
    web: Data<Web>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<actix_web::body::BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let query = QueryConfig::default()
        .error_handler(|error, _| AppError::Malformed(format!("The query does not fit: {error}.")).into());
    App::new()
        .app_data(web)
        .app_data(query)
        .configure(routes::api)
        .configure(routes::pages)
        .wrap(from_fn(present::present))
}

impl Running {
    /// Starts a server: listens, serves, and sets the clerk to work.
    ///
    /// # Errors
    /// When it cannot listen, or not open what it needs.
    pub async fn start(config: Config, world: World) -> Result<Self, Fault> {
        let listener = std::net::TcpListener::bind(config.listen)?;
        let address = listener.local_addr()?;
        let workers = config.workers;
        let web = tokio::task::spawn_blocking(move || assemble(config, world, address))
            .await
            .map_err(|_| Fault::Outside("assembly panicked".into()))??;
        let for_server = web.clone();
        let server = HttpServer::new(move || application(for_server.clone()).wrap(Compress::default()))
            .workers(workers)
            .shutdown_timeout(5)
            .listen(listener)?
            .run();
        let handle = server.handle();
        let server = tokio::task::spawn(server);
        let transport = Transport::open(&web.config.mail)?;
        tokio::task::spawn(clerk_at_work(web.clone(), transport));
        Ok(Self { address, base_url: web.origin.clone(), web, server, handle })
    }

    /// Waits until the server has stopped.
    ///
    /// # Errors
    /// What it stopped of.
    pub async fn wait(self) -> Result<(), Fault> {
        self.server.await.map_err(|_| Fault::Outside("the server panicked".into()))??;
        Ok(())
    }

    /// Stops the server after what it is answering.
    pub async fn stop(&self) {
        self.handle.stop(true).await;
    }
}

/// Serves until told to stop.
///
/// # Errors
/// As [`Running::start`].
pub async fn serve(config: Config, world: World) -> Result<(), Fault> {
    let running = Running::start(config, world).await?;
    tracing::info!(address = %running.address, "listening");
    running.wait().await
}

/// The clerk's rounds: at once when woken, else every so often.
async fn clerk_at_work(web: Data<Web>, transport: Transport) {
    let mut round: u64 = 0;
    loop {
        if let Err(error) = clerk_round(&web, &transport, round).await {
            tracing::error!(%error, "the clerk could not finish a round");
        }
        round += 1;
        let woken = web.office.pulse.clerk_woken();
        // Either way there is a next round.
        let _ = tokio::time::timeout(CLERK_ROUND, woken).await;
    }
}

/// One round of the clerk.
///
/// # Errors
/// A fault of the database.
pub async fn clerk_round(web: &Data<Web>, transport: &Transport, round: u64) -> Result<(), crate::store::Error> {
    let (office, now) = (&web.office, web.world.clock.now());
    // Every step is taken whatever became of the one before; the first error is told at the end.
    let beat = outages::beat(office, now).await;
    let breaks = clerk::end_lapsed_breaks(office, now).await;
    let closing = clerk::close_overdue(office, now).await;
    let panels = clerk::look_at_panels(office, now).await;
    let screening = clerk::screen_scripts(office, now).await;
    let calibration = calibration::calibrate(office, now).await;
    let (transport, origin) = (transport.clone(), web.origin.clone());
    let mail = clerk::deliver_mail(office, now, move |message, person| {
        let letter = mailbox::letter(message, person, &origin)
            .ok_or_else(|| Fault::Stored(format!("outbox {}: no such kind of message", message.id)))?;
        transport.send(&Letter {
            to: person.email.clone(),
            subject: letter.subject,
            body: letter.body,
            message_id: message.id.clone(),
            written_at: message.written_at(),
        })
    })
    .await;
    if round.is_multiple_of(ROUNDS_TO_TIDY) {
        clerk::remind(office, now).await?;
        clerk::tidy(office, now).await?;
    }
    beat.and(breaks).and(closing).and(screening).and(panels).and(calibration).and(mail).map(|_| ())
}
