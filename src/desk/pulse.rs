//! The pulse: tells open pages, of this server and of the others on the same database, and this server's clerk that
//! something happened. Only ever a hint: whoever hears it looks into the store, and looks there from time to time anyway, so
//! that nothing depends on hearing it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast};

use crate::domain::ids::{AttemptId, RegistrationId, SittingId};
use crate::store::relay::{Heard, Relay};
use crate::store::{Fault, Store};

/// What happened to an attempt, or in a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Beat {
    /// Its deadline moved.
    Clock(AttemptId),
    /// It was closed.
    Closed(AttemptId),
    /// A page opened it, as the opening of that number.
    Opened(AttemptId, i64),
    /// Something was stored in it that an earlier page had kept.
    EarlierSaves(AttemptId),
    /// Something in that sitting which its board shows.
    Room(SittingId),
    /// A message to everybody in that sitting, or to one seat.
    Message(SittingId, Option<RegistrationId>),
    /// Word from another server was lost: anything may have happened.
    Anything,
}

impl Beat {
    /// Which attempt, if it is about one.
    pub fn attempt(&self) -> Option<&AttemptId> {
        match self {
            Self::Clock(id) | Self::Closed(id) | Self::Opened(id, _) | Self::EarlierSaves(id) => Some(id),
            Self::Room(_) | Self::Message(..) | Self::Anything => None,
        }
    }
}

/// What waits for one seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatBeat {
    /// Something about that seat changed.
    Seat(RegistrationId),
    /// Word from another server was lost: anything may have changed.
    Anything,
}

/// What goes from one server to the others.
#[derive(Debug, Serialize, Deserialize)]
enum Word {
    Beat(Beat),
    Seat(RegistrationId),
}

/// The way to tell, and to hear.
#[derive(Clone)]
pub struct Pulse {
    beats: broadcast::Sender<Beat>,
    seats: broadcast::Sender<SeatBeat>,
    clerk: Arc<Notify>,
    /// The way to other servers, where there may be any.
    others: Option<Relay>,
}

impl Default for Pulse {
    /// A pulse of one server alone.
    fn default() -> Self {
        Self {
            beats: broadcast::channel(4096).0,
            seats: broadcast::channel(1024).0,
            clerk: Arc::default(),
            others: None,
        }
    }
}

impl Pulse {
    /// The pulse of every server on that store's database.
    ///
    /// # Errors
    /// When the others cannot be listened to at all.
    pub fn of(store: &Store) -> Result<Self, Fault> {
        let alone = Self::default();
        let (beats, seats) = (alone.beats.clone(), alone.seats.clone());
        let others = store.relay(move |heard| {
            // With nobody listening this does nothing.
            let _ = match heard {
                Heard::Word(word) => match serde_json::from_str(&word) {
                    Ok(Word::Beat(beat)) => beats.send(beat).is_ok(),
                    Ok(Word::Seat(seat)) => seats.send(SeatBeat::Seat(seat)).is_ok(),
                    // A later version has more to tell.
                    Err(_) => beats.send(Beat::Anything).is_ok() | seats.send(SeatBeat::Anything).is_ok(),
                },
                Heard::Lost => beats.send(Beat::Anything).is_ok() | seats.send(SeatBeat::Anything).is_ok(),
            };
        })?;
        Ok(Self { others, ..alone })
    }

    /// Tells open pages. With nobody listening this does nothing.
    pub fn tell(&self, beat: Beat) {
        self.tell_others(&Word::Beat(beat.clone()));
        let _ = self.beats.send(beat);
    }

    fn tell_others(&self, word: &Word) {
        if let Some(others) = &self.others
            && let Ok(word) = serde_json::to_string(word)
        {
            others.tell(word);
        }
    }

    /// Hears what is told from now on.
    pub fn listen(&self) -> broadcast::Receiver<Beat> {
        self.beats.subscribe()
    }

    /// Tells whoever waits in that seat that something about it changed.
    pub fn tell_seat(&self, seat: RegistrationId) {
        self.tell_others(&Word::Seat(seat.clone()));
        let _ = self.seats.send(SeatBeat::Seat(seat));
    }

    /// Hears of which seats something changes from now on.
    pub fn listen_to_seats(&self) -> broadcast::Receiver<SeatBeat> {
        self.seats.subscribe()
    }

    /// Wakes the clerk.
    pub fn wake_clerk(&self) {
        self.clerk.notify_one();
    }

    /// Waits until the clerk is woken.
    pub async fn clerk_woken(&self) {
        self.clerk.notified().await;
    }
}
