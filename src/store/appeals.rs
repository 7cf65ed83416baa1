//! Appeals, and the further rounds of marking that they open. Asks for sight.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::marking::Script;
use super::schema::{
    appeal, attempt, audit, incident, reading, registration, release, result, review, review_correction,
    screening_finding, script, script_original, sitting,
};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::appeal::{AppealState, Ground};
use crate::domain::ids::{AppealId, AssociationId, PersonId, RegistrationId, ReleaseId, ScriptId, SittingId};
use crate::domain::panel::Settlement;
use crate::domain::refusal::Refusal;
use crate::domain::scoring::Tally;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Verdict;

/// An appeal.
#[derive(Debug, Clone)]
pub struct Appeal {
    /// Which.
    pub id: AppealId,
    /// In whose seat.
    pub registration: RegistrationId,
    /// Against the result of which release.
    pub release: ReleaseId,
    /// On what ground.
    pub ground: Ground,
    /// What its examinee wrote.
    pub statement: String,
    /// When it was made.
    pub made_at: Instant,
    /// How it stands.
    pub state: AppealState,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When it was decided or withdrawn.
    pub decided_at: Option<Instant>,
    /// Why so; the examinee reads it.
    pub reason: Option<String>,
    /// The round of marking that it opened.
    pub round: Option<i64>,
    /// What counting again gave.
    pub recount: Option<Recount>,
    /// Whether the result is to be released anew.
    pub reopens: bool,
}

/// What computing a result again gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recount {
    /// Part One, where it was sat: what is on record and what the answers give.
    pub one: Option<RecountOne>,
    /// Each settled script.
    pub scripts: Vec<RecountScript>,
    /// Whether anything differs.
    pub changed: bool,
}

/// Part One, counted again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecountOne {
    /// What was on record.
    pub before: (Tally, Verdict),
    /// What the answers give.
    pub after: (Tally, Verdict),
}

/// A script, settled again from its reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecountScript {
    /// Which.
    pub script: ScriptId,
    /// What was on record.
    pub before: Settlement,
    /// What its reviews give; nothing when they no longer settle it.
    pub after: Option<Settlement>,
}

/// When a reading was given out and sealed; never what it says, or whose it is.
#[derive(Debug, Clone)]
pub struct ReadingDates {
    /// Of which script.
    pub script: ScriptId,
    /// When it was given out.
    pub given_at: Instant,
    /// When each version of its review was sealed.
    pub sealed_at: Vec<Instant>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = appeal)]
struct Row {
    id: String,
    registration_id: String,
    release_id: String,
    ground: String,
    statement: String,
    made_at: i64,
    state: String,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    reason: Option<String>,
    round: Option<i64>,
    recount: Option<String>,
    reopens: bool,
}

impl TryFrom<Row> for Appeal {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            ground: word("appeal", &row.ground, Ground::parse)?,
            state: word("appeal", &row.state, AppealState::parse)?,
            id: AppealId(row.id),
            registration: RegistrationId(row.registration_id),
            release: ReleaseId(row.release_id),
            statement: row.statement,
            made_at: Instant(row.made_at),
            decided_by: row.decided_by.map(PersonId),
            decided_at: row.decided_at.map(Instant),
            reason: row.reason,
            round: row.round,
            recount: row.recount.map(|text| from_json("appeal", &text)).transpose()?,
            reopens: row.reopens,
        })
    }
}

/// What people do to one examinee's exam in the room, by the names in the audit log.
const ACTS_IN_THE_ROOM: [&str; 6] = [
    "registration.admit",
    "attempt.credit",
    "attempt.close",
    "attempt.close_by_proctor",
    "attempt.accommodate",
    "late.decide",
];

impl Tx<'_, Sighted> {
    /// Keeps an appeal.
    ///
    /// # Errors
    /// [`Refusal::AppealExists`] when one of this seat is open.
    pub fn appeal_add(&mut self, new: &Appeal) -> Result<(), Error> {
        let row = Row {
            id: new.id.0.clone(),
            registration_id: new.registration.0.clone(),
            release_id: new.release.0.clone(),
            ground: new.ground.as_str().into(),
            statement: new.statement.clone(),
            made_at: new.made_at.0,
            state: new.state.as_str().into(),
            decided_by: None,
            decided_at: None,
            reason: None,
            round: None,
            recount: None,
            reopens: false,
        };
        diesel::insert_into(appeal::table).values(row).execute(self.conn).map_err(|e| {
            let e = Error::from(e);
            if e.is_duplicate() { Refusal::AppealExists.into() } else { e }
        })?;
        Ok(())
    }

    /// An appeal.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn appeal(&mut self, id: &AppealId) -> Result<Appeal, Error> {
        let row: Option<Row> = appeal::table.find(id.as_str()).select(Row::as_select()).first(self.conn).optional()?;
        row.ok_or(Refusal::NotFound)?.try_into()
    }

    /// The appeals of a seat, newest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn appeals_of(&mut self, seat: &RegistrationId) -> Result<Vec<Appeal>, Error> {
        let open = appeal::state.eq(AppealState::Open.as_str());
        let rows: Vec<Row> = appeal::table
            .filter(appeal::registration_id.eq(seat.as_str()))
            .order((open.desc(), appeal::made_at.desc(), appeal::id))
            .limit(100)
            .select(Row::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Appeal::try_from).collect()
    }

    /// The appeals in these sittings' associations that are open, longest waiting first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn appeals_open(&mut self, places: &[AssociationId]) -> Result<Vec<Appeal>, Error> {
        let places: Vec<&str> = places.iter().map(AssociationId::as_str).collect();
        let rows: Vec<Row> = appeal::table
            .inner_join(registration::table.on(registration::id.eq(appeal::registration_id)))
            .inner_join(sitting::table.on(sitting::id.eq(registration::sitting_id)))
            .filter(sitting::association_id.eq_any(places))
            .filter(appeal::state.eq(AppealState::Open.as_str()))
            .order((appeal::made_at, appeal::id))
            .limit(100)
            .select(Row::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Appeal::try_from).collect()
    }

    /// The appeals in a sitting, by id, from after that one on.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn appeals_in(&mut self, id: &SittingId, after: &str, limit: i64) -> Result<Vec<Appeal>, Error> {
        let rows: Vec<Row> = appeal::table
            .inner_join(registration::table.on(registration::id.eq(appeal::registration_id)))
            .filter(registration::sitting_id.eq(id.as_str()))
            .filter(appeal::id.gt(after.to_owned()))
            .order(appeal::id)
            .limit(limit)
            .select(Row::as_select())
            .load(self.conn)?;
        rows.into_iter().map(Appeal::try_from).collect()
    }

    /// Writes down what became of an appeal.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn appeal_settle(&mut self, of: &Appeal) -> Result<(), Error> {
        diesel::update(appeal::table.find(of.id.as_str()))
            .set((
                appeal::state.eq(of.state.as_str()),
                appeal::decided_by.eq(of.decided_by.as_ref().map(PersonId::as_str)),
                appeal::decided_at.eq(of.decided_at.map(|at| at.0)),
                appeal::reason.eq(&of.reason),
                appeal::round.eq(of.round),
                appeal::recount.eq(of.recount.as_ref().map(to_json).transpose()?),
                appeal::reopens.eq(of.reopens),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The results of a sitting against which an appeal was upheld: they are to be released anew.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn results_reopened(&mut self, id: &SittingId) -> Result<BTreeSet<(ReleaseId, RegistrationId)>, Error> {
        let rows: Vec<(String, String)> = appeal::table
            .inner_join(registration::table.on(registration::id.eq(appeal::registration_id)))
            .filter(registration::sitting_id.eq(id.as_str()))
            .filter(appeal::reopens.eq(true))
            .select((appeal::release_id, appeal::registration_id))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(release, seat)| (ReleaseId(release), RegistrationId(seat))).collect())
    }

    /// The seats of a sitting whose result is released or waits for approval, and is not to be released anew.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn registrations_taken(&mut self, id: &SittingId) -> Result<BTreeSet<RegistrationId>, Error> {
        let reopened = self.results_reopened(id)?;
        let rows: Vec<(String, String)> = result::table
            .inner_join(release::table.on(release::id.eq(result::release_id)))
            .filter(release::sitting_id.eq(id.as_str()))
            .filter(release::state.ne("recalled"))
            .select((result::release_id, result::registration_id))
            .load(self.conn)?;
        let rows = rows.into_iter().map(|(release, seat)| (ReleaseId(release), RegistrationId(seat)));
        Ok(rows.filter(|row| !reopened.contains(row)).map(|(_, seat)| seat).collect())
    }

    /// Whether a result of that release, or of one to come, follows an appeal.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn follows_appeal(&mut self, seat: &RegistrationId, release: Option<&ReleaseId>) -> Result<bool, Error> {
        let Some(release) = release else {
            return Ok(self.appeals_of(seat)?.iter().any(|appeal| appeal.reopens));
        };
        let prepared_at = self.release(release)?.prepared_at;
        let appeals = self.appeals_of(seat)?;
        let upheld = |a: &Appeal| a.reopens && a.decided_at.is_some_and(|at| at.0 <= prepared_at);
        Ok(appeals.iter().any(|appeal| upheld(appeal) && appeal.release != *release))
    }

    /// Opens a further round of marking of a script: the same text with the same masks, read by nobody yet.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_again(&mut self, of: &Script, round: i64) -> Result<ScriptId, Error> {
        let id: ScriptId = self.fresh();
        let body: String = script::table.find(of.id.as_str()).select(script::body).first(self.conn)?;
        diesel::insert_into(script::table)
            .values((
                script::id.eq(id.as_str()),
                script::attempt_id.eq(of.attempt.as_str()),
                script::position.eq(of.position),
                script::round.eq(round),
                script::strand.eq(of.strand.as_str()),
                script::vignette_id.eq(&of.vignette.0),
                script::vignette_version.eq(of.vignette.1),
                script::body.eq(body),
                script::max_points.eq(of.max_points),
                script::created_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        let (original, screened_at): (String, Option<i64>) = script_original::table
            .find(of.id.as_str())
            .select((script_original::body, script_original::screened_at))
            .first(self.conn)?;
        diesel::insert_into(script_original::table)
            .values((
                script_original::script_id.eq(id.as_str()),
                script_original::body.eq(original),
                script_original::screened_at.eq(screened_at),
            ))
            .execute(self.conn)?;
        self.findings_copy(&of.id, &id)?;
        Ok(id)
    }

    /// What was found and decided in one script, for another of the same text.
    fn findings_copy(&mut self, from: &ScriptId, to: &ScriptId) -> Result<(), Error> {
        type Found = ((String, i64, i64, String, String), (bool, i64, Option<String>, Option<String>, Option<i64>));
        let rows: Vec<Found> = screening_finding::table
            .filter(screening_finding::script_id.eq(from.as_str()))
            .order(screening_finding::id)
            .select((
                (
                    screening_finding::kind,
                    screening_finding::starts_at,
                    screening_finding::ends_at,
                    screening_finding::subject,
                    screening_finding::reason,
                ),
                (
                    screening_finding::confident,
                    screening_finding::found_at,
                    screening_finding::decision,
                    screening_finding::decided_by,
                    screening_finding::decided_at,
                ),
            ))
            .load(self.conn)?;
        for ((kind, starts_at, ends_at, subject, reason), (confident, found_at, decision, by, at)) in rows {
            let id = self.entropy.id();
            diesel::insert_into(screening_finding::table)
                .values((
                    screening_finding::id.eq(id),
                    screening_finding::script_id.eq(to.as_str()),
                    screening_finding::kind.eq(kind),
                    screening_finding::starts_at.eq(starts_at),
                    screening_finding::ends_at.eq(ends_at),
                    screening_finding::subject.eq(subject),
                    screening_finding::reason.eq(reason),
                    screening_finding::confident.eq(confident),
                    screening_finding::found_at.eq(found_at),
                    screening_finding::decision.eq(decision),
                    screening_finding::decided_by.eq(by),
                    screening_finding::decided_at.eq(at),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// When the readings of scripts were given out and sealed.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn reading_dates(&mut self, scripts: &[ScriptId]) -> Result<Vec<ReadingDates>, Error> {
        let ids: Vec<&str> = scripts.iter().map(ScriptId::as_str).collect();
        let rows: Vec<(String, String, i64)> = reading::table
            .filter(reading::script_id.eq_any(ids))
            .filter(reading::state.ne("declined"))
            .select((reading::id, reading::script_id, reading::assigned_at))
            .load(self.conn)?;
        let mut found = Vec::new();
        for (id, script, given_at) in rows {
            let sealed: Vec<i64> = review::table
                .filter(review::reading_id.eq(id))
                .order(review::version)
                .select(review::sealed_at)
                .load(self.conn)?;
            let sealed_at = sealed.into_iter().map(Instant).collect();
            found.push(ReadingDates { script: ScriptId(script), given_at: Instant(given_at), sealed_at });
        }
        Ok(found)
    }

    /// Whether somebody did anything to this examinee's exam in the room, by the audit log and the record of incidents.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn took_part_in_room(&mut self, who: &PersonId, seat: &RegistrationId) -> Result<bool, Error> {
        let attempts: Vec<String> =
            attempt::table.filter(attempt::registration_id.eq(seat.as_str())).select(attempt::id).load(self.conn)?;
        let subjects: Vec<String> = attempts.into_iter().chain([seat.0.clone()]).collect();
        let acts: i64 = audit::table
            .filter(audit::subject.eq_any(subjects))
            .filter(audit::actor.eq(who.as_str()))
            .filter(audit::act.eq_any(ACTS_IN_THE_ROOM))
            .count()
            .get_result(self.conn)?;
        let reported: i64 = incident::table
            .filter(incident::registration_id.eq(seat.as_str()))
            .filter(incident::reported_by.eq(who.as_str()))
            .count()
            .get_result(self.conn)?;
        Ok(acts + reported > 0)
    }

    /// Whether somebody decided a correction of a review of these scripts.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn corrected(&mut self, who: &PersonId, scripts: &[ScriptId]) -> Result<bool, Error> {
        let ids: Vec<&str> = scripts.iter().map(ScriptId::as_str).collect();
        let decided: i64 = review_correction::table
            .inner_join(reading::table.on(reading::id.eq(review_correction::reading_id)))
            .filter(reading::script_id.eq_any(ids))
            .filter(review_correction::decided_by.eq(who.as_str()))
            .count()
            .get_result(self.conn)?;
        Ok(decided > 0)
    }

    /// What of appeals and further rounds does not hold, in sentences: every round was opened by an appeal, marks the text
    /// that was marked before, and is read by nobody who read an earlier one of the same examinee.
    pub(super) fn rounds_are_lawful(&mut self) -> Result<Vec<String>, Error> {
        type Found = (String, String, String, i64, i64);
        let rows: Vec<Found> = script::table
            .inner_join(attempt::table.on(script::attempt_id.eq(attempt::id.nullable())))
            .filter(attempt::registration_id.eq_any(appeal::table.select(appeal::registration_id)))
            .or_filter(script::round.gt(0).and(attempt::id.is_not_null()))
            .select((script::id, attempt::registration_id, script::body, script::position, script::round))
            .load(self.conn)?;
        let mut findings = Vec::new();
        for (id, seat, body, position, round) in rows.iter().filter(|row| row.4 > 0) {
            let opened: i64 = appeal::table
                .filter(appeal::registration_id.eq(seat))
                .filter(appeal::round.eq(*round))
                .count()
                .get_result(self.conn)?;
            let own = |row: &&Found| row.1 == *seat;
            let earlier: Vec<&Found> = rows.iter().filter(own).filter(|row| row.4 < *round).collect();
            if opened != 1 || !earlier.iter().any(|row| row.3 == *position) {
                findings.push(format!("script {id}: no appeal opened its round"));
            }
            if earlier.iter().any(|row| row.3 == *position && row.2 != *body) {
                findings.push(format!("script {id}: its text is not that of the earlier round"));
            }
            let readers =
                |ids: Vec<String>| reading::table.filter(reading::script_id.eq_any(ids)).select(reading::reviewer_id);
            let now: Vec<String> = readers(vec![id.clone()]).load(self.conn)?;
            let before: Vec<String> = readers(earlier.iter().map(|row| row.0.clone()).collect()).load(self.conn)?;
            if now.iter().any(|reader| before.contains(reader)) {
                findings.push(format!("script {id}: a reader of an earlier round reads it again"));
            }
        }
        Ok(findings)
    }
}
