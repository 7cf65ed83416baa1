//! Screening: what was written, what in it would tell who wrote, and what coordinators decided. Every method asks for
//! sight: reviewers' queries know the masked text alone.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::schema::{reading, screening_finding, script, script_original};
use super::{Error, Sighted, Tx, word};
use crate::domain::ids::{FindingId, PersonId, ScriptId};
use crate::domain::refusal::Refusal;
use crate::domain::screening::{Finding, FindingKind, Masked, Reason, masked};
use crate::domain::vocabulary::spelled;

spelled! {
    /// What a coordinator decides of a passage.
    Decision {
        /// Reviewers see a mask.
        Mask = "mask",
        /// It tells nothing: reviewers see it.
        Dismiss = "dismiss",
    }
}

/// A finding with where it is and what was decided.
#[derive(Debug, Clone)]
pub struct KeptFinding {
    /// Which.
    pub id: FindingId,
    /// In which script.
    pub script: ScriptId,
    /// What was found.
    pub finding: Finding,
    /// What was decided, if anything was.
    pub decision: Option<Decision>,
}

impl Tx<'_, Sighted> {
    /// What the examinee wrote, and whether it was screened.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_original(&mut self, id: &ScriptId) -> Result<(String, bool), Error> {
        let row: Option<(String, Option<i64>)> = script_original::table
            .find(id.as_str())
            .select((script_original::body, script_original::screened_at))
            .first(self.conn)
            .optional()?;
        let (body, at) = row.ok_or_else(|| Error::stored("script_original: missing"))?;
        Ok((body, at.is_some()))
    }

    /// Keeps what the examinee wrote.
    ///
    /// # Errors
    /// A fault of the database.
    pub(super) fn script_original_add(&mut self, id: &ScriptId, body: &str) -> Result<(), Error> {
        diesel::insert_into(script_original::table)
            .values((script_original::script_id.eq(id.as_str()), script_original::body.eq(body)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Scripts that nobody has screened yet.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn scripts_unscreened(&mut self, limit: i64) -> Result<Vec<ScriptId>, Error> {
        let ids: Vec<String> = script_original::table
            .filter(script_original::screened_at.is_null())
            .order(script_original::script_id)
            .limit(limit)
            .select(script_original::script_id)
            .load(self.conn)?;
        Ok(ids.into_iter().map(ScriptId).collect())
    }

    /// Which of these scripts were screened, and the findings of all of them, in the order of the texts.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn screened(&mut self, scripts: &[ScriptId]) -> Result<BTreeMap<ScriptId, Vec<KeptFinding>>, Error> {
        let mut found: BTreeMap<ScriptId, Vec<KeptFinding>> = BTreeMap::new();
        // In slices: the embedded database binds a bounded number of values.
        for slice in scripts.chunks(500) {
            let ids: Vec<&str> = slice.iter().map(ScriptId::as_str).collect();
            let done: Vec<String> = script_original::table
                .filter(script_original::script_id.eq_any(&ids))
                .filter(script_original::screened_at.is_not_null())
                .select(script_original::script_id)
                .load(self.conn)?;
            found.extend(done.into_iter().map(|id| (ScriptId(id), Vec::new())));
            let rows: Vec<Row> = screening_finding::table
                .filter(screening_finding::script_id.eq_any(&ids))
                .order((screening_finding::script_id, screening_finding::starts_at))
                .select(Row::as_select())
                .load(self.conn)?;
            for row in rows {
                found.entry(ScriptId(row.script_id.clone())).or_default().push(row.kept()?);
            }
        }
        Ok(found)
    }

    /// A finding.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is none.
    pub fn finding(&mut self, id: &FindingId) -> Result<KeptFinding, Error> {
        let row = screening_finding::table.find(id.as_str()).select(Row::as_select()).first(self.conn).optional()?;
        row.ok_or(Refusal::NotFound)?.kept()
    }

    /// Keeps what the screen found in a script, which is screened with that.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_screened(&mut self, id: &ScriptId, found: &[Finding]) -> Result<(), Error> {
        for finding in found {
            self.finding_add(id, finding)?;
        }
        diesel::update(script_original::table.find(id.as_str()))
            .set(script_original::screened_at.eq(self.now.0))
            .execute(self.conn)?;
        Ok(())
    }

    /// Keeps one finding.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn finding_add(&mut self, script: &ScriptId, new: &Finding) -> Result<FindingId, Error> {
        let id: FindingId = self.fresh();
        let place = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        diesel::insert_into(screening_finding::table)
            .values((
                screening_finding::id.eq(id.as_str()),
                screening_finding::script_id.eq(script.as_str()),
                screening_finding::kind.eq(new.kind.as_str()),
                screening_finding::starts_at.eq(place(new.start)),
                screening_finding::ends_at.eq(place(new.end)),
                screening_finding::subject.eq(&new.subject),
                screening_finding::reason.eq(new.reason.as_str()),
                screening_finding::confident.eq(new.confident),
                screening_finding::found_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(id)
    }

    /// Takes a finding away: one that was marked by hand.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn finding_remove(&mut self, id: &FindingId) -> Result<(), Error> {
        diesel::delete(screening_finding::table.find(id.as_str())).execute(self.conn)?;
        Ok(())
    }

    /// Decides a finding, or takes the decision back, and brings what reviewers read up to date.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn finding_decide(&mut self, id: &FindingId, decision: Option<Decision>, by: &PersonId) -> Result<(), Error> {
        diesel::update(screening_finding::table.find(id.as_str()))
            .set((
                screening_finding::decision.eq(decision.map(Decision::as_str)),
                screening_finding::decided_by.eq(decision.map(|_| by.as_str())),
                screening_finding::decided_at.eq(decision.map(|_| self.now.0)),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Writes what reviewers read of a script anew from the original and the decisions.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_mask(&mut self, id: &ScriptId) -> Result<(), Error> {
        let shown = self.script_as_masked(id)?;
        diesel::update(script::table.find(id.as_str())).set(script::body.eq(shown)).execute(self.conn)?;
        Ok(())
    }

    /// What reviewers are to read of a script by the decisions so far.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_as_masked(&mut self, id: &ScriptId) -> Result<String, Error> {
        let (original, _) = self.script_original(id)?;
        let found = self.screened(std::slice::from_ref(id))?.remove(id).unwrap_or_default();
        Ok(masked(&original, &to_mask(&found)).0)
    }

    /// Whether anybody holds this script, or has read it to the end. One that was given back by everybody can be looked
    /// through anew.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_given_out(&mut self, id: &ScriptId) -> Result<bool, Error> {
        let query = reading::table.filter(reading::script_id.eq(id.as_str())).filter(reading::state.ne("declined"));
        Ok(diesel::select(diesel::dsl::exists(query)).get_result(self.conn)?)
    }

    /// Scripts whose text for reviewers is not what the original and the decisions make of it, and scripts that were
    /// given out with a passage undecided or unscreened, in sentences.
    pub(super) fn masks_hold(&mut self, limit: i64) -> Result<Vec<String>, Error> {
        // A benchmark has no writer who could be told from it.
        let rows: Vec<(String, String)> = script::table
            .filter(script::attempt_id.is_not_null())
            .select((script::id, script::body))
            .load(self.conn)?;
        let mut findings = Vec::new();
        for (id, body) in rows {
            let id = ScriptId(id);
            if self.script_as_masked(&id)? != body {
                findings.push(format!("script {id}: what reviewers read does not follow from the original"));
            }
            let screened = self.screened(std::slice::from_ref(&id))?.remove(&id);
            let decided = screened.is_some_and(|found| found.iter().all(|f| f.decision.is_some()));
            if !decided && self.script_given_out(&id)? {
                findings.push(format!("script {id} was given out before its screening was decided"));
            }
        }
        findings.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(findings)
    }
}

/// The passages among findings that are masked.
pub fn to_mask(found: &[KeptFinding]) -> Vec<Masked<'_>> {
    let chosen = found.iter().filter(|kept| kept.decision == Some(Decision::Mask));
    chosen.map(|kept| passage(&kept.finding)).collect()
}

/// A finding as a passage to be masked.
pub fn passage(finding: &Finding) -> Masked<'_> {
    Masked { start: finding.start, end: finding.end, kind: finding.kind, subject: &finding.subject }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = screening_finding)]
struct Row {
    id: String,
    script_id: String,
    kind: String,
    starts_at: i64,
    ends_at: i64,
    subject: String,
    reason: String,
    confident: bool,
    decision: Option<String>,
}

impl Row {
    fn kept(self) -> Result<KeptFinding, Error> {
        let table = "screening_finding";
        let place =
            |at: i64| usize::try_from(at).map_err(|_| Error::stored(format!("{table}: a place before the text")));
        Ok(KeptFinding {
            id: FindingId(self.id),
            script: ScriptId(self.script_id),
            finding: Finding {
                kind: word(table, &self.kind, FindingKind::parse)?,
                start: place(self.starts_at)?,
                end: place(self.ends_at)?,
                subject: self.subject,
                reason: word(table, &self.reason, Reason::parse)?,
                confident: self.confident,
            },
            decision: self.decision.map(|d| word(table, &d, Decision::parse)).transpose()?,
        })
    }
}
