//! The marking of a sitting, and the allocation of its scripts. No mark arrives here, only counts and states.

use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::marking::{
    AllocationResult, Lack, Proposal, Reason, Remedy, ReviewerProgress, ScriptProgress, ScriptState, SittingMarking,
    Step, sitting_marking,
};
use evenhand_templates::staff::Done;
use evenhand_templates::urls;
use evenhand_templates::words::Words;
use serde::Deserialize;

use super::head;
use crate::desk::allocation::{self, Allocation, Cure, LACKS_SCREENING, Lacking};
use crate::desk::marking::{self as desk, Marking};
use crate::desk::screening::ScreenedScript;
use crate::desk::workload::Workload;
use crate::domain::ids::{PersonId, SittingId};
use crate::domain::workload::ProposalReason;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::After;
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

/// How many letters of a script's id stand for it where people compare them.
const LABEL_CHARS: usize = 8;

/// Whether to do it, or only to see what it would do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationForm {
    dry_run: bool,
}

/// How many readings the allocation before this page gave out.
#[derive(Deserialize)]
pub struct Given {
    given: Option<i64>,
}

/// `GET /sittings/{sitting}/marking`
pub async fn show(visitor: Visitor, id: Path<String>, given: Query<Given>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let id = SittingId(id.into_inner());
    let last = match given.given {
        // What was left over is what would be left over again.
        Some(given) => Some((false, given, visitor.coordinator().allocate(&id, true).await?)),
        None => None,
    };
    Ok(page(sitting_marking(&visitor.shell, &view(&visitor, &id, last).await?)))
}

/// `POST /sittings/{sitting}/allocation`
pub async fn allocate(visitor: Visitor, id: Path<String>, form: Form<AllocationForm>) -> Answer {
    let id = SittingId(id.into_inner());
    let found = visitor.coordinator().allocate(&id, form.0.dry_run).await?;
    let readings = found.per_reviewer.iter().map(|(_, count)| count).sum();
    if form.0.dry_run {
        let view = view(&visitor, &id, Some((true, readings, found))).await?;
        return Ok(page(sitting_marking(&visitor.shell, &view)));
    }
    Ok(see_other(&format!("{}?given={readings}", urls::sitting_marking(id.as_str()))))
}

/// Whose scripts go to others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReallocationForm {
    reviewer: String,
    drafts: Option<String>,
}

/// `POST /sittings/{sitting}/reallocation`
pub async fn reallocate(visitor: Visitor, id: Path<String>, form: Form<ReallocationForm>) -> Answer {
    let id = SittingId(id.into_inner());
    let ReallocationForm { reviewer, drafts } = form.0;
    visitor.coordinator().reallocate(&id, &PersonId(reviewer), drafts.is_some()).await?;
    Ok(see_other(&Done::Reallocated.after(&urls::sitting_marking(id.as_str()))))
}

async fn view(
    visitor: &Visitor,
    id: &SittingId,
    last: Option<(bool, i64, Allocation)>,
) -> Result<SittingMarking, AppError> {
    let (desk, in_words) = (visitor.coordinator(), visitor.shell.words);
    let (_, marking) = desk.marking(id).await?;
    let summary = desk.sitting(id).await?;
    let reviewers = desk.workload(id).await?;
    let reviewers = reviewers.iter().map(|load| reviewer(in_words, &marking, load)).collect();
    let unallocated = marking.scripts.iter().filter(|s| s.state == "unallocated");
    let thirds = marking.scripts.iter().filter(|s| s.state == "third_reading" && s.assigned < s.needed);
    let to_screen = if marking.scripts.iter().any(|s| s.state == "screening") {
        let scripts = desk.screening(id).await?;
        let open = |s: &ScreenedScript| s.findings.iter().filter(|f| f.decision.is_none()).count();
        count(scripts.iter().map(open).sum())
    } else {
        0
    };
    Ok(SittingMarking {
        head: head(&summary, visitor.arrival()),
        to_screen,
        to_allocate: count(unallocated.count()),
        thirds_lacking: count(thirds.count()),
        allocation: last.map(|(dry_run, readings, found)| result(in_words, &marking, dry_run, readings, found)),
        reviewers,
        scripts: marking.scripts.iter().map(|s| script(in_words, s)).collect(),
    })
}

fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// A script as coordinators call it.
pub(super) fn label(script: &str) -> String {
    script.chars().take(LABEL_CHARS).collect()
}

fn remedy(in_words: Words, marking: &Marking, found: Cure) -> Remedy {
    let names = found.tight_reviewers.iter();
    let names = names.filter_map(|who| marking.reviewers.iter().find(|r| r.reviewer == *who)).map(|r| r.name.clone());
    let step = |step: allocation::Step| match step {
        allocation::Step::Raise { name, by, .. } => Step::Raise(name, count(by)),
        allocation::Step::Return { name, absent_until, .. } => Step::Return(name, absent_until),
        allocation::Step::Admit { name, .. } => Step::Admit(name),
        allocation::Step::Recruit { strand, reviewers, scripts_each, outside_association } => Step::Recruit {
            strand: words::strand(strand).name(in_words),
            reviewers: count(reviewers),
            scripts_each: count(scripts_each),
            outside: outside_association,
        },
    };
    Remedy {
        reviewers: names.collect(),
        steps: found.steps.into_iter().map(step).collect(),
        is_least: found.is_least,
        tight: (count(found.tight_scripts), count(found.tight_readings), count(found.tight_room)),
    }
}

fn result(in_words: Words, marking: &Marking, dry_run: bool, readings: i64, found: Allocation) -> AllocationResult {
    let name = |who: &_| marking.reviewers.iter().find(|r| r.reviewer == *who).map(|r| r.name.clone());
    let mut per_reviewer: Vec<(String, i64)> = if dry_run {
        found.per_reviewer.iter().filter_map(|(who, n)| Some((name(who)?, *n))).collect()
    } else {
        Vec::new()
    };
    per_reviewer.sort();
    let lack = |l: Lacking| Lack {
        script: label(l.script.as_str()),
        lacks: Some(l.lacks).filter(|lacks| lacks != LACKS_SCREENING),
    };
    let unassigned = found.unassigned.into_iter().map(lack).collect();
    let remedy = found.remedy.map(|found| remedy(in_words, marking, found));
    AllocationResult { dry_run, assigned: readings, per_reviewer, unassigned, remedy }
}

fn reviewer(in_words: Words, marking: &Marking, load: &Workload) -> ReviewerProgress {
    let strands: Vec<String> = load.strands.iter().map(|s| words::strand(*s).name(in_words)).collect();
    let here = marking.reviewers.iter().find(|row| row.reviewer == load.reviewer);
    ReviewerProgress {
        id: load.reviewer.0.clone(),
        name: load.name.clone(),
        strands: strands.join(", "),
        capacity: count(load.capacity),
        held: count(load.held),
        assigned: count(here.map_or(0, |row| row.assigned)),
        sealed: count(load.sealed),
        due_on: here.and_then(|row| row.due_on.as_ref()).and_then(|day| day.parse().ok()),
        overdue: count(load.overdue),
        absent_until: load.absent_until,
        proposal: load.proposal.map(|proposal| Proposal {
            reason: match proposal.reason {
                ProposalReason::Conflict => Reason::Conflict,
                ProposalReason::Absent => Reason::Absent,
                ProposalReason::Overdue => Reason::Overdue,
            },
            not_begun: count(proposal.not_begun),
            drafts: count(proposal.drafts),
            asked: count(proposal.asked),
        }),
    }
}

fn script(in_words: Words, row: &desk::ScriptProgress) -> ScriptProgress {
    ScriptProgress {
        script: label(row.script.as_str()),
        round: row.round,
        strand: words::strand(row.strand).name(in_words),
        vignette: row.vignette.clone(),
        needed: count(row.needed),
        sealed: count(row.sealed),
        state: match row.state {
            "screening" => ScriptState::Screening,
            "settled" => ScriptState::Settled,
            "third_reading" => ScriptState::ThirdReading,
            "unallocated" => ScriptState::Unallocated,
            _ => ScriptState::Reading,
        },
    }
}
