//! The marking of a sitting, and the allocation of its scripts. No mark arrives here, only counts and states.

use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::marking::{
    AllocationResult, Lack, ReviewerProgress, ScriptProgress, ScriptState, SittingMarking, sitting_marking,
};
use evenhand_templates::urls;
use evenhand_templates::words::Words;
use serde::Deserialize;

use super::head;
use crate::desk::marking::{self as desk, Allocation, Marking};
use crate::desk::screening::ScreenedScript;
use crate::domain::ids::SittingId;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
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
pub async fn show(visitor: Visitor, id: Path<String>, given: Query<Given>) -> Answer {
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

async fn view(
    visitor: &Visitor,
    id: &SittingId,
    last: Option<(bool, i64, Allocation)>,
) -> Result<SittingMarking, AppError> {
    let (desk, in_words) = (visitor.coordinator(), visitor.shell.words);
    let (_, marking) = desk.marking(id).await?;
    let summary = desk.sitting(id).await?;
    let mut reviewers: Vec<ReviewerProgress> = marking.reviewers.iter().map(|r| reviewer(in_words, r)).collect();
    reviewers.sort_by(|a, b| a.name.cmp(&b.name));
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
        allocation: last.map(|(dry_run, readings, found)| result(&marking, dry_run, readings, found)),
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

fn result(marking: &Marking, dry_run: bool, readings: i64, found: Allocation) -> AllocationResult {
    let name = |who: &_| marking.reviewers.iter().find(|r| r.reviewer == *who).map(|r| r.name.clone());
    let mut per_reviewer: Vec<(String, i64)> = if dry_run {
        found.per_reviewer.iter().filter_map(|(who, n)| Some((name(who)?, *n))).collect()
    } else {
        Vec::new()
    };
    per_reviewer.sort();
    let lack = |l: desk::Lacking| Lack {
        script: label(l.script.as_str()),
        lacks: Some(l.lacks).filter(|lacks| lacks != desk::LACKS_SCREENING),
    };
    let unassigned = found.unassigned.into_iter().map(lack).collect();
    AllocationResult { dry_run, assigned: readings, per_reviewer, unassigned }
}

fn reviewer(in_words: Words, row: &desk::ReviewerProgress) -> ReviewerProgress {
    let strands: Vec<String> = row.strands.iter().map(|s| words::strand(*s).name(in_words)).collect();
    ReviewerProgress {
        name: row.name.clone(),
        strands: strands.join(", "),
        assigned: count(row.assigned),
        sealed: count(row.sealed),
        due_on: row.due_on.as_ref().and_then(|day| day.parse().ok()),
        overdue: row.overdue,
    }
}

fn script(in_words: Words, row: &desk::ScriptProgress) -> ScriptProgress {
    ScriptProgress {
        script: label(row.script.as_str()),
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
