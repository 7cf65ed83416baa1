//! What proctors say and decide in the room: messages to examinees, how incidents were dealt with, parts they ended.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{attempt, incident, incident_resolution, proctor_closing, registration, room_message};
use super::{Error, Sighted, Tx, word};
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SittingId};
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Part;

/// A message of the proctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = room_message)]
pub struct RoomMessage {
    /// Which.
    pub id: String,
    /// In which sitting.
    pub sitting_id: String,
    /// To whom, if to one.
    pub registration_id: Option<String>,
    /// What it says.
    pub body: String,
    /// Who wrote it.
    pub sent_by: String,
    /// When, in milliseconds.
    pub sent_at: i64,
}

/// How an incident was dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// What was done.
    pub note: String,
    /// By whom.
    pub by: PersonId,
}

/// A part that a proctor ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Whose part.
    pub whose: PersonId,
    /// Which.
    pub part: Part,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

impl Tx<'_, Sighted> {
    /// Sends a message.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn room_message_add(
        &mut self,
        sitting: &SittingId,
        to: Option<&RegistrationId>,
        body: &str,
        by: &PersonId,
    ) -> Result<RoomMessage, Error> {
        let new = RoomMessage {
            id: self.entropy.id(),
            sitting_id: sitting.0.clone(),
            registration_id: to.map(|seat| seat.0.clone()),
            body: body.to_owned(),
            sent_by: by.0.clone(),
            sent_at: self.now.0,
        };
        diesel::insert_into(room_message::table).values(&new).execute(self.conn)?;
        Ok(new)
    }

    /// The messages of a sitting that one seat is to read, sent since an instant, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn room_messages_for(
        &mut self,
        sitting: &SittingId,
        seat: &RegistrationId,
        since: Instant,
    ) -> Result<Vec<RoomMessage>, Error> {
        Ok(room_message::table
            .filter(room_message::sitting_id.eq(sitting.as_str()))
            .filter(room_message::sent_at.ge(since.0))
            .filter(room_message::registration_id.is_null().or(room_message::registration_id.eq(seat.as_str())))
            .order((room_message::sent_at, room_message::id))
            .limit(500)
            .select(RoomMessage::as_select())
            .load(self.conn)?)
    }

    /// The messages of a sitting, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn room_messages_in(&mut self, sitting: &SittingId) -> Result<Vec<RoomMessage>, Error> {
        Ok(room_message::table
            .filter(room_message::sitting_id.eq(sitting.as_str()))
            .order((room_message::sent_at.desc(), room_message::id))
            .limit(200)
            .select(RoomMessage::as_select())
            .load(self.conn)?)
    }

    /// How many messages were sent in a sitting since an instant.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn room_messages_since(&mut self, sitting: &SittingId, since: Instant) -> Result<i64, Error> {
        Ok(room_message::table
            .filter(room_message::sitting_id.eq(sitting.as_str()))
            .filter(room_message::sent_at.gt(since.0))
            .count()
            .get_result(self.conn)?)
    }

    /// Keeps how an incident was dealt with.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn resolution_add(&mut self, id: &str, note: &str, by: &PersonId) -> Result<(), Error> {
        let row = (
            incident_resolution::incident_id.eq(id),
            incident_resolution::note.eq(note),
            incident_resolution::resolved_by.eq(by.as_str()),
        );
        diesel::insert_into(incident_resolution::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// How the incidents of a sitting were dealt with, by incident.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn resolutions_in(&mut self, sitting: &SittingId) -> Result<BTreeMap<String, Resolution>, Error> {
        let rows: Vec<(String, String, String)> = incident_resolution::table
            .inner_join(incident::table.on(incident::id.eq(incident_resolution::incident_id)))
            .filter(incident::sitting_id.eq(sitting.as_str()))
            .select((incident_resolution::incident_id, incident_resolution::note, incident_resolution::resolved_by))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(id, note, by)| (id, Resolution { note, by: PersonId(by) })).collect())
    }

    /// Keeps why a proctor ended a part.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn proctor_closing_add(&mut self, id: &AttemptId, reason: &str, by: &PersonId) -> Result<(), Error> {
        let row = (
            proctor_closing::attempt_id.eq(id.as_str()),
            proctor_closing::reason.eq(reason),
            proctor_closing::closed_by.eq(by.as_str()),
        );
        diesel::insert_into(proctor_closing::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// The parts of a sitting that a proctor ended, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn proctor_closings_in(&mut self, sitting: &SittingId) -> Result<Vec<Closing>, Error> {
        type Found = (String, String, String, String, Option<i64>);
        let rows: Vec<Found> = proctor_closing::table
            .inner_join(attempt::table.on(attempt::id.eq(proctor_closing::attempt_id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .order((attempt::closed_at.desc(), attempt::id))
            .limit(500)
            .select((
                registration::person_id,
                attempt::part,
                proctor_closing::reason,
                proctor_closing::closed_by,
                attempt::closed_at,
            ))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(whose, part, reason, by, at)| {
                let at = Instant(at.ok_or_else(|| Error::stored("proctor_closing: of an open part"))?);
                let part = word("attempt", &part, Part::parse)?;
                Ok(Closing { whose: PersonId(whose), part, reason, by: PersonId(by), at })
            })
            .collect()
    }

    /// Why a proctor ended a part, if one did.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn proctor_closing(&mut self, id: &AttemptId) -> Result<Option<String>, Error> {
        Ok(proctor_closing::table.find(id.as_str()).select(proctor_closing::reason).first(self.conn).optional()?)
    }
}
