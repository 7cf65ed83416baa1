//! Arrangements and the requests for them. An arrangement that was replaced stays on record.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::tables::{accommodation, accommodation_request};
use crate::domain::accommodation::{Arrangement, Presentation, RequestState, holds_on};
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::timing::{Accommodation, Instant};
use crate::domain::vocabulary::Role;
use crate::store::schema::person_role;
use crate::store::{Error, Sighted, Tx, from_json, to_json, word};

/// A confirmed arrangement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = accommodation)]
pub struct AccommodationRow {
    /// Which.
    pub id: String,
    /// Whose.
    pub person_id: String,
    /// 100 is ordinary time.
    pub time_multiplier_percent: i64,
    /// Added to Part One.
    pub extra_seconds_one: i64,
    /// Added to Part Two.
    pub extra_seconds_two: i64,
    /// Whether breaks stop the clock.
    pub stop_clock_breaks: bool,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires_on: Option<String>,
    /// Who confirmed it.
    pub approved_by: String,
    /// On what grounds.
    pub approved_note: String,
    /// When, in milliseconds.
    pub approved_at: i64,
    /// When it ended or a later one took its place.
    pub replaced_at: Option<i64>,
    /// Whether the room opens with larger type.
    pub larger_type: bool,
    /// Whether the room is laid out for reading aloud.
    pub reader_layout: bool,
    /// Whether spell-check works in prose.
    pub spell_check: bool,
}

impl AccommodationRow {
    /// What the clock needs of it.
    pub fn terms(&self) -> Accommodation {
        Accommodation {
            time_multiplier_percent: self.time_multiplier_percent,
            extra_seconds_one: self.extra_seconds_one,
            extra_seconds_two: self.extra_seconds_two,
        }
    }

    /// What the room needs of it.
    pub fn presentation(&self) -> Presentation {
        Presentation { larger_type: self.larger_type, reader_layout: self.reader_layout, spell_check: self.spell_check }
    }

    /// All of it.
    pub fn arrangement(&self) -> Arrangement {
        Arrangement {
            terms: self.terms(),
            stop_clock_breaks: self.stop_clock_breaks,
            presentation: self.presentation(),
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = accommodation_request)]
struct RequestRow {
    id: String,
    person_id: String,
    state: String,
    wish: String,
    statement: String,
    requested_at: i64,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    decision_note: Option<String>,
    accommodation_id: Option<String>,
}

/// Somebody's request for an arrangement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrangementRequest {
    /// Which.
    pub id: String,
    /// Whose.
    pub person: PersonId,
    /// Where it stands.
    pub state: RequestState,
    /// What is asked for.
    pub wish: Arrangement,
    /// Why, as the person writes it.
    pub statement: String,
    /// When it was sent.
    pub requested_at: Instant,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When it was decided or taken back.
    pub decided_at: Option<Instant>,
    /// What the one who decided has to say.
    pub decision_note: Option<String>,
    /// The arrangement that came of it.
    pub accommodation: Option<String>,
}

impl TryFrom<RequestRow> for ArrangementRequest {
    type Error = Error;

    fn try_from(row: RequestRow) -> Result<Self, Error> {
        Ok(Self {
            state: word("accommodation_request", &row.state, RequestState::parse)?,
            wish: from_json("accommodation_request", &row.wish)?,
            id: row.id,
            person: PersonId(row.person_id),
            statement: row.statement,
            requested_at: Instant(row.requested_at),
            decided_by: row.decided_by.map(PersonId),
            decided_at: row.decided_at.map(Instant),
            decision_note: row.decision_note,
            accommodation: row.accommodation_id,
        })
    }
}

impl Tx<'_, Sighted> {
    /// The arrangement that is confirmed for a person, if it holds on that day.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn accommodation(&mut self, who: &PersonId, day: NaiveDate) -> Result<Option<AccommodationRow>, Error> {
        let confirmed = self.accommodation_confirmed(who)?;
        Ok(confirmed.filter(|row| holds_on(row.expires_on.as_deref(), day)))
    }

    /// The arrangement that is confirmed for a person, be its last day over or not.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn accommodation_confirmed(&mut self, who: &PersonId) -> Result<Option<AccommodationRow>, Error> {
        Ok(accommodation::table
            .filter(accommodation::person_id.eq(who.as_str()))
            .filter(accommodation::replaced_at.is_null())
            .select(AccommodationRow::as_select())
            .first(self.conn)
            .optional()?)
    }

    /// Every arrangement that was confirmed for a person at `since` or later.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn accommodations_since(&mut self, who: &PersonId, since: Instant) -> Result<Vec<AccommodationRow>, Error> {
        Ok(accommodation::table
            .filter(accommodation::person_id.eq(who.as_str()))
            .filter(accommodation::replaced_at.is_null().or(accommodation::replaced_at.gt(since.0)))
            .order((accommodation::approved_at.desc(), accommodation::id))
            .limit(100)
            .select(AccommodationRow::as_select())
            .load(self.conn)?)
    }

    /// Puts an arrangement in force in place of any earlier one, which stays on record.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn accommodation_set(&mut self, new: &AccommodationRow) -> Result<(), Error> {
        self.accommodation_end(&PersonId(new.person_id.clone()))?;
        diesel::insert_into(accommodation::table).values(new).execute(self.conn)?;
        Ok(())
    }

    /// Ends the arrangement that is confirmed; says whether there was one.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn accommodation_end(&mut self, who: &PersonId) -> Result<bool, Error> {
        let ended = diesel::update(
            accommodation::table
                .filter(accommodation::person_id.eq(who.as_str()))
                .filter(accommodation::replaced_at.is_null()),
        )
        .set(accommodation::replaced_at.eq(self.now.0))
        .execute(self.conn)?;
        Ok(ended > 0)
    }

    /// Adds a request.
    ///
    /// # Errors
    /// [`Refusal::RequestWaiting`] when one of this person waits already.
    pub fn request_add(&mut self, new: &ArrangementRequest) -> Result<(), Error> {
        let row = RequestRow {
            id: new.id.clone(),
            person_id: new.person.0.clone(),
            state: new.state.as_str().into(),
            wish: to_json(&new.wish)?,
            statement: new.statement.clone(),
            requested_at: new.requested_at.0,
            decided_by: None,
            decided_at: None,
            decision_note: None,
            accommodation_id: None,
        };
        diesel::insert_into(accommodation_request::table).values(row).execute(self.conn).map_err(|e| {
            let e = Error::from(e);
            if e.is_duplicate() { Refusal::RequestWaiting.into() } else { e }
        })?;
        Ok(())
    }

    /// A request.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn request(&mut self, id: &str) -> Result<ArrangementRequest, Error> {
        let row: Option<RequestRow> =
            accommodation_request::table.find(id).select(RequestRow::as_select()).first(self.conn).optional()?;
        row.ok_or(Refusal::NotFound)?.try_into()
    }

    /// A person's requests, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn requests_of(&mut self, who: &PersonId, limit: i64) -> Result<Vec<ArrangementRequest>, Error> {
        let rows: Vec<RequestRow> = accommodation_request::table
            .filter(accommodation_request::person_id.eq(who.as_str()))
            .order((accommodation_request::requested_at.desc(), accommodation_request::id))
            .limit(limit)
            .select(RequestRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(ArrangementRequest::try_from).collect()
    }

    /// The requests that wait, of examinees of these associations, from after the one of that id on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn requests_waiting(
        &mut self,
        places: &[AssociationId],
        after: &str,
        limit: i64,
    ) -> Result<Vec<ArrangementRequest>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        let members = person_role::table
            .filter(person_role::person_id.eq(accommodation_request::person_id))
            .filter(person_role::role.eq(Role::Examinee.as_str()))
            .filter(person_role::association_id.eq_any(places));
        let rows: Vec<RequestRow> = accommodation_request::table
            .filter(accommodation_request::state.eq(RequestState::Waiting.as_str()))
            .filter(accommodation_request::id.gt(after.to_owned()))
            .filter(diesel::dsl::exists(members))
            .order(accommodation_request::id)
            .limit(limit)
            .select(RequestRow::as_select())
            .load(self.conn)?;
        rows.into_iter().map(ArrangementRequest::try_from).collect()
    }

    /// Writes down what became of a request.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn request_settle(&mut self, of: &ArrangementRequest) -> Result<(), Error> {
        diesel::update(accommodation_request::table.find(&of.id))
            .set((
                accommodation_request::state.eq(of.state.as_str()),
                accommodation_request::decided_by.eq(of.decided_by.as_ref().map(PersonId::as_str)),
                accommodation_request::decided_at.eq(of.decided_at.map(|at| at.0)),
                accommodation_request::decision_note.eq(&of.decision_note),
                accommodation_request::accommodation_id.eq(&of.accommodation),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}
