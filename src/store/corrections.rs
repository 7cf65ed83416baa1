//! Corrections that reviewers ask for. Open to blind transactions: nothing here tells who decided, or why.

use diesel::prelude::*;

use super::schema::review_correction;
use super::{Error, Tx, to_json, word};
use crate::domain::correction::CorrectionState;
use crate::domain::ids::{CorrectionId, ReadingId};
use crate::domain::refusal::Refusal;
use crate::domain::rubric::Marks;

/// A correction as who asked for it is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCorrection {
    /// How it stands.
    pub state: CorrectionState,
    /// Why it was asked for.
    pub reason: String,
}

impl<S> Tx<'_, S> {
    /// Asks for a correction of a reading's review.
    ///
    /// # Errors
    /// [`Refusal::CorrectionWaiting`] when one waits already.
    pub fn correction_ask(&mut self, of: &ReadingId, marks: &Marks, reason: &str) -> Result<CorrectionId, Error> {
        let id: CorrectionId = self.fresh();
        diesel::insert_into(review_correction::table)
            .values((
                review_correction::id.eq(id.as_str()),
                review_correction::reading_id.eq(of.as_str()),
                review_correction::marks.eq(to_json(marks)?),
                review_correction::reason.eq(reason),
                review_correction::asked_at.eq(self.now.0),
                review_correction::state.eq(CorrectionState::Waiting.as_str()),
            ))
            .execute(self.conn)
            .map_err(|e| {
                let e = Error::from(e);
                if e.is_duplicate() { Refusal::CorrectionWaiting.into() } else { e }
            })?;
        Ok(id)
    }

    /// The newest correction that was asked for of a reading.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn correction_newest(&mut self, of: &ReadingId) -> Result<Option<OwnCorrection>, Error> {
        // One that waits is the newest: no other can be asked for before it is decided.
        let waits = review_correction::state.eq(CorrectionState::Waiting.as_str());
        let row: Option<(String, String)> = review_correction::table
            .filter(review_correction::reading_id.eq(of.as_str()))
            .order((waits.desc(), review_correction::asked_at.desc(), review_correction::id))
            .select((review_correction::state, review_correction::reason))
            .first(self.conn)
            .optional()?;
        row.map(|(state, reason)| {
            Ok(OwnCorrection { state: word("review_correction", &state, CorrectionState::parse)?, reason })
        })
        .transpose()
    }
}
