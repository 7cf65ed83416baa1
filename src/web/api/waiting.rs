//! What happens to a seat while its holder waits: that the proctor admitted them, that a coordinator lets them in late.
//! The opening itself needs no telling: every page knows the instant.

use std::time::Duration;

use actix_web::web::{Bytes, Path};
use serde_json::json;
use tokio::sync::broadcast;

use super::{Answer, event_stream};
use crate::desk::examinee::Examinee;
use crate::desk::exams::SeatStanding;
use crate::desk::pulse::SeatBeat;
use crate::domain::ids::RegistrationId;

/// How long a stream is silent at the most. The seat is looked at then, in case another machine admitted its holder.
const LIFE_SIGN: Duration = Duration::from_secs(15);

/// `GET /registrations/{id}/events`: server-sent events. The first tells how the seat stands; after that each change.
pub async fn events(me: Examinee, id: Path<String>) -> Answer {
    let id = RegistrationId(id.into_inner());
    let seats = me.listen_to_seats();
    let last = me.standing(&id).await?;
    let state = Waiting { me, id, seats, pending: Some(frame(&last)), last };
    Ok(event_stream(state, Waiting::next))
}

struct Waiting {
    me: Examinee,
    id: RegistrationId,
    seats: broadcast::Receiver<SeatBeat>,
    pending: Option<Bytes>,
    last: SeatStanding,
}

impl Waiting {
    /// The next thing to send; nothing when the session has ended.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(frame) = self.pending.take() {
            return Some(frame);
        }
        loop {
            match tokio::time::timeout(LIFE_SIGN, self.seats.recv()).await {
                Ok(Ok(SeatBeat::Seat(seat))) if seat != self.id => continue,
                Ok(Err(broadcast::error::RecvError::Closed)) => return None,
                Ok(_) | Err(_) => {}
            }
            let now = self.me.later().standing(&self.id).await.ok()?;
            if now == self.last {
                return Some(Bytes::from_static(b": well\n\n"));
            }
            self.last = now;
            return Some(frame(&self.last));
        }
    }
}

fn frame(standing: &SeatStanding) -> Bytes {
    Bytes::from(format!("event: standing\ndata: {}\n\n", json!(standing)))
}
