//! Word between the servers on one database server: what one of them tells, every other hears within a moment. Carried by
//! the database server itself (`LISTEN` and `NOTIFY`), so that nothing else has to be set up.
//!
//! Word is a hint and no more: whoever hears it looks into the store. It goes out after the commit it tells of, never within,
//! so that no transaction waits for it. Where words were lost, because the connection broke or too much was to be told at
//! once, the others are told that something may have happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use super::conn::{self, Address, Conn};
use super::{Fault, Sighted, Store};

/// The channel's name on the database server.
const CHANNEL: &str = "evenhand";
/// How long a word may lie here before it is heard. Looking for words asks the database nothing.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often the connection is tried when nothing else goes over it.
const LIFE_SIGN: Duration = Duration::from_secs(10);
/// How long a broken connection is left alone.
const REST: Duration = Duration::from_millis(500);
/// How many words may wait to be told, and how many are told at once.
const MOST_WAITING: usize = 4_096;
const MOST_AT_ONCE: usize = 512;
/// Stands for words that were lost.
const LOST: &str = "?";

/// What another server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A word, as it was told there.
    Word(String),
    /// Words may have been lost.
    Lost,
}

/// The way to tell the others. While it is there, what they tell is heard.
#[derive(Clone)]
pub struct Relay {
    words: SyncSender<String>,
    lost: Arc<AtomicBool>,
}

impl Relay {
    /// Tells the others, soon. A word has at most some thousand characters.
    pub fn tell(&self, word: String) {
        if self.words.try_send(word).is_err() {
            self.lost.store(true, Ordering::Relaxed);
        }
    }
}

impl Store<Sighted> {
    /// Begins to hear what other servers on the same database tell. Nothing where there can be none: an embedded database
    /// has one server.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn relay(&self, hear: impl Fn(Heard) + Send + 'static) -> Result<Option<Relay>, Fault> {
        let address = self.inner.address.clone();
        if matches!(address, Address::Sqlite(_)) {
            return Ok(None);
        }
        let (words, told) = sync_channel(MOST_WAITING);
        let lost = Arc::new(AtomicBool::new(false));
        let relay = Relay { words, lost: lost.clone() };
        // The first connection is made here, so that nothing is missed that happens once a server is assembled.
        let first = connect(&address);
        let work = move || Line { told, lost, hear, address }.work(first);
        std::thread::Builder::new().name("relay".into()).spawn(work)?;
        Ok(Some(relay))
    }
}

fn connect(address: &Address) -> Result<PgConnection, Fault> {
    let broken = |error: String| Fault::Connection(error);
    match conn::open(address).map_err(|error| broken(error.to_string()))? {
        Conn::Postgres(mut conn) => {
            conn.batch_execute(&format!("LISTEN {CHANNEL}")).map_err(|error| broken(error.to_string()))?;
            Ok(conn)
        }
        Conn::Sqlite(_) => Err(broken("an embedded database has one server".into())),
    }
}

/// Why the line is left.
enum End {
    /// Nobody is there any more to tell anything.
    Over,
    /// The connection broke.
    Broken,
}

struct Line<H> {
    told: Receiver<String>,
    lost: Arc<AtomicBool>,
    hear: H,
    address: Address,
}

impl<H: Fn(Heard)> Line<H> {
    /// Tells and hears until the last [`Relay`] is gone, over one connection after another.
    fn work(self, first: Result<PgConnection, Fault>) {
        let mut next = first;
        loop {
            if let Ok(conn) = next
                && matches!(self.keep(conn), End::Over)
            {
                return;
            }
            // Meanwhile words went past us, and perhaps ours past the others.
            self.lost.store(true, Ordering::Relaxed);
            (self.hear)(Heard::Lost);
            std::thread::sleep(REST);
            // Nobody waits for words that are as old as this.
            while self.told.try_recv().is_ok() {}
            if matches!(self.told.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Disconnected)) {
                return;
            }
            next = connect(&self.address);
            if next.is_ok() {
                (self.hear)(Heard::Lost);
            }
        }
    }

    /// One connection, as long as it holds.
    fn keep(&self, mut conn: PgConnection) -> End {
        let own = match diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>("pg_backend_pid()"))
            .get_result::<i32>(&mut conn)
        {
            Ok(own) => own,
            Err(_) => return End::Broken,
        };
        let mut last = Instant::now();
        loop {
            let first = match self.told.recv_timeout(PATIENCE) {
                Ok(word) => Some(word),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return End::Over,
            };
            let mut words: Vec<String> = first.into_iter().collect();
            words.extend(self.told.try_iter().take(MOST_AT_ONCE - words.len()));
            if self.lost.swap(false, Ordering::Relaxed) {
                words.push(LOST.to_owned());
            }
            let quiet = words.is_empty() && last.elapsed() >= LIFE_SIGN;
            let done = match (words.is_empty(), quiet) {
                (false, _) => tell(&mut conn, &words),
                (true, true) => conn.batch_execute("SELECT"),
                (true, false) => Ok(()),
            };
            if !words.is_empty() || quiet {
                last = Instant::now();
            }
            if done.is_err() || self.listen(&mut conn, own).is_err() {
                return End::Broken;
            }
        }
    }

    fn listen(&self, conn: &mut PgConnection, own: i32) -> QueryResult<()> {
        for notification in conn.notifications_iter() {
            let word = notification?;
            if word.process_id == own {
                continue;
            }
            (self.hear)(if word.payload == LOST { Heard::Lost } else { Heard::Word(word.payload) });
        }
        Ok(())
    }
}

fn tell(conn: &mut PgConnection, words: &[String]) -> QueryResult<()> {
    diesel::sql_query(format!("SELECT pg_notify('{CHANNEL}', word) FROM unnest($1) AS word"))
        .bind::<Array<Text>, _>(words)
        .execute(conn)
        .map(|_| ())
}
