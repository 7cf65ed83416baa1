//! The proctor's desk: the board of a sitting, admission, incidents. Coordinators use it too.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::facts::sitting_for;
use super::{Office, Place};
use crate::domain::ids::{AttemptId, PersonId, RegistrationId, SessionId, SittingId};
use crate::domain::incident::IncidentKind;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Act;
use crate::store::audit::Entry;
use crate::store::people::Person;
use crate::store::room::Resolution;
use crate::store::sittings::Incident;
use crate::store::{Call, Error, Sighted};

/// The desk for the room.
pub struct Proctor(pub(super) Place<Sighted>);

/// Something to be recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewIncident {
    /// To whom, if to one.
    pub registration: Option<RegistrationId>,
    /// Of what kind.
    pub kind: String,
    /// What happened.
    pub note: String,
}

/// An incident with whom it concerns.
pub struct IncidentFile {
    /// What happened.
    pub incident: Incident,
    /// To whom, if to one.
    pub about: Option<Person>,
    /// Who says so.
    pub reported_by: Person,
    /// How it was dealt with, and by whom.
    pub resolution: Option<(String, Person)>,
}

impl Proctor {
    /// The desk of whoever holds that session.
    pub fn new(office: Office, session: SessionId, call: Call) -> Self {
        Self(Place::new(office, session, call))
    }

    /// In which sitting an attempt is made.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn sitting_of(&self, id: &AttemptId) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let seat = tx.attempt(&id)?.registration;
                let sitting = tx.registration(&seat)?.sitting;
                Ok(sitting_for(tx, me, Act::RunRoom, &sitting)?.id)
            })
            .await
    }

    /// In which sitting a seat is.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn sitting_of_seat(&self, id: &RegistrationId) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let sitting = tx.registration(&id)?.sitting;
                Ok(sitting_for(tx, me, Act::RunRoom, &sitting)?.id)
            })
            .await
    }

    /// Confirms an examinee's identity; with a reason, lets them in although they are late.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`]: letting somebody in late is the coordinator's to do.
    pub async fn admit(&self, id: &RegistrationId, late_reason: Option<String>) -> Result<(), Error> {
        let (id, told) = (id.clone(), id.clone());
        self.0
            .write(move |tx, me| {
                let seat = tx.registration(&id)?;
                let act = if late_reason.is_some() { Act::RunSittings } else { Act::RunRoom };
                let sitting = sitting_for(tx, me, act, &seat.sitting)?;
                if late_reason.as_ref().is_some_and(|r| r.trim().is_empty() || r.chars().count() > 500) {
                    return Err(Refusal::invalid("/late_reason", "between 1 and 500 characters").into());
                }
                tx.registration_admit(&id, late_reason.as_deref())?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "registration.admit",
                    subject: id.0.clone(),
                    detail: json!({ "late_reason": late_reason }),
                })
            })
            .await?;
        self.0.office.pulse.tell_seat(told);
        Ok(())
    }

    /// What happened in the room, newest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn incidents(&self, id: &SittingId) -> Result<Vec<IncidentFile>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                sitting_for(tx, me, Act::SeeBoard, &id)?;
                let mut files = Vec::new();
                let mut resolutions = tx.resolutions_in(&id)?;
                for incident in tx.incidents(&id)?.into_iter().rev() {
                    let about = match incident.registration() {
                        Some(seat) => {
                            let who = tx.registration(&seat)?.person;
                            Some(tx.person(&who)?)
                        }
                        None => None,
                    };
                    let reported_by = tx.person(&PersonId(incident.reported_by.clone()))?;
                    let resolution = match resolutions.remove(&incident.id) {
                        Some(Resolution { note, by }) => Some((note, tx.person(&by)?)),
                        None => None,
                    };
                    files.push(IncidentFile { incident, about, reported_by, resolution });
                }
                Ok(files)
            })
            .await
    }

    /// Records an incident.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn incident_add(&self, id: &SittingId, new: NewIncident) -> Result<Incident, Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &id)?;
                if IncidentKind::parse(&new.kind).is_none() {
                    let kinds: Vec<&str> = IncidentKind::ALL.iter().map(|kind| kind.as_str()).collect();
                    return Err(Refusal::invalid("/kind", format!("one of {}", kinds.join(", "))).into());
                }
                if new.note.trim().is_empty() || new.note.chars().count() > 2000 {
                    return Err(Refusal::invalid("/note", "between 1 and 2000 characters").into());
                }
                if let Some(seat) = &new.registration
                    && tx.registration(seat)?.sitting != id
                {
                    return Err(Refusal::NotFound.into());
                }
                let incident = Incident {
                    id: tx.entropy().id(),
                    sitting_id: id.0.clone(),
                    registration_id: new.registration.as_ref().map(|r| r.0.clone()),
                    kind: new.kind.clone(),
                    note: new.note.clone(),
                    reported_by: me.person.0.clone(),
                    reported_at: tx.now().0,
                    resolved_at: None,
                };
                tx.incident_add(&incident)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "incident.record",
                    subject: incident.id.clone(),
                    detail: json!({ "sitting": id, "kind": new.kind, "registration": new.registration }),
                })?;
                Ok(incident)
            })
            .await
    }

    /// Marks an incident as dealt with, with a note that says how, if there is anything to say.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::NotFound`].
    pub async fn incident_resolve(&self, id: &SittingId, incident: String, note: String) -> Result<(), Error> {
        let id = id.clone();
        self.0
            .write(move |tx, me| {
                let sitting = sitting_for(tx, me, Act::RunRoom, &id)?;
                let note = note.trim();
                if note.chars().count() > 2000 {
                    return Err(Refusal::invalid("/note", "at most 2000 characters").into());
                }
                tx.incident_resolve(&id, &incident)?;
                tx.resolution_add(&incident, note, &me.person)?;
                tx.audit(Entry {
                    association: Some(sitting.association),
                    actor: me.person.0.clone(),
                    act: "incident.resolve",
                    subject: incident.clone(),
                    detail: json!({ "sitting": id }),
                })
            })
            .await
    }
}
