//! Writing to the database server: serialisable transactions from a pool, retried within bounds.
//!
//! SERIALIZABLE is what keeps "as if alone" true here. Jobs that append to the audit chain would all collide on its head;
//! they queue up first, in the process by a semaphore and between machines by an advisory lock, which decides nothing
//! about correctness and saves the collisions.

use diesel::connection::SimpleConnection;

use super::conn::Conn;
use super::fault::{Error, Fault};
use super::sight;
use crate::domain::refusal::Refusal;

/// How often a transaction is tried before it is called a fault.
const TRIES: u32 = 12;
/// The advisory lock under which audited transactions queue. The number means nothing.
const QUEUE_LOCK: &str = "714025301142";

/// How a transaction runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// It appends to the audit chain, and so queues up.
    pub audited: bool,
    /// It has the rights of the blind alone.
    pub blind: bool,
}

/// Runs a job in a transaction of its own, repeating it while the database asks for that.
pub(super) fn run<T>(
    conn: &mut Conn,
    manner: Manner,
    mut job: impl FnMut(&mut Conn) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut tries = 1;
    loop {
        match once(conn, manner, &mut job) {
            Err(error) if error.wants_retry() && tries < TRIES => {
                // Let the other side finish; the waits differ because the tries do.
                std::thread::sleep(std::time::Duration::from_millis(u64::from(tries * tries)));
                tries += 1;
            }
            // Nothing is wrong with the job: others were faster, again and again.
            Err(error) if error.wants_retry() => return Err(Refusal::Busy.into()),
            outcome => return outcome,
        }
    }
}

fn once<T>(conn: &mut Conn, manner: Manner, job: &mut impl FnMut(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
    if manner.audited {
        conn.batch_execute(&format!("SELECT pg_advisory_lock({QUEUE_LOCK})"))?;
    }
    let outcome = transaction(conn, manner, job);
    if manner.audited {
        conn.batch_execute(&format!("SELECT pg_advisory_unlock({QUEUE_LOCK})"))?;
    }
    outcome
}

fn transaction<T>(
    conn: &mut Conn,
    manner: Manner,
    job: &mut impl FnMut(&mut Conn) -> Result<T, Error>,
) -> Result<T, Error> {
    conn.batch_execute("BEGIN ISOLATION LEVEL SERIALIZABLE")?;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        if manner.blind {
            sight::drop_rights(conn)?;
        }
        job(conn)
    }))
    .unwrap_or_else(|_| Err(Fault::Outside("a job panicked".into()).into()));
    match outcome {
        // In a transaction that a failed statement has aborted, COMMIT succeeds and undoes everything. The SELECT fails
        // there, so that a job which passes over a failure is not taken for done.
        Ok(value) => match conn.batch_execute("SELECT; COMMIT") {
            Ok(()) => Ok(value),
            Err(error) => {
                let _ = conn.batch_execute("ROLLBACK");
                Err(error.into())
            }
        },
        Err(error) => {
            conn.batch_execute("ROLLBACK")?;
            Err(error)
        }
    }
}
