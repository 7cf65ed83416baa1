//! The proctor's room: messages, a part that is ended, incidents, and the board as it is pushed.

use std::future::poll_fn;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User, on_both};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;

on_both!(
    messages_reach_whom_they_are_for,
    messages_are_bounded,
    a_proctor_ends_a_part,
    incidents_are_resolved_with_a_note,
    the_board_pushes_what_changed,
    a_pause_and_a_message_are_pushed,
);

/// An open stream of events.
struct Events(BoxBody);

impl Events {
    async fn open(app: &TestApp, who: &User, path: &str) -> Self {
        let response = app.stream(TestApp::request(who, Method::GET, &format!("/api/v1{path}"))).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
        Self(response.into_body())
    }

    async fn next(&mut self) -> Option<(String, Value)> {
        let frame = poll_fn(|context| Pin::new(&mut self.0).poll_next(context)).await?.unwrap();
        let frame = String::from_utf8(frame.to_vec()).unwrap();
        let (event, data) = frame.strip_suffix("\n\n").unwrap().split_once('\n').unwrap();
        let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        Some((event.strip_prefix("event: ").unwrap().to_owned(), data))
    }

    /// The next snapshot of a board in which a row changed.
    async fn rows(&mut self) -> Vec<Value> {
        loop {
            let (event, data) = self.next().await.unwrap();
            assert_eq!(event, "rows");
            match data["items"].as_array().unwrap().clone() {
                rows if rows.is_empty() => {}
                rows => return rows,
            }
        }
    }
}

async fn send(app: &TestApp, stage: &Stage, body: Value) -> Value {
    app.post(&stage.proctor, &stage.path("/messages"), body).await.expect(201)
}

async fn heard(app: &TestApp, seat: &Seat, attempt: &str) -> Vec<String> {
    let messages = app.get(&seat.user, &format!("/attempts/{attempt}/messages")).await.expect(200);
    messages["items"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect()
}

async fn messages_reach_whom_they_are_for(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    send(app, &stage, json!({ "text": "before anybody began" })).await;
    app.clock.advance_seconds(1);
    let (hers, his) = (attempt_of(&app.begin(&ann).await), attempt_of(&app.begin(&ben).await));
    let hostile = "<script>alert(1)</script> & \"so on\"";
    send(app, &stage, json!({ "text": format!("  {hostile}\r\nsecond line ") })).await;
    app.clock.advance_seconds(1);
    let sent = send(app, &stage, json!({ "text": "to Ann", "registration": ann.registration })).await;
    assert_eq!(sent["registration"], ann.registration);
    let said = format!("{hostile}\nsecond line");
    assert_eq!(heard(app, &ann, &hers).await, [said.clone(), "to Ann".to_owned()]);
    assert_eq!(heard(app, &ben, &his).await, [said]);
    // What is said in one room is nothing to another.
    let elsewhere = app.sitting(&stage.here, &stage.coordinator, |_| ()).await;
    let wrong = json!({ "text": "x", "registration": ann.registration });
    app.post(&stage.proctor, &format!("/sittings/{elsewhere}/messages"), wrong).await.problem(404, "not_found");
    // The board's log shows it as text.
    let page = app.call(TestApp::browse(&stage.proctor, Method::GET, &format!("/sittings/{}/board", stage.sitting)));
    let page = page.await.text();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script>alert"));
    let log = app.get(&stage.coordinator, &stage.path("/messages")).await.expect(200);
    let first = &log["items"][0];
    assert_eq!((&first["to"]["name"], &first["from"]["name"]), (&json!("Ann Able"), &json!("Petra Here")));
}

async fn messages_are_bounded(app: &TestApp) {
    let stage = Stage::new(app).await;
    for text in ["", " \n ", &"x".repeat(501), "bell \u{7}"] {
        let refused = app.post(&stage.proctor, &stage.path("/messages"), json!({ "text": text })).await;
        assert_eq!(refused.pointers("invalid"), ["/text"]);
    }
    for number in 0..20 {
        send(app, &stage, json!({ "text": format!("message {number}") })).await;
    }
    let refused = app.post(&stage.proctor, &stage.path("/messages"), json!({ "text": "one too many" })).await;
    refused.problem(429, "too_many_messages");
    assert_eq!(refused.header("retry-after"), Some("60"));
    app.clock.advance_seconds(60);
    send(app, &stage, json!({ "text": "a minute later" })).await;
}

async fn a_proctor_ends_a_part(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    app.save(&seat, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    app.clock.advance_seconds(30);
    let path = format!("/attempts/{attempt}/close");
    let refused = app.post(&stage.proctor, &path, json!({ "reason": " " })).await;
    assert_eq!(refused.pointers("invalid"), ["/reason"]);
    let receipt = app.post(&stage.proctor, &path, json!({ "reason": "left the room" })).await.expect(200);
    assert_eq!((&receipt["closed_by"], &receipt["answered"]), (&json!("proctor"), &json!(1)));
    assert_eq!(receipt["closed_at"], "2027-03-12T15:00:30.000Z");
    assert_eq!(app.post(&stage.coordinator, &path, json!({ "reason": "again" })).await.expect(200), receipt);
    assert_eq!(app.submit(&seat, &attempt).await, receipt);
    app.save(&seat, &attempt, 2, json!({ "revision": 1, "choice": "a" })).await.problem(409, "part_closed");
    let audit = app.get(&stage.coordinator, "/audit").await.expect(200);
    let ended = |entry: &&Value| entry["act"] == "attempt.close_by_proctor";
    let entry = audit["items"].as_array().unwrap().iter().find(ended).unwrap();
    assert_eq!((&entry["actor"], &entry["detail"]["reason"]), (&json!(stage.proctor.id), &json!("left the room")));
    // What time had ended by itself stays ended by it.
    let two = attempt_of(&app.start(&seat, "two").await);
    app.clock.advance_seconds(5400);
    let over =
        app.post(&stage.proctor, &format!("/attempts/{two}/close"), json!({ "reason": "late" })).await.expect(200);
    assert_eq!(over["closed_by"], "deadline");
}

async fn incidents_are_resolved_with_a_note(app: &TestApp) {
    let stage = Stage::new(app).await;
    let kinds = ["technical", "noise", "illness", "suspected_irregularity", "late_arrival", "disturbance", "other"];
    let mut ids = Vec::new();
    for kind in kinds {
        app.clock.advance_seconds(1);
        let new = json!({ "kind": kind, "note": "it happened" });
        let made = app.post(&stage.proctor, &stage.path("/incidents"), new).await.expect(201);
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let refused = app.post(&stage.proctor, &stage.path("/incidents"), json!({ "kind": "dragon", "note": "x" })).await;
    assert_eq!(refused.pointers("invalid"), ["/kind"]);
    let resolve = |id: &str| stage.path(&format!("/incidents/{id}/resolution"));
    let note = json!({ "note": "the window was shut" });
    app.post(&stage.coordinator, &resolve(&ids[1]), note.clone()).await.expect(204);
    app.post(&stage.coordinator, &resolve(&ids[1]), note).await.problem(404, "not_found");
    app.post(&stage.proctor, &resolve(&ids[2]), Value::Null).await.expect(204);
    let listed = async |query: &str| {
        let page = app.get(&stage.proctor, &stage.path(&format!("/incidents{query}"))).await.expect(200);
        page["items"].as_array().unwrap().clone()
    };
    assert_eq!(listed("").await.len(), kinds.len());
    assert_eq!(listed("?open=true").await.len(), kinds.len() - 2);
    let noise = listed("?kind=noise&open=false").await;
    assert_eq!((noise.len(), &noise[0]["resolution"]["note"]), (1, &json!("the window was shut")));
    assert_eq!(noise[0]["resolution"]["by"]["name"], "Cora Here");
    // The page's filter shows the same.
    let path = format!("/sittings/{}/board?incident_kind=noise", stage.sitting);
    stage.seat(app, "Ann Able").await;
    let page = app.call(TestApp::browse(&stage.proctor, Method::GET, &path)).await.text();
    assert_eq!(page.matches("it happened").count(), 1);
}

async fn the_board_pushes_what_changed(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let mut board = Events::open(app, &stage.proctor, &stage.path("/board/events")).await;
    let all = board.rows().await;
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|row| row["presence"] == "expected" && row.get("last_save_age_seconds").is_none()));
    let attempt = attempt_of(&app.begin(&ann).await);
    let changed = board.rows().await;
    assert_eq!(changed.len(), 1);
    assert_eq!((&changed[0]["registration"], &changed[0]["presence"]), (&json!(ann.registration), &json!("working")));
    app.save(&ann, &attempt, 1, json!({ "revision": 1, "choice": "a" })).await.expect(200);
    assert_eq!(board.rows().await[0]["answered"], 1);
    // One who looks on later gets every row at first.
    let mut second = Events::open(app, &stage.coordinator, &stage.path("/board/events")).await;
    assert_eq!(second.rows().await.len(), 2);
    app.begin(&ben).await;
    assert_eq!(second.rows().await[0]["registration"], ben.registration);
}

async fn a_pause_and_a_message_are_pushed(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (ann, ben) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let (hers, his) = (attempt_of(&app.begin(&ann).await), attempt_of(&app.begin(&ben).await));
    let mut events = Events::open(app, &ann.user, &format!("/attempts/{hers}/events")).await;
    let mut other = Events::open(app, &ben.user, &format!("/attempts/{his}/events")).await;
    assert_eq!((events.next().await.unwrap().0, other.next().await.unwrap().0), ("clock".into(), "clock".into()));
    app.post(&stage.proctor, &stage.path("/pause"), json!({ "reason": "Fire alarm" })).await.expect(200);
    let (event, clock) = events.next().await.unwrap();
    assert_eq!(
        (event.as_str(), &clock["state"], &clock["stop"]["reason"]),
        ("clock", &json!("paused"), &json!("Fire alarm"))
    );
    let sent = send(app, &stage, json!({ "text": "Leave by the north door." })).await;
    let (event, message) = events.next().await.unwrap();
    assert_eq!((event.as_str(), &message["id"], &message["text"]), ("message", &sent["id"], &sent["text"]));
    app.clock.advance_seconds(60);
    app.post(&stage.proctor, &stage.path("/resume"), Value::Null).await.expect(200);
    let (event, clock) = events.next().await.unwrap();
    assert_eq!((event.as_str(), &clock["state"], &clock["remaining_seconds"]), ("clock", &json!("open"), &json!(5400)));
    send(app, &stage, json!({ "text": "to Ben", "registration": ben.registration })).await;
    // A page that hears of it all at once is told how it stands now, and everything that was said.
    for expected in ["clock", "message", "message"] {
        assert_eq!(other.next().await.unwrap().0, expected);
    }
    app.post(&stage.proctor, &format!("/attempts/{hers}/close"), json!({ "reason": "x" })).await.expect(200);
    // What was for Ben alone never came here.
    let (event, closed) = events.next().await.unwrap();
    assert_eq!((event.as_str(), &closed["receipt"]["closed_by"]), ("closed", &json!("proctor")));
}
