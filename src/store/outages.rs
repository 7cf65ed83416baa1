//! Outages as they were measured, and what was decided about them.

use diesel::prelude::*;

use super::schema::{attempt, heartbeat, outage, outage_decision, registration};
use super::{Error, Sighted, Tx};
use crate::domain::ids::{AttemptId, PersonId, SittingId};
use crate::domain::outage::{Gap, OutageDecision};
use crate::domain::timing::Instant;

/// An outage.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = outage)]
pub struct Outage {
    /// Which.
    pub id: String,
    /// Whose page was not heard of; the server itself was away without one.
    pub attempt_id: Option<String>,
    /// When it began, in milliseconds.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: i64,
}

impl Outage {
    /// When it was.
    pub fn gap(&self) -> Gap {
        Gap { from: Instant(self.began_at), until: Instant(self.ended_at) }
    }
}

impl Tx<'_, Sighted> {
    /// The last heartbeat.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn heartbeat(&mut self) -> Result<Option<Instant>, Error> {
        let at: Option<i64> = heartbeat::table.find(1).select(heartbeat::beat_at).first(self.conn).optional()?;
        Ok(at.map(Instant))
    }

    /// Notes a heartbeat.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn heartbeat_note(&mut self) -> Result<(), Error> {
        let beat = heartbeat::beat_at.eq(self.now.0);
        if diesel::update(heartbeat::table.find(1)).set(beat).execute(self.conn)? == 0 {
            diesel::insert_into(heartbeat::table).values((heartbeat::id.eq(1), beat)).execute(self.conn)?;
        }
        Ok(())
    }

    /// Records an outage of the server, or of contact with one attempt's page.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn outage_add(&mut self, of: Option<&AttemptId>, gap: Gap) -> Result<(), Error> {
        let new = Outage {
            id: self.entropy.id(),
            attempt_id: of.map(|id| id.0.clone()),
            began_at: gap.from.0,
            ended_at: gap.until.0,
        };
        diesel::insert_into(outage::table).values(&new).execute(self.conn)?;
        Ok(())
    }

    /// Outages of the server that ended after `since`, and those of contact in the sitting's attempts that are not closed;
    /// in the order of time.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn outages(&mut self, sitting: &SittingId, since: Instant) -> Result<Vec<Outage>, Error> {
        let mut found: Vec<Outage> = outage::table
            .filter(outage::attempt_id.is_null())
            .filter(outage::ended_at.gt(since.0))
            .order((outage::began_at, outage::id))
            .limit(200)
            .select(Outage::as_select())
            .load(self.conn)?;
        let of_contact: Vec<Outage> = outage::table
            .inner_join(attempt::table.on(outage::attempt_id.eq(attempt::id.nullable())))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .filter(attempt::closed_at.is_null())
            .order((outage::began_at, outage::id))
            .limit(1000)
            .select(Outage::as_select())
            .load(self.conn)?;
        found.extend(of_contact);
        Ok(found)
    }

    /// The outages about which something was decided in a sitting.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn outages_decided(&mut self, sitting: &SittingId) -> Result<Vec<String>, Error> {
        Ok(outage_decision::table
            .filter(outage_decision::sitting_id.eq(sitting.as_str()))
            .select(outage_decision::outage_id)
            .load(self.conn)?)
    }

    /// Records what was decided about an outage in a sitting; once and for all.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn outage_decide(
        &mut self,
        id: &str,
        sitting: &SittingId,
        decision: OutageDecision,
        by: &PersonId,
    ) -> Result<(), Error> {
        diesel::insert_into(outage_decision::table)
            .values((
                outage_decision::outage_id.eq(id),
                outage_decision::sitting_id.eq(sitting.as_str()),
                outage_decision::decision.eq(decision.as_str()),
                outage_decision::decided_by.eq(by.as_str()),
                outage_decision::decided_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}
