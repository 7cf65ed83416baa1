//! Readings as work that goes on: reminding, asking, giving to others.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::profiles::absence_of;
use super::schema::{absence, reading};
use super::{Error, Sighted, Tx};
use crate::domain::absence::Absence;
use crate::domain::ids::{PersonId, ReadingId};
use crate::domain::timing::Instant;
use crate::domain::workload::MOST_REMINDERS;

/// An open reading whose reviewer was not reminded of anything lately.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Which.
    pub reading: ReadingId,
    /// Whose.
    pub reviewer: PersonId,
    /// By when, `YYYY-MM-DD`.
    pub due_on: String,
    /// How often they were reminded of it.
    pub reminders: i64,
}

/// Why a reading ended that a coordinator took back.
const TAKEN_BACK: &str = "taken_back";

impl Tx<'_, Sighted> {
    /// The open readings of reviewers who were reminded of nothing since `since`, reviewer by reviewer: those whose
    /// earliest date comes first, so many at the most.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn readings_to_remind(&mut self, since: Instant, most_reviewers: i64) -> Result<Vec<Waiting>, Error> {
        let lately: Vec<String> = reading::table
            .filter(reading::reminded_at.ge(since.0))
            .select(reading::reviewer_id)
            .distinct()
            .load(self.conn)?;
        let reviewers: Vec<(String, Option<String>)> = reading::table
            .filter(reading::state.eq_any(["new", "draft"]))
            .filter(reading::reminders.lt(MOST_REMINDERS))
            .filter(reading::reviewer_id.ne_all(lately))
            .group_by(reading::reviewer_id)
            .order(diesel::dsl::min(reading::due_on))
            .limit(most_reviewers)
            .select((reading::reviewer_id, diesel::dsl::min(reading::due_on)))
            .load(self.conn)?;
        let reviewers: Vec<String> = reviewers.into_iter().map(|row| row.0).collect();
        let rows: Vec<(String, String, String, i64)> = reading::table
            .filter(reading::state.eq_any(["new", "draft"]))
            .filter(reading::reminders.lt(MOST_REMINDERS))
            .filter(reading::reviewer_id.eq_any(reviewers))
            .order(reading::id)
            .select((reading::id, reading::reviewer_id, reading::due_on, reading::reminders))
            .load(self.conn)?;
        Ok(rows
            .into_iter()
            .map(|(id, who, due_on, reminders)| Waiting {
                reading: ReadingId(id),
                reviewer: PersonId(who),
                due_on,
                reminders,
            })
            .collect())
    }

    /// Notes that a reviewer was reminded of a reading.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reading_reminded(&mut self, id: &ReadingId) -> Result<(), Error> {
        diesel::update(reading::table.find(id.as_str()))
            .set((reading::reminded_at.eq(self.now.0), reading::reminders.eq(reading::reminders + 1)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Asks for a draft: its reviewer is to finish it or give it back.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reading_ask(&mut self, id: &ReadingId) -> Result<(), Error> {
        diesel::update(reading::table.find(id.as_str())).set(reading::asked_at.eq(self.now.0)).execute(self.conn)?;
        Ok(())
    }

    /// Takes a reading that is not sealed away from its reviewer; what they wrote stays on record.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reading_take_back(&mut self, id: &ReadingId) -> Result<(), Error> {
        diesel::update(reading::table.find(id.as_str()).filter(reading::state.eq_any(["new", "draft"])))
            .set((
                reading::state.eq("declined"),
                reading::decline_reason.eq(TAKEN_BACK),
                reading::declined_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// When these people are absent; who is not is not in it.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn absences(&mut self, people: &[PersonId]) -> Result<BTreeMap<PersonId, Vec<Absence>>, Error> {
        let mut found: BTreeMap<PersonId, Vec<Absence>> = BTreeMap::new();
        // In slices: the embedded database binds a bounded number of values.
        for slice in people.chunks(500) {
            let ids: Vec<&str> = slice.iter().map(PersonId::as_str).collect();
            let rows: Vec<(String, String, String)> = absence::table
                .filter(absence::person_id.eq_any(ids))
                .filter(absence::withdrawn_at.is_null())
                .order((absence::person_id, absence::from_on, absence::until_on))
                .select((absence::person_id, absence::from_on, absence::until_on))
                .load(self.conn)?;
            for (who, from, until) in rows {
                found.entry(PersonId(who)).or_default().push(absence_of(&from, &until)?);
            }
        }
        Ok(found)
    }
}
