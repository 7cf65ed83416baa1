//! What happens to an attempt, as server-sent events for its page.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use actix_web::web::{Bytes, Path, Query};
use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::examinee::Asking;
use super::{Answer, event_stream};
use crate::desk::examinee::{ClockView, Examinee, PageView};
use crate::desk::pulse::Beat;
use crate::domain::ids::{AttemptId, RegistrationId, SittingId};
use crate::domain::opening::is_superseded;
use crate::domain::stop::RunState;

/// How long a stream is silent at the most.
const LIFE_SIGN: Duration = Duration::from_secs(10);

/// `GET /attempts/{id}/events`: server-sent events. The first tells the clock; after that whatever happens, and at
/// least a life sign every so often, on which the clock is read again in case no word of a change came through.
///
/// A page names its opening, so that connecting again makes it no newer. Who names none opens the attempt by connecting.
pub async fn events(me: Examinee, id: Path<String>, asking: Query<Asking>) -> Answer {
    let id = AttemptId(id.into_inner());
    let beats = me.listen();
    let opening = match asking.opening {
        Some(opening) => opening,
        None => me.open(&id, false).await?,
    };
    let clock = me.clock(&id, Some(opening)).await?;
    let place = me.place_of(&id).await?;
    // What was said before, the page asks for by itself.
    let told = me.messages(&id).await?.into_iter().map(|message| message.id).collect();
    let mut state =
        Listening { me, id, place, beats, opening, last: clock.clone(), told, pending: VecDeque::new(), over: false };
    state.pending.push_back(frame("clock", &json!(clock)));
    if clock.page.taken_over {
        state.taken_over();
    }
    Ok(event_stream(state, Listening::next))
}

/// One open stream of events.
struct Listening {
    me: Examinee,
    id: AttemptId,
    beats: broadcast::Receiver<Beat>,
    opening: i64,
    place: (SittingId, RegistrationId),
    last: ClockView,
    told: BTreeSet<String>,
    pending: VecDeque<Bytes>,
    over: bool,
}

impl Listening {
    /// The next thing to send; nothing when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(frame) = self.pending.pop_front() {
                return Some(frame);
            }
            if self.over {
                return None;
            }
            match tokio::time::timeout(LIFE_SIGN, self.beats.recv()).await {
                Ok(Err(broadcast::error::RecvError::Closed)) => return None,
                Ok(Ok(beat)) if !self.concerns(&beat) => {}
                Ok(Ok(_) | Err(broadcast::error::RecvError::Lagged(_))) | Err(_) => self.look().await,
            }
        }
    }

    fn concerns(&self, beat: &Beat) -> bool {
        match beat {
            Beat::Message(sitting, seat) => {
                *sitting == self.place.0 && seat.as_ref().is_none_or(|seat| *seat == self.place.1)
            }
            Beat::Anything => true,
            Beat::Opened(id, newest) => *id == self.id && is_superseded(self.opening, *newest),
            beat => beat.attempt() == Some(&self.id),
        }
    }

    /// Looks how the attempt stands and tells what changed, or that all is well.
    async fn look(&mut self) {
        let now = self.me.later();
        // The session ended: the page will find out by its next save, and this stream is over.
        let Ok(clock) = now.clock_unheard(&self.id, self.opening).await else {
            self.over = true;
            return;
        };
        if clock.state == RunState::Closed {
            // Over by the clock; the receipt follows when the clerk has been here.
            if let Ok(Some(receipt)) = now.receipt(&self.id).await {
                self.over = true;
                let mut told = json!({ "receipt": receipt });
                if let Ok(Some(reason)) = now.closing_reason(&self.id).await {
                    told["reason"] = json!(reason);
                }
                self.pending.push_back(frame("closed", &told));
                return;
            }
        }
        if clock.page.taken_over {
            return self.taken_over();
        }
        if clock.page.earlier_saves != self.last.page.earlier_saves {
            self.pending.push_back(frame("earlier_saves", &json!({ "earlier_saves": clock.page.earlier_saves })));
        }
        if standing(&clock) != standing(&self.last) {
            self.pending.push_back(frame("clock", &json!(clock)));
        }
        self.last = clock;
        for message in now.messages(&self.id).await.unwrap_or_default() {
            if self.told.insert(message.id.clone()) {
                self.pending.push_back(frame("message", &json!(message)));
            }
        }
        if self.pending.is_empty() {
            self.pending.push_back(Bytes::from_static(b": well\n\n"));
        }
    }

    fn taken_over(&mut self) {
        self.over = true;
        self.pending.push_back(frame("taken_over", &json!({})));
    }
}

/// A clock without what changes by itself, or is told by itself.
fn standing(clock: &ClockView) -> ClockView {
    ClockView { now: String::new(), remaining_seconds: 0, page: PageView::default(), ..clock.clone() }
}

fn frame(event: &str, data: &Value) -> Bytes {
    Bytes::from(format!("event: {event}\ndata: {data}\n\n"))
}
