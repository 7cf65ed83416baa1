//! An invitation: whom it is for, and the choice of a password, which also signs in.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use evenhand_templates::page::Shell;
use evenhand_templates::public::{InvitationView, PasswordProblem, invitation};
use serde::Deserialize;

use crate::desk::door::{self, Invited, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Authority;
use crate::store::Error;
use crate::web::Web;
use crate::web::api::Answer;
use crate::web::api::session::session_seconds;
use crate::web::body::Form;
use crate::web::error::AppError;
use crate::web::session::{cookie, require_same_origin};
use crate::web::visitor::{front_page, page, page_refused, see_other, stranger};

/// The choice of a password. The address comes along for password managers and decides nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    #[serde(rename = "email")]
    _email: Option<String>,
    password: String,
    password_again: String,
}

/// `GET /invitations/{token}`
pub async fn show(web: Data<Web>, request: HttpRequest, token: Path<String>) -> Answer {
    let invited = door::invitation(&web.office, web.world.clock.now(), &token).await?;
    let shell = stranger(&request);
    Ok(page(invitation(&shell, &view(&shell, token.into_inner(), invited, &[]))))
}

/// `POST /invitations/{token}`
pub async fn accept(web: Data<Web>, request: HttpRequest, token: Path<String>, form: Form<PasswordForm>) -> Answer {
    require_same_origin(&web, &request)?;
    let (now, shell, token) = (web.world.clock.now(), stranger(&request), token.into_inner());
    let PasswordForm { password, password_again, .. } = form.0;
    let invited = door::invitation(&web.office, now, &token).await?;
    let refused = |problem| Ok(page_refused(invitation(&shell, &view(&shell, token.clone(), invited, &[problem]))));
    if password != password_again {
        return refused(PasswordProblem::Differs);
    }
    match door::invitation_accept(&web.office, now, session_seconds(&web), &token, &password).await {
        Ok(signed_in) => {
            let authority = Authority { person: signed_in.person.clone(), roles: signed_in.roles.clone() };
            let mut response = see_other(front_page(&authority));
            let session = cookie(&web, web.tokens.issue(&signed_in, now)?, signed_in.expires_at, now);
            response.add_cookie(&session).map_err(|_| AppError::NoRoute)?;
            Ok(response)
        }
        Err(Error::Refused(Refusal::Invalid(_))) if password.len() > MAX_PASSWORD_BYTES => {
            refused(PasswordProblem::Long)
        }
        Err(Error::Refused(Refusal::Invalid(_))) => refused(PasswordProblem::Short { minimum: minimum() }),
        Err(other) => Err(other.into()),
    }
}

fn minimum() -> i64 {
    i64::try_from(MIN_PASSWORD_CHARS).unwrap_or(i64::MAX)
}

fn view(shell: &Shell, token: String, invited: Invited, problems: &[PasswordProblem]) -> InvitationView {
    InvitationView {
        token,
        name: invited.person.name,
        email: invited.person.email,
        association: invited.association,
        expires_at: invited.expires_at.utc(),
        minimum_length: minimum(),
        errors: problems.iter().map(|problem| problem.error(shell.words)).collect(),
    }
}
