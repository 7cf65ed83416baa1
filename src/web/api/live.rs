//! The board as server-sent events.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::{Bytes, Path};

use super::{Answer, event_stream};
use crate::desk::live::{Snapshot, Watched};
use crate::desk::proctor::Proctor;
use crate::domain::ids::SittingId;

/// How long a stream is silent at the most.
const LIFE_SIGN: Duration = Duration::from_secs(10);
/// After how many looks it is asked whether the reader may still see the board.
const LOOKS: u32 = 8;

/// `GET /sittings/{id}/board/events`: every row at first, and from then on those that changed.
pub async fn board_events(desk: Proctor, id: Path<String>) -> Answer {
    let id = SittingId(id.into_inner());
    let watched = desk.board_watch(&id).await?;
    let state = Looking { desk, id, watched, seen: None, looks: 0 };
    Ok(event_stream(state, Looking::next))
}

struct Looking {
    desk: Proctor,
    id: SittingId,
    watched: Watched,
    seen: Option<Arc<Snapshot>>,
    looks: u32,
}

impl Looking {
    /// The next thing to send; nothing when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let changed = tokio::time::timeout(LIFE_SIGN, self.watched.snapshots.changed()).await;
            self.looks += 1;
            if self.looks.is_multiple_of(LOOKS) || changed.is_err() {
                // The session ended, or the role was taken away: the page will find out when it connects again.
                self.desk.later().board_may_see(&self.id).await.ok()?;
            }
            match changed {
                Err(_) => return Some(Bytes::from_static(b": well\n\n")),
                Ok(Err(_)) => return None,
                Ok(Ok(())) => {}
            }
            let snapshot = self.watched.snapshots.borrow_and_update().clone();
            // Before the first computation there is nothing to tell.
            if snapshot.number == 0 {
                continue;
            }
            let told = snapshot.since(self.seen.as_deref());
            self.seen = Some(snapshot);
            return Some(Bytes::from(format!("event: rows\ndata: {told}\n\n")));
        }
    }
}
