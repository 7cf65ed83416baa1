//! Outages that were measured: what they propose, to whom, and that nothing is granted twice.

use evenhand::domain::timing::Instant;
use serde_json::{Value, json};

use crate::app::{TestApp, on_both};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;

on_both!(
    the_server_was_away,
    an_outage_is_decided_once,
    contact_was_lost,
    what_a_pause_made_good_is_not_proposed,
    a_page_that_only_saves_was_there,
);

async fn proposed(app: &TestApp, stage: &Stage) -> Vec<Value> {
    let page = app.get(&stage.proctor, &stage.path("/outages")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

async fn decide(app: &TestApp, stage: &Stage, outage: &Value, decision: &str) -> Vec<Value> {
    let path = stage.path(&format!("/outages/{}", outage["outage"].as_str().unwrap()));
    let moved = app.post(&stage.proctor, &path, json!({ "decision": decision })).await.expect(200);
    moved["items"].as_array().unwrap().clone()
}

async fn clock(app: &TestApp, seat: &Seat, attempt: &str) -> Value {
    app.get(&seat.user, &format!("/attempts/{attempt}/clock")).await.expect(200)
}

/// The server lives for so many seconds.
async fn live(app: &TestApp, seconds: i64) {
    for _ in 0..seconds / 5 {
        app.clock.advance_seconds(5);
        app.clerk().await;
    }
}

async fn the_server_was_away(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    app.clerk().await;
    let attempt = attempt_of(&app.begin(&ann).await);
    live(app, 10).await;
    assert_eq!(proposed(app, &stage).await, Vec::<Value>::new());
    // Down for a minute and a half from 15:00:10 on; another server comes up on what is left.
    app.clock.advance_seconds(90);
    let again = TestApp::beside(app, 8).await;
    again.clerk().await;
    let late = attempt_of(&again.begin(&ben).await);
    let all = proposed(&again, &stage).await;
    let expected = json!([{
        "outage": all[0]["outage"], "kind": "server", "seconds": 90,
        "began_at": "2027-03-12T15:00:10.000Z", "ended_at": "2027-03-12T15:01:40.000Z",
        "losses": [{ "attempt": attempt, "name": "Ann Able", "seconds": 90 }],
    }]);
    assert_eq!(json!(all), expected);
    let page = format!("/sittings/{}/board", stage.sitting);
    let page = app.call(TestApp::browse(&stage.proctor, actix_web::http::Method::GET, &page)).await.text();
    assert!(page.contains("The server was away."));
    let moved = decide(&again, &stage, &all[0], "grant").await;
    assert_eq!(moved, [json!({ "attempt": attempt, "deadline": "2027-03-12T16:31:30.000Z" })]);
    let term = json!({ "kind": "credit", "seconds": 90, "reason": "the server was away for 90 seconds" });
    assert_eq!(clock(&again, &ann, &attempt).await["terms"][1], term);
    assert_eq!(clock(&again, &ben, &late).await["terms"].as_array().unwrap().len(), 1);
}

async fn an_outage_is_decided_once(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.clerk().await;
    let attempt = attempt_of(&app.begin(&seat).await);
    app.clock.advance_seconds(14);
    app.clerk().await;
    assert_eq!(proposed(app, &stage).await, Vec::<Value>::new());
    for (seconds, decision) in [(15, "dismiss"), (20, "grant")] {
        app.clock.advance_seconds(seconds);
        app.clerk().await;
        let [outage] = &proposed(app, &stage).await[..] else { panic!("one proposal") };
        assert_eq!(outage["seconds"], seconds);
        decide(app, &stage, outage, decision).await;
        assert_eq!(proposed(app, &stage).await, Vec::<Value>::new());
        let path = stage.path(&format!("/outages/{}", outage["outage"].as_str().unwrap()));
        for again in ["grant", "dismiss"] {
            app.post(&stage.coordinator, &path, json!({ "decision": again })).await.problem(404, "not_found");
        }
    }
    let terms = clock(app, &seat, &attempt).await["terms"].clone();
    assert_eq!((terms.as_array().unwrap().len(), &terms[1]["seconds"]), (2, &json!(20)));
    // What is closed gets nothing any more.
    app.clock.advance_seconds(30);
    app.clerk().await;
    app.submit(&seat, &attempt).await;
    assert_eq!(proposed(app, &stage).await, Vec::<Value>::new());
}

async fn contact_was_lost(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    app.clerk().await;
    let (hers, his) = (attempt_of(&app.begin(&ann).await), attempt_of(&app.begin(&ben).await));
    // She is away for 119 s, then for 200 s; he is there all the time.
    for away in [119, 200] {
        for _ in 0..away / 10 {
            live(app, 10).await;
            clock(app, &ben, &his).await;
        }
        app.clock.advance_seconds(away % 10);
        app.clerk().await;
        clock(app, &ann, &hers).await;
    }
    let [lost] = &proposed(app, &stage).await[..] else { panic!("one proposal") };
    assert_eq!((&lost["kind"], &lost["seconds"]), (&json!("contact"), &json!(200)));
    assert_eq!(lost["losses"], json!([{ "attempt": hers, "name": "Ann Able", "seconds": 200 }]));
    decide(app, &stage, lost, "grant").await;
    let told = clock(app, &ann, &hers).await;
    assert_eq!(told["terms"][1]["reason"], "no contact for 200 seconds");
    // While the server is away nobody is heard of: that is one outage, not one for each.
    app.clock.advance_seconds(300);
    app.clerk().await;
    clock(app, &ann, &hers).await;
    clock(app, &ben, &his).await;
    let [lost] = &proposed(app, &stage).await[..] else { panic!("one proposal") };
    assert_eq!((&lost["kind"], lost["losses"].as_array().unwrap().len()), (&json!("server"), 2));
}

async fn what_a_pause_made_good_is_not_proposed(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.clerk().await;
    let attempt = attempt_of(&app.begin(&seat).await);
    live(app, 10).await;
    clock(app, &seat, &attempt).await;
    app.post(&stage.proctor, &stage.path("/pause"), json!({ "reason": "Power cut" })).await.expect(200);
    app.clock.advance_seconds(600);
    app.clerk().await;
    // The power is back, and with it the server; twenty seconds pass until the room goes on, and twenty more in silence.
    live(app, 20).await;
    app.post(&stage.proctor, &stage.path("/resume"), Value::Null).await.expect(200);
    live(app, 20).await;
    clock(app, &seat, &attempt).await;
    assert_eq!(proposed(app, &stage).await, Vec::<Value>::new());
    let told = clock(app, &seat, &attempt).await;
    assert_eq!((&told["terms"][1]["seconds"], &told["remaining_seconds"]), (&json!(620), &json!(5370)));
}

async fn a_page_that_only_saves_was_there(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    app.clerk().await;
    let attempt = attempt_of(&app.begin(&seat).await);
    for position in 1..=6 {
        live(app, 60).await;
        app.save(&seat, &attempt, position, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    }
    clock(app, &seat, &attempt).await;
    assert_eq!(proposed(app, &stage).await, Vec::<Value>::new());
    assert_eq!(app.now(), Instant::parse("2027-03-12T15:06:00.000Z").unwrap());
}
