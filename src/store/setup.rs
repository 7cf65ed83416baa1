//! What makes the exam room the same on every device: preferences, notes on a paper, and earlier versions of prose.

use diesel::prelude::*;
use diesel::upsert::excluded;
use serde::{Deserialize, Serialize};

use super::conn::on_backend;
use super::schema::{answer_history, attempt_note, preference};
use super::{Error, Sighted, Tx, from_json, to_json};
use crate::domain::ids::{AttemptId, PersonId};
use crate::domain::setup::{Notes, Preferences};

/// An earlier version of prose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable)]
#[diesel(table_name = answer_history)]
pub struct Version {
    /// Which revision it was.
    pub revision: i64,
    /// What it said.
    pub body: String,
    /// When it arrived, in milliseconds.
    pub saved_at: i64,
}

impl Tx<'_, Sighted> {
    /// How somebody likes the exam room; nothing when they never said.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn preferences(&mut self, who: &PersonId) -> Result<Option<Preferences>, Error> {
        let text: Option<String> =
            preference::table.find(who.as_str()).select(preference::document).first(self.conn).optional()?;
        text.map(|text| from_json("preference", &text)).transpose()
    }

    /// Keeps how somebody likes the exam room.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn preferences_set(&mut self, who: &PersonId, new: &Preferences) -> Result<(), Error> {
        let row = (
            preference::person_id.eq(who.as_str()),
            preference::document.eq(to_json(new)?),
            preference::saved_at.eq(self.now.0),
        );
        on_backend!(self.conn, |c| diesel::insert_into(preference::table)
            .values(row)
            .on_conflict(preference::person_id)
            .do_update()
            .set((
                preference::document.eq(excluded(preference::document)),
                preference::saved_at.eq(excluded(preference::saved_at)),
            ))
            .execute(c))?;
        Ok(())
    }

    /// The notes on a paper with their revision; nought while there are none.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn notes(&mut self, id: &AttemptId) -> Result<(i64, Notes), Error> {
        let row: Option<(i64, String)> = attempt_note::table
            .find(id.as_str())
            .select((attempt_note::revision, attempt_note::document))
            .first(self.conn)
            .optional()?;
        match row {
            Some((revision, text)) => Ok((revision, from_json("attempt_note", &text)?)),
            None => Ok((0, Notes::default())),
        }
    }

    /// Keeps notes on a paper, unless those kept are as new or newer: then nothing changes.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn notes_save(&mut self, id: &AttemptId, revision: i64, new: &Notes) -> Result<(), Error> {
        use diesel::query_dsl::methods::FilterDsl as _;
        let row = (
            attempt_note::attempt_id.eq(id.as_str()),
            attempt_note::revision.eq(revision),
            attempt_note::document.eq(to_json(new)?),
            attempt_note::saved_at.eq(self.now.0),
        );
        on_backend!(self.conn, |c| diesel::insert_into(attempt_note::table)
            .values(row)
            .on_conflict(attempt_note::attempt_id)
            .do_update()
            .set((
                attempt_note::revision.eq(excluded(attempt_note::revision)),
                attempt_note::document.eq(excluded(attempt_note::document)),
                attempt_note::saved_at.eq(excluded(attempt_note::saved_at)),
            ))
            .filter(excluded(attempt_note::revision).gt(attempt_note::revision))
            .execute(c))?;
        Ok(())
    }

    /// Earlier versions of the prose at a position, the newest first, from below revision `before` on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn versions(&mut self, id: &AttemptId, position: i64, before: i64, limit: i64) -> Result<Vec<Version>, Error> {
        Ok(answer_history::table
            .filter(answer_history::attempt_id.eq(id.as_str()))
            .filter(answer_history::position.eq(position))
            .filter(answer_history::revision.lt(before))
            .order(answer_history::revision.desc())
            .limit(limit)
            .select(Version::as_select())
            .load(self.conn)?)
    }
}
