//! Pauses of a sitting, breaks of an examinee, and the clocks they stop.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::attempts::Attempt;
use super::schema::{attempt, attempt_break, clock_state, registration, sitting_pause};
use super::{Error, Sighted, Tx};
use crate::domain::ids::{AttemptId, PersonId, SittingId};
use crate::domain::stop::{Span, Stop};
use crate::domain::timing::{Instant, Term};

/// A pause of a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = sitting_pause)]
pub struct Pause {
    /// Which.
    pub id: String,
    /// Of which sitting.
    pub sitting_id: String,
    /// Why.
    pub reason: String,
    /// Who paused it.
    pub paused_by: String,
    /// When, in milliseconds.
    pub paused_at: i64,
    /// Who let it go on.
    pub resumed_by: Option<String>,
    /// From when on it goes on, a whole number of seconds after `paused_at`.
    pub resumed_at: Option<i64>,
}

impl Pause {
    /// When it was.
    pub fn span(&self) -> Span {
        Span { from: Instant(self.paused_at), until: self.resumed_at.map(Instant) }
    }
}

/// A break of one examinee.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = attempt_break)]
pub struct Break {
    /// Which.
    pub id: String,
    /// In which attempt.
    pub attempt_id: String,
    /// When it began, in milliseconds.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// What the clock was given back for it so far.
    pub seconds: i64,
}

impl Tx<'_, Sighted> {
    /// The pauses of a sitting, in the order of time.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pauses(&mut self, sitting: &SittingId) -> Result<Vec<Pause>, Error> {
        Ok(sitting_pause::table
            .filter(sitting_pause::sitting_id.eq(sitting.as_str()))
            .order((sitting_pause::paused_at, sitting_pause::id))
            .limit(1000)
            .select(Pause::as_select())
            .load(self.conn)?)
    }

    /// The pause in which a sitting is.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pause_open(&mut self, sitting: &SittingId) -> Result<Option<Pause>, Error> {
        Ok(sitting_pause::table
            .filter(sitting_pause::sitting_id.eq(sitting.as_str()))
            .filter(sitting_pause::resumed_at.is_null())
            .select(Pause::as_select())
            .first(self.conn)
            .optional()?)
    }

    /// The pause in which an attempt's sitting is.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pause_of(&mut self, of: &Attempt) -> Result<Option<Pause>, Error> {
        let sitting: String =
            registration::table.find(of.registration.as_str()).select(registration::sitting_id).first(self.conn)?;
        self.pause_open(&SittingId(sitting))
    }

    /// Begins a pause.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pause_begin(&mut self, sitting: &SittingId, reason: &str, by: &PersonId) -> Result<Pause, Error> {
        let pause = Pause {
            id: self.entropy.id(),
            sitting_id: sitting.0.clone(),
            reason: reason.to_owned(),
            paused_by: by.0.clone(),
            paused_at: self.now.0,
            resumed_by: None,
            resumed_at: None,
        };
        diesel::insert_into(sitting_pause::table).values(&pause).execute(self.conn)?;
        Ok(pause)
    }

    /// Ends a pause; the clocks run from `at` on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn pause_end(&mut self, pause: &Pause, at: Instant, by: &PersonId) -> Result<(), Error> {
        diesel::update(sitting_pause::table.find(&pause.id))
            .set((sitting_pause::resumed_at.eq(at.0), sitting_pause::resumed_by.eq(by.as_str())))
            .execute(self.conn)?;
        Ok(())
    }

    /// Stops an attempt's clock.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn clock_stop(&mut self, id: &AttemptId, stop: Stop) -> Result<(), Error> {
        self.clock_state_set(id, Some(stop), None)
    }

    fn clock_state_set(&mut self, id: &AttemptId, stop: Option<Stop>, runs_from: Option<Instant>) -> Result<(), Error> {
        let columns = (
            clock_state::stopped_at.eq(stop.map(|stop| stop.since.0)),
            clock_state::stop_until.eq(stop.and_then(|stop| stop.until).map(|until| until.0)),
            clock_state::runs_from.eq(runs_from.map(|from| from.0)),
        );
        let changed = diesel::update(clock_state::table.find(id.as_str())).set(columns).execute(self.conn)?;
        if changed == 0 {
            let row = (clock_state::attempt_id.eq(id.as_str()), columns);
            diesel::insert_into(clock_state::table).values(row).execute(self.conn)?;
        }
        Ok(())
    }

    /// Lets an attempt's clock run on from `from`, with what the stop gives back; nothing when that is no time at all.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn clock_run(
        &mut self,
        of: &Attempt,
        from: Instant,
        term: Option<&Term>,
        by: Option<&PersonId>,
    ) -> Result<Attempt, Error> {
        if let Some(term) = term {
            self.term_append(of, term, by)?;
        }
        self.clock_state_set(&of.id, None, Some(from))?;
        self.attempt(&of.id)
    }

    /// Attempts whose break has lasted as long as it may.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn breaks_lapsed(&mut self, limit: i64) -> Result<Vec<AttemptId>, Error> {
        let ids: Vec<String> = clock_state::table
            .inner_join(attempt::table.on(attempt::id.eq(clock_state::attempt_id)))
            .filter(attempt::closed_at.is_null())
            .filter(clock_state::stop_until.le(self.now.0))
            .order(clock_state::stop_until)
            .limit(limit)
            .select(clock_state::attempt_id)
            .load(self.conn)?;
        Ok(ids.into_iter().map(AttemptId).collect())
    }

    /// The breaks of an attempt, in the order of time.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn breaks_of(&mut self, id: &AttemptId) -> Result<Vec<Break>, Error> {
        Ok(attempt_break::table
            .filter(attempt_break::attempt_id.eq(id.as_str()))
            .order((attempt_break::began_at, attempt_break::id))
            .select(Break::as_select())
            .load(self.conn)?)
    }

    /// Begins a break.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn break_begin(&mut self, id: &AttemptId) -> Result<(), Error> {
        let new =
            Break { id: self.entropy.id(), attempt_id: id.0.clone(), began_at: self.now.0, ended_at: None, seconds: 0 };
        diesel::insert_into(attempt_break::table).values(&new).execute(self.conn)?;
        Ok(())
    }

    /// Adds what the clock was given back to the break that is being taken.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn break_credit(&mut self, id: &AttemptId, seconds: i64) -> Result<(), Error> {
        let open = attempt_break::table
            .filter(attempt_break::attempt_id.eq(id.as_str()))
            .filter(attempt_break::ended_at.is_null());
        diesel::update(open).set(attempt_break::seconds.eq(attempt_break::seconds + seconds)).execute(self.conn)?;
        Ok(())
    }

    /// Ends the break that is being taken, if one is.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn break_end(&mut self, id: &AttemptId, at: Instant) -> Result<(), Error> {
        let open = attempt_break::table
            .filter(attempt_break::attempt_id.eq(id.as_str()))
            .filter(attempt_break::ended_at.is_null());
        diesel::update(open).set(attempt_break::ended_at.eq(at.0)).execute(self.conn)?;
        Ok(())
    }
}
