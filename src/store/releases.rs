//! Releases: what was prepared, approved, recalled, and each person's result as it was told.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{registration, release, result, sitting};
use super::settlements::Basis;
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::ids::{AssociationId, PersonId, RegistrationId, ReleaseId, SittingId};
use crate::domain::outcome::{Outcome, PartResult};
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Track;

/// A batch of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = release)]
pub struct Release {
    /// Which.
    pub id: String,
    /// Of which sitting.
    pub sitting_id: String,
    /// `prepared`, `released` or `recalled`.
    pub state: String,
    /// Who prepared it.
    pub prepared_by: String,
    /// When, in milliseconds.
    pub prepared_at: i64,
    /// Who approved it: somebody else.
    pub approved_by: Option<String>,
    /// When.
    pub approved_at: Option<i64>,
    /// Who recalled it.
    pub recalled_by: Option<String>,
    /// When.
    pub recalled_at: Option<i64>,
    /// Why.
    pub recall_reason: Option<String>,
}

/// One person's result, frozen when the release was prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRecord {
    /// In whose seat.
    pub registration: RegistrationId,
    /// What the exam came to.
    pub outcome: Outcome,
    /// What is told of each part.
    pub parts: Vec<PartResult>,
    /// The first day of a retake, `YYYY-MM-DD`, for who did not pass.
    pub retake_open_from: Option<String>,
}

/// A result that is out.
#[derive(Debug, Clone)]
pub struct ResultOut {
    /// The result.
    pub record: ResultRecord,
    /// In which release.
    pub release: ReleaseId,
    /// Of which track.
    pub track: Track,
    /// When it was released.
    pub released_at: Instant,
    /// Whether it follows an appeal.
    pub follows_appeal: bool,
}

impl Tx<'_, Sighted> {
    /// Prepares a release with its results.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn release_prepare(
        &mut self,
        sitting: &SittingId,
        by: &PersonId,
        results: &[(ResultRecord, BTreeSet<Basis>)],
    ) -> Result<ReleaseId, Error> {
        let id: ReleaseId = self.fresh();
        diesel::insert_into(release::table)
            .values((
                release::id.eq(id.as_str()),
                release::sitting_id.eq(sitting.as_str()),
                release::state.eq("prepared"),
                release::prepared_by.eq(by.as_str()),
                release::prepared_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        for (record, basis) in results {
            diesel::insert_into(result::table)
                .values((
                    result::release_id.eq(id.as_str()),
                    result::registration_id.eq(record.registration.as_str()),
                    result::outcome.eq(record.outcome.as_str()),
                    result::document.eq(to_json(&record.parts)?),
                    result::retake_open_from.eq(&record.retake_open_from),
                ))
                .execute(self.conn)?;
            self.result_basis_add(&id, &record.registration, basis)?;
        }
        Ok(id)
    }

    /// A release.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn release(&mut self, id: &ReleaseId) -> Result<Release, Error> {
        release::table
            .find(id.as_str())
            .select(Release::as_select())
            .first(self.conn)
            .optional()?
            .ok_or_else(|| Refusal::NotFound.into())
    }

    /// The releases of a sitting, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn releases_of(&mut self, sitting: &SittingId) -> Result<Vec<Release>, Error> {
        Ok(release::table
            .filter(release::sitting_id.eq(sitting.as_str()))
            .order(release::prepared_at.desc())
            .limit(100)
            .select(Release::as_select())
            .load(self.conn)?)
    }

    /// Releases of these associations that wait for a second person.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn releases_waiting(&mut self, places: &[AssociationId]) -> Result<Vec<Release>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        Ok(release::table
            .inner_join(sitting::table.on(sitting::id.eq(release::sitting_id)))
            .filter(sitting::association_id.eq_any(places))
            .filter(release::state.eq("prepared"))
            .order(release::prepared_at)
            .limit(100)
            .select(Release::as_select())
            .load(self.conn)?)
    }

    /// Marks a release as approved.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn release_approve(&mut self, id: &ReleaseId, by: &PersonId) -> Result<(), Error> {
        diesel::update(release::table.find(id.as_str()))
            .set((
                release::state.eq("released"),
                release::approved_by.eq(by.as_str()),
                release::approved_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Marks a release as recalled.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn release_recall(&mut self, id: &ReleaseId, by: &PersonId, reason: &str) -> Result<(), Error> {
        diesel::update(release::table.find(id.as_str()))
            .set((
                release::state.eq("recalled"),
                release::recalled_by.eq(by.as_str()),
                release::recalled_at.eq(self.now.0),
                release::recall_reason.eq(reason),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The results of a release.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn results_of_release(&mut self, id: &ReleaseId) -> Result<Vec<ResultRecord>, Error> {
        let rows: Vec<(String, String, String, Option<String>)> = result::table
            .filter(result::release_id.eq(id.as_str()))
            .order(result::registration_id)
            .select((result::registration_id, result::outcome, result::document, result::retake_open_from))
            .load(self.conn)?;
        rows.into_iter().map(record).collect()
    }

    /// Every result that was ever prepared for a seat, each with its release.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn results_of_seat(&mut self, seat: &RegistrationId) -> Result<Vec<(ReleaseId, ResultRecord)>, Error> {
        type Row = (String, (String, String, String, Option<String>));
        let rows: Vec<Row> = result::table
            .filter(result::registration_id.eq(seat.as_str()))
            .order(result::release_id)
            .select((
                result::release_id,
                (result::registration_id, result::outcome, result::document, result::retake_open_from),
            ))
            .load(self.conn)?;
        rows.into_iter().map(|(release, row)| Ok((ReleaseId(release), record(row)?))).collect()
    }

    /// The results of a person that are out, newest first: of each seat the newest, which is the one that follows an appeal
    /// where one does.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn results_of_person(&mut self, who: &PersonId) -> Result<Vec<ResultOut>, Error> {
        type Row = ((String, String, String, Option<String>), String, String, Option<i64>);
        let rows: Vec<Row> = result::table
            .inner_join(release::table.on(release::id.eq(result::release_id)))
            .inner_join(registration::table.on(registration::id.eq(result::registration_id)))
            .filter(registration::person_id.eq(who.as_str()))
            .filter(release::state.eq("released"))
            .order((release::approved_at.desc(), release::id))
            .select((
                (result::registration_id, result::outcome, result::document, result::retake_open_from),
                release::id,
                registration::track,
                release::approved_at,
            ))
            .load(self.conn)?;
        let mut found: Vec<ResultOut> = Vec::new();
        for (row, release, track, at) in rows {
            let out = ResultOut {
                record: record(row)?,
                follows_appeal: false,
                release: ReleaseId(release),
                track: word("registration", &track, Track::parse)?,
                released_at: Instant(at.unwrap_or_default()),
            };
            let seat = &out.record.registration;
            let appealed = self.appeals_of(seat)?.iter().any(|a| a.reopens && a.release == out.release);
            let follows_appeal = self.follows_appeal(seat, Some(&out.release))?;
            match found.iter_mut().find(|known| known.record.registration == *seat) {
                None => found.push(ResultOut { follows_appeal, ..out }),
                // Both may be out since the same instant: the one that was appealed gives way.
                Some(known) if !appealed && follows_appeal && !known.follows_appeal => {
                    *known = ResultOut { follows_appeal, ..out };
                }
                Some(_) => {}
            }
        }
        Ok(found)
    }

    /// How many results of a sitting are out.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn results_out(&mut self, sitting: &SittingId) -> Result<i64, Error> {
        // A seat whose result was appealed may have two.
        let seats = result::table
            .inner_join(release::table.on(release::id.eq(result::release_id)))
            .filter(release::sitting_id.eq(sitting.as_str()))
            .filter(release::state.eq("released"))
            .select(result::registration_id)
            .distinct();
        let seats: Vec<String> = seats.load(self.conn)?;
        Ok(i64::try_from(seats.len()).unwrap_or(i64::MAX))
    }

    /// The seats of a sitting whose result is released or waits for approval.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn registrations_in_releases(&mut self, sitting: &SittingId) -> Result<Vec<RegistrationId>, Error> {
        let ids: Vec<String> = result::table
            .inner_join(release::table.on(release::id.eq(result::release_id)))
            .filter(release::sitting_id.eq(sitting.as_str()))
            .filter(release::state.ne("recalled"))
            .select(result::registration_id)
            .load(self.conn)?;
        Ok(ids.into_iter().map(RegistrationId).collect())
    }
}

fn record(
    (registration, outcome, document, open_from): (String, String, String, Option<String>),
) -> Result<ResultRecord, Error> {
    Ok(ResultRecord {
        registration: RegistrationId(registration),
        outcome: word("result", &outcome, Outcome::parse)?,
        parts: from_json("result", &document)?,
        retake_open_from: open_from,
    })
}
