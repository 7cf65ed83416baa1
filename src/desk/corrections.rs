//! Corrections of sealed reviews, as coordinators decide them.
//!
//! Invariants: no mark, old or new, passes through here before the script is settled; whoever decides did not ask for it,
//! did not read the script and did not write it; the reviewer is told that it was decided, and nothing of what followed.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::coordinator::Coordinator;
use super::facts::sitting_for;
use super::panel::look_at;
use crate::domain::correction::{
    CorrectionDecision, CorrectionState, DecisionFacts, may_decide, reason as checked_reason,
};
use crate::domain::ids::{CorrectionId, PersonId, ScriptId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Act, Authority};
use crate::domain::rubric::Marks;
use crate::domain::vocabulary::Strand;
use crate::store::audit::Entry;
use crate::store::calibration::PlantedAmong;
use crate::store::marking::{Reading, Script};
use crate::store::settlements::Correction;
use crate::store::sittings::Sitting;
use crate::store::{Error, Sighted, Tx};

/// A correction for who decides.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionFile {
    /// Which.
    pub id: CorrectionId,
    /// Of a review of which script.
    pub script: ScriptId,
    /// Its strand.
    pub strand: Strand,
    /// Its vignette's title.
    pub vignette: String,
    /// The titles of the rubric's criteria, by their ids.
    #[serde(skip)]
    pub titles: BTreeMap<String, String>,
    /// Who asks.
    pub reviewer: Named,
    /// Why.
    pub reason: String,
    /// When it was asked for, RFC 3339.
    pub asked_at: String,
    /// How it stands.
    pub state: CorrectionState,
    /// What the review said and what it is to say, once the script is settled.
    pub marks: Option<Change>,
    /// Who decided.
    pub decided_by: Option<Named>,
    /// When, RFC 3339.
    pub decided_at: Option<String>,
    /// Why so.
    pub decision_reason: Option<String>,
}

/// Somebody.
#[derive(Debug, Clone, Serialize)]
pub struct Named {
    /// Who.
    pub id: String,
    /// The name.
    pub name: String,
}

/// Two versions of a review.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Before the correction.
    pub sealed: Marks,
    /// As it was asked for.
    pub wanted: Marks,
}

impl Coordinator {
    /// The corrections asked for in a sitting, those that wait first; without those in which the asker is a party.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn corrections(&self, id: &SittingId) -> Result<Vec<CorrectionFile>, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                sitting_for(tx, me, Act::RunSittings, &id)?;
                let mut files = Vec::new();
                for correction in tx.corrections_in(&id)? {
                    let (script, readings) = panel_of(tx, &correction)?;
                    if !is_party(me, &script, &readings) {
                        files.push(file(tx, correction, &script)?);
                    }
                }
                files.sort_by(|a, b| {
                    let key = |f: &CorrectionFile| (f.state != CorrectionState::Waiting, f.asked_at.clone());
                    key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
                });
                Ok(files)
            })
            .await
    }

    /// The sitting in which a correction was asked for.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`].
    pub async fn sitting_of_correction(&self, id: &CorrectionId) -> Result<SittingId, Error> {
        let id = id.clone();
        self.0
            .read(move |tx, me| {
                let correction = tx.correction(&id)?;
                Ok(case_for(tx, me, &correction)?.2.id)
            })
            .await
    }

    /// Decides a correction. Approved, it is the next version of its review, and the script is settled anew.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::RoleRequired`], [`Refusal::Invalid`], [`Refusal::OwnCase`],
    /// [`Refusal::RequestDecided`], [`Refusal::ResultsReleased`].
    pub async fn correction_decide(
        &self,
        id: &CorrectionId,
        decision: CorrectionDecision,
        reason: String,
    ) -> Result<CorrectionFile, Error> {
        let (id, read) = (id.clone(), id.clone());
        self.0.write(move |tx, me| decide(tx, me, &id, decision, &reason)).await?;
        self.0
            .read(move |tx, me| {
                let correction = tx.correction(&read)?;
                let (script, ..) = case_for(tx, me, &correction)?;
                file(tx, correction, &script)
            })
            .await
    }
}

/// How many corrections of a sitting wait for this person.
pub(super) fn waiting(tx: &mut Tx<'_, Sighted>, me: &Authority, id: &SittingId) -> Result<i64, Error> {
    let mut count = 0;
    for correction in tx.corrections_in(id)? {
        if correction.state == CorrectionState::Waiting {
            let (script, readings) = panel_of(tx, &correction)?;
            count += i64::from(!is_party(me, &script, &readings));
        }
    }
    Ok(count)
}

/// The script whose review is to be corrected: one that an examinee wrote, or a benchmark planted among such, which is
/// decided about like any other.
struct Case {
    id: ScriptId,
    sitting: SittingId,
    strand: Strand,
    vignette: (String, i64),
    examinee: Option<PersonId>,
}

fn panel_of(tx: &mut Tx<'_, Sighted>, of: &Correction) -> Result<(Case, Vec<Reading>), Error> {
    let case = match tx.script(&of.script)? {
        Some(Script { id, sitting, strand, vignette, examinee, .. }) => {
            Case { id, sitting, strand, vignette, examinee: Some(examinee) }
        }
        None => {
            let PlantedAmong { sitting, strand, vignette } = tx.planted_among(&of.reading)?.ok_or(Refusal::NotFound)?;
            Case { id: of.script.clone(), sitting, strand, vignette, examinee: None }
        }
    };
    let readings = tx.readings_of(std::slice::from_ref(&of.script))?;
    Ok((case, readings))
}

fn case_for(tx: &mut Tx<'_, Sighted>, me: &Authority, of: &Correction) -> Result<(Case, Vec<Reading>, Sitting), Error> {
    let (script, readings) = panel_of(tx, of)?;
    let sitting = sitting_for(tx, me, Act::RunSittings, &script.sitting)?;
    Ok((script, readings, sitting))
}

fn is_party(me: &Authority, script: &Case, readings: &[Reading]) -> bool {
    script.examinee.as_ref() == Some(&me.person) || readings.iter().any(|r| r.reviewer == me.person)
}

fn decide(
    tx: &mut Tx<'_, Sighted>,
    me: &Authority,
    id: &CorrectionId,
    decision: CorrectionDecision,
    reason: &str,
) -> Result<(), Error> {
    let correction = tx.correction(id)?;
    let (script, readings, sitting) = case_for(tx, me, &correction)?;
    let released = tx.settlements(&script.id)?.iter().any(|s| s.released_at.is_some());
    let facts = DecisionFacts { state: correction.state, party: is_party(me, &script, &readings), released };
    may_decide(&facts, decision)?;
    let reason = checked_reason(reason)?;
    let version = match decision {
        CorrectionDecision::Approve => Some(tx.review_correct(&correction.reading, &correction.marks)?),
        CorrectionDecision::Refuse => None,
    };
    tx.correction_settle(id, decision.into(), &me.person, reason, version)?;
    if version.is_some() {
        look_at(tx, &script.id)?;
    }
    tx.message_add(&correction.reviewer, "correction_decided", &json!({}))?;
    tx.audit(Entry {
        association: Some(sitting.association),
        actor: me.person.0.clone(),
        act: "review.correction.decide",
        subject: id.0.clone(),
        detail: json!({ "decision": decision, "reading": correction.reading, "version": version }),
    })
}

fn file(tx: &mut Tx<'_, Sighted>, of: Correction, script: &Case) -> Result<CorrectionFile, Error> {
    let before = match (of.state, of.version) {
        (CorrectionState::Approved, Some(version)) => Some(version - 1),
        (CorrectionState::Waiting, _) => tx.review_versions(&of.reading)?.last().copied(),
        // What was refused is kept, and compared with nothing any more.
        (CorrectionState::Approved | CorrectionState::Refused, _) => None,
    };
    let marks = match (before, tx.settlement(&script.id)?) {
        (Some(before), Some(_)) => Some(Change { sealed: tx.judged_in(&of.reading, before)?.1, wanted: of.marks }),
        _ => None,
    };
    let mut named =
        |who: &PersonId| -> Result<Named, Error> { Ok(Named { id: who.0.clone(), name: tx.person(who)?.name }) };
    let (reviewer, decided_by) = (named(&of.reviewer)?, of.decided_by.as_ref().map(&mut named).transpose()?);
    let vignette = tx.vignette(&script.vignette.0, script.vignette.1)?;
    Ok(CorrectionFile {
        reviewer,
        decided_by,
        titles: vignette.rubric.criteria.into_iter().map(|c| (c.id, c.title)).collect(),
        id: of.id,
        script: script.id.clone(),
        strand: script.strand,
        vignette: vignette.title,
        reason: of.reason,
        asked_at: of.asked_at.rfc3339(),
        state: of.state,
        marks,
        decided_at: of.decided_at.map(|at| at.rfc3339()),
        decision_reason: of.decision_reason,
    })
}
