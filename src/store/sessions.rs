//! Sessions: who is signed in, and with what authority. Tells ids and roles, never a name, and so is open to blind
//! transactions too.

use diesel::prelude::*;

use super::schema::{person_role, session};
use super::{Error, Tx, word};
use crate::domain::ids::{AssociationId, PersonId, SessionId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Authority;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Role;

impl<S> Tx<'_, S> {
    /// Begins a session.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn session_begin(&mut self, id: &SessionId, who: &PersonId, expires_at: Instant) -> Result<(), Error> {
        diesel::insert_into(session::table)
            .values((
                session::id.eq(id.as_str()),
                session::person_id.eq(who.as_str()),
                session::created_at.eq(self.now.0),
                session::expires_at.eq(expires_at.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Ends a session: every token that names it is dead from then on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn session_end(&mut self, id: &SessionId) -> Result<(), Error> {
        diesel::update(session::table.find(id.as_str()).filter(session::ended_at.is_null()))
            .set(session::ended_at.eq(self.now.0))
            .execute(self.conn)?;
        Ok(())
    }

    /// Ends every session of a person.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sessions_end_all(&mut self, who: &PersonId) -> Result<(), Error> {
        diesel::update(session::table.filter(session::person_id.eq(who.as_str())).filter(session::ended_at.is_null()))
            .set(session::ended_at.eq(self.now.0))
            .execute(self.conn)?;
        Ok(())
    }

    /// What the session's person may do, provided that it is alive.
    ///
    /// # Errors
    /// [`Refusal::NotSignedIn`] when the session has ended or expired.
    pub fn authority(&mut self, id: &SessionId) -> Result<Authority, Error> {
        let rows: Vec<(String, Option<String>, Option<String>)> = session::table
            .left_join(person_role::table.on(person_role::person_id.eq(session::person_id)))
            .filter(session::id.eq(id.as_str()))
            .filter(session::ended_at.is_null())
            .filter(session::expires_at.gt(self.now.0))
            .select((session::person_id, person_role::role.nullable(), person_role::association_id.nullable()))
            .load(self.conn)?;
        let person = rows.first().map(|r| PersonId(r.0.clone())).ok_or(Refusal::NotSignedIn)?;
        let roles = rows
            .into_iter()
            .filter_map(|(_, role, place)| Some((role?, place?)))
            .map(|(role, place)| Ok((word("person_role", &role, Role::parse)?, AssociationId(place))))
            .collect::<Result<_, Error>>()?;
        Ok(Authority { person, roles })
    }

    /// Forgets sessions that expired before `before`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sessions_forget(&mut self, before: Instant) -> Result<usize, Error> {
        Ok(diesel::delete(session::table.filter(session::expires_at.lt(before.0))).execute(self.conn)?)
    }
}
