//! A reviewer's own calibration: how their sets stand, and what they learn from those that are judged. Open to blind
//! transactions: the reference itself is out of their sight, and nothing here tells of what was planted.

use diesel::prelude::*;
use serde::Serialize;

use super::schema::{admission, calibration_reading, calibration_set, reading, review, script, vignette};
use super::{Error, Tx, from_json, word};
use crate::domain::bank::Vignette;
use crate::domain::calibration::{Decision, Lesson, SetOutcome};
use crate::domain::ids::{AssociationId, PersonId, ReadingId, ScriptCode};
use crate::domain::rubric::Marks;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Strand;

/// A set as its reviewer sees it.
#[derive(Debug, Clone)]
pub struct OwnSet {
    /// Where.
    pub association: AssociationId,
    /// For which strand.
    pub strand: Strand,
    /// The how-manieth, from 1.
    pub number: i64,
    /// How many scripts it has.
    pub scripts: i64,
    /// How many of them are sealed.
    pub sealed: i64,
    /// When it was judged, and what it came to.
    pub judged: Option<(Instant, SetOutcome)>,
    /// What there is to learn; nothing before it is judged.
    pub lessons: Vec<OwnLesson>,
}

/// A benchmark script with one's own marks beside the reference.
#[derive(Debug, Clone)]
pub struct OwnLesson {
    /// What this reviewer knows the script by.
    pub code: ScriptCode,
    /// The vignette with its rubric.
    pub vignette: Vignette,
    /// One's own marks.
    pub own: Marks,
    /// The reference.
    pub lesson: Lesson,
}

/// What stands about a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnDecision {
    /// Where.
    pub association: AssociationId,
    /// For which strand.
    pub strand: Strand,
    /// What.
    pub decision: Decision,
}

impl<S> Tx<'_, S> {
    /// The newest decision about a reviewer, for each association and strand.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn own_decisions(&mut self, who: &PersonId) -> Result<Vec<OwnDecision>, Error> {
        let rows: Vec<(String, String, String)> = admission::table
            .filter(admission::person_id.eq(who.as_str()))
            .order((admission::association_id, admission::strand, admission::version))
            .select((admission::association_id, admission::strand, admission::decision))
            .load(self.conn)?;
        let mut found: Vec<OwnDecision> = Vec::new();
        for (place, strand, decision) in rows {
            let newer = OwnDecision {
                association: AssociationId(place),
                strand: word("admission", &strand, Strand::parse)?,
                decision: word("admission", &decision, Decision::parse)?,
            };
            found.retain(|known| (&known.association, known.strand) != (&newer.association, newer.strand));
            found.push(newer);
        }
        Ok(found)
    }

    /// Whether a reading belongs to a set that is judged, so that its reviewer has seen the reference.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn lesson_is_told(&mut self, id: &ReadingId) -> Result<bool, Error> {
        let told = calibration_reading::table.find(id.as_str()).filter(calibration_reading::lesson.is_not_null());
        Ok(diesel::select(diesel::dsl::exists(told)).get_result(self.conn)?)
    }

    /// A reviewer's sets, newest first within an association and strand.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn own_sets(&mut self, who: &PersonId) -> Result<Vec<OwnSet>, Error> {
        type Row = (String, String, i64, i64, Option<i64>, Option<String>);
        let rows: Vec<Row> = calibration_set::table
            .filter(calibration_set::person_id.eq(who.as_str()))
            .order((calibration_set::association_id, calibration_set::strand, calibration_set::number.desc()))
            .select((
                calibration_set::association_id,
                calibration_set::strand,
                calibration_set::number,
                calibration_set::scripts,
                calibration_set::judged_at,
                calibration_set::outcome,
            ))
            .load(self.conn)?;
        let mut sets = Vec::new();
        for (place, strand, number, scripts, judged_at, outcome) in rows {
            let outcome = outcome.map(|text| word("calibration_set", &text, SetOutcome::parse)).transpose()?;
            let strand = word("calibration_set", &strand, Strand::parse)?;
            let association = AssociationId(place);
            let (sealed, lessons) = self.own_lessons(who, (&association, strand, number))?;
            let judged = judged_at.map(Instant).zip(outcome);
            sets.push(OwnSet { association, strand, number, scripts, sealed, judged, lessons });
        }
        Ok(sets)
    }

    /// How many scripts of a set are sealed, and what there is to learn from it, in the order of the queue.
    fn own_lessons(
        &mut self,
        who: &PersonId,
        (place, strand, number): (&AssociationId, Strand, i64),
    ) -> Result<(i64, Vec<OwnLesson>), Error> {
        type Row = (String, String, String, Option<String>);
        let rows: Vec<Row> = calibration_reading::table
            .inner_join(reading::table.on(reading::id.eq(calibration_reading::reading_id)))
            .inner_join(review::table.on(review::reading_id.eq(reading::id).and(review::version.eq(1))))
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .inner_join(
                vignette::table
                    .on(vignette::id.eq(script::vignette_id).and(vignette::version.eq(script::vignette_version))),
            )
            .filter(calibration_reading::person_id.eq(who.as_str()))
            .filter(calibration_reading::association_id.eq(place.as_str()))
            .filter(calibration_reading::strand.eq(strand.as_str()))
            .filter(calibration_reading::number.eq(number))
            .filter(reading::state.eq("sealed"))
            .order(reading::code)
            .select((reading::code, vignette::document, review::marks, calibration_reading::lesson))
            .load(self.conn)?;
        let sealed = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let mut lessons = Vec::new();
        for (code, document, marks, lesson) in rows {
            let Some(lesson) = lesson else { continue };
            lessons.push(OwnLesson {
                code: ScriptCode(code),
                vignette: from_json("vignette", &document)?,
                own: from_json("review", &marks)?,
                lesson: from_json("calibration_reading", &lesson)?,
            });
        }
        Ok((sealed, lessons))
    }
}
