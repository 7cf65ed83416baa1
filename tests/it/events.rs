//! The stream of events that an exam room listens to.

use std::future::poll_fn;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::Method;
use evenhand::domain::policy::Policy;
use evenhand::domain::vocabulary::SittingKind;
use serde_json::{Value, json};

use crate::app::{TestApp, on_both};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;

on_both!(credit_and_closing_are_told_at_once, a_second_device_takes_over, who_waits_is_told_of_the_admission);

/// An open stream.
struct Events(BoxBody);

impl Events {
    async fn open(app: &TestApp, seat: &Seat, attempt: &str) -> Self {
        Self::at(app, seat, &format!("/api/v1/attempts/{attempt}/events")).await
    }

    async fn at(app: &TestApp, seat: &Seat, path: &str) -> Self {
        let response = app.stream(TestApp::request(&seat.user, Method::GET, path)).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
        assert_eq!(response.headers().get("cache-control").unwrap(), "no-store");
        Self(response.into_body())
    }

    /// The next event with its data; nothing at the end of the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        let frame = poll_fn(|context| Pin::new(&mut self.0).poll_next(context)).await?.unwrap();
        let frame = String::from_utf8(frame.to_vec()).unwrap();
        let (event, data) = frame.strip_suffix("\n\n").unwrap().split_once('\n').unwrap();
        let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        Some((event.strip_prefix("event: ").unwrap().to_owned(), data))
    }
}

async fn credit_and_closing_are_told_at_once(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let mut events = Events::open(app, &seat, &attempt).await;
    let (event, clock) = events.next().await.unwrap();
    assert_eq!((event.as_str(), clock["remaining_seconds"].as_i64()), ("clock", Some(5400)));
    let credit = json!({ "seconds": 60, "reason": "fire alarm" });
    app.post(&stage.proctor, &stage.path("/credit"), credit).await.expect(200);
    let (event, clock) = events.next().await.unwrap();
    assert_eq!((event.as_str(), clock["deadline"].as_str()), ("clock", Some("2027-03-12T16:31:00.000Z")));
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!(events.next().await, Some(("closed".to_owned(), json!({ "receipt": receipt }))));
    assert_eq!(events.next().await, None);
}

async fn a_second_device_takes_over(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let (attempt, theirs) = (attempt_of(&app.begin(&seat).await), attempt_of(&app.begin(&other).await));
    let mut first = Events::open(app, &seat, &attempt).await;
    let mut neighbour = Events::open(app, &other, &theirs).await;
    let mut second = Events::open(app, &seat, &attempt).await;
    assert_eq!(first.next().await.unwrap().0, "clock");
    assert_eq!(first.next().await, Some(("taken_over".to_owned(), json!({}))));
    assert_eq!(first.next().await, None);
    assert_eq!((second.next().await.unwrap().0, neighbour.next().await.unwrap().0), ("clock".into(), "clock".into()));
    // The clerk's closing reaches whoever listens, and nobody else's matters.
    app.submit(&other, &theirs).await;
    assert_eq!(neighbour.next().await.unwrap().0, "closed");
    app.clock.advance_seconds(5402);
    app.clerk().await;
    let (event, closed) = second.next().await.unwrap();
    assert_eq!((event.as_str(), closed["receipt"]["closed_by"].as_str()), ("closed", Some("deadline")));
}

async fn who_waits_is_told_of_the_admission(app: &TestApp) {
    let stage = Stage::new(app).await;
    app.policy(&stage.here, Policy { identity_check: true, ..Policy::default() }).await;
    let now = app.now();
    let sitting = app
        .sitting(&stage.here, &stage.coordinator, move |terms| {
            terms.kind = SittingKind::Fixed;
            terms.opens_at = now.plus_seconds(60);
            terms.closes_at = now.plus_seconds(4 * 3600);
        })
        .await;
    let (seat, late) = (stage.seat_in(app, &sitting, "Ann Able").await, stage.seat_in(app, &sitting, "Lee Late").await);
    app.agree(&seat).await;
    app.agree(&late).await;
    let path = |seat: &Seat| format!("/api/v1/registrations/{}/events", seat.registration);
    let mut waiting = Events::at(app, &seat, &path(&seat)).await;
    let told =
        |next: &str, awaits: bool| Some(("standing".to_owned(), json!({ "next": next, "awaits_admission": awaits })));
    assert_eq!(waiting.next().await, told("wait", true));
    // Admitted before the opening: the page needs no other word to open by itself.
    let admission = |seat: &Seat| format!("/registrations/{}/admission", seat.registration);
    app.post(&stage.proctor, &admission(&seat), json!({})).await.expect(204);
    assert_eq!(waiting.next().await, told("wait", false));
    // Too late, until a coordinator says otherwise and why.
    app.clock.advance_seconds(60 + 15 * 60 + 1);
    let mut outside = Events::at(app, &late, &path(&late)).await;
    assert_eq!(outside.next().await, told("late", true));
    let reason = json!({ "late_reason": "the train stood still" });
    app.post(&stage.coordinator, &admission(&late), reason).await.expect(204);
    assert_eq!(outside.next().await, told("start_one", false));
    // Nobody hears of anybody else's seat.
    app.get(&seat.user, &format!("/registrations/{}/events", late.registration)).await.problem(404, "not_found");
}
