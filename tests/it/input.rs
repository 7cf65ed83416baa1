//! What does not fit is refused by name, and leaves everything as it was.

use actix_web::http::Method;
use evenhand::domain::timing::Instant;
use serde_json::{Value, json};

use crate::app::{BEGINNING, TestApp, on_both};
use crate::build::{Seat, Stage};
use crate::coordinator::new_sitting;

on_both!(what_does_not_fit_changes_nothing);

/// One body that does not fit: method, path, body, and the pointers that must be named.
type Wrong = (Method, String, Value, Vec<&'static str>);

fn wrong_bodies(stage: &Stage, seat: &Seat) -> Vec<Wrong> {
    let sitting = |field: &str, value: Value| {
        let mut body = new_sitting(stage);
        body[field] = value;
        body
    };
    let post =
        |path: &str, body: Value, pointers: &[&'static str]| (Method::POST, path.to_owned(), body, pointers.to_vec());
    let patch = |body: Value, pointers: &[&'static str]| (Method::PATCH, stage.path(""), body, pointers.to_vec());
    let arrange = |body: Value, pointers: &[&'static str]| {
        (Method::PUT, format!("/people/{}/accommodations", seat.user.id), body, pointers.to_vec())
    };
    let long = "x".repeat(20_000);
    let role = json!([{ "role": "examinee", "association": stage.here }]);
    vec![
        post("/sittings", json!({}), &[""]),
        post("/sittings", json!([]), &[""]),
        post("/sittings", json!("x"), &[""]),
        post("/sittings", sitting("title", json!(1)), &["/title"]),
        post("/sittings", sitting("title", json!(long)), &["/title"]),
        post("/sittings", sitting("kind", json!("open")), &["/kind"]),
        post("/sittings", sitting("capacity", json!(1.5)), &["/capacity"]),
        post("/sittings", sitting("capacity", json!(0)), &["/capacity"]),
        post("/sittings", sitting("opens_at", json!("tomorrow")), &["/opens_at"]),
        post("/sittings", sitting("closes_at", json!("2027-02-30T00:00:00Z")), &["/closes_at"]),
        post("/sittings", sitting("closes_at", json!("2027-09-10T13:00:00Z")), &["/closes_at"]),
        post("/sittings", sitting("time_zone", json!("Mars/Base")), &["/time_zone"]),
        post("/sittings", sitting("colour", json!("red")), &["/colour"]),
        post("/sittings", sitting("parts", json!({ "one": { "items": "60" } })), &["/parts/one/items"]),
        post("/sittings", sitting("parts", json!({ "two": { "answer": 3 } })), &["/parts/two/answer"]),
        post("/sittings", sitting("parts", json!({ "three": {} })), &["/parts/three"]),
        patch(json!({ "capacity": null, "title": "\u{0}" }), &["/title"]),
        patch(json!({ "parts": { "one": { "allowance_seconds": 43_201 } } }), &["/parts/one/allowance_seconds"]),
        patch(json!({ "association": stage.there }), &["/association"]),
        post("/people", json!({ "name": long, "email": "x@example.org", "roles": role }), &["/name"]),
        post("/people", json!({ "name": "x", "email": format!("{long}@example.org"), "roles": role }), &["/email"]),
        post(
            "/people",
            json!({ "name": "x", "email": "x@example.org", "roles": role, "employer": long }),
            &["/employer"],
        ),
        post("/people", json!({ "name": "x", "email": "x@example.org", "roles": role, "locale": "fr" }), &["/locale"]),
        post("/people", json!({ "name": "x", "email": "x@example.org", "roles": "examinee" }), &["/roles"]),
        post(
            "/people",
            json!({ "name": "x", "email": "x@example.org", "roles": [{ "role": "king" }] }),
            &["/roles/0/role"],
        ),
        post(
            "/people",
            json!({ "name": "x", "email": "x@example.org", "roles": role, "password": "x" }),
            &["/password"],
        ),
        arrange(json!({ "approved_note": "" }), &["/approved_note"]),
        arrange(json!({ "approved_note": long }), &["/approved_note"]),
        arrange(json!({ "approved_note": "x", "time_multiplier_percent": 99 }), &["/time_multiplier_percent"]),
        arrange(
            json!({ "approved_note": "x", "extra_seconds": { "one": -1, "two": 14_401 } }),
            &["/extra_seconds/one", "/extra_seconds/two"],
        ),
        arrange(json!({ "approved_note": "x", "expires_on": "soon" }), &["/expires_on"]),
        post(&stage.path("/registrations"), json!({ "person": seat.user.id, "track": "IMH-E" }), &[""]),
        post(
            &stage.path("/registrations"),
            json!({ "person": 7, "track": "IMH-E", "category": "specialist" }),
            &["/person"],
        ),
        post(
            &stage.path("/registrations"),
            json!({ "person": "x", "track": "imh", "category": "specialist" }),
            &["/track"],
        ),
        post(&stage.path("/incidents"), json!({ "kind": "weather", "note": "x" }), &["/kind"]),
        post(&stage.path("/incidents"), json!({ "kind": "other", "note": long }), &["/note"]),
        post(&stage.path("/releases"), json!({ "registrations": "all" }), &["/registrations"]),
        post(&stage.path("/releases"), json!({ "registrations": ["unknown"] }), &["/registrations/0"]),
        post(&stage.path("/releases"), json!({ "registration": [] }), &["/registration"]),
        post(
            &format!("/registrations/{}/admission", seat.registration),
            json!({ "late_reason": " " }),
            &["/late_reason"],
        ),
        post(
            &format!("/registrations/{}/admission", seat.registration),
            json!({ "late_reason": long }),
            &["/late_reason"],
        ),
    ]
}

async fn what_does_not_fit_changes_nothing(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let who = &stage.coordinator;
    let state = async || {
        let mut seen = vec![
            app.get(who, "/people").await,
            app.get(who, "/sittings").await,
            app.get(who, &stage.path("/registrations")).await,
        ];
        seen.push(app.get(who, &format!("/people/{}", seat.user.id)).await);
        (app.audit_head().await, seen)
    };
    let before = state().await;
    for (method, path, body, pointers) in wrong_bodies(&stage, &seat) {
        let reply = app.send(who, method, &path, body.clone()).await;
        assert_eq!(reply.pointers("invalid"), pointers, "{path} {body}");
        assert_eq!(state().await, before, "{path} {body}");
    }
    let unsafe_paths =
        ["/sittings", "/people", &stage.path("/registrations"), &stage.path("/credit"), &stage.path("/releases")];
    for path in unsafe_paths {
        for body in ["{", "[", "\u{1f476}", "nul", "\u{feff}{}", "{'title':1}"] {
            let request = TestApp::request(who, Method::POST, &format!("/api/v1{path}"));
            let request = request.insert_header(("content-type", "application/json")).set_payload(body);
            let reply = app.call(request).await;
            reply.problem(400, "malformed");
            assert_eq!(state().await, before, "{path} {body}");
        }
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let request = TestApp::request(who, Method::POST, "/api/v1/people");
    let request = request.insert_header(("content-type", "application/json")).set_payload(deep);
    assert!((400..500).contains(&app.call(request).await.status));
    assert_eq!(state().await, before);
    assert_eq!(app.now(), Instant::parse(BEGINNING).unwrap());
}
