//! Every route on one screen. What is public says so; everything else takes an actor as its first argument.

use actix_web::web::{ServiceConfig, delete, get, patch, post, put, resource, scope};

use evenhand_templates::urls;

use super::api::{examinee, operations, people, reviews, session, sittings};
use super::error::AppError;
use super::pages::{docs, public};

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
];

/// The pages.
#[rustfmt::skip]
pub fn pages(to: &mut ServiceConfig) {
    to
        .route(urls::HOME, get().to(public::home))
        .route(urls::SIGN_IN, get().to(public::sign_in))
        .route(urls::SIGN_IN, post().to(public::sign_in_post))
        .route(urls::SIGN_OUT, post().to(public::sign_out))
        .route(urls::LANGUAGE, post().to(public::language))
        .route(urls::ASSET, get().to(public::asset))
        .default_service(actix_web::web::to(async || -> Result<actix_web::HttpResponse, AppError> { Err(AppError::NoRoute) }));
}

/// The programming interface.
#[rustfmt::skip]
pub fn api(to: &mut ServiceConfig) {
    to.service(scope("/api/v1")
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
        .route("/attempts/{id}", get().to(examinee::paper))
        .route("/attempts/{id}/answers/{position}", put().to(examinee::save))
        .route("/attempts/{id}/answers", post().to(examinee::save_batch))
        .route("/attempts/{id}/clock", get().to(examinee::clock))
        .route("/attempts/{id}/events", get().to(examinee::events))
        .route("/attempts/{id}/submit", post().to(examinee::submit))
        .route("/results", get().to(examinee::results))

        .route("/reviews", get().to(reviews::queue))
        .route("/reviews/{code}", get().to(reviews::show))
        .route("/reviews/{code}/draft", put().to(reviews::draft))
        .route("/reviews/{code}/seal", post().to(reviews::seal))
        .route("/reviews/{code}/decline", post().to(reviews::decline))
        .route("/reviews/{code}/flags", post().to(reviews::flag))

        .route("/people", get().to(people::list))
        .route("/people", post().to(people::add))
        .route("/people/{id}", get().to(people::show))
        .route("/people/{id}/accommodations", put().to(people::accommodate))
        .route("/authorisations/import", post().to(people::import))

        .route("/sittings", get().to(sittings::list))
        .route("/sittings", post().to(sittings::add))
        .route("/sittings/{id}", get().to(sittings::show))
        .route("/sittings/{id}", patch().to(sittings::change))
        .route("/sittings/{id}/registrations", get().to(sittings::registrations))
        .route("/sittings/{id}/registrations", post().to(sittings::register))
        .route("/registrations/{id}", delete().to(sittings::cancel))
        .route("/registrations/{id}/admission", post().to(sittings::admit))
        .route("/sittings/{id}/board", get().to(sittings::board))
        .route("/sittings/{id}/credit", post().to(sittings::credit_all))
        .route("/attempts/{id}/credit", post().to(sittings::credit_one))
        .route("/sittings/{id}/incidents", post().to(sittings::incident_add))
        .route("/sittings/{id}/incidents/{incident}/resolution", post().to(sittings::incident_resolve))

        .route("/sittings/{id}/allocation", post().to(sittings::allocate))
        .route("/sittings/{id}/marking", get().to(sittings::marking))
        .route("/sittings/{id}/releases", post().to(sittings::release_prepare))
        .route("/releases/{id}", get().to(sittings::release_show))
        .route("/releases/{id}/approval", post().to(sittings::release_approve))
        .route("/releases/{id}/recall", post().to(sittings::release_recall))
        .route("/audit", get().to(sittings::audit))
        .default_service(actix_web::web::to(async || -> Result<actix_web::HttpResponse, AppError> { Err(AppError::NoRoute) }))
    );
    to.service(resource("/healthz").route(get().to(operations::alive)));
    to.service(resource("/readyz").route(get().to(operations::ready)));
    to.service(resource("/metrics").route(get().to(operations::metrics)));
}
