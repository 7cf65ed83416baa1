//! What a reviewer, or an examinee, keeps about themselves. Open to blind transactions: every query is for one person, and
//! nothing here compares what they wrote with anybody.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{absence, acquaintance, draft, reading, reviewer};
use super::{Error, Tx, from_json, to_json, word};
use crate::domain::absence::Absence;
use crate::domain::conflict::{Named, Relation};
use crate::domain::ids::{AssociationId, PersonId};
use crate::domain::vocabulary::{Strand, spelled};

spelled! {
    /// As what somebody names the people they know.
    Side {
        /// As one who reads.
        Reviewer = "reviewer",
        /// As one who is read.
        Examinee = "examinee",
    }
}

/// For which strands a reviewer is trained, and how much they take at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The strands.
    pub strands: Vec<Strand>,
    /// The most open scripts.
    pub capacity: i64,
}

impl<S> Tx<'_, S> {
    /// A reviewer's strands and capacity, by association.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn training_of(&mut self, who: &PersonId) -> Result<BTreeMap<AssociationId, Training>, Error> {
        let rows: Vec<(String, String, i64)> = reviewer::table
            .filter(reviewer::person_id.eq(who.as_str()))
            .select((reviewer::association_id, reviewer::strands, reviewer::capacity))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(place, strands, capacity)| {
                Ok((AssociationId(place), Training { strands: from_json("reviewer", &strands)?, capacity }))
            })
            .collect()
    }

    /// Changes a reviewer's strands and capacity in an association where they are a reviewer already.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn training_set(&mut self, who: &PersonId, place: &AssociationId, new: &Training) -> Result<(), Error> {
        diesel::update(reviewer::table.find((who.as_str(), place.as_str())))
            .set((reviewer::strands.eq(to_json(&new.strands)?), reviewer::capacity.eq(new.capacity)))
            .execute(self.conn)?;
        Ok(())
    }

    /// When a person is absent, by the first day.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn absences_of(&mut self, who: &PersonId) -> Result<Vec<Absence>, Error> {
        let rows: Vec<(String, String)> = absence::table
            .filter(absence::person_id.eq(who.as_str()))
            .filter(absence::withdrawn_at.is_null())
            .order((absence::from_on, absence::until_on))
            .select((absence::from_on, absence::until_on))
            .load(self.conn)?;
        rows.iter().map(|(from, until)| absence_of(from, until)).collect()
    }

    /// Puts these absences in the place of all that stood; what was declared before stays on record.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn absences_set(&mut self, who: &PersonId, new: &[Absence], by: &PersonId) -> Result<(), Error> {
        let standing = self.absences_of(who)?;
        for gone in standing.iter().filter(|a| !new.contains(a)) {
            diesel::update(
                absence::table
                    .filter(absence::person_id.eq(who.as_str()))
                    .filter(absence::withdrawn_at.is_null())
                    .filter(absence::from_on.eq(gone.from.to_string()))
                    .filter(absence::until_on.eq(gone.until.to_string())),
            )
            .set(absence::withdrawn_at.eq(self.now.0))
            .execute(self.conn)?;
        }
        let mut added: Vec<&Absence> = new.iter().filter(|a| !standing.contains(a)).collect();
        added.sort();
        added.dedup();
        for absence in added {
            diesel::insert_into(absence::table)
                .values((
                    absence::id.eq(self.entropy.id()),
                    absence::person_id.eq(who.as_str()),
                    absence::from_on.eq(absence.from.to_string()),
                    absence::until_on.eq(absence.until.to_string()),
                    absence::declared_by.eq(by.as_str()),
                    absence::declared_at.eq(self.now.0),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Whom a person says they know, in the order of their words.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn named_by(&mut self, who: &PersonId, side: Side) -> Result<Vec<Named>, Error> {
        let rows: Vec<(String, String)> = acquaintance::table
            .filter(acquaintance::person_id.eq(who.as_str()))
            .filter(acquaintance::side.eq(side.as_str()))
            .filter(acquaintance::withdrawn_at.is_null())
            .select((acquaintance::who, acquaintance::relation))
            .load(self.conn)?;
        let mut named: Vec<Named> = rows
            .into_iter()
            .map(|(who, relation)| Ok(Named { who, relation: word("acquaintance", &relation, Relation::parse)? }))
            .collect::<Result<_, Error>>()?;
        named.sort();
        Ok(named)
    }

    /// Puts these people in the place of all whom a person named; what was declared before stays on record.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn named_set(&mut self, who: &PersonId, side: Side, new: &[Named]) -> Result<(), Error> {
        let standing = self.named_by(who, side)?;
        for gone in standing.iter().filter(|n| !new.contains(n)) {
            diesel::update(
                acquaintance::table
                    .filter(acquaintance::person_id.eq(who.as_str()))
                    .filter(acquaintance::side.eq(side.as_str()))
                    .filter(acquaintance::withdrawn_at.is_null())
                    .filter(acquaintance::who.eq(&gone.who))
                    .filter(acquaintance::relation.eq(gone.relation.as_str())),
            )
            .set(acquaintance::withdrawn_at.eq(self.now.0))
            .execute(self.conn)?;
        }
        let mut added: Vec<&Named> = new.iter().filter(|n| !standing.contains(n)).collect();
        added.sort();
        added.dedup();
        for named in added {
            diesel::insert_into(acquaintance::table)
                .values((
                    acquaintance::id.eq(self.entropy.id()),
                    acquaintance::person_id.eq(who.as_str()),
                    acquaintance::side.eq(side.as_str()),
                    acquaintance::who.eq(&named.who),
                    acquaintance::relation.eq(named.relation.as_str()),
                    acquaintance::declared_at.eq(self.now.0),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// For how many seconds a reviewer worked on each script they sealed, and on each that is open.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn own_work(&mut self, who: &PersonId) -> Result<(Vec<i64>, Vec<i64>), Error> {
        let rows: Vec<(String, Option<i64>)> = reading::table
            .left_join(draft::table.on(draft::reading_id.eq(reading::id)))
            .filter(reading::reviewer_id.eq(who.as_str()))
            .filter(reading::state.ne("declined"))
            .select((reading::state, draft::worked_seconds.nullable()))
            .load(self.conn)?;
        let (sealed, open): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(state, _)| state == "sealed");
        let seconds = |rows: Vec<(String, Option<i64>)>| rows.into_iter().map(|row| row.1.unwrap_or(0)).collect();
        Ok((seconds(sealed), seconds(open)))
    }
}

pub(super) fn absence_of(from: &str, until: &str) -> Result<Absence, Error> {
    let day = |text: &str| text.parse().map_err(|_| Error::stored("absence: not a date"));
    Ok(Absence { from: day(from)?, until: day(until)? })
}
