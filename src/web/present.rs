//! What goes around every answer: the headers that keep browsers strict, and errors shown to people as pages.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use evenhand_templates::public::{Problem, ProblemView, problem};

use super::body::note_retry;
use super::error::{AppError, STORAGE_RETRY_SECONDS};
use super::visitor::{see_other, stranger};
use crate::domain::refusal::Refusal;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Takes note of retry keys on the way in; on the way out shows errors of pages as pages, and adds the headers.
///
/// # Errors
/// What the service ends with.
pub async fn present<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<actix_web::body::BoxBody>, Error> {
    let is_page = !["/api/", "/healthz", "/readyz", "/metrics"].iter().any(|p| request.path().starts_with(p));
    let noted = if holds_nul(&request) { Err(AppError::NoRoute) } else { note_retry(&mut request).await };
    if let Err(error) = noted {
        let mut response = request.error_response(error);
        harden(response.headers_mut());
        return Ok(response);
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if is_page && let Some(shown) = error_page(&response) {
        let (request, _) = response.into_parts();
        response = ServiceResponse::new(request, shown);
    }
    harden(response.headers_mut());
    Ok(response)
}

/// Whether path or query hold the character NUL, which is in no name of ours and which no database server takes.
fn holds_nul(request: &ServiceRequest) -> bool {
    request.path().contains("%00") || request.path().contains('\0') || request.query_string().contains("%00")
}

fn harden(headers: &mut HeaderMap) {
    let fixed = [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The page for an error; a redirect to the door for a page that needs somebody signed in.
fn error_page(response: &ServiceResponse) -> Option<HttpResponse> {
    let error = response.response().error()?.as_error::<AppError>()?;
    let request = response.request();
    if matches!(error, AppError::Refused(Refusal::NotSignedIn)) && *request.method() == Method::GET {
        let back = request.uri().path();
        let query = serde_urlencoded::to_string([("back", back)]).unwrap_or_default();
        return Some(see_other(&format!("{}?{query}", evenhand_templates::urls::SIGN_IN)));
    }
    let fault_id = if let AppError::Broke(id) | AppError::NoStorage(id) = error { Some(id.clone()) } else { None };
    let view = ProblemView { problem: problem_of(error), fault_id, contact: None, next: None };
    let markup = problem(&stranger(request), &view);
    let mut shown = HttpResponse::build(response.status());
    Some(shown.content_type("text/html; charset=utf-8").body(markup.into_string()))
}

fn problem_of(error: &AppError) -> Problem {
    match error {
        AppError::Broke(_) => Problem::Fault,
        AppError::NoStorage(_) => Problem::Busy { seconds: STORAGE_RETRY_SECONDS },
        AppError::NoRoute => Problem::NotFound,
        AppError::Malformed(_)
        | AppError::MediaType(_)
        | AppError::TooLarge(_)
        | AppError::TooSlow
        | AppError::NoMethod => Problem::BadRequest,
        AppError::Refused(refusal) => match refusal {
            Refusal::NotFound => Problem::NotFound,
            Refusal::NotSignedIn => Problem::SignedOut,
            Refusal::RoleRequired => Problem::NotAllowed,
            Refusal::InvitationGone => Problem::InvitationGone,
            Refusal::OriginRefused => Problem::ForeignOrigin,
            Refusal::AgreementRequired => Problem::AgreementRequired,
            Refusal::PartNotReady => Problem::PartNotReady,
            Refusal::PartClosed { .. } => Problem::PartClosed,
            Refusal::TooLate => Problem::TooLate,
            Refusal::SittingNotOpen => Problem::SittingNotOpen,
            Refusal::NotAdmitted => Problem::NotAdmitted,
            Refusal::Busy => Problem::Busy { seconds: 1 },
            Refusal::TooManyAttempts { retry_after_seconds } => Problem::Busy { seconds: *retry_after_seconds },
            other => Problem::Stated { detail: stated(other) },
        },
    }
}

/// The sentence of a refusal with its particulars.
pub fn stated(refusal: &Refusal) -> String {
    let particulars: Vec<String> = match refusal {
        Refusal::ReleaseBlocked(checks) => checks.iter().filter(|c| !c.holds).map(|c| c.detail.clone()).collect(),
        other => {
            other.problems().iter().map(|p| format!("{}: {}", p.pointer.trim_start_matches('/'), p.detail)).collect()
        }
    };
    if particulars.is_empty() {
        refusal.sentence()
    } else {
        format!("{} {}", refusal.sentence(), particulars.join("; "))
    }
}
