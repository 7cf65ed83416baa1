//! A reviewer's own figures beside those of the others. Open to blind transactions.
//!
//! Invariant: no query here leads towards a writer, and what others judged leaves this module only as the figures that
//! `domain::psychometrics::standing` makes of it.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::schema::{reading, review, script, settlement};
use super::{Error, Tx, from_json};
use crate::domain::ids::PersonId;
use crate::domain::panel::Reading;
use crate::domain::psychometrics::standing::{Released, Standing, standing};
use crate::domain::rubric::Marks;

/// How many released scripts figures rest on at the most: about the newest so many.
const MOST_SCRIPTS: i64 = 4000;
/// By how many scripts that window moves on.
const WINDOW_STEP: i64 = 1000;

/// The two first readings of scripts, by script, each pair in the order of its readers' ids.
pub(super) type FirstPairs = BTreeMap<String, [(PersonId, Reading); 2]>;

impl<S> Tx<'_, S> {
    /// How a reviewer's marking stands beside that of the other readers.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn own_standing(&mut self, who: &PersonId) -> Result<Standing, Error> {
        let all: i64 = settlement::table
            .filter(settlement::released_at.is_not_null())
            .filter(settlement::superseded_at.is_null())
            .count()
            .get_result(self.conn)?;
        // The window moves rarely, so that what falls out of it shows as little as what comes in.
        let skipped = (all - MOST_SCRIPTS).max(0) / WINDOW_STEP * WINDOW_STEP;
        let rows: Vec<(String, i64)> = settlement::table
            .inner_join(script::table.on(script::id.eq(settlement::script_id)))
            .filter(settlement::released_at.is_not_null())
            .filter(settlement::superseded_at.is_null())
            .order((settlement::released_at, settlement::script_id))
            .offset(skipped)
            .limit(MOST_SCRIPTS + WINDOW_STEP)
            .select((settlement::script_id, script::max_points))
            .load(self.conn)?;
        let ids: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        let mut pairs = self.first_pairs(&ids)?;
        let released: Vec<Released> = rows
            .iter()
            .filter_map(|(id, max_points)| Some(Released { readings: pairs.remove(id)?, max_points: *max_points }))
            .collect();
        Ok(standing(who, &released))
    }

    /// The sealed first readings of scripts that have two. Thirds, and readings of any other purpose, are left out by
    /// asking for firsts alone.
    pub(super) fn first_pairs(&mut self, scripts: &[&str]) -> Result<FirstPairs, Error> {
        let mut found: BTreeMap<String, BTreeMap<PersonId, Reading>> = BTreeMap::new();
        for slice in scripts.chunks(500) {
            let rows: Vec<(String, String, String)> = reading::table
                .inner_join(review::table.on(review::reading_id.eq(reading::id)))
                .filter(reading::script_id.eq_any(slice))
                .filter(reading::kind.eq("first"))
                .filter(reading::state.eq("sealed"))
                .order((reading::script_id, reading::reviewer_id, review::version))
                .select((reading::script_id, reading::reviewer_id, review::marks))
                .load(self.conn)?;
            for (script, reader, marks) in rows {
                let marks: Marks = from_json("review", &marks)?;
                let verdict = marks.verdict.ok_or_else(|| Error::stored("review: without a verdict"))?;
                // A later version takes the place of an earlier one.
                found.entry(script).or_default().insert(PersonId(reader), Reading { scores: marks.scores, verdict });
            }
        }
        let pair = |readings: BTreeMap<PersonId, Reading>| <[_; 2]>::try_from(Vec::from_iter(readings)).ok();
        Ok(found.into_iter().filter_map(|(script, readings)| Some((script, pair(readings)?))).collect())
    }
}
