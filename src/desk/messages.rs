//! Messages from the proctor to the room, and parts that a proctor ends.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::closing::close;
use super::examinee::Examinee;
use super::facts::{own_attempt, sitting_for};
use super::proctor::Proctor;
use super::pulse::Beat;
use super::stops::reason_of;
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SittingId};
use crate::domain::receipt::Receipt;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::domain::timing::{ClosedBy, Instant};
use crate::store::Error;
use crate::store::audit::Entry;
use crate::store::people::Person;
use crate::store::room::{Closing, RoomMessage};

/// The most characters of a message.
pub const MAX_MESSAGE: usize = 500;
/// How many messages a sitting may send in a minute.
const MOST_A_MINUTE: i64 = 20;

/// A message as its examinee reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Which.
    pub id: String,
    /// What it says: plain text.
    pub text: String,
    /// When it was sent, RFC 3339.
    pub sent_at: String,
}

/// A message with whom it is to and from.
pub struct MessageFile {
    /// The message.
    pub message: RoomMessage,
    /// To whom, if to one.
    pub to: Option<Person>,
    /// From whom.
    pub from: Person,
}

impl From<RoomMessage> for MessageView {
    fn from(message: RoomMessage) -> Self {
        Self { id: message.id, text: message.body, sent_at: Instant(message.sent_at).rfc3339() }
    }
}

/// A message as it is sent: without blanks around it, and of nothing but text and line breaks.
fn text_of(text: &str) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_MESSAGE {
        return Err(Refusal::invalid("/text", format!("between 1 and {MAX_MESSAGE} characters")));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(Refusal::invalid("/text", "no control characters"));
    }
    Ok(text.to_owned())
}

impl Proctor {
    /// Sends a message to everybody in the room, or to one.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::TooManyMessages`], [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn message_send(
        &self,
        id: &SittingId,
        text: String,
        to: Option<RegistrationId>,
    ) -> Result<RoomMessage, Error> {
        let (wanted, seat) = (id.clone(), to.clone());
        let message = self
            .0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &wanted)?;
                let text = text_of(&text)?;
                if let Some(seat) = &seat
                    && tx.registration(seat)?.sitting != wanted
                {
                    return Err(Refusal::NotFound.into());
                }
                if tx.room_messages_since(&wanted, tx.now().plus_seconds(-60))? >= MOST_A_MINUTE {
                    return Err(Refusal::TooManyMessages { retry_after_seconds: 60 }.into());
                }
                let message = tx.room_message_add(&wanted, seat.as_ref(), &text, &me.person)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "message.send",
                    subject: message.id.clone(),
                    detail: json!({ "sitting": wanted, "registration": seat, "characters": text.chars().count() }),
                })?;
                Ok(message)
            })
            .await?;
        self.0.office.pulse.tell(Beat::Message(id.clone(), to));
        Ok(message)
    }

    /// The messages of a sitting, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn messages(&self, id: &SittingId) -> Result<Vec<MessageFile>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                sitting_for(tx, me, Act::SeeBoard, &id)?;
                let mut files = Vec::new();
                for message in tx.room_messages_in(&id)? {
                    let to = match &message.registration_id {
                        Some(seat) => {
                            let who = tx.registration(&RegistrationId(seat.clone()))?.person;
                            Some(tx.person(&who)?)
                        }
                        None => None,
                    };
                    let from = tx.person(&PersonId(message.sent_by.clone()))?;
                    files.push(MessageFile { message, to, from });
                }
                Ok(files)
            })
            .await
    }

    /// Ends one examinee's part, from what is stored. One that is closed gives the receipt it has.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn attempt_close(&self, id: &AttemptId, reason: String) -> Result<Receipt, Error> {
        let (wanted, key) = (id.clone(), self.0.office.receipts.clone());
        let receipt = self
            .0
            .write(move |tx, me| {
                let attempt = tx.attempt(&wanted)?;
                let seat = tx.registration(&attempt.registration)?;
                let sitting = sitting_for(tx, me, Act::RunRoom, &seat.sitting)?;
                let reason = reason_of(&reason)?;
                if let Some(receipt) = &attempt.receipt {
                    return Ok(receipt.clone());
                }
                if attempt.clock.is_over(tx.now()) {
                    let ended = attempt.clock.ends_at(tx.now());
                    return close(tx, &key, &attempt, ended, ClosedBy::Deadline, "clerk");
                }
                let receipt = close(tx, &key, &attempt, tx.now(), ClosedBy::Proctor, me.person.as_str())?;
                tx.proctor_closing_add(&wanted, &reason, &me.person)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "attempt.close_by_proctor",
                    subject: wanted.0.clone(),
                    detail: json!({ "reason": reason }),
                })?;
                Ok(receipt)
            })
            .await?;
        self.0.office.pulse.tell(Beat::Closed(id.clone()));
        Ok(receipt)
    }
}

/// A part that a proctor ended, as those read it who run the room.
#[derive(Debug, Clone)]
pub struct ClosingFile {
    /// Which, when and why.
    pub closing: Closing,
    /// Whose part.
    pub whose: Person,
    /// Who ended it.
    pub by: Person,
}

impl Proctor {
    /// The parts of a sitting that a proctor ended, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn closings(&self, id: &SittingId) -> Result<Vec<ClosingFile>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                sitting_for(tx, me, Act::SeeBoard, &id)?;
                let closings = tx.proctor_closings_in(&id)?.into_iter();
                closings
                    .map(|closing| {
                        let (whose, by) = (tx.person(&closing.whose)?, tx.person(&closing.by)?);
                        Ok(ClosingFile { closing, whose, by })
                    })
                    .collect()
            })
            .await
    }
}

impl Examinee {
    /// What the proctor has told this examinee since the attempt began, oldest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn messages(&self, id: &AttemptId) -> Result<Vec<MessageView>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (attempt, seat) = own_attempt(tx, &me.person, &id)?;
                let messages = tx.room_messages_for(&seat.sitting, &seat.id, attempt.started_at)?;
                Ok(messages.into_iter().map(MessageView::from).collect())
            })
            .await
    }

    /// In which sitting and seat an own attempt is.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody else's.
    pub async fn place_of(&self, id: &AttemptId) -> Result<(SittingId, RegistrationId), Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let (_, seat) = own_attempt(tx, &me.person, &id)?;
                Ok((seat.sitting, seat.id))
            })
            .await
    }
}
