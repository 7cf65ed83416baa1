//! Calibration as the clerk and coordinators see it: the sets, who is admitted, and what is planted. Asks for sight.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::{
    admission, calibration_reading, calibration_set, person_role, planted_reading, planting, policy, reading, review,
    reviewer, script,
};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::calibration::{Decision, Lesson, SetOutcome};
use crate::domain::ids::{AssociationId, PersonId, ReadingId, ScriptId, SittingId};
use crate::domain::rubric::Marks;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Role, Strand};
use crate::store::marking::Reading;
use crate::store::readings::ReadingState;

mod checks;

/// Whose calibration: a reviewer, in an association, for a strand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Post {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub association: AssociationId,
    /// For what.
    pub strand: Strand,
}

/// What stands about a reader of scripts at a post, of all that was decided: what is decided there, or, for one whom another
/// association lends, that they are admitted in one of their own.
pub fn standing_at(newest: &BTreeMap<Post, Decision>, here: &Post, own: bool) -> Option<Decision> {
    let decided = newest.get(here).copied();
    if own || decided.is_some() {
        return decided;
    }
    let lent = |(post, decision): &(&Post, &Decision)| {
        post.person == here.person && post.strand == here.strand && **decision == Decision::Admitted
    };
    newest.iter().find(lent).map(|(_, decision)| *decision)
}

/// The newest decision about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// What was decided.
    pub decision: Decision,
    /// By whom; nobody where the rule decided.
    pub decided_by: Option<PersonId>,
    /// Why.
    pub reason: String,
    /// When.
    pub decided_at: Instant,
}

/// A set of benchmark scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalibrationSet {
    /// Whose.
    pub post: Post,
    /// The how-manieth, from 1.
    pub number: i64,
    /// How many scripts.
    pub scripts: i64,
    /// When it was given.
    pub given_at: Instant,
    /// What it came to, once it is judged.
    pub outcome: Option<SetOutcome>,
    /// What the judgement rests on.
    pub judgement: Option<String>,
}

/// A reading of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetReading {
    /// Which.
    pub reading: ReadingId,
    /// Of which script.
    pub script: ScriptId,
    /// How far.
    pub state: ReadingState,
}

/// What a planted reading was planted among.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlantedAmong {
    /// The sitting.
    pub sitting: SittingId,
    /// The strand.
    pub strand: Strand,
    /// The vignette.
    pub vignette: (String, i64),
}

/// A sealed reading of a benchmark.
#[derive(Debug, Clone)]
pub struct BenchmarkReading {
    /// Which.
    pub reading: ReadingId,
    /// Whose.
    pub reviewer: PersonId,
    /// Of which script.
    pub script: ScriptId,
    /// The most points of it.
    pub max_points: i64,
    /// Whether it was planted among live ones.
    pub planted: bool,
    /// What was sealed.
    pub marks: Marks,
    /// When.
    pub sealed_at: Instant,
}

impl Tx<'_, Sighted> {
    /// Associations that have rules of their own: no other asks for a calibration.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn associations_ruled(&mut self) -> Result<Vec<AssociationId>, Error> {
        let ids: Vec<String> =
            policy::table.select(policy::association_id).distinct().order(policy::association_id).load(self.conn)?;
        Ok(ids.into_iter().map(AssociationId).collect())
    }

    /// The posts of an association's reviewers who take scripts at all.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn posts(&mut self, place: &AssociationId) -> Result<Vec<Post>, Error> {
        let rows: Vec<(String, String)> = reviewer::table
            .inner_join(
                person_role::table.on(person_role::person_id
                    .eq(reviewer::person_id)
                    .and(person_role::association_id.eq(reviewer::association_id))),
            )
            .filter(person_role::role.eq(Role::Reviewer.as_str()))
            .filter(reviewer::association_id.eq(place.as_str()))
            .filter(reviewer::capacity.gt(0))
            .order(reviewer::person_id)
            .select((reviewer::person_id, reviewer::strands))
            .load(self.conn)?;
        let mut posts = Vec::new();
        for (who, strands) in rows {
            for strand in from_json::<Vec<Strand>>("reviewer", &strands)? {
                posts.push(Post { person: PersonId(who.clone()), association: place.clone(), strand });
            }
        }
        Ok(posts)
    }

    /// The newest decision about each of these people, wherever they review.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn admissions(&mut self, people: &[PersonId]) -> Result<BTreeMap<Post, Admission>, Error> {
        type Row = (String, String, String, String, Option<String>, String, i64);
        let mut found = BTreeMap::new();
        // In slices: the embedded database binds a bounded number of values.
        for slice in people.chunks(500) {
            let ids: Vec<&str> = slice.iter().map(PersonId::as_str).collect();
            let rows: Vec<Row> = admission::table
                .filter(admission::person_id.eq_any(ids))
                .order(admission::version)
                .select((
                    admission::person_id,
                    admission::association_id,
                    admission::strand,
                    admission::decision,
                    admission::decided_by,
                    admission::reason,
                    admission::decided_at,
                ))
                .load(self.conn)?;
            for (who, place, strand, decision, decided_by, reason, decided_at) in rows {
                let newest = Admission {
                    decision: word("admission", &decision, Decision::parse)?,
                    decided_by: decided_by.map(PersonId),
                    reason,
                    decided_at: Instant(decided_at),
                };
                found.insert(post(who, place, &strand)?, newest);
            }
        }
        Ok(found)
    }

    /// Decides about somebody; what was decided before stays on record.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn admission_add(
        &mut self,
        of: &Post,
        decision: Decision,
        by: Option<&PersonId>,
        reason: &str,
    ) -> Result<(), Error> {
        let before: i64 = admission::table
            .filter(admission::person_id.eq(of.person.as_str()))
            .filter(admission::association_id.eq(of.association.as_str()))
            .filter(admission::strand.eq(of.strand.as_str()))
            .count()
            .get_result(self.conn)?;
        diesel::insert_into(admission::table)
            .values((
                admission::person_id.eq(of.person.as_str()),
                admission::association_id.eq(of.association.as_str()),
                admission::strand.eq(of.strand.as_str()),
                admission::version.eq(before + 1),
                admission::decision.eq(decision.as_str()),
                admission::decided_by.eq(by.map(PersonId::as_str)),
                admission::reason.eq(reason),
                admission::decided_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The newest set of each post of an association.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn calibration_sets(&mut self, place: &AssociationId) -> Result<BTreeMap<Post, CalibrationSet>, Error> {
        type Row = (String, String, String, i64, i64, i64, Option<String>, Option<String>);
        let rows: Vec<Row> = calibration_set::table
            .filter(calibration_set::association_id.eq(place.as_str()))
            .order(calibration_set::number)
            .select((
                calibration_set::person_id,
                calibration_set::association_id,
                calibration_set::strand,
                calibration_set::number,
                calibration_set::scripts,
                calibration_set::given_at,
                calibration_set::outcome,
                calibration_set::judgement,
            ))
            .load(self.conn)?;
        let mut found = BTreeMap::new();
        for (who, place, strand, number, scripts, given_at, outcome, judgement) in rows {
            let post = post(who, place, &strand)?;
            let outcome = outcome.map(|text| word("calibration_set", &text, SetOutcome::parse)).transpose()?;
            let set =
                CalibrationSet { post: post.clone(), number, scripts, given_at: Instant(given_at), outcome, judgement };
            found.insert(post, set);
        }
        Ok(found)
    }

    /// Opens a set.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn calibration_set_add(&mut self, of: &Post, number: i64, scripts: i64) -> Result<(), Error> {
        diesel::insert_into(calibration_set::table)
            .values((
                calibration_set::person_id.eq(of.person.as_str()),
                calibration_set::association_id.eq(of.association.as_str()),
                calibration_set::strand.eq(of.strand.as_str()),
                calibration_set::number.eq(number),
                calibration_set::scripts.eq(scripts),
                calibration_set::given_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Puts a reading into a set.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn calibration_reading_add(&mut self, id: &ReadingId, of: &Post, number: i64) -> Result<(), Error> {
        diesel::insert_into(calibration_reading::table)
            .values((
                calibration_reading::reading_id.eq(id.as_str()),
                calibration_reading::person_id.eq(of.person.as_str()),
                calibration_reading::association_id.eq(of.association.as_str()),
                calibration_reading::strand.eq(of.strand.as_str()),
                calibration_reading::number.eq(number),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The readings of a set that were not given back.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn calibration_readings(&mut self, of: &Post, number: i64) -> Result<Vec<SetReading>, Error> {
        let rows: Vec<(String, String, String)> = calibration_reading::table
            .inner_join(reading::table.on(reading::id.eq(calibration_reading::reading_id)))
            .filter(calibration_reading::person_id.eq(of.person.as_str()))
            .filter(calibration_reading::association_id.eq(of.association.as_str()))
            .filter(calibration_reading::strand.eq(of.strand.as_str()))
            .filter(calibration_reading::number.eq(number))
            .filter(reading::state.ne("declined"))
            .order(reading::id)
            .select((reading::id, reading::script_id, reading::state))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(reading, script, state)| {
                let state = word("reading", &state, ReadingState::parse)?;
                Ok(SetReading { reading: ReadingId(reading), script: ScriptId(script), state })
            })
            .collect()
    }

    /// The posts with a set that is not judged, and a reading of that script in it.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn calibration_sets_with(&mut self, id: &ScriptId) -> Result<Vec<Post>, Error> {
        let rows: Vec<(String, String, String)> = calibration_reading::table
            .inner_join(reading::table.on(reading::id.eq(calibration_reading::reading_id)))
            .inner_join(
                calibration_set::table.on(calibration_set::person_id
                    .eq(calibration_reading::person_id)
                    .and(calibration_set::association_id.eq(calibration_reading::association_id))
                    .and(calibration_set::strand.eq(calibration_reading::strand))
                    .and(calibration_set::number.eq(calibration_reading::number))),
            )
            .filter(reading::script_id.eq(id.as_str()))
            .filter(calibration_set::judged_at.is_null())
            .order(reading::id)
            .select((calibration_set::person_id, calibration_set::association_id, calibration_set::strand))
            .load(self.conn)?;
        rows.into_iter().map(|(who, place, strand)| post(who, place, &strand)).collect()
    }

    /// Judges a set.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn calibration_set_judge(
        &mut self,
        of: &Post,
        number: i64,
        outcome: SetOutcome,
        judgement: &serde_json::Value,
    ) -> Result<(), Error> {
        diesel::update(calibration_set::table.find((
            of.person.as_str(),
            of.association.as_str(),
            of.strand.as_str(),
            number,
        )))
        .set((
            calibration_set::judged_at.eq(self.now.0),
            calibration_set::outcome.eq(outcome.as_str()),
            calibration_set::judgement.eq(to_json(judgement)?),
        ))
        .execute(self.conn)?;
        Ok(())
    }

    /// Writes what a reviewer learns from a reading of a set that is judged.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn lesson_add(&mut self, id: &ReadingId, lesson: &Lesson) -> Result<(), Error> {
        diesel::update(calibration_reading::table.find(id.as_str()))
            .set(calibration_reading::lesson.eq(to_json(lesson)?))
            .execute(self.conn)?;
        Ok(())
    }

    /// Notes that a reading was planted among live ones of a sitting.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn planted_add(&mut self, id: &ReadingId, place: &AssociationId, sitting: &SittingId) -> Result<(), Error> {
        diesel::insert_into(planted_reading::table)
            .values((
                planted_reading::reading_id.eq(id.as_str()),
                planted_reading::association_id.eq(place.as_str()),
                planted_reading::sitting_id.eq(sitting.as_str()),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// What was planted on a reviewer among a sitting's scripts, so that it is treated as those are.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn planted_on(&mut self, who: &PersonId, sitting: &SittingId) -> Result<Vec<Reading>, Error> {
        let rows: Vec<(String, String)> = planted_reading::table
            .inner_join(reading::table.on(reading::id.eq(planted_reading::reading_id)))
            .filter(planted_reading::sitting_id.eq(sitting.as_str()))
            .filter(reading::reviewer_id.eq(who.as_str()))
            .filter(reading::state.ne("declined"))
            .select((reading::id, reading::script_id))
            .load(self.conn)?;
        let mut scripts: Vec<ScriptId> = rows.iter().map(|row| ScriptId(row.1.clone())).collect();
        scripts.sort();
        scripts.dedup();
        let mut readings = self.readings_of(&scripts)?;
        readings.retain(|r| rows.iter().any(|(id, _)| *id == r.id.0));
        Ok(readings)
    }

    /// Among what a reading was planted, if it was.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn planted_among(&mut self, id: &ReadingId) -> Result<Option<PlantedAmong>, Error> {
        let row: Option<(String, String, String, i64)> = planted_reading::table
            .inner_join(reading::table.on(reading::id.eq(planted_reading::reading_id)))
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .filter(planted_reading::reading_id.eq(id.as_str()))
            .select((planted_reading::sitting_id, script::strand, script::vignette_id, script::vignette_version))
            .first(self.conn)
            .optional()?;
        row.map(|(sitting, strand, vignette, version)| {
            let strand = word("script", &strand, Strand::parse)?;
            Ok(PlantedAmong { sitting: SittingId(sitting), strand, vignette: (vignette, version) })
        })
        .transpose()
    }

    /// What is owed to a reviewer of planted scripts; nothing before the first batch.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn planting_carry(&mut self, who: &PersonId, place: &AssociationId) -> Result<Option<i64>, Error> {
        let row = planting::table.find((who.as_str(), place.as_str())).select(planting::carry);
        Ok(row.first(self.conn).optional()?)
    }

    /// Sets it.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn planting_carry_set(&mut self, who: &PersonId, place: &AssociationId, carry: i64) -> Result<(), Error> {
        if self.planting_carry(who, place)?.is_some() {
            diesel::update(planting::table.find((who.as_str(), place.as_str())))
                .set(planting::carry.eq(carry))
                .execute(self.conn)?;
        } else {
            diesel::insert_into(planting::table)
                .values((
                    planting::person_id.eq(who.as_str()),
                    planting::association_id.eq(place.as_str()),
                    planting::carry.eq(carry),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The sealed readings of benchmarks in an association: those of its sets and those planted among its scripts.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn benchmark_readings(&mut self, place: &AssociationId) -> Result<Vec<BenchmarkReading>, Error> {
        type Row = (String, String, String, i64, Option<String>, String, i64);
        let rows: Vec<Row> = reading::table
            // What was sealed first: a correction is no second try.
            .inner_join(review::table.on(review::reading_id.eq(reading::id).and(review::version.eq(1))))
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .left_join(planted_reading::table.on(planted_reading::reading_id.eq(reading::id)))
            .left_join(calibration_reading::table.on(calibration_reading::reading_id.eq(reading::id)))
            .filter(reading::kind.eq("benchmark"))
            .filter(reading::state.eq("sealed"))
            .filter(
                planted_reading::association_id
                    .nullable()
                    .eq(place.as_str())
                    .or(calibration_reading::association_id.nullable().eq(place.as_str())),
            )
            .order((reading::reviewer_id, reading::id))
            .select((
                reading::id,
                reading::reviewer_id,
                reading::script_id,
                script::max_points,
                planted_reading::reading_id.nullable(),
                review::marks,
                review::sealed_at,
            ))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(id, who, script, max_points, planted, marks, sealed_at)| {
                Ok(BenchmarkReading {
                    reading: ReadingId(id),
                    reviewer: PersonId(who),
                    script: ScriptId(script),
                    max_points,
                    planted: planted.is_some(),
                    marks: from_json("review", &marks)?,
                    sealed_at: Instant(sealed_at),
                })
            })
            .collect()
    }
}

fn post(who: String, place: String, strand: &str) -> Result<Post, Error> {
    Ok(Post {
        person: PersonId(who),
        association: AssociationId(place),
        strand: word("calibration", strand, Strand::parse)?,
    })
}
