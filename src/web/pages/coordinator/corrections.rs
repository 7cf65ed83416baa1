//! Corrections that reviewers of a sitting ask for, and the decision on each.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::corrections::{
    Changed, CorrectionLine, CorrectionState as Shown, CorrectionsPage, What, corrections,
};
use evenhand_templates::staff::Done;
use evenhand_templates::urls;
use evenhand_templates::words::Words;
use serde::Deserialize;

use super::head;
use super::marking::label;
use crate::desk::corrections::{Change, CorrectionFile};
use crate::domain::correction::{CorrectionDecision, CorrectionState};
use crate::domain::ids::{CorrectionId, SittingId};
use crate::domain::rubric::Marks;
use crate::domain::timing::Instant;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{After, Place, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

const REASON: Place = place("/reason", "reason", "corrections-decision-reason");

/// A decision as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    decision: CorrectionDecision,
    reason: String,
}

/// `GET /sittings/{sitting}/corrections`
pub async fn show(visitor: Visitor, id: Path<String>, done: Query<After>) -> Answer {
    let visitor = done.told(visitor);
    let view = view(&visitor, &SittingId(id.into_inner())).await?;
    Ok(page(corrections(&visitor.shell, &view)))
}

async fn view(visitor: &Visitor, id: &SittingId) -> Result<CorrectionsPage, AppError> {
    let desk = visitor.coordinator();
    let files = desk.corrections(id).await?;
    let summary = desk.sitting(id).await?;
    let lines = files.into_iter().map(|file| line(visitor.shell.words, file)).collect();
    Ok(CorrectionsPage { head: head(&summary, visitor.arrival()), lines })
}

fn line(in_words: Words, file: CorrectionFile) -> CorrectionLine {
    let at = |text: &str| Instant::parse(text).unwrap_or(Instant(0)).utc();
    let decided = file
        .decided_by
        .zip(file.decided_at)
        .map(|(who, when)| (who.name, at(&when), file.decision_reason.unwrap_or_default()));
    CorrectionLine {
        id: file.id.0,
        script: label(file.script.as_str()),
        strand: words::strand(file.strand).name(in_words),
        vignette: file.vignette,
        reviewer: file.reviewer.name,
        reason: file.reason,
        asked_at: at(&file.asked_at),
        state: match file.state {
            CorrectionState::Waiting => Shown::Waiting,
            CorrectionState::Approved => Shown::Approved,
            CorrectionState::Refused => Shown::Refused,
        },
        changes: file.marks.as_ref().map(|change| changes(change, &file.titles)),
        decided,
        typed: String::new(),
        problems: Vec::new(),
    }
}

/// What differs between two versions of a review.
fn changes(of: &Change, titles: &BTreeMap<String, String>) -> Vec<Changed> {
    let (before, after) = (&of.sealed, &of.wanted);
    let mut found: Vec<Changed> = Vec::new();
    let mut differ = |what, before: String, after: String| {
        if before != after {
            found.push(Changed { what, before, after });
        }
    };
    for (criterion, points) in &after.scores {
        let earlier = before.scores.get(criterion).map(ToString::to_string).unwrap_or_default();
        let title = titles.get(criterion).unwrap_or(criterion).clone();
        differ(What::Criterion(title), earlier, points.to_string());
    }
    let verdict = |of: Option<crate::domain::vocabulary::Verdict>| of.map(|v| v.to_string()).unwrap_or_default();
    differ(What::Verdict, verdict(before.verdict), verdict(after.verdict));
    differ(What::Remarks, before.remarks_for_examinee.clone(), after.remarks_for_examinee.clone());
    differ(What::Internal, before.remarks_internal.clone(), after.remarks_internal.clone());
    if before.highlights != after.highlights {
        let count = |of: &Marks| of.highlights.len().to_string();
        found.push(Changed { what: What::Passages, before: count(before), after: count(after) });
    }
    found
}

/// `POST /corrections/{correction}/decision`
pub async fn decide(visitor: Visitor, id: Path<String>, form: Form<DecisionForm>) -> Answer {
    let (id, DecisionForm { decision, reason }) = (CorrectionId(id.into_inner()), form.0);
    let desk = visitor.coordinator();
    let sitting = desk.sitting_of_correction(&id).await?;
    let refused = match desk.correction_decide(&id, decision, reason.clone()).await {
        Ok(_) => return Ok(see_other(&Done::CorrectionDecided.after(&urls::sitting_corrections(sitting.as_str())))),
        Err(error) => unaccepted(error, visitor.shell.words, &[REASON])?,
    };
    let mut view = view(&visitor, &sitting).await?;
    if let Some(line) = view.lines.iter_mut().find(|line| line.id == id.0) {
        line.typed = reason;
        line.problems = refused.problems;
        // The field's id is the line's own.
        line.problems.iter_mut().for_each(|problem| problem.field.clear());
    }
    Ok(Unaccepted::answer(refused.status, corrections(&visitor.shell, &view)))
}
