//! System checks: a small record of how somebody's device did.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::schema::{registration, system_check};
use super::{Error, Sighted, Tx, from_json, to_json};
use crate::domain::ids::{PersonId, RegistrationId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::system_check::Finding;
use crate::domain::timing::Instant;

/// A system check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemCheck {
    /// Which.
    pub id: String,
    /// Whose.
    pub person: PersonId,
    /// The seat for practice in which its answers are written.
    pub registration: RegistrationId,
    /// When it began.
    pub begun_at: Instant,
    /// What it came to, once it is over.
    pub report: Option<Report>,
}

/// What a system check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// When.
    pub finished_at: Instant,
    /// Whether the device is fit for the exam.
    pub passed: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

type Row = (String, String, String, i64, Option<i64>, Option<bool>, Option<String>);

fn read((id, person, registration, begun_at, finished_at, passed, findings): Row) -> Result<SystemCheck, Error> {
    let report = match (finished_at, passed, findings) {
        (Some(at), Some(passed), Some(text)) => {
            Some(Report { finished_at: Instant(at), passed, findings: from_json("system_check", &text)? })
        }
        _ => None,
    };
    Ok(SystemCheck {
        id,
        person: PersonId(person),
        registration: RegistrationId(registration),
        begun_at: Instant(begun_at),
        report,
    })
}

impl Tx<'_, Sighted> {
    /// Begins a system check that writes its answers in that seat.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn system_check_add(&mut self, who: &PersonId, seat: &RegistrationId) -> Result<String, Error> {
        let id = self.entropy.id();
        diesel::insert_into(system_check::table)
            .values((
                system_check::id.eq(&id),
                system_check::person_id.eq(who.as_str()),
                system_check::registration_id.eq(seat.as_str()),
                system_check::begun_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(id)
    }

    /// Notes what it came to.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn system_check_finish(&mut self, id: &str, passed: bool, findings: &[Finding]) -> Result<(), Error> {
        diesel::update(system_check::table.find(id).filter(system_check::finished_at.is_null()))
            .set((
                system_check::finished_at.eq(self.now.0),
                system_check::passed.eq(passed),
                system_check::findings.eq(to_json(&findings)?),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// A system check.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn system_check(&mut self, id: &str) -> Result<SystemCheck, Error> {
        let row: Option<Row> =
            system_check::table.find(id).select(system_check::all_columns).first(self.conn).optional()?;
        read(row.ok_or(Refusal::NotFound)?)
    }

    /// A person's system checks, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn system_checks_of(&mut self, who: &PersonId, limit: i64) -> Result<Vec<SystemCheck>, Error> {
        let rows: Vec<Row> = system_check::table
            .filter(system_check::person_id.eq(who.as_str()))
            .order((system_check::begun_at.desc(), system_check::id))
            .limit(limit)
            .select(system_check::all_columns)
            .load(self.conn)?;
        rows.into_iter().map(read).collect()
    }

    /// The last finished system check of everybody who has a seat in a sitting.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn system_checks_in(&mut self, sitting: &SittingId) -> Result<BTreeMap<PersonId, Report>, Error> {
        let seated =
            registration::table.filter(registration::sitting_id.eq(sitting.as_str())).select(registration::person_id);
        let rows: Vec<Row> = system_check::table
            .filter(system_check::person_id.eq_any(seated))
            .filter(system_check::finished_at.is_not_null())
            .order((system_check::finished_at, system_check::id))
            .select(system_check::all_columns)
            .load(self.conn)?;
        let checks = rows.into_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
        // In the order of time: a later one takes the place of an earlier one.
        Ok(checks.into_iter().filter_map(|check| Some((check.person, check.report?))).collect())
    }
}
