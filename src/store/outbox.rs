//! The outbox: everything that is told to people, written in the transaction of its cause, delivered by the clerk, and
//! readable in the person's inbox. A message is stored as its kind and parameters; its words are found when it is read.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::outbox;
use super::{Error, Sighted, Tx, to_json};
use crate::domain::ids::{MessageId, PersonId};
use crate::domain::timing::Instant;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Message {
    /// Which.
    pub id: String,
    /// To whom.
    pub person_id: String,
    /// Of what kind.
    pub kind: String,
    /// What fills its blanks, as a JSON object of strings.
    pub parameters: String,
    /// When it was written, in milliseconds.
    pub created_at: i64,
    /// How often its delivery was tried.
    pub tries: i64,
}

/// A kind that carries a secret: it is delivered, never listed, and its parameters are wiped once it is sent.
pub const SECRET_KINDS: [&str; 1] = ["invitation"];
/// How often delivery is tried.
pub const MAX_TRIES: i64 = 8;

impl Tx<'_, Sighted> {
    /// Writes a message.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn message_add(&mut self, to: &PersonId, kind: &str, parameters: &serde_json::Value) -> Result<(), Error> {
        let id: MessageId = self.fresh();
        diesel::insert_into(outbox::table)
            .values((
                outbox::id.eq(id.as_str()),
                outbox::person_id.eq(to.as_str()),
                outbox::kind.eq(kind),
                outbox::parameters.eq(to_json(parameters)?),
                outbox::created_at.eq(self.now.0),
                outbox::state.eq("pending"),
                outbox::tries.eq(0_i64),
                outbox::next_try_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Messages whose delivery is due, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn messages_due(&mut self, limit: i64) -> Result<Vec<Message>, Error> {
        Ok(outbox::table
            .filter(outbox::state.eq("pending"))
            .filter(outbox::next_try_at.le(self.now.0))
            .order(outbox::next_try_at)
            .limit(limit)
            .select(Message::as_select())
            .load(self.conn)?)
    }

    /// Records what became of a delivery. One that failed is tried again later, at growing intervals, up to
    /// [`MAX_TRIES`] times.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn message_delivered(&mut self, of: &Message, sent: bool) -> Result<(), Error> {
        let tries = of.tries + 1;
        let state = match sent {
            true => "sent",
            false if tries >= MAX_TRIES => "failed",
            false => "pending",
        };
        let wait_seconds = 30 << tries.min(MAX_TRIES);
        diesel::update(outbox::table.find(&of.id))
            .set((
                outbox::state.eq(state),
                outbox::tries.eq(tries),
                outbox::next_try_at.eq(self.now.plus_seconds(wait_seconds).0),
                outbox::sent_at.eq(sent.then_some(self.now.0)),
            ))
            .execute(self.conn)?;
        if sent && SECRET_KINDS.contains(&of.kind.as_str()) {
            diesel::update(outbox::table.find(&of.id)).set(outbox::parameters.eq("{}")).execute(self.conn)?;
        }
        Ok(())
    }

    /// A person's messages, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn messages_of(&mut self, who: &PersonId, limit: i64) -> Result<Vec<Message>, Error> {
        Ok(outbox::table
            .filter(outbox::person_id.eq(who.as_str()))
            .filter(outbox::kind.ne_all(SECRET_KINDS))
            .order((outbox::created_at.desc(), outbox::id))
            .limit(limit)
            .select(Message::as_select())
            .load(self.conn)?)
    }
}

impl Message {
    /// When it was written.
    pub fn written_at(&self) -> Instant {
        Instant(self.created_at)
    }
}
