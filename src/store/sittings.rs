//! Associations, their policies and their sittings.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{association, attempt, incident, policy, practice_sitting, registration, sitting};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::ids::{AssociationId, PersonId, RegistrationId, SittingId};
use crate::domain::policy::Policy;
use crate::domain::refusal::Refusal;
use crate::domain::sitting::Terms;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::SittingKind;

/// An association.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = association)]
pub struct Association {
    /// Which.
    pub id: String,
    /// A short name for addresses and command lines.
    pub slug: String,
    /// The whole name.
    pub name: String,
    /// Where its calendar lies.
    pub time_zone: String,
    /// When it was created, in milliseconds.
    pub created_at: i64,
}

/// A sitting as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sitting)]
struct Row {
    id: String,
    association_id: String,
    title: String,
    kind: String,
    opens_at: i64,
    closes_at: i64,
    time_zone: String,
    capacity: i64,
    one_allowance_seconds: i64,
    one_items: i64,
    one_pass_percent: i64,
    two_allowance_seconds: i64,
    two_vignettes: i64,
    two_answer: i64,
    created_by: String,
    created_at: i64,
}

/// A sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// Which.
    pub id: SittingId,
    /// Whose.
    pub association: AssociationId,
    /// What it is made of.
    pub terms: Terms,
    /// Who created it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Instant,
}

impl Sitting {
    /// The time zone; UTC should the stored name have vanished from the list.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.terms.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }
}

impl TryFrom<Row> for Sitting {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            terms: Terms {
                kind: word("sitting", &row.kind, SittingKind::parse)?,
                title: row.title,
                opens_at: Instant(row.opens_at),
                closes_at: Instant(row.closes_at),
                time_zone: row.time_zone,
                capacity: row.capacity,
                one_allowance_seconds: row.one_allowance_seconds,
                one_items: row.one_items,
                one_pass_percent: row.one_pass_percent,
                two_allowance_seconds: row.two_allowance_seconds,
                two_vignettes: row.two_vignettes,
                two_answer: row.two_answer,
            },
            id: SittingId(row.id),
            association: AssociationId(row.association_id),
            created_by: PersonId(row.created_by),
            created_at: Instant(row.created_at),
        })
    }
}

impl From<&Sitting> for Row {
    fn from(sitting: &Sitting) -> Self {
        let terms = &sitting.terms;
        Self {
            id: sitting.id.0.clone(),
            association_id: sitting.association.0.clone(),
            title: terms.title.clone(),
            kind: terms.kind.as_str().to_owned(),
            opens_at: terms.opens_at.0,
            closes_at: terms.closes_at.0,
            time_zone: terms.time_zone.clone(),
            capacity: terms.capacity,
            one_allowance_seconds: terms.one_allowance_seconds,
            one_items: terms.one_items,
            one_pass_percent: terms.one_pass_percent,
            two_allowance_seconds: terms.two_allowance_seconds,
            two_vignettes: terms.two_vignettes,
            two_answer: terms.two_answer,
            created_by: sitting.created_by.0.clone(),
            created_at: sitting.created_at.0,
        }
    }
}

/// Something that happened in the room.
#[derive(Debug, Clone, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = incident)]
pub struct Incident {
    /// Which.
    pub id: String,
    /// Where.
    pub sitting_id: String,
    /// To whom, if to one.
    pub registration_id: Option<String>,
    /// Of what kind.
    pub kind: String,
    /// What happened.
    pub note: String,
    /// Who says so.
    pub reported_by: String,
    /// When, in milliseconds.
    pub reported_at: i64,
    /// When it was dealt with.
    pub resolved_at: Option<i64>,
}

impl Tx<'_, Sighted> {
    /// Adds an association.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn association_add(&mut self, new: &Association) -> Result<(), Error> {
        diesel::insert_into(association::table).values(new).execute(self.conn)?;
        Ok(())
    }

    /// Associations by id; all of them when none is named.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn associations(&mut self, ids: Option<&[AssociationId]>) -> Result<Vec<Association>, Error> {
        let mut query = association::table.into_boxed();
        if let Some(ids) = ids {
            query = query.filter(association::id.eq_any(ids.iter().map(AssociationId::as_str).collect::<Vec<_>>()));
        }
        Ok(query.order(association::name).select(Association::as_select()).load(self.conn)?)
    }

    /// The association of that short name.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn association_by_slug(&mut self, slug: &str) -> Result<Option<Association>, Error> {
        Ok(association::table
            .filter(association::slug.eq(slug))
            .select(Association::as_select())
            .first(self.conn)
            .optional()?)
    }

    /// Puts a policy in force from an instant on.
    ///
    /// # Errors
    /// A fault of the database; there can be one policy from any one instant on.
    pub fn policy_set(&mut self, place: &AssociationId, from: Instant, new: &Policy) -> Result<(), Error> {
        diesel::insert_into(policy::table)
            .values((
                policy::association_id.eq(place.as_str()),
                policy::effective_from.eq(from.0),
                policy::document.eq(to_json(new)?),
                policy::created_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The policy in force for an association at an instant; the defaults where none was set.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn policy(&mut self, place: &AssociationId, at: Instant) -> Result<Policy, Error> {
        let text: Option<String> = policy::table
            .filter(policy::association_id.eq(place.as_str()))
            .filter(policy::effective_from.le(at.0))
            .order(policy::effective_from.desc())
            .select(policy::document)
            .first(self.conn)
            .optional()?;
        text.map_or_else(|| Ok(Policy::default()), |text| from_json("policy", &text))
    }

    /// The policies of an association with the instants from which on they hold, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn policies(&mut self, place: &AssociationId, limit: i64) -> Result<Vec<(Instant, Policy)>, Error> {
        let rows: Vec<(i64, String)> = policy::table
            .filter(policy::association_id.eq(place.as_str()))
            .order(policy::effective_from.desc())
            .limit(limit)
            .select((policy::effective_from, policy::document))
            .load(self.conn)?;
        rows.into_iter().map(|(from, text)| Ok((Instant(from), from_json("policy", &text)?))).collect()
    }

    /// Adds a sitting.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sitting_add(&mut self, new: &Sitting) -> Result<(), Error> {
        diesel::insert_into(sitting::table).values(Row::from(new)).execute(self.conn)?;
        Ok(())
    }

    /// Changes a sitting's terms.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sitting_change(&mut self, changed: &Sitting) -> Result<(), Error> {
        diesel::update(sitting::table.find(changed.id.as_str())).set(Row::from(changed)).execute(self.conn)?;
        Ok(())
    }

    /// A sitting.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn sitting(&mut self, id: &SittingId) -> Result<Sitting, Error> {
        let row: Option<Row> = sitting::table.find(id.as_str()).select(Row::as_select()).first(self.conn).optional()?;
        row.ok_or(Refusal::NotFound)?.try_into()
    }

    /// Sittings of these associations, by id, from after `after` on; those for practice are not among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sittings(&mut self, places: &[AssociationId], after: &str, limit: i64) -> Result<Vec<Sitting>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        let rows: Vec<Row> = sitting::table
            .filter(sitting::association_id.eq_any(places))
            .filter(diesel::dsl::not(diesel::dsl::exists(
                practice_sitting::table.filter(practice_sitting::sitting_id.eq(sitting::id)),
            )))
            .filter(sitting::id.gt(after.to_owned()))
            .order(sitting::id)
            .limit(limit)
            .select(Row::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Sitting::try_from).collect()
    }

    /// Whether anybody has started in a sitting.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sitting_is_in_use(&mut self, id: &SittingId) -> Result<bool, Error> {
        let started: i64 = attempt::table
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(id.as_str()))
            .count()
            .get_result(self.conn)?;
        Ok(started > 0)
    }

    /// Records an incident.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn incident_add(&mut self, new: &Incident) -> Result<(), Error> {
        diesel::insert_into(incident::table).values(new).execute(self.conn)?;
        Ok(())
    }

    /// Marks an incident of a sitting as dealt with.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such open one.
    pub fn incident_resolve(&mut self, sitting: &SittingId, id: &str) -> Result<(), Error> {
        let open = incident::table
            .filter(incident::id.eq(id))
            .filter(incident::sitting_id.eq(sitting.as_str()))
            .filter(incident::resolved_at.is_null());
        match diesel::update(open).set(incident::resolved_at.eq(self.now.0)).execute(self.conn)? {
            0 => Err(Refusal::NotFound.into()),
            _ => Ok(()),
        }
    }

    /// The incidents of a sitting, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn incidents(&mut self, sitting: &SittingId) -> Result<Vec<Incident>, Error> {
        Ok(incident::table
            .filter(incident::sitting_id.eq(sitting.as_str()))
            .order(incident::reported_at)
            .limit(1000)
            .select(Incident::as_select())
            .load(self.conn)?)
    }
}

impl Incident {
    /// To whom, if to one.
    pub fn registration(&self) -> Option<RegistrationId> {
        self.registration_id.clone().map(RegistrationId)
    }
}
