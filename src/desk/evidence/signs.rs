//! Signs of why work came late, for who decides about it.

use serde::Serialize;

use crate::domain::stop::{Span, standing_seconds};
use crate::domain::timing::{ClosedBy, Instant};
use crate::store::attempts::Attempt;
use crate::store::evidence::Evidence;
use crate::store::registrations::Registration;
use crate::store::sittings::Incident;
use crate::store::{Error, Sighted, Tx};

/// From how long without a sign of life on an outage is the likely reason, in seconds.
const SILENCE_SECONDS: i64 = 60;

/// A sign of why work came late.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sign {
    /// Nothing was heard of the page from then on, for so long.
    Silence {
        /// RFC 3339.
        from: String,
        /// Until the first of it arrived.
        seconds: i64,
    },
    /// Something was recorded about this seat or the whole room.
    Incident {
        /// Of what kind.
        incident: String,
        /// What happened.
        note: String,
        /// RFC 3339.
        reported_at: String,
    },
}

/// A page that fell silent while it should have been heard of, incidents of the seat and of the room. `heard` is when an
/// answer last arrived in time, and what came late.
pub(super) fn signs_of(
    tx: &mut Tx<'_, Sighted>,
    attempt: &Attempt,
    seat: &Registration,
    heard: (Option<Instant>, &[Evidence]),
    incidents: &[Incident],
) -> Result<Vec<Sign>, Error> {
    let mut signs = Vec::new();
    let (last_save, late) = heard;
    let last = last_save.map_or(attempt.last_contact_at, |at| at.max(attempt.last_contact_at));
    let submitted = attempt.receipt.as_ref().is_some_and(|r| r.closed_by == ClosedBy::Examinee);
    if let Some(first) = late.iter().map(|e| Instant(e.answer.saved_at)).min().filter(|_| !submitted) {
        // While the clock stands nobody has to be heard of.
        let pauses = tx.pauses(&seat.sitting)?.into_iter().map(|pause| pause.span());
        let breaks = tx.breaks_of(&attempt.id)?;
        let breaks = breaks.iter().map(|b| Span { from: Instant(b.began_at), until: b.ended_at.map(Instant) });
        let stops: Vec<Span> = pauses.chain(breaks).collect();
        let silent = first.seconds_since(last) - standing_seconds(&stops, last, first);
        if silent >= SILENCE_SECONDS {
            signs.push(Sign::Silence { from: last.rfc3339(), seconds: silent });
        }
    }
    let concerns = |i: &&Incident| i.registration().is_none_or(|seat| seat == attempt.registration);
    signs.extend(incidents.iter().filter(concerns).map(|i| Sign::Incident {
        incident: i.kind.clone(),
        note: i.note.clone(),
        reported_at: Instant(i.reported_at).rfc3339(),
    }));
    Ok(signs)
}
