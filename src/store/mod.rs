//! All of diesel: what is kept, and the two ways to it, `read` on one snapshot and `write` as if alone.
//!
//! Invariants: a `write` that returned is durable; a job that refuses or fails leaves nothing behind; a [`Tx`] of
//! [`Blind`] sight has no method that reads a person:
//!
//! ```compile_fail
//! use evenhand::domain::ids::PersonId;
//! use evenhand::store::{Blind, Tx};
//!
//! fn peek(tx: &mut Tx<'_, Blind>) {
//!     let _ = tx.person(&PersonId("anybody".into()));
//! }
//! ```
//!
//! Nor one that reads a seat or an attempt, from which a person could be reached:
//!
//! ```compile_fail
//! use evenhand::domain::ids::AttemptId;
//! use evenhand::store::{Blind, Tx};
//!
//! fn peek(tx: &mut Tx<'_, Blind>) {
//!     let _ = tx.attempt(&AttemptId("any".into()));
//! }
//! ```
//!
//! The same with sight compiles, so that it is the sight which makes the difference:
//!
//! ```
//! use evenhand::domain::ids::{AttemptId, PersonId};
//! use evenhand::store::{Sighted, Tx};
//!
//! fn look(tx: &mut Tx<'_, Sighted>) {
//!     let _ = tx.person(&PersonId("somebody".into()));
//!     let _ = tx.attempt(&AttemptId("any".into()));
//! }
//! ```

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::r2d2::Pool;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Semaphore, oneshot};

use crate::domain::ids::{PersonId, SessionId};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::world::{Entropy, World};

pub mod agreement;
pub mod answers;
pub mod appeals;
pub mod attempts;
pub mod audit;
pub mod benchmarks;
pub mod calibration;
pub mod calls;
pub mod conflicts;
mod conn;
pub mod content;
pub mod corrections;
pub mod evidence;
pub mod fault;
pub mod forms;
pub mod gauges;
pub mod invariants;
pub mod lessons;
pub mod marking;
pub mod openings;
pub mod outages;
pub mod outbox;
pub mod people;
mod postgres;
pub mod practice;
pub mod profiles;
pub mod readings;
pub mod registrations;
pub mod relay;
pub mod releases;
pub mod room;
pub mod safe_browser;
mod schema;
pub mod screening;
pub mod sessions;
pub mod settlements;
pub mod setup;
mod sight;
pub mod sittings;
pub mod standing;
pub mod stops;
pub mod system_checks;
#[cfg(test)]
mod upgrade;
pub mod workload;
mod writer;

pub use conn::Address;
pub use fault::{Error, Fault};
pub use sight::{BLIND_RIGHTS, BLIND_ROLE, Blind, Sight, Sighted};

use conn::{Conn, Connector, on_backend};
use writer::{Job, Writer};

const MIGRATIONS: diesel_migrations::EmbeddedMigrations = diesel_migrations::embed_migrations!("migrations");

/// How many connections a server process holds at the most.
const POOL_SIZE: u32 = 10;

struct Inner {
    address: Address,
    readers: Pool<Connector>,
    /// The embedded database's writer; a database server needs none.
    writer: Option<Writer>,
    /// Whether a write found that nothing can be stored, and none that was made to find out has succeeded since.
    failing: AtomicBool,
    /// Lets one audited transaction at a time wait for the server's lock, so that they never hold the whole pool.
    queue: Semaphore,
    /// Whether the blind have a role of their own.
    blind_role: bool,
    world: World,
}

impl Inner {
    /// Whether a transaction of that sight runs under the role of the blind.
    fn as_blind<S: Sight>(&self) -> bool {
        S::BLIND && self.blind_role
    }
}

/// The way to everything that is kept. Cheap to clone.
pub struct Store<S = Sighted> {
    inner: Arc<Inner>,
    sight: PhantomData<fn() -> S>,
}

impl<S> Clone for Store<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), sight: PhantomData }
    }
}

/// What a call brings along: when it arrived, and the key under which it may be repeated.
#[derive(Debug, Clone)]
pub struct Call {
    /// Stamped once, when the request arrived.
    pub arrival: Instant,
    /// The retry key, if the caller sent one.
    pub retry: Option<RetryKey>,
}

impl Call {
    /// A call at that instant that nobody repeats under a key.
    pub fn at(arrival: Instant) -> Self {
        Self { arrival, retry: None }
    }
}

/// The key under which a call may be repeated and is answered the same.
#[derive(Debug, Clone)]
pub struct RetryKey {
    /// Whose key it is.
    pub person: PersonId,
    /// The session that must be alive, for a repetition as for the first time.
    pub session: SessionId,
    /// The key.
    pub key: String,
    /// The digest of method, path and body.
    pub request_digest: String,
}

/// A running transaction.
pub struct Tx<'c, S> {
    conn: &'c mut Conn,
    now: Instant,
    entropy: &'c Entropy,
    sight: PhantomData<fn() -> S>,
}

impl<'c, S> Tx<'c, S> {
    fn new(conn: &'c mut Conn, now: Instant, world: &'c World) -> Self {
        Self { conn, now, entropy: &world.entropy, sight: PhantomData }
    }

    /// When the call arrived. Every rule in this transaction is judged by it.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The source of chance.
    pub fn entropy(&self) -> &Entropy {
        self.entropy
    }

    /// A fresh identifier.
    pub fn fresh<Id: From<String>>(&self) -> Id {
        Id::from(self.entropy.id())
    }
}

impl Store<Sighted> {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or a migration fails.
    pub fn open(address: Address, world: World) -> Result<Self, Fault> {
        let mut first = conn::open(&address).map_err(|e| Fault::Connection(e.to_string()))?;
        migrate(&mut first)?;
        let blind_role = sight::prepare(&mut first)?;
        let embedded = matches!(address, Address::Sqlite(_));
        let readers = Pool::builder()
            .max_size(if embedded { 4 } else { POOL_SIZE })
            .min_idle(Some(1))
            .test_on_check_out(!embedded)
            .connection_timeout(std::time::Duration::from_secs(10))
            .build(Connector(address.clone()))
            .map_err(|e| Fault::Connection(e.to_string()))?;
        let writer = if embedded { Some(Writer::start(first)?) } else { None };
        let (failing, queue) = (AtomicBool::new(false), Semaphore::new(1));
        let inner = Inner { address, readers, writer, failing, queue, blind_role, world };
        Ok(Self { inner: Arc::new(inner), sight: PhantomData })
    }

    /// The same store for those who may not see identities.
    pub fn blind(&self) -> Store<Blind> {
        Store { inner: self.inner.clone(), sight: PhantomData }
    }
}

/// Brings the tables up to date; does nothing when they are.
fn migrate(conn: &mut Conn) -> Result<(), Fault> {
    use diesel_migrations::MigrationHarness;
    let outcome = on_backend!(conn, |c| {
        // Two servers may start at the same moment: on a database server the second waits for the first.
        c.run_pending_migrations(MIGRATIONS).map(|_| ())
    });
    outcome.map_err(|e| Fault::Outside(format!("migration: {e}")))
}

impl<S: Sight> Store<S> {
    /// The world this store lives in.
    pub fn world(&self) -> &World {
        &self.inner.world
    }

    /// Runs `job` on one snapshot of the database.
    ///
    /// # Errors
    /// What the job returns, or a fault of the database.
    pub async fn read<T: Send + 'static>(
        &self,
        now: Instant,
        job: impl Fn(&mut Tx<'_, S>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let inner = self.inner.clone();
        blocking(move || {
            let mut conn = inner.readers.get().map_err(|_| Refusal::Busy)?;
            conn.batch_execute(match &*conn {
                Conn::Sqlite(_) => "BEGIN",
                Conn::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            })?;
            let outcome = match if inner.as_blind::<S>() { sight::drop_rights(&mut conn) } else { Ok(()) } {
                Ok(()) => job(&mut Tx::new(&mut conn, now, &inner.world)),
                Err(error) => Err(error.into()),
            };
            conn.batch_execute("ROLLBACK")?;
            outcome
        })
        .await
    }

    /// Runs `job` as if alone and makes what it did durable before returning. The job may be run more than once.
    ///
    /// # Errors
    /// What the job returns, after which nothing of it is left; [`Refusal::Busy`] when the queue is full; a fault of the
    /// database.
    pub async fn write<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        call: &Call,
        job: impl Fn(&mut Tx<'_, S>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.write_as(call, true, job).await
    }

    /// As [`write`](Self::write), for jobs that append nothing to the audit chain: on a database server these run side
    /// by side.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub async fn write_unaudited<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        call: &Call,
        job: impl Fn(&mut Tx<'_, S>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.write_as(call, false, job).await
    }

    async fn write_as<T: Serialize + DeserializeOwned + Send + 'static>(
        &self,
        call: &Call,
        audited: bool,
        job: impl Fn(&mut Tx<'_, S>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let call = call.clone();
        let world = self.inner.world.clone();
        let run = move |conn: &mut Conn| {
            let mut tx = Tx::new(conn, call.arrival, &world);
            match &call.retry {
                Some(retry) => tx.answer_once(retry, &job),
                None => job(&mut tx),
            }
        };
        let outcome = match &self.inner.writer {
            Some(writer) => through_writer(writer, run).await,
            None => {
                let _turn = if audited { self.inner.queue.acquire().await.ok() } else { None };
                let inner = self.inner.clone();
                blocking(move || {
                    let mut conn = inner.readers.get().map_err(|_| Refusal::Busy)?;
                    postgres::run(&mut conn, postgres::Manner { audited, blind: inner.as_blind::<S>() }, run)
                })
                .await
            }
        };
        if matches!(outcome, Err(Error::Broke(Fault::Storage(_)))) {
            self.inner.failing.store(true, Ordering::Relaxed);
        }
        outcome
    }

    /// Whether the database answers, and takes something to store. Writes only where a write failed for want of storage,
    /// so that asking costs nothing while all is well.
    ///
    /// # Errors
    /// A fault when it does not.
    pub async fn ready(&self) -> Result<(), Error> {
        let now = self.inner.world.clock.now();
        self.read(now, |tx| Ok(tx.conn.batch_execute("SELECT 1")?)).await?;
        if self.inner.failing.load(Ordering::Relaxed) {
            self.write(&Call::at(now), |tx| tx.audit_head_touch()).await?;
            // Only this tells that all is well again: a job that changes nothing succeeds on a full disk too.
            self.inner.failing.store(false, Ordering::Relaxed);
        }
        Ok(())
    }
}

async fn through_writer<T: Send + 'static>(
    writer: &Writer,
    job: impl Fn(&mut Conn) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let slot = Arc::new(Mutex::new(None));
    let filled = slot.clone();
    let (done, outcome) = oneshot::channel();
    writer.submit(Job {
        run: Box::new(move |conn| {
            let result = job(conn);
            let keep = result.is_ok();
            *filled.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            keep
        }),
        // Whoever waited may have gone away; the work is done all the same.
        acknowledge: Box::new(move |fault| drop(done.send(fault))),
    })?;
    match outcome.await {
        Ok(None) => slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_else(|| Err(Fault::Outside("a job panicked".into()).into())),
        Ok(Some(fault)) => Err(fault.into()),
        Err(_) => Err(Fault::Outside("the writer has stopped".into()).into()),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Fault::Outside("a worker panicked".into()).into()))
}

diesel::define_sql_function! {
    /// The database's lower case.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The pattern for `LIKE` of lower-case texts that hold `text`; a backslash escapes.
fn holding(text: &str) -> String {
    format!("%{}", beginning(text))
}

/// The same of those that begin with it.
fn beginning(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.trim().to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Writes a document column.
fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::stored(format!("cannot be written: {e}")))
}

/// Reads a document column of the named table.
fn from_json<T: DeserializeOwned>(table: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| Error::stored(format!("{table}: {e}")))
}

/// Reads a word of a closed list from a column of the named table.
fn word<T>(table: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
    parse(text).ok_or_else(|| Error::stored(format!("{table}: unknown word")))
}
