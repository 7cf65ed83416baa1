//! Boards that are being looked at: one computation a sitting and tick, however many look on, and of each row whether it
//! has changed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

use super::Office;
use super::board::{Board, board_of};
use super::facts::sitting_for;
use super::proctor::Proctor;
use super::pulse::Beat;
use crate::domain::ids::SittingId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::store::Error;

/// How many boards may be open at once in this process.
const MOST_OPEN: usize = 64;
/// The shortest and the longest time between two computations: what happens is shown within the one, what only time
/// changes within the other.
const SHORTEST: Duration = Duration::from_millis(700);
const LONGEST: Duration = Duration::from_millis(1300);

/// A board at an instant, with what changed when.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Grows with every computation.
    pub number: u64,
    /// The server's time, RFC 3339.
    pub now: String,
    /// The pause in which the sitting is.
    pub pause: Value,
    /// How long the room's logs are.
    pub log: Value,
    /// Each row by its seat, with the number of the snapshot in which it last changed.
    pub rows: BTreeMap<String, (u64, Value)>,
}

impl Snapshot {
    /// What differs from what somebody has seen; everything for who has seen nothing.
    pub fn since(&self, seen: Option<&Snapshot>) -> Value {
        let after = seen.map_or(0, |seen| seen.number);
        let rows: Vec<&Value> =
            self.rows.values().filter(|(changed, _)| *changed > after).map(|(_, row)| row).collect();
        let gone: Vec<&String> =
            seen.into_iter().flat_map(|seen| seen.rows.keys()).filter(|key| !self.rows.contains_key(*key)).collect();
        json!({ "now": self.now, "items": rows, "gone": gone, "pause": self.pause, "log": self.log })
    }

    /// The next one, from a board and the one before.
    fn following(last: &Snapshot, board: &Board) -> Self {
        let number = last.number + 1;
        let rows = board.rows.iter().map(|row| {
            let mut told = json!(row);
            // It grows by itself; whoever looks on reckons it from the instant of the save.
            if let Some(fields) = told.as_object_mut() {
                fields.remove("last_save_age_seconds");
            }
            let changed = match last.rows.get(row.registration.as_str()) {
                Some((since, before)) if *before == told => *since,
                _ => number,
            };
            (row.registration.0.clone(), (changed, told))
        });
        Self { number, now: board.now.clone(), pause: json!(board.pause), log: json!(board.log), rows: rows.collect() }
    }
}

type Feed = watch::Sender<Arc<Snapshot>>;

/// The boards of this process.
#[derive(Clone)]
pub struct Boards {
    feeds: Arc<Mutex<HashMap<SittingId, Arc<Feed>>>>,
    places: Arc<Semaphore>,
}

impl Default for Boards {
    fn default() -> Self {
        Self { feeds: Arc::default(), places: Arc::new(Semaphore::new(MOST_OPEN)) }
    }
}

impl Boards {
    /// Looks at a board from now on; begins to compute it where nobody does.
    fn watch(&self, office: &Office, id: &SittingId) -> watch::Receiver<Arc<Snapshot>> {
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(feed) = feeds.get(id) {
            return feed.subscribe();
        }
        let (feed, receiver) = watch::channel(Arc::new(Snapshot::default()));
        let feed = Arc::new(feed);
        feeds.insert(id.clone(), feed.clone());
        tokio::spawn(keep_current(office.clone(), id.clone(), feed));
        receiver
    }

    /// Ends a feed that nobody looks at any more.
    fn end_unwatched(&self, id: &SittingId, feed: &Feed) -> bool {
        let mut feeds = self.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        let over = feed.receiver_count() == 0;
        if over {
            feeds.remove(id);
        }
        over
    }
}

async fn keep_current(office: Office, id: SittingId, feed: Arc<Feed>) {
    let mut beats = office.pulse.listen();
    let boards = office.boards.clone();
    while !boards.end_unwatched(&id, &feed) {
        let (now, wanted) = (office.store.world().clock.now(), id.clone());
        let computed = office.store.read(now, move |tx| {
            let sitting = tx.sitting(&wanted)?;
            board_of(tx, &sitting)
        });
        match computed.await {
            Ok(board) => {
                let next = Snapshot::following(&feed.borrow(), &board);
                feed.send_replace(Arc::new(next));
            }
            Err(error) => tracing::warn!(%error, "a board could not be computed"),
        }
        tokio::time::sleep(SHORTEST).await;
        // Running out of time and hearing of something come to the same.
        let _ = tokio::time::timeout(LONGEST, something_happens(&mut beats, &id)).await;
    }
}

async fn something_happens(beats: &mut broadcast::Receiver<Beat>, id: &SittingId) {
    loop {
        match beats.recv().await {
            Ok(Beat::Room(sitting) | Beat::Message(sitting, _)) if sitting != *id => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// A board that is being looked at.
pub struct Watched {
    /// Tells when it has changed.
    pub snapshots: watch::Receiver<Arc<Snapshot>>,
    /// One of a bounded number of places.
    _place: OwnedSemaphorePermit,
}

impl Proctor {
    /// Looks at a board from now on.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`]; [`Refusal::Busy`] when too many are open.
    pub async fn board_watch(&self, id: &SittingId) -> Result<Watched, Error> {
        self.board_may_see(id).await?;
        let office = &self.0.office;
        let place = office.boards.places.clone().try_acquire_owned().map_err(|_| Refusal::Busy)?;
        Ok(Watched { snapshots: office.boards.watch(office, id), _place: place })
    }

    /// Whether this person may still see the board.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`], [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn board_may_see(&self, id: &SittingId) -> Result<(), Error> {
        let id = id.clone();
        self.0.read(move |tx, me| sitting_for(tx, me, Act::SeeBoard, &id).map(|_| ())).await
    }

    /// The same desk at a later instant, for a connection that stays open.
    #[must_use]
    pub fn later(&self) -> Self {
        let call = crate::store::Call::at(self.0.office.store.world().clock.now());
        Self::new(self.0.office.clone(), self.0.session.clone(), call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let row = |changed, name: &str| (changed, json!({ "name": name }));
        let of = |number, rows: &[(&str, (u64, Value))]| Snapshot {
            number,
            rows: rows.iter().map(|(key, row)| ((*key).to_owned(), row.clone())).collect(),
            ..Snapshot::default()
        };
        let first = of(4, &[("a", row(1, "Ann")), ("b", row(4, "Ben")), ("c", row(2, "Cat"))]);
        let second = of(6, &[("a", row(1, "Ann")), ("b", row(5, "Benjamin")), ("d", row(6, "Dan"))]);
        assert_eq!(first.since(None)["items"].as_array().map(Vec::len), Some(3));
        let told = second.since(Some(&first));
        assert_eq!(told["items"], json!([{ "name": "Benjamin" }, { "name": "Dan" }]));
        assert_eq!(told["gone"], json!(["c"]));
        assert_eq!(second.since(Some(&second))["items"], json!([]));
    }
}
