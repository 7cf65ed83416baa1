//! Late work of a sitting, and the decision about it.

use actix_web::web::{Path, Query};
use chrono::{DateTime, Utc};
use evenhand_templates::coordinator::late::{LateBlock, LateLine, LatePage, LateState, LateWork, Said, SignView, late};
use evenhand_templates::staff::{Done, Slip};
use evenhand_templates::urls;
use serde::Deserialize;

use super::head;
use crate::desk::Range;
use crate::desk::evidence::{self, LateAnswer, NewDecision, Sign};
use crate::desk::examinee::Saved;
use crate::domain::evidence::{Decision, Standing};
use crate::domain::ids::{AttemptId, SittingId};
use crate::domain::timing::Instant;
use crate::store::Error;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::pages::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

/// How many parts a page shows.
const ON_A_PAGE: i64 = 50;
const REASON: Place = place("/reason", "reason", "late-reason");
const ANSWERS: Place = place("/answers", "answer", "late-table");

/// From where on.
#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

/// `GET /sittings/{sitting}/late`
pub async fn show(visitor: Visitor, id: Path<String>, from: Query<From>, done: Query<After>) -> Answer {
    let visitor = done.told(visitor);
    let id = SittingId(id.into_inner());
    let view = view(&visitor, &id, &from.after).await?;
    Ok(page(late(&visitor.shell, &view)))
}

async fn view(visitor: &Visitor, id: &SittingId, after: &str) -> Result<LatePage, AppError> {
    let desk = visitor.coordinator();
    let range = Range { after: after.to_owned(), limit: ON_A_PAGE };
    let (_, found) = desk.late_work(id, range).await?;
    let summary = desk.sitting(id).await?;
    let mut items = found.items;
    items.sort_by_cached_key(|work| (work.undecided() == 0, work.person.name.clone(), work.part));
    let next = found.next.map(|after| {
        let query = serde_urlencoded::to_string([("after", after)]).unwrap_or_default();
        format!("{}?{query}", urls::late(id.as_str()))
    });
    Ok(LatePage { head: head(&summary, visitor.arrival()), works: items.into_iter().map(work).collect(), next })
}

fn at(text: &str) -> DateTime<Utc> {
    Instant::parse(text).unwrap_or(Instant(0)).utc()
}

fn work(work: evidence::LateWork) -> LateWork {
    let blocked = match work.blocked {
        _ if work.own_case => Some(LateBlock::OwnCase),
        Some("results_released") => Some(LateBlock::Released),
        Some(_) => Some(LateBlock::Allocated),
        None => None,
    };
    LateWork {
        lines: work.answers.into_iter().map(|answer| line(answer, work.own_case)).collect(),
        attempt: work.attempt.0,
        name: work.person.name,
        part: words::part(work.part),
        closed_at: at(&work.closed_at),
        deadline: at(&work.deadline),
        signs: work.signs.into_iter().map(sign).collect(),
        blocked,
        reason: String::new(),
        problems: Vec::new(),
    }
}

fn sign(sign: Sign) -> SignView {
    match sign {
        Sign::Silence { from, seconds } => SignView::Silence { from: at(&from), seconds },
        Sign::Incident { note, reported_at, .. } => SignView::Incident { note, at: at(&reported_at) },
    }
}

fn line(answer: LateAnswer, hidden: bool) -> LateLine {
    let said = |saved: Option<Saved>| match saved.map(|s| s.choice.or(s.text)) {
        _ if hidden => Said::Hidden,
        Some(Some(text)) if !text.trim().is_empty() => Said::Text(text),
        _ => Said::Nothing,
    };
    LateLine {
        position: answer.position,
        revision: answer.revision,
        stored_at: answer.stored.as_ref().map(|s| at(&s.saved_at)),
        stored: said(answer.stored),
        late: said(answer.late),
        arrived_at: at(&answer.arrived_at),
        late_by_seconds: answer.late_by_seconds,
        state: match answer.state {
            Standing::Undecided => LateState::Undecided,
            Standing::Admitted => LateState::Admitted,
            Standing::Refused => LateState::Refused,
        },
        reason: answer.reason,
        decided_by: answer.decided_by,
    }
}

/// `POST /attempts/{attempt}/late/decision`
pub async fn decide(visitor: Visitor, id: Path<String>, form: Form<Vec<(String, String)>>) -> Answer {
    let id = AttemptId(id.into_inner());
    let desk = visitor.coordinator();
    let sitting = desk.sitting_of_attempt(&id).await?;
    let mut typed = Typed::new(visitor.shell.words);
    let value = |name: &str| form.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let decision = typed.one_of(ANSWERS, &value("decision"), Decision::parse);
    let answers: Vec<(i64, i64)> =
        form.0.iter().filter(|(name, _)| name == "answer").filter_map(|(_, value)| answer_named(value)).collect();
    if answers.is_empty() {
        typed.slip(ANSWERS, Slip::NoneTicked);
    }
    let reason = value("reason");
    let refused = match decision.filter(|_| typed.problems.is_empty()) {
        None => Unaccepted::of(typed.problems),
        Some(decision) => {
            let new = NewDecision { decision, reason: reason.clone(), answers: Some(answers) };
            match desk.late_decide(&id, new).await {
                Ok(_) => return Ok(see_other(&Done::LateDecided.after(&urls::late(sitting.as_str())))),
                Err(error) => refused(error, &visitor)?,
            }
        }
    };
    // The page that holds this attempt begins with it: what was typed stands there again.
    let before: String = id.0.chars().take(id.0.chars().count().saturating_sub(1)).collect();
    let mut view = view(&visitor, &sitting, &before).await?;
    if let Some(work) = view.works.iter_mut().find(|work| work.attempt == id.0) {
        work.reason = reason;
        work.problems = refused.problems;
        work.problems.iter_mut().for_each(|problem| problem.field.clear());
    }
    Ok(Unaccepted::answer(refused.status, late(&visitor.shell, &view)))
}

fn refused(error: Error, visitor: &Visitor) -> Result<Unaccepted, AppError> {
    unaccepted(error, visitor.shell.words, &[REASON, ANSWERS])
}

/// Position and revision of a tick.
fn answer_named(value: &str) -> Option<(i64, i64)> {
    let (position, revision) = value.split_once('-')?;
    Some((position.parse().ok()?, revision.parse().ok()?))
}
