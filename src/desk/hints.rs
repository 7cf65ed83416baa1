//! A word to the writer while they write: what of an answer may tell who wrote it, by the rule that screens scripts
//! afterwards (`domain::screening`). Nothing is kept, and nothing of the saving waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::examinee::Examinee;
use super::facts::own_attempt;
use super::screening::found_in;
use crate::domain::ids::AttemptId;
use crate::domain::refusal::Refusal;
use crate::domain::screening::{Finding, FindingKind, Reason};
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Part;
use crate::store::Error;

/// How long to wait before one looks again through the same attempt's prose.
const APART_SECONDS: i64 = 2;
/// How many attempts are kept count of at a time; more than write at once on one machine.
const MOST_COUNTED: usize = 20_000;

/// When each attempt was looked through last, so that nobody keeps the server busy by asking all the time.
#[derive(Clone, Default)]
pub struct Pace(Arc<Mutex<HashMap<AttemptId, Instant>>>);

impl Pace {
    /// Takes a turn.
    ///
    /// # Errors
    /// [`Refusal::TooOften`] when the last one was a moment ago.
    fn turn(&self, id: &AttemptId, now: Instant) -> Result<(), Refusal> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Instant| now < at.plus_seconds(APART_SECONDS);
        if last.get(id).is_some_and(recent) {
            return Err(Refusal::TooOften { retry_after_seconds: APART_SECONDS });
        }
        if last.len() >= MOST_COUNTED {
            last.retain(|_, at| recent(at));
        }
        if last.len() < MOST_COUNTED {
            last.insert(id.clone(), now);
        }
        Ok(())
    }
}

/// A passage that may tell who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What kind of thing it tells.
    pub kind: FindingKind,
    /// The passage.
    pub passage: String,
    /// Why, in a sentence.
    pub detail: &'static str,
}

impl Examinee {
    /// Looks through prose that is being written at that position.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's attempt, [`Refusal::PartClosed`], [`Refusal::NoSuchPosition`] where no prose
    /// is written, [`Refusal::AnswerTooLong`], [`Refusal::TooOften`].
    pub async fn hints(&self, id: &AttemptId, position: i64, text: String) -> Result<Vec<Hint>, Error> {
        let (id, pace) = (id.clone(), self.0.office.pace.clone());
        self.0
            .read(move |tx, me| {
                let (attempt, _) = own_attempt(tx, &me.person, &id)?;
                if attempt.receipt.is_some() {
                    return Err(Refusal::PartClosed { late: false }.into());
                }
                if attempt.part != Part::Two {
                    return Err(Refusal::NoSuchPosition.into());
                }
                let vignettes = tx.form_vignettes(&attempt.form)?;
                let at = position.checked_sub(1).and_then(|index| usize::try_from(index).ok());
                let vignette = at.and_then(|index| vignettes.get(index)).ok_or(Refusal::NoSuchPosition)?;
                let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                if length > vignette.max_characters {
                    return Err(Refusal::AnswerTooLong { max_characters: vignette.max_characters }.into());
                }
                pace.turn(&id, tx.now())?;
                let found = found_in(tx, &text, vignette, &me.person)?;
                let hint = |f: &Finding| {
                    let passage = text.get(f.start..f.end)?.to_owned();
                    Some(Hint { kind: f.kind, passage, detail: f.reason.sentence() })
                };
                // Any name that nothing accounts for is for a coordinator to judge, not for the writer to worry about.
                Ok(found.iter().filter(|f| f.reason != Reason::UnknownName).filter_map(hint).collect())
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_at_a_time() {
        let pace = Pace::default();
        let (one, other) = (AttemptId("one".into()), AttemptId("other".into()));
        assert_eq!(pace.turn(&one, Instant(0)), Ok(()));
        assert_eq!(pace.turn(&one, Instant(1_999)), Err(Refusal::TooOften { retry_after_seconds: APART_SECONDS }));
        assert_eq!(pace.turn(&other, Instant(1_999)), Ok(()));
        assert_eq!(pace.turn(&one, Instant(2_000)), Ok(()));
    }
}
