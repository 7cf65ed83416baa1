//! Appeals: an examinee's own page, and the file with its decision for a coordinator who took no part.

use actix_web::web::{Path, Query};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use evenhand_templates::examinee::appeal::{
    self, AppealForm, AppealPage, AppealState as Shown, Barred, DecisionForm, Ground as ShownGround, OwnAppeal,
    PartLine, What,
};
use evenhand_templates::parts::Tone;
use evenhand_templates::staff::{Done, Slip};
use evenhand_templates::urls;
use serde::Deserialize;

use super::arrangements::lines;
use super::forms::{After, Place, Typed, Unaccepted, place, unaccepted};
use crate::desk::appeals::{AppealFile, AppealView, Before, Event, EventKind, NewDecision, PartOnRecord};
use crate::domain::appeal::{AppealDecision, AppealState, Ground};
use crate::domain::ids::{AppealId, RegistrationId, SittingId};
use crate::domain::policy::ReMarkResult;
use crate::domain::timing::Instant;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::visitor::{Visitor, page, see_other};
use crate::web::words;

const GROUND: Place = place("/ground", "ground", "appeal-ground");
const STATEMENT: Place = place("/statement", "statement", "appeal-statement");
const DECISION: Place = place("/decision", "decision", "file-decision");
const POSITIONS: Place = place("/positions", "", "file-positions");
const REASON: Place = place("/reason", "reason", "file-reason");

/// What the act before the page did.
#[derive(Debug, Default, Deserialize)]
pub struct Did {
    did: Option<String>,
}

fn at(text: &str) -> DateTime<Utc> {
    Instant::parse(text).unwrap_or(Instant(0)).utc()
}

fn ground(of: Ground) -> ShownGround {
    match of {
        Ground::Procedure => ShownGround::Procedure,
        Ground::Accommodation => ShownGround::Accommodation,
        Ground::Conflict => ShownGround::Conflict,
        Ground::Scoring => ShownGround::Scoring,
        Ground::Other => ShownGround::Other,
    }
}

/// How an appeal stands, as pages show it; whether counting again changed anything.
pub fn state(of: AppealState, changed: bool) -> Shown {
    match of {
        AppealState::Open => Shown::Open,
        AppealState::Withdrawn => Shown::Withdrawn,
        AppealState::Dismissed => Shown::Dismissed,
        AppealState::ReMark => Shown::ReMark,
        AppealState::Recount => Shown::Recount(changed),
    }
}

fn own_view(of: AppealView) -> OwnAppeal {
    OwnAppeal {
        id: of.id.0,
        ground: ground(of.ground),
        statement: of.statement,
        made_at: at(&of.made_at),
        state: state(of.state, of.changed.unwrap_or_default()),
        decided: of.decided_at.as_deref().map(|when| (at(when), of.reason)),
    }
}

/// `GET /results/{registration}/appeal`
pub async fn own(visitor: Visitor, id: Path<String>, did: Query<Did>) -> Answer {
    let visitor = match did.did.as_deref().and_then(|code| appeal::notice(visitor.shell.words, code)) {
        Some(text) => visitor.noticing(Tone::Good, text),
        None => visitor,
    };
    let view = own_page(&visitor, &RegistrationId(id.into_inner())).await?;
    Ok(page(appeal::own(&visitor.shell, &view)))
}

async fn own_page(visitor: &Visitor, id: &RegistrationId) -> Result<AppealPage, AppError> {
    let Before { sitting, until, re_mark_result, appeals } = visitor.examinee().appeal_before(id).await?;
    let until = until.and_then(|day| day.parse().ok());
    let stands = re_mark_result == ReMarkResult::Stands;
    Ok(AppealPage {
        registration: id.0.clone(),
        title: sitting.terms.title,
        appeals: appeals.into_iter().map(own_view).collect(),
        form: until.map(|until| AppealForm { until, stands, ..AppealForm::default() }),
    })
}

/// An appeal as typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    #[serde(default)]
    ground: String,
    #[serde(default)]
    statement: String,
}

/// `POST /results/{registration}/appeal`
pub async fn make(visitor: Visitor, id: Path<String>, form: Form<Sent>) -> Answer {
    let (id, Sent { ground, statement }) = (RegistrationId(id.into_inner()), form.0);
    let mut typed = Typed::new(visitor.shell.words);
    let refused = match typed.one_of(GROUND, &ground, Ground::parse) {
        None => Unaccepted::of(typed.problems),
        Some(on) => match visitor.examinee().appeal_make(&id, on, statement.replace("\r\n", "\n")).await {
            Ok(_) => return Ok(see_other(&format!("{}?did=appealed", urls::own_appeal(id.as_str())))),
            Err(error) => unaccepted(error, visitor.shell.words, &[GROUND, STATEMENT])?,
        },
    };
    let mut view = own_page(&visitor, &id).await?;
    let visitor = visitor.noticing(Tone::Danger, refused.line());
    view.form = view.form.map(|form| AppealForm { ground, statement, problems: refused.problems, ..form });
    Ok(Unaccepted::answer(refused.status, appeal::own(&visitor.shell, &view)))
}

/// `POST /appeals/{appeal}/withdrawal`
pub async fn withdraw(visitor: Visitor, id: Path<String>) -> Answer {
    let seat = visitor.examinee().appeal_withdraw(&AppealId(id.into_inner())).await?;
    Ok(see_other(&format!("{}?did=withdrawn", urls::own_appeal(seat.as_str()))))
}

/// `GET /appeals/{appeal}`
pub async fn show(visitor: Visitor, id: Path<String>, done: Query<After>) -> Answer {
    let visitor = done.told(visitor);
    let view = file_view(&visitor, &AppealId(id.into_inner())).await?;
    Ok(page(appeal::file(&visitor.shell, &view)))
}

async fn file_view(visitor: &Visitor, id: &AppealId) -> Result<appeal::AppealFile, AppError> {
    let desk = visitor.coordinator();
    let file = desk.appeal(id).await?;
    let sitting = desk.sitting(&SittingId(file.sitting.clone())).await?.sitting;
    Ok(shown(file, sitting.zone()))
}

fn shown(file: AppealFile, zone: Tz) -> appeal::AppealFile {
    let changed = file.recount.as_ref().is_some_and(|recount| recount.changed);
    let marked: Vec<(i64, String)> = file.marked.into_iter().map(|m| (m.position, m.vignette)).collect();
    appeal::AppealFile {
        form: DecisionForm { positions: marked.iter().map(|m| m.0).collect(), ..DecisionForm::default() },
        marked,
        name: file.name,
        sitting: file.sitting,
        sitting_title: file.sitting_title,
        zone,
        track: words::track(file.track),
        category: words::category(file.category),
        outcome: words::outcome(file.outcome),
        decided_by: file.decided_by,
        round: file.round,
        parts: file.parts.into_iter().map(part_line).collect(),
        arranged: file.arrangement.as_ref().map(lines).unwrap_or_default(),
        timeline: file.timeline.into_iter().map(event).collect(),
        barred: file.barred.map(|code| match code {
            "took_part_in_release" => Barred::Release,
            "took_part_in_room" => Barred::Room,
            _ => Barred::Decided,
        }),
        appeal: OwnAppeal {
            id: file.id.0,
            ground: ground(file.ground),
            statement: file.statement,
            made_at: at(&file.made_at),
            state: state(file.state, changed),
            decided: file.decided_at.as_deref().map(|when| (at(when), file.reason)),
        },
    }
}

fn part_line(of: PartOnRecord) -> PartLine {
    PartLine {
        part: words::part(of.part),
        outcome: words::outcome(of.outcome),
        sat: of.started_at.as_deref().map(|from| (at(from), of.closed_at.as_deref().map(at))),
        terms: of.terms.into_iter().map(|term| (term.seconds, term.reason)).collect(),
    }
}

fn event(of: Event) -> (DateTime<Utc>, What) {
    let what = match of.what {
        EventKind::Seat => What::Seat,
        EventKind::Admitted => What::Admitted,
        EventKind::Started { part } => What::Started(words::part(part)),
        EventKind::Closed { part } => What::Closed(words::part(part)),
        EventKind::Incident { note, own, .. } => What::Incident(note, own),
        EventKind::Given { position, round } => What::Given(position, round),
        EventKind::Sealed { position, round, correction: false } => What::Sealed(position, round),
        EventKind::Sealed { position, round, correction: true } => What::Corrected(position, round),
        EventKind::Prepared => What::Prepared,
        EventKind::Released => What::Released,
        EventKind::Appealed => What::Appealed,
    };
    (at(&of.at), what)
}

/// `POST /appeals/{appeal}/decision`
pub async fn decide(visitor: Visitor, id: Path<String>, form: Form<Vec<(String, String)>>) -> Answer {
    let id = AppealId(id.into_inner());
    let value = |name: &str| form.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let ticked = form.0.iter().filter(|(name, _)| name == "position").filter_map(|(_, text)| text.parse().ok());
    let ticked: Vec<i64> = ticked.collect();
    let (chosen, reason) = (value("decision"), value("reason"));
    let mut typed = Typed::new(visitor.shell.words);
    let decision = typed.one_of(DECISION, &chosen, AppealDecision::parse);
    if decision == Some(AppealDecision::ReMark) && ticked.is_empty() {
        typed.slip(POSITIONS, Slip::NoneTicked);
    }
    let refused = match decision.filter(|_| typed.problems.is_empty()) {
        None => Unaccepted::of(typed.problems),
        Some(decision) => {
            let positions = (decision == AppealDecision::ReMark).then(|| ticked.clone());
            let new = NewDecision { decision, positions, reason: reason.replace("\r\n", "\n") };
            match visitor.coordinator().appeal_decide(&id, new).await {
                Ok(_) => return Ok(see_other(&Done::AppealDecided.after(&urls::appeal(id.as_str())))),
                Err(error) => unaccepted(error, visitor.shell.words, &[DECISION, POSITIONS, REASON])?,
            }
        }
    };
    let mut view = file_view(&visitor, &id).await?;
    let visitor = visitor.noticing(Tone::Danger, refused.line());
    view.form = DecisionForm { decision: chosen, positions: ticked, reason, problems: refused.problems };
    Ok(Unaccepted::answer(refused.status, appeal::file(&visitor.shell, &view)))
}
