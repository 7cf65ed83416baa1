//! Every route on one screen. What is public says so; everything else takes an actor as its first argument.

use actix_web::web::{ServiceConfig, delete, get, patch, post, put, resource, scope, to};
use actix_web::{HttpRequest, HttpResponse};

use evenhand_templates::urls;

use super::api::{
    self, accommodations, agreement, appeals, calibration, checks, corrections, events, evidence, examinee, live,
    operations, people, profiles, receipts, reviews, safe_browser, screening, session, setup, sittings, waiting,
};
use super::error::AppError;
use super::pages::coordinator::corrections as corrections_page;
use super::pages::coordinator::{audit, desk, late, marking, policies, release, screening as screening_pages};
use super::pages::people::{import, reviewing};
use super::pages::{self, docs, invitation, proctor, public};

/// Routes that need no actor, as method and pattern; the rights grid checks that there are no others.
pub const PUBLIC: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/api/v1/time"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/docs"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/invitations/{token}"),
    ("GET", "/api/v1/receipts/keys"),
    ("POST", "/api/v1/receipts/check"),
];

/// The same for pages.
pub const PUBLIC_PAGES: &[(&str, &str)] = &[
    ("GET", urls::HOME),
    ("GET", urls::SIGN_IN),
    ("POST", urls::SIGN_IN),
    ("POST", urls::LANGUAGE),
    ("GET", urls::ASSET),
    ("GET", urls::INVITATION),
    ("POST", urls::INVITATION),
    ("GET", urls::RECEIPTS),
    ("POST", urls::RECEIPTS),
    ("GET", urls::RECEIPT_FOUND),
];

/// For an address that there is not, and for one that does not take the method.
async fn nowhere(request: HttpRequest) -> Result<HttpResponse, AppError> {
    Err(if request.match_pattern().is_some() { AppError::NoMethod } else { AppError::NoRoute })
}

/// The pages.
#[rustfmt::skip]
pub fn pages(config: &mut ServiceConfig) {
    config
        .route(urls::HOME, get().to(public::home))
        .route(urls::SIGN_IN, get().to(public::sign_in))
        .route(urls::SIGN_IN, post().to(public::sign_in_post))
        .route(urls::SIGN_OUT, post().to(public::sign_out))
        .route(urls::LANGUAGE, post().to(public::language))
        .route(urls::ASSET, get().to(public::asset))
        .route(urls::INVITATION, get().to(invitation::show))
        .route(urls::INVITATION, post().to(invitation::accept))
        .route(urls::RECEIPTS, get().to(pages::receipts::show))
        .route(urls::RECEIPTS, post().to(pages::receipts::check))
        .route(urls::RECEIPT_FOUND, get().to(pages::receipts::find))

        .route(urls::EXAMS, get().to(pages::examinee::exams))
        .route(urls::EXAM, get().to(pages::examinee::exam))
        .route(urls::AGREEMENT, post().to(pages::examinee::agree))
        .route(urls::PART_START, post().to(pages::examinee::start))
        .route(urls::ATTEMPT, get().to(pages::examinee::attempt))
        .route(urls::SAFE_BROWSER_START, get().to(pages::safe_browser::enter))
        .route(urls::SAFE_BROWSER_END, get().to(pages::safe_browser::leave))
        .route(urls::OWN_ACCOMMODATIONS, get().to(pages::arrangements::own))
        .route(urls::OWN_ACCOMMODATIONS, post().to(pages::arrangements::ask))
        .route(urls::REQUEST_WITHDRAWAL, post().to(pages::arrangements::withdraw))
        .route(urls::ACQUAINTANCES, get().to(pages::acquaintances::show))
        .route(urls::ACQUAINTANCES, post().to(pages::acquaintances::change))
        .route(urls::PRACTICE, post().to(pages::practice::practise))
        .route(urls::SYSTEM_CHECK, get().to(pages::practice::overview))
        .route(urls::SYSTEM_CHECK, post().to(pages::practice::begin))
        .route(urls::SYSTEM_CHECK_RUN, get().to(pages::practice::run))
        .route(urls::RECEIPT_FILE, get().to(pages::receipts::file))
        .route(urls::RESULTS, get().to(pages::examinee::results))
        .route(urls::LETTER, get().to(pages::examinee::letter))
        .route(urls::OWN_APPEAL, get().to(pages::appeals::own))
        .route(urls::OWN_APPEAL, post().to(pages::appeals::make))
        .route(urls::APPEAL_WITHDRAWAL, post().to(pages::appeals::withdraw))
        .route(urls::INBOX, get().to(pages::examinee::inbox))

        .route(urls::MARKING, get().to(pages::reviewer::queue))
        // Before the pattern that takes any code in its place.
        .route(urls::OWN_AGREEMENT, get().to(pages::reviewer::standing))
        // Before the pattern that takes any code.
        .route(urls::OWN_CALIBRATION, get().to(pages::reviewer::calibration))
        .route(urls::REVIEWER_PROFILE, get().to(pages::reviewer::profile))
        .route(urls::REVIEWER_PROFILE, post().to(pages::reviewer::training))
        .route(urls::REVIEWER_ABSENCES, post().to(pages::reviewer::absence))
        .route(urls::REVIEWER_ACQUAINTANCES, post().to(pages::reviewer::acquaintance))
        .route(urls::REVIEW, get().to(pages::reviewer::review))
        .route(urls::REVIEW_CORRECTION, get().to(pages::reviewer::correction))
        .route(urls::REVIEW_CORRECTION, post().to(pages::reviewer::correct))

        .route(urls::DESK, get().to(desk::show))
        .route(urls::PEOPLE, get().to(pages::people::list))
        .route(urls::PEOPLE, post().to(pages::people::add))
        .route(urls::PERSON, get().to(pages::people::show))
        .route(urls::ACCOMMODATIONS, post().to(pages::people::accommodate))
        .route(urls::ACCOMMODATIONS_END, post().to(pages::arrangements::end))
        .route(urls::ACCOMMODATION_REQUEST, get().to(pages::arrangements::show))
        .route(urls::REQUEST_DECISION, post().to(pages::arrangements::decide))
        .route(urls::PERSON_RECORD, post().to(pages::people::record::change))
        .route(urls::PERSON_REVIEWER, post().to(reviewing::train))
        .route(urls::PERSON_ABSENCES, post().to(reviewing::absence))
        .route(urls::PERSON_CONFLICTS, post().to(reviewing::conflict_enter))
        .route(urls::PERSON_CONFLICT_LIFT, post().to(reviewing::conflict_lift))
        .route(urls::PERSON_INVITATION, post().to(pages::people::invite))
        .route(urls::AUTHORISATIONS_IMPORT, get().to(import::show))
        .route(urls::AUTHORISATIONS_IMPORT, post().to(import::send))
        .route(urls::ASSOCIATIONS, get().to(policies::list))
        .route(urls::POLICY, get().to(policies::show))
        .route(urls::POLICY, post().to(policies::set))
        .route(urls::SITTINGS, get().to(pages::coordinator::sittings::list))
        .route(urls::SITTINGS, post().to(pages::coordinator::sittings::add))
        // Before the pattern that takes any word in its place.
        .route(urls::SITTING_NEW, get().to(pages::coordinator::sittings::new))
        .route(urls::SITTING, get().to(pages::coordinator::sittings::show))
        .route(urls::SITTING, post().to(pages::coordinator::sittings::change))
        .route(urls::REGISTRATIONS, post().to(pages::coordinator::sittings::register))
        .route(urls::REGISTRATION_CANCELLATION, post().to(pages::coordinator::sittings::cancel))
        .route(urls::SITTING_MARKING, get().to(marking::show))
        .route(urls::SITTING_SCREENING, get().to(screening_pages::show))
        .route(urls::SCREENING, post().to(screening_pages::decide))
        .route(urls::SCRIPT_SCREENING, get().to(screening_pages::show_script))
        .route(urls::SCRIPT_SCREENING, post().to(screening_pages::mark))
        .route(urls::SITTING_AGREEMENT, get().to(pages::coordinator::agreement::of_sitting))
        .route(urls::ASSOCIATION_AGREEMENT, get().to(pages::coordinator::agreement::of_association))
        .route(urls::CALIBRATION, get().to(pages::coordinator::calibration::show))
        .route(urls::CALIBRATION, post().to(pages::coordinator::calibration::decide))
        .route(urls::DRIFT, get().to(pages::coordinator::calibration::drift))
        .route(urls::ALLOCATION, post().to(marking::allocate))
        .route(urls::REALLOCATION, post().to(marking::reallocate))
        .route(urls::APPEAL, get().to(pages::appeals::show))
        .route(urls::APPEAL_DECISION, post().to(pages::appeals::decide))
        .route(urls::SITTING_CORRECTIONS, get().to(corrections_page::show))
        .route(urls::CORRECTION_DECISION, post().to(corrections_page::decide))
        .route(urls::LATE, get().to(late::show))
        .route(urls::LATE_DECISION, post().to(late::decide))
        .route(urls::RELEASE_GATE, get().to(release::gate))
        .route(urls::RELEASES, post().to(release::prepare))
        .route(urls::RELEASE, get().to(release::show))
        .route(urls::RELEASE_APPROVAL, post().to(release::approve))
        .route(urls::RELEASE_RECALL, post().to(release::recall))
        .route(urls::AUDIT, get().to(audit::show))

        .route(urls::BOARD, get().to(proctor::show))
        .route(urls::SITTING_PAUSE, post().to(proctor::pause))
        .route(urls::SITTING_RESUME, post().to(proctor::resume))
        .route(urls::OUTAGE, post().to(proctor::outage_decide))
        .route(urls::ROOM_MESSAGES, post().to(proctor::message_send))
        .route(urls::ATTEMPT_CLOSING, post().to(proctor::attempt_close))
        .route(urls::SITTING_CREDIT, post().to(proctor::credit_all))
        .route(urls::ATTEMPT_CREDIT, post().to(proctor::credit_one))
        .route(urls::ADMISSION, post().to(proctor::admit))
        .route(urls::SAFE_BROWSER_EXEMPTION, post().to(pages::safe_browser::exempt))
        .route(urls::INCIDENTS, post().to(proctor::incident_add))
        .route(urls::INCIDENT_RESOLUTION, post().to(proctor::incident_resolve))
        .default_service(to(nowhere));
}

/// The programming interface.
#[rustfmt::skip]
pub fn api(config: &mut ServiceConfig) {
    config.service(scope("/api/v1")
        .route("/time", get().to(operations::time))
        .route("/openapi.json", get().to(operations::openapi))
        .route("/docs", get().to(docs::show))

        .route("/session", post().to(session::begin))
        .route("/session", get().to(session::show))
        .route("/session", delete().to(session::end))
        .route("/invitations/{token}", post().to(session::accept))

        .route("/registrations", get().to(examinee::registrations))
        .route("/registrations/{id}/agreement", post().to(examinee::agree))
        .route("/registrations/{id}/parts/{part}/start", post().to(examinee::start))
        .route("/accommodations", get().to(accommodations::own))
        .route("/accommodations/requests", post().to(accommodations::request))
        .route("/accommodations/requests/{id}", delete().to(accommodations::withdraw))
        .route("/attempts/{id}", get().to(examinee::paper))
        .route("/attempts/{id}/answers/{position}", put().to(examinee::save))
        .route("/attempts/{id}/answers", post().to(examinee::save_batch))
        .route("/attempts/{id}/screening", post().to(setup::screening))
        .route("/attempts/{id}/answers/{position}/history", get().to(setup::history))
        .route("/attempts/{id}/notes", get().to(setup::notes))
        .route("/attempts/{id}/notes", put().to(setup::notes_save))
        .route("/preferences", get().to(setup::preferences))
        .route("/preferences", put().to(setup::preferences_set))
        .route("/registrations/{id}/events", get().to(waiting::events))
        .route("/registrations/{id}/safe-exam-browser", post().to(safe_browser::prove))
        .route("/registrations/{id}/safe-exam-browser/exemption", put().to(safe_browser::exempt))
        .route("/registrations/{id}/safe-exam-browser/exemption", delete().to(safe_browser::exempt_end))
        .route("/sittings/{id}/safe-exam-browser.seb", get().to(safe_browser::file))
        .route("/attempts/{id}/late", get().to(evidence::own))
        .route("/attempts/{id}/clock", get().to(examinee::clock))
        .route("/attempts/{id}/openings", post().to(examinee::open))
        .route("/attempts/{id}/events", get().to(events::events))
        .route("/attempts/{id}/break", post().to(examinee::break_begin))
        .route("/attempts/{id}/break/end", post().to(examinee::break_end))
        .route("/attempts/{id}/messages", get().to(examinee::messages))
        .route("/attempts/{id}/submit", post().to(examinee::submit))
        .route("/results", get().to(examinee::results))
        .route("/registrations/{id}/appeal", post().to(appeals::make))
        .route("/appeals", get().to(appeals::own))
        .route("/appeals/{id}", delete().to(appeals::withdraw))
        .route("/appeals/{id}", get().to(appeals::show))
        .route("/appeals/{id}/decision", post().to(appeals::decide))
        .route("/sittings/{id}/appeals", get().to(appeals::list))
        .route("/practice", get().to(examinee::practices))
        .route("/practice", post().to(examinee::practise))
        .route("/practice/attempts/{id}/solution", get().to(examinee::solution))
        .route("/system-checks", get().to(checks::list))
        .route("/system-checks", post().to(checks::begin))
        .route("/system-checks/{id}/report", post().to(checks::report))

        .route("/receipts/keys", get().to(receipts::keys))
        .route("/receipts/check", post().to(receipts::check))

        .route("/reviews", get().to(reviews::queue))
        .route("/reviews/agreement", get().to(reviews::standing))
        .route("/reviews/{code}", get().to(reviews::show))
        .route("/reviews/{code}/draft", put().to(reviews::draft))
        .route("/reviews/{code}/seal", post().to(reviews::seal))
        .route("/reviews/{code}/corrections", post().to(reviews::correct))
        .route("/reviews/{code}/decline", post().to(reviews::decline))
        .route("/reviews/{code}/flags", post().to(reviews::flag))

        .route("/reviewer/profile", get().to(profiles::profile))
        .route("/reviewer/profile", put().to(profiles::profile_change))
        .route("/calibration", get().to(calibration::own))
        .route("/associations/{id}/calibration", get().to(calibration::of_association))
        .route("/associations/{id}/reviewers/{person}/admission", post().to(calibration::decide))
        .route("/associations/{id}/drift", get().to(calibration::drift))
        .route("/associations/{id}/drift.csv", get().to(calibration::drift_csv))
        .route("/acquaintances", get().to(profiles::acquaintances))
        .route("/acquaintances", put().to(profiles::acquaintances_change))

        .route("/people", get().to(people::list))
        .route("/people", post().to(people::add))
        .route("/people/{id}", get().to(people::show))
        .route("/people/{id}", patch().to(people::change))
        .route("/people/{id}/accommodations", put().to(accommodations::confirm))
        .route("/people/{id}/accommodations", delete().to(accommodations::end))
        .route("/accommodation-requests", get().to(accommodations::waiting))
        .route("/accommodation-requests/{id}", get().to(accommodations::show))
        .route("/accommodation-requests/{id}/decision", post().to(accommodations::decide))
        .route("/people/{id}/reviewer", put().to(profiles::reviewer_change))
        .route("/people/{id}/conflicts", get().to(profiles::conflicts))
        .route("/people/{id}/conflicts", post().to(profiles::conflict_enter))
        .route("/people/{id}/conflicts/{other}/lift", post().to(profiles::conflict_lift))
        .route("/authorisations/import", post().to(people::import))

        .route("/associations", get().to(api::policies::list))
        .route("/associations/{id}/policy", get().to(api::policies::show))
        .route("/associations/{id}/policy", put().to(api::policies::set))

        .route("/sittings", get().to(sittings::list))
        .route("/sittings", post().to(sittings::add))
        .route("/sittings/{id}", get().to(sittings::show))
        .route("/sittings/{id}", patch().to(sittings::change))
        .route("/sittings/{id}/registrations", get().to(sittings::registrations))
        .route("/sittings/{id}/registrations", post().to(sittings::register))
        .route("/registrations/{id}", delete().to(sittings::cancel))
        .route("/registrations/{id}/admission", post().to(sittings::admit))
        .route("/sittings/{id}/board", get().to(sittings::board))
        .route("/sittings/{id}/pause", post().to(sittings::pause))
        .route("/sittings/{id}/resume", post().to(sittings::resume))
        .route("/sittings/{id}/credit", post().to(sittings::credit_all))
        .route("/sittings/{id}/board/events", get().to(live::board_events))
        .route("/sittings/{id}/messages", get().to(sittings::messages))
        .route("/sittings/{id}/messages", post().to(sittings::message_send))
        .route("/attempts/{id}/close", post().to(sittings::attempt_close))
        .route("/sittings/{id}/outages", get().to(sittings::outages))
        .route("/sittings/{id}/outages/{outage}", post().to(sittings::outage_decide))
        .route("/sittings/{id}/incidents", get().to(sittings::incidents))
        .route("/attempts/{id}/credit", post().to(sittings::credit_one))
        .route("/sittings/{id}/incidents", post().to(sittings::incident_add))
        .route("/sittings/{id}/incidents/{incident}/resolution", post().to(sittings::incident_resolve))

        .route("/sittings/{id}/screening", get().to(screening::list))
        .route("/sittings/{id}/screening", post().to(screening::mark))
        .route("/screening/{id}", post().to(screening::decide))
        .route("/sittings/{id}/late", get().to(evidence::list))
        .route("/attempts/{id}/late/decision", post().to(evidence::decide))

        .route("/sittings/{id}/allocation", post().to(sittings::allocate))
        .route("/sittings/{id}/workload", get().to(profiles::workload))
        .route("/sittings/{id}/reallocation", post().to(profiles::reallocate))
        .route("/sittings/{id}/marking", get().to(sittings::marking))
        .route("/sittings/{id}/corrections", get().to(corrections::list))
        .route("/corrections/{id}/decision", post().to(corrections::decide))
        .route("/sittings/{id}/agreement", get().to(agreement::of_sitting))
        .route("/sittings/{id}/agreement.csv", get().to(agreement::of_sitting_csv))
        .route("/associations/{id}/agreement", get().to(agreement::of_association))
        .route("/associations/{id}/agreement.csv", get().to(agreement::of_association_csv))
        .route("/sittings/{id}/releases", post().to(sittings::release_prepare))
        .route("/releases/{id}", get().to(sittings::release_show))
        .route("/releases/{id}/approval", post().to(sittings::release_approve))
        .route("/releases/{id}/recall", post().to(sittings::release_recall))
        .route("/audit", get().to(sittings::audit))
        .default_service(to(nowhere))
    );
    config.service(resource("/healthz").route(get().to(operations::alive)));
    config.service(resource("/readyz").route(get().to(operations::ready)));
    config.service(resource("/metrics").route(get().to(operations::metrics)));
}
