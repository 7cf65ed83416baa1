//! Safe Exam Browser's own ways in and out, and exemptions from the board.

use actix_web::web::Path;
use evenhand_templates::staff::Done;
use evenhand_templates::urls;
use serde::Deserialize;

use super::proctor::above;
use crate::domain::ids::{RegistrationId, SittingId};
use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::pages::forms::{Place, place, unaccepted};
use crate::web::visitor::{Visitor, see_other};

const REASON: Place = place("/reason", "", "board-credit-reason");

/// Why a seat is exempt; nothing where its exemption ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionForm {
    reason: Option<String>,
}

/// `GET /safe-exam-browser/{sitting}`: where a sitting's configuration begins, which is the same for everybody; from there
/// each goes to their own exam.
pub async fn enter(visitor: Visitor, id: Path<String>) -> Answer {
    let seat = visitor.examinee().seat_in(&SittingId(id.into_inner())).await?;
    Ok(see_other(&urls::exam(seat.as_str())))
}

/// `GET /safe-exam-browser/{sitting}/end`: the address on which Safe Exam Browser ends instead of asking for it. Another
/// browser goes on to the exams.
pub async fn leave(_: Visitor, _: Path<String>) -> Answer {
    Ok(see_other(urls::EXAMS))
}

/// `POST /registrations/{registration}/safe-exam-browser`
pub async fn exempt(visitor: Visitor, id: Path<String>, form: Form<ExemptionForm>) -> Answer {
    let id = RegistrationId(id.into_inner());
    let desk = visitor.proctor();
    let sitting = desk.sitting_of_seat(&id).await?;
    let done = if form.0.reason.is_some() { Done::BrowserExempted } else { Done::BrowserAskedAgain };
    match desk.browser_exempt(&id, form.0.reason).await {
        Ok(()) => Ok(see_other(&done.after(&urls::board(sitting.as_str())))),
        Err(error) => {
            let refused = unaccepted(error, visitor.shell.words, &[REASON])?;
            above(visitor, &sitting, refused).await
        }
    }
}
