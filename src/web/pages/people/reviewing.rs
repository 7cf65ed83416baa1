//! A reviewer's profile and a person's conflicts, as coordinators keep them on the person's page.

use actix_web::web::Path;
use evenhand_templates::coordinator::conflicts::{Conflict, Conflicts};
use evenhand_templates::coordinator::people::person;
use evenhand_templates::form::FieldError;
use evenhand_templates::profile::{Absences, Training};
use evenhand_templates::urls;
use serde::Deserialize;

use super::{Typing, person_page};
use crate::desk::people::conflicts::{Conflicts as Found, ReviewerRecord};
use crate::desk::reviewer::profile::ProfileChange;
use crate::domain::ids::PersonId;
use crate::domain::refusal::Refusal;
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::pages::coordinator::at_home;
use crate::web::pages::forms::{Place, place, unaccepted};
use crate::web::pages::profiles::{self, AbsenceForm, TrainingForm};
use crate::web::visitor::{Visitor, page_refused, see_other};

const EMAIL: Place = place("/person", "email", "conflicts-email");
const CONFLICT_PLACES: [Place; 2] = [EMAIL, place("/reason", "reason", "conflicts-reason")];

/// A conflict to be entered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConflictForm {
    email: String,
    reason: String,
}

/// Why one is lifted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftForm {
    reason: String,
}

/// What was typed of this part of the page and refused.
#[derive(Default)]
pub struct Refused {
    training: Option<Training>,
    absences: Option<Absences>,
    conflicts: Option<(String, String, Vec<FieldError>)>,
}

/// The reviewer's part of the page: what stands, or what was typed.
pub fn reviewing(visitor: &Visitor, record: &ReviewerRecord, refused: &mut Refused) -> (Training, Absences) {
    let training = || profiles::training(visitor.shell.words, &record.strands, record.capacity);
    (
        refused.training.take().unwrap_or_else(training),
        refused.absences.take().unwrap_or_else(|| profiles::absences(&record.absences)),
    )
}

/// The conflicts' part of the page.
pub fn conflicts_view(found: Found, refused: &mut Refused) -> Conflicts {
    let (email, reason, problems) = refused.conflicts.take().unwrap_or_default();
    let all = found.items.into_iter().map(|row| Conflict {
        person: row.person.0,
        name: row.name,
        origins: row.origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
        can_be_lifted: row.can_be_lifted,
        lift_reason: row.lift_reason,
    });
    let declared = found.declared.into_iter().map(|declared| declared.named.who).collect();
    Conflicts { all: all.collect(), declared, email, reason, problems }
}

async fn again(visitor: Visitor, id: &PersonId, refused: Refused) -> Answer {
    let visitor = at_home(visitor).await?;
    let view = person_page(&visitor, id, Typing { reviewing: refused, ..Typing::default() }).await?;
    Ok(page_refused(person(&visitor.shell, &view)))
}

/// `POST /people/{person}/reviewer`
pub async fn train(visitor: Visitor, id: Path<String>, form: Form<TrainingForm>) -> Answer {
    let (id, in_words) = (PersonId(id.into_inner()), visitor.shell.words);
    let problems = match form.0.change(in_words) {
        Ok(change) => match visitor.people().reviewer_set(&id, change).await {
            Ok(_) => return Ok(see_other(&urls::person(id.as_str()))),
            Err(error) => unaccepted(error, in_words, &profiles::TRAINING_PLACES)?.problems,
        },
        Err(problems) => problems,
    };
    let typed = form.0.again(in_words, problems);
    again(visitor, &id, Refused { training: Some(typed), ..Refused::default() }).await
}

/// `POST /people/{person}/absences`
pub async fn absence(visitor: Visitor, id: Path<String>, form: Form<AbsenceForm>) -> Answer {
    let (id, in_words, desk) = (PersonId(id.into_inner()), visitor.shell.words, visitor.people());
    let record = desk.file(&id).await?.reviewer.ok_or(Refusal::NotFound)?;
    let problems = match form.0.applied(in_words, record.absences.clone()) {
        Ok(all) => {
            match desk.reviewer_set(&id, ProfileChange { absences: Some(all), ..ProfileChange::default() }).await {
                Ok(_) => return Ok(see_other(&urls::person(id.as_str()))),
                Err(error) => profiles::refused(error, in_words, profiles::UNTIL)?,
            }
        }
        Err(problems) => problems,
    };
    let typed = form.0.again(&record.absences, problems);
    again(visitor, &id, Refused { absences: Some(typed), ..Refused::default() }).await
}

/// `POST /people/{person}/conflicts`
pub async fn conflict_enter(visitor: Visitor, id: Path<String>, form: Form<ConflictForm>) -> Answer {
    let (id, in_words, desk) = (PersonId(id.into_inner()), visitor.shell.words, visitor.people());
    let other = desk.member_by_email(&form.0.email).await?.unwrap_or_else(|| PersonId(String::new()));
    match desk.conflict_enter(&id, &other, form.0.reason.clone()).await {
        Ok(()) => Ok(see_other(&urls::person(id.as_str()))),
        Err(error) => {
            let problems = unaccepted(error, in_words, &CONFLICT_PLACES)?.problems;
            let typed = Some((form.0.email, form.0.reason, problems));
            again(visitor, &id, Refused { conflicts: typed, ..Refused::default() }).await
        }
    }
}

/// `POST /people/{person}/conflicts/{other}/lift`
pub async fn conflict_lift(visitor: Visitor, ids: Path<(String, String)>, form: Form<LiftForm>) -> Answer {
    let (id, other) = ids.into_inner();
    let (id, other) = (PersonId(id), PersonId(other));
    match visitor.people().conflict_lift(&id, &other, form.0.reason).await {
        Ok(()) => Ok(see_other(&urls::person(id.as_str()))),
        Err(error) => {
            let problems = unaccepted(error, visitor.shell.words, &CONFLICT_PLACES)?.problems;
            let typed = Some((String::new(), String::new(), problems));
            again(visitor, &id, Refused { conflicts: typed, ..Refused::default() }).await
        }
    }
}
