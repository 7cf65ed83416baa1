//! Practice: sittings and seats that run like all others and count nowhere.

use diesel::prelude::*;

use super::schema::{attempt, practice_sitting, registration, result, score, script, sitting, system_check};
use super::{Error, Sighted, Tx};
use crate::domain::ids::{AssociationId, PersonId, RegistrationId, SittingId};
use crate::store::registrations::Registration;
use crate::store::sittings::Sitting;

/// How many findings one kind of check reports at the most.
const MOST: i64 = 50;

impl Tx<'_, Sighted> {
    /// Adds a sitting for practice.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn practice_sitting_add(&mut self, new: &Sitting) -> Result<(), Error> {
        self.sitting_add(new)?;
        diesel::insert_into(practice_sitting::table)
            .values(practice_sitting::sitting_id.eq(new.id.as_str()))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whether a sitting is for practice.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn sitting_is_practice(&mut self, id: &SittingId) -> Result<bool, Error> {
        let found: i64 = practice_sitting::table.find(id.as_str()).count().get_result(self.conn)?;
        Ok(found > 0)
    }

    /// The newest sitting for practice of an association.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn practice_sitting(&mut self, place: &AssociationId) -> Result<Option<Sitting>, Error> {
        let id: Option<String> = sitting::table
            .inner_join(practice_sitting::table.on(practice_sitting::sitting_id.eq(sitting::id)))
            .filter(sitting::association_id.eq(place.as_str()))
            .order((sitting::created_at.desc(), sitting::id.desc()))
            .select(sitting::id)
            .first(self.conn)
            .optional()?;
        id.map(|id| self.sitting(&SittingId(id))).transpose()
    }

    /// A person's seats for practice, newest first, at most `limit`; those of system checks are not among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn practices_of(&mut self, who: &PersonId, limit: i64) -> Result<Vec<Registration>, Error> {
        let ids: Vec<String> = registration::table
            .filter(registration::person_id.eq(who.as_str()))
            .filter(registration::practice.eq(true))
            .filter(registration::state.ne("cancelled"))
            .filter(diesel::dsl::not(diesel::dsl::exists(
                system_check::table.filter(system_check::registration_id.eq(registration::id)),
            )))
            .order((registration::created_at.desc(), registration::id))
            .limit(limit)
            .select(registration::id)
            .load(self.conn)?;
        ids.into_iter().map(|id| self.registration(&RegistrationId(id))).collect()
    }
}

impl Tx<'_, Sighted> {
    /// Practice that counts somewhere, or is not told apart.
    pub(super) fn practice_counts_nowhere(&mut self) -> Result<Vec<String>, Error> {
        let of_practice = || {
            attempt::table
                .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
                .filter(registration::practice.eq(true))
                .select(attempt::id)
        };
        let scored: Vec<String> = score::table
            .filter(score::attempt_id.eq_any(of_practice()))
            .limit(MOST)
            .select(score::attempt_id)
            .load(self.conn)?;
        let written: Vec<String> = script::table
            .filter(script::attempt_id.assume_not_null().eq_any(of_practice()))
            .limit(MOST)
            .select(script::id)
            .load(self.conn)?;
        let told: Vec<String> = result::table
            .inner_join(registration::table.on(registration::id.eq(result::registration_id)))
            .filter(registration::practice.eq(true))
            .limit(MOST)
            .select(registration::id)
            .load(self.conn)?;
        let flagged = practice_sitting::table.select(practice_sitting::sitting_id);
        let misplaced: Vec<String> = registration::table
            .filter(
                registration::practice
                    .eq(true)
                    .and(registration::sitting_id.ne_all(flagged))
                    .or(registration::practice.eq(false).and(registration::sitting_id.eq_any(flagged))),
            )
            .limit(MOST)
            .select(registration::id)
            .load(self.conn)?;
        let mut findings: Vec<String> = Vec::new();
        findings.extend(scored.into_iter().map(|id| format!("attempt {id} is practice and has a score")));
        findings.extend(written.into_iter().map(|id| format!("script {id} stems from practice")));
        findings.extend(told.into_iter().map(|id| format!("registration {id} is for practice and has a result")));
        findings
            .extend(misplaced.into_iter().map(|id| format!("registration {id} does not fit its sitting's purpose")));
        let elsewhere: Vec<String> = system_check::table
            .inner_join(registration::table.on(registration::id.eq(system_check::registration_id)))
            .filter(registration::practice.eq(false).or(registration::person_id.ne(system_check::person_id)))
            .limit(MOST)
            .select(system_check::id)
            .load(self.conn)?;
        findings.extend(elsewhere.into_iter().map(|id| format!("system check {id} saves in no seat of its own")));
        findings.extend(self.practice_content_is_apart()?);
        Ok(findings)
    }

    /// Forms that show what is for practice in a real sitting, or the other way round.
    fn practice_content_is_apart(&mut self) -> Result<Vec<String>, Error> {
        use super::schema::{form, form_entry};
        let rows: Vec<(String, Option<String>)> = form::table
            .inner_join(form_entry::table.on(form_entry::form_id.eq(form::id)))
            .left_join(practice_sitting::table.on(practice_sitting::sitting_id.eq(form::sitting_id)))
            .filter(
                practice_sitting::sitting_id.nullable().is_null().and(form_entry::content_id.like("practice-%")).or(
                    practice_sitting::sitting_id
                        .nullable()
                        .is_not_null()
                        .and(form_entry::content_id.not_like("practice-%")),
                ),
            )
            .limit(MOST)
            .select((form::id, practice_sitting::sitting_id.nullable()))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(id, _)| format!("form {id} mixes practice with real questions")).collect())
    }
}
