//! Safe Exam Browser: the configuration of a sitting, what pages prove by their script, and exemptions.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

use super::Answer;
use crate::desk::examinee::Examinee;
use crate::desk::proctor::Proctor;
use crate::desk::safe_browser::ProvingPage;
use crate::domain::ids::{AttemptId, RegistrationId, SittingId};
use crate::domain::refusal::Refusal;
use crate::domain::safe_browser::{MAX_URL_BYTES, Shown};
use crate::web::Web;
use crate::web::body::{MaybeSent, Sent};

/// What a page's script learned from the browser: the page's address, and the keys' hashes over it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofBody {
    url: String,
    config_key_hash: Option<String>,
    exam_key_hash: Option<String>,
}

/// Why a seat is exempt.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionBody {
    reason: String,
}

/// The page of ours at that address.
fn page_at(origin: &str, url: &str) -> Option<ProvingPage> {
    if url.len() > MAX_URL_BYTES {
        return None;
    }
    let path = url.strip_prefix(origin)?.strip_prefix('/')?;
    let path = path.split(['?', '#']).next()?;
    match path.split_once('/')? {
        ("exams", id) => Some(ProvingPage::Exam(RegistrationId(id.to_owned()))),
        ("attempts", id) => Some(ProvingPage::Room(AttemptId(id.to_owned()))),
        _ => None,
    }
}

/// `POST /registrations/{id}/safe-exam-browser`
pub async fn prove(
    me: Examinee,
    web: Data<Web>,
    id: Path<String>,
    by_headers: Shown,
    sent: MaybeSent<ProofBody>,
) -> Answer {
    let by_headers = Shown { by_page: true, ..by_headers };
    let (page, shown) = match sent.0 {
        None => (None, vec![by_headers]),
        Some(body) => {
            let page =
                page_at(&web.origin, &body.url).ok_or_else(|| Refusal::invalid("/url", "a page of this exam"))?;
            let by_script = Shown {
                url: body.url,
                config_hash: body.config_key_hash,
                exam_hash: body.exam_key_hash,
                by_page: true,
            };
            (Some(page), vec![by_script, by_headers])
        }
    };
    Ok(HttpResponse::Ok().json(me.browser_prove(&RegistrationId(id.into_inner()), page, shown).await?))
}

/// `PUT /registrations/{id}/safe-exam-browser/exemption`
pub async fn exempt(desk: Proctor, id: Path<String>, sent: Sent<ExemptionBody>) -> Answer {
    desk.browser_exempt(&RegistrationId(id.into_inner()), Some(sent.0.reason)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `DELETE /registrations/{id}/safe-exam-browser/exemption`
pub async fn exempt_end(desk: Proctor, id: Path<String>) -> Answer {
    desk.browser_exempt(&RegistrationId(id.into_inner()), None).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /sittings/{id}/safe-exam-browser.seb`
pub async fn file(me: Examinee, id: Path<String>) -> Answer {
    let id = SittingId(id.into_inner());
    let file = me.browser_file(&id).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/seb")
        .insert_header(("content-disposition", format!("attachment; filename=\"exam-{id}.seb\"")))
        .body(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_for_a_page_of_ours() {
        let exam = |id: &str| Some(ProvingPage::Exam(RegistrationId(id.into())));
        let room = |id: &str| Some(ProvingPage::Room(AttemptId(id.into())));
        let long = format!("https://exam.example.org/exams/{}", "r".repeat(MAX_URL_BYTES));
        let cases = [
            ("https://exam.example.org/exams/r-1", exam("r-1")),
            ("https://exam.example.org/exams/r-1?done=x#now", exam("r-1")),
            ("https://exam.example.org/attempts/a-1", room("a-1")),
            ("https://exam.example.org/exams", None),
            ("https://exam.example.org/inbox/r-1", None),
            ("https://exam.example.org.evil.example/exams/r-1", None),
            ("http://exam.example.org/exams/r-1", None),
            ("/exams/r-1", None),
            (long.as_str(), None),
        ];
        for (url, expected) in cases {
            assert_eq!(page_at("https://exam.example.org", url), expected, "{url}");
        }
    }
}
