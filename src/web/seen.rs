//! What somebody has seen already, noted in a cookie: on this device, for this person, up to an instant. It serves to
//! point out what is new and nothing depends on it.

use actix_web::{HttpRequest, HttpResponse};

use super::Web;
use super::error::AppError;
use super::session::lasting_cookie;
use crate::domain::hex::hex;
use crate::domain::ids::PersonId;
use crate::domain::timing::Instant;
use sha2::{Digest, Sha256};

/// A stable name for a person that tells nothing: what keeps people on one device apart.
pub fn scope(person: &PersonId) -> String {
    hex(&Sha256::digest(person.as_str().as_bytes())[..8])
}

/// A list whose newest entries are pointed out.
#[derive(Debug, Clone, Copy)]
pub struct Seen(&'static str);

/// The inbox.
pub const INBOX: Seen = Seen("evenhand_seen_inbox");
/// The results.
pub const RESULTS: Seen = Seen("evenhand_seen_results");

impl Seen {
    /// Up to when this person has seen the list here; the beginning of time when never.
    pub fn until(self, request: &HttpRequest, person: &PersonId) -> Instant {
        let noted = request.cookie(self.0).and_then(|cookie| {
            let (whose, at) = cookie.value().split_once('.')?;
            (whose == scope(person)).then(|| at.parse().ok())?
        });
        Instant(noted.unwrap_or(0))
    }

    /// Notes that this person has seen the list at `now`.
    ///
    /// # Errors
    /// [`AppError::NoRoute`] should the cookie not fit into a header.
    pub fn note(self, response: &mut HttpResponse, web: &Web, person: &PersonId, now: Instant) -> Result<(), AppError> {
        let cookie = lasting_cookie(web, self.0, format!("{}.{}", scope(person), now.0));
        response.add_cookie(&cookie).map_err(|_| AppError::NoRoute)
    }
}
