//! Answers: what counts, what it was before, and what came too late.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use serde::{Deserialize, Serialize};

use super::conn::on_backend;
use super::schema::{answer, answer_history, attempt, late_answer, registration};
use super::{Error, Sighted, Tx};
use crate::domain::ids::{AttemptId, SittingId};
use crate::domain::timing::{Instant, SavePermit};

/// An answer as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable)]
#[diesel(table_name = answer)]
pub struct Answer {
    /// Where on the paper, from 1.
    pub position: i64,
    /// Grows with every save.
    pub revision: i64,
    /// The letter chosen, in Part One.
    pub choice: Option<String>,
    /// The prose, in Part Two.
    pub body: Option<String>,
    /// When it arrived, in milliseconds.
    pub saved_at: i64,
}

impl Answer {
    /// Whether it says anything.
    pub fn is_blank(&self) -> bool {
        self.choice.is_none() && self.body.as_ref().is_none_or(|b| b.trim().is_empty())
    }
}

/// An answer to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer {
    /// Where on the paper, from 1.
    pub position: i64,
    /// Must be higher than the stored one.
    pub revision: i64,
    /// The letter chosen, in Part One.
    pub choice: Option<String>,
    /// The prose, in Part Two.
    pub body: Option<String>,
    /// Whether the history keeps the prose that this replaces, however new that is.
    pub keep: bool,
}

/// How old a version of prose must be for the history to keep it when it is replaced, in milliseconds; one that loses
/// much text is kept whatever its age.
const HISTORY_STEP_MILLIS: i64 = 60_000;
/// How many characters are much.
const HISTORY_LOSS_CHARS: i32 = 200;

impl Tx<'_, Sighted> {
    /// Saves an answer, unless the stored one is as new or newer: then nothing changes. The permit proves that the
    /// clock was asked. Returns whether it was saved.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn answer_save(&mut self, _permit: &SavePermit, id: &AttemptId, new: &NewAnswer) -> Result<bool, Error> {
        use diesel::query_dsl::methods::FilterDsl as _;
        // Prose that is cleared is replaced too.
        if new.choice.is_none() {
            self.history_keep(id, new, new.body.as_deref().unwrap_or_default())?;
        }
        let row = (
            answer::attempt_id.eq(id.as_str()),
            answer::position.eq(new.position),
            answer::revision.eq(new.revision),
            answer::choice.eq(&new.choice),
            answer::body.eq(&new.body),
            answer::saved_at.eq(self.now.0),
        );
        let changed = on_backend!(self.conn, |c| diesel::insert_into(answer::table)
            .values(row)
            .on_conflict((answer::attempt_id, answer::position))
            .do_update()
            .set((
                answer::revision.eq(excluded(answer::revision)),
                answer::choice.eq(excluded(answer::choice)),
                answer::body.eq(excluded(answer::body)),
                answer::saved_at.eq(excluded(answer::saved_at)),
            ))
            .filter(excluded(answer::revision).gt(answer::revision))
            .execute(c))?;
        Ok(changed > 0)
    }

    /// Keeps the prose that is about to be replaced, once a minute and whenever much of it goes.
    fn history_keep(&mut self, id: &AttemptId, new: &NewAnswer, body: &str) -> Result<(), Error> {
        diesel::define_sql_function! {
            /// How many characters a text has.
            fn length(text: diesel::sql_types::Nullable<diesel::sql_types::Text>) -> diesel::sql_types::Nullable<diesel::sql_types::Integer>;
        }
        let remaining = i32::try_from(body.chars().count()).unwrap_or(i32::MAX);
        let old_enough = if new.keep { i64::MAX } else { self.now.0 - self.now.0.rem_euclid(HISTORY_STEP_MILLIS) };
        let replaced: Option<Answer> = answer::table
            .find((id.as_str(), new.position))
            .filter(answer::revision.lt(new.revision))
            .filter(
                answer::saved_at
                    .le(old_enough)
                    .or(length(answer::body).gt(remaining.saturating_add(HISTORY_LOSS_CHARS))),
            )
            .select(Answer::as_select())
            .first(self.conn)
            .optional()?;
        let Some(Answer { position, revision, body: Some(old), saved_at, .. }) = replaced else { return Ok(()) };
        let row = (
            answer_history::attempt_id.eq(id.as_str()),
            answer_history::position.eq(position),
            answer_history::revision.eq(revision),
            answer_history::body.eq(old),
            answer_history::saved_at.eq(saved_at),
        );
        diesel::insert_into(answer_history::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Keeps what came too late. The same revision again changes nothing. Returns whether it was kept now.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn answer_keep_late(&mut self, id: &AttemptId, new: &NewAnswer) -> Result<bool, Error> {
        let row = (
            late_answer::attempt_id.eq(id.as_str()),
            late_answer::position.eq(new.position),
            late_answer::revision.eq(new.revision),
            late_answer::choice.eq(&new.choice),
            late_answer::body.eq(&new.body),
            late_answer::arrived_at.eq(self.now.0),
        );
        let kept = on_backend!(self.conn, |c| diesel::insert_into(late_answer::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        Ok(kept > 0)
    }

    /// How many late revisions an attempt has: what comes late is bounded too.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn late_count(&mut self, id: &AttemptId) -> Result<i64, Error> {
        Ok(late_answer::table.filter(late_answer::attempt_id.eq(id.as_str())).count().get_result(self.conn)?)
    }

    /// One stored answer.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn answer(&mut self, id: &AttemptId, position: i64) -> Result<Option<Answer>, Error> {
        Ok(answer::table.find((id.as_str(), position)).select(Answer::as_select()).first(self.conn).optional()?)
    }

    /// Every stored answer of an attempt, in the order of positions.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn answers(&mut self, id: &AttemptId) -> Result<Vec<Answer>, Error> {
        Ok(answer::table
            .filter(answer::attempt_id.eq(id.as_str()))
            .order(answer::position)
            .select(Answer::as_select())
            .load(self.conn)?)
    }

    /// For the board: by attempt of a sitting, the instant of the last save and how many positions are answered.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn progress_in(&mut self, sitting: &SittingId) -> Result<BTreeMap<AttemptId, (Option<Instant>, i64)>, Error> {
        let saves: Vec<(String, Option<i64>)> = answer::table
            .inner_join(attempt::table.on(attempt::id.eq(answer::attempt_id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .group_by(answer::attempt_id)
            .select((answer::attempt_id, diesel::dsl::max(answer::saved_at)))
            .load(self.conn)?;
        let answered: Vec<(String, i64)> = answer::table
            .inner_join(attempt::table.on(attempt::id.eq(answer::attempt_id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .filter(answer::choice.is_not_null().or(answer::body.is_not_null().and(answer::body.ne(""))))
            .group_by(answer::attempt_id)
            .select((answer::attempt_id, diesel::dsl::count_star()))
            .load(self.conn)?;
        let mut progress: BTreeMap<AttemptId, (Option<Instant>, i64)> =
            saves.into_iter().map(|(id, at)| (AttemptId(id), (at.map(Instant), 0))).collect();
        for (id, count) in answered {
            progress.entry(AttemptId(id)).or_default().1 = count;
        }
        Ok(progress)
    }

    /// How many late revisions each attempt of a sitting has.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn late_in(&mut self, sitting: &SittingId) -> Result<BTreeMap<AttemptId, i64>, Error> {
        let rows: Vec<(String, i64)> = late_answer::table
            .inner_join(attempt::table.on(attempt::id.eq(late_answer::attempt_id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .group_by(late_answer::attempt_id)
            .select((late_answer::attempt_id, diesel::dsl::count_star()))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(id, count)| (AttemptId(id), count)).collect())
    }
}
