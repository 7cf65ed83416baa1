//! A disk that fails when it is told to, by triggers in the database itself: nothing of the program knows of it. And the
//! writer held back, so that requests pile up behind it as they do behind a slow disk.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::Poll;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use evenhand::store::{Address, Call, Error};

use crate::app::TestApp;

/// What is written while somebody sits the exam.
const TABLES: [&str; 6] = ["answer", "late_answer", "attempt", "clock_term", "clock_state", "sitting_pause"];

/// How the disk fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    Well = 0,
    /// The statement fails.
    Statement = 1,
    /// The statement fails, and the database gives up the whole transaction, as SQLite does when a disk is full.
    Transaction = 2,
    /// Everything seems well until COMMIT.
    Commit = 3,
}

/// Runs one statement past everything of the program. Answers how many rows it changed.
pub fn execute(address: &Address, sql: &str) -> usize {
    match address {
        Address::Sqlite(path) => sql_query(sql).execute(&mut SqliteConnection::establish(path).unwrap()).unwrap(),
        Address::Postgres(url) => sql_query(sql).execute(&mut PgConnection::establish(url).unwrap()).unwrap(),
    }
}

fn execute_all(address: &Address, sql: &str) {
    match address {
        Address::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(path).unwrap();
            conn.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
            conn.batch_execute(sql).unwrap();
        }
        Address::Postgres(url) => PgConnection::establish(url).unwrap().batch_execute(sql).unwrap(),
    }
}

/// Makes the disk one that can fail.
pub fn prepare(address: &Address) {
    let mut sql = "CREATE TABLE sim_disk (mode INTEGER NOT NULL); INSERT INTO sim_disk VALUES (0);".to_owned();
    match address {
        Address::Sqlite(_) => {
            sql += "CREATE TABLE sim_nobody (id INTEGER PRIMARY KEY); CREATE TABLE sim_debt \
                    (id INTEGER REFERENCES sim_nobody (id) DEFERRABLE INITIALLY DEFERRED);";
            for table in TABLES {
                for act in ["INSERT", "UPDATE"] {
                    for (mode, effect) in [
                        (1, "SELECT RAISE(ABORT, 'database or disk is full')"),
                        (2, "SELECT RAISE(ROLLBACK, 'database or disk is full')"),
                        (3, "INSERT INTO sim_debt VALUES (1)"),
                    ] {
                        sql += &format!(
                            "CREATE TRIGGER sim_{table}_{act}_{mode} BEFORE {act} ON {table} \
                             WHEN (SELECT mode FROM sim_disk) = {mode} BEGIN {effect}; END;"
                        );
                    }
                }
            }
        }
        Address::Postgres(_) => {
            for (name, modes) in [("statement", "1, 2"), ("commit", "3")] {
                sql += &format!(
                    "CREATE FUNCTION sim_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                     IF (SELECT mode FROM sim_disk) IN ({modes}) THEN \
                     RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; \
                     END IF; RETURN NEW; END $$;"
                );
            }
            for table in TABLES {
                sql += &format!(
                    "CREATE TRIGGER sim_{table} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW \
                     EXECUTE FUNCTION sim_statement(); \
                     CREATE CONSTRAINT TRIGGER sim_{table}_commit AFTER INSERT OR UPDATE ON {table} \
                     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sim_commit();"
                );
            }
        }
    }
    execute_all(address, &sql);
}

/// Makes the disk fail, or well again.
pub fn set(address: &Address, disk: Disk) {
    execute_all(address, &format!("UPDATE sim_disk SET mode = {}", disk as i32));
}

type Held = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// A job that holds the writer until it is let go.
pub struct Gate {
    begun: Receiver<()>,
    open: Sender<()>,
    job: Held,
}

impl Gate {
    /// Puts a gate into the writer's queue.
    pub async fn queue(app: &TestApp) -> Self {
        let (started, begun) = channel();
        let (open, wait) = channel::<()>();
        let (store, call, wait) = (app.web.office.store.clone(), Call::at(app.now()), Mutex::new(wait));
        let mut job: Held = Box::pin(async move {
            let hold = move |_: &mut evenhand::store::Tx<'_, evenhand::store::Sighted>| {
                let _ = started.send(());
                // A gate whose keeper has gone is open.
                let _ = wait.lock().unwrap().recv();
                Ok(())
            };
            store.write_unaudited(&call, hold).await
        });
        assert!(nudge(&mut job).await.is_none());
        Self { begun, open, job }
    }

    /// Waits until the writer stands at the gate. It never does when its transaction fails before it gets there.
    pub fn reached(&self) -> bool {
        self.begun.recv().is_ok()
    }

    /// Lets the writer go on, and waits until what it had in hand is done.
    pub async fn open(self) {
        let _ = self.open.send(());
        // Its own transaction may fail with the others' of its batch.
        let _ = self.job.await;
    }

    /// Lets the writer go on, without waiting.
    pub fn release(self) -> Held {
        self.open.send(()).unwrap();
        self.job
    }
}

/// Polls once: as far as a request gets by itself.
pub async fn nudge<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    poll_fn(|context| {
        Poll::Ready(match Pin::new(&mut *future).poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}

/// A row of something that holds answers.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Row {
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub content: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub at: i64,
}

/// What a query finds, past everything of the program.
pub fn rows(address: &Address, sql: &str) -> Vec<Row> {
    match address {
        Address::Sqlite(path) => sql_query(sql).load(&mut SqliteConnection::establish(path).unwrap()).unwrap(),
        Address::Postgres(url) => sql_query(sql).load(&mut PgConnection::establish(url).unwrap()).unwrap(),
    }
}
