//! Authorisations to test, and seats in sittings.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{authorisation, registration};
use super::{Error, Sighted, Tx, word};
use crate::domain::ids::{AssociationId, PersonId, RegistrationId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Category, Strand, Track};

/// Leave to sit the exam, for one category, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = authorisation)]
pub struct Authorisation {
    /// Which.
    pub id: String,
    /// Of which association.
    pub association_id: String,
    /// Whose.
    pub person_id: String,
    /// For which track.
    pub track: String,
    /// For which category.
    pub category: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day.
    pub valid_until: String,
    /// The application's number in the system it comes from, or our own.
    pub reference: String,
    /// When it came here, in milliseconds.
    pub created_at: i64,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = registration)]
struct Row {
    id: String,
    sitting_id: String,
    person_id: String,
    track: String,
    category: String,
    strand: String,
    state: String,
    agreement_version: Option<String>,
    agreement_accepted_at: Option<i64>,
    admitted_at: Option<i64>,
    late_admission_reason: Option<String>,
    created_at: i64,
    practice: bool,
}

/// A person's seat in a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Which.
    pub id: RegistrationId,
    /// Where.
    pub sitting: SittingId,
    /// Whose.
    pub person: PersonId,
    /// For which track.
    pub track: Track,
    /// For which category.
    pub category: Category,
    /// The strand of Part Two.
    pub strand: Strand,
    /// Whether it still occupies its seat.
    pub cancelled: bool,
    /// Whether its result was released.
    pub completed: bool,
    /// The agreement that was accepted, and when.
    pub agreement: Option<(String, Instant)>,
    /// When the proctor confirmed the identity.
    pub admitted_at: Option<Instant>,
    /// Why the person was let in late, if so.
    pub late_admission_reason: Option<String>,
    /// When the seat was given.
    pub created_at: Instant,
    /// Whether it is for practice alone and counts nowhere.
    #[serde(default)]
    pub practice: bool,
}

impl TryFrom<Row> for Registration {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            track: word("registration", &row.track, Track::parse)?,
            category: word("registration", &row.category, Category::parse)?,
            strand: word("registration", &row.strand, Strand::parse)?,
            cancelled: row.state == "cancelled",
            completed: row.state == "completed",
            agreement: row.agreement_version.zip(row.agreement_accepted_at.map(Instant)),
            admitted_at: row.admitted_at.map(Instant),
            late_admission_reason: row.late_admission_reason,
            created_at: Instant(row.created_at),
            practice: row.practice,
            id: RegistrationId(row.id),
            sitting: SittingId(row.sitting_id),
            person: PersonId(row.person_id),
        })
    }
}

impl Tx<'_, Sighted> {
    /// Adds an authorisation.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn authorisation_add(&mut self, new: &Authorisation) -> Result<(), Error> {
        diesel::insert_into(authorisation::table).values(new).execute(self.conn)?;
        Ok(())
    }

    /// Whether an association has an authorisation of that reference.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn authorisation_exists(&mut self, place: &AssociationId, reference: &str) -> Result<bool, Error> {
        let found: i64 = authorisation::table
            .filter(authorisation::association_id.eq(place.as_str()))
            .filter(authorisation::reference.eq(reference))
            .count()
            .get_result(self.conn)?;
        Ok(found > 0)
    }

    /// A person's authorisations, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn authorisations_of(&mut self, who: &PersonId) -> Result<Vec<Authorisation>, Error> {
        Ok(authorisation::table
            .filter(authorisation::person_id.eq(who.as_str()))
            .order(authorisation::created_at.desc())
            .limit(100)
            .select(Authorisation::as_select())
            .load(self.conn)?)
    }

    /// Authorisations of an association that hold on a day (`YYYY-MM-DD`) and whose holder has no active seat for the
    /// track, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn authorisations_without_seat(
        &mut self,
        place: &AssociationId,
        day: &str,
        limit: i64,
    ) -> Result<Vec<Authorisation>, Error> {
        let seats = registration::table
            .filter(registration::person_id.eq(authorisation::person_id))
            .filter(registration::track.eq(authorisation::track))
            .filter(registration::state.eq("active"))
            .filter(registration::practice.eq(false));
        Ok(authorisation::table
            .filter(authorisation::association_id.eq(place.as_str()))
            .filter(authorisation::valid_from.le(day.to_owned()))
            .filter(authorisation::valid_until.ge(day.to_owned()))
            .filter(diesel::dsl::not(diesel::dsl::exists(seats)))
            .order((authorisation::created_at.desc(), authorisation::id))
            .limit(limit)
            .select(Authorisation::as_select())
            .load(self.conn)?)
    }

    /// Gives a seat.
    ///
    /// # Errors
    /// [`Refusal::AlreadyRegistered`] when the person has an active one for the track.
    pub fn registration_add(&mut self, new: &Registration) -> Result<(), Error> {
        let row = Row {
            id: new.id.0.clone(),
            sitting_id: new.sitting.0.clone(),
            person_id: new.person.0.clone(),
            track: new.track.as_str().into(),
            category: new.category.as_str().into(),
            strand: new.strand.as_str().into(),
            state: "active".into(),
            agreement_version: None,
            agreement_accepted_at: None,
            admitted_at: None,
            late_admission_reason: None,
            created_at: new.created_at.0,
            practice: new.practice,
        };
        diesel::insert_into(registration::table).values(row).execute(self.conn).map_err(|e| {
            let e = Error::from(e);
            if e.is_duplicate() { Refusal::AlreadyRegistered.into() } else { e }
        })?;
        Ok(())
    }

    /// A seat.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn registration(&mut self, id: &RegistrationId) -> Result<Registration, Error> {
        let row: Option<Row> =
            registration::table.find(id.as_str()).select(Row::as_select()).first(self.conn).optional()?;
        row.ok_or(Refusal::NotFound)?.try_into()
    }

    /// A person's seats, newest first; those for practice are not among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn registrations_of(&mut self, who: &PersonId) -> Result<Vec<Registration>, Error> {
        let rows: Vec<Row> = registration::table
            .filter(registration::person_id.eq(who.as_str()))
            .filter(registration::practice.eq(false))
            .filter(registration::state.ne("cancelled"))
            .order((registration::created_at.desc(), registration::id))
            .limit(200)
            .select(Row::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Registration::try_from).collect()
    }

    /// The seats of a sitting that are taken, in the order of ids.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn registrations_in(&mut self, sitting: &SittingId) -> Result<Vec<Registration>, Error> {
        let rows: Vec<Row> = registration::table
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .filter(registration::state.ne("cancelled"))
            .order(registration::id)
            .select(Row::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Registration::try_from).collect()
    }

    /// How many seats of a sitting are taken.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn seats_taken(&mut self, sitting: &SittingId) -> Result<i64, Error> {
        Ok(registration::table
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .filter(registration::state.ne("cancelled"))
            .count()
            .get_result(self.conn)?)
    }

    /// Records that the agreement was accepted; the first acceptance of a version stands.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn agreement_accept(&mut self, id: &RegistrationId, version: &str) -> Result<(), Error> {
        diesel::update(registration::table.find(id.as_str()))
            .set((registration::agreement_version.eq(version), registration::agreement_accepted_at.eq(self.now.0)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Admits somebody, late with a reason or in time.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn registration_admit(&mut self, id: &RegistrationId, late_reason: Option<&str>) -> Result<(), Error> {
        diesel::update(registration::table.find(id.as_str()))
            .set(registration::admitted_at.eq(self.now.0))
            .execute(self.conn)?;
        if let Some(reason) = late_reason {
            diesel::update(registration::table.find(id.as_str()))
                .set(registration::late_admission_reason.eq(reason))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Marks a seat's exam as over: its result was released.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn registration_complete(&mut self, id: &RegistrationId) -> Result<(), Error> {
        diesel::update(registration::table.find(id.as_str()))
            .set(registration::state.eq("completed"))
            .execute(self.conn)?;
        Ok(())
    }

    /// Gives a seat back.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn registration_cancel(&mut self, id: &RegistrationId) -> Result<(), Error> {
        diesel::update(registration::table.find(id.as_str()))
            .set(registration::state.eq("cancelled"))
            .execute(self.conn)?;
        Ok(())
    }
}
