//! The one writer of the embedded database: a thread that runs many jobs in one transaction and acknowledges each of
//! them only after that transaction is on the disk (group commit).
//!
//! Invariants: a job's failure or panic rolls back that job alone; a failed COMMIT fails every job of its batch; nothing
//! is acknowledged before its COMMIT returned; the queue is bounded, and a full one refuses at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use diesel::connection::SimpleConnection;

use super::conn::Conn;
use super::fault::{Error, Fault};
use crate::domain::refusal::Refusal;

/// How many jobs may wait. At 5,000 examinees this is everybody's save at once.
const QUEUE_LENGTH: usize = 8_192;
/// How many jobs share one transaction at the most, so that the first of them need not wait for long.
const BATCH_LENGTH: usize = 512;

/// One unit of work: `run` does it, `acknowledge` tells whoever waits, once the outcome is final.
pub(super) struct Job {
    /// Does the work on the connection, keeping its result to itself; false asks for this job to be undone.
    pub run: Box<dyn FnMut(&mut Conn) -> bool + Send>,
    /// Called once: with nothing when the result stands, with the fault when the batch's COMMIT failed.
    pub acknowledge: Box<dyn FnOnce(Option<Fault>) + Send>,
}

/// The way to the writer.
#[derive(Clone)]
pub(super) struct Writer {
    queue: SyncSender<Job>,
}

impl Writer {
    /// Starts the thread. It ends when every handle to it is gone, after the jobs that were accepted.
    pub(super) fn start(conn: Conn) -> Result<Self, Fault> {
        let (queue, jobs) = sync_channel(QUEUE_LENGTH);
        std::thread::Builder::new().name("writer".into()).spawn(move || work(conn, &jobs))?;
        Ok(Self { queue })
    }

    /// Queues a job.
    pub(super) fn submit(&self, job: Job) -> Result<(), Error> {
        self.queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => Refusal::Busy.into(),
            TrySendError::Disconnected(_) => Fault::Outside("the writer has stopped".into()).into(),
        })
    }
}

fn work(mut conn: Conn, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(BATCH_LENGTH - 1)).collect();
        run_batch(&mut conn, batch);
    }
}

fn run_batch(conn: &mut Conn, mut batch: Vec<Job>) {
    let failure = run_all(conn, &mut batch).err();
    if failure.is_some() {
        // Whatever state the transaction is in, the next batch must begin afresh; if there is none this fails, harmlessly.
        let _ = conn.batch_execute("ROLLBACK");
    }
    for job in batch {
        (job.acknowledge)(failure.as_ref().map(not_committed));
    }
}

fn run_all(conn: &mut Conn, batch: &mut [Job]) -> Result<(), Fault> {
    conn.batch_execute("BEGIN IMMEDIATE")?;
    for job in batch {
        conn.batch_execute("SAVEPOINT job")?;
        let end = run_one(conn, job);
        // The database gives up a whole transaction, and the savepoint with it, when its disk is full or fails.
        conn.batch_execute(end).map_err(|error| Fault::Storage(format!("the transaction was given up: {error}")))?;
    }
    Ok(conn.batch_execute("COMMIT")?)
}

/// What each job of a batch is told that was not committed.
fn not_committed(fault: &Fault) -> Fault {
    match fault {
        Fault::Storage(text) => Fault::Storage(format!("batch not committed: {text}")),
        other => Fault::Outside(format!("batch not committed: {other}")),
    }
}

/// Runs one job as if alone, and says how its savepoint ends: what it did is undone when it says so, or when it panicked.
fn run_one(conn: &mut Conn, job: &mut Job) -> &'static str {
    let keep = catch_unwind(AssertUnwindSafe(|| (job.run)(conn))).unwrap_or(false);
    if keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" }
}
