//! From settled scripts to results: the gate, two people, all at once or none, recall, and the year until a retake.

use evenhand::domain::timing::Instant;
use serde_json::{Value, json};

use crate::app::{TestApp, on_both};
use crate::build::{Seat, Stage};

on_both!(
    the_gate_says_what_stands_in_the_way,
    two_people_release_all_at_once,
    a_recall_hides_what_was_shown,
    what_changed_since_is_not_released,
    a_body_that_does_not_fit_releases_nobody,
    a_retake_opens_a_year_later,
    a_leap_day_opens_on_the_first_of_march,
);

async fn results(app: &TestApp, seat: &Seat) -> Vec<Value> {
    app.get(&seat.user, "/results").await.expect(200)["items"].as_array().unwrap().clone()
}

fn holding(document: &Value) -> Vec<(String, bool)> {
    let check = |c: &Value| (c["check"].as_str().unwrap().to_owned(), c["holds"].as_bool().unwrap());
    document["checks"].as_array().unwrap().iter().map(check).collect()
}

fn broken(document: &Value) -> Vec<String> {
    holding(document).into_iter().filter(|(_, holds)| !holds).map(|(check, _)| check).collect()
}

async fn the_gate_says_what_stands_in_the_way(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (by, path) = (&stage.coordinator, stage.path("/releases"));
    let dry = format!("{path}?dry_run=true");
    let blocked = app.post(by, &path, Value::Null).await.problem(409, "release_blocked");
    assert_eq!(broken(&blocked), ["results"]);

    let seat = stage.seat(app, "Ann Able").await;
    app.sit(&seat, 50).await;
    let named = json!({ "registrations": [seat.registration] });
    let blocked = app.post(by, &path, named.clone()).await.problem(409, "release_blocked");
    assert_eq!(broken(&blocked), ["outcomes_complete", "doubly_sealed"]);
    assert!(blocked["checks"].to_string().contains("Ann Able"));

    app.mark(&stage, &stage.sitting, "pass").await;
    let report = json!({ "kind": "technical", "note": "the lights went out" });
    let incident = app.post(&stage.proctor, &stage.path("/incidents"), report).await.expect(201);
    let blocked = app.post(by, &path, Value::Null).await.problem(409, "release_blocked");
    assert_eq!(broken(&blocked), ["no_open_incident"]);
    let resolution = stage.path(&format!("/incidents/{}/resolution", incident["id"].as_str().unwrap()));
    app.post(&stage.proctor, &resolution, Value::Null).await.expect(204);

    let before = app.audit_head().await;
    let rehearsed = app.post(by, &dry, Value::Null).await.expect(200);
    assert_eq!((broken(&rehearsed), rehearsed.get("id")), (Vec::new(), None));
    assert_eq!(
        (rehearsed["letters"][0]["outcome"].as_str(), rehearsed["letters"].as_array().unwrap().len()),
        (Some("pass"), 1)
    );
    assert_eq!(app.audit_head().await, before);
    app.post(&stage.proctor, &dry, Value::Null).await.problem(403, "role_required");
    app.post(&stage.foreign, &dry, Value::Null).await.problem(404, "not_found");
}

async fn two_people_release_all_at_once(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben, cyd) =
        (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await, stage.seat(app, "Cyd Cash").await);
    app.sit(&ann, 48).await;
    app.sit(&ben, 47).await;
    app.begin(&cyd).await;
    app.mark(&stage, &stage.sitting, "pass").await;
    let prepared = app.post(&stage.coordinator, &stage.path("/releases"), Value::Null).await.expect(201);
    let id = prepared["id"].as_str().unwrap();
    // Only what is complete goes along.
    assert_eq!(prepared["letters"].as_array().unwrap().len(), 2);
    for seat in [&ann, &ben, &cyd] {
        assert_eq!(results(app, seat).await, Vec::<Value>::new());
    }
    let approval = format!("/releases/{id}/approval");
    app.post(&stage.coordinator, &approval, Value::Null).await.problem(403, "second_person_required");
    app.post(&stage.foreign, &approval, Value::Null).await.problem(404, "not_found");
    app.post(&stage.auditor, &approval, Value::Null).await.problem(403, "role_required");
    app.clerk().await;
    assert!(app.mail_to(&stage.second.email).iter().any(|mail| mail.contains("Cora Here")));
    for seat in [&ann, &ben] {
        assert_eq!(results(app, seat).await, Vec::<Value>::new());
    }
    app.clock.advance_seconds(60);
    let released = app.post(&stage.second, &approval, Value::Null).await.expect(200);
    assert_eq!(released, json!({ "id": id, "state": "released", "released": 2 }));
    app.post(&stage.second, &approval, Value::Null).await.problem(409, "release_not_pending");

    let (passed, failed) = (results(app, &ann).await, results(app, &ben).await);
    assert_eq!((passed[0]["outcome"].as_str(), &passed[0]["retake"]), (Some("pass"), &Value::Null));
    assert_eq!(passed[0]["released_at"], "2027-03-12T15:01:00.000Z");
    assert_eq!(
        (passed[0]["parts"][0]["percent"].as_i64(), passed[0]["parts"][0]["outcome"].as_str()),
        (Some(80), Some("pass"))
    );
    let remarks = passed[0]["parts"][1]["feedback"][0]["remarks"].as_array().unwrap();
    assert_eq!(remarks, &[json!("Seen and said: pass."), json!("Seen and said: pass.")]);
    assert_eq!(
        (failed[0]["outcome"].as_str(), failed[0]["retake"]["open_from"].as_str()),
        (Some("fail"), Some("2028-03-12"))
    );
    assert_eq!(
        (failed[0]["parts"][0]["percent"].as_i64(), failed[0]["parts"][1]["outcome"].as_str()),
        (Some(78), Some("pass"))
    );
    // Nothing of who read it, how much they gave, or what was arranged.
    let shown = json!([passed, failed]).to_string();
    for hidden in ["Reader", "scores", "points", "code", "accommodation", "remarks_internal"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
    app.clerk().await;
    assert_eq!(results(app, &cyd).await, Vec::<Value>::new());
    let own = app.get(&ann.user, "/registrations").await.expect(200);
    assert_eq!(own["items"][0]["state"], "completed");
    // They are not released a second time.
    let again =
        app.post(&stage.coordinator, &stage.path("/releases"), json!({ "registrations": [ann.registration] })).await;
    assert!(broken(&again.problem(409, "release_blocked")).contains(&"not_released_before".to_owned()));
}

async fn a_recall_hides_what_was_shown(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit(&seat, 48).await;
    app.mark(&stage, &stage.sitting, "pass").await;
    let id = app.release(&stage, &stage.sitting).await;
    assert_eq!(results(app, &seat).await.len(), 1);
    let recall = format!("/releases/{id}/recall");
    for reason in [" ", &"x".repeat(1001)] {
        assert_eq!(
            app.post(&stage.coordinator, &recall, json!({ "reason": reason })).await.pointers("invalid"),
            ["/reason"]
        );
    }
    app.post(&stage.foreign, &recall, json!({ "reason": "x" })).await.problem(404, "not_found");
    let reason = json!({ "reason": "the wrong key was used" });
    let recalled = app.post(&stage.coordinator, &recall, reason.clone()).await.expect(200);
    assert_eq!(recalled, json!({ "id": id, "state": "recalled" }));
    assert_eq!(results(app, &seat).await, Vec::<Value>::new());
    app.post(&stage.coordinator, &recall, reason).await.problem(409, "release_not_pending");
    app.post(&stage.second, &format!("/releases/{id}/approval"), Value::Null).await.problem(409, "release_not_pending");
    let shown = app.get(&stage.coordinator, &format!("/releases/{id}")).await.expect(200);
    assert_eq!(
        (shown["state"].as_str(), shown["recall_reason"].as_str()),
        (Some("recalled"), Some("the wrong key was used"))
    );
    // What was recalled can be released anew.
    app.release(&stage, &stage.sitting).await;
    assert_eq!(results(app, &seat).await.len(), 1);
}

async fn what_changed_since_is_not_released(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit(&seat, 48).await;
    app.mark(&stage, &stage.sitting, "pass").await;
    let prepared = app.post(&stage.coordinator, &stage.path("/releases"), Value::Null).await.expect(201);
    let policy = evenhand::domain::policy::Policy { show_percent: false, ..Default::default() };
    // A policy of today does not reach back to a sitting that has opened: still what was prepared.
    app.policy(&stage.here, policy).await;
    let approval = format!("/releases/{}/approval", prepared["id"].as_str().unwrap());
    app.post(&stage.second, &approval, Value::Null).await.expect(200);
    assert_eq!(results(app, &seat).await[0]["parts"][0]["percent"], 80);
}

async fn a_body_that_does_not_fit_releases_nobody(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    app.sit(&ann, 48).await;
    app.sit(&ben, 48).await;
    app.mark(&stage, &stage.sitting, "pass").await;
    let path = stage.path("/releases");
    // A slip of the pen must not turn "this one" into "all of them".
    let slip = app.post(&stage.coordinator, &path, json!({ "registration": [ann.registration] })).await;
    assert_eq!(slip.pointers("invalid"), ["/registration"]);
    let request = TestApp::request(&stage.coordinator, actix_web::http::Method::POST, &format!("/api/v1{path}"));
    app.call(request.set_payload("{\"registrations\":[]}")).await.problem(415, "media_type");
    let one = app.post(&stage.coordinator, &path, json!({ "registrations": [ann.registration] })).await.expect(201);
    assert_eq!(one["letters"].as_array().unwrap().len(), 1);
}

/// The outcome of a failed sitting that was sat on that day, and a seat a year later.
async fn retake_after(app: &TestApp, sat_on: &str, too_early: &str, in_time: &str) {
    app.go_to(Instant::parse(&format!("{sat_on}T15:00:00.000Z")).unwrap());
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.sit(&seat, 47).await;
    app.mark(&stage, &stage.sitting, "pass").await;
    app.release(&stage, &stage.sitting).await;
    assert_eq!(results(app, &seat).await[0]["retake"]["open_from"], in_time);
    let sitting_on = async |day: &str| {
        let opens_at = Instant::parse(&format!("{day}T15:00:00.000Z")).unwrap();
        app.sitting(&stage.here, &stage.coordinator, move |terms| {
            terms.opens_at = opens_at;
            terms.closes_at = opens_at.plus_seconds(8 * 3600);
        })
        .await
    };
    let (early, right) = (sitting_on(too_early).await, sitting_on(in_time).await);
    let body = json!({ "person": seat.user.id, "track": "IMH-E", "category": "specialist" });
    let refused = app.post(&stage.coordinator, &format!("/sittings/{early}/registrations"), body).await;
    assert_eq!(refused.problem(409, "retake_not_open")["open_from"], in_time);
    let again =
        Seat { user: seat.user.clone(), registration: app.register(&stage.coordinator, &right, &seat.user).await };
    app.go_to(Instant::parse(&format!("{in_time}T15:30:00.000Z")).unwrap());
    // Whoever sits again is given nothing twice; the end of the test looks at that. Readers of the first time stay away.
    app.sit_again(&again).await;
    let lacking = app.allocate(&stage, &right).await;
    assert_eq!(
        (lacking["assigned"].as_i64(), lacking["unassigned"].as_array().unwrap().len()),
        (Some(0), 2),
        "{lacking}"
    );
}

async fn a_retake_opens_a_year_later(app: &TestApp) {
    retake_after(app, "2027-04-09", "2028-04-08", "2028-04-09").await;
}

async fn a_leap_day_opens_on_the_first_of_march(app: &TestApp) {
    retake_after(app, "2028-02-29", "2029-02-28", "2029-03-01").await;
}
