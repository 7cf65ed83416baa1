//! Settled scripts with both their first readings: what figures of agreement are made of. Asks for sight.

use diesel::prelude::*;

use super::schema::{attempt, registration, script, settlement, sitting};
use super::{Error, Sighted, Tx, word};
use crate::domain::ids::{AssociationId, PersonId, ScriptId, SittingId};
use crate::domain::panel::{Reading, SettledBy};

/// How many scripts figures rest on at the most: the newest so many.
pub const MOST_SCRIPTS: i64 = 4000;

/// Whose scripts.
#[derive(Debug, Clone)]
pub enum Scope {
    /// Of one sitting.
    Sitting(SittingId),
    /// Of all sittings of an association.
    Association(AssociationId),
}

/// A settled script.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Which.
    pub script: ScriptId,
    /// Of which sitting.
    pub sitting: SittingId,
    /// The vignette and its version.
    pub vignette: (String, i64),
    /// The most points of one reading.
    pub max_points: i64,
    /// How it was settled.
    pub settled_by: SettledBy,
    /// The two first readings, in the order of their readers' ids.
    pub readings: [(PersonId, Reading); 2],
}

impl Tx<'_, Sighted> {
    /// The settled scripts of a scope, in the order of their ids. A script that is not settled is not looked at: both its
    /// first readings, and its third where one was called, are sealed by then.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn scripts_settled(&mut self, scope: &Scope) -> Result<Vec<Settled>, Error> {
        type Row = (String, String, String, i64, i64, String);
        let query = settlement::table
            .inner_join(script::table.on(script::id.eq(settlement::script_id)))
            .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .inner_join(sitting::table.on(sitting::id.eq(registration::sitting_id)))
            .filter(settlement::superseded_at.is_null())
            // A re-mark is chosen by what came of the first marking: beside those nobody chose it would skew the figures.
            .filter(script::round.eq(0))
            .order((settlement::settled_at.desc(), settlement::script_id))
            .limit(MOST_SCRIPTS)
            .select((
                script::id,
                sitting::id,
                script::vignette_id,
                script::vignette_version,
                script::max_points,
                settlement::settled_by,
            ))
            .into_boxed();
        let mut rows: Vec<Row> = match scope {
            Scope::Sitting(id) => query.filter(sitting::id.eq(id.as_str())).load(self.conn)?,
            Scope::Association(id) => query.filter(sitting::association_id.eq(id.as_str())).load(self.conn)?,
        };
        rows.sort();
        let ids: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        let mut pairs = self.first_pairs(&ids)?;
        let mut found = Vec::new();
        for (id, sitting, vignette, version, max_points, settled_by) in rows {
            let Some(readings) = pairs.remove(&id) else { continue };
            found.push(Settled {
                script: ScriptId(id),
                sitting: SittingId(sitting),
                vignette: (vignette, version),
                max_points,
                settled_by: word("settlement", &settled_by, SettledBy::parse)?,
                readings,
            });
        }
        Ok(found)
    }
}
