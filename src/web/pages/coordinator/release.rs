//! The release gate, one release, its approval by a second person and its recall. Every letter is shown beforehand as
//! its reader will read it, in the reader's own language.

use actix_web::web::{Path, Query};
use evenhand_templates::coordinator::release::{
    Approval, Check, CheckState, LetterPreview, ReleaseGate, ReleasePage, ReleaseState, check_sentence, release,
    release_gate,
};
use evenhand_templates::form::FieldError;
use evenhand_templates::staff::Done;
use evenhand_templates::urls;
use evenhand_templates::words::{Locale, Words};
use serde::Deserialize;

use super::head;
use crate::desk::release::{Letter, ReleaseFile};
use crate::domain::ids::{ReleaseId, SittingId};
use crate::domain::refusal;
use crate::domain::timing::Instant;
use crate::store::releases::Release;
use crate::store::sittings::{Association, Sitting};
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::letter::letter_view;
use crate::web::pages::forms::{After, Place, Unaccepted, place, sentence, unaccepted};
use crate::web::visitor::{Visitor, page, see_other};

const REASON: Place = place("/reason", "reason", "release-reason");

/// A form without fields: pressing it is all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pressed {}

/// Why a release is taken back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallForm {
    reason: String,
}

/// `GET /sittings/{sitting}/release`
pub async fn gate(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let view = gate_view(&visitor, &SittingId(id.into_inner()), Vec::new()).await?;
    Ok(page(release_gate(&visitor.shell, &view)))
}

async fn gate_view(visitor: &Visitor, id: &SittingId, problems: Vec<FieldError>) -> Result<ReleaseGate, AppError> {
    let desk = visitor.coordinator();
    let (sitting, association, earlier) = desk.releases(id).await?;
    let prepared = desk.release_prepare(id, None, true).await?;
    let summary = desk.sitting(id).await?;
    let of = (&sitting, &association);
    Ok(ReleaseGate {
        head: head(&summary, visitor.arrival()),
        checks: checks(visitor.shell.words, &prepared.checks),
        letters: previews(prepared.letters.iter().collect(), of, None, visitor.arrival()),
        earlier: earlier.into_iter().map(|r| (r.id.clone(), Instant(r.prepared_at).utc(), state(&r))).collect(),
        problems,
    })
}

fn checks(words: Words, found: &[refusal::Check]) -> Vec<Check> {
    found
        .iter()
        .map(|check| Check {
            check: check_sentence(words, &check.check),
            state: if check.holds { CheckState::Holds } else { CheckState::Blocks },
            detail: if check.holds { String::new() } else { sentence(&check.detail) },
        })
        .collect()
}

/// The letters by name.
fn previews(
    mut letters: Vec<&Letter>,
    of: (&Sitting, &Association),
    released_at: Option<Instant>,
    now: Instant,
) -> Vec<LetterPreview> {
    letters.sort_by(|a, b| (&a.person.name, &a.person.id).cmp(&(&b.person.name, &b.person.id)));
    letters
        .into_iter()
        .map(|letter| {
            let locale = Locale::from_tag(&letter.person.locale).unwrap_or(Locale::En);
            LetterPreview {
                registration: letter.result.registration.0.clone(),
                locale,
                letter: letter_view(locale.words(), letter, of, released_at.map(Instant::utc), now),
            }
        })
        .collect()
}

fn state(release: &Release) -> ReleaseState {
    match release.state.as_str() {
        "released" => ReleaseState::Released,
        "recalled" => ReleaseState::Recalled,
        _ => ReleaseState::Waiting,
    }
}

/// `POST /sittings/{sitting}/releases`
pub async fn prepare(visitor: Visitor, id: Path<String>, _: Form<Pressed>) -> Answer {
    let id = SittingId(id.into_inner());
    let refused = match visitor.coordinator().release_prepare(&id, None, false).await {
        Ok(prepared) => {
            let to = prepared.id.map_or_else(|| urls::release_gate(id.as_str()), |made| urls::release(made.as_str()));
            return Ok(see_other(&Done::Prepared.after(&to)));
        }
        Err(error) => unaccepted(error, visitor.shell.words, &[])?,
    };
    let view = gate_view(&visitor, &id, refused.problems).await?;
    Ok(Unaccepted::answer(refused.status, release_gate(&visitor.shell, &view)))
}

/// `GET /releases/{release}`
pub async fn show(visitor: Visitor, id: Path<String>, after: Query<After>) -> Answer {
    let visitor = after.told(visitor);
    let view = release_view(&visitor, &ReleaseId(id.into_inner()), String::new(), Vec::new()).await?;
    Ok(page(release(&visitor.shell, &view)))
}

async fn release_view(
    visitor: &Visitor,
    id: &ReleaseId,
    reason: String,
    problems: Vec<FieldError>,
) -> Result<ReleasePage, AppError> {
    let desk = visitor.coordinator();
    let file = desk.release(id).await?;
    let summary = desk.sitting(&file.sitting.id).await?;
    let made = &file.release;
    let released_at = made.approved_at.map(Instant);
    let by = |who: &Option<_>, at: Option<i64>| who.as_ref().map(name).zip(at.map(|at| Instant(at).utc()));
    Ok(ReleasePage {
        id: made.id.clone(),
        head: head(&summary, visitor.arrival()),
        state: state(made),
        prepared: (file.prepared_by.name.clone(), Instant(made.prepared_at).utc()),
        approved: by(&file.approved_by, made.approved_at),
        recalled: by(&file.recalled_by, made.recalled_at)
            .map(|(who, at)| (who, at, made.recall_reason.clone().unwrap_or_default())),
        approval: approval(&file),
        checks: checks(visitor.shell.words, &file.checks),
        letters: previews(
            file.letters.iter().collect(),
            (&file.sitting, &file.association),
            released_at,
            visitor.arrival(),
        ),
        reason,
        problems,
    })
}

fn name(person: &crate::store::people::Person) -> String {
    person.name.clone()
}

fn approval(file: &ReleaseFile) -> Approval {
    if file.own {
        Approval::SecondPersonRequired
    } else if file.checks.iter().any(|check| !check.holds) {
        Approval::Blocked
    } else {
        Approval::Possible
    }
}

/// `POST /releases/{release}/approval`
pub async fn approve(visitor: Visitor, id: Path<String>, _: Form<Pressed>) -> Answer {
    let id = ReleaseId(id.into_inner());
    match visitor.coordinator().release_approve(&id).await {
        Ok(_) => Ok(see_other(&Done::Approved.after(&urls::release(id.as_str())))),
        Err(error) => refused(visitor, &id, String::new(), error).await,
    }
}

/// `POST /releases/{release}/recall`
pub async fn recall(visitor: Visitor, id: Path<String>, form: Form<RecallForm>) -> Answer {
    let id = ReleaseId(id.into_inner());
    match visitor.coordinator().release_recall(&id, form.0.reason.clone()).await {
        Ok(()) => Ok(see_other(&Done::Recalled.after(&urls::release(id.as_str())))),
        Err(error) => refused(visitor, &id, form.0.reason, error).await,
    }
}

async fn refused(visitor: Visitor, id: &ReleaseId, reason: String, error: crate::store::Error) -> Answer {
    let refused = unaccepted(error, visitor.shell.words, &[REASON])?;
    let view = release_view(&visitor, id, reason, refused.problems).await?;
    Ok(Unaccepted::answer(refused.status, release(&visitor.shell, &view)))
}
