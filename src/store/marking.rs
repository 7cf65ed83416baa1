//! Marking as coordinators and the clerk see it: scripts and their panels, on which both the examinee and the reviewers
//! are known. Every method asks for sight.

use diesel::prelude::*;

use super::readings::{ReadingState, review_digest};
use super::schema::{attempt, panel_due, person_role, reading, registration, review, reviewer, script};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::ids::{AssociationId, AttemptId, PersonId, ReadingId, ScriptCode, ScriptId, SittingId};
use crate::domain::timing::Instant;
use crate::domain::vocabulary::{Role, Strand, spelled};

spelled! {
    /// What a reading is for; no reviewer is told.
    ReadingKind {
        /// One of the two first readings.
        First = "first",
        /// The third, by an adjudicator.
        Third = "third",
        /// Of a benchmark, whose scores are known.
        Benchmark = "benchmark",
    }
}

/// A script to be made.
#[derive(Debug, Clone)]
pub struct NewScript {
    /// From which attempt.
    pub attempt: AttemptId,
    /// At which position.
    pub position: i64,
    /// The strand.
    pub strand: Strand,
    /// The vignette.
    pub vignette: (String, i64),
    /// The answer as it counts.
    pub body: String,
    /// The most points of one reading.
    pub max_points: i64,
}

/// A script with what allocation must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Which.
    pub id: ScriptId,
    /// From which attempt.
    pub attempt: AttemptId,
    /// At which position.
    pub position: i64,
    /// Which marking of that answer: 0 for the first, more for a re-mark.
    pub round: i64,
    /// The strand.
    pub strand: Strand,
    /// The vignette.
    pub vignette: (String, i64),
    /// The most points of one reading.
    pub max_points: i64,
    /// Who wrote it.
    pub examinee: PersonId,
    /// In which sitting.
    pub sitting: SittingId,
}

/// A seat on a script's panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which.
    pub id: ReadingId,
    /// Of which script.
    pub script: ScriptId,
    /// Whose.
    pub reviewer: PersonId,
    /// What for.
    pub kind: ReadingKind,
    /// How far.
    pub state: ReadingState,
    /// By when, `YYYY-MM-DD`.
    pub due_on: String,
    /// Why it was given back.
    pub decline_reason: Option<String>,
    /// When it was.
    pub declined_at: Option<Instant>,
    /// Whether its reviewer was asked to finish it or give it back.
    pub asked: bool,
}

/// A reviewer as allocation sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewerFacts {
    /// Who.
    pub person: PersonId,
    /// For which strands they are trained.
    pub strands: Vec<Strand>,
    /// The most open readings they take.
    pub capacity: usize,
    /// How many they hold.
    pub load: usize,
}

/// Which scripts a list is of.
enum Which<'i> {
    Sitting(&'i SittingId),
    Attempt(&'i AttemptId),
    Script(&'i ScriptId),
}

impl Tx<'_, Sighted> {
    /// Makes a script.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_add(&mut self, new: &NewScript) -> Result<(), Error> {
        let id: ScriptId = self.fresh();
        diesel::insert_into(script::table)
            .values((
                script::id.eq(id.as_str()),
                script::attempt_id.eq(new.attempt.as_str()),
                script::position.eq(new.position),
                script::strand.eq(new.strand.as_str()),
                script::vignette_id.eq(&new.vignette.0),
                script::vignette_version.eq(new.vignette.1),
                script::body.eq(&new.body),
                script::max_points.eq(new.max_points),
                script::created_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        self.script_original_add(&id, &new.body)
    }

    /// The scripts of a sitting, in the order of ids, which is none.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn scripts_in(&mut self, sitting: &SittingId) -> Result<Vec<Script>, Error> {
        self.scripts_where(&Which::Sitting(sitting))
    }

    /// The scripts of an attempt.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn scripts_of(&mut self, id: &AttemptId) -> Result<Vec<Script>, Error> {
        self.scripts_where(&Which::Attempt(id))
    }

    /// A script.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script(&mut self, id: &ScriptId) -> Result<Option<Script>, Error> {
        Ok(self.scripts_where(&Which::Script(id))?.pop())
    }

    fn scripts_where(&mut self, which: &Which<'_>) -> Result<Vec<Script>, Error> {
        type Row = (String, String, i64, i64, String, String, i64, i64, String, String);
        // Benchmarks have no attempt and stay out.
        let query = script::table
            .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .order(script::id)
            .select((
                script::id,
                attempt::id,
                script::position,
                script::round,
                script::strand,
                script::vignette_id,
                script::vignette_version,
                script::max_points,
                registration::person_id,
                registration::sitting_id,
            ))
            .into_boxed();
        let rows: Vec<Row> = match which {
            Which::Sitting(id) => query.filter(registration::sitting_id.eq(id.as_str())).load(self.conn)?,
            Which::Attempt(id) => query.filter(script::attempt_id.eq(id.as_str())).load(self.conn)?,
            Which::Script(id) => query.filter(script::id.eq(id.as_str())).load(self.conn)?,
        };
        rows.into_iter()
            .map(|(id, attempt, position, round, strand, vignette, version, max_points, examinee, sitting)| {
                Ok(Script {
                    id: ScriptId(id),
                    attempt: AttemptId(attempt),
                    position,
                    round,
                    strand: word("script", &strand, Strand::parse)?,
                    vignette: (vignette, version),
                    max_points,
                    examinee: PersonId(examinee),
                    sitting: SittingId(sitting),
                })
            })
            .collect()
    }

    /// Gives a script to a reviewer, under a code of their own.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reading_assign(
        &mut self,
        of: &ScriptId,
        to: &PersonId,
        kind: ReadingKind,
        due_on: &str,
    ) -> Result<ReadingId, Error> {
        let id: ReadingId = self.fresh();
        let code = ScriptCode(self.entropy.script_code());
        diesel::insert_into(reading::table)
            .values((
                reading::id.eq(id.as_str()),
                reading::script_id.eq(of.as_str()),
                reading::reviewer_id.eq(to.as_str()),
                reading::kind.eq(kind.as_str()),
                reading::code.eq(code.as_str()),
                reading::state.eq(ReadingState::New.as_str()),
                reading::due_on.eq(due_on),
                reading::assigned_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(id)
    }

    /// The readings of scripts, declined ones among them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn readings_of(&mut self, scripts: &[ScriptId]) -> Result<Vec<Reading>, Error> {
        type Row = (String, String, String, String, String, String, Option<String>, Option<i64>, Option<i64>);
        let mut found = Vec::new();
        // In slices: the embedded database binds a bounded number of values.
        for slice in scripts.chunks(500) {
            let ids: Vec<&str> = slice.iter().map(ScriptId::as_str).collect();
            let rows: Vec<Row> = reading::table
                .filter(reading::script_id.eq_any(ids))
                .order(reading::id)
                .select((
                    reading::id,
                    reading::script_id,
                    reading::reviewer_id,
                    reading::kind,
                    reading::state,
                    reading::due_on,
                    reading::decline_reason,
                    reading::declined_at,
                    reading::asked_at,
                ))
                .load(self.conn)?;
            for (id, script, who, kind, state, due_on, decline_reason, declined_at, asked_at) in rows {
                found.push(Reading {
                    id: ReadingId(id),
                    script: ScriptId(script),
                    reviewer: PersonId(who),
                    kind: word("reading", &kind, ReadingKind::parse)?,
                    state: word("reading", &state, ReadingState::parse)?,
                    due_on,
                    decline_reason,
                    declined_at: declined_at.map(Instant),
                    asked: asked_at.is_some(),
                });
            }
        }
        Ok(found)
    }

    /// Scripts whose panel is to be looked at, longest waiting first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn panels_due(&mut self, limit: i64) -> Result<Vec<ScriptId>, Error> {
        let ids: Vec<String> =
            panel_due::table.order(panel_due::since).limit(limit).select(panel_due::script_id).load(self.conn)?;
        Ok(ids.into_iter().map(ScriptId).collect())
    }

    /// Takes a script off that list.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn panel_done(&mut self, id: &ScriptId) -> Result<(), Error> {
        diesel::delete(panel_due::table.find(id.as_str())).execute(self.conn)?;
        Ok(())
    }

    /// Sets a reviewer's strands and capacity in an association.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reviewer_add(
        &mut self,
        who: &PersonId,
        place: &AssociationId,
        strands: &[Strand],
        capacity: i64,
    ) -> Result<(), Error> {
        diesel::insert_into(reviewer::table)
            .values((
                reviewer::person_id.eq(who.as_str()),
                reviewer::association_id.eq(place.as_str()),
                reviewer::strands.eq(to_json(&strands)?),
                reviewer::capacity.eq(capacity),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// A reviewer with what they hold, wherever they review.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reviewer_facts(&mut self, who: &PersonId) -> Result<Option<ReviewerFacts>, Error> {
        let Some(training) = self.training_of(who)?.into_values().next() else { return Ok(None) };
        Ok(Some(ReviewerFacts {
            person: who.clone(),
            strands: training.strands,
            capacity: usize::try_from(training.capacity).unwrap_or(0),
            load: usize::try_from(self.readings_open(who)?).unwrap_or(usize::MAX),
        }))
    }

    /// The reviewers of an association with what they hold, by id.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reviewers(&mut self, place: &AssociationId) -> Result<Vec<ReviewerFacts>, Error> {
        let rows: Vec<(String, String, i64)> = reviewer::table
            .inner_join(
                person_role::table.on(person_role::person_id
                    .eq(reviewer::person_id)
                    .and(person_role::association_id.eq(reviewer::association_id))),
            )
            .filter(person_role::role.eq(Role::Reviewer.as_str()))
            .filter(reviewer::association_id.eq(place.as_str()))
            .order(reviewer::person_id)
            .select((reviewer::person_id, reviewer::strands, reviewer::capacity))
            .load(self.conn)?;
        let held: Vec<(String, i64)> = reading::table
            .filter(reading::state.eq_any(["new", "draft"]))
            .group_by(reading::reviewer_id)
            .select((reading::reviewer_id, diesel::dsl::count_star()))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(id, strands, capacity)| {
                let load = held.iter().find(|h| h.0 == id).map_or(0, |h| h.1);
                Ok(ReviewerFacts {
                    strands: from_json("reviewer", &strands)?,
                    person: PersonId(id),
                    capacity: usize::try_from(capacity).unwrap_or(0),
                    load: usize::try_from(load).unwrap_or(usize::MAX),
                })
            })
            .collect()
    }

    /// Sealed reviews whose text no longer fits their digest, by reading.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reviews_altered(&mut self) -> Result<Vec<String>, Error> {
        let rows: Vec<(String, i64, String, String)> = review::table
            .select((review::reading_id, review::version, review::marks, review::digest))
            .load(self.conn)?;
        Ok(rows
            .into_iter()
            .filter(|(id, version, marks, digest)| review_digest(&ReadingId(id.clone()), *version, marks) != *digest)
            .map(|row| row.0)
            .collect())
    }
}
