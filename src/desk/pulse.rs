//! The pulse: tells this process's open pages and its clerk that something happened. Only ever a hint: whoever hears it
//! looks into the store, and looks there from time to time anyway, so that nothing depends on hearing it.

use std::sync::Arc;

use tokio::sync::{Notify, broadcast};

use crate::domain::ids::{AttemptId, RegistrationId, SittingId};

/// What happened to an attempt, or in a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beat {
    /// Its deadline moved.
    Clock(AttemptId),
    /// It was closed.
    Closed(AttemptId),
    /// A page opened it; the second value names the page's own connection.
    Opened(AttemptId, String),
    /// Something in that sitting which its board shows.
    Room(SittingId),
    /// A message to everybody in that sitting, or to one seat.
    Message(SittingId, Option<RegistrationId>),
}

impl Beat {
    /// Which attempt, if it is about one.
    pub fn attempt(&self) -> Option<&AttemptId> {
        match self {
            Self::Clock(id) | Self::Closed(id) | Self::Opened(id, _) => Some(id),
            Self::Room(_) | Self::Message(..) => None,
        }
    }
}

/// The way to tell, and to hear.
#[derive(Clone)]
pub struct Pulse {
    beats: broadcast::Sender<Beat>,
    seats: broadcast::Sender<RegistrationId>,
    clerk: Arc<Notify>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { beats: broadcast::channel(4096).0, seats: broadcast::channel(1024).0, clerk: Arc::default() }
    }
}

impl Pulse {
    /// Tells open pages. With nobody listening this does nothing.
    pub fn tell(&self, beat: Beat) {
        let _ = self.beats.send(beat);
    }

    /// Hears what is told from now on.
    pub fn listen(&self) -> broadcast::Receiver<Beat> {
        self.beats.subscribe()
    }

    /// Tells whoever waits in that seat that something about it changed.
    pub fn tell_seat(&self, seat: RegistrationId) {
        let _ = self.seats.send(seat);
    }

    /// Hears of which seats something changes from now on.
    pub fn listen_to_seats(&self) -> broadcast::Receiver<RegistrationId> {
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
