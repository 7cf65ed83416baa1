//! Saving: each answer judged by itself, by the instant at which its call arrived.

use super::views::SaveOutcome;
use crate::domain::form::CHOICE_LETTERS;
use crate::domain::ids::AttemptId;
use crate::domain::timing::{Instant, may_save};
use crate::store::answers::NewAnswer;
use crate::store::attempts::SaveFacts;
use crate::store::{Error, Sighted, Tx};

/// The most late revisions kept of one attempt.
const MAX_LATE: i64 = 500;

/// What is wrong with an answer as such, whatever the clock says.
fn flaw_of(limits: &[i64], answer: &NewAnswer) -> Option<SaveOutcome> {
    let limit = usize::try_from(answer.position).ok().and_then(|p| p.checked_sub(1)).and_then(|p| limits.get(p));
    let Some(&limit) = limit else { return Some(SaveOutcome::NoSuchPosition) };
    match (&answer.choice, &answer.body) {
        (Some(_), _) if limit > 0 => Some(SaveOutcome::WrongKind),
        (_, Some(_)) if limit == 0 => Some(SaveOutcome::WrongKind),
        (Some(letter), _) if !CHOICE_LETTERS.contains(&letter.as_str()) => Some(SaveOutcome::NoSuchChoice),
        (_, Some(body)) if i64::try_from(body.chars().count()).unwrap_or(i64::MAX) > limit => {
            Some(SaveOutcome::TooLong { max_characters: limit })
        }
        _ => None,
    }
}

/// Saves one answer, or says why not.
pub(super) fn save_one(
    tx: &mut Tx<'_, Sighted>,
    id: &AttemptId,
    facts: &SaveFacts,
    answer: &NewAnswer,
) -> Result<SaveOutcome, Error> {
    if let Some(flaw) = flaw_of(&facts.limits, answer) {
        return Ok(flaw);
    }
    let deadline = facts.clock.deadline.rfc3339();
    let permit = match may_save(&facts.clock, tx.now()) {
        Ok(permit) => permit,
        Err(_) => return keep_late(tx, id, answer, deadline),
    };
    if tx.answer_save(&permit, id, answer)? {
        let saved_at = tx.now().rfc3339();
        return Ok(SaveOutcome::Stored {
            position: answer.position,
            revision: answer.revision,
            saved_at,
            deadline,
            superseded: false,
        });
    }
    stored(tx, id, answer, deadline)
}

/// A repetition of what is stored already is answered as it was; what is new is kept as late evidence.
fn keep_late(
    tx: &mut Tx<'_, Sighted>,
    id: &AttemptId,
    answer: &NewAnswer,
    deadline: String,
) -> Result<SaveOutcome, Error> {
    if tx.answer(id, answer.position)?.is_some_and(|a| a.revision >= answer.revision) {
        return stored(tx, id, answer, deadline);
    }
    if tx.late_count(id)? >= MAX_LATE {
        return Ok(SaveOutcome::Late { kept: false });
    }
    tx.answer_keep_late(id, answer)?;
    Ok(SaveOutcome::Late { kept: true })
}

/// What is stored instead. Two devices may give the same number to different answers, so that the number alone does not
/// tell a device whether what it sent is what is kept.
fn stored(tx: &mut Tx<'_, Sighted>, id: &AttemptId, sent: &NewAnswer, deadline: String) -> Result<SaveOutcome, Error> {
    let stored = tx.answer(id, sent.position)?.ok_or_else(|| Error::stored("answer: refused by nothing"))?;
    let same = (&stored.choice, &stored.body) == (&sent.choice, &sent.body);
    Ok(SaveOutcome::Stored {
        superseded: stored.revision == sent.revision && !same,
        position: sent.position,
        revision: stored.revision,
        saved_at: Instant(stored.saved_at).rfc3339(),
        deadline,
    })
}
