//! Signing in and out.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Answer;
use crate::desk::door::{self, SignedIn};
use crate::desk::examinee::Examinee;
use crate::domain::ids::AssociationId;
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Role;
use crate::web::Web;
use crate::web::actor::Caller;
use crate::web::body::Sent;
use crate::web::session::{cookie, cookie_gone, require_same_origin};

/// What one signs in with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
    /// One-time codes are read and, as no account asks for one yet, not needed.
    #[serde(rename = "code")]
    _code: Option<String>,
}

/// The password chosen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    password: String,
}

#[derive(Serialize)]
struct RoleView<'r> {
    role: Role,
    association: &'r AssociationId,
}

fn roles(roles: &[(Role, AssociationId)]) -> Vec<RoleView<'_>> {
    roles.iter().map(|(role, association)| RoleView { role: *role, association }).collect()
}

/// How long a session lasts.
pub(in crate::web) fn session_seconds(web: &Web) -> i64 {
    web.config.session.token_minutes * 60
}

/// The network address a request comes from, for counting failures alone.
pub(in crate::web) fn address(request: &HttpRequest) -> String {
    request.peer_addr().map(|a| a.ip().to_string()).unwrap_or_default()
}

fn begun(web: &Web, signed_in: &SignedIn, now: Instant) -> Answer {
    let token = web.tokens.issue(signed_in, now)?;
    let body = json!({
        "token": token,
        "expires_at": signed_in.expires_at.rfc3339(),
        "person": { "id": signed_in.person, "name": signed_in.name },
        "roles": roles(&signed_in.roles),
    });
    Ok(HttpResponse::Ok().cookie(cookie(web, token, signed_in.expires_at, now)).json(body))
}

/// A browser that sends its origin must be on this site; a program sends none.
fn refuse_foreign_pages(web: &Web, request: &HttpRequest) -> Result<(), crate::web::error::AppError> {
    let from_browser = ["sec-fetch-site", "origin"].iter().any(|h| request.headers().contains_key(*h));
    if from_browser { Ok(require_same_origin(web, request)?) } else { Ok(()) }
}

/// `POST /session`
pub async fn begin(web: Data<Web>, request: HttpRequest, sent: Sent<Credentials>) -> Answer {
    refuse_foreign_pages(&web, &request)?;
    let now = web.world.clock.now();
    let Credentials { email, password, .. } = sent.0;
    let signed_in =
        door::sign_in(&web.office, now, session_seconds(&web), &address(&request), &email, &password).await?;
    begun(&web, &signed_in, now)
}

/// `GET /session`
pub async fn show(me: Examinee) -> Answer {
    let (person, authority) = me.me().await?;
    Ok(HttpResponse::Ok().json(json!({
        "person": { "id": person.id, "name": person.name, "email": person.email, "locale": person.locale },
        "roles": roles(&authority.roles),
    })))
}

/// `DELETE /session`
pub async fn end(caller: Caller, web: Data<Web>) -> Answer {
    door::sign_out(&web.office, caller.call.arrival, caller.bearer.session).await?;
    Ok(HttpResponse::NoContent().cookie(cookie_gone(&web)).finish())
}

/// `POST /invitations/{token}`
pub async fn accept(web: Data<Web>, request: HttpRequest, token: Path<String>, sent: Sent<NewPassword>) -> Answer {
    refuse_foreign_pages(&web, &request)?;
    let now = web.world.clock.now();
    let signed_in = door::invitation_accept(&web.office, now, session_seconds(&web), &token, &sent.0.password).await?;
    begun(&web, &signed_in, now)
}
