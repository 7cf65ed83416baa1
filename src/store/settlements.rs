//! What scripts are worth and from what that was found; corrections as they are decided. Asks for sight.
//!
//! Invariant: settlements and reviews are only ever added to. Each settlement names the versions of the reviews from which it
//! was found, and each result the settlements from which it was made, so that either can be found again.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::marking::{Reading, ReadingKind};
use super::readings::{ReadingState, review_digest};
use super::schema::{
    attempt, planted_reading, reading, registration, release, result_basis, review, review_correction, script,
    settlement, settlement_basis,
};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::correction::CorrectionState;
use crate::domain::ids::{CorrectionId, PersonId, ReadingId, RegistrationId, ReleaseId, ScriptId, SittingId};
use crate::domain::panel::{Reading as Judged, SettledBy, Settlement};
use crate::domain::refusal::Refusal;
use crate::domain::rubric::Marks;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Verdict;

/// A version of a review, by its reading and number.
pub type ReviewVersion = (ReadingId, i64);

/// What the readers of a script judged, as far as it is sealed.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// The first readings.
    pub first: Vec<Judged>,
    /// The third.
    pub third: Option<Judged>,
    /// From which versions of their reviews, the third's last.
    pub versions: Vec<ReviewVersion>,
}

impl Panel {
    /// From which of the versions that settlement was found: one by agreement looks at no third.
    pub fn basis(&self, of: &Settlement) -> BTreeSet<ReviewVersion> {
        let used = if of.settled_by == SettledBy::Agreement { self.first.len() } else { self.versions.len() };
        self.versions.iter().take(used).cloned().collect()
    }
}

/// A settlement that stands, or stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// From 1.
    pub version: i64,
    /// What the script is worth by it.
    pub settlement: Settlement,
    /// Since when a later one stands, or none.
    pub superseded_at: Option<Instant>,
    /// When a result that rests on it was released, while it is out.
    pub released_at: Option<Instant>,
}

/// One settlement from which a result is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Basis {
    /// Of which script.
    pub script: ScriptId,
    /// Which of its settlements.
    pub version: i64,
    /// Whether it counts; where an answer was marked again, one of its markings does.
    pub counts: bool,
}

/// A correction with everything about it.
#[derive(Debug, Clone)]
pub struct Correction {
    /// Which.
    pub id: CorrectionId,
    /// Of which reading.
    pub reading: ReadingId,
    /// Of which script.
    pub script: ScriptId,
    /// Whose.
    pub reviewer: PersonId,
    /// What the review is to say.
    pub marks: Marks,
    /// Why.
    pub reason: String,
    /// When it was asked for.
    pub asked_at: Instant,
    /// How it stands.
    pub state: CorrectionState,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why so.
    pub decision_reason: Option<String>,
    /// The version of the review that it became.
    pub version: Option<i64>,
}

type CorrectionRow = (
    (String, String, String, String),
    (String, String, i64, String),
    (Option<String>, Option<i64>, Option<String>, Option<i64>),
);

fn correction(row: CorrectionRow) -> Result<Correction, Error> {
    let ((id, reading, script, reviewer), (marks, reason, asked_at, state), decided) = row;
    let (decided_by, decided_at, decision_reason, version) = decided;
    Ok(Correction {
        id: CorrectionId(id),
        reading: ReadingId(reading),
        script: ScriptId(script),
        reviewer: PersonId(reviewer),
        marks: from_json("review_correction", &marks)?,
        reason,
        asked_at: Instant(asked_at),
        state: word("review_correction", &state, CorrectionState::parse)?,
        decided_by: decided_by.map(PersonId),
        decided_at: decided_at.map(Instant),
        decision_reason,
        version,
    })
}

type SettledRow = (i64, (i64, i64, String, String), Option<i64>, Option<i64>);

fn settled(row: SettledRow) -> Result<Settled, Error> {
    let (version, (points, max_points, verdict, by), superseded_at, released_at) = row;
    Ok(Settled {
        version,
        settlement: Settlement {
            points,
            max_points,
            verdict: word("settlement", &verdict, Verdict::parse)?,
            settled_by: word("settlement", &by, SettledBy::parse)?,
        },
        superseded_at: superseded_at.map(Instant),
        released_at: released_at.map(Instant),
    })
}

impl Tx<'_, Sighted> {
    /// What a sealed reading judged: the newest version of its review. Callers must have seen that every first reading is
    /// sealed.
    ///
    /// # Errors
    /// A fault of the database, or when the reading is not sealed.
    pub fn judged(&mut self, id: &ReadingId) -> Result<(Judged, Marks), Error> {
        let newest = self.review_versions(id)?;
        let newest = newest.last().ok_or_else(|| Error::stored("review: missing for a sealed reading"))?;
        self.judged_in(id, *newest)
    }

    /// What a version of a review judged.
    ///
    /// # Errors
    /// A fault of the database, or when there is no such version.
    pub fn judged_in(&mut self, id: &ReadingId, version: i64) -> Result<(Judged, Marks), Error> {
        let marks: String = review::table.find((id.as_str(), version)).select(review::marks).first(self.conn)?;
        let marks: Marks = from_json("review", &marks)?;
        let verdict = marks.verdict.ok_or_else(|| Error::stored("review: without a verdict"))?;
        Ok((Judged { scores: marks.scores.clone(), verdict }, marks))
    }

    /// The versions of a review, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn review_versions(&mut self, id: &ReadingId) -> Result<Vec<i64>, Error> {
        Ok(review::table
            .filter(review::reading_id.eq(id.as_str()))
            .order(review::version)
            .select(review::version)
            .load(self.conn)?)
    }

    /// Adds a version of a review, and says which.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn review_correct(&mut self, id: &ReadingId, marks: &Marks) -> Result<i64, Error> {
        let verdict = marks.verdict.ok_or_else(|| Refusal::invalid("/verdict", "choose pass or fail"))?;
        let version = self.review_versions(id)?.last().copied().unwrap_or_default() + 1;
        let text = to_json(marks)?;
        diesel::insert_into(review::table)
            .values((
                review::reading_id.eq(id.as_str()),
                review::version.eq(version),
                review::marks.eq(&text),
                review::points.eq(marks.points()),
                review::verdict.eq(verdict.as_str()),
                review::digest.eq(review_digest(id, version, &text)),
                review::sealed_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(version)
    }

    /// What the readers of a script judge by the newest versions of their reviews.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn panel(&mut self, readings: &[Reading]) -> Result<Panel, Error> {
        let mut versions = Vec::new();
        for kind in [ReadingKind::First, ReadingKind::Third] {
            for one in readings.iter().filter(|r| r.kind == kind && r.state == ReadingState::Sealed) {
                let newest = self.review_versions(&one.id)?.last().copied();
                versions.push((one.id.clone(), newest.ok_or_else(|| Error::stored("review: missing"))?));
            }
        }
        self.panel_of(readings, versions)
    }

    /// What the readers of a script judged in the versions from which that settlement was found.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn panel_then(&mut self, id: &ScriptId, version: i64, readings: &[Reading]) -> Result<Panel, Error> {
        let named = self.settlement_basis(id, version)?;
        let mut versions = Vec::new();
        for kind in [ReadingKind::First, ReadingKind::Third] {
            versions.extend(
                readings
                    .iter()
                    .filter(|r| r.kind == kind)
                    .filter_map(|one| named.iter().find(|(reading, _)| *reading == one.id).cloned()),
            );
        }
        self.panel_of(readings, versions)
    }

    fn panel_of(&mut self, readings: &[Reading], versions: Vec<ReviewVersion>) -> Result<Panel, Error> {
        let mut panel = Panel::default();
        for (id, version) in &versions {
            let judged = self.judged_in(id, *version)?.0;
            let third = readings.iter().any(|r| r.id == *id && r.kind == ReadingKind::Third);
            if third { panel.third = Some(judged) } else { panel.first.push(judged) }
        }
        panel.versions = versions;
        Ok(panel)
    }

    /// From which versions of which reviews a settlement was found.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn settlement_basis(&mut self, id: &ScriptId, version: i64) -> Result<BTreeSet<ReviewVersion>, Error> {
        let rows: Vec<(String, i64)> = settlement_basis::table
            .filter(settlement_basis::script_id.eq(id.as_str()))
            .filter(settlement_basis::version.eq(version))
            .select((settlement_basis::reading_id, settlement_basis::review_version))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(reading, version)| (ReadingId(reading), version)).collect())
    }

    /// Settles a script, or settles it anew: the earlier settlement is kept and says that it no longer stands.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn settlement_add(
        &mut self,
        id: &ScriptId,
        new: &Settlement,
        basis: &BTreeSet<ReviewVersion>,
    ) -> Result<i64, Error> {
        let version = self.settlements(id)?.last().map_or(0, |last| last.version) + 1;
        self.settlement_supersede(id)?;
        diesel::insert_into(settlement::table)
            .values((
                settlement::script_id.eq(id.as_str()),
                settlement::version.eq(version),
                settlement::points.eq(new.points),
                settlement::max_points.eq(new.max_points),
                settlement::verdict.eq(new.verdict.as_str()),
                settlement::settled_by.eq(new.settled_by.as_str()),
                settlement::settled_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        for (reading, review_version) in basis {
            diesel::insert_into(settlement_basis::table)
                .values((
                    settlement_basis::script_id.eq(id.as_str()),
                    settlement_basis::version.eq(version),
                    settlement_basis::reading_id.eq(reading.as_str()),
                    settlement_basis::review_version.eq(review_version),
                ))
                .execute(self.conn)?;
        }
        Ok(version)
    }

    /// Says that a script's settlement no longer stands, if one does.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn settlement_supersede(&mut self, id: &ScriptId) -> Result<(), Error> {
        let standing =
            settlement::table.filter(settlement::script_id.eq(id.as_str())).filter(settlement::superseded_at.is_null());
        diesel::update(standing).set(settlement::superseded_at.eq(self.now.0)).execute(self.conn)?;
        Ok(())
    }

    /// Every settlement of a script, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn settlements(&mut self, id: &ScriptId) -> Result<Vec<Settled>, Error> {
        let rows: Vec<SettledRow> = settlement::table
            .filter(settlement::script_id.eq(id.as_str()))
            .order(settlement::version)
            .select((
                settlement::version,
                (settlement::points, settlement::max_points, settlement::verdict, settlement::settled_by),
                settlement::superseded_at,
                settlement::released_at,
            ))
            .load(self.conn)?;
        rows.into_iter().map(settled).collect()
    }

    /// The settlement of a script that stands.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn settlement_standing(&mut self, id: &ScriptId) -> Result<Option<Settled>, Error> {
        Ok(self.settlements(id)?.pop().filter(|last| last.superseded_at.is_none()))
    }

    /// What a script is worth, once settled: by the settlement that stands.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn settlement(&mut self, id: &ScriptId) -> Result<Option<Settlement>, Error> {
        Ok(self.settlement_standing(id)?.map(|standing| standing.settlement))
    }

    /// Writes down from which settlements a result was made.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn result_basis_add(
        &mut self,
        release: &ReleaseId,
        seat: &RegistrationId,
        basis: &BTreeSet<Basis>,
    ) -> Result<(), Error> {
        for one in basis {
            diesel::insert_into(result_basis::table)
                .values((
                    result_basis::release_id.eq(release.as_str()),
                    result_basis::registration_id.eq(seat.as_str()),
                    result_basis::script_id.eq(one.script.as_str()),
                    result_basis::settlement_version.eq(one.version),
                    result_basis::counts.eq(one.counts),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// From which settlements the results of a release were made, by seat.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn result_bases(&mut self, of: &ReleaseId) -> Result<BTreeMap<RegistrationId, BTreeSet<Basis>>, Error> {
        let rows: Vec<(String, String, i64, bool)> = result_basis::table
            .filter(result_basis::release_id.eq(of.as_str()))
            .select((
                result_basis::registration_id,
                result_basis::script_id,
                result_basis::settlement_version,
                result_basis::counts,
            ))
            .load(self.conn)?;
        let mut found: BTreeMap<RegistrationId, BTreeSet<Basis>> = BTreeMap::new();
        for (seat, script, version, counts) in rows {
            let basis = Basis { script: ScriptId(script), version, counts };
            found.entry(RegistrationId(seat)).or_default().insert(basis);
        }
        Ok(found)
    }

    /// Notes on the settlements from which a release was made whether they are out: since when the newest released result
    /// that rests on each is.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn settlements_mark_released(&mut self, of: &ReleaseId) -> Result<(), Error> {
        for basis in self.result_bases(of)?.into_values().flatten() {
            let out: Option<Option<i64>> = result_basis::table
                .inner_join(release::table.on(release::id.eq(result_basis::release_id)))
                .filter(result_basis::script_id.eq(basis.script.as_str()))
                .filter(result_basis::settlement_version.eq(basis.version))
                .filter(release::state.eq("released"))
                .order(release::approved_at.desc())
                .select(release::approved_at)
                .first(self.conn)
                .optional()?;
            diesel::update(settlement::table.find((basis.script.as_str(), basis.version)))
                .set(settlement::released_at.eq(out.flatten()))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Settlements that are marked as released without being, or the other way round, in sentences.
    pub(super) fn released_settlements_are_marked(&mut self) -> Result<Vec<String>, Error> {
        let out: Vec<(String, i64)> = result_basis::table
            .inner_join(release::table.on(release::id.eq(result_basis::release_id)))
            .filter(release::state.eq("released"))
            .select((result_basis::script_id, result_basis::settlement_version))
            .load(self.conn)?;
        let marked: Vec<(String, i64)> = settlement::table
            .filter(settlement::released_at.is_not_null())
            .select((settlement::script_id, settlement::version))
            .load(self.conn)?;
        let (out, marked): (BTreeSet<_>, BTreeSet<_>) = (out.into_iter().collect(), marked.into_iter().collect());
        let wrong = out.symmetric_difference(&marked);
        Ok(wrong.map(|(id, v)| format!("script {id}: the mark of release of settlement {v} does not fit")).collect())
    }

    /// What of settlements and corrections does not hold, in sentences: every settlement names the reviews from which it
    /// was found, the one that stands their newest versions, and every approved correction is the version that it names.
    pub(super) fn settlements_are_founded(&mut self) -> Result<Vec<String>, Error> {
        let mut findings = Vec::new();
        let rows: Vec<(String, i64, Option<i64>)> = settlement::table
            .select((settlement::script_id, settlement::version, settlement::superseded_at))
            .load(self.conn)?;
        for (id, version, superseded_at) in rows {
            let id = ScriptId(id);
            let basis = self.settlement_basis(&id, version)?;
            if basis.len() < 2 {
                findings.push(format!("script {id}: settlement {version} does not name two reviews"));
            }
            for (reading, used) in basis.iter().filter(|_| superseded_at.is_none()) {
                if self.review_versions(reading)?.last() != Some(used) {
                    findings.push(format!("script {id}: its settlement passes over a correction of reading {reading}"));
                }
            }
        }
        let approved: Vec<(String, String, String, Option<i64>)> = review_correction::table
            .filter(review_correction::version.is_not_null())
            .select((
                review_correction::id,
                review_correction::reading_id,
                review_correction::marks,
                review_correction::version,
            ))
            .load(self.conn)?;
        let later: i64 = review::table.filter(review::version.gt(1)).count().get_result(self.conn)?;
        if later != i64::try_from(approved.len()).unwrap_or(i64::MAX) {
            findings.push("there are later versions of reviews without a correction, or the other way round".into());
        }
        for (id, reading, marks, version) in approved {
            let kept: Option<String> = review::table
                .find((&reading, version.unwrap_or_default()))
                .select(review::marks)
                .first(self.conn)
                .optional()?;
            if kept.as_ref() != Some(&marks) {
                findings.push(format!("correction {id} is not the version of the review that it names"));
            }
        }
        Ok(findings)
    }

    /// A correction.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn correction(&mut self, id: &CorrectionId) -> Result<Correction, Error> {
        let row: Option<CorrectionRow> = review_correction::table
            .inner_join(reading::table.on(reading::id.eq(review_correction::reading_id)))
            .filter(review_correction::id.eq(id.as_str()))
            .select((
                (review_correction::id, review_correction::reading_id, reading::script_id, reading::reviewer_id),
                (
                    review_correction::marks,
                    review_correction::reason,
                    review_correction::asked_at,
                    review_correction::state,
                ),
                (
                    review_correction::decided_by,
                    review_correction::decided_at,
                    review_correction::decision_reason,
                    review_correction::version,
                ),
            ))
            .first(self.conn)
            .optional()?;
        correction(row.ok_or(Refusal::NotFound)?)
    }

    /// The corrections asked for in a sitting, by id.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn corrections_in(&mut self, id: &SittingId) -> Result<Vec<Correction>, Error> {
        let mut ids: Vec<String> = review_correction::table
            .inner_join(reading::table.on(reading::id.eq(review_correction::reading_id)))
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(id.as_str()))
            .order(review_correction::id)
            .limit(1000)
            .select(review_correction::id)
            .load(self.conn)?;
        // Of what was planted among the sitting's scripts as well: one that nobody ever decides would tell what it is of.
        let planted: Vec<String> = review_correction::table
            .inner_join(planted_reading::table.on(planted_reading::reading_id.eq(review_correction::reading_id)))
            .filter(planted_reading::sitting_id.eq(id.as_str()))
            .order(review_correction::id)
            .limit(1000)
            .select(review_correction::id)
            .load(self.conn)?;
        ids.extend(planted);
        ids.into_iter().map(|id| self.correction(&CorrectionId(id))).collect()
    }

    /// Writes down what was decided of a correction.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn correction_settle(
        &mut self,
        id: &CorrectionId,
        state: CorrectionState,
        by: &PersonId,
        reason: &str,
        version: Option<i64>,
    ) -> Result<(), Error> {
        diesel::update(review_correction::table.find(id.as_str()))
            .set((
                review_correction::state.eq(state.as_str()),
                review_correction::decided_by.eq(by.as_str()),
                review_correction::decided_at.eq(self.now.0),
                review_correction::decision_reason.eq(reason),
                review_correction::version.eq(version),
            ))
            .execute(self.conn)?;
        Ok(())
    }
}
