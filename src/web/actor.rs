//! Actors: who makes a request. Each extractor yields a desk, and nothing else in this crate hands one out.
//!
//! A call's arrival is stamped here, once, and every rule is judged by that stamp. That the session is alive and what
//! its person may do is looked up by the desk itself, in the transaction of the act.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web::Data};

use super::Web;
use super::body::RetryNote;
use super::error::AppError;
use super::session::{Bearer, bearer};
use crate::desk::coordinator::Coordinator;
use crate::desk::examinee::Examinee;
use crate::desk::people::People;
use crate::desk::proctor::Proctor;
use crate::desk::reviewer::Reviewer;
use crate::domain::refusal::Refusal;
use crate::store::{Call, Fault, RetryKey};

/// What all handlers share.
pub fn web(request: &HttpRequest) -> Result<&Data<Web>, AppError> {
    request.app_data::<Data<Web>>().ok_or_else(|| Fault::Outside("the application is not assembled".into()).into())
}

/// A token that was read, with the call it came with.
pub struct Caller {
    /// Who.
    pub bearer: Bearer,
    /// When, and under which retry key.
    pub call: Call,
}

/// Stamps a request's arrival and reads who sent it.
fn caller(web: &Web, request: &HttpRequest) -> Result<Caller, Refusal> {
    let arrival = web.world.clock.now();
    let bearer = bearer(web, request, arrival)?;
    let note = request.extensions().get::<RetryNote>().cloned();
    let retry = note.map(|n| RetryKey {
        person: bearer.person.clone(),
        session: bearer.session.clone(),
        key: n.key,
        request_digest: n.digest,
    });
    Ok(Caller { bearer, call: Call { arrival, retry } })
}

macro_rules! actors {
    ($($desk:ty),+) => {$(
        impl FromRequest for $desk {
            type Error = AppError;
            type Future = Ready<Result<Self, AppError>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(web(request).and_then(|web| {
                    let Caller { bearer, call } = caller(web, request)?;
                    Ok(Self::new(web.office.clone(), bearer.session, call))
                }))
            }
        }
    )+};
}

actors!(Examinee, Reviewer, Coordinator, Proctor, People);

impl FromRequest for Caller {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(web(request).and_then(|web| Ok(caller(web, request)?)))
    }
}
