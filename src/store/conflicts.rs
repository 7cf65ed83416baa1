//! Conflicts as those with sight keep them: who named whom, what was entered, what was lifted, who read whom before.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::conn::on_backend;
use super::schema::{acquaintance, acquaintance_lift, attempt, conflict, reading, registration, script};
use super::{Error, Sighted, Tx};
use crate::domain::ids::{PersonId, SittingId};
use crate::domain::timing::Instant;

/// That somebody named somebody, in their own words.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = acquaintance)]
pub struct Acquaintance {
    /// Which.
    pub id: String,
    /// Who named.
    pub person_id: String,
    /// As what: `reviewer` or `examinee`.
    pub side: String,
    /// Whom: a name or an address.
    pub who: String,
    /// What they are to each other.
    pub relation: String,
    /// When, in milliseconds.
    pub declared_at: i64,
}

/// A conflict between two known people.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = conflict)]
pub struct Conflict {
    /// Who must not read.
    pub reviewer_id: String,
    /// Whom.
    pub examinee_id: String,
    /// `recognised` or `conflict` where the reviewer said so giving a script back; `entered` by a coordinator.
    pub reason: String,
    /// When, in milliseconds.
    pub declared_at: i64,
    /// The coordinator who entered it.
    pub declared_by: Option<String>,
    /// Their reason.
    pub note: Option<String>,
    /// When it was lifted.
    pub lifted_at: Option<i64>,
    /// Why it was lifted.
    pub lift_reason: Option<String>,
}

/// The reason of a conflict that a coordinator entered.
pub const ENTERED: &str = "entered";

impl Tx<'_, Sighted> {
    /// Keeps a reviewer away from an examinee, because of a script given back at `at`. What was lifted since stays
    /// lifted.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn conflict_add(
        &mut self,
        who: &PersonId,
        examinee: &PersonId,
        reason: &str,
        at: Option<Instant>,
    ) -> Result<(), Error> {
        let known = self.conflict(who, examinee)?;
        let lifted_at = known.as_ref().and_then(|row| row.lifted_at);
        match (known.is_some(), lifted_at, at) {
            (true, None, _) => Ok(()),
            (true, Some(lifted), Some(Instant(at))) if at <= lifted => Ok(()),
            (true, Some(_), None) => Ok(()),
            _ => self.conflict_put(who, examinee, (reason, None, None)),
        }
    }

    /// Puts a conflict in force that a coordinator enters.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn conflict_enter(
        &mut self,
        who: &PersonId,
        examinee: &PersonId,
        by: &PersonId,
        note: &str,
    ) -> Result<(), Error> {
        self.conflict_put(who, examinee, (ENTERED, Some(by.as_str()), Some(note)))
    }

    fn conflict_put(
        &mut self,
        who: &PersonId,
        examinee: &PersonId,
        (reason, by, note): (&str, Option<&str>, Option<&str>),
    ) -> Result<(), Error> {
        let facts = || {
            (
                conflict::reason.eq(reason),
                conflict::declared_at.eq(self.now.0),
                conflict::declared_by.eq(by),
                conflict::note.eq(note),
                conflict::lifted_at.eq(None::<i64>),
                conflict::lifted_by.eq(None::<String>),
                conflict::lift_reason.eq(None::<String>),
            )
        };
        let row = (conflict::reviewer_id.eq(who.as_str()), conflict::examinee_id.eq(examinee.as_str()));
        on_backend!(self.conn, |c| diesel::insert_into(conflict::table)
            .values((row, facts()))
            .on_conflict((conflict::reviewer_id, conflict::examinee_id))
            .do_update()
            .set(facts())
            .execute(c))?;
        Ok(())
    }

    fn conflict(&mut self, who: &PersonId, examinee: &PersonId) -> Result<Option<Conflict>, Error> {
        Ok(conflict::table
            .find((who.as_str(), examinee.as_str()))
            .select(Conflict::as_select())
            .first(self.conn)
            .optional()?)
    }

    /// Lifts a conflict between two people, if there is one in force. Returns whether there was.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn conflict_lift(
        &mut self,
        who: &PersonId,
        examinee: &PersonId,
        by: &PersonId,
        reason: &str,
    ) -> Result<bool, Error> {
        let lifted = diesel::update(
            conflict::table.find((who.as_str(), examinee.as_str())).filter(conflict::lifted_at.is_null()),
        )
        .set((
            conflict::lifted_at.eq(self.now.0),
            conflict::lifted_by.eq(by.as_str()),
            conflict::lift_reason.eq(reason),
        ))
        .execute(self.conn)?;
        Ok(lifted > 0)
    }

    /// The conflicts on record of any of these people, on either side, lifted ones among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn conflicts_of(&mut self, people: &[PersonId]) -> Result<Vec<Conflict>, Error> {
        let mut found = Vec::new();
        // In slices: the embedded database binds a bounded number of values.
        for slice in people.chunks(400) {
            let ids: Vec<&str> = slice.iter().map(PersonId::as_str).collect();
            let rows: Vec<Conflict> = conflict::table
                .filter(conflict::examinee_id.eq_any(ids.clone()).or(conflict::reviewer_id.eq_any(ids)))
                .order((conflict::reviewer_id, conflict::examinee_id))
                .select(Conflict::as_select())
                .load(self.conn)?;
            found.extend(rows);
        }
        found.sort_by(|a, b| (&a.reviewer_id, &a.examinee_id).cmp(&(&b.reviewer_id, &b.examinee_id)));
        found.dedup();
        Ok(found)
    }

    /// Whom these people named, as reviewers or as examinees, as far as it stands.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn acquaintances_of(&mut self, people: &[PersonId]) -> Result<Vec<Acquaintance>, Error> {
        let mut found = Vec::new();
        for slice in people.chunks(500) {
            let ids: Vec<&str> = slice.iter().map(PersonId::as_str).collect();
            let rows: Vec<Acquaintance> = acquaintance::table
                .filter(acquaintance::person_id.eq_any(ids))
                .filter(acquaintance::withdrawn_at.is_null())
                .order(acquaintance::id)
                .select(Acquaintance::as_select())
                .load(self.conn)?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// Which declarations mean nothing between their maker and somebody: (declaration, other).
    ///
    /// # Errors
    /// A fault of the database.
    pub fn acquaintance_lifts(&mut self) -> Result<BTreeSet<(String, PersonId)>, Error> {
        let rows: Vec<(String, String)> = acquaintance_lift::table
            .select((acquaintance_lift::acquaintance_id, acquaintance_lift::other_id))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(id, other)| (id, PersonId(other))).collect())
    }

    /// Notes that a declaration means nothing between its maker and somebody.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn acquaintance_lift(&mut self, id: &str, other: &PersonId, by: &PersonId, reason: &str) -> Result<(), Error> {
        let row = (
            acquaintance_lift::acquaintance_id.eq(id),
            acquaintance_lift::other_id.eq(other.as_str()),
            acquaintance_lift::reason.eq(reason),
            acquaintance_lift::lifted_by.eq(by.as_str()),
            acquaintance_lift::lifted_at.eq(self.now.0),
        );
        on_backend!(self.conn, |c| diesel::insert_into(acquaintance_lift::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        Ok(())
    }

    /// Who was given scripts of these people in any sitting but one, as (reviewer, examinee).
    ///
    /// # Errors
    /// A fault of the database.
    pub fn earlier_readers(
        &mut self,
        examinees: &[PersonId],
        but: &SittingId,
    ) -> Result<BTreeSet<(PersonId, PersonId)>, Error> {
        let mut found = BTreeSet::new();
        for slice in examinees.chunks(500) {
            let ids: Vec<&str> = slice.iter().map(PersonId::as_str).collect();
            let rows: Vec<(String, String)> = reading::table
                .inner_join(script::table.on(script::id.eq(reading::script_id)))
                .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
                .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
                .filter(registration::person_id.eq_any(ids))
                .filter(registration::sitting_id.ne(but.as_str()))
                .select((reading::reviewer_id, registration::person_id))
                .load(self.conn)?;
            found.extend(rows.into_iter().map(|(who, whom)| (PersonId(who), PersonId(whom))));
        }
        Ok(found)
    }
}
