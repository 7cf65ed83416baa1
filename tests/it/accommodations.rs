//! Accommodations: asked for, decided, applied to every later sitting by themselves, and changed while an exam runs.

use actix_web::http::Method;
use evenhand::domain::vocabulary::Role;
use serde_json::{Value, json};

use crate::app::{Reply, TestApp, User, on_both};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;

on_both!(
    a_request_is_decided_by_a_named_coordinator,
    nobody_decides_on_their_own,
    a_request_is_taken_back,
    more_time_reaches_a_part_that_runs,
    less_time_takes_nothing_from_a_part_that_runs,
    an_arrangement_ends_with_its_last_day,
    requests_are_made_and_decided_on_pages,
);

async fn request(app: &TestApp, seat: &Seat, body: Value) -> String {
    let made = app.post(&seat.user, "/accommodations/requests", body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn confirm(app: &TestApp, stage: &Stage, seat: &Seat, body: Value) {
    app.put(&stage.coordinator, &format!("/people/{}/accommodations", seat.user.id), body).await.expect(200);
}

async fn page(app: &TestApp, who: &User, path: &str) -> String {
    let reply = app.call(TestApp::browse(who, Method::GET, path)).await;
    assert_eq!(reply.status, 200, "{path}");
    reply.text()
}

async fn submit(app: &TestApp, who: &User, path: &str, form: &'static str) -> Reply {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    app.call(TestApp::browse(who, Method::POST, path).insert_header(kind).set_payload(form)).await
}

async fn clock(app: &TestApp, seat: &Seat, attempt: &str) -> Value {
    app.get(&seat.user, &format!("/attempts/{attempt}/clock")).await.expect(200)
}

async fn a_request_is_decided_by_a_named_coordinator(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let wish = json!({ "time_multiplier_percent": 150, "spell_check": true, "statement": "I read slowly." });
    let id = request(app, &seat, wish.clone()).await;
    app.post(&seat.user, "/accommodations/requests", wish).await.problem(409, "request_waiting");
    // What somebody writes is their coordinators' to read, and nobody else's.
    let path = format!("/accommodation-requests/{id}");
    for (who, status, code) in [
        (&stage.foreign, 404, "not_found"),
        (&stage.proctor, 403, "role_required"),
        (&stage.administrator, 403, "role_required"),
        (&stage.auditor, 403, "role_required"),
        (&stage.reviewers[0], 403, "role_required"),
        (&seat.user, 403, "role_required"),
    ] {
        app.get(who, &path).await.problem(status, code);
    }
    let waiting = app.get(&stage.coordinator, "/accommodation-requests").await.expect(200);
    assert_eq!(
        (&waiting["items"][0]["statement"], &waiting["items"][0]["person"]["name"]),
        (&json!("I read slowly."), &json!("Ann Able"))
    );
    assert_eq!(app.get(&stage.foreign, "/accommodation-requests").await.expect(200)["items"], json!([]));

    let decision = format!("{path}/decision");
    let wordless = json!({ "decision": "approve", "note": " " });
    app.post(&stage.coordinator, &decision, wordless).await.problem(422, "invalid");
    let nothing = json!({ "decision": "approve", "note": "x", "time_multiplier_percent": 100, "spell_check": false });
    app.post(&stage.coordinator, &decision, nothing).await.problem(422, "invalid");
    let approval = json!({ "decision": "approve", "note": "A quarter more.", "time_multiplier_percent": 125, "expires_on": "2027-12-31" });
    let decided = app.post(&stage.coordinator, &decision, approval.clone()).await.expect(200);
    assert_eq!((&decided["state"], &decided["note"]), (&json!("approved"), &json!("A quarter more.")));
    app.post(&stage.second, &decision, approval).await.problem(409, "request_decided");

    let own = app.get(&seat.user, "/accommodations").await.expect(200);
    assert_eq!(
        (&own["confirmed"]["time_multiplier_percent"], &own["confirmed"]["spell_check"]),
        (&json!(125), &json!(true))
    );
    assert_eq!((&own["items"][0]["state"], &own["items"][0]["note"]), (&json!("approved"), &json!("A quarter more.")));
    assert!(!own.to_string().contains("Cora"), "the one who decided is on record, not on the examinee's page");
    let file = app.get(&stage.coordinator, &format!("/people/{}", seat.user.id)).await.expect(200);
    assert_eq!(file["accommodation"]["approved_by"]["name"], "Cora Here");
    // Before the day, on the page of the exam; and in a mail that tells nothing of what it is.
    let seats = app.get(&seat.user, "/registrations").await.expect(200);
    assert_eq!(seats["items"][0]["accommodation"]["time_multiplier_percent"], 125);
    app.clerk().await;
    let mail = app.mail_to(&seat.user.email);
    assert!(mail.iter().any(|mail| mail.contains("accommodations are confirmed")));
    assert!(!mail.iter().any(|mail| mail.contains("1.25") || mail.contains("quarter") || mail.contains("slowly")));
    // In this sitting and the next, by itself.
    assert_eq!(app.begin(&seat).await["terms"][1], json!({ "kind": "accommodation", "seconds": 1350 }));
}

async fn nobody_decides_on_their_own(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let (who, here) = (seat.user.id.clone(), stage.here.clone());
    app.write(move |tx| tx.role_grant(&who, Role::Coordinator, &here)).await;
    let id = request(app, &seat, json!({ "larger_type": true, "statement": "x" })).await;
    let approval = json!({ "decision": "approve", "note": "x" });
    let path = format!("/accommodation-requests/{id}/decision");
    app.post(&seat.user, &path, approval).await.problem(403, "second_person_required");
    let own = format!("/people/{}/accommodations", seat.user.id);
    app.put(&seat.user, &own, json!({ "approved_note": "x" })).await.problem(403, "second_person_required");
    app.delete(&seat.user, &own).await.problem(403, "second_person_required");
}

async fn a_request_is_taken_back(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let id = request(app, &seat, json!({ "larger_type": true, "statement": "x" })).await;
    let path = format!("/accommodations/requests/{id}");
    app.delete(&other.user, &path).await.problem(404, "not_found");
    app.delete(&seat.user, &path).await.expect(204);
    app.delete(&seat.user, &path).await.problem(409, "request_decided");
    let approval = json!({ "decision": "approve", "note": "x" });
    let decision = format!("/accommodation-requests/{id}/decision");
    app.post(&stage.coordinator, &decision, approval).await.problem(409, "request_decided");
    // The next one can be sent, and declined with a reason.
    let id = request(app, &seat, json!({ "statement": "Larger type, please." })).await;
    let decline = json!({ "decision": "decline", "note": "The room has it for everybody." });
    app.post(&stage.coordinator, &format!("/accommodation-requests/{id}/decision"), decline).await.expect(200);
    let own = app.get(&seat.user, "/accommodations").await.expect(200);
    let states: Vec<&str> = own["items"].as_array().unwrap().iter().map(|r| r["state"].as_str().unwrap()).collect();
    assert_eq!(own["confirmed"], Value::Null);
    assert!(states.contains(&"declined") && states.contains(&"withdrawn") && states.len() == 2, "{states:?}");
}

async fn more_time_reaches_a_part_that_runs(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let (attempt, foreign) = (attempt_of(&app.begin(&seat).await), attempt_of(&app.begin(&other).await));
    let before = clock(app, &other, &foreign).await["deadline"].clone();
    app.clock.advance_seconds(600);
    let id = request(app, &seat, json!({ "time_multiplier_percent": 150, "statement": "x" })).await;
    let approval = json!({ "decision": "approve", "note": "x" });
    app.post(&stage.coordinator, &format!("/accommodation-requests/{id}/decision"), approval).await.expect(200);
    let told = clock(app, &seat, &attempt).await;
    let terms = json!([{ "kind": "allowance", "seconds": 5400 }, { "kind": "accommodation", "seconds": 2700 }]);
    assert_eq!((&told["terms"], &told["deadline"]), (&terms, &json!("2027-03-12T17:15:00.000Z")));
    // More still: what was given counts, and credit is no part of it.
    let credit = json!({ "seconds": 300, "reason": "fire alarm" });
    app.post(&stage.proctor, &format!("/attempts/{attempt}/credit"), credit).await.expect(200);
    confirm(app, &stage, &seat, json!({ "time_multiplier_percent": 200, "approved_note": "x" })).await;
    let told = clock(app, &seat, &attempt).await;
    assert_eq!(told["terms"][3], json!({ "kind": "accommodation", "seconds": 2700 }));
    assert_eq!(told["deadline"], "2027-03-12T18:05:00.000Z");
    assert_eq!(clock(app, &other, &foreign).await["deadline"], before);
    // A part that is over is over.
    app.submit(&seat, &attempt).await;
    confirm(app, &stage, &seat, json!({ "time_multiplier_percent": 300, "approved_note": "x" })).await;
    let paper = app.get(&seat.user, &format!("/attempts/{attempt}")).await.expect(200);
    assert_eq!(paper["deadline"], "2027-03-12T18:05:00.000Z");
    assert_eq!(app.start(&seat, "two").await["terms"][1]["seconds"], 10_800);
}

async fn less_time_takes_nothing_from_a_part_that_runs(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    confirm(app, &stage, &seat, json!({ "time_multiplier_percent": 200, "approved_note": "x" })).await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let deadline = clock(app, &seat, &attempt).await["deadline"].clone();
    confirm(app, &stage, &seat, json!({ "time_multiplier_percent": 125, "approved_note": "x" })).await;
    assert_eq!(clock(app, &seat, &attempt).await["deadline"], deadline);
    let path = format!("/people/{}/accommodations", seat.user.id);
    app.delete(&stage.coordinator, &path).await.expect(204);
    app.delete(&stage.coordinator, &path).await.problem(404, "not_found");
    assert_eq!(clock(app, &seat, &attempt).await["deadline"], deadline);
    app.submit(&seat, &attempt).await;
    let two = app.start(&seat, "two").await;
    assert_eq!(two["terms"], json!([{ "kind": "allowance", "seconds": 5400 }]));
}

async fn an_arrangement_ends_with_its_last_day(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let until = |day: &str| json!({ "time_multiplier_percent": 150, "expires_on": day, "approved_note": "x" });
    for seat in [&ann, &ben] {
        confirm(app, &stage, seat, until("2027-03-12")).await;
    }
    // 23:30 where the sitting is: still the twelfth, although it is the thirteenth in UTC.
    app.clock.advance_seconds(13 * 3600 + 1800);
    assert_eq!(app.now().rfc3339(), "2027-03-13T04:30:00.000Z");
    let paper = app.begin(&ann).await;
    assert_eq!(paper["terms"][1]["seconds"], 2700);
    app.clock.advance_seconds(1800);
    // Whoever begins on the thirteenth has none; Part Two of who began on the twelfth has.
    let late = app.begin(&ben).await;
    assert_eq!(late["terms"], json!([{ "kind": "allowance", "seconds": 5400 }]));
    app.submit(&ann, &attempt_of(&paper)).await;
    assert_eq!(app.start(&ann, "two").await["terms"][1]["seconds"], 2700);
    // Nor does one that is over by then lengthen what runs.
    confirm(app, &stage, &ben, until("2027-03-12")).await;
    assert_eq!(clock(app, &ben, &attempt_of(&late)).await["terms"].as_array().unwrap().len(), 1);
    let misspelt = app
        .put(&stage.coordinator, &format!("/people/{}/accommodations", ben.user.id), until("tomorrow"))
        .await
        .problem(422, "invalid");
    assert_eq!(misspelt["errors"][0]["pointer"], "/expires_on");
}

async fn requests_are_made_and_decided_on_pages(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let refused = submit(app, &seat.user, "/accommodations", "time_multiplier_percent=150&statement=").await;
    assert_eq!(refused.status, 422);
    let sent = "time_multiplier_percent=150&extra_minutes_two=5&reader_layout=true&statement=%3Cb%3Eplease%3C%2Fb%3E";
    assert_eq!(submit(app, &seat.user, "/accommodations", sent).await.status, 303);
    let desk = page(app, &stage.coordinator, "/desk").await;
    assert!(desk.contains("A request for accommodations to decide") && desk.contains("Ann Able"));
    let address = desk.split("href=\"").find_map(|rest| {
        let address = rest.split('"').next()?;
        address.starts_with("/accommodation-requests/").then(|| address.to_owned())
    });
    let address = address.unwrap();
    let shown = page(app, &stage.coordinator, &address).await;
    assert!(shown.contains("&lt;b&gt;please&lt;/b&gt;") && shown.contains("Reader-friendly layout"));
    let decision = "time_multiplier_percent=150&extra_minutes_two=5&reader_layout=true&note=Fine.&decision=approve";
    assert_eq!(submit(app, &stage.coordinator, &format!("{address}/decision"), decision).await.status, 303);
    let own = page(app, &seat.user, "/accommodations").await;
    assert!(own.contains("Confirmed") && own.contains("5 minutes more in Part Two") && own.contains("Fine."));
    assert!(!page(app, &stage.coordinator, "/desk").await.contains("A request for accommodations to decide"));
}
