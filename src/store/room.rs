//! What proctors say and decide in the room: messages to examinees, how incidents were dealt with, parts they ended.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{incident, incident_resolution, proctor_closing, room_message};
use super::{Error, Sighted, Tx};
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SittingId};
use crate::domain::timing::Instant;

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

    /// Why a proctor ended a part, if one did.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn proctor_closing(&mut self, id: &AttemptId) -> Result<Option<String>, Error> {
        Ok(proctor_closing::table.find(id.as_str()).select(proctor_closing::reason).first(self.conn).optional()?)
    }
}
