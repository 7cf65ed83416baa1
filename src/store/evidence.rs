//! Late evidence as kept: what came, what was decided about it, what counts in the end, and the receipts that say so.
//!
//! Invariants: neither a late answer nor a decision is ever changed or removed; a later receipt is added beside the
//! earlier ones.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::Answer;
use super::schema::{
    attempt, late_answer, late_decision, panel_due, reading, receipt_amendment, registration, screening_finding,
    script, script_original,
};
use super::{Error, Sighted, Tx, from_json, to_json, word};
use crate::domain::evidence::{Decision, Standing, counted};
use crate::domain::ids::{AttemptId, PersonId, ScriptId, SittingId};
use crate::domain::receipt::{AdmittedAnswer, DigestedAnswer, Receipt, ReceiptKey, answer_digest, answers_digest};
use crate::domain::timing::{InTime, Instant};

/// What was decided about a late answer, last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// By whom; by the rule of arrival when nobody is named.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
}

/// A late answer with what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The answer; `saved_at` is when it arrived.
    pub answer: Answer,
    /// The newest decision.
    pub decided: Option<Decided>,
}

impl Evidence {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        self.decided.as_ref().map(|d| d.decision).into()
    }
}

/// Position and revision: what names an answer within its attempt.
pub type Place = (i64, i64);

/// Whose decision it is.
pub enum DecidedBy<'p> {
    /// A coordinator's.
    Person(&'p PersonId),
    /// The rule of arrival's, which asks for proof.
    Arrival(&'p InTime),
}

/// The text of a script as it was written, with how many readings it has.
#[derive(Debug, Clone)]
pub struct ScriptText {
    /// Which.
    pub id: ScriptId,
    /// At which position.
    pub position: i64,
    /// The text.
    pub body: String,
    /// Readings that were not given back.
    pub held: usize,
    /// Readings of any kind, given back or not.
    pub readings: usize,
}

impl Tx<'_, Sighted> {
    /// What came late to an attempt, by position and revision.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn evidence_of(&mut self, id: &AttemptId) -> Result<Vec<Evidence>, Error> {
        let late = self.late_answers(id)?;
        let mut newest = self.decisions_of(id)?;
        Ok(late
            .into_iter()
            .map(|answer| Evidence { decided: newest.remove(&(answer.position, answer.revision)), answer })
            .collect())
    }

    fn late_answers(&mut self, id: &AttemptId) -> Result<Vec<Answer>, Error> {
        type Row = (i64, i64, Option<String>, Option<String>, i64);
        let rows: Vec<Row> = late_answer::table
            .filter(late_answer::attempt_id.eq(id.as_str()))
            .order((late_answer::position, late_answer::revision))
            .select((
                late_answer::position,
                late_answer::revision,
                late_answer::choice,
                late_answer::body,
                late_answer::arrived_at,
            ))
            .load(self.conn)?;
        Ok(rows
            .into_iter()
            .map(|(position, revision, choice, body, saved_at)| Answer { position, revision, choice, body, saved_at })
            .collect())
    }

    /// The newest decision about each late answer of an attempt.
    fn decisions_of(&mut self, id: &AttemptId) -> Result<BTreeMap<Place, Decided>, Error> {
        type Row = (i64, i64, String, String, Option<String>, i64);
        let rows: Vec<Row> = late_decision::table
            .filter(late_decision::attempt_id.eq(id.as_str()))
            .order(late_decision::ordinal)
            .select((
                late_decision::position,
                late_decision::revision,
                late_decision::decision,
                late_decision::reason,
                late_decision::decided_by,
                late_decision::decided_at,
            ))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(position, revision, decision, reason, by, at)| {
                let decision = word("late_decision", &decision, Decision::parse)?;
                Ok(((position, revision), Decided { decision, reason, by: by.map(PersonId), at: Instant(at) }))
            })
            .collect()
    }

    /// Adds a decision about a late answer of that attempt.
    ///
    /// # Errors
    /// A fault of the database, also when there is no such late answer.
    pub fn late_decide(
        &mut self,
        id: &AttemptId,
        (position, revision): Place,
        decision: Decision,
        reason: &str,
        by: &DecidedBy<'_>,
    ) -> Result<(), Error> {
        let last: Option<i64> = late_decision::table
            .filter(late_decision::attempt_id.eq(id.as_str()))
            .filter(late_decision::position.eq(position))
            .filter(late_decision::revision.eq(revision))
            .select(diesel::dsl::max(late_decision::ordinal))
            .first(self.conn)?;
        let person = match by {
            DecidedBy::Person(person) => Some(person.as_str()),
            DecidedBy::Arrival(_) => None,
        };
        diesel::insert_into(late_decision::table)
            .values((
                late_decision::attempt_id.eq(id.as_str()),
                late_decision::position.eq(position),
                late_decision::revision.eq(revision),
                late_decision::ordinal.eq(last.unwrap_or(0) + 1),
                late_decision::decision.eq(decision.as_str()),
                late_decision::reason.eq(reason),
                late_decision::decided_by.eq(person),
                late_decision::decided_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whether an attempt has late answers that nobody has decided about.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn late_undecided(&mut self, id: &AttemptId) -> Result<bool, Error> {
        Ok(self.evidence_of(id)?.iter().any(|e| e.decided.is_none()))
    }

    /// How many undecided late answers each attempt of a sitting has.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn late_undecided_in(&mut self, sitting: &SittingId) -> Result<BTreeMap<AttemptId, i64>, Error> {
        let rows: Vec<(String, i64)> = late_answer::table
            .inner_join(attempt::table.on(attempt::id.eq(late_answer::attempt_id)))
            .inner_join(registration::table.on(registration::id.eq(attempt::registration_id)))
            .filter(registration::sitting_id.eq(sitting.as_str()))
            .filter(diesel::dsl::not(diesel::dsl::exists(
                late_decision::table
                    .filter(late_decision::attempt_id.eq(late_answer::attempt_id))
                    .filter(late_decision::position.eq(late_answer::position))
                    .filter(late_decision::revision.eq(late_answer::revision)),
            )))
            .group_by(late_answer::attempt_id)
            .select((late_answer::attempt_id, diesel::dsl::count_star()))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(id, count)| (AttemptId(id), count)).collect())
    }

    /// The answers of an attempt that count: those stored in time, overlaid by the late ones that are admitted.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn answers_counted(&mut self, id: &AttemptId) -> Result<Vec<Answer>, Error> {
        let admitted = self.late_admitted(id)?;
        self.answers_overlaid(id, &admitted)
    }

    /// The late answers of an attempt that count: admitted, and newer than anything else of their position.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn late_counted(&mut self, id: &AttemptId) -> Result<Vec<Place>, Error> {
        let admitted = self.late_admitted(id)?;
        if admitted.is_empty() {
            return Ok(admitted);
        }
        let all = self.answers_overlaid(id, &admitted)?;
        let stored = self.answers(id)?;
        Ok(all.iter().filter(|a| !stored.contains(a)).map(|a| (a.position, a.revision)).collect())
    }

    /// The late answers of an attempt whose newest decision admits them.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn late_admitted(&mut self, id: &AttemptId) -> Result<Vec<Place>, Error> {
        let decisions = self.decisions_of(id)?;
        Ok(decisions.into_iter().filter(|(_, d)| d.decision == Decision::Admit).map(|(place, _)| place).collect())
    }

    /// The answers of an attempt as they would count if those late ones were admitted, and no others.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn answers_overlaid(&mut self, id: &AttemptId, admitted: &[Place]) -> Result<Vec<Answer>, Error> {
        let stored = self.answers(id)?;
        if admitted.is_empty() {
            return Ok(stored);
        }
        let mut late = self.late_answers(id)?;
        late.retain(|a| admitted.contains(&(a.position, a.revision)));
        Ok(counted(stored, late, |a| (a.position, a.revision)))
    }

    /// The receipt that an attempt's answers give, signed by `key`: over what was stored in time, overlaid by those late
    /// ones. The first version knows of none.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn receipt_for(&mut self, mut blank: Receipt, late: &[Place], key: &ReceiptKey) -> Result<Receipt, Error> {
        let id = blank.attempt.clone();
        let answers = self.answers_overlaid(&id, late)?;
        if let Some(amendment) = &mut blank.amendment {
            let named = answers.iter().filter(|a| late.contains(&(a.position, a.revision)));
            amendment.admitted = named.map(|a| admitted_answer(&id, a)).collect();
        }
        let digested: Vec<DigestedAnswer<'_>> = answers.iter().map(digested).collect();
        let digest = answers_digest(&id, &digested);
        let answered = answers.iter().filter(|a| !a.is_blank()).count();
        Ok(key.sign(Receipt { digest, answered: i64::try_from(answered).unwrap_or(i64::MAX), ..blank }))
    }

    /// Keeps a later version of a receipt.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn receipt_amend(&mut self, receipt: &Receipt) -> Result<(), Error> {
        diesel::insert_into(receipt_amendment::table)
            .values((
                receipt_amendment::attempt_id.eq(receipt.attempt.as_str()),
                receipt_amendment::version.eq(receipt.version()),
                receipt_amendment::document.eq(to_json(receipt)?),
                receipt_amendment::issued_at.eq(self.now.0),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The later versions of an attempt's receipt, oldest first.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn receipts_amended(&mut self, id: &AttemptId) -> Result<Vec<Receipt>, Error> {
        let rows: Vec<String> = receipt_amendment::table
            .filter(receipt_amendment::attempt_id.eq(id.as_str()))
            .order(receipt_amendment::version)
            .select(receipt_amendment::document)
            .load(self.conn)?;
        rows.iter().map(|text| from_json("receipt_amendment", text)).collect()
    }

    /// The newest of an attempt's receipts, whose first is given.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn receipt_newest(&mut self, first: Receipt) -> Result<Receipt, Error> {
        Ok(self.receipts_amended(&first.attempt)?.pop().unwrap_or(first))
    }

    /// The texts of an attempt's scripts.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_texts(&mut self, id: &AttemptId) -> Result<Vec<ScriptText>, Error> {
        let rows: Vec<(String, i64, String)> = script::table
            .inner_join(script_original::table.on(script_original::script_id.eq(script::id)))
            .filter(script::attempt_id.eq(id.as_str()))
            .order(script::position)
            .select((script::id, script::position, script_original::body))
            .load(self.conn)?;
        let states: Vec<(String, String)> = reading::table
            .inner_join(script::table.on(script::id.eq(reading::script_id)))
            .filter(script::attempt_id.eq(id.as_str()))
            .select((reading::script_id, reading::state))
            .load(self.conn)?;
        Ok(rows
            .into_iter()
            .map(|(id, position, body)| {
                let own = || states.iter().filter(|(script, _)| *script == id);
                let (held, readings) = (own().filter(|(_, s)| s != "declined").count(), own().count());
                ScriptText { id: ScriptId(id.clone()), position, body, held, readings }
            })
            .collect())
    }

    /// Gives a script that nobody holds another text, which is then to be screened anew.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn script_retext(&mut self, id: &ScriptId, body: &str) -> Result<(), Error> {
        self.findings_forget(id)?;
        diesel::update(script_original::table.find(id.as_str()))
            .set((script_original::body.eq(body), script_original::screened_at.eq(None::<i64>)))
            .execute(self.conn)?;
        diesel::update(script::table.find(id.as_str())).set(script::body.eq(body)).execute(self.conn)?;
        Ok(())
    }

    /// Findings tell places in a text: they go with it. What was decided about them stays in the audit log.
    fn findings_forget(&mut self, id: &ScriptId) -> Result<(), Error> {
        let own = screening_finding::table.filter(screening_finding::script_id.eq(id.as_str()));
        diesel::delete(own).execute(self.conn)?;
        Ok(())
    }

    /// Takes back a script that was never given to anybody.
    ///
    /// # Errors
    /// A fault of the database, also when it was.
    pub fn script_remove(&mut self, id: &ScriptId) -> Result<(), Error> {
        self.findings_forget(id)?;
        diesel::delete(script_original::table.find(id.as_str())).execute(self.conn)?;
        diesel::delete(panel_due::table.find(id.as_str())).execute(self.conn)?;
        diesel::delete(script::table.find(id.as_str())).execute(self.conn)?;
        Ok(())
    }
}

fn digested(answer: &Answer) -> DigestedAnswer<'_> {
    DigestedAnswer {
        position: answer.position,
        revision: answer.revision,
        saved_at: Instant(answer.saved_at),
        content: answer.choice.as_deref().or(answer.body.as_deref()),
    }
}

fn admitted_answer(id: &AttemptId, answer: &Answer) -> AdmittedAnswer {
    AdmittedAnswer {
        position: answer.position,
        revision: answer.revision,
        arrived_at: Instant(answer.saved_at).rfc3339(),
        digest: answer_digest(id, &digested(answer)),
    }
}
