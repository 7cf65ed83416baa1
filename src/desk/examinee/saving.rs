//! Saving: each answer judged by itself, by the instant at which its call arrived.

use super::views::SaveOutcome;
use crate::desk::evidence::admit_in_time;
use crate::domain::form::CHOICE_LETTERS;
use crate::domain::ids::AttemptId;
use crate::domain::timing::{ClockFacts, Instant, may_save, overtaken};
use crate::store::answers::{Answer, NewAnswer};
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

/// Saves one answer, or says why not. The second is whether what counts of a closed part changed by it.
pub(super) fn save_one(
    tx: &mut Tx<'_, Sighted>,
    id: &AttemptId,
    facts: &SaveFacts,
    answer: &NewAnswer,
) -> Result<(SaveOutcome, bool), Error> {
    if let Some(flaw) = flaw_of(&facts.limits, answer) {
        return Ok((flaw, false));
    }
    let deadline = facts.clock.deadline.rfc3339();
    let permit = match may_save(&facts.clock, tx.now()) {
        Ok(permit) => permit,
        Err(_) => return closed(tx, id, &facts.clock, answer, deadline),
    };
    if tx.answer_save(&permit, id, answer)? {
        let saved_at = tx.now().rfc3339();
        let (position, revision) = (answer.position, answer.revision);
        return Ok((SaveOutcome::Stored { position, revision, saved_at, deadline, superseded: false }, false));
    }
    let stored = tx.answer(id, answer.position)?.ok_or_else(|| Error::stored("answer: refused by nothing"))?;
    Ok((as_stored(&stored, answer, deadline), false))
}

/// For an answer that finds its part closed. A repetition of what counts already is answered as it was; what is new is
/// kept as late evidence. Where it had arrived in time, and was only overtaken by the closing, it counts all the same.
fn closed(
    tx: &mut Tx<'_, Sighted>,
    id: &AttemptId,
    clock: &ClockFacts,
    answer: &NewAnswer,
    deadline: String,
) -> Result<(SaveOutcome, bool), Error> {
    let counted = tx.answers_counted(id)?.into_iter().find(|a| a.position == answer.position);
    if let Some(stored) = counted.filter(|a| a.revision >= answer.revision) {
        return Ok((as_stored(&stored, answer, deadline), false));
    }
    if tx.late_count(id)? >= MAX_LATE {
        return Ok((SaveOutcome::Late { kept: false }, false));
    }
    let fresh = tx.answer_keep_late(id, answer)?;
    let Some(in_time) = overtaken(clock, tx.now()).filter(|_| fresh) else {
        return Ok((SaveOutcome::Late { kept: true }, false));
    };
    let (position, revision) = (answer.position, answer.revision);
    if !admit_in_time(tx, id, (position, revision), &in_time)? {
        return Ok((SaveOutcome::Late { kept: true }, false));
    }
    Ok((SaveOutcome::Stored { position, revision, saved_at: tx.now().rfc3339(), deadline, superseded: false }, true))
}

/// What is stored instead. Two devices may give the same number to different answers, so that the number alone does not
/// tell a device whether what it sent is what is kept.
fn as_stored(stored: &Answer, sent: &NewAnswer, deadline: String) -> SaveOutcome {
    let same = (&stored.choice, &stored.body) == (&sent.choice, &sent.body);
    SaveOutcome::Stored {
        superseded: stored.revision == sent.revision && !same,
        position: stored.position,
        revision: stored.revision,
        saved_at: Instant(stored.saved_at).rfc3339(),
        deadline,
    }
}
