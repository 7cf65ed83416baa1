//! Errors at the edge, and their only mapping to a status and a problem document (RFC 9457).

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::domain::refusal::{FieldProblem, Refusal};
use crate::store::{Error, Fault};

/// When to try again what could not be stored, in seconds.
pub const STORAGE_RETRY_SECONDS: i64 = 3;

/// What a handler may end with instead of an answer.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A lawful no.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// An accident, known to the log by its id.
    #[error("fault {0}")]
    Broke(String),
    /// Nothing can be stored at the moment; the log knows why by this id.
    #[error("nothing can be stored: {0}")]
    NoStorage(String),
    /// The body is not of the form that the call takes at all.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The body is of the wrong media type; this one is taken.
    #[error("media type: {0} is taken")]
    MediaType(&'static str),
    /// The body is larger than the call takes, in bytes.
    #[error("at most {0} bytes")]
    TooLarge(usize),
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// There is no such address.
    #[error("no such address")]
    NoRoute,
    /// The address does not take this method.
    #[error("method not allowed")]
    NoMethod,
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for AppError {
    fn from(fault: Fault) -> Self {
        // The id is all that leaves the server; it only has to be told from others in the log.
        let mut bytes = [0_u8; 6];
        crate::world::Entropy::System.fill(&mut bytes);
        let id = crate::domain::hex::hex(&bytes);
        tracing::error!(fault = id, error = %fault, "a fault");
        match fault {
            Fault::Storage(_) | Fault::Connection(_) => Self::NoStorage(id),
            Fault::Database(_) | Fault::Stored(_) | Fault::File(_) | Fault::Outside(_) => Self::Broke(id),
        }
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Broke(fault) => fault.into(),
        }
    }
}

/// The status of a refusal.
fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotSignedIn | Refusal::SignInFailed | Refusal::SecondFactorRequired => StatusCode::UNAUTHORIZED,
        Refusal::TooManyAttempts { .. } | Refusal::TooManyMessages { .. } | Refusal::TooOften { .. } => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Refusal::InvitationGone => StatusCode::GONE,
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::RoleRequired
        | Refusal::OriginRefused
        | Refusal::SafeExamBrowserRequired
        | Refusal::SecondPersonRequired
        | Refusal::TookPartInReading
        | Refusal::TookPartInRelease
        | Refusal::TookPartInRoom
        | Refusal::OwnCase => StatusCode::FORBIDDEN,
        Refusal::AgreementRequired
        | Refusal::AgreementChanged
        | Refusal::PartNotReady
        | Refusal::TooLate
        | Refusal::SittingNotOpen
        | Refusal::NotAdmitted
        | Refusal::SittingPaused
        | Refusal::NotPaused
        | Refusal::BreakNotArranged
        | Refusal::BreakUsedUp
        | Refusal::PartClosed { .. }
        | Refusal::RequestWaiting
        | Refusal::RequestDecided
        | Refusal::AlreadySealed
        | Refusal::AppealClosed
        | Refusal::AppealExists
        | Refusal::AppealDecided
        | Refusal::NotSealed
        | Refusal::CorrectionWaiting
        | Refusal::ScriptAllocated
        | Refusal::NotAuthorised
        | Refusal::RetakeNotOpen { .. }
        | Refusal::SittingFull
        | Refusal::AlreadyRegistered
        | Refusal::EmailTaken
        | Refusal::SittingInUse
        | Refusal::FormNotPossible(_)
        | Refusal::ReleaseBlocked(_)
        | Refusal::ReleaseNotPending
        | Refusal::ResultsReleased
        | Refusal::ScriptHeld => StatusCode::CONFLICT,
        Refusal::NoSuchPosition
        | Refusal::NoSuchChoice
        | Refusal::ReviewIncomplete(_)
        | Refusal::Invalid(_)
        | Refusal::IdempotencyConflict => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::AnswerTooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A problem document.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// Identifies the kind of problem.
    pub r#type: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// This case in words.
    pub detail: String,
    /// The stable code of the interface.
    pub code: String,
    /// Which fields are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// Further facts of this kind of problem.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

impl Problem {
    fn new(status: StatusCode, code: &str, detail: String) -> Self {
        Self {
            r#type: format!("/api/v1/docs#problem-{code}"),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: status.as_u16(),
            detail,
            code: code.to_owned(),
            errors: Vec::new(),
            facts: Map::new(),
        }
    }

    fn fact(mut self, name: &str, value: Value) -> Self {
        self.facts.insert(name.to_owned(), value);
        self
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let mut problem = Self::new(status_of(refusal), refusal.code(), refusal.sentence());
        problem.errors = refusal.problems().to_vec();
        match refusal {
            Refusal::PartClosed { late } => problem.fact("late", json!(late)),
            Refusal::RetakeNotOpen { open_from } => problem.fact("open_from", json!(open_from)),
            Refusal::ReleaseBlocked(checks) => problem.fact("checks", json!(checks)),
            Refusal::AnswerTooLong { max_characters } => problem.fact("max_characters", json!(max_characters)),
            _ => problem,
        }
    }
}

impl AppError {
    /// The problem document that tells this error.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Refused(refusal) => refusal.into(),
            Self::Broke(id) => Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "fault",
                format!("Something broke on the server. What was acknowledged before is safe. Quote {id} when you ask about it."),
            )
            .fact("fault", json!(id)),
            Self::NoStorage(id) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "storage_unavailable",
                format!("Nothing can be stored just now, and nothing was changed. What was acknowledged before is safe. Try again shortly; quote {id} when you ask about it."),
            )
            .fact("fault", json!(id)),
            Self::Malformed(detail) => Problem::new(StatusCode::BAD_REQUEST, "malformed", detail.clone()),
            Self::MediaType(taken) => {
                Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", format!("This call takes {taken}."))
            }
            Self::TooLarge(most) => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", format!("The body may have at most {most} bytes."))
            }
            Self::TooSlow => {
                Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "The body did not arrive in time.".into())
            }
            Self::NoRoute => Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.".into()),
            Self::NoMethod => Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "This address does not take this method.".into(),
            ),
        }
    }

    fn retry_after_seconds(&self) -> Option<i64> {
        match self {
            Self::Refused(
                Refusal::TooManyAttempts { retry_after_seconds }
                | Refusal::TooManyMessages { retry_after_seconds }
                | Refusal::TooOften { retry_after_seconds },
            ) => Some(*retry_after_seconds),
            Self::Refused(Refusal::Busy) => Some(1),
            Self::NoStorage(_) => Some(STORAGE_RETRY_SECONDS),
            _ => None,
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        response.insert_header((CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds() {
            response.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        response.json(self.problem())
    }
}
